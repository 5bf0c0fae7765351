//! Pass 2: where compiled code looks for each name (`analyze_block` in `Python/symtable.c`).
//!
//! CPython copies sets of names for every block. Here the set "bound in an enclosing function" is one array,
//! `binder[name]`, with a log of changes that is undone when a block is left, and the free names of blocks are gathered on
//! a stack. The decisions are the same.

use legb_base::index::IndexVec;
use legb_base::{Dialect, NameId, Span};
use legb_syntax::{CompileError, Place as ErrorPlace, Stage};

use crate::collect;
use crate::compile_errors::Rank;
use crate::facts::*;

/// Who binds a name for the scopes inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Binder {
    /// No enclosing function.
    #[default]
    None,
    /// The class around, implicitly (`__class__` and its like).
    Class(ScopeId),
    /// This symbol of an enclosing function-like scope.
    Symbol(SymbolId),
}

/// Arrays by name, kept between files.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    binder: IndexVec<NameId, Binder>,
    /// The name is a type parameter of a scope around.
    type_param: IndexVec<NameId, bool>,
    /// The nearest class body's symbol of a name, for scopes that see the class.
    in_class: IndexVec<NameId, Option<SymbolId>>,
    /// Marks of the scope that last asked something of a name.
    stamp: IndexVec<NameId, u32>,
    stamp_now: u32,
    undo_binder: Vec<(NameId, Binder)>,
    undo_type_param: Vec<(NameId, bool)>,
    undo_in_class: Vec<(NameId, Option<SymbolId>)>,
    /// Free names of the scopes done so far, each scope's behind those of the scopes before.
    free: Vec<NameId>,
}

impl Scratch {
    fn reset(&mut self, names: usize) {
        self.binder.clear();
        self.binder.resize(names, Binder::None);
        self.type_param.clear();
        self.type_param.resize(names, false);
        self.in_class.clear();
        self.in_class.resize(names, None);
        self.stamp.clear();
        self.stamp.resize(names, 0);
        self.stamp_now = 0;
        self.free.clear();
    }

    fn next_stamp(&mut self) -> u32 {
        self.stamp_now += 1;
        self.stamp_now
    }
}

/// Gives every symbol its place and owner.
pub(crate) fn resolve(facts: &mut FileFacts, scratch: &mut collect::Scratch, dialect: &Dialect) {
    for implicit in CLASS_IMPLICIT {
        facts.names.intern(implicit);
    }
    scratch.resolver.reset(facts.names.len());
    let mut resolver = Resolver {
        implicit: CLASS_IMPLICIT.map(|name| facts.names.intern(name)),
        facts,
        s: &mut scratch.resolver,
        directives: &scratch.directives,
        errors: &mut scratch.errors,
        late_errors: &mut scratch.late_errors,
        dialect,
    };
    resolver.analyze(MODULE, None);
    resolver.own_globals();
}

/// Names that a class body binds for the functions in it without saying so, by the version that began it.
const CLASS_IMPLICIT: [&str; 3] = ["__class__", "__classdict__", "__conditional_annotations__"];

struct Resolver<'a> {
    facts: &'a mut FileFacts,
    s: &'a mut Scratch,
    directives: &'a [(SymbolId, Span)],
    errors: &'a mut Vec<(Rank, CompileError)>,
    late_errors: &'a mut Vec<CompileError>,
    dialect: &'a Dialect,
    implicit: [NameId; 3],
}

impl Resolver<'_> {
    /// Which of [`CLASS_IMPLICIT`] this version has.
    fn class_implicit(&self) -> impl Iterator<Item = NameId> + use<> {
        let count = 1 + usize::from(self.dialect.type_params) + usize::from(self.dialect.deferred_annotations);
        self.implicit.into_iter().take(count)
    }

    /// Decides the symbols of a scope and, first, of all scopes inside. What stays free is on top of `s.free`.
    /// `class`: the class body that a scope marked `SEES_CLASS` sees.
    fn analyze(&mut self, scope: ScopeId, class: Option<ScopeId>) {
        let kind = self.facts.scopes[scope].kind;
        let hidden = self.facts.scopes[scope].flags.contains(ScopeFlags::HIDDEN);
        let marks = (self.s.undo_binder.len(), self.s.undo_type_param.len(), self.s.undo_in_class.len());
        let base = self.s.free.len();

        let mut next = self.facts.scopes[scope].first_symbol;
        while let Some(symbol) = next {
            next = self.facts.symbols[symbol].next;
            self.decide(symbol, scope, class);
        }
        let own_free_end = self.s.free.len();

        if kind == ScopeKind::Class {
            for name in self.class_implicit() {
                self.set_binder(name, Binder::Class(scope));
            }
            let mut next = self.facts.scopes[scope].first_symbol;
            while let Some(symbol) = next {
                let row = self.facts.symbols[symbol];
                self.set_in_class(row.name, symbol);
                next = row.next;
            }
        } else if kind.is_function_like() {
            let mut next = self.facts.scopes[scope].first_symbol;
            while let Some(symbol) = next {
                let row = self.facts.symbols[symbol];
                match row.place {
                    Place::GlobalExplicit if row.flags.contains(SymbolFlags::GLOBAL) => {
                        self.set_binder(row.name, Binder::None);
                    }
                    Place::Local => self.set_binder(row.name, Binder::Symbol(symbol)),
                    _ => {}
                }
                next = row.next;
            }
        }

        let mut cells: Vec<NameId> = Vec::new();
        let mut next = self.facts.scopes[scope].first_child;
        while let Some(child) = next {
            next = self.facts.scopes[child].next_sibling;
            let sees = self.facts.scopes[child].flags.contains(ScopeFlags::SEES_CLASS);
            let seen = sees.then_some(if kind == ScopeKind::Class { Some(scope) } else { class }).flatten();
            let from = self.s.free.len();
            self.analyze(child, seen);
            if self.facts.scopes[child].flags.contains(ScopeFlags::HIDDEN) {
                // Outside CPython's tree: what it needs makes no cells.
                self.s.free.truncate(from);
            } else if self.is_inlined(child, scope) {
                self.inline(child, scope, from, &mut cells);
            }
        }
        self.undo(marks);
        self.finish(scope, kind, own_free_end, &cells);
        if hidden {
            self.s.free.truncate(base);
        }
    }

    fn set_binder(&mut self, name: NameId, binder: Binder) {
        let old = std::mem::replace(&mut self.s.binder[name], binder);
        self.s.undo_binder.push((name, old));
    }

    fn set_in_class(&mut self, name: NameId, symbol: SymbolId) {
        let old = self.s.in_class[name].replace(symbol);
        self.s.undo_in_class.push((name, old));
    }

    fn set_type_param(&mut self, name: NameId, is: bool) {
        if self.s.type_param[name] != is {
            self.s.type_param[name] = is;
            self.s.undo_type_param.push((name, !is));
        }
    }

    fn undo(&mut self, (binders, type_params, in_class): (usize, usize, usize)) {
        for (name, old) in self.s.undo_binder.drain(binders..).rev() {
            self.s.binder[name] = old;
        }
        for (name, old) in self.s.undo_type_param.drain(type_params..).rev() {
            self.s.type_param[name] = old;
        }
        for (name, old) in self.s.undo_in_class.drain(in_class..).rev() {
            self.s.in_class[name] = old;
        }
    }

    /// `analyze_name`: one symbol.
    fn decide(&mut self, symbol: SymbolId, scope: ScopeId, class: Option<ScopeId>) {
        let Symbol { name, flags, .. } = self.facts.symbols[symbol];
        let is_module = scope == MODULE;
        if flags.contains(SymbolFlags::GLOBAL) {
            if flags.contains(SymbolFlags::NONLOCAL) {
                self.error(symbol, format!("name '{}' is nonlocal and global", self.facts.names.text(name)));
            }
            self.place(symbol, Place::GlobalExplicit, None);
            return;
        }
        let binder = self.s.binder[name];
        if flags.contains(SymbolFlags::NONLOCAL) {
            if is_module {
                self.error(symbol, "nonlocal declaration not allowed at module level".to_owned());
            } else if binder == Binder::None {
                self.error(symbol, format!("no binding for nonlocal '{}' found", self.facts.names.text(name)));
            } else if self.s.type_param[name] {
                let text = self.facts.names.text(name);
                self.error(symbol, format!("nonlocal binding not allowed for type parameter '{text}'"));
            }
            self.free(symbol, name, binder);
            if let Binder::Symbol(owner) = binder {
                self.facts.symbols[owner].flags |= SymbolFlags::WRITTEN_INSIDE;
            }
            return;
        }
        if flags.intersects(SymbolFlags::BOUND) {
            self.place(symbol, Place::Local, None);
            self.set_type_param(name, flags.contains(SymbolFlags::TYPE_PARAM));
            return;
        }
        if let Some(class) = class
            && let Some(in_class) = self.s.in_class[name].filter(|&s| self.facts.symbols[s].scope == class)
        {
            let there = self.facts.symbols[in_class].flags;
            if there.contains(SymbolFlags::GLOBAL) {
                self.place(symbol, Place::GlobalExplicit, None);
                return;
            }
            if there.intersects(SymbolFlags::BOUND) && !there.contains(SymbolFlags::NONLOCAL) {
                self.place(symbol, Place::GlobalImplicit, None);
                return;
            }
        }
        if binder == Binder::None || is_module {
            self.place(symbol, Place::GlobalImplicit, None);
        } else if flags.is_recorded() {
            self.free(symbol, name, binder);
        } else {
            self.place(symbol, Place::Free, owner_of(binder));
        }
    }

    fn free(&mut self, symbol: SymbolId, name: NameId, binder: Binder) {
        self.place(symbol, Place::Free, owner_of(binder));
        self.s.free.push(name);
    }

    fn place(&mut self, symbol: SymbolId, place: Place, owner: Option<SymbolId>) {
        let row = &mut self.facts.symbols[symbol];
        row.place = place;
        row.owner = owner;
    }

    #[cold]
    fn error(&mut self, symbol: SymbolId, message: String) {
        let span = self.directives.iter().find(|&&(s, _)| s == symbol).map_or(Span::at(0), |&(_, span)| span);
        let place = ErrorPlace::Bytes { shift: 0, end: self.dialect.errors_have_ranges };
        let error = CompileError { stage: Stage::Symtable, exception: "SyntaxError", message, span, place };
        self.errors.push((Rank::Resolve, error));
    }

    // ---- comprehensions that are compiled into the scope around them (PEP 709)

    fn is_inlined(&mut self, child: ScopeId, scope: ScopeId) -> bool {
        let inlined = self.dialect.inlined_comprehensions
            && matches!(self.facts.scopes[child].kind, ScopeKind::ListComp | ScopeKind::SetComp | ScopeKind::DictComp)
            && !self.facts.scopes[scope].flags.contains(ScopeFlags::SEES_CLASS);
        if inlined {
            self.facts.scopes[child].flags |= ScopeFlags::INLINED;
        }
        inlined
    }

    /// `inline_comprehension`: merges the symbols of `comp` into `scope`; its free names are `s.free[from..]`.
    fn inline(&mut self, comp: ScopeId, scope: ScopeId, from: usize, cells: &mut Vec<NameId>) {
        let into_class = self.facts.scopes[scope].kind == ScopeKind::Class;
        let stamp = self.s.next_stamp();
        let mut next = self.facts.scopes[scope].first_symbol;
        while let Some(symbol) = next {
            let row = &self.facts.symbols[symbol];
            self.s.stamp[row.name] = stamp;
            next = row.next;
        }
        let mut next = self.facts.scopes[comp].first_symbol;
        while let Some(symbol) = next {
            let row = self.facts.symbols[symbol];
            next = row.next;
            if row.flags.contains(SymbolFlags::PARAM) || !row.flags.is_recorded() {
                continue;
            }
            let mut place = row.place;
            if place == Place::Cell || row.flags.contains(SymbolFlags::COMP_CELL) {
                cells.push(row.name);
            }
            if place == Place::Free && into_class && row.name == self.implicit[0] {
                if self.dialect.class_inlining_drops_dunder_class {
                    place = Place::GlobalImplicit;
                    self.place(symbol, place, None);
                    self.facts.symbols[symbol].flags |= SymbolFlags::INLINED;
                    remove_free(&mut self.s.free, from, row.name);
                } else {
                    self.refuse_dunder_class(comp);
                }
            }
            let existing = (self.s.stamp[row.name] == stamp)
                .then(|| self.facts.symbol_in(scope, row.name))
                .flatten()
                .filter(|&s| self.facts.symbols[s].flags.is_recorded());
            match existing {
                None => {
                    let added = self.facts.symbols.push(Symbol {
                        scope,
                        flags: row.flags | SymbolFlags::INLINED,
                        place,
                        next: None,
                        ..row
                    });
                    self.facts.link_symbol(scope, added);
                    self.s.stamp[row.name] = stamp;
                    if into_class {
                        self.set_in_class(row.name, added);
                    }
                }
                Some(symbol) => {
                    if self.facts.symbols[symbol].flags.intersects(SymbolFlags::BOUND)
                        && !into_class
                        && self.s.free[from..].contains(&row.name)
                        && !self.free_in_a_child(comp, row.name)
                    {
                        remove_free(&mut self.s.free, from, row.name);
                    }
                }
            }
        }
    }

    /// Whether a scope directly inside the comprehension (inlined ones dissolved) has the name free.
    fn free_in_a_child(&self, comp: ScopeId, name: NameId) -> bool {
        self.facts.children_of(comp).any(|child| {
            if self.facts.scopes[child].flags.contains(ScopeFlags::INLINED) {
                return self.free_in_a_child(child, name);
            }
            let symbol = self.facts.symbol_in(child, name);
            symbol.is_some_and(|symbol| self.facts.symbols[symbol].place == Place::Free)
        })
    }

    /// 3.12 cannot compile `__class__` in a comprehension of a class body (python/cpython 3.12.1: `SystemError`).
    #[cold]
    fn refuse_dunder_class(&mut self, comp: ScopeId) {
        let symbols: Vec<String> = self
            .facts
            .symbols_of(MODULE)
            .filter(|(_, symbol)| symbol.flags.is_recorded())
            .map(|(_, symbol)| {
                let place = if symbol.flags.intersects(SymbolFlags::BOUND) { 1 } else { 3 };
                format!("'{}': {}", self.facts.names.text(symbol.name), symbol.flags.bits() & 0xfff | place << 12)
            })
            .collect();
        let message = format!(
            "_PyST_GetScope(name='__class__') failed: unknown scope in unit <module> (ADDR); symbols: {{{}}}; locals: {{}}; globals: {{}}",
            symbols.join(", ")
        );
        let span = self.facts.scopes[comp].span;
        let place = ErrorPlace::Exact(legb_syntax::ErrorPosition::default());
        let error = CompileError { stage: Stage::Compile, exception: "SystemError", message, span, place };
        // Among the others by its place in the text, which is close to the order of code generation.
        let at = self.late_errors.partition_point(|other| other.span.start < span.start);
        self.late_errors.insert(at, error);
    }

    // ---- after the scopes inside

    /// Cells, names passed through, and what is left free for the scope around. `s.free` holds the scope's own free
    /// names up to `own_end` and those of the scopes inside behind it.
    fn finish(&mut self, scope: ScopeId, kind: ScopeKind, own_end: usize, cells: &[NameId]) {
        if self.s.free.len() == own_end && cells.is_empty() {
            return;
        }
        let in_free = self.s.next_stamp();
        let mut kept = own_end;
        for at in own_end..self.s.free.len() {
            let name = self.s.free[at];
            if self.s.stamp[name] != in_free {
                self.s.stamp[name] = in_free;
                self.s.free[kept] = name;
                kept += 1;
            }
        }
        self.s.free.truncate(kept);

        if kind.is_function_like() {
            let mut next = self.facts.scopes[scope].first_symbol;
            while let Some(symbol) = next {
                let row = &mut self.facts.symbols[symbol];
                next = row.next;
                if row.place != Place::Local || !row.flags.is_recorded() {
                    continue;
                }
                let needed = self.s.stamp[row.name] == in_free;
                let inlined_cell = cells.contains(&row.name);
                if needed || inlined_cell {
                    row.place = Place::Cell;
                    if needed {
                        remove_free(&mut self.s.free, own_end, row.name);
                    }
                }
            }
        } else if kind == ScopeKind::Class {
            for name in self.class_implicit() {
                remove_free(&mut self.s.free, own_end, name);
            }
        }
        if !cells.is_empty() {
            let mut next = self.facts.scopes[scope].first_symbol;
            while let Some(symbol) = next {
                let row = &mut self.facts.symbols[symbol];
                next = row.next;
                if cells.contains(&row.name) && row.flags.is_recorded() {
                    row.flags |= SymbolFlags::COMP_CELL;
                }
            }
        }
        self.pass_through(scope, kind, own_end);
    }

    /// Free names of scopes inside that this scope must hand down.
    fn pass_through(&mut self, scope: ScopeId, kind: ScopeKind, own_end: usize) {
        if self.s.free.len() == own_end {
            return;
        }
        let here = self.s.next_stamp();
        let mut next = self.facts.scopes[scope].first_symbol;
        while let Some(symbol) = next {
            let row = &self.facts.symbols[symbol];
            if row.flags.is_recorded() {
                self.s.stamp[row.name] = here;
            }
            next = row.next;
        }
        let class_like = kind == ScopeKind::Class || self.facts.scopes[scope].flags.contains(ScopeFlags::SEES_CLASS);
        for at in own_end..self.s.free.len() {
            let name = self.s.free[at];
            let binder = self.s.binder[name];
            if self.s.stamp[name] == here {
                if class_like && let Some(symbol) = self.facts.symbol_in(scope, name) {
                    self.facts.symbols[symbol].flags |= SymbolFlags::FREE_CLASS;
                }
            } else if scope == MODULE || binder != Binder::None {
                let unrecorded = self.facts.symbol_in(scope, name);
                let symbol = unrecorded.unwrap_or_else(|| {
                    let added = self.facts.symbols.push(Symbol {
                        name,
                        scope,
                        flags: SymbolFlags::empty(),
                        bindings: 0,
                        place: Place::Free,
                        owner: None,
                        next: None,
                    });
                    self.facts.link_symbol(scope, added);
                    added
                });
                self.place(symbol, Place::Free, owner_of(binder));
                self.facts.symbols[symbol].flags = SymbolFlags::PASSED_THROUGH;
            }
        }
    }

    /// Global symbols belong to the module's symbol of the name, if it has one.
    fn own_globals(&mut self) {
        let in_module = &mut self.s.in_class;
        let mut next = self.facts.scopes[MODULE].first_symbol;
        while let Some(symbol) = next {
            let row = &self.facts.symbols[symbol];
            in_module[row.name] = Some(symbol);
            next = row.next;
        }
        for at in 0..self.facts.symbols.len() {
            let id = SymbolId::from_usize(at);
            let row = &mut self.facts.symbols[id];
            if row.place.is_global() {
                row.owner = in_module[row.name];
            }
        }
    }
}

fn owner_of(binder: Binder) -> Option<SymbolId> {
    match binder {
        Binder::Symbol(symbol) => Some(symbol),
        Binder::None | Binder::Class(_) => None,
    }
}

fn remove_free(free: &mut Vec<NameId>, from: usize, name: NameId) {
    let mut kept = from;
    for at in from..free.len() {
        if free[at] != name {
            free[kept] = free[at];
            kept += 1;
        }
    }
    free.truncate(kept);
}
