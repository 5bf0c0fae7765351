//! Operators: arithmetic, comparisons, truth, identity.

mod compare;
mod numbers;
mod truth;

pub(crate) use numbers::as_float;
use numbers::compare_numbers;

use std::cmp::Ordering;
use std::sync::Arc;

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use crate::heap::{Object, View};
use crate::machine::{Eval, Machine};
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
}
