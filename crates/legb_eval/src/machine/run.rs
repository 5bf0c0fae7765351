//! The loop that runs a code block, one operation after the other.

use std::sync::Arc;

use super::{Eval, Machine, Running, Stop};
use crate::frame::{Frame, Protection, Woken};
use crate::heap::Object;
use crate::iterate::Next;
use crate::native::Args;
use crate::program::Op;
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

pub(super) fn pop_many(frame: &mut Frame, count: u32) -> Vec<Value> {
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
