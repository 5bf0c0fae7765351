//! What has been written so far, which blocks are open, and what is legal at this point.
//!
//! The parts of the grammar are in the sibling files; each adds its own methods to [`Generator`].

use legb_base::Dialect;

use super::grammar::Grammar;
use super::mix;
use super::scope::{Block, Scope, identifier};
use crate::line::push_line;
use crate::random::Random;

/// A program being written.
pub(super) struct Generator {
    pub(super) random: Random,
    pub(super) grammar: Grammar,
    /// The names this program draws from: few, so that they meet often.
    pool: Vec<&'static str>,
    text: String,
    lines: usize,
    pub(super) indent: usize,
    pub(super) scopes: Vec<Scope>,
    /// How many errors are still to be made.
    pub(super) owed: usize,
    /// How many iterables of comprehensions this point is inside of; no walrus is legal in one.
    pub(super) iterables: usize,
    /// How many f-strings this point is inside of.
    pub(super) strings: usize,
}

impl Generator {
    pub(super) fn new(seed: u64, dialect: &Dialect) -> Self {
        let mut random = Random::new(seed);
        let count = random.between(mix::POOL.0, mix::POOL.1);
        let pool = (0..count).map(|_| random.weighted(mix::NAMES)).collect();
        let owed = match (random.chance(mix::WRONG_PROGRAMS), random.chance(mix::SECOND_PROVOCATION)) {
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => 2,
        };
        Self {
            random,
            grammar: Grammar::of(dialect),
            pool,
            text: String::new(),
            lines: 0,
            indent: 0,
            scopes: vec![Scope::new(Block::Module, "")],
            owed,
            iterables: 0,
            strings: 0,
        }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn line_count(&self) -> usize {
        self.lines
    }

    /// Writes a line at the current indentation. Text that breaks inside brackets or after a backslash counts as several.
    pub(super) fn line(&mut self, text: &str) {
        push_line(&mut self.text, self.indent, text);
        self.lines += 1 + text.matches('\n').count();
    }

    /// The innermost block.
    pub(super) fn top(&mut self) -> &mut Scope {
        self.scopes.last_mut().expect("invariant: the module is never left")
    }

    pub(super) fn block(&self) -> Block {
        self.scopes.last().map_or(Block::Module, |scope| scope.block)
    }

    /// Whether to make a mistake here, where one is possible.
    pub(super) fn slip(&mut self) -> bool {
        let slips = self.owed > 0 && self.random.chance(mix::SLIP);
        self.owed -= usize::from(slips);
        slips
    }

    /// Opens a block that mangles as its surroundings do.
    pub(super) fn enter(&mut self, block: Block) {
        let private_class = self.top().private_class.clone();
        self.scopes.push(Scope::new(block, &private_class));
    }

    pub(super) fn enter_class(&mut self, name: &str) {
        let class = identifier(name, "");
        self.scopes.push(Scope::new(Block::Class, class.trim_start_matches('_')));
    }

    pub(super) fn leave(&mut self) {
        self.scopes.pop();
    }

    /// What a name is called here once it is normalised and mangled.
    pub(super) fn identifier(&self, name: &str) -> String {
        let class = self.scopes.last().map_or("", |scope| scope.private_class.as_str());
        identifier(name, class)
    }

    /// Remembers that a name was written.
    pub(super) fn note(&mut self, name: &str) {
        let identifier = self.identifier(name);
        for scope in &mut self.scopes {
            if identifier == "super" {
                // `super` in a function also uses `__class__`.
                scope.seen.insert("__class__".to_owned());
            }
            scope.seen.insert(identifier.clone());
        }
    }

    /// Remembers that the innermost block binds a name.
    pub(super) fn bind(&mut self, name: &str) {
        self.note(name);
        let identifier = self.identifier(name);
        self.top().bound.insert(identifier);
    }

    /// A name of the program's pool, not yet written.
    pub(super) fn name(&mut self) -> &'static str {
        let name = self.random.pick(&self.pool);
        if self.breaks_compiler(name) { "a" } else { name }
    }

    /// CPython's compiler crashes or reports an internal error when this name is read or bound here.
    ///
    /// With type parameters and deferred annotations came variables that a program had better not bind; with inlined comprehensions
    /// came ways to read the variables of a class from its body that the compiler does not survive.
    pub(super) fn breaks_compiler(&self, name: &str) -> bool {
        let dialect = &self.grammar.dialect;
        match name {
            "__classdict__" => dialect.type_params,
            "__conditional_annotations__" => dialect.deferred_annotations,
            "__class__" | "super" => {
                let comprehensions = self.expression_blocks_in_class();
                dialect.inlined_comprehensions
                    && comprehensions > usize::from(dialect.class_inlining_drops_dunder_class)
            }
            _ => false,
        }
    }

    /// How many lambdas, comprehensions and annotations there are around this point, up to a class body; none if they
    /// are not in a class body or all are lambdas.
    pub(super) fn expression_blocks_in_class(&self) -> usize {
        let inner = self.scopes.iter().rev().take_while(|scope| {
            matches!(scope.block, Block::Lambda | Block::Comprehension { .. } | Block::Annotation { .. })
        });
        let count = inner.clone().count();
        let has_comprehension = inner.clone().any(|scope| matches!(scope.block, Block::Comprehension { .. }));
        let outside = self.scopes.iter().rev().nth(count);
        if has_comprehension && outside.is_some_and(|scope| scope.block == Block::Class) { count } else { 0 }
    }

    /// A name to read.
    pub(super) fn load(&mut self) -> &'static str {
        let name = self.name();
        self.note(name);
        name
    }

    /// A name to bind in the innermost block.
    pub(super) fn store(&mut self) -> &'static str {
        let name = self.name();
        self.bind(name);
        name
    }

    /// A name for an attribute, keyword argument or module: not looked up.
    pub(super) fn word(&mut self) -> &'static str {
        let name = self.name();
        if name == "_" { "a" } else { name }
    }

    pub(super) fn in_function(&self) -> bool {
        matches!(self.block(), Block::Function { .. })
    }

    /// `await` is legal as an expression.
    pub(super) fn may_await(&self) -> bool {
        match self.block() {
            Block::Function { is_async, .. } => is_async,
            Block::Comprehension { may_wait } => may_wait,
            Block::Module | Block::Class | Block::Lambda | Block::Annotation { .. } => false,
        }
    }

    /// `await` and `async for` are legal inside a list, set or dict comprehension that stands here.
    pub(super) fn comprehension_may_wait(&self) -> bool {
        match self.block() {
            Block::Function { is_async, .. } => is_async,
            Block::Comprehension { may_wait } => may_wait && self.grammar.dialect.async_comprehension_spreads,
            Block::Module | Block::Class | Block::Lambda | Block::Annotation { .. } => false,
        }
    }

    /// `yield` is legal.
    pub(super) fn may_yield(&self) -> bool {
        match self.block() {
            Block::Function { yields, .. } => yields,
            Block::Lambda => true,
            Block::Module | Block::Class | Block::Comprehension { .. } | Block::Annotation { .. } => false,
        }
    }

    /// Lambdas and comprehensions are legal.
    pub(super) fn may_nest(&self) -> bool {
        !(self.grammar.dialect.no_comprehension_in_class_annotation_scope
            && self.block() == Block::Annotation { in_class: true })
    }

    /// A walrus may bind `name` here.
    pub(super) fn may_walrus(&self, name: &str) -> bool {
        let identifier = self.identifier(name);
        let mut in_comprehension = false;
        if self.iterables > 0 {
            return false;
        }
        for scope in self.scopes.iter().rev() {
            match scope.block {
                Block::Comprehension { .. } if scope.bound.contains(&identifier) => return false,
                Block::Comprehension { .. } => in_comprehension = true,
                Block::Class => return !in_comprehension,
                Block::Annotation { .. } => return false,
                Block::Module | Block::Lambda | Block::Function { .. } => return true,
            }
        }
        true
    }

    /// The block that a walrus standing here binds its name in.
    pub(super) fn walrus_scope(&mut self) -> &mut Scope {
        let at = self.scopes.iter().rposition(|scope| !matches!(scope.block, Block::Comprehension { .. })).unwrap_or(0);
        &mut self.scopes[at]
    }

    /// `global name` is legal here.
    pub(super) fn may_declare_global(&self, name: &str) -> bool {
        let identifier = self.identifier(name);
        self.scopes.last().is_some_and(|scope| !scope.seen.contains(&identifier))
    }

    /// `nonlocal name` is legal here: an enclosing function is known to bind it.
    pub(super) fn may_declare_nonlocal(&self, name: &str) -> bool {
        let identifier = self.identifier(name);
        self.may_declare_global(name)
            && self.block() != Block::Module
            && self
                .scopes
                .iter()
                .rev()
                .skip(1)
                .find_map(|scope| match scope.block {
                    Block::Function { .. } if scope.declared.contains(&identifier) => Some(false),
                    Block::Function { .. } if scope.bound.contains(&identifier) => Some(true),
                    Block::Annotation { .. } if scope.bound.contains(&identifier) => Some(false),
                    _ => None,
                })
                .unwrap_or(false)
    }
}
