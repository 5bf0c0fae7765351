//! What does each module of a project hold? The rows of `legb modules`.

use legb_graph::{ModuleId, ModuleKind, ModuleTable, Resolver, Target};
use rustc_hash::FxHashSet;
use serde::{Serialize, Serializer};

use crate::effects::Effect;
use crate::entry_points::EntryPoint;
use crate::outline::{DunderAll, Outline, WrittenImport};

/// What one module holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModuleReport {
    /// The dotted name; of a file that no import finds, its path.
    pub module: String,
    /// The file, as it is printed; a namespace package has none.
    pub path: Option<String>,
    /// `module`, `package`, `namespace` or `script`.
    #[serde(serialize_with = "word")]
    pub kind: ModuleKind,
    /// Functions at module level, in the order of their definition.
    pub functions: Vec<String>,
    /// Classes at module level, likewise.
    pub classes: Vec<String>,
    /// The modules imported anywhere in it, relative imports resolved, in the order of the text.
    pub imports: Vec<String>,
    /// The names it offers to others.
    pub public: Vec<String>,
    /// What `__all__` lists; none where there is no `__all__`.
    pub all: Option<Vec<String>>,
    /// Whether `__all__` is computed, so that it may list other names.
    pub all_incomplete: bool,
    /// Whether something in it runs only where it is the program.
    pub main_guard: bool,
    /// What happens while it is imported.
    pub effects: Vec<Effect>,
    /// The commands and plugins that lead to it.
    pub entry_points: Vec<EntryPoint>,
    /// Why it could not be read, or Python does not compile it.
    pub problem: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn word<S: Serializer>(kind: &ModuleKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.word())
}

/// What is known of one file.
#[derive(Clone, Debug, Default)]
pub struct Described {
    /// What it holds, as far as it could be read.
    pub outline: Outline,
    /// Why it could not be read, or Python does not compile it.
    pub problem: Option<String>,
}

/// The rows of the modules that are described, and of the namespace packages above them, in the order of their names.
///
/// `described` has an entry for every file of the table; those with none are left out.
pub fn report(resolver: &Resolver, described: &[Option<Described>], entry_points: &[EntryPoint]) -> Vec<ModuleReport> {
    let table = resolver.table();
    let is_described = |id: ModuleId| {
        let file = table.get(id).file;
        file.is_some_and(|file| described.get(file as usize).is_some_and(Option::is_some))
    };
    let mut shown: FxHashSet<ModuleId> = FxHashSet::default();
    for (id, _) in table.iter().filter(|(id, _)| is_described(*id)) {
        shown.insert(id);
        shown.extend(table.ancestors(id).filter(|above| table.get(*above).kind == ModuleKind::Namespace));
    }
    let rows = table.iter().filter(|(id, _)| shown.contains(id));
    rows.map(|(id, module)| {
        let nothing = Described::default();
        let file = module.file.and_then(|file| described.get(file as usize)?.as_ref()).unwrap_or(&nothing);
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        ModuleReport {
            module: module.name.to_string(),
            path: table.path(id).map(Into::into),
            kind: module.kind,
            functions: file.outline.functions.iter().map(|function| function.name.clone()).collect(),
            classes: file.outline.classes.iter().map(|class| class.name.clone()).collect(),
            imports: imports(resolver, id, &file.outline.imports),
            public: owned(file.outline.public(|import| is_own(resolver, id, import))),
            all: file.outline.all.as_ref().map(|all| all.names.clone()),
            all_incomplete: matches!(file.outline.all, Some(DunderAll { incomplete: true, .. })),
            main_guard: file.outline.main_guard,
            effects: file.outline.effects.clone(),
            entry_points: entry_points.iter().filter(|entry| *entry.module == *module.name).cloned().collect(),
            problem: file.problem.clone(),
        }
    })
    .collect()
}

/// The modules that the imports of a module name, each once.
fn imports(resolver: &Resolver, importer: ModuleId, written: &[WrittenImport]) -> Vec<String> {
    let mut seen = FxHashSet::default();
    let names = written.iter().map(|import| imported(resolver, importer, import));
    names.filter(|name| seen.insert(name.clone())).collect()
}

/// Whether the `__init__` of a package takes something from its own modules.
pub(crate) fn is_own(resolver: &Resolver, importer: ModuleId, import: &WrittenImport) -> bool {
    let table = resolver.table();
    let is_below = |id: ModuleId| id != importer && table.ancestors(id).any(|above| above == importer);
    table.get(importer).kind == ModuleKind::Package
        && import.name.is_some()
        && target(resolver, importer, import).module().is_some_and(is_below)
}

/// The name of the module that an import means; as it is written, where the project does not have it.
pub(crate) fn imported(resolver: &Resolver, importer: ModuleId, import: &WrittenImport) -> String {
    match target(resolver, importer, import) {
        Target::Module(id) => resolver.table().get(id).name.to_string(),
        Target::External | Target::Partial(_) | Target::Nowhere => {
            let name = import.module.as_deref();
            match resolver.full_name(importer, import.level, name) {
                Some(full) => full.into_owned(),
                None => format!("{}{}", ".".repeat(import.level as usize), name.unwrap_or_default()),
            }
        }
    }
}

/// What an import means.
pub(crate) fn target(resolver: &Resolver, importer: ModuleId, import: &WrittenImport) -> Target {
    let module = module_target(resolver, importer, import);
    match &import.name {
        Some(name) => resolver.from(module, name),
        None => module,
    }
}

/// What the module named in an import means, whatever is taken from it.
pub(crate) fn module_target(resolver: &Resolver, importer: ModuleId, import: &WrittenImport) -> Target {
    match (import.level, import.module.as_deref()) {
        (0, Some(name)) => resolver.absolute(importer, name),
        (0, None) => Target::Nowhere,
        (level, name) => resolver.relative(importer, level, name),
    }
}

/// Entry points that lead to a module that the project should have, and has not: its first part is there.
pub fn dangling<'a>(table: &ModuleTable, entry_points: &'a [EntryPoint]) -> Vec<&'a EntryPoint> {
    let missing = entry_points.iter().filter(|entry| table.find(&entry.module).is_none());
    missing.filter(|entry| entry.module.split('.').next().is_some_and(|top| table.find(top).is_some())).collect()
}
