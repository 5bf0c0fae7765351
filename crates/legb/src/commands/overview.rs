//! `legb` alone: one screen about the project around the working directory, and the next command to try.

use std::io::{self, Write};

use anstyle::Style;
use anyhow::Context;
use clap::Parser;
use legb_base::Severity;
use legb_graph::{Asked, Network, cycles};
use legb_project::Excerpts;
use legb_report::Counts;
use legb_report::Entry;
use legb_report::statistics::statistics;
use legb_report::style::{CODE, EMPHASIS, severity, word};

use crate::args::{CheckArgs, Cli, Command, GlobalArgs};
use crate::commands::check;
use crate::targets::Targets;
use crate::{Exit, configured, described, files, output};

const BOLD: Style = Style::new().bold();
/// So many rules and findings are shown.
const MOST: usize = 5;
/// The rule about cycles that make a program fail.
const CIRCULAR_IMPORT: &str = "circular-import";

/// Runs the command.
pub(crate) fn run(global: &GlobalArgs) -> anyhow::Result<Exit> {
    let mut cli = Cli::try_parse_from(["legb", "check"])?;
    cli.global.isolated = global.isolated;
    cli.global.config.clone_from(&global.config);
    cli.global.env.clone_from(&global.env);
    configured::configure_default(&mut cli)?;
    let Some(Command::Check(args)) = &cli.command else { return Ok(Exit::Clean) };
    let (entries, modules, problems) = check::found(args, &cli.global, Excerpts::Dropped)?;
    let groups = cycle_groups(args, &cli.global)?;
    output::styled(|out| write(&entries, modules, groups, out))?;
    output::problems(&problems, global.quiet);
    Ok(Exit::Clean)
}

/// How many groups of modules import each other while they are imported.
fn cycle_groups(args: &CheckArgs, global: &GlobalArgs) -> anyhow::Result<usize> {
    let targets = Targets::choose(args.target.target_version.as_ref(), &args.paths[0], global.isolated);
    let project = described::project(&args.paths, &args.environment.src, &args.files)?;
    let network = Network::read(project, targets.newest(), files::threads(&args.files), false)?;
    let threads = files::threads(&args.files);
    let asked = Asked { all: false, limit: 1, version: targets.newest(), threads };
    let (groups, _) = cycles(&network, asked).context("cannot start a thread")?;
    Ok(groups.len())
}

fn write(entries: &[Entry], modules: usize, groups: usize, out: &mut dyn Write) -> io::Result<()> {
    let Counts { errors, warnings, infos } = Counts::of(entries);
    let crashes = entries
        .iter()
        .filter(|entry| entry.finding.rule == CIRCULAR_IMPORT && entry.finding.severity == Severity::Error)
        .count();
    writeln!(out, "{BOLD}modules{BOLD:#}   {}", output::thousands(modules))?;
    writeln!(out, "{BOLD}cycles{BOLD:#}    {groups} groups of modules import each other; {crashes} crash")?;
    writeln!(out, "{BOLD}findings{BOLD:#}  {errors} errors, {warnings} warnings, {infos} hints")?;
    if !entries.is_empty() {
        writeln!(out)?;
    }
    for statistic in statistics(entries).iter().take(MOST) {
        writeln!(out, "  {:>5}  {CODE}{}{CODE:#} {}", statistic.count, statistic.code, statistic.rule)?;
    }
    let mut worst: Vec<&Entry> = entries.iter().filter(|entry| entry.finding.severity != Severity::Info).collect();
    worst.sort_by_key(|entry| entry.finding.severity);
    if !worst.is_empty() {
        writeln!(out)?;
    }
    for entry in worst.iter().take(MOST) {
        let finding = &entry.finding;
        let (start, style) = (finding.range.start, severity(finding.severity));
        writeln!(
            out,
            "  {style}{}{style:#} {EMPHASIS}{}{EMPHASIS:#}:{}:{} {}",
            word(finding.severity),
            finding.path,
            start.line,
            start.column,
            finding.message
        )?;
    }
    let next = match (crashes, worst.first(), groups) {
        (1.., ..) => "legb cycles".to_owned(),
        (0, Some(entry), _) => {
            let start = entry.finding.range.start;
            format!("legb explain {}:{}:{}", entry.finding.path, start.line, start.column)
        }
        (0, None, 1..) => "legb cycles".to_owned(),
        (0, None, 0) if modules > 0 => "legb graph".to_owned(),
        (0, None, 0) => "legb --help".to_owned(),
    };
    writeln!(out, "\nNext: {BOLD}{next}{BOLD:#}")
}
