//! What a code block is turned into before it runs: a flat list of operations.
//!
//! The operations are those of a stack machine, close to CPython's bytecode, because the order of effects must be CPython's.
//! Jump targets are indices into [`Code::ops`]. Every operation has the byte offset of the text it stands for.

use std::sync::Arc;

use legb_scope::ScopeKind;

use crate::unit::Unit;
use crate::value::Value;

/// An index into [`Code::names`].
pub(crate) type NameIndex = u32;
/// A jump target.
pub(crate) type Target = u32;

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    Add,
    Sub,
    Mul,
    MatMul,
    Div,
    Mod,
    Pow,
    LShift,
    RShift,
    Or,
    Xor,
    And,
    FloorDiv,
}

/// A unary operator other than `not`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnaryOp {
    Neg,
    Pos,
    Invert,
}

/// A comparison that classes may define.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// How a value is turned into text in an f-string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conversion {
    None,
    Str,
    Repr,
    Ascii,
}

/// One operation. The stack effect is written `before → after`, top of the stack last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Op {
    /// `→ constant`
    Const(u32),
    /// `a →`
    Pop,
    /// `a → a a`
    Dup,
    /// `a b → a b a b`
    Dup2,
    /// `a b → b a`
    Swap,
    /// `a b c → c a b`
    Rot3,

    /// A slot of the frame.
    LoadFast(u32),
    StoreFast(u32),
    DelFast(u32),
    /// A cell of the frame: its own, then those of enclosing functions.
    LoadCell(u32),
    StoreCell(u32),
    DelCell(u32),
    /// Globals, then builtins.
    LoadGlobal(NameIndex),
    StoreGlobal(NameIndex),
    DelGlobal(NameIndex),
    /// The namespace of the running class body or module, then globals, then builtins.
    LoadName(NameIndex),
    StoreName(NameIndex),
    DelName(NameIndex),
    /// The namespace of the class body, then a cell.
    LoadClassFree(NameIndex, u32),
    /// A slot that the program cannot name: never unbound.
    LoadTemp(u32),
    StoreTemp(u32),

    /// `object → value`
    LoadAttr(NameIndex),
    /// `value object →`
    StoreAttr(NameIndex),
    DelAttr(NameIndex),
    /// `container key → value`
    Subscript,
    /// `value container key →`
    StoreSubscript,
    DelSubscript,

    /// `callable args… → result`: so many positional arguments, and the keyword names of the last ones (a constant).
    Call {
        positional: u32,
        keywords: Option<u32>,
    },
    /// `callable list → result`, with `dict` on top if keywords are given.
    CallSpread {
        keywords: bool,
    },

    BuildTuple(u32),
    BuildList(u32),
    BuildSet(u32),
    /// So many pairs of key and value.
    BuildDict(u32),
    BuildSlice(u32),
    /// So many texts.
    BuildString(u32),
    /// `value → text`, or `value spec → text`.
    Format {
        conversion: Conversion,
        spec: bool,
    },
    /// `value →`: into the list so many places below the value.
    ListAppend(u32),
    SetAdd(u32),
    /// `key value →`
    MapAdd(u32),
    ListExtend(u32),
    SetUpdate(u32),
    DictUpdate(u32),
    /// Keywords of a call: a repeated one is an error.
    DictMerge(u32),
    ListToTuple,

    Unary(UnaryOp),
    Not,
    Binary(BinaryOp),
    InPlace(BinaryOp),
    Compare(Comparison),
    /// `a b → bool`; negated if true.
    Is(bool),
    Contains(bool),

    Jump(Target),
    /// Pops the condition.
    JumpIfFalse(Target),
    JumpIfTrue(Target),
    /// Keeps the condition where it jumps.
    JumpIfFalseOrPop(Target),
    JumpIfTrueOrPop(Target),
    GetIter,
    /// `iterator → iterator item`; at the end pops the iterator and jumps.
    ForIter(Target),
    UnpackSequence(u32),
    /// So many before and behind the starred target.
    UnpackEx(u32, u32),

    /// Calls the function made of a code block: default values, keyword-only defaults and annotations as flagged.
    MakeFunction {
        code: u32,
        defaults: bool,
        kwdefaults: bool,
        annotations: bool,
    },
    /// `body bases (list) keywords (dict) → class`; one with type parameters derives from `Generic` too.
    BuildClass {
        name: NameIndex,
        is_generic: bool,
    },
    /// `annotation →`: notes the annotation of a name of the module or class.
    Annotate(NameIndex),
    Return,
    Yield,
    /// `iterator → result`
    YieldFrom,
    GetYieldFromIter,
    /// `value → iterator` that `await` drives.
    GetAwaitable,
    /// `value → asynchronous iterator`
    GetAIter,
    /// `iterator → iterator awaitable`; the target is where the loop ends.
    GetANext(Target),
    /// `exception → bool`: whether it ends an asynchronous loop.
    MatchAsyncEnd,

    /// Starts to protect: an exception jumps to the handler with the exception pushed.
    PushHandler(Target),
    PopHandler,
    /// `exception →`: it is being handled now.
    EnterHandler,
    ExitHandler,
    /// `exception type → bool`
    MatchException,
    /// `group type → rest matched`: what a handler of `except*` takes, or `None`.
    MatchStar,
    /// `group list rest → exception`: what is raised when all handlers of `except*` have run, or `None`.
    JoinStar,
    /// Raises with so many operands: the exception and its cause.
    Raise(u32),
    /// `exception →`: goes on raising it, adding no line to the traceback.
    Reraise,
    /// `exception → group`
    Assert {
        message: bool,
    },
    /// `manager → exit result`
    WithEnter {
        is_async: bool,
    },
    /// `exit → result`: left without an exception.
    WithExit,
    /// `exit exception → result`: whether it is swallowed.
    WithExcept,

    /// `→ module`; the names of a `from` import are a constant.
    Import {
        name: NameIndex,
        from: Option<u32>,
        level: u32,
    },
    /// `module → module value`
    ImportFrom(NameIndex),
    /// `module → value`, of `import a.b as c`.
    ImportAttr(NameIndex),
    /// `module →`
    ImportStar,
    /// Binds a lazy import: module name, name to bind; `from` holds the attribute.
    LazyImport {
        name: NameIndex,
        attribute: Option<NameIndex>,
        level: u32,
        bound: NameIndex,
    },

    /// `subject → subject bool`
    MatchSequence,
    MatchMapping,
    /// `subject → subject length`
    GetLen,
    /// `subject keys → subject values-or-None`
    MatchKeys,
    /// `subject class → values-or-None`; so many positional patterns, the keyword names are a constant.
    MatchClass {
        positional: u32,
        keywords: u32,
    },
    /// `subject keys → dict`: what is left of a mapping.
    MatchRest,

    /// Something that is not modelled; pops so many values and pushes unknown. The reason is a constant.
    Opaque {
        reason: u32,
        pops: u32,
        doubt: bool,
    },
}

impl Op {
    /// Where the operation may jump to.
    pub(crate) const fn target(self) -> Option<Target> {
        match self {
            Self::Jump(target)
            | Self::JumpIfFalse(target)
            | Self::JumpIfTrue(target)
            | Self::JumpIfFalseOrPop(target)
            | Self::JumpIfTrueOrPop(target)
            | Self::ForIter(target)
            | Self::GetANext(target) => Some(target),
            _ => None,
        }
    }

    /// Whether the next operation never follows.
    pub(crate) const fn ends(self) -> bool {
        matches!(self, Self::Jump(_) | Self::Return | Self::Raise(_) | Self::Reraise)
    }
}

/// Where a cell of a frame comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellSource {
    /// The frame makes it.
    Own,
    /// The function brings it: this cell of the frame that made the function.
    Outer(u32),
}

/// How a function is called.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signature {
    pub(crate) positional_only: usize,
    /// Positional parameters, those above included.
    pub(crate) positional: usize,
    pub(crate) keyword_only: usize,
    pub(crate) var_positional: bool,
    pub(crate) var_keyword: bool,
    /// The names: positional, keyword-only, `*args`, `**kwargs`.
    pub(crate) names: Vec<Arc<str>>,
    /// Where each argument goes.
    pub(crate) places: Vec<Place>,
}

/// Where a frame keeps a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Fast(u32),
    Cell(u32),
}

/// The program of one code block.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    /// The file.
    pub(crate) unit: Arc<Unit>,
    /// What the block is.
    pub(crate) kind: ScopeKind,
    pub(crate) name: Arc<str>,
    pub(crate) qualname: Arc<str>,
    pub(crate) ops: Vec<Op>,
    /// The offset in the text of every operation.
    pub(crate) offsets: Vec<u32>,
    pub(crate) constants: Vec<Value>,
    /// Tuples of constants, such as the keyword names of a call.
    pub(crate) name_lists: Vec<Box<[Arc<str>]>>,
    pub(crate) names: Vec<Arc<str>>,
    /// Names of the slots, for messages.
    pub(crate) fast: Vec<Arc<str>>,
    /// Names of the cells.
    pub(crate) cells: Vec<Arc<str>>,
    pub(crate) cell_sources: Vec<CellSource>,
    /// Cells of an inlined comprehension that belong to the function around: unbound they raise its error.
    pub(crate) inlined_into: Vec<bool>,
    pub(crate) signature: Signature,
    /// Code blocks inside.
    pub(crate) children: Vec<Arc<Code>>,
    pub(crate) is_generator: bool,
    pub(crate) is_coroutine: bool,
    /// A comprehension that is compiled into the code around: it has no line of its own in tracebacks.
    pub(crate) is_inlined: bool,
    pub(crate) doc: Option<Arc<str>>,
    /// Offset of the `def`, `class` or `lambda`.
    pub(crate) start: u32,
    /// The cell `__class__`, in a class body whose methods use it.
    pub(crate) class_cell: Option<u32>,
    /// The free variable `__class__`, in a method.
    pub(crate) dunder_class: Option<u32>,
    /// For each operation the next one that every way to the end of the block passes: where the ways of a branch come
    /// together again.
    pub(crate) joins: Vec<Target>,
}

impl Code {
    /// The operations of the innermost loop around one; only itself, if there is none.
    pub(crate) fn loop_around(&self, at: usize) -> std::ops::Range<usize> {
        let back = self.ops.iter().enumerate().skip(at).filter_map(|(end, op)| match op.target() {
            Some(head) if head as usize <= at => Some(head as usize..end + 1),
            _ => None,
        });
        back.max_by_key(|range| range.start).unwrap_or(at..at + 1)
    }

    /// Whether what stands at `from` leaves these operations at once: `break`, `return`, `raise`.
    pub(crate) fn leads_out(&self, from: usize, range: &std::ops::Range<usize>) -> bool {
        let next = self.ops.iter().skip(from).find(|op| !matches!(op, Op::Pop | Op::PopHandler | Op::Const(_)));
        match next {
            Some(Op::Jump(target)) => !range.contains(&(*target as usize)),
            Some(Op::Return | Op::Raise(_)) => true,
            _ => false,
        }
    }

    /// Where ways from two places come together.
    pub(crate) fn meeting(&self, a: usize, b: usize) -> usize {
        let end = self.ops.len();
        let way = |from: usize| {
            std::iter::successors(Some(from), move |&at| {
                self.joins.get(at).map(|&next| next as usize).filter(|_| at != end)
            })
        };
        let first: Vec<usize> = way(a).collect();
        way(b).find(|at| first.contains(at)).unwrap_or(end)
    }
}
