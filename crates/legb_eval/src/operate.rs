//! Operators: arithmetic, comparisons, truth, identity.

mod compare;
mod truth;

use std::cmp::Ordering;
use std::sync::Arc;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::heap::{Object, View};
use crate::machine::{Eval, Machine, Stop};
use crate::native::Args;
use crate::program::{BinaryOp, Comparison, UnaryOp};
use crate::ty::Ty;
use crate::value::Value;

impl BinaryOp {
    /// The sign, and the names of the methods: left, right, in place.
    const fn words(self) -> (&'static str, [&'static str; 3]) {
        match self {
            Self::Add => ("+", ["__add__", "__radd__", "__iadd__"]),
            Self::Sub => ("-", ["__sub__", "__rsub__", "__isub__"]),
            Self::Mul => ("*", ["__mul__", "__rmul__", "__imul__"]),
            Self::MatMul => ("@", ["__matmul__", "__rmatmul__", "__imatmul__"]),
            Self::Div => ("/", ["__truediv__", "__rtruediv__", "__itruediv__"]),
            Self::Mod => ("%", ["__mod__", "__rmod__", "__imod__"]),
            Self::Pow => ("** or pow()", ["__pow__", "__rpow__", "__ipow__"]),
            Self::LShift => ("<<", ["__lshift__", "__rlshift__", "__ilshift__"]),
            Self::RShift => (">>", ["__rshift__", "__rrshift__", "__irshift__"]),
            Self::Or => ("|", ["__or__", "__ror__", "__ior__"]),
            Self::Xor => ("^", ["__xor__", "__rxor__", "__ixor__"]),
            Self::And => ("&", ["__and__", "__rand__", "__iand__"]),
            Self::FloorDiv => ("//", ["__floordiv__", "__rfloordiv__", "__ifloordiv__"]),
        }
    }
}

impl Comparison {
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Eq => ("==", "__eq__", "__eq__"),
            Self::Ne => ("!=", "__ne__", "__ne__"),
            Self::Lt => ("<", "__lt__", "__gt__"),
            Self::Le => ("<=", "__le__", "__ge__"),
            Self::Gt => (">", "__gt__", "__lt__"),
            Self::Ge => (">=", "__ge__", "__le__"),
        }
    }

    const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }
}

impl Machine<'_> {
    // ---- arithmetic

    pub(crate) fn unary(&mut self, op: UnaryOp, value: &Value) -> Eval<Value> {
        let (sign, name) = match op {
            UnaryOp::Neg => ("-", "__neg__"),
            UnaryOp::Pos => ("+", "__pos__"),
            UnaryOp::Invert => ("~", "__invert__"),
        };
        if let Some(method) = self.user_special(value, name)? {
            return self.call(&method, Args::default());
        }
        let plain = self.plain(value);
        if let Value::Unknown(_) = plain {
            return Ok(plain);
        }
        if let (Value::Float(number), UnaryOp::Neg | UnaryOp::Pos) = (&plain, op) {
            return Ok(Value::Float(if op == UnaryOp::Neg { -number } else { *number }));
        }
        if let Some(number) = plain.as_bigint() {
            return Ok(Value::int(match op {
                UnaryOp::Neg => -number,
                UnaryOp::Pos => number,
                UnaryOp::Invert => -number - 1,
            }));
        }
        if self.is_open(value) {
            return Ok(self.unknown("an operator on an object of an unknown class"));
        }
        let shown = self.type_name(value);
        Err(self.raise(Ty::TypeError, format!("bad operand type for unary {sign}: '{shown}'")))
    }

    /// `a + b` and so on (`binary_op1`, `Objects/abstract.c`).
    pub(crate) fn binary(&mut self, op: BinaryOp, a: &Value, b: &Value) -> Eval<Value> {
        let (sign, [left, right, _]) = op.words();
        self.binary_with(op, a, b, (sign, left, right))
    }

    fn binary_with(&mut self, op: BinaryOp, a: &Value, b: &Value, words: (&str, &str, &str)) -> Eval<Value> {
        let (sign, left, right) = words;
        if let (Value::Unknown(reason), _) | (_, Value::Unknown(reason)) = (a, b) {
            self.doubt_mixed(*reason);
            return Ok(Value::Unknown(*reason));
        }
        if let (Value::Int(x), Value::Int(y)) = (a, b) {
            let quick = match op {
                BinaryOp::Add => x.checked_add(*y),
                BinaryOp::Sub => x.checked_sub(*y),
                BinaryOp::Mul => x.checked_mul(*y),
                _ => None,
            };
            if let Some(result) = quick {
                return Ok(Value::Int(result));
            }
        }
        let (class_a, class_b) = (self.class_of(a), self.class_of(b));
        let b_first = match (class_a, class_b) {
            (Some(x), Some(y)) if x != y && self.is_subclass(y, x) == Some(true) => {
                let own = self.class_entry(y, right).map(|(owner, _)| owner);
                own.is_some() && own != self.class_entry(x, right).map(|(owner, _)| owner)
            }
            _ => false,
        };
        let order = if b_first { [(b, a, right), (a, b, left)] } else { [(a, b, left), (b, a, right)] };
        for (i, (this, other, name)) in order.into_iter().enumerate() {
            if i == 1 && class_a == class_b {
                break;
            }
            if let Some(method) = self.user_special(this, name)? {
                let answer = self.call(&method, Args::of([other.clone()]))?;
                if !matches!(answer, Value::NotImplemented) {
                    return Ok(answer);
                }
            }
        }
        if self.unknown_class(a) || self.unknown_class(b) {
            return Ok(self.unknown("an operator on objects of unknown classes"));
        }
        let (x, y) = (self.plain(a), self.plain(b));
        match self.binary_plain(op, &x, &y)? {
            Some(value) => Ok(value),
            None => {
                let (x, y) = (self.type_name(a), self.type_name(b));
                let message = if op == BinaryOp::Add {
                    self.concatenation_error(a, &x, &y)
                } else if op == BinaryOp::Mul
                    && (self.is_sequence(a) || self.is_sequence(b) && !(sign == "*=" && self.has_sequence_slots(a)))
                {
                    let other = if self.is_sequence(a) { &y } else { &x };
                    Some(format!("can't multiply sequence by non-int of type '{other}'"))
                } else {
                    None
                };
                let message =
                    message.unwrap_or_else(|| format!("unsupported operand type(s) for {sign}: '{x}' and '{y}'"));
                Err(self.raise(Ty::TypeError, message))
            }
        }
    }

    /// Whether the type has any slot of sequences, be it only that for `in`: then `*=` does not ask the other operand.
    fn has_sequence_slots(&self, value: &Value) -> bool {
        match self.heap.of(value) {
            Some(object) => matches!(
                object,
                Object::Dict(_)
                    | Object::Set { .. }
                    | Object::Range { .. }
                    | Object::DictView { .. }
                    | Object::Instance(_)
                    | Object::List(_)
                    | Object::Tuple(_)
            ),
            None => matches!(value, Value::Str(_) | Value::Bytes(_)),
        }
    }

    fn is_sequence(&self, value: &Value) -> bool {
        matches!(self.layout(value), Some(Ty::Str | Ty::Bytes | Ty::Tuple | Ty::List))
    }

    /// The left operand's own words for what it cannot be joined with.
    fn concatenation_error(&self, a: &Value, x: &str, y: &str) -> Option<String> {
        match self.layout(a)? {
            Ty::Str => Some(format!("can only concatenate str (not \"{y}\") to str")),
            Ty::List => Some(format!("can only concatenate list (not \"{y}\") to list")),
            Ty::Tuple => Some(format!("can only concatenate tuple (not \"{y}\") to tuple")),
            Ty::Bytes => Some(format!("can't concat {y} to {x}")),
            _ => None,
        }
    }

    /// `a += b`
    pub(crate) fn in_place(&mut self, op: BinaryOp, a: &Value, b: &Value) -> Eval<Value> {
        let (sign, [left, right, own]) = op.words();
        if let Some(method) = self.user_special(a, own)? {
            let answer = self.call(&method, Args::of([b.clone()]))?;
            if !matches!(answer, Value::NotImplemented) {
                return Ok(answer);
            }
        }
        let target = self.plain(a);
        match (op, self.heap.of(&target)) {
            (BinaryOp::Add, Some(Object::List(_))) => {
                let items = self.collect(b)?;
                if let Value::Obj(id) = target
                    && let Object::List(list) = self.heap.write(id)
                {
                    match items {
                        Ok(items) if list.open.is_none() => list.items.extend(items),
                        Ok(_) => {}
                        Err(reason) => {
                            list.open = Some(reason);
                            list.items.clear();
                        }
                    }
                }
                return Ok(a.clone());
            }
            (BinaryOp::Mul, Some(Object::List(list))) if b.as_bigint().is_some() && list.open.is_none() => {
                let made = self.binary(op, &target, b)?;
                if let (Value::Obj(id), Some(content)) = (&target, self.heap.of(&made).cloned()) {
                    *self.heap.write(*id) = content;
                }
                return Ok(a.clone());
            }
            (BinaryOp::Or, Some(Object::Dict(_))) if self.words.dict_union => {
                if let Value::Obj(id) = target {
                    self.dict_update(id, b)?;
                }
                return Ok(a.clone());
            }
            (BinaryOp::Or, Some(Object::Set { frozen: false, .. })) if self.layout(b) == Some(Ty::Set) => {
                self.set_update(&target, b)?;
                return Ok(a.clone());
            }
            (_, Some(Object::Set { frozen: false, .. })) => {
                let made = self.binary(op, a, b)?;
                if let (Value::Obj(id), Some(content)) = (&target, self.heap.of(&made).cloned()) {
                    *self.heap.write(*id) = content;
                    return Ok(a.clone());
                }
                return Ok(made);
            }
            _ => {}
        }
        let shown = if op == BinaryOp::Pow { "**=".to_owned() } else { format!("{sign}=") };
        self.binary_with(op, a, b, (&shown, left, right))
    }

    /// Arithmetic of builtin types; nothing where they do not know each other.
    fn binary_plain(&mut self, op: BinaryOp, a: &Value, b: &Value) -> Eval<Option<Value>> {
        if let (Some(x), Some(y)) = (a.as_bigint(), b.as_bigint()) {
            let bools = matches!((a, b), (Value::Bool(_), Value::Bool(_)));
            return self.integers(op, x, y, bools).map(Some);
        }
        if let (Some(x), Some(y)) = (as_float(a), as_float(b)) {
            return self.floats(op, x, y);
        }
        match (op, a, b) {
            (BinaryOp::Add, Value::Str(x), Value::Str(y)) => {
                self.check_size(x.len() + y.len())?;
                return Ok(Some(Value::str(format!("{x}{y}"))));
            }
            (BinaryOp::Add, Value::Bytes(x), Value::Bytes(y)) => {
                return Ok(Some(Value::Bytes([&x[..], &y[..]].concat().into())));
            }
            (BinaryOp::Mod, Value::Str(template), _) => {
                let template = Arc::clone(template);
                return self.percent(&template, b).map(Some);
            }
            (BinaryOp::Mod, Value::Bytes(_), _) => return Ok(Some(self.unmodelled("`%` on bytes"))),
            (BinaryOp::Mul, _, _) => {
                let (sequence, times) = if self.is_sequence(a) { (a, b) } else { (b, a) };
                if self.is_sequence(sequence)
                    && let Some(times) = times.as_bigint()
                {
                    return self.repeated(sequence, &times).map(Some);
                }
                return Ok(None);
            }
            _ => {}
        }
        self.combine(op, a, b)
    }

    fn repeated(&mut self, sequence: &Value, times: &BigInt) -> Eval<Value> {
        let times = if times.is_negative() { 0 } else { times.to_usize().unwrap_or(usize::MAX) };
        let len = match self.len(sequence)? {
            Value::Int(len) => usize::try_from(len).unwrap_or(0),
            other => return Ok(other),
        };
        self.check_size(len.saturating_mul(times))?;
        let times = if len == 0 { 0 } else { times };
        Ok(match sequence {
            Value::Str(text) => Value::str(text.repeat(times)),
            Value::Bytes(bytes) => Value::Bytes(bytes.repeat(times).into()),
            _ => {
                let items = self.collect(sequence)?.unwrap_or_default();
                let all: Vec<Value> = std::iter::repeat_n(items, times).flatten().collect();
                if self.layout(sequence) == Some(Ty::Tuple) { self.new_tuple(all) } else { self.new_list(all) }
            }
        })
    }

    /// Operators of containers.
    fn combine(&mut self, op: BinaryOp, a: &Value, b: &Value) -> Eval<Option<Value>> {
        let (Some(x), Some(y)) = (self.heap.of(a), self.heap.of(b)) else {
            let type_like = |machine: &Self, value: &Value| {
                value.is_none() || matches!(machine.heap.of(value), Some(Object::Class(_) | Object::Alias { .. }))
            };
            if op == BinaryOp::Or
                && self.words.type_unions
                && type_like(self, a)
                && type_like(self, b)
                && !(a.is_none() && b.is_none())
            {
                return Ok(Some(self.unknown("a union of types")));
            }
            return Ok(None);
        };
        match (op, x, y) {
            (BinaryOp::Add, Object::Tuple(x), Object::Tuple(y)) => {
                let (x, y) = (Arc::clone(x), Arc::clone(y));
                self.check_size(x.len() + y.len())?;
                self.spend((x.len() + y.len()) / 16)?;
                Ok(Some(self.new_tuple([&x[..], &y[..]].concat())))
            }
            (BinaryOp::Add, Object::List(x), Object::List(y)) => {
                if let Some(reason) = x.open.or(y.open) {
                    return Ok(Some(Value::Unknown(reason)));
                }
                let items = [&x.items[..], &y.items[..]].concat();
                self.check_size(items.len())?;
                self.spend(items.len() / 16)?;
                Ok(Some(self.new_list(items)))
            }
            (BinaryOp::Or, Object::Dict(x), Object::Dict(_)) if self.words.dict_union => {
                let copy = x.clone();
                let id = self.heap.alloc(Object::Dict(copy));
                self.dict_update(id, b)?;
                Ok(Some(Value::Obj(id)))
            }
            (
                BinaryOp::Or | BinaryOp::And | BinaryOp::Sub | BinaryOp::Xor,
                Object::Set { dict: x, frozen },
                Object::Set { dict: y, .. },
            ) => {
                if !x.is_exact() || !y.is_exact() {
                    return Ok(Some(self.unknown("a set that is not fully known")));
                }
                let (x, y, frozen) = (x.clone(), y.clone(), *frozen);
                let mut items: Vec<Value> = Vec::new();
                for (key, entry) in x.iter() {
                    let in_both = y.entry(key).is_some();
                    let kept = match op {
                        BinaryOp::Or => true,
                        BinaryOp::And => in_both,
                        _ => !in_both,
                    };
                    if kept {
                        items.push(entry.key.clone());
                    }
                }
                if matches!(op, BinaryOp::Or | BinaryOp::Xor) {
                    items
                        .extend(y.iter().filter(|(key, _)| x.entry(key).is_none()).map(|(_, entry)| entry.key.clone()));
                }
                self.new_set(items, frozen).map(Some)
            }
            (BinaryOp::Or, Object::Class(_) | Object::Alias { .. }, Object::Class(_) | Object::Alias { .. })
                if self.words.type_unions =>
            {
                Ok(Some(self.unknown("a union of types")))
            }
            (BinaryOp::Or | BinaryOp::And | BinaryOp::Sub | BinaryOp::Xor, _, _) => self.combine_views(op, a, b),
            _ => Ok(None),
        }
    }

    /// Operators of sets on the keys or items of dictionaries: the other operand may be any iterable.
    fn combine_views(&mut self, op: BinaryOp, a: &Value, b: &Value) -> Eval<Option<Value>> {
        let is_view = |machine: &Self, value: &Value| {
            matches!(machine.heap.of(value), Some(Object::DictView { view: View::Keys | View::Items, .. }))
        };
        if !is_view(self, a) && !is_view(self, b) {
            return Ok(None);
        }
        let mut sets = Vec::new();
        for operand in [a, b] {
            match self.collect_unordered(operand)? {
                Ok(items) => sets.push(self.new_set(items, false)?),
                Err(reason) => return Ok(Some(Value::Unknown(reason))),
            }
        }
        self.combine(op, &sets[0], &sets[1])
    }

    fn integers(&mut self, op: BinaryOp, x: BigInt, y: BigInt, bools: bool) -> Eval<Value> {
        let zero = y.is_zero();
        let result = match op {
            BinaryOp::Add => x + y,
            BinaryOp::Sub => x - y,
            BinaryOp::Mul => {
                self.check_bits(x.bits() + y.bits())?;
                x * y
            }
            BinaryOp::Div if zero => return Err(self.raise(Ty::ZeroDivisionError, "division by zero")),
            BinaryOp::Div => return self.true_division(&x, &y),
            BinaryOp::FloorDiv if zero => return Err(self.zero_division("integer division or modulo by zero")),
            BinaryOp::FloorDiv => x.div_floor(&y),
            BinaryOp::Mod if zero => {
                let text = if self.words.names_modulo {
                    "integer modulo by zero"
                } else {
                    "integer division or modulo by zero"
                };
                return Err(self.zero_division(text));
            }
            BinaryOp::Mod => x.mod_floor(&y),
            BinaryOp::Pow => return self.power(&x, &y),
            BinaryOp::LShift | BinaryOp::RShift if y.is_negative() => {
                return Err(self.raise(Ty::ValueError, "negative shift count"));
            }
            BinaryOp::LShift => {
                let by = y.to_u64().unwrap_or(u64::MAX);
                if !x.is_zero() {
                    self.check_bits(x.bits().saturating_add(by))?;
                }
                if x.is_zero() { x } else { x << by }
            }
            BinaryOp::RShift => match y.to_u64() {
                Some(by) if by <= x.bits() + 1 => x >> by,
                _ => BigInt::from(if x.is_negative() { -1 } else { 0 }),
            },
            BinaryOp::Or | BinaryOp::Xor | BinaryOp::And => {
                let result = match op {
                    BinaryOp::Or => x | y,
                    BinaryOp::Xor => x ^ y,
                    _ => x & y,
                };
                if bools {
                    return Ok(Value::Bool(!result.is_zero()));
                }
                result
            }
            BinaryOp::MatMul => {
                return Err(self.raise(Ty::TypeError, "unsupported operand type(s) for @: 'int' and 'int'"));
            }
        };
        Ok(Value::int(result))
    }

    /// From 3.14 on the words are the same for all divisions.
    fn zero_division(&mut self, text: &str) -> Stop {
        let text = if self.words.one_zero_division { "division by zero" } else { text };
        self.raise(Ty::ZeroDivisionError, text)
    }

    fn check_bits(&mut self, bits: u64) -> Eval<()> {
        if bits > 400_000 { Err(self.halt("budget: an integer grows too large")) } else { Ok(()) }
    }

    fn true_division(&mut self, x: &BigInt, y: &BigInt) -> Eval<Value> {
        // Exact where both sides are floats without rounding; the general case rounds once, which this does not model.
        let exact = |n: &BigInt| n.bits() <= 53;
        if exact(x) && exact(y) {
            return Ok(Value::Float(x.to_f64().unwrap_or(f64::NAN) / y.to_f64().unwrap_or(f64::NAN)));
        }
        Ok(self.unmodelled("division of such large integers"))
    }

    fn power(&mut self, x: &BigInt, y: &BigInt) -> Eval<Value> {
        if y.is_negative() {
            if x.is_zero() {
                let text = if self.words.names_zero_power {
                    "zero to a negative power"
                } else {
                    "0.0 cannot be raised to a negative power"
                };
                return Err(self.raise(Ty::ZeroDivisionError, text));
            }
            return Ok(match (x.to_f64(), y.to_i32()) {
                (Some(x), Some(y)) if x.abs() < 1e15 => Value::Float(x.powf(f64::from(y))),
                _ => self.unmodelled("a power of such large integers"),
            });
        }
        let exponent = y.to_u32().unwrap_or(u32::MAX);
        if x.bits() > 1 {
            self.check_bits(x.bits().saturating_mul(u64::from(exponent)))?;
        } else if exponent == u32::MAX {
            return Ok(self.unmodelled("such a power"));
        }
        Ok(Value::int(x.pow(exponent)))
    }

    fn floats(&mut self, op: BinaryOp, x: f64, y: f64) -> Eval<Option<Value>> {
        let result = match op {
            BinaryOp::Add => x + y,
            BinaryOp::Sub => x - y,
            BinaryOp::Mul => x * y,
            BinaryOp::Div if y == 0.0 => return Err(self.zero_division("float division by zero")),
            BinaryOp::Div => x / y,
            BinaryOp::FloorDiv if y == 0.0 => {
                let text =
                    if self.words.names_floor_division { "float floor division by zero" } else { "float divmod()" };
                return Err(self.zero_division(text));
            }
            BinaryOp::FloorDiv => float_divmod(x, y).0,
            BinaryOp::Mod if y == 0.0 => {
                let text = if self.words.names_float_modulo { "float modulo by zero" } else { "float modulo" };
                return Err(self.zero_division(text));
            }
            BinaryOp::Mod => float_divmod(x, y).1,
            BinaryOp::Pow => {
                if x == 0.0 && y < 0.0 || x < 0.0 && y.fract() != 0.0 {
                    return Ok(Some(self.unmodelled("such a power of floats")));
                }
                let result = x.powf(y);
                if result.is_infinite() && x.is_finite() && y.is_finite() {
                    return Ok(Some(self.unmodelled("a power of floats that overflows")));
                }
                result
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::Float(result)))
    }
}

/// `float_divmod` (`Objects/floatobject.c`).
fn float_divmod(x: f64, y: f64) -> (f64, f64) {
    let mut modulo = x % y;
    let mut quotient = (x - modulo) / y;
    if modulo == 0.0 {
        modulo = 0.0_f64.copysign(y);
    } else if (y < 0.0) != (modulo < 0.0) {
        modulo += y;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        quotient = 0.0_f64.copysign(x / y);
    } else {
        let floor = quotient.floor();
        quotient = if quotient - floor > 0.5 { floor + 1.0 } else { floor };
    }
    (quotient, modulo)
}

/// The value as a float, of `int`, `bool` and `float`; integers that would be rounded are left out.
pub(crate) fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(value) => Some(*value),
        other => {
            let number = other.as_bigint()?;
            number.to_f64().filter(|float| float.is_finite())
        }
    }
}

/// The order of two numbers; `Some(None)` if one is `nan`.
#[expect(clippy::option_option, reason = "values that are no numbers differ from numbers without an order")]
fn compare_numbers(a: &Value, b: &Value) -> Option<Option<Ordering>> {
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64()) {
        return Some(Some(x.cmp(&y)));
    }
    match (a, b) {
        (Value::Float(x), Value::Float(y)) => Some(x.partial_cmp(y)),
        (Value::Float(x), _) => Some(compare_float(*x, &b.as_bigint()?)),
        (_, Value::Float(y)) => Some(compare_float(*y, &a.as_bigint()?).map(Ordering::reverse)),
        _ => Some(Some(a.as_bigint()?.cmp(&b.as_bigint()?))),
    }
}

fn compare_float(x: f64, y: &BigInt) -> Option<Ordering> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 { Ordering::Greater } else { Ordering::Less });
    }
    let whole = num_traits::FromPrimitive::from_f64(x.trunc());
    let whole: BigInt = whole?;
    Some(whole.cmp(y).then_with(|| x.fract().partial_cmp(&0.0).unwrap_or(Ordering::Equal)))
}
