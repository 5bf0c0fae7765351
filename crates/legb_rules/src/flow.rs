//! Reads of variables without a value: which rule each belongs to, and how it is told.
//!
//! The flow analysis says where a variable has, or may have, no value. What that means depends on where the variable
//! lives: a local raises `UnboundLocalError`, a variable of an enclosing function or of the module `NameError`, and a name
//! of the module or of a class body falls back to others first.

use legb_base::Certainty;
use legb_scope::builtins::provider;
use legb_scope::facts::MODULE;
use legb_scope::{
    Cause, Flow, FlowIssue, Place, RefFlags, RefId, RefKind, ScopeFlags, ScopeKind, SymbolFlags, SymbolId, Witness,
};

use crate::context::FileCx;
use crate::meta::RuleMeta;
use crate::rules::{deleted_name, except_name_deleted, unbound_free_variable, undefined_loop_variable};
use crate::sink::{Report, Sink};

/// The rule that an issue belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    UnboundLocal,
    UsedBeforeDefinition,
    PossiblyUnbound,
    UndefinedLoopVariable,
    UnboundFreeVariable,
    DeletedName,
    ExceptNameDeleted,
    /// A local variable that is declared, by an annotation or `del`, and that nothing binds.
    NeverBound,
}

/// Reports the issues of one kind.
pub(crate) fn report(cx: &FileCx<'_>, rule: &'static RuleMeta, kind: Kind, sink: &mut Sink<'_>) {
    for issue in &cx.facts.flow_issues {
        // The rule about loop variables is the more exact one; where it does not speak the other one does.
        let found = match classify(cx, issue) {
            Some(Kind::UndefinedLoopVariable) if !sink.hears(&undefined_loop_variable::META) => {
                Some(Kind::PossiblyUnbound)
            }
            found => found,
        };
        if found == Some(kind) {
            sink.push(describe(cx, rule, kind, issue));
        }
    }
}

/// Reports, as an undefined name, what a more exact rule would report that does not speak.
pub(crate) fn report_unheard(cx: &FileCx<'_>, rule: &'static RuleMeta, sink: &mut Sink<'_>) {
    for issue in &cx.facts.flow_issues {
        let exact = match classify(cx, issue) {
            Some(kind @ Kind::DeletedName) => (kind, &deleted_name::META),
            Some(kind @ Kind::ExceptNameDeleted) => (kind, &except_name_deleted::META),
            Some(kind @ Kind::UnboundFreeVariable) => (kind, &unbound_free_variable::META),
            _ => continue,
        };
        if issue.flow == Flow::Unbound && !sink.hears(exact.1) {
            sink.push(describe(cx, rule, exact.0, issue));
        }
    }
}

fn classify(cx: &FileCx<'_>, issue: &FlowIssue) -> Option<Kind> {
    let reference = &cx.facts.refs[issue.reference];
    if reference.flags.intersects(RefFlags::GUARDED | RefFlags::DEAD | RefFlags::TYPE_CHECKING)
        || falls_back(cx, reference.symbol)
    {
        return None;
    }
    if writes_frame_locals(cx, reference.symbol) {
        return None;
    }
    let free = is_free(cx, reference.symbol);
    Some(match (issue.flow, issue.cause) {
        (Flow::Unbound, Cause::Deleted) => Kind::DeletedName,
        (Flow::Unbound, Cause::ExceptName) => Kind::ExceptNameDeleted,
        _ if free => Kind::UnboundFreeVariable,
        (Flow::Unbound, Cause::Never) if is_never_bound(cx, reference.symbol) => Kind::NeverBound,
        (Flow::Unbound, Cause::Never) if lives_in_function(cx, reference.symbol) => Kind::UnboundLocal,
        (Flow::Unbound, Cause::Never) => Kind::UsedBeforeDefinition,
        (Flow::Maybe, _) if misses_loop_target(cx, issue) => Kind::UndefinedLoopVariable,
        (Flow::Maybe, _) => Kind::PossiblyUnbound,
        (Flow::NotAsked | Flow::Bound, _) => return None,
    })
}

/// Whether all that a path misses is the target of a loop that does not run.
fn misses_loop_target(cx: &FileCx<'_>, issue: &FlowIssue) -> bool {
    let is_target = |id: RefId| cx.facts.refs[id].kind == RefKind::For;
    matches!(issue.witness, Some(Witness::LoopNotRun(_)))
        && issue.cause == Cause::Never
        && cx.facts.variable(cx.facts.refs[issue.reference].symbol).is_some_and(|id| cx.bindings_of(id).all(is_target))
}

/// Whether the function writes to its own frame: from PEP 667 on that binds local variables.
fn writes_frame_locals(cx: &FileCx<'_>, symbol: SymbolId) -> bool {
    let scope = cx.facts.symbols[symbol].scope;
    scope != MODULE && cx.slice(cx.facts.scopes[scope].span).contains(".f_locals")
}

/// Whether the variable is one of an enclosing function, reached through a cell.
fn is_free(cx: &FileCx<'_>, symbol: SymbolId) -> bool {
    let row = &cx.facts.symbols[symbol];
    let owner_frame = row.owner.map(|owner| cx.frame_of(cx.facts.symbols[owner].scope));
    row.place == Place::Free && owner_frame != Some(cx.frame_of(row.scope))
}

fn lives_in_function(cx: &FileCx<'_>, symbol: SymbolId) -> bool {
    let row = &cx.facts.symbols[symbol];
    match row.place {
        Place::Local | Place::Cell => cx.facts.scopes[row.scope].kind.is_function_like(),
        Place::Free => true,
        Place::GlobalExplicit | Place::GlobalImplicit | Place::Unknown => false,
    }
}

/// Whether a variable of a function is declared only: by annotations without a value, or by `del`.
fn is_never_bound(cx: &FileCx<'_>, symbol: SymbolId) -> bool {
    let variable = cx.facts.variable(symbol).unwrap_or(symbol);
    lives_in_function(cx, symbol)
        && cx.facts.symbols[variable].bindings == 0
        && cx.bindings_of(variable).next().is_none()
}

/// Whether a name of the module or of a class body is found elsewhere while it has no value of its own.
fn falls_back(cx: &FileCx<'_>, symbol: SymbolId) -> bool {
    if lives_in_function(cx, symbol) {
        return false;
    }
    let row = &cx.facts.symbols[symbol];
    let module = &cx.facts.scopes[MODULE];
    if module.flags.intersects(ScopeFlags::STAR_IMPORT | ScopeFlags::DYNAMIC)
        || provider(cx.name(symbol), cx.dialect.version).is_some()
    {
        return true;
    }
    let in_module = cx.module_symbol(symbol).map(|id| cx.facts.symbols[id].flags);
    let is_class_name = cx.facts.scopes[row.scope].kind == ScopeKind::Class && !row.place.is_global();
    if is_class_name && in_module.is_some_and(|flags| flags.intersects(SymbolFlags::BOUND)) {
        return true;
    }
    in_module.is_some_and(|flags| flags.contains(SymbolFlags::GLOBAL)) && cx.bound_by_a_function(row.name)
}

/// What CPython prints.
fn exception(cx: &FileCx<'_>, symbol: SymbolId) -> String {
    let name = cx.name(symbol);
    match (lives_in_function(cx, symbol), is_free(cx, symbol), cx.dialect.not_associated_wording) {
        (false, ..) => format!("NameError: name '{name}' is not defined"),
        (_, true, true) => {
            format!(
                "NameError: cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
            )
        }
        (_, true, false) => {
            format!("NameError: free variable '{name}' referenced before assignment in enclosing scope")
        }
        (_, false, true) => {
            format!("UnboundLocalError: cannot access local variable '{name}' where it is not associated with a value")
        }
        (_, false, false) => {
            format!("UnboundLocalError: local variable '{name}' referenced before assignment")
        }
    }
}

/// Whether a function inside was meant to use a variable of this name and does not: it makes one of its own.
pub(crate) fn is_missed(cx: &FileCx<'_>, variable: SymbolId) -> bool {
    let row = &cx.facts.symbols[variable];
    let home = cx.facts.scopes[row.scope].span;
    cx.facts.flow_issues.iter().any(|issue| {
        let reference = &cx.facts.refs[issue.reference];
        let other = &cx.facts.symbols[reference.symbol];
        other.name == row.name && other.scope != row.scope && home.contains(reference.span)
    })
}

#[cold]
fn describe(cx: &FileCx<'_>, rule: &'static RuleMeta, kind: Kind, issue: &FlowIssue) -> Report {
    let reference = &cx.facts.refs[issue.reference];
    let variable = cx.facts.variable(reference.symbol).unwrap_or(reference.symbol);
    let message = message(cx, kind, issue, variable);
    let mut report = if issue.flow == Flow::Unbound {
        Report::error(rule, reference.span, message)
    } else {
        Report::warning(rule, Certainty::Possible, reference.span, message)
    };
    if let Some(call) = issue.call {
        report = report.related(call, "this call leads there too early");
    }
    if let Some(other) = issue.other {
        let place = &cx.facts.refs[other];
        let what = match place.kind {
            RefKind::Delete => "deleted here",
            RefKind::Except => "unbound at the end of this handler",
            _ => "bound here",
        };
        report = report.related(place.span, what);
    } else {
        for binding in cx.bindings_of(variable).filter(|&id| id != issue.reference).take(2) {
            let place = &cx.facts.refs[binding];
            report = report.related(place.span, format!("{} here", FileCx::verb(place.kind)));
        }
    }
    if let Some(help) = help(cx, kind, issue, variable) {
        report = report.help(help);
    }
    report.python(exception(cx, reference.symbol))
}

fn message(cx: &FileCx<'_>, kind: Kind, issue: &FlowIssue, variable: SymbolId) -> String {
    let reference = &cx.facts.refs[issue.reference];
    let name = cx.name(variable);
    let home = cx.describe(cx.facts.symbols[variable].scope);
    let other_line = issue.other.map(|other| cx.line(cx.facts.refs[other].span.start));
    let on_line = other_line.map_or_else(String::new, |line| format!(" on line {line}"));
    match kind {
        Kind::DeletedName => format!("`{name}` was deleted{on_line} and has no value here"),
        Kind::ExceptNameDeleted => {
            format!("`{name}` has no value here: Python unbinds it at the end of the `except` block{on_line}")
        }
        Kind::UsedBeforeDefinition => match (issue.call, first_binding(cx, issue.reference, variable)) {
            (Some(call), Some(line)) => {
                format!(
                    "`{name}` has no value yet when the call on line {} leads here; line {line} binds it",
                    cx.line(call.start)
                )
            }
            (_, Some(line)) => format!("`{name}` is used before line {line} binds it"),
            (_, None) => format!("`{name}` has no value here"),
        },
        Kind::UnboundFreeVariable if issue.flow == Flow::Unbound => {
            format!(
                "`{name}` of {home} has no value yet when {} reads it",
                cx.describe(cx.facts.symbols[reference.symbol].scope)
            )
        }
        Kind::UnboundLocal if reference.kind == RefKind::AugAssign => {
            format!("`{name}` has no value to change here: the assignment makes it local to {home}")
        }
        Kind::NeverBound => format!("`{name}` is local to {home} and never gets a value"),
        Kind::UnboundLocal => match first_binding(cx, issue.reference, variable) {
            Some(line) => {
                format!("`{name}` has no value here: line {line} makes it local to {home}")
            }
            None => format!("`{name}` is local to {home} and never gets a value"),
        },
        Kind::PossiblyUnbound | Kind::UndefinedLoopVariable | Kind::UnboundFreeVariable => {
            format!("`{name}` may have no value here: {}", path(cx, issue.witness))
        }
    }
}

fn first_binding(cx: &FileCx<'_>, except: RefId, variable: SymbolId) -> Option<u32> {
    cx.bindings_of(variable).find(|&id| id != except).map(|id| cx.line(cx.facts.refs[id].span.start))
}

/// The path on which the value is missing.
fn path(cx: &FileCx<'_>, witness: Option<Witness>) -> String {
    match witness {
        Some(Witness::BranchNotTaken(at)) => {
            format!("the branch on line {} may not be taken", cx.line(at))
        }
        Some(Witness::LoopNotRun(at)) => {
            format!("the loop on line {} may run zero times", cx.line(at))
        }
        Some(Witness::Raised(at)) => format!("the `try` on line {} may raise before it is bound", cx.line(at)),
        Some(Witness::ShortCircuit(at)) => {
            format!("the operand on line {} that binds it may not be evaluated", cx.line(at))
        }
        Some(Witness::Deleted(at)) => format!("line {} may have deleted it", cx.line(at)),
        None => "some path does not bind it".to_owned(),
    }
}

fn help(cx: &FileCx<'_>, kind: Kind, issue: &FlowIssue, variable: SymbolId) -> Option<String> {
    let name = cx.name(variable);
    match kind {
        Kind::ExceptNameDeleted => Some(format!("assign `{name}` to another name inside the `except` block")),
        Kind::UnboundLocal => {
            let symbol = &cx.facts.symbols[variable];
            let mut outer = cx.facts.scopes[symbol.scope].parent;
            while let Some(scope) = outer {
                let kind = cx.facts.scopes[scope].kind;
                let bound = cx
                    .facts
                    .symbol_in(scope, symbol.name)
                    .is_some_and(|id| cx.facts.symbols[id].flags.intersects(SymbolFlags::BOUND));
                if bound && kind == ScopeKind::Module {
                    return Some(format!(
                        "to use the module's `{name}`, declare `global {name}` first, or give the local another name"
                    ));
                }
                if bound && kind == ScopeKind::Function {
                    let home = cx.describe(scope);
                    return Some(format!(
                        "to use `{name}` of {home}, declare `nonlocal {name}` first, or give the local another name"
                    ));
                }
                outer = cx.facts.scopes[scope].parent;
            }
            None
        }
        Kind::PossiblyUnbound | Kind::UndefinedLoopVariable if issue.cause == Cause::Never => {
            Some(format!("give `{name}` a value before, or handle the other path"))
        }
        _ => None,
    }
}
