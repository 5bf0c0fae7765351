//! An import told at length: what Python looked at, what runs, and which names each form of the statement binds.
//!
//! The words for people; the facts are those of the [`Trace`].

use std::fmt::Write as _;

use serde::Serialize;

use crate::answer::{Kind, Resolution, Step, Trace, Why};
use crate::environment::{Environment, Origin};

/// A module that an import makes Python execute, or not, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The module.
    pub module: String,
    /// What loads it: the name of the class in `importlib`; nothing for one that is loaded already.
    pub loader: Option<&'static str>,
    /// What happens, in a sentence.
    pub what: String,
}

/// What one form of the statement binds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Binding {
    /// The statement.
    pub statement: String,
    /// The name it binds.
    pub name: String,
    /// What the name then stands for.
    pub value: String,
}

/// What runs, outermost parent first.
pub fn runs(trace: &Trace) -> Vec<Run> {
    let itself = std::iter::once((&trace.name, &trace.resolution)).filter(|(_, found)| found.kind.is_found());
    let parents = trace.parents.iter().map(|(name, found)| (name, found));
    parents.chain(itself).map(|(name, found)| run(name, found)).collect()
}

fn run(module: &str, found: &Resolution) -> Run {
    let file = found.origin.as_deref().map(|file| file.display().to_string()).unwrap_or_default();
    let made = |loader, what: String| Run { module: module.to_owned(), loader, what };
    if matches!(found.why, Why::Loaded | Why::Alias(_)) {
        return made(None, "is in sys.modules already; nothing runs".to_owned());
    }
    match found.kind {
        Kind::Builtin => made(Some("BuiltinImporter"), "its initialisation in C runs".to_owned()),
        Kind::Frozen => made(Some("FrozenImporter"), "its frozen code runs".to_owned()),
        Kind::Source => made(Some("SourceFileLoader"), format!("{file} runs, compiled or as cached in __pycache__")),
        Kind::Sourceless => made(Some("SourcelessFileLoader"), format!("the bytecode in {file} runs")),
        Kind::Extension => {
            made(Some("ExtensionFileLoader"), format!("the initialisation in C of {} runs", file_or(&file)))
        }
        Kind::Zip => made(Some("zipimporter"), format!("{file} is unpacked and runs")),
        Kind::Namespace => made(None, "a namespace package has no code; nothing runs".to_owned()),
        Kind::Missing | Kind::Unknown => made(None, "is not found".to_owned()),
    }
}

fn file_or(file: &str) -> &str {
    if file.is_empty() { "its library" } else { file }
}

/// What each form of the statement binds, for an absolute name.
pub fn bindings(name: &str) -> Vec<Binding> {
    let binding = |statement: String, name: &str, value: String| Binding { statement, name: name.to_owned(), value };
    let Some((parent, tail)) = name.rsplit_once('.') else {
        return vec![
            binding(format!("import {name}"), name, format!("the module {name}")),
            binding(format!("import {name} as m"), "m", format!("the module {name}")),
            binding(
                format!("from {name} import x"),
                "x",
                format!("attribute x of {name}, else its submodule {name}.x"),
            ),
        ];
    };
    let top = name.split('.').next().unwrap_or(name);
    vec![
        binding(format!("import {name}"), top, format!("the package {top}; {name} is reached through its attributes")),
        binding(
            format!("import {name} as m"),
            "m",
            format!(
                "attribute {tail} of {parent}, which is the module unless {parent} binds that name to something else"
            ),
        ),
        binding(
            format!("from {parent} import {tail}"),
            tail,
            format!("attribute {tail} of {parent} if its code binds one, else the module {name}"),
        ),
    ]
}

/// The answer in a line: the kind and the file.
pub fn headline(trace: &Trace) -> String {
    let found = &trace.resolution;
    let package = if found.is_package && found.kind != Kind::Namespace { " package" } else { "" };
    let mut line = format!("{}{package}", found.kind.as_str());
    match found.kind {
        Kind::Namespace => {
            let portions: Vec<String> = found.search_locations.iter().map(|path| path.display().to_string()).collect();
            let _ = write!(line, ", {}", portions.join(" and "));
        }
        _ => {
            if let Some(file) = &found.origin {
                let _ = write!(line, ", {}", file.display());
            }
        }
    }
    line
}

/// Every step, grouped by the module that was looked for.
pub fn steps(trace: &Trace, environment: &Environment) -> String {
    let mut out = String::new();
    let width = trace.steps.iter().map(|step| step.finder.len()).max().unwrap_or_default();
    let mut module = "";
    for step in &trace.steps {
        if step.module != module {
            module = &step.module;
            let _ = writeln!(out, "  {module}");
        }
        let place = step.path.as_deref().map(|path| format!("{path}{}  ", reason(step, path, environment)));
        let _ = writeln!(out, "    {:width$}  {}{}", step.finder, place.unwrap_or_default(), step.result);
    }
    out
}

/// Why an entry is on `sys.path`, for the steps of a top-level name.
fn reason(step: &Step, path: &str, environment: &Environment) -> String {
    if step.module.contains('.') || step.finder != "PathFinder" {
        return String::new();
    }
    let entry = environment.sys_path.iter().find(|entry| entry.path.to_string_lossy() == path);
    let origin = entry.map(|entry| &entry.origin).filter(|origin| !matches!(origin, Origin::Editable(_)));
    origin.map(|origin| format!(" ({origin})")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{bindings, headline, runs, steps};
    use crate::{Environment, Finder, ImportRoots, MemoryFs, Settings};

    #[test]
    fn parents_run_first_and_the_forms_bind_different_names() {
        let fs = MemoryFs::new([("/p/a/__init__.py", ""), ("/p/a/b/c.py", "")]);
        let settings = Settings::project("3.13".parse().unwrap(), ImportRoots::given(["/p".into()]));
        let environment = Environment::new(settings, &fs);
        let trace = Finder::new(&environment, &fs).trace("a.b.c");
        let order: Vec<_> = runs(&trace).into_iter().map(|run| (run.module, run.loader)).collect();
        let expected = [("a", Some("SourceFileLoader")), ("a.b", None), ("a.b.c", Some("SourceFileLoader"))];
        assert_eq!(order, expected.map(|(module, loader)| (module.to_owned(), loader)));
        assert_eq!(headline(&trace), "source, /p/a/b/c.py");
        let bound: Vec<_> = bindings("a.b.c").into_iter().map(|binding| binding.name).collect();
        assert_eq!(bound, ["a", "m", "c"]);
        assert!(steps(&trace, &environment).contains("/p (import root: --src)  package (source): /p/a/__init__.py"));
    }
}
