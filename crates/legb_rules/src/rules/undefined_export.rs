//! `undefined-export` (LEGB109): `__all__` lists a name that the module does not bind.
//!
//! The `__init__` of a package may list submodules, so the project is asked about it.

use legb_base::{Certainty, Severity, Span};
use legb_scope::facts::MODULE;
use legb_scope::{ModuleFlags, RefKind, ScopeFlags, SymbolId};
use legb_syntax::SourceKind;

use super::undefined_name::writes_to_globals;
use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::project::{Member, ProjectCx, ProjectSink};
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
    check: Check::FactsAndProject(check, check_packages),
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
Silent in modules with `import *`, `__getattr__` or code that writes to `globals()`, and where a package lists what a build may still make.
The `__init__` of a package may list its submodules: they are looked for.
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
    for (name, span) in unbound {
        sink.push(report(name, span, module.all_is_dynamic, "which the module does not bind"));
    }
}

/// The `__init__` of packages, which may list submodules too.
fn check_packages(cx: &ProjectCx<'_>, sink: &mut ProjectSink) {
    for (at, file) in cx.files.iter().enumerate() {
        let (Some(summary), Some(module)) = (file.summary, cx.module(at).filter(|module| module.is_package)) else {
            continue;
        };
        let package = cx.resolve(&module.name, file.path);
        if package.origin.as_deref() != Some(file.path) {
            continue;
        }
        let is_dynamic = summary.flags.contains(ModuleFlags::ALL_IS_DYNAMIC);
        for &(name, span) in summary.all.iter().flatten() {
            let name = summary.text(name);
            let is_absent = cx.member(&module.name, &package, name) == Member::Absent
                && !cx.may_be_made(&module.name, name)
                && cx.has_all_of(&module.name);
            if is_absent {
                sink.push(
                    at,
                    report(name, span, is_dynamic, "and the package has neither such a name nor such a submodule"),
                );
            }
        }
    }
}

#[cold]
fn report(name: &str, span: Span, is_dynamic: bool, lack: &str) -> Report {
    let certainty = if is_dynamic { Certainty::Possible } else { Certainty::Certain };
    Report::warning(&META, certainty, span, format!("`__all__` lists `{name}`, {lack}"))
        .help("`from … import *` raises AttributeError for a name that is not there")
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
