//! `typing.Generic` and `typing.Protocol`, and what subscripts of them are as bases.

use crate::heap::{Native, Object};
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Value};

impl Machine<'_> {
    /// The class `typing.Generic`.
    pub(crate) fn generic_class(&mut self) -> ObjId {
        if let Some(&known) = self.natives.get("Generic") {
            return known;
        }
        let id = self.library_class("Generic", "typing", Ty::Object.id(), Ty::Type.id());
        let dict = self.heap.class(id).dict;
        let getter = Native { name: "__class_getitem__", run: subscribed, this: None, owner: Some("Generic") };
        let getter = Value::Obj(self.heap.alloc(Object::Native(Box::new(getter))));
        let getter = Value::Obj(self.heap.alloc(Object::ClassMethod(getter)));
        let slots = self.new_tuple(Vec::new());
        self.heap.dict_mut(dict).set_name("__class_getitem__", getter);
        self.heap.dict_mut(dict).set_name("__slots__", slots);
        self.natives.insert("Generic", id);
        id
    }

    /// The class `typing.Protocol`.
    pub(crate) fn protocol_class(&mut self) -> ObjId {
        if let Some(&known) = self.natives.get("Protocol") {
            return known;
        }
        let (generic, abc) = (self.generic_class(), self.abc_meta());
        let meta = self.library_class("_ProtocolMeta", "typing", abc, Ty::Type.id());
        let dict = self.heap.class(meta).dict;
        for name in ["__instancecheck__", "__subclasscheck__"] {
            let native = Native { name, run: checked, this: None, owner: Some("_ProtocolMeta") };
            let native = self.heap.alloc(Object::Native(Box::new(native)));
            self.heap.dict_mut(dict).set_name(name, Value::Obj(native));
        }
        let id = self.library_class("Protocol", "typing", generic, meta);
        let slots = self.new_tuple(Vec::new());
        let dict = self.heap.class(id).dict;
        self.heap.dict_mut(dict).set_name("__slots__", slots);
        self.natives.insert("Protocol", id);
        id
    }

    /// Whether a class is a protocol itself, not a class that follows one.
    pub(crate) fn is_protocol(&self, class: ObjId) -> bool {
        self.natives
            .get("Protocol")
            .is_some_and(|&id| class == id || self.heap.class(class).bases.iter().any(|base| base.as_obj() == Some(id)))
    }

    /// `_GenericAlias.__mro_entries__` (`Lib/typing.py`): `Generic[…]` counts only where nothing behind it brings `Generic`.
    pub(super) fn counts_as_base(&self, origin: &Value, behind: &[Value], all: &[Value]) -> bool {
        let generic = self.natives.get("Generic").copied();
        if origin.as_obj() != generic || generic.is_none() {
            return true;
        }
        let origin_of = |value: &Value| match self.heap.of(value) {
            Some(Object::Alias { origin, .. }) => origin.as_obj(),
            _ => None,
        };
        let is_generic = |id: ObjId| match (self.heap.get(id), generic) {
            (Object::Class(class), Some(generic)) => class.mro.contains(&generic),
            _ => false,
        };
        let protocol = self.natives.get("Protocol").copied();
        let has_protocol = protocol.is_some() && all.iter().any(|base| base.as_obj() == protocol);
        !has_protocol && !behind.iter().any(|base| origin_of(base).is_some_and(is_generic))
    }
}

/// `class[…]`
fn subscribed(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let [class, key] = &args.positional[..] else { return Ok(machine.unmodelled("such a subscript of a class")) };
    let items = machine.heap.tuple(key).map_or_else(|| vec![key.clone()], |items| items.to_vec());
    Ok(Value::Obj(machine.heap.alloc(Object::Alias { origin: class.clone(), args: items })))
}

/// What belongs to a protocol is told by attributes; a class that follows one is an abstract class like others.
fn checked(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let [class, subject] = &args.positional[..] else { return Ok(machine.unmodelled("such a check of a protocol")) };
    let is_class = class.as_obj().is_some_and(|id| matches!(machine.heap.get(id), Object::Class(_)));
    if !is_class || class.as_obj().is_some_and(|id| machine.is_protocol(id)) {
        return Ok(machine.unknown("whether an object follows a protocol"));
    }
    let own = match machine.heap.of(subject) {
        Some(Object::Class(_)) => subject.as_obj(),
        _ => machine.class_of(subject),
    };
    match own {
        Some(own) => Ok(machine.check_abc(own, class)?.map_or_else(Value::Unknown, Value::Bool)),
        None => Ok(subject.clone()),
    }
}
