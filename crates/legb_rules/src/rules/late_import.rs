//! `late-import` (LEGB317, off by default): an import of the module stands behind other code.

use legb_base::Severity;
use legb_syntax::ast::{Expr, Stmt};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB317",
    name: "late-import",
    group: Group::Modules,
    severity: Severity::Info,
    on_by_default: false,
    summary: "an import of the module stands behind other code",
    twins: &["E402"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
An import statement at module level behind code that is no import.

## Why
A reader looks for imports at the top, and code between imports runs while the module is half loaded: a module that imports this one back sees only what is above the line.

## Example
```python
import os

limit = 3

import sys  # late
```

## Repair
Move the import up.
If it has to wait for the code above, say so in a comment.

## How sure
Certain that it is late; whether that is wanted is a matter of taste, so the rule is off by default.
Docstrings, `__all__` and other dunder names, changes of `sys.path` and `os.environ`, `if`, `try` and `with` statements may stand above imports.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    let mut above = None;
    for (at, stmt) in cx.parsed.suite().iter().enumerate() {
        match (stmt, above) {
            (Stmt::Import(_) | Stmt::ImportFrom(_), None) => {}
            (Stmt::Import(_) | Stmt::ImportFrom(_), Some(code)) => {
                let message = "this import stands behind other code".to_owned();
                sink.push(Report::info(&META, fix::span(stmt), message).related(code, "the first code above it"));
            }
            (_, None) if !may_stand_above(stmt, at) => {
                let line = cx.line(fix::span(stmt).start);
                above = cx.lines().line_span(line).map(|line| {
                    let text = cx.slice(line);
                    let end = line.start + u32::try_from(text.trim_end().len()).unwrap_or_default();
                    legb_base::Span::new(line.start, end)
                });
            }
            _ => {}
        }
    }
}

/// Whether a statement does not count as code.
fn may_stand_above(stmt: &Stmt, at: usize) -> bool {
    match stmt {
        Stmt::If(_) | Stmt::Try(_) | Stmt::With(_) => true,
        Stmt::Expr(expression) => match &*expression.value {
            Expr::StringLiteral(_) => at == 0,
            Expr::Call(call) => is_preparation(&call.func),
            _ => false,
        },
        Stmt::Assign(assign) => assign.targets.iter().all(|target| is_dunder(target) || is_environment(target)),
        Stmt::AnnAssign(assign) => is_dunder(&assign.target) || is_environment(&assign.target),
        Stmt::AugAssign(assign) => is_dunder(&assign.target) || is_environment(&assign.target),
        Stmt::Delete(delete) => delete.targets.iter().all(is_environment),
        _ => false,
    }
}

fn is_dunder(target: &Expr) -> bool {
    matches!(target, Expr::Name(name) if name.id.starts_with("__") && name.id.ends_with("__"))
}

/// `sys.path`, `os.environ`, or an item or slice of them.
fn is_environment(target: &Expr) -> bool {
    match target {
        Expr::Subscript(subscript) => is_environment(&subscript.value),
        _ => matches!(dotted(target).as_deref(), Some("sys.path" | "os.environ")),
    }
}

/// A call that must come before imports to have its effect.
fn is_preparation(function: &Expr) -> bool {
    let Some(name) = dotted(function) else { return false };
    match name.rsplit_once('.') {
        Some(("sys.path" | "os.environ", _)) => true,
        _ => {
            matches!(&*name, "os.putenv" | "os.unsetenv" | "site.addsitedir" | "matplotlib.use" | "pytest.importorskip")
        }
    }
}

fn dotted(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => Some(format!("{}.{}", dotted(&attribute.value)?, attribute.attr)),
        _ => None,
    }
}
