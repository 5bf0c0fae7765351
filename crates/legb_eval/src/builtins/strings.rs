//! Methods of texts and bytes.
//!
//! Case and classification of characters follow Rust's tables, which may be those of another Unicode version: outside of
//! ASCII they are not claimed.

use std::sync::Arc;

use super::Table;
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::Value;

pub(super) const METHODS: Table = &[
    ("upper", |m, a| cased(m, a, str::to_uppercase)),
    ("lower", |m, a| cased(m, a, str::to_lowercase)),
    ("casefold", |m, a| cased(m, a, str::to_lowercase)),
    ("title", |m, a| cased(m, a, title)),
    ("capitalize", |m, a| cased(m, a, capitalize)),
    ("swapcase", |m, a| cased(m, a, swapcase)),
    ("strip", |m, a| strip(m, a, true, true)),
    ("lstrip", |m, a| strip(m, a, true, false)),
    ("rstrip", |m, a| strip(m, a, false, true)),
    ("split", |m, a| split(m, a, false)),
    ("rsplit", |m, a| split(m, a, true)),
    ("splitlines", splitlines),
    ("join", join),
    ("replace", replace),
    ("startswith", |m, a| affix(m, a, true)),
    ("endswith", |m, a| affix(m, a, false)),
    ("removeprefix", |m, a| remove_affix(m, a, true)),
    ("removesuffix", |m, a| remove_affix(m, a, false)),
    ("find", |m, a| find(m, a, false, false)),
    ("rfind", |m, a| find(m, a, true, false)),
    ("index", |m, a| find(m, a, false, true)),
    ("rindex", |m, a| find(m, a, true, true)),
    ("count", count),
    ("partition", |m, a| partition(m, a, false)),
    ("rpartition", |m, a| partition(m, a, true)),
    ("format", |m, mut a| {
        let text = this(m, &mut a)?;
        m.str_format(&text, &a)
    }),
    ("zfill", |m, mut a| {
        let text = this(m, &mut a)?;
        let Some(width) = width(&a) else { return Ok(m.unmodelled("such a width")) };
        let sign = usize::from(text.starts_with(['+', '-']));
        let missing = width.saturating_sub(text.chars().count());
        Ok(Value::str(format!("{}{}{}", &text[..sign], "0".repeat(missing), &text[sign..])))
    }),
    ("ljust", |m, a| justify(m, a, '<')),
    ("rjust", |m, a| justify(m, a, '>')),
    ("center", |m, a| justify(m, a, '^')),
    ("isdigit", |m, a| all_chars(m, a, |c| c.is_ascii_digit())),
    ("isdecimal", |m, a| all_chars(m, a, |c| c.is_ascii_digit())),
    ("isnumeric", |m, a| all_chars(m, a, |c| c.is_ascii_digit())),
    ("isalpha", |m, a| all_chars(m, a, |c| c.is_ascii_alphabetic())),
    ("isalnum", |m, a| all_chars(m, a, |c| c.is_ascii_alphanumeric())),
    ("isspace", |m, a| all_chars(m, a, |c| matches!(c, ' ' | '\t'..='\r' | '\x1c'..='\x1f'))),
    ("isupper", |m, a| is_cased(m, a, char::is_uppercase, char::is_lowercase)),
    ("islower", |m, a| is_cased(m, a, char::is_lowercase, char::is_uppercase)),
    ("isidentifier", |m, mut a| {
        let text = this(m, &mut a)?;
        if !text.is_ascii() {
            return Ok(m.unmodelled("such a text"));
        }
        let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        Ok(Value::Bool(starts && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')))
    }),
    ("encode", |m, mut a| {
        let text = this(m, &mut a)?;
        if a.get(0, "encoding").is_some_and(|encoding| m.text_of(encoding).is_none()) {
            return Ok(m.unmodelled("encode() with such an argument"));
        }
        let encoding = a.get(0, "encoding").and_then(Value::as_str).unwrap_or("utf-8").to_lowercase();
        if matches!(&*encoding, "utf-8" | "utf8") || encoding == "ascii" && text.is_ascii() {
            return Ok(Value::Bytes(text.as_bytes().into()));
        }
        Ok(m.unmodelled("such an encoding"))
    }),
];

pub(super) const BYTES: Table = &[("decode", |m, mut a| {
    let value = m.receiver(&mut a)?;
    let encoding = a.get(0, "encoding").and_then(Value::as_str).unwrap_or("utf-8").to_lowercase();
    match m.plain(&value) {
        Value::Bytes(bytes) if matches!(&*encoding, "utf-8" | "utf8" | "ascii") && bytes.is_ascii() => {
            Ok(Value::str(String::from_utf8_lossy(&bytes).into_owned()))
        }
        _ => Ok(m.unmodelled("such a decoding")),
    }
})];

/// The text a method is called on.
fn this(machine: &mut Machine<'_>, args: &mut Args) -> Eval<Arc<str>> {
    let value = machine.receiver(args)?;
    match machine.text_of(&value) {
        Some(text) => Ok(text),
        None => Err(machine.halt("a method of `str` called on something else")),
    }
}

/// A text argument; else unknown, or the error of the program.
fn text_argument(machine: &mut Machine<'_>, value: Option<&Value>, what: &str) -> Eval<Result<Arc<str>, Value>> {
    match value {
        None => Ok(Err(machine.unmodelled(format!("{what} without an argument")))),
        Some(value) => match machine.text_of(value) {
            Some(text) => Ok(Ok(text)),
            None if value.is_unknown() => Ok(Err(value.clone())),
            None => Ok(Err(machine.unmodelled(format!("{what} with such an argument")))),
        },
    }
}

fn cased(machine: &mut Machine<'_>, mut args: Args, change: fn(&str) -> String) -> Eval<Value> {
    let text = this(machine, &mut args)?;
    if text.is_ascii() {
        Ok(Value::str(change(&text)))
    } else {
        Ok(machine.unmodelled("the case of letters outside of ASCII"))
    }
}

fn title(text: &str) -> String {
    let mut inside = false;
    let mut out = String::new();
    for c in text.chars() {
        out.push(if inside { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() });
        inside = c.is_ascii_alphabetic();
    }
    out
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        format!("{}{}", first.to_ascii_uppercase(), chars.as_str().to_ascii_lowercase())
    })
}

fn swapcase(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() }).collect()
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

fn strip(machine: &mut Machine<'_>, mut args: Args, left: bool, right: bool) -> Eval<Value> {
    let text = this(machine, &mut args)?;
    let chars: Option<Vec<char>> = match args.positional.first() {
        None | Some(Value::None) => None,
        Some(value) => match text_argument(machine, Some(value), "strip()")? {
            Ok(chars) => Some(chars.chars().collect()),
            Err(value) => return Ok(value),
        },
    };
    let matches = |c: char| chars.as_ref().map_or_else(|| is_space(c), |chars| chars.contains(&c));
    let mut out = &*text;
    if left {
        out = out.trim_start_matches(matches);
    }
    if right {
        out = out.trim_end_matches(matches);
    }
    Ok(Value::str(out))
}

fn split(machine: &mut Machine<'_>, mut args: Args, from_right: bool) -> Eval<Value> {
    let text = this(machine, &mut args)?;
    let limit = match args.get(1, "maxsplit") {
        None => None,
        Some(value) => match value.as_i64() {
            Some(limit) => usize::try_from(limit).ok(),
            None => return Ok(machine.unmodelled("such a limit of split()")),
        },
    };
    let parts: Vec<String> = match args.get(0, "sep") {
        None | Some(Value::None) => split_words(&text, limit, from_right),
        Some(value) => {
            let value = value.clone();
            let separator = match text_argument(machine, Some(&value), "split()")? {
                Ok(separator) => separator,
                Err(value) => return Ok(value),
            };
            if separator.is_empty() {
                return Err(machine.raise(Ty::ValueError, "empty separator"));
            }
            let owned = |parts: Vec<&str>| parts.into_iter().map(str::to_owned).collect::<Vec<_>>();
            match (limit, from_right) {
                (None, _) => owned(text.split(&*separator).collect()),
                (Some(limit), false) => owned(text.splitn(limit + 1, &*separator).collect()),
                (Some(limit), true) => {
                    let mut parts = owned(text.rsplitn(limit + 1, &*separator).collect());
                    parts.reverse();
                    parts
                }
            }
        }
    };
    let items = parts.into_iter().map(Value::str).collect();
    Ok(machine.new_list(items))
}

fn split_words(text: &str, limit: Option<usize>, from_right: bool) -> Vec<String> {
    let Some(limit) = limit else {
        return text.split(is_space).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    };
    let mut parts = Vec::new();
    let mut rest = text;
    while parts.len() < limit {
        rest = if from_right { rest.trim_end_matches(is_space) } else { rest.trim_start_matches(is_space) };
        if rest.is_empty() {
            break;
        }
        if from_right {
            let start = rest.rfind(is_space).map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8));
            parts.push(rest[start..].to_owned());
            rest = &rest[..start];
        } else {
            let end = rest.find(is_space).unwrap_or(rest.len());
            parts.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
    }
    rest = if from_right { rest.trim_end_matches(is_space) } else { rest.trim_start_matches(is_space) };
    if !rest.is_empty() {
        parts.push(rest.to_owned());
    }
    if from_right {
        parts.reverse();
    }
    parts
}

fn splitlines(machine: &mut Machine<'_>, mut args: Args) -> Eval<Value> {
    let text = this(machine, &mut args)?;
    if !args.positional.is_empty()
        || !args.keywords.is_empty()
        || text.contains(|c: char| !c.is_ascii() || matches!(c, '\x0b' | '\x0c' | '\x1c'..='\x1e'))
    {
        return Ok(machine.unmodelled("such a call of splitlines()"));
    }
    let normal = text.replace("\r\n", "\n").replace('\r', "\n");
    let body = normal.strip_suffix('\n').unwrap_or(&normal);
    let items = if normal.is_empty() { Vec::new() } else { body.split('\n').map(Value::str).collect() };
    Ok(machine.new_list(items))
}

fn join(machine: &mut Machine<'_>, mut args: Args) -> Eval<Value> {
    let separator = this(machine, &mut args)?;
    let Some(iterable) = args.positional.first() else { return Ok(machine.unmodelled("join() of nothing")) };
    let items = match machine.collect(iterable) {
        Ok(Ok(items)) => items,
        Ok(Err(reason)) => return Ok(Value::Unknown(reason)),
        Err(crate::machine::Stop::Raise(e))
            if machine.heap.of(iterable).is_none() && machine.is_a(&Value::Obj(e), Ty::TypeError) =>
        {
            return Err(machine.raise(Ty::TypeError, "can only join an iterable"));
        }
        Err(stop) => return Err(stop),
    };
    let mut out = String::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(&separator);
        }
        match machine.plain(item) {
            Value::Str(text) => out.push_str(&text),
            Value::Unknown(reason) => return Ok(Value::Unknown(reason)),
            _ => {
                let name = machine.type_name(item);
                let message = format!("sequence item {i}: expected str instance, {name} found");
                return Err(machine.raise(Ty::TypeError, message));
            }
        }
        if out.len() > machine.budget.size {
            return Err(machine.halt("budget: a text grows too large"));
        }
    }
    Ok(Value::str(out))
}

fn replace(machine: &mut Machine<'_>, mut args: Args) -> Eval<Value> {
    let text = this(machine, &mut args)?;
    let old = match text_argument(machine, args.positional.first(), "replace()")? {
        Ok(old) => old,
        Err(value) => return Ok(value),
    };
    let new = match text_argument(machine, args.positional.get(1), "replace()")? {
        Ok(new) => new,
        Err(value) => return Ok(value),
    };
    let limit = match args.get(2, "count") {
        None => None,
        Some(value) => match value.as_i64() {
            Some(limit) => usize::try_from(limit).ok(),
            None => return Ok(machine.unmodelled("such a limit of replace()")),
        },
    };
    let places = text.matches(&*old).count();
    machine.check_size(text.len() + places.saturating_mul(new.len()))?;
    Ok(Value::str(match limit {
        Some(limit) => text.replacen(&*old, &new, limit),
        None => text.replace(&*old, &new),
    }))
}

fn affix(machine: &mut Machine<'_>, mut args: Args, start: bool) -> Eval<Value> {
    let text = this(machine, &mut args)?;
    if args.positional.len() != 1 {
        return Ok(machine.unmodelled("startswith() with bounds"));
    }
    let has = |part: &str| if start { text.starts_with(part) } else { text.ends_with(part) };
    let argument = &args.positional[0];
    if let Some(items) = machine.heap.tuple(argument) {
        for item in items.iter() {
            match machine.text_of(item) {
                Some(part) if has(&part) => return Ok(Value::Bool(true)),
                Some(_) => {}
                None => return Ok(machine.unmodelled("startswith() with such a tuple")),
            }
        }
        return Ok(Value::Bool(false));
    }
    match machine.text_of(argument) {
        Some(part) => Ok(Value::Bool(has(&part))),
        None if argument.is_unknown() => Ok(argument.clone()),
        None => {
            let (name, method) = (machine.type_name(argument), if start { "startswith" } else { "endswith" });
            let message = format!("{method} first arg must be str or a tuple of str, not {name}");
            Err(machine.raise(Ty::TypeError, message))
        }
    }
}

fn remove_affix(machine: &mut Machine<'_>, mut args: Args, start: bool) -> Eval<Value> {
    let text = this(machine, &mut args)?;
    if !machine.words.removes_affixes {
        let name = if start { "removeprefix" } else { "removesuffix" };
        return Err(machine.raise(Ty::AttributeError, format!("'str' object has no attribute '{name}'")));
    }
    Ok(match text_argument(machine, args.positional.first(), "removeprefix()")? {
        Ok(part) => {
            let rest = if start { text.strip_prefix(&*part) } else { text.strip_suffix(&*part) };
            Value::str(rest.unwrap_or(&text))
        }
        Err(value) => value,
    })
}

fn find(machine: &mut Machine<'_>, mut args: Args, from_right: bool, must: bool) -> Eval<Value> {
    let text = this(machine, &mut args)?;
    if args.positional.len() != 1 {
        return Ok(machine.unmodelled("find() with bounds"));
    }
    let part = match text_argument(machine, args.positional.first(), "find()")? {
        Ok(part) => part,
        Err(value) => return Ok(value),
    };
    let at = if from_right { text.rfind(&*part) } else { text.find(&*part) };
    match at {
        Some(at) => Ok(Value::count(text[..at].chars().count())),
        None if must => Err(machine.raise(Ty::ValueError, "substring not found")),
        None => Ok(Value::Int(-1)),
    }
}

fn count(machine: &mut Machine<'_>, mut args: Args) -> Eval<Value> {
    let text = this(machine, &mut args)?;
    if args.positional.len() != 1 {
        return Ok(machine.unmodelled("count() with bounds"));
    }
    Ok(match text_argument(machine, args.positional.first(), "count()")? {
        Ok(part) if part.is_empty() => Value::count(text.chars().count() + 1),
        Ok(part) => Value::count(text.matches(&*part).count()),
        Err(value) => value,
    })
}

fn partition(machine: &mut Machine<'_>, mut args: Args, from_right: bool) -> Eval<Value> {
    let text = this(machine, &mut args)?;
    let separator = match text_argument(machine, args.positional.first(), "partition()")? {
        Ok(separator) => separator,
        Err(value) => return Ok(value),
    };
    if separator.is_empty() {
        return Err(machine.raise(Ty::ValueError, "empty separator"));
    }
    let found = if from_right { text.rsplit_once(&*separator) } else { text.split_once(&*separator) };
    let parts = match found {
        Some((before, after)) => [before, &separator, after],
        None if from_right => ["", "", &text],
        None => [&*text, "", ""],
    };
    let items = parts.into_iter().map(Value::str).collect();
    Ok(machine.new_tuple(items))
}

fn width(args: &Args) -> Option<usize> {
    args.positional
        .first()
        .and_then(Value::as_i64)
        .map(|width| usize::try_from(width).unwrap_or(0))
        .filter(|w| *w < 100_000)
}

fn justify(machine: &mut Machine<'_>, mut args: Args, align: char) -> Eval<Value> {
    let text = this(machine, &mut args)?;
    let Some(width) = width(&args) else { return Ok(machine.unmodelled("such a width")) };
    let fill = match args.positional.get(1) {
        None => " ".into(),
        Some(value) => match text_argument(machine, Some(value), "ljust()")? {
            Ok(fill) => fill,
            Err(value) => return Ok(value),
        },
    };
    let missing = width.saturating_sub(text.chars().count());
    Ok(Value::str(match align {
        '<' => format!("{text}{}", fill.repeat(missing)),
        '>' => format!("{}{text}", fill.repeat(missing)),
        _ => {
            // `pad(…)` of `unicode_center_impl`: the odd one goes left if the width is odd.
            let left = missing / 2 + (missing & width & 1);
            format!("{}{text}{}", fill.repeat(left), fill.repeat(missing - left))
        }
    }))
}

fn all_chars(machine: &mut Machine<'_>, mut args: Args, test: fn(char) -> bool) -> Eval<Value> {
    let text = this(machine, &mut args)?;
    if !text.is_ascii() {
        return Ok(machine.unmodelled("the class of characters outside of ASCII"));
    }
    Ok(Value::Bool(!text.is_empty() && text.chars().all(test)))
}

fn is_cased(
    machine: &mut Machine<'_>,
    mut args: Args,
    wanted: fn(char) -> bool,
    other: fn(char) -> bool,
) -> Eval<Value> {
    let text = this(machine, &mut args)?;
    if !text.is_ascii() {
        return Ok(machine.unmodelled("the case of letters outside of ASCII"));
    }
    Ok(Value::Bool(text.chars().any(wanted) && !text.chars().any(other)))
}
