//! Who imports whom, through which lines: every import of the project between two of its modules.
//!
//! An edge leads from the importing module to the one that the import means ([`crate::resolver`]); the packages above that one,
//! which Python loads first, have no edge of their own ([`ImportGraph::with_packages`] adds them). A module that imports
//! itself has no edge, nor has `from a.b import c` where the project has no source of `a.b`.

use std::ops::Range;

use legb_project::{FileImports, ImportRow};
use legb_syntax::imports::ImportFlags;

use crate::digraph::{Digraph, Node, number};
use crate::modules::{ModuleId, ModuleTable};
use crate::resolver::{Resolver, Target};
use crate::when::{When, is_eager};

/// A place that imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImportSite {
    /// The line of the statement or call, from 1, in the file of the importing module.
    pub line: u32,
    /// When it runs.
    pub when: When,
    /// Whether it may run while the module is executed for the first time.
    pub eager: bool,
}

impl ImportSite {
    /// The site of an import with these flags.
    pub fn new(line: u32, flags: ImportFlags) -> Self {
        Self { line, when: When::of(flags), eager: is_eager(flags) }
    }
}

/// One import of one module by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    /// The importing module.
    pub from: ModuleId,
    /// The imported module.
    pub to: ModuleId,
    /// Where.
    pub site: ImportSite,
}

/// Which module imports which.
#[derive(Clone, Debug, Default)]
pub struct ImportGraph {
    forward: Digraph,
    backward: Digraph,
    /// The edge of each arrow of `backward`.
    backward_edges: Vec<u32>,
    /// Where the sites of each edge start in `sites`, and one more for the end of the last.
    offsets: Vec<u32>,
    sites: Vec<ImportSite>,
}

legb_base::define_index! {
    /// An edge: all imports of one module by another. Ids are in the order of importer, then imported module.
    pub struct EdgeId;
}

/// The imports of one file between modules of the project.
pub fn imports_of(resolver: &Resolver, importer: ModuleId, imports: &FileImports, found: &mut Vec<Import>) {
    let mut file = resolver.file(importer, imports);
    for row in &imports.rows {
        let to = match file.target(row) {
            Target::Module(to) => to,
            // `import a.b` takes `b` from `a`, as `from a import b` does, whatever it is: machine code, say.
            Target::Partial(to) if row.name.is_none() && lacks_one_part(resolver.table(), to, imports, row) => to,
            _ => continue,
        };
        if to != importer {
            found.push(Import { from: importer, to, site: ImportSite::new(row.line, row.flags) });
        }
    }
}

/// Whether all parts but the last of the name in a row are those of a package.
fn lacks_one_part(table: &ModuleTable, package: ModuleId, imports: &FileImports, row: &ImportRow) -> bool {
    let parts = |name: &str| name.split('.').count();
    let written = row.module.map_or("", |module| imports.names.text(module));
    row.level == 0 && table.get(package).kind.is_package() && parts(written) == parts(&table.get(package).name) + 1
}

impl ImportGraph {
    /// The graph of these imports between `modules` modules. The same import given twice counts once.
    pub fn new(modules: usize, mut imports: Vec<Import>) -> Self {
        imports.sort_unstable();
        imports.dedup();
        let mut offsets = Vec::new();
        let mut arrows: Vec<(Node, Node)> = Vec::new();
        for (index, import) in imports.iter().enumerate() {
            let arrow = (node(import.from), node(import.to));
            if arrows.last() != Some(&arrow) {
                arrows.push(arrow);
                offsets.push(number(index));
            }
        }
        offsets.push(number(imports.len()));
        let forward = Digraph::from_sorted(modules, arrows);
        let (backward, backward_edges) = forward.reversed();
        Self {
            forward,
            backward,
            backward_edges,
            offsets,
            sites: imports.into_iter().map(|import| import.site).collect(),
        }
    }

    /// How many modules there are.
    pub fn module_count(&self) -> usize {
        self.forward.node_count()
    }

    /// How many edges there are.
    pub fn edge_count(&self) -> usize {
        self.forward.arrow_count()
    }

    /// The edges as arrows between numbers: a node is the index of a module, an arrow the index of an edge.
    pub fn arrows(&self) -> &Digraph {
        &self.forward
    }

    /// All edges in order, each with the importing and the imported module.
    pub fn edges(&self) -> impl Iterator<Item = (EdgeId, ModuleId, ModuleId)> + '_ {
        let arrows = self.forward.arrows().enumerate();
        arrows.map(|(edge, (from, to))| (EdgeId::from_usize(edge), module(from), module(to)))
    }

    /// The edges of the imports in a module, and what they import.
    pub fn imported_by(&self, id: ModuleId) -> impl Iterator<Item = (EdgeId, ModuleId)> + '_ {
        let edges: Range<usize> = self.forward.arrows_of(node(id));
        edges.map(|edge| (EdgeId::from_usize(edge), module(self.forward.target(edge))))
    }

    /// The edges of the imports of a module, and who imports it.
    pub fn importers_of(&self, id: ModuleId) -> impl Iterator<Item = (EdgeId, ModuleId)> + '_ {
        let arrows: Range<usize> = self.backward.arrows_of(node(id));
        arrows
            .map(|arrow| (EdgeId::from_usize(self.backward_edges[arrow] as usize), module(self.backward.target(arrow))))
    }

    /// The edge from one module to another.
    pub fn edge(&self, from: ModuleId, to: ModuleId) -> Option<EdgeId> {
        self.forward.arrow(node(from), node(to)).map(EdgeId::from_usize)
    }

    /// The places of an edge, by line.
    pub fn sites(&self, edge: EdgeId) -> &[ImportSite] {
        &self.sites[self.offsets[edge.index()] as usize..self.offsets[edge.index() + 1] as usize]
    }

    /// Whether an edge has a place that may run while the importing module is executed for the first time.
    pub fn is_eager(&self, edge: EdgeId) -> bool {
        self.sites(edge).iter().any(|site| site.eager)
    }

    /// The imports one by one.
    pub fn imports(&self) -> impl Iterator<Item = Import> + '_ {
        self.edges().flat_map(|(edge, from, to)| self.sites(edge).iter().map(move |&site| Import { from, to, site }))
    }

    /// The graph of those imports for which `keeps` says so.
    #[must_use]
    pub fn filtered(&self, mut keeps: impl FnMut(&Import) -> bool) -> Self {
        Self::new(self.module_count(), self.imports().filter(|import| keeps(import)).collect())
    }

    /// The graph of the imports that may run while a module is executed for the first time.
    #[must_use]
    pub fn eager(&self) -> Self {
        self.filtered(|import| import.site.eager)
    }

    /// The graph with an edge to each package above an imported module as well, unless the importer is that package or in it:
    /// then it is there already.
    #[must_use]
    pub fn with_packages(&self, table: &ModuleTable) -> Self {
        let mut imports: Vec<Import> = self.imports().collect();
        for import in self.imports() {
            let is_inside = |package: ModuleId| {
                package == import.from || table.ancestors(import.from).any(|above| above == package)
            };
            let above = table.ancestors(import.to).filter(|package| !is_inside(*package));
            imports.extend(above.map(|to| Import { to, ..import }));
        }
        Self::new(self.module_count(), imports)
    }
}

pub(crate) fn node(id: ModuleId) -> Node {
    number(id.index())
}

pub(crate) fn module(node: Node) -> ModuleId {
    ModuleId::from_usize(node as usize)
}
