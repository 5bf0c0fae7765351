//! `list-pop-first` (LEGB407): the first item of a list is taken out.

use legb_base::Severity;
use legb_scope::BranchKind;
use legb_syntax::ast::{Expr, Number, Stmt};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::statement::innermost;
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB407",
    name: "list-pop-first",
    group: Group::Idioms,
    severity: Severity::Info,
    on_by_default: false,
    summary: "the first item of a list is taken out",
    twins: &[],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r"## What it reports
A call of `pop(0)` or `insert(0, …)` in a loop, on a variable that the file makes as a list.

## Why
A list moves all other items by one place each time: the loop takes time in the square of its length.
`collections.deque` has `popleft` and `appendleft`, which move nothing.

## Example
```python
queue = [root]
while queue:
    node = queue.pop(0)
```

## Repair
Make it a `collections.deque` and use `popleft()` or `appendleft(…)`.

## How sure
Certain that the items move; how much that costs depends on the length.
";

fn wanted(cx: &FileCx<'_>) -> bool {
    (cx.text.contains(".pop(0)") || cx.text.contains(".insert(0,"))
        && cx.facts.branches.iter().any(|branch| branch.kind == BranchKind::Loop)
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let Node::Expr(Expr::Call(call)) = spot.node else { return };
    let Expr::Attribute(method) = &*call.func else { return };
    let wanted = match method.attr.as_str() {
        "pop" => call.arguments.args.len() == 1,
        "insert" => call.arguments.args.len() == 2,
        _ => false,
    };
    let is_first = matches!(call.arguments.args.first(), Some(Expr::NumberLiteral(number)) if matches!(&number.value, Number::Int(int) if int.as_u8() == Some(0)));
    let Expr::Name(list) = &*method.value else { return };
    let loops = spot.cx.facts.branches_at(fix::span(call).start).any(|branch| branch.kind == BranchKind::Loop);
    if !wanted || !is_first || !loops || !is_list(spot.cx, fix::span(list).start) {
        return;
    }
    let instead = if method.attr.as_str() == "pop" { "popleft()" } else { "appendleft(…)" };
    let message = format!("every other item of `{}` moves by one place each time", list.id.as_str());
    let help = format!("`collections.deque` has `{instead}`, which moves nothing");
    sink.push(Report::info(&META, fix::span(call), message).help(help));
}

/// Whether every value of a variable is a list that is written out or made here.
fn is_list(cx: &FileCx<'_>, offset: u32) -> bool {
    let Some(variable) = cx.load_at(offset).and_then(|id| cx.facts.variable(cx.facts.refs[id].symbol)) else {
        return false;
    };
    let mut bindings = cx.bindings_of(variable).peekable();
    bindings.peek().is_some()
        && bindings.all(|id| {
            let place = cx.facts.refs[id].span;
            match innermost(cx.parsed.suite(), place.start).map(|found| found.stmt) {
                Some(Stmt::Assign(assign)) if assign.targets.iter().any(|target| fix::span(target) == place) => {
                    match &*assign.value {
                        Expr::List(_) | Expr::ListComp(_) => true,
                        Expr::Call(call) => cx
                            .full_name(&call.func)
                            .is_some_and(|name| ["builtins.list", "builtins.sorted"].contains(&name.as_str())),
                        _ => false,
                    }
                }
                _ => false,
            }
        })
}
