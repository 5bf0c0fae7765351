//! `global-undefined` (LEGB211): `global x`, but the module itself never binds `x`.

use legb_base::{Certainty, Severity};
use legb_scope::builtins::provider;
use legb_scope::facts::MODULE;
use legb_scope::{RefFlags, RefId, RefKind, ScopeFlags, SymbolFlags, SymbolId};
use legb_syntax::SourceKind;

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB211",
    name: "global-undefined",
    group: Group::Scope,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "`global` names a variable that the module itself never binds",
    twins: &["PLW0601"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A function declares `global x`, and no line of the module itself binds `x`.

## Why
Until the function that binds it has run, `x` does not exist, and whoever reads it meets a `NameError`.
If nothing binds it at all, it never exists.

## Example
```python
def connect():
    global connection
    connection = object()

def send():
    return connection  # NameError unless connect() ran before
```

## Repair
Bind the name in the module: `connection = None`.

## How sure
A warning where nothing in the file binds the name, advice where only functions do.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    let module = &cx.facts.module;
    if cx.kind == SourceKind::Stub
        || module.has_getattr
        || cx.facts.scopes[MODULE].flags.intersects(ScopeFlags::STAR_IMPORT | ScopeFlags::DYNAMIC)
    {
        return;
    }
    for (at, &declaration) in cx.facts.declarations.iter().enumerate() {
        let reference = &cx.facts.refs[declaration];
        if reference.kind != RefKind::Global || reference.flags.contains(RefFlags::DEAD) {
            continue;
        }
        let name = cx.name(reference.symbol);
        let in_module = cx.module_symbol(reference.symbol).map(|id| cx.facts.symbols[id].flags);
        if in_module.is_some_and(|flags| flags.intersects(SymbolFlags::BOUND))
            || provider(name, cx.dialect.version).is_some()
        {
            continue;
        }
        let symbol = &cx.facts.symbols[reference.symbol];
        if !cx.bound_by_a_function(symbol.name) {
            let message = format!("`global {name}`, but nothing in this file binds `{name}`");
            sink.push(Report::warning(&META, Certainty::Possible, reference.span, message));
        } else if binds(cx, reference.symbol) {
            // Said once for each name: where it is bound first.
            let said = |&other: &RefId| {
                let other = cx.facts.refs[other].symbol;
                cx.facts.symbols[other].name == symbol.name && binds(cx, other)
            };
            if cx.facts.declarations[..at].iter().any(said) {
                continue;
            }
            let message = format!(
                "`{name}` does not exist before {} has run: the module never binds it",
                cx.describe(symbol.scope)
            );
            sink.push(
                Report::info(&META, reference.span, message)
                    .help(format!("bind it in the module, for example `{name} = None`")),
            );
        }
    }
}

fn binds(cx: &FileCx<'_>, symbol: SymbolId) -> bool {
    cx.bindings_of(symbol).next().is_some()
}
