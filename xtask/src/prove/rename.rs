//! Programs whose names were renamed are the same programs.
//!
//! Names at random places of real code get new names: fresh ones, names of the same file, and builtins, so that many collide.
//! Where legb does not refuse, the symbol tables of every edited file must be those of before up to the name, by legb and, of
//! every fifth rename, by the interpreter's own `symtable`. Some are also imported by the interpreter, before and after, from a
//! copy of the code: what the import came to and what the modules hold must be the same up to the name.

mod imported;
mod tables;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use legb_graph::{ModuleId, Project, Resolver};
use legb_oracle::Interpreter;
use legb_oracle::interpreter::Kind;
use legb_project::{Discovery, Exclusion, thread_count};
use legb_query::occurrences::{Mentions, Program};
use legb_query::rename::{Plan, applied, rename};
use legb_resolve::RealFs;
use legb_testkit::random::Random;

use super::eval_stack::with_stack;
use super::{Figure, Needs, Options, Row};
use crate::workspace;

pub(super) const ROW: Row = Row {
    name: "rename",
    about: "random renames in real code: symbol tables and imports of before and after",
    needs: Needs::Interpreters,
    measure,
};

/// Renames that are asked for: half of them in the standard library.
const RENAMES: usize = 2000;
/// Of a quick run.
const QUICK: usize = 150;
/// Renames that are also imported.
const IMPORTED: usize = 200;
/// Of a quick run.
const QUICK_IMPORTED: usize = 5;
/// Every so many renames are compared by the interpreter's tables.
const ASKED: usize = 5;

/// What random renames came to.
#[derive(Clone, Debug, Default)]
struct Tally {
    asked: usize,
    made: usize,
    files: usize,
    by_interpreter: usize,
    imported: usize,
    modules: usize,
    refused: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
}

/// A rename that was made.
struct Made {
    label: String,
    old: String,
    new: String,
    /// Each file with its content before and after.
    files: Vec<(PathBuf, String, String)>,
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let interpreters = workspace::interpreters(&[])?;
    let native = interpreters.into_iter().rev().find(|found| matches!(found.kind, Kind::Native { .. }));
    let interpreter = native.context("no interpreter runs natively")?;
    let Kind::Native { library, .. } = &interpreter.kind else { bail!("no interpreter runs natively") };
    let mut corpora = vec![("std", library.clone())];
    if !options.quick {
        corpora.push(("django", options.corpus("S")?.join("django")));
        corpora.push(("sqlalchemy", options.corpus("L")?.join("sqlalchemy")));
    }
    let needed = if options.quick { None } else { Some(imported::install_needed(&interpreter)?) };
    let mut all = Tally::default();
    for (n, (name, folder)) in corpora.iter().enumerate() {
        let share = if options.quick { 1 } else { [2, 4, 4][n.min(2)] };
        let (renames, imports) = if options.quick { (QUICK, QUICK_IMPORTED) } else { (RENAMES, IMPORTED) };
        let work = Work {
            name: (*name).to_owned(),
            copy: copied(name, folder)?,
            needed: needed.clone().filter(|_| *name != "std"),
            interpreter: interpreter.clone(),
            renames: renames / share,
            imports: imports / share,
            seed: options.first_seed + n as u64,
        };
        let tally = with_stack(move || work.run())??;
        println!(
            "{name}: {} asked, {} made in {} files, {} imported",
            tally.asked, tally.made, tally.files, tally.imported
        );
        all.add(tally);
    }
    for (reason, count) in &all.refused {
        println!("refused {count:5}  {reason}");
    }
    all.wrong.iter().take(10).for_each(|wrong| println!("CHANGED {wrong}"));
    Ok(Figure {
        measured: format!(
            "{} programs changed by {} renames of {} asked for ({} files; {} renames by the interpreter's tables, {} by importing {} modules)",
            all.wrong.len(),
            all.made,
            all.asked,
            all.files,
            all.by_interpreter,
            all.imported,
            all.modules
        ),
        bound: "0 changed programs",
        holds: all.wrong.is_empty() && all.made > 0,
    })
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.asked += other.asked;
        self.made += other.made;
        self.files += other.files;
        self.by_interpreter += other.by_interpreter;
        self.imported += other.imported;
        self.modules += other.modules;
        for (reason, count) in other.refused {
            *self.refused.entry(reason).or_default() += count;
        }
        self.wrong.extend(other.wrong);
    }
}

/// The files of a library, copied so that they can be changed, as the only thing in their folder.
fn copied(name: &str, folder: &Path) -> anyhow::Result<PathBuf> {
    let root = workspace::target().join("rename").join(name);
    if root.is_dir() {
        fs::remove_dir_all(&root).with_context(|| format!("cannot clear {}", root.display()))?;
    }
    let inside = if name == "std" { root.clone() } else { root.join(name) };
    let skip = ["site-packages", "__pycache__", "test", "tests", "idlelib", "lib2to3", "turtledemo"];
    for file in workspace::files_below(folder, &skip, &|_| true)? {
        let to = inside.join(file.strip_prefix(folder)?);
        fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
        fs::copy(&file, &to).with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(root)
}

/// Renames in one library.
struct Work {
    name: String,
    copy: PathBuf,
    /// Where what the library needs is installed; nothing for the standard library.
    needed: Option<PathBuf>,
    interpreter: Interpreter,
    renames: usize,
    imports: usize,
    seed: u64,
}

impl Work {
    fn run(&self) -> anyhow::Result<Tally> {
        let program = self.program()?;
        let files: Vec<(ModuleId, Arc<Mentions>)> = {
            let ids = program.table().iter().map(|(id, _)| id);
            ids.filter_map(|id| Some((id, program.mentions(id)?)))
                .filter(|(_, file)| !file.facts.refs.is_empty())
                .collect()
        };
        let mut random = Random::new(self.seed);
        let mut tally = Tally::default();
        let mut made = Vec::new();
        // Larger files are asked as often as they have names.
        let weights: Vec<(usize, usize)> =
            files.iter().enumerate().map(|(n, (_, file))| (file.facts.refs.len(), n)).collect();
        while tally.asked < self.renames {
            let (module, file) = &files[random.weighted(&weights)];
            let Some((offset, new)) = question(file, &mut random) else { continue };
            let Ok(cursor) = program.at(*module, file, offset) else { continue };
            tally.asked += 1;
            match rename(&program, &[], &cursor, &new).context("cannot start a thread")? {
                Err(refusal) => *tally.refused.entry(refusal.reason.word()).or_default() += 1,
                Ok(plan) => made.push(self.made(&program, file, offset, &plan, &new)),
            }
        }
        tally.made = made.len();
        tally.files = made.iter().map(|made| made.files.len()).sum();
        for (n, made) in made.iter().enumerate() {
            tally.wrong.extend(tables::differences_by_legb(made, self.interpreter.version)?);
            if n.is_multiple_of(ASKED) {
                tally.by_interpreter += 1;
                tally.wrong.extend(tables::differences_by_interpreter(made, &self.interpreter)?);
            }
        }
        imported::compare(self, &made, &mut tally)?;
        Ok(tally)
    }

    fn program(&self) -> anyhow::Result<Program> {
        let exclusion = Exclusion::new([], &self.copy)?;
        let discovery = Discovery { exclusion: &exclusion, force_exclude: false, threads: thread_count(None) };
        let paths = [self.copy.clone()];
        let project = Project::open(&paths, &paths, &discovery, &RealFs::new());
        let version = self.interpreter.version;
        let program = Program::new(Resolver::new(project.table, version), version, thread_count(None));
        program.read_all()?;
        Ok(program)
    }

    fn made(&self, program: &Program, file: &Mentions, offset: u32, plan: &Plan, new: &str) -> Made {
        let line = file.lines.line(offset);
        let label = format!("{}: {}:{line} {} -> {new}", self.name, file.path, plan.old);
        let files = plan.files.iter().filter_map(|(&module, edits)| {
            let file = program.mentions(module)?;
            let path = program.table().file(module)?.path().to_owned();
            Some((path, file.text.clone(), applied(&file.text, edits)))
        });
        Made { label, old: plan.old.clone(), new: new.to_owned(), files: files.collect() }
    }
}

/// A place with a name, and a new name for it: a fresh one, or one that the file uses already.
fn question(file: &Mentions, random: &mut Random) -> Option<(u32, String)> {
    let refs: Vec<_> = file.facts.refs.iter_enumerated().filter(|(_, row)| row.span.start < row.span.end).collect();
    if refs.is_empty() {
        return None;
    }
    let (_, row) = random.pick(&refs);
    let (other, _) = random.pick(&refs);
    let new = match random.below(10) {
        0 => file.facts.ref_name(other).to_owned(),
        1 => random.pick(&["len", "str", "list", "print", "type", "None", "class", "_hidden"]).to_owned(),
        _ => format!("renamed_{}", random.below(1000)),
    };
    Some((row.span.start, new))
}
