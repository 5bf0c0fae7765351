//! What the walk remembers of each open scope, and which statements and expressions are allowed in it.

use legb_base::Span;

use crate::facts::{ScopeId, ScopeKind};

/// State of an open scope.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) scope: ScopeId,
    pub(crate) kind: ScopeKind,
    /// The walk was in the target of a comprehension where it entered the scope.
    pub(crate) outer_iter_target: bool,
    /// The walk was in annotations left out of the tables where it entered the scope.
    pub(crate) outer_unevaluated: bool,
    /// Iterables of comprehensions open now; inherited by everything inside.
    pub(crate) iter_expr: u32,
    /// Now inside `if`, `for`, `while`, `try`, `with` or `match`.
    pub(crate) conditional: bool,
    /// `__conditional_annotations__` is there already.
    pub(crate) has_conditional_annotations: bool,
    /// The `__annotate__` scope of this body, once there is one.
    pub(crate) annotation_scope: Option<ScopeId>,
    /// Which type parameters are the only names mangled here.
    pub(crate) own_type_params: Option<usize>,
    /// Now inside a `try` statement.
    pub(crate) in_try: bool,
    /// Loops open in this code block.
    pub(crate) loops: u32,
    /// `except*` blocks open since the innermost loop; above zero `break` and `continue` would leave one.
    pub(crate) except_star: ExceptStar,
    /// The scope awaits, or may.
    pub(crate) coroutine: bool,
    /// Has met `yield`.
    pub(crate) generator: bool,
    /// Has met `return` at all.
    pub(crate) returns: bool,
    /// The first `return` with a value, and how many errors of code generation there were before it.
    pub(crate) return_value: Option<(Span, usize)>,
    /// For every `finally` and `with` around: where code generation stands once it has left it, innermost last.
    pub(crate) left_last: Vec<Span>,
    /// Asynchronous comprehensions that are refused unless this scope turns out to await.
    pub(crate) async_comprehensions: Vec<Span>,
    /// `async def` itself (not a comprehension that awaits).
    pub(crate) async_def: bool,
    /// How many columns too far left the version places the scope.
    pub(crate) columns_left: i8,
    /// What a type variable's scope is the bound, constraint or default of, for messages.
    pub(crate) scope_info: &'static str,
}

/// Where the walk is with respect to `except*` blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ExceptStar {
    /// Open blocks of this code block; `return` may not leave them.
    pub(crate) open: u32,
    /// Open loops when the innermost was entered; `break` and `continue` may act on loops opened since.
    pub(crate) loops_outside: u32,
}

impl Frame {
    pub(crate) fn new(scope: ScopeId, kind: ScopeKind) -> Self {
        Self {
            scope,
            kind,
            outer_iter_target: false,
            outer_unevaluated: false,
            iter_expr: 0,
            conditional: false,
            has_conditional_annotations: false,
            annotation_scope: None,
            own_type_params: None,
            in_try: false,
            loops: 0,
            except_star: ExceptStar::default(),
            coroutine: false,
            generator: false,
            returns: false,
            return_value: None,
            left_last: Vec::new(),
            async_comprehensions: Vec::new(),
            async_def: false,
            columns_left: 0,
            scope_info: "",
        }
    }

    /// The frame of a scope inside this one.
    pub(crate) fn inner(&self, scope: ScopeId, kind: ScopeKind) -> Self {
        Self {
            iter_expr: self.iter_expr,
            own_type_params: self.own_type_params.filter(|_| kind != ScopeKind::Class),
            ..Self::new(scope, kind)
        }
    }
}

/// The places at which a use of `__debug__` as a target is reported, by version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DebugSite {
    /// From 3.14 on, in the symbol table pass.
    pub(crate) early: Span,
    /// From 3.9 to 3.11, at code generation.
    pub(crate) late: Span,
    /// 3.12 and 3.13, at code generation.
    pub(crate) late_own: Span,
    /// 3.8, before the symbol table.
    pub(crate) old: Span,
    /// It is deleted, not assigned.
    pub(crate) deleting: bool,
}

impl DebugSite {
    /// Every version points at the same node.
    pub(crate) fn node(node: Span) -> Self {
        Self { early: node, late: node, late_own: node, old: node, deleting: false }
    }

    /// A name in the statement or expression `around` it.
    pub(crate) fn name(name: Span, around: Span) -> Self {
        Self { early: around, late: around, late_own: around, old: name, deleting: false }
    }
}
