//! Classes: making them, making instances, `isinstance`, `super()`.

mod group;
mod instance;

use std::sync::Arc;

use crate::frame::Frame;
use crate::heap::{Class, Object, Slot};
use crate::machine::{Eval, Flow, Machine, Stop};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Reason, Value};

impl Machine<'_> {
    /// `__build_class__` (`Python/bltinmodule.c`).
    pub(crate) fn build_class(
        &mut self,
        _frame: &Frame,
        name: &Arc<str>,
        body: &Value,
        bases: &Value,
        keywords: &Value,
    ) -> Eval<Value> {
        let (bases, mut open) = match self.heap.of(bases) {
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
        let (bases, origin_open) = self.resolve_bases(&bases)?;
        open = open.or(origin_open);
        let mut metaclass = Ty::Type.id();
        if let Some(given) = args.take_keyword("metaclass") {
            match given {
                Value::Obj(id) if matches!(self.heap.get(id), Object::Class(_)) => metaclass = id,
                Value::Unknown(reason) => open = open.or(Some(reason)),
                _ => open = Some(self.reason("a metaclass that is no class")),
            }
        }
        for base in &bases {
            match base {
                Value::Obj(id) if matches!(self.heap.get(*id), Object::Class(_)) => {
                    let other = self.heap.class(*id).metaclass;
                    if self.is_subclass(metaclass, other) == Some(true) {
                    } else if self.is_subclass(other, metaclass) == Some(true) {
                        metaclass = other;
                    } else if self.is_subclass(metaclass, other).is_some()
                        && self.is_subclass(other, metaclass).is_some()
                    {
                        return Err(self.raise(
                            Ty::TypeError,
                            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
                        ));
                    } else {
                        open = Some(self.reason("metaclasses that may conflict"));
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
        let namespace = self.new_dict();
        if let Some((owner, prepare)) = self.class_entry(metaclass, "__prepare__")
            && Ty::of(owner).is_none()
        {
            let bound = self.bind(&prepare, &Value::Obj(metaclass), metaclass)?;
            let given = self.new_tuple(bases.clone());
            let mut call = Args::of([Value::Str(Arc::clone(name)), given]);
            call.keywords.clone_from(&args.keywords);
            if !matches!(self.heap.of(&prepare), Some(Object::ClassMethod(_) | Object::StaticMethod(_))) {
                self.doubt("a `__prepare__` that is no class method");
            }
            let made = self.call(&bound, call)?;
            match self.heap.of(&made) {
                Some(Object::Dict(first)) => *self.heap.dict_mut(namespace) = first.clone(),
                _ => {
                    self.doubt("a class namespace that is no dictionary");
                    let reason = self.reason("a class namespace that is no dictionary");
                    self.heap.dict_mut(namespace).open = Some(reason);
                }
            }
            open = Some(self.reason("a class with `__prepare__`"));
        }
        if let Some(cell) = self.run_class_body(body, namespace)? {
            // `type.__new__` fills it, so that what runs while the class is made can use `super()`.
            self.heap.dict_mut(namespace).set_name("__classcell__", Value::Obj(cell));
        }
        let bases_tuple = self.new_tuple(bases.clone());
        self.make_class(metaclass, name, &bases, &bases_tuple, namespace, open, args)
    }

    /// `__mro_entries__`: generic aliases stand for their origins.
    fn resolve_bases(&mut self, bases: &[Value]) -> Eval<(Vec<Value>, Option<Reason>)> {
        let mut resolved = Vec::new();
        let mut open = None;
        for base in bases {
            match self.heap.of(base) {
                Some(Object::Alias { origin, .. }) => resolved.push(origin.clone()),
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
    fn run_class_body(&mut self, body: &Value, namespace: ObjId) -> Eval<Option<ObjId>> {
        let Some(Object::Function(function)) = self.heap.of(body) else { return Ok(None) };
        let function = function.clone();
        let mut frame = self.new_frame(&function);
        frame.namespace = Some(namespace);
        if self.running.len() >= self.budget.depth {
            self.doubt_about_words("recursion as deep as the interpreter allows");
            return Err(self.raise(Ty::RecursionError, "maximum recursion depth exceeded"));
        }
        match self.run(&mut frame)? {
            Flow::Return(_) => Ok(function.code.class_cell.map(|cell| frame.cells[cell as usize])),
            _ => Err(self.halt("a class body ended in an unknown way")),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "everything that a class statement says")]
    fn make_class(
        &mut self,
        metaclass: ObjId,
        name: &Arc<str>,
        bases: &[Value],
        bases_tuple: &Value,
        namespace: ObjId,
        open: Option<Reason>,
        args: Args,
    ) -> Eval<Value> {
        let own_new = self.class_entry(metaclass, "__new__").filter(|(owner, _)| Ty::of(*owner).is_none());
        let own_call = self.class_entry(metaclass, "__call__").filter(|(owner, _)| Ty::of(*owner).is_none());
        let all = [Value::Str(Arc::clone(name)), bases_tuple.clone(), Value::Obj(namespace)];
        if own_call.is_some() {
            let mut call = Args::of(all);
            call.keywords = args.keywords;
            let class = Value::Obj(metaclass);
            return self.call(&class, call);
        }
        let class = match own_new {
            Some((_, new)) => {
                let new = self.bind(&new, &Value::None, metaclass)?;
                let mut call = Args::of([Value::Obj(metaclass)].into_iter().chain(all.clone()));
                call.keywords.clone_from(&args.keywords);
                self.call(&new, call)?
            }
            None => self.type_new(metaclass, name, bases, namespace, open, &args)?,
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

    // ---- isinstance, issubclass, super

    /// `isinstance(value, class)`
    pub(crate) fn is_instance(&mut self, value: &Value, class: &Value) -> Eval<Result<bool, Reason>> {
        let Some(own) = self.class_of(value) else {
            return Ok(Err(self.reason("the class of an unknown value")));
        };
        self.is_kind_of(own, class, "isinstance() arg 2 must be a type, a tuple of types, or a union")
    }

    /// `issubclass(class, other)`
    pub(crate) fn is_subclass_of(&mut self, class: &Value, other: &Value) -> Eval<Result<bool, Reason>> {
        match class {
            Value::Obj(id) if matches!(self.heap.get(*id), Object::Class(_)) => {
                self.is_kind_of(*id, other, "issubclass() arg 2 must be a class, a tuple of classes, or a union")
            }
            Value::Unknown(reason) => Ok(Err(*reason)),
            _ => Err(self.raise(Ty::TypeError, "issubclass() arg 1 must be a class")),
        }
    }

    fn is_kind_of(&mut self, own: ObjId, class: &Value, message: &str) -> Eval<Result<bool, Reason>> {
        if let Some(items) = self.heap.tuple(class) {
            let mut unknown = None;
            for item in items.iter() {
                match self.is_kind_of(own, item, message)? {
                    Ok(true) => return Ok(Ok(true)),
                    Ok(false) => {}
                    Err(reason) => unknown = Some(reason),
                }
            }
            return Ok(unknown.map_or(Ok(false), Err));
        }
        match class {
            Value::Obj(id) if matches!(self.heap.get(*id), Object::Class(_)) => {
                let metaclass = self.heap.class(*id).metaclass;
                let hooked = metaclass != Ty::Type.id()
                    && ["__instancecheck__", "__subclasscheck__"]
                        .iter()
                        .any(|name| self.class_entry(metaclass, name).is_some());
                if hooked || (self.heap.class(metaclass).open.is_some()) {
                    return Ok(Err(self.reason("a metaclass that decides about instances")));
                }
                match self.is_subclass(own, *id) {
                    Some(answer) => Ok(Ok(answer)),
                    None => Ok(Err(self.reason("the bases of a class that is not fully known"))),
                }
            }
            Value::Obj(_) | Value::Unknown(_) => Ok(Err(self.reason("a class that is not known"))),
            _ => {
                let message = if self.words.type_unions {
                    message.to_owned()
                } else {
                    message
                        .replace(", a tuple of types, or a union", " or tuple of types")
                        .replace(", a tuple of classes, or a union", " or tuple of classes")
                };
                Err(self.raise(Ty::TypeError, message))
            }
        }
    }

    /// `super()` in a method.
    pub(crate) fn bare_super(&mut self, frame: &Frame) -> Eval<Value> {
        let Some(cell) = frame.code.dunder_class else {
            return Err(self.raise(Ty::RuntimeError, "super(): __class__ cell not found"));
        };
        let class = match self.heap.get(frame.cells[cell as usize]) {
            Object::Cell(Slot::Bound(Value::Obj(id))) => *id,
            Object::Cell(Slot::Unbound) => return Err(self.raise(Ty::RuntimeError, "super(): empty __class__ cell")),
            _ => return Ok(self.unmodelled("super() with an unknown class")),
        };
        let Some(object) = frame.first.clone() else {
            return if frame.code.is_inlined || frame.code.name.starts_with('<') {
                Ok(self.unmodelled("super() in such a code block"))
            } else {
                Err(self.raise(Ty::RuntimeError, "super(): no arguments"))
            };
        };
        if frame.code.name.starts_with('<') {
            return Ok(self.unmodelled("super() in such a code block"));
        }
        self.check_super(class, &object)?;
        Ok(Value::Obj(self.heap.alloc(Object::Super { object, start: class })))
    }

    /// `supercheck` (`Objects/typeobject.c`)
    fn check_super(&mut self, class: ObjId, object: &Value) -> Eval<()> {
        let own = self.class_of(object);
        let is_one = match self.heap.of(object) {
            Some(Object::Class(derived)) if derived.mro.contains(&class) || derived.open.is_some() => true,
            _ => own.is_none_or(|own| self.is_subclass(own, class) != Some(false)),
        };
        if is_one {
            return Ok(());
        }
        let message = if self.words.super_names_object {
            let wanted = Arc::clone(&self.heap.class(class).name);
            let shown = match self.heap.of(object) {
                Some(Object::Class(given)) => format!("type {}", given.name),
                _ => format!("instance of {}", self.type_name(object)),
            };
            format!("super(type, obj): obj ({shown}) is not an instance or subtype of type ({wanted}).")
        } else {
            "super(type, obj): obj must be an instance or subtype of type".to_owned()
        };
        Err(self.raise(Ty::TypeError, message))
    }

    /// `super(class, object)`
    pub(crate) fn two_argument_super(&mut self, args: &Args) -> Value {
        match &args.positional[..] {
            [Value::Obj(class), object @ Value::Obj(_)] if matches!(self.heap.get(*class), Object::Class(_)) => {
                Value::Obj(self.heap.alloc(Object::Super { object: object.clone(), start: *class }))
            }
            _ => self.unmodelled("such a call of super()"),
        }
    }

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
