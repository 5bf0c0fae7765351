//! `full`: each finding with the source it speaks of, as compilers show it.
//!
//! The rendering library wants one contiguous text per file. A finding carries only the lines it needs, so the text is made
//! of these, with empty lines in the gaps, which the library folds away.

use std::io::{self, Write};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use legb_base::{Finding, LineColumn, LineExcerpt, LineRange, RelatedFinding, Severity};

use super::{Format, summary};
use crate::report::Report;
use crate::style::WIDTH;

/// The format.
#[derive(Debug)]
pub(super) struct Text;

impl Format for Text {
    fn name(&self) -> &'static str {
        "full"
    }

    fn help(&self) -> &'static str {
        "findings with the source around them"
    }

    fn shows_source(&self) -> bool {
        true
    }

    fn is_data(&self) -> bool {
        false
    }

    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let renderer = Renderer::styled().term_width(WIDTH);
        for entry in report.entries {
            let versions = report.label(entry).map(|versions| versions.to_string());
            let group = group(&entry.finding, versions);
            writeln!(out, "{}\n", renderer.render(&[group]))?;
        }
        summary::write(report, out)
    }
}

fn group(finding: &Finding, versions: Option<String>) -> Group<'_> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level.primary_title(finding.message.as_str()).id(format!("{} {}", finding.code, finding.rule));
    let mut group = Group::with_title(title);
    group = if finding.excerpt.is_empty() {
        let start = finding.range.start;
        group.element(Origin::path(finding.path.as_str()).line(start.line as usize).char_column(start.column as usize))
    } else {
        group.elements(snippets(finding))
    };
    if let Some(message) = &finding.python {
        group = group.element(Level::NOTE.with_name("python").message(message.as_str()));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    if let Some(versions) = versions {
        group = group.element(Level::NOTE.message(format!("only with Python {versions}")));
    }
    group
}

/// One snippet per file: first that of the finding, then those of related places elsewhere.
fn snippets(finding: &Finding) -> Vec<Snippet<'_, Annotation<'_>>> {
    let (here, elsewhere): (Vec<_>, Vec<_>) = finding
        .related
        .iter()
        .filter(|related| !related.excerpt.is_empty())
        .partition(|related| related.path == finding.path);
    let excerpts = here.iter().map(|related| &related.excerpt);
    let source = Source::new([&finding.excerpt].into_iter().chain(excerpts));
    let primary = AnnotationKind::Primary.span(source.span(finding.range));
    let context = here.iter().map(|related| label(&source, related));
    let annotations = [primary].into_iter().chain(context).collect();
    let mut snippets = vec![source.snippet(&finding.path, annotations)];
    for related in elsewhere {
        let source = Source::new([&related.excerpt]);
        let annotations = vec![label(&source, related)];
        snippets.push(source.snippet(&related.path, annotations));
    }
    snippets
}

fn label<'a>(source: &Source, related: &'a RelatedFinding) -> Annotation<'a> {
    AnnotationKind::Context.span(source.span(related.range)).label(related.message.as_str())
}

/// Lines of one file, laid out as one text.
struct Source {
    /// Number of the first line.
    first: u32,
    text: String,
    /// Where each line from `first` on begins in `text`.
    starts: Vec<usize>,
}

impl Source {
    fn new<'a>(excerpts: impl IntoIterator<Item = &'a Vec<LineExcerpt>>) -> Self {
        let mut lines: Vec<&LineExcerpt> = excerpts.into_iter().flatten().collect();
        lines.sort_by_key(|line| line.line);
        lines.dedup_by_key(|line| line.line);
        let first = lines.first().map_or(1, |line| line.line);
        let mut source = Self { first, text: String::new(), starts: Vec::new() };
        let mut next = first;
        for line in lines {
            while next <= line.line {
                source.starts.push(source.text.len());
                if next == line.line {
                    source.text.push_str(&line.text);
                }
                source.text.push('\n');
                next += 1;
            }
        }
        source
    }

    fn snippet<'a>(self, path: &'a str, annotations: Vec<Annotation<'a>>) -> Snippet<'a, Annotation<'a>> {
        Snippet::source(self.text).line_start(self.first as usize).path(path).annotations(annotations)
    }

    fn span(&self, range: LineRange) -> std::ops::Range<usize> {
        let start = self.offset(range.start);
        let end = self.offset(range.end).max(start);
        start..end
    }

    fn offset(&self, at: LineColumn) -> usize {
        let index = at.line.saturating_sub(self.first) as usize;
        let Some(&start) = self.starts.get(index) else {
            return self.text.len();
        };
        let end = self.starts.get(index + 1).map_or(self.text.len(), |next| *next) - 1;
        let line = &self.text[start..end];
        let column = at.column.saturating_sub(1) as usize;
        line.char_indices().nth(column).map_or(end, |(within, _)| start + within)
    }
}
