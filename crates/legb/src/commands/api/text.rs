//! What a package exposes, as text; and the difference that writing would make.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use legb_query::api::{Api, Exposed, Reach};
use legb_query::exports::ExportKind;

use crate::output::thousands;

const NAME: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const LABEL: Style = AnsiColor::Cyan.on_default();
const TROUBLE: Style = AnsiColor::Red.on_default();

/// So many imports that reach past a package are shown; more are counted by module, and so many modules shown.
const REACHES: usize = 30;

/// Writes what a package exposes.
pub(super) fn write(api: &Api, out: &mut dyn Write) -> io::Result<()> {
    let path = api.path.as_deref().unwrap_or("no file of its own");
    writeln!(out, "{NAME}{}{NAME:#}  {QUIET}{path}{QUIET:#}", api.package)?;
    let count = match api.exposes.len() {
        0 => "exposes nothing".to_owned(),
        1 => "exposes 1 name".to_owned(),
        count => format!("exposes {count} names"),
    };
    let by = match (&api.all, api.exposes.is_empty()) {
        (Some(_), _) => ", as `__all__` says",
        (None, false) => "; it has no `__all__`",
        (None, true) => "",
    };
    let more = if api.incomplete { ", and perhaps others that cannot be read off" } else { "" };
    writeln!(out, "{count}{by}{more}\n")?;
    table(&api.exposes, out)?;
    for name in &api.missing {
        writeln!(out, "{TROUBLE}{name}{TROUBLE:#} is listed in `__all__`, but nothing defines it")?;
    }
    if !api.missing.is_empty() {
        writeln!(out)?;
    }
    reaches(api, out)
}

fn table(exposes: &[Exposed], out: &mut dyn Write) -> io::Result<()> {
    let width = |text: fn(&Exposed) -> usize| exposes.iter().map(text).max().unwrap_or_default();
    let (names, places) = (width(|row| row.name.chars().count()), width(|row| place(row).chars().count()));
    for row in exposes {
        let kind = match row.kind {
            ExportKind::Function => "function",
            ExportKind::Class => "class",
            ExportKind::Variable => "variable",
            ExportKind::Module => "module",
            ExportKind::External => "external",
            ExportKind::Unknown => "unknown",
        };
        let mut notes = Vec::new();
        if let Some(original) = &row.original {
            notes.push(format!("as `{original}`"));
        }
        if !row.through.is_empty() {
            notes.push(format!("through {}", row.through.join(", ")));
        }
        if row.lazy {
            notes.push("on demand".to_owned());
        }
        let (place, notes) = (place(row), notes.join(", "));
        write!(out, "  {NAME}{:names$}{NAME:#}  {LABEL}{kind:8}{LABEL:#}  ", row.name)?;
        if notes.is_empty() {
            writeln!(out, "{place}")?;
        } else {
            writeln!(out, "{place:places$}  {QUIET}{notes}{QUIET:#}")?;
        }
    }
    if !exposes.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

/// Where a name is defined.
fn place(row: &Exposed) -> String {
    match (&row.path, row.line) {
        (Some(path), Some(line)) => format!("{path}:{line}"),
        (Some(path), None) => path.clone(),
        (None, _) => row.module.clone(),
    }
}

fn reaches(api: &Api, out: &mut dyn Write) -> io::Result<()> {
    let reached = &api.reached_past;
    if reached.is_empty() {
        return writeln!(out, "No import from outside reaches past it.");
    }
    let (subject, verb) = if reached.len() == 1 { ("import", "reaches") } else { ("imports", "reach") };
    let avoidable = reached.iter().filter(|reach| reach.exposed).count();
    let (all, avoidable) = (thousands(reached.len()), thousands(avoidable));
    writeln!(out, "{all} {subject} from outside {verb} past it; {avoidable} of what it exposes anyway:")?;
    if reached.len() > REACHES {
        return by_module(reached, out);
    }
    let width = reached.iter().map(|reach| at(reach).chars().count()).max().unwrap_or_default();
    for reach in reached {
        let what = match &reach.name {
            Some(name) => format!("{name} from {}", reach.module),
            None => reach.module.clone(),
        };
        let note = if reach.exposed { format!("  {QUIET}also in {}{QUIET:#}", api.package) } else { String::new() };
        writeln!(out, "  {:width$}  {what}{note}", at(reach))?;
    }
    Ok(())
}

/// The inner modules that are reached most, each with the number of imports and one of them.
fn by_module(reached: &[Reach], out: &mut dyn Write) -> io::Result<()> {
    let mut modules: BTreeMap<&str, Vec<&Reach>> = BTreeMap::new();
    for reach in reached {
        modules.entry(&reach.module).or_default().push(reach);
    }
    let mut modules: Vec<(&str, Vec<&Reach>)> = modules.into_iter().collect();
    modules.sort_by_key(|(name, reaches)| (Reverse(reaches.len()), *name));
    let width = modules.iter().take(REACHES).map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, reaches) in modules.iter().take(REACHES) {
        let example = reaches.first().map(|reach| at(reach)).unwrap_or_default();
        writeln!(out, "  {:>6}  {name:width$}  {QUIET}{example}{QUIET:#}", thousands(reaches.len()))?;
    }
    let rest = modules.len().saturating_sub(REACHES);
    let rest = if rest > 0 { format!("and of {rest} more modules; ") } else { String::new() };
    writeln!(out, "  {QUIET}{rest}`--format json` has every line{QUIET:#}")
}

fn at(reach: &Reach) -> String {
    format!("{}:{}", reach.path, reach.line)
}
