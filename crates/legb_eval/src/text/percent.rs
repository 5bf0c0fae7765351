//! `"…" % value`: formatting as in C.

use num_traits::Signed;

use super::format::{exponent_text, general_text};
use crate::heap::Object;
use crate::machine::{Eval, Machine};
use crate::number::in_base;
use crate::operate::as_float;
use crate::ty::Ty;
use crate::value::Value;

/// A conversion such as `%-5.2f`.
#[derive(Debug, Default)]
struct Directive {
    key: Option<String>,
    flags: String,
    width: Option<usize>,
    precision: Option<usize>,
    starred: bool,
    kind: char,
}

impl Machine<'_> {
    /// `template % value`
    pub(crate) fn percent(&mut self, template: &str, value: &Value) -> Eval<Value> {
        let is_tuple = self.layout(value) == Some(Ty::Tuple);
        let values = if is_tuple { self.heap.tuple(value).unwrap_or_default().to_vec() } else { vec![value.clone()] };
        let mut values = values.into_iter();
        let mut used_mapping = false;
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = template;
        while let Some(at) = rest.find('%') {
            literal.push_str(&rest[..at]);
            let Some((directive, len)) = directive(&rest[at + 1..]) else {
                return Err(self.raise(Ty::ValueError, "incomplete format"));
            };
            rest = &rest[at + 1 + len..];
            if directive.kind == '%' {
                literal.push('%');
                continue;
            }
            if directive.starred {
                return Ok(self.unmodelled("`*` in a format"));
            }
            let item = match &directive.key {
                Some(key) => {
                    if !self.is_mapping(value) {
                        return Err(self.raise(Ty::TypeError, "format requires a mapping"));
                    }
                    used_mapping = true;
                    self.get_item(value, &Value::str(key.as_str()))?
                }
                None => match values.next() {
                    Some(item) => item,
                    None => return Err(self.raise(Ty::TypeError, "not enough arguments for format string")),
                },
            };
            parts.push(Value::str(std::mem::take(&mut literal)));
            let text = self.directive_text(&directive, &item)?;
            parts.push(text);
        }
        literal.push_str(rest);
        let left = values.next().is_some();
        // What can be subscripted counts as a mapping, of which not all keys need be used.
        let mapping = used_mapping
            || matches!(self.plain(value), Value::Bytes(_))
            || matches!(
                self.heap.of(value),
                Some(Object::Dict(_) | Object::List(_) | Object::Range { .. } | Object::Instance(_))
            );
        if left && (!mapping || is_tuple) {
            return Err(self.raise(Ty::TypeError, "not all arguments converted during string formatting"));
        }
        parts.push(Value::str(literal));
        Ok(self.join_texts(&parts))
    }

    fn directive_text(&mut self, directive: &Directive, item: &Value) -> Eval<Value> {
        if item.is_unknown() {
            return Ok(item.clone());
        }
        let text = match directive.kind {
            's' => self.str_of(item)?,
            'r' => self.repr_of(item)?,
            'a' => self.ascii_of(item)?,
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' => return self.percent_int(directive, item),
            'f' | 'F' | 'e' | 'E' | 'g' | 'G' => return self.percent_float(directive, item),
            'c' => return Ok(self.unmodelled("`%c`")),
            other => {
                let code = other as u32;
                let message = format!("unsupported format character '{other}' (0x{code:x}) at index");
                self.doubt("the index of a wrong format character");
                return Err(self.raise(Ty::ValueError, message));
            }
        };
        Ok(match text {
            Value::Str(text) => {
                let cut: String = match directive.precision {
                    Some(precision) => text.chars().take(precision).collect(),
                    None => text.to_string(),
                };
                Value::str(directive.pad(&cut, 0, false))
            }
            other => other,
        })
    }

    fn percent_int(&mut self, directive: &Directive, item: &Value) -> Eval<Value> {
        let plain = self.plain(item);
        let number = match &plain {
            Value::Float(float) if float.is_finite() && matches!(directive.kind, 'd' | 'i' | 'u') => {
                num_traits::FromPrimitive::from_f64(float.trunc())
            }
            other => other.as_bigint(),
        };
        let Some(number) = number else {
            if self.is_open(item) {
                return Ok(self.unknown("a number of an unknown class"));
            }
            let (kind, name) = (directive.kind, self.type_name(item));
            let what = match kind {
                'd' | 'i' | 'u' if self.words.speaks_of_real_numbers => "a real number is required",
                'd' | 'i' | 'u' => "a number is required",
                _ => "an integer is required",
            };
            return Err(self.raise(Ty::TypeError, format!("%{kind} format: {what}, not {name}")));
        };
        let base = match directive.kind {
            'x' | 'X' => 16,
            'o' => 8,
            _ => 10,
        };
        let mut digits = in_base(&number.abs(), base);
        if directive.kind == 'X' {
            digits = digits.to_uppercase();
        }
        if let Some(precision) = directive.precision {
            digits = format!("{}{digits}", "0".repeat(precision.saturating_sub(digits.len())));
        }
        let prefix = match directive.kind {
            kind @ ('x' | 'X') if directive.flags.contains('#') => format!("0{kind}"),
            'o' if directive.flags.contains('#') => "0o".to_owned(),
            _ => String::new(),
        };
        let sign = directive.sign(number.is_negative());
        let head = sign.len() + prefix.len();
        Ok(Value::str(directive.pad(&format!("{sign}{prefix}{digits}"), head, true)))
    }

    fn percent_float(&mut self, directive: &Directive, item: &Value) -> Eval<Value> {
        let plain = self.plain(item);
        let Some(number) = as_float(&plain) else {
            if self.is_open(item) {
                return Ok(self.unknown("a number of an unknown class"));
            }
            let name = self.type_name(item);
            return Err(self.raise(Ty::TypeError, format!("must be real number, not {name}")));
        };
        if !number.is_finite() || directive.flags.contains('#') {
            return Ok(self.unmodelled("such a float in a format"));
        }
        let precision = directive.precision.unwrap_or(6);
        let body = match directive.kind {
            'f' | 'F' => format!("{:.precision$}", number.abs()),
            'e' | 'E' => exponent_text(number.abs(), precision),
            _ => general_text(number.abs(), precision.max(1)),
        };
        let body = if directive.kind.is_uppercase() { body.to_uppercase() } else { body };
        let sign = directive.sign(number.is_sign_negative());
        Ok(Value::str(directive.pad(&format!("{sign}{body}"), sign.len(), true)))
    }
}

impl Directive {
    fn sign(&self, negative: bool) -> &'static str {
        if negative {
            "-"
        } else if self.flags.contains('+') {
            "+"
        } else if self.flags.contains(' ') {
            " "
        } else {
            ""
        }
    }

    /// Fills up to the width; zeros go behind the head of a number.
    fn pad(&self, text: &str, head: usize, number: bool) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        if self.flags.contains('-') {
            format!("{text}{}", " ".repeat(missing))
        } else if number && self.flags.contains('0') {
            format!("{}{}{}", &text[..head], "0".repeat(missing), &text[head..])
        } else {
            format!("{}{text}", " ".repeat(missing))
        }
    }
}

/// Reads what follows a `%`, and how long it is.
fn directive(text: &str) -> Option<(Directive, usize)> {
    let mut directive = Directive::default();
    let mut rest = text;
    if let Some(inner) = rest.strip_prefix('(') {
        let (key, after) = inner.split_once(')')?;
        directive.key = Some(key.to_owned());
        rest = after;
    }
    let flags = rest.find(|c| !"-+ #0".contains(c))?;
    rest[..flags].clone_into(&mut directive.flags);
    rest = &rest[flags..];
    let mut number = |rest: &mut &str| {
        if let Some(after) = rest.strip_prefix('*') {
            directive.starred = true;
            *rest = after;
            return None;
        }
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let value = rest[..end].parse().ok();
        *rest = &rest[end..];
        value
    };
    let width = number(&mut rest);
    let mut precision = None;
    if let Some(after) = rest.strip_prefix('.') {
        rest = after;
        precision = Some(number(&mut rest).unwrap_or(0));
    }
    directive.width = width.filter(|width| *width < 100_000);
    directive.precision = precision.filter(|precision| *precision < 1000);
    rest = rest.trim_start_matches(['h', 'l', 'L']);
    directive.kind = rest.chars().next()?;
    Some((directive, text.len() - rest.len() + rest.chars().next()?.len_utf8()))
}
