//! Attributes of classes and of `super()`.

use std::sync::Arc;

use crate::heap::Object;
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Value};

impl Machine<'_> {
    pub(super) fn class_attr(&mut self, id: ObjId, name: &str) -> Eval<Option<Value>> {
        let class = self.heap.class(id).clone();
        let meta_entry = self.class_entry(class.metaclass, name);
        if let Some((owner, value)) = &meta_entry
            && Ty::of(*owner).is_none()
            && self.is_data_descriptor(value)
        {
            return self.bind(value, &Value::Obj(id), class.metaclass).map(Some);
        }
        let special = match name {
            "__name__" => Some(Value::Str(Arc::clone(&class.name))),
            "__mro__" => Some(self.new_tuple(class.mro.iter().map(|&id| Value::Obj(id)).collect())),
            "__bases__" => Some(self.new_tuple(class.bases.clone())),
            "__base__" => Some(class.bases.first().cloned().unwrap_or(Value::None)),
            "__class__" => Some(Value::Obj(class.metaclass)),
            "__dict__" => Some(Value::Obj(class.dict)),
            "__qualname__" | "__module__" if !class.is_user => Some(match name {
                "__module__" => Value::str("builtins"),
                _ => Value::Str(Arc::clone(&class.name)),
            }),
            "__doc__" => Some(self.heap.dict(class.dict).value_of("__doc__").cloned().unwrap_or(Value::None)),
            "__subclasses__" | "__annotations__" if class.is_user => None,
            _ => None,
        };
        if let Some(value) = special {
            if class.open.is_some() && matches!(name, "__mro__" | "__bases__" | "__base__") {
                return Ok(Some(self.unknown("the bases of a class that is not fully known")));
            }
            return Ok(Some(value));
        }
        if let Some((owner, value)) = self.class_entry(id, name) {
            // An attribute that may be bound on some paths only is treated like a name that may be.
            let dict = self.heap.class(owner).dict;
            if self.heap.dict(dict).name(name).is_some_and(|entry| entry.maybe) {
                self.doubt(format!("the attribute `{name}` may be missing here"));
            }
            if let Some(reason) = self.transformed(owner, &value) {
                return Ok(Some(Value::Unknown(reason)));
            }
            return self.bind_to_class(&value, id).map(Some);
        }
        if let Some((_, value)) = meta_entry {
            return self.bind(&value, &Value::Obj(id), class.metaclass).map(Some);
        }
        if let Some(reason) = class.open.or(self.heap.class(class.metaclass).open) {
            return Ok(Some(Value::Unknown(reason)));
        }
        if let Some((_, getter)) = self.class_entry(class.metaclass, "__getattr__") {
            let bound = self.bind(&getter, &Value::Obj(id), class.metaclass)?;
            return self.call(&bound, Args::of([Value::str(name)])).map(Some);
        }
        if self.has_builtin_attribute(id, name) || self.has_builtin_attribute(class.metaclass, name) {
            return Ok(Some(self.unmodelled(format!("`{}.{name}`", class.name))));
        }
        Ok(self.partial_reason(id).map(Value::Unknown))
    }

    /// `value.__get__(None, class)`
    pub(crate) fn bind_to_class(&mut self, value: &Value, class: ObjId) -> Eval<Value> {
        match self.heap.of(value) {
            Some(Object::StaticMethod(_) | Object::ClassMethod(_)) => self.bind(value, &Value::None, class),
            Some(Object::Instance(instance)) => {
                let own = instance.class;
                if self.class_entry(own, "__get__").is_some() || self.heap.class(own).open.is_some() {
                    return self.bind(value, &Value::None, class);
                }
                Ok(value.clone())
            }
            _ => Ok(value.clone()),
        }
    }

    pub(super) fn super_attr(&mut self, object: &Value, start: ObjId, name: &str) -> Eval<Option<Value>> {
        let (class, is_class) = match self.heap.of(object) {
            // `super_check` (`Objects/typeobject.c`): first as a class, then as an instance of its metaclass.
            Some(Object::Class(class)) if class.mro.contains(&start) => {
                (object.as_obj().unwrap_or(Ty::Object.id()), true)
            }
            _ => (self.class_of(object).unwrap_or(Ty::Object.id()), false),
        };
        let mro = self.heap.class(class).mro.clone();
        let open = self.heap.class(class).open;
        let after = mro.iter().position(|&id| id == start).map_or(0, |at| at + 1);
        for &owner in &mro[after.min(mro.len())..] {
            let dict = self.heap.class(owner).dict;
            if let (Some(reason), true) = (open, Ty::of(owner).is_some()) {
                return Ok(Some(Value::Unknown(reason)));
            }
            if let Some(entry) = self.heap.dict(dict).name(name) {
                let value = entry.value.clone();
                if is_class {
                    return match self.heap.of(&value) {
                        Some(Object::ClassMethod(_) | Object::StaticMethod(_)) => {
                            self.bind(&value, object, class).map(Some)
                        }
                        Some(Object::Native(_)) if name == "__new__" => Ok(Some(value)),
                        Some(Object::Native(_) | Object::Function(_))
                            if self.is_subclass(class, Ty::Type.id()) == Some(true) =>
                        {
                            self.bind(&value, object, class).map(Some)
                        }
                        _ => Ok(Some(value)),
                    };
                }
                return self.bind(&value, object, class).map(Some);
            }
        }
        if let Some(reason) = open {
            return Ok(Some(Value::Unknown(reason)));
        }
        if let Some(&base) = mro.iter().find(|&&id| Ty::of(id).is_some())
            && self.has_builtin_attribute(base, name)
        {
            return Ok(Some(self.unmodelled(format!("`super().{name}`"))));
        }
        Ok(None)
    }
}
