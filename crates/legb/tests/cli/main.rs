//! The built binary, run on small projects in temporary folders: what it prints where, and how it exits.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api;
mod bad_input;
mod check;
mod check_project;
mod commands;
mod config;
mod contracts;
mod cycles;
mod explain;
mod files;
mod fixes;
mod graph;
mod logs;
mod logs_input;
mod logs_reasons;
mod modules;
mod navigate;
mod packaging;
mod project;
mod reference;
mod resolve;
mod target;
mod tour;
mod transcripts;
mod verify;
