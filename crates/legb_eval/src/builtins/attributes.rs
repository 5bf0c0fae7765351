//! Functions about attributes: `getattr`, `setattr`, `hasattr`, `delattr`, `vars`, `dir`.

use super::functions::{one, two};
use crate::heap::Object;
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::Value;

pub(super) fn getattr(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (Some(object), Some(name)) = (args.positional.first(), args.positional.get(1)) else {
        return Ok(machine.unmodelled("getattr() with a wrong number of arguments"));
    };
    let Some(name) = machine.text_of(name) else {
        let name = &name.clone();
        if name.is_unknown() {
            return Ok(name.clone());
        }
        let shown = machine.type_name(name);
        let message = if machine.words.names_attribute_type {
            format!("attribute name must be string, not '{shown}'")
        } else {
            "getattr(): attribute name must be string".to_owned()
        };
        return Err(machine.raise(Ty::TypeError, message));
    };
    match args.positional.get(2) {
        Some(default) => Ok(maybe_attribute(machine, object, &name)?.unwrap_or_else(|| default.clone())),
        None => machine.get_attr(object, &name),
    }
}

pub(super) fn maybe_attribute(machine: &mut Machine<'_>, object: &Value, name: &str) -> Eval<Option<Value>> {
    // An attribute that may be missing is no doubt here: the answer is one of two.
    let dict = match machine.heap.of(object) {
        Some(Object::Module(module)) => Some(module.dict),
        Some(Object::Instance(instance)) => Some(instance.dict),
        _ => None,
    };
    if let Some(dict) = dict
        && machine.heap.dict(dict).name(name).is_some_and(|entry| entry.maybe)
    {
        return Ok(Some(machine.unknown(format!("whether `{name}` is there"))));
    }
    if let Some(Object::Module(module)) = machine.heap.of(object)
        && let Some(own) = module.opaque.clone()
        && machine.heap.dict(module.dict).name(name).is_none()
        && machine.opaque_has(&own, name).is_none()
    {
        return Ok(Some(machine.unknown(format!("whether `{own}` has `{name}`"))));
    }
    machine.get_attr_or(object, name)
}

pub(super) fn setattr(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let [object, name, value] = &args.positional[..] else {
        return Ok(machine.unmodelled("setattr() with a wrong number of arguments"));
    };
    match machine.text_of(name) {
        Some(name) => machine.set_attr(object, &name, value.clone())?,
        None => {
            machine.escape(object);
            if let Some(Object::Module(module)) = machine.heap.of(object) {
                let dict = module.dict;
                let reason = machine.reason("an attribute of an unknown name is set");
                machine.heap.dict_mut(dict).forget(reason);
            }
        }
    }
    Ok(Value::None)
}

pub(super) fn hasattr(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (object, name) = two(machine, &args, "hasattr")?;
    let Some(name) = machine.text_of(&name) else { return Ok(machine.unknown("an attribute of an unknown name")) };
    Ok(match maybe_attribute(machine, &object, &name)? {
        Some(Value::Unknown(reason)) => Value::Unknown(reason),
        Some(_) => Value::Bool(true),
        None => Value::Bool(false),
    })
}

pub(super) fn delattr(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (object, name) = two(machine, &args, "delattr")?;
    match machine.text_of(&name) {
        Some(name) => machine.del_attr(&object, &name)?,
        None => machine.doubt("an attribute of an unknown name is deleted"),
    }
    Ok(Value::None)
}

pub(super) fn vars(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let value = one(machine, &args, "vars")?;
    match machine.get_attr_or(&value, "__dict__")? {
        Some(dict) => Ok(dict),
        None => Err(machine.raise(Ty::TypeError, "vars() argument must have __dict__ attribute")),
    }
}

pub(super) fn dir(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let value = one(machine, &args, "dir")?;
    if let Some(Object::Module(module)) = machine.heap.of(&value)
        && machine.heap.dict(module.dict).is_exact()
        && machine.heap.dict(module.dict).name("__dir__").is_none()
    {
        let mut names = machine.text_keys(module.dict);
        names.sort();
        return Ok(machine.new_list(names.into_iter().map(Value::Str).collect()));
    }
    Ok(machine.unknown("the names that `dir()` lists"))
}
