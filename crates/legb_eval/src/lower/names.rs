//! Names: which operation reads, binds or deletes one, and where a frame keeps it.

use std::sync::Arc;

use legb_scope::{Place as ScopePlace, ScopeKind, SymbolId};
use legb_syntax::TextRange;

use super::{Access, Lowerer};
use crate::program::{CellSource, Op, Place};
use crate::value::Value;

impl Lowerer<'_> {
    /// The name as the class around mangles it (`_Py_Mangle`).
    pub(super) fn mangled(&self, name: &str) -> String {
        let Some(class) = self.classes.last().map(|class| class.trim_start_matches('_')) else {
            return name.to_owned();
        };
        if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || class.is_empty() {
            return name.to_owned();
        }
        format!("_{class}{name}")
    }

    pub(super) fn symbol(&self, mangled: &str) -> Option<SymbolId> {
        let id = self.facts.names.find(mangled)?;
        let block = self.block_ref();
        let over = block.overlay.and_then(|scope| self.facts.symbol_in(scope, id));
        over.or_else(|| block.symbols.get(&id).copied())
    }

    pub(super) fn load(&mut self, name: &str, node: TextRange) {
        self.at(&node);
        let mangled = self.mangled(name);
        if mangled == "__debug__" {
            self.constant(Value::Bool(true));
            return;
        }
        let op = self.access(&mangled, Access::Load);
        self.emit(op);
    }

    pub(super) fn store(&mut self, name: &str) {
        let mangled = self.mangled(name);
        let op = self.access(&mangled, Access::Store);
        self.emit(op);
    }

    pub(super) fn delete_name(&mut self, name: &str) {
        let mangled = self.mangled(name);
        let op = self.access(&mangled, Access::Delete);
        self.emit(op);
    }

    pub(super) fn access(&mut self, name: &str, access: Access) -> Op {
        let kind = self.kind();
        let symbol = self.symbol(name);
        let place = symbol.map_or(ScopePlace::GlobalImplicit, |symbol| self.facts.symbols[symbol].place);
        let named = matches!(kind, ScopeKind::Module | ScopeKind::Class);
        match (place, symbol) {
            (ScopePlace::Local | ScopePlace::Cell, Some(symbol))
                if self.block_ref().overlay == Some(self.facts.symbols[symbol].scope) =>
            {
                access.cell(self.cell_of(symbol))
            }
            (ScopePlace::Local | ScopePlace::Cell, Some(symbol)) if !named => {
                if self.shared[symbol.index()] {
                    access.cell(self.cell_of(symbol))
                } else {
                    access.fast(self.slot_of(symbol))
                }
            }
            (ScopePlace::Free, Some(symbol)) => {
                if name == "__class__"
                    && kind != ScopeKind::Class
                    && let Some(cell) = self.class_cell_in(self.blocks.len() - 1, symbol)
                {
                    return access.cell(cell);
                }
                let Some(owner) = self.facts.symbols[symbol].owner else {
                    let name = self.name_index(name);
                    return access.global(name);
                };
                let cell = self.cell_of(owner);
                if kind == ScopeKind::Class && access == Access::Load {
                    return Op::LoadClassFree(self.name_index(name), cell);
                }
                access.cell(cell)
            }
            (ScopePlace::GlobalExplicit, _) => {
                let name = self.name_index(name);
                access.global(name)
            }
            _ if named => {
                let name = self.name_index(name);
                access.name(name)
            }
            _ => {
                let name = self.name_index(name);
                access.global(name)
            }
        }
    }

    pub(super) fn slot_of(&mut self, symbol: SymbolId) -> u32 {
        let name: Arc<str> = self.facts.symbol_name(symbol).into();
        let block = self.block();
        if let Some(&slot) = block.slots.get(&symbol) {
            return slot;
        }
        let slot = u32::try_from(block.code.fast.len()).unwrap_or(u32::MAX);
        block.code.fast.push(name);
        block.slots.insert(symbol, slot);
        slot
    }

    /// The cell that holds a variable in the current frame, taken over from the frames around if needed.
    pub(super) fn cell_of(&mut self, variable: SymbolId) -> u32 {
        self.cell_in(self.blocks.len() - 1, variable)
    }

    pub(super) fn cell_in(&mut self, at: usize, variable: SymbolId) -> u32 {
        if let Some(index) = self.blocks[at].cells.iter().position(|&cell| cell == variable) {
            return u32::try_from(index).unwrap_or(u32::MAX);
        }
        let from = if at == 0 { 0 } else { self.cell_in(at - 1, variable) };
        let owner = self.facts.symbols[variable].scope;
        let block = &mut self.blocks[at];
        let index = u32::try_from(block.cells.len()).unwrap_or(u32::MAX);
        let name: Arc<str> = self.facts.symbol_name(variable).into();
        if &*name == "__class__" {
            block.code.dunder_class = Some(index);
        }
        // A chain of inlined comprehensions up to the owner reads the owner's local.
        let inlined = self.blocks[at].code.is_inlined
            && at > 0
            && (self.blocks[at - 1].scope == owner
                || self.blocks[at - 1].code.inlined_into.get(from as usize).copied().unwrap_or(false));
        let block = &mut self.blocks[at];
        block.cells.push(variable);
        block.code.cells.push(name);
        block.code.inlined_into.push(inlined);
        block.code.cell_sources.push(CellSource::Outer(from));
        index
    }

    /// Where a parameter goes.
    pub(super) fn parameter_place(&mut self, name: &str) -> Place {
        let mangled = self.mangled(name);
        match self.symbol(&mangled) {
            Some(symbol) if self.shared[symbol.index()] => Place::Cell(self.cell_of(symbol)),
            Some(symbol) => Place::Fast(self.slot_of(symbol)),
            None => Place::Fast(self.temp()),
        }
    }
}
