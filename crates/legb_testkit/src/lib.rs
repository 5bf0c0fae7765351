//! Test support: the fixture runner and generators of random programs.

pub mod fixture;
pub mod flow_program;
pub mod program;
mod random;
