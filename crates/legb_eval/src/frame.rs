//! A running code block: its variables, its stack, and what it protects.

use std::sync::Arc;

use crate::heap::Slot;
use crate::program::{Code, Target};
use crate::value::{ObjId, Value};

/// A handler that is pushed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Protection {
    pub(crate) handler: Target,
    /// How high the stack was.
    pub(crate) stack: usize,
    /// How many exceptions were being handled.
    pub(crate) handled: usize,
}

/// What a suspended code block is woken with.
#[derive(Clone, Debug)]
pub(crate) enum Woken {
    /// A value, which the `yield` gives.
    Sent(Value),
    /// An exception, which the `yield` raises.
    Thrown(ObjId),
}

/// A running code block.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) code: Arc<Code>,
    /// The next operation.
    pub(crate) pc: usize,
    pub(crate) stack: Vec<Value>,
    pub(crate) fast: Vec<Slot>,
    pub(crate) cells: Vec<ObjId>,
    pub(crate) protections: Vec<Protection>,
    /// Exceptions that are being handled, innermost last.
    pub(crate) handled: Vec<ObjId>,
    /// The exception handled by the code that called this.
    pub(crate) outer_handled: Option<ObjId>,
    pub(crate) globals: ObjId,
    /// The namespace of a module or class body.
    pub(crate) namespace: Option<ObjId>,
    /// `__setitem__` of the object that a class body binds its names in, if it is no plain dictionary.
    pub(crate) mapping: Option<Value>,
    /// What it has been woken with, if that has not been looked at yet.
    pub(crate) woken: Option<Woken>,
    /// The first argument, for `super()`.
    pub(crate) first: Option<Value>,
}

impl Frame {
    /// The exception that is being handled now.
    pub(crate) fn handling(&self) -> Option<ObjId> {
        self.handled.last().copied().or(self.outer_handled)
    }
}
