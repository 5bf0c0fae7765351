//! The class statement: bases, metaclass, namespace, body, and the call that makes the class.

use std::sync::Arc;

use crate::heap::Object;
use crate::machine::{Eval, Flow, Machine};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Reason, Value};

/// What a class body binds its names in.
struct Namespace {
    /// What the metaclass is given.
    value: Value,
    /// Where the names are.
    dict: ObjId,
    /// The object whose `__setitem__` binds them.
    mapping: Option<Value>,
    /// `__prepare__` returned it.
    is_shared: bool,
}

impl Machine<'_> {
    /// `__build_class__` (`Python/bltinmodule.c`).
    pub(crate) fn build_class(
        &mut self,
        name: &Arc<str>,
        body: &Value,
        bases: &Value,
        keywords: &Value,
    ) -> Eval<Value> {
        let (given, mut open) = match self.heap.of(bases) {
            Some(Object::List(list)) => (list.items.clone(), list.open),
            _ => (Vec::new(), None),
        };
        let mut args = Args::default();
        if let Value::Obj(id) = keywords {
            let dict = self.heap.dict(*id);
            open = open.or(dict.open);
            for entry in dict.entries() {
                if let Value::Str(name) = &entry.key {
                    args.keywords.push((Arc::clone(name), entry.value.clone()));
                }
            }
        }
        let (bases, origin_open) = self.resolve_bases(&given)?;
        open = open.or(origin_open);
        let (metaclass, unclear) = self.metaclass_of(&bases, &mut args)?;
        open = open.or(unclear);
        self.note_foreign(&bases, open);
        let namespace = self.prepare(metaclass, name, &bases, &args)?;
        open = open.or(self.heap.dict(namespace.dict).open);
        if let Some(cell) = self.run_class_body(body, &namespace)? {
            // `type.__new__` fills it, so that what runs while the class is made can use `super()`.
            self.heap.dict_mut(namespace.dict).set_name("__classcell__", Value::Obj(cell));
        }
        if bases.len() != given.len() || bases.iter().zip(&given).any(|(a, b)| !a.is_same(b)) {
            let original = self.new_tuple(given);
            self.heap.dict_mut(namespace.dict).set_name("__orig_bases__", original);
        }
        self.make_class(metaclass, name, &bases, &namespace, open, args)
    }

    /// A base or metaclass of a package that is not run gets the methods of the class, and may call them.
    fn note_foreign(&mut self, bases: &[Value], open: Option<Reason>) {
        let reason_of = |base: &Value| match base {
            Value::Unknown(reason) => Some(*reason),
            Value::Obj(id) => match self.heap.get(*id) {
                Object::Class(class) => class.open,
                _ => None,
            },
            _ => None,
        };
        let reasons: Vec<Reason> = bases.iter().filter_map(reason_of).chain(open).collect();
        if let Some(reason) = reasons.into_iter().find(|reason| self.foreign.contains(reason)) {
            self.may_call_back = true;
            let text = self.reasons.text(reason).to_owned();
            self.assumes.insert(format!("classes can be derived from {text}"));
        }
    }

    /// The metaclass: the one given, or one of a base that derives from it and from all others.
    fn metaclass_of(&mut self, bases: &[Value], args: &mut Args) -> Eval<(ObjId, Option<Reason>)> {
        let (mut metaclass, mut open) = (Ty::Type.id(), None);
        if let Some(given) = args.take_keyword("metaclass") {
            match given {
                Value::Obj(id) if matches!(self.heap.get(id), Object::Class(_)) => metaclass = id,
                Value::Unknown(reason) => open = Some(reason),
                _ => open = Some(self.reason("a metaclass that is no class")),
            }
        }
        for base in bases {
            match base {
                Value::Obj(id) if matches!(self.heap.get(*id), Object::Class(_)) => {
                    let other = self.heap.class(*id).metaclass;
                    match (self.is_subclass(metaclass, other), self.is_subclass(other, metaclass)) {
                        (Some(true), _) => {}
                        (_, Some(true)) => metaclass = other,
                        (Some(false), Some(false)) => {
                            let message = "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases";
                            return Err(self.raise(Ty::TypeError, message));
                        }
                        _ => open = Some(self.reason("metaclasses that may conflict")),
                    }
                }
                Value::Unknown(reason) => open = open.or(Some(*reason)),
                other => {
                    let shown = self.type_name(other);
                    open = Some(self.reason(format!("a base of type `{shown}`")));
                    self.doubt("a base that is no class");
                }
            }
        }
        Ok((metaclass, open))
    }

    /// `metaclass.__prepare__(name, bases, …)`
    fn prepare(&mut self, metaclass: ObjId, name: &Arc<str>, bases: &[Value], args: &Args) -> Eval<Namespace> {
        let own = self.class_entry(metaclass, "__prepare__").filter(|(owner, _)| Ty::of(*owner).is_none());
        let Some((_, prepare)) = own else {
            let dict = self.new_dict();
            return Ok(Namespace { value: Value::Obj(dict), dict, mapping: None, is_shared: false });
        };
        let bound = self.get_attr(&Value::Obj(metaclass), "__prepare__")?;
        if !matches!(self.heap.of(&prepare), Some(Object::ClassMethod(_) | Object::StaticMethod(_))) {
            self.doubt("a `__prepare__` that is no class method");
        }
        let given = self.new_tuple(bases.to_vec());
        let mut call = Args::of([Value::Str(Arc::clone(name)), given]);
        call.keywords.clone_from(&args.keywords);
        let made = self.call(&bound, call)?;
        let dict = self.plain(&made).as_obj().filter(|&id| matches!(self.heap.get(id), Object::Dict(_)));
        let reads_plainly = self.user_special(&made, "__getitem__")?.is_none()
            && self.user_special(&made, "__missing__")?.is_none()
            && self.user_special(&made, "__delitem__")?.is_none();
        match dict {
            Some(dict) if reads_plainly => {
                let mapping = self.user_special(&made, "__setitem__")?;
                Ok(Namespace { value: made, dict, mapping, is_shared: true })
            }
            _ => {
                self.doubt("a class namespace that is no dictionary");
                let reason = self.reason("a class namespace that is no dictionary");
                let dict = self.new_dict();
                self.heap.dict_mut(dict).open = Some(reason);
                Ok(Namespace { value: Value::Obj(dict), dict, mapping: None, is_shared: false })
            }
        }
    }

    /// `__mro_entries__`: generic aliases stand for their origins.
    fn resolve_bases(&mut self, bases: &[Value]) -> Eval<(Vec<Value>, Option<Reason>)> {
        let mut resolved = Vec::new();
        let mut open = None;
        for (at, base) in bases.iter().enumerate() {
            match self.heap.of(base) {
                Some(Object::Alias { origin, .. }) => {
                    let origin = origin.clone();
                    if self.counts_as_base(&origin, &bases[at + 1..], bases) {
                        resolved.push(origin);
                    }
                }
                Some(Object::Lazy(_)) => {
                    let id = base.as_obj().unwrap_or(Ty::Object.id());
                    let value = self.resolve_lazy(id, None)?;
                    resolved.push(value);
                }
                Some(Object::Instance(_)) => {
                    if self.special(base, "__mro_entries__")?.is_none() && !self.is_open(base) {
                        self.doubt("a base that is no class");
                    }
                    open = Some(self.reason("a base that is no class"));
                }
                _ => resolved.push(base.clone()),
            }
        }
        Ok((resolved, open))
    }

    /// Runs the body; the cell for `__class__`, if methods use it.
    fn run_class_body(&mut self, body: &Value, namespace: &Namespace) -> Eval<Option<ObjId>> {
        let Some(Object::Function(function)) = self.heap.of(body) else { return Ok(None) };
        let function = function.clone();
        let mut frame = self.new_frame(&function);
        frame.namespace = Some(namespace.dict);
        frame.mapping.clone_from(&namespace.mapping);
        self.check_depth(&function.code)?;
        match self.run(&mut frame)? {
            Flow::Return(_) => Ok(function.code.class_cell.map(|cell| frame.cells[cell as usize])),
            _ => Err(self.halt("a class body ended in an unknown way")),
        }
    }

    /// `metaclass(name, bases, namespace, …)`
    fn make_class(
        &mut self,
        metaclass: ObjId,
        name: &Arc<str>,
        bases: &[Value],
        namespace: &Namespace,
        open: Option<Reason>,
        args: Args,
    ) -> Eval<Value> {
        let own_new = self.class_entry(metaclass, "__new__").filter(|(owner, _)| Ty::of(*owner).is_none());
        // What decides about calls of a class is the class of the class.
        let meta = self.heap.class(metaclass).metaclass;
        let own_call = self.class_entry(meta, "__call__").filter(|(owner, _)| Ty::of(*owner).is_none());
        let bases_tuple = self.new_tuple(bases.to_vec());
        let all = [Value::Str(Arc::clone(name)), bases_tuple, namespace.value.clone()];
        if own_call.is_some() {
            let mut call = Args::of(all);
            call.keywords = args.keywords;
            return self.call(&Value::Obj(metaclass), call);
        }
        let class = match own_new {
            Some((_, new)) => {
                let new = self.bind_to_class(&new, metaclass)?;
                let mut call = Args::of([Value::Obj(metaclass)].into_iter().chain(all.clone()));
                call.keywords.clone_from(&args.keywords);
                self.call(&new, call)?
            }
            None => {
                // Only what `__prepare__` returned may be known to others, who keep what they have.
                let dict = if namespace.is_shared {
                    let copy = self.heap.get(namespace.dict).clone();
                    self.heap.alloc(copy)
                } else {
                    namespace.dict
                };
                self.type_new(metaclass, name, bases, dict, open, &args)?
            }
        };
        if let (Some(reason), Value::Obj(id)) = (open, &class)
            && matches!(self.heap.get(*id), Object::Class(_))
        {
            self.heap.class_mut(*id).open = Some(reason);
        }
        if let Some((owner, init)) = self.class_entry(metaclass, "__init__")
            && Ty::of(owner).is_none()
            && class.as_obj().is_some_and(|id| matches!(self.heap.get(id), Object::Class(_)))
        {
            let bound = self.bind(&init, &class, metaclass)?;
            let mut call = Args::of(all);
            call.keywords = args.keywords;
            self.call(&bound, call)?;
        }
        Ok(class)
    }
}
