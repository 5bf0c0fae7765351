//! What does a dotted expression name once imports are followed: `dt.now` behind `from datetime import datetime as dt` is
//! `datetime.datetime.now`.
//!
//! Only names with one binding in the file are followed, so that an answer is sure; what a name from another file is there is
//! not asked.

use legb_scope::builtins::is_builtin;
use legb_scope::{ImportFlags, RefId, RefKind, SymbolId};
use legb_syntax::Ranged;
use legb_syntax::ast::Expr;
use rustc_hash::FxHashMap;

use crate::context::FileCx;

/// Which reference stands where, and which import a variable holds.
#[derive(Default)]
pub(crate) struct Canonical {
    refs: FxHashMap<u32, RefId>,
    imports: FxHashMap<SymbolId, String>,
}

impl Canonical {
    pub(crate) fn of(cx: &FileCx<'_>) -> Self {
        let mut known = Self::default();
        for (id, reference) in cx.facts.refs.iter_enumerated() {
            if reference.kind == RefKind::Load {
                known.refs.insert(reference.span.start, id);
            }
        }
        for import in &cx.facts.imports {
            let Some(binding) = import.binding.filter(|_| import.level == 0) else { continue };
            let symbol = cx.facts.refs[binding].symbol;
            let Some(variable) = cx.facts.variable(symbol) else { continue };
            let module = import.module.map_or("", |id| cx.facts.names.text(id));
            let name = match import.name {
                Some(name) => format!("{module}.{}", cx.facts.names.text(name)),
                None if import.flags.contains(ImportFlags::ALIASED) => module.to_owned(),
                None => module.split('.').next().unwrap_or(module).to_owned(),
            };
            // A name that several imports bind alike is as sure as one.
            let same = known.imports.get(&variable).is_none_or(|other| *other == name);
            if same {
                known.imports.insert(variable, name);
            } else {
                known.imports.insert(variable, String::new());
            }
        }
        known.imports.retain(|&variable, name| {
            let imported = cx.facts.imports.iter().filter(|import| {
                import.binding.is_some_and(|binding| cx.facts.variable(cx.facts.refs[binding].symbol) == Some(variable))
            });
            !name.is_empty() && usize::from(cx.facts.symbols[variable].bindings) <= imported.count()
        });
        known
    }
}

impl Canonical {
    /// The variables that hold what has a full name, in the order of their ids.
    pub(crate) fn local_names(&self, full: &str) -> Vec<SymbolId> {
        let mut found: Vec<SymbolId> =
            self.imports.iter().filter(|(_, name)| *name == full).map(|(&variable, _)| variable).collect();
        found.sort_unstable();
        found
    }
}

impl FileCx<'_> {
    /// The reference of a name that is read at an offset.
    pub(crate) fn load_at(&self, offset: u32) -> Option<RefId> {
        self.canonical().refs.get(&offset).copied()
    }

    /// The full dotted name of what an expression names, if imports or the builtins tell: `builtins.open`, `os.path.join`.
    pub(crate) fn full_name(&self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Name(name) => {
                let reference = self.load_at(name.start().to_u32())?;
                let symbol = self.facts.refs[reference].symbol;
                match self.facts.variable(symbol) {
                    Some(variable) if self.canonical().imports.contains_key(&variable) => {
                        self.canonical().imports.get(&variable).cloned()
                    }
                    Some(variable) if self.facts.symbols[variable].bindings > 0 => None,
                    _ => {
                        let is_global = self.facts.symbols[symbol].place.is_global();
                        let id = name.id.as_str();
                        (is_global && is_builtin(id, self.dialect.version)).then(|| format!("builtins.{id}"))
                    }
                }
            }
            Expr::Attribute(attribute) => {
                let base = self.full_name(&attribute.value)?;
                Some(format!("{base}.{}", attribute.attr.as_str()))
            }
            _ => None,
        }
    }
}
