//! Which places of a project mean the same variable?
//!
//! A *variable* is what Python has one value for at a time: a name of a module, or a name of one function, class or
//! comprehension in it. In its own file the facts say which mentions mean it. Across files imports are followed: those that
//! bind another name to the same thing, attributes of what is certainly that module, the texts of `__all__`, and keywords of
//! calls whose function is known.
//!
//! ```python
//! # a.py                # b.py
//! limit = 3             from a import limit as most
//! def low(n):           import a
//!     return n < limit  print(a.limit, most)     # both mean the `limit` of a.py
//! ```
//!
//! What may mean it, and may not, is told apart, with the reason. Nothing is run, and attributes of values that are no modules
//! are not followed.

mod cursor;
mod meaning;
mod mentions;
mod program;
mod search;
mod walk;

use std::sync::Arc;

use legb_base::{Certainty, Span};
use legb_graph::ModuleId;
use legb_scope::SymbolId;

pub use cursor::{Cursor, NoCursor};
pub use mentions::{Call, Chain, Mentions, Text, TextRole};
pub use program::Program;
pub(crate) use search::{definition_of, parameter_of};

/// Something that has one value at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Variable {
    /// A name of a module, whether the module binds it or others do.
    Global {
        /// The module.
        module: ModuleId,
        /// The name.
        name: Arc<str>,
    },
    /// A name of a function, class, comprehension or the like.
    Local {
        /// The module whose file holds it.
        module: ModuleId,
        /// The symbol that holds it.
        symbol: SymbolId,
    },
}

impl Variable {
    /// A name of a module.
    pub fn global(module: ModuleId, name: &str) -> Self {
        Self::Global { module, name: name.into() }
    }

    /// The module whose file holds it.
    pub fn module(&self) -> ModuleId {
        match self {
            Self::Global { module, .. } | Self::Local { module, .. } => *module,
        }
    }
}

/// What a mention means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// A variable of the project.
    Variable(Variable),
    /// A module of the project.
    Module(ModuleId),
    /// A module outside of the project, or a name of one.
    Outside {
        /// The module, dotted.
        module: String,
        /// The name taken from it.
        name: Option<String>,
    },
    /// A name of `builtins`.
    Builtin(String),
    /// Nothing that can be told, and why.
    Unknown(String),
}

/// What a mention does with the variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Use {
    /// Gives it a value, in the way that the facts name: assignment, `def`, parameter.
    Bind(legb_scope::RefKind),
    /// Reads it.
    Read,
    /// Assigns it from outside: `m.x = …`.
    Write,
    /// Deletes it.
    Delete,
    /// Says whose it is: `global x`, `nonlocal x`, `x: int`.
    Declare,
    /// Takes it from its module: `x` of `from m import x as y`.
    Import,
    /// Names it in a text of `__all__`.
    Export,
    /// Names it in an annotation that is a text.
    Annotation,
    /// Names it in another text: `getattr(m, "x")`.
    Text,
    /// Gives a parameter its value in a call: `f(x=1)`.
    Keyword,
}

impl Use {
    /// The word for it in data and in text.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bind(kind) => legb_scope::explain::binding_word(kind),
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
            Self::Declare => "declaration",
            Self::Import => "import",
            Self::Export => "export",
            Self::Annotation => "annotation",
            Self::Text => "text",
            Self::Keyword => "keyword",
        }
    }
}

/// A place that means a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The module whose file holds the place.
    pub module: ModuleId,
    /// The name there, without quotes.
    pub span: Span,
    /// What it does.
    pub usage: Use,
    /// The variable that it mentions itself: the one asked about, or one that an import binds to the same thing.
    pub variable: Variable,
    /// Whether it certainly mentions its own variable, even where that one may be another than the one asked about.
    pub is_direct: bool,
    /// Whether it certainly means what was asked about.
    pub certainty: Certainty,
    /// Why it may mean something else.
    pub reason: Option<String>,
}

/// How far imports are followed to other names of the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// To every name.
    All,
    /// Only as long as the name stays the same: behind `from m import x as y` there is another name.
    SameName,
}

/// All places that mean a variable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Occurrences {
    /// The places, sorted by file and place.
    pub places: Vec<Occurrence>,
    /// The variables that imports bind to the same thing, the one asked about first, and how certainly.
    pub variables: Vec<(Variable, Certainty)>,
}
