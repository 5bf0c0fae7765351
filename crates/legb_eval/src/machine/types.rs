//! The classes of the interpreter as objects, and which of them an iterator has.

use crate::heap::{Class, Heap, Object};
use crate::ty::Ty;
use crate::value::{ObjId, Value};

pub(super) const fn iter_type(iter: &crate::heap::Iter) -> Ty {
    use crate::heap::Iter;
    match iter {
        Iter::Enumerate { .. } => Ty::Enumerate,
        Iter::Zip { .. } => Ty::Zip,
        Iter::Map { .. } => Ty::Map,
        Iter::Filter { .. } => Ty::Filter,
        _ => Ty::Iterator,
    }
}

pub(super) const fn iter_name(iter: &crate::heap::Iter) -> &'static str {
    use crate::heap::{Iter, View};
    match iter {
        Iter::Items { kind, .. } => kind,
        Iter::List { .. } => "list_iterator",
        Iter::Dict { view: View::Keys, .. } => "dict_keyiterator",
        Iter::Dict { view: View::Values, .. } => "dict_valueiterator",
        Iter::Dict { view: View::Items, .. } => "dict_itemiterator",
        Iter::Range { .. } => "range_iterator",
        Iter::Enumerate { .. } => "enumerate",
        Iter::Zip { .. } => "zip",
        Iter::Map { .. } => "map",
        Iter::Filter { .. } => "filter",
        Iter::Call { .. } => "callable_iterator",
        Iter::Chain { .. } => "chain",
        Iter::AsyncStep { .. } => "async_generator_asend",
        Iter::Sequence { .. } | Iter::Done | Iter::Lost(_) => "iterator",
    }
}

/// Makes the classes of the interpreter, in the order of [`Ty`].
pub(super) fn make_types(heap: &mut Heap) {
    for &ty in Ty::ALL {
        heap.alloc(Object::Class(Box::new(Class {
            name: ty.name().into(),
            bases: Vec::new(),
            mro: Vec::new(),
            dict: ObjId(0),
            metaclass: Ty::Type.id(),
            open: None,
            is_user: false,
            partial: None,
            has_operators: true,
        })));
    }
    for &ty in Ty::ALL {
        let dict = heap.alloc(Object::Dict(crate::dict::Dict::default()));
        let mut mro = vec![ty.id()];
        let mut at = ty;
        while at != Ty::Object {
            at = at.base();
            if ty == Ty::ExceptionGroup && at == Ty::BaseException {
                mro.push(Ty::Exception.id());
            }
            mro.push(at.id());
        }
        let class = heap.class_mut(ty.id());
        class.dict = dict;
        class.mro = mro;
        if ty != Ty::Object {
            class.bases = vec![Value::Obj(ty.base().id())];
        }
        if ty == Ty::ExceptionGroup {
            class.bases.push(Value::Obj(Ty::Exception.id()));
        }
    }
}
