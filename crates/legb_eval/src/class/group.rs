//! Exception groups (PEP 654): making them, splitting them, and what `except*` does with them.

use crate::heap::{Object, Payload};
use crate::machine::{Eval, Machine, Stop};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Value};

/// Which exceptions of a group are asked for.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    /// Those of a class, or that a function takes.
    Kind(&'a Value),
    /// These.
    Leaves(&'a [ObjId]),
}

impl Machine<'_> {
    /// `BaseExceptionGroup.__new__`: the instance, whose class is the one asked for.
    pub(crate) fn new_group(&mut self, mut class: ObjId, args: &Args) -> Eval<Value> {
        let [message, exceptions] = &args.positional[..] else {
            return Ok(self.unmodelled("an exception group of other than two arguments"));
        };
        if message.is_unknown() || exceptions.is_unknown() || !args.keywords.is_empty() {
            return Ok(self.unmodelled("an exception group of unknown parts"));
        }
        if self.text_of(message).is_none() {
            let name = self.type_name(message);
            return Err(self.raise(Ty::TypeError, format!("argument 1 must be str, not {name}")));
        }
        let items = match self.heap.of(&self.plain(exceptions)) {
            Some(Object::List(_) | Object::Tuple(_)) => match self.collect(exceptions)? {
                Ok(items) => items,
                Err(_) => return Ok(self.unmodelled("an exception group of unknown parts")),
            },
            _ => return Err(self.raise(Ty::TypeError, "second argument (exceptions) must be a sequence")),
        };
        if items.is_empty() {
            return Err(self.raise(Ty::ValueError, "second argument (exceptions) must be a non-empty sequence"));
        }
        let mut all_plain = true;
        for (at, item) in items.iter().enumerate() {
            if item.is_unknown() {
                return Ok(self.unmodelled("an exception group of unknown parts"));
            }
            if item.as_obj().is_none_or(|id| self.heap.exception(id).is_none()) {
                let message = format!("Item {at} of second argument (exceptions) is not an exception");
                return Err(self.raise(Ty::ValueError, message));
            }
            all_plain &= self.is_a(item, Ty::Exception);
        }
        if class == Ty::BaseExceptionGroup.id() && all_plain {
            class = Ty::ExceptionGroup.id();
        } else if !all_plain && self.is_subclass(class, Ty::Exception.id()) == Some(true) {
            let message = if class == Ty::ExceptionGroup.id() {
                "Cannot nest BaseExceptions in an ExceptionGroup".to_owned()
            } else {
                let name = self.heap.class(class).name.clone();
                format!("Cannot nest BaseExceptions in '{name}'")
            };
            return Err(self.raise(Ty::TypeError, message));
        }
        let (message, exceptions) = (message.clone(), exceptions.clone());
        let group = self.bare_instance(class);
        let members = self.new_tuple(items);
        if let Some(id) = group.as_obj() {
            if let Some(data) = self.heap.exception_mut(id) {
                data.args = vec![message.clone(), exceptions];
            }
            if let Object::Instance(instance) = self.heap.get(id) {
                let dict = instance.dict;
                self.heap.dict_mut(dict).set_name("message", message);
                self.heap.dict_mut(dict).set_name("exceptions", members);
            }
        }
        Ok(group)
    }

    /// The exceptions of a group; nothing for any other exception.
    pub(crate) fn members(&self, exception: ObjId) -> Option<Vec<ObjId>> {
        let Object::Instance(instance) = self.heap.get(exception) else { return None };
        if self.is_subclass(instance.class, Ty::BaseExceptionGroup.id()) != Some(true) {
            return None;
        }
        let members = self.heap.dict(instance.dict).value_of("exceptions")?;
        Some(self.heap.tuple(members)?.iter().filter_map(Value::as_obj).collect())
    }

    fn group_message(&self, group: ObjId) -> Value {
        match self.heap.get(group) {
            Object::Instance(instance) => {
                self.heap.dict(instance.dict).value_of("message").cloned().unwrap_or(Value::None)
            }
            _ => Value::None,
        }
    }

    /// `str()` of a group.
    pub(crate) fn group_text(&mut self, group: ObjId) -> Option<Value> {
        let count = self.members(group)?.len();
        let message = self.group_message(group);
        let plural = if count == 1 { "" } else { "s" };
        Some(self.join_texts(&[message, Value::str(format!(" ({count} sub-exception{plural})"))]))
    }

    /// `group.split(condition)`: what is asked for and the rest.
    pub(crate) fn split_group(&mut self, group: ObjId, condition: &Value) -> Eval<(Value, Value)> {
        self.split(group, Wanted::Kind(condition))
    }

    /// `exceptiongroup_split_recursive` (`Objects/exceptions.c`).
    fn split(&mut self, exception: ObjId, wanted: Wanted<'_>) -> Eval<(Value, Value)> {
        self.tick()?;
        if self.is_wanted(exception, wanted)? {
            return Ok((Value::Obj(exception), Value::None));
        }
        let Some(members) = self.members(exception) else { return Ok((Value::None, Value::Obj(exception))) };
        let (mut matched, mut rest) = (Vec::new(), Vec::new());
        for member in members {
            let (a, b) = self.split(member, wanted)?;
            matched.extend((!a.is_none()).then_some(a));
            rest.extend((!b.is_none()).then_some(b));
        }
        Ok((self.derived(exception, matched)?, self.derived(exception, rest)?))
    }

    fn is_wanted(&mut self, exception: ObjId, wanted: Wanted<'_>) -> Eval<bool> {
        let value = Value::Obj(exception);
        let answer = match wanted {
            Wanted::Leaves(leaves) => return Ok(leaves.contains(&exception)),
            Wanted::Kind(kind) => match self.heap.of(kind) {
                Some(Object::Class(_) | Object::Tuple(_)) => return self.is_kind_of_exception(&value, kind),
                _ => self.call(kind, Args::of([value]))?,
            },
        };
        match self.truth(&answer)? {
            Ok(answer) => Ok(answer),
            Err(reason) => Err(Stop::Halt(reason)),
        }
    }

    fn is_kind_of_exception(&mut self, exception: &Value, kind: &Value) -> Eval<bool> {
        match self.match_exception(exception, kind)? {
            Value::Bool(answer) => Ok(answer),
            Value::Unknown(reason) => Err(Stop::Halt(reason)),
            _ => Ok(false),
        }
    }

    /// A part of a group, made by its `derive()`; `None` if nothing is left.
    fn derived(&mut self, group: ObjId, members: Vec<Value>) -> Eval<Value> {
        if members.is_empty() {
            return Ok(Value::None);
        }
        let list = self.new_list(members);
        let derive = self.get_attr(&Value::Obj(group), "derive")?;
        let part = self.call(&derive, Args::of([list]))?;
        let Some(data) = self.heap.exception(group).cloned() else { return Ok(part) };
        if let Some(id) = part.as_obj()
            && let Some(fresh) = self.heap.exception_mut(id)
        {
            fresh.cause = data.cause;
            fresh.context = data.context;
            fresh.suppress_context = data.suppress_context;
            fresh.trace = data.trace;
            fresh.part_of = Some(data.part_of.unwrap_or(group));
        }
        Ok(part)
    }

    /// `group.derive(exceptions)`
    pub(crate) fn derive_group(&mut self, group: ObjId, exceptions: Value) -> Eval<Value> {
        let message = self.group_message(group);
        self.new_group(Ty::BaseExceptionGroup.id(), &Args::of([message, exceptions]))
    }

    /// What a handler of `except*` takes of an exception, and what is left (`exception_group_match`, `Python/ceval.c`).
    pub(crate) fn match_star(&mut self, exception: &Value, kind: &Value) -> Eval<(Value, Value)> {
        let Some(id) = exception.as_obj() else { return Ok((Value::None, Value::None)) };
        let kinds = self.heap.tuple(kind).map_or_else(|| vec![kind.clone()], |items| items.to_vec());
        for kind in &kinds {
            if let Some(class) = kind.as_obj().filter(|&id| matches!(self.heap.get(id), Object::Class(_)))
                && self.is_subclass(class, Ty::BaseExceptionGroup.id()) == Some(true)
            {
                let message = "catching ExceptionGroup with except* is not allowed. Use except instead.";
                return Err(self.raise(Ty::TypeError, message));
            }
        }
        let is_group = self.members(id).is_some();
        if self.is_kind_of_exception(exception, kind)? {
            if is_group {
                return Ok((exception.clone(), Value::None));
            }
            let members = self.new_list(vec![exception.clone()]);
            let group = self.new_group(Ty::BaseExceptionGroup.id(), &Args::of([Value::str(""), members]))?;
            return Ok((group, Value::None));
        }
        if is_group { self.split(id, Wanted::Kind(kind)) } else { Ok((Value::None, exception.clone())) }
    }

    /// What is raised behind the handlers of `except*` (`_PyExc_PrepReraiseStar`, `Objects/exceptions.c`).
    pub(crate) fn join_star(&mut self, original: &Value, raised: &Value, rest: &Value) -> Eval<Value> {
        let raised = match self.collect(raised)? {
            Ok(items) => items,
            Err(reason) => return Err(Stop::Halt(reason)),
        };
        let Some(group) = original.as_obj() else { return Ok(Value::None) };
        if self.members(group).is_none() {
            return Ok(raised.into_iter().next().unwrap_or_else(|| rest.clone()));
        }
        let is_part = |machine: &Self, value: &Value| {
            value.as_obj().is_some_and(|id| {
                id == group || machine.heap.exception(id).is_some_and(|data| data.part_of == Some(group))
            })
        };
        let (again, mut fresh): (Vec<Value>, Vec<Value>) = raised.into_iter().partition(|value| is_part(self, value));
        let mut leaves = Vec::new();
        for part in again.iter().chain([rest]).filter_map(Value::as_obj) {
            self.leaves(part, &mut leaves);
        }
        let (left, _) =
            if leaves.is_empty() { (Value::None, Value::None) } else { self.split(group, Wanted::Leaves(&leaves))? };
        if !left.is_none() {
            fresh.push(left);
        }
        match fresh.len() {
            0 => Ok(Value::None),
            1 => Ok(fresh.remove(0)),
            _ => {
                let members = self.new_list(fresh);
                self.new_group(Ty::BaseExceptionGroup.id(), &Args::of([Value::str(""), members]))
            }
        }
    }

    fn leaves(&self, exception: ObjId, out: &mut Vec<ObjId>) {
        match self.members(exception) {
            Some(members) => members.into_iter().for_each(|member| self.leaves(member, out)),
            None => out.push(exception),
        }
    }

    /// Whether instances of a class are groups.
    pub(crate) fn makes_groups(&self, class: ObjId) -> bool {
        self.is_subclass(class, Ty::BaseExceptionGroup.id()) == Some(true)
    }

    /// The part of an instance that a builtin base gives it is a group's.
    pub(crate) fn is_group(&self, id: ObjId) -> bool {
        matches!(self.heap.get(id), Object::Instance(instance)
            if matches!(instance.payload, Payload::Exception(_)) && self.makes_groups(instance.class))
    }
}
