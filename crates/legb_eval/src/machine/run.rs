//! The loop that runs a code block, one operation after the other.

use std::sync::Arc;

use super::{Eval, Machine, Running, Stop};
use crate::frame::{Frame, Protection, Woken};
use crate::heap::Object;
use crate::iterate::Next;
use crate::native::Args;
use crate::program::Op;
use crate::ty::Ty;
use crate::value::{ObjId, Reason, Value};

/// How a stretch of a code block ended.
#[derive(Clone, Debug)]
pub(crate) enum Flow {
    Return(Value),
    /// A generator gives a value and waits, or a coroutine waits.
    Yield(Value),
    /// An asynchronous generator gives a value and waits.
    Given(Value),
    /// An unknown branch decides which value a generator gives next.
    Lost(Reason),
    /// The operation it was to stop at is next.
    Reached,
}

/// What follows an operation.
pub(super) enum Then {
    Go,
    Flow(Flow),
    /// An exception whose traceback already has this frame.
    Unwind(ObjId),
}

/// Where a stretch of a code block stops.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stretch {
    pub(super) until: [Option<usize>; 2],
    /// Handlers pushed before the stretch are not its own.
    pub(super) floor: usize,
}

/// The top of the stack.
pub(super) fn pop(frame: &mut Frame) -> Value {
    frame.stack.pop().expect("invariant: programs push before they pop")
}

fn pop_many(frame: &mut Frame, count: u32) -> Vec<Value> {
    let at = frame.stack.len() - count as usize;
    frame.stack.split_off(at)
}

/// The exception that a `yield` is to raise; `yield from` hands it on first.
fn thrown_in(frame: &mut Frame) -> Option<ObjId> {
    if frame.code.ops.get(frame.pc) == Some(&Op::YieldFrom) {
        return None;
    }
    match frame.woken.take() {
        Some(Woken::Thrown(exception)) => Some(exception),
        _ => None,
    }
}

/// Texts up to so many bytes cost nothing extra.
const LONG: usize = 1024;

/// Calls inside calls that no version stops.
const SHALLOW: usize = 300;

impl Machine<'_> {
    /// Runs a frame to its end, or to the next `yield`.
    pub(crate) fn run(&mut self, frame: &mut Frame) -> Eval<Flow> {
        if self.running.len() == SHALLOW {
            // Calls of the interpreter count too, and not alike in all versions.
            self.doubt_about_words("so deep a recursion that the interpreter may stop it");
        }
        self.running.push(Running {
            code: Arc::clone(&frame.code),
            offset: frame.code.start,
            globals: frame.globals,
            handling: frame.handling(),
            is_guarded: false,
        });
        let result = self.stretch(frame, Stretch::default());
        self.running.pop();
        result
    }

    /// Runs a frame that is the innermost one.
    pub(super) fn stretch(&mut self, frame: &mut Frame, stretch: Stretch) -> Eval<Flow> {
        let outer = std::mem::replace(&mut self.floor, stretch.floor);
        let result = self.steps(frame, stretch);
        self.floor = outer;
        result
    }

    fn steps(&mut self, frame: &mut Frame, stretch: Stretch) -> Eval<Flow> {
        let code = Arc::clone(&frame.code);
        let mut thrown = thrown_in(frame);
        loop {
            if let Some(exception) = thrown.take() {
                self.note_trace(frame, exception, code.offsets[frame.pc - 1]);
                if frame.protections.len() <= stretch.floor {
                    return Err(Stop::Raise(exception));
                }
                self.enter_handler(frame, &Err(Stop::Raise(exception)));
            }
            if stretch.until.contains(&Some(frame.pc)) {
                return Ok(Flow::Reached);
            }
            self.tick()?;
            self.charge(frame)?;
            let op = code.ops[frame.pc];
            if let Some(running) = self.running.last_mut() {
                running.offset = code.offsets[frame.pc];
                running.is_guarded = !frame.protections.is_empty();
            }
            frame.pc += 1;
            let raised = match self.step(frame, op) {
                Ok(Then::Go) => continue,
                Ok(Then::Flow(flow)) => return Ok(flow),
                Ok(Then::Unwind(exception)) => exception,
                Err(Stop::Raise(exception)) => {
                    // A bare `raise` adds no line, and neither does what goes on raising behind a `finally`.
                    let again = matches!(op, Op::Reraise | Op::Raise(0));
                    if !again || self.heap.exception(exception).is_some_and(|data| data.trace.is_empty()) {
                        self.note_trace(frame, exception, code.offsets[frame.pc - 1]);
                    }
                    exception
                }
                Err(halt) => return Err(halt),
            };
            if frame.protections.len() <= stretch.floor {
                return Err(Stop::Raise(raised));
            }
            self.enter_handler(frame, &Err(Stop::Raise(raised)));
        }
    }

    /// What is done with a long text or a large number costs more than one step.
    fn charge(&mut self, frame: &Frame) -> Eval<()> {
        let mut size = 0;
        for value in frame.stack.iter().rev().take(2) {
            size += match value {
                Value::Str(text) => text.len(),
                Value::Bytes(bytes) => bytes.len(),
                // Multiplication is worse than linear.
                Value::Big(number) => usize::try_from(number.bits() / 8).unwrap_or(usize::MAX).saturating_mul(16),
                _ => 0,
            };
        }
        if size > LONG { self.spend(size / 64) } else { Ok(()) }
    }

    /// Takes an exception to the innermost handler of the code block.
    pub(super) fn enter_handler(&mut self, frame: &mut Frame, outcome: &Eval<Flow>) {
        let (Err(Stop::Raise(raised)), Some(Protection { handler, stack, handled })) =
            (outcome, frame.protections.pop())
        else {
            return;
        };
        frame.stack.truncate(stack);
        frame.handled.truncate(handled);
        self.now_handling(frame);
        frame.stack.push(Value::Obj(*raised));
        frame.pc = handler as usize;
    }

    pub(super) fn now_handling(&mut self, frame: &Frame) {
        if let Some(running) = self.running.last_mut() {
            running.handling = frame.handling();
        }
    }

    fn step(&mut self, frame: &mut Frame, op: Op) -> Eval<Then> {
        match op {
            Op::Const(index) => frame.stack.push(frame.code.constants[index as usize].clone()),
            Op::Pop => {
                pop(frame);
            }
            Op::Dup => {
                let top = pop(frame);
                frame.stack.extend([top.clone(), top]);
            }
            Op::Dup2 => {
                let (b, a) = (pop(frame), pop(frame));
                frame.stack.extend([a.clone(), b.clone(), a, b]);
            }
            Op::Swap => {
                let (b, a) = (pop(frame), pop(frame));
                frame.stack.extend([b, a]);
            }
            Op::Rot3 => {
                let (c, b, a) = (pop(frame), pop(frame), pop(frame));
                frame.stack.extend([c, a, b]);
            }
            Op::LoadTemp(slot) | Op::LoadFast(slot) => {
                let value = self.load_fast(frame, slot as usize)?;
                frame.stack.push(value);
            }
            Op::StoreTemp(slot) | Op::StoreFast(slot) => {
                let value = pop(frame);
                frame.fast[slot as usize] = crate::heap::Slot::Bound(value);
            }
            Op::DelFast(slot) => self.delete_fast(frame, slot as usize)?,
            Op::LoadCell(cell) => {
                let value = self.load_cell(frame, cell as usize)?;
                frame.stack.push(value);
            }
            Op::StoreCell(cell) => {
                let value = pop(frame);
                *self.heap.write(frame.cells[cell as usize]) = Object::Cell(crate::heap::Slot::Bound(value));
            }
            Op::DelCell(cell) => self.delete_cell(frame, cell as usize)?,
            Op::LoadGlobal(name) => {
                let value = self.load_global(frame, name)?;
                frame.stack.push(value);
            }
            Op::LoadName(name) => {
                let value = self.load_name(frame, name)?;
                frame.stack.push(value);
            }
            Op::LoadClassFree(name, cell) => {
                let value = self.load_class_free(frame, name, cell as usize)?;
                frame.stack.push(value);
            }
            Op::StoreGlobal(name) => {
                let value = pop(frame);
                let name = Arc::clone(&frame.code.names[name as usize]);
                self.heap.dict_mut(frame.globals).set_name(&name, value);
            }
            Op::StoreName(name) => {
                let value = pop(frame);
                let name = Arc::clone(&frame.code.names[name as usize]);
                match frame.mapping.clone() {
                    Some(bind) => {
                        self.call(&bind, Args::of([Value::Str(name), value]))?;
                    }
                    None => self.heap.dict_mut(frame.namespace.unwrap_or(frame.globals)).set_name(&name, value),
                }
            }
            Op::DelGlobal(name) => self.delete_name(frame, name, frame.globals)?,
            Op::DelName(name) => self.delete_name(frame, name, frame.namespace.unwrap_or(frame.globals))?,
            Op::LoadAttr(name) => {
                let object = pop(frame);
                let name = Arc::clone(&frame.code.names[name as usize]);
                let value = self.get_attr(&object, &name)?;
                frame.stack.push(value);
            }
            Op::StoreAttr(name) => {
                let (object, value) = (pop(frame), pop(frame));
                let name = Arc::clone(&frame.code.names[name as usize]);
                self.set_attr(&object, &name, value)?;
            }
            Op::DelAttr(name) => {
                let object = pop(frame);
                let name = Arc::clone(&frame.code.names[name as usize]);
                self.del_attr(&object, &name)?;
            }
            Op::Subscript => {
                let (key, container) = (pop(frame), pop(frame));
                let value = self.get_item(&container, &key)?;
                frame.stack.push(value);
            }
            Op::StoreSubscript => {
                let (key, container, value) = (pop(frame), pop(frame), pop(frame));
                self.set_item(&container, &key, value)?;
            }
            Op::DelSubscript => {
                let (key, container) = (pop(frame), pop(frame));
                self.del_item(&container, &key)?;
            }
            Op::Call { positional, keywords } => {
                let names: Box<[Arc<str>]> =
                    keywords.map_or_else(Box::default, |list| frame.code.name_lists[list as usize].clone());
                let values = pop_many(frame, u32::try_from(names.len()).unwrap_or(0));
                let keywords = names.iter().cloned().zip(values).collect();
                let positional = pop_many(frame, positional);
                let callee = pop(frame);
                let value = self.call_from(frame, &callee, Args { positional, keywords })?;
                frame.stack.push(value);
            }
            Op::CallSpread { keywords } => {
                let keywords = if keywords { Some(pop(frame)) } else { None };
                let (list, callee) = (pop(frame), pop(frame));
                let value = self.call_spread(frame, &callee, &list, keywords.as_ref())?;
                frame.stack.push(value);
            }
            Op::Jump(target) => frame.pc = target as usize,
            Op::JumpIfFalse(_) | Op::JumpIfTrue(_) | Op::JumpIfFalseOrPop(_) | Op::JumpIfTrueOrPop(_) => {
                return self.jump_if(frame, op);
            }
            Op::ForIter(target) => return self.for_iter(frame, target as usize),
            Op::Return => return Ok(Then::Flow(Flow::Return(pop(frame)))),
            Op::Yield if frame.code.is_coroutine => return Ok(Then::Flow(Flow::Given(pop(frame)))),
            Op::Yield => return Ok(Then::Flow(Flow::Yield(pop(frame)))),
            Op::YieldFrom => return self.yield_from(frame),
            Op::GetANext(_) => return self.async_next(frame),
            Op::MakeFunction { code, defaults, kwdefaults, annotations } => {
                self.make_function(frame, code, [defaults, kwdefaults, annotations]);
            }
            Op::BuildClass { name, is_generic } => {
                let (keywords, bases, body) = (pop(frame), pop(frame), pop(frame));
                let name = Arc::clone(&frame.code.names[name as usize]);
                if is_generic {
                    let generic = self.generic_class();
                    self.list_append(&bases, Value::Obj(generic));
                }
                let class = self.build_class(&name, &body, &bases, &keywords)?;
                frame.stack.push(class);
            }
            Op::PushHandler(handler) => {
                frame.protections.push(Protection { handler, stack: frame.stack.len(), handled: frame.handled.len() });
            }
            Op::PopHandler => {
                frame.protections.pop();
            }
            Op::EnterHandler => {
                if let Value::Obj(exception) = pop(frame) {
                    frame.handled.push(exception);
                    self.now_handling(frame);
                }
            }
            Op::ExitHandler => {
                frame.handled.pop();
                self.now_handling(frame);
            }
            Op::Raise(count) => return Err(self.raise_statement(frame, count)),
            Op::Reraise => {
                if let Value::Obj(exception) = pop(frame) {
                    return Err(Stop::Raise(exception));
                }
            }
            _ => return self.step_value(frame, op),
        }
        Ok(Then::Go)
    }

    /// Operations on values.
    fn step_value(&mut self, frame: &mut Frame, op: Op) -> Eval<Then> {
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
    fn step_container(&mut self, frame: &mut Frame, op: Op) -> Eval<Then> {
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

    fn jump_if(&mut self, frame: &mut Frame, op: Op) -> Eval<Then> {
        let (Op::JumpIfFalse(target)
        | Op::JumpIfTrue(target)
        | Op::JumpIfFalseOrPop(target)
        | Op::JumpIfTrueOrPop(target)) = op
        else {
            return Ok(Then::Go);
        };
        let when = matches!(op, Op::JumpIfTrue(_) | Op::JumpIfTrueOrPop(_));
        let keeps = matches!(op, Op::JumpIfFalseOrPop(_) | Op::JumpIfTrueOrPop(_));
        let condition = pop(frame);
        match self.truth(&condition)? {
            Ok(truth) => {
                if truth == when {
                    frame.pc = target as usize;
                    if keeps {
                        frame.stack.push(condition);
                    }
                }
                Ok(Then::Go)
            }
            Err(reason) => self.branch(frame, target as usize, keeps.then_some(condition), reason),
        }
    }

    fn for_iter(&mut self, frame: &mut Frame, exit: usize) -> Eval<Then> {
        let iterator = frame.stack.last().cloned().unwrap_or(Value::None);
        match self.next(&iterator)? {
            Next::Item(value) => frame.stack.push(value),
            Next::End => {
                pop(frame);
                frame.pc = exit;
            }
            Next::Unknown(reason) => return self.unknown_loop(frame, exit, reason),
        }
        Ok(Then::Go)
    }
}
