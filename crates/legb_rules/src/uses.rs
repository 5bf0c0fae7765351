//! Which variables does the file read at all, and which global names does it read that it never binds?
//!
//! Answered from CPython's flags alone, one pass over the symbols: a symbol that is read makes its variable read. A class
//! body that binds a name and reads it may find the module's variable instead, so that counts for both.

use legb_base::Dialect;
use legb_scope::builtins::is_builtin;
use legb_scope::facts::MODULE;
use legb_scope::{FileFacts, ScopeKind, SymbolFlags, SymbolId};

/// What one pass over the symbols tells.
pub(crate) struct Uses {
    /// One mark per symbol.
    read: Vec<bool>,
    /// Symbols that are looked up globally although the module binds no such name, and that are no builtins.
    pub(crate) loose: Vec<SymbolId>,
    /// Symbols of comprehensions that read what the module binds.
    pub(crate) global_in_comprehension: Vec<SymbolId>,
}

impl Uses {
    pub(crate) fn of(facts: &FileFacts, dialect: &Dialect) -> Self {
        let mut read = vec![false; facts.symbols.len()];
        let mut builtin: Vec<Option<bool>> = vec![None; facts.names.len()];
        let (mut loose, mut global_in_comprehension) = (Vec::new(), Vec::new());
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
            let kind = || facts.scopes[symbol.scope].kind;
            if symbol.place.is_global() {
                let bound = symbol.owner.is_some_and(|owner| facts.symbols[owner].flags.intersects(SymbolFlags::BOUND));
                if bound && kind().is_comprehension() {
                    global_in_comprehension.push(id);
                } else if !bound {
                    let known = &mut builtin[symbol.name.index()];
                    if !*known.get_or_insert_with(|| is_builtin(facts.symbol_name(id), dialect.version)) {
                        loose.push(id);
                    }
                }
            }
            if symbol.flags.intersects(SymbolFlags::BOUND)
                && kind() == ScopeKind::Class
                && let Some(global) = in_module.get_or_insert_with(|| module_symbols(facts))[symbol.name.index()]
            {
                read[global.index()] = true;
            }
        }
        Self { read, loose, global_in_comprehension }
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
