//! What is promised about `legb logs`: formats, tracebacks, speed, following, and that no input breaks it.

pub(super) mod follow;
pub(super) mod formats;
pub(super) mod fuzz;
pub(super) mod reasons;
pub(super) mod speed;
pub(super) mod tracebacks;
mod truth;
