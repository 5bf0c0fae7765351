//! `redeclared-in-assignment` (LEGB125): a name occurs twice among the targets of one assignment.

use legb_base::{Certainty, Severity, Span};
use legb_scope::{RefFlags, Reference};
use legb_syntax::ast::{Expr, Stmt};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::statement::innermost;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB125",
    name: "redeclared-in-assignment",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a name occurs twice among the targets of one assignment",
    twins: &["PLW0128"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A name that occurs more than once among the targets that one value is unpacked into.

## Why
The targets are assigned from left to right: the later one replaces the value of the earlier one, which is lost.

## Example
```python
first, first = (1, 2)  # 2
```

## Repair
Give the targets different names; `_` says that a value is not wanted.

## How sure
Certain that the earlier value is lost. Names that begin with `_`, and `dummy`, `unused` and `ignored`, are left alone.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    let rows = cx.facts.refs.raw.as_slice();
    for (at, row) in rows.iter().enumerate() {
        if !row.flags.contains(RefFlags::UNPACKED) || !row.kind.binds() || cx.facts.symbols[row.symbol].bindings < 2 {
            continue;
        }
        let before = rows[..at].iter().rev().take_while(|other| other.flags.contains(RefFlags::UNPACKED));
        for earlier in before.take(MOST) {
            if earlier.symbol == row.symbol && earlier.kind == row.kind {
                examine(cx, earlier, row, sink);
                break;
            }
        }
    }
}

/// So many targets of one unpacking are compared.
const MOST: usize = 16;

#[cold]
fn examine(cx: &FileCx<'_>, earlier: &Reference, later: &Reference, sink: &mut Sink<'_>) {
    let name = cx.name(later.symbol);
    let both = Span::new(earlier.span.start, later.span.end);
    let Some(found) = innermost(cx.parsed.suite(), later.span.start) else { return };
    let holds = |target: &Expr| fix::span(target).contains(both);
    let same = match found.stmt {
        Stmt::Assign(assign) => assign.targets.iter().any(holds),
        Stmt::For(statement) => holds(&statement.target),
        Stmt::With(with) => with.items.iter().filter_map(|item| item.optional_vars.as_deref()).any(holds),
        _ => false,
    };
    let is_placeholder = name.starts_with('_') || ["dummy", "unused", "ignored"].contains(&name);
    if same && !is_placeholder {
        let message = format!("`{name}` occurs twice among these targets: the first value is lost");
        sink.push(
            Report::warning(&META, Certainty::Certain, later.span, message).related(earlier.span, "first target here"),
        );
    }
}
