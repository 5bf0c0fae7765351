//! Import statements: relative names, `from` lists, star imports.

use std::sync::Arc;

use crate::frame::Frame;
use crate::heap::Object;
use crate::machine::{Eval, Machine, Stop};
use crate::ty::Ty;
use crate::value::{ObjId, Value};

impl Machine<'_> {
    pub(crate) fn import_statement(&mut self, frame: &Frame, name: u32, from: Option<u32>, level: u32) -> Eval<Value> {
        let name = Arc::clone(&frame.code.names[name as usize]);
        let names = from.map(|list| frame.code.name_lists[list as usize].clone());
        let in_try = !frame.protections.is_empty();
        if self.dialect.lazy_imports
            && frame.code.kind == legb_scope::ScopeKind::Module
            && !in_try
            && self.listed_as_lazy(frame.globals, &name, level)?
            && names.as_ref().is_none_or(|names| names.len() == 1 && &*names[0] != "*")
        {
            return Ok(self.listed_lazy(frame, &name, names.as_deref()));
        }
        self.import(&name, names.as_deref(), level, frame.globals)
    }

    /// `__import__(name, globals, …, fromlist, level)`
    pub(crate) fn import(&mut self, name: &str, from: Option<&[Arc<str>]>, level: u32, globals: ObjId) -> Eval<Value> {
        let absolute = if level > 0 { self.absolute_name(name, level, globals)? } else { name.to_owned() };
        let module = self.load_module(&absolute)?;
        match from {
            Some(names) => {
                self.handle_from_list(&module, names)?;
                Ok(module)
            }
            None if level == 0 => {
                let top = name.split('.').next().unwrap_or(name);
                if top == absolute { Ok(module) } else { self.load_module(top) }
            }
            None => Ok(module),
        }
    }

    /// `_calc___package__` and `_resolve_name`.
    pub(super) fn absolute_name(&mut self, name: &str, level: u32, globals: ObjId) -> Eval<String> {
        let dict = self.heap.dict(globals);
        let package = match dict.value_of("__package__") {
            Some(Value::Str(package)) => package.to_string(),
            Some(Value::Unknown(_)) => return Err(self.halt("the package of a relative import is unknown")),
            _ => match dict.value_of("__spec__").cloned() {
                Some(spec) if !spec.is_none() => match self.get_attr_or(&spec, "parent")? {
                    Some(Value::Str(parent)) => parent.to_string(),
                    _ => return Err(self.halt("the package of a relative import is unknown")),
                },
                _ => {
                    let own = dict.value_of("__name__").and_then(Value::as_str).unwrap_or_default();
                    if dict.name("__path__").is_some() {
                        own.to_owned()
                    } else {
                        own.rsplit_once('.').map_or("", |(parent, _)| parent).to_owned()
                    }
                }
            },
        };
        if package.is_empty() {
            return Err(self.import_error("attempted relative import with no known parent package", None, None));
        }
        let mut base = &package[..];
        for _ in 1..level {
            match base.rsplit_once('.') {
                Some((parent, _)) => base = parent,
                None => {
                    let message = "attempted relative import beyond top-level package";
                    if self.words.beyond_top_is_import_error {
                        return Err(self.import_error(message, None, None));
                    }
                    return Err(self.raise(Ty::ValueError, message));
                }
            }
        }
        Ok(if name.is_empty() { base.to_owned() } else { format!("{base}.{name}") })
    }

    pub(super) fn import_error(&mut self, message: &str, name: Option<&str>, path: Option<&str>) -> Stop {
        Stop::Raise(self.new_import_error(Ty::ImportError, message, name, path))
    }

    pub(super) fn new_import_error(&mut self, ty: Ty, message: &str, name: Option<&str>, path: Option<&str>) -> ObjId {
        let id = self.new_exception(ty, vec![Value::str(message)]);
        if let Object::Instance(instance) = self.heap.get(id) {
            let dict = instance.dict;
            let text = |text: Option<&str>| text.map_or(Value::None, Value::str);
            self.heap.dict_mut(dict).set_name("name", text(name));
            self.heap.dict_mut(dict).set_name("path", text(path));
            self.heap.dict_mut(dict).set_name("msg", Value::str(message));
        }
        id
    }

    /// `_handle_fromlist`: names that a package lacks may be submodules.
    pub(super) fn handle_from_list(&mut self, module: &Value, names: &[Arc<str>]) -> Eval<()> {
        // What stands in `sys.modules` may be an object of the program.
        if module.is_unknown() || self.get_attr_or(module, "__path__")?.is_none() {
            return Ok(());
        }
        for name in names {
            if &**name == "*" {
                if let Some(all) = self.get_attr_or(module, "__all__")?
                    && let Ok(items) = self.collect(&all)?
                {
                    let listed: Vec<Arc<str>> =
                        items.iter().filter_map(|item| self.text_of(item)).filter(|item| &**item != "*").collect();
                    self.handle_from_list(module, &listed)?;
                }
                continue;
            }
            let own = match self.heap.of(module) {
                Some(Object::Module(_)) => self.module_name(module),
                _ => self.get_attr_or(module, "__name__")?.and_then(|name| self.text_of(&name)),
            };
            let Some(own) = own else { continue };
            let full = format!("{own}.{name}");
            let of_library = crate::source::library(&full, self.dialect.version) != crate::source::Library::No;
            let is_opaque = matches!(self.heap.of(module), Some(Object::Module(data)) if data.opaque.is_some());
            if !(of_library && is_opaque) && self.get_attr_or(module, name)?.is_some() {
                continue;
            }
            match self.load_module(&full) {
                Err(Stop::Raise(e)) if self.is_missing_module(e, &full) => {}
                other => {
                    other?;
                }
            }
        }
        Ok(())
    }

    /// Whether it is `ModuleNotFoundError` about this module, and not because of `None` in `sys.modules`.
    pub(super) fn is_missing_module(&self, exception: ObjId, name: &str) -> bool {
        let Object::Instance(instance) = self.heap.get(exception) else { return false };
        let same = self.heap.dict(instance.dict).value_of("name").and_then(Value::as_str) == Some(name);
        let halted = self.heap.dict(self.sys_modules).value_of(name).is_some_and(Value::is_none);
        same && !halted && self.is_a(&Value::Obj(exception), Ty::ModuleNotFoundError)
    }

    /// `module.__name__`, if it is a text.
    pub(crate) fn module_name(&self, module: &Value) -> Option<Arc<str>> {
        let Some(Object::Module(data)) = self.heap.of(module) else { return None };
        match self.heap.dict(data.dict).value_of("__name__") {
            Some(Value::Str(name)) => Some(Arc::clone(name)),
            _ => None,
        }
    }

    /// `IMPORT_FROM` (`Python/ceval.c`): the attribute, else `sys.modules`, else `ImportError`.
    pub(crate) fn import_from(&mut self, module: &Value, name: &str) -> Eval<Value> {
        if let Some(Object::Lazy(lazy)) = self.heap.of(module)
            && lazy.attribute.as_deref() == Some(name)
        {
            return Ok(module.clone());
        }
        if let Some(value) = self.get_attr_or(module, name)? {
            return Ok(value);
        }
        let own = match self.heap.of(module) {
            Some(Object::Module(_)) => self.module_name(module),
            _ => match self.get_attr_or(module, "__name__")? {
                Some(Value::Str(name)) => Some(name),
                _ => None,
            },
        };
        if let Some(own) = &own {
            let full = format!("{own}.{name}");
            if let Some(entry) = self.heap.dict(self.sys_modules).name(&full) {
                return Ok(entry.value.clone());
            }
        }
        Err(self.cannot_import(module, own.as_deref(), name))
    }

    /// `from module import *`
    pub(crate) fn import_star(&mut self, frame: &Frame, module: &Value) -> Eval<()> {
        let target = frame.namespace.unwrap_or(frame.globals);
        let Some(Object::Module(data)) = self.heap.of(module) else {
            let reason = self.reason("names of a star import that is not known");
            self.heap.dict_mut(target).open = Some(reason);
            return Ok(());
        };
        let dict = data.dict;
        if let Some(all) = self.get_attr_or(module, "__all__")? {
            let items = match self.collect(&all)? {
                Ok(items) if self.heap.dict(dict).open.is_none() || !all.is_unknown() => items,
                Ok(_) => return Ok(()),
                Err(reason) => {
                    self.heap.dict_mut(target).open = Some(reason);
                    return Ok(());
                }
            };
            for item in items {
                let Some(name) = self.text_of(&item) else {
                    if item.is_unknown() {
                        let reason = self.reason("an unknown name in `__all__`");
                        self.heap.dict_mut(target).open = Some(reason);
                        continue;
                    }
                    let (own, shown) = (self.module_name(module).unwrap_or_default(), self.type_name(&item));
                    return Err(self.raise(Ty::TypeError, format!("Item in {own}.__all__ must be str, not {shown}")));
                };
                let value = self.get_attr(module, &name)?;
                self.heap.dict_mut(target).set_name(&name, value);
            }
            return Ok(());
        }
        let source = self.heap.dict(dict).clone();
        for (key, entry) in source.iter() {
            if entry.key.as_str().is_some_and(|name| !name.starts_with('_')) {
                let mut entry = entry.clone();
                if let Value::Obj(id) = entry.value
                    && matches!(self.heap.get(id), Object::Lazy(_))
                {
                    entry.value = self.resolve_lazy(id, None)?;
                }
                if entry.maybe && self.heap.dict(target).entry(key).is_some() {
                    let reason = self.reason("a name that a star import may bind");
                    entry = crate::dict::Entry { value: Value::Unknown(reason), maybe: false, ..entry };
                }
                self.heap.dict_mut(target).put(key.clone(), entry);
            }
        }
        if let Some(reason) = source.open {
            self.heap.dict_mut(target).open = Some(reason);
        }
        Ok(())
    }
}
