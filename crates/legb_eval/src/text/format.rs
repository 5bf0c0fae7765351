//! `format()`: the format specification mini-language.

use num_bigint::BigInt;
use num_traits::Signed;

use crate::heap::Object;
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::number::{float_repr, in_base, shortest};
use crate::operate::as_float;
use crate::ty::Ty;
use crate::value::Value;

/// `[[fill]align][sign][z][#][0][width][,_][.precision][type]`
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spec {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    alternate: bool,
    zero: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

impl Spec {
    /// Reads a specification; nothing if it is none.
    fn parse(text: &str) -> Option<Self> {
        let chars: Vec<char> = text.chars().collect();
        let mut spec = Self::default();
        let mut at = 0;
        let is_align = |c: Option<&char>| matches!(c, Some('<' | '>' | '=' | '^'));
        if is_align(chars.get(1)) {
            spec.fill = chars.first().copied();
            spec.align = chars.get(1).copied();
            at = 2;
        } else if is_align(chars.first()) {
            spec.align = chars.first().copied();
            at = 1;
        }
        if let Some(sign @ ('+' | '-' | ' ')) = chars.get(at) {
            spec.sign = Some(*sign);
            at += 1;
        }
        if chars.get(at) == Some(&'#') {
            spec.alternate = true;
            at += 1;
        }
        if chars.get(at) == Some(&'0') {
            spec.zero = true;
            at += 1;
        }
        let number = |at: &mut usize| {
            let start = *at;
            while chars.get(*at).is_some_and(char::is_ascii_digit) {
                *at += 1;
            }
            chars[start..*at].iter().collect::<String>().parse::<usize>().ok()
        };
        spec.width = number(&mut at).unwrap_or(0);
        if let Some(grouping @ (',' | '_')) = chars.get(at) {
            spec.grouping = Some(*grouping);
            at += 1;
        }
        if chars.get(at) == Some(&'.') {
            at += 1;
            spec.precision = Some(number(&mut at)?);
        }
        if let Some(kind) = chars.get(at) {
            spec.kind = Some(*kind);
            at += 1;
        }
        (at == chars.len() && spec.width < 100_000 && spec.precision.unwrap_or(0) < 1000).then_some(spec)
    }

    /// Fills up to the width. `sign`: the length of what stays in front of zeros.
    fn pad(&self, text: &str, sign: usize, default: char) -> String {
        let len = text.chars().count();
        if len >= self.width {
            return text.to_owned();
        }
        let (fill, align) = if self.zero && self.align.is_none() {
            (self.fill.unwrap_or('0'), if default == '>' { '=' } else { default })
        } else {
            (self.fill.unwrap_or(if self.zero { '0' } else { ' ' }), self.align.unwrap_or(default))
        };
        let missing = self.width - len;
        let run = |n: usize| fill.to_string().repeat(n);
        match align {
            '<' => format!("{text}{}", run(missing)),
            '^' => format!("{}{text}{}", run(missing / 2), run(missing - missing / 2)),
            '=' => format!("{}{}{}", &text[..sign], run(missing), &text[sign..]),
            _ => format!("{}{text}", run(missing)),
        }
    }
}

/// How the fields of a template have been numbered so far.
#[derive(Clone, Copy, Debug, Default)]
struct Numbering {
    /// The next position, of fields without a number.
    next: usize,
    /// A field had a number.
    is_manual: bool,
}

impl Machine<'_> {
    /// `format(value, spec)`
    pub(crate) fn format_value(&mut self, value: &Value, spec: &Value) -> Eval<Value> {
        let Value::Str(text) = spec else { return Ok(spec.clone()) };
        if value.is_unknown() {
            return Ok(value.clone());
        }
        if let Some(method) = self.user_special(value, "__format__")? {
            return self.call(&method, Args::of([spec.clone()]));
        }
        if text.is_empty() {
            return self.str_of(value);
        }
        let own_text = self.user_special(value, "__str__")?.is_some();
        let plain = if own_text { value.clone() } else { self.plain(value) };
        let parsed = Spec::parse(text);
        let Some(parsed) = parsed else {
            if matches!(plain, Value::Obj(_) | Value::None) {
                return self.no_format(value);
            }
            return Ok(self.unmodelled("such a format specification"));
        };
        match &plain {
            Value::Str(text) => self.format_str(text, &parsed),
            Value::Float(number) => self.format_float(*number, &parsed, value),
            Value::Bool(_) if parsed.kind.is_none() => {
                // `bool` has the format of `int`: with any specification it is a number.
                let number = plain.as_bigint().unwrap_or_default();
                self.format_int(&number, &parsed, value)
            }
            Value::Int(_) | Value::Big(_) | Value::Bool(_) => {
                let number = plain.as_bigint().unwrap_or_default();
                self.format_int(&number, &parsed, value)
            }
            _ if self.is_open(value) => Ok(self.unknown("the format of an object of an unknown class")),
            _ => self.no_format(value),
        }
    }

    fn no_format(&mut self, value: &Value) -> Eval<Value> {
        let name = self.type_name(value);
        Err(self.raise(Ty::TypeError, format!("unsupported format string passed to {name}.__format__")))
    }

    fn unknown_code(&mut self, code: char, value: &Value) -> Eval<Value> {
        let name = self.type_name(value);
        Err(self.raise(Ty::ValueError, format!("Unknown format code '{code}' for object of type '{name}'")))
    }

    fn format_str(&mut self, text: &str, spec: &Spec) -> Eval<Value> {
        if let Some(code) = spec.kind.filter(|&kind| kind != 's') {
            return self.unknown_code(code, &Value::str(text));
        }
        if spec.sign.is_some() || spec.alternate || spec.grouping.is_some() || spec.align == Some('=') {
            return Ok(self.unmodelled("such a format of a text"));
        }
        let cut: String = match spec.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.to_owned(),
        };
        if spec.zero && spec.align.is_none() && !self.words.zero_pads_text {
            return Ok(self.unmodelled("zeros around a text"));
        }
        Ok(Value::str(spec.pad(&cut, 0, '<')))
    }

    fn format_int(&mut self, number: &BigInt, spec: &Spec, value: &Value) -> Eval<Value> {
        let (base, prefix) = match spec.kind {
            None | Some('d' | 'n') => (10, ""),
            Some('b') => (2, "0b"),
            Some('o') => (8, "0o"),
            Some('x') => (16, "0x"),
            Some('X') => (16, "0X"),
            Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
                return match as_float(&Value::int(number.clone())) {
                    Some(float) if number.bits() <= 53 => self.format_float(float, spec, value),
                    _ => Ok(self.unmodelled("such a format of so large an integer")),
                };
            }
            Some('c') => return Ok(self.unmodelled("format code 'c'")),
            Some(code) => return self.unknown_code(code, value),
        };
        if spec.precision.is_some() {
            return Err(self.raise(Ty::ValueError, "Precision not allowed in integer format specifier"));
        }
        if spec.kind == Some('n') {
            return Ok(self.unmodelled("format code 'n'"));
        }
        let mut digits = in_base(&number.abs(), base);
        if spec.kind == Some('X') {
            digits = digits.to_uppercase();
        }
        let prefix = if spec.alternate { prefix } else { "" };
        let sign = sign_of(number.is_negative(), spec.sign);
        let group = if base == 10 { 3 } else { 4 };
        if spec.grouping == Some(',') && base != 10 {
            return Ok(self.unmodelled("commas in such a number"));
        }
        Ok(Value::str(number_text(sign, prefix, &digits, "", group, spec)))
    }

    fn format_float(&mut self, number: f64, spec: &Spec, value: &Value) -> Eval<Value> {
        let negative = number.is_sign_negative() && !number.is_nan();
        let sign = sign_of(negative, spec.sign);
        if !number.is_finite() {
            let text = if number.is_nan() { "nan" } else { "inf" };
            let text = if matches!(spec.kind, Some('F' | 'E' | 'G')) { text.to_uppercase() } else { text.to_owned() };
            let text = if spec.kind == Some('%') { format!("{text}%") } else { text };
            let whole = format!("{sign}{text}");
            return Ok(Value::str(spec.pad(&whole, sign.len(), '>')));
        }
        if spec.alternate {
            return Ok(self.unmodelled("such a format of a float"));
        }
        let number = number.abs();
        let body = match spec.kind {
            Some('f' | 'F') => format!("{number:.*}", spec.precision.unwrap_or(6)),
            Some('%') => format!("{:.*}%", spec.precision.unwrap_or(6), number * 100.0),
            Some('e' | 'E') => exponent_text(number, spec.precision.unwrap_or(6)),
            Some('g' | 'G') => general_text(number, spec.precision.unwrap_or(6).max(1)),
            None => match spec.precision {
                None => float_repr(number),
                Some(precision) => plain_text(number, precision.max(1)),
            },
            Some('n') => return Ok(self.unmodelled("format code 'n'")),
            Some(code) => return self.unknown_code(code, value),
        };
        let body = if matches!(spec.kind, Some('E' | 'G')) { body.to_uppercase() } else { body };
        let split = body.find(|c: char| !c.is_ascii_digit()).unwrap_or(body.len());
        let (whole, rest) = body.split_at(split);
        Ok(Value::str(number_text(sign, "", whole, rest, 3, spec)))
    }

    /// `"…".format(…)`
    pub(crate) fn str_format(&mut self, template: &str, args: &Args) -> Eval<Value> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut chars = template.char_indices().peekable();
        let mut numbering = Numbering::default();
        while let Some((at, c)) = chars.next() {
            match c {
                '{' if chars.peek().is_some_and(|(_, c)| *c == '{') => {
                    chars.next();
                    literal.push('{');
                }
                '}' if chars.peek().is_some_and(|(_, c)| *c == '}') => {
                    chars.next();
                    literal.push('}');
                }
                '{' => {
                    let rest = &template[at + 1..];
                    let Some(len) = field_end(rest) else {
                        return Err(self.raise(Ty::ValueError, "expected '}' before end of string"));
                    };
                    let field = &rest[..len];
                    while chars.peek().is_some_and(|(i, _)| *i <= at + 1 + len) {
                        chars.next();
                    }
                    parts.push(Value::str(std::mem::take(&mut literal)));
                    let value = self.format_named_field(field, args, &mut numbering)?;
                    parts.push(value);
                }
                '}' => return Err(self.raise(Ty::ValueError, "Single '}' encountered in format string")),
                c => literal.push(c),
            }
        }
        parts.push(Value::str(literal));
        Ok(self.join_texts(&parts))
    }

    fn format_named_field(&mut self, field: &str, args: &Args, numbering: &mut Numbering) -> Eval<Value> {
        let (head, spec) = field.split_once(':').unwrap_or((field, ""));
        let (name, conversion) = head.split_once('!').map_or((head, None), |(name, c)| (name, Some(c)));
        let spec = if spec.contains('{') { self.str_format_spec(spec, args, numbering)? } else { Value::str(spec) };
        let first_end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, path) = name.split_at(first_end);
        let mut value = if first.is_empty() {
            if numbering.is_manual {
                return Err(self.switched_numbering("manual field specification", "automatic field numbering"));
            }
            numbering.next += 1;
            match args.positional.get(numbering.next - 1) {
                Some(value) => value.clone(),
                None => return Err(self.missing_position(numbering.next - 1)),
            }
        } else if let Ok(at) = first.parse::<usize>() {
            if numbering.next > 0 {
                return Err(self.switched_numbering("automatic field numbering", "manual field specification"));
            }
            numbering.is_manual = true;
            match args.positional.get(at) {
                Some(value) => value.clone(),
                None => return Err(self.missing_position(at)),
            }
        } else {
            match args.keyword(first) {
                Some(value) => value.clone(),
                None => {
                    let key = Value::str(first);
                    return Err(crate::machine::Stop::Raise(self.new_exception(Ty::KeyError, vec![key])));
                }
            }
        };
        let mut path = path;
        while !path.is_empty() {
            if let Some(rest) = path.strip_prefix('.') {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                value = self.get_attr(&value, &rest[..end])?;
                path = &rest[end..];
            } else if let Some((key, rest)) = path.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                let key = key.parse::<i64>().map_or_else(|_| Value::str(key), Value::Int);
                value = self.get_item(&value, &key)?;
                path = rest;
            } else {
                return Ok(self.unmodelled("such a replacement field"));
            }
        }
        let value = match conversion {
            None => value,
            Some("r") => self.repr_of(&value)?,
            Some("s") => self.str_of(&value)?,
            Some("a") => self.ascii_of(&value)?,
            Some(_) => return Ok(self.unmodelled("such a conversion")),
        };
        self.format_value(&value, &spec)
    }

    fn str_format_spec(&mut self, spec: &str, args: &Args, numbering: &mut Numbering) -> Eval<Value> {
        let mut parts = Vec::new();
        let mut rest = spec;
        while let Some(start) = rest.find('{') {
            parts.push(Value::str(&rest[..start]));
            let inner = &rest[start + 1..];
            let Some(end) = inner.find('}') else { return Ok(self.unmodelled("such a format specification")) };
            let value = self.format_named_field(&inner[..end], args, numbering)?;
            parts.push(value);
            rest = &inner[end + 1..];
        }
        parts.push(Value::str(rest));
        Ok(self.join_texts(&parts))
    }

    fn switched_numbering(&mut self, from: &str, to: &str) -> crate::machine::Stop {
        self.raise(Ty::ValueError, format!("cannot switch from {from} to {to}"))
    }

    fn missing_position(&mut self, at: usize) -> crate::machine::Stop {
        self.raise(Ty::IndexError, format!("Replacement index {at} out of range for positional args tuple"))
    }

    /// Whether the value is a mapping for `%` formatting.
    pub(super) fn is_mapping(&self, value: &Value) -> bool {
        matches!(self.heap.of(&self.plain(value)), Some(Object::Dict(_)))
    }
}

/// Where a replacement field ends: the brace that closes it.
fn field_end(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (i, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(i),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn sign_of(negative: bool, asked: Option<char>) -> &'static str {
    match (negative, asked) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        _ => "",
    }
}

/// Sign, prefix, digits in groups, the rest; filled up to the width.
fn number_text(sign: &str, prefix: &str, digits: &str, rest: &str, group: usize, spec: &Spec) -> String {
    let mut digits = digits.to_owned();
    let zeros = spec.zero && spec.align.is_none() || spec.align == Some('=') && spec.fill == Some('0');
    if let Some(separator) = spec.grouping {
        digits = grouped(&digits, group, separator);
        if zeros {
            let room = spec.width.saturating_sub(sign.len() + prefix.len() + rest.chars().count());
            let mut plain: String = digits.chars().filter(|c| *c != separator).collect();
            while digits.chars().count() < room {
                plain.insert(0, '0');
                digits = grouped(&plain, group, separator);
            }
        }
    }
    let head = sign.len() + prefix.len();
    spec.pad(&format!("{sign}{prefix}{digits}{rest}"), head, '>')
}

fn grouped(digits: &str, group: usize, separator: char) -> String {
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(group) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

/// `%.{precision}e`
pub(super) fn exponent_text(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// `%.{precision}g`
pub(super) fn general_text(number: f64, precision: usize) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let scientific = exponent_text(number, precision - 1);
    let exponent: i32 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let limit = i32::try_from(precision).unwrap_or(i32::MAX);
    if (-4..limit).contains(&exponent) {
        let decimals = usize::try_from(limit - 1 - exponent).unwrap_or(0);
        return trimmed(&format!("{number:.decimals$}"));
    }
    let (mantissa, rest) = scientific.split_once('e').unwrap_or((&scientific, "+00"));
    format!("{}e{rest}", trimmed(mantissa))
}

/// No type, but a precision: like `g`, with at least one digit behind the point, and one digit less before the exponent shows.
fn plain_text(number: f64, precision: usize) -> String {
    if number == 0.0 {
        return "0.0".to_owned();
    }
    let scientific = exponent_text(number, precision - 1);
    let exponent: i32 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let limit = i32::try_from(precision).unwrap_or(i32::MAX);
    if (-4..limit).contains(&exponent) && (exponent < limit - 1 || shortest(number).0.len() < precision) {
        let text = general_text(number, precision);
        return if text.contains('.') { text } else { format!("{text}.0") };
    }
    let (mantissa, rest) = scientific.split_once('e').unwrap_or((&scientific, "+00"));
    format!("{}e{rest}", trimmed(mantissa))
}

fn trimmed(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}
