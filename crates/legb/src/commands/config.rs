//! `legb config`: the settings, where they come from, and files of settings.

mod explain;
mod merge;
mod show;
mod write;

use std::io::Write;

use crate::args::{ConfigAction, ConfigArgs, GlobalArgs};
use crate::{Exit, output};

/// Runs the command.
pub(crate) fn run(args: &ConfigArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    match &args.action {
        ConfigAction::Show(args) => show::run(args, global),
        ConfigAction::Explain(args) => explain::run(args, global),
        ConfigAction::Merge(args) => merge::run(args, global),
        ConfigAction::Init(args) => write::init(args, global),
        ConfigAction::Migrate(args) => write::migrate(args, global),
        ConfigAction::Schema => {
            let schema = legb_config::schema_text();
            output::plain(|out| out.write_all(schema.as_bytes()))?;
            Ok(Exit::Clean)
        }
    }
}
