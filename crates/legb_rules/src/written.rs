//! How messages name what an import names: as it is written, on one line and without `as`.

use legb_scope::{FileFacts, Import};

/// The module of a `from` import with its dots, or the module that `import` names.
pub(crate) fn module(facts: &FileFacts, import: &Import) -> String {
    let dots = ".".repeat(import.level as usize);
    dots + import.module.map_or("", |id| facts.names.text(id))
}

/// The dotted name that an import names, with what a `from` import takes from the module.
pub(crate) fn import(facts: &FileFacts, import: &Import) -> String {
    let module = module(facts, import);
    match import.name.map(|id| facts.names.text(id)) {
        None => module,
        Some(name) if module.is_empty() || module.ends_with('.') => module + name,
        Some(name) => format!("{module}.{name}"),
    }
}
