//! `json-not-serializable` (LEGB403): what is written down for `json.dumps` is no JSON, or comes back as something else.

use legb_base::{Severity, Span};
use legb_syntax::ast::{Expr, ExprCall, ExprDict, Number};

use crate::context::FileCx;
use crate::fix::span;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB403",
    name: "json-not-serializable",
    group: Group::Idioms,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a value that `json.dumps` refuses, or that comes back as something else",
    twins: &[],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r#"## What it reports
A value written out in a call of `json.dumps` or `json.dump` that JSON has no form for: a set, bytes, a complex number, a function, `...`, or a dictionary whose key is a tuple or bytes.
As advice also what comes back as something else: a tuple as a list, a number, `True` or `None` as a key as text.

## Why
The encoder knows `dict`, `list`, `tuple`, `str`, `int`, `float`, `bool` and `None`, and raises `TypeError` for the rest.

## Example
```python
import json

json.dumps({"tags": {"a", "b"}})  # TypeError: Object of type set is not JSON serializable
```

## Repair
Write a list (`sorted(tags)`), or pass `default=` with a function that makes something JSON has.

## How sure
Certain: only what stands in the call itself is looked at, and calls with `default`, `cls` or `skipkeys` are left alone.
"#;

fn wanted(cx: &FileCx<'_>) -> bool {
    cx.text.contains("json") && cx.text.contains("dump")
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let Node::Expr(Expr::Call(call)) = spot.node else { return };
    let is_dump = spot.cx.full_name(&call.func).is_some_and(|name| name == "json.dumps" || name == "json.dump");
    if !is_dump || is_adapted(call) {
        return;
    }
    let Some(value) = call.arguments.args.first() else { return };
    match fault(spot.cx, value) {
        Some(Fault::Refused { at, text }) => {
            let report = Report::error(&META, at, text.clone()).python(Some(format!("TypeError: {text}")));
            sink.push(report.help("JSON has objects, lists, text, numbers, `true`, `false` and `null`"));
        }
        Some(Fault::Changed { at, message }) => sink.push(Report::info(&META, at, message.to_owned())),
        None => {}
    }
}

/// Whether the call says itself what becomes of other values.
fn is_adapted(call: &ExprCall) -> bool {
    call.arguments.args.iter().any(|argument| matches!(argument, Expr::Starred(_)))
        || call.arguments.keywords.iter().any(|keyword| {
            keyword.arg.as_ref().is_none_or(|name| ["default", "cls", "skipkeys"].contains(&name.as_str()))
        })
}

/// Functions whose result the encoder refuses, and the type that it names.
const MAKERS: [(&str, &str); 22] = [
    ("builtins.set", "set"),
    ("builtins.frozenset", "frozenset"),
    ("builtins.bytes", "bytes"),
    ("builtins.bytearray", "bytearray"),
    ("builtins.complex", "complex"),
    ("builtins.object", "object"),
    ("builtins.range", "range"),
    ("datetime.datetime", "datetime"),
    ("datetime.datetime.now", "datetime"),
    ("datetime.datetime.utcnow", "datetime"),
    ("datetime.datetime.today", "datetime"),
    ("datetime.datetime.fromtimestamp", "datetime"),
    ("datetime.datetime.fromisoformat", "datetime"),
    ("datetime.datetime.strptime", "datetime"),
    ("datetime.date", "date"),
    ("datetime.date.today", "date"),
    ("datetime.time", "time"),
    ("datetime.timedelta", "timedelta"),
    ("decimal.Decimal", "Decimal"),
    ("fractions.Fraction", "Fraction"),
    ("uuid.UUID", "UUID"),
    ("uuid.uuid4", "UUID"),
];

/// What is wrong with a value.
enum Fault {
    /// The encoder raises.
    Refused { at: Span, text: String },
    /// It comes back as something else.
    Changed { at: Span, message: &'static str },
}

/// The first thing that the encoder refuses, in its order; else the first that it changes.
fn fault(cx: &FileCx<'_>, value: &Expr) -> Option<Fault> {
    let refused = |kind: &str| {
        Some(Fault::Refused { at: span(value), text: format!("Object of type {kind} is not JSON serializable") })
    };
    match value {
        Expr::Set(_) | Expr::SetComp(_) => refused("set"),
        Expr::BytesLiteral(_) => refused("bytes"),
        Expr::Lambda(_) => refused("function"),
        Expr::Generator(_) => refused("generator"),
        Expr::EllipsisLiteral(_) => refused("ellipsis"),
        Expr::NumberLiteral(number) if matches!(number.value, Number::Complex { .. }) => refused("complex"),
        Expr::Call(call) => {
            let name = cx.full_name(&call.func)?;
            MAKERS.iter().find(|(maker, _)| *maker == name).and_then(|(_, kind)| refused(kind))
        }
        Expr::List(list) => first(list.elts.iter().map(|item| fault(cx, item))),
        Expr::Tuple(tuple) => {
            let changed = Fault::Changed { at: span(value), message: "a tuple comes back as a list" };
            first(tuple.elts.iter().map(|item| fault(cx, item)).chain([Some(changed)]))
        }
        Expr::Dict(dict) => first(dict.items.iter().map(|item| {
            let key = item.key.as_ref().and_then(key_fault);
            first([key, fault(cx, &item.value)].into_iter())
        }))
        .filter(|_| !unpacks(dict)),
        _ => None,
    }
}

/// A dictionary into which others are unpacked: a later entry may take the place of an earlier one.
fn unpacks(dict: &ExprDict) -> bool {
    dict.items.iter().any(|item| item.key.is_none())
}

fn key_fault(key: &Expr) -> Option<Fault> {
    let at = span(key);
    let refused = |kind: &str| {
        Some(Fault::Refused { at, text: format!("keys must be str, int, float, bool or None, not {kind}") })
    };
    match key {
        Expr::Tuple(_) => refused("tuple"),
        Expr::BytesLiteral(_) => refused("bytes"),
        Expr::NumberLiteral(number) if matches!(number.value, Number::Complex { .. }) => refused("complex"),
        Expr::NumberLiteral(_) | Expr::BooleanLiteral(_) | Expr::NoneLiteral(_) => {
            Some(Fault::Changed { at, message: "this key comes back as text" })
        }
        _ => None,
    }
}

/// The first refusal, else the first change.
fn first(faults: impl Iterator<Item = Option<Fault>>) -> Option<Fault> {
    let mut changed = None;
    for fault in faults.flatten() {
        match fault {
            Fault::Refused { .. } => return Some(fault),
            Fault::Changed { .. } => changed = changed.or(Some(fault)),
        }
    }
    changed
}
