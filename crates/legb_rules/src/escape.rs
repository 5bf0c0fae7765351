//! Does a function that is made in a loop outlive the round that makes it?
//!
//! What is called or consumed in the round does not; what goes into a container, or to somebody who keeps it, does. Where that
//! cannot be told, it is taken not to.

use legb_base::{Certainty, Span};
use legb_scope::{RefKind, ScopeId, ScopeKind};
use legb_syntax::Ranged;
use legb_syntax::ast::{Expr, ExprCall, Stmt};

use crate::context::FileCx;
use crate::fix::span;
use crate::statement::innermost;
use crate::tree::{Node, path_to};

/// Methods that put what they are given into a container.
const KEEPERS: [&str; 9] =
    ["append", "add", "insert", "appendleft", "extend", "put", "put_nowait", "setdefault", "push"];
/// Methods and functions that keep a function to call it later.
const SCHEDULERS: [&str; 22] = [
    "register",
    "connect",
    "bind",
    "after",
    "call_later",
    "call_soon",
    "call_at",
    "call_soon_threadsafe",
    "submit",
    "add_done_callback",
    "subscribe",
    "Thread",
    "Timer",
    "Process",
    "partial",
    "add_callback",
    "addCallback",
    "addCleanup",
    "add_listener",
    "create_task",
    "defer",
    "bind_all",
];
/// Keyword arguments that name a function which is called later.
const CALLBACKS: [&str; 5] = ["target", "command", "callback", "on_click", "on_change"];
/// Builtins whose result holds the function or generator that they are given, and calls it later.
const LAZY: [&str; 6] = ["map", "filter", "zip", "enumerate", "iter", "reversed"];

/// How sure it is that a function, lambda or generator outlives the round; nothing where it does not, or nobody can tell.
pub(crate) fn of(cx: &FileCx<'_>, closure: ScopeId, round: Span, in_comprehension: bool) -> Option<Certainty> {
    let scope = &cx.facts.scopes[closure];
    if scope.kind == ScopeKind::Function {
        return of_function(cx, closure, round);
    }
    let path = path_to(cx, scope.span);
    let (last, around) = path.split_last()?;
    last.expr()?;
    of_value(cx, *last, around, round, in_comprehension)
}

fn of_function(cx: &FileCx<'_>, closure: ScopeId, round: Span) -> Option<Certainty> {
    let scope = &cx.facts.scopes[closure];
    let Some(Stmt::FunctionDef(def)) = innermost(cx.parsed.suite(), scope.span.start).map(|found| found.stmt) else {
        return None;
    };
    let plain =
        ["property", "staticmethod", "classmethod", "wraps", "lru_cache", "cache", "contextmanager", "overload"];
    let registers = def.decorator_list.iter().any(|decorator| {
        let called = match &decorator.expression {
            Expr::Call(call) => &*call.func,
            other => other,
        };
        last_part(called).is_none_or(|name| !plain.contains(&name))
    });
    let is_method = scope.parent.is_some_and(|parent| cx.facts.scopes[parent].kind == ScopeKind::Class);
    if is_method {
        return None;
    }
    if registers {
        return Some(Certainty::Possible);
    }
    of_name(cx, span(&def.name), round)
}

/// A name that holds the function: whether any use of it in the round lets the function out.
fn of_name(cx: &FileCx<'_>, name: Span, round: Span) -> Option<Certainty> {
    let binding = cx.facts.refs.iter().find(|row| row.span == name && row.kind.binds())?;
    let variable = cx.facts.variable(binding.symbol)?;
    let replaced =
        |from: u32, to: u32| cx.bindings_of(variable).any(|id| (from + 1..to).contains(&cx.facts.refs[id].span.start));
    let uses =
        cx.refs_of_variable(variable).map(|id| &cx.facts.refs[id]).filter(|row| !replaced(name.start, row.span.start));
    let mut worst = None;
    for read in uses.filter(|row| row.kind == RefKind::Load && round.contains(row.span)) {
        let path = path_to(cx, read.span);
        let Some((last, around)) = path.split_last() else { continue };
        let escapes = of_value(cx, *last, around, round, false);
        worst = match (worst, escapes) {
            (Some(Certainty::Certain), _) | (_, Some(Certainty::Certain)) => Some(Certainty::Certain),
            (known, escapes) => escapes.or(known),
        };
    }
    worst
}

/// An expression whose value is the function, or holds it: what is around it decides.
fn of_value(
    cx: &FileCx<'_>,
    node: Node<'_>,
    around: &[Node<'_>],
    round: Span,
    in_comprehension: bool,
) -> Option<Certainty> {
    let value = node.expr()?;
    let (parent, outer) = around.split_last()?;
    match parent {
        Node::Expr(parent_expr) => {
            let further = |certain| of_value(cx, Node::Expr(parent_expr), outer, round, certain);
            match parent_expr {
                Expr::Call(call) => of_argument(cx, call, value, *parent, outer, round),
                Expr::List(_)
                | Expr::Tuple(_)
                | Expr::Set(_)
                | Expr::Dict(_)
                | Expr::If(_)
                | Expr::BoolOp(_)
                | Expr::Named(_) => further(in_comprehension),
                Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                    let lazy = matches!(parent_expr, Expr::Generator(_));
                    match span(*parent_expr) == round {
                        // The element of the comprehension that binds the variable: all elements share it.
                        true if is_element(parent_expr, value) => {
                            Some(if lazy { Certainty::Possible } else { Certainty::Certain })
                        }
                        true => None,
                        false if is_element(parent_expr, value) => further(in_comprehension),
                        false => None,
                    }
                }
                Expr::Yield(_) => Some(Certainty::Possible),
                _ => None,
            }
        }
        Node::Stmt(stmt) => match stmt {
            Stmt::Assign(assign) => match assign.targets.as_slice() {
                [Expr::Name(name)] => of_name(cx, span(name), round),
                [Expr::Subscript(_)] => Some(Certainty::Certain),
                [Expr::Attribute(_)] => Some(Certainty::Possible),
                _ => None,
            },
            Stmt::AnnAssign(assign) => match &*assign.target {
                Expr::Name(name) => of_name(cx, span(name), round),
                _ => Some(Certainty::Possible),
            },
            Stmt::AugAssign(_) => Some(Certainty::Certain),
            _ => None,
        },
    }
}

fn is_element(comprehension: &Expr, value: &Expr) -> bool {
    let own = span(value);
    let is = |expr: &Expr| span(expr) == own;
    match comprehension {
        Expr::ListComp(node) => is(&node.elt),
        Expr::SetComp(node) => is(&node.elt),
        Expr::Generator(node) => is(&node.elt),
        Expr::DictComp(node) => is(&node.value) || node.key.as_deref().is_some_and(is),
        _ => false,
    }
}

/// An argument of a call.
fn of_argument(
    cx: &FileCx<'_>,
    call: &ExprCall,
    value: &Expr,
    node: Node<'_>,
    outer: &[Node<'_>],
    round: Span,
) -> Option<Certainty> {
    if call.func.range() == value.range() {
        return None;
    }
    let keyword = call.arguments.keywords.iter().find(|keyword| keyword.value.range() == value.range());
    if let Some(name) = keyword.and_then(|keyword| keyword.arg.as_ref())
        && CALLBACKS.contains(&name.as_str())
    {
        return Some(Certainty::Possible);
    }
    let function = last_part(&call.func)?;
    let is_method = matches!(&*call.func, Expr::Attribute(_));
    if is_method && KEEPERS.contains(&function) {
        // A generator that `extend` is given is run at once.
        let consumed = function == "extend" && matches!(value, Expr::Generator(_));
        return (!consumed).then_some(Certainty::Certain);
    }
    if SCHEDULERS.contains(&function) {
        return match function {
            "partial" => of_value(cx, node, outer, round, false),
            _ => Some(Certainty::Possible),
        };
    }
    if !is_method && LAZY.contains(&function) {
        return of_value(cx, node, outer, round, false);
    }
    None
}

fn last_part(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}
