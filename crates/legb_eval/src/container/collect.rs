//! Sets and lists that are built up.

use crate::dict::Dict;
use crate::heap::Object;
use crate::machine::{Eval, Hashed, Machine, Stop};
use crate::ty::Ty;
use crate::value::Value;

impl Machine<'_> {
    /// A set of these items.
    pub(crate) fn new_set(&mut self, items: Vec<Value>, frozen: bool) -> Eval<Value> {
        let id = self.heap.alloc(Object::Set { dict: Dict::default(), frozen });
        for item in items {
            self.set_add(&Value::Obj(id), &item)?;
        }
        Ok(Value::Obj(id))
    }

    pub(crate) fn set_add(&mut self, set: &Value, item: &Value) -> Eval<()> {
        let Value::Obj(id) = set else { return Ok(()) };
        match self.key(item) {
            Hashed::Key(key) => {
                if self.heap.dict(*id).entry(&key).is_none_or(|entry| entry.maybe) {
                    self.heap.dict_mut(*id).set(key, item.clone(), Value::None);
                }
            }
            Hashed::Unhashable(name) => return Err(self.unhashable(&name, "set element")),
            Hashed::Unknown(reason) => self.heap.dict_mut(*id).open = Some(reason),
        }
        Ok(())
    }

    pub(crate) fn set_update(&mut self, set: &Value, other: &Value) -> Eval<()> {
        match self.collect_unordered(other)? {
            Ok(items) => items.iter().try_for_each(|item| self.set_add(set, item)),
            Err(reason) => {
                if let Value::Obj(id) = set {
                    self.heap.dict_mut(*id).open = Some(reason);
                }
                Ok(())
            }
        }
    }

    pub(crate) fn list_append(&mut self, list: &Value, value: Value) {
        if let Value::Obj(id) = list
            && let Object::List(list) = self.heap.write(*id)
            && list.open.is_none()
        {
            list.items.push(value);
        }
    }

    /// `[*other]`
    pub(crate) fn list_display(&mut self, list: &Value, other: &Value) -> Eval<()> {
        let items = self.collect_starred(other)?;
        self.list_take(list, items);
        Ok(())
    }

    /// `list.extend(other)`
    pub(crate) fn list_extend(&mut self, list: &Value, other: &Value) -> Eval<()> {
        let items = self.collect(other)?;
        if let (Ok(items), Some(Object::List(list))) = (&items, self.heap.of(list)) {
            let size = items.len() + list.items.len();
            self.check_size(size)?;
            self.spend(size / 16)?;
        }
        self.list_take(list, items);
        Ok(())
    }

    fn list_take(&mut self, list: &Value, items: Result<Vec<Value>, crate::value::Reason>) {
        if let Value::Obj(id) = list
            && let Object::List(list) = self.heap.write(*id)
        {
            match items {
                Ok(items) if list.open.is_none() => list.items.extend(items),
                Ok(_) => {}
                Err(reason) => {
                    list.open = Some(reason);
                    list.items.clear();
                }
            }
        }
    }

    /// The items of a starred value in a display.
    fn collect_starred(&mut self, value: &Value) -> Eval<Result<Vec<Value>, crate::value::Reason>> {
        match self.collect(value) {
            Err(Stop::Raise(e)) if self.words.names_starred && self.is_not_iterable(e, value) => {
                let name = self.type_name(value);
                Err(self.raise(Ty::TypeError, format!("Value after * must be an iterable, not {name}")))
            }
            other => other,
        }
    }

    /// Whether an exception says that just this value cannot be iterated.
    pub(crate) fn is_not_iterable(&self, exception: crate::value::ObjId, value: &Value) -> bool {
        let expected = format!("'{}' object is not iterable", self.type_name(value));
        let said = self.heap.exception(exception).and_then(|data| data.args.first().cloned());
        self.is_a(&Value::Obj(exception), Ty::TypeError) && said.is_some_and(|said| said.as_str() == Some(&expected))
    }

    pub(crate) fn list_to_tuple(&mut self, list: &Value) -> Value {
        match self.heap.of(list) {
            Some(Object::List(list)) => match list.open {
                None => {
                    let items = list.items.clone();
                    self.new_tuple(items)
                }
                Some(reason) => Value::Unknown(reason),
            },
            _ => list.clone(),
        }
    }
}
