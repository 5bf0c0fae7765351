//! A graph as JSON: its modules, and its edges with their lines.

use std::borrow::Cow;
use std::io::{self, Write};

use legb_graph::View;
use serde::Serialize;

use crate::output::json_lines;

#[derive(Serialize)]
struct Module<'a> {
    #[serde(rename = "module")]
    name: &'a str,
    path: Option<Cow<'a, str>>,
    kind: &'static str,
}

#[derive(Serialize)]
struct Edge<'a> {
    from: &'a str,
    to: &'a str,
    imports: Vec<Import<'a>>,
}

#[derive(Serialize)]
struct Import<'a> {
    path: Cow<'a, str>,
    line: u32,
    when: &'static str,
}

/// Writes one object; each module and each edge has a line, so that differences of two graphs can be read.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"modules\": ")?;
    let modules = view.graph.nodes().map(|node| {
        let row = view.node(node);
        Module { name: &row.name, path: view.path(node), kind: row.kind.word() }
    });
    json_lines(modules, out)?;
    write!(out, ", \"edges\": ")?;
    let edges = view.graph.arrows().enumerate().map(|(arrow, (from, to))| Edge {
        from: &view.node(from).name,
        to: &view.node(to).name,
        imports: view
            .sites(arrow)
            .iter()
            .map(|site| Import { path: view.site_path(site), line: site.site.line, when: site.site.when.word() })
            .collect(),
    });
    json_lines(edges, out)?;
    writeln!(out, "}}")
}
