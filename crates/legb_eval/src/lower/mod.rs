//! From the syntax tree of a file to the programs of its code blocks.
//!
//! Which scope a name belongs to is read off [`FileFacts`]; nothing is decided a second time. What is added here is where a
//! *frame* keeps a variable: in a slot, or in a cell if a code block inside shares it. An inlined comprehension (PEP 709)
//! is a code block of its own here too, so a variable it shares is a cell although CPython uses a slot; that this cannot be
//! observed but in one message is noted in [`Code::inlined_into`].

mod comprehension;
mod control;
mod definition;
mod expr;
mod import;
mod join;
mod names;
mod pattern;
mod stmt;

use std::sync::Arc;

use legb_base::{Dialect, NameId};
use legb_scope::{FileFacts, Place as ScopePlace, ScopeFlags, ScopeId, ScopeKind, SymbolId};
use legb_syntax::Ranged;
use legb_syntax::ast::Stmt;
use rustc_hash::FxHashMap;

use crate::dialect::EvalDialect;
use crate::program::{CellSource, Code, NameIndex, Op, Signature, Target};
use crate::unit::Unit;
use crate::value::Value;

/// Turns a module into programs.
pub(crate) fn lower<'a>(
    unit: &'a Arc<Unit>,
    suite: &'a [Stmt],
    facts: &'a FileFacts,
    dialect: &'a Dialect,
) -> Arc<Code> {
    let mut lowerer = Lowerer {
        unit,
        facts,
        dialect,
        words: EvalDialect::of(dialect),
        scopes: scopes_by_end(facts),
        shared: shared_symbols(facts),
        blocks: Vec::new(),
        classes: Vec::new(),
    };
    lowerer.enter(legb_scope::facts::MODULE, "<module>", 0);
    lowerer.block().code.doc = docstring(suite);
    lowerer.module_annotations(suite);
    if let Some(doc) = lowerer.block().code.doc.clone() {
        lowerer.constant(Value::Str(doc));
        let name = lowerer.name_index("__doc__");
        lowerer.emit(Op::StoreName(name));
    }
    lowerer.suite(suite);
    lowerer.leave()
}

/// Scopes by what they are and where they end; several may end at one place.
fn scopes_by_end(facts: &FileFacts) -> FxHashMap<(u32, u8), Vec<ScopeId>> {
    let mut found: FxHashMap<(u32, u8), Vec<ScopeId>> = FxHashMap::default();
    for (id, scope) in facts.scopes.iter_enumerated() {
        found.entry((scope.span.end, scope.kind as u8)).or_default().push(id);
    }
    found
}

/// Variables that a scope inside reads or writes through a cell.
fn shared_symbols(facts: &FileFacts) -> Vec<bool> {
    let mut shared = vec![false; facts.symbols.len()];
    for symbol in &facts.symbols {
        if symbol.place == ScopePlace::Free
            && let Some(owner) = symbol.owner
        {
            shared[owner.index()] = true;
        }
        // A comprehension compiled into the code around may see a local of it as its own local's outside.
    }
    for (id, symbol) in facts.symbols.iter_enumerated() {
        if symbol.place == ScopePlace::Cell {
            shared[id.index()] = true;
        }
    }
    shared
}

/// The docstring of a body.
fn docstring(suite: &[Stmt]) -> Option<Arc<str>> {
    let Stmt::Expr(first) = suite.first()? else { return None };
    let legb_syntax::ast::Expr::StringLiteral(literal) = &*first.value else { return None };
    Some(literal.value.to_str().into())
}

/// A code block that is being written.
struct Block<'a> {
    scope: ScopeId,
    code: Code,
    symbols: FxHashMap<NameId, SymbolId>,
    names: FxHashMap<Arc<str>, NameIndex>,
    slots: FxHashMap<SymbolId, u32>,
    cells: Vec<SymbolId>,
    control: Vec<control::Control<'a>>,
    offset: u32,
    /// Where the labels are, once they are placed.
    labels: Vec<Option<Target>>,
    /// Names of type parameters, while the header of a generic definition is written.
    overlay: Option<ScopeId>,
}

struct Lowerer<'a> {
    unit: &'a Arc<Unit>,
    facts: &'a FileFacts,
    dialect: &'a Dialect,
    words: EvalDialect,
    scopes: FxHashMap<(u32, u8), Vec<ScopeId>>,
    shared: Vec<bool>,
    blocks: Vec<Block<'a>>,
    /// Names of the classes around, for mangling.
    classes: Vec<String>,
}

/// A place in the program that is not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Label(u32);

impl<'a> Lowerer<'a> {
    fn block(&mut self) -> &mut Block<'a> {
        self.blocks.last_mut().expect("invariant: a block is open")
    }

    fn block_ref(&self) -> &Block<'a> {
        self.blocks.last().expect("invariant: a block is open")
    }

    fn kind(&self) -> ScopeKind {
        self.facts.scopes[self.block_ref().scope].kind
    }

    /// Opens the block of a scope.
    fn enter(&mut self, scope: ScopeId, name: &str, start: u32) {
        let row = &self.facts.scopes[scope];
        let qualname = self.qualname(scope, name);
        let symbols = self.facts.symbols_of(scope).map(|(id, symbol)| (symbol.name, id)).collect();
        let code = Code {
            unit: Arc::clone(self.unit),
            kind: row.kind,
            name: name.into(),
            qualname: qualname.into(),
            ops: Vec::new(),
            offsets: Vec::new(),
            constants: Vec::new(),
            name_lists: Vec::new(),
            names: Vec::new(),
            fast: Vec::new(),
            cells: Vec::new(),
            cell_sources: Vec::new(),
            inlined_into: Vec::new(),
            signature: Signature::default(),
            children: Vec::new(),
            is_generator: row.flags.contains(ScopeFlags::GENERATOR),
            is_coroutine: row.flags.contains(ScopeFlags::COROUTINE),
            is_inlined: row.flags.contains(ScopeFlags::INLINED),
            doc: None,
            start,
            class_cell: None,
            dunder_class: None,
            joins: Vec::new(),
        };
        self.blocks.push(Block {
            scope,
            code,
            symbols,
            names: FxHashMap::default(),
            slots: FxHashMap::default(),
            cells: Vec::new(),
            control: Vec::new(),
            offset: start,
            labels: Vec::new(),
            overlay: None,
        });
        self.own_cells(scope);
        // `super()` needs the class although nothing names it.
        let uses_class =
            self.symbol("__class__").filter(|&symbol| self.facts.symbols[symbol].place == ScopePlace::Free);
        if let Some(symbol) = uses_class {
            self.class_cell_in(self.blocks.len() - 1, symbol);
        }
    }

    /// The cell `__class__` of the class around, taken over by the blocks between.
    fn class_cell_in(&mut self, at: usize, symbol: SymbolId) -> Option<u32> {
        if let Some(known) = self.blocks[at].code.cells.iter().position(|name| &**name == "__class__") {
            return u32::try_from(known).ok();
        }
        let is_class = self.facts.scopes[self.blocks[at].scope].kind == ScopeKind::Class;
        let source =
            if is_class { CellSource::Own } else { CellSource::Outer(self.class_cell_in(at.checked_sub(1)?, symbol)?) };
        let block = &mut self.blocks[at];
        let index = u32::try_from(block.cells.len()).ok()?;
        block.cells.push(symbol);
        block.code.cells.push("__class__".into());
        block.code.inlined_into.push(false);
        block.code.cell_sources.push(source);
        if is_class {
            block.code.class_cell = Some(index);
        } else {
            block.code.dunder_class = Some(index);
        }
        Some(index)
    }

    /// Cells of the block itself, and of type parameters around it, come first.
    fn own_cells(&mut self, scope: ScopeId) {
        let mut own: Vec<SymbolId> = self
            .facts
            .symbols_of(scope)
            .filter(|(id, symbol)| {
                self.shared[id.index()] && matches!(symbol.place, ScopePlace::Local | ScopePlace::Cell)
                    || self.kind_of(scope) == ScopeKind::Class
                        && self.shared[id.index()]
                        && self.facts.symbol_name(*id) == "__class__"
            })
            .map(|(id, _)| id)
            .collect();
        if matches!(self.kind_of(scope), ScopeKind::Module) {
            own.clear();
        }
        for symbol in own {
            if self.kind_of(scope) == ScopeKind::Class && self.facts.symbol_name(symbol) != "__class__" {
                continue;
            }
            self.add_own_cell(symbol);
        }
    }

    fn add_own_cell(&mut self, symbol: SymbolId) -> u32 {
        let name: Arc<str> = self.facts.symbol_name(symbol).into();
        let is_class_cell = &*name == "__class__" && self.kind() == ScopeKind::Class;
        let block = self.block();
        let index = u32::try_from(block.cells.len()).unwrap_or(u32::MAX);
        block.cells.push(symbol);
        block.code.cells.push(name);
        block.code.inlined_into.push(false);
        block.code.cell_sources.push(CellSource::Own);
        if is_class_cell {
            block.code.class_cell = Some(index);
        }
        index
    }

    fn kind_of(&self, scope: ScopeId) -> ScopeKind {
        self.facts.scopes[scope].kind
    }

    fn qualname(&self, scope: ScopeId, name: &str) -> String {
        let Some(block) = self.blocks.last() else { return name.to_owned() };
        // A name that is declared global is qualified by nothing.
        let outer = &self.facts.scopes[block.scope];
        let own = self.facts.names.find(name).and_then(|id| block.symbols.get(&id));
        let is_definition = matches!(self.kind_of(scope), ScopeKind::Function | ScopeKind::Class);
        if is_definition && own.is_some_and(|&symbol| self.facts.symbols[symbol].place == ScopePlace::GlobalExplicit) {
            return name.to_owned();
        }
        match outer.kind {
            ScopeKind::Module => name.to_owned(),
            ScopeKind::Class => format!("{}.{name}", block.code.qualname),
            _ => format!("{}.<locals>.{name}", block.code.qualname),
        }
    }

    /// Closes the block and returns its code.
    fn leave(&mut self) -> Arc<Code> {
        let none = self.constant_index(Value::None);
        self.emit(Op::Const(none));
        self.emit(Op::Return);
        let mut block = self.blocks.pop().expect("invariant: a block is open");
        for op in &mut block.code.ops {
            patch(op, &block.labels);
        }
        block.code.joins = join::joins(&block.code.ops);
        Arc::new(block.code)
    }

    // ---- writing

    fn emit(&mut self, op: Op) {
        let block = self.block();
        let offset = block.offset;
        block.code.ops.push(op);
        block.code.offsets.push(offset);
    }

    /// What follows stands for this node.
    fn at(&mut self, node: &impl Ranged) {
        self.block().offset = node.range().start().to_u32();
    }

    fn label(&mut self) -> Label {
        let labels = &mut self.block().labels;
        labels.push(None);
        Label(u32::try_from(labels.len() - 1).unwrap_or(u32::MAX))
    }

    fn place(&mut self, label: Label) {
        let block = self.block();
        block.labels[label.0 as usize] = Some(u32::try_from(block.code.ops.len()).unwrap_or(u32::MAX));
    }

    fn constant_index(&mut self, value: Value) -> u32 {
        let constants = &mut self.block().code.constants;
        constants.push(value);
        u32::try_from(constants.len() - 1).unwrap_or(u32::MAX)
    }

    fn constant(&mut self, value: Value) {
        let index = self.constant_index(value);
        self.emit(Op::Const(index));
    }

    fn name_list(&mut self, names: Vec<Arc<str>>) -> u32 {
        let lists = &mut self.block().code.name_lists;
        lists.push(names.into());
        u32::try_from(lists.len() - 1).unwrap_or(u32::MAX)
    }

    fn name_index(&mut self, name: &str) -> NameIndex {
        let block = self.block();
        if let Some(&index) = block.names.get(name) {
            return index;
        }
        let text: Arc<str> = name.into();
        let index = u32::try_from(block.code.names.len()).unwrap_or(u32::MAX);
        block.code.names.push(Arc::clone(&text));
        block.names.insert(text, index);
        index
    }

    /// A slot that the program cannot name.
    fn temp(&mut self) -> u32 {
        let block = self.block();
        let index = u32::try_from(block.code.fast.len()).unwrap_or(u32::MAX);
        block.code.fast.push("".into());
        index
    }

    /// Something that is not modelled.
    fn opaque(&mut self, reason: &str, pops: u32, doubt: bool) {
        let reason = self.name_index(reason);
        self.emit(Op::Opaque { reason, pops, doubt });
    }

    // ---- names

    /// The scope of a node.
    fn scope_of(&self, kind: ScopeKind, name_start: u32, end: u32) -> Option<ScopeId> {
        let candidates = self.scopes.get(&(end, kind as u8))?;
        candidates
            .iter()
            .copied()
            .filter(|&id| self.facts.scopes[id].span.start <= name_start)
            .max_by_key(|&id| (self.facts.scopes[id].span.start, std::cmp::Reverse(id.index())))
    }
}

/// What is done with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Load,
    Store,
    Delete,
}

impl Access {
    const fn fast(self, slot: u32) -> Op {
        match self {
            Self::Load => Op::LoadFast(slot),
            Self::Store => Op::StoreFast(slot),
            Self::Delete => Op::DelFast(slot),
        }
    }

    const fn cell(self, cell: u32) -> Op {
        match self {
            Self::Load => Op::LoadCell(cell),
            Self::Store => Op::StoreCell(cell),
            Self::Delete => Op::DelCell(cell),
        }
    }

    const fn global(self, name: NameIndex) -> Op {
        match self {
            Self::Load => Op::LoadGlobal(name),
            Self::Store => Op::StoreGlobal(name),
            Self::Delete => Op::DelGlobal(name),
        }
    }

    const fn name(self, name: NameIndex) -> Op {
        match self {
            Self::Load => Op::LoadName(name),
            Self::Store => Op::StoreName(name),
            Self::Delete => Op::DelName(name),
        }
    }
}

/// Puts the place of a label into a jump. Jumps were written with the number of the label.
fn patch(op: &mut Op, labels: &[Option<Target>]) {
    let place = |label: &mut u32| *label = labels.get(*label as usize).copied().flatten().unwrap_or(0);
    match op {
        Op::Jump(target)
        | Op::JumpIfFalse(target)
        | Op::JumpIfTrue(target)
        | Op::JumpIfFalseOrPop(target)
        | Op::JumpIfTrueOrPop(target)
        | Op::ForIter(target)
        | Op::GetANext(target)
        | Op::PushHandler(target) => place(target),
        _ => {}
    }
}
