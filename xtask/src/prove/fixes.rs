//! What `legb check --fix` leaves of real code: it compiles, nothing is left to fix, and scopes whose text is the same have the
//! same symbols as before.
//!
//! All rules speak, and fixes that may change behaviour are made as well. The originals are copied first. In the quick form the
//! modules of the standard library that lie in no package are fixed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use legb_base::{Dialect, PyVersion};
use legb_scope::{Analyzer, ScopeId};
use legb_syntax::decode::decode;
use legb_syntax::{SourceKind, parse};

use super::claims::natives;
use super::{Figure, Needs, Options, Row, measured_runs};
use crate::corpus::library;
use crate::workspace;

pub(super) const ROW: Row = Row {
    name: "fixes",
    about: "`check --fix --select all` over copies of real code: compiles, is settled, other scopes stay as they are",
    needs: Needs::Interpreters,
    measure,
};

/// Prints, for each path on standard input, whether the file compiles.
const COMPILES: &str = r#"
import sys, warnings
warnings.simplefilter("ignore")
for path in sys.stdin.read().splitlines():
    try:
        with open(path, "rb") as file:
            compile(file.read(), path, "exec", dont_inherit=True)
        print(1)
    except (SyntaxError, ValueError):
        print(0)
"#;

/// What was found about a body of code.
#[derive(Default)]
struct Tally {
    files: usize,
    changed: usize,
    broken: Vec<String>,
    unsettled: Vec<String>,
    scopes: usize,
    moved: Vec<String>,
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let legb = measured_runs::legb()?;
    let (version, python) = natives()?.pop().context("no native interpreter")?;
    let mut tally = Tally::default();
    for (label, root) in sources(options, version)? {
        let before = tempfile::tempdir()?;
        let after = tempfile::tempdir()?;
        let paths = copy(&root, &[before.path(), after.path()], options.quick)?;
        fix(&legb, version, after.path())?;
        let is_settled = diff(&legb, version, after.path())?;
        for path in is_settled {
            tally.unsettled.push(format!("{label}: {path}"));
        }
        let changed: Vec<&PathBuf> = paths
            .iter()
            .filter(|path| fs::read(before.path().join(path)).ok() != fs::read(after.path().join(path)).ok())
            .collect();
        tally.files += paths.len();
        tally.changed += changed.len();
        let compiled = compiles(&python, &changed.iter().map(|path| before.path().join(path)).collect::<Vec<_>>())?;
        let still = compiles(&python, &changed.iter().map(|path| after.path().join(path)).collect::<Vec<_>>())?;
        for ((path, was), is) in changed.iter().zip(compiled).zip(still) {
            if was && !is {
                tally.broken.push(format!("{label}: {}", path.display()));
            }
            let scopes = |folder: &Path| scopes(&fs::read(folder.join(path)).unwrap_or_default(), version);
            tally.compare(&format!("{label}: {}", path.display()), &scopes(before.path()), &scopes(after.path()));
        }
    }
    for (what, list) in [("broken", &tally.broken), ("not settled", &tally.unsettled), ("moved", &tally.moved)] {
        for one in list.iter().take(10) {
            println!("  {what}: {one}");
        }
    }
    let Tally { files, changed, scopes, .. } = tally;
    let bad = [tally.broken.len(), tally.unsettled.len(), tally.moved.len()];
    Ok(Figure {
        measured: format!(
            "{changed} of {files} files changed: {} do not compile, {} are not settled; {} of {scopes} untouched scopes differ",
            bad[0], bad[1], bad[2]
        ),
        bound: "0, 0 and 0",
        holds: changed > 0 && bad == [0; 3],
    })
}

/// The bodies of code: a standard library, and Django where the corpora are there.
fn sources(options: &Options, version: PyVersion) -> anyhow::Result<Vec<(String, PathBuf)>> {
    if let Some(corpora) = &options.corpora {
        return Ok(["std", "S"].map(|name| (name.to_owned(), corpora.join(name))).to_vec());
    }
    let interpreter = workspace::interpreters(&[version])?.pop().context("no interpreter")?;
    let sets = library::sets(&interpreter, None, 1)?;
    let first = sets.iter().flat_map(|(_, files)| files).next().context("no standard library")?;
    let folder = first.ancestors().find(|folder| folder.join("os.py").is_file()).context("no standard library")?;
    Ok(vec![("standard library".to_owned(), folder.to_owned())])
}

/// Copies Python files to several folders; returns their paths from the root, sorted.
fn copy(root: &Path, folders: &[&Path], only_top: bool) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for path in workspace::files_below(root, &["__pycache__", "site-packages"], &|name| {
        Path::new(name).extension().is_some_and(|end| end == "py")
    })? {
        let inner = path.strip_prefix(root)?.to_owned();
        if only_top && inner.components().count() > 1 {
            continue;
        }
        for folder in folders {
            let copy = folder.join(&inner);
            fs::create_dir_all(copy.parent().context("a file lies in a folder")?)?;
            fs::write(copy, fs::read(&path)?)?;
        }
        paths.push(inner);
    }
    paths.sort();
    Ok(paths)
}

fn check(legb: &Path, version: PyVersion, folder: &Path, how: &str) -> anyhow::Result<String> {
    let output = Command::new(legb)
        .args(["check", "--isolated", "--no-cache", "--select", "all", "--unsafe-fixes", "--format", "concise", how])
        .args(["--target-version", &version.to_string(), "."])
        .current_dir(folder)
        .output()
        .context("cannot run legb")?;
    if !matches!(output.status.code(), Some(0 | 1)) {
        bail!("legb {how}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn fix(legb: &Path, version: PyVersion, folder: &Path) -> anyhow::Result<()> {
    check(legb, version, folder, "--fix").map(drop)
}

/// The files that `--fix` would still change.
fn diff(legb: &Path, version: PyVersion, folder: &Path) -> anyhow::Result<Vec<String>> {
    let text = check(legb, version, folder, "--diff")?;
    Ok(text.lines().filter_map(|line| line.strip_prefix("+++ ")).map(str::to_owned).collect())
}

/// Whether each file compiles.
fn compiles(python: &OsStr, paths: &[PathBuf]) -> anyhow::Result<Vec<bool>> {
    let mut child = Command::new(python)
        .args(["-I", "-S", "-B", "-c", COMPILES])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start Python")?;
    let lines: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(lines.join("\n").as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let answers: Vec<bool> = String::from_utf8(output.stdout)?.lines().map(|line| line == "1").collect();
    if answers.len() != paths.len() {
        bail!("Python died over {} files", paths.len());
    }
    Ok(answers)
}

/// The symbols of each scope, by the names of the scopes around it and by its text.
type Scopes = BTreeMap<(String, String), BTreeSet<String>>;

fn scopes(bytes: &[u8], version: PyVersion) -> Scopes {
    let dialect = Dialect::of(version);
    let Ok(text) = decode(bytes, &dialect) else { return Scopes::new() };
    let parsed = parse(&text, SourceKind::Python, &dialect);
    let mut analyzer = Analyzer::default();
    let facts = analyzer.analyze(&parsed, &text, &dialect, SourceKind::Python);
    let path = |scope: ScopeId| {
        let around = std::iter::successors(Some(scope), |&at| facts.scopes[at].parent);
        around.map(|at| facts.names.text(facts.scopes[at].name)).collect::<Vec<_>>().join(" in ")
    };
    facts
        .scopes
        .iter_enumerated()
        .map(|(id, scope)| {
            let symbols = facts
                .symbols_of(id)
                .map(|(symbol, row)| format!("{} {:?} {:?}", facts.symbol_name(symbol), row.flags, row.place));
            ((path(id), scope.span.slice(&text).to_owned()), symbols.collect())
        })
        .collect()
}

impl Tally {
    fn compare(&mut self, file: &str, before: &Scopes, after: &Scopes) {
        for (key, symbols) in before {
            let Some(now) = after.get(key) else { continue };
            self.scopes += 1;
            if now != symbols {
                self.moved.push(format!("{file}: {}", key.0));
            }
        }
    }
}
