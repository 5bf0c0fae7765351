//! Reasons of failures about imports: the chain that led back to a half-made module, the file that hides another, the name or
//! module that is not there.

use std::path::Path;

use legb_base::PyVersion;
use legb_log::Failure;
use legb_resolve::stdlib;
use serde_json::{Map, Value, json};

use crate::story::{described, word};

use super::chain::{self, Cycle};
use super::edits::{import_above, respelt, without_dots};
use super::entry::{self, Run};
use super::frames::{Difference, Placed};
use super::modules::{Names, modules_in};
use super::repair::{Choice, Proposal, located};
use super::{Case, Reason, Reasons, Tie};

/// What is found out about a failure before anything is followed.
struct Finding {
    /// Sentences, the answer first.
    because: Vec<String>,
    proposals: Vec<Proposal>,
    /// The chain from the half-made module to the line that asks it.
    chain: Vec<Value>,
    /// The word for it in data.
    word: &'static str,
}

impl Finding {
    fn new(word: &'static str, because: Vec<String>, proposals: Vec<Proposal>) -> Self {
        Self { because, proposals, chain: Vec::new(), word }
    }
}

/// A name that a module does not have.
#[derive(Clone, Copy)]
struct Missing<'a> {
    name: &'a str,
    module: &'a str,
    path: Option<&'a str>,
}

/// The reason of a failure about an import.
pub(super) fn reason(reasons: &Reasons<'_>, case: &Case<'_>) -> Tie {
    let is_recursion = case.failure == Failure::Recursion;
    let failing = match case.failing() {
        Ok(failing) => failing,
        Err(_) if is_recursion => return Tie::NotAsked,
        Err(why) => return Tie::Untied(why),
    };
    let found = match case.failure {
        Failure::FromImport { name, module, path } | Failure::Attribute { name, module, path } => {
            missing_name(reasons, case, failing, Missing { name, module, path })
        }
        Failure::NoModule { module, not_package } => no_module(reasons, case, failing, module, not_package),
        Failure::NoPackage => Ok(no_package(reasons, case, failing)),
        Failure::BeyondTop => Ok(beyond_top(reasons, case, failing)),
        _ => match recursion(case) {
            Some(found) => Ok(found),
            None => return Tie::NotAsked,
        },
    };
    let found = match found {
        Ok(found) => found,
        Err(why) => return Tie::Untied(why),
    };
    if !failing.is_tied && found.chain.is_empty() {
        return Tie::Untied(failing.difference.as_ref().map(Difference::sentence).unwrap_or_default());
    }
    Tie::Tied(Box::new(told(reasons, case, failing, found)))
}

fn missing_name(
    reasons: &Reasons<'_>,
    case: &Case<'_>,
    failing: &Placed<'_>,
    missing: Missing<'_>,
) -> Result<Finding, String> {
    let Missing { name, module, .. } = missing;
    let file = file_of(reasons, case, failing, missing);
    let names = file.as_deref().map(|file| Names::of(file, case.version)).unwrap_or_default();
    let bound = names.lines(name);
    let submodule = file.as_deref().and_then(|file| submodule(file, name));
    if submodule.is_some() {
        let full = format!("{module}.{name}");
        if let Some(cycle) = Cycle::in_frames(case, failing, &full) {
            let mut found = circular(case, failing, Missing { module: &full, ..missing }, &cycle, &[]);
            found.because = vec![
                format!(
                    "circular import: {}:{} wants `{name}` of `{module}`, but `{full}` is only half done, and a package gets \
                     the attribute when the import of its submodule has ended",
                    failing.path, failing.line
                ),
                chain::sentence(case, failing),
            ];
            return Ok(found);
        }
    }
    if let Some(cycle) = Cycle::in_frames(case, failing, module)
        && (!bound.is_empty() || !stdlib::is_stdlib(module, case.version))
    {
        return Ok(circular(case, failing, missing, &cycle, &bound));
    }
    if let Some(submodule) = submodule {
        let because =
            format!("`{name}` is the submodule {submodule} of `{module}`, and nothing had imported it when this ran");
        let import = import_above(failing, case.version, &format!("import {module}.{name}"));
        return Ok(Finding::new("submodule-not-imported", vec![because], import.into_iter().collect()));
    }
    let Some(file) = file else {
        return Err(format!("`{module}` is no module of this project"));
    };
    if hides_library(reasons, &file, module, case.version) && bound.is_empty() {
        return Ok(hidden(&file, missing, case));
    }
    if is_same_file(&file, &failing.path) && bound.iter().all(|line| *line >= failing.line) {
        return Ok(itself(&file, missing, &bound));
    }
    if !bound.is_empty() {
        let lines: Vec<String> = bound.iter().map(u32::to_string).collect();
        let because = format!(
            "{file} binds `{name}` on line {}, but that had not run, or not on this path, when {}:{} asked for it",
            lines.join(", "),
            failing.path,
            failing.line
        );
        return Ok(Finding::new("name-not-bound", vec![because], Vec::new()));
    }
    let mut because = vec![format!("nothing in {file} binds `{name}`, and it has no submodule of that name")];
    let near = names.nearest(name).map(str::to_owned);
    because.extend(near.as_deref().map(|near| {
        let lines: Vec<String> = names.lines(near).iter().map(u32::to_string).collect();
        format!("it binds `{near}` on line {}", lines.join(", "))
    }));
    let proposal = near.and_then(|near| respelt(failing, case.version, name, &near));
    Ok(Finding::new("name-not-in-module", because, proposal.into_iter().collect()))
}

/// The file of the module that lacks a name: the one that the message names, one that ran, or the only one of that name.
fn file_of(reasons: &Reasons<'_>, case: &Case<'_>, failing: &Placed<'_>, missing: Missing<'_>) -> Option<String> {
    let map = reasons.sources.map();
    if let Some(file) = missing.path.and_then(|path| map.find(path)) {
        return Some(file.to_owned());
    }
    let ran = case.placed.iter().rev().filter(|placed| placed.is_module_code());
    let ran: Vec<&Placed<'_>> = ran.filter(|placed| chain::is_module(&placed.frame.path, missing.module)).collect();
    if let Some(placed) = ran.first() {
        return Some(placed.path.clone());
    }
    let files = map.files_of(missing.module);
    let beside = Path::new(&failing.path).parent();
    match files[..] {
        [only] => Some(only.to_owned()),
        _ => files.into_iter().find(|file| Path::new(file).parent() == beside).map(str::to_owned),
    }
}

/// The file of a submodule.
fn submodule(package: &str, name: &str) -> Option<String> {
    let folder = package.strip_suffix("__init__.py")?;
    let files = [format!("{folder}{name}.py"), format!("{folder}{name}/__init__.py")];
    files.into_iter().find(|file| Path::new(file).is_file())
}

fn circular(
    case: &Case<'_>,
    failing: &Placed<'_>,
    missing: Missing<'_>,
    cycle: &Cycle<'_, '_>,
    bound: &[u32],
) -> Finding {
    let Missing { name, module, .. } = missing;
    let half = cycle.half_made();
    let mut because = vec![format!(
        "circular import: {}:{} wants `{name}` of `{module}`, which is only half done: it stands at {}:{}",
        failing.path, failing.line, half.path, half.line
    )];
    because.push(chain::sentence(case, failing));
    let later: Vec<String> = bound.iter().filter(|line| **line > half.line).map(u32::to_string).collect();
    if !later.is_empty() {
        because.push(format!("`{name}` is bound on line {} of {}, which has not run yet", later.join(", "), half.path));
    } else if bound.is_empty() && !half.path.ends_with("__init__.py") {
        because.push(format!("nothing in {} binds `{name}` at all", half.path));
    }
    if case.trace.message.contains("consider renaming") {
        because.push("Python's own advice to rename the file is beside the point".to_owned());
    }
    let mut proposals = cycle.repairs(case, name);
    proposals.push(advice(
        failing,
        format!(
            "import `{name}` where it is used, in a function, or keep it in a module that imports neither of the two"
        ),
    ));
    let mut found = Finding::new("circular-import", because, proposals);
    found.chain = chain::data(&cycle.links);
    found
}

/// Whether a file of the project has taken the place of a module of the standard library.
fn hides_library(reasons: &Reasons<'_>, file: &str, module: &str, version: PyVersion) -> bool {
    stdlib::is_stdlib(module, version) && reasons.sources.module_of_file(file).as_deref() == Some(module)
}

fn hidden(file: &str, missing: Missing<'_>, case: &Case<'_>) -> Finding {
    let Missing { name, module, .. } = missing;
    let because = format!(
        "{file} hides the module `{module}` of the standard library of Python {}: programs started in its folder import this \
         file, which binds no `{name}`",
        case.version
    );
    Finding::new("stdlib-shadowing", vec![because], vec![renamed(file, "and the imports that mean it")])
}

fn itself(file: &str, missing: Missing<'_>, bound: &[u32]) -> Finding {
    let Missing { name, module, .. } = missing;
    let mut because =
        vec![format!("{file} imports itself: `{module}` is this very file, and binds no `{name}` before this line")];
    if let Some(line) = bound.first() {
        because.push(format!("line {line} binds it, and has not run yet"));
    } else {
        because.push(format!("an installed package `{module}` cannot be reached while this file has its name"));
    }
    Finding::new("import-self", because, vec![renamed(file, "and what imports it")])
}

/// Advice to rename a file, which no edit can do.
fn renamed(file: &str, what: &str) -> Proposal {
    Proposal { title: format!("rename {file}, {what}"), path: file.to_owned(), text: String::new(), edits: Vec::new() }
}

/// Advice that no edit can follow.
fn advice(failing: &Placed<'_>, title: String) -> Proposal {
    Proposal { title, path: failing.path.clone(), text: String::new(), edits: Vec::new() }
}

fn no_module(
    reasons: &Reasons<'_>,
    case: &Case<'_>,
    failing: &Placed<'_>,
    module: &str,
    not_package: Option<&str>,
) -> Result<Finding, String> {
    let map = reasons.sources.map();
    let file = |name: &str| file_of(reasons, case, failing, Missing { name: "", module: name, path: None });
    if let Some(parent) = not_package {
        let Some(file) = file(parent) else { return Err(format!("`{parent}` is no module of this project")) };
        let name = module.strip_prefix(parent).unwrap_or(module).trim_start_matches('.');
        let because =
            format!("`{parent}` is the file {file}, no package, so that it has no submodules such as `{name}`");
        let mut found = Finding::new("not-a-package", vec![because], Vec::new());
        let names = Names::of(&file, case.version);
        if let Some(line) = names.lines(name).first() {
            found.because.push(format!("it binds `{name}` on line {line}"));
            found.proposals.push(advice(failing, format!("write `from {parent} import {name}`")));
        }
        return Ok(found);
    }
    if let Some((package, name)) = module.rsplit_once('.')
        && let Some(init) = file(package).filter(|file| file.ends_with("__init__.py"))
    {
        let folder = Path::new(&init).parent().unwrap_or(Path::new("."));
        let beside = modules_in(folder);
        let list = if beside.is_empty() { "nothing".to_owned() } else { beside.join(", ") };
        let because = vec![format!("the package `{package}` ({init}) has no module `{name}`; it holds {list}")];
        let near = legb_graph::nearest(name, beside.iter().map(String::as_str));
        let mut proposals: Vec<Proposal> =
            near.and_then(|near| respelt(failing, case.version, name, near)).into_iter().collect();
        proposals.push(advice(
            failing,
            format!("add {}, or take the import away", folder.join(format!("{name}.py")).display()),
        ));
        return Ok(Finding::new("unresolved-import", because, proposals));
    }
    if let Some(found) = of_library(case, failing, module) {
        return Ok(found);
    }
    let elsewhere = map.files_of(module);
    let mut because = vec![format!(
        "no module of this project is called `{module}`, and the standard library of Python {} has none",
        case.version
    )];
    let mut proposals = Vec::new();
    if let [file] = elsewhere[..] {
        let name = reasons.sources.module_of_file(file).unwrap_or_else(|| module.to_owned());
        because = vec![format!(
            "{file} is there, but {} was not on `sys.path`: from its root it is `{name}`",
            folder_of(file)
        )];
        proposals.push(advice(
            failing,
            format!("import it as `{name}`, or start the program where its folder is on `sys.path`"),
        ));
    } else {
        let top: Vec<String> = map.files().iter().filter_map(|file| reasons.sources.module_of_file(file)).collect();
        let near = legb_graph::nearest(module, top.iter().map(String::as_str));
        proposals.extend(near.and_then(|near| respelt(failing, case.version, module, near)));
        proposals.push(advice(failing, format!("install what brings `{module}`, and declare it in pyproject.toml")));
    }
    Ok(Finding::new("unresolved-import", because, proposals))
}

/// A module that some versions of the standard library have.
fn of_library(case: &Case<'_>, failing: &Placed<'_>, module: &str) -> Option<Finding> {
    let has_it = |version: &PyVersion| stdlib::is_stdlib(module, *version);
    let with: Vec<PyVersion> = PyVersion::ALL.into_iter().filter(has_it).collect();
    let (first, last) = (with.first()?, with.last()?);
    let (because, title) = if case.is_version_told && has_it(&case.version) {
        let because =
            format!("the standard library of Python {} has `{module}`, but this installation lacks it", case.version);
        (because, format!("install the part of Python that brings `{module}`"))
    } else if with.len() == PyVersion::ALL.len() {
        let because = format!("the standard library has `{module}`, but the installation that ran this lacks it");
        (because, format!("install the part of Python that brings `{module}`"))
    } else {
        let range = if first == last { first.to_string() } else { format!("{first} to {last}") };
        let because =
            format!("`{module}` is in the standard library of Python {range} only, and another version ran this");
        (
            because,
            format!("run one of these versions, or import what stands for `{module}` in others where it is missing"),
        )
    };
    Some(Finding::new("unresolved-import", vec![because], vec![advice(failing, title)]))
}

fn folder_of(file: &str) -> String {
    match Path::new(file).parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.display().to_string(),
        _ => "its folder".to_owned(),
    }
}

fn no_package(reasons: &Reasons<'_>, case: &Case<'_>, failing: &Placed<'_>) -> Finding {
    let because = format!(
        "{} was started as a script, or lies at the top of `sys.path`: it is in no package, so the dots lead nowhere",
        failing.path
    );
    let mut proposals: Vec<Proposal> = Vec::new();
    let module = reasons.sources.module_of_file(&failing.path).filter(|module| module.contains('.'));
    proposals.extend(without_dots(failing, case.version));
    match module {
        Some(module) => proposals.insert(0, advice(failing, format!("start it as `python -m {module}`"))),
        None => proposals.push(advice(failing, "import by absolute name what lies beside the script".to_owned())),
    }
    Finding::new("script-relative-import", vec![because], proposals)
}

fn beyond_top(reasons: &Reasons<'_>, case: &Case<'_>, failing: &Placed<'_>) -> Finding {
    let module = reasons.sources.module_of_file(&failing.path).unwrap_or_default();
    let top = module.split('.').next().unwrap_or_default();
    let because = format!(
        "{} is the module `{module}`: `{top}` is its outermost package, and the dots climb out of it",
        failing.path
    );
    let mut proposals: Vec<Proposal> = without_dots(failing, case.version).into_iter().collect();
    proposals.push(advice(
        failing,
        format!("put `{top}` and what it wants into one package, and start the program above it"),
    ));
    Finding::new("relative-import-beyond-top", vec![because], proposals)
}

/// A function that calls itself while modules are imported; none if nothing of the project does.
fn recursion(case: &Case<'_>) -> Option<Finding> {
    let start = case.placed.iter().find(|placed| placed.is_module_code())?;
    let weight = |placed: &&Placed<'_>| {
        let same = |other: &&Placed<'_>| other.path == placed.path && other.frame.name == placed.frame.name;
        case.placed.iter().filter(same).map(|other| 1 + other.frame.repeated).sum::<u64>()
    };
    let most = case.placed.iter().rev().filter(|placed| !placed.is_module_code()).max_by_key(weight)?;
    if weight(&most) < 3 {
        return None;
    }
    let name = most.frame.name.as_deref().unwrap_or_default();
    let because = vec![
        format!("`{name}` ({}:{}) calls itself without an end, directly or through others", most.path, most.line),
        format!("that happens while {} is executed: line {} leads there", start.path, start.line),
    ];
    let proposal =
        advice(most, format!("let `{name}` end before it calls itself, or call it when nothing is being imported"));
    Some(Finding::new("recursion", because, vec![proposal]))
}

fn is_same_file(one: &str, other: &str) -> bool {
    one == other || std::fs::canonicalize(one).ok().zip(std::fs::canonicalize(other).ok()).is_some_and(|(a, b)| a == b)
}

fn told(reasons: &Reasons<'_>, case: &Case<'_>, failing: &Placed<'_>, found: Finding) -> Reason {
    let Finding { mut because, proposals, chain, word: kind } = found;
    let run = if failing.is_tied { entry::run(reasons, case, failing, &proposals) } else { None };
    let version = run.as_ref().map_or(case.version, |run| run.version);
    let choice = match &run {
        Some(Run { is_same: true, choice, .. }) => choice.clone(),
        _ => proposals.into_iter().next().map(|proposal| Choice { proposal, is_verified: false }),
    };
    if let Some(run) = run.as_ref().filter(|run| !run.is_same) {
        because.push(format!("legb follows `{}` to another end here: {}", run.shown, word(run.story.verdict)));
    }
    let mut data = observed(case, run.as_ref(), version, reasons);
    data.insert("kind".to_owned(), kind.into());
    data.insert("chain".to_owned(), Value::Array(chain));
    data.insert("reproduced".to_owned(), run.as_ref().is_some_and(|run| run.is_same).into());
    let command = match &run {
        Some(run) if run.version == reasons.targets.newest() => format!("legb simulate {}", run.shown),
        Some(run) => format!("legb simulate --target-version {} {}", run.version, run.shown),
        None => format!("legb explain {}:{}", failing.path, failing.line),
    };
    Reason {
        place: (failing.path.clone(), failing.line),
        because,
        repair: choice.map(|choice| located(&choice, None)),
        command,
        data,
        differences: case.placed.iter().filter_map(|placed| placed.difference.clone()).collect(),
    }
}

/// The JSON of the story: as it is followed here where it ends alike, else as the log tells it.
fn observed(case: &Case<'_>, run: Option<&Run>, version: PyVersion, reasons: &Reasons<'_>) -> Map<String, Value> {
    if let Some(run) = run.filter(|run| run.is_same)
        && let Value::Object(data) = described(&run.shown, version, &run.story, &reasons.here)
    {
        return data;
    }
    let frames: Vec<Value> = case
        .placed
        .iter()
        .map(|placed| {
            let module = reasons.sources.module_of_file(&placed.path);
            json!({"module": module, "path": placed.path, "line": placed.line})
        })
        .collect();
    let last = case.placed.last().map(|placed| json!({"path": placed.path, "line": placed.line}));
    let data = json!({
        "entry": run.map(|run| run.shown.clone()),
        "python": version.to_string(),
        "verdict": "crashes",
        "certainty": "certain",
        "assumes": [],
        "exception": {"type": case.trace.exception, "message": case.trace.message},
        "raised_at": last,
        "frames": frames,
        "order": [],
        "followed": run.map(|run| word(run.story.verdict)),
    });
    match data {
        Value::Object(data) => data,
        _ => Map::new(),
    }
}
