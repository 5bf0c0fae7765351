//! `open-without-encoding` (LEGB406): a text file is opened in the encoding of the machine.

use legb_base::{Applicability, Edit, Severity, Span};
use legb_syntax::ast::{Expr, ExprCall};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB406",
    name: "open-without-encoding",
    group: Group::Idioms,
    severity: Severity::Info,
    on_by_default: false,
    summary: "a text file is opened in the encoding of the machine",
    twins: &["PLW1514"],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r#"## What it reports
A call of `open`, `io.open`, `Path.open`, `read_text` or `write_text` in text mode without an encoding.

## Why
The default is the encoding of the locale, until Python 3.15 makes it UTF-8: the same file reads differently on another machine.

## Example
```python
with open("names.txt") as file:
    names = file.read()
```

## Repair
Say `encoding="utf-8"`.

## How sure
Certain that no encoding is given. `open` methods of other objects than a `Path` that is made at that place are left alone.
"#;

fn wanted(cx: &FileCx<'_>) -> bool {
    cx.mentions("open") || cx.mentions("io") || cx.mentions("codecs") || cx.mentions("pathlib") || cx.mentions("Path")
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let Node::Expr(Expr::Call(call)) = spot.node else { return };
    let Some((mode, encoding)) = places(spot.cx, call) else { return };
    let keyword = |name: &str| {
        call.arguments
            .keywords
            .iter()
            .find(|k| k.arg.as_ref().is_some_and(|arg| arg.as_str() == name))
            .map(|k| &k.value)
    };
    let open = call.arguments.keywords.iter().any(|k| k.arg.is_none())
        || call.arguments.args.iter().any(|arg| matches!(arg, Expr::Starred(_)));
    let is_text = mode.is_none_or(|place| match call.arguments.args.get(place).or_else(|| keyword("mode")) {
        None => true,
        Some(Expr::StringLiteral(mode)) => !mode.value.to_str().contains('b'),
        Some(_) => false,
    });
    if open || !is_text || call.arguments.args.len() > encoding || keyword("encoding").is_some() {
        return;
    }
    let message = "the file is read in the encoding of the machine".to_owned();
    let report = Report::info(&META, fix::span(&*call.func), message).help("say `encoding=\"utf-8\"`");
    let closing = Span::at(fix::span(call).end - 1);
    let arguments = call.arguments.args.len() + call.arguments.keywords.len();
    let comma = cx_ends_with_comma(spot.cx, call);
    let separator = if arguments == 0 {
        ""
    } else if comma {
        " "
    } else {
        ", "
    };
    let edit = Edit { span: closing, content: format!("{separator}encoding=\"utf-8\"") };
    sink.push(report.fix("say UTF-8", Applicability::Unsafe, vec![edit]));
}

fn cx_ends_with_comma(cx: &FileCx<'_>, call: &ExprCall) -> bool {
    let span = fix::span(call);
    cx.slice(Span::new(span.start, span.end - 1)).trim_end().ends_with(',')
}

/// Where mode and encoding stand among the arguments of a call that opens a text file.
fn places(cx: &FileCx<'_>, call: &ExprCall) -> Option<(Option<usize>, usize)> {
    if let Some(name) = cx.full_name(&call.func) {
        return match name.as_str() {
            "builtins.open" | "io.open" => Some((Some(1), 3)),
            "os.fdopen" => Some((Some(1), 3)),
            _ => None,
        };
    }
    let Expr::Attribute(method) = &*call.func else { return None };
    let Expr::Call(made) = &*method.value else { return None };
    if cx.full_name(&made.func).is_none_or(|name| name != "pathlib.Path") {
        return None;
    }
    match method.attr.as_str() {
        "open" => Some((Some(0), 2)),
        "read_text" => Some((None, 0)),
        "write_text" => Some((None, 1)),
        _ => None,
    }
}
