//! Attributes of modules: the namespace, `__getattr__`, and what is not run.

use crate::heap::Object;
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::source::{Library, library};
use crate::ty::Ty;
use crate::value::{ObjId, Value};

impl Machine<'_> {
    /// `module.name`: the namespace, then `__getattr__`.
    pub(crate) fn module_attr(&mut self, id: ObjId, name: &str) -> Eval<Option<Value>> {
        let Object::Module(module) = self.heap.get(id) else { return Ok(None) };
        let (dict, opaque) = (module.dict, module.opaque.clone());
        if let Some(entry) = self.heap.dict(dict).name(name) {
            let (mut value, maybe) = (entry.value.clone(), entry.maybe);
            self.ahead.modules_seen |= value.as_obj() == Some(self.sys_modules);
            // What a module that is not run has been asked for on one way only is there on both.
            if maybe && opaque.is_none() {
                self.doubt(format!("`{name}` may be missing in the module here"));
                self.heap.dict_mut(dict).settle_name(name);
            }
            if let Value::Obj(lazy) = value
                && matches!(self.heap.get(lazy), Object::Lazy(_))
            {
                value = self.resolve_lazy(lazy, Some((dict, name)))?;
            }
            return Ok(Some(value));
        }
        match name {
            "__dict__" => return Ok(Some(Value::Obj(dict))),
            "__class__" => return Ok(Some(Value::Obj(Ty::Module.id()))),
            _ => {}
        }
        if let Some(own) = opaque {
            return self.opaque_attr(dict, &own, name);
        }
        if let Some(getter) = self.heap.dict(dict).value_of("__getattr__").cloned() {
            return self.call(&getter, Args::of([Value::str(name)])).map(Some);
        }
        if let Some(reason) = self.heap.dict(dict).open {
            return Ok(Some(Value::Unknown(reason)));
        }
        if name == "__annotations__" {
            return Ok(Some(self.unmodelled("`__annotations__` of a module")));
        }
        Ok(None)
    }

    pub(super) fn opaque_attr(&mut self, dict: ObjId, own: &str, name: &str) -> Eval<Option<Value>> {
        if crate::stdlib::has_model(own, name)
            && crate::stdlib::has_name(own, name, self.dialect.version) != Some(false)
        {
            let reason = self.reasons.add(format!("`{own}` belongs to the library and is not run"));
            crate::stdlib::run_model(self, own, dict, reason)?;
            if let Some(value) = self.heap.dict(dict).value_of(name) {
                return Ok(Some(value.clone()));
            }
        }
        match self.opaque_has(own, name) {
            Some(true) => {}
            Some(false) => return Ok(None),
            None if crate::stdlib::had_name(own, name, self.dialect.version) => {
                self.may_call_back = true;
                self.assumes.insert(format!("`{own}` has `{name}`, as in earlier versions"));
            }
            None => self.doubt(format!("whether `{own}` has `{name}` is not known")),
        }
        let reason = self.reasons.add(format!("`{own}.{name}` of code that is not run"));
        if library(own, self.dialect.version) == Library::No {
            self.foreign.insert(reason);
        }
        let value = Value::Unknown(reason);
        self.heap.dict_mut(dict).set_name(name, value.clone());
        Ok(Some(value))
    }

    /// Whether a module that is not run has a name; nothing where that cannot be told. What is not of the library is taken to
    /// have what it is asked for.
    pub(crate) fn opaque_has(&self, own: &str, name: &str) -> Option<bool> {
        let version = self.dialect.version;
        if library(own, version) == Library::No {
            return Some(true);
        }
        if name == "__path__" {
            return Some(crate::source::library_package(own, version));
        }
        match crate::stdlib::has_name(own, name, version) {
            Some(false) => {
                let submodule = format!("{own}.{name}");
                let is_loaded = self.heap.dict(self.sys_modules).name(&submodule).is_some();
                // What the library loads by itself is not followed, so it may have loaded the submodule.
                let may_be_loaded = is_loaded || library(&submodule, version) != Library::No;
                if is_loaded { Some(true) } else { (!may_be_loaded).then_some(false) }
            }
            None if name.starts_with("__") && name.ends_with("__") => Some(true),
            known => known,
        }
    }

    /// Whether the body of a module is running, as its own `__spec__` says.
    pub(crate) fn is_initializing(&self, module: &Value) -> bool {
        let Some(Object::Module(data)) = self.heap.of(module) else { return false };
        let Some(spec) = self.heap.dict(data.dict).value_of("__spec__") else { return false };
        let Some(Object::Instance(instance)) = self.heap.of(spec) else { return false };
        matches!(self.heap.dict(instance.dict).value_of("_initializing"), Some(Value::Bool(true)))
    }

    pub(super) fn set_initializing(&mut self, dict: ObjId, value: bool) {
        let spec = self.heap.dict(dict).value_of("__spec__").and_then(Value::as_obj);
        if let Some(Object::Instance(instance)) = spec.map(|id| self.heap.get(id)) {
            let fields = instance.dict;
            self.heap.dict_mut(fields).set_name("_initializing", Value::Bool(value));
        }
    }
}
