//! Which edits rename a name, or move a module, so that the program stays the same?
//!
//! All places that mean the variable are changed, in every scope and file. Where that could change what the program does, the
//! rename is refused with the reason: the new name would mean something else there (a capture), or something else would mean
//! it (a collision), or the old name may be looked up by means that are not names. The edited files are analysed again before
//! anybody sees the edits: every mention must mean what it meant.
//!
//! Edits are made here, files are written elsewhere. Comments and docstrings are left alone.

mod clash;
mod danger;
mod edits;
mod module;
mod reach;
mod same;

use std::collections::BTreeMap;
use std::io;

use legb_base::{Certainty, Dialect, Edit, Span};
use legb_graph::ModuleId;
use legb_syntax::ast::{Expr, Stmt};
use legb_syntax::{SourceKind, parse};

use crate::entry_points::EntryPoint;
use crate::occurrences::{Cursor, Follow, Meaning, Occurrence, Program, Use, Variable};

pub use edits::applied;
pub use module::{ModuleMove, move_module};
pub use same::same_up_to_the_name;

/// Why a rename is refused, in a word that can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The new name is no identifier, or a keyword.
    NoIdentifier,
    /// It has that name already.
    SameName,
    /// What is meant is not of the project: a builtin, the standard library, a package.
    Outside,
    /// What is meant is a module; it is renamed by its dotted name.
    Module,
    /// What is meant cannot be told.
    Unknown,
    /// Python itself looks for one of the names: `__all__`, `__init__`.
    Special,
    /// A private name of a class, which is not what is written.
    Mangled,
    /// The file does not compile.
    DoesNotCompile,
    /// A file that would have to be changed cannot be read.
    Unreadable,
    /// The new name is bound already where the old one is.
    Collision,
    /// A mention would mean something else, or something else would be meant by a mention.
    Capture,
    /// A variable of a class, which is looked up on objects.
    ClassAttribute,
    /// Places that may mean it, and may not.
    Possible,
    /// `globals()`, `vars()`, `exec` and the like, which see names while the program runs.
    Dynamic,
    /// Something finds it by its name: a test runner, a fixture, a decorator that reads parameters.
    FoundByName,
    /// A stub beside the file declares it as well.
    Stub,
}

impl Reason {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoIdentifier => "no-identifier",
            Self::SameName => "same-name",
            Self::Outside => "outside",
            Self::Module => "module",
            Self::Unknown => "unknown",
            Self::Special => "special-name",
            Self::Mangled => "mangled",
            Self::DoesNotCompile => "does-not-compile",
            Self::Unreadable => "unreadable",
            Self::Collision => "collision",
            Self::Capture => "capture",
            Self::ClassAttribute => "class-attribute",
            Self::Possible => "possible",
            Self::Dynamic => "dynamic",
            Self::FoundByName => "found-by-name",
            Self::Stub => "stub",
        }
    }
}

/// A rename that is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why, as a word.
    pub reason: Reason,
    /// Why, in a sentence.
    pub message: String,
    /// The places that are in the way.
    pub places: Vec<(ModuleId, Span)>,
}

impl Refusal {
    fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), places: Vec::new() }
    }

    fn at(mut self, module: ModuleId, span: Span) -> Self {
        self.places.push((module, span));
        self
    }
}

/// An edit of a file that is no module: the reference of an entry point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryEdit {
    /// The file, as it is printed.
    pub path: String,
    /// The line, counted from 1.
    pub line: u32,
    /// What stands there.
    pub old: String,
    /// What is to stand there.
    pub new: String,
}

/// The edits that rename a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The old name.
    pub old: String,
    /// The edits of each file, sorted.
    pub files: BTreeMap<ModuleId, Vec<Edit>>,
    /// Edits of entry points.
    pub entries: Vec<EntryEdit>,
}

/// What a rename came to; the error is that of the system that has no thread to give.
pub type Answer<T> = io::Result<Result<T, Refusal>>;

/// The edits that give what stands at a cursor the name `new`.
pub fn rename(program: &Program, entry_points: &[EntryPoint], cursor: &Cursor, new: &str) -> Answer<Plan> {
    let variable = match variable_at(program, cursor) {
        Ok(variable) => origin(program, &variable),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let old = program.name(&variable);
    if let Err(refusal) = check_names(program, &old, new) {
        return Ok(Err(refusal));
    }
    let found = program.occurrences(&variable, Follow::SameName)?;
    let task = Task { program, variable: &variable, old: &old, new, places: &found.places };
    let variables: Vec<Variable> = found.variables.into_iter().map(|(variable, _)| variable).collect();
    task.plan(&variables, entry_points)
}

/// A rename whose places are known.
struct Task<'a> {
    program: &'a Program,
    variable: &'a Variable,
    old: &'a str,
    new: &'a str,
    places: &'a [Occurrence],
}

impl Task<'_> {
    fn plan(&self, variables: &[Variable], entry_points: &[EntryPoint]) -> Answer<Plan> {
        // The reasons come in this order: what is plainly wrong, what is in the way, what cannot be known.
        let checked = self.check_files(variables).and_then(|()| self.check_clashes(variables));
        if let Err(refusal) = checked {
            return Ok(Err(refusal));
        }
        if let Err(refusal) = self.check_dangers(variables)? {
            return Ok(Err(refusal));
        }
        let files = match self.check_possible().and_then(|()| self.edits(variables)) {
            Ok(files) => files,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let entries = self.entries(entry_points);
        Ok(self.check_result(&files)?.map(|()| Plan { old: self.old.to_owned(), files, entries }))
    }

    /// Every file that is to be changed must compile, and have no stub beside it that would say otherwise.
    fn check_files(&self, variables: &[Variable]) -> Result<(), Refusal> {
        for place in self.places {
            let Some(file) = self.program.mentions(place.module) else {
                return Err(Refusal::new(Reason::Unreadable, "a file that mentions it cannot be read"));
            };
            if let Some(error) = &file.error {
                let message = format!("{} does not compile: {}: {}", file.path, error.exception, error.message);
                return Err(Refusal::new(Reason::DoesNotCompile, message).at(place.module, error.span));
            }
        }
        for variable in variables {
            let stub = self.program.table().file(variable.module()).map(|file| file.path().with_extension("pyi"));
            if let (Variable::Global { .. }, Some(stub)) = (variable, stub.filter(|stub| stub.exists())) {
                let message = format!("the stub {} declares the names of the module as well", stub.display());
                return Err(Refusal::new(Reason::Stub, message));
            }
        }
        Ok(())
    }

    /// No place may be one that only may mean the variable.
    fn check_possible(&self) -> Result<(), Refusal> {
        let open: Vec<&Occurrence> =
            self.places.iter().filter(|place| place.certainty == Certainty::Possible && !place.is_direct).collect();
        let Some(first) = open.first() else { return Ok(()) };
        let reason = first.reason.as_deref().unwrap_or_default();
        let is_attribute = matches!(self.variable, Variable::Local { .. }) && first.usage != Use::Keyword;
        let kind = if is_attribute { Reason::ClassAttribute } else { Reason::Possible };
        let count = match open.len() {
            1 => "a place may mean it, and may not".to_owned(),
            count => format!("{count} places may mean it, and may not"),
        };
        let mut refusal = Refusal::new(kind, format!("{count}: {reason}"));
        refusal.places = open.iter().map(|place| (place.module, place.span)).collect();
        Err(refusal)
    }
}

fn variable_at(program: &Program, cursor: &Cursor) -> Result<Variable, Refusal> {
    Err(match &cursor.meaning {
        Meaning::Variable(variable) => return Ok(variable.clone()),
        Meaning::Module(module) => {
            let name = &program.table().get(*module).name;
            let parent = name.rsplit_once('.').map(|(parent, _)| format!("{parent}.")).unwrap_or_default();
            let message = format!("`{name}` is a module: `legb rename {name} {parent}NEW` moves it");
            Refusal::new(Reason::Module, message)
        }
        Meaning::Outside { module, name } => {
            let name = name.as_ref().map(|name| format!(".{name}")).unwrap_or_default();
            Refusal::new(Reason::Outside, format!("`{module}{name}` is not of this project"))
        }
        Meaning::Builtin(name) => Refusal::new(Reason::Outside, format!("`{name}` is a builtin")),
        Meaning::Unknown(why) => Refusal::new(Reason::Unknown, why.clone()),
    })
}

/// The variable from which others of the same name were imported.
fn origin(program: &Program, variable: &Variable) -> Variable {
    let name = program.name(variable);
    let mut at = variable.clone();
    let mut seen = vec![at.clone()];
    while let Some(next) = program.imported_from(&at) {
        if program.name(&next) != name || seen.contains(&next) {
            break;
        }
        seen.push(next.clone());
        at = next;
    }
    at
}

/// What is wrong with the names themselves.
fn check_names(program: &Program, old: &str, new: &str) -> Result<(), Refusal> {
    let dialect = Dialect::of(program.version());
    if !is_identifier(new, &dialect) {
        return Err(Refusal::new(Reason::NoIdentifier, format!("`{new}` cannot be a name")));
    }
    if old == new {
        return Err(Refusal::new(Reason::SameName, format!("it is called `{new}` already")));
    }
    if let Some(special) = [old, new].into_iter().find(|name| is_special(name)) {
        return Err(Refusal::new(Reason::Special, format!("Python itself gives `{special}` a meaning")));
    }
    Ok(())
}

/// Whether a name can be assigned, as it is written.
pub(crate) fn is_identifier(name: &str, dialect: &Dialect) -> bool {
    let text = format!("{name} = 0\n");
    let parsed = parse(&text, SourceKind::Python, dialect);
    let [Stmt::Assign(assign)] = parsed.suite() else { return false };
    let [Expr::Name(target)] = &*assign.targets else { return false };
    target.id.as_str() == name
        && target.range.len().to_usize() == name.len()
        && parsed.grammar_error(&text, dialect).is_none()
}

fn is_special(name: &str) -> bool {
    name.len() > 4 && name.starts_with("__") && name.ends_with("__") || name == "_"
}
