//! Which variables does the file read at all?
//!
//! Answered from CPython's flags alone, one pass over the symbols: a symbol that is read makes its variable read. A class
//! body that binds a name and reads it may find the module's variable instead, so that counts for both.

use legb_scope::facts::MODULE;
use legb_scope::{FileFacts, ScopeKind, SymbolFlags, SymbolId};

/// One mark per symbol.
pub(crate) struct Uses {
    read: Vec<bool>,
}

impl Uses {
    pub(crate) fn of(facts: &FileFacts) -> Self {
        let mut read = vec![false; facts.symbols.len()];
        let mut in_module: Option<Vec<Option<SymbolId>>> = None;
        for (id, symbol) in facts.symbols.iter_enumerated() {
            if !symbol.flags.intersects(SymbolFlags::USE | SymbolFlags::UNRECORDED)
                || symbol.flags.contains(SymbolFlags::INLINED)
            {
                continue;
            }
            if let Some(variable) = facts.variable(id) {
                read[variable.index()] = true;
            }
            let scope = &facts.scopes[symbol.scope];
            let finds_class_first = scope.kind == ScopeKind::Class && symbol.flags.intersects(SymbolFlags::BOUND);
            if finds_class_first
                && let Some(global) = in_module.get_or_insert_with(|| module_symbols(facts))[symbol.name.index()]
            {
                read[global.index()] = true;
            }
        }
        Self { read }
    }

    /// Whether any scope reads the variable of a symbol.
    pub(crate) fn reads(&self, variable: SymbolId) -> bool {
        self.read[variable.index()]
    }
}

/// The module's symbol of each name.
fn module_symbols(facts: &FileFacts) -> Vec<Option<SymbolId>> {
    let mut by_name = vec![None; facts.names.len()];
    for (id, symbol) in facts.symbols_of(MODULE) {
        by_name[symbol.name.index()] = Some(id);
    }
    by_name
}
