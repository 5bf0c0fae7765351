//! Attributes: `a.b`, setting and deleting them, and methods that the interpreter looks up on the class.

mod assign;
mod class;

use std::sync::Arc;

use crate::heap::{Native, Object};
use crate::machine::{Eval, Machine, Stop};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Value};

/// `method.__get__(object)`
fn bound_by_hand(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    match &args.positional[..] {
        [method, object, ..] if !object.is_none() => {
            let class = machine.class_of(object).unwrap_or(Ty::Object.id());
            let (method, object) = (method.clone(), object.clone());
            machine.bind(&method, &object, class)
        }
        _ => Ok(machine.unmodelled("such a call of `__get__`")),
    }
}

impl Machine<'_> {
    /// Whether a value may have more attributes than are seen.
    pub(crate) fn is_open(&self, value: &Value) -> bool {
        match value {
            Value::Unknown(_) => true,
            Value::Obj(id) => match self.heap.get(*id) {
                Object::Instance(instance) => {
                    self.heap.class(instance.class).open.is_some() || self.heap.dict(instance.dict).open.is_some()
                }
                Object::Class(class) => class.open.is_some() || self.heap.class(class.metaclass).open.is_some(),
                Object::Module(module) => self.heap.dict(module.dict).open.is_some(),
                _ => false,
            },
            _ => false,
        }
    }

    /// `getattr(object, name)`
    pub(crate) fn get_attr(&mut self, object: &Value, name: &str) -> Eval<Value> {
        match self.lookup(object, name)? {
            Some(value) => Ok(value),
            None => Err(self.no_attribute(object, name)),
        }
    }

    /// `getattr(object, name, default)`: nothing where `AttributeError` is raised.
    pub(crate) fn get_attr_or(&mut self, object: &Value, name: &str) -> Eval<Option<Value>> {
        match self.lookup(object, name) {
            Err(Stop::Raise(e)) if self.is_a(&Value::Obj(e), Ty::AttributeError) => Ok(None),
            other => other,
        }
    }

    /// The attribute, or nothing where the usual error is to be raised.
    fn lookup(&mut self, object: &Value, name: &str) -> Eval<Option<Value>> {
        let Value::Obj(id) = object else {
            return match object {
                Value::Unknown(reason) => {
                    self.doubt_mixed(*reason);
                    Ok(Some(Value::Unknown(*reason)))
                }
                _ => self.attr_of_builtin(object, name),
            };
        };
        match self.heap.get(*id) {
            Object::Module(_) => self.module_attr(*id, name),
            Object::Class(_) => self.class_attr(*id, name),
            Object::Instance(_) => self.instance_attr(object, *id, name),
            Object::Super { object: inner, start } => {
                let (inner, start) = (inner.clone(), *start);
                self.super_attr(&inner, start, name)
            }
            Object::Function(_) => self.function_attr(*id, name),
            Object::Bound { function, this } => {
                let (function, this) = (function.clone(), this.clone());
                match name {
                    "__func__" => Ok(Some(function)),
                    "__self__" => Ok(Some(this)),
                    _ => self.lookup(&function, name),
                }
            }
            Object::Lazy(_) => {
                if matches!(name, "resolve" | "__class__") {
                    return Ok(Some(self.unmodelled("an attribute of a lazy import")));
                }
                let resolved = self.resolve_lazy(*id, None)?;
                self.lookup(&resolved, name)
            }
            Object::Property(parts) => {
                let parts = parts.clone();
                Ok(match name {
                    "fget" => Some(parts[0].clone()),
                    "fset" => Some(parts[1].clone()),
                    "fdel" => Some(parts[2].clone()),
                    _ => return self.attr_of_builtin(object, name),
                })
            }
            Object::StaticMethod(inner) | Object::ClassMethod(inner) if matches!(name, "__func__" | "__wrapped__") => {
                Ok(Some(inner.clone()))
            }
            Object::Partial { dict, .. } if self.heap.dict(*dict).name(name).is_some() => {
                Ok(self.heap.dict(*dict).name(name).map(|entry| entry.value.clone()))
            }
            Object::Partial { function, args, keywords, dict } => match name {
                "__dict__" => Ok(Some(Value::Obj(*dict))),
                "func" => Ok(Some(function.clone())),
                "args" => {
                    let args = args.clone();
                    Ok(Some(self.new_tuple(args)))
                }
                "keywords" => {
                    let keywords = keywords.clone();
                    let dict = self.new_dict();
                    for (name, value) in keywords {
                        self.heap.dict_mut(dict).set_name(&name, value);
                    }
                    Ok(Some(Value::Obj(dict)))
                }
                _ => self.attr_of_builtin(object, name),
            },
            Object::Alias { origin, args } => {
                let (origin, args) = (origin.clone(), args.clone());
                match name {
                    "__origin__" => Ok(Some(origin)),
                    "__args__" => Ok(Some(self.new_tuple(args))),
                    _ => self.lookup(&origin, name),
                }
            }
            Object::Cell(slot) if name == "cell_contents" => match slot {
                crate::heap::Slot::Bound(value) => Ok(Some(value.clone())),
                crate::heap::Slot::Maybe(_) => Ok(Some(self.unknown("what a cell holds"))),
                crate::heap::Slot::Unbound => Err(self.raise(Ty::ValueError, "Cell is empty")),
            },
            Object::Native(native) => {
                let native = native.clone();
                match name {
                    "__name__" | "__qualname__" => Ok(Some(Value::str(native.name))),
                    "__self__" if native.this.is_some() => Ok(native.this),
                    "__get__" if native.owner.is_some() && native.this.is_none() => {
                        let getter =
                            Native { name: "__get__", run: bound_by_hand, this: Some(object.clone()), owner: None };
                        Ok(Some(Value::Obj(self.heap.alloc(Object::Native(Box::new(getter))))))
                    }
                    _ => self.attr_of_builtin(object, name),
                }
            }
            Object::Slice(parts) if matches!(name, "start" | "stop" | "step") => {
                let at = match name {
                    "start" => 0,
                    "stop" => 1,
                    _ => 2,
                };
                Ok(Some(parts[at].clone()))
            }
            Object::Range { start, stop, step } if matches!(name, "start" | "stop" | "step") => {
                Ok(Some(Value::Int(match name {
                    "start" => *start,
                    "stop" => *stop,
                    _ => *step,
                })))
            }
            _ => self.attr_of_builtin(object, name),
        }
    }

    /// The attribute of a value of a builtin class: a method of the class, or one that every object has.
    fn attr_of_builtin(&mut self, object: &Value, name: &str) -> Eval<Option<Value>> {
        let Some(class) = self.class_of(object) else { return Ok(None) };
        if name == "__class__" {
            return Ok(Some(Value::Obj(class)));
        }
        match self.class_entry(class, name) {
            Some((_, value)) => self.bind(&value, object, class).map(Some),
            None if self.has_builtin_attribute(class, name) => {
                Ok(Some(self.unmodelled(format!("`{}.{name}`", self.type_name(object)))))
            }
            None => Ok(None),
        }
    }

    fn instance_attr(&mut self, object: &Value, id: ObjId, name: &str) -> Eval<Option<Value>> {
        let Object::Instance(instance) = self.heap.get(id) else { return Ok(None) };
        let class = instance.class;
        let hook = match name {
            "__class__" | "__dict__" => None,
            _ => self.class_entry(class, "__getattribute__").filter(|(owner, _)| Ty::of(*owner).is_none()),
        };
        let found = match hook {
            Some((_, hook)) => {
                let bound = self.bind(&hook, object, class)?;
                self.call(&bound, Args::of([Value::str(name)])).map(Some)
            }
            None => self.plain_attr(object, name),
        };
        let is_missing = match &found {
            Ok(found) => found.is_none(),
            Err(Stop::Raise(e)) => self.is_a(&Value::Obj(*e), Ty::AttributeError),
            Err(_) => false,
        };
        if is_missing && let Some((_, getter)) = self.class_entry(class, "__getattr__") {
            let bound = self.bind(&getter, object, class)?;
            return self.call(&bound, Args::of([Value::str(name)])).map(Some);
        }
        if let Ok(None) = found {
            if self.has_builtin_attribute(class, name) {
                return Ok(Some(self.unmodelled(format!("`{}.{name}`", self.type_name(object)))));
            }
            return Ok(self.partial_reason(class).map(Value::Unknown));
        }
        found
    }

    /// `object.__getattribute__`: data descriptors, the object itself, its class. Nothing where `__getattr__` is asked next.
    pub(crate) fn plain_attr(&mut self, object: &Value, name: &str) -> Eval<Option<Value>> {
        let Some(Object::Instance(instance)) = self.heap.of(object) else { return self.lookup(object, name) };
        let (class, dict) = (instance.class, instance.dict);
        match name {
            "__class__" => return Ok(Some(Value::Obj(class))),
            "__dict__" => return Ok(Some(Value::Obj(dict))),
            _ => {}
        }
        let entry = self.class_entry(class, name);
        if let Some((_, value)) = &entry
            && self.is_data_descriptor(value)
        {
            return self.bind(value, object, class).map(Some);
        }
        if let Some(entry) = self.heap.dict(dict).name(name) {
            let (value, maybe) = (entry.value.clone(), entry.maybe);
            if maybe {
                self.doubt(format!("the attribute `{name}` may be missing here"));
                self.heap.dict_mut(dict).settle_name(name);
            }
            return Ok(Some(value));
        }
        if let Some(reason) = self.heap.dict(dict).open {
            return Ok(Some(Value::Unknown(reason)));
        }
        if let Some((owner, value)) = entry {
            if let Some(reason) = self.transformed(owner, &value) {
                return Ok(Some(Value::Unknown(reason)));
            }
            return self.bind(&value, object, class).map(Some);
        }
        if let Some(id) = object.as_obj()
            && let Some(value) = self.exception_attr(id, name)
        {
            return Ok(Some(value));
        }
        Ok(self.heap.class(class).open.map(Value::Unknown))
    }

    /// What `object.__getattribute__` does about an attribute that is not seen.
    pub(crate) fn absent(&mut self, object: &Value, name: &str) -> Eval<Value> {
        let Some(class) = self.class_of(object) else { return Ok(object.clone()) };
        if self.has_builtin_attribute(class, name) {
            return Ok(self.unmodelled(format!("`{}.{name}`", self.type_name(object))));
        }
        match self.partial_reason(class) {
            Some(reason) => Ok(Value::Unknown(reason)),
            None => Err(self.no_attribute(object, name)),
        }
    }

    /// Why an attribute of a class may not be what its body says: unknown bases may bring a metaclass that makes something else
    /// of it, as that of `Enum` does.
    fn transformed(&self, owner: ObjId, value: &Value) -> Option<crate::value::Reason> {
        let kept = matches!(
            self.heap.of(value),
            Some(
                Object::Function(_)
                    | Object::Native(_)
                    | Object::Class(_)
                    | Object::Property(_)
                    | Object::StaticMethod(_)
                    | Object::ClassMethod(_)
            )
        );
        if kept { None } else { self.heap.class(owner).open }
    }

    /// Why a class may have more methods than are seen.
    pub(crate) fn partial_reason(&self, class: ObjId) -> Option<crate::value::Reason> {
        self.heap.class(class).mro.iter().find_map(|&id| self.heap.class(id).partial)
    }

    fn exception_attr(&mut self, id: ObjId, name: &str) -> Option<Value> {
        let data = self.heap.exception(id)?.clone();
        Some(match name {
            "args" => self.new_tuple(data.args),
            "__cause__" => data.cause.unwrap_or(Value::None),
            "__context__" => data.context.map_or(Value::None, Value::Obj),
            "__suppress_context__" => Value::Bool(data.suppress_context),
            "__traceback__" => self.unknown("a traceback object"),
            "value" if self.is_a(&Value::Obj(id), Ty::StopIteration) => {
                data.args.first().cloned().unwrap_or(Value::None)
            }
            "code" if self.is_a(&Value::Obj(id), Ty::SystemExit) => match data.args.len() {
                0 => Value::None,
                1 => data.args[0].clone(),
                _ => self.new_tuple(data.args),
            },
            "name" | "path" | "msg" if self.is_a(&Value::Obj(id), Ty::ImportError) => match name {
                "msg" => data.args.first().cloned().unwrap_or(Value::None),
                _ => Value::None,
            },
            "name" if self.words.type_unions && self.is_a(&Value::Obj(id), Ty::NameError) => Value::None,
            "errno" | "strerror" | "filename" if self.is_a(&Value::Obj(id), Ty::OSError) => {
                let at = match name {
                    "errno" => 0,
                    "strerror" => 1,
                    _ => 2,
                };
                if data.args.len() < 2 { Value::None } else { data.args.get(at).cloned().unwrap_or(Value::None) }
            }
            _ => return None,
        })
    }

    fn is_data_descriptor(&self, value: &Value) -> bool {
        match self.heap.of(value) {
            Some(Object::Property(_)) => true,
            Some(Object::Instance(instance)) => {
                let class = instance.class;
                ["__set__", "__delete__"].iter().any(|name| self.class_entry(class, name).is_some())
            }
            _ => false,
        }
    }

    /// `value.__get__(object, class)`
    pub(crate) fn bind(&mut self, value: &Value, object: &Value, class: ObjId) -> Eval<Value> {
        let Value::Obj(id) = value else { return Ok(value.clone()) };
        Ok(match self.heap.get(*id) {
            Object::Function(_) => {
                Value::Obj(self.heap.alloc(Object::Bound { function: value.clone(), this: object.clone() }))
            }
            Object::Native(native) if native.owner.is_some() && native.this.is_none() => {
                let bound = Native { this: Some(object.clone()), ..Native::clone(native) };
                Value::Obj(self.heap.alloc(Object::Native(Box::new(bound))))
            }
            Object::StaticMethod(inner) => inner.clone(),
            Object::ClassMethod(inner) => {
                let inner = inner.clone();
                if matches!(self.heap.of(&inner), Some(Object::Function(_) | Object::Native(_))) {
                    Value::Obj(self.heap.alloc(Object::Bound { function: inner, this: Value::Obj(class) }))
                } else {
                    inner
                }
            }
            Object::Property(parts) => {
                let getter = parts[0].clone();
                if getter.is_none() {
                    return Err(self.no_getter(object));
                }
                return self.call(&getter, Args::of([object.clone()]));
            }
            Object::Instance(instance) => {
                let own = instance.class;
                match self.class_entry(own, "__get__") {
                    Some((_, getter)) => {
                        let bound = self.bind(&getter, value, own)?;
                        return self.call(&bound, Args::of([object.clone(), Value::Obj(class)]));
                    }
                    None if self.heap.class(own).open.is_some() => {
                        self.unknown("an attribute that may be a descriptor")
                    }
                    None => value.clone(),
                }
            }
            _ => value.clone(),
        })
    }

    fn no_getter(&mut self, object: &Value) -> Stop {
        self.doubt(format!("a property of `{}` without a getter", self.type_name(object)));
        self.halt("a property without a getter")
    }

    fn function_attr(&mut self, id: ObjId, name: &str) -> Eval<Option<Value>> {
        let Object::Function(function) = self.heap.get(id) else { return Ok(None) };
        let function = function.clone();
        if let Some(value) = self.heap.dict(function.dict).value_of(name) {
            return Ok(Some(value.clone()));
        }
        let value = match name {
            "__name__" => Value::Str(Arc::clone(&function.code.name)),
            "__qualname__" => Value::Str(Arc::clone(&function.code.qualname)),
            "__doc__" => function.code.doc.clone().map_or(Value::None, Value::Str),
            "__module__" => self.heap.dict(function.globals).value_of("__name__").cloned().unwrap_or(Value::None),
            "__dict__" => Value::Obj(function.dict),
            "__globals__" => Value::Obj(function.globals),
            "__defaults__" if function.defaults.is_empty() => Value::None,
            "__defaults__" => self.new_tuple(function.defaults.clone()),
            "__kwdefaults__" => function.kwdefaults.map_or(Value::None, Value::Obj),
            "__annotations__" if self.dialect.deferred_annotations => {
                self.unknown("annotations that are evaluated when asked for")
            }
            "__annotations__" => {
                let dict = function.annotations.unwrap_or_else(|| self.new_dict());
                if let Object::Function(function) = self.heap.write(id) {
                    function.annotations = Some(dict);
                }
                Value::Obj(dict)
            }
            "__closure__" if function.closure.is_empty() => Value::None,
            "__closure__" => {
                // CPython sorts free variables by name.
                let mut cells: Vec<(Arc<str>, ObjId)> = function
                    .code
                    .cell_sources
                    .iter()
                    .zip(&function.code.cells)
                    .filter(|(source, _)| matches!(source, crate::program::CellSource::Outer(_)))
                    .map(|(_, name)| Arc::clone(name))
                    .zip(function.closure.iter().copied())
                    .collect();
                cells.sort();
                self.new_tuple(cells.into_iter().map(|(_, id)| Value::Obj(id)).collect())
            }
            _ => return self.attr_of_builtin(&Value::Obj(id), name),
        };
        Ok(Some(value))
    }

    /// The method that the interpreter calls for an operator or protocol, bound. Only the class is asked.
    pub(crate) fn special(&mut self, object: &Value, name: &str) -> Eval<Option<Value>> {
        let Some(class) = self.class_of(object) else { return Ok(None) };
        let Some((_, value)) = self.class_entry(class, name) else { return Ok(None) };
        if value.is_none() {
            return Ok(None);
        }
        self.bind(&value, object, class).map(Some)
    }

    /// The same, if a class of the program defines it: what builtin classes do is modelled elsewhere.
    pub(crate) fn user_special(&mut self, object: &Value, name: &str) -> Eval<Option<Value>> {
        let Some(class) = self.class_of(object) else { return Ok(None) };
        match self.class_entry(class, name) {
            Some((owner, value)) if Ty::of(owner).is_none() && !value.is_none() => {
                self.bind(&value, object, class).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn no_attribute(&mut self, object: &Value, name: &str) -> Stop {
        let message = match self.heap.of(object) {
            Some(Object::Module(_)) => return self.no_module_attribute(object, name),
            Some(Object::Class(class)) => format!("type object '{}' has no attribute '{name}'", class.name),
            Some(Object::Super { .. }) => format!("'super' object has no attribute '{name}'"),
            _ => format!("'{}' object has no attribute '{name}'", self.type_name(object)),
        };
        self.raise(Ty::AttributeError, message)
    }
}
