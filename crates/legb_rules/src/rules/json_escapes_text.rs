//! `json-escapes-text` (LEGB404): `json` writes text that is not ASCII as escapes.

use legb_base::{Severity, Span};
use legb_syntax::ast::Expr;
use legb_syntax::ast::visitor::{Visitor, walk_expr};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB404",
    name: "json-escapes-text",
    group: Group::Idioms,
    severity: Severity::Info,
    on_by_default: false,
    summary: "`json` writes text that is not ASCII as escapes",
    twins: &[],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r#"## What it reports
A call of `json.dumps` or `json.dump` on a literal with characters beyond ASCII, without `ensure_ascii`.

## Why
`json` escapes everything that is not ASCII unless told otherwise: `é` becomes `\\u00e9`. The result is right, but hard to read and several times as long.

## Example
```python
import json

print(json.dumps({"name": "Zoë"}))  # {"name": "Zo\u00eb"}
```

## Repair
Say `ensure_ascii=False`, and write the file as UTF-8.

## How sure
Certain for the literal at hand.
"#;

fn wanted(cx: &FileCx<'_>) -> bool {
    !cx.text.is_ascii() && (cx.mentions("dumps") || cx.mentions("dump") || cx.text.contains(".dump"))
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let Node::Expr(Expr::Call(call)) = spot.node else { return };
    let name = spot.cx.full_name(&call.func);
    if !name.is_some_and(|name| name == "json.dumps" || name == "json.dump") {
        return;
    }
    let told = call.arguments.keywords.iter().any(|k| k.arg.as_ref().is_none_or(|arg| arg.as_str() == "ensure_ascii"));
    let Some(value) = call.arguments.args.first().filter(|_| !told) else { return };
    let mut search = Search { found: None };
    search.visit_expr(value);
    if let Some(place) = search.found {
        let message = "this text becomes escapes such as `\\u00e9`: `ensure_ascii` is on".to_owned();
        sink.push(Report::info(&META, place, message).help("say `ensure_ascii=False`"));
    }
}

struct Search {
    found: Option<Span>,
}

impl<'a> Visitor<'a> for Search {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::StringLiteral(text) if self.found.is_none() && !text.value.to_str().is_ascii() => {
                self.found = Some(fix::span(text));
            }
            Expr::Dict(_) | Expr::List(_) | Expr::Tuple(_) => walk_expr(self, expr),
            _ => {}
        }
    }
}
