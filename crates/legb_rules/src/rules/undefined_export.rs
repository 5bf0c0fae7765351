//! `undefined-export` (LEGB109): `__all__` lists a name that the module does not bind.
//!
//! The `__init__` of a package may list submodules, which only the project knows; it is not looked at here.

use legb_base::{Certainty, Severity, Span};
use legb_scope::facts::MODULE;
use legb_scope::{RefKind, ScopeFlags, SymbolId};
use legb_syntax::SourceKind;

use super::undefined_name::writes_to_globals;
use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB109",
    name: "undefined-export",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "`__all__` lists a name that the module does not bind",
    twins: &["F822"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r#"## What it reports
`__all__` lists a name that nothing in the module binds.

## Why
`from module import *` takes every name that `__all__` lists, and raises `AttributeError` for one that is not there.

## Example
```python
__all__ = ["load", "dump"]  # no dump

def load():
    return 1
```

## Repair
Take the name out of `__all__`, or define it.

## How sure
Certain that `import *` fails; possible where `__all__` is also changed in ways that cannot be read off.
Silent in modules with `import *`, `__getattr__` or code that writes to `globals()`, and in the `__init__` of a package, which may list submodules.
"#;

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    let module = &cx.facts.module;
    if module.all.is_none()
        || cx.is_init_file
        || module.has_getattr
        || cx.facts.scopes[MODULE].flags.contains(ScopeFlags::STAR_IMPORT)
    {
        return;
    }
    let unbound = unbound(cx);
    if unbound.is_empty() || writes_to_globals(cx) || replaces_itself(cx) {
        return;
    }
    let certainty = if module.all_is_dynamic { Certainty::Possible } else { Certainty::Certain };
    for (name, span) in unbound {
        let message = format!("`__all__` lists `{name}`, which the module does not bind");
        sink.push(
            Report::warning(&META, certainty, span, message)
                .help("`from … import *` raises AttributeError for a name that is not there"),
        );
    }
}

/// What `__all__` lists and no statement of the module binds, in the order of the list.
pub(super) fn unbound<'a>(cx: &FileCx<'a>) -> Vec<(&'a str, Span)> {
    let listed = cx.facts.module.all.iter().flatten();
    let is_bound = |symbol: SymbolId| {
        cx.facts
            .refs_of(symbol)
            .any(|(_, row)| row.kind.binds() || cx.kind == SourceKind::Stub && matches!(row.kind, RefKind::Annotation))
            || cx.bound_by_a_function(cx.facts.symbols[symbol].name)
    };
    listed
        .filter(|&&(name, _)| !cx.facts.symbol_in(MODULE, name).is_some_and(is_bound))
        .map(|&(name, span)| (cx.facts.names.text(name), span))
        .filter(|(name, _)| !legb_scope::builtins::is_module_attribute(name, cx.dialect.version))
        .collect()
}

/// Whether the module puts something else in its place: `sys.modules[__name__] = …`.
fn replaces_itself(cx: &FileCx<'_>) -> bool {
    cx.text.contains("sys.modules[")
}
