//! Does another file of the project take a name from a module, at any time? Then the name must stay where it is.

use std::path::Path;
use std::sync::Arc;

use legb_base::{Dialect, PyVersion};
use legb_graph::{ModuleId, Network, Resolver, Target};
use legb_project::{ImportScratch, file_imports};
use legb_syntax::SourceKind;

/// Looks at the files that import a module.
pub(crate) struct Takers<'a> {
    network: &'a Network,
    resolver: Resolver,
    version: PyVersion,
    here: &'a Path,
}

impl<'a> Takers<'a> {
    /// The files of a project, seen from a working directory.
    pub(crate) fn new(network: &'a Network, version: PyVersion, here: &'a Path) -> Self {
        let resolver = Resolver::new(Arc::clone(&network.project.table), version);
        Self { network, resolver, version, here }
    }

    /// Whether a file takes a name from the module at a path, by `from … import`.
    pub(crate) fn takes(&self, path: &str, name: &str) -> bool {
        let table = self.network.table();
        let path = Path::new(path);
        let shown = path.strip_prefix(self.here).unwrap_or(path);
        let Some(id) = table.of_path(shown).or_else(|| table.of_path(path)) else { return true };
        self.network.graph.importers_of(id).any(|(_, importer)| self.is_taken_by(importer, id, name))
    }

    fn is_taken_by(&self, importer: ModuleId, from: ModuleId, name: &str) -> bool {
        let Some(file) = self.network.table().file(importer) else { return false };
        let Ok(bytes) = std::fs::read(self.here.join(file.path())) else { return true };
        let dialect = Dialect::of(self.version);
        let (imports, _) = file_imports(&bytes, SourceKind::Python, &dialect, &mut ImportScratch::default());
        let mut resolved = self.resolver.file(importer, &imports);
        imports.rows.iter().any(|row| {
            let is_named = row
                .name
                .is_some_and(|taken| matches!(imports.names.text(taken), "*") || imports.names.text(taken) == name);
            is_named && resolved.target(row) == Target::Module(from)
        })
    }
}
