//! `call-in-default` (LEGB220): a call as the default of a parameter is made once, when the function is defined.

use legb_base::Severity;
use legb_syntax::SourceKind;
use legb_syntax::ast::{Expr, Stmt};

use super::mutable_default;
use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB220",
    name: "call-in-default",
    group: Group::Scope,
    severity: Severity::Info,
    on_by_default: false,
    summary: "a call as the default of a parameter is made once, when the function is defined",
    twins: &["B008"],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r"## What it reports
A parameter whose default is a call.

## Why
Defaults are evaluated once, when `def` runs: the time, the random number or the connection is that of the import, in every call.

## Example
```python
import time

def stamp(when=time.time()):
    return when  # the time of the import
```

## Repair
Use `None` as the default and make the call in the body.

## How sure
Certain that the call is made once; whether that matters depends on what it returns. Calls whose result cannot change, such as `tuple()` or `re.compile(…)`, are left alone.
";

const FIXED: [&str; 22] = [
    "builtins.tuple",
    "builtins.frozenset",
    "builtins.int",
    "builtins.float",
    "builtins.str",
    "builtins.bytes",
    "builtins.bool",
    "builtins.complex",
    "builtins.object",
    "builtins.range",
    "builtins.len",
    "types.MappingProxyType",
    "operator.attrgetter",
    "operator.itemgetter",
    "operator.methodcaller",
    "re.compile",
    "pathlib.Path",
    "datetime.timedelta",
    "decimal.Decimal",
    "fractions.Fraction",
    "os.path.join",
    "functools.partial",
];

fn wanted(cx: &FileCx<'_>) -> bool {
    cx.kind == SourceKind::Python
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let parameters = match spot.node {
        Node::Stmt(Stmt::FunctionDef(def)) => &*def.parameters,
        _ => return,
    };
    for parameter in parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs) {
        let Some(Expr::Call(call)) = parameter.default.as_deref() else { continue };
        let name = spot.cx.full_name(&call.func);
        let known =
            name.as_deref().is_some_and(|name| FIXED.contains(&name) || mutable_default::MAKERS.contains(&name));
        if !known {
            let message = format!(
                "the default of `{}` is computed once, when the function is defined",
                parameter.parameter.name.as_str()
            );
            sink.push(Report::info(&META, fix::span(call), message));
        }
    }
}
