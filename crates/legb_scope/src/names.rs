//! Which rule does CPython's compiler choose for each mention of a name?
//!
//! A *rule* is a family of instructions, and with it a place where the running code looks. It follows from the symbol's
//! place, the kind of code that the mention is compiled into, and whether a comprehension was compiled into that code.
//!
//! ```python
//! n = 1                   # name: the module's dictionary
//! def f(a):               # fast: a slot of the frame
//!     b = a               # cell: a variable shared with g
//!     def g(): return b   # free: the cell of f
//!     return len          # global: globals, then builtins
//! ```
//!
//! Nothing here says whether the name has a value when it is read.

mod uses;

use legb_base::Dialect;

use crate::facts::*;

pub(crate) use uses::is_compiled;
pub use uses::{Access, NameUse, uses};

/// Where compiled code looks for a name: a family of instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A slot of the frame (`LOAD_FAST`).
    Fast,
    /// A cell that this frame has made (`LOAD_DEREF`), because a scope inside shares the variable.
    Cell,
    /// A cell of an enclosing function (`LOAD_DEREF`).
    Free,
    /// Globals, then builtins (`LOAD_GLOBAL`).
    Global,
    /// The dictionary of the running class body or module, then globals, then builtins (`LOAD_NAME`).
    Name,
    /// The dictionary of the class body, then the cell of an enclosing function (`LOAD_CLASSDEREF`, from 3.12 on
    /// `LOAD_FROM_DICT_OR_DEREF`).
    ClassFree,
    /// The dictionary of the class body around, then globals, then builtins (`LOAD_FROM_DICT_OR_GLOBALS`).
    ClassGlob,
}

impl Rule {
    /// The word for it in data.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Cell => "cell",
            Self::Free => "free",
            Self::Global => "global",
            Self::Name => "name",
            Self::ClassFree => "class_free",
            Self::ClassGlob => "class_glob",
        }
    }

    /// The instruction that reads a name by this rule.
    pub const fn load_instruction(self, dialect: &Dialect) -> &'static str {
        match self {
            Self::Fast => "LOAD_FAST",
            Self::Cell | Self::Free => "LOAD_DEREF",
            Self::Global => "LOAD_GLOBAL",
            Self::Name => "LOAD_NAME",
            // The rename came with the version that brought type parameters.
            Self::ClassFree if dialect.type_params => "LOAD_FROM_DICT_OR_DEREF",
            Self::ClassFree => "LOAD_CLASSDEREF",
            Self::ClassGlob => "LOAD_FROM_DICT_OR_GLOBALS",
        }
    }
}

/// The rule of one mention. A mention whose place is not decided, because the file does not compile, counts as if nothing
/// around bound it.
pub fn rule_of(facts: &FileFacts, reference: RefId, dialect: &Dialect) -> Rule {
    let row = &facts.refs[reference];
    rule_for(facts, row.symbol, row.kind.reads() && row.kind != RefKind::Delete, dialect)
}

/// The rule by which the scope of `symbol` reads it (`loads`) or binds and deletes it.
pub(crate) fn rule_for(facts: &FileFacts, symbol: SymbolId, loads: bool, dialect: &Dialect) -> Rule {
    let scope = facts.symbols[symbol].scope;
    let seen = if facts.scopes[scope].flags.contains(ScopeFlags::INLINED) {
        inlined(facts, scope, symbol, dialect)
    } else {
        Seen { place: facts.symbols[symbol].place, code: scope, in_comprehension: false, hidden_local: false }
    };
    let code = &facts.scopes[seen.code];
    let sees_class = loads && code.flags.contains(ScopeFlags::SEES_CLASS);
    match (code.kind, seen.place) {
        // Even for a type parameter of its own the class body is asked first.
        (_, Place::Cell) if sees_class => Rule::ClassFree,
        (_, Place::Cell) => Rule::Cell,
        (_, Place::GlobalExplicit) => Rule::Global,
        (ScopeKind::Module | ScopeKind::Class, Place::Local) if seen.hidden_local => Rule::Fast,
        (ScopeKind::Module, Place::Free) => Rule::Free,
        (ScopeKind::Module, _) => Rule::Name,
        (ScopeKind::Class, Place::Free) if loads && !seen.in_comprehension => Rule::ClassFree,
        (ScopeKind::Class, Place::Free) => Rule::Free,
        // The comprehension must not see the class body that it is compiled into.
        (ScopeKind::Class, _) if seen.in_comprehension => Rule::Global,
        (ScopeKind::Class, _) => Rule::Name,
        (_, Place::Local) => Rule::Fast,
        (_, Place::Free) if sees_class => Rule::ClassFree,
        (_, Place::Free) => Rule::Free,
        (_, Place::GlobalImplicit) if sees_class => Rule::ClassGlob,
        (_, Place::GlobalImplicit | Place::Unknown) => Rule::Global,
    }
}

/// A symbol as the code sees it that its scope is compiled into.
struct Seen {
    place: Place,
    /// The scope that has the code.
    code: ScopeId,
    in_comprehension: bool,
    /// A variable of a comprehension: it lives in a slot even where variables live in a dictionary.
    hidden_local: bool,
}

/// `push_inlined_comprehension_state` (`Python/compile.c`): entering an inlined comprehension puts its places over those
/// of the code around, outermost comprehension first.
fn inlined(facts: &FileFacts, scope: ScopeId, symbol: SymbolId, dialect: &Dialect) -> Seen {
    let name = facts.symbols[symbol].name;
    let mut chain = vec![scope];
    let mut code = scope;
    while let Some(parent) = facts.scopes[code].parent
        && facts.scopes[code].flags.contains(ScopeFlags::INLINED)
    {
        code = parent;
        chain.push(parent);
    }
    chain.pop();
    let in_class = facts.scopes[code].kind == ScopeKind::Class;
    let mut place = facts.symbol_in(code, name).map_or(Place::GlobalImplicit, |symbol| facts.symbols[symbol].place);
    let mut hidden_local = false;
    for (depth, &comprehension) in chain.iter().rev().enumerate() {
        let Some(symbol) = facts.symbol_in(comprehension, name) else { continue };
        let row = &facts.symbols[symbol];
        let own = row.flags.contains(SymbolFlags::LOCAL) && !row.flags.contains(SymbolFlags::NONLOCAL);
        hidden_local |= own;
        let outermost_in_class = in_class && depth == 0;
        // A variable from further out is read as the code around reads it.
        let as_outside = row.place == Place::Free;
        // Until 3.12 only what the comprehension binds is put over; a global that the module declares stays declared.
        let declared = !dialect.class_inlining_drops_dunder_class && place == Place::GlobalExplicit && !own;
        if outermost_in_class || !(as_outside || declared) {
            place = row.place;
        }
    }
    Seen { place, code, in_comprehension: true, hidden_local }
}
