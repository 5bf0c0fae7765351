//! `cargo xtask oracle`: installs interpreters, and records what they say.

mod builtin_attributes;
mod builtin_calls;
mod builtins;
pub(crate) mod contracts;
pub(crate) mod eval_cases;
mod record;
mod stdlib;
mod stdlib_imports;
mod stdlib_names;

use std::process::Command;

use anyhow::{Context, bail};
use clap::Subcommand;
use legb_base::PyVersion;
use legb_oracle::interpreter::{find_all, must_have_all, wasm_package};

use crate::workspace;

/// What to do with interpreters.
#[derive(Subcommand)]
pub(crate) enum Task {
    /// Install the interpreters that npm has, and list all that are found.
    Install,
    /// Write the answers of the interpreters into the fixtures and into `data/`.
    Record {
        /// Change nothing; fail where a recorded answer is not what an interpreter says.
        #[arg(long)]
        check: bool,
    },
    /// Write into the fixtures what import-linter says of contracts; installs it through pip.
    Contracts {
        /// Change nothing; fail where a recorded answer is not what import-linter says.
        #[arg(long)]
        check: bool,
    },
}

pub(crate) fn run(task: &Task) -> anyhow::Result<()> {
    match task {
        Task::Install => install(),
        Task::Contracts { check } => {
            let stale = contracts::run(*check)?;
            if !stale.is_empty() {
                bail!("not what import-linter says (`cargo xtask oracle contracts` repairs it):\n{}", stale.join("\n"));
            }
            Ok(())
        }
        Task::Record { check } => {
            let interpreters = workspace::interpreters(&[])?;
            let mut stale = record::run(&interpreters, *check)?;
            stale.extend(builtins::run(&interpreters, *check)?);
            stale.extend(stdlib::run(&interpreters, *check)?);
            stale.extend(stdlib_imports::run(&interpreters, *check)?);
            stale.extend(stdlib_names::run(&interpreters, *check)?);
            stale.extend(builtin_attributes::run(&interpreters, *check)?);
            stale.extend(builtin_calls::run(&interpreters, *check)?);
            stale.extend(eval_cases::run(&interpreters, *check)?);
            if *check && !stale.is_empty() {
                bail!("not what the interpreters say (`cargo xtask oracle record` repairs it):\n{}", stale.join("\n"));
            }
            Ok(())
        }
    }
}

fn install() -> anyhow::Result<()> {
    for version in PyVersion::ALL {
        let Some((folder, package_version)) = wasm_package(version) else {
            continue;
        };
        if legb_oracle::find(version, &workspace::target()).is_ok() {
            continue;
        }
        let folder = workspace::target().join(folder);
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let status = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
            .arg(&folder)
            .arg(format!("pyodide@{package_version}"))
            .status()
            .context("cannot start npm: install Node.js with npm")?;
        if !status.success() {
            bail!("npm could not install pyodide {package_version}");
        }
    }
    let (found, missing) = find_all(&workspace::target());
    for interpreter in &found {
        println!("found {}", interpreter.full_version);
    }
    for reason in &missing {
        println!("{reason}");
    }
    if must_have_all() && !missing.is_empty() {
        bail!("continuous integration needs every interpreter");
    }
    Ok(())
}
