//! Which rules speak?
//!
//! A selector is the name or code of a rule, the beginning of a code (`LEGB1`), the name of a group, or `all`. Where
//! selectors disagree the more exact one wins; of two that are equally exact, the one that ignores.

use std::fmt;

use crate::meta::{Group, RuleMeta};
use crate::rules::RULES;

const EVERYTHING: &str = "all";
const CODE_PREFIX: &str = "LEGB";

/// A set of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    on: Box<[bool]>,
    /// Rules that somebody selected, alone or with others: they tell more than those that speak by default.
    asked: Box<[bool]>,
}

impl Default for Selection {
    /// The rules that speak when nothing is said about rules.
    fn default() -> Self {
        let on = RULES.iter().map(|rule| rule.on_by_default).collect();
        Self { on, asked: vec![false; RULES.len()].into_boxed_slice() }
    }
}

impl Selection {
    /// Applies selectors: those of `select`, if any, replace the default set, `extend` adds to it, `ignore` takes away.
    pub fn new<S: AsRef<str>>(select: &[S], extend: &[S], ignore: &[S]) -> Result<Self, UnknownSelector> {
        let mut steps = Vec::new();
        for (texts, on) in [(select, true), (extend, true), (ignore, false)] {
            for text in texts {
                steps.push((Selector::parse(text.as_ref())?, on));
            }
        }
        steps.sort_by_key(|&(selector, on)| (selector.exactness(), !on));
        let mut set = Self::default();
        if !select.is_empty() {
            set.on.fill(false);
        }
        for (selector, switch) in steps {
            for (at, rule) in RULES.iter().enumerate() {
                if selector.matches(rule) {
                    set.on[at] = switch;
                    set.asked[at] = switch;
                }
            }
        }
        Ok(set)
    }

    /// Whether the rule with this code speaks.
    pub fn contains(&self, code: &str) -> bool {
        RULES.iter().position(|rule| rule.code == code).is_some_and(|at| self.on[at])
    }

    /// Whether somebody selected the rule with this code, by whatever selector.
    pub(crate) fn asks_for(&self, code: &str) -> bool {
        RULES.iter().position(|rule| rule.code == code).is_some_and(|at| self.asked[at])
    }

    /// Whether the rule at this place of the list speaks.
    pub(crate) fn has(&self, at: usize) -> bool {
        self.on[at]
    }
}

#[derive(Clone, Copy)]
enum Selector<'a> {
    Everything,
    Group(Group),
    CodePrefix(&'a str),
    Rule(&'static str),
}

impl<'a> Selector<'a> {
    fn parse(text: &'a str) -> Result<Self, UnknownSelector> {
        if text.eq_ignore_ascii_case(EVERYTHING) {
            return Ok(Self::Everything);
        }
        if let Some(group) = Group::ALL.into_iter().find(|group| group.name() == text) {
            return Ok(Self::Group(group));
        }
        if let Some(rule) = RULES.iter().find(|rule| rule.name == text || rule.code == text) {
            return Ok(Self::Rule(rule.code));
        }
        if text.starts_with(CODE_PREFIX) && RULES.iter().any(|rule| rule.code.starts_with(text)) {
            return Ok(Self::CodePrefix(text));
        }
        Err(UnknownSelector { text: text.to_owned(), nearest: nearest(text) })
    }

    fn exactness(self) -> usize {
        match self {
            Self::Everything => 0,
            Self::Group(_) => 1,
            Self::CodePrefix(prefix) => prefix.len(),
            Self::Rule(_) => usize::MAX,
        }
    }

    fn matches(self, rule: &RuleMeta) -> bool {
        match self {
            Self::Everything => true,
            Self::Group(group) => rule.group == group,
            Self::CodePrefix(prefix) => rule.code.starts_with(prefix),
            Self::Rule(code) => rule.code == code,
        }
    }
}

/// The rule, code or group that a text was most likely meant to be.
fn nearest(text: &str) -> Option<&'static str> {
    let upper = text.to_ascii_uppercase();
    RULES
        .iter()
        .flat_map(|rule| [rule.name, rule.code])
        .chain(Group::ALL.map(Group::name))
        .map(|known| {
            let distance = strsim::damerau_levenshtein(text, known).min(strsim::damerau_levenshtein(&upper, known));
            (distance, known)
        })
        .min_by_key(|&(distance, _)| distance)
        .filter(|&(distance, known)| distance <= known.len() / 3)
        .map(|(_, known)| known)
}

/// A text that names no rule, code or group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSelector {
    /// The text.
    pub text: String,
    /// What it was most likely meant to be.
    pub nearest: Option<&'static str>,
}

impl fmt::Display for UnknownSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no rule, code or group", self.text)?;
        match self.nearest {
            Some(near) => write!(f, "; did you mean `{near}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownSelector {}

#[cfg(test)]
mod tests {
    use super::Selection;

    fn selected(select: &[&str], extend: &[&str], ignore: &[&str], code: &str) -> bool {
        Selection::new(select, extend, ignore).unwrap().contains(code)
    }

    #[test]
    fn the_more_exact_selector_wins() {
        assert!(selected(&[], &[], &[], "LEGB101"));
        assert!(!selected(&[], &[], &[], "LEGB210"));
        assert!(!selected(&["scope"], &[], &[], "LEGB101"));
        assert!(selected(&["scope"], &[], &[], "LEGB210"));
        assert!(selected(&[], &["global-statement"], &["scope"], "LEGB210"));
        assert!(selected(&["LEGB101"], &[], &["LEGB1"], "LEGB101"));
        assert!(!selected(&["LEGB101"], &[], &["unbound-local"], "LEGB101"));
        assert!(selected(&["all"], &[], &["LEGB1"], "LEGB210"));
        assert!(!selected(&["ALL"], &[], &["LEGB1"], "LEGB101"));
    }

    #[test]
    fn an_unknown_selector_names_the_nearest() {
        for (text, near) in [("unbound-locals", "unbound-local"), ("legb101", "LEGB101"), ("name", "names")] {
            assert_eq!(Selection::new(&[text], &[], &[]).unwrap_err().nearest, Some(near));
        }
        assert_eq!(Selection::new(&["xyz"], &[], &[]).unwrap_err().nearest, None);
    }
}
