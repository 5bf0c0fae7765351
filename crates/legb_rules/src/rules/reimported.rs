//! `reimported` (LEGB116): something is imported again that the same name already holds.

use legb_base::Severity;
use legb_scope::facts::MODULE;
use legb_scope::{Import, ImportFlags, RefFlags, RefId};
use rustc_hash::FxHashMap;

use super::redefined_while_unused;
use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::written;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB116",
    name: "reimported",
    group: Group::Names,
    severity: Severity::Info,
    on_by_default: true,
    summary: "something is imported again that the same name already holds",
    twins: &["PLW0404"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
An import that binds a name to what it names already: in the same scope, or in a function although the module imports it.

## Why
A module is loaded once; the second statement finds it in `sys.modules` and binds the same object again.

## Example
```python
import json

def load(text):
    import json  # the module's `json` is seen here anyway
    return json.loads(text)
```

## Repair
Remove one of the two.

## How sure
Certain that both import the same thing.
Imports under conditions, in `try` and those that a definition has replaced in between are left alone; where nothing has used the first one, `redefined-while-unused` speaks.
";

const NOT_PLAIN: ImportFlags = ImportFlags::TYPE_CHECKING
    .union(ImportFlags::IN_TRY)
    .union(ImportFlags::CONDITIONAL)
    .union(ImportFlags::FUTURE)
    .union(ImportFlags::LAZY)
    .union(ImportFlags::STAR);

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if cx.facts.imports.len() < 2 {
        return;
    }
    let mut first: FxHashMap<_, (RefId, usize)> = FxHashMap::default();
    for (at, import) in cx.facts.imports.iter().enumerate() {
        let Some(binding) = import.binding.filter(|_| !import.flags.intersects(NOT_PLAIN)) else { continue };
        let bound = cx.facts.symbols[cx.facts.refs[binding].symbol].name;
        let what = (bound, import.module, import.name, import.level, import.flags.contains(ImportFlags::ALIASED));
        let known = first.get(&(import.scope, what)).or_else(|| first.get(&(MODULE, what)));
        match known {
            Some(&(earlier, _)) => examine(cx, import, earlier, binding, sink),
            None => {
                first.insert((import.scope, what), (binding, at));
            }
        }
    }
}

#[cold]
fn examine(cx: &FileCx<'_>, import: &Import, earlier: RefId, later: RefId, sink: &mut Sink<'_>) {
    let (old, new) = (&cx.facts.refs[earlier], &cx.facts.refs[later]);
    let same_scope = old.symbol == new.symbol;
    let lost =
        same_scope && sink.hears(&redefined_while_unused::META) && redefined_while_unused::is_replaced(cx, earlier);
    let only_imported = |id: RefId| {
        cx.bindings_of(cx.facts.refs[id].symbol).all(|other| cx.facts.refs[other].kind == cx.facts.refs[id].kind)
            && cx.facts.refs_of(cx.facts.refs[id].symbol).all(|(_, row)| row.kind != legb_scope::RefKind::Delete)
    };
    let is_class = cx.facts.scopes[import.scope].kind == legb_scope::ScopeKind::Class;
    let is_global = cx.facts.symbols[new.symbol].place == legb_scope::Place::GlobalExplicit;
    if lost
        || is_global
        || is_class
        || !only_imported(earlier)
        || new.flags.intersects(RefFlags::DEAD | RefFlags::TYPE_CHECKING)
    {
        return;
    }
    let line = cx.line(old.span.start);
    let message = format!("`{}` is imported already on line {line}", written::import(cx.facts, import));
    sink.push(Report::info(&META, import.alias, message).related(old.span, "first imported here"));
}
