//! What is left when the two ways of a branch come together: the join of everything that either of them changed.
//!
//! A value that is the same on both ways stays; others become unknown. What both ways made alike, such as the module that both
//! import, is one object afterwards: its *twins* are paired one to one, so that two objects of one way never become the same.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Machine;
use crate::dict::{Dict, Entry};
use crate::frame::Frame;
use crate::heap::{Changes, Class, Function, Generator, Instance, Iter, List, Module, Object, Payload, Slot};
use crate::value::{ObjId, Reason, Value};

/// Objects of the first way and what the second way made in their place.
#[derive(Debug)]
pub(super) struct Twins {
    /// Objects from here on were made by the ways themselves.
    base: u32,
    second: FxHashMap<ObjId, ObjId>,
    first: FxHashMap<ObjId, ObjId>,
}

impl Twins {
    fn new(base: u32) -> Self {
        Self { base, second: FxHashMap::default(), first: FxHashMap::default() }
    }

    /// The object that stands for this one from now on.
    fn of(&self, value: &Value) -> Option<Value> {
        value.as_obj().and_then(|id| self.first.get(&id)).map(|&id| Value::Obj(id))
    }
}

impl Machine<'_> {
    /// Joins the changes of both ways. Objects from `base` on were made by one of them.
    pub(super) fn join_heaps(&mut self, a: Changes, b: Changes, base: u32, reason: Reason) -> Twins {
        let mut ids: Vec<ObjId> = a.ids().chain(b.ids()).collect();
        ids.sort_unstable();
        ids.dedup();
        for &id in ids.iter().filter(|id| id.0 >= base) {
            if let Some(object) = a.get(id).or_else(|| b.get(id)) {
                *self.heap.write(id) = object.clone();
            }
        }
        ids.retain(|id| id.0 < base);
        let mut twins = Twins::new(base);
        for &id in &ids {
            let before = self.heap.get(id).clone();
            let x = a.get(id).unwrap_or(&before).clone();
            let y = b.get(id).unwrap_or(&before).clone();
            let joined = self.join_objects(x, y, &mut twins, reason);
            *self.heap.write(id) = joined;
        }
        twins
    }

    /// Puts the first of twins wherever the second one is meant.
    pub(super) fn settle_twins(&mut self, twins: &Twins, changed: &[ObjId]) {
        if twins.first.is_empty() {
            return;
        }
        let last = u32::try_from(self.heap.len()).unwrap_or(u32::MAX);
        for id in changed.iter().copied().filter(|id| id.0 < twins.base).chain((twins.base..last).map(ObjId)) {
            let mut object = self.heap.get(id).clone();
            if rename(&mut object, twins) {
                *self.heap.write(id) = object;
            }
        }
    }

    fn join_objects(&mut self, a: Object, b: Object, twins: &mut Twins, reason: Reason) -> Object {
        match (a, b) {
            (Object::Dict(a), Object::Dict(b)) => Object::Dict(self.join_dicts(&a, &b, twins, reason)),
            (Object::Set { dict: a, frozen }, Object::Set { dict: b, .. }) => {
                Object::Set { dict: self.join_dicts(&a, &b, twins, reason), frozen }
            }
            (Object::List(a), Object::List(b)) => Object::List(self.join_lists(a, &b, twins, reason)),
            (Object::Cell(a), Object::Cell(b)) => Object::Cell(self.join_slots(a, b, twins, reason)),
            (Object::Iter(_), Object::Iter(_)) => Object::Iter(Iter::Lost(reason)),
            (Object::Generator(a), Object::Generator(_)) => {
                Object::Generator(Box::new(Generator { frame: None, lost: Some(reason), ..*a }))
            }
            (Object::Instance(mut a), Object::Instance(b)) => {
                if let (Payload::Value(x), Payload::Value(y)) = (&a.payload, &b.payload) {
                    a.payload = Payload::Value(self.join_values(x, y, twins, reason));
                }
                Object::Instance(a)
            }
            (Object::Class(mut a), Object::Class(b)) => {
                if a.mro != b.mro {
                    a.open = Some(reason);
                }
                a.open = a.open.or(b.open);
                Object::Class(a)
            }
            (a, _) => a,
        }
    }

    fn join_lists(&mut self, mut a: List, b: &List, twins: &mut Twins, reason: Reason) -> List {
        if a.items.len() == b.items.len() && a.open.is_none() && b.open.is_none() {
            a.items = a.items.iter().zip(&b.items).map(|(x, y)| self.join_values(x, y, twins, reason)).collect();
        } else {
            a.open = a.open.or(b.open).or(Some(reason));
            a.items.clear();
        }
        a
    }

    fn join_dicts(&mut self, a: &Dict, b: &Dict, twins: &mut Twins, reason: Reason) -> Dict {
        let mut joined = Dict::default();
        joined.open = a.open.or(b.open);
        for (key, x) in a.iter() {
            let entry = match b.entry(key) {
                Some(y) => Entry {
                    key: x.key.clone(),
                    value: self.join_values(&x.value, &y.value, twins, reason),
                    maybe: x.maybe || y.maybe,
                },
                None => Entry { maybe: true, ..x.clone() },
            };
            joined.put(key.clone(), entry);
        }
        // Where both ways made the same keys in another order, the order is not known.
        let common_first = a.iter().map(|(key, _)| key).filter(|key| b.entry(key).is_some());
        let common_second = b.iter().map(|(key, _)| key).filter(|key| a.entry(key).is_some());
        if !common_first.eq(common_second) {
            joined.open = joined.open.or(Some(reason));
        }
        for (key, y) in b.iter().filter(|(key, _)| a.entry(key).is_none()) {
            joined.put(key.clone(), Entry { maybe: true, ..y.clone() });
        }
        joined
    }

    fn join_slots(&mut self, a: Slot, b: Slot, twins: &mut Twins, reason: Reason) -> Slot {
        match (a, b) {
            (Slot::Unbound, Slot::Unbound) => Slot::Unbound,
            (Slot::Bound(x), Slot::Bound(y)) => Slot::Bound(self.join_values(&x, &y, twins, reason)),
            (Slot::Unbound, Slot::Bound(x) | Slot::Maybe(x)) | (Slot::Bound(x) | Slot::Maybe(x), Slot::Unbound) => {
                Slot::Maybe(x)
            }
            (Slot::Maybe(x), Slot::Bound(y) | Slot::Maybe(y)) | (Slot::Bound(x), Slot::Maybe(y)) => {
                Slot::Maybe(self.join_values(&x, &y, twins, reason))
            }
        }
    }

    pub(super) fn join_frames(&mut self, a: Frame, b: Frame, twins: &mut Twins, reason: Reason) -> Frame {
        let fast = a.fast.into_iter().zip(b.fast).map(|(x, y)| self.join_slots(x, y, twins, reason)).collect();
        let stack = a.stack.iter().zip(&b.stack).map(|(x, y)| self.join_values(x, y, twins, reason)).collect();
        Frame { stack, fast, ..a }
    }

    /// What is known of a value that is one of two, where no ways come together.
    pub(crate) fn either(&mut self, a: &Value, b: &Value, reason: Reason) -> Value {
        self.join_values(a, b, &mut Twins::new(u32::MAX), reason)
    }

    /// What is known of a value that is one of two.
    pub(super) fn join_values(&mut self, a: &Value, b: &Value, twins: &mut Twins, reason: Reason) -> Value {
        if a.is_same(b) {
            return a.clone();
        }
        let (Value::Obj(x), Value::Obj(y)) = (a, b) else {
            let is_one_kind = matches!(
                (a, b),
                (Value::Int(_) | Value::Bool(_) | Value::Float(_), Value::Int(_) | Value::Bool(_) | Value::Float(_))
                    | (Value::Str(_), Value::Str(_))
            );
            return if is_one_kind { Value::Unknown(reason) } else { self.one_of_two(reason) };
        };
        if let (Object::Tuple(x), Object::Tuple(y)) = (self.heap.get(*x), self.heap.get(*y))
            && x.len() == y.len()
        {
            let (x, y) = (Arc::clone(x), Arc::clone(y));
            let items = x.iter().zip(y.iter()).map(|(x, y)| self.join_values(x, y, twins, reason)).collect();
            return self.new_tuple(items);
        }
        if self.are_twins(*x, *y, twins, reason) { a.clone() } else { self.one_of_two(reason) }
    }

    /// A value that is one of two of different kinds.
    fn one_of_two(&mut self, reason: Reason) -> Value {
        if self.mixed.contains(&reason) {
            return Value::Unknown(reason);
        }
        let text = format!("it is one of two values, by {}", self.reasons.text(reason));
        let mixed = self.reasons.add(text);
        self.mixed.insert(mixed);
        Value::Unknown(mixed)
    }

    fn same_or_twins(&mut self, a: &Value, b: &Value, twins: &mut Twins, reason: Reason) -> bool {
        a.is_same(b) || matches!((a, b), (Value::Obj(a), Value::Obj(b)) if self.are_twins(*a, *b, twins, reason))
    }

    fn all_twins(&mut self, a: &[ObjId], b: &[ObjId], twins: &mut Twins, reason: Reason) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| a == b || self.are_twins(a, b, twins, reason))
    }

    /// Whether both ways made the same; then the first object holds what both may hold.
    fn are_twins(&mut self, a: ObjId, b: ObjId, twins: &mut Twins, reason: Reason) -> bool {
        if a.0 < twins.base || b.0 < twins.base {
            return false;
        }
        if twins.second.contains_key(&a) || twins.first.contains_key(&b) {
            return twins.second.get(&a) == Some(&b);
        }
        twins.second.insert(a, b);
        twins.first.insert(b, a);
        let (x, y) = (self.heap.get(a).clone(), self.heap.get(b).clone());
        match self.join_twins(x, y, twins, reason) {
            Some(joined) => {
                *self.heap.write(a) = joined;
                true
            }
            None => {
                twins.second.remove(&a);
                twins.first.remove(&b);
                false
            }
        }
    }

    fn join_twins(&mut self, a: Object, b: Object, twins: &mut Twins, reason: Reason) -> Option<Object> {
        match (&a, &b) {
            (Object::Dict(_), Object::Dict(_))
            | (Object::List(_), Object::List(_))
            | (Object::Cell(_), Object::Cell(_)) => Some(self.join_objects(a, b, twins, reason)),
            (Object::Function(x), Object::Function(y)) => {
                let joined = self.twin_functions(x, y, twins, reason)?;
                Some(Object::Function(Box::new(joined)))
            }
            (Object::Module(x), Object::Module(y)) => {
                let Module { dict, opaque } = &**x;
                (*opaque == y.opaque && self.are_twins(*dict, y.dict, twins, reason)).then_some(a)
            }
            (Object::Class(x), Object::Class(y)) => {
                let joined = self.twin_classes(x, y, twins, reason)?;
                Some(Object::Class(Box::new(joined)))
            }
            (Object::Instance(x), Object::Instance(y)) => {
                let joined = self.twin_instances(x, y, twins, reason)?;
                Some(Object::Instance(Box::new(joined)))
            }
            (Object::Bound { function, this }, Object::Bound { function: other, this: that }) => {
                (self.same_or_twins(function, other, twins, reason) && self.same_or_twins(this, that, twins, reason))
                    .then_some(a)
            }
            (Object::StaticMethod(x), Object::StaticMethod(y)) | (Object::ClassMethod(x), Object::ClassMethod(y)) => {
                self.same_or_twins(x, y, twins, reason).then_some(a)
            }
            (Object::Property(x), Object::Property(y)) => {
                x.iter().zip(y.iter()).all(|(x, y)| self.same_or_twins(x, y, twins, reason)).then_some(a)
            }
            _ => None,
        }
    }

    fn twin_functions(&mut self, a: &Function, b: &Function, twins: &mut Twins, reason: Reason) -> Option<Function> {
        let alike = Arc::ptr_eq(&a.code, &b.code)
            && a.defaults.len() == b.defaults.len()
            && a.kwdefaults.is_some() == b.kwdefaults.is_some()
            && self.all_twins(&[a.globals, a.dict], &[b.globals, b.dict], twins, reason)
            && self.all_twins(&a.closure, &b.closure, twins, reason);
        if !alike {
            return None;
        }
        if let (Some(x), Some(y)) = (a.kwdefaults, b.kwdefaults)
            && x != y
            && !self.are_twins(x, y, twins, reason)
        {
            return None;
        }
        let defaults = a.defaults.iter().zip(&b.defaults).map(|(x, y)| self.join_values(x, y, twins, reason)).collect();
        Some(Function { defaults, ..a.clone() })
    }

    fn twin_classes(&mut self, a: &Class, b: &Class, twins: &mut Twins, reason: Reason) -> Option<Class> {
        let alike = a.is_user
            && b.is_user
            && a.name == b.name
            && a.bases.len() == b.bases.len()
            && a.bases.iter().zip(&b.bases).all(|(x, y)| self.same_or_twins(x, y, twins, reason))
            && self.all_twins(&a.mro, &b.mro, twins, reason)
            && self.all_twins(&[a.metaclass, a.dict], &[b.metaclass, b.dict], twins, reason);
        alike.then(|| Class { open: a.open.or(b.open), partial: a.partial.or(b.partial), ..a.clone() })
    }

    fn twin_instances(&mut self, a: &Instance, b: &Instance, twins: &mut Twins, reason: Reason) -> Option<Instance> {
        if !self.all_twins(&[a.class, a.dict], &[b.class, b.dict], twins, reason) {
            return None;
        }
        let payload = match (&a.payload, &b.payload) {
            (Payload::None, Payload::None) => Payload::None,
            (Payload::Value(x), Payload::Value(y)) => Payload::Value(self.join_values(x, y, twins, reason)),
            _ => return None,
        };
        Some(Instance { payload, ..a.clone() })
    }
}

/// Replaces second twins by first ones in what an object holds itself; whether there were any.
fn rename(object: &mut Object, twins: &Twins) -> bool {
    let mut found = false;
    let mut replace = |value: &mut Value| {
        if let Some(first) = twins.of(value) {
            *value = first;
            found = true;
        }
    };
    match object {
        Object::Tuple(items) if items.iter().any(|item| twins.of(item).is_some()) => {
            let mut copy = items.to_vec();
            copy.iter_mut().for_each(&mut replace);
            *items = copy.into();
        }
        Object::List(list) => list.items.iter_mut().for_each(replace),
        Object::Dict(dict) | Object::Set { dict, .. } => dict.values_mut().for_each(replace),
        Object::Cell(Slot::Bound(value) | Slot::Maybe(value)) => replace(value),
        Object::Bound { function, this } => [function, this].into_iter().for_each(replace),
        Object::StaticMethod(inner) | Object::ClassMethod(inner) => replace(inner),
        Object::Property(parts) => parts.iter_mut().for_each(replace),
        Object::Function(function) => function.defaults.iter_mut().for_each(replace),
        Object::Class(class) => {
            class.bases.iter_mut().for_each(replace);
            for id in &mut class.mro {
                if let Some(&first) = twins.first.get(id) {
                    *id = first;
                    found = true;
                }
            }
        }
        Object::Instance(instance) => {
            if let Payload::Value(value) = &mut instance.payload {
                replace(value);
            }
            if let Some(&first) = twins.first.get(&instance.class) {
                instance.class = first;
                found = true;
            }
        }
        _ => {}
    }
    found
}
