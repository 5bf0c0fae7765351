//! Code blocks that are suspended: generators, coroutines, asynchronous generators, and what wakes them.
//!
//! A suspended frame lies in its object. Waking it with an exception raises that where the frame waits; one that waits in
//! `yield from` or `await` hands what it is woken with to the inner iterator first (PEP 380).

use super::run::{Flow, Then, pop};
use super::{Eval, Machine, Stop};
use crate::frame::{Frame, Woken};
use crate::heap::{Iter, Object, Suspends};
use crate::iterate::Next;
use crate::native::Args;
use crate::program::Op;
use crate::ty::Ty;
use crate::value::{ObjId, Reason, Value};

/// What a suspended code block did when it was woken.
pub(crate) enum Resumed {
    /// A generator gave a value, or a coroutine waits.
    Value(Value),
    /// An asynchronous generator gave a value.
    Given(Value),
    /// It has ended, with this result.
    Ended(Value),
    Unknown(Reason),
}

impl Machine<'_> {
    /// Runs a suspended code block to the place where it waits next.
    pub(crate) fn resume(&mut self, id: ObjId, woken: Woken) -> Eval<Resumed> {
        let Object::Generator(generator) = self.heap.get(id) else { return Ok(Resumed::Ended(Value::None)) };
        let kind = generator.kind;
        if let Some(reason) = generator.lost {
            return Ok(Resumed::Unknown(reason));
        }
        if generator.running {
            return Err(self.raise(Ty::ValueError, format!("{} already executing", kind.words())));
        }
        let Object::Generator(generator) = self.heap.write(id) else { return Ok(Resumed::Ended(Value::None)) };
        let Some(mut frame) = generator.frame.take() else { return self.resume_ended(kind, woken) };
        if frame.pc == 0
            && let Woken::Thrown(exception) = woken
        {
            let start = frame.code.start;
            self.note_trace(&frame, exception, start);
            return Err(Stop::Raise(exception));
        }
        generator.running = true;
        match woken {
            Woken::Sent(value) if frame.code.ops.get(frame.pc) != Some(&Op::YieldFrom) => {
                if frame.pc > 0 {
                    frame.stack.push(value);
                }
            }
            woken => frame.woken = Some(woken),
        }
        frame.outer_handled = self.handling();
        let result = self.run(&mut frame);
        let Object::Generator(generator) = self.heap.write(id) else { return Ok(Resumed::Ended(Value::None)) };
        generator.running = false;
        match result {
            Ok(Flow::Yield(value)) => {
                generator.frame = Some(frame);
                Ok(Resumed::Value(value))
            }
            Ok(Flow::Given(value)) => {
                generator.frame = Some(frame);
                Ok(Resumed::Given(value))
            }
            Ok(Flow::Return(value)) => Ok(Resumed::Ended(value)),
            Ok(Flow::Lost(reason)) => {
                generator.lost = Some(reason);
                Ok(Resumed::Unknown(reason))
            }
            Ok(Flow::Reached) => Err(self.halt("a generator ended in an unknown way")),
            Err(stop) => self.generator_raised(kind, stop),
        }
    }

    fn resume_ended(&mut self, kind: Suspends, woken: Woken) -> Eval<Resumed> {
        match (kind, woken) {
            (Suspends::Coroutine, _) => Err(self.raise(Ty::RuntimeError, "cannot reuse already awaited coroutine")),
            (_, Woken::Thrown(exception)) => Err(Stop::Raise(exception)),
            _ => Ok(Resumed::Ended(Value::None)),
        }
    }

    /// `StopIteration` may not leave a generator (PEP 479), nor `StopAsyncIteration` an asynchronous one.
    fn generator_raised(&mut self, kind: Suspends, stop: Stop) -> Eval<Resumed> {
        let Stop::Raise(exception) = stop else { return Err(stop) };
        let is = |ty| self.is_a(&Value::Obj(exception), ty);
        let name = if is(Ty::StopIteration) {
            "StopIteration"
        } else if kind == Suspends::AsyncGenerator && is(Ty::StopAsyncIteration) {
            "StopAsyncIteration"
        } else {
            return Err(stop);
        };
        let error = self.raise(Ty::RuntimeError, format!("{} raised {name}", kind.words()));
        if let Stop::Raise(error) = error
            && let Some(data) = self.heap.exception_mut(error)
        {
            data.cause = Some(Value::Obj(exception));
            data.context = Some(exception);
            data.suppress_context = true;
        }
        Err(error)
    }

    /// `generator.close()`, and the same for a coroutine.
    pub(crate) fn close(&mut self, id: ObjId) -> Eval<Value> {
        let Object::Generator(generator) = self.heap.get(id) else { return Ok(Value::None) };
        let kind = generator.kind;
        match &generator.frame {
            _ if generator.running || generator.lost.is_some() => {}
            None => return Ok(Value::None),
            Some(frame) if frame.pc == 0 || frame.protections.is_empty() && !waits_inside(frame) => {
                // Nothing in it could run.
                if let Object::Generator(generator) = self.heap.write(id) {
                    generator.frame = None;
                }
                return Ok(Value::None);
            }
            Some(_) => {}
        }
        let exit = self.new_exception(Ty::GeneratorExit, Vec::new());
        match self.resume(id, Woken::Thrown(exit)) {
            Ok(Resumed::Value(_) | Resumed::Given(_)) => {
                Err(self.raise(Ty::RuntimeError, format!("{} ignored GeneratorExit", kind.words())))
            }
            Ok(Resumed::Ended(value)) if self.words.close_returns => Ok(value),
            Ok(Resumed::Ended(_)) => Ok(Value::None),
            Ok(Resumed::Unknown(reason)) => Ok(Value::Unknown(reason)),
            Err(Stop::Raise(e))
                if self.is_a(&Value::Obj(e), Ty::GeneratorExit) || self.is_a(&Value::Obj(e), Ty::StopIteration) =>
            {
                Ok(Value::None)
            }
            Err(stop) => Err(stop),
        }
    }

    /// The exception that `throw(value)` or `throw(type, value)` raises.
    pub(crate) fn thrown(&mut self, args: &[Value]) -> Eval<ObjId> {
        match args {
            [value] => self.as_exception(value),
            [kind, value, ..] if value.is_none() => self.as_exception(kind),
            [kind, value, ..] => {
                if self.is_instance(value, kind)? == Ok(true) {
                    return self.as_exception(value);
                }
                let made = self.call(kind, Args::of([value.clone()]))?;
                self.as_exception(&made)
            }
            [] => Err(self.halt("throw() without an exception")),
        }
    }

    pub(super) fn yield_from(&mut self, frame: &mut Frame) -> Eval<Then> {
        let iterator = frame.stack.last().cloned().unwrap_or(Value::None);
        let woken = frame.woken.take().unwrap_or(Woken::Sent(Value::None));
        let resumed = match iterator {
            // What is awaited and not known is taken to return.
            Value::Unknown(reason) if frame.code.is_coroutine => {
                Resumed::Ended(self.call_unknown(reason, &Args::default()))
            }
            _ => self.delegate(&iterator, woken)?,
        };
        match resumed {
            Resumed::Value(value) | Resumed::Given(value) => {
                frame.pc -= 1;
                Ok(Then::Flow(Flow::Yield(value)))
            }
            Resumed::Ended(result) => {
                pop(frame);
                frame.stack.push(result);
                Ok(Then::Go)
            }
            Resumed::Unknown(reason) => Ok(Then::Flow(Flow::Lost(reason))),
        }
    }

    /// Hands what a frame was woken with to the iterator that it waits for.
    fn delegate(&mut self, iterator: &Value, woken: Woken) -> Eval<Resumed> {
        let inner = iterator.as_obj();
        match (inner.map(|id| self.heap.get(id)), woken) {
            (Some(Object::Generator(_)), Woken::Thrown(e)) if self.is_a(&Value::Obj(e), Ty::GeneratorExit) => {
                if let Some(id) = inner {
                    self.close(id)?;
                }
                Err(Stop::Raise(e))
            }
            (Some(Object::Generator(_)), woken) => match inner {
                Some(id) => self.resume(id, woken),
                None => Ok(Resumed::Ended(Value::None)),
            },
            (Some(Object::Iter(Iter::AsyncStep { .. })), woken) => self.async_step(iterator, Some(woken)),
            (_, Woken::Sent(value)) if value.is_none() => Ok(match self.next_with_result(iterator)? {
                (Next::Item(value), _) => Resumed::Value(value),
                (Next::End, result) => Resumed::Ended(result),
                (Next::Unknown(reason), _) => Resumed::Unknown(reason),
            }),
            (_, Woken::Sent(value)) => {
                let send = self.get_attr(iterator, "send")?;
                self.stepped(&send, value)
            }
            (_, Woken::Thrown(exception)) => match self.get_attr_or(iterator, "throw")? {
                Some(throw) if !self.is_a(&Value::Obj(exception), Ty::GeneratorExit) => {
                    self.stepped(&throw, Value::Obj(exception))
                }
                _ => Err(Stop::Raise(exception)),
            },
        }
    }

    /// What `send` or `throw` of an iterator of the program does.
    fn stepped(&mut self, method: &Value, value: Value) -> Eval<Resumed> {
        match self.call(method, Args::of([value])) {
            Ok(value) => Ok(Resumed::Value(value)),
            Err(Stop::Raise(e)) if self.is_a(&Value::Obj(e), Ty::StopIteration) => {
                let result = self.heap.exception(e).and_then(|data| data.args.first().cloned());
                Ok(Resumed::Ended(result.unwrap_or(Value::None)))
            }
            Err(stop) => Err(stop),
        }
    }

    // ---- coroutines

    /// The iterator that `await value` drives (`_PyCoro_GetAwaitableIter`).
    pub(super) fn awaitable(&mut self, value: &Value) -> Eval<Value> {
        if let Some(Object::Generator(generator)) = self.heap.of(value)
            && generator.kind == Suspends::Coroutine
        {
            let is_awaited = generator.frame.as_ref().is_some_and(waits_inside);
            if is_awaited {
                return Err(self.raise(Ty::RuntimeError, "coroutine is being awaited already"));
            }
            return Ok(value.clone());
        }
        if value.is_unknown() || matches!(self.heap.of(value), Some(Object::Iter(Iter::AsyncStep { .. }))) {
            return Ok(value.clone());
        }
        match self.special(value, "__await__")? {
            Some(method) => self.call(&method, Args::default()),
            None if self.is_open(value) => Ok(self.unknown("awaiting an object of an unknown class")),
            None => {
                let name = self.type_name(value);
                let message = if self.words.names_awaited {
                    format!("'{name}' object can't be awaited")
                } else {
                    format!("object {name} can't be used in 'await' expression")
                };
                Err(self.raise(Ty::TypeError, message))
            }
        }
    }

    /// `aiter(value)`
    pub(super) fn async_iter(&mut self, value: &Value) -> Eval<Value> {
        if value.is_unknown() {
            return Ok(value.clone());
        }
        let Some(method) = self.special(value, "__aiter__")? else {
            if self.is_open(value) {
                return Ok(self.unknown("iterating an object of an unknown class"));
            }
            let name = self.type_name(value);
            let message = format!("'async for' requires an object with __aiter__ method, got {name}");
            return Err(self.raise(Ty::TypeError, message));
        };
        let iterator = self.call(&method, Args::default())?;
        if !iterator.is_unknown() && self.special(&iterator, "__anext__")?.is_none() && !self.is_open(&iterator) {
            let name = self.type_name(&iterator);
            let message =
                format!("'async for' received an object from __aiter__ that does not implement __anext__: {name}");
            return Err(self.raise(Ty::TypeError, message));
        }
        Ok(iterator)
    }

    /// `iterator → iterator awaitable`
    pub(super) fn async_next(&mut self, frame: &mut Frame) -> Eval<Then> {
        let iterator = frame.stack.last().cloned().unwrap_or(Value::None);
        let method = if iterator.is_unknown() { None } else { self.special(&iterator, "__anext__")? };
        let Some(method) = method else {
            let reason = self.reason("how long an asynchronous loop runs");
            self.doubt_because(reason);
            return Ok(Then::Flow(Flow::Lost(reason)));
        };
        let step = self.call(&method, Args::default())?;
        let awaitable = self.awaitable(&step)?;
        frame.stack.push(awaitable);
        Ok(Then::Go)
    }

    /// What awaiting one step of an asynchronous generator does: its next value is the result.
    pub(crate) fn async_step(&mut self, step: &Value, woken: Option<Woken>) -> Eval<Resumed> {
        let Some(Object::Iter(Iter::AsyncStep { generator, woken: first, closes })) = self.heap.of(step) else {
            return Ok(Resumed::Ended(Value::None));
        };
        let (generator, first, closes) = (*generator, first.clone(), *closes);
        let is_fresh = matches!(self.heap.get(generator), Object::Generator(g) if g.frame.as_ref().is_none_or(|frame| !waits_inside(frame)));
        let woken = match woken {
            Some(woken) if !is_fresh => woken,
            _ => first,
        };
        match self.resume(generator, woken) {
            Ok(Resumed::Given(_)) if closes => {
                Err(self.raise(Ty::RuntimeError, "async generator ignored GeneratorExit"))
            }
            Ok(Resumed::Given(value)) => Ok(Resumed::Ended(value)),
            Ok(Resumed::Ended(_)) if closes => Ok(Resumed::Ended(Value::None)),
            Ok(Resumed::Ended(_)) => Err(Stop::Raise(self.new_exception(Ty::StopAsyncIteration, Vec::new()))),
            Err(Stop::Raise(e))
                if closes
                    && (self.is_a(&Value::Obj(e), Ty::GeneratorExit)
                        || self.is_a(&Value::Obj(e), Ty::StopAsyncIteration)) =>
            {
                Ok(Resumed::Ended(Value::None))
            }
            other => other,
        }
    }
}

/// Whether a frame waits in `yield from` or `await`.
fn waits_inside(frame: &Frame) -> bool {
    frame.code.ops.get(frame.pc) == Some(&Op::YieldFrom)
}
