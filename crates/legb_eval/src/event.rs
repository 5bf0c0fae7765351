//! What happened, in the order in which it happened: modules, prints, reads of names.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::value::Reason;

/// What happened to a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Its body starts.
    Begin,
    /// Its body ended.
    End,
    /// An import found it in `sys.modules` before its body had ended.
    Found,
    /// Its body raised; it is removed from `sys.modules`.
    Fail,
}

/// A file and a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The file, as the program sees it.
    pub path: Arc<str>,
    /// The line, from 1.
    pub line: u32,
}

/// A step of a first-party module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleStep {
    /// What happened.
    pub step: Step,
    /// The module's name in `sys.modules`.
    pub module: Arc<str>,
    /// The import that led to it; none for what was started from outside.
    pub by: Option<At>,
}

/// Text that a call of `print` wrote.
#[derive(Clone, Debug)]
pub(crate) struct Printed {
    /// Offset of the call.
    pub(crate) at: u32,
    pub(crate) path: Arc<str>,
    /// The text with its line ending; none where it is unknown.
    pub(crate) text: Result<String, Reason>,
    /// Places in the text that differ from run to run: addresses.
    pub(crate) is_pattern: bool,
    pub(crate) names: Vec<NameRead>,
}

/// A name that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameRead {
    pub(crate) name: Arc<str>,
    /// `L`, `E`, `G` or `B`.
    pub(crate) scope: char,
    pub(crate) because: String,
}

/// Everything that happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Events {
    pub(crate) modules: Vec<ModuleStep>,
    pub(crate) prints: Vec<Printed>,
    /// The last read of a name at an offset of the main file.
    pub(crate) reads: FxHashMap<(Arc<str>, u32), NameRead>,
    /// Whether reads are kept.
    pub(crate) keep_reads: bool,
    /// Output that no `print` of the source wrote, such as that of `sys.stdout.write`.
    pub(crate) other_output: Option<Reason>,
}
