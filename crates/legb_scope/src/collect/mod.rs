//! Pass 1: one walk over the syntax tree that records scopes, symbols, references and the order of events.
//!
//! The walk follows `Python/symtable.c` visit for visit, because the order decides the order of child tables and which
//! error is the first. The order of *execution* differs (a value is computed before its target is bound); it is kept in
//! a second list, the [events](crate::flow::event), whose pieces are turned round where the two orders disagree.
//!
//! No map per scope: `slots[name]` is the innermost symbol of a name, and each symbol links to the next one outwards.
//! Entering a scope costs nothing, leaving it resets the slots of its own symbols.

mod chain;
mod context;
mod definition;
mod dunder_all;
mod expr;
mod imports;
mod params;
mod pattern;
mod stmt;
mod target;
mod truth;
mod types;

use legb_base::index::IndexVec;
use legb_base::{Dialect, NameId, Span};
use legb_syntax::ast::{Expr, Stmt};
use legb_syntax::{CompileError, Parsed, Place as ErrorPlace, Ranged, SourceKind, TextRange};

use crate::compile_errors::Rank;
use crate::facts::*;
use crate::flow::event::{Event, Op};
use crate::{flow, resolve};
pub(crate) use context::{DebugSite, Frame};
pub(crate) use pattern::literal_text as pattern_literal;
pub(crate) use stmt::last_visited;
pub(crate) use truth::Truth;

/// Analyses files one after another and keeps its memory between them.
#[derive(Debug, Default)]
pub struct Analyzer {
    facts: FileFacts,
    scratch: Scratch,
}

/// What the walk needs besides the facts.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(crate) slots: IndexVec<NameId, Option<SymbolId>>,
    pub(crate) frames: Vec<Frame>,
    pub(crate) events: Vec<Event>,
    /// Pieces of events that are open.
    pub(crate) open: Vec<usize>,
    /// What CPython refuses before it generates code, with the pass that finds it.
    pub(crate) errors: Vec<(Rank, CompileError)>,
    /// What code generation refuses, in its order.
    pub(crate) late_errors: Vec<CompileError>,
    pub(crate) resolver: resolve::Scratch,
    pub(crate) flow: flow::Scratch,
    /// Names of `def`s whose calls never come back.
    pub(crate) no_return: Vec<NameId>,
    /// Names of classes whose `__exit__` returns `True`.
    pub(crate) swallowing: Vec<NameId>,
    /// Variables first bound by the statement that is walked now.
    pub(crate) fresh: Vec<SymbolId>,
    /// `global` / `nonlocal` statement of each declared symbol: the first one.
    pub(crate) directives: Vec<(SymbolId, Span)>,
    /// The innermost declared type parameters of a generic class (only these are mangled in its header).
    pub(crate) own_type_params: Vec<Vec<NameId>>,
}

impl Analyzer {
    /// The facts of one file. They stay valid until the next call.
    pub fn analyze(&mut self, parsed: &Parsed, text: &str, dialect: &Dialect, kind: SourceKind) -> &FileFacts {
        self.analyze_knowing(parsed, text, dialect, kind, &[])
    }

    /// As [`Analyzer::analyze`], where functions and methods of other files with these names are known never to return.
    pub fn analyze_knowing(
        &mut self,
        parsed: &Parsed,
        text: &str,
        dialect: &Dialect,
        kind: SourceKind,
        never_returning: &[String],
    ) -> &FileFacts {
        self.facts.clear();
        self.scratch.clear();
        let mut collector = Collector::new(&mut self.facts, &mut self.scratch, text, dialect, kind);
        collector.module(parsed.suite());
        if !dialect.handlers_before_else {
            // `else` was walked before the handlers, which stand above it.
            self.facts.branches.sort_by_key(|branch| branch.span.start);
        }
        resolve::resolve(&mut self.facts, &mut self.scratch, dialect);
        // The order in which CPython would say them: by pass, then as met.
        self.scratch.errors.sort_by_key(|&(rank, _)| rank);
        self.facts.errors.extend(self.scratch.errors.drain(..).map(|(_, error)| error));
        self.facts.errors.append(&mut self.scratch.late_errors);
        if kind == SourceKind::Python && self.facts.errors.is_empty() {
            let elsewhere = never_returning.iter().map(|name| self.facts.names.intern(name));
            self.scratch.no_return.extend(elsewhere);
            flow::run(&mut self.facts, &mut self.scratch, text, dialect);
        }
        &self.facts
    }

    /// The facts of the last file, for keeps.
    pub fn into_facts(self) -> FileFacts {
        self.facts
    }
}

impl FileFacts {
    fn clear(&mut self) {
        self.names.clear();
        self.scopes.clear();
        self.symbols.clear();
        self.refs.clear();
        self.imports.clear();
        self.dynamic_imports.clear();
        self.declarations.clear();
        self.definitions.clear();
        self.handlers.clear();
        self.branches.clear();
        self.flow_issues.clear();
        self.module = ModuleFacts::default();
        self.errors.clear();
    }
}

impl Scratch {
    fn clear(&mut self) {
        self.slots.clear();
        self.frames.clear();
        self.events.clear();
        self.open.clear();
        self.errors.clear();
        self.late_errors.clear();
        self.no_return.clear();
        self.swallowing.clear();
        self.fresh.clear();
        self.directives.clear();
        self.own_type_params.clear();
    }
}

/// A place in the lists that are ordered by execution.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) events: usize,
    pub(crate) errors: usize,
}

/// Names that the walk itself asks for; interned first, so that their ids are known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownNames {
    pub(crate) dunder_class: NameId,
    pub(crate) super_: NameId,
    pub(crate) dunder_debug: NameId,
}

pub(crate) struct Collector<'a> {
    pub(crate) facts: &'a mut FileFacts,
    pub(crate) scratch: &'a mut Scratch,
    pub(crate) text: &'a str,
    pub(crate) dialect: &'a Dialect,
    pub(crate) known: KnownNames,
    /// The scope being filled.
    pub(crate) cur: ScopeId,
    /// Name of the class whose private names are mangled here, leading underscores removed.
    pub(crate) private: Option<&'a str>,
    /// `from __future__ import annotations` is in force.
    pub(crate) future_annotations: bool,
    /// How many of the first statements are `__future__` imports in their proper place.
    pub(crate) future_head_end: u32,
    /// Above zero: what is walked now does not run where it stands, so it leaves no events.
    pub(crate) mute: u32,
    /// Flags that every reference gets now.
    pub(crate) ref_flags: RefFlags,
    /// `try` and `with` statements open in this code block: only there it matters where exceptions may be raised.
    pub(crate) try_depth: u32,
    /// In a `try` whose handlers name `NameError` or `AttributeError`.
    pub(crate) names_may_fail: bool,
    /// Above zero: in annotations that are never compiled.
    pub(crate) uncompiled: u32,
    /// The name interned last was not in the file before.
    pub(crate) new_name: bool,
    /// Lazily evaluated expressions open now.
    pub(crate) lazy_depth: u32,
    /// Now in the target of a comprehension, in its own scope.
    pub(crate) iter_target: bool,
    /// Now in annotations that CPython leaves out of its tables, in their own scope.
    pub(crate) unevaluated: bool,
    /// How many lines too high the version places what is walked now.
    pub(crate) lines_up: usize,
    /// How many columns too far left.
    pub(crate) columns_left: i8,
    /// Deletions of names met so far, those at the end of handlers included.
    pub(crate) deletions: u32,
    /// Levels of statements and expressions open now.
    pub(crate) level: u32,
}

/// Nesting beyond this is not walked. The parser's guard refuses such files before, so this is the belt to its braces.
const MAX_LEVEL: u32 = 12_000;

impl<'a> Collector<'a> {
    fn new(
        facts: &'a mut FileFacts,
        scratch: &'a mut Scratch,
        text: &'a str,
        dialect: &'a Dialect,
        kind: SourceKind,
    ) -> Self {
        let names = &mut facts.names;
        let known = KnownNames {
            dunder_class: names.intern("__class__"),
            super_: names.intern("super"),
            dunder_debug: names.intern("__debug__"),
        };
        Self {
            facts,
            scratch,
            text,
            dialect,
            known,
            cur: MODULE,
            private: None,
            future_annotations: false,
            future_head_end: 0,
            mute: u32::from(kind == SourceKind::Stub),
            ref_flags: RefFlags::empty(),
            try_depth: 0,
            names_may_fail: false,
            uncompiled: 0,
            new_name: false,
            lazy_depth: 0,
            iter_target: false,
            unevaluated: false,
            lines_up: 0,
            columns_left: 0,
            deletions: 0,
            level: 0,
        }
    }

    fn module(&mut self, suite: &'a [Stmt]) {
        self.future_head(suite);
        let name = self.intern("top");
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.enter(ScopeKind::Module, name, Span::new(0, end), None);
        self.suite(suite);
        let frame = self.leave();
        self.finish_errors(&frame);
        self.settle_dynamic_imports();
    }

    // ---- names

    #[expect(clippy::inline_always, reason = "called for every name, and the call would cost as much as the work")]
    #[inline(always)]
    pub(crate) fn intern(&mut self, name: &str) -> NameId {
        let id = self.facts.names.intern(name);
        self.new_name = id.index() == self.scratch.slots.len();
        if self.new_name {
            self.scratch.slots.push(None);
        } else if id.index() > self.scratch.slots.len() {
            self.scratch.slots.resize(id.index() + 1, None);
        }
        id
    }

    /// The name as the current class mangles it (language reference, "Private name mangling"; `_Py_MaybeMangle`).
    #[inline]
    pub(crate) fn mangled(&mut self, name: &str) -> NameId {
        if !name.starts_with("__") {
            return self.intern(name);
        }
        self.mangled_private(name)
    }

    fn mangled_private(&mut self, name: &str) -> NameId {
        let Some(private) = self.private.filter(|_| !name.ends_with("__") && !name.contains('.')) else {
            return self.intern(name);
        };
        if let Some(own) = self.frame().own_type_params {
            let id = self.intern(name);
            if !self.scratch.own_type_params[own].contains(&id) {
                return id;
            }
        }
        let mangled = format!("_{private}{name}");
        self.intern(&mangled)
    }

    // ---- scopes

    pub(crate) fn enter(&mut self, kind: ScopeKind, name: NameId, span: Span, line_at: Option<u32>) -> ScopeId {
        let id = ScopeId::from_usize(self.facts.scopes.len());
        let parent = (id != MODULE).then_some(self.cur);
        let mut flags = ScopeFlags::empty();
        let mut depth = 0;
        if let Some(parent) = parent {
            let outer = &self.facts.scopes[parent];
            if outer.flags.contains(ScopeFlags::NESTED) || outer.kind.is_function_like() {
                flags |= ScopeFlags::NESTED;
            }
            depth = outer.depth + 1;
        }
        self.facts.scopes.push(Scope {
            parent,
            kind,
            flags,
            name,
            span,
            line_at,
            depth,
            first_ref: RefId::from_usize(self.facts.refs.len()),
            end_ref: RefId::from_usize(self.facts.refs.len()),
            first_symbol: None,
            last_symbol: None,
            first_child: None,
            last_child: None,
            next_sibling: None,
        });
        if let Some(parent) = parent {
            match self.facts.scopes[parent].last_child.replace(id) {
                Some(last) => self.facts.scopes[last].next_sibling = Some(id),
                None => self.facts.scopes[parent].first_child = Some(id),
            }
        }
        self.push_frame(id, kind);
        id
    }

    fn push_frame(&mut self, id: ScopeId, kind: ScopeKind) {
        let frame = match self.scratch.frames.last() {
            Some(outer) => outer.inner(id, kind),
            None => Frame::new(id, kind),
        };
        self.scratch.frames.push(Frame {
            columns_left: self.columns_left,
            outer_iter_target: std::mem::take(&mut self.iter_target),
            outer_unevaluated: std::mem::take(&mut self.unevaluated),
            ..frame
        });
        self.cur = id;
    }

    /// Enters a scope again that was left before (an `__annotate__` table fills in several goes).
    pub(crate) fn reenter(&mut self, id: ScopeId) {
        let kind = self.facts.scopes[id].kind;
        let mut next = self.facts.scopes[id].first_symbol;
        while let Some(symbol) = next {
            let row = &mut self.facts.symbols[symbol];
            row.owner = self.scratch.slots[row.name].replace(symbol);
            next = row.next;
        }
        self.push_frame(id, kind);
    }

    pub(crate) fn leave(&mut self) -> Frame {
        let mut next = self.facts.scopes[self.cur].first_symbol;
        while let Some(symbol) = next {
            let row = &mut self.facts.symbols[symbol];
            self.scratch.slots[row.name] = row.owner;
            next = row.next;
        }
        self.facts.scopes[self.cur].end_ref = RefId::from_usize(self.facts.refs.len());
        let frame = self.scratch.frames.pop().expect("invariant: every scope left was entered");
        self.iter_target = frame.outer_iter_target;
        self.unevaluated = frame.outer_unevaluated;
        if let Some(outer) = self.scratch.frames.last() {
            self.cur = outer.scope;
        }
        frame
    }

    pub(crate) fn frame(&self) -> &Frame {
        self.scratch.frames.last().expect("invariant: the walk is inside the module")
    }

    pub(crate) fn frame_mut(&mut self) -> &mut Frame {
        self.scratch.frames.last_mut().expect("invariant: the walk is inside the module")
    }

    pub(crate) fn kind(&self) -> ScopeKind {
        self.facts.scopes[self.cur].kind
    }

    // ---- symbols

    /// The symbol of a name in the current scope, made if new.
    #[expect(clippy::inline_always, reason = "as of `intern`")]
    #[inline(always)]
    pub(crate) fn symbol(&mut self, name: NameId) -> SymbolId {
        match self.scratch.slots[name] {
            Some(symbol) if self.facts.symbols[symbol].scope == self.cur => symbol,
            outer => self.inner_symbol(name, outer),
        }
    }

    #[inline(never)]
    fn inner_symbol(&mut self, name: NameId, outer: Option<SymbolId>) -> SymbolId {
        let symbol = self.new_symbol(name, self.cur, outer);
        self.scratch.slots[name] = Some(symbol);
        symbol
    }

    fn new_symbol(&mut self, name: NameId, scope: ScopeId, outer: Option<SymbolId>) -> SymbolId {
        let symbol = self.facts.symbols.push(Symbol {
            name,
            scope,
            flags: SymbolFlags::empty(),
            bindings: 0,
            place: Place::Unknown,
            owner: outer,
            next: None,
        });
        self.facts.link_symbol(scope, symbol);
        symbol
    }

    /// The symbol of a name in a scope around the current one, made if new.
    pub(crate) fn symbol_outside(&mut self, name: NameId, scope: ScopeId) -> SymbolId {
        let depth = self.facts.scopes[scope].depth;
        let (mut inner, mut at) = (None, self.scratch.slots[name]);
        while let Some(symbol) = at {
            let row = &self.facts.symbols[symbol];
            if row.scope == scope {
                return symbol;
            }
            if self.facts.scopes[row.scope].depth <= depth {
                break;
            }
            (inner, at) = (at, row.owner);
        }
        let symbol = self.new_symbol(name, scope, at);
        match inner {
            Some(inner) => self.facts.symbols[inner].owner = Some(symbol),
            None => self.scratch.slots[name] = Some(symbol),
        }
        symbol
    }

    /// What the current scope has done with a name so far.
    pub(crate) fn flags_so_far(&self, name: NameId) -> SymbolFlags {
        match self.scratch.slots[name] {
            Some(symbol) if self.facts.symbols[symbol].scope == self.cur => self.facts.symbols[symbol].flags,
            _ => SymbolFlags::empty(),
        }
    }

    /// `symtable_add_def_helper`: ORs flags into the symbol of a (mangled) name in the current scope.
    #[inline]
    pub(crate) fn add(&mut self, name: NameId, flags: SymbolFlags) -> SymbolId {
        let symbol = self.symbol(name);
        self.add_flags(symbol, flags);
        symbol
    }

    #[inline]
    fn add_flags(&mut self, symbol: SymbolId, flags: SymbolFlags) {
        let row = &mut self.facts.symbols[symbol];
        row.flags = (row.flags | flags) - SymbolFlags::UNRECORDED;
        if self.iter_target {
            row.flags |= SymbolFlags::COMP_ITER;
        }
    }

    /// Mentions a name whose symbol keeps its flags.
    pub(crate) fn add_unrecorded(&mut self, name: NameId) -> SymbolId {
        let symbol = self.symbol(name);
        let row = &mut self.facts.symbols[symbol];
        if row.flags.is_empty() {
            row.flags = SymbolFlags::UNRECORDED;
        }
        symbol
    }

    // ---- references and events

    #[inline]
    pub(crate) fn reference(&mut self, symbol: SymbolId, span: Span, kind: RefKind) -> RefId {
        if kind.binds() {
            let row = &mut self.facts.symbols[symbol];
            row.bindings = row.bindings.saturating_add(1);
        }
        self.facts.refs.push(Reference { symbol, span, kind, flow: Flow::NotAsked, flags: self.ref_flags })
    }

    #[inline]
    pub(crate) fn emit(&mut self, op: Op, arg: u32) -> usize {
        let at = self.scratch.events.len();
        if self.mute == 0 {
            self.scratch.events.push(Event { op, flags: 0, arg, len: 0 });
        }
        at
    }

    #[inline]
    pub(crate) fn emit_ref(&mut self, op: Op, reference: RefId) {
        if self.mute == 0 {
            self.scratch.events.push(Event { op, flags: 0, arg: index32(reference.index()), len: 0 });
        }
    }

    /// Notes that an exception may be raised here; only asked for inside `try` and `with`.
    #[inline]
    pub(crate) fn emit_point(&mut self) {
        if self.try_depth > 0 && self.mute == 0 && self.scratch.events.last().is_none_or(|last| last.op != Op::Point) {
            self.scratch.events.push(Event { op: Op::Point, flags: 0, arg: 0, len: 0 });
        }
    }

    /// Notes that a plain name or attribute is read. That raises so rarely that it counts only where a handler is there
    /// for it.
    #[inline]
    pub(crate) fn emit_weak_point(&mut self) {
        if self.names_may_fail {
            self.emit_point();
        }
    }

    /// Closes the piece of events opened at `at`: its length is what came since.
    #[inline]
    pub(crate) fn close(&mut self, at: usize) {
        if self.mute == 0 {
            let len = index32(self.scratch.events.len() - at - 1);
            self.scratch.events[at].len = len;
        }
    }

    #[inline]
    pub(crate) fn set_flags(&mut self, at: usize, flags: u8) {
        if self.mute == 0 {
            self.scratch.events[at].flags = flags;
        }
    }

    #[inline]
    pub(crate) fn event_count(&self) -> usize {
        self.scratch.events.len()
    }

    /// Where the walk stands in what is ordered by execution: events, and errors of code generation.
    #[inline]
    pub(crate) fn mark(&self) -> Mark {
        Mark { events: self.scratch.events.len(), errors: self.scratch.late_errors.len() }
    }

    /// Moves what came between two marks behind what came after: it was walked first but runs last.
    #[inline]
    pub(crate) fn run_last(&mut self, from: Mark, middle: Mark) {
        match (&mut self.scratch.events[from.events..], middle.events - from.events) {
            (_, 0) => {}
            // One name is bound: by far the most frequent case, and cheaper without a rotation.
            (events @ [_, .., _], 1) => {
                let bound = events[0];
                events.copy_within(1.., 0);
                events[events.len() - 1] = bound;
            }
            (events, targets) => events.rotate_left(targets),
        }
        if middle.errors < self.scratch.late_errors.len() {
            self.scratch.late_errors[from.errors..].rotate_left(middle.errors - from.errors);
        }
    }

    /// Reads a name where it stands.
    #[inline]
    pub(crate) fn load(&mut self, symbol: SymbolId, span: Span) -> RefId {
        let reference = self.reference(symbol, span, RefKind::Load);
        self.emit_weak_point();
        self.emit_ref(Op::Read, reference);
        reference
    }

    /// Binds a (mangled) name in the current scope.
    pub(crate) fn bind(&mut self, name: NameId, flags: SymbolFlags, span: Span, kind: RefKind) -> RefId {
        let new_name = self.new_name;
        let symbol = self.symbol(name);
        let fresh = self.facts.symbols[symbol].flags.is_empty();
        self.add_flags(symbol, flags);
        let reference = self.reference(symbol, span, kind);
        self.emit_ref(Op::Bind, reference);
        match kind {
            RefKind::Def | RefKind::Class | RefKind::Import => self.facts.definitions.push(reference),
            RefKind::Except => {
                self.facts.handlers.push(reference);
                self.facts.symbols[symbol].flags |= SymbolFlags::LOSES_VALUE;
            }
            RefKind::Param => self.facts.symbols[symbol].flags |= SymbolFlags::SETTLED,
            _ => {}
        }
        if fresh
            && matches!(kind, RefKind::Assign | RefKind::AnnAssign | RefKind::Import | RefKind::Def)
            && (new_name || self.facts.scopes.len() == self.cur.index() + 1)
            && !self.frame().conditional
        {
            self.scratch.fresh.push(symbol);
        }
        reference
    }

    // ---- nesting

    /// Runs `walk` one level deeper, unless that is too deep.
    #[inline]
    pub(crate) fn deeper(&mut self, walk: impl FnOnce(&mut Self)) {
        if self.level < MAX_LEVEL {
            self.level += 1;
            walk(self);
            self.level -= 1;
        }
    }

    pub(crate) fn exprs(&mut self, exprs: &'a [Expr]) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    // ---- errors

    /// Records an error of the symbol table pass on a node.
    #[cold]
    pub(crate) fn error_at(&mut self, message: String, span: Span) {
        self.error(Rank::Collect, message, span, 0);
    }

    #[cold]
    pub(crate) fn error(&mut self, rank: Rank, message: String, span: Span, shift: i8) {
        let shift = shift.saturating_sub(self.columns_left);
        let place = ErrorPlace::Bytes { shift, end: self.dialect.errors_have_ranges };
        let error = CompileError { stage: rank.stage(), exception: "SyntaxError", message, span, place };
        self.push_error(rank, error);
    }

    pub(crate) fn push_error(&mut self, rank: Rank, error: CompileError) {
        if rank == Rank::Compile {
            self.scratch.late_errors.push(error);
        } else {
            self.scratch.errors.push((rank, error));
        }
    }

    /// Records an error on a node that older versions put at the start of the enclosing block.
    #[cold]
    pub(crate) fn error_at_or_block(&mut self, message: String, span: Span) {
        if self.dialect.errors_have_ranges {
            self.error_at(message, span);
            return;
        }
        let block = self.frame().columns_left;
        let here = std::mem::replace(&mut self.columns_left, block);
        self.error_at(message, self.block_start());
        self.columns_left = here;
    }

    fn block_start(&self) -> Span {
        let scope = &self.facts.scopes[self.cur];
        Span::at(scope.line_at.unwrap_or(scope.span.start))
    }

    /// Records an error on a node, one column to the left before errors had ranges.
    #[cold]
    pub(crate) fn error_shifted(&mut self, message: String, span: Span) {
        let shift = if self.dialect.errors_have_ranges { 0 } else { -1 };
        self.error(Rank::Collect, message, span, shift);
    }
}

impl FileFacts {
    /// Appends a symbol to the list of its scope.
    pub(crate) fn link_symbol(&mut self, scope: ScopeId, symbol: SymbolId) {
        match self.scopes[scope].last_symbol.replace(symbol) {
            Some(last) => self.symbols[last].next = Some(symbol),
            None => self.scopes[scope].first_symbol = Some(symbol),
        }
    }
}

/// The span of a node.
#[inline]
pub(crate) fn span(node: &impl Ranged) -> Span {
    to_span(node.range())
}

#[inline]
pub(crate) fn to_span(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

/// An index as it is stored in tables: files hold less than 4 GiB, so nothing in them is counted higher.
#[inline]
pub(crate) fn index32(index: usize) -> u32 {
    u32::try_from(index).expect("invariant: a file holds less than 4 GiB")
}

/// What the names private to a class begin with, behind one underscore; a class named only with underscores has none.
pub(crate) fn private_stem(class: &str) -> Option<&str> {
    Some(class.trim_start_matches('_')).filter(|stem| !stem.is_empty())
}
