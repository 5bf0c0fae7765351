//! Operations on values: building, computing, comparing, unpacking, and adding to containers below on the stack.

use std::sync::Arc;

use super::run::{Then, pop, pop_many};
use super::{Eval, Machine, Stop};
use crate::frame::Frame;
use crate::heap::Object;
use crate::native::Args;
use crate::program::Op;
use crate::ty::Ty;
use crate::value::Value;

impl Machine<'_> {
    /// Operations on values.
    pub(super) fn step_value(&mut self, frame: &mut Frame, op: Op) -> Eval<Then> {
        let value = match op {
            Op::BuildTuple(count) => {
                let items = pop_many(frame, count);
                self.new_tuple(items)
            }
            Op::BuildList(count) => {
                let items = pop_many(frame, count);
                self.new_list(items)
            }
            Op::BuildSet(count) => {
                let items = pop_many(frame, count);
                self.new_set(items, false)?
            }
            Op::BuildDict(count) => {
                let items = pop_many(frame, count * 2);
                let dict = self.new_dict();
                for pair in items.chunks_exact(2) {
                    self.dict_set(dict, &pair[0], pair[1].clone())?;
                }
                Value::Obj(dict)
            }
            Op::BuildSlice(parts) => {
                let step = if parts == 3 { pop(frame) } else { Value::None };
                let (stop, start) = (pop(frame), pop(frame));
                Value::Obj(self.heap.alloc(Object::Slice(Box::new([start, stop, step]))))
            }
            Op::BuildString(count) => {
                let parts = pop_many(frame, count);
                self.join_texts(&parts)
            }
            Op::Format { conversion, spec } => {
                let spec = if spec { pop(frame) } else { Value::str("") };
                let value = pop(frame);
                self.format_field(&value, conversion, &spec)?
            }
            Op::ListToTuple => {
                let list = pop(frame);
                self.list_to_tuple(&list)
            }
            Op::Unary(op) => {
                let value = pop(frame);
                self.unary(op, &value)?
            }
            Op::Not => {
                let value = pop(frame);
                match self.truth(&value)? {
                    Ok(truth) => Value::Bool(!truth),
                    Err(reason) => Value::Unknown(reason),
                }
            }
            Op::Binary(op) => {
                let (b, a) = (pop(frame), pop(frame));
                self.binary(op, &a, &b)?
            }
            Op::InPlace(op) => {
                let (b, a) = (pop(frame), pop(frame));
                self.in_place(op, &a, &b)?
            }
            Op::Compare(op) => {
                let (b, a) = (pop(frame), pop(frame));
                self.compare(op, &a, &b)?
            }
            Op::Is(negated) => {
                let (b, a) = (pop(frame), pop(frame));
                match self.is_identical(&a, &b) {
                    Ok(same) => Value::Bool(same != negated),
                    Err(reason) => Value::Unknown(reason),
                }
            }
            Op::Contains(negated) => {
                let (container, item) = (pop(frame), pop(frame));
                match self.contains(&container, &item)? {
                    Ok(found) => Value::Bool(found != negated),
                    Err(reason) => Value::Unknown(reason),
                }
            }
            Op::GetIter => {
                let value = pop(frame);
                self.iter(&value)?
            }
            Op::GetYieldFromIter => {
                let value = pop(frame);
                if self.is_a(&value, Ty::Generator) { value } else { self.iter(&value)? }
            }
            Op::GetAwaitable => {
                let value = pop(frame);
                self.awaitable(&value)?
            }
            Op::GetAIter => {
                let value = pop(frame);
                self.async_iter(&value)?
            }
            Op::MatchAsyncEnd => {
                let exception = pop(frame);
                Value::Bool(self.is_a(&exception, Ty::StopAsyncIteration))
            }
            Op::MatchStar => {
                let (pattern, exception) = (pop(frame), pop(frame));
                let (matched, rest) = self.match_star(&exception, &pattern)?;
                frame.stack.push(rest);
                matched
            }
            Op::JoinStar => {
                let (rest, raised, original) = (pop(frame), pop(frame), pop(frame));
                self.join_star(&original, &raised, &rest)?
            }
            Op::MatchException => {
                let (pattern, exception) = (pop(frame), pop(frame));
                self.match_exception(&exception, &pattern)?
            }
            Op::Assert { message } => {
                let args = if message { vec![pop(frame)] } else { Vec::new() };
                let exception = self.new_exception(Ty::AssertionError, args);
                self.set_context(frame, exception);
                return Err(Stop::Raise(exception));
            }
            Op::Import { name, from, level } => self.import_statement(frame, name, from, level)?,
            Op::ImportFrom(name) => {
                let module = frame.stack.last().cloned().unwrap_or(Value::None);
                let name = Arc::clone(&frame.code.names[name as usize]);
                self.import_from(&module, &name)?
            }
            Op::ImportAttr(name) => {
                let module = pop(frame);
                let name = Arc::clone(&frame.code.names[name as usize]);
                self.import_from(&module, &name)?
            }
            Op::LazyImport { name, attribute, level, .. } => self.lazy_import(frame, name, attribute, level)?,
            Op::MatchSequence => {
                let subject = pop(frame);
                self.is_sequence_pattern(&subject)
            }
            Op::MatchMapping => {
                let subject = pop(frame);
                self.is_mapping_pattern(&subject)
            }
            Op::GetLen => {
                let subject = pop(frame);
                self.len(&subject)?
            }
            Op::MatchKeys => {
                let (keys, subject) = (pop(frame), pop(frame));
                self.match_keys(&subject, &keys)?
            }
            Op::MatchRest => {
                let (keys, subject) = (pop(frame), pop(frame));
                self.match_rest(&subject, &keys)?
            }
            Op::MatchClass { positional, keywords } => {
                let (class, subject) = (pop(frame), pop(frame));
                let keywords = frame.code.name_lists[keywords as usize].clone();
                self.match_class(&subject, &class, positional as usize, &keywords)?
            }
            Op::Opaque { reason, pops, doubt } => {
                pop_many(frame, pops);
                let text = Arc::clone(&frame.code.names[reason as usize]);
                let reason = self.reason(&*text);
                if doubt {
                    self.doubt_because(reason);
                }
                Value::Unknown(reason)
            }
            _ => return self.step_container(frame, op),
        };
        frame.stack.push(value);
        Ok(Then::Go)
    }

    /// Operations that add to a container below, unpack, or enter and leave context managers.
    pub(super) fn step_container(&mut self, frame: &mut Frame, op: Op) -> Eval<Then> {
        let below = |frame: &Frame, depth: u32| frame.stack[frame.stack.len() - depth as usize].clone();
        match op {
            Op::ListAppend(depth) => {
                let value = pop(frame);
                let list = below(frame, depth);
                self.list_append(&list, value);
            }
            Op::SetAdd(depth) => {
                let value = pop(frame);
                let set = below(frame, depth);
                self.set_add(&set, &value)?;
            }
            Op::MapAdd(depth) => {
                let (value, key) = (pop(frame), pop(frame));
                if let Value::Obj(dict) = below(frame, depth - 1) {
                    self.dict_set(dict, &key, value)?;
                }
            }
            Op::ListExtend(depth) => {
                let value = pop(frame);
                let list = below(frame, depth);
                self.list_display(&list, &value)?;
            }
            Op::SetUpdate(depth) => {
                let value = pop(frame);
                let set = below(frame, depth);
                self.set_update(&set, &value)?;
            }
            Op::DictUpdate(depth) => {
                let value = pop(frame);
                if let Value::Obj(dict) = below(frame, depth) {
                    self.dict_display(dict, &value)?;
                }
            }
            Op::DictMerge(depth) => {
                let value = pop(frame);
                if let Value::Obj(dict) = below(frame, depth) {
                    self.dict_merge(dict, &value)?;
                }
            }
            Op::UnpackSequence(count) => {
                let value = pop(frame);
                let items = self.unpack(&value, count as usize)?;
                frame.stack.extend(items.into_iter().rev());
            }
            Op::UnpackEx(before, after) => {
                let value = pop(frame);
                let items = self.unpack_star(&value, before as usize, after as usize)?;
                frame.stack.extend(items.into_iter().rev());
            }
            Op::Annotate(name) => {
                let value = pop(frame);
                let name = Arc::clone(&frame.code.names[name as usize]);
                self.annotate(frame, &name, value);
            }
            Op::WithEnter { is_async } => {
                let manager = pop(frame);
                let names = if is_async { ["__aenter__", "__aexit__"] } else { ["__enter__", "__exit__"] };
                let (exit, result) = self.with_enter(&manager, names)?;
                frame.stack.extend([exit, result]);
            }
            Op::WithExit => {
                let exit = pop(frame);
                let result = self.call(&exit, Args::of([Value::None, Value::None, Value::None]))?;
                frame.stack.push(result);
            }
            Op::WithExcept => {
                let (exception, exit) = (pop(frame), pop(frame));
                let swallowed = self.with_except(&exit, &exception)?;
                frame.stack.push(swallowed);
            }
            Op::ImportStar => {
                let module = pop(frame);
                self.import_star(frame, &module)?;
            }
            _ => unreachable!("invariant: every operation is run by one of the steps, not {op:?}"),
        }
        Ok(Then::Go)
    }
}
