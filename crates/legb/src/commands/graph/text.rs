//! A graph as text: a tree of imports where that can be read, a summary where it cannot.

mod summary;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use legb_graph::digraph::Node;
use legb_graph::view::ViewSite;
use legb_graph::{View, When};

const NAME: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const LATE: Style = AnsiColor::Yellow.on_default();

/// A graph of more arrows is summed up, unless a part of it was chosen.
const READABLE: usize = 80;
/// So many lines of an arrow are shown.
const PLACES: usize = 3;

/// Writes a tree from `starts` down, or a summary. `is_chosen` says that a part was asked for, however large.
pub(super) fn write(view: &View<'_>, starts: Option<&[Node]>, is_chosen: bool, out: &mut dyn Write) -> io::Result<()> {
    if view.nodes.is_empty() {
        return Ok(());
    }
    if is_chosen || view.graph.arrow_count() <= READABLE && view.nodes.len() <= READABLE {
        write_tree(view, starts, out)
    } else {
        summary::write(view, out)
    }
}

/// A line of the tree that is still to be written.
struct Branch {
    node: Node,
    /// The arrow that leads here; none for a start.
    arrow: Option<usize>,
    /// What stands before the name, and before what is below it.
    lead: String,
    below: String,
}

fn write_tree(view: &View<'_>, starts: Option<&[Node]>, out: &mut dyn Write) -> io::Result<()> {
    let tops;
    let starts = if let Some(starts) = starts {
        starts
    } else {
        tops = view.tops();
        &tops
    };
    let backward = view.graph.reversed().0;
    let is_alone = |node: Node| view.graph.successors(node).is_empty() && backward.successors(node).is_empty();
    let mut is_shown = vec![false; view.nodes.len()];
    let mut shows_again = false;
    for &start in starts.iter().filter(|start| !is_alone(**start) || view.nodes.len() == 1) {
        let mut open = vec![Branch { node: start, arrow: None, lead: String::new(), below: String::new() }];
        while let Some(branch) = open.pop() {
            let node = branch.node;
            let targets = view.graph.successors(node);
            let again = is_shown[node as usize] && !targets.is_empty();
            shows_again |= again;
            write_branch(view, &branch, again, out)?;
            if std::mem::replace(&mut is_shown[node as usize], true) {
                continue;
            }
            for arrow in view.graph.arrows_of(node).rev() {
                let is_last = arrow + 1 == view.graph.arrows_of(node).end;
                open.push(Branch {
                    node: view.graph.target(arrow),
                    arrow: Some(arrow),
                    lead: format!("{}{}", branch.below, if is_last { "└─ " } else { "├─ " }),
                    below: format!("{}{}", branch.below, if is_last { "   " } else { "│  " }),
                });
            }
        }
    }
    let alone: Vec<&str> =
        view.graph.nodes().filter(|&node| is_alone(node)).map(|node| &*view.node(node).name).collect();
    if !alone.is_empty() && view.nodes.len() > 1 {
        writeln!(out, "\n{QUIET}no import of a project module, and imported by none:{QUIET:#} {}", alone.join(", "))?;
    }
    if shows_again {
        writeln!(out, "\n{QUIET}… the rest is shown above{QUIET:#}")?;
    }
    Ok(())
}

fn write_branch(view: &View<'_>, branch: &Branch, again: bool, out: &mut dyn Write) -> io::Result<()> {
    let node = view.node(branch.node);
    let size = if node.size > 1 { format!(" ({} modules)", node.size) } else { String::new() };
    let again = if again { " …" } else { "" };
    write!(out, "{QUIET}{}{QUIET:#}{NAME}{}{NAME:#}{size}{again}", branch.lead, node.name)?;
    if let Some(arrow) = branch.arrow {
        write!(out, "  ")?;
        write_sites(view, arrow, out)?;
    }
    writeln!(out)
}

/// The places of an arrow, and what makes them run late.
fn write_sites(view: &View<'_>, arrow: usize, out: &mut dyn Write) -> io::Result<()> {
    let sites = view.sites(arrow);
    let places: Vec<String> = sites.iter().take(PLACES).map(|site| place(view, site)).collect();
    write!(out, "{QUIET}{}", places.join(", "))?;
    if sites.len() > PLACES {
        write!(out, " and {} more", sites.len() - PLACES)?;
    }
    write!(out, "{QUIET:#}")?;
    let mut whens: Vec<When> = sites.iter().map(|site| site.site.when).collect();
    whens.sort_unstable();
    whens.dedup();
    if whens != [When::Module] {
        let words: Vec<&str> = whens.into_iter().map(said).collect();
        write!(out, "  {LATE}{}{LATE:#}", words.join(", "))?;
    }
    Ok(())
}

fn place(view: &View<'_>, site: &ViewSite) -> String {
    format!("{}:{}", view.site_path(site), site.site.line)
}

/// When an import runs, for people.
fn said(when: When) -> &'static str {
    match when {
        When::Module => "at module level",
        When::Try => "in try",
        When::Conditional => "conditional",
        When::Function => "in a function",
        When::TypeChecking => "for type checkers only",
        When::Lazy => "lazy",
        When::Dynamic => "by a call",
    }
}

/// Writes a chain of imports, a line for each.
pub(super) fn write_chain(view: &View<'_>, way: &[Node], out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<&str> = way.iter().map(|&node| &*view.node(node).name).collect();
    writeln!(out, "{NAME}{}{NAME:#}", names.join(" → "))?;
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for pair in way.windows(2) {
        if let Some(arrow) = view.graph.arrow(pair[0], pair[1]) {
            let (from, to) = (&view.node(pair[0]).name, &view.node(pair[1]).name);
            write!(out, "  {from:width$} → {to:width$}  ")?;
            write_sites(view, arrow, out)?;
            writeln!(out)?;
        }
    }
    Ok(())
}

/// Says that there is no chain.
pub(super) fn write_no_chain(from: &str, to: &str, other_way: bool, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "No chain of imports leads from {NAME}{from}{NAME:#} to {NAME}{to}{NAME:#}.")?;
    if other_way {
        writeln!(out, "One leads the other way: legb graph --path {to} {from}")?;
    }
    Ok(())
}
