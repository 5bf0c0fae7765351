//! Applies the repairs of findings to a text, again and again until none is left.
//!
//! Repairs that overlap are taken one after the other, in rounds. A repair after which the file would not compile any more is
//! left out. What a text means is asked of the caller, who knows the versions and rules; files are written elsewhere.

use std::collections::BTreeMap;

use legb_base::{Applicability, Diagnostic, Edit};

/// A text after its repairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// The text.
    pub text: String,
    /// How many repairs each rule made, by its name.
    pub applied: BTreeMap<&'static str, usize>,
    /// Repairs were still to be made when legb gave up: two rules undo each other's work.
    pub is_unsettled: bool,
}

impl Repaired {
    /// How many repairs were made.
    pub fn count(&self) -> usize {
        self.applied.values().sum()
    }
}

/// After so many rounds something goes round in circles.
const MOST_ROUNDS: usize = 100;

/// Repairs a text. `check` gives the findings of a text that compiles, and nothing for one that does not; `and_unsafe` says
/// whether repairs are wanted that may change what the program does.
pub fn repair(text: &str, and_unsafe: bool, mut check: impl FnMut(&str) -> Option<Vec<Diagnostic>>) -> Repaired {
    let mut repaired = Repaired { text: text.to_owned(), applied: BTreeMap::new(), is_unsettled: false };
    let Some(mut found) = check(text) else { return repaired };
    let line_ending = line_ending(text);
    for _ in 0..MOST_ROUNDS {
        let wanted = chosen(&found, and_unsafe);
        if wanted.is_empty() {
            return repaired;
        }
        let Some((text, made, next)) = round(&repaired.text, &wanted, line_ending, &mut check) else { return repaired };
        for rule in made {
            *repaired.applied.entry(rule).or_default() += 1;
        }
        repaired.text = text;
        found = next;
    }
    repaired.is_unsettled = !chosen(&found, and_unsafe).is_empty();
    repaired
}

/// A repair that is to be made.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    rule: &'static str,
    edits: &'a [Edit],
}

/// The repairs of one round: in the order of their places, without those that touch what an earlier one changes.
fn chosen(found: &[Diagnostic], and_unsafe: bool) -> Vec<Wanted<'_>> {
    let mut wanted: Vec<Wanted<'_>> = found
        .iter()
        .filter_map(|finding| Some((finding.rule.name, finding.fix.as_ref()?)))
        .filter(|(_, fix)| and_unsafe || fix.applicability == Applicability::Safe)
        .map(|(rule, fix)| Wanted { rule, edits: &fix.edits })
        .collect();
    wanted.sort_by_key(|wanted| wanted.edits.iter().map(|edit| (edit.span.start, edit.span.end)).min());
    let mut taken: Vec<Wanted<'_>> = Vec::new();
    for repair in wanted {
        if !taken.iter().any(|other| overlap(other.edits, repair.edits)) {
            taken.push(repair);
        }
    }
    taken
}

/// Whether two repairs change the same text, or insert at the same place.
fn overlap(a: &[Edit], b: &[Edit]) -> bool {
    a.iter().any(|a| {
        b.iter().any(|b| a.span.start < b.span.end && b.span.start < a.span.end || a.span.start == b.span.start)
    })
}

/// All repairs of a round; where the file would not compile then, one after the other, without those that break it.
fn round(
    text: &str,
    wanted: &[Wanted<'_>],
    line_ending: &str,
    check: &mut impl FnMut(&str) -> Option<Vec<Diagnostic>>,
) -> Option<(String, Vec<&'static str>, Vec<Diagnostic>)> {
    let all = applied(text, wanted, line_ending);
    if let Some(found) = check(&all) {
        return (all != text).then(|| (all, wanted.iter().map(|repair| repair.rule).collect(), found));
    }
    let mut kept: Vec<Wanted<'_>> = Vec::new();
    let mut last = None;
    for &repair in wanted {
        kept.push(repair);
        let next = applied(text, &kept, line_ending);
        match check(&next) {
            Some(found) => last = Some((next, found)),
            None => {
                kept.pop();
            }
        }
    }
    let (text, found) = last.filter(|(next, _)| next != text)?;
    Some((text, kept.iter().map(|repair| repair.rule).collect(), found))
}

fn applied(text: &str, wanted: &[Wanted<'_>], line_ending: &str) -> String {
    let mut edits: Vec<&Edit> = wanted.iter().flat_map(|repair| repair.edits).collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        changed.push_str(&text[at..edit.span.start as usize]);
        if line_ending == "\n" || !edit.content.contains('\n') || edit.content.contains('\r') {
            changed.push_str(&edit.content);
        } else {
            changed.push_str(&edit.content.replace('\n', line_ending));
        }
        at = edit.span.end as usize;
    }
    changed.push_str(&text[at..]);
    changed
}

/// The line ending of a text: that of its first line.
fn line_ending(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use legb_base::{Applicability, Certainty, Diagnostic, Edit, Fix, RuleId, Severity, Span};

    use super::repair;

    /// Finds the first `a` and `b` of a text, and wants them replaced by what `content` says.
    fn finder(content: &str, safe: bool) -> impl FnMut(&str) -> Option<Vec<Diagnostic>> + '_ {
        move |text| {
            let finding = |at: usize| Diagnostic {
                rule: RuleId { code: "LEGB110", name: "unused-import" },
                severity: Severity::Warning,
                certainty: Certainty::Certain,
                message: String::new(),
                span: Span::at(0),
                related: Vec::new(),
                python: None,
                help: None,
                fix: Some(Fix {
                    title: String::new(),
                    applicability: if safe { Applicability::Safe } else { Applicability::Unsafe },
                    edits: vec![Edit {
                        span: Span::new(u32::try_from(at).unwrap(), u32::try_from(at + 1).unwrap()),
                        content: content.to_owned(),
                    }],
                }),
            };
            (!text.contains("xx")).then(|| text.match_indices(['a', 'b']).map(|(at, _)| finding(at)).collect())
        }
    }

    #[test]
    fn repairs_go_on_until_none_is_left() {
        let repaired = repair("a b\n", false, finder("c", true));
        assert_eq!((repaired.text.as_str(), repaired.count()), ("c c\n", 2));
    }

    #[test]
    fn unsafe_repairs_are_made_only_if_wanted() {
        assert_eq!(repair("a", false, finder("c", false)).text, "a");
        assert_eq!(repair("a", true, finder("c", false)).text, "c");
    }

    #[test]
    fn what_would_not_compile_is_left_out() {
        let repaired = repair("a-ab", true, finder("x", true));
        assert_eq!((repaired.text.as_str(), repaired.count()), ("x-xb", 2));
    }

    #[test]
    fn endless_repairs_end() {
        let repaired = repair("a", true, |text| {
            let other = if text == "a" { "b" } else { "a" };
            finder(other, true)(text)
        });
        assert!(repaired.is_unsettled);
    }

    #[test]
    fn line_endings_are_those_of_the_file() {
        assert_eq!(repair("a\r\n", true, finder("c\nd", true)).text, "c\r\nd\r\n");
    }
}
