//! Comparisons: `==`, `<` and so on.

use std::sync::Arc;

use crate::heap::Object;
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::program::Comparison;
use crate::ty::Ty;
use crate::value::{Reason, Value};

use super::compare_numbers;

impl Machine<'_> {
    /// `a == b` as a truth value.
    pub(crate) fn equal(&mut self, a: &Value, b: &Value) -> Eval<Result<bool, Reason>> {
        let answer = self.compare(Comparison::Eq, a, b)?;
        self.truth(&answer)
    }

    /// `a is b or a == b`, as containers compare.
    pub(crate) fn same_or_equal(&mut self, a: &Value, b: &Value) -> Eval<Result<bool, Reason>> {
        if a.as_obj().is_some() && a.is_same(b) {
            return Ok(Ok(true));
        }
        self.equal(a, b)
    }

    /// `a < b` and so on (`do_richcompare`, `Objects/object.c`).
    pub(crate) fn compare(&mut self, op: Comparison, a: &Value, b: &Value) -> Eval<Value> {
        if let (Value::Unknown(reason), _) | (_, Value::Unknown(reason)) = (a, b) {
            return Ok(Value::Unknown(*reason));
        }
        let (sign, left, right) = op.words();
        let (class_a, class_b) = (self.class_of(a), self.class_of(b));
        let b_first = match (class_a, class_b) {
            (Some(x), Some(y)) => x != y && self.is_subclass(y, x) == Some(true),
            _ => false,
        };
        let order = if b_first { [(b, a, right), (a, b, left)] } else { [(a, b, left), (b, a, right)] };
        for (this, other, name) in order {
            let mut method = self.user_special(this, name)?;
            let mut negate = false;
            if method.is_none() && op == Comparison::Ne {
                method = self.user_special(this, "__eq__")?;
                negate = true;
            }
            if let Some(method) = method {
                let answer = self.call(&method, Args::of([other.clone()]))?;
                if matches!(answer, Value::NotImplemented) {
                    continue;
                }
                if negate {
                    return Ok(match self.truth(&answer)? {
                        Ok(truth) => Value::Bool(!truth),
                        Err(reason) => Value::Unknown(reason),
                    });
                }
                return Ok(answer);
            }
        }
        if self.unknown_class(a) || self.unknown_class(b) {
            return Ok(self.unknown("a comparison of objects of unknown classes"));
        }
        let (x, y) = (self.plain(a), self.plain(b));
        match self.compare_plain(op, &x, &y)? {
            Some(answer) => Ok(answer),
            None if op == Comparison::Eq => Ok(Value::Bool(a.as_obj().is_some() && a.is_same(b))),
            None if op == Comparison::Ne => Ok(Value::Bool(!(a.as_obj().is_some() && a.is_same(b)))),
            None => {
                let (x, y) = (self.type_name(a), self.type_name(b));
                Err(self.raise(Ty::TypeError, format!("'{sign}' not supported between instances of '{x}' and '{y}'")))
            }
        }
    }

    pub(super) fn unknown_class(&self, value: &Value) -> bool {
        match self.heap.of(value) {
            Some(Object::Instance(instance)) => {
                let class = self.heap.class(instance.class);
                class.open.is_some() || class.mro.iter().any(|&id| !self.heap.class(id).has_operators)
            }
            Some(Object::Class(class)) => self.heap.class(class.metaclass).open.is_some(),
            _ => false,
        }
    }

    /// Comparisons of builtin types; nothing where they do not know each other.
    pub(super) fn compare_plain(&mut self, op: Comparison, a: &Value, b: &Value) -> Eval<Option<Value>> {
        if let Some(order) = compare_numbers(a, b) {
            // `nan` compares with nothing.
            return Ok(Some(Value::Bool(order.map_or(op == Comparison::Ne, |order| op.holds(order)))));
        }
        match (a, b) {
            (Value::Str(x), Value::Str(y)) => return Ok(Some(Value::Bool(op.holds(x.chars().cmp(y.chars()))))),
            (Value::Bytes(x), Value::Bytes(y)) => return Ok(Some(Value::Bool(op.holds(x.cmp(y))))),
            (Value::None, Value::None)
            | (Value::Ellipsis, Value::Ellipsis)
            | (Value::NotImplemented, Value::NotImplemented)
                if matches!(op, Comparison::Eq | Comparison::Ne) =>
            {
                return Ok(Some(Value::Bool(op == Comparison::Eq)));
            }
            _ => {}
        }
        let (Some(x), Some(y)) = (self.heap.of(a), self.heap.of(b)) else { return Ok(None) };
        let equality = matches!(op, Comparison::Eq | Comparison::Ne);
        match (x, y) {
            (Object::Tuple(x), Object::Tuple(y)) => {
                let (x, y) = (Arc::clone(x), Arc::clone(y));
                self.compare_items(op, &x, &y).map(Some)
            }
            (Object::List(x), Object::List(y)) => {
                if let Some(reason) = x.open.or(y.open) {
                    return Ok(Some(if a.is_same(b) && equality {
                        Value::Bool(op == Comparison::Eq)
                    } else {
                        Value::Unknown(reason)
                    }));
                }
                let (x, y) = (x.items.clone(), y.items.clone());
                self.compare_items(op, &x, &y).map(Some)
            }
            (Object::Dict(_), Object::Dict(_)) if equality => self.compare_dicts(op, a, b).map(Some),
            (Object::Set { dict: x, .. }, Object::Set { dict: y, .. }) => {
                if !x.is_exact() || !y.is_exact() {
                    return Ok(Some(self.unknown("a comparison of sets")));
                }
                let below = x.iter().all(|(key, _)| y.entry(key).is_some());
                let above = y.iter().all(|(key, _)| x.entry(key).is_some());
                Ok(Some(Value::Bool(match op {
                    Comparison::Eq => below && above,
                    Comparison::Ne => !(below && above),
                    Comparison::Le => below,
                    Comparison::Lt => below && !above,
                    Comparison::Ge => above,
                    Comparison::Gt => above && !below,
                })))
            }
            (Object::Range { .. }, Object::Range { .. })
            | (Object::Slice(_), Object::Slice(_))
            | (Object::DictView { .. } | Object::Alias { .. }, _)
            | (Object::Bound { .. }, Object::Bound { .. })
                if !a.is_same(b) =>
            {
                Ok(Some(self.unmodelled("a comparison of such objects")))
            }
            _ => Ok(None),
        }
    }

    pub(super) fn compare_items(&mut self, op: Comparison, x: &[Value], y: &[Value]) -> Eval<Value> {
        self.tick()?;
        if op == Comparison::Eq && x.len() != y.len() {
            return Ok(Value::Bool(false));
        }
        if op == Comparison::Ne && x.len() != y.len() {
            return Ok(Value::Bool(true));
        }
        if self.running.len() > self.budget.depth {
            return Err(self.halt("budget: containers nested too deeply"));
        }
        for (a, b) in x.iter().zip(y) {
            match self.same_or_equal(a, b)? {
                Ok(true) => {}
                Ok(false) => {
                    return match op {
                        Comparison::Eq => Ok(Value::Bool(false)),
                        Comparison::Ne => Ok(Value::Bool(true)),
                        _ => self.compare(op, a, b),
                    };
                }
                Err(reason) => return Ok(Value::Unknown(reason)),
            }
        }
        Ok(Value::Bool(op.holds(x.len().cmp(&y.len()))))
    }

    pub(super) fn compare_dicts(&mut self, op: Comparison, a: &Value, b: &Value) -> Eval<Value> {
        let (Value::Obj(a), Value::Obj(b)) = (a, b) else { return Ok(Value::Bool(false)) };
        let (x, y) = (self.heap.dict(*a).clone(), self.heap.dict(*b).clone());
        if !x.is_exact() || !y.is_exact() {
            return Ok(self.unknown("a comparison of dictionaries"));
        }
        let mut equal = x.len() == y.len();
        if equal {
            for (key, entry) in x.iter() {
                let Some(other) = y.entry(key) else {
                    equal = false;
                    break;
                };
                match self.same_or_equal(&entry.value, &other.value)? {
                    Ok(true) => {}
                    Ok(false) => {
                        equal = false;
                        break;
                    }
                    Err(reason) => return Ok(Value::Unknown(reason)),
                }
            }
        }
        Ok(Value::Bool(equal == (op == Comparison::Eq)))
    }
}
