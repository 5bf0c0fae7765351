//! Expressions: everything that has a value, with comprehensions and lambdas inside each other as often as possible.
//!
//! All but atoms come in parentheses, so that any expression may stand anywhere.

use super::generator::Generator;
use super::mix::{self, Expression};
use super::scope::{Block, identifier};

/// The kinds of comprehensions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comprehension {
    List,
    Set,
    Dict,
    Generator,
}

impl Generator {
    /// An expression of moderate depth.
    pub(super) fn expression(&mut self) -> String {
        let depth = self.random.between(1, mix::EXPRESSION_DEPTH);
        self.expression_of(depth)
    }

    /// A short expression.
    pub(super) fn small_expression(&mut self) -> String {
        let depth = self.random.between(0, 1);
        self.expression_of(depth)
    }

    /// An expression, or several separated by commas, the last parts possibly starred.
    pub(super) fn expressions(&mut self) -> String {
        if self.random.chance(80) {
            return self.expression();
        }
        let first = self.expression();
        let star = if self.random.chance(50) { "*" } else { "" };
        let second = self.small_expression();
        format!("{first}, {star}{second}")
    }

    fn expression_of(&mut self, depth: usize) -> String {
        if depth == 0 {
            return if self.random.chance(85) { self.load().to_owned() } else { self.constant() };
        }
        match self.random.weighted(mix::EXPRESSIONS) {
            Expression::Name => self.load().to_owned(),
            Expression::Constant => self.constant(),
            Expression::Call => self.call(depth - 1),
            Expression::Attribute => {
                let base = self.load();
                format!("{base}.{}", self.word())
            }
            Expression::Subscript => self.subscript(depth - 1),
            Expression::Operator => self.operator(depth - 1),
            Expression::Conditional => {
                let [then, test, other] = std::array::from_fn(|_| self.expression_of(depth - 1));
                format!("({then} if {test} else {other})")
            }
            Expression::Display => self.display(depth - 1),
            Expression::Lambda => self.lambda(depth - 1),
            Expression::Comprehension => self.comprehension(depth - 1),
            Expression::Walrus => self.walrus(depth - 1),
            Expression::Await => self.wait(depth - 1),
            Expression::Yield => self.give(depth - 1),
            Expression::Super => self.class_cell(),
            Expression::Interpolated => self.interpolated(depth - 1),
        }
    }

    fn constant(&mut self) -> String {
        let text = match self.strings {
            0 => "\"s\"",
            1 => "'s'",
            _ => "5",
        };
        let choices = ["0", "1", "None", "True", "...", text, "__debug__"];
        self.random.pick(&choices).to_owned()
    }

    fn operator(&mut self, depth: usize) -> String {
        let operator = self.random.pick(&["+", "-", "*", "and", "or", "<", "in", "is", "=="]);
        let [left, right] = std::array::from_fn(|_| self.expression_of(depth));
        if self.random.chance(20) { format!("(not {left})") } else { format!("({left} {operator} {right})") }
    }

    fn subscript(&mut self, depth: usize) -> String {
        let base = self.load();
        let index = self.expression_of(depth);
        match self.random.below(4) {
            0 => format!("{base}[{index}:{}]", self.load()),
            1 if self.grammar.starred_index => format!("{base}[*{index}]"),
            _ => format!("{base}[{index}]"),
        }
    }

    fn display(&mut self, depth: usize) -> String {
        let [first, second] = std::array::from_fn(|_| self.expression_of(depth));
        let star = if self.random.chance(25) { "*" } else { "" };
        match self.random.below(5) {
            0 => format!("({first}, {star}{second})"),
            1 => format!("[{first}, {star}{second}]"),
            2 => format!("{{{first}, {star}{second}}}"),
            3 => format!("{{{first}: {second}, **{}}}", self.load()),
            _ => format!("{{{first}: {second}}}"),
        }
    }

    fn call(&mut self, depth: usize) -> String {
        let function = self.load();
        if self.random.chance(20) {
            let generator = self.comprehension_of(Comprehension::Generator, depth);
            // As the only argument it needs no parentheses of its own, and then begins elsewhere.
            return if self.random.chance(70) {
                format!("{function}{generator}")
            } else {
                format!("{function}({generator})")
            };
        }
        let mut arguments = Vec::new();
        let mut keywords = Vec::new();
        for _ in 0..self.random.below(4) {
            let value = self.expression_of(depth);
            match self.random.below(6) {
                0 if keywords.is_empty() => arguments.push(format!("*{value}")),
                1 => {
                    let keyword = self.word();
                    // Compared before mangling, but after normalisation.
                    let normal = identifier(keyword, "");
                    if !keywords.contains(&normal) {
                        keywords.push(normal);
                        arguments.push(format!("{keyword}={value}"));
                    }
                }
                2 => {
                    let mapping = format!("**{value}");
                    arguments.push(mapping);
                    break;
                }
                _ if keywords.is_empty() => arguments.push(value),
                _ => arguments.push(format!("*{value}")),
            }
        }
        let breaks = self.strings == 0 && self.random.chance(mix::LINE_BREAK);
        format!("{function}({}{})", if breaks { "\n" } else { "" }, arguments.join(", "))
    }

    fn lambda(&mut self, depth: usize) -> String {
        if !self.may_nest() && !self.slip() {
            return self.load().to_owned();
        }
        let parameters = self.parameters(None);
        self.enter(Block::Lambda);
        self.bind_parameters(&parameters);
        let body = self.expression_of(depth);
        self.leave();
        let list = parameters.text();
        format!("(lambda{}{list}: {body})", if list.is_empty() { "" } else { " " })
    }

    fn comprehension(&mut self, depth: usize) -> String {
        if !self.may_nest() && !self.slip() {
            return self.load().to_owned();
        }
        let kind = self.random.weighted(&[
            (5, Comprehension::List),
            (2, Comprehension::Set),
            (3, Comprehension::Dict),
            (4, Comprehension::Generator),
        ]);
        self.comprehension_of(kind, depth)
    }

    fn comprehension_of(&mut self, kind: Comprehension, depth: usize) -> String {
        let may_wait = kind == Comprehension::Generator || self.comprehension_may_wait();
        let block = Block::Comprehension { may_wait };
        let first_iterable = self.iterable(depth);
        self.enter(block);
        // All targets are known before anything else is written: a walrus may rebind none of them.
        let count = self.random.weighted(&[(7, 1), (3, 2), (1, 3)]);
        let targets: Vec<String> = (0..count).map(|_| self.target()).collect();
        let mut clauses = String::new();
        for (at, target) in targets.iter().enumerate() {
            let asynchronous = self.random.chance(mix::ASYNC_CLAUSE)
                && match self.block_outside_comprehensions() {
                    Block::Function { is_async: true, .. } => may_wait || self.slip(),
                    _ => (may_wait && self.random.chance(15)) || self.slip(),
                };
            let iterable = if at == 0 { first_iterable.clone() } else { self.iterable(depth) };
            clauses.push_str(if asynchronous { " async for " } else { " for " });
            for part in [target, " in ", &iterable] {
                clauses.push_str(part);
            }
            if self.random.chance(30) {
                let condition = self.expression_of(depth);
                clauses.push_str(" if ");
                clauses.push_str(&condition);
            }
        }
        let element = self.expression_of(depth);
        let text = match kind {
            Comprehension::List => format!("[{element}{clauses}]"),
            Comprehension::Set => format!("{{{element}{clauses}}}"),
            Comprehension::Generator => format!("({element}{clauses})"),
            Comprehension::Dict => {
                let value = self.expression_of(depth);
                format!("{{{element}: {value}{clauses}}}")
            }
        };
        self.leave();
        text
    }

    /// The innermost block that is not a comprehension.
    fn block_outside_comprehensions(&mut self) -> Block {
        self.walrus_scope().block
    }

    /// What a clause of a comprehension runs over.
    fn iterable(&mut self, depth: usize) -> String {
        self.iterables += 1;
        let text = self.expression_of(depth);
        self.iterables -= 1;
        text
    }

    fn walrus(&mut self, depth: usize) -> String {
        let name = self.name();
        if !self.may_walrus(name) && !self.slip() {
            return self.load().to_owned();
        }
        let value = self.expression_of(depth);
        self.note(name);
        let identifier = self.identifier(name);
        self.walrus_scope().bound.insert(identifier);
        format!("({name} := {value})")
    }

    fn wait(&mut self, depth: usize) -> String {
        let is_legal = match self.block_outside_comprehensions() {
            Block::Function { is_async: true, .. } => self.may_await(),
            // Only in a generator expression, which then is an asynchronous one.
            _ => self.may_await() && self.random.chance(20),
        };
        if !is_legal && !self.slip() {
            return self.load().to_owned();
        }
        let value = self.expression_of(depth);
        format!("(await {value})")
    }

    fn give(&mut self, depth: usize) -> String {
        if !self.may_yield() && !self.slip() {
            return self.load().to_owned();
        }
        let value = self.expression_of(depth);
        let is_async = matches!(self.block(), Block::Function { is_async: true, .. });
        match self.random.below(4) {
            0 => "(yield)".to_owned(),
            1 if !is_async || self.slip() => format!("(yield from {value})"),
            _ => format!("(yield {value})"),
        }
    }

    fn class_cell(&mut self) -> String {
        let text = self.random.pick(&["super()", "super", "super().a", "__class__", "__classdict__"]);
        let name = if text.starts_with("super") { "super" } else { text };
        let is_deadly = match name {
            "__classdict__" => self.expression_blocks_in_class() > 0,
            _ => self.breaks_compiler(name),
        };
        if is_deadly {
            return self.load().to_owned();
        }
        self.note(name);
        text.to_owned()
    }

    /// An f-string, or a t-string where there are any.
    fn interpolated(&mut self, depth: usize) -> String {
        let quote = match self.strings {
            0 => '"',
            1 => '\'',
            _ if self.grammar.reused_quotes => '"',
            _ => return self.load().to_owned(),
        };
        self.strings += 1;
        let value = self.expression_of(depth);
        // Two braces in a row would stand for one literal brace.
        let space = if value.starts_with('{') { " " } else { "" };
        let suffix = match self.random.below(6) {
            0 => "!r".to_owned(),
            1 => format!(":{{{}}}", self.load()),
            2 => " =".to_owned(),
            _ => String::new(),
        };
        self.strings -= 1;
        let prefix = if self.grammar.template_strings && self.random.chance(40) { 't' } else { 'f' };
        format!("{prefix}{quote}v{{{space}{value}{}{suffix}}}{quote}", if value.ends_with('}') { " " } else { "" })
    }

    /// What a `for`, a `with` or an assignment binds.
    pub(super) fn target(&mut self) -> String {
        match self.random.below(12) {
            0 => format!("{}.{}", self.load(), self.word()),
            1 => format!("{}[{}]", self.load(), self.load()),
            2 => format!("({}, {})", self.store(), self.store()),
            3 => format!("[{}, *{}]", self.store(), self.store()),
            4 => format!("({}, ({}, {}))", self.store(), self.store(), self.store()),
            _ => self.store().to_owned(),
        }
    }
}
