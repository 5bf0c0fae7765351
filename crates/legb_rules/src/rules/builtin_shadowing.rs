//! `builtin-shadowing` (LEGB202): a name hides a builtin.

use legb_base::{Certainty, Severity};
use legb_scope::builtins::{Provider, provider};
use legb_scope::facts::MODULE;
use legb_scope::{BranchKind, Place, RefFlags, RefKind, Reference, ScopeKind, SymbolFlags, SymbolId};
use legb_syntax::SourceKind;
use legb_syntax::ast::{Expr, ExprCall, Number, Stmt};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::statement::innermost;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB202",
    name: "builtin-shadowing",
    group: Group::Scope,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a name hides a builtin",
    twins: &["A001", "A002", "A004", "PLW0622"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A variable, parameter, function, class or import that has the name of a builtin.

## Why
A name is looked for in the function, the functions around it and the module before the builtins.
Where the name is bound in a module, every function of the module finds the new value.

## Example
```python
list = [3, 1]
print(list(range(3)))  # TypeError: 'list' object is not callable
```

## Repair
Use another name; one with an underscore at the end, `list_`, is usual.

## How sure
An error where the only value is a literal and the name is called behind it; possible, as a warning, where it is called and the value is the result of a builtin such as `len` or `sorted`, or a parameter that has the name of a type; otherwise advice.
By default advice is given on names of the module alone, which hide the builtin from every function; on variables of functions where the rule is selected, and on parameters there too, or as the setting `builtin-shadowing-arguments` says.
Names of class bodies are silent unless the body itself calls them, and so are imports from modules that are made to replace builtins.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if cx.kind == SourceKind::Stub {
        return;
    }
    let mut known: Vec<Option<bool>> = vec![None; cx.facts.names.len()];
    for (id, symbol) in cx.facts.symbols.iter_enumerated() {
        let own = matches!(symbol.place, Place::Local | Place::Cell)
            || symbol.scope == MODULE && symbol.place == Place::GlobalImplicit;
        if own
            && symbol.bindings > 0
            && symbol.flags.intersects(SymbolFlags::BOUND)
            && !symbol.flags.contains(SymbolFlags::INLINED)
            && *known[symbol.name.index()].get_or_insert_with(|| is_shadowable(cx, id))
        {
            examine(cx, id, sink);
        }
    }
}

/// Whether a name is a builtin that somebody may miss.
fn is_shadowable(cx: &FileCx<'_>, id: SymbolId) -> bool {
    let name = cx.name(id);
    !name.starts_with('_') && provider(name, cx.dialect.version) == Some(Provider::Builtins)
}

#[cold]
fn examine(cx: &FileCx<'_>, id: SymbolId, sink: &mut Sink<'_>) {
    let symbol = &cx.facts.symbols[id];
    let bindings: Vec<&Reference> = cx.bindings_of(id).map(|id| &cx.facts.refs[id]).collect();
    let Some(&first) = bindings.first() else { return };
    let name = cx.name(id);
    let in_class = cx.facts.scopes[symbol.scope].kind == ScopeKind::Class;
    let is_comprehension = cx.facts.scopes[symbol.scope].kind.is_comprehension();
    // Where the name is read too early that is what is told.
    if cx.facts.flow_issues.iter().any(|issue| cx.facts.refs[issue.reference].symbol == id) {
        return;
    }
    if first.flags.intersects(RefFlags::DEAD | RefFlags::TYPE_CHECKING) || is_replacement(cx, id, &bindings) {
        return;
    }
    let call = cx
        .refs_of_variable(id)
        .map(|read| &cx.facts.refs[read])
        .find(|row| row.kind == RefKind::Load && row.span.start > first.span.end && is_called(cx, row));
    let call = call.filter(|_| !symbol.flags.contains(SymbolFlags::LOSES_VALUE));
    let literal = match bindings.as_slice() {
        [only] if only.kind == RefKind::Assign => literal_type(cx, only),
        _ => None,
    };
    let report = match (call, literal) {
        (Some(call), Some(kind)) => {
            let raises = cx.facts.symbols[call.symbol].scope == symbol.scope
                && !is_conditional(cx, first, call)
                && !symbol
                    .flags
                    .intersects(SymbolFlags::LOSES_VALUE | SymbolFlags::WRITTEN_INSIDE | SymbolFlags::GLOBAL)
                && !call.flags.contains(RefFlags::DEAD);
            let message =
                format!("`{name}` is a {kind} here, not the builtin: line {} calls it", cx.line(call.span.start));
            let python = format!("TypeError: '{kind}' object is not callable");
            let report = if raises {
                Report::error(&META, first.span, message)
            } else {
                Report::warning(&META, Certainty::Possible, first.span, message)
            };
            report.python(python).related(call.span, "called here")
        }
        (Some(call), None) if bindings.iter().all(|row| holds_no_function(cx, row)) => {
            let message = format!("`{name}` hides the builtin, which line {} seems to call", cx.line(call.span.start));
            Report::warning(&META, Certainty::Possible, first.span, message).related(call.span, "called here")
        }
        (Some(call), None) if bindings.iter().all(|row| is_plain_parameter(cx, row, name)) => {
            let message = format!(
                "`{name}` is a parameter here, not the builtin, which line {} seems to call",
                cx.line(call.span.start)
            );
            Report::warning(&META, Certainty::Possible, first.span, message).related(call.span, "called here")
        }
        _ if in_class || is_comprehension || !is_advice_wanted(cx, id, first, sink) => return,
        _ => Report::possible_info(&META, first.span, format!("`{name}` hides the builtin of that name")),
    };
    sink.push(report);
}

/// Whether somebody wants to know of a name that hides a builtin and does no harm.
fn is_advice_wanted(cx: &FileCx<'_>, id: SymbolId, first: &Reference, sink: &Sink<'_>) -> bool {
    let asked = sink.is_asked(&META);
    match first.kind {
        RefKind::Param => cx.settings.builtin_arguments.unwrap_or(asked),
        _ if asked => true,
        // What a module offers by that name is meant to be read through the module.
        _ => cx.facts.symbols[id].scope == MODULE && !is_offered(cx, cx.name(id)),
    }
}

fn is_offered(cx: &FileCx<'_>, name: &str) -> bool {
    cx.facts.module.all.as_ref().is_some_and(|all| all.iter().any(|&(listed, _)| cx.facts.names.text(listed) == name))
}

/// Whether a binding is a parameter without a default, named as something that is hardly ever passed to be called.
fn is_plain_parameter(cx: &FileCx<'_>, binding: &Reference, name: &str) -> bool {
    const VALUES: [&str; 16] = [
        "list", "dict", "set", "tuple", "str", "int", "float", "bytes", "bool", "len", "range", "sum", "sorted", "id",
        "input", "dir",
    ];
    let behind = cx.text[binding.span.end as usize..].trim_start();
    binding.kind == RefKind::Param && VALUES.contains(&name) && behind.starts_with([',', ')'])
}

/// Whether a binding is the result of a builtin that never gives something that can be called.
fn holds_no_function(cx: &FileCx<'_>, binding: &Reference) -> bool {
    const RESULTS: [&str; 16] = [
        "len", "int", "float", "str", "bytes", "list", "dict", "set", "tuple", "sorted", "sum", "range", "open",
        "input", "bool", "abs",
    ];
    let Some(Stmt::Assign(assign)) = innermost(cx.parsed.suite(), binding.span.start).map(|found| found.stmt) else {
        return false;
    };
    let is_result = |call: &ExprCall| matches!(&*call.func, Expr::Name(name) if RESULTS.contains(&name.id.as_str()));
    matches!(&*assign.value, Expr::Call(call) if is_result(call)) && !binding.flags.contains(RefFlags::UNPACKED)
}

/// Whether the name is bound on purpose to something that stands in for the builtin.
fn is_replacement(cx: &FileCx<'_>, id: SymbolId, bindings: &[&Reference]) -> bool {
    const REPLACING: [&str; 7] = ["builtins", "io", "six", "future", "past", "__builtin__", "codecs"];
    let name = cx.name(id);
    let from_replacing = |row: &&Reference| {
        row.kind == RefKind::Import
            && cx.facts.imports.iter().any(|import| {
                import.binding.is_some_and(|binding| cx.facts.refs[binding].span == row.span)
                    && import.module.is_some_and(|module| {
                        let top = cx.facts.names.text(module).split('.').next().unwrap_or_default();
                        REPLACING.contains(&top)
                    })
            })
    };
    let guarded = bindings.iter().any(|row| {
        cx.facts
            .branches_at(row.span.start)
            .any(|branch| branch.kind == BranchKind::Try || branch.kind == BranchKind::If)
            && cx.facts.symbols[id].scope == MODULE
    });
    // `input = input` and `print = functools.partial(print, …)` build upon the builtin.
    let builds_upon = |row: &&Reference| {
        let line = cx.text[row.span.end as usize..].lines().next().unwrap_or_default();
        let line = line.split('#').next().unwrap_or_default();
        row.kind == RefKind::Assign
            && line.split_once('=').is_some_and(|(_, value)| {
                value.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name)
            })
    };
    bindings.iter().any(from_replacing)
        || guarded
        || bindings.iter().all(builds_upon) && cx.facts.symbols[id].scope == MODULE
}

fn is_called(cx: &FileCx<'_>, row: &Reference) -> bool {
    cx.text.as_bytes().get(row.span.end as usize) == Some(&b'(') && !row.flags.contains(RefFlags::UNEVALUATED)
}

/// Whether the call may happen without the binding, or not at all.
fn is_conditional(cx: &FileCx<'_>, binding: &Reference, call: &Reference) -> bool {
    cx.facts.branches_at(binding.span.start).next().is_some()
        || cx.facts.branches_at(call.span.start).any(|branch| branch.kind == BranchKind::Try)
}

/// The type of the literal that is assigned, if it is one that cannot be called.
fn literal_type(cx: &FileCx<'_>, binding: &Reference) -> Option<&'static str> {
    let Some(Stmt::Assign(assign)) = innermost(cx.parsed.suite(), binding.span.start).map(|found| found.stmt) else {
        return None;
    };
    if !assign.targets.iter().any(|target| fix::span(target) == binding.span) {
        return None;
    }
    Some(match &*assign.value {
        Expr::List(_) | Expr::ListComp(_) => "list",
        Expr::Dict(_) | Expr::DictComp(_) => "dict",
        Expr::Set(_) | Expr::SetComp(_) => "set",
        Expr::Tuple(_) => "tuple",
        Expr::StringLiteral(_) | Expr::FString(_) => "str",
        Expr::BytesLiteral(_) => "bytes",
        Expr::BooleanLiteral(_) => "bool",
        Expr::NoneLiteral(_) => "NoneType",
        Expr::NumberLiteral(number) => match number.value {
            Number::Int(_) => "int",
            Number::Float(_) => "float",
            Number::Complex { .. } => "complex",
        },
        _ => return None,
    })
}
