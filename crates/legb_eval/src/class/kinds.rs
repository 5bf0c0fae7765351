//! `isinstance`, `issubclass` and `super()`.

use std::sync::Arc;

use crate::frame::Frame;
use crate::heap::{Object, Slot};
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Reason, Value};

/// Whose kind is asked for.
#[derive(Clone, Copy)]
enum Subject<'a> {
    Instance(&'a Value, ObjId),
    Class(ObjId),
}

impl Subject<'_> {
    const fn class(self) -> ObjId {
        match self {
            Self::Instance(_, class) | Self::Class(class) => class,
        }
    }

    /// The method of a metaclass that answers.
    const fn hook(self) -> &'static str {
        match self {
            Self::Instance(..) => "__instancecheck__",
            Self::Class(_) => "__subclasscheck__",
        }
    }

    fn value(self) -> Value {
        match self {
            Self::Instance(value, _) => value.clone(),
            Self::Class(class) => Value::Obj(class),
        }
    }

    const fn wrong_kind(self) -> &'static str {
        match self {
            Self::Instance(..) => "isinstance() arg 2 must be a type, a tuple of types, or a union",
            Self::Class(_) => "issubclass() arg 2 must be a class, a tuple of classes, or a union",
        }
    }
}

impl Machine<'_> {
    /// `isinstance(value, class)`
    pub(crate) fn is_instance(&mut self, value: &Value, class: &Value) -> Eval<Result<bool, Reason>> {
        let Some(own) = self.class_of(value) else {
            return Ok(Err(self.reason("the class of an unknown value")));
        };
        self.is_kind_of(Subject::Instance(value, own), class)
    }

    /// `issubclass(class, other)`
    pub(crate) fn is_subclass_of(&mut self, class: &Value, other: &Value) -> Eval<Result<bool, Reason>> {
        match class {
            Value::Obj(id) if matches!(self.heap.get(*id), Object::Class(_)) => {
                self.is_kind_of(Subject::Class(*id), other)
            }
            Value::Unknown(reason) => Ok(Err(*reason)),
            _ => Err(self.raise(Ty::TypeError, "issubclass() arg 1 must be a class")),
        }
    }

    fn is_kind_of(&mut self, subject: Subject<'_>, class: &Value) -> Eval<Result<bool, Reason>> {
        if let Some(items) = self.heap.tuple(class) {
            let mut unknown = None;
            for item in items.iter() {
                match self.is_kind_of(subject, item)? {
                    Ok(true) => return Ok(Ok(true)),
                    Ok(false) => {}
                    Err(reason) => unknown = Some(reason),
                }
            }
            return Ok(unknown.map_or(Ok(false), Err));
        }
        match class {
            Value::Obj(id) if matches!(self.heap.get(*id), Object::Class(_)) => self.is_of_class(subject, *id),
            Value::Obj(_) | Value::Unknown(_) => Ok(Err(self.reason("a class that is not known"))),
            _ => {
                let message = subject.wrong_kind();
                let message = if self.words.type_unions {
                    message.to_owned()
                } else {
                    message
                        .replace(", a tuple of types, or a union", " or tuple of types")
                        .replace(", a tuple of classes, or a union", " or tuple of classes")
                };
                Err(self.raise(Ty::TypeError, message))
            }
        }
    }

    /// `object_isinstance` (`Objects/abstract.c`)
    fn is_of_class(&mut self, subject: Subject<'_>, class: ObjId) -> Eval<Result<bool, Reason>> {
        let own = subject.class();
        if matches!(subject, Subject::Instance(..)) && own == class {
            return Ok(Ok(true));
        }
        let metaclass = self.heap.class(class).metaclass;
        if metaclass != Ty::Type.id() {
            if let Some((owner, hook)) = self.class_entry(metaclass, subject.hook())
                && Ty::of(owner).is_none()
            {
                if Some(&owner) == self.natives.get("ABCMeta") {
                    return self.check_abc(own, &Value::Obj(class));
                }
                let bound = self.bind(&hook, &Value::Obj(class), metaclass)?;
                let answer = self.call(&bound, Args::of([subject.value()]))?;
                return self.truth(&answer);
            }
            if self.heap.class(metaclass).open.is_some() {
                return Ok(Err(self.reason("a metaclass that decides about instances")));
            }
        }
        if self.class_entry(own, "__class__").is_some_and(|(owner, _)| Ty::of(owner).is_none()) {
            return Ok(Err(self.reason("an object that says itself what its class is")));
        }
        match self.is_subclass(own, class) {
            Some(answer) => Ok(Ok(answer)),
            None => Ok(Err(self.reason("the bases of a class that is not fully known"))),
        }
    }

    /// `super()` in a method.
    pub(crate) fn bare_super(&mut self, frame: &Frame) -> Eval<Value> {
        let Some(cell) = frame.code.dunder_class else {
            return Err(self.raise(Ty::RuntimeError, "super(): __class__ cell not found"));
        };
        let class = match self.heap.get(frame.cells[cell as usize]) {
            Object::Cell(Slot::Bound(Value::Obj(id))) => *id,
            Object::Cell(Slot::Unbound) => return Err(self.raise(Ty::RuntimeError, "super(): empty __class__ cell")),
            _ => return Ok(self.unmodelled("super() with an unknown class")),
        };
        let Some(object) = frame.first.clone() else {
            return if frame.code.is_inlined || frame.code.name.starts_with('<') {
                Ok(self.unmodelled("super() in such a code block"))
            } else {
                Err(self.raise(Ty::RuntimeError, "super(): no arguments"))
            };
        };
        if frame.code.name.starts_with('<') {
            return Ok(self.unmodelled("super() in such a code block"));
        }
        self.check_super(class, &object)?;
        Ok(Value::Obj(self.heap.alloc(Object::Super { object, start: class })))
    }

    /// `supercheck` (`Objects/typeobject.c`)
    fn check_super(&mut self, class: ObjId, object: &Value) -> Eval<()> {
        let own = self.class_of(object);
        let is_one = match self.heap.of(object) {
            Some(Object::Class(derived)) if derived.mro.contains(&class) || derived.open.is_some() => true,
            _ => own.is_none_or(|own| self.is_subclass(own, class) != Some(false)),
        };
        if is_one {
            return Ok(());
        }
        let message = if self.words.super_names_object {
            let wanted = Arc::clone(&self.heap.class(class).name);
            let shown = match self.heap.of(object) {
                Some(Object::Class(given)) => format!("type {}", given.name),
                _ => format!("instance of {}", self.type_name(object)),
            };
            format!("super(type, obj): obj ({shown}) is not an instance or subtype of type ({wanted}).")
        } else {
            "super(type, obj): obj must be an instance or subtype of type".to_owned()
        };
        Err(self.raise(Ty::TypeError, message))
    }

    /// `super(class, object)`
    pub(crate) fn two_argument_super(&mut self, args: &Args) -> Value {
        match &args.positional[..] {
            [Value::Obj(class), object @ Value::Obj(_)] if matches!(self.heap.get(*class), Object::Class(_)) => {
                Value::Obj(self.heap.alloc(Object::Super { object: object.clone(), start: *class }))
            }
            _ => self.unmodelled("such a call of super()"),
        }
    }
}
