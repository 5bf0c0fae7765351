//! Raising: the `raise` statement, contexts, tracebacks, and which handler an exception goes to.

use std::sync::Arc;

use super::run::pop;
use super::{Eval, Machine, Stop};
use crate::frame::Frame;
use crate::heap::{Object, Payload, TraceEntry};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Reason, Value};

impl Machine<'_> {
    /// The exception that is being handled where the innermost code block stands.
    pub(crate) fn handling(&self) -> Option<ObjId> {
        self.running.last().and_then(|running| running.handling)
    }

    /// Adds the frame to the traceback, and the exception that was being handled to the chain.
    pub(super) fn note_trace(&mut self, frame: &Frame, exception: ObjId, offset: u32) {
        self.set_context(frame, exception);
        if self.words.inlined_comprehensions && frame.code.is_inlined {
            return;
        }
        let name = self.heap.dict(frame.globals).value_of("__name__").and_then(Value::as_str).unwrap_or("?").into();
        let entry = TraceEntry { code: Arc::clone(&frame.code), offset, module: name };
        if let Some(data) = self.heap.exception_mut(exception) {
            data.trace.push(entry);
        }
    }

    /// `_PyErr_SetObject`: the exception that is being handled becomes the context.
    pub(super) fn set_context(&mut self, frame: &Frame, exception: ObjId) {
        let Some(handling) = frame.handling() else { return };
        let has_one =
            self.heap.exception(exception).is_none_or(|data| data.context.is_some() || !data.trace.is_empty());
        if handling != exception
            && !has_one
            && let Some(data) = self.heap.exception_mut(exception)
        {
            data.context = Some(handling);
        }
    }

    /// The `raise` statement with so many operands.
    pub(super) fn raise_statement(&mut self, frame: &mut Frame, count: u32) -> Stop {
        if count == 0 {
            return match frame.handling() {
                Some(exception) => Stop::Raise(exception),
                None => self.raise(Ty::RuntimeError, "No active exception to reraise"),
            };
        }
        let cause = if count == 2 { Some(pop(frame)) } else { None };
        let value = pop(frame);
        let exception = match self.as_exception(&value) {
            Ok(exception) => exception,
            Err(stop) => return stop,
        };
        if let Some(cause) = cause {
            let cause = match &cause {
                Value::None => Value::None,
                value => match self.as_exception(value) {
                    Ok(cause) => Value::Obj(cause),
                    Err(Stop::Raise(_)) => {
                        return self.raise(Ty::TypeError, "exception causes must derive from BaseException");
                    }
                    Err(halt) => return halt,
                },
            };
            if let Some(data) = self.heap.exception_mut(exception) {
                data.cause = Some(cause);
                data.suppress_context = true;
            }
        }
        Stop::Raise(exception)
    }

    /// The exception that `raise value` raises.
    pub(crate) fn as_exception(&mut self, value: &Value) -> Eval<ObjId> {
        match value {
            Value::Unknown(reason) => Ok(self.unknown_exception(*reason)),
            Value::Obj(id) => match self.heap.get(*id) {
                Object::Class(_) => match self.is_subclass(*id, Ty::BaseException.id()) {
                    Some(true) => {
                        let made = self.call(value, Args::default())?;
                        self.as_exception(&made)
                    }
                    Some(false) => Err(self.raise(Ty::TypeError, "exceptions must derive from BaseException")),
                    None => {
                        let reason = self.reason("an exception of an unknown class is raised");
                        Ok(self.unknown_exception(reason))
                    }
                },
                Object::Instance(_) if self.heap.exception(*id).is_some() => Ok(*id),
                Object::Instance(instance) if self.heap.class(instance.class).open.is_some() => {
                    let reason = self.reason("an exception of an unknown class is raised");
                    Ok(self.unknown_exception(reason))
                }
                _ => Err(self.raise(Ty::TypeError, "exceptions must derive from BaseException")),
            },
            _ => Err(self.raise(Ty::TypeError, "exceptions must derive from BaseException")),
        }
    }

    /// An exception of which nothing is known: any handler may take it, and it may not be one at all.
    fn unknown_exception(&mut self, reason: Reason) -> ObjId {
        self.doubt("an unknown exception is raised");
        let class = self.library_class("an unknown exception", "?", Ty::Exception.id(), Ty::Type.id());
        self.heap.class_mut(class).open = Some(reason);
        self.new_instance(class, Payload::Exception(Box::default()))
    }

    /// Whether a handler for these classes takes the exception.
    pub(crate) fn match_exception(&mut self, exception: &Value, pattern: &Value) -> Eval<Value> {
        if let Some(items) = self.heap.tuple(pattern) {
            let mut unknown = None;
            for item in items.iter() {
                match self.match_exception(exception, item)? {
                    Value::Bool(true) => return Ok(Value::Bool(true)),
                    Value::Unknown(reason) => unknown = Some(reason),
                    _ => {}
                }
            }
            return Ok(unknown.map_or(Value::Bool(false), Value::Unknown));
        }
        match pattern {
            Value::Unknown(reason) => Ok(Value::Unknown(*reason)),
            Value::Obj(id) if matches!(self.heap.get(*id), Object::Class(_)) => {
                if self.is_subclass(*id, Ty::BaseException.id()) == Some(false) {
                    return Err(self.not_catchable());
                }
                let class = self.class_of(exception).unwrap_or(Ty::BaseException.id());
                Ok(match self.is_subclass(class, *id) {
                    Some(matches) => Value::Bool(matches),
                    None => self.unknown("whether a handler takes the exception"),
                })
            }
            _ => Err(self.not_catchable()),
        }
    }

    fn not_catchable(&mut self) -> Stop {
        self.raise(Ty::TypeError, "catching classes that do not inherit from BaseException is not allowed")
    }

    /// `str()` of an exception; unknown where it is computed by the program.
    pub(crate) fn exception_text(&mut self, exception: ObjId) -> Value {
        match self.str_of(&Value::Obj(exception)) {
            Ok(text) => text,
            Err(_) => self.unknown("the text of the exception"),
        }
    }

    /// `Type: message`, as far as it is known.
    pub(crate) fn exception_line(&mut self, exception: ObjId) -> String {
        let name = self.type_name(&Value::Obj(exception));
        match self.exception_text(exception) {
            Value::Str(text) if !text.is_empty() => format!("{name}: {text}"),
            _ => name.to_string(),
        }
    }
}
