//! `name-mangling-trap` (LEGB209): a name with two leading underscores means another name inside a class.

use legb_base::Severity;
use legb_scope::facts::MODULE;
use legb_scope::{RefFlags, RefKind, ScopeFlags, ScopeKind, SymbolFlags, SymbolId};

use super::undefined_name;
use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB209",
    name: "name-mangling-trap",
    group: Group::Scope,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a name with two leading underscores means another name inside a class",
    twins: &["F821"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A read, inside a class, of a variable of the module whose name begins with two underscores.

## Why
Inside a class `__name` stands for `_Class__name`, for variables, attributes and imports alike.
A variable of the module with such a name cannot be reached from a method.

## Example
```python
__limit = 10

class Queue:
    def is_full(self):
        return len(self.items) > __limit  # NameError: name '_Queue__limit' is not defined
```

## Repair
Begin the name with one underscore.

## How sure
Certain, where nothing binds the mangled name.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if cx.facts.scopes[MODULE].flags.contains(ScopeFlags::STAR_IMPORT) {
        return;
    }
    for &id in &cx.uses().loose {
        if is_trap(cx, id).is_some() && undefined_name::is_undefined(cx, id) {
            report(cx, id, sink);
        }
    }
}

/// The variable of the module that the mangled name of a symbol was meant for.
#[cold]
pub(super) fn is_trap(cx: &FileCx<'_>, id: SymbolId) -> Option<SymbolId> {
    let mangled = cx.name(id);
    let at = mangled.strip_prefix('_')?.find("__")? + 1;
    let (class, plain) = mangled.split_at(at);
    let mut outer = Some(cx.facts.symbols[id].scope);
    while let Some(scope) = outer {
        let row = &cx.facts.scopes[scope];
        if row.kind == ScopeKind::Class && cx.facts.names.text(row.name).trim_start_matches('_') == &class[1..] {
            let name = cx.facts.names.find(plain)?;
            let module = cx.facts.symbol_in(MODULE, name)?;
            return cx.facts.symbols[module].flags.intersects(SymbolFlags::BOUND).then_some(module);
        }
        outer = row.parent;
    }
    None
}

#[cold]
fn report(cx: &FileCx<'_>, id: SymbolId, sink: &mut Sink<'_>) {
    let Some(module) = is_trap(cx, id) else { return };
    let (mangled, plain) = (cx.name(id), cx.name(module));
    for (_, row) in cx.facts.refs_of(id) {
        if row.kind != RefKind::Load || row.flags.intersects(RefFlags::GUARDED | RefFlags::DEAD | RefFlags::UNEVALUATED)
        {
            continue;
        }
        let message = format!("inside the class `{plain}` means `{mangled}`, which is not defined");
        let mut report = Report::error(&META, row.span, message)
            .python(format!("NameError: name '{mangled}' is not defined"))
            .help("begin the module's name with one underscore");
        if let Some(binding) = cx.bindings_of(module).next() {
            report = report.related(cx.facts.refs[binding].span, "the module's variable cannot be reached from here");
        }
        sink.push(report);
    }
}
