//! `walrus-overwrites-outer` (LEGB207): `:=` in a comprehension overwrites a variable of the scope around it.

use legb_base::{Certainty, Severity};
use legb_scope::{RefId, RefKind, Reference, SymbolId};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB207",
    name: "walrus-overwrites-outer",
    group: Group::Scope,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "`:=` in a comprehension overwrites a variable of the scope around it",
    twins: &[],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
An assignment expression in a comprehension whose name holds another value in the scope around it, where that name is read afterwards.

## Why
Variables of a comprehension stay inside, but the target of `:=` does not: it is bound in the function or module around the comprehension (PEP 572).
The value that was there is gone.

## Example
```python
def report(values):
    last = max(values)
    doubled = [last := value * 2 for value in values]
    return last, doubled  # the last double, not the maximum
```

## Repair
Give the target of `:=` a name of its own.

## How sure
Certain that the variable is overwritten once the comprehension handles an item.
A first value such as `None`, `0`, `False` or an empty text is taken for a placeholder: nothing is said then.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for (id, reference) in cx.facts.refs.iter_enumerated() {
        if reference.kind == RefKind::Walrus {
            let scope = cx.facts.symbols[reference.symbol].scope;
            if cx.facts.scopes[scope].kind.is_comprehension() {
                examine(cx, id, sink);
            }
        }
    }
}

#[cold]
fn examine(cx: &FileCx<'_>, walrus: RefId, sink: &mut Sink<'_>) {
    let row = &cx.facts.refs[walrus];
    let Some(variable) = cx.facts.variable(row.symbol) else { return };
    let home = cx.facts.symbols[variable].scope;
    let mut outermost = cx.facts.symbols[row.symbol].scope;
    while let Some(parent) =
        cx.facts.scopes[outermost].parent.filter(|&parent| cx.facts.scopes[parent].kind.is_comprehension())
    {
        outermost = parent;
    }
    // Elsewhere the variable is declared `nonlocal` or `global`: then it is meant.
    if cx.facts.scopes[outermost].parent != Some(home) {
        return;
    }
    let whole = cx.facts.scopes[outermost].span;
    let before = cx
        .bindings_of(variable)
        .map(|id| &cx.facts.refs[id])
        .filter(|other| other.span.end <= whole.start && other.kind != RefKind::Walrus)
        .last();
    let Some(before) = before.filter(|before| !is_placeholder(cx, before)) else { return };
    if cx.facts.exclusive(before.span.start, row.span.start) {
        return;
    }
    let read_behind = cx.refs_of_variable(variable).map(|id| &cx.facts.refs[id]).find(|other| {
        other.kind == RefKind::Load
            && other.span.start >= whole.end
            && !bound_between(cx, variable, whole.end, other.span.start)
    });
    let Some(read) = read_behind else { return };
    let name = cx.name(variable);
    let message = format!(
        "`:=` in a comprehension binds `{name}` of {}: its value of line {} is overwritten",
        cx.describe(home),
        cx.line(before.span.start)
    );
    sink.push(
        Report::warning(&META, Certainty::Certain, row.span, message)
            .related(before.span, "this value is lost")
            .related(read.span, "read here"),
    );
}

fn bound_between(cx: &FileCx<'_>, variable: SymbolId, from: u32, to: u32) -> bool {
    cx.bindings_of(variable).any(|id| (from..to).contains(&cx.facts.refs[id].span.start))
}

/// Whether a binding gives a value that only says that there is none yet.
fn is_placeholder(cx: &FileCx<'_>, binding: &Reference) -> bool {
    const NOTHING: [&str; 9] = ["None", "False", "True", "0", "''", "\"\"", "[]", "{}", "()"];
    let rest = cx.text[binding.span.end as usize..].lines().next().unwrap_or_default();
    let value = rest.split('#').next().and_then(|rest| rest.split_once('=')).map(|(_, value)| value.trim());
    matches!(binding.kind, RefKind::Assign | RefKind::AnnAssign) && value.is_some_and(|value| NOTHING.contains(&value))
}
