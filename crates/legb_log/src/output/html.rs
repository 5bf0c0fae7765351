//! A summary as one page of HTML that needs nothing else.

use std::fmt::Write as _;

use crate::level::Level;
use crate::parsing::Traceback;

use super::histogram::histogram_svg;
use super::series::sparkline;
use super::summary::{Group, Summary, total};
use super::summary_text::{NoteOf, described, plural};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;\
background:#fff}table{border-collapse:collapse}td,th{padding:.15rem .8rem .15rem 0;text-align:left;vertical-align:top}\
td.n{text-align:right;font-variant-numeric:tabular-nums}code,pre{font:13px/1.45 ui-monospace,monospace}\
pre{overflow-x:auto;background:#f5f5f5;padding:.6rem}summary{cursor:pointer}.dim{color:#777}.bad{color:#b3263b}\
@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}pre{background:#242424}.bad{color:#ff7b8f}}";

/// The summary as a page.
pub fn summary_html(summary: &Summary, note_of: NoteOf<'_>) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body>\n<h1>{0}</h1>\n",
        plural(summary.records, "record")
    );
    if let Some((first, last)) = summary.span {
        let _ = writeln!(out, "<p>{first} to {last}</p>");
    }
    out.push_str("<ul class=\"dim\">\n");
    for file in &summary.files {
        let _ = writeln!(out, "<li>{}: {}</li>", escape(&file.name), escape(&described(&file.detection)));
    }
    out.push_str("</ul>\n");
    out.push_str(&histogram_svg(&summary.series));
    levels(summary, &mut out);
    services(summary, &mut out);
    errors(summary, &mut out);
    groups(summary, note_of, &mut out);
    out.push_str("</body></html>\n");
    out
}

fn levels(summary: &Summary, out: &mut String) {
    out.push_str("<h2>Levels</h2>\n<table>\n");
    for level in Level::ALL.into_iter().rev().map(Some).chain([None]) {
        let count = summary.levels[super::series::bar_index(level)];
        if count > 0 {
            let name = level.map_or("(none)", Level::as_str);
            let _ = writeln!(out, "<tr><td>{name}</td><td class=\"n\">{count}</td></tr>");
        }
    }
    out.push_str("</table>\n");
}

fn services(summary: &Summary, out: &mut String) {
    let services = summary.services();
    if services.is_empty() {
        return;
    }
    out.push_str("<h2>Services</h2>\n<table><tr><th>service</th><th>records</th><th>errors</th></tr>\n");
    for (name, counts) in services {
        let errors = counts[Level::Error as usize] + counts[Level::Critical as usize];
        let (name, count) = (escape(&name), total(&counts));
        let _ = writeln!(out, "<tr><td>{name}</td><td class=\"n\">{count}</td><td class=\"n\">{errors}</td></tr>");
    }
    out.push_str("</table>\n");
}

fn errors(summary: &Summary, out: &mut String) {
    let errors = summary.errors();
    if errors.is_empty() {
        return;
    }
    out.push_str("<h2>Errors without a traceback</h2>\n<table>\n");
    for error in errors {
        let (service, message) = (escape(&error.service), escape(&error.template));
        let _ = writeln!(out, "<tr><td class=\"n\">{}</td><td>{service}</td><td>{message}</td></tr>", error.count);
    }
    out.push_str("</table>\n");
}

fn groups(summary: &Summary, note_of: NoteOf<'_>, out: &mut String) {
    let groups = summary.groups();
    if groups.is_empty() {
        return;
    }
    let _ = writeln!(out, "<h2>Tracebacks: {} different</h2>", groups.len());
    for group in groups {
        one(group, summary, note_of, out);
    }
}

fn one(group: &Group, summary: &Summary, note_of: NoteOf<'_>, out: &mut String) {
    let trace = &group.example;
    let _ = writeln!(
        out,
        "<details><summary>{}× <b class=\"bad\">{}</b> {} <code class=\"dim\">{}</code></summary>",
        group.count,
        escape(&trace.exception),
        escape(trace.first_line()),
        group.fp1
    );
    if let (Some((first, last)), Some(all)) = (group.span, summary.span) {
        let spark = sparkline(&group.series.joined(all.0.seconds, all.1.seconds, 60));
        let _ = writeln!(out, "<p>{} to {} <code>|{spark}|</code></p>", first.whole(), last.whole());
    }
    for note in note_of(trace) {
        let _ = writeln!(out, "<p>{}</p>", escape(&note));
    }
    let _ = writeln!(out, "<pre>{}</pre></details>", escape(&printed(trace)));
}

/// A traceback much as the interpreter prints it.
fn printed(trace: &Traceback) -> String {
    let mut out = String::new();
    for (index, link) in trace.chain().into_iter().enumerate() {
        if index > 0 {
            out.push_str(if link.cause.is_some() {
                "\nwhich was the direct cause of\n\n"
            } else {
                "\nduring whose handling came\n\n"
            });
        }
        for frame in &link.frames {
            let name = frame.name.as_ref().map_or_else(String::new, |name| format!(", in {name}"));
            let _ = writeln!(out, "  File \"{}\", line {}{name}", frame.path, frame.line);
            if let Some(source) = &frame.source {
                let _ = writeln!(out, "    {source}");
            }
        }
        let _ = writeln!(out, "{}: {}", link.exception, link.message);
        for member in &link.group {
            for line in printed(member).lines() {
                let _ = writeln!(out, "  | {line}");
            }
        }
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
