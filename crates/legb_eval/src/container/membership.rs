//! `len()` and `in`.

use std::sync::Arc;

use crate::dict::Dict;
use crate::heap::{Object, View};
use crate::machine::{Eval, Hashed, Machine, Stop};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{Key, ObjId, Reason, Value};

use super::{Found, range_len};

impl Machine<'_> {
    /// `len(value)`
    pub(crate) fn len(&mut self, value: &Value) -> Eval<Value> {
        if let Some(method) = self.user_special(value, "__len__")? {
            return self.call(&method, Args::default());
        }
        let plain = self.plain(value);
        let all_modules = match self.heap.of(&plain) {
            Some(Object::DictView { dict, .. }) => *dict == self.sys_modules,
            _ => plain.as_obj() == Some(self.sys_modules),
        };
        if all_modules {
            return Ok(self.unknown("how many modules are loaded"));
        }
        let count = match &plain {
            Value::Unknown(reason) => return Ok(Value::Unknown(*reason)),
            Value::Str(text) => Some(text.chars().count()),
            Value::Bytes(bytes) => Some(bytes.len()),
            Value::Obj(id) => match self.heap.get(*id) {
                Object::Tuple(items) => Some(items.len()),
                Object::List(list) => match list.open {
                    Some(reason) => return Ok(Value::Unknown(reason)),
                    None => Some(list.items.len()),
                },
                Object::Dict(dict) | Object::Set { dict, .. } => return Ok(self.dict_len(&dict.clone())),
                Object::DictView { dict, .. } => {
                    let dict = self.heap.dict(*dict).clone();
                    return Ok(self.dict_len(&dict));
                }
                Object::Range { start, stop, step } => Some(range_len(*start, *stop, *step)),
                _ => None,
            },
            _ => None,
        };
        match count {
            Some(count) => Ok(Value::count(count)),
            None if self.is_open(value) => Ok(self.unknown("the length of an object of an unknown class")),
            None => {
                let name = self.type_name(value);
                Err(self.raise(Ty::TypeError, format!("object of type '{name}' has no len()")))
            }
        }
    }

    pub(super) fn dict_len(&mut self, dict: &Dict) -> Value {
        if dict.is_exact() { Value::count(dict.len()) } else { self.unknown("how many keys there are") }
    }

    /// `item in container`
    pub(crate) fn contains(&mut self, container: &Value, item: &Value) -> Eval<Result<bool, Reason>> {
        if let Some(method) = self.user_special(container, "__contains__")? {
            let answer = self.call(&method, Args::of([item.clone()]))?;
            return self.truth(&answer);
        }
        let plain = self.plain(container);
        match &plain {
            Value::Unknown(reason) => return Ok(Err(*reason)),
            Value::Str(text) => {
                return match self.plain(item) {
                    Value::Str(part) => Ok(Ok(text.contains(&*part))),
                    Value::Unknown(reason) => Ok(Err(reason)),
                    _ => {
                        let name = self.type_name(item);
                        let message = format!("'in <string>' requires string as left operand, not {name}");
                        Err(self.raise(Ty::TypeError, message))
                    }
                };
            }
            Value::Bytes(bytes) => {
                let bytes = Arc::clone(bytes);
                return self.bytes_contain(&bytes, item);
            }
            Value::Obj(id) => match self.heap.get(*id) {
                Object::Dict(_) | Object::DictView { view: View::Keys, .. } => {
                    let dict = match self.heap.get(*id) {
                        Object::DictView { dict, .. } => *dict,
                        _ => *id,
                    };
                    return Ok(match self.dict_get(dict, item)? {
                        Found::Value(_) => Ok(true),
                        Found::Missing => Ok(false),
                        Found::Unknown(reason) => Err(reason),
                    });
                }
                Object::Set { .. } => return self.set_contains(*id, item),
                Object::Range { start, stop, step } => {
                    let (start, stop, step) = (*start, *stop, *step);
                    if let Some(value) = item.as_i64() {
                        let inside =
                            if step > 0 { start <= value && value < stop } else { stop < value && value <= start };
                        return Ok(Ok(inside && (value - start) % step == 0));
                    }
                }
                _ => {}
            },
            _ => {}
        }
        if self.heap.of(&plain).is_none() {
            return Err(self.not_a_container(container));
        }
        let items = match self.collect(&plain) {
            Ok(Ok(items)) => items,
            Ok(Err(reason)) => return Ok(Err(reason)),
            Err(Stop::Raise(e))
                if self.is_a(&Value::Obj(e), Ty::TypeError)
                    && !matches!(self.heap.of(&plain), Some(Object::Generator(_))) =>
            {
                return Err(self.not_a_container(container));
            }
            Err(stop) => return Err(stop),
        };
        let mut unknown = None;
        for candidate in &items {
            match self.same_or_equal(candidate, item)? {
                Ok(true) => return Ok(unknown.map_or(Ok(true), Err)),
                Ok(false) => {}
                Err(reason) => unknown = Some(reason),
            }
        }
        Ok(unknown.map_or(Ok(false), Err))
    }

    /// `bytes_contains` (`Objects/bytes_methods.c`)
    fn bytes_contain(&mut self, bytes: &[u8], item: &Value) -> Eval<Result<bool, Reason>> {
        match self.plain(item) {
            Value::Bytes(part) => Ok(Ok(part.is_empty() || bytes.windows(part.len()).any(|window| *window == *part))),
            Value::Unknown(reason) => Ok(Err(reason)),
            plain => match plain.as_bigint().map(u8::try_from) {
                Some(Ok(byte)) => Ok(Ok(bytes.contains(&byte))),
                Some(Err(_)) => Err(self.raise(Ty::ValueError, "byte must be in range(0, 256)")),
                None if self.is_open(item) => Ok(Err(self.reason("whether an object of an unknown class is in bytes"))),
                None => {
                    let name = self.type_name(item);
                    Err(self.raise(Ty::TypeError, format!("a bytes-like object is required, not '{name}'")))
                }
            },
        }
    }

    pub(super) fn not_a_container(&mut self, container: &Value) -> Stop {
        let name = self.type_name(container);
        let message = if self.words.names_container {
            format!("argument of type '{name}' is not a container or iterable")
        } else {
            format!("argument of type '{name}' is not iterable")
        };
        self.raise(Ty::TypeError, message)
    }

    pub(super) fn set_contains(&mut self, id: ObjId, item: &Value) -> Eval<Result<bool, Reason>> {
        match self.key(item) {
            Hashed::Key(key) => {
                let dict = self.heap.dict(id);
                Ok(match dict.entry(&key) {
                    Some(entry) if !entry.maybe => Ok(true),
                    Some(_) => Err(self.reason("an item that may be missing")),
                    None => dict.open.map_or(Ok(false), Err),
                })
            }
            Hashed::Unhashable(name) => Err(self.unhashable(&name, "set element")),
            Hashed::Unknown(reason) => Ok(Err(reason)),
        }
    }

    /// The names that a dictionary with text keys holds, for those who list them.
    pub(crate) fn text_keys(&self, dict: ObjId) -> Vec<Arc<str>> {
        self.heap
            .dict(dict)
            .iter()
            .filter_map(|(key, _)| match key {
                Key::Str(text) => Some(Arc::clone(text)),
                _ => None,
            })
            .collect()
    }
}
