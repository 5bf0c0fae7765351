//! Lazy imports (PEP 810): what is bound, and when it is loaded.

use std::sync::Arc;

use crate::frame::Frame;
use crate::heap::{Lazy, Object};
use crate::machine::{Eval, Hashed, Machine, Stop};
use crate::ty::Ty;
use crate::value::{ObjId, Value};

impl Machine<'_> {
    pub(super) fn listed_as_lazy(&mut self, globals: ObjId, name: &str, level: u32) -> Eval<bool> {
        let Some(list) = self.heap.dict(globals).value_of("__lazy_modules__").cloned() else { return Ok(false) };
        let full = if level > 0 { self.absolute_name(name, level, globals)? } else { name.to_owned() };
        Ok(self.contains(&list, &Value::str(full))? == Ok(true))
    }

    pub(super) fn listed_lazy(&mut self, frame: &Frame, name: &str, names: Option<&[Arc<str>]>) -> Value {
        let attribute = names.and_then(|names| names.first().cloned());
        // The operations that follow take the attribute; a lazy object gives itself for that.
        let lazy = self.new_lazy(frame, name, attribute, false);
        Value::Obj(lazy)
    }

    pub(super) fn new_lazy(
        &mut self,
        frame: &Frame,
        name: &str,
        attribute: Option<Arc<str>>,
        takes_last: bool,
    ) -> ObjId {
        self.heap.alloc(Object::Lazy(Box::new(Lazy {
            module: name.into(),
            attribute,
            takes_last,
            globals: frame.globals,
        })))
    }

    /// The `lazy` statements: binds an object that is loaded when it is used.
    pub(crate) fn lazy_import(&mut self, frame: &Frame, name: u32, attribute: Option<u32>, level: u32) -> Eval<Value> {
        let name = Arc::clone(&frame.code.names[name as usize]);
        let attribute = attribute.map(|name| Arc::clone(&frame.code.names[name as usize]));
        let full = if level > 0 { self.absolute_name(&name, level, frame.globals)? } else { name.to_string() };
        let takes_last = attribute.as_ref().is_some_and(|name| name.is_empty());
        let attribute = attribute.filter(|name| !name.is_empty());
        Ok(Value::Obj(self.new_lazy(frame, &full, attribute, takes_last)))
    }

    /// Loads what a lazy import stands for, and binds it where it was found.
    pub(crate) fn resolve_lazy(&mut self, id: ObjId, place: Option<(ObjId, &str)>) -> Eval<Value> {
        let Object::Lazy(lazy) = self.heap.get(id) else { return Ok(Value::Obj(id)) };
        let lazy = lazy.clone();
        let result = self.load_lazy(&lazy);
        match result {
            Ok(value) => {
                if let Some((namespace, name)) = place {
                    self.heap.dict_mut(namespace).set_name(name, value.clone());
                }
                Ok(value)
            }
            Err(Stop::Raise(exception)) => {
                let shown = match &lazy.attribute {
                    Some(attribute) => format!("{}.{attribute}", lazy.module),
                    None => lazy.module.to_string(),
                };
                let message = format!("lazy import of '{shown}' raised an exception during resolution");
                let cause = self.new_import_error(Ty::ImportError, &message, None, None);
                if let Some(data) = self.heap.exception_mut(exception) {
                    data.cause = Some(Value::Obj(cause));
                }
                Err(Stop::Raise(exception))
            }
            Err(halt) => Err(halt),
        }
    }

    pub(super) fn load_lazy(&mut self, lazy: &Lazy) -> Eval<Value> {
        match &lazy.attribute {
            Some(attribute) => {
                let names = [Arc::clone(attribute)];
                let module = self.import(&lazy.module, Some(&names), 0, lazy.globals)?;
                self.import_from(&module, attribute)
            }
            None if lazy.takes_last => {
                let mut module = self.import(&lazy.module, None, 0, lazy.globals)?;
                for part in lazy.module.split('.').skip(1) {
                    module = self.import_from(&module, part)?;
                }
                Ok(module)
            }
            None => {
                // `import p.s` binds `p`, and only that is loaded: `s` follows when it is asked for.
                let top = lazy.module.split('.').next().unwrap_or(&lazy.module).to_owned();
                if top != *lazy.module {
                    self.doubt("a lazy import of a submodule");
                }
                self.load_module(&top)
            }
        }
    }

    /// `sys.modules[key]`, for those who hold the name.
    pub(crate) fn loaded(&mut self, name: &str) -> Option<Value> {
        match self.key(&Value::str(name)) {
            Hashed::Key(key) => self.heap.dict(self.sys_modules).entry(&key).map(|entry| entry.value.clone()),
            _ => None,
        }
    }
}
