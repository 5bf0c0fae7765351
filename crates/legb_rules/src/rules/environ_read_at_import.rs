//! `environ-read-at-import` (LEGB410): an environment variable is read while the module is imported.

use legb_base::Severity;
use legb_syntax::ast::{Expr, ExprContext, Stmt, StmtIf};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB410",
    name: "environ-read-at-import",
    group: Group::Idioms,
    severity: Severity::Info,
    on_by_default: false,
    summary: "an environment variable is read while the module is imported",
    twins: &[],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r#"## What it reports
`os.environ[…]`, `os.environ.get(…)` and `os.getenv(…)` outside of functions.

## Why
The value is that of the moment of the import: tests and programs that set the variable later see the old one, and a missing variable makes the import fail.

## Example
```python
import os

DEBUG = os.environ["DEBUG"]
```

## Repair
Read it in a function, or hand the settings in.

## How sure
Certain that it is read while the module is imported. What stands under `if __name__ == "__main__"` is left alone.
"#;

fn wanted(cx: &FileCx<'_>) -> bool {
    cx.text.contains("environ") || cx.text.contains("getenv")
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let cx = spot.cx;
    let is_environ = |expr: &Expr| cx.full_name(expr).is_some_and(|name| name == "os.environ");
    let place = match spot.node {
        Node::Expr(Expr::Subscript(item)) if item.ctx == ExprContext::Load && is_environ(&item.value) => {
            fix::span(item)
        }
        Node::Expr(Expr::Call(call)) => match &*call.func {
            Expr::Attribute(method) if method.attr.as_str() == "get" && is_environ(&method.value) => fix::span(call),
            function if cx.full_name(function).is_some_and(|name| name == "os.getenv") => fix::span(call),
            _ => return,
        },
        _ => return,
    };
    let in_main = spot.around.iter().any(|node| matches!(node, Node::Stmt(Stmt::If(branch)) if is_main_guard(branch)));
    if !spot.is_in_function() && !in_main {
        sink.push(Report::info(&META, place, "the environment is read while the module is imported".to_owned()));
    }
}

fn is_main_guard(branch: &StmtIf) -> bool {
    matches!(&*branch.test, Expr::Compare(test) if matches!(&*test.left, Expr::Name(name) if name.id.as_str() == "__name__"))
}
