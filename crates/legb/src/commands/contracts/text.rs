//! Verdicts on contracts as text: a line for each contract, then what breaks them.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use legb_contracts::baseline::Difference;
use legb_contracts::{Chain, Contract, Link, Outcome, Verdict, Violation};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const KEPT: Style = AnsiColor::Green.on_default().bold();
const BROKEN: Style = AnsiColor::BrightRed.on_default().bold();
const INVALID: Style = AnsiColor::Yellow.on_default().bold();
const HELP: Style = AnsiColor::BrightCyan.on_default().bold();

/// Writes the verdicts; with `only_results` those that are kept are left out.
pub(super) fn write(
    contracts: &[Contract],
    verdicts: &[Verdict],
    difference: &Difference,
    only_results: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    for verdict in verdicts {
        let is_kept = verdict.outcome == Outcome::Kept;
        if !(only_results && is_kept) {
            write_line(&contracts[verdict.contract], verdict, out)?;
        }
    }
    for verdict in verdicts {
        if let Outcome::Broken(violations) = &verdict.outcome {
            write_broken(&contracts[verdict.contract], violations, out)?;
        }
    }
    if only_results {
        return Ok(());
    }
    for (name, before, left) in &difference.fallen {
        writeln!(
            out,
            "\n\"{name}\" breaks less than the baseline knows: {left} of {before}. Write it again with --write-baseline."
        )?;
    }
    for name in &difference.gone {
        writeln!(
            out,
            "\nThe baseline knows a contract \"{name}\" that there is not. Write it again with --write-baseline."
        )?;
    }
    let count = |wanted: fn(&Outcome) -> bool| verdicts.iter().filter(|verdict| wanted(&verdict.outcome)).count();
    let kept = count(|outcome| matches!(outcome, Outcome::Kept));
    let broken = count(|outcome| matches!(outcome, Outcome::Broken(_)));
    let invalid = verdicts.len() - kept - broken;
    write!(out, "\nContracts: {kept} kept, {broken} broken")?;
    if invalid > 0 {
        write!(out, ", {invalid} invalid")?;
    }
    writeln!(out, ".")
}

fn write_line(contract: &Contract, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    let (style, word) = match verdict.outcome {
        Outcome::Kept => (KEPT, "KEPT"),
        Outcome::Broken(_) => (BROKEN, "BROKEN"),
        Outcome::Invalid(_) => (INVALID, "INVALID"),
    };
    write!(out, "{} {style}{word}{style:#}", contract.name)?;
    match verdict.ignored_imports {
        0 => writeln!(out),
        1 => writeln!(out, " (1 ignored import)"),
        ignored => writeln!(out, " ({ignored} ignored imports)"),
    }
}

fn write_broken(contract: &Contract, violations: &[Violation], out: &mut dyn Write) -> io::Result<()> {
    let place = format!("{}:{}", contract.place.path, contract.place.line);
    writeln!(out, "\n{BOLD}{}{BOLD:#} {DIM}({}, {place}){DIM:#}", contract.name, contract.demand.kind())?;
    for violation in violations {
        let end = if violation.chains.is_empty() { "." } else { ":" };
        writeln!(out, "\n  {}{end}", violation.message)?;
        for chain in &violation.chains {
            write_chain(chain, out)?;
        }
        writeln!(out, "  {HELP}help{HELP:#}: {}", violation.help)?;
    }
    if let Some(guidance) = &contract.guidance {
        writeln!(out)?;
        for line in guidance.lines() {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

/// The imports of a chain, one a line: first those that can begin it, then the middle, then those that can end it.
fn write_chain(chain: &Chain, out: &mut dyn Write) -> io::Result<()> {
    let last = chain.links.len().saturating_sub(1);
    let mut lines: Vec<(&str, &Link)> = Vec::new();
    for (index, link) in chain.links.iter().enumerate() {
        lines.push((if index == 0 { "- " } else { "  " }, link));
        if index == 0 {
            lines.extend(chain.extra_firsts.iter().map(|link| ("& ", link)));
        }
        if index == last {
            lines.extend(chain.extra_lasts.iter().map(|link| ("& ", link)));
        }
    }
    let words = |link: &Link| {
        let numbers: Vec<String> = link.lines.iter().map(|line| format!("l.{line}")).collect();
        format!("{} -> {} ({})", link.importer, link.imported, numbers.join(", "))
    };
    let width = lines.iter().map(|(_, link)| words(link).chars().count()).max().unwrap_or_default();
    for (mark, link) in lines {
        write!(out, "  {mark}{:width$}", words(link))?;
        match (&link.path, link.lines.first()) {
            (Some(path), Some(line)) => writeln!(out, "  {DIM}{path}:{line}{DIM:#}")?,
            _ => writeln!(out)?,
        }
    }
    Ok(())
}
