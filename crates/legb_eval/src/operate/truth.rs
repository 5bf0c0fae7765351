//! `bool()` and `is`.

use std::sync::Arc;

use crate::heap::Object;
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{Reason, Value};

impl Machine<'_> {
    /// `bool(value)`
    pub(crate) fn truth(&mut self, value: &Value) -> Eval<Result<bool, Reason>> {
        Ok(Ok(match value {
            Value::Unknown(reason) => return Ok(Err(*reason)),
            Value::None => false,
            Value::Bool(value) => *value,
            Value::Int(value) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::Str(text) => !text.is_empty(),
            Value::Bytes(bytes) => !bytes.is_empty(),
            Value::Obj(id) => match self.heap.get(*id) {
                Object::Tuple(items) => !items.is_empty(),
                Object::List(list) => match list.open {
                    Some(reason) => return Ok(Err(reason)),
                    None => !list.items.is_empty(),
                },
                Object::Dict(dict) | Object::Set { dict, .. } => {
                    if dict.entries().any(|entry| !entry.maybe) {
                        true
                    } else if let Some(reason) = dict.open {
                        return Ok(Err(reason));
                    } else if dict.len() == 0 {
                        false
                    } else {
                        return Ok(Err(self.reason("whether there are keys")));
                    }
                }
                Object::DictView { .. } | Object::Range { .. } => match self.len(value)? {
                    Value::Int(len) => len != 0,
                    _ => return Ok(Err(self.reason("a length that is not known"))),
                },
                Object::Instance(_) => return self.truth_of_instance(value),
                Object::Lazy(_) => {
                    let resolved = self.resolve_lazy(*id, None)?;
                    return self.truth(&resolved);
                }
                _ => true,
            },
            Value::Big(_) | Value::Ellipsis | Value::NotImplemented => true,
        }))
    }

    pub(super) fn truth_of_instance(&mut self, value: &Value) -> Eval<Result<bool, Reason>> {
        if let Some(method) = self.user_special(value, "__bool__")? {
            let answer = self.call(&method, Args::default())?;
            return match answer {
                Value::Bool(answer) => Ok(Ok(answer)),
                Value::Unknown(reason) => Ok(Err(reason)),
                other => {
                    let name = self.type_name(&other);
                    Err(self.raise(Ty::TypeError, format!("__bool__ should return bool, returned {name}")))
                }
            };
        }
        if let Some(method) = self.user_special(value, "__len__")? {
            let answer = self.call(&method, Args::default())?;
            return self.truth(&answer);
        }
        if self.is_open(value) {
            return Ok(Err(self.reason("the truth of an object of an unknown class")));
        }
        match self.payload(value) {
            Some(inner) => self.truth(&inner),
            None => Ok(Ok(true)),
        }
    }

    /// `a is b`
    pub(crate) fn is_identical(&mut self, a: &Value, b: &Value) -> Result<bool, Reason> {
        match (a, b) {
            (Value::Unknown(reason), _) | (_, Value::Unknown(reason)) => Err(*reason),
            (Value::Obj(x), Value::Obj(y)) => {
                if let (Some(Object::Tuple(x)), Some(Object::Tuple(y))) = (self.heap.of(a), self.heap.of(b))
                    && x.is_empty()
                    && y.is_empty()
                {
                    return Ok(true);
                }
                let immutable = matches!(self.heap.get(*x), Object::Tuple(_) | Object::Set { frozen: true, .. });
                if x != y && immutable && self.equal(a, b).is_ok_and(|equal| equal == Ok(true)) {
                    return Err(self.reason("whether equal constants are one object"));
                }
                Ok(x == y)
            }
            (Value::Int(x), Value::Int(y)) if x == y => {
                if (-5..=256).contains(x) {
                    Ok(true)
                } else {
                    Err(self.reason("whether equal integers are one object"))
                }
            }
            (Value::Str(x), Value::Str(y)) if x == y => {
                if Arc::ptr_eq(x, y) || x.chars().count() <= 1 {
                    Ok(true)
                } else {
                    Err(self.reason("whether equal texts are one object"))
                }
            }
            (Value::Big(x), Value::Big(y)) if x == y => Err(self.reason("whether equal integers are one object")),
            (Value::Float(x), Value::Float(y)) if x.to_bits() == y.to_bits() => {
                Err(self.reason("whether equal floats are one object"))
            }
            (Value::Bytes(x), Value::Bytes(y)) if x == y => Err(self.reason("whether equal bytes are one object")),
            _ => Ok(a.is_same(b)),
        }
    }
}
