//! `manual-counter` (LEGB408): counting by hand what `collections.Counter` counts.

use legb_base::Severity;
use legb_syntax::ast::{CmpOp, Expr, ExprSubscript, Number, Operator, Stmt, StmtIf};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB408",
    name: "manual-counter",
    group: Group::Idioms,
    severity: Severity::Info,
    on_by_default: false,
    summary: "counting by hand what `collections.Counter` counts",
    twins: &[],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r"## What it reports
`table[key] = table.get(key, 0) + 1`, and `if key in table: table[key] += 1` with an `else` that sets it to 1.

## Why
`collections.Counter` says what is meant in one word, gives 0 for keys that it has not seen, and counts a whole iterable at C speed.

## Example
```python
counts = {}
for word in words:
    counts[word] = counts.get(word, 0) + 1
```

## Repair
Write `counts = Counter(words)`, or make `counts` a `Counter` and write `counts[word] += 1`.

## How sure
Certain that the statement counts.
";

fn wanted(cx: &FileCx<'_>) -> bool {
    cx.text.contains("+ 1") || cx.text.contains("+= 1") || cx.text.contains("+1") || cx.text.contains("+=1")
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let Node::Stmt(stmt) = spot.node else { return };
    let counts = match stmt {
        Stmt::Assign(assign) => match (assign.targets.as_slice(), &*assign.value) {
            ([Expr::Subscript(target)], Expr::BinOp(sum)) => {
                sum.op == Operator::Add && is_one(&sum.right) && gets(spot.cx, &sum.left, target)
            }
            _ => false,
        },
        Stmt::If(branch) => by_branches(spot.cx, branch),
        _ => false,
    };
    if counts {
        let message = "this counts by hand what `collections.Counter` counts".to_owned();
        sink.push(Report::info(&META, fix::span(stmt), message));
    }
}

fn is_one(expr: &Expr) -> bool {
    matches!(expr, Expr::NumberLiteral(number) if matches!(&number.value, Number::Int(int) if int.as_u8() == Some(1)))
}

/// `table.get(key, 0)` of the same table and key.
fn gets(cx: &FileCx<'_>, expr: &Expr, target: &ExprSubscript) -> bool {
    let Expr::Call(call) = expr else { return false };
    let Expr::Attribute(method) = &*call.func else { return false };
    let [key, zero] = &*call.arguments.args else { return false };
    let text = |expr: &Expr| cx.slice(fix::span(expr));
    method.attr.as_str() == "get"
        && text(zero) == "0"
        && text(key) == text(&target.slice)
        && text(&method.value) == text(&target.value)
}

/// `if key in table: table[key] += 1` and `else: table[key] = 1`.
fn by_branches(cx: &FileCx<'_>, branch: &StmtIf) -> bool {
    let text = |expr: &Expr| cx.slice(fix::span(expr));
    let ([then], [otherwise]) = (branch.body.as_slice(), branch.elif_else_clauses.as_slice()) else { return false };
    let Expr::Compare(test) = &*branch.test else { return false };
    let ([operator], [table]) = (&*test.ops, &*test.comparators) else { return false };
    let ([other], None) = (otherwise.body.as_slice(), &otherwise.test) else { return false };
    let (adds, sets) = match operator {
        CmpOp::In => (then, other),
        CmpOp::NotIn => (other, then),
        _ => return false,
    };
    let is_item = |expr: &Expr| matches!(expr, Expr::Subscript(item) if text(&item.value) == text(table) && text(&item.slice) == text(&test.left));
    let added =
        matches!(adds, Stmt::AugAssign(add) if add.op == Operator::Add && is_one(&add.value) && is_item(&add.target));
    let set =
        matches!(sets, Stmt::Assign(set) if set.targets.len() == 1 && is_item(&set.targets[0]) && is_one(&set.value));
    added && set
}
