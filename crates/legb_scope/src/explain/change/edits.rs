//! Edits that are sure to do what a change says.

use legb_base::Span;
use legb_base::fix::LocatedEdit;
use legb_syntax::Ranged;
use legb_syntax::ast::{ExceptHandler, Expr, Stmt, StmtFunctionDef};

use super::super::{Change, wording};
use super::Options;
use crate::facts::*;

impl Options<'_> {
    pub(super) fn edit(&self, span: Span, content: String) -> LocatedEdit {
        let source = self.source;
        LocatedEdit { path: source.path.to_owned(), range: source.lines.line_range(span, source.text), content }
    }

    /// Puts other text in the place of the mention, where the name is written as it is looked up.
    pub(super) fn replace_mention(&self, new: &str) -> Option<LocatedEdit> {
        let span = self.row.span;
        let plain = span.slice(self.source.text) == self.name && !self.prints_itself(span);
        (plain && self.row.kind == RefKind::Load).then(|| self.edit(span, new.to_owned()))
    }

    /// `global x` or `nonlocal x` as the first statement of the function.
    pub(super) fn declare(&mut self, word: &str, then: &str) {
        let facts = self.source.facts;
        let flags = facts.symbols[self.row.symbol].flags;
        let title = format!("write `{word} {}` at the top of {}: {then}", self.name, self.own_name());
        let possible = !flags.intersects(SymbolFlags::PARAM | SymbolFlags::ANNOT | SymbolFlags::TYPE_PARAM);
        if !possible {
            return;
        }
        let written = self.row.span.slice(self.source.text);
        let function = self.function().and_then(|function| first_statement(function).map(|at| (function, at)));
        let edit = function.map(|(function, at)| {
            let source = self.source;
            let alone = source.lines.line(at) != source.lines.line(function.range.start().to_u32())
                && self.before_on_line(at).chars().all(char::is_whitespace);
            let content = if alone {
                format!("{word} {written}\n{}", self.before_on_line(at))
            } else {
                format!("{word} {written}; ")
            };
            self.edit(Span::at(at), content)
        });
        self.list.push(Change { title, edits: edit.into_iter().collect() });
    }

    /// A `nonlocal` that finds no variable in a function around: what would give it one, or take its place.
    pub(super) fn refused_nonlocal(&mut self) {
        let (facts, source, name) = (self.source.facts, self.source, self.name);
        let around = std::iter::successors(facts.scopes[self.own].parent, |&at| facts.scopes[at].parent);
        let outer = around.into_iter().find(|&at| facts.scopes[at].kind == ScopeKind::Function);
        if let Some(outer) = outer {
            let the = wording::short(facts, outer);
            let at = find(source.parsed.suite(), facts.scopes[outer].span).and_then(first_statement);
            let edit = at.filter(|&at| self.before_on_line(at).chars().all(char::is_whitespace)).map(|at| {
                let content = format!("{name} = None\n{}", self.before_on_line(at));
                self.edit(Span::at(at), content)
            });
            let title = format!("bind `{name}` in {the}, the function around: then `nonlocal` finds it");
            self.list.push(Change { title, edits: edit.into_iter().collect() });
        }
        let declaration = self.mentions.declaration(facts, self.row.symbol);
        if self.mentions.module_variable(facts).is_some() {
            let word = declaration.and_then(|id| self.lone_word(id));
            let edits = word.map(|word| self.edit(word, "global".to_owned())).into_iter().collect();
            let title = format!("write `global {name}` instead: then it is the module's");
            self.list.push(Change { title, edits });
        }
        if self.own != MODULE {
            let edits = declaration.and_then(|id| self.without_declaration(id)).into_iter().collect();
            let title = format!("remove the `nonlocal`: then `{name}` is local to {}", self.own_name());
            self.list.push(Change { title, edits });
        }
    }

    /// `pass` in the place of a declaration that has a line and a name of its own.
    pub(super) fn without_declaration(&self, declaration: RefId) -> Option<LocatedEdit> {
        let word = self.lone_word(declaration)?;
        let end = self.source.facts.refs[declaration].span.end;
        Some(self.edit(Span::new(word.start, end), "pass".to_owned()))
    }

    /// `pass` in the place of a `del` of one name in a line of its own.
    pub(super) fn without_del(&self, deletion: RefId) -> Option<LocatedEdit> {
        let span = self.source.facts.refs[deletion].span;
        let word = self.word_before(span, &["del"])?;
        Some(self.edit(Span::new(word.start, span.end), "pass".to_owned()))
    }

    /// The word `global` or `nonlocal` of a declaration that has a line and a name of its own.
    fn lone_word(&self, declaration: RefId) -> Option<Span> {
        self.word_before(self.source.facts.refs[declaration].span, &["global", "nonlocal"])
    }

    /// The one word before a name that ends its line; a comment may follow.
    fn word_before(&self, name: Span, words: &[&str]) -> Option<Span> {
        let source = self.source;
        let before = self.before_on_line(name.start);
        let indent = before.len() - before.trim_start().len();
        let line = source.lines.line_span(source.lines.line(name.start))?;
        let behind = Span::new(name.end, line.end).slice(source.text).trim();
        let word = words.iter().find(|word| before.trim() == **word)?;
        let start = line.start + u32::try_from(indent).ok()?;
        let end = start + u32::try_from(word.len()).ok()?;
        (behind.is_empty() || behind.starts_with('#')).then(|| Span::new(start, end))
    }

    pub(super) fn before_on_line(&self, at: u32) -> &str {
        let source = self.source;
        let line = source.lines.line_span(source.lines.line(at)).unwrap_or_default();
        Span::new(line.start, at).slice(source.text)
    }

    /// The `def` that makes the mention's own scope.
    pub(super) fn function(&self) -> Option<&StmtFunctionDef> {
        let scope = &self.source.facts.scopes[self.own];
        if scope.kind != ScopeKind::Function {
            return None;
        }
        find(self.source.parsed.suite(), scope.span)
    }

    /// `x=x` as the only parameter of the lambda in which the mention stands.
    pub(super) fn default_argument(&self) -> Option<LocatedEdit> {
        const BARE: &str = "lambda:";
        let scope = &self.source.facts.scopes[self.own];
        let bare = scope.kind == ScopeKind::Lambda && scope.span.slice(self.source.text).starts_with(BARE);
        let at = scope.span.start + u32::try_from(BARE.len() - 1).unwrap_or_default();
        bare.then(|| self.edit(Span::at(at), format!(" {0}={0}", self.name)))
    }

    /// Another name for a variable of a function; `because`: what the old one is kept for.
    pub(super) fn rename(&mut self, variable: SymbolId, because: &str) {
        let facts = self.source.facts;
        let new = format!("{}_", self.name);
        let title = format!("give this `{}` another name, such as `{new}`, where {because}", self.name);
        let refs: Vec<RefId> = self.mentions.of_variable(facts, variable).collect();
        let sure = facts.names.find(&new).is_none()
            && !facts.scopes.iter().any(|scope| scope.flags.contains(ScopeFlags::DYNAMIC))
            && refs.iter().all(|&id| {
                let row = &facts.refs[id];
                row.span.slice(self.source.text) == self.name
                    && !matches!(row.kind, RefKind::Param | RefKind::TypeParam | RefKind::Import)
                    && !self.prints_itself(row.span)
            });
        let edits = if sure {
            refs.iter().map(|&id| self.edit(facts.refs[id].span, new.clone())).collect()
        } else {
            Vec::new()
        };
        self.list.push(Change { title, edits });
    }

    /// Whether the name stands in `{name=}`, which prints it.
    pub(super) fn prints_itself(&self, span: Span) -> bool {
        let text = self.source.text;
        let before = text.get(..span.start as usize).unwrap_or_default().trim_end();
        let after = text.get(span.end as usize..).unwrap_or_default().trim_start();
        before.ends_with('{') && after.starts_with('=')
    }
}

/// Offset of the first statement behind the docstring.
fn first_statement(function: &StmtFunctionDef) -> Option<u32> {
    let is_docstring = |stmt: &Stmt| matches!(stmt, Stmt::Expr(s) if matches!(&*s.value, Expr::StringLiteral(_)));
    let after = usize::from(function.body.first().is_some_and(is_docstring));
    function.body.get(after).map(|stmt| stmt.range().start().to_u32())
}

/// The body of the `def` whose text from its keyword on is `span`.
pub(in super::super) fn body_of(suite: &[Stmt], span: Span) -> Option<&[Stmt]> {
    find(suite, span).map(|function| &*function.body)
}

/// The `def` whose text from its keyword on is `span`.
fn find(suite: &[Stmt], span: Span) -> Option<&StmtFunctionDef> {
    let around = |stmt: &&Stmt| {
        let range = stmt.range();
        range.start().to_u32() <= span.start && span.end <= range.end().to_u32()
    };
    let stmt = suite.iter().find(around)?;
    match stmt {
        Stmt::FunctionDef(function) => {
            let own = function.range.end().to_u32() == span.end && function.name.range.start().to_u32() > span.start;
            let keyword_follows_decorators =
                function.decorator_list.last().is_none_or(|decorator| decorator.range.end().to_u32() <= span.start);
            let nested = find(&function.body, span);
            nested.or_else(|| (own && keyword_follows_decorators).then_some(function))
        }
        Stmt::ClassDef(s) => find(&s.body, span),
        Stmt::For(s) => find(&s.body, span).or_else(|| find(&s.orelse, span)),
        Stmt::While(s) => find(&s.body, span).or_else(|| find(&s.orelse, span)),
        Stmt::If(s) => {
            find(&s.body, span).or_else(|| s.elif_else_clauses.iter().find_map(|clause| find(&clause.body, span)))
        }
        Stmt::With(s) => find(&s.body, span),
        Stmt::Match(s) => s.cases.iter().find_map(|case| find(&case.body, span)),
        Stmt::Try(s) => find(&s.body, span)
            .or_else(|| s.handlers.iter().find_map(|ExceptHandler::ExceptHandler(handler)| find(&handler.body, span)))
            .or_else(|| find(&s.orelse, span))
            .or_else(|| find(&s.finalbody, span)),
        _ => None,
    }
}
