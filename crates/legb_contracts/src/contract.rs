//! What a contract demands, as it was read from configuration.
//!
//! Names of modules are as they were written; whether there are such modules is asked when the contract is checked.

use std::fmt;

use globset::GlobSet;
use regex::Regex;

use crate::expression::{ImportExpression, ModuleExpression};
use crate::imports::Scope;

/// A place in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as it is printed.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// Something that is wrong with the configuration, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// Where.
    pub place: Place,
    /// What, in a sentence.
    pub message: String,
    /// What to do, in a sentence.
    pub help: Option<String>,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\n  help: {help}"))
    }
}

/// Something written in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written<T> {
    /// What it says.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

/// A contract.
#[derive(Clone, Debug)]
pub struct Contract {
    /// By what the command line names it, besides its name.
    pub id: Option<String>,
    /// What people call it.
    pub name: String,
    /// Where it is written.
    pub place: Place,
    /// Which imports count.
    pub scope: Scope,
    /// What it demands.
    pub demand: Demand,
    /// Imports that are as if they were not there.
    pub ignored: Vec<Written<ImportExpression>>,
    /// What becomes of an ignored import that does not exist.
    pub unmatched: Alert,
    /// What its authors want to tell whoever breaks it.
    pub guidance: Option<String>,
}

impl Contract {
    /// Whether `word` names it.
    pub fn is_called(&self, word: &str) -> bool {
        self.name == word || self.id.as_deref() == Some(word)
    }
}

/// How loud to be about something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alert {
    /// The contract cannot be checked.
    Error,
    /// A warning.
    Warn,
    /// Nothing.
    Silent,
}

/// What a contract demands.
#[derive(Clone, Debug)]
pub enum Demand {
    /// Higher layers may import lower ones, not the other way round.
    Layers(Layers),
    /// Some modules must not import others.
    Forbidden(Forbidden),
    /// Modules must not import each other.
    Independence(Independence),
    /// The children of a package must not import each other in a circle.
    AcyclicSiblings(AcyclicSiblings),
    /// Only some modules may import others.
    Protected(Protected),
    /// From outside, only what a package exports may be imported.
    Interface(Interface),
    /// Each module of `tach.toml` imports what it says it does.
    Dependencies(Box<Boundaries>),
    /// Each module of `tach.toml` is used through its interface.
    Exposure(Box<Boundaries>),
    /// The modules of `tach.toml` say of no circle that they depend on each other.
    Declarations(Box<Boundaries>),
}

impl Demand {
    /// The kind of the contract, as configuration calls it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Layers(_) => "layers",
            Self::Forbidden(_) => "forbidden",
            Self::Independence(_) => "independence",
            Self::AcyclicSiblings(_) => "acyclic_siblings",
            Self::Protected(_) => "protected",
            Self::Interface(_) => "interface",
            Self::Dependencies(_) => "tach-dependencies",
            Self::Exposure(_) => "tach-interfaces",
            Self::Declarations(_) => "tach-circular-dependencies",
        }
    }
}

/// An ordered list of layers, highest first.
#[derive(Clone, Debug)]
pub struct Layers {
    /// The layers, highest first.
    pub layers: Vec<Layer>,
    /// The packages that each have these layers; the names of layers are absolute where this is empty.
    pub containers: Vec<Written<ModuleExpression>>,
    /// Whether every child of a container has to be a layer.
    pub exhaustive: bool,
    /// Children that need not be.
    pub exhaustive_ignores: Vec<String>,
}

/// One layer.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The modules side by side in it.
    pub modules: Vec<LayerModule>,
    /// Whether these must not import each other.
    pub independent: bool,
    /// Whether higher layers must not reach past it.
    pub closed: bool,
}

/// A module of a layer.
#[derive(Clone, Debug)]
pub struct LayerModule {
    /// Its name.
    pub name: Written<String>,
    /// Whether it may be missing.
    pub optional: bool,
}

/// Who must not import what.
#[derive(Clone, Debug)]
pub struct Forbidden {
    /// Who.
    pub sources: Vec<Written<ModuleExpression>>,
    /// What.
    pub forbidden: Vec<Written<ModuleExpression>>,
    /// Whether chains of imports are allowed.
    pub allow_indirect: bool,
    /// Whether a module stands for all below it, too.
    pub as_packages: bool,
    /// Whether what lies outside of the root packages may be named below its top level.
    pub external_submodules: bool,
}

/// Modules that must not import each other, not even by way of others.
#[derive(Clone, Debug)]
pub struct Independence {
    /// The modules.
    pub modules: Vec<Written<ModuleExpression>>,
}

/// Packages whose children must not import each other in a circle.
#[derive(Clone, Debug)]
pub struct AcyclicSiblings {
    /// The packages.
    pub ancestors: Vec<Written<ModuleExpression>>,
    /// How many levels below them hold the same.
    pub depth: u32,
    /// Packages below them that are left out, with all below them.
    pub skipped: Vec<Written<ModuleExpression>>,
}

/// Modules that only some may import.
#[derive(Clone, Debug)]
pub struct Protected {
    /// The modules.
    pub protected: Vec<Written<ModuleExpression>>,
    /// Who may import them.
    pub allowed: Vec<Written<ModuleExpression>>,
    /// Whether a module stands for all below it, too.
    pub as_packages: bool,
}

/// Packages that are used by what they export.
#[derive(Clone, Debug)]
pub struct Interface {
    /// The packages.
    pub packages: Vec<Written<ModuleExpression>>,
    /// Modules outside that may import what they like.
    pub exempt: Vec<Written<ModuleExpression>>,
}

/// What a `tach.toml` says.
#[derive(Clone, Debug)]
pub struct Boundaries {
    /// The modules.
    pub modules: Vec<Boundary>,
    /// The interfaces.
    pub interfaces: Vec<Exposed>,
    /// The layers, highest first.
    pub layers: Vec<BoundaryLayer>,
    /// How code outside of all modules is treated.
    pub root: RootModule,
    /// Whether a dependency on a lower layer has to be declared, too.
    pub explicit_layers: bool,
    /// Whether a declared dependency that nobody uses is wrong.
    pub exact: bool,
    /// Files that are left out, by their path from the folder of `tach.toml`.
    pub exclude: GlobSet,
    /// What becomes of a violation by an import within another statement.
    pub nested: Alert,
}

/// A module of `tach.toml`.
#[derive(Clone, Debug)]
pub struct Boundary {
    /// Its name, maybe with wildcards, or [`ROOT`].
    pub path: Written<String>,
    /// What it may import; everything where this is missing.
    pub depends_on: Option<Vec<Dependency>>,
    /// What it must not import.
    pub cannot_depend_on: Vec<Dependency>,
    /// Its layer.
    pub layer: Option<Written<String>>,
    /// Who may import it; everybody where this is missing.
    pub visibility: Option<Vec<String>>,
    /// Whether everybody may import it without saying so.
    pub utility: bool,
    /// Whether what it exports is its interface.
    pub strict: bool,
    /// Whether its own imports are left alone.
    pub unchecked: bool,
}

/// How `tach.toml` calls what lies in none of its modules.
pub const ROOT: &str = "<root>";

/// A dependency that a module of `tach.toml` declares.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// The module, maybe with wildcards.
    pub path: Written<String>,
    /// Whether it should go away.
    pub deprecated: bool,
}

/// An interface of `tach.toml`.
#[derive(Clone, Debug)]
pub struct Exposed {
    /// What of a module may be imported.
    pub expose: Vec<Regex>,
    /// The modules that have this interface.
    pub from: Vec<Regex>,
    /// Who may use it; everybody where this is missing.
    pub visibility: Option<Vec<String>>,
    /// Whether no other interface counts for these.
    pub exclusive: bool,
}

/// A layer of `tach.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundaryLayer {
    /// Its name.
    pub name: String,
    /// Whether higher layers must not reach past it.
    pub closed: bool,
}

/// How code outside of all modules of `tach.toml` is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootModule {
    /// It is left alone.
    Ignore,
    /// It is a module like any other.
    Allow,
    /// It may import, and may not be declared as a dependency.
    DependenciesOnly,
    /// It may not be named.
    Forbid,
}
