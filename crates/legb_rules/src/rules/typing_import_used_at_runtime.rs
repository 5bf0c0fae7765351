//! `typing-import-used-at-runtime` (LEGB324): code that runs reads a name that only type checkers import.

use legb_base::{Severity, Span};
use legb_scope::builtins::provider;
use legb_scope::explain::unbound_exception;
use legb_scope::facts::MODULE;
use legb_scope::names::rule_of;
use legb_scope::{Import, ImportFlags, RefFlags, RefId, ScopeFlags, SymbolFlags, SymbolId};
use legb_syntax::SourceKind;

use super::undefined_name::writes_to_globals;
use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::statement::innermost;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB324",
    name: "typing-import-used-at-runtime",
    group: Group::Modules,
    severity: Severity::Error,
    on_by_default: true,
    summary: "code that runs reads a name that is imported for type checkers only",
    twins: &["TC004", "TCH004"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A name that is imported only under `if TYPE_CHECKING:` and that is read where Python evaluates it.

## Why
`TYPE_CHECKING` is false when the program runs, so nothing has bound the name: `NameError`.
Annotations count as evaluated unless `from __future__ import annotations` is in force or, from Python 3.14 on, in any case.

## Example
```python
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

def zero():
    return Decimal(0)  # NameError
```

## Repair
Import it where it is needed, or outside of the block.
An annotation can stand in quotes.

## How sure
Certain whenever the place is reached.
Silent where something else may bind the name: another branch, `global` in a function, `import *`, code that writes to `globals()`; and for `from m import x as x`, which says that the module shall have the name.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    let for_checkers = |flags: ImportFlags| flags.contains(ImportFlags::TYPE_CHECKING);
    if cx.kind == SourceKind::Stub || !cx.facts.imports.iter().any(|import| for_checkers(import.flags)) {
        return;
    }
    let mut binding_of: Vec<Option<RefId>> = vec![None; cx.facts.symbols.len()];
    for import in cx.facts.imports.iter().filter(|import| for_checkers(import.flags)) {
        if let Some(binding) = import.binding {
            binding_of[cx.facts.refs[binding].symbol.index()] = Some(binding);
        }
    }
    for (reader, symbol) in cx.facts.symbols.iter_enumerated() {
        if symbol.flags.contains(SymbolFlags::USE)
            && let Some(variable) = cx.facts.variable(reader)
            && let Some(binding) = binding_of[variable.index()]
        {
            look(cx, reader, variable, binding, sink);
        }
    }
}

/// Reports what one scope reads of a variable.
fn look(cx: &FileCx<'_>, reader: SymbolId, variable: SymbolId, binding: RefId, sink: &mut Sink<'_>) {
    const NOT_RUN: RefFlags =
        RefFlags::UNEVALUATED.union(RefFlags::TYPE_CHECKING).union(RefFlags::DEAD).union(RefFlags::GUARDED);
    for (place, reference) in cx.facts.refs_of(reader) {
        if !reference.kind.reads() || reference.flags.intersects(NOT_RUN) {
            continue;
        }
        if may_be_bound(cx, variable) || is_meant_for_others(cx, variable, binding) {
            return;
        }
        if asks_first(cx, reference.span) {
            continue;
        }
        let name = cx.name(variable);
        let raised = unbound_exception(rule_of(cx.facts, place, cx.dialect), name, cx.dialect);
        let message = format!("`{name}` is imported for type checkers only, but this code runs");
        sink.push(
            Report::error(&META, reference.span, message)
                .related(cx.facts.refs[binding].span, "imported here, where `TYPE_CHECKING` holds")
                .python(format!("{}: {}", raised.exception, raised.message)),
        );
    }
}

/// `from m import x as x`: the module shall have this name, so that another one may well put it there.
fn is_meant_for_others(cx: &FileCx<'_>, variable: SymbolId, binding: RefId) -> bool {
    let is_same = |import: &Import| {
        import.binding == Some(binding)
            && import.flags.contains(ImportFlags::ALIASED)
            && import.name.is_some_and(|name| cx.facts.names.text(name) == cx.name(variable))
    };
    cx.facts.symbols[variable].scope == MODULE && cx.facts.imports.iter().any(is_same)
}

/// `assert not TYPE_CHECKING or isinstance(x, Thing)`: what stands behind is not evaluated.
fn asks_first(cx: &FileCx<'_>, place: Span) -> bool {
    innermost(cx.parsed.suite(), place.start).is_some_and(|found| {
        let before = Span::new(fix::span(found.stmt).start, place.start);
        cx.slice(before).contains("TYPE_CHECKING")
    })
}

/// Whether anything but imports for type checkers may give the variable a value.
fn may_be_bound(cx: &FileCx<'_>, variable: SymbolId) -> bool {
    let row = &cx.facts.symbols[variable];
    let module = &cx.facts.scopes[MODULE];
    let elsewhere = |binding: RefId| !cx.facts.refs[binding].flags.contains(RefFlags::TYPE_CHECKING);
    cx.bindings_of(variable).any(elsewhere)
        || row.flags.contains(SymbolFlags::WRITTEN_INSIDE)
        || row.scope == MODULE
            && (module.flags.contains(ScopeFlags::STAR_IMPORT)
                || cx.bound_by_a_function(row.name)
                || provider(cx.name(variable), cx.dialect.version).is_some()
                || writes_to_globals(cx))
}
