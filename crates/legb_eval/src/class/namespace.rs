//! Namespaces as dictionaries: `locals()`, `globals()`, and the annotations of classes and modules.

use std::sync::Arc;

use crate::frame::Frame;
use crate::heap::{Object, Slot};
use crate::machine::{Eval, Machine};
use crate::value::{ObjId, Value};

impl Machine<'_> {
    /// Notes an annotation in `__annotations__` of the class or module.
    pub(crate) fn annotate(&mut self, frame: &Frame, name: &str, value: Value) {
        let namespace = frame.namespace.unwrap_or(frame.globals);
        // From 3.14 on there is no such dictionary while the body runs; a name no program can write keeps the order.
        let key = if self.dialect.deferred_annotations { "__annotations__ (deferred)" } else { "__annotations__" };
        let dict = match self.heap.dict(namespace).value_of(key) {
            Some(Value::Obj(id)) if matches!(self.heap.get(*id), Object::Dict(_)) => *id,
            Some(_) => return,
            None => {
                let dict = self.new_dict();
                self.heap.dict_mut(namespace).set_name(key, Value::Obj(dict));
                dict
            }
        };
        self.heap.dict_mut(dict).set_name(name, value);
    }

    /// `locals()`, `globals()`, `vars()`, `dir()` without arguments.
    pub(crate) fn namespace_of(&mut self, frame: &Frame, what: &str) -> Eval<Value> {
        if what == "globals" {
            return Ok(Value::Obj(frame.globals));
        }
        let namespace = match frame.namespace {
            Some(namespace) => namespace,
            None if frame.code.kind == legb_scope::ScopeKind::Module => frame.globals,
            None => self.snapshot(frame),
        };
        if what == "dir" {
            let dict = self.heap.dict(namespace);
            if !dict.is_exact() {
                return Ok(self.unknown("which names there are"));
            }
            let mut names: Vec<Arc<str>> =
                dict.entries().filter_map(|entry| entry.key.as_str().map(Arc::from)).collect();
            names.sort();
            return Ok(self.new_list(names.into_iter().map(Value::Str).collect()));
        }
        Ok(Value::Obj(namespace))
    }

    /// The variables of a function as a dictionary of their own.
    fn snapshot(&mut self, frame: &Frame) -> ObjId {
        let dict = self.new_dict();
        let code = Arc::clone(&frame.code);
        let fast = code.fast.iter().zip(&frame.fast).filter(|(name, _)| !name.is_empty());
        let fast: Vec<(Arc<str>, Slot)> = fast.map(|(name, slot)| (Arc::clone(name), slot.clone())).collect();
        let cells = code.cells.iter().zip(&frame.cells).map(|(name, &id)| match self.heap.get(id) {
            Object::Cell(slot) => (Arc::clone(name), slot.clone()),
            _ => (Arc::clone(name), Slot::Unbound),
        });
        let all: Vec<(Arc<str>, Slot)> = fast.into_iter().chain(cells).collect();
        for (name, slot) in all {
            match slot {
                Slot::Bound(value) => self.heap.dict_mut(dict).set_name(&name, value),
                Slot::Maybe(_) => {
                    let reason = self.reason("variables that may have no value");
                    self.heap.dict_mut(dict).open = Some(reason);
                }
                Slot::Unbound => {}
            }
        }
        dict
    }
}
