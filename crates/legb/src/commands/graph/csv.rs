//! A graph as comma-separated values (RFC 4180): a line for each import.

use std::io::{self, Write};

use legb_graph::View;

use crate::output::csv_line;

/// Writes the head line and a line for each import.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "from,to,path,line,when")?;
    for (arrow, (from, to)) in view.graph.arrows().enumerate() {
        for site in view.sites(arrow) {
            let line = site.site.line.to_string();
            let fields =
                [&view.node(from).name, &view.node(to).name, &*view.site_path(site), &line, site.site.when.word()];
            csv_line(&fields, out)?;
        }
    }
    Ok(())
}
