//! Test support: the fixture runner and generators of random programs.

pub mod contracts;
pub mod fixture;
pub mod flow_program;
pub mod import_layout;
pub mod import_program;
pub mod log_text;
pub mod program;
mod random;
