//! Which modules do the files of a folder import, and which might they?

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context;
use legb_base::{Dialect, NameId};
use legb_project::file_imports::{ImportScratch, file_imports};
use legb_resolve::{Environment, resolve_relative, roots};
use legb_syntax::SourceKind;

use crate::workspace;

/// Absolute names of what every n-th file below `folder` imports. `from a import b` gives `a`, and `a.b`, which may be a module.
pub(super) fn imported(folder: &Path, every: usize, environment: &Environment) -> anyhow::Result<BTreeSet<String>> {
    let dialect = Dialect::of(environment.version);
    let mut scratch = ImportScratch::default();
    let mut names = BTreeSet::new();
    let is_python = |name: &str| Path::new(name).extension().is_some_and(|suffix| suffix == "py");
    // Of a library without its installed packages; those are a case of their own.
    let skipped: &[&str] =
        if folder.ends_with("site-packages") { &["__pycache__"] } else { &["__pycache__", "site-packages"] };
    for path in workspace::files_below(folder, skipped, &is_python)?.into_iter().step_by(every) {
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let package = package_of(&path, folder, environment);
        let (imports, _) = file_imports(&bytes, SourceKind::Python, &dialect, &mut scratch);
        for row in &imports.rows {
            let text = |id: NameId| imports.names.text(id);
            let module = row.module.map(text).unwrap_or_default();
            let Ok(module) = resolve_relative(&package, row.level, module, &dialect) else { continue };
            if let Some(name) = row.name.map(text).filter(|name| *name != "*") {
                names.insert(format!("{module}.{name}"));
            }
            names.insert(module);
        }
    }
    // Names that no finder is asked for: calls with texts that are no names.
    names.retain(|name| legb_resolve::name::parse(name).is_ok_and(|(level, _)| level == 0));
    Ok(names)
}

/// The package that a file is in, by the closest entry of the path above it.
fn package_of(path: &Path, folder: &Path, environment: &Environment) -> String {
    let entries = environment.sys_path.iter().map(|entry| entry.path.as_path()).chain([folder]);
    let closest = entries.filter(|entry| path.starts_with(entry)).max_by_key(|entry| entry.components().count());
    let inside = closest.and_then(|entry| path.strip_prefix(entry).ok());
    let module = inside.and_then(|inside| roots::name_below(inside, None, &environment.suffixes));
    module.map(|module| module.package().to_owned()).unwrap_or_default()
}
