//! Which re-exports does the `__init__` of a package get, and is it safe to write them?
//!
//! Every module directly below the package gives the names of its `__all__`; without one, a module whose name has no leading
//! underscore gives the functions, classes and variables that it defines itself, and a package what it exposes. What the
//! author has written in the `__init__` stays, and its names win.

use legb_base::Dialect;
use legb_graph::reach::shortest_path;
use legb_graph::{ImportGraph, ModuleId, ModuleKind};
use legb_project::problem::shown;
use legb_scope::Analyzer;
use legb_scope::explain::Source;
use legb_syntax::ast::{Expr, Stmt};
use legb_syntax::decode::decode;
use legb_syntax::{LineIndex, Parsed, SourceKind, parse};
use rustc_hash::{FxHashMap, FxHashSet};

use super::region::Region;
use super::splice;
use crate::effects::EffectKind;
use crate::entry_points::EntryPoint;
use crate::exports::{ExportKind, Exports, Origin};
use crate::outline::{Outline, WrittenImport, outline};
use crate::report::{is_own, target};

/// How names are re-exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// By imports, when the package is loaded.
    Eager,
    /// By a `__getattr__` of the package, when a name is first asked for.
    Lazy,
}

/// A name, or a whole module, that is not re-exported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// The module.
    pub module: String,
    /// The name; none where nothing of the module is re-exported.
    pub name: Option<String>,
    /// Why.
    pub why: String,
}

/// What the `__init__` becomes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How names are re-exported.
    pub style: Style,
    /// The content that it gets.
    pub after: Vec<u8>,
    /// How many names the written part re-exports.
    pub names: usize,
    /// What is not re-exported, though it could be expected, sorted.
    pub left_out: Vec<LeftOut>,
    /// The import cycle that the re-exports would close, and what else could be done: harmless only where every module of the
    /// package can still be imported first.
    pub cycle: Option<Refused>,
}

/// Why nothing can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What is in the way.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

fn refused(what: impl Into<String>, remedy: &str) -> Refused {
    Refused { what: what.into(), remedy: remedy.to_owned() }
}

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Who imports whom.
    pub graph: &'a ImportGraph,
    /// The commands that lead into the project: their modules are programs.
    pub entry_points: &'a [EntryPoint],
    /// The package.
    pub package: ModuleId,
    /// The content of its `__init__`.
    pub bytes: &'a [u8],
    /// How names shall be re-exported; none for the way that is there, or eagerly if none is.
    pub style: Option<Style>,
    /// The version of Python.
    pub dialect: &'a Dialect,
}

/// Plans the `__init__` of a package.
pub fn plan(exports: &Exports<'_>, request: &Request<'_>) -> Result<Plan, Refused> {
    let Request { graph, entry_points, package, bytes, style, dialect } = *request;
    if exports.table().get(package).kind != ModuleKind::Package {
        let what = format!("`{}` has no `__init__`", exports.table().get(package).name);
        return Err(refused(what, "create an empty `__init__.py` in its folder first"));
    }
    let text = decode(bytes, dialect).map_err(|error| refused(error.message, "mend the file first"))?;
    let marked = splice::marked(&text).map_err(|what| refused(what, "remove the stray comment"))?;
    let own = splice::without(&text, marked.as_ref());
    let was_lazy = marked.is_some()
        && parse(&text, SourceKind::Python, dialect).suite().iter().any(is_getattr)
        && !parse(&own, SourceKind::Python, dialect).suite().iter().any(is_getattr);
    let style = style.unwrap_or(if was_lazy { Style::Lazy } else { Style::Eager });
    let kept = Kept::read(&own, dialect)?;
    if kept.outline.all.as_ref().is_some_and(|all| all.incomplete) {
        return Err(refused(
            "its `__all__` is computed, so that nothing can be added",
            "write `__all__` as a list of names",
        ));
    }
    if style == Style::Lazy && kept.parsed.suite().iter().any(is_getattr) {
        return Err(refused("it has a `__getattr__` of its own", "leave out `--lazy`, or remove that function"));
    }
    let mut choice = Choice { exports, package, kept: &kept, entry_points, groups: Vec::new(), left_out: Vec::new() };
    choice.choose();
    let (groups, mut left_out) = (choice.groups, choice.left_out);
    left_out.sort();
    let (at_once, groups): (Vec<_>, Vec<_>) =
        groups.into_iter().map(|group| split(group, style)).partition(|(at_once, _)| *at_once);
    let strip = |groups: Vec<(bool, Group)>| groups.into_iter().map(|(_, group)| group).collect::<Vec<_>>();
    let (at_once, groups) = (strip(at_once), strip(groups));
    let loaded = if style == Style::Eager { &groups } else { &at_once };
    let cycle = closed_cycle(exports, graph, package, loaded);
    let region = kept.region(exports, package, &groups, &at_once, style);
    let names: usize = groups.iter().chain(&at_once).map(|(_, names)| names.len()).sum();
    let is_needed = names > 0 || region.extends.is_none() && !region.all.is_empty();
    let lines = region.lines();
    let after = match &marked {
        Some(marked) => splice::replace(bytes, marked, &lines),
        None if is_needed => splice::insert(bytes, splice::insertion_line(&kept.parsed, &kept.lines), &lines),
        None => bytes.to_vec(),
    };
    check_result(&after, dialect)?;
    Ok(Plan { style, after, names, left_out, cycle })
}

/// A module below the package, by its tail, and names taken from it.
type Group = (String, Vec<String>);

/// A name that is called like its module cannot be lazy: once the module is loaded, its name stands for it.
fn split((tail, names): Group, style: Style) -> (bool, Group) {
    let at_once = style == Style::Lazy && names.contains(&tail);
    (at_once, (tail, names))
}

fn is_getattr(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::FunctionDef(function) if function.name.as_str() == "__getattr__")
}

/// What the author has written in the `__init__`.
struct Kept {
    outline: Outline,
    parsed: Parsed,
    lines: LineIndex,
}

impl Kept {
    fn read(text: &str, dialect: &Dialect) -> Result<Self, Refused> {
        let parsed = parse(text, SourceKind::Python, dialect);
        let lines = LineIndex::new(text);
        let mut analyzer = Analyzer::default();
        let facts = analyzer.analyze(&parsed, text, dialect, SourceKind::Python);
        if let Some(error) = parsed.grammar_error(text, dialect).as_ref().or(facts.errors.first()) {
            let line = error.position(&lines).lineno.map(|line| format!("line {line}: ")).unwrap_or_default();
            return Err(refused(format!("{line}{}: {}", error.exception, error.message), "mend the file first"));
        }
        let source = Source { path: "", text, lines: &lines, parsed: &parsed, facts, dialect };
        let outline = outline(&source);
        Ok(Self { outline, parsed, lines })
    }

    /// The names that the author binds, each with where it leads.
    fn bound(&self, exports: &Exports<'_>, package: ModuleId) -> FxHashMap<String, Option<Origin>> {
        let outline = &self.outline;
        let definitions = outline.functions.iter().chain(&outline.classes).chain(&outline.variables);
        let mut bound: FxHashMap<String, Option<Origin>> =
            definitions.map(|definition| (definition.name.clone(), None)).collect();
        for import in outline.imports.iter().filter(|import| import.at_module_level && !import.type_checking) {
            for name in Self::names_of(exports, package, import) {
                let origin = exports.find(package, &name);
                bound.insert(name, origin);
            }
        }
        bound
    }

    fn names_of(exports: &Exports<'_>, package: ModuleId, import: &WrittenImport) -> Vec<String> {
        match (&import.bound, import.name.as_deref()) {
            (Some(bound), _) => vec![bound.clone()],
            (None, Some("*")) => match target(exports.resolver(), package, import).module() {
                Some(from) => {
                    let mut names: Vec<String> =
                        exports.star_names(from, &mut FxHashSet::default()).into_iter().collect();
                    names.sort_unstable();
                    names
                }
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// What is written besides.
    fn region<'a>(
        &self,
        exports: &Exports<'_>,
        package: ModuleId,
        groups: &'a [Group],
        at_once: &'a [Group],
        style: Style,
    ) -> Region<'a> {
        let mut all: Vec<String> = groups.iter().chain(at_once).flat_map(|(_, names)| names.clone()).collect();
        let extends = self.outline.all.as_ref().map(|listed| {
            all.retain(|name| !listed.names.contains(name));
            self.all_is_tuple()
        });
        if extends.is_none() {
            let own = |import: &WrittenImport| is_own(exports.resolver(), package, import);
            all.extend(self.outline.public(own).into_iter().map(str::to_owned));
            for import in
                self.outline.imports.iter().filter(|import| import.name.as_deref() == Some("*") && own(import))
            {
                all.extend(Self::names_of(exports, package, import));
            }
        }
        all.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
        all.dedup();
        let has_dir = self.outline.functions.iter().any(|function| function.name == "__dir__");
        Region { groups, at_once, all, extends, lazy: style == Style::Lazy && !groups.is_empty(), has_dir }
    }

    fn all_is_tuple(&self) -> bool {
        self.parsed.suite().iter().any(|stmt| {
            let (target, value) = match stmt {
                Stmt::Assign(assign) => (assign.targets.first(), Some(&*assign.value)),
                Stmt::AnnAssign(assign) => (Some(&*assign.target), assign.value.as_deref()),
                _ => return false,
            };
            matches!(target, Some(Expr::Name(name)) if name.id.as_str() == "__all__")
                && matches!(value, Some(Expr::Tuple(_)))
        })
    }
}

/// Constants, then classes, then the rest, as import sorters have it.
fn sort_key(name: &str) -> (u8, &str) {
    let rank = match name.trim_start_matches('_') {
        bare if bare.len() > 1 && bare.chars().all(|c| !c.is_lowercase()) => 0,
        bare if bare.starts_with(char::is_uppercase) => 1,
        _ => 2,
    };
    (rank, name)
}

/// Chooses the names.
struct Choice<'a> {
    exports: &'a Exports<'a>,
    package: ModuleId,
    kept: &'a Kept,
    entry_points: &'a [EntryPoint],
    groups: Vec<Group>,
    left_out: Vec<LeftOut>,
}

impl Choice<'_> {
    fn choose(&mut self) {
        let table = self.exports.table();
        let children: Vec<ModuleId> =
            table.iter().filter(|(_, module)| module.parent == Some(self.package)).map(|(id, _)| id).collect();
        let tails: FxHashSet<&str> = children.iter().map(|child| table.get(*child).tail()).collect();
        let bound = self.kept.bound(self.exports, self.package);
        let mut taken: FxHashMap<String, (ModuleId, Option<Origin>)> = FxHashMap::default();
        for &child in &children {
            let tail = table.get(child).tail();
            if is_for_tests(tail) || tail == "__main__" || !self.may_be_loaded(child) {
                continue;
            }
            let offered = self.offered(child);
            if offered.is_empty() && self.holds_names(child) {
                self.leave_out(child, None, "it exposes nothing yet; write its `__init__` first");
            }
            for name in offered {
                let origin = self.exports.find(child, &name);
                let known = origin.as_ref().is_some_and(|origin| origin.kind != ExportKind::Unknown || origin.lazy);
                if !known {
                    self.leave_out(child, Some(&name), "its `__all__` lists it, but nothing there defines it");
                } else if let Some(already) = bound.get(&name) {
                    if !same(already.as_ref(), origin.as_ref()) {
                        self.leave_out(child, Some(&name), "the `__init__` binds that name to something else");
                    }
                } else if name != tail && tails.contains(name.as_str()) {
                    self.leave_out(
                        child,
                        Some(&name),
                        "a module of the package has that name and would take its place",
                    );
                } else if let Some((other, their)) = taken.get(&name) {
                    if !same(their.as_ref(), origin.as_ref()) {
                        let why = format!("`{}` offers that name too", table.get(*other).name);
                        self.leave_out(child, Some(&name), &why);
                    }
                } else {
                    taken.insert(name, (child, origin));
                }
            }
        }
        for child in children {
            let mut names: Vec<String> =
                taken.iter().filter(|(_, (from, _))| *from == child).map(|(name, _)| name.clone()).collect();
            if !names.is_empty() {
                names.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
                self.groups.push((table.get(child).tail().to_owned(), names));
            }
        }
    }

    /// The names that a module below the package offers.
    fn offered(&self, child: ModuleId) -> Vec<String> {
        let outline = self.exports.outline(child);
        if outline.all.is_none() && self.exports.table().get(child).tail().starts_with('_') {
            return Vec::new();
        }
        let mut names = self.exports.public(child);
        if outline.all.is_none() {
            // Variables in lower case are the module's own business: loggers, caches, applications.
            let is_variable = |name: &String| outline.variables.iter().any(|variable| variable.name == *name);
            names.retain(|name| !is_variable(name) || sort_key(name).0 < 2);
        }
        names
    }

    /// Whether a package below holds public definitions that it does not expose.
    fn holds_names(&self, child: ModuleId) -> bool {
        let table = self.exports.table();
        let modules = table.iter().filter(|(_, module)| module.parent == Some(child)).map(|(id, _)| id);
        let mut modules = modules.filter(|id| !is_for_tests(table.get(*id).tail()));
        table.get(child).kind == ModuleKind::Package
            && !table.get(child).tail().starts_with('_')
            && modules.any(|id| self.exports.outline(id).defined_publicly().next().is_some())
    }

    /// Whether loading a module with the package would do no harm.
    fn may_be_loaded(&mut self, child: ModuleId) -> bool {
        if let Some(problem) = self.exports.problem(child) {
            let why = format!("it does not compile: {problem}");
            self.leave_out(child, None, &why);
            return false;
        }
        let outline = self.exports.outline(child);
        let module = &self.exports.table().get(child).name;
        let entry = self.entry_points.iter().find(|entry| *entry.module == **module && outline.all.is_none());
        if let Some(entry) = entry {
            let why = format!("it is a program, entered by `{}`, and has no `__all__`", entry.name);
            self.leave_out(child, None, &why);
            return false;
        }
        let effects = &outline.effects;
        let ends = effects.iter().find(|effect| matches!(effect.kind, EffectKind::Exit | EffectKind::Input));
        if let Some(effect) = ends {
            let why = format!("importing it has an effect on line {}: {}", effect.line, effect.what);
            self.leave_out(child, None, &why);
            return false;
        }
        true
    }

    fn leave_out(&mut self, module: ModuleId, name: Option<&str>, why: &str) {
        let module = self.exports.table().get(module).name.to_string();
        self.left_out.push(LeftOut { module, name: name.map(str::to_owned), why: why.to_owned() });
    }
}

/// Whether two names lead to the same thing.
fn same(a: Option<&Origin>, b: Option<&Origin>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (&a.module_name, &a.name) == (&b.module_name, &b.name),
        _ => false,
    }
}

/// Whether a module is of the tests.
fn is_for_tests(tail: &str) -> bool {
    matches!(tail, "tests" | "test" | "conftest") || tail.starts_with("test_") || tail.ends_with("_test")
}

/// The first cycle by which a module that the package now loads would import the package while it is half made.
fn closed_cycle(exports: &Exports<'_>, graph: &ImportGraph, package: ModuleId, loaded: &[Group]) -> Option<Refused> {
    let table = exports.table();
    let eager = graph.eager();
    let node = |id: ModuleId| u32::try_from(id.index()).unwrap_or(u32::MAX);
    for (tail, _) in loaded {
        let Some(child) = table.child(Some(package), tail) else { continue };
        if shortest_path(eager.arrows(), &[node(package)], &[node(child)]).is_some() {
            continue;
        }
        let Some(way) = shortest_path(eager.arrows(), &[node(child)], &[node(package)]) else { continue };
        let way: Vec<ModuleId> = way.into_iter().map(|node| ModuleId::from_usize(node as usize)).collect();
        let step = |pair: &[ModuleId]| {
            let site = graph.edge(pair[0], pair[1]).and_then(|edge| graph.sites(edge).iter().find(|site| site.eager));
            let line = site.map(|site| format!(":{}", site.line)).unwrap_or_default();
            let file = table.file(pair[0]).map(|file| shown(file.path()).into_owned()).unwrap_or_default();
            format!("`{}` imports `{}` ({file}{line})", table.get(pair[0]).name, table.get(pair[1]).name)
        };
        let chain: Vec<String> = way.windows(2).map(step).collect();
        let package = &table.get(package).name;
        let what = format!(
            "re-exporting `{package}.{tail}` would close an import cycle, in which `{package}` is used half made: {}",
            chain.join(", ")
        );
        let remedy =
            "let that module import from where the name is defined instead of from the package, or use `--lazy`";
        return Some(refused(what, remedy));
    }
    None
}

/// What is written must be a program.
fn check_result(bytes: &[u8], dialect: &Dialect) -> Result<(), Refused> {
    let remedy = "this is a bug in legb, or the file's encoding lacks a character of a name; nothing was written";
    let text =
        decode(bytes, dialect).map_err(|error| refused(format!("the result is no text: {}", error.message), remedy))?;
    let parsed = parse(&text, SourceKind::Python, dialect);
    match parsed.grammar_error(&text, dialect) {
        Some(error) => Err(refused(format!("the result is not valid: {}", error.message), remedy)),
        None => Ok(()),
    }
}
