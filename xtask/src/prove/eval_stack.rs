//! A thread with room for the calls of evaluated programs, which nest as calls of the evaluator.

use std::thread;

use anyhow::{Context, anyhow};

/// Runs `work` with a gigabyte of stack, of which only what is used takes memory.
pub(super) fn with_stack<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> anyhow::Result<R> {
    let thread = thread::Builder::new().stack_size(1 << 30).spawn(work).context("cannot start a thread")?;
    thread.join().map_err(|_| anyhow!("the evaluator failed"))
}
