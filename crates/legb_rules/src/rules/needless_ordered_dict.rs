//! `needless-ordered-dict` (LEGB405): an `OrderedDict` whose own abilities are not used.

use legb_base::{Applicability, Edit, Severity};
use legb_syntax::ast::Expr;

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB405",
    name: "needless-ordered-dict",
    group: Group::Idioms,
    severity: Severity::Info,
    on_by_default: false,
    summary: "an `OrderedDict` whose own abilities are not used",
    twins: &[],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r"## What it reports
A call of `collections.OrderedDict` in a file that uses none of what only it has: `move_to_end`, `popitem(last=…)`, comparison that looks at the order.

## Why
Since Python 3.7 every `dict` keeps the order in which keys were added. An `OrderedDict` is larger and slower.

## Example
```python
from collections import OrderedDict

table = OrderedDict()
```

## Repair
Use `dict`.

## How sure
Possible: the object may go to code that needs those abilities. Files that compare such objects, subclass or check for the class are left alone.
";

fn wanted(cx: &FileCx<'_>) -> bool {
    const ITS_OWN: [&str; 4] = ["move_to_end", "popitem(last", "isinstance(", "(OrderedDict)"];
    (cx.mentions("OrderedDict") || cx.text.contains(".OrderedDict"))
        && !ITS_OWN.iter().any(|text| cx.text.contains(text))
        && !cx.text.contains("reversed(")
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let Node::Expr(Expr::Call(call)) = spot.node else { return };
    if spot.cx.full_name(&call.func).is_none_or(|name| name != "collections.OrderedDict") {
        return;
    }
    if matches!(spot.parent(), Some(Node::Expr(Expr::Compare(_)))) {
        return;
    }
    let message = "every `dict` keeps the order of its keys; nothing here needs more".to_owned();
    let report = Report::possible_info(&META, fix::span(call), message);
    let edit = Edit { span: fix::span(&*call.func), content: "dict".to_owned() };
    let hidden = spot.cx.module_binds("dict");
    sink.push(if hidden { report } else { report.fix("use `dict`", Applicability::Unsafe, vec![edit]) });
}
