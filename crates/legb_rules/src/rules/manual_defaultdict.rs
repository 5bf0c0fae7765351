//! `manual-defaultdict` (LEGB409): a first value is put in by hand that `collections.defaultdict` makes.

use legb_base::Severity;
use legb_syntax::ast::{CmpOp, Expr, Stmt};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB409",
    name: "manual-defaultdict",
    group: Group::Idioms,
    severity: Severity::Info,
    on_by_default: false,
    summary: "a first value is put in by hand that `collections.defaultdict` makes",
    twins: &[],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r"## What it reports
`if key not in table: table[key] = []` before the item is used, with an empty list, dict or set.

## Why
`collections.defaultdict` makes the first value when a key is first read; the check and the second lookup are not needed.

## Example
```python
groups = {}
for word in words:
    if word[0] not in groups:
        groups[word[0]] = []
    groups[word[0]].append(word)
```

## Repair
Make the table a `defaultdict(list)`, or write `groups.setdefault(key, []).append(word)`.

## How sure
Certain that the statement does that; note that reading a missing key of a `defaultdict` adds it.
";

fn wanted(cx: &FileCx<'_>) -> bool {
    cx.text.contains(" not in ")
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let Node::Stmt(Stmt::If(branch)) = spot.node else { return };
    let cx = spot.cx;
    let text = |expr: &Expr| cx.slice(fix::span(expr));
    let ([Stmt::Assign(assign)], []) = (branch.body.as_slice(), branch.elif_else_clauses.as_slice()) else { return };
    let Expr::Compare(test) = &*branch.test else { return };
    let ([CmpOp::NotIn], [table]) = (&*test.ops, &*test.comparators) else { return };
    let [Expr::Subscript(item)] = assign.targets.as_slice() else { return };
    let empty = match &*assign.value {
        Expr::List(list) => list.elts.is_empty().then_some("list"),
        Expr::Dict(dict) => dict.items.is_empty().then_some("dict"),
        Expr::Call(call) if call.arguments.is_empty() => match cx.full_name(&call.func).as_deref() {
            Some("builtins.list") => Some("list"),
            Some("builtins.dict") => Some("dict"),
            Some("builtins.set") => Some("set"),
            _ => None,
        },
        _ => None,
    };
    if let Some(kind) = empty
        && text(&item.value) == text(table)
        && text(&item.slice) == text(&test.left)
    {
        let message = format!("`collections.defaultdict({kind})` makes the first value of a key by itself");
        sink.push(Report::info(&META, fix::span(branch), message));
    }
}
