//! A graph for programs that draw: Graphviz and Mermaid.
//!
//! Dashed arrows are imports that do not run while the importing module is loaded.

use std::io::{self, Write};

use legb_graph::View;

/// Writes a graph in the language of Graphviz.
pub(super) fn write_dot(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph imports {{\n  rankdir=LR;\n  node [shape=box];")?;
    for node in &view.nodes {
        let style = if node.kind.is_first_party() { "" } else { " [style=dotted]" };
        writeln!(out, "  {}{style};", dot_name(&node.name))?;
    }
    for (arrow, (from, to)) in view.graph.arrows().enumerate() {
        let style = if is_eager(view, arrow) { "" } else { " [style=dashed]" };
        writeln!(out, "  {} -> {}{style};", dot_name(&view.node(from).name), dot_name(&view.node(to).name))?;
    }
    writeln!(out, "}}")
}

/// Writes a flowchart in the language of Mermaid.
pub(super) fn write_mermaid(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "flowchart LR")?;
    for (number, node) in view.nodes.iter().enumerate() {
        // A rounded box is a module outside of the project.
        let (open, close) = if node.kind.is_first_party() { ("[", "]") } else { ("(", ")") };
        writeln!(out, "  n{number}{open}\"{}\"{close}", mermaid_text(&node.name))?;
    }
    for (arrow, (from, to)) in view.graph.arrows().enumerate() {
        let line = if is_eager(view, arrow) { "-->" } else { "-.->" };
        writeln!(out, "  n{from} {line} n{to}")?;
    }
    Ok(())
}

fn is_eager(view: &View<'_>, arrow: usize) -> bool {
    view.sites(arrow).iter().any(|site| site.site.eager)
}

fn dot_name(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

fn mermaid_text(name: &str) -> String {
    name.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}
