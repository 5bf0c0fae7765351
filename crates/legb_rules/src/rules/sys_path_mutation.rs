//! `sys-path-mutation` (LEGB330): `sys.path` is changed by the program.

use legb_base::Severity;
use legb_syntax::ast::{Expr, Stmt};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB330",
    name: "sys-path-mutation",
    group: Group::Modules,
    severity: Severity::Info,
    on_by_default: true,
    summary: "`sys.path` is changed by the program",
    twins: &[],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r#"## What it reports
A statement that changes `sys.path`: `sys.path.insert(…)`, `sys.path.append(…)`, `sys.path = …`, `sys.path += …`.

## Why
From there on every import of the process looks into that folder: a file in it may hide a module of the standard library or of another package, and what is found depends on which module was imported first.

## Example
```python
import sys

sys.path.insert(0, "lib")
import helpers
```

## Repair
Install the package (`pip install -e .`), run it with `-m`, or set `PYTHONPATH` for the process.

## How sure
Certain that the path changes when the line runs.
What takes a change back, `sys.path.remove(…)` and `sys.path[:] = saved`, is told where the rule is selected.
"#;

const CHANGES: [&str; 3] = ["insert", "append", "extend"];
/// Methods that mostly take a change back.
const TAKES_BACK: [&str; 3] = ["remove", "pop", "clear"];

fn wanted(cx: &FileCx<'_>) -> bool {
    cx.mentions("sys") && (cx.text.contains("sys.path") || cx.text.contains("from sys import"))
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let cx = spot.cx;
    let is_path = |expr: &Expr| {
        let expr = match expr {
            Expr::Subscript(subscript) => &subscript.value,
            other => other,
        };
        cx.full_name(expr).is_some_and(|name| name == "sys.path")
    };
    let place = match spot.node {
        Node::Expr(Expr::Call(call)) => match &*call.func {
            Expr::Attribute(method) if is_path(&method.value) => {
                let name = method.attr.as_str();
                let is_told = CHANGES.contains(&name) || TAKES_BACK.contains(&name) && sink.is_asked(&META);
                if !is_told {
                    return;
                }
                fix::span(call)
            }
            _ => return,
        },
        // `sys.path[:] = saved` puts back what was there.
        Node::Stmt(Stmt::Assign(assign))
            if !sink.is_asked(&META) && matches!(&*assign.value, Expr::Name(_) | Expr::Attribute(_)) =>
        {
            return;
        }
        Node::Stmt(Stmt::Assign(assign)) => match assign.targets.iter().find(|target| is_path_target(cx, target)) {
            Some(target) => fix::span(target),
            None => return,
        },
        Node::Stmt(Stmt::AugAssign(assign)) if is_path_target(cx, &assign.target) => fix::span(&*assign.target),
        _ => return,
    };
    sink.push(Report::info(&META, place, "this changes where every later import looks".to_owned()));
}

fn is_path_target(cx: &FileCx<'_>, target: &Expr) -> bool {
    let target = match target {
        Expr::Subscript(subscript) => &*subscript.value,
        other => other,
    };
    matches!(target, Expr::Attribute(_)) && cx.full_name(target).is_some_and(|name| name == "sys.path")
}
