//! Indices and slices of sequences: which items a key means.

use std::sync::Arc;

use crate::heap::Object;
use crate::machine::{Eval, Machine};
use crate::ty::Ty;
use crate::value::{ObjId, Reason, Value};

use super::Bounds;

impl Machine<'_> {
    /// The bounds of a slice; nothing if the key is no slice.
    pub(crate) fn slice_of(&mut self, key: &Value, len: usize) -> Eval<Option<Result<Bounds, Reason>>> {
        let Some(Object::Slice(parts)) = self.heap.of(key) else { return Ok(None) };
        let parts = parts.clone();
        let mut numbers = [None; 3];
        for (number, part) in numbers.iter_mut().zip(parts.iter()) {
            match part {
                Value::None => {}
                Value::Unknown(reason) => return Ok(Some(Err(*reason))),
                part => match self.plain(part).as_bigint() {
                    Some(value) => {
                        use num_traits::ToPrimitive;
                        let limit = if value.sign() == num_bigint::Sign::Minus { i64::MIN / 2 } else { i64::MAX / 2 };
                        *number = Some(value.to_i64().unwrap_or(limit));
                    }
                    None => {
                        return Err(self.raise(
                            Ty::TypeError,
                            "slice indices must be integers or None or have an __index__ method",
                        ));
                    }
                },
            }
        }
        let step = numbers[2].unwrap_or(1);
        if step == 0 {
            return Err(self.raise(Ty::ValueError, "slice step cannot be zero"));
        }
        let len = i64::try_from(len).unwrap_or(i64::MAX);
        let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
        let clamp = |value: i64| (if value < 0 { value.saturating_add(len) } else { value }).clamp(low, high);
        let start = numbers[0].map_or(if step > 0 { low } else { high }, clamp);
        let stop = numbers[1].map_or(if step > 0 { high } else { low }, clamp);
        Ok(Some(Ok((start, stop, step))))
    }

    pub(super) fn str_item(&mut self, text: &Arc<str>, key: &Value) -> Eval<Value> {
        let chars: Vec<char> = text.chars().collect();
        match self.slice_of(key, chars.len())? {
            Some(Ok(bounds)) => Ok(Value::str(picked(&chars, bounds).into_iter().collect::<String>())),
            Some(Err(reason)) => Ok(Value::Unknown(reason)),
            None => {
                let items: Vec<Value> = chars.iter().map(|c| Value::str(c.to_string())).collect();
                self.sequence_item(&items, key, "string index out of range", "string")
            }
        }
    }

    pub(super) fn sequence_item(&mut self, items: &[Value], key: &Value, message: &str, kind: &str) -> Eval<Value> {
        match self.position(key, items.len()) {
            Some(Ok(at)) => Ok(items[at].clone()),
            Some(Err(())) if matches!(self.plain(key), Value::Big(_)) => {
                let shown = self.type_name(key);
                Err(self.raise(Ty::IndexError, format!("cannot fit '{shown}' into an index-sized integer")))
            }
            Some(Err(())) => Err(self.raise(Ty::IndexError, message)),
            None if key.is_unknown() => {
                self.doubt("an item at a place that is not known");
                Ok(key.clone())
            }
            None => {
                let name = self.type_name(key);
                if self.is_open(key) || self.special(key, "__index__")?.is_some() {
                    return Ok(self.unmodelled("such an index"));
                }
                let quoted = if kind == "string" && !self.words.quotes_index_type {
                    "string indices must be integers".to_owned()
                } else if kind == "string" {
                    format!("string indices must be integers, not '{name}'")
                } else {
                    format!("{kind} indices must be integers or slices, not {name}")
                };
                Err(self.raise(Ty::TypeError, quoted))
            }
        }
    }

    /// The position an index means; an error where it is outside.
    pub(super) fn position(&self, key: &Value, len: usize) -> Option<Result<usize, ()>> {
        let plain = self.plain(key);
        if matches!(plain, Value::Big(_)) {
            return Some(Err(()));
        }
        let index = plain.as_i64()?;
        let len = i64::try_from(len).unwrap_or(i64::MAX);
        let at = if index < 0 { index + len } else { index };
        Some(if (0..len).contains(&at) { usize::try_from(at).map_err(|_| ()) } else { Err(()) })
    }

    pub(super) fn range_item(&mut self, start: i64, stop: i64, step: i64, key: &Value) -> Eval<Value> {
        let len = range_len(start, stop, step);
        match self.slice_of(key, len)? {
            Some(Ok((from, to, by))) => {
                let at = |index: i64| start.saturating_add(step.saturating_mul(index));
                let made = Object::Range { start: at(from), stop: at(to), step: step.saturating_mul(by) };
                Ok(Value::Obj(self.heap.alloc(made)))
            }
            Some(Err(reason)) => Ok(Value::Unknown(reason)),
            None => match self.position(key, len) {
                Some(Ok(at)) => Ok(Value::Int(start + step * i64::try_from(at).unwrap_or(0))),
                Some(Err(())) => Err(self.raise(Ty::IndexError, "range object index out of range")),
                None => Ok(self.unmodelled("such an index of a range")),
            },
        }
    }

    /// Takes the items of a slice out of a list.
    pub(super) fn delete_slice(&mut self, id: ObjId, bounds: Bounds) {
        if let Object::List(list) = self.heap.write(id) {
            let places: Vec<usize> = picked(&(0..list.items.len()).collect::<Vec<_>>(), bounds);
            let mut at = 0;
            list.items.retain(|_| {
                at += 1;
                !places.contains(&(at - 1))
            });
        }
    }

    /// `list[start:stop:step] = value` with a step other than one.
    pub(super) fn set_stepped_slice(&mut self, id: ObjId, len: usize, bounds: Bounds, value: &Value) -> Eval<()> {
        let places: Vec<usize> = picked(&(0..len).collect::<Vec<_>>(), bounds);
        let items = match self.collect(value)? {
            Ok(items) => items,
            Err(reason) => {
                self.doubt_because(reason);
                if let Object::List(list) = self.heap.write(id) {
                    list.open = Some(reason);
                    list.items.clear();
                }
                return Ok(());
            }
        };
        if items.len() != places.len() {
            let message = format!(
                "attempt to assign sequence of size {} to extended slice of size {}",
                items.len(),
                places.len()
            );
            return Err(self.raise(Ty::ValueError, message));
        }
        if let Object::List(list) = self.heap.write(id) {
            for (at, item) in places.into_iter().zip(items) {
                list.items[at] = item;
            }
        }
        Ok(())
    }
}

/// How many items a range has.
pub(crate) fn range_len(start: i64, stop: i64, step: i64) -> usize {
    let (from, to, by) = if step > 0 { (start, stop, step) } else { (stop, start, step.saturating_neg()) };
    if from >= to || by == 0 {
        0
    } else {
        usize::try_from((i128::from(to) - i128::from(from) - 1) / i128::from(by) + 1).unwrap_or(usize::MAX)
    }
}

/// The items of a slice.
pub(super) fn picked<T: Clone>(items: &[T], (start, stop, step): Bounds) -> Vec<T> {
    let mut at = start;
    let mut out = Vec::new();
    while (step > 0 && at < stop) || (step < 0 && at > stop) {
        if let Some(item) = usize::try_from(at).ok().and_then(|at| items.get(at)) {
            out.push(item.clone());
        }
        at += step;
    }
    out
}
