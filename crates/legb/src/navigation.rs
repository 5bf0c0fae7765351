//! A name at a place of a project, for `definition`, `references` and `rename`.

use std::path::Path;
use std::sync::Arc;

use anyhow::{anyhow, bail};
use legb_base::fix::LocatedEdit;
use legb_base::{Edit, LineRange, Span};
use legb_graph::{ModuleId, Resolver};
use legb_project::Problem;
use legb_query::occurrences::{Cursor, Mentions, NoCursor, Program};
use serde::Serialize;

use crate::analysed::refusal;
use crate::args::{GlobalArgs, NavigateArgs};
use crate::question::{self, Question};
use crate::targets::Targets;
use crate::{described, files, output};

/// A place as it is printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Place {
    /// The file.
    pub(crate) path: String,
    /// The name there.
    pub(crate) range: LineRange,
}

/// A project that is asked about a name.
pub(crate) struct Navigation {
    /// The project.
    pub(crate) program: Program,
    /// The file that holds the name.
    pub(crate) module: ModuleId,
    /// That file.
    pub(crate) file: Arc<Mentions>,
    /// The name.
    pub(crate) cursor: Cursor,
    /// What went wrong with the settings of the project.
    problem: Option<Problem>,
}

impl Navigation {
    /// Opens the project around a place, which is written `FILE:LINE:COLUMN`.
    pub(crate) fn open(place: &str, how: &NavigateArgs, global: &GlobalArgs) -> anyhow::Result<Self> {
        let (path, at) = match question::parse_place(place) {
            Some((path, Question::Place(at))) => (path, at),
            Some(_) => bail!("`{place}` names a line; write `FILE:LINE:COLUMN` with the column of the name"),
            None => bail!("`{place}` names no place; write `FILE:LINE:COLUMN` with the column of the name"),
        };
        let path = Path::new(path);
        if !path.is_file() {
            bail!("{}: no such file; name a Python file", path.display());
        }
        let (program, problem) = open(path, how, global)?;
        let table = program.table();
        let here = std::env::current_dir().unwrap_or_default();
        let absolute = |path: &Path| legb_resolve::fs::normalised(&here.join(path));
        let asked = absolute(path);
        let module = table
            .iter()
            .map(|(id, _)| id)
            .find(|&id| table.file(id).is_some_and(|file| absolute(file.path()) == asked));
        let module = module.ok_or_else(|| anyhow!("{}: no module of Python; name a .py file", path.display()))?;
        let file = program.mentions(module).ok_or_else(|| {
            let why = program.problems().first().map(|problem| problem.what.clone()).unwrap_or_default();
            anyhow!("{}: {why}", path.display())
        })?;
        let shown = file.path.clone();
        if at.line == 0 || at.line > file.lines.line_count() {
            bail!("{shown} has no line {}; the last is {}", at.line, file.lines.line_count());
        }
        let offset = file.lines.offset(at, &file.text);
        let offset = offset.ok_or_else(|| anyhow!("{shown}: line {} has no column {}", at.line, at.column))?;
        let cursor = program.at(module, &file, offset).map_err(|none| nothing_at(&file, place, &none))?;
        Ok(Self { program, module, file, cursor, problem })
    }

    /// A place of a file of the project.
    pub(crate) fn place(&self, module: ModuleId, span: Span) -> Place {
        place_in(&self.program, module, span)
    }

    /// What the version refuses in the file, if it does not compile.
    pub(crate) fn refusal(&self) -> Option<String> {
        self.file.error.as_ref().map(|error| refusal(&self.file.path, error, Some(&self.file.lines)))
    }

    /// Tells what went wrong on the way; the answer holds for the rest of the project.
    pub(crate) fn tell_problems(&self, quiet: bool) {
        let problems = self.program.problems();
        output::problems(problems.iter().chain(&self.problem), quiet);
    }
}

/// The project around a path, and what is wrong with its settings.
pub(crate) fn open(path: &Path, how: &NavigateArgs, global: &GlobalArgs) -> anyhow::Result<(Program, Option<Problem>)> {
    let targets = Targets::choose(how.target.target_version.as_ref(), path, global.isolated);
    let version = targets.newest();
    if global.verbose {
        output::note(&targets.to_string());
    }
    let project = described::project(&[path.to_owned()], &how.environment.src, &how.files)?;
    let resolver = Resolver::new(project.table, version);
    Ok((Program::new(resolver, version, files::threads(&how.files)), targets.problem))
}

/// A place of a file of a project.
pub(crate) fn place_in(program: &Program, module: ModuleId, span: Span) -> Place {
    match program.mentions(module) {
        Some(file) => Place { path: file.path.clone(), range: file.lines.line_range(span, &file.text) },
        None => {
            Place { path: program.table().path(module).unwrap_or_default().into_owned(), range: LineRange::default() }
        }
    }
}

/// Edits of a file of a project as they are printed.
pub(crate) fn located(file: &Mentions, edits: &[Edit]) -> Vec<LocatedEdit> {
    let locate = |edit: &Edit| LocatedEdit {
        path: file.path.clone(),
        range: file.lines.line_range(edit.span, &file.text),
        content: edit.content.clone(),
    };
    edits.iter().map(locate).collect()
}

fn nothing_at(file: &Mentions, place: &str, none: &NoCursor) -> anyhow::Error {
    match none {
        NoCursor::Attribute(span) => {
            let name = span.slice(&file.text);
            anyhow!(
                "`{name}` at {place} is an attribute of a value: what it means is decided while the program runs\n  \
                 help: ask for a name, or for an attribute of a module"
            )
        }
        NoCursor::Nothing(near) => {
            let near: Vec<String> = near
                .iter()
                .map(|&span| {
                    let at = file.lines.line_column(span.start, &file.text);
                    format!("`{}` at {}:{}", span.slice(&file.text), at.line, at.column)
                })
                .collect();
            let near = if near.is_empty() { String::new() } else { format!("; near it: {}", near.join(", ")) };
            anyhow!("no name at {place}{near}")
        }
    }
}
