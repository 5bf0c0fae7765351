//! Reads of names that a run has shown, beside what explanations say of them.
//!
//! A read is looked for at its place; of versions that tell no columns, among the mentions of its name in its line. What the
//! compiler reads on its own account (`.0`, `__class__` for `super()`) has no mention.

use std::collections::BTreeMap;

use legb_oracle::watch::NameRead;
use legb_scope::explain::{Answer, Explanation};
use legb_scope::facts::Flow;
use legb_scope::names::Rule;
use legb_syntax::LineIndex;
use rustc_hash::FxHashMap;
use serde::Serialize;

/// How the reads of a run stand to explanations.
#[derive(Debug, Default, Serialize)]
pub(super) struct Agreement {
    /// Reads that have a mention; each place and answer counts once.
    pub(super) compared: usize,
    /// Names that only the compiler reads there, with the number of their reads.
    pub(super) without_mention: BTreeMap<String, usize>,
    /// Answers that differ for a reason that no file shows.
    pub(super) exceptions: Vec<Difference>,
    /// Answers that should not differ.
    pub(super) contradictions: Vec<Difference>,
}

/// A read that was answered by another scope than the one that was explained.
#[derive(Debug, Serialize)]
pub(super) struct Difference {
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) name: String,
    /// What legb says.
    pub(super) legb: String,
    /// What the run has shown.
    pub(super) python: String,
    /// Why it may differ; none for contradictions.
    pub(super) because: Option<&'static str>,
}

impl Agreement {
    /// Adds those of another file.
    pub(super) fn add(&mut self, other: Self) {
        self.compared += other.compared;
        for (name, count) in other.without_mention {
            *self.without_mention.entry(name).or_default() += count;
        }
        self.exceptions.extend(other.exceptions);
        self.contradictions.extend(other.contradictions);
    }
}

/// Compares the reads of a file with the explanations of all its mentions.
pub(super) fn compare(path: &str, explanations: &[Explanation], text: &str, reads: &[&NameRead]) -> Agreement {
    let lines = LineIndex::new(text);
    let reading = || explanations.iter().filter(|it| it.raised.is_some());
    let mut at: FxHashMap<(u32, u32, &str), &Explanation> = FxHashMap::default();
    let mut on_line: FxHashMap<(u32, &str), Vec<&Explanation>> = FxHashMap::default();
    for it in reading() {
        let start = it.range.start;
        at.insert((start.line, start.column, &it.name), it);
        on_line.entry((start.line, &it.name)).or_default().push(it);
    }
    let mut agreement = Agreement::default();
    let mut reads = reads.to_vec();
    reads.sort_unstable_by_key(|read| (read.line, read.column_utf8, &read.name, &read.owner, read.is_bound));
    for read in reads {
        let column = read.column_utf8.and_then(|bytes| column(&lines, text, read.line, bytes));
        let exact = column.and_then(|column| at.get(&(read.line, column, &read.name))).copied();
        let candidates = match exact {
            Some(found) => vec![found],
            None => on_line.get(&(read.line, read.name.as_str())).cloned().unwrap_or_default(),
        };
        let verdicts = candidates.into_iter().map(|it| (judged(it, read), it));
        let Some((verdict, it)) = verdicts.min_by_key(|(verdict, _)| *verdict) else {
            *agreement.without_mention.entry(read.name.clone()).or_default() += 1;
            continue;
        };
        agreement.compared += 1;
        let because = match verdict {
            Verdict::Same => continue,
            Verdict::Excepted(because) => Some(because),
            Verdict::Contradicted => None,
        };
        let had = if read.is_bound { "" } else { ", without a value" };
        let difference = Difference {
            path: path.to_owned(),
            line: it.range.start.line,
            column: it.range.start.column,
            name: read.name.clone(),
            legb: format!("{} ({}), {}", word(it.scope), it.rule.as_str(), flow_word(it.flow)),
            python: format!("{}{had}", read.owner),
            because,
        };
        match because {
            Some(_) => agreement.exceptions.push(difference),
            None => agreement.contradictions.push(difference),
        }
    }
    agreement
}

/// The column, from 1, of what begins behind so many bytes of a line.
fn column(lines: &LineIndex, text: &str, line: u32, bytes: u32) -> Option<u32> {
    let before = lines.line_span(line)?.slice(text).get(..bytes as usize)?;
    u32::try_from(before.chars().count() + 1).ok()
}

/// How a read stands to an explanation, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Same,
    Excepted(&'static str),
    Contradicted,
}

const UNSEEN: &str = "bound by means that no statement shows";
const NO_VALUE: &str = "legb says that the variable may have no value there, and the search went on";

fn judged(it: &Explanation, read: &NameRead) -> Verdict {
    let surely_wrong = match it.flow {
        Flow::Bound => !read.is_bound,
        Flow::Unbound => read.is_bound && it.scope != Answer::Unresolved,
        Flow::Maybe | Flow::NotAsked => false,
    };
    if surely_wrong {
        return Verdict::Contradicted;
    }
    let owner = read.owner.as_str();
    let is_same = match (it.rule, it.scope) {
        (Rule::Fast | Rule::Cell, _) => owner == "local",
        (Rule::Free, _) => owner == "enclosing",
        (Rule::ClassFree, _) => matches!(owner, "local" | "enclosing"),
        (Rule::ClassGlob, _) => true,
        (Rule::Global | Rule::Name, scope) => owner == word(scope),
    };
    match (is_same, it.scope, owner) {
        (true, ..) => Verdict::Same,
        (_, Answer::Unresolved | Answer::Builtin, "global") | (_, Answer::Unresolved, "builtin") => {
            Verdict::Excepted(UNSEEN)
        }
        // `vars()` of a class body, or what a metaclass puts there before the body runs.
        (_, Answer::Unresolved | Answer::Builtin | Answer::Global, "local") if it.rule == Rule::Name => {
            Verdict::Excepted(UNSEEN)
        }
        (_, Answer::Global | Answer::Local, "builtin" | "unresolved" | "global") if it.flow == Flow::Maybe => {
            Verdict::Excepted(NO_VALUE)
        }
        _ => Verdict::Contradicted,
    }
}

const fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Local => "local",
        Answer::Enclosing => "enclosing",
        Answer::Global => "global",
        Answer::Builtin => "builtin",
        Answer::Unresolved => "unresolved",
    }
}

const fn flow_word(flow: Flow) -> &'static str {
    match flow {
        Flow::Bound => "bound",
        Flow::Maybe => "may have no value",
        Flow::Unbound => "without a value",
        Flow::NotAsked => "not judged",
    }
}
