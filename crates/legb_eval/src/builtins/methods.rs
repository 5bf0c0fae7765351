//! Which methods of builtin classes are modelled: objects, exceptions, generators, properties; the tables of the others.

use super::Table;
use super::{numbers, sequences, strings, suspended};
use crate::heap::{Object, Payload};
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::Value;

/// All tables.
pub(super) fn tables() -> [(Ty, Table); 17] {
    [
        (Ty::Object, OBJECT),
        (Ty::Type, TYPE),
        (Ty::Str, strings::METHODS),
        (Ty::Bytes, strings::BYTES),
        (Ty::List, sequences::LIST),
        (Ty::Tuple, sequences::TUPLE),
        (Ty::Dict, sequences::DICT),
        (Ty::Set, sequences::SET),
        (Ty::Frozenset, sequences::FROZENSET),
        (Ty::Int, numbers::INT),
        (Ty::Float, numbers::FLOAT),
        (Ty::BaseException, EXCEPTION),
        (Ty::BaseExceptionGroup, suspended::GROUP),
        (Ty::Generator, suspended::GENERATOR),
        (Ty::Coroutine, suspended::COROUTINE),
        (Ty::AsyncGenerator, suspended::ASYNC_GENERATOR),
        (Ty::Property, PROPERTY),
    ]
}

const OBJECT: Table = &[
    ("__init__", |_, _| Ok(Value::None)),
    ("__new__", object_new),
    ("__setattr__", |m, a| {
        let [object, name, value] = &a.positional[..] else { return Ok(m.unmodelled("such a call of __setattr__")) };
        match (m.text_of(name), object.as_obj()) {
            (Some(name), Some(id)) if m.user_class(object).is_some() => m.set_class_plain(id, &name, value.clone()),
            (Some(name), Some(id)) => m.set_instance_plain(object, id, &name, value.clone())?,
            _ => m.escape(object),
        }
        Ok(Value::None)
    }),
    ("__delattr__", |m, a| {
        let [object, name] = &a.positional[..] else { return Ok(m.unmodelled("such a call of __delattr__")) };
        match m.text_of(name) {
            Some(name) => m.del_plain(object, &name)?,
            None => m.escape(object),
        }
        Ok(Value::None)
    }),
    ("__getattribute__", |m, a| {
        let [object, name] = &a.positional[..] else { return Ok(m.unmodelled("such a call of __getattribute__")) };
        let Some(name) = m.text_of(name) else { return Ok(m.unknown("an attribute of an unknown name")) };
        match m.plain_attr(object, &name)? {
            Some(value) => Ok(value),
            None => m.absent(object, &name),
        }
    }),
    ("__init_subclass__", |m, args| {
        if args.keywords.is_empty() {
            return Ok(Value::None);
        }
        let class = args.positional.first().and_then(|class| m.user_class(class));
        match class {
            Some(class) if m.heap.class(class).open.is_none() => Err(m.no_subclass_keywords(class)),
            _ => Ok(m.unmodelled("`__init_subclass__` with keywords")),
        }
    }),
    ("__repr__", |m, a| {
        let value = a.positional.first().cloned().unwrap_or(Value::None);
        match m.heap.of(&value) {
            Some(Object::Instance(instance)) if matches!(instance.payload, Payload::None) => {
                let name = m.class_name(instance.class);
                Ok(Value::str(format!("<{name} object at {}>", crate::text::ADDRESS)))
            }
            _ => Ok(m.unmodelled("a call of __repr__")),
        }
    }),
    ("__str__", |m, a| {
        let value = a.positional.first().cloned().unwrap_or(Value::None);
        m.repr_of(&value)
    }),
    ("__eq__", |m, a| {
        let [x, y] = &a.positional[..] else { return Ok(m.unmodelled("such a call of __eq__")) };
        let (x, y) = (m.plain(x), m.plain(y));
        if matches!(m.heap.of(&x), Some(Object::Instance(_))) {
            return Ok(if x.is_same(&y) { Value::Bool(true) } else { Value::NotImplemented });
        }
        m.compare(crate::program::Comparison::Eq, &x, &y)
    }),
    ("__hash__", |m, _| Ok(m.unknown("`hash()` may differ from run to run"))),
    ("__format__", |m, a| {
        let [value, spec] = &a.positional[..] else { return Ok(m.unmodelled("such a call of __format__")) };
        m.format_value(value, spec)
    }),
];

fn object_new(machine: &mut Machine<'_>, mut args: Args) -> Eval<Value> {
    let class = machine.receiver(&mut args)?;
    match class.as_obj() {
        Some(id) if matches!(machine.heap.get(id), Object::Class(_)) => {
            if machine.is_subclass(id, Ty::Type.id()) == Some(true) {
                let call = Args { positional: args.positional, keywords: args.keywords };
                return machine.call_metaclass(id, &call);
            }
            match Ty::of(id) {
                Some(ty) => machine.construct(ty, args),
                None => machine.default_new(id, &args),
            }
        }
        _ => Ok(machine.unmodelled("such a call of __new__")),
    }
}

const TYPE: Table = &[
    ("mro", |m, mut a| {
        let class = m.receiver(&mut a)?;
        m.get_attr(&class, "__mro__")
            .map(|tuple| m.heap.tuple(&tuple).map_or(Value::None, |items| m.new_list(items.to_vec())))
    }),
    ("__call__", |m, mut a| {
        let class = m.receiver(&mut a)?;
        match class.as_obj() {
            Some(id) if matches!(m.heap.get(id), Object::Class(_)) => m.instantiate(id, a),
            _ => Ok(m.unmodelled("such a call of type.__call__")),
        }
    }),
];

const EXCEPTION: Table = &[
    ("with_traceback", |m, mut a| m.receiver(&mut a)),
    ("add_note", |_, _| Ok(Value::None)),
    ("__init__", |m, mut a| {
        let object = m.receiver(&mut a)?;
        if let Some(data) = object.as_obj().and_then(|id| m.heap.exception_mut(id)) {
            data.args.clone_from(&a.positional);
        }
        m.import_error_fields(&object, &a);
        Ok(Value::None)
    }),
    ("__str__", |m, mut a| {
        let object = m.receiver(&mut a)?;
        let data =
            object.as_obj().and_then(|id| m.heap.exception(id)).map(|data| data.args.clone()).unwrap_or_default();
        match &data[..] {
            [] => Ok(Value::str("")),
            [only] if m.layout(&object) != Some(Ty::KeyError) => m.str_of(only),
            [only] => m.repr_of(only),
            _ => {
                let tuple = m.new_tuple(data);
                m.repr_of(&tuple)
            }
        }
    }),
];

const PROPERTY: Table = &[
    ("getter", |m, a| with_part(m, &a, 0)),
    ("setter", |m, a| with_part(m, &a, 1)),
    ("deleter", |m, a| with_part(m, &a, 2)),
];

fn with_part(machine: &mut Machine<'_>, args: &Args, at: usize) -> Eval<Value> {
    let [property, function] = &args.positional[..] else { return Ok(machine.unmodelled("such a property")) };
    let Some(Object::Property(parts)) = machine.heap.of(property) else {
        return Ok(machine.unmodelled("such a property"));
    };
    let mut parts = parts.clone();
    parts[at] = function.clone();
    Ok(Value::Obj(machine.heap.alloc(Object::Property(parts))))
}
