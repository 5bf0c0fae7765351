//! `legb completions`: a completion script for a shell.

use std::io::Write;

use clap::CommandFactory;

use crate::Exit;
use crate::args::{Cli, CompletionsArgs};
use crate::output;

/// Runs the command.
pub(crate) fn run(args: &CompletionsArgs) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "legb", &mut script);
    output::plain(|out| out.write_all(&script))?;
    Ok(Exit::Clean)
}
