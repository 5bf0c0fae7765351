//! `mutable-class-default` (LEGB221): a mutable object in a class body is shared by all instances.

use legb_base::Severity;
use legb_scope::ScopeKind;
use legb_syntax::SourceKind;
use legb_syntax::ast::{Expr, Stmt};

use super::mutable_default;
use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB221",
    name: "mutable-class-default",
    group: Group::Scope,
    severity: Severity::Info,
    on_by_default: false,
    summary: "a mutable object in a class body is shared by all instances",
    twins: &["RUF012"],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r"## What it reports
A variable of a class body whose value is a list, dict or set, without an annotation that says it is meant for the class.

## Why
All instances share the one object; what one of them puts into it, the others find there.

## Example
```python
class Basket:
    items = []

    def add(self, item):
        self.items.append(item)  # in all baskets
```

## Repair
Make the object in `__init__`; or annotate it with `ClassVar`, if it is meant for the class.

## How sure
Certain that it is shared. Names in capital letters and those that Python itself reads, such as `__slots__`, are left alone.
";

fn wanted(cx: &FileCx<'_>) -> bool {
    cx.kind == SourceKind::Python && cx.facts.scopes.iter().any(|scope| scope.kind == ScopeKind::Class)
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let Node::Stmt(stmt) = spot.node else { return };
    let in_class = matches!(spot.parent(), Some(Node::Stmt(Stmt::ClassDef(_))));
    let (target, value) = match stmt {
        Stmt::Assign(assign) if in_class => match assign.targets.as_slice() {
            [Expr::Name(name)] => (name, &*assign.value),
            _ => return,
        },
        _ => return,
    };
    let name = target.id.as_str();
    let is_constant = !name.chars().any(char::is_lowercase) || name.starts_with("__");
    if !is_constant && mutable_default::is_mutable(spot.cx, value) {
        let message = format!("`{name}` is one object, shared by all instances of the class");
        sink.push(Report::info(&META, fix::span(value), message));
    }
}
