//! Names that real programs read while they run were answered by the scope that `legb explain` says: the test modules of the
//! standard library, each run with `python -m unittest` under a tracer.
//!
//! Compared are the names of the test module itself and of the modules that it tests, where they are written in Python.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use legb_base::PyVersion;
use legb_oracle::interpreter::Kind;
use serde::Deserialize;

use super::{Figure, Needs, Options, Row, measured_runs};
use crate::workspace;

pub(super) const ROW: Row = Row {
    name: "names-run",
    about: "scopes of names read in 50 real programs of the standard library v. `legb explain`, under a tracer",
    needs: Needs::Interpreters,
    measure,
};

const VERSION: &str = "3.13";
/// So many of the programs are part of a quick run.
const QUICK: usize = 3;
const SECONDS: &str = "300";

/// Test modules, and the modules of the library whose names are compared too.
const PROGRAMS: [(&str, &[&str]); 50] = [
    ("test_abc", &["_py_abc.py"]),
    ("test_argparse", &["argparse.py"]),
    ("test_ast.test_ast", &["ast.py"]),
    ("test_base64", &["base64.py"]),
    ("test_bdb", &["bdb.py"]),
    ("test_bisect", &["bisect.py"]),
    ("test_builtin", &[]),
    ("test_calendar", &["calendar.py"]),
    ("test_class", &[]),
    ("test_with", &[]),
    ("test_cmd", &["cmd.py"]),
    ("test_codeop", &["codeop.py"]),
    ("test_collections", &["collections/__init__.py"]),
    ("test_colorsys", &["colorsys.py"]),
    ("test_configparser", &["configparser.py"]),
    ("test_contextlib", &["contextlib.py"]),
    ("test_copy", &["copy.py"]),
    ("test_csv", &["csv.py"]),
    ("test_sched", &["sched.py"]),
    ("test_difflib", &["difflib.py"]),
    ("test_dis", &["dis.py"]),
    ("test_enum", &["enum.py"]),
    ("test_fnmatch", &["fnmatch.py"]),
    ("test_fractions", &["fractions.py"]),
    ("test_functools", &["functools.py"]),
    ("test_generators", &[]),
    ("test_genexps", &[]),
    ("test_graphlib", &["graphlib.py"]),
    ("test_heapq", &["heapq.py"]),
    ("test_html", &["html/__init__.py"]),
    ("test_htmlparser", &["html/parser.py"]),
    ("test_ipaddress", &["ipaddress.py"]),
    ("test_keyword", &["keyword.py"]),
    ("test_linecache", &["linecache.py"]),
    ("test_listcomps", &[]),
    ("test_named_expressions", &[]),
    ("test_operator", &["operator.py"]),
    ("test_pprint", &["pprint.py"]),
    ("test_queue", &["queue.py"]),
    ("test_reprlib", &["reprlib.py"]),
    ("test_scope", &[]),
    ("test_shlex", &["shlex.py"]),
    ("test_statistics", &["statistics.py"]),
    ("test_string", &["string.py"]),
    ("test_super", &[]),
    ("test_textwrap", &["textwrap.py"]),
    ("test_tokenize", &["tokenize.py"]),
    ("test_type_params", &[]),
    ("test_typing", &["typing.py"]),
    ("test_urlparse", &["urllib/parse.py"]),
];

/// What `legb verify --names --format json` prints, as far as it is counted.
#[derive(Deserialize)]
struct Report {
    exit_code: Option<i32>,
    compared: usize,
    exceptions: Vec<Difference>,
    contradictions: Vec<Difference>,
}

#[derive(Deserialize)]
struct Difference {
    path: String,
    line: u32,
    column: u32,
    name: String,
    legb: String,
    python: String,
    because: Option<String>,
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let version: PyVersion = VERSION.parse().map_err(|_| anyhow::anyhow!("invariant: 3.13 is a version"))?;
    let legb = measured_runs::legb()?;
    let (mut programs, mut compared, mut exceptions, mut contradictions) = (0, 0, 0, 0);
    for interpreter in workspace::interpreters(&[version])? {
        let Kind::Native { library, program } = &interpreter.kind else { continue };
        let count = if options.quick { QUICK } else { PROGRAMS.len() };
        for (test, tested) in PROGRAMS.iter().take(count) {
            let Some(report) = compare(&legb, program, library, test, tested)? else { continue };
            programs += 1;
            compared += report.compared;
            exceptions += report.exceptions.len();
            contradictions += report.contradictions.len();
            let end = report.exit_code.map_or_else(|| "a signal".to_owned(), |code| code.to_string());
            println!("{:7} reads  {test} (exit {end})", report.compared);
            for found in report.contradictions.iter().chain(&report.exceptions) {
                let because = found.because.as_deref().unwrap_or("CONTRADICTION");
                println!(
                    "  {}:{}:{}: {}: legb says {}, it was {} ({because})",
                    found.path, found.line, found.column, found.name, found.legb, found.python
                );
            }
        }
    }
    let least = if options.quick { 1 } else { 40 };
    Ok(Figure {
        measured: format!(
            "{contradictions} contradictions in {compared} reads of {programs} programs; {exceptions} exceptions"
        ),
        bound: "0 contradictions in at least 40 programs",
        holds: contradictions == 0 && programs >= least,
    })
}

/// Runs one test module; nothing where the library has it not, or it could not be watched to its end.
fn compare(legb: &Path, python: &Path, library: &Path, test: &str, tested: &[&str]) -> anyhow::Result<Option<Report>> {
    let file = library.join("test").join(format!("{}.py", test.replace('.', "/")));
    if !file.is_file() {
        println!("left out: no {}", file.display());
        return Ok(None);
    }
    let files: Vec<PathBuf> = tested.iter().map(|name| library.join(name)).chain([file]).collect();
    let output = Command::new(legb)
        .args(["verify", "--quiet", "--isolated", "--format", "json", "--time-limit", SECONDS, "--names"])
        .arg("--python")
        .arg(python)
        .args(files)
        .arg(format!("--run=-m unittest -q test.{test}"))
        .current_dir(std::env::temp_dir())
        .output()
        .context("cannot run legb")?;
    if let Ok(report) = serde_json::from_slice(&output.stdout) {
        Ok(Some(report))
    } else {
        println!("left out: {test}: {}", String::from_utf8_lossy(&output.stderr).trim_end());
        Ok(None)
    }
}
