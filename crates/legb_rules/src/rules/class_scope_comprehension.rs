//! `class-scope-comprehension` (LEGB208): a scope inside a class reads a name that the class binds but it cannot see.

use legb_base::{Certainty, Severity};
use legb_scope::builtins::is_module_attribute;
use legb_scope::facts::MODULE;
use legb_scope::{RefFlags, RefKind, ScopeFlags, ScopeId, ScopeKind, SymbolFlags, SymbolId};

use super::undefined_name;
use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB208",
    name: "class-scope-comprehension",
    group: Group::Scope,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a scope inside a class reads a class variable that it cannot see",
    twins: &["F821"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A comprehension, lambda or method inside a class reads a name that the class body binds.

## Why
Names of a class body are visible in the body itself, and nowhere inside.
Of a comprehension only the first iterable belongs to the body; its element, its conditions and its other iterables do not, in every version of Python.
The name is looked for in the module and the builtins instead.

## Example
```python
class Grid:
    size = 3
    rows = [size for _ in range(size)]  # NameError: the first `size` is not found
```

## Repair
Read it through the class or `self` in methods; compute class values before the class, or in a function.

## How sure
Certain where the name exists nowhere else.
Where the module has a name of its own, a comprehension reads that one: a warning.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if cx.facts.scopes[MODULE].flags.contains(ScopeFlags::STAR_IMPORT) {
        return;
    }
    for &id in &cx.uses().global_in_comprehension {
        if cx.facts.symbols[id].flags.contains(SymbolFlags::USE) {
            reads_another(cx, id, sink);
        }
    }
    for &id in &cx.uses().loose {
        if cx.facts.symbols[id].flags.contains(SymbolFlags::USE)
            && hidden_class_name(cx, id).is_some()
            && !is_module_attribute(cx.name(id), cx.dialect.version)
            && undefined_name::is_undefined(cx, id)
        {
            undefined_name::report(cx, id, &META, sink);
        }
    }
}

/// The class around the scope of a symbol, and its symbol of the same name, where the class binds that name.
pub(super) fn hidden_class_name(cx: &FileCx<'_>, id: SymbolId) -> Option<(ScopeId, SymbolId)> {
    let symbol = &cx.facts.symbols[id];
    if undefined_name::sees_class(cx, symbol.scope) {
        return None;
    }
    let mut outer = cx.facts.scopes[symbol.scope].parent;
    while let Some(scope) = outer {
        if cx.facts.scopes[scope].kind == ScopeKind::Class {
            let in_class = cx.facts.symbol_in(scope, symbol.name)?;
            return cx.facts.symbols[in_class].flags.intersects(SymbolFlags::BOUND).then_some((scope, in_class));
        }
        outer = cx.facts.scopes[scope].parent;
    }
    None
}

/// A comprehension directly in a class reads the module's variable although the class has one of the same name.
fn reads_another(cx: &FileCx<'_>, id: SymbolId, sink: &mut Sink<'_>) {
    let symbol = &cx.facts.symbols[id];
    let mut outer = cx.facts.scopes[symbol.scope].parent;
    while let Some(scope) = outer.filter(|&scope| cx.facts.scopes[scope].kind.is_comprehension()) {
        outer = cx.facts.scopes[scope].parent;
    }
    let Some(class) = outer.filter(|&scope| cx.facts.scopes[scope].kind == ScopeKind::Class) else {
        return;
    };
    let Some(in_class) = cx.facts.symbol_in(class, symbol.name) else {
        return;
    };
    let own = &cx.facts.symbols[in_class];
    if !own.flags.contains(SymbolFlags::LOCAL) || own.flags.contains(SymbolFlags::INLINED) {
        return;
    }
    for (_, place) in cx.facts.refs_of(id) {
        let before = cx.bindings_of(in_class).find(|&binding| cx.facts.refs[binding].span.end <= place.span.start);
        if let Some(binding) = before
            && place.kind == RefKind::Load
            && !place.flags.intersects(RefFlags::DEAD | RefFlags::UNEVALUATED)
        {
            let name = cx.name(id);
            let message = format!(
                "this is the module's `{name}`, not the one of {}: a comprehension does not see it",
                cx.describe(class)
            );
            sink.push(
                Report::warning(&META, Certainty::Certain, place.span, message)
                    .related(cx.facts.refs[binding].span, "the class binds it here"),
            );
        }
    }
}
