//! Iteration: `iter()`, `next()`, and taking all items at once.

use std::sync::Arc;

use crate::frame::Woken;
use crate::heap::{Iter, Object, View};
use crate::machine::{Eval, Machine, Resumed, Stop};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Reason, Value};

/// What an iterator gives.
pub(crate) enum Next {
    Item(Value),
    End,
    Unknown(Reason),
}

/// What an iterator does that is a suspended code block, and with what result it ends.
fn step(resumed: Resumed) -> (Next, Value) {
    match resumed {
        Resumed::Value(value) | Resumed::Given(value) => (Next::Item(value), Value::None),
        Resumed::Ended(value) => (Next::End, value),
        Resumed::Unknown(reason) => (Next::Unknown(reason), Value::None),
    }
}

impl Machine<'_> {
    fn new_iter(&mut self, iter: Iter) -> Value {
        Value::Obj(self.heap.alloc(Object::Iter(iter)))
    }

    /// An iterator over items that are there already.
    pub(crate) fn items_iter(&mut self, items: impl Into<Arc<[Value]>>, kind: &'static str) -> Value {
        self.new_iter(Iter::Items { items: items.into(), at: 0, kind })
    }

    /// `iter(value)`
    #[expect(clippy::iter_not_returning_iterator, reason = "what `iter()` gives is an object of the program")]
    pub(crate) fn iter(&mut self, value: &Value) -> Eval<Value> {
        match value {
            Value::Unknown(reason) => {
                self.doubt_mixed(*reason);
                return Ok(self.new_iter(Iter::Lost(*reason)));
            }
            Value::Str(text) => {
                let items: Vec<Value> = text.chars().map(|c| Value::str(c.to_string())).collect();
                return Ok(self.items_iter(items, "str_iterator"));
            }
            Value::Bytes(bytes) => {
                let items: Vec<Value> = bytes.iter().map(|&byte| Value::Int(i64::from(byte))).collect();
                return Ok(self.items_iter(items, "bytes_iterator"));
            }
            _ => {}
        }
        let Value::Obj(id) = value else { return Err(self.not_iterable(value)) };
        let iter = match self.heap.get(*id) {
            Object::Tuple(items) => Iter::Items { items: Arc::clone(items), at: 0, kind: "tuple_iterator" },
            Object::List(_) => Iter::List { list: *id, at: 0 },
            Object::Dict(dict) => Iter::Dict { dict: *id, at: 0, len: dict.len(), view: View::Keys },
            Object::DictView { dict, view } => {
                Iter::Dict { dict: *dict, at: 0, len: self.heap.dict(*dict).len(), view: *view }
            }
            Object::Set { .. } => return Ok(self.set_iter(*id)),
            Object::Range { start, stop, step } => Iter::Range { next: *start, stop: *stop, step: *step },
            Object::Iter(_) | Object::Generator(_) => return Ok(value.clone()),
            Object::Instance(_) | Object::Class(_) => return self.iter_instance(value),
            Object::Alias { .. } | Object::Super { .. } => {
                let reason = self.reason("what iterating such an object gives");
                Iter::Lost(reason)
            }
            Object::Lazy(_) => {
                let resolved = self.resolve_lazy(*id, None)?;
                return self.iter(&resolved);
            }
            _ => return Err(self.not_iterable(value)),
        };
        Ok(self.new_iter(iter))
    }

    /// The order of a set is known where the hashes of its items are: small integers in a table that has not grown.
    fn set_iter(&mut self, id: ObjId) -> Value {
        let dict = self.heap.dict(id);
        if dict.is_exact() && dict.len() < 2 {
            let items: Vec<Value> = dict.entries().map(|entry| entry.key.clone()).collect();
            return self.items_iter(items, "set_iterator");
        }
        let reason = self.reason("the order of a set");
        self.new_iter(Iter::Lost(reason))
    }

    fn iter_instance(&mut self, value: &Value) -> Eval<Value> {
        if let Some(method) = self.special(value, "__iter__")? {
            return self.call(&method, Args::default());
        }
        let plain = self.plain(value);
        if !plain.is_same(value) {
            return self.iter(&plain);
        }
        if self.special(value, "__getitem__")?.is_some() {
            return Ok(self.new_iter(Iter::Sequence { object: value.clone(), at: 0 }));
        }
        if self.is_open(value) {
            let reason = self.reason("what iterating an object of an unknown class gives");
            return Ok(self.new_iter(Iter::Lost(reason)));
        }
        Err(self.not_iterable(value))
    }

    fn not_iterable(&mut self, value: &Value) -> Stop {
        let name = self.type_name(value);
        self.raise(Ty::TypeError, format!("'{name}' object is not iterable"))
    }

    /// The next item of an iterator.
    pub(crate) fn next(&mut self, iterator: &Value) -> Eval<Next> {
        Ok(self.next_with_result(iterator)?.0)
    }

    /// The next item, or at the end the value that a generator returned.
    pub(crate) fn next_with_result(&mut self, iterator: &Value) -> Eval<(Next, Value)> {
        let next = match iterator {
            Value::Unknown(reason) => Next::Unknown(*reason),
            Value::Obj(id) => match self.heap.get(*id) {
                Object::Iter(Iter::AsyncStep { .. }) => return Ok(step(self.async_step(iterator, None)?)),
                Object::Iter(_) => self.next_of(*id)?,
                Object::Generator(_) => return Ok(step(self.resume(*id, Woken::Sent(Value::None))?)),
                _ => self.next_of_instance(iterator)?,
            },
            _ => self.next_of_instance(iterator)?,
        };
        Ok((next, Value::None))
    }

    fn next_of_instance(&mut self, iterator: &Value) -> Eval<Next> {
        let Some(method) = self.special(iterator, "__next__")? else {
            if self.is_open(iterator) {
                return Ok(Next::Unknown(self.reason("an iterator of an unknown class")));
            }
            let name = self.type_name(iterator);
            return Err(self.raise(Ty::TypeError, format!("'{name}' object is not an iterator")));
        };
        match self.call(&method, Args::default()) {
            Ok(Value::Unknown(reason)) => Ok(Next::Unknown(reason)),
            Ok(value) => Ok(Next::Item(value)),
            Err(Stop::Raise(exception)) if self.is_a(&Value::Obj(exception), Ty::StopIteration) => Ok(Next::End),
            Err(stop) => Err(stop),
        }
    }

    fn next_of(&mut self, id: ObjId) -> Eval<Next> {
        self.tick()?;
        let Object::Iter(iter) = self.heap.get(id) else { return Ok(Next::End) };
        match iter.clone() {
            Iter::Items { items, at, kind } => match items.get(at).cloned() {
                Some(item) => {
                    self.advance(id, Iter::Items { items, at: at + 1, kind });
                    Ok(Next::Item(item))
                }
                None => Ok(Next::End),
            },
            Iter::List { list, at } => self.next_of_list(id, list, at),
            Iter::Dict { dict, at, len, view } => self.next_of_dict(id, dict, at, len, view),
            Iter::Range { next, stop, step } => {
                if (step > 0 && next < stop) || (step < 0 && next > stop) {
                    self.advance(id, Iter::Range { next: next.saturating_add(step), stop, step });
                    return Ok(Next::Item(Value::Int(next)));
                }
                Ok(Next::End)
            }
            Iter::Enumerate { inner, next } => match self.next(&inner)? {
                Next::Item(item) => {
                    self.advance(id, Iter::Enumerate { inner, next: next + 1 });
                    Ok(Next::Item(self.new_tuple(vec![Value::Int(next), item])))
                }
                other => Ok(other),
            },
            Iter::Zip { inner, strict } => self.next_of_zip(&inner, strict),
            Iter::Map { function, inner } => {
                let mut args = Vec::new();
                for iterator in &inner {
                    match self.next(iterator)? {
                        Next::Item(item) => args.push(item),
                        other => return Ok(other),
                    }
                }
                Ok(Next::Item(self.call(&function, Args::of(args))?))
            }
            Iter::Filter { function, inner } => self.next_of_filter(&function, &inner),
            Iter::Sequence { object, at } => {
                let Some(method) = self.special(&object, "__getitem__")? else { return Ok(Next::End) };
                self.advance(id, Iter::Sequence { object, at: at + 1 });
                match self.call(&method, Args::of([Value::Int(at)])) {
                    Ok(value) => Ok(Next::Item(value)),
                    Err(Stop::Raise(e))
                        if self.is_a(&Value::Obj(e), Ty::IndexError)
                            || self.is_a(&Value::Obj(e), Ty::StopIteration) =>
                    {
                        self.advance(id, Iter::Done);
                        Ok(Next::End)
                    }
                    Err(stop) => Err(stop),
                }
            }
            Iter::Call { function, sentinel } => {
                let value = self.call(&function, Args::default())?;
                match self.equal(&value, &sentinel)? {
                    Ok(true) => {
                        self.advance(id, Iter::Done);
                        Ok(Next::End)
                    }
                    Ok(false) => Ok(Next::Item(value)),
                    Err(reason) => Ok(Next::Unknown(reason)),
                }
            }
            Iter::Chain { sources, current } => self.next_of_chain(id, sources, current),
            Iter::Done | Iter::AsyncStep { .. } => Ok(Next::End),
            Iter::Lost(reason) => Ok(Next::Unknown(reason)),
        }
    }

    fn advance(&mut self, id: ObjId, iter: Iter) {
        *self.heap.write(id) = Object::Iter(iter);
    }

    fn next_of_list(&mut self, id: ObjId, list: ObjId, at: usize) -> Eval<Next> {
        let Object::List(items) = self.heap.get(list) else { return Ok(Next::End) };
        if let Some(reason) = items.open {
            return Ok(Next::Unknown(reason));
        }
        match items.items.get(at).cloned() {
            Some(item) => {
                self.advance(id, Iter::List { list, at: at + 1 });
                Ok(Next::Item(item))
            }
            None => {
                self.advance(id, Iter::Done);
                Ok(Next::End)
            }
        }
    }

    fn next_of_dict(&mut self, id: ObjId, dict: ObjId, at: usize, len: usize, view: View) -> Eval<Next> {
        if dict == self.sys_modules {
            self.doubt_about_words("`sys.modules` holds more modules than those that are followed");
        }
        let seen = self.heap.dict(dict);
        if let Some(reason) = seen.open {
            return Ok(Next::Unknown(reason));
        }
        if seen.entries().any(|entry| entry.maybe) {
            return Ok(Next::Unknown(self.reason("a dictionary some keys of which may be missing")));
        }
        if seen.len() != len {
            return Err(self.raise(Ty::RuntimeError, "dictionary changed size during iteration"));
        }
        let Some(entry) = seen.at(at).cloned() else { return Ok(Next::End) };
        self.advance(id, Iter::Dict { dict, at: at + 1, len, view });
        Ok(Next::Item(match view {
            View::Keys => entry.key,
            View::Values => entry.value,
            View::Items => self.new_tuple(vec![entry.key, entry.value]),
        }))
    }

    fn next_of_zip(&mut self, inner: &[Value], strict: bool) -> Eval<Next> {
        let mut items = Vec::new();
        for (i, iterator) in inner.iter().enumerate() {
            match self.next(iterator)? {
                Next::Item(item) => items.push(item),
                Next::End if strict => {
                    // Which of them is the shorter one is part of the message.
                    self.doubt("`zip(strict=True)` over sources that may differ in length");
                    return Ok(Next::End);
                }
                Next::End => return Ok(Next::End),
                Next::Unknown(reason) => return Ok(Next::Unknown(reason)),
            }
            debug_assert!(i < inner.len());
        }
        if inner.is_empty() {
            return Ok(Next::End);
        }
        Ok(Next::Item(self.new_tuple(items)))
    }

    fn next_of_filter(&mut self, function: &Value, inner: &Value) -> Eval<Next> {
        loop {
            let item = match self.next(inner)? {
                Next::Item(item) => item,
                other => return Ok(other),
            };
            let verdict =
                if function.is_none() { item.clone() } else { self.call(function, Args::of([item.clone()]))? };
            match self.truth(&verdict)? {
                Ok(true) => return Ok(Next::Item(item)),
                Ok(false) => {}
                Err(reason) => return Ok(Next::Unknown(reason)),
            }
        }
    }

    fn next_of_chain(&mut self, id: ObjId, mut sources: Vec<Value>, current: Option<Value>) -> Eval<Next> {
        let mut current = current;
        loop {
            let iterator = match current.take() {
                Some(iterator) => iterator,
                None if sources.is_empty() => return Ok(Next::End),
                None => {
                    let source = sources.remove(0);
                    self.iter(&source)?
                }
            };
            match self.next(&iterator)? {
                Next::End => {}
                other => {
                    self.advance(id, Iter::Chain { sources, current: Some(iterator) });
                    return Ok(other);
                }
            }
        }
    }

    /// All items of an iterable, or why they are not known.
    pub(crate) fn collect(&mut self, value: &Value) -> Eval<Result<Vec<Value>, Reason>> {
        let size = match self.heap.of(value) {
            Some(Object::Tuple(items)) => items.len(),
            Some(Object::List(list)) => list.items.len(),
            Some(Object::Dict(dict) | Object::Set { dict, .. }) => dict.len(),
            _ => 0,
        };
        self.spend(size / 16)?;
        match self.heap.of(value) {
            Some(Object::Tuple(items)) => return Ok(Ok(items.to_vec())),
            Some(Object::List(list)) => return Ok(list.open.map_or_else(|| Ok(list.items.clone()), Err)),
            _ => {}
        }
        let iterator = self.iter(value)?;
        let mut items = Vec::new();
        loop {
            match self.next(&iterator)? {
                Next::Item(item) => items.push(item),
                Next::End => return Ok(Ok(items)),
                Next::Unknown(reason) => return Ok(Err(reason)),
            }
            if items.len() > self.budget.size {
                return Err(self.halt("budget: too many items"));
            }
        }
    }

    /// All items of an iterable in any order: what sorting or counting needs of a set.
    pub(crate) fn collect_unordered(&mut self, value: &Value) -> Eval<Result<Vec<Value>, Reason>> {
        if let Some(Object::Set { dict, .. }) = self.heap.of(value) {
            if let Some(reason) = dict.open {
                return Ok(Err(reason));
            }
            if dict.is_exact() {
                return Ok(Ok(dict.entries().map(|entry| entry.key.clone()).collect()));
            }
        }
        self.collect(value)
    }

    /// `a, b = value`
    pub(crate) fn unpack(&mut self, value: &Value, count: usize) -> Eval<Vec<Value>> {
        if self.heap.of(value).is_none() && !matches!(value, Value::Str(_) | Value::Bytes(_) | Value::Unknown(_)) {
            let name = self.type_name(value);
            return Err(self.raise(Ty::TypeError, format!("cannot unpack non-iterable {name} object")));
        }
        let iterator = match self.iter(value) {
            Ok(iterator) => iterator,
            Err(Stop::Raise(e)) if self.is_a(&Value::Obj(e), Ty::TypeError) => {
                let name = self.type_name(value);
                return Err(self.raise(Ty::TypeError, format!("cannot unpack non-iterable {name} object")));
            }
            Err(stop) => return Err(stop),
        };
        let mut items = Vec::new();
        for _ in 0..count {
            match self.next(&iterator)? {
                Next::Item(item) => items.push(item),
                Next::End => {
                    let got = items.len();
                    return Err(self
                        .raise(Ty::ValueError, format!("not enough values to unpack (expected {count}, got {got})")));
                }
                Next::Unknown(reason) => return Ok(vec![Value::Unknown(reason); count]),
            }
        }
        match self.next(&iterator)? {
            Next::End | Next::Unknown(_) => Ok(items),
            Next::Item(_) => Err(self.too_many_values(value, count)),
        }
    }

    fn too_many_values(&mut self, value: &Value, count: usize) -> Stop {
        // From 3.14 on the length is told where it is known.
        let length = match self.heap.of(value) {
            Some(Object::Tuple(items)) => Some(items.len()),
            Some(Object::List(list)) => Some(list.items.len()),
            Some(Object::Dict(dict)) => Some(dict.len()),
            _ => None,
        };
        let got = length.filter(|_| self.words.counts_unpacked).map(|n| format!(", got {n}")).unwrap_or_default();
        self.raise(Ty::ValueError, format!("too many values to unpack (expected {count}{got})"))
    }

    /// `a, *b, c = value`
    pub(crate) fn unpack_star(&mut self, value: &Value, before: usize, after: usize) -> Eval<Vec<Value>> {
        let items = match self.collect(value) {
            Ok(items) => items,
            Err(Stop::Raise(e)) if self.is_a(&Value::Obj(e), Ty::TypeError) && self.heap.of(value).is_none() => {
                let name = self.type_name(value);
                return Err(self.raise(Ty::TypeError, format!("cannot unpack non-iterable {name} object")));
            }
            Err(stop) => return Err(stop),
        };
        match items {
            Err(reason) => Ok(vec![Value::Unknown(reason); before + after + 1]),
            Ok(items) if items.len() < before + after => {
                let (least, got) = (before + after, items.len());
                let message = format!("not enough values to unpack (expected at least {least}, got {got})");
                Err(self.raise(Ty::ValueError, message))
            }
            Ok(mut items) => {
                let tail = items.split_off(items.len() - after);
                let middle = items.split_off(before);
                let middle = self.new_list(middle);
                items.push(middle);
                items.extend(tail);
                Ok(items)
            }
        }
    }
}
