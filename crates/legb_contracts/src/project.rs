//! What contracts ask about, taken from the modules of a project and the imports of its files.

use legb_graph::{ModuleId, ModuleKind, ModuleTable, Resolver, Target};
use legb_project::FileImports;
use legb_syntax::imports::ImportFlags;

use crate::imports::{Import, Module, Project};

/// Imports that stand within another statement.
const NESTED: ImportFlags = ImportFlags::IN_FUNCTION
    .union(ImportFlags::IN_CLASS)
    .union(ImportFlags::IN_TRY)
    .union(ImportFlags::CONDITIONAL)
    .union(ImportFlags::TYPE_CHECKING);

/// What one module imports, name by name; for [`project()`], which numbers the importer.
pub fn named_imports(resolver: &Resolver, module: ModuleId, imports: &FileImports) -> Vec<Import> {
    let table = resolver.table();
    let mut resolved = resolver.file(module, imports);
    let text = |name| imports.names.text(name);
    let mut found = Vec::new();
    for row in &imports.rows {
        let Some(written) = resolver.full_name(module, row.level, row.module.map(text)) else { continue };
        let object = match row.name.map(text) {
            Some(name) => format!("{written}.{name}"),
            None => written.into_owned(),
        };
        let target = resolved.target(row);
        let imported = target.module().map_or_else(|| object.clone(), |module| table.get(module).name.to_string());
        found.push(Import {
            importer: module.index(),
            dynamic: row.flags.contains(ImportFlags::DYNAMIC),
            beyond: is_beyond(table, target, &object),
            imported,
            object,
            line: row.line,
            typing: row.flags.contains(ImportFlags::TYPE_CHECKING),
            later: row.flags.contains(ImportFlags::IN_FUNCTION),
            nested: row.flags.intersects(NESTED),
        });
    }
    found
}

/// The modules of a project, and what [`named_imports`] found in each.
///
/// Scripts that no import finds have no name that a contract could use; they are left out.
pub fn project(table: &ModuleTable, imports: impl IntoIterator<Item = (ModuleId, Vec<Import>)>) -> Project {
    let mut project = Project::default();
    let mut numbers = vec![None; table.len()];
    for (id, module) in table.iter().filter(|(_, module)| module.kind != ModuleKind::Script) {
        numbers[id.index()] = Some(project.modules.len());
        project.modules.push(Module { name: module.name.to_string(), path: table.path(id).map(Into::into) });
    }
    for (id, imports) in imports {
        if let Some(importer) = numbers[id.index()] {
            project.imports.extend(imports.into_iter().map(|import| Import { importer, ..import }));
        }
    }
    project
}

/// Whether what is imported lies deeper below the last module on the way to it than a name of that module would.
fn is_beyond(table: &ModuleTable, target: Target, object: &str) -> bool {
    let Some(module) = target.module() else { return false };
    let depth = |name: &str| name.matches('.').count();
    depth(object) > depth(&table.get(module).name) + 1
}
