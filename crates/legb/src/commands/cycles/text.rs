//! Import cycles as text: the groups, their smallest cycles with the lines, and what to cut.

use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use legb_graph::{CutImport, Cycle, Ease, ModuleId, Network};

use super::{Group, verdicts};
use crate::output::thousands;

const NAME: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const EASY: Style = AnsiColor::Green.on_default();
const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Groups of more modules are told by their packages.
const NAMED: usize = 20;
/// So many packages of a large group are named.
const PACKAGES: usize = 8;
/// So many imports of a cut are shown; the rest is counted.
const CUT: usize = 10;
/// So many groups are shown in full; of the rest there is a line each.
const FULL: usize = 20;

/// What groups are told from.
pub(super) struct View<'a> {
    pub(super) network: &'a Network,
    /// All imports count, not only those that run while modules are loaded.
    pub(super) all: bool,
    /// The working directory.
    pub(super) here: &'a Path,
}

/// Writes all groups; `groups` go with `found`.
pub(super) fn write(view: &View<'_>, found: &[Cycle], groups: &[Group], out: &mut dyn Write) -> io::Result<()> {
    let View { network, all, here } = *view;
    let when = if all { "" } else { " while they are loaded" };
    if found.is_empty() {
        writeln!(out, "{GOOD}No modules import each other{when}.{GOOD:#}")?;
        if !all {
            writeln!(
                out,
                "{QUIET}Imports in functions, under `if TYPE_CHECKING:` and lazy ones do not count; --all counts them.{QUIET:#}"
            )?;
        }
        return Ok(());
    }
    let modules: usize = found.iter().map(|cycle| cycle.modules.len()).sum();
    let count =
        if found.len() == 1 { "One group of".to_owned() } else { format!("{} groups with", thousands(found.len())) };
    writeln!(out, "{NAME}{count} {} modules that import each other{when}{NAME:#}", thousands(modules))?;
    let mut largest: Vec<usize> = (0..found.len()).collect();
    largest.sort_by_key(|&place| std::cmp::Reverse(found[place].modules.len()));
    let full = &largest[..largest.len().min(FULL)];
    for (place, (cycle, group)) in found.iter().zip(groups).enumerate() {
        writeln!(out)?;
        write_head(network, place + 1, cycle, out)?;
        if full.contains(&place) || group.judged.crashes() {
            write_smallest(network, cycle, all, out)?;
            verdicts::write(group, here, out)?;
            write_cut(network, cycle, group, out)?;
        } else {
            verdicts::write(group, here, out)?;
            writeln!(out, "   {}", title(network, cycle))?;
        }
    }
    verdicts::write_summary(groups, out)
}

fn write_head(network: &Network, number: usize, cycle: &Cycle, out: &mut dyn Write) -> io::Result<()> {
    let count = cycle.modules.len();
    write!(out, "{NAME}{number}. {} modules:{NAME:#} ", thousands(count))?;
    if count <= NAMED {
        let names: Vec<&str> = cycle.modules.iter().map(|&id| network.name(id)).collect();
        return writeln!(out, "{}", names.join(", "));
    }
    // The packages are told apart one level below what all modules have in common.
    let depth = (1..6).find(|&depth| cycle.packages(network, depth).len() > 1).unwrap_or(1);
    let packages = cycle.packages(network, depth);
    let named: Vec<String> =
        packages.iter().take(PACKAGES).map(|(name, count)| format!("{name} ({})", thousands(*count))).collect();
    write!(out, "{}", named.join(", "))?;
    match packages.len().saturating_sub(PACKAGES) {
        0 => writeln!(out),
        more => writeln!(out, " and {} more packages", thousands(more)),
    }
}

fn write_smallest(network: &Network, cycle: &Cycle, all: bool, out: &mut dyn Write) -> io::Result<()> {
    let is_whole = |smallest: &Vec<ModuleId>| smallest.len() == cycle.modules.len();
    if cycle.smallest.len() == 1 && cycle.smallest.first().is_some_and(is_whole) {
        writeln!(out, "   the cycle")?;
    } else {
        writeln!(out, "   the smallest cycles in it")?;
    }
    for smallest in &cycle.smallest {
        let names: Vec<&str> = smallest.iter().chain(smallest.first()).map(|&id| network.name(id)).collect();
        writeln!(out, "     {}", names.join(" → "))?;
        for (from, to) in smallest.iter().zip(smallest.iter().cycle().skip(1)) {
            let Some(edge) = network.graph.edge(*from, *to) else { continue };
            let sites = network.graph.sites(edge).iter().filter(|site| all || site.eager);
            let lines: Vec<String> = sites.map(|site| site.line.to_string()).collect();
            let path = network.path(*from).unwrap_or_default();
            writeln!(out, "       {QUIET}{path}:{}{QUIET:#} imports {}", lines.join(","), network.name(*to))?;
        }
    }
    if cycle.has_more {
        writeln!(out, "     {QUIET}and more: --limit says how many are shown{QUIET:#}")?;
    }
    Ok(())
}

fn write_cut(network: &Network, cycle: &Cycle, group: &Group, out: &mut dyn Write) -> io::Result<()> {
    if let Some(cut) = &group.judged.cut {
        let checked = if cut.verified { "then every entry works" } else { "then none crashes for this cycle" };
        return writeln!(out, "   {GOOD}repair{GOOD:#}  {}  {QUIET}({checked}){QUIET:#}", cut.title);
    }
    write!(out, "   {}", title(network, cycle))?;
    if let [only] = cycle.cut.as_slice()
        && only.sites.len() == 1
    {
        return writeln!(out, "  {}", because(only));
    }
    writeln!(out)?;
    for import in cycle.cut.iter().take(CUT) {
        let (place, to) = (place(network, import), network.name(import.to));
        writeln!(out, "     {QUIET}{place}{QUIET:#} imports {to}  {}", because(import))?;
    }
    match cycle.cut.len().saturating_sub(CUT) {
        0 => Ok(()),
        more => writeln!(out, "     {QUIET}and {} more{QUIET:#}", thousands(more)),
    }
}

/// How the importing file uses what it imports, and what that allows.
fn because(import: &CutImport) -> String {
    let remedy = import.ease.remedy().map(|remedy| format!(": {remedy}")).unwrap_or_default();
    let style = if import.ease <= Ease::InFunctions { EASY } else { Style::new() };
    format!("{style}{}{remedy}{style:#}", import.ease.because())
}

fn place(network: &Network, import: &CutImport) -> String {
    let lines: Vec<String> = import.sites.iter().map(|site| site.line.to_string()).collect();
    format!("{}:{}", network.path(import.from).unwrap_or_default(), lines.join(","))
}

/// What a cut comes to, in a line.
pub(super) fn title(network: &Network, cycle: &Cycle) -> String {
    let statements: usize = cycle.cut.iter().map(|import| import.sites.len()).sum();
    let easy = cycle.cut.iter().filter(|import| import.ease <= Ease::InFunctions).count();
    match cycle.cut.as_slice() {
        [import] if statements == 1 => {
            format!("cut 1 import: {} imports {}", place(network, import), network.name(import.to))
        }
        _ => {
            let least = if cycle.cut_is_least { "no fewer would do" } else { "few, though perhaps not the fewest" };
            let easy = if easy == 0 { String::new() } else { format!("; {} of them easily", thousands(easy)) };
            format!("cut {} imports, {least}{easy}", thousands(statements))
        }
    }
}
