//! `functools` and `contextlib`: decorators that are met at import time.

use super::system::same;
use crate::heap::{Object, Payload};
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::Value;

/// `functools`
pub(super) fn names(machine: &mut Machine<'_>) -> Vec<(&'static str, Value)> {
    vec![
        ("partial", Value::Obj(Ty::Partial.id())),
        ("wraps", machine.new_native("wraps", wraps)),
        ("reduce", machine.new_native("reduce", reduce)),
    ]
}

/// `wraps(f)` copies the names of `f` to what it decorates.
fn wraps(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let Some(wrapped) = args.positional.first().cloned() else { return Ok(machine.unmodelled("wraps() of nothing")) };
    let copier = machine.new_native("update_wrapper", |m, args| {
        let [wrapped, wrapper] = &args.positional[..] else { return Ok(m.unmodelled("such a wrapper")) };
        for name in ["__module__", "__name__", "__qualname__", "__doc__"] {
            if let Some(value) = m.get_attr_or(wrapped, name)? {
                m.set_attr(wrapper, name, value)?;
            }
        }
        if let Some(Object::Function(function)) = m.heap.of(wrapped) {
            let source = m.heap.dict(function.dict).clone();
            for (_, entry) in source.iter() {
                if let Some(name) = entry.key.as_str() {
                    m.set_attr(wrapper, name, entry.value.clone())?;
                }
            }
        }
        m.set_attr(wrapper, "__wrapped__", wrapped.clone())?;
        Ok(wrapper.clone())
    });
    let partial = Object::Partial { function: copier, args: vec![wrapped], keywords: Vec::new() };
    Ok(Value::Obj(machine.heap.alloc(partial)))
}

fn reduce(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (Some(function), Some(iterable)) = (args.positional.first(), args.positional.get(1)) else {
        return Ok(machine.unmodelled("such a call of reduce()"));
    };
    let items = match machine.collect(iterable)? {
        Ok(items) => items,
        Err(reason) => return Ok(Value::Unknown(reason)),
    };
    let mut items = items.into_iter();
    let Some(mut total) = args.positional.get(2).cloned().or_else(|| items.next()) else {
        return Err(machine.raise(Ty::TypeError, "reduce() of empty iterable with no initial value"));
    };
    for item in items {
        total = machine.call(function, Args::of([total, item]))?;
    }
    Ok(total)
}

/// `contextlib`
pub(super) fn contextlib(machine: &mut Machine<'_>) -> Vec<(&'static str, Value)> {
    vec![
        ("contextmanager", machine.new_native("contextmanager", contextmanager)),
        ("ContextDecorator", {
            let reason = machine.reasons.add("`contextlib.ContextDecorator` of code that is not run");
            Value::Unknown(reason)
        }),
    ]
}

/// The decorated function makes a context manager around the generator.
fn contextmanager(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let function = same(machine, args)?;
    let maker = machine.new_native("contextmanager", |m, mut args| {
        let function = args.positional.remove(0);
        let generator = m.call(&function, args)?;
        if !m.is_a(&generator, Ty::Generator) {
            return Ok(m.unmodelled("a context manager around something else than a generator"));
        }
        let class = manager_class(m);
        Ok(Value::Obj(m.new_instance(class, Payload::Value(generator))))
    });
    // A function of the true kind would also carry the names of the decorated one; a partial is called alike.
    let partial = Object::Partial { function: maker, args: vec![function], keywords: Vec::new() };
    Ok(Value::Obj(machine.heap.alloc(partial)))
}

/// The class of such context managers.
fn manager_class(machine: &mut Machine<'_>) -> crate::value::ObjId {
    if let Some(&class) = machine.natives.get("_GeneratorContextManager") {
        return class;
    }
    let namespace = machine.new_dict();
    let methods: [(&'static str, crate::native::NativeFn); 2] = [("__enter__", enter), ("__exit__", exit)];
    for (name, run) in methods {
        let native = crate::heap::Native { name, run, this: None, owner: Some("_GeneratorContextManager") };
        let native = machine.heap.alloc(Object::Native(Box::new(native)));
        machine.heap.dict_mut(namespace).set_name(name, Value::Obj(native));
    }
    machine.heap.dict_mut(namespace).set_name("__module__", Value::str("contextlib"));
    let reason = machine.reasons.add("a context manager of the library");
    let class = crate::heap::Class {
        name: "_GeneratorContextManager".into(),
        bases: vec![Value::Obj(Ty::Object.id())],
        mro: Vec::new(),
        dict: namespace,
        metaclass: Ty::Type.id(),
        open: Some(reason),
        is_user: false,
        partial: None,
    };
    let id = machine.heap.alloc(Object::Class(Box::new(class)));
    machine.heap.class_mut(id).mro = vec![id, Ty::Object.id()];
    machine.natives.insert("_GeneratorContextManager", id);
    id
}

fn enter(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let generator = args.positional.first().and_then(|this| machine.payload(this)).unwrap_or(Value::None);
    match machine.next_with_result(&generator)? {
        (crate::iterate::Next::Item(value), _) => Ok(value),
        (crate::iterate::Next::Unknown(reason), _) => Ok(Value::Unknown(reason)),
        (crate::iterate::Next::End, _) => Err(machine.raise(Ty::RuntimeError, "generator didn't yield")),
    }
}

fn exit(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let generator = args.positional.first().and_then(|this| machine.payload(this)).unwrap_or(Value::None);
    if args.positional.get(2).is_some_and(|exception| !exception.is_none()) {
        return throw_into(machine, &generator, &args.positional[2].clone());
    }
    match machine.next_with_result(&generator)? {
        (crate::iterate::Next::End, _) => Ok(Value::Bool(false)),
        (crate::iterate::Next::Unknown(reason), _) => Ok(Value::Unknown(reason)),
        (crate::iterate::Next::Item(_), _) => Err(machine.raise(Ty::RuntimeError, "generator didn't stop")),
    }
}

/// A generator that protects nothing where it waits lets the exception pass.
fn throw_into(machine: &mut Machine<'_>, generator: &Value, exception: &Value) -> Eval<Value> {
    let id = generator.as_obj();
    let protects = id.is_some_and(|id| match machine.heap.get(id) {
        Object::Generator(data) => data.frame.as_ref().is_some_and(|frame| !frame.protections.is_empty()),
        _ => true,
    });
    if protects {
        machine.doubt("an exception thrown into a generator that may handle it");
    }
    let _ = exception;
    Ok(Value::Bool(false))
}
