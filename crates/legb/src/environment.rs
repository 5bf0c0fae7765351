//! From the arguments about the environment to where modules are looked for.
//!
//! The variables that Python itself reads are read here and nowhere else: `VIRTUAL_ENV` and `PATH` to find an interpreter,
//! `PYTHONPATH`, `HOME` and `PYTHONUSERBASE` for what it adds to `sys.path`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use legb_base::PyVersion;
use legb_project::Problem;
use legb_resolve::fs::EntryKind;
use legb_resolve::interpreter::{absolute, on_path};
use legb_resolve::{EnvironmentProblem, FileSystem, ImportRoots, Installation, Settings};

use crate::args::EnvironmentArgs;

/// The interpreter or virtual environment whose packages count: the one that is named, else `VIRTUAL_ENV`, else a folder `.venv`
/// at or above `start`.
///
/// The error is of one that is named and is none. One that is only found is passed over if it is broken.
pub(crate) fn installation(
    args: &EnvironmentArgs,
    start: &Path,
    fs: &dyn FileSystem,
) -> anyhow::Result<Option<Installation>> {
    if let Some(named) = &args.python {
        let path = absolute(&program(named, fs), &working_directory()?);
        let found = Installation::find(&path, fs).map_err(|error| anyhow!("--python {error}"))?;
        return Ok(Some(found));
    }
    if let Some(folder) = std::env::var_os("VIRTUAL_ENV").filter(|folder| !folder.is_empty()) {
        return Ok(Installation::find(Path::new(&folder), fs).ok());
    }
    let venv = start
        .ancestors()
        .map(|folder| folder.join(".venv"))
        .find(|folder| fs.kind(&folder.join("pyvenv.cfg")) == Some(EntryKind::File));
    Ok(venv.and_then(|folder| Installation::find(&folder, fs).ok()))
}

/// A program by its path, or by its name on `PATH`.
fn program(named: &Path, fs: &dyn FileSystem) -> PathBuf {
    let is_name = named.components().count() == 1 && fs.kind(named).is_none();
    let path = std::env::var_os("PATH").unwrap_or_default();
    is_name.then(|| on_path(named.as_os_str(), &path, fs)).flatten().unwrap_or_else(|| named.to_owned())
}

/// A project as no one program starts it, in an environment. `isolated`: what the variables of Python say does not count.
pub(crate) fn settings(
    version: PyVersion,
    roots: &ImportRoots,
    installation: Option<Installation>,
    isolated: bool,
    fs: &dyn FileSystem,
) -> anyhow::Result<Settings> {
    let sees_user = |installation: &Installation| installation.venv.is_none() || installation.has_system_site();
    let has_user_site = !isolated && installation.as_ref().is_some_and(sees_user);
    Ok(Settings {
        python_path: if isolated { Vec::new() } else { python_path()? },
        installation,
        user_site: has_user_site.then(|| user_site(version, fs)).flatten(),
        ..Settings::project(version, roots.clone())
    })
}

/// The import roots: those that are named, else those of the projects around `paths`.
pub(crate) fn roots(args: &EnvironmentArgs, paths: &[PathBuf], fs: &dyn FileSystem) -> anyhow::Result<ImportRoots> {
    let here = working_directory()?;
    if args.src.is_empty() {
        let paths: Vec<PathBuf> = paths.iter().map(|path| absolute(path, &here)).collect();
        return Ok(ImportRoots::guess(&paths, fs));
    }
    for folder in &args.src {
        if fs.kind(folder) != Some(EntryKind::Folder) {
            bail!("--src {}: there is no such folder", folder.display());
        }
    }
    Ok(ImportRoots::given(args.src.iter().map(|path| absolute(path, &here))))
}

/// The entries of `PYTHONPATH`, absolute.
pub(crate) fn python_path() -> anyhow::Result<Vec<PathBuf>> {
    let here = working_directory()?;
    let value = std::env::var_os("PYTHONPATH").unwrap_or_default();
    if value.is_empty() {
        return Ok(Vec::new());
    }
    Ok(std::env::split_paths(&value).map(|path| absolute(&path, &here)).collect())
}

/// `site.USER_SITE` of a version, if that folder exists.
pub(crate) fn user_site(version: PyVersion, fs: &dyn FileSystem) -> Option<PathBuf> {
    let is_off = std::env::var_os("PYTHONNOUSERSITE").is_some_and(|value| !value.is_empty());
    let base = std::env::var_os("PYTHONUSERBASE").filter(|base| !base.is_empty()).map(PathBuf::from);
    let base = base.or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".local")))?;
    let folder = base.join("lib").join(format!("python{version}")).join(OsStr::new("site-packages"));
    (!is_off && fs.kind(&folder) == Some(EntryKind::Folder)).then_some(folder)
}

/// The working directory.
pub(crate) fn working_directory() -> anyhow::Result<PathBuf> {
    std::env::current_dir().context("cannot tell the working directory")
}

/// A problem with a file of the environment, as it is printed. Nothing goes unanswered because of it.
pub(crate) fn problem(found: &EnvironmentProblem) -> Problem {
    Problem::warning(&found.path, found.what.as_str(), found.remedy.as_str())
}
