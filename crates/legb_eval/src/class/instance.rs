//! Instances: `__new__`, `__init__`, and what builtin bases give.

use std::sync::Arc;

use crate::heap::{Object, Payload};
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Value};

impl Machine<'_> {
    /// Calls a class.
    pub(crate) fn call_class(&mut self, id: ObjId, args: Args) -> Eval<Value> {
        let class = self.heap.class(id).clone();
        if let Some((owner, call)) = self.class_entry(class.metaclass, "__call__")
            && Ty::of(owner).is_none()
        {
            let bound = self.bind(&call, &Value::Obj(id), class.metaclass)?;
            return self.call(&bound, args);
        }
        if let Some(ty) = Ty::of(id) {
            if args.keywords.is_empty() {
                self.check_count("builtins", ty.name(), args.positional.len())?;
            }
            return self.construct(ty, args);
        }
        self.instantiate(id, args)
    }

    /// `type.__call__`
    pub(crate) fn instantiate(&mut self, id: ObjId, args: Args) -> Eval<Value> {
        let (new_owner, new) = match self.class_entry(id, "__new__") {
            Some((owner, new)) => (Ty::of(owner).is_none(), Some(new)),
            None => (false, None),
        };
        let open = self.heap.class(id).open;
        let object = if new_owner {
            let new = self.bind_to_class(&new.unwrap_or(Value::None), id)?;
            let mut call = args.clone();
            call.positional.insert(0, Value::Obj(id));
            self.call(&new, call)?
        } else {
            self.default_new(id, &args)?
        };
        if object.as_obj().is_none() {
            return Ok(object);
        }
        let made = self.class_of(&object).unwrap_or(id);
        if self.is_subclass(made, id) != Some(true) {
            return Ok(object);
        }
        match self.class_entry(made, "__init__") {
            Some((owner, init)) if Ty::of(owner).is_none() => {
                let bound = self.bind(&init, &object, made)?;
                let result = self.call(&bound, args)?;
                if !result.is_none() && !result.is_unknown() {
                    let shown = self.type_name(&result);
                    return Err(self.raise(Ty::TypeError, format!("__init__() should return None, not '{shown}'")));
                }
            }
            _ => self.default_init(&object, made, &args, new_owner)?,
        }
        if let (Some(reason), Some(Object::Instance(instance))) = (open, self.heap.of(&object)) {
            let dict = instance.dict;
            self.heap.dict_mut(dict).open = Some(reason);
        }
        Ok(object)
    }

    /// `__new__` of the builtin base.
    pub(crate) fn default_new(&mut self, id: ObjId, args: &Args) -> Eval<Value> {
        let layout = self.heap.class(id).mro.iter().find_map(|&id| Ty::of(id)).unwrap_or(Ty::Object);
        if layout == Ty::Type {
            return self.call_metaclass(id, args);
        }
        if layout.is_a(Ty::BaseExceptionGroup) {
            return self.new_group(id, args);
        }
        if layout.is_a(Ty::BaseException) {
            let object = self.bare_instance(id);
            if let Some(data) = object.as_obj().and_then(|id| self.heap.exception_mut(id)) {
                data.args.clone_from(&args.positional);
            }
            return Ok(object);
        }
        match layout {
            Ty::Object => {
                if let Some(stop) = self.abstract_error(id) {
                    return Err(stop);
                }
                Ok(self.bare_instance(id))
            }
            // Containers that can change start empty; `__init__` fills them.
            Ty::List => {
                let inner = self.new_list(Vec::new());
                Ok(Value::Obj(self.new_instance(id, Payload::Value(inner))))
            }
            Ty::Dict => {
                let inner = self.new_dict();
                Ok(Value::Obj(self.new_instance(id, Payload::Value(Value::Obj(inner)))))
            }
            Ty::Set => {
                let inner = self.new_set(Vec::new(), false)?;
                Ok(Value::Obj(self.new_instance(id, Payload::Value(inner))))
            }
            Ty::Int | Ty::Float | Ty::Str | Ty::Bytes | Ty::Tuple | Ty::Frozenset => {
                let inner = self.construct(layout, args.clone())?;
                Ok(Value::Obj(self.new_instance(id, Payload::Value(inner))))
            }
            _ => {
                let reason = self.reason(format!("an instance of a class derived from `{}`", layout.name()));
                let object = self.bare_instance(id);
                if let Some(Object::Instance(instance)) = self.heap.of(&object) {
                    let dict = instance.dict;
                    self.heap.dict_mut(dict).open = Some(reason);
                }
                Ok(object)
            }
        }
    }

    /// `__init__` of the builtin base.
    pub(super) fn default_init(&mut self, object: &Value, class: ObjId, args: &Args, own_new: bool) -> Eval<()> {
        let layout = self.heap.class(class).mro.iter().find_map(|&id| Ty::of(id)).unwrap_or(Ty::Object);
        match layout {
            Ty::Object => {
                let given = !args.positional.is_empty() || !args.keywords.is_empty();
                if given && !own_new && self.heap.class(class).open.is_none() {
                    let shown = Arc::clone(&self.heap.class(class).name);
                    return Err(self.raise(Ty::TypeError, format!("{shown}() takes no arguments")));
                }
                Ok(())
            }
            Ty::List | Ty::Dict | Ty::Set => {
                let made = self.construct(layout, args.clone())?;
                if let (Some(Value::Obj(inner)), Value::Obj(made)) = (self.payload(object), made) {
                    let content = self.heap.get(made).clone();
                    *self.heap.write(inner) = content;
                }
                Ok(())
            }
            ty if ty.is_a(Ty::BaseException) => {
                if own_new && let Some(data) = object.as_obj().and_then(|id| self.heap.exception_mut(id)) {
                    data.args.clone_from(&args.positional);
                }
                self.import_error_fields(object, args);
                if !args.keywords.is_empty() && !ty.is_a(Ty::ImportError) && self.heap.class(class).open.is_none() {
                    let shown = Arc::clone(&self.heap.class(class).name);
                    return Err(self.raise(Ty::TypeError, format!("{shown}() takes no keyword arguments")));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// `ImportError(msg, name=…, path=…)`
    pub(crate) fn import_error_fields(&mut self, object: &Value, args: &Args) {
        if !self.is_a(object, Ty::ImportError) {
            return;
        }
        if let Some(Object::Instance(instance)) = self.heap.of(object) {
            let dict = instance.dict;
            for (name, value) in &args.keywords {
                self.heap.dict_mut(dict).set_name(name, value.clone());
            }
        }
    }

    /// `type(name, bases, namespace)`, and the same for a metaclass.
    pub(crate) fn call_metaclass(&mut self, metaclass: ObjId, args: &Args) -> Eval<Value> {
        let [name, bases, namespace] = &args.positional[..] else {
            return Ok(self.unmodelled("a call of a metaclass with other than three arguments"));
        };
        let (Some(name), Some(bases), Value::Obj(source)) = (self.text_of(name), self.heap.tuple(bases), namespace)
        else {
            self.doubt("a class made from unknown parts");
            return Ok(self.unknown("a class made from unknown parts"));
        };
        let Some(Object::Dict(dict)) = self.heap.of(&self.plain(&Value::Obj(*source))) else {
            return Ok(self.unmodelled("a class namespace that is no dictionary"));
        };
        let copy = dict.clone();
        let open = copy.open;
        let namespace = self.heap.alloc(Object::Dict(copy));
        if self.heap.dict(namespace).name("__module__").is_none()
            && let Some(running) = self.running.last()
        {
            let module = self.heap.dict(running.globals).value_of("__name__").cloned().unwrap_or(Value::None);
            self.heap.dict_mut(namespace).set_name("__module__", module);
        }
        let keywords = Args { positional: Vec::new(), keywords: args.keywords.clone() };
        let bases = bases.to_vec();
        self.type_new(metaclass, &name, &bases, namespace, open, &keywords)
    }
}
