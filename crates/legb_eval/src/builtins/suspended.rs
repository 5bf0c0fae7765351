//! Methods of generators, coroutines, asynchronous generators and exception groups.

use super::Table;
use crate::frame::Woken;
use crate::heap::{Iter, Object};
use crate::machine::{Eval, Machine, Resumed, Stop};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Value};

pub(super) const GENERATOR: Table = &[
    ("__next__", |m, a| wake(m, a, |_, _| Ok(Woken::Sent(Value::None)))),
    ("__iter__", |m, mut a| m.receiver(&mut a)),
    ("send", |m, a| wake(m, a, sent)),
    ("throw", |m, a| wake(m, a, thrown)),
    ("close", close),
];

pub(super) const COROUTINE: Table = &[
    ("send", |m, a| wake(m, a, sent)),
    ("throw", |m, a| wake(m, a, thrown)),
    ("close", close),
    // The wrapper that `__await__` really gives behaves alike.
    ("__await__", |m, mut a| m.receiver(&mut a)),
];

pub(super) const ASYNC_GENERATOR: Table = &[
    ("__aiter__", |m, mut a| m.receiver(&mut a)),
    ("__anext__", |m, a| step(m, a, false, |_, _| Ok(Woken::Sent(Value::None)))),
    ("asend", |m, a| step(m, a, false, sent)),
    ("athrow", |m, a| step(m, a, false, thrown)),
    ("aclose", |m, a| step(m, a, true, |m, _| Ok(Woken::Thrown(m.new_exception(Ty::GeneratorExit, Vec::new()))))),
];

pub(super) const GROUP: Table = &[
    ("split", |m, mut a| {
        let (group, condition) = group(m, &mut a)?;
        let (matched, rest) = m.split_group(group, &condition)?;
        Ok(m.new_tuple(vec![matched, rest]))
    }),
    ("subgroup", |m, mut a| {
        let (group, condition) = group(m, &mut a)?;
        Ok(m.split_group(group, &condition)?.0)
    }),
    ("derive", |m, mut a| {
        let (group, exceptions) = group(m, &mut a)?;
        m.derive_group(group, exceptions)
    }),
];

/// The group that a method is called on, and its argument.
fn group(machine: &mut Machine<'_>, args: &mut Args) -> Eval<(ObjId, Value)> {
    let this = machine.receiver(args)?;
    match (this.as_obj().filter(|&id| machine.is_group(id)), args.positional.first()) {
        (Some(id), Some(argument)) if !argument.is_unknown() => Ok((id, argument.clone())),
        _ => Err(machine.halt("such a call on an exception group")),
    }
}

fn sent(_: &mut Machine<'_>, args: &[Value]) -> Eval<Woken> {
    Ok(Woken::Sent(args.last().cloned().unwrap_or(Value::None)))
}

fn thrown(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Woken> {
    machine.thrown(args).map(Woken::Thrown)
}

/// Wakes what the method is called on.
fn wake(machine: &mut Machine<'_>, mut args: Args, with: fn(&mut Machine<'_>, &[Value]) -> Eval<Woken>) -> Eval<Value> {
    let this = machine.receiver(&mut args)?;
    let Some(id) = this.as_obj() else { return Ok(machine.unmodelled("such a generator")) };
    let Object::Generator(generator) = machine.heap.get(id) else {
        return Ok(machine.unmodelled("such a generator"));
    };
    let (kind, is_fresh) = (generator.kind, generator.frame.as_ref().is_some_and(|frame| frame.pc == 0));
    let woken = with(machine, &args.positional)?;
    if let Woken::Sent(value) = &woken
        && is_fresh
        && !value.is_none()
    {
        let message = format!("can't send non-None value to a just-started {}", kind.words());
        return Err(machine.raise(Ty::TypeError, message));
    }
    match machine.resume(id, woken)? {
        Resumed::Value(value) | Resumed::Given(value) => Ok(value),
        Resumed::Unknown(reason) => Ok(Value::Unknown(reason)),
        Resumed::Ended(result) => {
            let args = if result.is_none() { Vec::new() } else { vec![result] };
            Err(Stop::Raise(machine.new_exception(Ty::StopIteration, args)))
        }
    }
}

fn close(machine: &mut Machine<'_>, mut args: Args) -> Eval<Value> {
    match machine.receiver(&mut args)?.as_obj() {
        Some(id) => machine.close(id),
        None => Ok(Value::None),
    }
}

/// What awaiting a method of an asynchronous generator drives.
fn step(
    machine: &mut Machine<'_>,
    mut args: Args,
    closes: bool,
    with: fn(&mut Machine<'_>, &[Value]) -> Eval<Woken>,
) -> Eval<Value> {
    let this = machine.receiver(&mut args)?;
    let Some(generator) = this.as_obj() else { return Ok(machine.unmodelled("such a generator")) };
    let woken = with(machine, &args.positional)?;
    Ok(Value::Obj(machine.heap.alloc(Object::Iter(Iter::AsyncStep { generator, woken, closes }))))
}
