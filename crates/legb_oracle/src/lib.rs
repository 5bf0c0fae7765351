//! What does a real CPython say? Finds interpreters, runs scripts of ours in them, and returns typed rows.
//!
//! An *interpreter* is a `python3.X` of this machine, or a CPython compiled to WebAssembly that Node runs. A *script* is one
//! of the Python files beside this module; it answers one request (a source file) with one row of JSON. Files that are asked
//! about are compiled, never executed; [`watch`](mod@watch) alone runs a program, because it is asked to.
//!
//! Answers are typed; what they are compared with is for others to make.

pub mod compare;
pub mod interpreter;
pub mod recorded;
pub mod run;
pub mod watch;
pub mod wire;

pub use interpreter::{Interpreter, Missing, find};
pub use run::{Request, RunError, Script, Session};
