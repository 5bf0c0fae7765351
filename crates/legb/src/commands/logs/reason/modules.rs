//! What the modules of the project bind, and which names are spelt alike.

use std::fs;
use std::path::Path;

use legb_base::PyVersion;
use legb_graph::nearest;
use legb_project::SourceFile;
use legb_scope::explain::Source;
use legb_scope::facts::MODULE;

use crate::analysed::analysed;

/// The lines that bind each name of a module, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<(String, u32)>);

impl Names {
    /// Of a file; nothing is bound in one that cannot be read.
    pub(super) fn of(path: &str, version: PyVersion) -> Self {
        let look = |source: &Source<'_>| {
            let facts = source.facts;
            let binds = facts.refs.iter().filter(|row| {
                row.kind.binds() && facts.variable(row.symbol).is_some_and(|id| facts.symbols[id].scope == MODULE)
            });
            binds.map(|row| (facts.symbol_name(row.symbol).to_owned(), source.lines.line(row.span.start))).collect()
        };
        Self(read(path, version, look).unwrap_or_default())
    }

    /// The lines that bind a name.
    pub(super) fn lines(&self, name: &str) -> Vec<u32> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, line)| *line).collect()
    }

    /// The name that is spelt most like another.
    pub(super) fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.0.iter().map(|(known, _)| known.as_str()))
    }
}

/// Lets `look` look at a file; none if it is not there, or no text.
pub(super) fn read<R>(path: &str, version: PyVersion, look: impl FnOnce(&Source<'_>) -> R) -> Option<R> {
    let bytes = fs::read(path).ok()?;
    analysed(&SourceFile::new(path.into()), &bytes, version, |source, _| look(source)).ok()
}

/// The modules and packages beside each other in a folder, sorted.
pub(super) fn modules_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<String> = entries
        .filter_map(|entry| {
            let path = entry.path();
            let is_module = path.extension().is_some_and(|end| end == "py");
            let is_package = path.join("__init__.py").is_file();
            let name = path.file_stem()?.to_str()?.to_owned();
            ((is_module || is_package) && !name.starts_with("__")).then_some(name)
        })
        .collect();
    found.sort();
    found.dedup();
    found
}
