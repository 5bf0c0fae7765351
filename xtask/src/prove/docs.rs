//! The documentation: every console block of README, guides and reference is run and compared, and the site is built strictly.
//!
//! The blocks are run by the tests of the binary too, which rewrite them with `LEGB_RECORD=1`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, anyhow, bail};
use legb_base::PyVersion;
use legb_oracle::interpreter::Kind;
use legb_testkit::transcript::{PYTHON, Stage, pages};

use super::{Figure, Needs, Options, Row};
use crate::{peers, workspace};

pub(super) const ROW: Row = Row {
    name: "docs",
    about: "console blocks of README and documentation, and the site built strictly",
    needs: Needs::Registry,
    measure,
};

const REQUIREMENTS: &str = "docs/requirements.txt";

fn measure(_: &Options) -> anyhow::Result<Figure> {
    let root = workspace::root();
    let stage = Stage { repository: root.clone(), programs: vec![built()?, python()?] };
    let (mut blocks, mut stale) = (0, 0);
    for path in pages(&root)? {
        let page = fs::read_to_string(&path)?;
        let replayed = stage.replay(&page).with_context(|| format!("{}", path.display()))?;
        blocks += replayed.blocks;
        if replayed.text != page {
            stale += 1;
            println!(
                "{} shows something else than what is printed: LEGB_RECORD=1 cargo test -p legb --test cli",
                path.display()
            );
        }
    }
    let built = site(&root)?;
    Ok(Figure {
        measured: format!("{blocks} console blocks, {stale} pages that differ; {built} pages built strictly"),
        bound: "0 pages that differ, no warning",
        holds: stale == 0 && blocks > 0 && built > 0,
    })
}

/// The folder of the program, which is built now as for tests.
fn built() -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--locked", "--package", "legb"])
        .current_dir(workspace::root())
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!("legb does not build");
    }
    Ok(workspace::target().join("debug"))
}

/// The folder of the `python3` that pages mean.
fn python() -> anyhow::Result<PathBuf> {
    let version: PyVersion = PYTHON.parse().map_err(|_| anyhow!("{PYTHON} is no version"))?;
    let interpreters = workspace::interpreters(&[version])?;
    match interpreters.first().map(|interpreter| &interpreter.kind) {
        Some(Kind::Native { program, .. }) => Ok(program.parent().unwrap_or(program).to_owned()),
        _ => bail!("the pages need a native CPython {PYTHON}"),
    }
}

/// Builds the site; a warning is an error. Returns the number of its pages.
fn site(root: &Path) -> anyhow::Result<usize> {
    let requirements = fs::read_to_string(root.join(REQUIREMENTS))?;
    let packages: Vec<&str> =
        requirements.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let mkdocs = peers::installed("docs-site", &packages)?.join("mkdocs");
    let out = workspace::target().join("site");
    let output = Command::new(mkdocs)
        .args(["build", "--strict", "--quiet", "--site-dir"])
        .arg(&out)
        .current_dir(root)
        // A notice about the future of mkdocs, which is no warning about these pages.
        .env("NO_MKDOCS_2_WARNING", "1")
        .output()
        .context("cannot start mkdocs")?;
    if !output.status.success() {
        bail!("the site does not build: {}", String::from_utf8_lossy(&[output.stdout, output.stderr].concat()));
    }
    Ok(workspace::files_below(&out, &[], &|name| name == "index.html")?.len())
}
