//! The commands, one file each.

pub(crate) mod api;
pub(crate) mod cache;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod contracts;
pub(crate) mod cycles;
pub(crate) mod definition;
pub(crate) mod explain;
pub(crate) mod graph;
pub(crate) mod imports;
pub(crate) mod logs;
pub(crate) mod manual;
pub(crate) mod modules;
pub(crate) mod overview;
pub(crate) mod predict;
pub(crate) mod references;
pub(crate) mod rename;
pub(crate) mod resolve;
pub(crate) mod rule;
pub(crate) mod scopes;
pub(crate) mod simulate;
pub(crate) mod tour;
pub(crate) mod verify;
