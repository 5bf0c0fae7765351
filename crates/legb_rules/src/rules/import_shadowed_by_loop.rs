//! `import-shadowed-by-loop` (LEGB118): a loop variable replaces an import.

use legb_base::{Certainty, Severity};
use legb_scope::{Import, RefFlags, RefId, RefKind, Reference};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB118",
    name: "import-shadowed-by-loop",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a loop variable replaces an import",
    twins: &["F402"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r#"## What it reports
A `for` loop whose variable has the name of an import of the same scope.

## Why
The loop variable replaces the module, for the loop and for everything that runs after it.

## Example
```python
import path

for path in ["a", "b"]:
    print(path)
print(path.sep)  # AttributeError
```

## Repair
Give the loop variable another name.

## How sure
Certain that the import is replaced. Where it stands in a branch that excludes the loop nothing is said.
"#;

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    let bound_again =
        |import: &Import| import.binding.is_some_and(|id| cx.facts.symbols[cx.facts.refs[id].symbol].bindings > 1);
    for import in cx.facts.imports.iter().filter(|import| bound_again(import)) {
        if let Some(binding) = import.binding {
            examine(cx, binding, sink);
        }
    }
}

/// The loop variable that replaces an import, if that is what binds the name next.
#[cold]
pub(super) fn loop_over<'c>(cx: &'c FileCx<'_>, binding: RefId) -> Option<&'c Reference> {
    let row = &cx.facts.refs[binding];
    let next = cx.bindings_of(row.symbol).find(|&other| other > binding);
    let next = next.map(|next| &cx.facts.refs[next]).filter(|next| next.kind == RefKind::For)?;
    let dead = (row.flags | next.flags).intersects(RefFlags::DEAD | RefFlags::TYPE_CHECKING);
    (!dead && !cx.facts.exclusive(row.span.start, next.span.start)).then_some(next)
}

#[cold]
fn examine(cx: &FileCx<'_>, binding: RefId, sink: &mut Sink<'_>) {
    let row = &cx.facts.refs[binding];
    let Some(next) = loop_over(cx, binding) else { return };
    let line = cx.line(row.span.start);
    let message = format!("the loop variable `{}` replaces the import of line {line}", cx.name(row.symbol));
    sink.push(Report::warning(&META, Certainty::Certain, next.span, message).related(row.span, "imported here"));
}
