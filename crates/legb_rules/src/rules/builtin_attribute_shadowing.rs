//! `builtin-attribute-shadowing` (LEGB206): an attribute of a class has the name of a builtin.

use legb_base::Severity;
use legb_scope::builtins::{Provider, provider};
use legb_scope::{Place, ScopeKind};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB206",
    name: "builtin-attribute-shadowing",
    group: Group::Scope,
    severity: Severity::Info,
    on_by_default: false,
    summary: "an attribute of a class has the name of a builtin",
    twins: &["A003"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A method or variable of a class body that has the name of a builtin.

## Why
Methods reach it through `self` and the builtin by its bare name, but the rest of the class body finds the attribute: a later default, decorator or annotation means that one.

## Example
```python
class Shelf:
    def list(self):
        return [1]

    def sizes(self) -> list[int]:  # TypeError: 'function' object is not subscriptable
        return [1]
```

## Repair
Use another name, or refer to the builtin as `builtins.list` in the class body.

## How sure
Certain that the body sees the attribute.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for (id, symbol) in cx.facts.symbols.iter_enumerated() {
        let name = cx.name(id);
        if symbol.bindings > 0
            && cx.facts.scopes[symbol.scope].kind == ScopeKind::Class
            && matches!(symbol.place, Place::Local | Place::Cell)
            && !name.starts_with('_')
            && provider(name, cx.dialect.version) == Some(Provider::Builtins)
            && let Some(binding) = cx.bindings_of(id).next()
        {
            let message = format!("`{name}` of {} hides the builtin in the class body", cx.describe(symbol.scope));
            sink.push(Report::info(&META, cx.facts.refs[binding].span, message));
        }
    }
}
