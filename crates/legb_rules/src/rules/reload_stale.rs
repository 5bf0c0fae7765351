//! `reload-stale` (LEGB312): a name taken from a module keeps its old value when the module is reloaded.

use legb_base::{Certainty, Severity};
use legb_scope::{Import, ImportFlags};
use legb_syntax::ast::Expr;

use crate::context::FileCx;
use crate::fix::span;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB312",
    name: "reload-stale",
    group: Group::Modules,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a name taken from a module keeps its old value when the module is reloaded",
    twins: &[],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r"## What it reports
A call of `importlib.reload` on a module from which the same file has also taken names with `from … import`, and does not take them again.

## Why
`reload` runs the module's code again in the same module object.
A name that `from … import` bound before is a copy: it keeps the old function, class or value.

## Example
```python
import importlib
import settings
from settings import DEBUG

importlib.reload(settings)
print(DEBUG)  # what it was before
```

## Repair
Use `settings.DEBUG`, or import the names again behind the reload.

## How sure
Certain that the names still hold what they held.
";

/// Functions that reload a module.
const RELOADS: [&str; 2] = ["importlib.reload", "imp.reload"];

fn wanted(cx: &FileCx<'_>) -> bool {
    cx.text.contains("reload") && cx.facts.imports.iter().any(|import| import.name.is_some())
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let Node::Expr(Expr::Call(call)) = spot.node else { return };
    let cx = spot.cx;
    let Some(argument) = call.arguments.args.first() else { return };
    if !cx.full_name(&call.func).is_some_and(|name| RELOADS.contains(&name.as_str())) {
        return;
    }
    let Some(module) = cx.full_name(argument) else { return };
    let at = span(call).start;
    let taken: Vec<&Import> = cx.facts.imports.iter().filter(|import| is_taken(cx, import, &module)).collect();
    let is_taken_again =
        |name: &str| taken.iter().any(|import| import.statement.start > at && taken_name(cx, import) == name);
    let stale = taken.iter().filter(|import| import.statement.end <= at);
    let Some(first) = stale.clone().find(|import| !is_taken_again(taken_name(cx, import))) else { return };
    let name = taken_name(cx, first);
    let message = format!("`{name}` was taken from `{module}` before, and stays what it was");
    let report = Report::warning(&META, Certainty::Certain, span(call), message);
    sink.push(
        report
            .related(first.alias, format!("`{name}` is copied here"))
            .help(format!("use `{module}.{name}`, or import `{name}` again behind the reload")),
    );
}

/// Whether an import takes a name from the module, other than a module below it.
fn is_taken(cx: &FileCx<'_>, import: &Import, module: &str) -> bool {
    let from = import.module.map_or("", |id| cx.facts.names.text(id));
    import.level == 0
        && import.name.is_some()
        && import.binding.is_some()
        && from == module
        && !import.flags.contains(ImportFlags::TYPE_CHECKING)
}

fn taken_name<'a>(cx: &'a FileCx<'_>, import: &Import) -> &'a str {
    import.name.map_or("", |id| cx.facts.names.text(id))
}
