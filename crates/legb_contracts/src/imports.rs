//! Who imports whom, as contracts see it: modules by name, direct imports with their lines.
//!
//! [`Project`] holds all that is known, [`Imports`] the part that a set of contracts asks about: some root packages, with or
//! without what lies outside of them, with or without imports for type checkers. Modules are numbered in the order of their
//! names, so that all that lies below a module follows it. What an import loads is decided elsewhere.

use std::collections::BTreeMap;
use std::ops::Range;

use legb_graph::digraph::{Digraph, Node};

/// A module of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Its dotted name.
    pub name: String,
    /// The file to show, with `/` between its parts; none for a namespace package.
    pub path: Option<String>,
}

/// One name that a statement or call imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The importing module: an index into [`Project::modules`].
    pub importer: usize,
    /// The module that is imported, dotted: one of the project, or any other.
    pub imported: String,
    /// What is written, made absolute: `pkg.module.name` for `from .module import name`, `pkg.module` for `import
    /// pkg.module`, `pkg.module.*` for a star.
    pub object: String,
    /// The line on which the statement begins, from 1.
    pub line: u32,
    /// Under `if TYPE_CHECKING:`.
    pub typing: bool,
    /// A call such as `importlib.import_module("a")`.
    pub dynamic: bool,
    /// Names something that is neither a module nor directly in one: `pkg.missing.name`.
    pub beyond: bool,
    /// In a function, so that it runs later than the module around it.
    pub later: bool,
    /// Within any other statement: a function, a class, a condition, a `try`.
    pub nested: bool,
}

/// All modules of a project and all that they import.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The modules, sorted by name.
    pub modules: Vec<Module>,
    /// The imports, by importer, then line.
    pub imports: Vec<Import>,
}

/// Which part of the imports counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// The packages whose modules count; all modules of the project where it is empty.
    pub roots: Vec<String>,
    /// Whether imports of what lies outside of these packages count, each as its top-level package.
    pub external: bool,
    /// Names below the top level of outside packages that count by themselves, sorted.
    pub external_submodules: Vec<String>,
    /// Whether imports for type checkers are left out.
    pub without_typing: bool,
    /// Whether only those imports count that grimp sees.
    pub as_grimp: bool,
    /// Whether imports in functions are left out.
    pub without_later: bool,
}

/// The imports within one [`Scope`].
#[derive(Clone, Debug)]
pub struct Imports {
    modules: Vec<Module>,
    graph: Digraph,
    /// For each arrow of the graph its lines, sorted.
    lines: Vec<Vec<u32>>,
}

impl Project {
    /// The number of the module of this name.
    pub fn module(&self, name: &str) -> Option<usize> {
        self.modules.binary_search_by(|module| module.name.as_str().cmp(name)).ok()
    }
}

impl Scope {
    /// Whether a module of this name lies in the root packages.
    pub fn is_internal(&self, project: &Project, name: &str) -> bool {
        if self.roots.is_empty() { project.module(name).is_some() } else { self.has_root_of(name) }
    }

    fn has_root_of(&self, name: &str) -> bool {
        self.roots.iter().any(|root| is_in_package(name, root))
    }

    /// Whether an import counts, whatever it imports.
    pub fn counts(&self, import: &Import) -> bool {
        !(self.without_typing && import.typing || self.as_grimp && import.dynamic || self.without_later && import.later)
    }

    /// What an import of something outside of the root packages counts as: its top-level package, or, where that holds a
    /// root package, the shortest beginning of the name that does not. Nothing for what a package of the project lacks.
    fn outside(&self, project: &Project, object: &str) -> Option<Outside> {
        let top = object.split('.').next().unwrap_or(object);
        if self.as_grimp && self.roots.iter().any(|root| root == top) {
            // Grimp takes what a root package lacks for something outside, whose top level is the root package again.
            return Some(Outside { package: top.to_owned(), name: top.to_owned() });
        }
        let ends = object.match_indices('.').map(|(end, _)| end).chain([object.len()]);
        for candidate in ends.map(|end| &object[..end]) {
            let holds_a_root = if self.roots.is_empty() {
                match project.module(candidate).map(|module| &project.modules[module].path) {
                    Some(Some(_)) => return None,
                    found => found.is_some(),
                }
            } else {
                self.roots.iter().any(|root| is_in_package(root, candidate))
            };
            if !holds_a_root {
                let named = self.external_submodules.iter().filter(|name| is_in_package(name, candidate));
                let longest = named.filter(|name| is_in_package(object, name)).max_by_key(|name| name.len());
                let name = longest.map_or(candidate, String::as_str);
                return Some(Outside { package: candidate.to_owned(), name: name.to_owned() });
            }
        }
        None
    }
}

/// What lies outside of the root packages.
struct Outside {
    /// The top-level package.
    package: String,
    /// The part of it that counts.
    name: String,
}

impl Imports {
    /// The part of the imports of a project that lies within `scope`.
    pub fn new(project: &Project, scope: &Scope) -> Self {
        let is_inside = |name: &str| scope.roots.is_empty() || scope.has_root_of(name);
        let mut modules: BTreeMap<&str, Option<&str>> = project
            .modules
            .iter()
            .filter(|module| is_inside(&module.name))
            .map(|module| (module.name.as_str(), module.path.as_deref()))
            .collect();
        let counted = || {
            let inside = |import: &&Import| is_inside(&project.modules[import.importer].name);
            project.imports.iter().filter(inside).filter(|import| scope.counts(import))
        };
        let is_known = |import: &Import| {
            let is_missing = scope.as_grimp && import.beyond;
            !is_missing && is_inside(&import.imported) && project.module(&import.imported).is_some()
        };
        let mut outside: BTreeMap<&str, Outside> = BTreeMap::new();
        if scope.external {
            for import in counted().filter(|import| !is_known(import)) {
                if let Some(found) = scope.outside(project, &import.object) {
                    outside.insert(&import.object, found);
                }
            }
        }
        for found in outside.values() {
            modules.entry(&found.package).or_insert(None);
            modules.entry(&found.name).or_insert(None);
        }
        let numbers: BTreeMap<&str, Node> = modules.keys().zip(0..).map(|(name, number)| (*name, number)).collect();
        let mut arrows: BTreeMap<(Node, Node), Vec<u32>> = BTreeMap::new();
        for import in counted() {
            let imported = if is_known(import) {
                Some(import.imported.as_str())
            } else {
                outside.get(import.object.as_str()).map(|found| found.name.as_str())
            };
            if let Some(imported) = imported {
                let importer = project.modules[import.importer].name.as_str();
                arrows.entry((numbers[importer], numbers[imported])).or_default().push(import.line);
            }
        }
        let graph = Digraph::from_sorted(modules.len(), arrows.keys().copied());
        let lines = arrows.into_values().map(sorted).collect();
        let modules = modules
            .into_iter()
            .map(|(name, path)| Module { name: name.to_owned(), path: path.map(str::to_owned) })
            .collect();
        Self { modules, graph, lines }
    }

    /// The arrows from importer to imported.
    pub fn graph(&self) -> &Digraph {
        &self.graph
    }

    /// The name of a module.
    pub fn name(&self, module: Node) -> &str {
        &self.modules[module as usize].name
    }

    /// The file of a module.
    pub fn path(&self, module: Node) -> Option<&str> {
        self.modules[module as usize].path.as_deref()
    }

    /// The names of all modules, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.modules.iter().map(|module| module.name.as_str())
    }

    /// All modules.
    pub fn nodes(&self) -> Range<Node> {
        self.graph.nodes()
    }

    /// The number of the module of this name.
    pub fn find(&self, name: &str) -> Option<Node> {
        let index = self.modules.binary_search_by(|module| module.name.as_str().cmp(name)).ok()?;
        Node::try_from(index).ok()
    }

    /// A module and all below it.
    pub fn package(&self, module: Node) -> Range<Node> {
        let name = self.name(module);
        let below = self.modules[module as usize + 1..].iter().take_while(|other| is_in_package(&other.name, name));
        let count = below.count();
        module..module + 1 + Node::try_from(count).unwrap_or(Node::MAX)
    }

    /// The modules one level below a module.
    pub fn children(&self, module: Node) -> Vec<Node> {
        let depth = self.name(module).matches('.').count() + 1;
        let below = self.package(module).skip(1);
        below.filter(|&node| self.name(node).matches('.').count() == depth).collect()
    }

    /// The lines on which one module imports another, sorted; none if it does not.
    pub fn lines(&self, importer: Node, imported: Node) -> &[u32] {
        self.graph.arrow(importer, imported).map_or(&[], |arrow| &self.lines[arrow])
    }
}

/// Whether a module is a package or lies below it.
pub fn is_in_package(name: &str, package: &str) -> bool {
    name.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn sorted(mut lines: Vec<u32>) -> Vec<u32> {
    lines.sort_unstable();
    lines.dedup();
    lines
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Import, Imports, Module, Project, Scope};

    /// A project of the modules and imports named: `a -> b` on the lines 1, 2, 3…
    pub(crate) fn project(modules: &[&str], imports: &[(&str, &str)]) -> Project {
        let mut names: Vec<&str> = modules.to_vec();
        names.sort_unstable();
        let path = |name: &str| Some(format!("{}.py", name.replace('.', "/")));
        let modules = names.iter().map(|name| Module { name: (*name).to_owned(), path: path(name) }).collect();
        let mut project = Project { modules, imports: Vec::new() };
        for ((importer, imported), line) in imports.iter().zip(1..) {
            let importer = project.module(importer).expect("an importer is a module");
            project.imports.push(Import {
                importer,
                imported: (*imported).to_owned(),
                object: (*imported).to_owned(),
                line,
                typing: false,
                dynamic: false,
                beyond: false,
                later: false,
                nested: false,
            });
        }
        project
    }

    #[test]
    fn what_lies_below_a_module_follows_it() {
        let project = project(&["a", "a.b", "a.b.c", "a.b.c.d", "a.bc", "a.é", "ab"], &[]);
        let imports = Imports::new(&project, &Scope::default());
        let names = |nodes: Vec<u32>| nodes.into_iter().map(|node| imports.name(node).to_owned()).collect::<Vec<_>>();
        let find = |name| imports.find(name).unwrap();
        assert_eq!(names(imports.package(find("a.b")).collect()), ["a.b", "a.b.c", "a.b.c.d"]);
        assert_eq!(names(imports.children(find("a"))), ["a.b", "a.bc", "a.é"]);
        assert_eq!(names(imports.children(find("ab"))), [""; 0]);
    }

    #[test]
    fn what_lies_outside_counts_as_its_top_level_package() {
        let project = project(&["ns.mine", "ns.mine.a"], &[("ns.mine.a", "django.db"), ("ns.mine.a", "ns.theirs.x")]);
        let roots = vec!["ns.mine".to_owned()];
        let imports = Imports::new(&project, &Scope { roots: roots.clone(), external: true, ..Scope::default() });
        assert_eq!(imports.names().collect::<Vec<_>>(), ["django", "ns.mine", "ns.mine.a", "ns.theirs"]);
        let find = |name| imports.find(name).unwrap();
        assert_eq!(imports.path(find("django")), None);
        assert_eq!(imports.lines(find("ns.mine.a"), find("ns.theirs")), [2]);
        let inside = Imports::new(&project, &Scope { roots, ..Scope::default() });
        assert_eq!(inside.names().count(), 2);
        assert_eq!(inside.graph().arrow_count(), 0);
    }

    #[test]
    fn imports_for_type_checkers_are_left_out_on_request() {
        let mut project = project(&["a", "b"], &[("a", "b"), ("a", "b")]);
        project.imports[1].typing = true;
        let lines = |scope: &Scope| {
            let imports = Imports::new(&project, scope);
            imports.lines(0, 1).to_vec()
        };
        assert_eq!(lines(&Scope::default()), [1, 2]);
        assert_eq!(lines(&Scope { without_typing: true, ..Scope::default() }), [1]);
    }
}
