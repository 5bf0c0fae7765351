//! Edits that may repair a failure, and the one that is offered: what it changes, as data and as lines for people.

use legb_base::fix::LocatedEdit;
use legb_base::{Edit, Span};
use legb_syntax::LineIndex;
use serde_json::{Value, json};

/// So many changed lines are shown.
const SHOWN: usize = 12;

/// A repair that may help: edits of one file, or a sentence alone.
#[derive(Clone, Debug)]
pub(super) struct Proposal {
    /// What it does.
    pub(super) title: String,
    /// The file, as it is printed.
    pub(super) path: String,
    /// The text of the file.
    pub(super) text: String,
    /// The edits, sorted; none where what is meant decides.
    pub(super) edits: Vec<Edit>,
}

impl Proposal {
    /// The text with the edits made.
    pub(super) fn edited(&self) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut from = 0;
        for edit in &self.edits {
            out.push_str(&self.text[from as usize..edit.span.start as usize]);
            out.push_str(&edit.content);
            from = edit.span.end;
        }
        out.push_str(&self.text[from as usize..]);
        out
    }
}

/// The repair that is offered.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The repair.
    pub(super) proposal: Proposal,
    /// Whether the edited program was followed and works.
    pub(super) is_verified: bool,
}

/// A repair with its edits as people count lines.
#[derive(Clone, Debug)]
pub(super) struct Mended {
    /// What it does.
    pub(super) title: String,
    /// What would be better, and needs a decision.
    pub(super) better: Option<String>,
    /// Whether the edited program was followed and works.
    pub(super) is_verified: bool,
    /// The lines that change, with `-` and `+`.
    pub(super) lines: Vec<String>,
    edits: Vec<LocatedEdit>,
}

impl Mended {
    /// The documented JSON of a cut.
    pub(super) fn data(&self) -> Value {
        json!({"title": self.title, "edits": self.edits, "verified": self.is_verified, "better": self.better})
    }
}

/// A choice with its places; `better` is what would be better, and needs a decision.
pub(super) fn located(choice: &Choice, better: Option<String>) -> Mended {
    let Proposal { title, path, text, edits } = &choice.proposal;
    let index = LineIndex::new(text);
    let mut changed = Vec::new();
    for edit in edits {
        show(path, text, &index, edit, &mut changed);
    }
    if changed.len() > SHOWN {
        changed.truncate(SHOWN);
        changed.push("…".to_owned());
    }
    let located = edits.iter().map(|edit| LocatedEdit {
        path: path.clone(),
        range: index.line_range(edit.span, text),
        content: edit.content.clone(),
    });
    let better = better.filter(|better| better != title);
    Mended { title: title.clone(), better, is_verified: choice.is_verified, lines: changed, edits: located.collect() }
}

/// The lines that an edit takes away and puts in.
fn show(path: &str, text: &str, index: &LineIndex, edit: &Edit, out: &mut Vec<String>) {
    let line = index.line(edit.span.start);
    let start = index.line_span(line).map_or(0, |span| span.start);
    let is_whole = edit.span.start == start && (edit.content.is_empty() || edit.content.ends_with('\n'));
    let end = if is_whole {
        edit.span.end
    } else {
        let rest = &text[edit.span.end as usize..];
        edit.span.end + u32::try_from(rest.find('\n').unwrap_or(rest.len())).unwrap_or(0)
    };
    let before = Span::new(start, end).slice(text);
    let head = Span::new(start, edit.span.start).slice(text);
    let tail = Span::new(edit.span.end, end).slice(text);
    let after = format!("{head}{}{tail}", edit.content);
    let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    for (mark, line_text) in
        lines(before).into_iter().map(|text| ('-', text)).chain(lines(&after).into_iter().map(|text| ('+', text)))
    {
        if !line_text.is_empty() {
            out.push(format!("{path}:{line} {mark} {line_text}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use legb_base::{Edit, Span};

    use super::{Choice, Proposal, located};

    #[test]
    fn edits_are_made_and_shown_as_lines() {
        let text = "import b\nLIMIT = 5\nuse(LIMT)\n".to_owned();
        let edits = vec![
            Edit { span: Span::new(0, 9), content: String::new() },
            Edit { span: Span::new(19, 19), content: "import b\n".to_owned() },
            Edit { span: Span::new(23, 27), content: "LIMIT".to_owned() },
        ];
        let proposal = Proposal { title: "t".to_owned(), path: "a.py".to_owned(), text, edits };
        assert_eq!(proposal.edited(), "LIMIT = 5\nimport b\nuse(LIMIT)\n");
        let mended = located(&Choice { proposal, is_verified: false }, None);
        assert_eq!(
            mended.lines,
            ["a.py:1 - import b", "a.py:3 + import b", "a.py:3 - use(LIMT)", "a.py:3 + use(LIMIT)"]
        );
    }
}
