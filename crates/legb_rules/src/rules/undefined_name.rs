//! `undefined-name` (LEGB102): a name is read that nothing in the file binds and Python does not provide.

use legb_base::{Certainty, Severity};
use legb_scope::builtins::{is_module_attribute, versions_of};
use legb_scope::facts::MODULE;
use legb_scope::{RefFlags, RefKind, ScopeFlags, ScopeId, ScopeKind, SymbolFlags, SymbolId};
use legb_syntax::SourceKind;

use super::{class_scope_comprehension, name_mangling_trap};
use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::{flow, string_annotations};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB102",
    name: "undefined-name",
    group: Group::Names,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a name is read that nothing binds",
    twins: &["F821"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A name is read that no scope around it binds, that the module does not bind, and that is no builtin of the Python version.
A local variable that is only annotated, as `x: int`, is bound by nothing either.

## Why
Python looks for a name in the function, in the functions around it, in the module and in the builtins, and raises `NameError` if none has it.
Names of a class body are not among them: methods reach those through `self` or the class.

## Example
```python
def greet():
    print(mesage)  # NameError
```

## Repair
Spell the name as it was bound, import it, or pass it in.

## How sure
Certain whenever the place is reached; possible in annotations that may never be evaluated, in class bodies whose metaclass may provide names, and for builtins of other versions.
The rule is silent in files with `import *` or with code that writes to `globals()`.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if cx.facts.scopes[MODULE].flags.contains(ScopeFlags::STAR_IMPORT) {
        return;
    }
    string_annotations::report_undefined(cx, &META, sink);
    flow::report(cx, &META, flow::Kind::NeverBound, sink);
    flow::report_unheard(cx, &META, sink);
    let hides = sink.hears(&class_scope_comprehension::META);
    let mangles = sink.hears(&name_mangling_trap::META);
    for &id in &cx.uses().loose {
        if is_undefined(cx, id)
            && !(hides && class_scope_comprehension::hidden_class_name(cx, id).is_some())
            && !(mangles && name_mangling_trap::is_trap(cx, id).is_some())
        {
            report(cx, id, &META, sink);
        }
    }
}

/// Whether nothing gives a value to a global name that the module does not bind and that is no builtin.
#[cold]
pub(super) fn is_undefined(cx: &FileCx<'_>, id: SymbolId) -> bool {
    let symbol = &cx.facts.symbols[id];
    let name = cx.name(id);
    !(is_given(cx, symbol.scope, name)
        || is_bound_in_class_seen(cx, id)
        || cx.bound_by_a_function(symbol.name)
        || writes_to_globals(cx))
}

/// Names that the import system or a class body has without binding them.
fn is_given(cx: &FileCx<'_>, scope: ScopeId, name: &str) -> bool {
    let sees_class = cx.facts.scopes[scope].kind == ScopeKind::Class || sees_class(cx, scope);
    match name {
        "__path__" => cx.is_init_file,
        // Made by the compiler, never read by name.
        "__conditional_annotations__" | "__classdict__" => true,
        "__annotations__" => !cx.dialect.deferred_annotations,
        "__module__" | "__qualname__" | "__firstlineno__" => sees_class,
        // Only Windows has it; the table is recorded elsewhere.
        "WindowsError" => true,
        _ => is_module_attribute(name, cx.dialect.version),
    }
}

/// Whether names of the class around are found; those who evaluate postponed annotations look there too.
pub(super) fn sees_class(cx: &FileCx<'_>, scope: ScopeId) -> bool {
    let scope = &cx.facts.scopes[scope];
    scope.flags.intersects(ScopeFlags::SEES_CLASS | ScopeFlags::HIDDEN)
}

/// A scope that sees the class body around it finds what the class binds.
fn is_bound_in_class_seen(cx: &FileCx<'_>, id: SymbolId) -> bool {
    let symbol = &cx.facts.symbols[id];
    if !sees_class(cx, symbol.scope) {
        return false;
    }
    let mut outer = cx.facts.scopes[symbol.scope].parent;
    while let Some(scope) = outer {
        if cx.facts.scopes[scope].kind == ScopeKind::Class {
            let bound = |id: SymbolId| cx.facts.symbols[id].flags.intersects(SymbolFlags::BOUND);
            return cx.facts.symbol_in(scope, symbol.name).is_some_and(bound);
        }
        outer = cx.facts.scopes[scope].parent;
    }
    false
}

/// Whether the file may bind globals by other means than names: `globals()[…] = …`, `exec` at module level.
pub(super) fn writes_to_globals(cx: &FileCx<'_>) -> bool {
    const HANDED_ON: [&str; 6] = ["[", ".update", ".setdefault", "|", ",", ")"];
    let dynamic_module = cx.facts.scopes[MODULE].flags.contains(ScopeFlags::DYNAMIC);
    let calls = |function: &str| {
        cx.text.match_indices(function).any(|(at, _)| {
            let rest = cx.text[at + function.len()..].trim_start();
            let assigned = cx.text[..at].trim_end().ends_with('=');
            assigned || HANDED_ON.iter().any(|next| rest.starts_with(next))
        })
    };
    // `enum.global_enum` and `IntFlag._convert_` put the members of an enumeration into the module.
    let hands_out_members = ["global_enum", "._convert_("].iter().any(|call| cx.text.contains(call));
    hands_out_members
        || calls("globals()")
        || dynamic_module && (cx.text.contains("exec(") || calls("vars()") || calls("locals()"))
}

/// Reports each read of an undefined name.
#[cold]
pub(super) fn report(cx: &FileCx<'_>, id: SymbolId, rule: &'static RuleMeta, sink: &mut Sink<'_>) {
    let symbol = &cx.facts.symbols[id];
    let name = cx.name(id);
    let other_version = versions_of(name).next().is_some();
    let unsure = other_version
        || name == "_"
        || name == "__annotations__"
        || namespace_is_open(cx, symbol.scope)
        || looks_probed(cx, name);
    for (_, reference) in cx.facts.refs_of(id) {
        if reference.kind != RefKind::Load || reference.flags.intersects(RefFlags::GUARDED | RefFlags::DEAD) {
            continue;
        }
        let may_not_run =
            reference.flags.intersects(RefFlags::UNEVALUATED | RefFlags::TYPE_CHECKING) || cx.kind == SourceKind::Stub;
        let message = match class_scope_comprehension::hidden_class_name(cx, id) {
            Some((class, _)) => format!(
                "`{name}` is not defined here: {} binds it, but scopes inside a class do not see its names",
                cx.describe(class)
            ),
            None => match versions_of(name).next() {
                Some(first) if first > cx.dialect.version => {
                    format!("`{name}` is a builtin only from Python {first} on")
                }
                _ => format!("`{name}` is not defined"),
            },
        };
        let finding = if may_not_run || unsure {
            Report::warning(rule, Certainty::Possible, reference.span, message)
        } else {
            Report::error(rule, reference.span, message)
        };
        let python = (cx.kind == SourceKind::Python).then(|| format!("NameError: name '{name}' is not defined"));
        sink.push(with_help(cx, id, finding.python(python)));
    }
}

fn with_help(cx: &FileCx<'_>, id: SymbolId, report: Report) -> Report {
    let name = cx.name(id);
    match class_scope_comprehension::hidden_class_name(cx, id) {
        Some((class, binding)) => {
            let class_name = cx.facts.names.text(cx.facts.scopes[class].name);
            let report = match cx.bindings_of(binding).next() {
                Some(place) => report.related(cx.facts.refs[place].span, "the class binds it here"),
                None => report,
            };
            match cx.facts.scopes[cx.facts.symbols[id].scope].kind {
                ScopeKind::Function => report.help(format!("write `self.{name}` or `{class_name}.{name}`")),
                _ => report.help("compute it in a function or before the class, and pass it in"),
            }
        }
        None => match nearest(cx, id) {
            Some(near) => report.help(format!("did you mean `{near}`?")),
            None => report,
        },
    }
}

/// Whether the class body's namespace may hold names that nobody sees bound: a metaclass can prepare it.
fn namespace_is_open(cx: &FileCx<'_>, scope: ScopeId) -> bool {
    let class = &cx.facts.scopes[scope];
    if class.kind != ScopeKind::Class {
        return false;
    }
    let head = cx.slice(class.span).trim_start_matches("class").trim_start();
    let behind_name = head.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').trim_start();
    behind_name.starts_with(['(', '['])
}

/// Whether the file asks for the name as a text, as code does that finds out whether a builtin exists.
fn looks_probed(cx: &FileCx<'_>, name: &str) -> bool {
    (cx.text.contains("builtin") || cx.text.contains("globals()"))
        && (cx.text.contains(&format!("'{name}'")) || cx.text.contains(&format!("\"{name}\"")))
}

/// The name, visible from where the symbol stands, that is spelt most like it.
fn nearest(cx: &FileCx<'_>, id: SymbolId) -> Option<String> {
    let wrong = cx.name(id);
    let mut best: Option<(usize, String)> = None;
    let mut offer = |known: &str| {
        let allowed = wrong.chars().count().max(3) / 3;
        let distance = strsim::damerau_levenshtein(wrong, known);
        if distance > 0 && distance <= allowed && best.as_ref().is_none_or(|(least, _)| distance < *least) {
            best = Some((distance, known.to_owned()));
        }
    };
    let mut scope = Some(cx.facts.symbols[id].scope);
    let mut innermost = true;
    while let Some(at) = scope {
        let visible = innermost || cx.facts.scopes[at].kind != ScopeKind::Class;
        for (other, symbol) in cx.facts.symbols_of(at).filter(|_| visible) {
            if symbol.flags.intersects(SymbolFlags::BOUND) && !symbol.flags.contains(SymbolFlags::INLINED) {
                offer(cx.name(other));
            }
        }
        innermost = false;
        scope = cx.facts.scopes[at].parent;
    }
    best.map(|(_, name)| name)
}
