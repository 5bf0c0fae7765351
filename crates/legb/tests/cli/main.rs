//! The built binary, run on small projects in temporary folders: what it prints where, and how it exits.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_input;
mod check;
mod commands;
mod files;
mod project;
mod target;
mod transcripts;
