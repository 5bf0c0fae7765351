//! Programs of others that legb is compared with, installed through pip into the build folder in the versions named.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, anyhow, bail};
use legb_base::PyVersion;
use legb_oracle::interpreter::Kind;

use crate::workspace;

/// The version of Python that the programs run on.
const VERSION: &str = "3.13";

/// The `bin` folder of a virtual environment `name` that has these packages; they are installed now if need be.
pub(crate) fn installed(name: &str, packages: &[&str]) -> anyhow::Result<PathBuf> {
    let folder = workspace::target().join(name);
    let bin = folder.join("bin");
    let mark = folder.join("installed");
    let wanted = packages.join(" ");
    if fs::read_to_string(&mark).is_ok_and(|found| found == wanted) {
        return Ok(bin);
    }
    let version: PyVersion = VERSION.parse().map_err(|_| anyhow!("{VERSION} is no version"))?;
    let interpreters = workspace::interpreters(&[version])?;
    let Some(Kind::Native { program, .. }) = interpreters.first().map(|interpreter| &interpreter.kind) else {
        bail!("{wanted} needs a native CPython {version}");
    };
    let run = |program: &Path, arguments: &[&str]| {
        let status = Command::new(program).args(arguments).status().context("cannot start Python")?;
        if status.success() { Ok(()) } else { Err(anyhow!("`{} {}` failed", program.display(), arguments.join(" "))) }
    };
    run(program.as_ref(), &["-m", "venv", &folder.to_string_lossy()])?;
    run(&bin.join("python"), &[&["-m", "pip", "install", "--quiet"][..], packages].concat())?;
    fs::write(&mark, wanted)?;
    Ok(bin)
}
