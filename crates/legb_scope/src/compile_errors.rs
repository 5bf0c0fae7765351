//! What CPython refuses although the grammar allows it: errors of the symbol table passes and of code generation.
//!
//! Each check names the versions in which it belongs to which pass; the dialect decides.

use legb_base::{NameId, Span};
use legb_syntax::ast::{
    Arguments, Expr, ExprAttribute, Keyword, PatternMatchClass, Stmt, StmtClassDef, StmtReturn, StmtTry,
};
use legb_syntax::{CompileError, ErrorPosition, Place as ErrorPlace, Stage};

use crate::collect::pattern_literal;
use crate::collect::{Collector, DebugSite, Frame, index32, last_visited, span};
use crate::facts::*;

/// Which pass refuses the file; an earlier one speaks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// The parser, where its own checks are made here.
    Parser,
    /// The look at `__future__` imports.
    Future,
    /// The first symbol table pass.
    Collect,
    /// The second symbol table pass.
    Resolve,
    /// Code generation.
    Compile,
}

impl Rank {
    pub(crate) fn stage(self) -> Stage {
        match self {
            Self::Parser => Stage::Parser,
            Self::Future | Self::Collect | Self::Resolve => Stage::Symtable,
            Self::Compile => Stage::Compile,
        }
    }
}

const ASYNC_COMPREHENSION: &str = "asynchronous comprehension outside of an asynchronous function";

impl<'a> Collector<'a> {
    /// Records an error of code generation.
    #[cold]
    pub(crate) fn compile_error(&mut self, message: &str, node: Span) {
        if self.uncompiled == 0 {
            self.error(Rank::Compile, message.to_owned(), node, 0);
        }
    }

    /// Records an error of code generation whose place follows from no node.
    fn exact_error(&mut self, message: &str, node: Span, position: ErrorPosition) {
        self.scratch.late_errors.push(CompileError {
            stage: Stage::Compile,
            exception: "SyntaxError",
            message: message.to_owned(),
            span: node,
            place: ErrorPlace::Exact(position),
        });
    }

    // ---- __debug__

    /// `__debug__` is a constant: it cannot be bound or deleted.
    #[inline]
    pub(crate) fn check_debug(&mut self, name: NameId, site: DebugSite) {
        if name == self.known.dunder_debug {
            self.refuse_debug(site);
        }
    }

    #[cold]
    fn refuse_debug(&mut self, site: DebugSite) {
        let message = if site.deleting { "cannot delete __debug__" } else { "cannot assign to __debug__" };
        let dialect = self.dialect;
        if site.deleting && !dialect.no_del_debug {
            return;
        }
        if dialect.early_context_errors {
            self.error(Rank::Collect, message.to_owned(), site.early, 0);
        } else if dialect.debug_errors_from_parser {
            self.error(Rank::Parser, message.to_owned(), site.old, 0);
        } else {
            let node = if dialect.decorators_first { site.late_own } else { site.late };
            self.compile_error(message, node);
        }
    }

    /// `x.__debug__ = …`; deleting such an attribute is refused only where the symbol table pass does it (3.14).
    pub(crate) fn check_debug_attribute(&mut self, attribute: &'a ExprAttribute, deleting: bool) {
        if attribute.attr.as_str() == "__debug__" && (!deleting || self.dialect.early_context_errors) {
            self.refuse_debug(DebugSite { deleting, ..DebugSite::node(span(attribute)) });
        }
    }

    pub(crate) fn debug_site_of_class(class: &'a StmtClassDef, node: Span) -> DebugSite {
        // 3.8 points at the body.
        let body = class.body.first().map_or(node, |stmt: &Stmt| span(stmt));
        DebugSite { old: body, ..DebugSite::node(node) }
    }

    /// Keywords of a call or class: `__debug__`, and repeated names.
    pub(crate) fn check_keywords(&mut self, arguments: &'a Arguments, whole: Span) {
        for (i, keyword) in arguments.keywords.iter().enumerate() {
            let Some(arg) = &keyword.arg else { continue };
            if arg.as_str() == "__debug__" {
                let node = span(keyword);
                self.refuse_debug(DebugSite { early: node, late: whole, late_own: node, old: node, deleting: false });
            }
            let repeated = |other: &Keyword| other.arg.as_ref().is_some_and(|a| a.as_str() == arg.as_str());
            if let Some(again) = arguments.keywords[i + 1..].iter().find(|other| repeated(other)) {
                if self.dialect.debug_errors_from_parser {
                    self.error(Rank::Parser, "keyword argument repeated".to_owned(), span(again), 0);
                } else {
                    self.compile_error(&format!("keyword argument repeated: {arg}"), span(again));
                }
            }
        }
    }

    /// An iteration variable of a comprehension cannot be a name that a walrus has bound outside.
    /// `written`: the name before mangling.
    #[inline]
    pub(crate) fn check_iteration_target(&mut self, name: NameId, written: &str, node: Span) {
        if self.iter_target && self.flags_so_far(name).intersects(SymbolFlags::GLOBAL | SymbolFlags::NONLOCAL) {
            let message = format!("comprehension inner loop cannot rebind assignment expression target '{written}'");
            self.error_at_or_block(message, node);
        }
    }

    // ---- where statements and expressions may stand

    pub(crate) fn check_return(&mut self, statement: &'a StmtReturn, node: Span) {
        if self.kind() != ScopeKind::Function {
            self.compile_error("'return' outside function", node);
            return;
        }
        let errors = self.scratch.late_errors.len();
        let frame = self.frame_mut();
        frame.returns = true;
        if statement.value.is_some() && frame.return_value.is_none() {
            frame.return_value = Some((node, errors));
        }
        if self.frame().except_star.open > 0 {
            // A constant on the same line is what code generation stands at.
            let constant = statement.value.as_deref().filter(|value| is_constant(value));
            let at = constant.map(span).filter(|at| self.same_line(node.start, at.start));
            self.refuse_in_except_star(true, at.unwrap_or(node));
        }
    }

    /// Errors that depend on the whole of a scope, once it is done.
    pub(crate) fn finish_errors(&mut self, frame: &Frame) {
        if let Some((value, before)) = frame.return_value
            && frame.coroutine
            && frame.generator
        {
            self.compile_error("'return' with value in async generator", value);
            let at = before.min(self.scratch.late_errors.len() - 1);
            self.scratch.late_errors[at..].rotate_right(1);
        }
        if frame.coroutine && !frame.async_comprehensions.is_empty() {
            self.scratch.late_errors.retain(|error| {
                error.message != ASYNC_COMPREHENSION || !frame.async_comprehensions.contains(&error.span)
            });
        }
    }

    pub(crate) fn check_loop_exit(&mut self, what: &str, node: Span) {
        let frame = self.frame();
        let leaves = frame.except_star.open > 0 && frame.loops <= frame.except_star.loops_outside;
        if frame.loops == 0 {
            let message = if what == "break" { "'break' outside loop" } else { "'continue' not properly in loop" };
            self.loop_exit_error(message, node);
        } else {
            self.refuse_in_except_star(leaves, node);
        }
    }

    /// On the way out code is generated for every `finally` around, and in 3.10 for every `with`; the column (in 3.10
    /// the end too) is then that of the last statement passed.
    fn loop_exit_error(&mut self, message: &str, node: Span) {
        let outermost = self.frame().left_last.first().copied().filter(|_| self.dialect.loop_exit_errors_wander);
        let Some(at) = outermost else {
            self.compile_error(message, node);
            return;
        };
        let before = |offset: u32| &self.text.as_bytes()[..offset as usize];
        let line = |offset: u32| 1 + index32(self.text[..offset as usize].matches('\n').count());
        let column = |offset: u32| 1 + index32(before(offset).iter().rev().take_while(|&&byte| byte != b'\n').count());
        let ranges = self.dialect.errors_have_ranges;
        let position = ErrorPosition {
            lineno: Some(line(node.start)),
            offset: Some(i64::from(column(at.start))),
            end_lineno: ranges.then(|| line(at.end)),
            end_offset: ranges.then(|| i64::from(column(at.end))),
        };
        self.exact_error(message, node, position);
    }

    /// Whether no line ends between two offsets.
    pub(crate) fn same_line(&self, from: u32, to: u32) -> bool {
        !Span::new(from, to).slice(self.text).contains(['\n', '\r'])
    }

    fn refuse_in_except_star(&mut self, leaves: bool, node: Span) {
        if leaves {
            self.compile_error("'break', 'continue' and 'return' cannot appear in an except* block", node);
        }
    }

    pub(crate) fn check_default_handler(&mut self, statement: &'a StmtTry, handler: Span) {
        // Before errors had ranges the place was where code generation stood: at the end of the body.
        let body = statement.body.last().map_or(handler, last_visited);
        let node = if self.dialect.errors_have_ranges { handler } else { body };
        self.compile_error("default 'except:' must be last", node);
    }

    pub(crate) fn check_yield(&mut self, node: Span, from: bool) {
        match self.kind() {
            ScopeKind::Function if from && self.frame().async_def => {
                self.compile_error("'yield from' inside async function", node);
            }
            ScopeKind::Function | ScopeKind::Lambda => {}
            _ => {
                let own = from && self.dialect.yield_from_has_own_text;
                self.compile_error(
                    if own { "'yield from' outside function" } else { "'yield' outside function" },
                    node,
                );
            }
        }
    }

    pub(crate) fn check_await(&mut self, node: Span) {
        let kind = self.kind();
        let message = if matches!(kind, ScopeKind::Module | ScopeKind::Class) {
            "'await' outside function"
        } else if kind.is_comprehension() || self.is_async() {
            return;
        } else {
            "'await' outside async function"
        };
        self.context_error(message, node);
    }

    pub(crate) fn check_async(&mut self, what: &str, node: Span) {
        if !self.is_async() {
            self.context_error(&format!("'async {what}' outside async function"), node);
        }
    }

    /// Whether the current scope may await. The symbol table pass of 3.14 asks whether it does already, code generation
    /// whether it is an `async def`.
    fn is_async(&self) -> bool {
        let frame = self.frame();
        if self.dialect.early_context_errors { frame.coroutine } else { frame.async_def }
    }

    /// `before`: how many errors of code generation come before those of the comprehension itself.
    pub(crate) fn async_comprehension(&mut self, node: Span, before: usize) {
        let errors = self.scratch.late_errors.len();
        let message = ASYNC_COMPREHENSION;
        let kind = self.kind();
        let inside = if self.dialect.early_context_errors {
            let function = matches!(kind, ScopeKind::Function | ScopeKind::Lambda) || kind.is_comprehension();
            function && self.frame().coroutine || kind.is_comprehension()
        } else {
            self.frame().async_def || self.dialect.async_comprehension_spreads && kind.is_comprehension()
        };
        if !inside {
            if !self.dialect.async_comprehension_spreads {
                // Until 3.10 it is enough that the scope around awaits, wherever it does.
                self.frame_mut().async_comprehensions.push(node);
            }
            if self.dialect.errors_have_ranges {
                self.context_error(message, node);
            } else if self.uncompiled == 0 {
                // The code block of the comprehension has no line yet.
                let position = ErrorPosition { lineno: Some(0), offset: Some(1), end_lineno: None, end_offset: None };
                self.exact_error(message, node, position);
            }
        }
        let added = self.scratch.late_errors.len() - errors;
        self.scratch.late_errors[before..].rotate_right(added);
        if self.dialect.async_comprehension_spreads {
            self.frame_mut().coroutine = true;
        }
    }

    /// An error of the symbol table pass from 3.14 on, of code generation before.
    fn context_error(&mut self, message: &str, node: Span) {
        if self.dialect.early_context_errors {
            self.error_at(message.to_owned(), node);
        } else {
            self.compile_error(message, node);
        }
    }

    // ---- patterns

    /// Attributes named twice in a class pattern.
    pub(crate) fn check_class_pattern_attributes(&mut self, class: &'a PatternMatchClass) {
        let keywords = &class.arguments.keywords;
        for (i, keyword) in keywords.iter().enumerate() {
            if let Some(again) = keywords[i + 1..].iter().find(|other| other.attr.as_str() == keyword.attr.as_str()) {
                let message = format!("attribute name repeated in class pattern: {}", keyword.attr);
                self.compile_error(&message, span(&again.pattern));
            }
        }
    }

    /// Text keys named twice in a mapping pattern.
    pub(crate) fn check_mapping_keys(&mut self, keys: &'a [Expr], whole: Span) {
        for (i, key) in keys.iter().enumerate() {
            if let Some(text) = pattern_literal(key)
                && keys[..i].iter().any(|other| pattern_literal(other) == Some(text))
            {
                self.compile_error(&format!("mapping pattern checks duplicate key ('{text}')"), whole);
            }
        }
    }
}

fn is_constant(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::NumberLiteral(_)
            | Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
    )
}
