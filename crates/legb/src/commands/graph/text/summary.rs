//! What a large graph comes to: how much there is, what stands out, and what to ask next.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::Style;
use legb_graph::components::Components;
use legb_graph::digraph::{Digraph, Node};
use legb_graph::{View, When};

use super::{NAME, QUIET, said};
use crate::output::thousands;

const HEAD: Style = Style::new().bold().underline();

/// So many modules of a kind are listed.
const LISTED: usize = 8;

/// Writes the summary.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (modules, edges) = (view.nodes.len(), view.graph.arrow_count());
    writeln!(
        out,
        "{NAME}{}{NAME:#} modules, {NAME}{}{NAME:#} pairs of them joined by {} imports",
        thousands(modules),
        thousands(edges),
        thousands(view.all_sites().len())
    )?;
    let mut whens: BTreeMap<When, usize> = BTreeMap::new();
    for site in view.all_sites() {
        *whens.entry(site.site.when).or_default() += 1;
    }
    let whens: Vec<String> =
        whens.into_iter().map(|(when, count)| format!("{} {}", thousands(count), said(when))).collect();
    writeln!(out, "{QUIET}{}{QUIET:#}", whens.join(", "))?;
    let backward = view.graph.reversed().0;
    let imported = most(&backward);
    ranking(view, "Imported by most modules", &imported, out)?;
    ranking(view, "Import most modules", &most(&view.graph), out)?;
    write_cycles(view, out)?;
    write_next(view, &imported, out)
}

/// The nodes with most arrows, the first of them, with their numbers.
fn most(graph: &Digraph) -> Vec<(Node, usize)> {
    let mut counts: Vec<(Node, usize)> = graph.nodes().map(|node| (node, graph.successors(node).len())).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(LISTED);
    counts
}

fn ranking(view: &View<'_>, title: &str, rows: &[(Node, usize)], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{HEAD}{title}{HEAD:#}")?;
    for (node, count) in rows {
        writeln!(out, "  {:>7}  {}", thousands(*count), view.node(*node).name)?;
    }
    Ok(())
}

fn write_cycles(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let of = |graph: &Digraph| {
        let groups = Components::of(graph).cyclic();
        let largest = groups.iter().map(Vec::len).max().unwrap_or(0);
        (groups.len(), largest)
    };
    let eager = view.graph.filtered(|arrow| view.sites(arrow).iter().any(|site| site.site.eager));
    writeln!(out, "\n{HEAD}Cycles{HEAD:#}")?;
    for ((count, largest), which) in
        [(of(&eager), "while they are loaded"), (of(&view.graph), "if every import counts")]
    {
        let text = match count {
            0 => format!("no modules import each other {which}"),
            1 => format!("one group of {} modules that import each other {which}", thousands(largest)),
            _ => format!(
                "{} groups of modules that import each other {which}, the largest has {}",
                thousands(count),
                thousands(largest)
            ),
        };
        writeln!(out, "  {text}")?;
    }
    Ok(())
}

fn write_next(view: &View<'_>, imported: &[(Node, usize)], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{HEAD}Ask next{HEAD:#}")?;
    if let Some((node, _)) = imported.first() {
        let name = &view.node(*node).name;
        writeln!(out, "  legb graph --from {name} --depth 1            {QUIET}what it imports{QUIET:#}")?;
        writeln!(out, "  legb graph --from {name} --depth 1 --reverse  {QUIET}who imports it{QUIET:#}")?;
    }
    writeln!(out, "  legb graph --group 1                {QUIET}top-level packages instead of modules{QUIET:#}")?;
    writeln!(out, "  legb graph --path FROM TO           {QUIET}the shortest chain of imports{QUIET:#}")?;
    writeln!(
        out,
        "  legb cycles                         {QUIET}which modules import each other, and what to cut{QUIET:#}"
    )
}
