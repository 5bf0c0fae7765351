//! Context managers and class patterns: protocols that look methods up on the class.

use std::sync::Arc;

use super::{Eval, Machine};
use crate::heap::Object;
use crate::native::Args;
use crate::ty::Ty;
use crate::value::Value;

impl Machine<'_> {
    /// The second method (bound) and what the first one returns.
    pub(super) fn with_enter(&mut self, manager: &Value, names: [&str; 2]) -> Eval<(Value, Value)> {
        if let Value::Unknown(reason) = manager {
            return Ok((Value::Unknown(*reason), Value::Unknown(*reason)));
        }
        let enter = self.special(manager, names[0])?;
        let exit = self.special(manager, names[1])?;
        let (Some(enter), Some(exit)) = (enter, exit) else {
            if self.is_open(manager) {
                let unknown = self.unknown("a context manager of an unknown class");
                return Ok((unknown.clone(), unknown));
            }
            self.doubt("an object that is no context manager");
            return Err(self.halt("an object that is no context manager"));
        };
        let result = self.call(&enter, Args::default())?;
        Ok((exit, result))
    }

    /// Whether `__exit__` swallows the exception.
    pub(super) fn with_except(&mut self, exit: &Value, exception: &Value) -> Eval<Value> {
        if exit.is_unknown() {
            // Most context managers let exceptions pass.
            self.doubt("whether a context manager swallows the exception");
            return Ok(Value::Bool(false));
        }
        let class = self.class_of(exception).map_or(Value::None, Value::Obj);
        let traceback = self.unknown("a traceback object");
        self.call(exit, Args::of([class, exception.clone(), traceback]))
    }

    pub(super) fn is_sequence_pattern(&mut self, subject: &Value) -> Value {
        match subject {
            Value::Unknown(reason) => Value::Unknown(*reason),
            Value::Obj(id) => match self.heap.get(*id) {
                Object::Tuple(_) | Object::List(_) | Object::Range { .. } => Value::Bool(true),
                Object::Instance(_) => match self.layout(subject) {
                    Some(Ty::Tuple | Ty::List) => Value::Bool(true),
                    _ if self.is_open(subject) => self.unknown("whether an object is a sequence"),
                    _ => Value::Bool(false),
                },
                _ => Value::Bool(false),
            },
            _ => Value::Bool(false),
        }
    }

    pub(super) fn is_mapping_pattern(&mut self, subject: &Value) -> Value {
        match subject {
            Value::Unknown(reason) => Value::Unknown(*reason),
            _ if self.layout(subject) == Some(Ty::Dict) => Value::Bool(true),
            _ if self.is_open(subject) => self.unknown("whether an object is a mapping"),
            _ => Value::Bool(false),
        }
    }

    /// The values of the keys, or `None` if one is missing.
    pub(super) fn match_keys(&mut self, subject: &Value, keys: &Value) -> Eval<Value> {
        let keys = self.heap.tuple(keys).unwrap_or_default();
        let mut values = Vec::new();
        for key in keys.iter() {
            match self.contains(subject, key)? {
                Ok(true) => values.push(self.get_item(subject, key)?),
                Ok(false) => return Ok(Value::None),
                Err(reason) => return Ok(Value::Unknown(reason)),
            }
        }
        Ok(self.new_tuple(values))
    }

    /// A dictionary of what the keys leave over.
    pub(super) fn match_rest(&mut self, subject: &Value, keys: &Value) -> Eval<Value> {
        let rest = self.new_dict();
        self.dict_update(rest, subject)?;
        let keys = self.heap.tuple(keys).unwrap_or_default();
        for key in keys.iter() {
            self.del_item(&Value::Obj(rest), key)?;
        }
        Ok(Value::Obj(rest))
    }

    /// The values of the sub-patterns, or `None` if the subject is no instance or lacks an attribute.
    pub(super) fn match_class(
        &mut self,
        subject: &Value,
        class: &Value,
        positional: usize,
        keywords: &[Arc<str>],
    ) -> Eval<Value> {
        match self.is_instance(subject, class)? {
            Err(reason) => return Ok(Value::Unknown(reason)),
            Ok(false) => return Ok(Value::None),
            Ok(true) => {}
        }
        let mut values = Vec::new();
        let itself = class.as_obj().and_then(Ty::of).is_some_and(|ty| {
            matches!(
                ty,
                Ty::Bool
                    | Ty::Bytes
                    | Ty::Dict
                    | Ty::Float
                    | Ty::Frozenset
                    | Ty::Int
                    | Ty::List
                    | Ty::Set
                    | Ty::Str
                    | Ty::Tuple
            )
        });
        if positional > 0 && itself {
            values.push(subject.clone());
        } else if positional > 0 {
            let Some(names) = self.get_attr_or(class, "__match_args__")? else {
                return Err(self.halt("a class pattern with positions for a class without `__match_args__`"));
            };
            let Some(names) = self.heap.tuple(&names) else {
                return Ok(self.unmodelled("`__match_args__` of another type than tuple"));
            };
            for name in names.iter().take(positional) {
                let Some(name) = self.text_of(name) else { return Ok(self.unmodelled("an unknown `__match_args__`")) };
                match self.get_attr_or(subject, &name)? {
                    Some(value) => values.push(value),
                    None => return Ok(Value::None),
                }
            }
        }
        for name in keywords {
            match self.get_attr_or(subject, name)? {
                Some(value) => values.push(value),
                None => return Ok(Value::None),
            }
        }
        Ok(self.new_tuple(values))
    }
}
