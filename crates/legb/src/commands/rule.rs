//! `legb rule`: the list of rules, or the documentation of one.

use std::io::{self, Write};

use anstyle::Style;
use anyhow::anyhow;
use legb_report::style::word;
use legb_rules::{RULES, RuleMeta, Selection};
use serde_json::{Value, json};

use crate::Exit;
use crate::args::{RuleArgs, TextFormat};
use crate::output;

const BOLD: Style = Style::new().bold();

/// Runs the command.
pub(crate) fn run(args: &RuleArgs) -> anyhow::Result<Exit> {
    let rules: Vec<&RuleMeta> = match &args.name {
        Some(name) if !args.all => {
            let none: [&str; 0] = [];
            let named = Selection::new(&[name.as_str()], &none, &none)
                .map_err(|unknown| anyhow!("{unknown}\n  help: `legb rule` lists all rules"))?;
            RULES.iter().copied().filter(|rule| named.contains(rule.code)).collect()
        }
        _ => RULES.to_vec(),
    };
    match (args.format, rules.as_slice()) {
        (TextFormat::Json, _) => output::plain(|out| {
            serde_json::to_writer_pretty(&mut *out, &rules.iter().map(|rule| described(rule)).collect::<Vec<_>>())?;
            writeln!(out)
        })?,
        (TextFormat::Text, [rule]) if args.name.is_some() => {
            output::styled(|out| write_page(rule, out))?;
        }
        (TextFormat::Text, rules) => output::styled(|out| write_list(rules, out))?,
    }
    Ok(Exit::Clean)
}

/// A rule as data.
pub(super) fn described(rule: &RuleMeta) -> Value {
    json!({
        "name": rule.name,
        "code": rule.code,
        "group": rule.group.name(),
        "severity": word(rule.severity),
        "on_by_default": rule.on_by_default,
        "summary": rule.summary,
        "twins": rule.twins,
        "doc": rule.doc.trim(),
    })
}

/// The documentation of a rule.
pub(super) fn write_page(rule: &RuleMeta, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{BOLD}{} ({}){BOLD:#}", rule.name, rule.code)?;
    let on = if rule.on_by_default { "on by default" } else { "off by default" };
    writeln!(out, "Group {}; {} at most; {on}.", rule.group.name(), word(rule.severity))?;
    if !rule.twins.is_empty() {
        writeln!(out, "`# noqa` for {} silences it too.", rule.twins.join(" or "))?;
    }
    writeln!(out, "\n{}", rule.doc.trim())
}

fn write_list(rules: &[&RuleMeta], out: &mut dyn Write) -> io::Result<()> {
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    for rule in rules {
        let off = if rule.on_by_default { "" } else { " (off by default)" };
        writeln!(out, "{}  {BOLD}{:width$}{BOLD:#}  {}{off}", rule.code, rule.name, rule.summary)?;
    }
    Ok(())
}
