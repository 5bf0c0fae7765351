//! Imports, `__future__`, `global` and `nonlocal`.

use legb_base::{NameId, Span};
use legb_syntax::ast::{Alias, Expr, Identifier, Stmt, StmtGlobal, StmtImport, StmtImportFrom, StmtNonlocal};
use legb_syntax::imports::{ImportBinders, ImportFunction};
use legb_syntax::{CompileError, Place as ErrorPlace, Stage};

use crate::compile_errors::Rank;

use super::context::DebugSite;
use super::{Collector, span};
use crate::facts::*;
use crate::flow::event::Op;

/// Features of `__future__.all_feature_names`, the same in every version from 3.8 on.
const FEATURES: [&str; 10] = [
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "barry_as_FLUFL",
    "generator_stop",
    "annotations",
];

const LATE_FUTURE: &str = "from __future__ imports must occur at the beginning of the file";

impl<'a> Collector<'a> {
    /// `future_parse` (`Python/future.c`): which features are on, and what is wrong with them.
    pub(crate) fn future_head(&mut self, suite: &'a [Stmt]) {
        let mut head = true;
        let mut previous = None;
        for (i, stmt) in suite.iter().enumerate() {
            let start = span(stmt).start;
            if !head && previous.is_some_and(|previous| !self.same_line(previous, start)) {
                return;
            }
            previous = Some(start);
            let docstring = i == 0 && matches!(stmt, Stmt::Expr(e) if matches!(&*e.value, Expr::StringLiteral(_)));
            match stmt {
                Stmt::ImportFrom(import) if is_future(import) && head => {
                    self.future_features(import);
                    self.future_head_end = span(stmt).end;
                }
                Stmt::ImportFrom(import) if is_future(import) => {
                    // Up to 3.11 the rest of the line is looked at, and columns are counted from 0 there.
                    if !self.dialect.decorators_first {
                        self.future_error(LATE_FUTURE.to_owned(), span(stmt), -1);
                    }
                    return;
                }
                _ if docstring => {}
                _ => head = false,
            }
        }
    }

    fn future_features(&mut self, import: &'a StmtImportFrom) {
        if import.is_lazy {
            self.error(
                Rank::Parser,
                "lazy from __future__ import is not allowed".to_owned(),
                Span::new(span(import).start, span(import).start + 4),
                0,
            );
        }
        for alias in &import.names {
            let name = alias.name.as_str();
            if name == "annotations" {
                // 3.8 and 3.9 build their tables without regard to it.
                self.future_annotations = self.dialect.future_annotations_are_hidden;
                self.facts.module.future_annotations = true;
            }
            let message = match name {
                "braces" => "not a chance".to_owned(),
                _ if FEATURES.contains(&name) => continue,
                _ => format!("future feature {name} is not defined"),
            };
            let node = if self.dialect.future_error_at_name { span(alias) } else { span(import) };
            self.future_error(message, node, 0);
        }
    }

    /// An error of the look at `__future__` imports. Until 3.13 these have a last line at most, no end column.
    fn future_error(&mut self, message: String, node: Span, shift: i8) {
        let dialect = self.dialect;
        let place = if dialect.future_error_at_name {
            ErrorPlace::Bytes { shift, end: true }
        } else {
            ErrorPlace::Start { shift, end_line: dialect.errors_have_ranges }
        };
        let stage = if dialect.symtable_sees_future { Stage::Symtable } else { Stage::Compile };
        let error = CompileError { stage, exception: "SyntaxError", message, span: node, place };
        self.scratch.errors.push((Rank::Future, error));
    }

    pub(crate) fn import(&mut self, import: &'a StmtImport) {
        let statement = span(import);
        if import.is_lazy {
            self.check_lazy("lazy import", statement, false);
        }
        for alias in &import.names {
            if alias.name.is_empty() {
                continue;
            }
            self.emit_point();
            let dotted = alias.name.as_str();
            let module = Some(self.intern(dotted));
            let (bound, at) = if let Some(asname) = &alias.asname {
                (asname.as_str(), span(asname))
            } else {
                let first = dotted.split('.').next().unwrap_or(dotted);
                // The identifier is stored normalised; in the text it may be longer.
                let written = span(&alias.name).slice(self.text).split(['.', ' ', '\t', '\\']).next().unwrap_or(first);
                let start = span(&alias.name).start;
                let at = Span::new(start, start + super::index32(written.len()));
                let kept = self.dialect.dotted_imports_keep_spelling && dotted.contains('.');
                (if kept { written } else { first }, at)
            };
            let binding = self.bind_import(bound, at, alias, statement);
            let flags = self.import_flags(alias, import.is_lazy);
            self.facts.imports.push(Import {
                binding: Some(binding),
                scope: self.cur,
                module,
                name: None,
                level: 0,
                flags,
                statement,
                alias: span(alias),
            });
        }
    }

    pub(crate) fn import_from(&mut self, import: &'a StmtImportFrom) {
        let statement = span(import);
        let star = import.names.iter().any(|alias| alias.name.as_str() == "*");
        let future = is_future(import);
        if import.is_lazy && !future {
            self.check_lazy("lazy from ... import", statement, star);
        }
        let module = import.module.as_ref().filter(|m| !m.is_empty()).map(|m| self.intern(m.as_str()));
        for alias in &import.names {
            if alias.name.is_empty() {
                continue;
            }
            self.emit_point();
            let mut flags = self.import_flags(alias, import.is_lazy) | ImportFlags::FROM;
            flags.set(ImportFlags::FUTURE, future);
            let name = self.intern(alias.name.as_str());
            let binding = if alias.name.as_str() == "*" {
                flags |= ImportFlags::STAR;
                self.facts.scopes[self.cur].flags |= ScopeFlags::STAR_IMPORT;
                self.emit(Op::Star, 0);
                if self.kind() != ScopeKind::Module {
                    self.error_at_or_block("import * only allowed at module level".to_owned(), span(alias));
                }
                None
            } else {
                let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                Some(self.bind_import(bound.as_str(), span(bound), alias, statement))
            };
            self.facts.imports.push(Import {
                binding,
                scope: self.cur,
                module,
                name: Some(name),
                level: import.level,
                flags,
                statement,
                alias: span(alias),
            });
        }
        if future && statement.end > self.future_head_end {
            let rank = if self.dialect.early_context_errors { Rank::Collect } else { Rank::Compile };
            self.error(rank, LATE_FUTURE.to_owned(), statement, 0);
        }
    }

    fn bind_import(&mut self, bound: &'a str, at: Span, alias: &'a Alias, statement: Span) -> RefId {
        let name = self.mangled(bound);
        let node = if self.dialect.errors_have_ranges { span(alias) } else { statement };
        self.check_debug(
            name,
            DebugSite { early: node, late: statement, late_own: statement, old: at, deleting: false },
        );
        self.bind(name, SymbolFlags::IMPORT, at, RefKind::Import)
    }

    fn import_flags(&self, alias: &Alias, lazy: bool) -> ImportFlags {
        let mut flags = self.place_flags();
        flags.set(ImportFlags::ALIASED, alias.asname.is_some());
        flags.set(ImportFlags::LAZY, lazy);
        flags
    }

    /// Where an import stands that stands here.
    fn place_flags(&self) -> ImportFlags {
        let mut flags = ImportFlags::empty();
        flags.set(ImportFlags::TYPE_CHECKING, self.ref_flags.contains(RefFlags::TYPE_CHECKING));
        for frame in self.scratch.frames.iter().rev() {
            let runs_later = frame.kind != ScopeKind::Module && !frame.kind.runs_in_place();
            if !flags.contains(ImportFlags::IN_FUNCTION) {
                flags.set(ImportFlags::IN_TRY, flags.contains(ImportFlags::IN_TRY) || frame.in_try);
                flags.set(ImportFlags::CONDITIONAL, flags.contains(ImportFlags::CONDITIONAL) || frame.conditional);
                flags.set(ImportFlags::IN_FUNCTION, runs_later);
            }
            if frame.kind == ScopeKind::Class {
                flags |= ImportFlags::IN_CLASS;
            }
        }
        flags
    }

    /// Notes a call that imports a module named by a literal.
    pub(crate) fn dynamic_import(&mut self, call: Span, callee: Span, open: u32) {
        if callee.end != open {
            return;
        }
        let Some(function) = ImportFunction::named(callee.slice(self.text)) else { return };
        let Some(found) = function.read_arguments(self.text, open as usize) else { return };
        let Some(module) = found.absolute_name(self.text) else { return };
        let module = (!module.is_empty()).then(|| self.intern(&module));
        let flags = self.place_flags() | ImportFlags::DYNAMIC;
        self.facts.dynamic_imports.push(Import {
            binding: None,
            scope: self.cur,
            module,
            name: None,
            level: if found.package.is_some() { 0 } else { found.level },
            flags,
            statement: call,
            alias: found.literal,
        });
    }

    /// Leaves out calls of functions that are not those of `importlib`, as far as the imports of the file tell.
    pub(crate) fn settle_dynamic_imports(&mut self) {
        if self.facts.dynamic_imports.is_empty() {
            return;
        }
        let (text, names) = (self.text, &self.facts.names);
        let mut binders = ImportBinders::default();
        for import in &self.facts.imports {
            let named = |id: Option<NameId>| id.map(|id| names.text(id)).unwrap_or_default();
            let aliased = import.flags.contains(ImportFlags::ALIASED);
            binders.see(named(import.module), import.name.map(|id| names.text(id)), import.level, aliased);
        }
        self.facts.dynamic_imports.retain(|import| {
            let callee = &text[import.statement.start as usize..];
            ImportFunction::at_start(callee).is_some_and(|function| binders.bind(function))
        });
    }

    /// PEP 810: where an explicit lazy import may stand.
    fn check_lazy(&mut self, what: &str, statement: Span, star: bool) {
        let place = match self.kind() {
            ScopeKind::Module if self.frame().in_try => "try/except blocks",
            ScopeKind::Module => "",
            ScopeKind::Class => "classes",
            _ => "functions",
        };
        if !place.is_empty() {
            self.error_at(format!("{what} not allowed inside {place}"), statement);
        } else if star {
            self.error_at("lazy from ... import * is not allowed".to_owned(), statement);
        }
    }

    pub(crate) fn global(&mut self, statement: &'a StmtGlobal) {
        self.declare(&statement.names, span(statement), SymbolFlags::GLOBAL, "global", RefKind::Global);
    }

    pub(crate) fn nonlocal(&mut self, statement: &'a StmtNonlocal) {
        self.declare(&statement.names, span(statement), SymbolFlags::NONLOCAL, "nonlocal", RefKind::Nonlocal);
    }

    fn declare(&mut self, names: &'a [Identifier], statement: Span, flag: SymbolFlags, word: &str, kind: RefKind) {
        for identifier in names.iter().filter(|name| !name.is_empty()) {
            let id = identifier.as_str();
            let name = self.mangled(id);
            let before = self.flags_so_far(name);
            // In this order: what CPython says when several hold.
            let trouble = if before.contains(SymbolFlags::PARAM) {
                Some(format!("name '{id}' is parameter and {word}"))
            } else if before.contains(SymbolFlags::USE) {
                Some(format!("name '{id}' is used prior to {word} declaration"))
            } else if before.contains(SymbolFlags::ANNOT) {
                Some(format!("annotated name '{id}' can't be {word}"))
            } else if before.contains(SymbolFlags::LOCAL) {
                Some(format!("name '{id}' is assigned to before {word} declaration"))
            } else {
                None
            };
            if let Some(message) = trouble {
                self.error_at(message, statement);
            }
            let symbol = self.add(name, flag);
            if flag == SymbolFlags::GLOBAL {
                self.declare_in_module(name);
            }
            self.directive(symbol, statement);
            let reference = self.reference(symbol, span(identifier), kind);
            self.facts.declarations.push(reference);
        }
    }

    /// A `global` declaration marks the module's symbol too.
    pub(crate) fn declare_in_module(&mut self, name: NameId) {
        let symbol = self.symbol_outside(name, MODULE);
        let row = &mut self.facts.symbols[symbol];
        row.flags = (row.flags | SymbolFlags::GLOBAL) - SymbolFlags::UNRECORDED;
    }

    /// Remembers where a symbol was declared first, for errors of the second pass.
    pub(crate) fn directive(&mut self, symbol: SymbolId, statement: Span) {
        self.scratch.directives.push((symbol, statement));
    }
}

fn is_future(import: &StmtImportFrom) -> bool {
    import.level == 0 && import.module.as_ref().is_some_and(|module| module.as_str() == "__future__")
}
