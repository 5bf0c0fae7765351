//! The facts of one file: plain tables of ids, a pure function of the text and the dialect.
//!
//! *Scope*: a block of code that owns names (CPython's table). *Symbol*: a name in a scope, with CPython's flag bits and
//! the place where the compiled code looks for it. *Reference*: one mention of a name in the text.

use bitflags::bitflags;
use legb_base::index::IndexVec;
use legb_base::{NameId, NameTable, Span, define_index};
use legb_syntax::CompileError;
pub use legb_syntax::imports::ImportFlags;

define_index! {
    /// A block of code that owns names. Scope 0 is the module; ids grow in the order in which blocks are entered.
    pub struct ScopeId;
}

define_index! {
    /// A name in a scope.
    pub struct SymbolId;
}

define_index! {
    /// One mention of a name in the text, in the order of the walk.
    pub struct RefId;
}

define_index! {
    /// One alias of an import statement.
    pub struct ImportId;
}

/// What kind of block a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    /// The file itself.
    Module,
    /// A class body.
    Class,
    /// `def`.
    Function,
    /// `lambda`.
    Lambda,
    /// `[… for …]`.
    ListComp,
    /// `{… for …}`.
    SetComp,
    /// `{…: … for …}`.
    DictComp,
    /// `(… for …)`.
    GenExpr,
    /// Annotations, where they have a table of their own.
    Annotation,
    /// The type parameters of a `def`, `class` or `type` statement.
    TypeParams,
    /// The value of a `type` statement.
    TypeAlias,
    /// Bound, constraints or default of a type parameter.
    TypeVariable,
}

impl ScopeKind {
    /// Everything but modules and classes: names bound here are seen by the scopes inside.
    pub const fn is_function_like(self) -> bool {
        !matches!(self, Self::Module | Self::Class)
    }

    /// List, set or dict comprehension, or generator expression.
    pub const fn is_comprehension(self) -> bool {
        matches!(self, Self::ListComp | Self::SetComp | Self::DictComp | Self::GenExpr)
    }

    /// Whether its code runs as part of the scope around it, at the place where it stands. Generator expressions,
    /// functions and everything lazy run later, or never.
    pub const fn runs_in_place(self) -> bool {
        matches!(self, Self::Class | Self::ListComp | Self::SetComp | Self::DictComp | Self::TypeParams)
    }
}

bitflags! {
    /// Properties of a scope.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct ScopeFlags: u16 {
        /// CPython's `is_nested`: somewhere inside a function-like scope.
        const NESTED = 1;
        /// Has `yield`, or is a generator expression.
        const GENERATOR = 1 << 1;
        /// `async def`, or a comprehension that awaits.
        const COROUTINE = 1 << 2;
        /// Names are looked up in the class body around it first.
        const SEES_CLASS = 1 << 3;
        /// A comprehension that CPython compiles into the scope around it.
        const INLINED = 1 << 4;
        /// Not in CPython's tree of tables: annotations under `from __future__ import annotations`.
        const HIDDEN = 1 << 5;
        /// Has `from … import *`.
        const STAR_IMPORT = 1 << 6;
        /// Calls `locals`, `vars`, `dir`, `eval`, `exec` or `globals`: names may be read or written unseen.
        const DYNAMIC = 1 << 7;
        /// The end of its body is never reached and it has no `return`: a call does not come back.
        const NEVER_RETURNS = 1 << 8;
        /// Touches `f_locals` of a frame, through which variables can be written (PEP 667).
        const FRAME_ACCESS = 1 << 9;
    }
}

/// A block of code that owns names.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The scope around it; none for the module.
    pub parent: Option<ScopeId>,
    /// What it is.
    pub kind: ScopeKind,
    /// Properties.
    pub flags: ScopeFlags,
    /// The name of CPython's table: of the def or class, else what CPython calls it (`top`, `lambda`, `genexpr`, …).
    pub name: NameId,
    /// The text that makes the scope.
    pub span: Span,
    /// Where the line number of CPython's table is taken; none where that is 0.
    pub line_at: Option<u32>,
    /// How many scopes are around it.
    pub depth: u16,
    /// The first mention of a name made in it, or in a scope inside.
    pub first_ref: RefId,
    /// One past the last such mention.
    pub end_ref: RefId,
    /// First of its symbols, which are linked by [`Symbol::next`] in order of first appearance.
    pub first_symbol: Option<SymbolId>,
    /// Last of its symbols.
    pub last_symbol: Option<SymbolId>,
    /// First scope directly inside, the others follow by [`Scope::next_sibling`] in CPython's order.
    pub first_child: Option<ScopeId>,
    /// Last scope directly inside.
    pub last_child: Option<ScopeId>,
    /// The next scope inside the same parent.
    pub next_sibling: Option<ScopeId>,
}

bitflags! {
    /// What a scope does with a name: CPython's `DEF_*` bits (`Include/internal/pycore_symtable.h`) and some of our own.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct SymbolFlags: u32 {
        /// Declared `global`.
        const GLOBAL = 1;
        /// Assigned or deleted.
        const LOCAL = 1 << 1;
        /// A parameter.
        const PARAM = 1 << 2;
        /// Declared `nonlocal`.
        const NONLOCAL = 1 << 3;
        /// Read.
        const USE = 1 << 4;
        /// A free name of a scope inside that this class also has.
        const FREE_CLASS = 1 << 6;
        /// Bound by an import.
        const IMPORT = 1 << 7;
        /// Annotated.
        const ANNOT = 1 << 8;
        /// Target of a comprehension.
        const COMP_ITER = 1 << 9;
        /// A type parameter.
        const TYPE_PARAM = 1 << 10;
        /// A cell of an inlined comprehension.
        const COMP_CELL = 1 << 11;
        /// Ours: came here when a comprehension was inlined.
        const INLINED = 1 << 12;
        /// Ours: added because a scope inside needs it passed through.
        const PASSED_THROUGH = 1 << 13;
        /// Ours: mentioned only where CPython records nothing (an annotation that is never evaluated).
        const UNRECORDED = 1 << 14;
        /// Ours: a scope inside declares it `nonlocal` or binds it by a walrus.
        const WRITTEN_INSIDE = 1 << 15;
        /// Ours: bound once and for all before any other mention of it, outside all branches.
        const SETTLED = 1 << 16;
        /// Ours: loses its value somewhere, by `del` or at the end of an exception handler.
        const LOSES_VALUE = 1 << 17;
    }
}

impl SymbolFlags {
    /// CPython's `DEF_BOUND`.
    pub const BOUND: Self = Self::LOCAL.union(Self::PARAM).union(Self::IMPORT).union(Self::TYPE_PARAM);

    /// Whether a read behind the binding always finds a value, so that nobody need ask.
    pub const fn always_bound(self) -> bool {
        self.contains(Self::SETTLED) && !self.contains(Self::LOSES_VALUE)
    }

    /// Whether CPython's table has the symbol at all.
    pub const fn is_recorded(self) -> bool {
        !self.contains(Self::UNRECORDED)
    }
}

/// Where compiled code looks for a name: CPython's scope of a symbol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Place {
    /// Not decided: the file has an error before this could be.
    #[default]
    Unknown,
    /// Local.
    Local,
    /// Local, and shared with a scope inside through a cell.
    Cell,
    /// A cell of a scope around this one.
    Free,
    /// Global because it is declared so.
    GlobalExplicit,
    /// Global (or builtin) because nothing around binds it.
    GlobalImplicit,
}

impl Place {
    /// Global, declared or not.
    pub const fn is_global(self) -> bool {
        matches!(self, Self::GlobalExplicit | Self::GlobalImplicit)
    }
}

/// A name in a scope.
#[derive(Clone, Copy, Debug)]
pub struct Symbol {
    /// The name, mangled where CPython mangles it.
    pub name: NameId,
    /// The scope.
    pub scope: ScopeId,
    /// What the scope does with it.
    pub flags: SymbolFlags,
    /// How many references bind it here, counted up to 255.
    pub bindings: u8,
    /// Where it is looked for.
    pub place: Place,
    /// The symbol that holds the variable, where it is another one: of the enclosing function for free names, of the
    /// module for global ones (none if the module never mentions it: a builtin, or undefined).
    pub owner: Option<SymbolId>,
    /// The next symbol of the scope.
    pub next: Option<SymbolId>,
}

/// How a mention of a name acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefKind {
    /// Reads it.
    Load,
    /// `del`.
    Delete,
    /// `x = …`.
    Assign,
    /// `x += …`: reads and binds.
    AugAssign,
    /// `x: T = …`.
    AnnAssign,
    /// `x: T` without a value: makes it local, binds nothing.
    Annotation,
    /// Target of `for`.
    For,
    /// Target of a comprehension.
    Comprehension,
    /// `with … as x`.
    With,
    /// `except … as x`; unbound again at the end of the handler.
    Except,
    /// `import x`, `from m import x`.
    Import,
    /// `def x`.
    Def,
    /// `class x`.
    Class,
    /// A parameter.
    Param,
    /// `x := …`.
    Walrus,
    /// A capture in a pattern.
    Match,
    /// A type parameter.
    TypeParam,
    /// `type x = …`.
    TypeAlias,
    /// Named in a `global` statement.
    Global,
    /// Named in a `nonlocal` statement.
    Nonlocal,
}

impl RefKind {
    /// Whether the variable has a value afterwards.
    pub const fn binds(self) -> bool {
        !matches!(self, Self::Load | Self::Delete | Self::Annotation | Self::Global | Self::Nonlocal)
    }

    /// Whether it needs the variable to have a value before.
    pub const fn reads(self) -> bool {
        matches!(self, Self::Load | Self::Delete | Self::AugAssign)
    }
}

/// Whether a variable is bound where it is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Flow {
    /// Not decided: not a read, code that cannot be reached, or a variable that others may write.
    #[default]
    NotAsked,
    /// On every path.
    Bound,
    /// On some paths.
    Maybe,
    /// On no path.
    Unbound,
}

bitflags! {
    /// Circumstances of a reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct RefFlags: u8 {
        /// In an annotation that is not evaluated where it stands (or never).
        const UNEVALUATED = 1;
        /// In a `try` that catches `NameError`.
        const GUARDED = 1 << 1;
        /// One of several targets of an unpacking.
        const UNPACKED = 1 << 2;
        /// Under `if TYPE_CHECKING:`.
        const TYPE_CHECKING = 1 << 3;
        /// In a branch that this version never takes.
        const DEAD = 1 << 4;
        /// In an annotation.
        const ANNOTATION = 1 << 5;
    }
}

/// One mention of a name.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The symbol in the scope where it stands.
    pub symbol: SymbolId,
    /// The identifier in the text.
    pub span: Span,
    /// How it acts.
    pub kind: RefKind,
    /// Whether the variable is bound there.
    pub flow: Flow,
    /// Circumstances.
    pub flags: RefFlags,
}

const _: () = assert!(size_of::<Reference>() <= 16 && size_of::<Option<ScopeId>>() == 4);

/// One alias of an import statement, or a call that imports a module named by a literal.
#[derive(Clone, Copy, Debug)]
pub struct Import {
    /// What it binds; none for `*` and calls.
    pub binding: Option<RefId>,
    /// The scope it stands in.
    pub scope: ScopeId,
    /// The module named, dotted, without the dots of a relative import; none in `from . import x`.
    pub module: Option<NameId>,
    /// The name taken from the module, in `from` imports.
    pub name: Option<NameId>,
    /// Leading dots.
    pub level: u32,
    /// How and where.
    pub flags: ImportFlags,
    /// The statement, or the call.
    pub statement: Span,
    /// The alias in it, or the literal.
    pub alias: Span,
}

/// Why a variable has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Nothing has bound it yet.
    Never,
    /// `del`.
    Deleted,
    /// It was the name of an exception handler that has ended.
    ExceptName,
}

/// How a path misses the binding of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Witness {
    /// The branch at this offset that binds it is not taken.
    BranchNotTaken(u32),
    /// The loop at this offset runs zero times.
    LoopNotRun(u32),
    /// The `try` body at this offset raises before it is bound.
    Raised(u32),
    /// The right side of `and`/`or` at this offset is not evaluated.
    ShortCircuit(u32),
    /// The deletion at this offset ran.
    Deleted(u32),
}

/// A read of a variable that has, or may have, no value.
#[derive(Clone, Copy, Debug)]
pub struct FlowIssue {
    /// The read.
    pub reference: RefId,
    /// [`Flow::Unbound`] or [`Flow::Maybe`].
    pub flow: Flow,
    /// Why there is no value.
    pub cause: Cause,
    /// The deletion or handler that took the value away, or the binding that a path misses.
    pub other: Option<RefId>,
    /// The path, where the value is missing only on some.
    pub witness: Option<Witness>,
    /// The call that leads to the read, where the read stands in a function called too early.
    pub call: Option<Span>,
}

/// What a branch belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BranchKind {
    /// Arms of `if`.
    If,
    /// Body or `else` of a loop.
    Loop,
    /// Parts of `try`.
    Try,
    /// Cases of `match`.
    Match,
    /// Body of `with`.
    With,
}

/// One arm of a compound statement. Two arms of the same statement exclude each other, but for those of `try`.
#[derive(Clone, Copy, Debug)]
pub struct Branch {
    /// The statements of the arm.
    pub span: Span,
    /// Offset of the statement it belongs to.
    pub statement: u32,
    /// Which arm: 0 is the first.
    pub arm: u32,
    /// What the statement is.
    pub kind: BranchKind,
}

/// Facts of the module as a whole.
#[derive(Clone, Debug, Default)]
pub struct ModuleFacts {
    /// Names listed in `__all__` with the place of each, if the module assigns it.
    pub all: Option<Vec<(NameId, Span)>>,
    /// `__all__` is changed in a way that cannot be read off.
    pub all_is_dynamic: bool,
    /// `from __future__ import annotations` is in force.
    pub future_annotations: bool,
    /// Identifiers mentioned in strings that stand where a type is expected.
    pub string_uses: Vec<NameId>,
    /// The module defines `__getattr__`.
    pub has_getattr: bool,
}

/// Everything known about one file.
#[derive(Debug, Default)]
pub struct FileFacts {
    /// The names.
    pub names: NameTable,
    /// The scopes; 0 is the module.
    pub scopes: IndexVec<ScopeId, Scope>,
    /// The symbols.
    pub symbols: IndexVec<SymbolId, Symbol>,
    /// Every mention of a name.
    pub refs: IndexVec<RefId, Reference>,
    /// Every alias of every import statement.
    pub imports: IndexVec<ImportId, Import>,
    /// Calls that import a module named by a literal, in the order of the walk.
    pub dynamic_imports: Vec<Import>,
    /// Mentions in `global` and `nonlocal` statements.
    pub declarations: Vec<RefId>,
    /// Names bound by `def`, `class` and `import`.
    pub definitions: Vec<RefId>,
    /// Names bound by `except … as`.
    pub handlers: Vec<RefId>,
    /// Arms of compound statements, in order of their start.
    pub branches: Vec<Branch>,
    /// Reads of variables without a value.
    pub flow_issues: Vec<FlowIssue>,
    /// Facts of the module as a whole.
    pub module: ModuleFacts,
    /// What CPython refuses, in the order in which it would say so; the first is what it does say.
    pub errors: Vec<CompileError>,
}

/// The module's own scope.
pub const MODULE: ScopeId = ScopeId::from_usize(0);

impl FileFacts {
    /// The symbols of a scope, in order of first appearance.
    pub fn symbols_of(&self, scope: ScopeId) -> impl Iterator<Item = (SymbolId, &Symbol)> {
        let mut next = self.scopes[scope].first_symbol;
        std::iter::from_fn(move || {
            let id = next?;
            let symbol = &self.symbols[id];
            next = symbol.next;
            Some((id, symbol))
        })
    }

    /// The scopes directly inside a scope, in CPython's order.
    pub fn children_of(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> {
        let mut next = self.scopes[scope].first_child;
        std::iter::from_fn(move || {
            let id = next?;
            next = self.scopes[id].next_sibling;
            Some(id)
        })
    }

    /// The references to a symbol itself (not to symbols of other scopes that it owns), in the order of the walk.
    pub fn refs_of(&self, symbol: SymbolId) -> impl Iterator<Item = (RefId, &Reference)> {
        let scope = &self.scopes[self.symbols[symbol].scope];
        let ids = (scope.first_ref.index()..scope.end_ref.index()).map(RefId::from_usize);
        ids.map(|id| (id, &self.refs[id])).filter(move |(_, reference)| reference.symbol == symbol)
    }

    /// The symbol of a name in a scope.
    pub fn symbol_in(&self, scope: ScopeId, name: NameId) -> Option<SymbolId> {
        self.symbols_of(scope).find(|(_, symbol)| symbol.name == name).map(|(id, _)| id)
    }

    /// The symbol that holds the variable a symbol stands for: itself, or its owner.
    pub fn variable(&self, symbol: SymbolId) -> Option<SymbolId> {
        let row = &self.symbols[symbol];
        match row.place {
            Place::Local | Place::Cell => Some(symbol),
            Place::Free | Place::GlobalExplicit | Place::GlobalImplicit => row.owner,
            Place::Unknown => None,
        }
    }

    /// The text of a symbol's name.
    pub fn symbol_name(&self, symbol: SymbolId) -> &str {
        self.names.text(self.symbols[symbol].name)
    }

    /// The text of the name a reference mentions (mangled where CPython mangles it).
    pub fn ref_name(&self, reference: RefId) -> &str {
        self.symbol_name(self.refs[reference].symbol)
    }

    /// The arms around an offset, innermost last.
    pub fn branches_at(&self, offset: u32) -> impl Iterator<Item = &Branch> {
        let started = self.branches.partition_point(|branch| branch.span.start <= offset);
        self.branches[..started].iter().filter(move |branch| offset < branch.span.end)
    }

    /// Whether two offsets lie in arms that exclude each other, so that one run never passes both in a row.
    pub fn exclusive(&self, a: u32, b: u32) -> bool {
        self.branches_at(a).any(|x| {
            x.kind != BranchKind::Loop
                && self.branches_at(b).any(|y| x.statement == y.statement && x.kind == y.kind && x.arm != y.arm)
        })
    }
}
