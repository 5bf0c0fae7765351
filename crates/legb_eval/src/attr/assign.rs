//! Setting and deleting attributes.

use std::sync::Arc;

use crate::heap::{Object, Payload};
use crate::machine::{Eval, Machine, Stop};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Value};

impl Machine<'_> {
    pub(crate) fn set_attr(&mut self, object: &Value, name: &str, value: Value) -> Eval<()> {
        let Value::Obj(id) = object else {
            if object.is_unknown() {
                self.escape(&value);
                return Ok(());
            }
            return Err(self.cannot_set(object, name));
        };
        match self.heap.get(*id) {
            Object::Module(module) => {
                let dict = module.dict;
                self.heap.dict_mut(dict).set_name(name, value);
                Ok(())
            }
            Object::Function(function) => {
                let dict = function.dict;
                self.heap.dict_mut(dict).set_name(name, value);
                Ok(())
            }
            Object::Class(class) if class.is_user => {
                if class.open.is_some() {
                    // The metaclass may be any; like all code that is not run, it is taken to return.
                    self.may_call_back = true;
                    self.assumes
                        .insert("metaclasses that are not known let attributes of their classes be set".to_owned());
                }
                self.set_class_attr(*id, name, value)
            }
            Object::Class(class) => {
                let shown = Arc::clone(&class.name);
                self.doubt("setting an attribute of a builtin class");
                Err(self.raise(Ty::TypeError, format!("cannot set '{name}' attribute of immutable type '{shown}'")))
            }
            Object::Instance(_) => self.set_instance_attr(object, *id, name, value),
            Object::Lazy(_) => {
                let resolved = self.resolve_lazy(*id, None)?;
                self.set_attr(&resolved, name, value)
            }
            Object::Partial { dict, .. } => {
                let dict = *dict;
                self.heap.dict_mut(dict).set_name(name, value);
                Ok(())
            }
            Object::Super { .. } | Object::Alias { .. } | Object::Property(_) => {
                self.unmodelled("setting an attribute of such an object");
                Ok(())
            }
            _ => Err(self.cannot_set(object, name)),
        }
    }

    pub(super) fn cannot_set(&mut self, object: &Value, name: &str) -> Stop {
        let shown = self.type_name(object);
        let known = self.class_of(object).is_some_and(|class| self.has_builtin_attribute(class, name));
        if known {
            self.doubt("setting a read-only attribute");
            return self.raise(Ty::AttributeError, format!("'{shown}' object attribute '{name}' is read-only"));
        }
        let rest = if self.words.explains_no_dict {
            format!("'{shown}' object has no attribute '{name}' and no __dict__ for setting new attributes")
        } else {
            format!("'{shown}' object has no attribute '{name}'")
        };
        self.raise(Ty::AttributeError, rest)
    }

    pub(super) fn set_class_attr(&mut self, id: ObjId, name: &str, value: Value) -> Eval<()> {
        let metaclass = self.heap.class(id).metaclass;
        if let Some((owner, setter)) = self.class_entry(metaclass, "__setattr__")
            && Ty::of(owner).is_none()
        {
            let bound = self.bind(&setter, &Value::Obj(id), metaclass)?;
            return self.call(&bound, Args::of([Value::str(name), value])).map(|_| ());
        }
        self.set_class_plain(id, name, value);
        Ok(())
    }

    /// `type.__setattr__`
    pub(crate) fn set_class_plain(&mut self, id: ObjId, name: &str, value: Value) {
        if name == "__name__" {
            if let Some(text) = self.text_of(&value) {
                self.heap.class_mut(id).name = text;
            }
            return;
        }
        if matches!(name, "__bases__" | "__class__") {
            let reason = self.reason("the bases of a class are changed");
            self.heap.class_mut(id).open = Some(reason);
            self.doubt_because(reason);
            return;
        }
        let dict = self.heap.class(id).dict;
        self.heap.dict_mut(dict).set_name(name, value);
    }

    pub(super) fn set_instance_attr(&mut self, object: &Value, id: ObjId, name: &str, value: Value) -> Eval<()> {
        if let Some(setter) = self.user_special(object, "__setattr__")? {
            return self.call(&setter, Args::of([Value::str(name), value])).map(|_| ());
        }
        self.set_instance_plain(object, id, name, value)
    }

    /// `object.__setattr__`
    pub(crate) fn set_instance_plain(&mut self, object: &Value, id: ObjId, name: &str, value: Value) -> Eval<()> {
        let Object::Instance(instance) = self.heap.get(id) else { return self.set_attr(object, name, value) };
        let (class, dict) = (instance.class, instance.dict);
        if let Some((_, entry)) = self.class_entry(class, name) {
            match self.heap.of(&entry) {
                Some(Object::Property(parts)) => {
                    let setter = parts[1].clone();
                    if setter.is_none() {
                        return Err(self.no_setter(object, name));
                    }
                    return self.call(&setter, Args::of([object.clone(), value])).map(|_| ());
                }
                Some(Object::Instance(descriptor)) => {
                    let own = descriptor.class;
                    if let Some((_, setter)) = self.class_entry(own, "__set__") {
                        let bound = self.bind(&setter, &entry, own)?;
                        return self.call(&bound, Args::of([object.clone(), value])).map(|_| ());
                    }
                }
                _ => {}
            }
        }
        if name == "__class__" {
            let reason = self.reason("the class of an object is changed");
            self.heap.dict_mut(dict).open = Some(reason);
            self.doubt_because(reason);
            return Ok(());
        }
        if name == "__dict__" {
            let reason = self.reason("the attributes of an object are replaced");
            self.heap.dict_mut(dict).forget(reason);
            return Ok(());
        }
        if let Some(data) = self.heap.exception_mut(id) {
            match name {
                "__cause__" => {
                    data.cause = Some(value);
                    data.suppress_context = true;
                    return Ok(());
                }
                "__context__" => {
                    data.context = value.as_obj();
                    return Ok(());
                }
                "__suppress_context__" => {
                    data.suppress_context = matches!(value, Value::Bool(true));
                    return Ok(());
                }
                "__traceback__" => return Ok(()),
                "args" => {
                    if let Some(items) = self.heap.tuple(&value)
                        && let Some(data) = self.heap.exception_mut(id)
                    {
                        data.args = items.to_vec();
                    }
                    return Ok(());
                }
                _ => {}
            }
        }
        if class == Ty::Object.id() {
            return Err(self.cannot_set(object, name));
        }
        if self.has_slots(class) {
            return self.set_slot(object, class, dict, name, value);
        }
        self.heap.dict_mut(dict).set_name(name, value);
        Ok(())
    }

    /// Whether every class of the program in the order of resolution has `__slots__`.
    pub(super) fn has_slots(&self, class: ObjId) -> bool {
        let mro = self.heap.class(class).mro.clone();
        let users: Vec<ObjId> = mro.into_iter().filter(|&id| Ty::of(id).is_none()).collect();
        !users.is_empty()
            && users.iter().all(|&id| self.heap.dict(self.heap.class(id).dict).name("__slots__").is_some())
            && self.heap.class(class).open.is_none()
    }

    pub(super) fn set_slot(&mut self, object: &Value, class: ObjId, dict: ObjId, name: &str, value: Value) -> Eval<()> {
        let mro = self.heap.class(class).mro.clone();
        let mut slots = Vec::new();
        for id in mro.into_iter().filter(|&id| Ty::of(id).is_none()) {
            let declared = self.heap.dict(self.heap.class(id).dict).name("__slots__").map(|entry| entry.value.clone());
            match declared {
                Some(Value::Str(one)) => slots.push(one),
                Some(many) => match self.collect(&many)? {
                    Ok(items) => slots.extend(items.iter().filter_map(|item| self.text_of(item))),
                    Err(_) => {
                        self.heap.dict_mut(dict).set_name(name, value);
                        return Ok(());
                    }
                },
                None => {}
            }
        }
        if slots.iter().any(|slot| **slot == *name || &**slot == "__dict__" || slot.starts_with("__")) {
            self.heap.dict_mut(dict).set_name(name, value);
            return Ok(());
        }
        Err(self.cannot_set(object, name))
    }

    pub(super) fn no_setter(&mut self, object: &Value, name: &str) -> Stop {
        let shown = self.type_name(object);
        let message = if self.words.names_property_owner {
            format!("property '{name}' of '{shown}' object has no setter")
        } else if self.words.type_unions {
            format!("can't set attribute '{name}'")
        } else {
            "can't set attribute".to_owned()
        };
        self.raise(Ty::AttributeError, message)
    }

    pub(crate) fn del_attr(&mut self, object: &Value, name: &str) -> Eval<()> {
        if let Some(method) = self.user_special(object, "__delattr__")? {
            return self.call(&method, Args::of([Value::str(name)])).map(|_| ());
        }
        self.del_plain(object, name)
    }

    /// `object.__delattr__`
    pub(crate) fn del_plain(&mut self, object: &Value, name: &str) -> Eval<()> {
        let Value::Obj(id) = object else {
            return if object.is_unknown() { Ok(()) } else { Err(self.no_attribute(object, name)) };
        };
        let dict = match self.heap.get(*id) {
            Object::Module(module) => module.dict,
            Object::Class(class) if class.is_user => class.dict,
            Object::Instance(instance) => {
                let (class, dict) = (instance.class, instance.dict);
                if let Some((_, value)) = self.class_entry(class, name)
                    && self.is_data_descriptor(&value)
                {
                    return self.delete_by_descriptor(&value, object);
                }
                dict
            }
            Object::Function(function) => function.dict,
            _ => return Err(self.no_attribute(object, name)),
        };
        match self.heap.dict_mut(dict).remove_name(name) {
            Some(entry) => {
                if entry.maybe {
                    self.doubt(format!("the attribute `{name}` may be missing here"));
                }
                Ok(())
            }
            None if self.is_open(object) => Ok(()),
            None => {
                // The words differ from those of reading: only the name.
                let message = match self.heap.get(*id) {
                    Object::Module(_) | Object::Function(_) => {
                        format!("'{}' object has no attribute '{name}'", self.type_name(object))
                    }
                    Object::Class(class) if self.words.names_owner_of_deleted => {
                        format!("type object '{}' has no attribute '{name}'", class.name)
                    }
                    _ if self.words.names_owner_of_deleted => {
                        format!("'{}' object has no attribute '{name}'", self.type_name(object))
                    }
                    _ => name.to_owned(),
                };
                Err(self.raise(Ty::AttributeError, message))
            }
        }
    }

    pub(super) fn delete_by_descriptor(&mut self, value: &Value, object: &Value) -> Eval<()> {
        if let Some(Object::Property(parts)) = self.heap.of(value) {
            let deleter = parts[2].clone();
            if !deleter.is_none() {
                return self.call(&deleter, Args::of([object.clone()])).map(|_| ());
            }
        }
        self.unmodelled("deleting an attribute by a descriptor");
        Ok(())
    }

    /// The class a payload belongs to, for subclasses of builtin classes.
    pub(crate) fn payload(&self, value: &Value) -> Option<Value> {
        match self.heap.of(value)? {
            Object::Instance(instance) => match &instance.payload {
                Payload::Value(inner) => Some(inner.clone()),
                _ => None,
            },
            _ => None,
        }
    }
}
