//! The wheel: built from a clean clone, installed in clean environments, run, and its types checked.
//!
//! The whole row links against an old C library through Zig, as a release does. The quick form leaves that out, so that it can
//! take the release build that is in the clone already.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, anyhow, bail};
use legb_base::PyVersion;
use legb_oracle::interpreter::Kind;

use super::{Figure, Needs, Options, Row};
use crate::{clone, peers, workspace};

pub(super) const ROW: Row = Row {
    name: "wheel",
    about: "the wheel in clean environments of 3.8 and 3.13: program, module, types, size",
    needs: Needs::Registry,
    measure,
};

/// What builds and checks the wheel, through pip.
const TOOLS: &[&str] = &["maturin==1.16.0", "ziglang==0.17.1", "mypy==2.4.1"];

/// The oldest and the newest interpreter that it is tried on.
const VERSIONS: [&str; 2] = ["3.8", "3.13"];

/// In bytes.
const LARGEST: u64 = 12_000_000;

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let clone = clone::at_head()?;
    let tools = peers::installed("wheel-tools", TOOLS)?;
    let folder = workspace::target().join("wheel");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let wheel = build(&clone, &tools, &folder.join("dist"), options.quick)?;
    let size = fs::metadata(&wheel)?.len();
    let test = clone.join("packaging").join("python").join("tests").join("test_api.py");
    for version in VERSIONS {
        let environment = folder.join(version);
        let python = environment_with(version, &environment, &wheel)?;
        succeed(in_environment(&environment.join("bin").join("legb"), &folder).arg("--version"))?;
        succeed(in_environment(&python, &folder).args(["-m", "legb", "--version"]))?;
        succeed(in_environment(&python, &folder).arg("-B").arg(&test))?;
        succeed(
            in_environment(&tools.join("mypy"), &folder)
                .args(["--strict", "--no-incremental", "--python-executable"])
                .args([&python, &test]),
        )?;
    }
    let name = wheel.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Figure {
        #[expect(clippy::cast_precision_loss, reason = "printed with one digit")]
        measured: format!("{name}, {:.1} MB, works with {}", size as f64 / 1e6, VERSIONS.join(" and ")),
        bound: "12 MB, works with 3.8 and 3.13",
        holds: size <= LARGEST,
    })
}

fn build(clone: &Path, tools: &Path, out: &Path, quick: bool) -> anyhow::Result<PathBuf> {
    let mut maturin = Command::new(tools.join("maturin"));
    maturin.args(["build", "--quiet", "--locked", "--out"]).arg(out);
    if !quick {
        maturin.args(["--zig", "--compatibility", "manylinux_2_17"]);
        // maturin asks the Python that it finds on the path for ziglang.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(tools.to_owned()).chain(std::env::split_paths(&path));
        maturin.env("PATH", std::env::join_paths(folders)?);
    }
    maturin.current_dir(clone.join("packaging").join("python")).env("CARGO_TARGET_DIR", clone.join("target"));
    succeed(&mut maturin)?;
    let wheels = workspace::files_below(out, &[], &|name| Path::new(name).extension().is_some_and(|end| end == "whl"))?;
    wheels.into_iter().next().context("maturin wrote no wheel")
}

/// A new virtual environment with nothing but the wheel; returns its Python.
fn environment_with(version: &str, environment: &Path, wheel: &Path) -> anyhow::Result<PathBuf> {
    let wanted: PyVersion = version.parse().map_err(|_| anyhow!("{version} is no version"))?;
    let interpreters = workspace::interpreters(&[wanted])?;
    let Some(Kind::Native { program, .. }) = interpreters.first().map(|interpreter| &interpreter.kind) else {
        bail!("the wheel is tried with a native CPython {version}");
    };
    succeed(Command::new(program).args(["-m", "venv"]).arg(environment))?;
    let python = environment.join("bin").join("python");
    succeed(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--no-index"]).arg(wheel))?;
    Ok(python)
}

/// A program that sees nothing of whoever runs this.
fn in_environment(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env_remove("PYTHONPATH").env_remove("VIRTUAL_ENV");
    command
}

fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let output = command.output().with_context(|| format!("cannot start {}", command.get_program().display()))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&said));
    }
    Ok(())
}
