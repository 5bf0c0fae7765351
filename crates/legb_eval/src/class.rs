//! Classes: `type.__new__`, and the order in which bases are asked.

mod abstracts;
mod build;
mod generic;
mod group;
mod instance;
mod kinds;
mod namespace;

use std::sync::Arc;

use crate::heap::{Class, Object, Slot};
use crate::machine::{Eval, Machine, Stop};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Reason, Value};

impl Machine<'_> {
    /// `type.__new__`: the class, `__set_name__`, `__init_subclass__`.
    pub(crate) fn type_new(
        &mut self,
        metaclass: ObjId,
        name: &Arc<str>,
        bases: &[Value],
        namespace: ObjId,
        mut open: Option<Reason>,
        args: &Args,
    ) -> Eval<Value> {
        let known: Vec<ObjId> = bases
            .iter()
            .filter_map(Value::as_obj)
            .filter(|&id| matches!(self.heap.get(id), Object::Class(_)))
            .collect();
        for base in bases {
            if let Value::Unknown(reason) = base {
                open = open.or(Some(*reason));
            }
        }
        open = open.or_else(|| known.iter().find_map(|&id| self.heap.class(id).open));
        for &base in &known {
            if matches!(Ty::of(base), Some(Ty::Bool | Ty::Range | Ty::Function | Ty::NoneType | Ty::Slice | Ty::Method))
            {
                let shown = Arc::clone(&self.heap.class(base).name);
                return Err(self.raise(Ty::TypeError, format!("type '{shown}' is not an acceptable base type")));
            }
        }
        let placeholder = Class {
            name: Arc::clone(name),
            bases: if bases.is_empty() { vec![Value::Obj(Ty::Object.id())] } else { bases.to_vec() },
            mro: Vec::new(),
            dict: namespace,
            metaclass,
            open,
            is_user: true,
            partial: None,
            has_operators: true,
        };
        let id = self.heap.alloc(Object::Class(Box::new(placeholder)));
        if let Some(entry) = self.heap.dict_mut(namespace).remove_name("__classcell__")
            && let Some(Object::Cell(_)) = self.heap.of(&entry.value)
            && let Value::Obj(cell) = entry.value
        {
            *self.heap.write(cell) = Object::Cell(Slot::Bound(Value::Obj(id)));
        }
        let bases_known = if known.is_empty() { vec![Ty::Object.id()] } else { known };
        let depth: usize = bases_known.iter().map(|&base| self.heap.class(base).mro.len()).sum();
        self.spend(depth * depth / 8)?;
        let Some(mro) = self.linearise(id, &bases_known) else {
            if open.is_some() {
                let mut mro = vec![id];
                for &base in &bases_known {
                    for class in self.heap.class(base).mro.clone() {
                        if !mro.contains(&class) {
                            mro.push(class);
                        }
                    }
                }
                self.heap.class_mut(id).mro = mro;
                return Ok(Value::Obj(id));
            }
            return Err(self.no_linearisation(bases));
        };
        self.heap.class_mut(id).mro = mro;
        for special in ["__init_subclass__", "__class_getitem__"] {
            self.wrap_special(namespace, special, true);
        }
        self.wrap_special(namespace, "__new__", false);
        if self.heap.dict(namespace).name("__eq__").is_some() && self.heap.dict(namespace).name("__hash__").is_none() {
            self.heap.dict_mut(namespace).set_name("__hash__", Value::None);
        }
        self.set_names(id, namespace)?;
        self.init_subclass(id, open, args)?;
        if self.is_abc(id) {
            self.note_abstract(id)?;
        }
        Ok(Value::Obj(id))
    }

    fn wrap_special(&mut self, namespace: ObjId, name: &str, class_method: bool) {
        let Some(value) = self.heap.dict(namespace).value_of(name).cloned() else { return };
        if matches!(self.heap.of(&value), Some(Object::Function(_))) {
            let wrapped = if class_method { Object::ClassMethod(value) } else { Object::StaticMethod(value) };
            let wrapped = self.heap.alloc(wrapped);
            self.heap.dict_mut(namespace).set_name(name, Value::Obj(wrapped));
        }
    }

    fn set_names(&mut self, class: ObjId, namespace: ObjId) -> Eval<()> {
        let entries: Vec<(Value, Value)> =
            self.heap.dict(namespace).entries().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
        for (name, value) in entries {
            if matches!(self.heap.of(&value), Some(Object::Instance(_)))
                && let Some(method) = self.user_special(&value, "__set_name__")?
            {
                self.call(&method, Args::of([Value::Obj(class), name]))?;
            }
        }
        Ok(())
    }

    fn init_subclass(&mut self, id: ObjId, open: Option<Reason>, args: &Args) -> Eval<()> {
        let mro = self.heap.class(id).mro.clone();
        let hook = mro[1..].iter().find_map(|&owner| {
            let value = self.heap.dict(self.heap.class(owner).dict).name("__init_subclass__")?;
            Some((owner, value.value.clone()))
        });
        match hook {
            Some((owner, hook)) if Ty::of(owner).is_none() => {
                let bound = self.bind(&hook, &Value::Obj(id), id)?;
                let call = Args { positional: Vec::new(), keywords: args.keywords.clone() };
                self.call(&bound, call)?;
            }
            _ if !args.keywords.is_empty() && open.is_none() => return Err(self.no_subclass_keywords(id)),
            _ => {}
        }
        Ok(())
    }

    /// `object.__init_subclass__` with keywords.
    pub(crate) fn no_subclass_keywords(&mut self, class: ObjId) -> Stop {
        let shown = Arc::clone(&self.heap.class(class).name);
        let owner = if self.words.qualified_methods { format!("{shown}.") } else { String::new() };
        self.raise(Ty::TypeError, format!("{owner}__init_subclass__() takes no keyword arguments"))
    }

    /// C3 linearisation; nothing where there is none.
    fn linearise(&self, class: ObjId, bases: &[ObjId]) -> Option<Vec<ObjId>> {
        let mut sequences: Vec<Vec<ObjId>> = bases.iter().map(|&base| self.heap.class(base).mro.clone()).collect();
        sequences.push(bases.to_vec());
        let mut order = vec![class];
        loop {
            sequences.retain(|sequence| !sequence.is_empty());
            if sequences.is_empty() {
                return Some(order);
            }
            let next = sequences
                .iter()
                .map(|sequence| sequence[0])
                .find(|candidate| !sequences.iter().any(|sequence| sequence[1..].contains(candidate)))?;
            order.push(next);
            for sequence in &mut sequences {
                if sequence[0] == next {
                    sequence.remove(0);
                }
            }
        }
    }

    fn no_linearisation(&mut self, bases: &[Value]) -> Stop {
        let ids: Vec<ObjId> = bases.iter().filter_map(Value::as_obj).collect();
        for (i, id) in ids.iter().enumerate() {
            if ids[..i].contains(id) {
                let shown = Arc::clone(&self.heap.class(*id).name);
                return self.raise(Ty::TypeError, format!("duplicate base class {shown}"));
            }
        }
        self.doubt("the bases that the message about the method resolution order names");
        self.raise(Ty::TypeError, "Cannot create a consistent method resolution order (MRO) for bases")
    }
}
