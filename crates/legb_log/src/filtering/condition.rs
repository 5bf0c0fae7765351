//! A condition on one field: `status>=500`, `user=bob`, `path~^/api`, `level>=ERROR`.

use std::cmp::Ordering;
use std::str::FromStr;

use regex::bytes::Regex;

use crate::level::Level;
use crate::record::Record;

use super::is_type;

/// How a field is compared.
#[derive(Clone, Debug)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `~`: the pattern is found in it.
    Matches(Regex),
    /// `!~`: the pattern is not found in it.
    MatchesNot(Regex),
}

/// A condition on one field of a record.
///
/// Numbers are compared as numbers where both sides are some, else text is compared by its bytes; `level` is compared on the
/// scale of levels, `exc` with the types of all exceptions. A record without the field fulfils only `!=` and `!~`.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The name of the field, or `level`, `service`, `message`, `exc`.
    pub field: String,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what.
    pub value: String,
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let usage = || format!("`{text}` is no condition; write FIELD=VALUE, or !=, >, >=, <, <=, ~ or !~ for =");
        let at = text.find(['=', '!', '>', '<', '~']).filter(|at| *at > 0).ok_or_else(usage)?;
        let (field, rest) = text.split_at(at);
        let operator = ["!=", "!~", ">=", "<=", "==", "=", ">", "<", "~"]
            .into_iter()
            .find(|operator| rest.starts_with(operator))
            .ok_or_else(usage)?;
        let value = rest[operator.len()..].trim();
        let regex = || Regex::new(value).map_err(|error| format!("`{value}` is no regular expression: {error}"));
        let comparison = match operator {
            "!=" => Comparison::NotEqual,
            "!~" => Comparison::MatchesNot(regex()?),
            ">=" => Comparison::GreaterOrEqual,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            "<" => Comparison::Less,
            "~" => Comparison::Matches(regex()?),
            _ => Comparison::Equal,
        };
        let field = field.trim().to_owned();
        if field == "level" && !matches!(comparison, Comparison::Matches(_) | Comparison::MatchesNot(_)) {
            Level::from_str(value)?;
        }
        Ok(Self { field, comparison, value: value.to_owned() })
    }
}

impl Condition {
    /// Whether a record fulfils it.
    pub fn holds(&self, record: &Record) -> bool {
        let found = match self.field.as_str() {
            "level" => return self.level_holds(record.level()),
            "exc" => return self.exception_holds(record),
            "service" => record.service().map(std::borrow::Cow::Borrowed),
            "message" => Some(std::borrow::Cow::Borrowed(record.full_message())),
            name => record.field(name).map(|value| std::borrow::Cow::Owned(value.text().into_owned())),
        };
        let Some(found) = found else { return self.is_negative() };
        match &self.comparison {
            Comparison::Matches(pattern) => pattern.is_match(&found),
            Comparison::MatchesNot(pattern) => !pattern.is_match(&found),
            _ => self.ordering_holds(compare(&found, self.value.as_bytes())),
        }
    }

    fn is_negative(&self) -> bool {
        matches!(self.comparison, Comparison::NotEqual | Comparison::MatchesNot(_))
    }

    fn level_holds(&self, level: Option<Level>) -> bool {
        let Some(level) = level else { return self.is_negative() };
        match &self.comparison {
            Comparison::Matches(pattern) => pattern.is_match(level.as_str().as_bytes()),
            Comparison::MatchesNot(pattern) => !pattern.is_match(level.as_str().as_bytes()),
            _ => Level::from_word(self.value.as_bytes()).is_some_and(|wanted| self.ordering_holds(level.cmp(&wanted))),
        }
    }

    fn exception_holds(&self, record: &Record) -> bool {
        let traces = record.tracebacks();
        let any =
            |holds: &mut dyn FnMut(&crate::parsing::Traceback) -> bool| traces.iter().any(|trace| trace.any(holds));
        match &self.comparison {
            Comparison::Equal => any(&mut |trace| is_type(trace, &self.value)),
            Comparison::NotEqual => !any(&mut |trace| is_type(trace, &self.value)),
            Comparison::Matches(pattern) => any(&mut |trace| pattern.is_match(trace.exception.as_bytes())),
            Comparison::MatchesNot(pattern) => !any(&mut |trace| pattern.is_match(trace.exception.as_bytes())),
            _ => false,
        }
    }

    fn ordering_holds(&self, ordering: Ordering) -> bool {
        match self.comparison {
            Comparison::Equal => ordering.is_eq(),
            Comparison::NotEqual => ordering.is_ne(),
            Comparison::Greater => ordering.is_gt(),
            Comparison::GreaterOrEqual => ordering.is_ge(),
            Comparison::Less => ordering.is_lt(),
            Comparison::LessOrEqual => ordering.is_le(),
            Comparison::Matches(_) | Comparison::MatchesNot(_) => false,
        }
    }
}

/// Compares as numbers where both are some, else as text.
fn compare(found: &[u8], wanted: &[u8]) -> Ordering {
    let number = |text: &[u8]| std::str::from_utf8(text).ok()?.trim().parse::<f64>().ok();
    match (number(found), number(wanted)) {
        (Some(found), Some(wanted)) => found.total_cmp(&wanted),
        _ => found.cmp(wanted),
    }
}
