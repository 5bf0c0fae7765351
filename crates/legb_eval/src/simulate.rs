//! What happens when an entry is started: which modules run, in which order, and how it ends.

use std::sync::Arc;

use legb_base::{Dialect, PyVersion};
use serde::Serialize;

use crate::budget::Budget;
use crate::event::{At, ModuleStep, Step};
use crate::heap::Object;
use crate::machine::{Eval, Machine, Stop};
use crate::source::ModuleSource;
use crate::ty::Ty;
use crate::value::{ObjId, Value};

/// How a program is started.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// `python path`: an absolute path.
    Script(String),
    /// `python -m name` in a folder.
    Module {
        /// The dotted name.
        name: String,
        /// The working directory, absolute.
        root: String,
    },
    /// `python -c "import name"` in a folder; several are imported in turn.
    Imports {
        /// The dotted names.
        names: Vec<String>,
        /// The working directory, absolute.
        root: String,
    },
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Without an exception.
    Works,
    /// With one.
    Crashes,
    /// Either, as a condition has it.
    Depends,
    /// It cannot be told.
    Unknown,
}

/// An exception that nothing caught.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Raised {
    /// The name of its class.
    #[serde(rename = "type")]
    pub kind: String,
    /// `str()` of it.
    pub message: Option<String>,
}

/// A line of the traceback in the project, outermost first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoryFrame {
    /// `__name__` of the module.
    pub module: String,
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
}

/// A step of a module of the project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoryStep {
    /// `begin`, `end`, `found` or `fail`.
    pub event: &'static str,
    /// The module.
    pub module: String,
    /// The import that led to it.
    pub by: Option<(String, u32)>,
}

/// The story of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// How it ends.
    pub verdict: Verdict,
    /// Whether nothing was taken for granted that could be otherwise.
    pub certain: bool,
    /// What was taken for granted.
    pub assumes: Vec<String>,
    /// Where it may go otherwise.
    pub doubts: Vec<String>,
    /// The exception that nothing caught.
    pub exception: Option<Raised>,
    /// Lines of the traceback in the project, outermost first.
    pub frames: Vec<StoryFrame>,
    /// Steps of modules of the project.
    pub order: Vec<StoryStep>,
    /// Why the verdict is unknown, or what it depends on.
    pub reason: Option<String>,
    /// Everything printed, where all of it is known.
    pub stdout: Option<String>,
}

/// Runs an entry.
pub fn simulate(entry: &Entry, version: PyVersion, source: &dyn ModuleSource, budget: Budget) -> Simulation {
    let dialect = Dialect::of(version);
    let mut machine = Machine::new(&dialect, source, budget);
    let result = start(&mut machine, entry);
    story(&mut machine, &result)
}

impl Entry {
    /// The folder that the program starts in: `sys.path[0]`.
    pub(crate) fn folder(&self) -> &str {
        match self {
            Self::Script(path) => path.rsplit_once('/').map_or(".", |(folder, _)| folder),
            Self::Module { root, .. } | Self::Imports { root, .. } => root,
        }
    }
}

/// Sets `sys.path` and runs the entry.
pub(crate) fn start(machine: &mut Machine<'_>, entry: &Entry) -> Eval<()> {
    set_path(machine, entry.folder());
    begin(machine, entry)
}

/// Runs the entry, where `sys.path` is set.
pub(crate) fn begin(machine: &mut Machine<'_>, entry: &Entry) -> Eval<()> {
    match entry {
        Entry::Script(path) => run_main(machine, path, None),
        Entry::Module { name, .. } => run_as_main(machine, name),
        Entry::Imports { names, .. } => {
            let (_, globals) = machine.new_module("__main__", None, None);
            for name in names {
                machine.import(name, None, 0, globals)?;
            }
            Ok(())
        }
    }
}

/// `sys.path[0]`, the folders that come before the library, the folders of the library, which stand for themselves, and those
/// that come behind.
pub(crate) fn set_path(machine: &mut Machine<'_>, first: &str) {
    let library = machine.unknown("a folder of the library");
    machine.first_path = Some(first.into());
    if let Value::Unknown(reason) = library {
        machine.library_path = Some(reason);
    }
    let roots = machine.source.roots();
    let folders = |folders: &[String]| -> Vec<Value> {
        folders.iter().filter(|folder| **folder != first).map(|folder| Value::str(folder.as_str())).collect()
    };
    let behind = folders(&roots.behind);
    let items =
        std::iter::once(Value::str(first)).chain(folders(&roots.before)).chain([library]).chain(behind).collect();
    if let Object::List(list) = machine.heap.write(machine.sys_path) {
        list.items = items;
    }
}

/// Runs a file as `__main__`.
fn run_main(machine: &mut Machine<'_>, path: &str, package: Option<&str>) -> Eval<()> {
    let (module, dict) = machine.new_module("__main__", Some(path), None);
    match package {
        Some(package) => machine.heap.dict_mut(dict).set_name("__package__", Value::str(package)),
        None => {
            machine.heap.dict_mut(dict).set_name("__package__", Value::None);
            machine.heap.dict_mut(dict).set_name("__spec__", Value::None);
        }
    }
    machine.heap.dict_mut(machine.sys_modules).set_name("__main__", Value::Obj(module));
    let code = match machine.compile_file(path) {
        Ok(code) => code,
        Err(mut refused) => {
            // The tokenizer of a script has its own words, as long as it reads the file line by line.
            if package.is_none()
                && !machine.words.advises_renaming_imports
                && let Some(encoding) = refused.message.strip_prefix("unknown encoding: ")
            {
                refused.message = format!("encoding problem: {encoding}");
            }
            return Err(machine.syntax_error(&refused));
        }
    };
    let step = |step| ModuleStep { step, module: "__main__".into(), by: None };
    machine.events.modules.push(step(Step::Begin));
    let result = machine.run_module(&code, dict);
    machine.events.modules.push(step(if result.is_ok() { Step::End } else { Step::Fail }));
    result
}

/// `python -m name` (`Lib/runpy.py`): parents first, then the module's own code as `__main__`.
fn run_as_main(machine: &mut Machine<'_>, name: &str) -> Eval<()> {
    if let Some((parent, _)) = name.rsplit_once('.')
        && let Err(stop) = machine.load_module(parent)
    {
        let Stop::Raise(exception) = stop else { return Err(stop) };
        let about = match machine.heap.get(exception) {
            Object::Instance(instance) => {
                machine.heap.dict(instance.dict).value_of("name").and_then(Value::as_str).map(str::to_owned)
            }
            _ => None,
        };
        let is_import_error = machine.is_a(&Value::Obj(exception), Ty::ImportError);
        let swallowed =
            is_import_error && about.is_some_and(|about| about == parent || parent.starts_with(&format!("{about}.")));
        if !swallowed {
            return Err(Stop::Raise(exception));
        }
        match machine.load_module(parent) {
            Ok(_) => {}
            Err(Stop::Raise(again)) => return Err(runpy_exit(machine, name, again)),
            Err(halt) => return Err(halt),
        }
    }
    let spec = machine.script_of(name)?;
    match spec {
        Some((path, package)) => run_main(machine, &path, Some(&package)),
        None => Err(machine.runpy_missing(name)),
    }
}

/// runpy's own words for a parent that cannot be imported.
fn runpy_exit(machine: &mut Machine<'_>, name: &str, exception: ObjId) -> Stop {
    let known = [Ty::ImportError, Ty::AttributeError, Ty::TypeError, Ty::ValueError];
    if !known.iter().any(|&ty| machine.is_a(&Value::Obj(exception), ty)) {
        return Stop::Raise(exception);
    }
    let kind = machine.type_name(&Value::Obj(exception));
    let text = match machine.exception_text(exception) {
        Value::Str(text) => text.to_string(),
        _ => "?".to_owned(),
    };
    machine.exit_with(&format!("Error while finding module specification for '{name}' ({kind}: {text})"))
}

impl Machine<'_> {
    /// The exit of runpy: a message and no traceback.
    fn exit_with(&mut self, message: &str) -> Stop {
        let exception = self.new_exception(Ty::SystemExit, vec![Value::str(format!("<PYTHON>: {message}"))]);
        self.runpy_exit = true;
        Stop::Raise(exception)
    }

    fn runpy_missing(&mut self, name: &str) -> Stop {
        if let Some((parent, _)) = name.rsplit_once('.')
            && self.loaded(parent).is_some_and(|parent| matches!(self.get_attr_or(&parent, "__path__"), Ok(None)))
        {
            let message = format!(
                "Error while finding module specification for '{name}' (ModuleNotFoundError: __path__ attribute not found on '{parent}' while trying to find '{name}')"
            );
            return self.exit_with(&message);
        }
        self.exit_with(&format!("No module named {name}"))
    }

    /// The file that `-m name` runs, and its package.
    fn script_of(&mut self, name: &str) -> Eval<Option<(String, String)>> {
        match self.source_of(name)? {
            Some((path, false)) => {
                let package = name.rsplit_once('.').map_or("", |(parent, _)| parent).to_owned();
                Ok(Some((path, package)))
            }
            Some((_, true)) => {
                let main = format!("{name}.__main__");
                self.load_module(name)?;
                match self.source_of(&main)? {
                    Some((path, _)) => Ok(Some((path, name.to_owned()))),
                    None => Err(self.exit_with(&format!(
                        "No module named {main}; '{name}' is a package and cannot be directly executed"
                    ))),
                }
            }
            None => Ok(None),
        }
    }
}

pub(crate) fn story(machine: &mut Machine<'_>, result: &Eval<()>) -> Simulation {
    let doubts: Vec<String> = machine.doubts.iter().map(|&reason| machine.reasons.text(reason).to_owned()).collect();
    let assumes: Vec<String> = machine.assumes.iter().cloned().collect();
    let (mut verdict, mut exception, mut frames, mut reason) = (Verdict::Works, None, Vec::new(), None);
    match result {
        Ok(()) => {
            if let Some(condition) = machine.depends {
                verdict = Verdict::Depends;
                reason = Some(machine.reasons.text(condition).to_owned());
            }
        }
        Err(Stop::Raise(id)) if machine.doubt_about_crash().is_some() => {
            verdict = Verdict::Unknown;
            let line = machine.exception_line(*id);
            let doubt = machine.doubt_about_crash().map(|doubt| machine.reasons.text(doubt).to_owned());
            reason = Some(format!("it may end with {line}; but {}", doubt.unwrap_or_default()));
        }
        Err(Stop::Raise(id)) => {
            verdict = Verdict::Crashes;
            exception = Some(raised(machine, *id));
            if !machine.runpy_exit {
                frames = trace(machine, *id);
            }
        }
        Err(Stop::Halt(why)) => {
            verdict = Verdict::Unknown;
            reason = Some(machine.reasons.text(*why).to_owned());
        }
    }
    let order = machine.events.modules.iter().map(step).collect();
    let texts: Option<Vec<&str>> = machine
        .events
        .prints
        .iter()
        .map(|printed| printed.text.as_deref().ok().filter(|_| !printed.is_pattern))
        .collect();
    let is_certain = match verdict {
        Verdict::Works => doubts.is_empty() && !machine.imports_parts,
        Verdict::Crashes => doubts.is_empty(),
        // The condition is the only doubt.
        Verdict::Depends => doubts.len() == 1,
        Verdict::Unknown => false,
    };
    let known = machine.events.other_output.is_none() && doubts.is_empty() && verdict != Verdict::Unknown;
    Simulation {
        verdict,
        certain: is_certain && !machine.may_call_back,
        assumes,
        exception,
        frames,
        order,
        reason,
        stdout: texts.filter(|_| known).map(|texts| texts.concat()),
        doubts,
    }
}

fn step(step: &ModuleStep) -> StoryStep {
    let event = match step.step {
        Step::Begin => "begin",
        Step::End => "end",
        Step::Found => "found",
        Step::Fail => "fail",
    };
    let by = step.by.as_ref().map(|At { path, line }| (path.to_string(), *line));
    StoryStep { event, module: step.module.to_string(), by }
}

fn raised(machine: &mut Machine<'_>, id: ObjId) -> Raised {
    let message = match machine.exception_text(id) {
        Value::Str(text) => Some(text.to_string()),
        _ => None,
    };
    Raised { kind: machine.type_name(&Value::Obj(id)).to_string(), message }
}

fn trace(machine: &Machine<'_>, id: ObjId) -> Vec<StoryFrame> {
    let Some(data) = machine.heap.exception(id) else { return Vec::new() };
    let frame = |entry: &crate::heap::TraceEntry| StoryFrame {
        module: entry.module.to_string(),
        path: Arc::clone(&entry.code.unit.path).to_string(),
        line: entry.code.unit.line(entry.offset),
    };
    data.trace.iter().rev().filter(|entry| entry.code.unit.is_first_party).map(frame).collect()
}
