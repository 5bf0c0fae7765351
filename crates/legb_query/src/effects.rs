//! What happens while a module is imported, besides binding its names?
//!
//! Calls at module level, in class bodies, decorators and default values, each classified by what is called; and writes to
//! the environment, to `sys.path` and into other modules. What a function does when it is called is not looked into, nor is
//! what stands under the main guard, under `TYPE_CHECKING` or in a branch that the version never takes. Calls known to have
//! no effect outside of the value they return (`re.compile`, `namedtuple`, `frozenset`) are no effects.

mod callee;
mod known;
mod patterns;
mod walk;

pub(crate) use walk::main_guard;

use legb_scope::explain::Source;
use serde::{Serialize, Serializer};

/// What sort of thing an effect is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EffectKind {
    /// Writes to standard output.
    Print,
    /// Reads from the terminal.
    Input,
    /// Writes a log record.
    Log,
    /// Reads or writes files or folders.
    File,
    /// Opens a connection or listens.
    Network,
    /// Starts a thread.
    Thread,
    /// Starts or signals a process.
    Process,
    /// Changes environment variables.
    Environment,
    /// Changes where imports are looked for.
    SysPath,
    /// Changes something that the whole process shares: signal handlers, warning filters, the working directory.
    State,
    /// Changes another module from outside.
    Patch,
    /// Waits.
    Wait,
    /// Ends the process.
    Exit,
    /// Runs code given as text.
    Exec,
    /// Calls something whose effects are not known here.
    Call,
}

impl EffectKind {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Print => "print",
            Self::Input => "input",
            Self::Log => "log",
            Self::File => "file",
            Self::Network => "network",
            Self::Thread => "thread",
            Self::Process => "process",
            Self::Environment => "environment",
            Self::SysPath => "sys.path",
            Self::State => "state",
            Self::Patch => "patch",
            Self::Wait => "wait",
            Self::Exit => "exit",
            Self::Exec => "exec",
            Self::Call => "call",
        }
    }
}

impl Serialize for EffectKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// Something that happens while a module is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// Where, counted from 1.
    pub line: u32,
    /// Kind and code in one text: `print: print("loading")`.
    pub what: String,
    /// What sort of thing it is.
    pub kind: EffectKind,
    /// What is called or written, as the file writes it: `os.environ`.
    pub target: String,
}

/// The effects of importing a file, in the order of the text.
pub fn effects(source: &Source<'_>) -> Vec<Effect> {
    walk::effects(source)
}
