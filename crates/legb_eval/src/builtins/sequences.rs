//! Methods of lists, tuples, dictionaries and sets.

use super::Table;
use super::functions::answer;
use crate::container::Found;
use crate::heap::{Object, View};
use crate::machine::{Eval, Hashed, Machine, Stop};
use crate::native::Args;
use crate::program::BinaryOp;
use crate::ty::Ty;
use crate::value::{ObjId, Reason, Value};

pub(super) const LIST: Table = &[
    ("append", |m, a| {
        let (id, args) = own(m, a)?;
        let value = args.positional.into_iter().next().unwrap_or(Value::None);
        m.list_append(&Value::Obj(id), value);
        Ok(Value::None)
    }),
    ("extend", |m, a| {
        let (id, args) = own(m, a)?;
        let other = args.positional.into_iter().next().unwrap_or(Value::None);
        m.list_extend(&Value::Obj(id), &other)?;
        Ok(Value::None)
    }),
    ("insert", |m, a| {
        let (id, args) = own(m, a)?;
        let [at, value] = &args.positional[..] else { return Ok(m.unmodelled("such a call of insert()")) };
        match at.as_i64() {
            Some(at) => {
                if let Object::List(list) = m.heap.write(id)
                    && list.open.is_none()
                {
                    let len = i64::try_from(list.items.len()).unwrap_or(i64::MAX);
                    let at = (if at < 0 { at.saturating_add(len) } else { at }).clamp(0, len);
                    list.items.insert(usize::try_from(at).unwrap_or(0), value.clone());
                }
            }
            None => forget_list(m, id),
        }
        Ok(Value::None)
    }),
    ("pop", list_pop),
    ("remove", |m, a| {
        let (id, args) = own(m, a)?;
        let value = args.positional.into_iter().next().unwrap_or(Value::None);
        match find(m, id, &value)? {
            Ok(Some(at)) => {
                if let Object::List(list) = m.heap.write(id) {
                    list.items.remove(at);
                }
                Ok(Value::None)
            }
            Ok(None) => Err(m.raise(Ty::ValueError, "list.remove(x): x not in list")),
            Err(_) => {
                forget_list(m, id);
                m.doubt("an item that may be missing");
                Ok(Value::None)
            }
        }
    }),
    ("index", index),
    ("count", count),
    ("clear", |m, a| {
        let (id, _) = own(m, a)?;
        if let Object::List(list) = m.heap.write(id) {
            list.items.clear();
            list.open = None;
        }
        Ok(Value::None)
    }),
    ("copy", copy),
    ("reverse", |m, a| {
        let (id, _) = own(m, a)?;
        if let Object::List(list) = m.heap.write(id) {
            list.items.reverse();
        }
        Ok(Value::None)
    }),
    ("sort", |m, a| {
        let (id, mut args) = own(m, a)?;
        let key = args.take_keyword("key").filter(|key| !key.is_none());
        let reverse = args.take_keyword("reverse").unwrap_or(Value::Bool(false));
        let Object::List(list) = m.heap.get(id) else { return Ok(Value::None) };
        if list.open.is_none() {
            let items = list.items.clone();
            match m.sort(items, key.as_ref(), &reverse)? {
                Ok(items) => {
                    if let Object::List(list) = m.heap.write(id) {
                        list.items = items;
                    }
                }
                Err(_) => forget_list(m, id),
            }
        }
        Ok(Value::None)
    }),
    ("__init__", |m, mut a| {
        let this = m.receiver(&mut a)?;
        refill(m, &this, Ty::List, a)
    }),
    ("__len__", |m, mut a| {
        let this = m.receiver(&mut a)?;
        let plain = m.plain(&this);
        m.len(&plain)
    }),
];

pub(super) const TUPLE: Table = &[("index", index), ("count", count), ("__new__", container_new)];

pub(super) const DICT: Table = &[
    ("get", |m, a| {
        let (id, args) = own(m, a)?;
        let default = args.positional.get(1).cloned().unwrap_or(Value::None);
        let key = args.positional.first().cloned().unwrap_or(Value::None);
        Ok(match m.dict_get(id, &key)? {
            Found::Value(value) => value,
            Found::Missing => default,
            Found::Unknown(reason) => Value::Unknown(reason),
        })
    }),
    ("setdefault", |m, a| {
        let (id, args) = own(m, a)?;
        let default = args.positional.get(1).cloned().unwrap_or(Value::None);
        let key = args.positional.first().cloned().unwrap_or(Value::None);
        Ok(match m.dict_get(id, &key)? {
            Found::Value(value) => value,
            Found::Missing => {
                m.dict_set(id, &key, default.clone())?;
                default
            }
            Found::Unknown(reason) => {
                m.escape(&default);
                m.heap.dict_mut(id).open = Some(reason);
                Value::Unknown(reason)
            }
        })
    }),
    ("pop", |m, a| {
        let (id, args) = own(m, a)?;
        let key = args.positional.first().cloned().unwrap_or(Value::None);
        match m.dict_get(id, &key)? {
            Found::Value(value) => {
                if let Hashed::Key(key) = m.key(&key) {
                    m.heap.dict_mut(id).remove(&key);
                }
                Ok(value)
            }
            Found::Missing => match args.positional.get(1) {
                Some(default) => Ok(default.clone()),
                None => Err(Stop::Raise(m.new_exception(Ty::KeyError, vec![key]))),
            },
            Found::Unknown(reason) => {
                if args.positional.len() < 2 {
                    m.doubt("a key that may be missing");
                }
                m.heap.dict_mut(id).forget(reason);
                Ok(Value::Unknown(reason))
            }
        }
    }),
    ("popitem", |m, a| {
        let (id, _) = own(m, a)?;
        if !m.heap.dict(id).is_exact() {
            let reason = m.reason("which key comes last");
            m.heap.dict_mut(id).forget(reason);
            return Ok(Value::Unknown(reason));
        }
        match m.heap.dict_mut(id).pop_last() {
            Some(entry) => Ok(m.new_tuple(vec![entry.key, entry.value])),
            None => {
                let args = vec![Value::str("popitem(): dictionary is empty")];
                Err(Stop::Raise(m.new_exception(Ty::KeyError, args)))
            }
        }
    }),
    ("keys", |m, a| view(m, a, View::Keys)),
    ("values", |m, a| view(m, a, View::Values)),
    ("items", |m, a| view(m, a, View::Items)),
    ("update", |m, a| {
        let (id, args) = own(m, a)?;
        if let Some(other) = args.positional.first() {
            m.dict_update(id, other)?;
        }
        for (name, value) in args.keywords {
            m.heap.dict_mut(id).set_name(&name, value);
        }
        Ok(Value::None)
    }),
    ("clear", clear_table),
    ("copy", copy),
    ("__init__", |m, mut a| {
        let this = m.receiver(&mut a)?;
        refill(m, &this, Ty::Dict, a)
    }),
    ("__getitem__", |m, mut a| {
        let this = m.receiver(&mut a)?;
        let key = a.positional.pop().unwrap_or(Value::None);
        let Some(id) = m.plain(&this).as_obj() else { return Ok(m.unmodelled("such a dictionary")) };
        match m.dict_get(id, &key)? {
            Found::Value(value) => Ok(value),
            Found::Unknown(reason) => Ok(Value::Unknown(reason)),
            Found::Missing => match m.user_special(&this, "__missing__")? {
                Some(method) => m.call(&method, Args::of([key])),
                None => Err(Stop::Raise(m.new_exception(Ty::KeyError, vec![key]))),
            },
        }
    }),
    ("__setitem__", |m, a| {
        let (id, args) = own(m, a)?;
        let [key, value] = &args.positional[..] else { return Ok(m.unmodelled("such a call of __setitem__")) };
        m.dict_set(id, key, value.clone())?;
        Ok(Value::None)
    }),
    ("__contains__", |m, a| {
        let (id, args) = own(m, a)?;
        let key = args.positional.first().cloned().unwrap_or(Value::None);
        m.contains(&Value::Obj(id), &key).map(answer)
    }),
    ("fromkeys", |m, a| {
        let dict = m.new_dict();
        let value = a.positional.get(2).cloned().unwrap_or(Value::None);
        let keys = a.positional.get(1).cloned().unwrap_or(Value::None);
        if a.positional.first().and_then(Value::as_obj) != Some(crate::ty::Ty::Dict.id()) {
            return Ok(m.unmodelled("`fromkeys()` of a class derived from `dict`"));
        }
        match m.collect(&keys)? {
            Ok(keys) => {
                for key in keys {
                    m.dict_set(dict, &key, value.clone())?;
                }
            }
            Err(reason) => m.heap.dict_mut(dict).open = Some(reason),
        }
        Ok(Value::Obj(dict))
    }),
];

pub(super) const SET: Table = &[
    ("add", |m, a| {
        let (id, args) = own(m, a)?;
        let item = args.positional.into_iter().next().unwrap_or(Value::None);
        m.set_add(&Value::Obj(id), &item)?;
        Ok(Value::None)
    }),
    ("discard", |m, a| remove_from_set(m, a, false)),
    ("remove", |m, a| remove_from_set(m, a, true)),
    ("update", |m, a| {
        let (id, args) = own(m, a)?;
        for other in &args.positional {
            m.set_update(&Value::Obj(id), other)?;
        }
        Ok(Value::None)
    }),
    ("clear", clear_table),
    ("copy", copy),
    ("union", |m, a| set_operation(m, a, BinaryOp::Or)),
    ("intersection", |m, a| set_operation(m, a, BinaryOp::And)),
    ("difference", |m, a| set_operation(m, a, BinaryOp::Sub)),
    ("symmetric_difference", |m, a| set_operation(m, a, BinaryOp::Xor)),
    ("issubset", |m, a| set_comparison(m, a, crate::program::Comparison::Le)),
    ("issuperset", |m, a| set_comparison(m, a, crate::program::Comparison::Ge)),
    ("isdisjoint", |m, a| {
        let common = set_operation(m, a, BinaryOp::And)?;
        Ok(m.truth(&common)?.map_or_else(Value::Unknown, |some| Value::Bool(!some)))
    }),
];

pub(super) const FROZENSET: Table = &[
    ("union", |m, a| set_operation(m, a, BinaryOp::Or)),
    ("intersection", |m, a| set_operation(m, a, BinaryOp::And)),
    ("difference", |m, a| set_operation(m, a, BinaryOp::Sub)),
    ("issubset", |m, a| set_comparison(m, a, crate::program::Comparison::Le)),
    ("issuperset", |m, a| set_comparison(m, a, crate::program::Comparison::Ge)),
];

/// The container that a method is called on, below a subclass, and the other arguments.
fn own(machine: &mut Machine<'_>, mut args: Args) -> Eval<(ObjId, Args)> {
    let this = machine.receiver(&mut args)?;
    match machine.plain(&this).as_obj() {
        Some(id) => Ok((id, args)),
        None => Err(machine.halt("a method of a container called on something else")),
    }
}

/// `clear` of dictionaries and sets: nothing is left that could be unknown.
fn clear_table(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (id, _) = own(machine, args)?;
    let table = machine.heap.dict_mut(id);
    table.clear();
    table.open = None;
    Ok(Value::None)
}

/// `copy` of any container.
fn copy(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (id, _) = own(machine, args)?;
    let copy = machine.heap.get(id).clone();
    let size = match &copy {
        Object::List(list) => list.items.len(),
        Object::Dict(dict) | Object::Set { dict, .. } => dict.len(),
        _ => 0,
    };
    machine.spend(size / 16)?;
    Ok(Value::Obj(machine.heap.alloc(copy)))
}

fn forget_list(machine: &mut Machine<'_>, id: ObjId) {
    let reason = machine.reason("a list changed at an unknown place");
    if let Object::List(list) = machine.heap.write(id) {
        list.open = Some(reason);
        list.items.clear();
    }
}

/// `__init__` of a subclass fills the container.
fn refill(machine: &mut Machine<'_>, this: &Value, ty: Ty, args: Args) -> Eval<Value> {
    let made = machine.construct(ty, args)?;
    if let (Some(Value::Obj(inner)), Value::Obj(made)) = (machine.payload(this), made) {
        let content = machine.heap.get(made).clone();
        *machine.heap.write(inner) = content;
    }
    Ok(Value::None)
}

fn container_new(machine: &mut Machine<'_>, mut args: Args) -> Eval<Value> {
    let class = machine.receiver(&mut args)?;
    match class.as_obj() {
        Some(id) if Ty::of(id).is_none() => machine.default_new(id, &args),
        Some(_) => machine.construct(Ty::Tuple, args),
        None => Ok(machine.unmodelled("such a call of __new__")),
    }
}

fn list_pop(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (id, args) = own(machine, args)?;
    let at = args.positional.first().map_or(Some(-1), Value::as_i64);
    let Object::List(list) = machine.heap.get(id) else { return Ok(Value::None) };
    if let Some(reason) = list.open {
        return Ok(Value::Unknown(reason));
    }
    let len = i64::try_from(list.items.len()).unwrap_or(i64::MAX);
    let Some(at) = at else {
        forget_list(machine, id);
        return Ok(machine.unmodelled("pop() at an unknown place"));
    };
    if len == 0 {
        return Err(machine.raise(Ty::IndexError, "pop from empty list"));
    }
    let at = if at < 0 { at + len } else { at };
    match usize::try_from(at).ok().filter(|_| at < len) {
        Some(at) => match machine.heap.write(id) {
            Object::List(list) => Ok(list.items.remove(at)),
            _ => Ok(Value::None),
        },
        None => Err(machine.raise(Ty::IndexError, "pop index out of range")),
    }
}

/// The position of an item.
fn find(machine: &mut Machine<'_>, id: ObjId, value: &Value) -> Eval<Result<Option<usize>, Reason>> {
    let items = match machine.collect(&Value::Obj(id))? {
        Ok(items) => items,
        Err(reason) => return Ok(Err(reason)),
    };
    for (at, item) in items.iter().enumerate() {
        match machine.same_or_equal(item, value)? {
            Ok(true) => return Ok(Ok(Some(at))),
            Ok(false) => {}
            Err(reason) => return Ok(Err(reason)),
        }
    }
    Ok(Ok(None))
}

fn index(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (id, args) = own(machine, args)?;
    if args.positional.len() != 1 {
        return Ok(machine.unmodelled("index() with bounds"));
    }
    match find(machine, id, &args.positional[0])? {
        Ok(Some(at)) => Ok(Value::count(at)),
        Ok(None) if machine.layout(&Value::Obj(id)) == Some(Ty::Tuple) => {
            Err(machine.raise(Ty::ValueError, "tuple.index(x): x not in tuple"))
        }
        Ok(None) => {
            let text = machine.repr_of(&args.positional[0])?;
            let text = text.as_str().unwrap_or("x").to_owned();
            if machine.words.index_is_terse {
                return Err(machine.raise(Ty::ValueError, "list.index(x): x not in list"));
            }
            Err(machine.raise(Ty::ValueError, format!("{text} is not in list")))
        }
        Err(reason) => Ok(Value::Unknown(reason)),
    }
}

fn count(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (id, args) = own(machine, args)?;
    let value = args.positional.into_iter().next().unwrap_or(Value::None);
    let items = match machine.collect(&Value::Obj(id))? {
        Ok(items) => items,
        Err(reason) => return Ok(Value::Unknown(reason)),
    };
    let mut found = 0;
    for item in &items {
        match machine.same_or_equal(item, &value)? {
            Ok(same) => found += usize::from(same),
            Err(reason) => return Ok(Value::Unknown(reason)),
        }
    }
    Ok(Value::count(found))
}

fn view(machine: &mut Machine<'_>, args: Args, view: View) -> Eval<Value> {
    let (dict, _) = own(machine, args)?;
    Ok(Value::Obj(machine.heap.alloc(Object::DictView { dict, view })))
}

fn remove_from_set(machine: &mut Machine<'_>, args: Args, must: bool) -> Eval<Value> {
    let (id, args) = own(machine, args)?;
    let item = args.positional.into_iter().next().unwrap_or(Value::None);
    match machine.contains(&Value::Obj(id), &item)? {
        Ok(true) => {
            if let Hashed::Key(key) = machine.key(&item) {
                machine.heap.dict_mut(id).remove(&key);
            }
            Ok(Value::None)
        }
        Ok(false) if must => Err(Stop::Raise(machine.new_exception(Ty::KeyError, vec![item]))),
        Ok(false) => Ok(Value::None),
        Err(reason) => {
            if must {
                machine.doubt("an item that may be missing");
            }
            machine.heap.dict_mut(id).forget(reason);
            Ok(Value::None)
        }
    }
}

fn set_operation(machine: &mut Machine<'_>, args: Args, op: BinaryOp) -> Eval<Value> {
    let (id, args) = own(machine, args)?;
    let mut result = Value::Obj(id);
    for other in &args.positional {
        let other = match machine.collect_unordered(other)? {
            Ok(items) => machine.new_set(items, false)?,
            Err(reason) => return Ok(Value::Unknown(reason)),
        };
        result = machine.binary(op, &result, &other)?;
    }
    Ok(result)
}

fn set_comparison(machine: &mut Machine<'_>, args: Args, op: crate::program::Comparison) -> Eval<Value> {
    let (id, args) = own(machine, args)?;
    let other = args.positional.into_iter().next().unwrap_or(Value::None);
    match machine.collect_unordered(&other)? {
        Ok(items) => {
            let other = machine.new_set(items, false)?;
            machine.compare(op, &Value::Obj(id), &other)
        }
        Err(reason) => Ok(Value::Unknown(reason)),
    }
}
