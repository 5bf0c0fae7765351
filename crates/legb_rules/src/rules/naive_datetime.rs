//! `naive-datetime` (LEGB402): a date and time without a time zone.

use legb_base::{Certainty, Severity, Span};
use legb_syntax::ast::{CmpOp, Expr, ExprCall, Operator, Stmt};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::statement::innermost;
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB402",
    name: "naive-datetime",
    group: Group::Idioms,
    severity: Severity::Warning,
    on_by_default: false,
    summary: "a date and time without a time zone",
    twins: &["DTZ001", "DTZ002", "DTZ003", "DTZ004", "DTZ005", "DTZ006", "DTZ007", "DTZ011", "DTZ012", "DTZ901"],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r"## What it reports
A call that makes a `datetime` without a time zone: `datetime.now()`, `datetime.utcnow()`, `datetime(…)` without `tzinfo`, `datetime.fromtimestamp(…)` without `tz`, and the like; and the difference or comparison of such a one with one that has a time zone.

## Why
A naive `datetime` is taken for local time by most functions, `utcnow()` included: `utcnow().timestamp()` is wrong by the offset of the machine.
A naive and an aware one cannot be subtracted or ordered: `TypeError: can't subtract offset-naive and offset-aware datetimes`.

## Example
```python
from datetime import datetime, timezone

started = datetime.utcnow()
print(datetime.now(timezone.utc) - started)  # TypeError
```

## Repair
Say the zone: `datetime.now(timezone.utc)`.

## How sure
Certain that the object is naive; a warning where it meets an aware one, advice otherwise.
";

fn wanted(cx: &FileCx<'_>) -> bool {
    cx.mentions("datetime") || cx.mentions("date")
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    match spot.node {
        Node::Expr(Expr::Call(call)) => {
            if let Some(how) = naive(spot.cx, call) {
                // What is given a zone at once, or is only asked for its date, is none of ours.
                let given = matches!(spot.parent(), Some(Node::Expr(Expr::Attribute(next)))
                    if ["replace", "astimezone"].contains(&next.attr.as_str()) && how != "utcnow");
                if !given {
                    let help =
                        if how == "utcnow" { "write `datetime.now(timezone.utc)`" } else { "give it a time zone" };
                    let message = format!("`{how}` gives a time without a zone");
                    sink.push(Report::info(&META, fix::span(call), message).help(help));
                }
            }
        }
        Node::Expr(Expr::BinOp(operation)) if operation.op == Operator::Sub => {
            mixed(spot.cx, &operation.left, &operation.right, fix::span(operation), "subtract", sink);
        }
        Node::Expr(Expr::Compare(compare)) => {
            if let ([operator], [right]) = (&*compare.ops, &*compare.comparators)
                && matches!(operator, CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE)
            {
                mixed(spot.cx, &compare.left, right, fix::span(compare), "compare", sink);
            }
        }
        _ => {}
    }
}

/// How a call makes a naive time, if it does.
fn naive(cx: &FileCx<'_>, call: &ExprCall) -> Option<&'static str> {
    let name = cx.full_name(&call.func)?;
    let arguments = call.arguments.args.len();
    let without = |keyword: &str, place: usize| {
        let given = call.arguments.args.get(place).or_else(|| {
            call.arguments
                .keywords
                .iter()
                .find(|k| k.arg.as_ref().is_some_and(|arg| arg.as_str() == keyword))
                .map(|k| &k.value)
        });
        let open = call.arguments.keywords.iter().any(|k| k.arg.is_none())
            || call.arguments.args.iter().any(|arg| matches!(arg, Expr::Starred(_)));
        !open && given.is_none_or(|given| matches!(given, Expr::NoneLiteral(_)))
    };
    match name.as_str() {
        "datetime.datetime.now" if without("tz", 0) => Some("now"),
        "datetime.datetime.utcnow" => Some("utcnow"),
        "datetime.datetime.today" => Some("today"),
        "datetime.datetime.utcfromtimestamp" => Some("utcfromtimestamp"),
        "datetime.datetime.fromtimestamp" if without("tz", 1) => Some("fromtimestamp"),
        "datetime.datetime" if arguments >= 3 && without("tzinfo", 7) => Some("datetime"),
        "datetime.datetime.strptime" if !parses_zone(call) => Some("strptime"),
        "datetime.date.today" => Some("date.today"),
        "datetime.date.fromtimestamp" => Some("date.fromtimestamp"),
        _ => None,
    }
}

fn parses_zone(call: &ExprCall) -> bool {
    match call.arguments.args.get(1) {
        Some(Expr::StringLiteral(format)) => format.value.to_str().contains("%z"),
        _ => true,
    }
}

/// Whether an expression certainly is a naive (`Some(true)`) or an aware (`Some(false)`) time.
fn kind(cx: &FileCx<'_>, expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Call(call) => {
            if let Some(how) = naive(cx, call) {
                return (!how.starts_with("date.")).then_some(true);
            }
            let name = cx.full_name(&call.func)?;
            let zone = call.arguments.args.first().or_else(|| call.arguments.keywords.first().map(|k| &k.value))?;
            let aware = name == "datetime.datetime.now" && is_zone(cx, zone);
            aware.then_some(false)
        }
        Expr::Name(name) => {
            let reference = cx.load_at(fix::span(name).start)?;
            let variable = cx.facts.variable(cx.facts.refs[reference].symbol)?;
            let mut bindings = cx.bindings_of(variable);
            let (binding, None) = (bindings.next()?, bindings.next()) else { return None };
            let place = cx.facts.refs[binding].span;
            match innermost(cx.parsed.suite(), place.start)?.stmt {
                Stmt::Assign(assign) if assign.targets.len() == 1 && fix::span(&assign.targets[0]) == place => {
                    match &*assign.value {
                        call @ Expr::Call(_) => kind(cx, call),
                        _ => None,
                    }
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn is_zone(cx: &FileCx<'_>, expr: &Expr) -> bool {
    let name = match expr {
        Expr::Call(call) => cx.full_name(&call.func),
        other => cx.full_name(other),
    };
    name.is_some_and(|name| {
        ["datetime.timezone.utc", "datetime.UTC", "datetime.timezone", "zoneinfo.ZoneInfo"].contains(&name.as_str())
    })
}

fn mixed(cx: &FileCx<'_>, left: &Expr, right: &Expr, place: Span, verb: &str, sink: &mut Sink<'_>) {
    if let (Some(left), Some(right)) = (kind(cx, left), kind(cx, right))
        && left != right
    {
        let message = format!("one side has a time zone, the other has none: Python cannot {verb} them");
        let python = format!("TypeError: can't {verb} offset-naive and offset-aware datetimes");
        sink.push(Report::warning(&META, Certainty::Certain, place, message).python(python));
    }
}
