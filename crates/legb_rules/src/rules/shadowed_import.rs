//! `shadowed-import` (LEGB117): an import is replaced by another import of the same name.

use legb_base::{Certainty, Severity};
use legb_scope::{Import, ImportFlags, RefFlags, RefId};
use rustc_hash::FxHashMap;

use super::redefined_while_unused;
use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::written;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB117",
    name: "shadowed-import",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "an import is replaced by another import of the same name",
    twins: &["PLW0416"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
An import that binds a name which an earlier import of the same scope bound to something else, and which was used in between.

## Why
From here on the name means the second thing; readers who know the first import are misled, and functions defined between them see the second one when they are called.

## Example
```python
from os import path
print(path.sep)
from sys import path  # `path` is now a list
```

## Repair
Rename one of them with `as`.

## How sure
Certain that the name changes its meaning. Branches that exclude each other, `try`, and submodules of one package are left alone; where nothing has used the first one, `redefined-while-unused` speaks.
";

const NOT_PLAIN: ImportFlags = ImportFlags::TYPE_CHECKING
    .union(ImportFlags::IN_TRY)
    .union(ImportFlags::CONDITIONAL)
    .union(ImportFlags::FUTURE)
    .union(ImportFlags::STAR);

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    let plain = |import: &&Import| {
        !import.flags.intersects(NOT_PLAIN)
            && import.binding.is_some_and(|id| cx.facts.symbols[cx.facts.refs[id].symbol].bindings > 1)
    };
    let mut earlier: FxHashMap<_, &Import> = FxHashMap::default();
    for import in cx.facts.imports.iter().filter(plain) {
        let Some(binding) = import.binding else { continue };
        if let Some(old) = earlier.insert(cx.facts.refs[binding].symbol, import) {
            examine(cx, old, import, sink);
        }
    }
}

/// The module or name that an import binds: `import a.b` binds `a`.
fn bound_thing(cx: &FileCx<'_>, import: &Import) -> String {
    let written = written::import(cx.facts, import);
    if import.flags.intersects(ImportFlags::FROM | ImportFlags::ALIASED) {
        written
    } else {
        written.split('.').next().unwrap_or_default().to_owned()
    }
}

#[cold]
fn examine(cx: &FileCx<'_>, old: &Import, new: &Import, sink: &mut Sink<'_>) {
    let (Some(earlier), Some(later)) = (old.binding, new.binding) else { return };
    let dead = cx.facts.refs[later].flags.intersects(RefFlags::DEAD | RefFlags::TYPE_CHECKING);
    let between = |id: RefId| earlier < id && id < later;
    let bound_between = cx.bindings_of(cx.facts.refs[later].symbol).any(between);
    if dead || bound_between || bound_thing(cx, old) == bound_thing(cx, new) {
        return;
    }
    if sink.hears(&redefined_while_unused::META) && redefined_while_unused::is_replaced(cx, earlier) {
        return;
    }
    let name = cx.name(cx.facts.refs[later].symbol);
    let message = format!(
        "`{name}` means `{}` from here on, and `{}` before",
        written::import(cx.facts, new),
        written::import(cx.facts, old)
    );
    sink.push(Report::warning(&META, Certainty::Certain, new.alias, message).related(old.alias, "first imported here"));
}
