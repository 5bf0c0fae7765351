//! `legb completions`: a completion script for a shell.

use std::io::Write;

use crate::Exit;
use crate::args::{self, CompletionsArgs};
use crate::output;

/// Runs the command.
pub(crate) fn run(args: &CompletionsArgs) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::command(), "legb", &mut script);
    output::plain(|out| out.write_all(&script))?;
    Ok(Exit::Clean)
}
