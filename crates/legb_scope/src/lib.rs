//! The scope of every name in one file, as CPython decides it, and where each is bound.
//!
//! Three passes, each over flat tables: [`collect`](crate::Analyzer) walks the syntax tree once and records scopes, symbols
//! and references in the order of `Python/symtable.c`; `resolve` gives every symbol its place (local, cell, free, global)
//! as `analyze_block` does; `flow` decides for every read whether its variable is bound there. What comes out are
//! [`FileFacts`], which all views read: [`symtable`] prints CPython's own tables, the rules and explanations ask the rest.
//!
//! Nothing here knows another file: which module an import loads, and what it binds there, is not asked.

pub mod builtins;
mod collect;
mod compile_errors;
pub mod explain;
pub mod facts;
mod flow;
pub mod names;
pub mod picture;
mod resolve;
pub mod summary;
pub mod symtable;
pub mod tree;

pub use collect::Analyzer;
pub use facts::{
    Branch, BranchKind, Cause, FileFacts, Flow, FlowIssue, Import, ImportFlags, ImportId, ModuleFacts, Place, RefFlags,
    RefId, RefKind, Reference, Scope, ScopeFlags, ScopeId, ScopeKind, Symbol, SymbolFlags, SymbolId, Witness,
};
pub use summary::{
    AttributeSite, Change, ImportSite, ModuleFlags, ModuleSummary, SiteFlags, SummaryScratch, calls_changing_method,
};
