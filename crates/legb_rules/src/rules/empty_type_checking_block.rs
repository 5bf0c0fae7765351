//! `empty-type-checking-block` (LEGB325): `if TYPE_CHECKING:` with nothing in it.

use legb_base::{Applicability, Severity};
use legb_scope::{Branch, BranchKind};
use legb_syntax::ast::{Expr, Stmt};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::statement::innermost;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB325",
    name: "empty-type-checking-block",
    group: Group::Modules,
    severity: Severity::Info,
    on_by_default: true,
    summary: "`if TYPE_CHECKING:` holds nothing",
    twins: &["TC005", "TCH005"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
`if TYPE_CHECKING:` with nothing but `pass` in it.

## Why
It is left over from imports that are gone.

## Example
```python
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass
```

## Repair
Remove the block.

## How sure
Certain that it does nothing.
";

const NAME: &str = "TYPE_CHECKING";
const PASS: &str = "pass";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for branch in &cx.facts.branches {
        let length = (branch.span.end - branch.span.start) as usize;
        if length == PASS.len() && branch.kind == BranchKind::If && branch.arm == 0 && cx.slice(branch.span) == PASS {
            look(cx, branch, sink);
        }
    }
}

fn look(cx: &FileCx<'_>, branch: &Branch, sink: &mut Sink<'_>) {
    if let Some(found) = innermost(cx.parsed.suite(), branch.statement)
        && let Stmt::If(statement) = found.stmt
        && statement.elif_else_clauses.is_empty()
        && is_type_checking(&statement.test)
    {
        let message = "this block for type checkers holds nothing".to_owned();
        let report = Report::info(&META, fix::span(&*statement.test), message);
        sink.push(report.fix("remove the block", Applicability::Safe, vec![fix::remove_statement(cx, found)]));
    }
}

fn is_type_checking(test: &Expr) -> bool {
    match test {
        Expr::Name(name) => name.id.as_str() == NAME,
        Expr::Attribute(attribute) => attribute.attr.as_str() == NAME,
        _ => false,
    }
}
