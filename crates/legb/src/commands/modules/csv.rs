//! Modules as comma-separated values (RFC 4180): a line each, lists joined by spaces.

use std::io::{self, Write};

use legb_query::ModuleReport;

use crate::output::csv_line;

const HEAD: &str = "module,path,kind,functions,classes,imports,public,all,main_guard,effects,entry_points,problem";

/// Writes the head line and a line for each module.
pub(super) fn write(rows: &[ModuleReport], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{HEAD}")?;
    for row in rows {
        let effects: Vec<String> =
            row.effects.iter().map(|effect| format!("{}:{}", effect.line, effect.kind.word())).collect();
        let entry_points: Vec<&str> = row.entry_points.iter().map(|entry| entry.name.as_str()).collect();
        let fields: [&str; 12] = [
            &row.module,
            row.path.as_deref().unwrap_or_default(),
            row.kind.word(),
            &row.functions.join(" "),
            &row.classes.join(" "),
            &row.imports.join(" "),
            &row.public.join(" "),
            &row.all.as_deref().unwrap_or_default().join(" "),
            if row.main_guard { "true" } else { "false" },
            &effects.join(" "),
            &entry_points.join(" "),
            row.problem.as_deref().unwrap_or_default(),
        ];
        csv_line(&fields, out)?;
    }
    Ok(())
}
