//! Modules as text: in full where there are few, a line each where there are more, a line for each package where there are
//! very many.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use legb_graph::ModuleKind;
use legb_query::effects::{Effect, EffectKind};
use legb_query::{EntryPoint, ModuleReport};

use crate::args::ModulesView;

const NAME: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const LABEL: Style = AnsiColor::Cyan.on_default();
const TROUBLE: Style = AnsiColor::Red.on_default();

/// So many modules are shown in full.
const FULL: usize = 25;
/// So many modules get a line each.
const LIST: usize = 200;
/// So many packages get a line each in a summary.
const PACKAGES: usize = 40;
/// So many remarkable things of a kind are shown in a summary.
const REMARKABLE: usize = 12;
/// Columns for lists of names.
const WIDTH: usize = 100;
/// Columns in front of what is said of a module.
const INDENT: usize = 14;

/// Writes the modules.
pub(super) fn write(rows: &[ModuleReport], view: Option<ModulesView>, out: &mut dyn Write) -> io::Result<()> {
    let fitting = match rows.len() {
        count if count <= FULL => ModulesView::Full,
        count if count <= LIST => ModulesView::List,
        _ => ModulesView::Summary,
    };
    match view.unwrap_or(fitting) {
        ModulesView::Full => rows.iter().try_for_each(|row| full(row, out))?,
        ModulesView::List => list(rows, out)?,
        ModulesView::Summary => summary(rows, out)?,
    }
    if !rows.is_empty() {
        totals(rows, out)?;
    }
    Ok(())
}

fn full(row: &ModuleReport, out: &mut dyn Write) -> io::Result<()> {
    let path = row.path.as_deref().unwrap_or("no file of its own");
    let kind = if row.kind == ModuleKind::Module { String::new() } else { format!("{}, ", row.kind.word()) };
    if row.kind == ModuleKind::Script {
        writeln!(out, "{NAME}{path}{NAME:#}  {QUIET}script: no import finds it{QUIET:#}")?;
    } else {
        writeln!(out, "{NAME}{}{NAME:#}  {QUIET}{kind}{path}{QUIET:#}", row.module)?;
    }
    if let Some(problem) = &row.problem {
        writeln!(out, "  {TROUBLE}{:INDENT$}{TROUBLE:#}{problem}", "problem")?;
    }
    names("functions", &row.functions, out)?;
    names("classes", &row.classes, out)?;
    names("imports", &row.imports, out)?;
    if let Some(all) = &row.all {
        names("__all__", all, out)?;
        if row.all_incomplete {
            label("", "and perhaps more: it is computed", out)?;
        } else if all.is_empty() {
            label("__all__", "empty", out)?;
        }
    } else {
        let defined: BTreeSet<&String> = row.functions.iter().chain(&row.classes).collect();
        if row.public.iter().any(|name| !defined.contains(name)) {
            names("public", &row.public, out)?;
        }
    }
    if row.main_guard {
        label("main guard", "yes", out)?;
    }
    for entry in &row.entry_points {
        label("entry point", &told(entry), out)?;
    }
    for (position, effect) in row.effects.iter().enumerate() {
        let line = format!("line {}  {}", effect.line, effect.what);
        label(if position == 0 { "on import" } else { "" }, &line, out)?;
    }
    writeln!(out)
}

fn label(label: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  {LABEL}{label:INDENT$}{LABEL:#}{text}")
}

/// A list of names, over as many lines as it needs.
fn names(what: &str, names: &[String], out: &mut dyn Write) -> io::Result<()> {
    let mut lines = vec![String::new()];
    for (position, name) in names.iter().enumerate() {
        let separator = if position + 1 < names.len() { "," } else { "" };
        let full = lines.last().is_none_or(|line| !line.is_empty() && line.len() + name.len() + INDENT > WIDTH);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(name);
            line.push_str(separator);
        }
    }
    for (position, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
        label(if position == 0 { what } else { "" }, line, out)?;
    }
    Ok(())
}

fn told(entry: &EntryPoint) -> String {
    let object = entry.object.as_deref().map(|object| format!(":{object}")).unwrap_or_default();
    format!("{} = {}{object}  ({} in {}:{})", entry.name, entry.module, entry.group, entry.path, entry.line)
}

fn list(rows: &[ModuleReport], out: &mut dyn Write) -> io::Result<()> {
    let width = rows.iter().map(|row| row.module.chars().count()).max().unwrap_or_default().min(60);
    writeln!(
        out,
        "{QUIET}{:width$}  {:>9}  {:>7}  {:>7}  notes{QUIET:#}",
        "module", "functions", "classes", "imports"
    )?;
    for row in rows {
        let (functions, classes, imports) = (row.functions.len(), row.classes.len(), row.imports.len());
        let notes = notes(row);
        write!(out, "{NAME}{:width$}{NAME:#}  {functions:>9}  {classes:>7}  {imports:>7}", row.module)?;
        writeln!(out, "{}{notes}", if notes.is_empty() { "" } else { "  " })?;
    }
    writeln!(out)
}

fn notes(row: &ModuleReport) -> String {
    let mut notes = Vec::new();
    if let Some(problem) = &row.problem {
        notes.push(format!("{TROUBLE}{problem}{TROUBLE:#}"));
    }
    match row.kind {
        ModuleKind::Namespace | ModuleKind::Script => notes.push(row.kind.word().to_owned()),
        _ => {}
    }
    if row.main_guard {
        notes.push("main guard".to_owned());
    }
    notes.extend(row.entry_points.iter().map(|entry| format!("entry point {}", entry.name)));
    let kinds = kinds(row.effects.iter());
    if !kinds.is_empty() {
        notes.push(format!("on import: {kinds}"));
    }
    notes.join("; ")
}

/// How often each kind occurs: `print 2, call 14`.
fn kinds<'a>(effects: impl Iterator<Item = &'a Effect>) -> String {
    let mut counts: BTreeMap<EffectKind, usize> = BTreeMap::new();
    for effect in effects {
        *counts.entry(effect.kind).or_default() += 1;
    }
    let told = counts.iter().map(|(kind, count)| format!("{} {count}", kind.word()));
    told.collect::<Vec<_>>().join(", ")
}

/// A line for each package, of as many levels as fit.
fn summary(rows: &[ModuleReport], out: &mut dyn Write) -> io::Result<()> {
    let importable = || rows.iter().filter(|row| row.kind != ModuleKind::Script);
    let cut = |name: &str, depth: usize| name.split('.').take(depth).collect::<Vec<_>>().join(".");
    let groups = |depth: usize| {
        let mut groups: BTreeMap<String, Vec<&ModuleReport>> = BTreeMap::new();
        for row in importable() {
            groups.entry(cut(&row.module, depth)).or_default().push(row);
        }
        groups
    };
    let deepest = importable().map(|row| row.module.split('.').count()).max().unwrap_or(1);
    let depth = (1..=deepest).rev().find(|depth| groups(*depth).len() <= PACKAGES).unwrap_or(1);
    let groups = groups(depth);
    let mut largest: Vec<(&String, &Vec<&ModuleReport>)> = groups.iter().collect();
    if largest.len() > PACKAGES {
        largest.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
        largest.truncate(PACKAGES);
        largest.sort_by_key(|(name, _)| *name);
    }
    let width = largest.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    writeln!(
        out,
        "{QUIET}{:width$}  {:>7}  {:>9}  {:>7}  on import{QUIET:#}",
        "package", "modules", "functions", "classes"
    )?;
    for (name, rows) in &largest {
        let functions: usize = rows.iter().map(|row| row.functions.len()).sum();
        let classes: usize = rows.iter().map(|row| row.classes.len()).sum();
        let kinds = kinds(rows.iter().flat_map(|row| &row.effects));
        writeln!(out, "{NAME}{name:width$}{NAME:#}  {:>7}  {functions:>9}  {classes:>7}  {kinds}", rows.len())?;
    }
    if largest.len() < groups.len() {
        writeln!(out, "{QUIET}and {} smaller ones{QUIET:#}", groups.len() - largest.len())?;
    }
    writeln!(out)?;
    remarkable(rows, out)?;
    writeln!(
        out,
        "{QUIET}More of each module: `legb modules PATH`, `--view list`, `--view full` or `--format json`.{QUIET:#}"
    )
}

/// Effects that importing a module should rather not have, entry points, and modules that do not compile.
fn remarkable(rows: &[ModuleReport], out: &mut dyn Write) -> io::Result<()> {
    let path = |row: &ModuleReport| row.path.clone().unwrap_or_else(|| row.module.clone());
    let problems = rows.iter().filter_map(|row| Some(format!("{}: {}", path(row), row.problem.as_ref()?)));
    few("Python does not compile", &problems.collect::<Vec<_>>(), out)?;
    let entries = rows.iter().flat_map(|row| row.entry_points.iter().map(told));
    few("Entry points", &entries.collect::<Vec<_>>(), out)?;
    let mut by_kind: BTreeMap<EffectKind, Vec<String>> = BTreeMap::new();
    for row in rows {
        for effect in row.effects.iter().filter(|effect| effect.kind != EffectKind::Call) {
            let code = effect.what.split_once(": ").map_or(effect.what.as_str(), |(_, code)| code);
            by_kind.entry(effect.kind).or_default().push(format!("{}:{}  {code}", path(row), effect.line));
        }
    }
    for (kind, lines) in by_kind {
        few(&format!("On import: {}", kind.word()), &lines, out)?;
    }
    Ok(())
}

fn few(title: &str, lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "{LABEL}{title}{LABEL:#} {QUIET}({}){QUIET:#}", lines.len())?;
    for line in lines.iter().take(REMARKABLE) {
        writeln!(out, "  {line}")?;
    }
    if lines.len() > REMARKABLE {
        writeln!(out, "  {QUIET}and {} more{QUIET:#}", lines.len() - REMARKABLE)?;
    }
    writeln!(out)
}

fn totals(rows: &[ModuleReport], out: &mut dyn Write) -> io::Result<()> {
    let number = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let functions = rows.iter().map(|row| row.functions.len()).sum();
    let classes = rows.iter().map(|row| row.classes.len()).sum();
    let guards = rows.iter().filter(|row| row.main_guard).count();
    let effects = rows.iter().filter(|row| !row.effects.is_empty()).count();
    writeln!(
        out,
        "{}: {}, {}; {guards} with a main guard, {effects} with effects on import",
        number(rows.len(), "module", "modules"),
        number(functions, "function", "functions"),
        number(classes, "class", "classes"),
    )
}
