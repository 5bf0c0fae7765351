//! The contracts of a `tach.toml`: each module imports what it declares, through the interfaces of others.
//!
//! The rules are those of tach 0.35. Code belongs to the module with the longest name that its own begins with, else to the
//! root. A violation lies in one import: chains do not matter here.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobMatcher};
use legb_graph::components::Components;
use legb_graph::digraph::{Digraph, Node};

use super::interface::link;
use super::{Exports, ExportsOf, Found, Subject};
use crate::contract::{Alert, Boundaries, Boundary, Complaint, Dependency, Exposed, ROOT, RootModule, Written};
use crate::imports::Import;
use crate::nearest::{help_for_module, nearest};
use crate::verdict::{Chain, Violation};

/// The modules of `tach.toml`, each with the names that it stands for.
struct Territory<'a> {
    /// By name; a name that is written out comes before one that a wildcard matches.
    by_name: BTreeMap<String, &'a Boundary>,
    root: Option<&'a Boundary>,
    boundaries: &'a Boundaries,
}

/// The module that some code belongs to: its name and what it says of itself.
#[derive(Clone)]
struct Owner<'a> {
    name: String,
    boundary: Option<&'a Boundary>,
}

impl<'a> Territory<'a> {
    fn new(subject: &mut Subject<'_>, boundaries: &'a Boundaries) -> Self {
        let mut by_name: BTreeMap<String, &Boundary> = BTreeMap::new();
        let mut root = None;
        for boundary in &boundaries.modules {
            let path = boundary.path.value.as_str();
            if path == ROOT {
                root = Some(boundary);
            } else if let Some(glob) = module_glob(path) {
                let names = subject.imports.names().filter(|name| glob.is_match(name.replace('.', "/")));
                for name in names {
                    by_name.entry(name.to_owned()).or_insert(boundary);
                }
            } else if subject.imports.find(path).is_some() {
                by_name.insert(path.to_owned(), boundary);
            } else {
                let help = help_for_module(path, &subject.imports.names());
                let message = format!("there is no module `{path}`");
                subject.warnings.push(Complaint { place: boundary.path.place.clone(), message, help });
            }
        }
        Self { by_name, root, boundaries }
    }

    fn owner(&self, name: &str) -> Owner<'a> {
        let mut beginning = name;
        loop {
            if let Some(boundary) = self.by_name.get(beginning) {
                return Owner { name: beginning.to_owned(), boundary: Some(boundary) };
            }
            match beginning.rsplit_once('.') {
                Some((shorter, _)) => beginning = shorter,
                None => return Owner { name: ROOT.to_owned(), boundary: self.root },
            }
        }
    }

    fn is_left_alone(&self, owner: &Owner<'_>) -> bool {
        owner.name == ROOT && self.boundaries.root == RootModule::Ignore
            || owner.boundary.is_some_and(|boundary| boundary.unchecked)
    }

    /// The imports from one module into another that count, with both.
    fn crossings<'s>(&self, subject: &Subject<'s>) -> Vec<(&'s Import, Owner<'a>, Owner<'a>)> {
        let mut crossings = Vec::new();
        for import in subject.named_imports() {
            let module = &subject.project.modules[import.importer];
            let is_excluded = module.path.as_deref().is_some_and(|path| self.boundaries.exclude.is_match(path));
            let top = import.object.split('.').next().unwrap_or_default();
            let is_own = subject.project.module(&import.imported).is_some() || subject.project.module(top).is_some();
            if is_excluded || !is_own || import.nested && self.boundaries.nested == Alert::Silent {
                continue;
            }
            let (user, used) = (self.owner(&module.name), self.owner(&import.object));
            let used_is_ignored = used.name == ROOT && self.boundaries.root == RootModule::Ignore;
            if user.name != used.name && !self.is_left_alone(&user) && !used_is_ignored {
                crossings.push((import, user, used));
            }
        }
        crossings
    }
}

pub(super) fn check_dependencies(subject: &mut Subject<'_>, boundaries: &Boundaries) -> Found {
    let territory = Territory::new(subject, boundaries);
    let mut complaints = unknown_layers(boundaries);
    complaints.extend(invisible(boundaries));
    complaints.extend(roots_named(boundaries));
    if !complaints.is_empty() {
        return Err(complaints);
    }
    let mut found = BTreeMap::new();
    let mut used_pairs = Vec::new();
    for (import, user, used) in territory.crossings(subject) {
        if let Some(what) = wrong_dependency(boundaries, &user, &used) {
            add(&mut found, subject, import, (user, used), what);
            continue;
        }
        let declared = user.boundary.and_then(|user| user.depends_on.as_ref()).into_iter().flatten();
        for dependency in
            declared.filter(|dependency| dependency.deprecated && is_meant(&dependency.path.value, &used.name))
        {
            let path = &dependency.path;
            let message = format!("{} still imports {}, a dependency marked as deprecated", user.name, path.value);
            let complaint = Complaint { place: path.place.clone(), message, help: None };
            if !subject.warnings.contains(&complaint) {
                subject.warnings.push(complaint);
            }
        }
        used_pairs.push((user.name, used.name));
    }
    let mut violations = violations(subject, found);
    if boundaries.exact {
        violations.extend(unused(boundaries, &territory, &used_pairs));
    }
    Ok(violations)
}

pub(super) fn check_exposure(
    subject: &mut Subject<'_>,
    boundaries: &Boundaries,
    exports: &ExportsOf<'_>,
) -> Vec<Violation> {
    let territory = Territory::new(subject, boundaries);
    // The other contract of the same file speaks of modules that do not exist.
    subject.warnings.clear();
    let mut strict: BTreeMap<&str, Exports> = BTreeMap::new();
    for (name, _) in territory.by_name.iter().filter(|(_, boundary)| boundary.strict) {
        let path = subject.imports.find(name).and_then(|module| subject.imports.path(module));
        strict.insert(name, path.map_or_else(Exports::default, exports));
    }
    let mut found = BTreeMap::new();
    for (import, user, used) in territory.crossings(subject) {
        let Some(member) = import.object.strip_prefix(&used.name).and_then(|rest| rest.strip_prefix('.')) else {
            continue;
        };
        let exported = strict.get(used.name.as_str());
        if is_exposed(&boundaries.interfaces, exported, member, &user.name, &used.name) == Some(false) {
            let what = format!("{member} is not part of the public interface of {}", used.name);
            let help =
                "import something that an interface of the module exposes, or add this to its `expose`".to_owned();
            add(&mut found, subject, import, (user, used), (what, help));
        }
    }
    violations(subject, found)
}

pub(super) fn check_declarations(boundaries: &Boundaries) -> Vec<Violation> {
    let names: Vec<&str> = boundaries.modules.iter().map(|module| module.path.value.as_str()).collect();
    let mut arrows = Vec::new();
    for (from, module) in boundaries.modules.iter().enumerate() {
        for dependency in module.depends_on.iter().flatten() {
            let to = names.iter().position(|name| *name == dependency.path.value);
            arrows.extend(to.map(|to| (number(from), number(to))));
        }
    }
    arrows.sort_unstable();
    arrows.dedup();
    let graph = Digraph::from_sorted(names.len(), arrows);
    let mut violations = Vec::new();
    for component in Components::of(&graph).cyclic() {
        let mut members: Vec<&str> = component.iter().map(|&node| names[node as usize]).collect();
        members.sort_unstable();
        violations.push(Violation {
            message: format!("{} declare that they depend on each other in a circle", members.join(", ")),
            importer: None,
            imported: None,
            chains: Vec::new(),
            help: "remove one of the dependencies of the circle from `depends_on`".to_owned(),
        });
    }
    violations.sort_by(|a, b| a.message.cmp(&b.message));
    violations
}

fn number(index: usize) -> Node {
    Node::try_from(index).expect("invariant: fewer than 2^32 modules")
}

/// What is wrong, and what to do about it.
type Wrong = (String, String);

/// What is wrong, by the modules that have to do with it and the object imported, and by which imports.
type Broken<'s> = BTreeMap<(String, String, String), (Wrong, BTreeMap<&'s str, Vec<&'s Import>>)>;

fn add<'s>(
    found: &mut Broken<'s>,
    subject: &Subject<'s>,
    import: &'s Import,
    (user, used): (Owner<'_>, Owner<'_>),
    wrong: Wrong,
) {
    let importer = subject.project.modules[import.importer].name.as_str();
    let key = (user.name, used.name, import.object.clone());
    let (_, importers) = found.entry(key).or_insert_with(|| (wrong, BTreeMap::new()));
    importers.entry(importer).or_default().push(import);
}

fn violations(subject: &Subject<'_>, found: Broken<'_>) -> Vec<Violation> {
    // One violation for each pair of modules and each reason; its chains are the imports.
    let mut joined: BTreeMap<(String, String, Wrong), Vec<Chain>> = BTreeMap::new();
    for ((user, used, _), (wrong, importers)) in found {
        let chains = importers.into_iter().map(|(importer, imports)| Chain::of(link(subject, importer, &imports)));
        joined.entry((user, used, wrong)).or_default().extend(chains);
    }
    let violation = |((user, used, (message, help)), chains): ((String, String, Wrong), Vec<Chain>)| Violation {
        message,
        importer: Some(user),
        imported: Some(used),
        chains,
        help,
    };
    joined.into_iter().map(violation).collect()
}

/// Whether one module must not use another, and why.
fn wrong_dependency(boundaries: &Boundaries, user: &Owner<'_>, used: &Owner<'_>) -> Option<Wrong> {
    let says = |what: String, help: &str| Some((what, help.to_owned()));
    let (user_name, used_name) = (&user.name, &used.name);
    let is_utility = used.boundary.is_some_and(|used| used.utility);
    let layers =
        (user.boundary.and_then(|user| user.layer.as_ref()), used.boundary.and_then(|used| used.layer.as_ref()));
    if let (Some(from), Some(to)) = layers {
        let position = |layer: &Written<String>| boundaries.layers.iter().position(|known| known.name == layer.value);
        let (Some(above), Some(below)) = (position(from), position(to)) else { return None };
        if above > below {
            let what = format!("{user_name} (layer {}) is below {used_name} (layer {})", from.value, to.value);
            return says(what, "move what is imported to a lower layer, or hand it in from above");
        }
        if above < below {
            let closed = boundaries.layers[above + 1..below].iter().find(|layer| layer.closed);
            if let Some(closed) = closed {
                let what = format!("{user_name} reaches past the closed layer {} to {used_name}", closed.name);
                return says(what, "go through a module of the closed layer");
            }
            if !boundaries.explicit_layers || is_utility {
                return None;
            }
        }
    }
    let declares = |list: &[Dependency]| list.iter().any(|dependency| is_meant(&dependency.path.value, used_name));
    // A root that is not written down depends on nothing, as any module of tach does that says nothing else.
    let nothing = Vec::new();
    let depends_on = user.boundary.map_or(Some(&nothing), |user| user.depends_on.as_ref());
    if user.boundary.is_some_and(|user| declares(&user.cannot_depend_on)) {
        return says(
            format!("{user_name} says that it cannot depend on {used_name}"),
            "remove the import, or the entry in `cannot_depend_on`",
        );
    }
    match depends_on {
        Some(list) if !is_utility && !declares(list) => says(
            format!("{user_name} does not declare that it depends on {used_name}"),
            "remove the import, or add the module to `depends_on`",
        ),
        _ => None,
    }
}

/// Whether interfaces let a member of one module be used by another; nothing where the module has no interface.
fn is_exposed(interfaces: &[Exposed], strict: Option<&Exports>, member: &str, user: &str, used: &str) -> Option<bool> {
    let is_visible = |interface: &&Exposed| {
        interface.visibility.as_ref().is_none_or(|visible| visible.iter().any(|name| name == user))
    };
    let of_module = |interface: &&Exposed| interface.from.iter().any(|pattern| pattern.is_match(used));
    let mut of_module: Vec<&Exposed> = interfaces.iter().filter(of_module).filter(is_visible).collect();
    if let Some(exclusive) = of_module.iter().position(|interface| interface.exclusive) {
        of_module = vec![of_module[exclusive]];
    }
    if of_module.is_empty() && strict.is_none() {
        return None;
    }
    let is_exported = strict.is_some_and(|exports| exports.open || exports.names.iter().any(|name| name == member));
    Some(
        is_exported
            || of_module.iter().any(|interface| interface.expose.iter().any(|pattern| pattern.is_match(member))),
    )
}

/// Dependencies that are declared and that no import uses.
fn unused(boundaries: &Boundaries, territory: &Territory<'_>, used: &[(String, String)]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for module in &boundaries.modules {
        let stands_for = |name: &str| {
            name == module.path.value || territory.by_name.get(name).is_some_and(|owner| std::ptr::eq(*owner, module))
        };
        for dependency in module.depends_on.iter().flatten() {
            let path = &dependency.path.value;
            if !used.iter().any(|(user, used)| stands_for(user) && is_meant(path, used)) {
                violations.push(Violation {
                    message: format!("{} declares that it depends on {path}, and does not", module.path.value),
                    importer: None,
                    imported: None,
                    chains: Vec::new(),
                    help: format!("remove `{path}` from its `depends_on`: the contract is exact"),
                });
            }
        }
    }
    violations
}

fn unknown_layers(boundaries: &Boundaries) -> Vec<Complaint> {
    let names = || boundaries.layers.iter().map(|layer| layer.name.as_str());
    let layers = boundaries.modules.iter().filter_map(|module| module.layer.as_ref());
    let unknown = layers.filter(|layer| !names().any(|name| name == layer.value));
    let complaint = |layer: &Written<String>| Complaint {
        place: layer.place.clone(),
        message: format!("there is no layer `{}`", layer.value),
        help: nearest(&layer.value, names()).map(|name| format!("did you mean `{name}`?")),
    };
    unknown.map(complaint).collect()
}

/// Dependencies that are declared on modules which are not visible to the one that declares them.
fn invisible(boundaries: &Boundaries) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for module in &boundaries.modules {
        for dependency in module.depends_on.iter().flatten() {
            let target = boundaries.modules.iter().find(|other| other.path.value == dependency.path.value);
            let visibility = target.and_then(|target| target.visibility.as_ref());
            let is_visible = |list: &Vec<String>| list.iter().any(|pattern| is_visible_to(pattern, &module.path.value));
            if visibility.is_some_and(|list| !is_visible(list)) {
                complaints.push(Complaint {
                    place: dependency.path.place.clone(),
                    message: format!("`{}` is not visible to `{}`", dependency.path.value, module.path.value),
                    help: Some("remove the dependency, or add the module to the `visibility` of the other".to_owned()),
                });
            }
        }
    }
    complaints
}

/// Mentions of the root where the configuration forbids them.
fn roots_named(boundaries: &Boundaries) -> Vec<Complaint> {
    let complaint = |place, message: &str| Complaint {
        place,
        message: message.to_owned(),
        help: Some("set `root_module = \"allow\"`, or name a module".to_owned()),
    };
    let mut complaints = Vec::new();
    for module in &boundaries.modules {
        if boundaries.root == RootModule::Forbid && module.path.value == ROOT {
            complaints.push(complaint(module.path.place.clone(), "`root_module` forbids that the root is a module"));
        }
        if matches!(boundaries.root, RootModule::Forbid | RootModule::DependenciesOnly) {
            let named = module.depends_on.iter().flatten().filter(|dependency| dependency.path.value == ROOT);
            let message = "`root_module` forbids that anything depends on the root";
            complaints.extend(named.map(|dependency| complaint(dependency.path.place.clone(), message)));
        }
    }
    complaints
}

/// Whether an entry of `depends_on` means a module.
fn is_meant(path: &str, module: &str) -> bool {
    module_glob(path).map_or(path == module, |glob| glob.is_match(module.replace('.', "/")))
}

/// Whether an entry of `visibility`, a pattern over the whole name, means a module.
fn is_visible_to(pattern: &str, module: &str) -> bool {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    glob.map_or(pattern == module, |glob| glob.compile_matcher().is_match(module))
}

/// The pattern that a module with wildcards stands for, over its name with `/` for the dots.
fn module_glob(path: &str) -> Option<GlobMatcher> {
    if !path.contains(['*', '?', '[', '{']) {
        return None;
    }
    let pattern = path.replace('.', "/");
    let pattern = pattern.strip_suffix("/**").map_or(pattern.clone(), |start| format!("{start}{{,/**}}"));
    let glob = GlobBuilder::new(&pattern).literal_separator(true).empty_alternates(true).build().ok()?;
    Some(glob.compile_matcher())
}
