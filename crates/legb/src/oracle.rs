//! The real interpreter that legb's answers are compared with, for the few commands that run one.

use std::path::Path;

use anyhow::{anyhow, bail};
use legb_base::PyVersion;
use legb_oracle::interpreter::{Kind, find, of_program};
use legb_oracle::{Interpreter, Request};
use legb_resolve::interpreter::{absolute, on_path};
use legb_resolve::{FileSystem, RealFs};

use crate::args::{EnvironmentArgs, TargetArgs};
use crate::environment::working_directory;
use crate::targets::Targets;

/// The interpreter: the one that `--python` names, else one of the version asked for, else one of the project's version, else
/// the newest that this machine has. `runs`: it has to run programs, so that it must be one of this machine.
pub(crate) fn interpreter(
    args: &EnvironmentArgs,
    target: &TargetArgs,
    targets: &Targets,
    runs: bool,
) -> anyhow::Result<Interpreter> {
    let asked = target.target_version.is_some().then(|| targets.newest());
    if let Some(named) = &args.python {
        let fs = RealFs::new();
        let is_name = named.components().count() == 1 && fs.kind(named).is_none();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let found = is_name.then(|| on_path(named.as_os_str(), &path, &fs)).flatten();
        let program = found.unwrap_or_else(|| absolute(named, &working_directory().unwrap_or_default()));
        let found = of_program(&program);
        let Some(found) = found else {
            bail!(
                "--python {}: this is no CPython from 3.8 to 3.15, nor a virtual environment of one",
                named.display()
            );
        };
        if let Some(asked) = asked.filter(|asked| *asked != found.version) {
            bail!("--python {} is Python {}, but {asked} is asked for", named.display(), found.full_version);
        }
        return Ok(found);
    }
    let nowhere = Path::new("");
    let is_fit = |found: &Interpreter| !runs || matches!(found.kind, Kind::Native { .. });
    if let Some(asked) = asked {
        let found = find(asked, nowhere).map_err(|missing| anyhow!("{missing}"))?;
        return if is_fit(&found) { Ok(found) } else { Err(anyhow!("Python {asked} cannot run programs here")) };
    }
    let versions = std::iter::once(targets.newest()).chain(PyVersion::ALL.into_iter().rev());
    let mut found = versions.filter_map(|version| find(version, nowhere).ok()).filter(is_fit);
    found.next().ok_or_else(|| anyhow!("no CPython is found\n  help: put one on PATH, or name it with `--python`"))
}

/// Files as an interpreter is asked about them.
pub(crate) fn requests<'a>(paths: impl Iterator<Item = &'a Path>) -> Vec<Request> {
    paths.map(|path| Request::File(path.to_owned())).collect()
}
