//! Test support: the fixture runner and generators of random programs.

pub mod contracts;
pub mod eval_cycle;
pub mod eval_program;
pub mod fixture;
pub mod flow_program;
pub mod import_layout;
pub mod import_program;
mod line;
pub mod log_text;
pub mod merge_laws;
pub mod program;
pub mod random;
pub mod transcript;
