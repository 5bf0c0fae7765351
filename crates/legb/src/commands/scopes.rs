//! `legb scopes`: the symbol tables of files, for people, as CPython's `symtable` has them, or as pictures.

use std::io::{self, Write};
use std::sync::Arc;

use anstyle::Style;
use anyhow::bail;
use legb_base::PyVersion;
use legb_project::{Discovered, Gravity, Outcome, Problem, SourceFile, load};
use legb_scope::explain::explain_all;
use legb_scope::picture::{page, tree_mermaid, tree_svg};
use legb_scope::symtable;
use legb_scope::tree::{nodes, render};

use crate::analysed::{analysed, refusal};
use crate::args::{GlobalArgs, ScopesArgs, ScopesFormat};
use crate::targets::Targets;
use crate::{Exit, files, output};

/// So many files are worked on before their tables are written, so that the tables of a large tree need little memory.
const BATCH: usize = 256;

const BOLD: Style = Style::new().bold();

/// Runs the command.
pub(crate) fn run(args: &ScopesArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let targets = Targets::choose(args.target.target_version.as_ref(), &args.paths[0], global.isolated);
    if global.verbose {
        output::note(&targets.to_string());
    }
    let Discovered { files, problems } = files::find(&args.paths, &args.files)?;
    let mut problems: Vec<Problem> = targets.problem.into_iter().chain(problems).collect();
    let is_picture = !matches!(args.format, ScopesFormat::Tree | ScopesFormat::Json);
    if is_picture && (files.len() > 1 || targets.versions.len() > 1) {
        bail!("a picture shows one file for one version; there are {} files\n  help: name one", files.len());
    }
    let threads = files::threads(&args.files);
    let mut refused = false;
    let mut write_all = |out: &mut dyn Write| -> io::Result<()> {
        for batch in files.chunks(BATCH) {
            let (format, versions) = (args.format, targets.versions.clone());
            let batch: Arc<[SourceFile]> = batch.into();
            let work = move |(): &mut (), file: &SourceFile, bytes: &[u8]| answer(format, file, bytes, &versions);
            let outcomes = load(&batch, threads, || (), work)?;
            for (file, outcome) in batch.iter().zip(outcomes) {
                match outcome {
                    Outcome::Done(answer) => {
                        refused |= answer.refused;
                        out.write_all(answer.text.as_bytes())?;
                    }
                    Outcome::Unreadable(problem) => problems.push(problem),
                    Outcome::Panicked(panic) => problems.push(files::internal_error(file, &panic)),
                }
            }
        }
        Ok(())
    };
    match args.format {
        ScopesFormat::Tree => output::styled(|out| write_all(out))?,
        _ => output::plain(|out| write_all(out))?,
    }
    output::problems(&problems, global.quiet);
    Ok(if problems.iter().any(|problem| problem.gravity == Gravity::Error) {
        Exit::Failed
    } else if refused {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// What is printed for one file.
#[derive(Clone, Default)]
struct Answer {
    text: String,
    /// Whether some version refuses to compile the file.
    refused: bool,
}

fn answer(format: ScopesFormat, file: &SourceFile, bytes: &[u8], versions: &[PyVersion]) -> Answer {
    let mut answer = Answer::default();
    for version in versions {
        let (piece, ok) = match format {
            ScopesFormat::Json => row(file, bytes, *version),
            ScopesFormat::Tree => tree(file, bytes, *version),
            ScopesFormat::Mermaid | ScopesFormat::Svg | ScopesFormat::Html => picture(format, file, bytes, *version),
        };
        answer.text.push_str(piece.trim_end_matches('\n'));
        answer.text.push('\n');
        answer.refused |= !ok;
    }
    answer
}

/// A line of JSON, and whether the version compiles the file.
fn row(file: &SourceFile, bytes: &[u8], version: PyVersion) -> (String, bool) {
    let row = symtable::answer(&file.shown(), bytes, version);
    let text = serde_json::to_string(&row).expect("invariant: a row is made of texts and numbers");
    (text, row.ok)
}

/// A picture of the file, as far as it can be understood, and whether the version compiles it.
fn picture(format: ScopesFormat, file: &SourceFile, bytes: &[u8], version: PyVersion) -> (String, bool) {
    let path = file.shown();
    let outcome = analysed(file, bytes, version, |source, error| {
        let refusal = error.map(|error| refusal(&path, error, Some(source.lines)));
        let nodes = || nodes(source.facts, source.lines, source.dialect);
        let drawn = match format {
            ScopesFormat::Mermaid => tree_mermaid(&nodes()),
            ScopesFormat::Svg => tree_svg(&path, &nodes()),
            _ => page(&path, source.text, source.lines, &explain_all(source), refusal.as_deref()),
        };
        (drawn, refusal)
    });
    match outcome {
        Ok((drawn, refusal)) => {
            if let Some(refusal) = &refusal {
                output::warning(&format!("Python {version} refuses the file: {refusal}"));
            }
            (drawn, refusal.is_none())
        }
        Err(error) => {
            output::error(&refusal(&path, &error, None));
            (String::new(), false)
        }
    }
}

/// The tree, or what the version refuses, and whether it compiles the file.
fn tree(file: &SourceFile, bytes: &[u8], version: PyVersion) -> (String, bool) {
    let path = file.shown();
    let refused = |message: String| (format!("{message} (Python {version})"), false);
    let outcome = analysed(file, bytes, version, |source, error| {
        if let Some(error) = error {
            return refused(refusal(&path, error, Some(source.lines)));
        }
        let tree = render(source.facts, source.lines, source.dialect);
        (format!("{BOLD}{path}{BOLD:#} (Python {version})\n{tree}"), true)
    });
    outcome.unwrap_or_else(|error| refused(refusal(&path, &error, None)))
}
