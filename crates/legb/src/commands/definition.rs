//! `legb definition`: where a name gets its value.

use std::io::{self, Write};

use legb_base::Span;
use legb_query::occurrences::{Meaning, Variable};
use legb_report::style::{DIM, EMPHASIS};
use serde::Serialize;

use crate::args::{DefinitionArgs, GlobalArgs, TextFormat};
use crate::navigation::{Navigation, Place};
use crate::{Exit, output};

/// The answer.
#[derive(Serialize)]
struct Answer {
    name: String,
    path: String,
    range: legb_base::LineRange,
    python: String,
    /// `variable`, `module`, `builtin`, `outside` or `unknown`.
    means: &'static str,
    definitions: Vec<Definition>,
    /// The imports that lead there.
    through: Vec<Place>,
    /// Where it comes from outside of the project: the dotted name.
    outside: Option<String>,
    /// Why there is no definition.
    why: Option<String>,
}

#[derive(Serialize)]
struct Definition {
    #[serde(flatten)]
    place: Place,
    kind: &'static str,
    module: String,
}

/// Runs the command.
pub(crate) fn run(args: &DefinitionArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let navigation = Navigation::open(&args.place, &args.how, global)?;
    let answer = answer(&navigation);
    match args.how.format {
        TextFormat::Json => output::plain(|out| {
            serde_json::to_writer(&mut *out, &answer)?;
            writeln!(out)
        })?,
        TextFormat::Text => output::styled(|out| write_text(&answer, out))?,
    }
    if let Some(refusal) = navigation.refusal().filter(|_| !global.quiet) {
        output::warning(&format!("Python {} refuses the file: {refusal}", navigation.program.version()));
    }
    navigation.tell_problems(global.quiet);
    Ok(if answer.definitions.is_empty() && answer.outside.is_none() { Exit::Findings } else { Exit::Clean })
}

fn answer(navigation: &Navigation) -> Answer {
    let Place { path, range } = navigation.place(navigation.module, navigation.cursor.span);
    let mut answer = Answer {
        name: navigation.cursor.span.slice(&navigation.file.text).to_owned(),
        path,
        range,
        python: navigation.program.version().to_string(),
        means: "unknown",
        definitions: Vec::new(),
        through: Vec::new(),
        outside: None,
        why: None,
    };
    answer.follow(navigation, &navigation.cursor.meaning);
    answer
}

impl Answer {
    fn follow(&mut self, navigation: &Navigation, meaning: &Meaning) {
        match meaning {
            Meaning::Variable(variable) => self.variable(navigation, variable),
            Meaning::Module(module) => {
                let table = navigation.program.table();
                self.means = "module";
                let name = table.get(*module).name.to_string();
                if table.file(*module).is_some() {
                    let place = navigation.place(*module, Span::at(0));
                    self.definitions.push(Definition { place, kind: "module", module: name });
                } else {
                    self.outside = Some(name);
                    self.why = Some("a namespace package has no file".to_owned());
                }
            }
            Meaning::Outside { module, name } => {
                self.means = "outside";
                self.outside = Some(match name {
                    Some(name) => format!("{module}.{name}"),
                    None => module.clone(),
                });
            }
            Meaning::Builtin(name) => {
                self.means = "builtin";
                self.outside = Some(format!("builtins.{name}"));
            }
            Meaning::Unknown(why) => self.why = Some(why.clone()),
        }
    }

    /// The bindings of a variable; those that are imports lead on to other files.
    fn variable(&mut self, navigation: &Navigation, variable: &Variable) {
        let program = &navigation.program;
        let mut open = vec![variable.clone()];
        let mut seen = open.clone();
        self.means = "variable";
        while let Some(variable) = open.pop() {
            let module = variable.module();
            let Some(file) = program.mentions(module) else { continue };
            let bindings = program.bindings(&variable);
            if bindings.is_empty()
                && let Some(next) = program.imported_from(&variable)
                && !seen.contains(&next)
            {
                seen.push(next.clone());
                open.push(next);
            }
            for binding in bindings {
                let row = &file.facts.refs[binding];
                let place = navigation.place(module, row.span);
                let import = file.imported_by(binding);
                match import.map(|import| program.import_meaning(module, &file, import)) {
                    Some(Meaning::Variable(next)) if !seen.contains(&next) => {
                        self.through.push(place);
                        seen.push(next.clone());
                        open.push(next);
                    }
                    Some(Meaning::Variable(_)) => self.through.push(place),
                    Some(meaning @ Meaning::Module(_)) => {
                        self.through.push(place);
                        self.follow(navigation, &meaning);
                    }
                    found => {
                        if let Some(Meaning::Outside { module, name }) = found {
                            let dotted = name.map(|name| format!("{module}.{name}")).unwrap_or(module);
                            self.outside = Some(dotted);
                        }
                        let kind = legb_scope::explain::binding_word(row.kind);
                        let module = program.table().get(module).name.to_string();
                        self.definitions.push(Definition { place, kind, module });
                    }
                }
            }
        }
        self.definitions.sort_by(|a, b| (&a.place.path, a.place.range).cmp(&(&b.place.path, b.place.range)));
        if self.definitions.is_empty() && self.outside.is_none() {
            self.why = Some(format!("nothing binds `{}`", self.name));
        }
    }
}

fn write_text(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    for definition in &answer.definitions {
        let at = definition.place.range.start;
        writeln!(
            out,
            "{EMPHASIS}{}:{}:{}{EMPHASIS:#}  {} in {}",
            definition.place.path, at.line, at.column, definition.kind, definition.module
        )?;
    }
    for place in &answer.through {
        let at = place.range.start;
        writeln!(out, "  {DIM}through {}:{}:{}{DIM:#}", place.path, at.line, at.column)?;
    }
    if let Some(outside) = &answer.outside {
        writeln!(out, "`{}` is {outside}, from outside of the project", answer.name)?;
    }
    if let Some(why) = &answer.why {
        writeln!(out, "no definition of `{}`: {why}", answer.name)?;
    }
    Ok(())
}
