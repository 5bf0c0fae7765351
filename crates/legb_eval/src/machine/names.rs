//! Reading and deleting names: which scope answers, and what CPython says when none does.

use std::sync::Arc;

use legb_scope::ScopeKind;

use super::{Eval, Machine, Stop};
use crate::event::NameRead;
use crate::frame::Frame;
use crate::heap::{Object, Slot};
use crate::program::CellSource;
use crate::ty::Ty;
use crate::value::{ObjId, Value};

impl Machine<'_> {
    pub(super) fn load_fast(&mut self, frame: &mut Frame, slot: usize) -> Eval<Value> {
        match &frame.fast[slot] {
            Slot::Bound(value) => {
                let value = value.clone();
                if self.events.keep_reads {
                    let name = Arc::clone(&frame.code.fast[slot]);
                    let where_ = frame.code.qualname.clone();
                    self.note_read(&name, 'L', || format!("a local of `{where_}`"));
                }
                Ok(value)
            }
            Slot::Maybe(value) => {
                let value = value.clone();
                let name = Arc::clone(&frame.code.fast[slot]);
                self.doubt(format!("`{name}` may have no value here"));
                frame.fast[slot] = Slot::Bound(value.clone());
                Ok(value)
            }
            Slot::Unbound => {
                let name = Arc::clone(&frame.code.fast[slot]);
                Err(self.unbound_local(&name))
            }
        }
    }

    pub(super) fn delete_fast(&mut self, frame: &mut Frame, slot: usize) -> Eval<()> {
        let name = Arc::clone(&frame.code.fast[slot]);
        match std::mem::replace(&mut frame.fast[slot], Slot::Unbound) {
            Slot::Bound(_) => Ok(()),
            Slot::Maybe(_) => {
                self.doubt(format!("`{name}` may have no value to delete"));
                Ok(())
            }
            Slot::Unbound => Err(self.unbound_local(&name)),
        }
    }

    pub(super) fn load_cell(&mut self, frame: &Frame, cell: usize) -> Eval<Value> {
        let id = frame.cells[cell];
        let slot = match self.heap.get(id) {
            Object::Cell(slot) => slot.clone(),
            _ => Slot::Unbound,
        };
        let name = Arc::clone(&frame.code.cells[cell]);
        let own = frame.code.cell_sources[cell] == CellSource::Own;
        match slot {
            Slot::Bound(value) => {
                if self.events.keep_reads {
                    let where_ = frame.code.qualname.clone();
                    self.note_read(&name, if own { 'L' } else { 'E' }, || {
                        if own {
                            format!("a local of `{where_}`, shared with a function inside")
                        } else {
                            format!("a variable of a function around `{where_}`")
                        }
                    });
                }
                Ok(value)
            }
            Slot::Maybe(value) => {
                self.doubt(format!("`{name}` may have no value here"));
                *self.heap.write(id) = Object::Cell(Slot::Bound(value.clone()));
                Ok(value)
            }
            Slot::Unbound => Err(self.empty_cell(frame, cell)),
        }
    }

    pub(super) fn delete_cell(&mut self, frame: &Frame, cell: usize) -> Eval<()> {
        let id = frame.cells[cell];
        match self.heap.get(id) {
            Object::Cell(Slot::Bound(_)) => {}
            Object::Cell(Slot::Maybe(_)) => self.doubt("a variable may have no value to delete"),
            _ => return Err(self.empty_cell(frame, cell)),
        }
        *self.heap.write(id) = Object::Cell(Slot::Unbound);
        Ok(())
    }

    fn empty_cell(&mut self, frame: &Frame, cell: usize) -> Stop {
        let name = Arc::clone(&frame.code.cells[cell]);
        let own = frame.code.cell_sources[cell] == CellSource::Own && frame.code.class_cell != u32::try_from(cell).ok();
        let inlined = self.words.inlined_comprehensions && frame.code.inlined_into[cell];
        if own || inlined { self.unbound_local(&name) } else { self.unbound_free(&name) }
    }

    fn unbound_local(&mut self, name: &str) -> Stop {
        let message = if self.dialect.not_associated_wording {
            format!("cannot access local variable '{name}' where it is not associated with a value")
        } else {
            format!("local variable '{name}' referenced before assignment")
        };
        self.raise(Ty::UnboundLocalError, message)
    }

    fn unbound_free(&mut self, name: &str) -> Stop {
        let message = if self.dialect.not_associated_wording {
            format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope")
        } else {
            format!("free variable '{name}' referenced before assignment in enclosing scope")
        };
        self.raise(Ty::NameError, message)
    }

    /// Globals, then builtins.
    pub(super) fn load_global(&mut self, frame: &Frame, name: u32) -> Eval<Value> {
        let name = Arc::clone(&frame.code.names[name as usize]);
        if let Some(value) = self.read(frame.globals, &name, 'G')? {
            return Ok(value);
        }
        self.load_builtin(frame.globals, &name)
    }

    fn load_builtin(&mut self, globals: ObjId, name: &str) -> Eval<Value> {
        if let Some(reason) = self.heap.dict(globals).open {
            // What an unknown star import or the like brings may hide a builtin; that it hides an exception is not expected.
            let is_exception = matches!(self.heap.dict(self.builtins).value_of(name), Some(Value::Obj(id))
                if Ty::of(*id).is_some_and(|ty| ty.is_a(Ty::BaseException)));
            if !is_exception {
                return Ok(Value::Unknown(reason));
            }
            self.may_call_back = true;
            self.assumes.insert(format!("`{name}` is the builtin"));
        }
        if let Some(value) = self.read(self.builtins, name, 'B')? {
            return Ok(value);
        }
        if let Some(reason) = self.heap.dict(self.builtins).open {
            return Ok(Value::Unknown(reason));
        }
        Err(self.raise(Ty::NameError, format!("name '{name}' is not defined")))
    }

    /// The namespace of the module or class body, then globals, then builtins.
    pub(super) fn load_name(&mut self, frame: &Frame, name: u32) -> Eval<Value> {
        let text = Arc::clone(&frame.code.names[name as usize]);
        if let Some(namespace) = frame.namespace
            && namespace != frame.globals
        {
            if let Some(value) = self.read(namespace, &text, 'L')? {
                return Ok(value);
            }
            if let Some(reason) = self.heap.dict(namespace).open {
                return Ok(Value::Unknown(reason));
            }
        }
        self.load_global(frame, name)
    }

    /// The namespace of the class body, then a cell.
    pub(super) fn load_class_free(&mut self, frame: &Frame, name: u32, cell: usize) -> Eval<Value> {
        let name = Arc::clone(&frame.code.names[name as usize]);
        if let Some(namespace) = frame.namespace
            && let Some(value) = self.read(namespace, &name, 'L')?
        {
            return Ok(value);
        }
        self.load_cell(frame, cell)
    }

    /// A name of a namespace; one that may be missing is a doubt and is there from now on.
    fn read(&mut self, namespace: ObjId, name: &str, scope: char) -> Eval<Option<Value>> {
        let Some(entry) = self.heap.dict(namespace).name(name) else { return Ok(None) };
        let (mut value, maybe) = (entry.value.clone(), entry.maybe);
        if maybe {
            self.doubt(format!("`{name}` may have no value here"));
            self.heap.dict_mut(namespace).settle_name(name);
        }
        if let Value::Obj(id) = value
            && matches!(self.heap.get(id), Object::Lazy(_))
        {
            value = self.resolve_lazy(id, Some((namespace, name)))?;
        }
        if self.events.keep_reads {
            self.note_read(name, scope, || match scope {
                'B' => "nothing in the module binds it, the module `builtins` has it".to_owned(),
                'L' => "bound in the class body".to_owned(),
                _ => "bound at the top of the module".to_owned(),
            });
        }
        Ok(Some(value))
    }

    fn note_read(&mut self, name: &str, scope: char, because: impl FnOnce() -> String) {
        if name.is_empty() || name.starts_with('.') {
            return;
        }
        let Some(running) = self.running.last() else { return };
        // At the top of a module its variables are global and local at once; they are called global.
        let key = (Arc::clone(&running.code.unit.path), running.offset);
        let scope = if scope == 'L' && running.code.kind == ScopeKind::Module { 'G' } else { scope };
        self.events.reads.insert(key, NameRead { name: name.into(), scope, because: because() });
    }

    pub(super) fn delete_name(&mut self, frame: &Frame, name: u32, namespace: ObjId) -> Eval<()> {
        let name = Arc::clone(&frame.code.names[name as usize]);
        match self.heap.dict(namespace).name(&name).map(|entry| entry.maybe) {
            Some(maybe) => {
                if maybe {
                    self.doubt(format!("`{name}` may have no value to delete"));
                }
                self.heap.dict_mut(namespace).remove_name(&name);
                Ok(())
            }
            None if self.heap.dict(namespace).open.is_some() => {
                self.doubt(format!("`{name}` may have no value to delete"));
                Ok(())
            }
            None => Err(self.raise(Ty::NameError, format!("name '{name}' is not defined"))),
        }
    }
}
