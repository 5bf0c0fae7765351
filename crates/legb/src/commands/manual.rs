//! `legb manual`: man pages and completion scripts as files, for those who package legb.
//!
//! The command is hidden from help: `legb completions` is the one for users.

use std::fs;

use anyhow::Context;
use clap::ValueEnum;
use clap_complete::Shell;

use crate::Exit;
use crate::args::{self, ManualArgs};

/// Runs the command.
pub(crate) fn run(args: &ManualArgs) -> anyhow::Result<Exit> {
    let (pages, scripts) = (args.folder.join("man"), args.folder.join("completions"));
    for folder in [&pages, &scripts] {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    clap_mangen::generate_to(args::command(), &pages)
        .with_context(|| format!("cannot write below {}", pages.display()))?;
    for shell in Shell::value_variants() {
        clap_complete::generate_to(*shell, &mut args::command(), "legb", &scripts)
            .with_context(|| format!("cannot write below {}", scripts.display()))?;
    }
    Ok(Exit::Clean)
}
