//! `functools`: what calls other functions. The rest of the module is a model.

use crate::heap::Object;
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
    let dict = machine.new_dict();
    let partial = Object::Partial { function: copier, args: vec![wrapped], keywords: Vec::new(), dict };
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
