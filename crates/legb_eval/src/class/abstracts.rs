//! Abstract base classes: `abc.ABCMeta`, which methods are abstract, and virtual subclasses.
//!
//! As `Modules/_abc.c` has it: a class whose set of abstract methods is not empty cannot be instantiated, and `isinstance`
//! asks `__subclasshook__`, the order of bases, the classes registered, and the subclasses, in this order.

use std::sync::Arc;

use crate::heap::{Class, Function, Native, Object, Payload};
use crate::machine::{Eval, Machine, Stop};
use crate::native::{Args, NativeFn};
use crate::ty::Ty;
use crate::value::{ObjId, Reason, Value};

/// Where a class keeps what `_abc` knows of it.
const DATA: &str = "_abc_impl";

impl Machine<'_> {
    /// The class `abc.ABCMeta`.
    pub(crate) fn abc_meta(&mut self) -> ObjId {
        if let Some(&known) = self.natives.get("ABCMeta") {
            return known;
        }
        let methods: [(&'static str, NativeFn); 3] = [
            ("register", register),
            ("__instancecheck__", |m, a| match &a.positional[..] {
                [class, value] => {
                    let answer = m.class_of(value).map(|own| m.check_abc(own, class));
                    Ok(match answer {
                        Some(answer) => answer?.map_or_else(Value::Unknown, Value::Bool),
                        None => value.clone(),
                    })
                }
                _ => Ok(m.unmodelled("such a call of __instancecheck__")),
            }),
            ("__subclasscheck__", |m, a| match &a.positional[..] {
                [class, own] => match own.as_obj().filter(|&id| matches!(m.heap.get(id), Object::Class(_))) {
                    Some(own) => Ok(m.check_abc(own, class)?.map_or_else(Value::Unknown, Value::Bool)),
                    None => Ok(m.unmodelled("such a call of __subclasscheck__")),
                },
                _ => Ok(m.unmodelled("such a call of __subclasscheck__")),
            }),
        ];
        let id = self.library_class("ABCMeta", "abc", Ty::Type.id(), Ty::Type.id());
        let dict = self.heap.class(id).dict;
        for (name, run) in methods {
            let native = Native { name, run, this: None, owner: Some("ABCMeta") };
            let native = self.heap.alloc(Object::Native(Box::new(native)));
            self.heap.dict_mut(dict).set_name(name, Value::Obj(native));
        }
        self.natives.insert("ABCMeta", id);
        id
    }

    /// A class of the library with one base. It may have more methods than it is given.
    pub(crate) fn library_class(&mut self, name: &'static str, module: &str, base: ObjId, metaclass: ObjId) -> ObjId {
        let dict = self.new_dict();
        self.heap.dict_mut(dict).set_name("__module__", Value::str(module));
        self.heap.dict_mut(dict).set_name("__qualname__", Value::str(name));
        let reason = self.reasons.add(format!("`{module}.{name}` belongs to the library"));
        let class = Class {
            name: name.into(),
            bases: vec![Value::Obj(base)],
            mro: Vec::new(),
            dict,
            metaclass,
            open: None,
            is_user: true,
            partial: Some(reason),
            has_operators: true,
        };
        let id = self.heap.alloc(Object::Class(Box::new(class)));
        let mut mro = vec![id];
        mro.extend_from_slice(&self.heap.class(base).mro);
        self.heap.class_mut(id).mro = mro;
        id
    }

    /// Whether the class of a class is `ABCMeta` or derives from it.
    pub(crate) fn is_abc(&self, class: ObjId) -> bool {
        let metaclass = self.heap.class(class).metaclass;
        metaclass != Ty::Type.id()
            && self.natives.get("ABCMeta").is_some_and(|meta| self.heap.class(metaclass).mro.contains(meta))
    }

    /// What `ABCMeta.__new__` adds to `type.__new__`.
    pub(super) fn note_abstract(&mut self, class: ObjId) -> Eval<()> {
        let dict = self.heap.class(class).dict;
        let own: Vec<(Value, Value)> =
            self.heap.dict(dict).entries().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
        self.spend(own.len() / 4)?;
        let (mut names, mut unclear) = (Vec::new(), None);
        for (name, value) in own {
            match self.is_abstract(&value) {
                Ok(true) => names.push(name),
                Ok(false) => {}
                Err(reason) => unclear = Some(reason),
            }
        }
        for base in self.heap.class(class).bases.clone() {
            let Some(base) = base.as_obj().filter(|&id| matches!(self.heap.get(id), Object::Class(_))) else {
                continue;
            };
            let inherited = self.heap.dict(self.heap.class(base).dict).value_of("__abstractmethods__").cloned();
            match inherited {
                Some(Value::Unknown(reason)) => unclear = Some(reason),
                Some(set) => {
                    let Ok(Ok(inherited)) = self.collect_unordered(&set) else { continue };
                    for name in inherited {
                        let Some(text) = self.text_of(&name) else { continue };
                        let Some((_, value)) = self.class_entry(class, &text) else { continue };
                        match self.is_abstract(&value) {
                            Ok(true) if !names.iter().any(|known| known.is_same(&name)) => names.push(name),
                            Ok(_) => {}
                            Err(reason) => unclear = Some(reason),
                        }
                    }
                }
                None => {}
            }
            if self.is_abc(base) {
                self.abc_list(base, "subclasses", class);
            }
        }
        let set = match unclear {
            Some(reason) => Value::Unknown(reason),
            None => self.new_set(names, true)?,
        };
        let data = self.new_abc_data();
        let dict = self.heap.dict_mut(dict);
        dict.set_name("__abstractmethods__", set);
        dict.set_name(DATA, data);
        Ok(())
    }

    fn new_abc_data(&mut self) -> Value {
        let class = match self.natives.get("_abc_data") {
            Some(&known) => known,
            None => {
                let class = self.library_class("_abc_data", "_abc", Ty::Object.id(), Ty::Type.id());
                self.natives.insert("_abc_data", class);
                class
            }
        };
        Value::Obj(self.new_instance(class, Payload::None))
    }

    /// The classes that are registered with a class, or derive from it.
    fn abc_classes(&self, class: ObjId, which: &str) -> Result<Vec<ObjId>, Reason> {
        let data = self.heap.dict(self.heap.class(class).dict).value_of(DATA);
        let Some(Object::Instance(data)) = data.and_then(|data| self.heap.of(data)) else { return Ok(Vec::new()) };
        match self.heap.dict(data.dict).value_of(which).and_then(|list| self.heap.of(list)) {
            Some(Object::List(list)) => match list.open {
                Some(reason) => Err(reason),
                None => Ok(list.items.iter().filter_map(Value::as_obj).collect()),
            },
            _ => Ok(Vec::new()),
        }
    }

    fn abc_list(&mut self, class: ObjId, which: &str, member: ObjId) {
        let data = self.heap.dict(self.heap.class(class).dict).value_of(DATA);
        let Some(Object::Instance(data)) = data.and_then(|data| self.heap.of(data)) else { return };
        let fields = data.dict;
        match self.heap.dict(fields).value_of(which).cloned() {
            Some(list) => self.list_append(&list, Value::Obj(member)),
            None => {
                let list = self.new_list(vec![Value::Obj(member)]);
                self.heap.dict_mut(fields).set_name(which, list);
            }
        }
    }

    /// Whether `value.__isabstractmethod__` is true.
    fn is_abstract(&mut self, value: &Value) -> Result<bool, Reason> {
        match self.heap.of(value) {
            Some(Object::Function(function)) => Ok(self.is_marked(function)),
            Some(Object::Property(parts)) => {
                let parts = parts.clone();
                parts.iter().try_fold(false, |found, part| Ok(found || self.is_abstract(part)?))
            }
            Some(Object::StaticMethod(inner) | Object::ClassMethod(inner)) => {
                let inner = inner.clone();
                self.is_abstract(&inner)
            }
            Some(Object::Partial { .. }) => Ok(false),
            Some(Object::Instance(instance)) => {
                let (class, dict) = (instance.class, instance.dict);
                if self.heap.dict(dict).value_of("__isabstractmethod__").is_some()
                    || self.class_entry(class, "__isabstractmethod__").is_some()
                {
                    return Err(self.reason("whether an object is an abstract method"));
                }
                Ok(false)
            }
            _ => match value {
                Value::Unknown(reason) if self.maybe_abstract.contains(reason) => Err(*reason),
                _ => Ok(false),
            },
        }
    }

    fn is_marked(&self, function: &Function) -> bool {
        matches!(self.heap.dict(function.dict).value_of("__isabstractmethod__"), Some(Value::Bool(true)))
    }

    /// Something not known was made of an abstract method: it may be abstract too.
    pub(crate) fn note_maybe_abstract(&mut self, args: &Args, result: &Value) {
        let Value::Unknown(reason) = result else { return };
        let given = args.all().any(|arg| matches!(self.heap.of(arg), Some(Object::Function(f)) if self.is_marked(f)));
        if given {
            self.maybe_abstract.insert(*reason);
        }
    }

    /// `object.__new__` of a class that has abstract methods.
    pub(super) fn abstract_error(&mut self, id: ObjId) -> Option<Stop> {
        let names = self.heap.dict(self.heap.class(id).dict).value_of("__abstractmethods__")?.clone();
        if names.is_unknown() {
            self.doubt("whether the class is abstract");
            return None;
        }
        let Ok(Ok(names)) = self.collect_unordered(&names) else {
            self.doubt("whether the class is abstract");
            return None;
        };
        let mut names: Vec<Arc<str>> = names.iter().filter_map(|name| self.text_of(name)).collect();
        names.sort();
        if names.is_empty() {
            return None;
        }
        let class = Arc::clone(&self.heap.class(id).name);
        let one = names.len() == 1;
        let message = if self.words.quotes_abstract_methods {
            let plural = if one { "" } else { "s" };
            let names = names.join("', '");
            format!(
                "Can't instantiate abstract class {class} without an implementation for abstract method{plural} '{names}'"
            )
        } else {
            let plural = if one && self.words.counts_abstract_methods { "" } else { "s" };
            format!("Can't instantiate abstract class {class} with abstract method{plural} {}", names.join(", "))
        };
        Some(self.raise(Ty::TypeError, message))
    }

    /// `ABCMeta.__subclasscheck__`
    pub(super) fn check_abc(&mut self, own: ObjId, class: &Value) -> Eval<Result<bool, Reason>> {
        self.tick()?;
        let Some(id) = class.as_obj().filter(|&id| matches!(self.heap.get(id), Object::Class(_))) else {
            return Ok(Err(self.reason("a class that is not known")));
        };
        if let Some((owner, hook)) = self.class_entry(id, "__subclasshook__")
            && Ty::of(owner).is_none()
        {
            let bound = self.bind(&hook, class, id)?;
            match self.call(&bound, Args::of([Value::Obj(own)]))? {
                Value::NotImplemented => {}
                answer => return self.truth(&answer),
            }
        }
        match self.is_subclass(own, id) {
            Some(true) => return Ok(Ok(true)),
            Some(false) => {}
            None => return Ok(Err(self.reason("the bases of a class that is not fully known"))),
        }
        let others = match (self.abc_classes(id, "registered"), self.abc_classes(id, "subclasses")) {
            (Ok(registered), Ok(subclasses)) => [registered, subclasses].concat(),
            (Err(reason), _) | (_, Err(reason)) => return Ok(Err(reason)),
        };
        if let Some(reason) = self.heap.class(id).open {
            return Ok(Err(reason));
        }
        let mut unknown = None;
        for other in others {
            match self.is_subclass_of(&Value::Obj(own), &Value::Obj(other))? {
                Ok(true) => return Ok(Ok(true)),
                Ok(false) => {}
                Err(reason) => unknown = Some(reason),
            }
        }
        Ok(unknown.map_or(Ok(false), Err))
    }
}

/// `cls.register(subclass)`
fn register(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let [class, subclass] = &args.positional[..] else { return Ok(machine.unmodelled("such a call of register()")) };
    let is_class = |machine: &Machine<'_>, value: &Value| matches!(machine.heap.of(value), Some(Object::Class(_)));
    if subclass.is_unknown() {
        machine.escape(class);
        return Ok(subclass.clone());
    }
    let (Some(id), Some(member)) = (class.as_obj(), subclass.as_obj()) else {
        return Err(machine.raise(Ty::TypeError, "Can only register classes"));
    };
    if !is_class(machine, class) || !is_class(machine, subclass) {
        return Err(machine.raise(Ty::TypeError, "Can only register classes"));
    }
    if machine.heap.class(member).mro.contains(&id) {
        return Ok(subclass.clone());
    }
    if machine.heap.class(id).mro.contains(&member) {
        return Err(machine.raise(Ty::RuntimeError, "Refusing to create an inheritance cycle"));
    }
    machine.abc_list(id, "registered", member);
    Ok(subclass.clone())
}
