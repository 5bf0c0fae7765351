//! A clean clone of the last commit, in the build folder: what a stranger has, and what releases are built from.
//!
//! It has a build folder of its own, `target` inside of it. What is not committed is not in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::workspace;

/// The clone, without anything built.
pub(crate) fn fresh() -> anyhow::Result<PathBuf> {
    let folder = folder();
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    at_head()
}

/// The clone, brought to the last commit; what was built there before is kept.
pub(crate) fn at_head() -> anyhow::Result<PathBuf> {
    let folder = folder();
    if folder.join(".git").is_dir() {
        git(&folder, &["fetch", "--quiet", "origin", "HEAD"])?;
        git(&folder, &["checkout", "--quiet", "--force", "--detach", "FETCH_HEAD"])?;
        git(&folder, &["clean", "--quiet", "--force", "-d"])?;
    } else {
        git(&workspace::root(), &["clone", "--quiet", ".", &folder.to_string_lossy()])?;
    }
    Ok(folder)
}

fn folder() -> PathBuf {
    workspace::target().join("clone")
}

fn git(folder: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new("git").args(arguments).current_dir(folder).status().context("cannot start git")?;
    if !status.success() {
        bail!("`git {}` failed", arguments.join(" "));
    }
    Ok(())
}
