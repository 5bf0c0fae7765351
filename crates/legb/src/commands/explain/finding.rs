//! `legb explain --finding RULE FILE:LINE`: what a rule found there, why, and the name that it is about.

use std::io::Write;
use std::path::Path;

use anyhow::{anyhow, bail};
use clap::Parser;
use legb_project::Excerpts;
use legb_report::{Entry, FORMATS, Report};
use legb_rules::{RULES, Selection};
use serde_json::{Value, json};

use crate::args::{Cli, Command, ExplainArgs, GlobalArgs, TextFormat};
use crate::commands::{check, rule};
use crate::question::{self, Question};
use crate::{Exit, configured, output};

use super::answers::{Asked, How};

/// Runs the command.
pub(super) fn run(rule: &str, args: &ExplainArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let format = args.format.without_picture("a finding")?;
    let [word] = args.words.as_slice() else { bail!("`--finding RULE` goes with one place, `FILE:LINE`") };
    let (path, line) = match question::parse_place(word) {
        Some((path, Question::Line(line))) => (path, line),
        Some((path, Question::Place(at))) => (path, at.line),
        _ => bail!("`{word}` names no place\n  help: write `FILE:LINE`, as `legb check` prints it"),
    };
    let none: [&str; 0] = [];
    Selection::new(&[rule], &none, &none)
        .map_err(|unknown| anyhow!("{unknown}\n  help: `legb rule` lists all rules"))?;
    let meta = RULES.iter().find(|meta| meta.name == rule || meta.code == rule);
    let meta = meta.ok_or_else(|| anyhow!("`{rule}` is a group of rules\n  help: name one rule"))?;
    if !Path::new(path).is_file() {
        bail!("{path}: cannot be read: no such file");
    }
    let entries = found(meta.name, path, args, global)?;
    let here: Vec<&Entry> = entries.iter().filter(|entry| covers(entry, line)).collect();
    let Some(entry) = here.first() else {
        let lines: Vec<String> = entries.iter().map(|entry| entry.finding.range.start.line.to_string()).collect();
        let where_else = match lines.as_slice() {
            [] => format!("it finds nothing in {path}"),
            lines => format!("it finds something on line {}", lines.join(", ")),
        };
        bail!("`{}` finds nothing at {path}:{line}: {where_else}", meta.name);
    };
    let at = entry.finding.range.start;
    // What a rule about imports or statements points at need not be a name.
    let asked = Asked::new(path, &Question::Place(at), How::of(args, global)).ok();
    match format {
        TextFormat::Json => {
            let explanations = asked.iter().flat_map(|asked| asked.answers.iter().flat_map(|(_, it)| &it.explanations));
            let explanations: Vec<Value> = explanations.map(|it| json!(it)).collect();
            let told = json!({
                "finding": entry.finding,
                "rule": rule::described(meta),
                "explanation": explanations.first().cloned().unwrap_or(Value::Null),
                "explanations": explanations,
            });
            output::plain(|out| {
                serde_json::to_writer(&mut *out, &told)?;
                writeln!(out)
            })?;
        }
        TextFormat::Text => output::styled(|out| {
            let entries: Vec<Entry> = here.iter().map(|entry| (*entry).clone()).collect();
            let report = Report { entries: &entries, files: 1, versions: [].into_iter().collect(), summary: false };
            FORMATS[0].write(&report, out)?;
            writeln!(out)?;
            rule::write_page(meta, out)?;
            if let Some(asked) = &asked {
                writeln!(out, "\n{}", super::merged(&asked.answers, super::Answers::text).join("\n\n"))?;
            }
            Ok(())
        })?,
    }
    Ok(Exit::Clean)
}

fn covers(entry: &Entry, line: u32) -> bool {
    let range = entry.finding.range;
    range.start.line <= line && line <= range.end.line
}

/// What the rule finds in the file.
fn found(rule: &str, path: &str, args: &ExplainArgs, global: &GlobalArgs) -> anyhow::Result<Vec<Entry>> {
    let mut cli = Cli::try_parse_from(["legb", "check", "--select", rule, "--", path])?;
    cli.global.isolated = global.isolated;
    cli.global.config.clone_from(&global.config);
    cli.global.env.clone_from(&global.env);
    configured::configure_default(&mut cli)?;
    let Some(Command::Check(check)) = &mut cli.command else { return Ok(Vec::new()) };
    check.rules.ignore.clear();
    check.target = args.how.target.clone();
    check.environment = args.how.environment.clone();
    let (entries, _, _) = check::found(check, &cli.global, Excerpts::Kept)?;
    Ok(entries.into_iter().filter(|entry| entry.finding.rule == rule).collect())
}
