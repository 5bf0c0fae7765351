//! Lists, tuples, dictionaries, sets: items, slices, membership, length.

mod collect;
mod membership;
mod places;

use places::picked;
pub(crate) use places::range_len;

use std::sync::Arc;

use crate::dict::Dict;
use crate::heap::Object;
use crate::machine::{Eval, Hashed, Machine, Stop};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Reason, Value};

/// What a key of a dictionary holds.
pub(crate) enum Found {
    Value(Value),
    Missing,
    Unknown(Reason),
}

/// A slice of a sequence of so many items: start, stop, step.
pub(crate) type Bounds = (i64, i64, i64);

impl Machine<'_> {
    // ---- dictionaries

    fn unhashable(&mut self, name: &str, what: &str) -> Stop {
        let message = match what {
            "" => format!("unhashable type: '{name}'"),
            _ if self.words.names_unhashable_use => {
                format!("cannot use '{name}' as a {what} (unhashable type: '{name}')")
            }
            _ => format!("unhashable type: '{name}'"),
        };
        self.raise(Ty::TypeError, message)
    }

    /// `dict[key] = value`
    pub(crate) fn dict_set(&mut self, dict: ObjId, key: &Value, value: Value) -> Eval<()> {
        match self.key(key) {
            Hashed::Key(id) => self.heap.dict_mut(dict).set(id, key.clone(), value),
            Hashed::Unhashable(name) => return Err(self.unhashable(&name, "dict key")),
            Hashed::Unknown(_) if dict == self.sys_modules => {
                self.doubt("a module is put into `sys.modules` under a name that is not known");
            }
            Hashed::Unknown(reason) => {
                self.escape(&value);
                self.heap.dict_mut(dict).forget(reason);
            }
        }
        Ok(())
    }

    /// What a key of a dictionary holds.
    pub(crate) fn dict_get(&mut self, dict: ObjId, key: &Value) -> Eval<Found> {
        let id = match self.key(key) {
            Hashed::Key(id) => id,
            Hashed::Unhashable(name) => return Err(self.unhashable(&name, "dict key")),
            Hashed::Unknown(reason) => return Ok(Found::Unknown(reason)),
        };
        let dict = self.heap.dict(dict);
        Ok(match dict.entry(&id) {
            Some(entry) if !entry.maybe => Found::Value(entry.value.clone()),
            Some(_) => Found::Unknown(self.reason("a key that may be missing")),
            None => dict.open.map_or(Found::Missing, Found::Unknown),
        })
    }

    /// The item of a list, tuple or bytes at a place that it has.
    fn item_at(&self, container: &Value, key: &Value) -> Option<Value> {
        let Value::Int(at) = key else { return None };
        let place = |len: usize| usize::try_from(if *at < 0 { at + i64::try_from(len).ok()? } else { *at }).ok();
        match container {
            Value::Bytes(bytes) => bytes.get(place(bytes.len())?).map(|&byte| Value::Int(i64::from(byte))),
            _ => match self.heap.of(container)? {
                Object::Tuple(items) => items.get(place(items.len())?).cloned(),
                Object::List(list) if list.open.is_none() => list.items.get(place(list.items.len())?).cloned(),
                _ => None,
            },
        }
    }

    /// `dict.update(other)`
    pub(crate) fn dict_update(&mut self, dict: ObjId, other: &Value) -> Eval<()> {
        let other = self.plain(other);
        if let Value::Obj(id) = &other
            && let Object::Dict(source) = self.heap.get(*id)
        {
            let source = source.clone();
            self.spend(source.len() / 16)?;
            self.dict_take(dict, &source);
            return Ok(());
        }
        if let Some(keys) = if self.heap.of(&other).is_some() { self.get_attr_or(&other, "keys")? } else { None } {
            let keys = self.call(&keys, Args::default())?;
            return match self.collect(&keys)? {
                Ok(keys) => {
                    for key in keys {
                        let value = self.get_item(&other, &key)?;
                        self.dict_set(dict, &key, value)?;
                    }
                    Ok(())
                }
                Err(reason) => {
                    self.heap.dict_mut(dict).forget(reason);
                    Ok(())
                }
            };
        }
        match self.collect(&other)? {
            Ok(pairs) => {
                for (at, pair) in pairs.iter().enumerate() {
                    let items = match self.collect(pair) {
                        Err(Stop::Raise(e)) if self.is_a(&Value::Obj(e), Ty::TypeError) && !self.is_open(pair) => {
                            let message =
                                format!("cannot convert dictionary update sequence element #{at} to a sequence");
                            return Err(self.raise(Ty::TypeError, message));
                        }
                        other => other?,
                    };
                    match items {
                        Ok(items) if items.len() == 2 => self.dict_set(dict, &items[0], items[1].clone())?,
                        Ok(items) => {
                            let message = format!(
                                "dictionary update sequence element #{at} has length {}; 2 is required",
                                items.len()
                            );
                            return Err(self.raise(Ty::ValueError, message));
                        }
                        Err(reason) => self.heap.dict_mut(dict).forget(reason),
                    }
                }
            }
            Err(reason) => self.heap.dict_mut(dict).forget(reason),
        }
        Ok(())
    }

    /// `{**other}`
    pub(crate) fn dict_display(&mut self, dict: ObjId, other: &Value) -> Eval<()> {
        let is_mapping = match self.heap.of(&self.plain(other)) {
            Some(Object::Dict(_)) => true,
            Some(_) => self.is_open(other) || self.get_attr_or(other, "keys")?.is_some(),
            None => other.is_unknown(),
        };
        if !is_mapping {
            let name = self.type_name(other);
            return Err(self.raise(Ty::TypeError, format!("'{name}' object is not a mapping")));
        }
        self.dict_update(dict, other)
    }

    fn dict_take(&mut self, dict: ObjId, source: &Dict) {
        for (key, entry) in source.iter() {
            if entry.maybe {
                let before = self.heap.dict(dict).entry(key).cloned();
                match before {
                    Some(old) => {
                        let reason = self.reason("a key that may be missing");
                        let value = self.either(&old.value, &entry.value, reason);
                        self.heap.dict_mut(dict).put(key.clone(), crate::dict::Entry { value, ..old });
                    }
                    None => self.heap.dict_mut(dict).put(key.clone(), entry.clone()),
                }
            } else {
                self.heap.dict_mut(dict).set(key.clone(), entry.key.clone(), entry.value.clone());
            }
        }
        if let Some(reason) = source.open {
            self.heap.dict_mut(dict).forget(reason);
        }
    }

    /// Keywords of a call: a repeated one is an error.
    pub(crate) fn dict_merge(&mut self, dict: ObjId, other: &Value) -> Eval<()> {
        if let Value::Obj(id) = self.plain(other)
            && let Object::Dict(source) = self.heap.get(id)
        {
            let source = source.clone();
            for (key, entry) in source.iter() {
                if self.heap.dict(dict).entry(key).is_some() {
                    self.doubt("a keyword that is given twice");
                    let name = entry.key.as_str().unwrap_or_default().to_owned();
                    return Err(self.raise(Ty::TypeError, format!("got multiple values for keyword argument '{name}'")));
                }
            }
            self.dict_take(dict, &source);
            return Ok(());
        }
        self.dict_update(dict, other)
    }

    // ---- items

    /// `container[key]`
    pub(crate) fn get_item(&mut self, container: &Value, key: &Value) -> Eval<Value> {
        if let Value::Unknown(reason) = container {
            self.doubt_mixed(*reason);
            return Ok(Value::Unknown(*reason));
        }
        if let Some(method) = self.user_special(container, "__getitem__")? {
            return self.call(&method, Args::of([key.clone()]));
        }
        let plain = self.plain(container);
        if let Some(item) = self.item_at(&plain, key) {
            return Ok(item);
        }
        match &plain {
            Value::Str(text) => return self.str_item(text, key),
            Value::Bytes(bytes) => {
                let items: Vec<Value> = bytes.iter().map(|&byte| Value::Int(i64::from(byte))).collect();
                return match self.slice_of(key, items.len())? {
                    Some(Ok(bounds)) => Ok(Value::Bytes(picked(bytes, bounds).into())),
                    Some(Err(reason)) => Ok(Value::Unknown(reason)),
                    None => self.sequence_item(&items, key, "index out of range", "byte"),
                };
            }
            Value::Obj(id) => match self.heap.get(*id) {
                Object::Tuple(items) => {
                    let items = Arc::clone(items);
                    self.spend(items.len() / 16)?;
                    return match self.slice_of(key, items.len())? {
                        Some(Ok(bounds)) => Ok(self.new_tuple(picked(&items, bounds))),
                        Some(Err(reason)) => Ok(Value::Unknown(reason)),
                        None => self.sequence_item(&items, key, "tuple index out of range", "tuple"),
                    };
                }
                Object::List(list) => {
                    if let Some(reason) = list.open {
                        return Ok(Value::Unknown(reason));
                    }
                    let items = list.items.clone();
                    self.spend(items.len() / 16)?;
                    return match self.slice_of(key, items.len())? {
                        Some(Ok(bounds)) => Ok(self.new_list(picked(&items, bounds))),
                        Some(Err(reason)) => Ok(Value::Unknown(reason)),
                        None => self.sequence_item(&items, key, "list index out of range", "list"),
                    };
                }
                Object::Dict(_) => return self.dict_item(*id, container, key),
                Object::Range { start, stop, step } => {
                    let (start, stop, step) = (*start, *stop, *step);
                    return self.range_item(start, stop, step, key);
                }
                Object::Class(_) => return self.class_item(&plain, key),
                Object::Alias { .. } => return Ok(self.unknown("a generic alias")),
                Object::Lazy(_) => {
                    let resolved = self.resolve_lazy(*id, None)?;
                    return self.get_item(&resolved, key);
                }
                _ => {}
            },
            _ => {}
        }
        if self.is_open(container) {
            return Ok(self.unknown("an item of an object of an unknown class"));
        }
        let name = self.type_name(container);
        Err(self.raise(Ty::TypeError, format!("'{name}' object is not subscriptable")))
    }

    fn dict_item(&mut self, id: ObjId, container: &Value, key: &Value) -> Eval<Value> {
        match self.dict_get(id, key)? {
            Found::Value(value) => Ok(value),
            Found::Unknown(reason) if self.heap.dict(id).open.is_some() => Ok(Value::Unknown(reason)),
            Found::Unknown(reason) => Ok(self.unknown_place(reason)),
            Found::Missing => {
                if let Some(method) = self.special(container, "__missing__")? {
                    return self.call(&method, Args::of([key.clone()]));
                }
                Err(Stop::Raise(self.new_exception(Ty::KeyError, vec![key.clone()])))
            }
        }
    }

    fn class_item(&mut self, class: &Value, key: &Value) -> Eval<Value> {
        let id = class.as_obj().unwrap_or(Ty::Object.id());
        if let Some((owner, method)) = self.class_entry(id, "__class_getitem__")
            && Ty::of(owner).is_none()
        {
            let bound = self.bind(&method, class, id)?;
            return self.call(&bound, Args::of([key.clone()]));
        }
        let metaclass = self.heap.class(id).metaclass;
        if let Some((_, method)) = self.class_entry(metaclass, "__getitem__") {
            let bound = self.bind(&method, class, metaclass)?;
            return self.call(&bound, Args::of([key.clone()]));
        }
        let generic = id == Ty::Type.id() || self.has_builtin_attribute(id, "__class_getitem__");
        if self.words.generic_builtins && generic {
            let args = self.heap.tuple(key).map_or_else(|| vec![key.clone()], |items| items.to_vec());
            return Ok(Value::Obj(self.heap.alloc(Object::Alias { origin: class.clone(), args })));
        }
        if self.words.generic_builtins && self.partial_reason(id).is_some() {
            return Ok(Value::Obj(self.heap.alloc(Object::Alias { origin: class.clone(), args: vec![key.clone()] })));
        }
        if self.heap.class(id).open.is_some() {
            return Ok(self.unknown("an item of a class that is not fully known"));
        }
        let name = Arc::clone(&self.heap.class(id).name);
        if self.words.names_class_not_subscriptable {
            return Err(self.raise(Ty::TypeError, format!("type '{name}' is not subscriptable")));
        }
        Err(self.raise(Ty::TypeError, "'type' object is not subscriptable"))
    }

    /// `container[key] = value`
    pub(crate) fn set_item(&mut self, container: &Value, key: &Value, value: Value) -> Eval<()> {
        if let Some(method) = self.user_special(container, "__setitem__")? {
            return self.call(&method, Args::of([key.clone(), value])).map(|_| ());
        }
        if let Value::Obj(id) = self.plain(container) {
            match self.heap.get(id) {
                Object::Dict(_) => return self.dict_set(id, key, value),
                Object::List(list) => {
                    let (len, open) = (list.items.len(), list.open);
                    if open.is_some() {
                        return Ok(());
                    }
                    return self.set_list_item(id, len, key, value);
                }
                _ => {}
            }
        }
        if self.is_open(container) {
            self.escape(&value);
            return Ok(());
        }
        let name = self.type_name(container);
        Err(self.raise(Ty::TypeError, format!("'{name}' object does not support item assignment")))
    }

    fn set_list_item(&mut self, id: ObjId, len: usize, key: &Value, value: Value) -> Eval<()> {
        match self.position(key, len) {
            Some(Ok(at)) => {
                if let Object::List(list) = self.heap.write(id) {
                    list.items[at] = value;
                }
                Ok(())
            }
            Some(Err(())) => Err(self.raise(Ty::IndexError, "list assignment index out of range")),
            None => match self.slice_of(key, len)? {
                Some(Ok((start, stop, 1))) => {
                    let items = self.collect(&value)?;
                    if let Object::List(list) = self.heap.write(id) {
                        match items {
                            Ok(items) => {
                                let from = usize::try_from(start).unwrap_or(0);
                                let to = usize::try_from(stop.max(start)).unwrap_or(0);
                                list.items.splice(from..to, items);
                            }
                            Err(reason) => list.open = Some(reason),
                        }
                    }
                    Ok(())
                }
                None if !key.is_unknown() && !self.is_open(key) && self.special(key, "__index__")?.is_none() => {
                    let name = self.type_name(key);
                    Err(self.raise(Ty::TypeError, format!("list indices must be integers or slices, not {name}")))
                }
                Some(Ok(bounds)) if !value.is_unknown() => self.set_stepped_slice(id, len, bounds, &value),
                _ => {
                    let reason = self.reason("an item at an unknown place");
                    self.doubt_because(reason);
                    if let Object::List(list) = self.heap.write(id) {
                        list.open = Some(reason);
                        list.items.clear();
                    }
                    Ok(())
                }
            },
        }
    }

    /// `del container[key]`
    pub(crate) fn del_item(&mut self, container: &Value, key: &Value) -> Eval<()> {
        if let Some(method) = self.user_special(container, "__delitem__")? {
            return self.call(&method, Args::of([key.clone()])).map(|_| ());
        }
        if let Value::Obj(id) = self.plain(container) {
            match self.heap.get(id) {
                Object::Dict(_) => {
                    return match self.dict_get(id, key)? {
                        Found::Value(_) => {
                            if let Hashed::Key(key) = self.key(key) {
                                self.heap.dict_mut(id).remove(&key);
                            }
                            Ok(())
                        }
                        Found::Missing => Err(Stop::Raise(self.new_exception(Ty::KeyError, vec![key.clone()]))),
                        Found::Unknown(reason) => {
                            self.doubt_because(reason);
                            self.heap.dict_mut(id).forget(reason);
                            Ok(())
                        }
                    };
                }
                Object::List(list) => {
                    if list.open.is_some() {
                        return Ok(());
                    }
                    let len = list.items.len();
                    return match self.position(key, len) {
                        Some(Ok(at)) => {
                            if let Object::List(list) = self.heap.write(id) {
                                list.items.remove(at);
                            }
                            Ok(())
                        }
                        Some(Err(())) => Err(self.raise(Ty::IndexError, "list assignment index out of range")),
                        None => match self.slice_of(key, len)? {
                            Some(Ok(bounds)) => {
                                self.delete_slice(id, bounds);
                                Ok(())
                            }
                            None if !key.is_unknown() && !self.is_open(key) => {
                                let name = self.type_name(key);
                                let message = format!("list indices must be integers or slices, not {name}");
                                Err(self.raise(Ty::TypeError, message))
                            }
                            _ => {
                                self.unmodelled("deleting such a part of a list");
                                if let Object::List(list) = self.heap.write(id) {
                                    list.open = self.output_unknown;
                                }
                                Ok(())
                            }
                        },
                    };
                }
                _ => {}
            }
        }
        if self.is_open(container) {
            return Ok(());
        }
        Err(self.no_item_deletion(container, key))
    }
}

impl Machine<'_> {
    /// `PyObject_DelItem` (`Objects/abstract.c`): sequences have words of their own for an integer.
    fn no_item_deletion(&mut self, container: &Value, key: &Value) -> Stop {
        let is_sequence = match self.heap.of(container) {
            Some(object) => matches!(
                object,
                Object::Tuple(_)
                    | Object::Range { .. }
                    | Object::Instance(_)
                    | Object::Set { .. }
                    | Object::DictView { .. }
            ),
            None => matches!(container, Value::Str(_) | Value::Bytes(_)),
        };
        let is_index = self.plain(key).as_bigint().is_some();
        let name = self.type_name(container);
        let verb = if is_sequence && is_index { "doesn't" } else { "does not" };
        self.raise(Ty::TypeError, format!("'{name}' object {verb} support item deletion"))
    }

    /// An item of something that is known, at a place that is not: it may not be there.
    fn unknown_place(&mut self, reason: Reason) -> Value {
        self.doubt("an item at a place that is not known");
        Value::Unknown(reason)
    }
}
