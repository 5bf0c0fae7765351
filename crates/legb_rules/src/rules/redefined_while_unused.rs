//! `redefined-while-unused` (LEGB115): a function, class or import is bound again before anything has used it.

use legb_base::{Certainty, Severity};
use legb_scope::{Branch, BranchKind, Import, ImportFlags, Place, RefFlags, RefId, RefKind};
use legb_syntax::ast::{Decorator, Expr, Stmt};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::statement::innermost;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB115",
    name: "redefined-while-unused",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a definition or import is replaced before anything used it",
    twins: &["F811"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A function, class or import whose name is bound again in the same scope, with no use in between; a value that a definition of the same name replaces; and an import that nothing uses because scopes inside bind its name for themselves.

## Why
The later binding replaces the earlier one, which nobody can reach any more.
Of two test methods with the same name only the last one runs.

## Example
```python
class Tests:
    def check_sum(self):
        assert sum([1]) == 1

    def check_sum(self):  # the first one never runs
        assert sum([]) == 0
```

## Repair
Give one of them another name, or remove the one that is not wanted.

## How sure
Certain that the first one is lost; possible where a decorator has seen it.
Branches that exclude each other, `@overload`, decorators that register what they are given, and conditional replacements are left alone.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    hidden_inside(cx, sink);
    let bound_again = |&definition: &RefId| cx.facts.symbols[cx.facts.refs[definition].symbol].bindings > 1;
    if !cx.facts.definitions.iter().any(bound_again) {
        return;
    }
    // The last definition of each symbol.
    let mut last: Vec<Option<RefId>> = vec![None; cx.facts.symbols.len()];
    for (id, reference) in cx.facts.refs.iter_enumerated() {
        let earlier = match reference.kind {
            RefKind::Load => continue,
            RefKind::Def | RefKind::Class | RefKind::Import => last[reference.symbol.index()].replace(id),
            // A plain assignment that a definition replaces.
            RefKind::Assign if !reference.flags.contains(RefFlags::UNPACKED) => last[reference.symbol.index()]
                .replace(id)
                .filter(|&earlier| cx.facts.refs[earlier].kind != RefKind::Assign),
            RefKind::Assign | RefKind::AnnAssign | RefKind::With | RefKind::Except | RefKind::Delete => {
                last[reference.symbol.index()].take()
            }
            _ => continue,
        };
        if let Some(earlier) = earlier
            && reference.kind != RefKind::Delete
            && is_lost(cx, earlier, id)
        {
            report(cx, earlier, id, sink);
        }
    }
}

/// Imports that nothing uses and whose name a scope inside binds for itself.
fn hidden_inside(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for (import, unused) in cx.facts.imports.iter().zip(cx.unused_imports()) {
        let Some(binding) = import.binding.filter(|_| unused.is_some()) else { continue };
        let row = &cx.facts.symbols[cx.facts.refs[binding].symbol];
        let own = matches!(row.place, Place::Local | Place::Cell)
            || row.scope == legb_scope::facts::MODULE && row.place == Place::GlobalImplicit;
        if own && row.bindings == 1 {
            hidden_by(cx, binding, sink);
        }
    }
}

#[cold]
fn hidden_by(cx: &FileCx<'_>, binding: RefId, sink: &mut Sink<'_>) {
    let import = &cx.facts.refs[binding];
    let symbol = &cx.facts.symbols[import.symbol];
    let is_inside = |mut scope: legb_scope::ScopeId| {
        while let Some(parent) = cx.facts.scopes[scope].parent {
            if parent == symbol.scope {
                return true;
            }
            // A scope between the two hides the import already.
            let between = cx.facts.symbol_in(parent, symbol.name).map(|id| &cx.facts.symbols[id]);
            if between.is_some_and(|own| matches!(own.place, Place::Local | Place::Cell) && own.bindings > 0) {
                return false;
            }
            scope = parent;
        }
        false
    };
    for (id, other) in cx.facts.symbols.iter_enumerated() {
        let hides = other.name == symbol.name
            && other.bindings > 0
            && matches!(other.place, Place::Local | Place::Cell)
            && is_inside(other.scope)
            && cx.facts.scopes[other.scope].kind != legb_scope::ScopeKind::Class;
        let first = if hides { cx.bindings_of(id).next().map(|id| &cx.facts.refs[id]) } else { None };
        if let Some(first) = first.filter(|first| first.span.start > import.span.start) {
            let line = cx.line(import.span.start);
            let message = format!("`{}` hides the import of line {line}, which nothing has used", cx.name(id));
            sink.push(
                Report::warning(&META, Certainty::Certain, first.span, message)
                    .related(import.span, "first imported here"),
            );
        }
    }
}

/// Whether a later binding replaces this one before anything has used it.
pub(super) fn is_replaced(cx: &FileCx<'_>, binding: RefId) -> bool {
    let later = cx.bindings_of(cx.facts.refs[binding].symbol).find(|&other| other > binding);
    later.is_some_and(|later| REPLACES.contains(&cx.facts.refs[later].kind) && is_lost(cx, binding, later))
}

/// Bindings that are reported when they replace something.
const REPLACES: [RefKind; 7] = [
    RefKind::Def,
    RefKind::Class,
    RefKind::Import,
    RefKind::Assign,
    RefKind::AnnAssign,
    RefKind::With,
    RefKind::Except,
];

#[cold]
fn is_lost(cx: &FileCx<'_>, earlier: RefId, later: RefId) -> bool {
    const ELSEWHERE: RefFlags = RefFlags::TYPE_CHECKING.union(RefFlags::DEAD);
    let (old, new) = (&cx.facts.refs[earlier], &cx.facts.refs[later]);
    let name = cx.name(new.symbol);
    let replaces = old.kind != RefKind::Assign || matches!(new.kind, RefKind::Def | RefKind::Class);
    replaces
        && matches!(cx.facts.symbols[new.symbol].place, Place::Local | Place::Cell)
        && (!matches!(name, "_" | "__") || old.kind == RefKind::Import)
        && !(old.flags | new.flags).intersects(ELSEWHERE)
        && !cx.facts.exclusive(old.span.start, new.span.start)
        && !is_conditional(cx, old.span.start, new.span.start)
        && !is_used_between(cx, earlier, later)
        && !reads_itself(cx, later)
        && !(old.kind == RefKind::Import && new.kind == RefKind::Import && loads_more(cx, earlier, later))
        && !is_kept_elsewhere(cx, earlier)
}

/// Whether the later binding stands in a branch that the earlier one does not share, or the earlier one in a `with` that
/// may swallow the exception that keeps it from being bound.
fn is_conditional(cx: &FileCx<'_>, old: u32, new: u32) -> bool {
    let around = |branch: &Branch, offset| branch.span.start <= offset && offset < branch.span.end;
    // The `else` of `try` belongs to the arm of the body: it runs when that has run.
    let goes_on = |branch: &Branch| {
        let same =
            |other: &Branch| (other.statement, other.kind, other.arm) == (branch.statement, branch.kind, branch.arm);
        branch.kind == BranchKind::Try && cx.facts.branches_at(old).any(same)
    };
    cx.facts.branches_at(new).any(|branch| !around(branch, old) && !goes_on(branch))
        || cx.facts.branches_at(old).any(|branch| branch.kind == BranchKind::With && !around(branch, new))
}

/// Whether anything mentions the variable between two of its bindings, in any scope.
fn is_used_between(cx: &FileCx<'_>, earlier: RefId, later: RefId) -> bool {
    let variable = cx.facts.refs[later].symbol;
    cx.facts.refs[earlier..later].iter().skip(1).any(|other| {
        other.kind != RefKind::Annotation
            && (other.symbol == variable || cx.facts.variable(other.symbol) == Some(variable))
    })
}

/// Whether the statement of a binding reads the name first: in decorators, defaults, bases, the value, or a class body.
fn reads_itself(cx: &FileCx<'_>, binding: RefId) -> bool {
    let row = &cx.facts.refs[binding];
    if matches!(row.kind, RefKind::With | RefKind::Except) {
        return false;
    }
    let Some(found) = innermost(cx.parsed.suite(), row.span.start) else {
        return true;
    };
    let statement = fix::span(found.stmt);
    let home = cx.facts.symbols[row.symbol].scope;
    // The walk mentions the name that is bound first, then all else that the statement holds.
    let within = cx.facts.refs[binding..].iter().skip(1).take_while(|other| statement.contains(other.span));
    within.filter(|other| cx.facts.variable(other.symbol) == Some(row.symbol)).any(|other| {
        let mut scope = cx.facts.symbols[other.symbol].scope;
        while scope != home && cx.facts.scopes[scope].kind.runs_in_place() {
            let Some(parent) = cx.facts.scopes[scope].parent else {
                break;
            };
            scope = parent;
        }
        scope == home && other.kind == RefKind::Load
    })
}

/// `import a.b` and `import a.c` bind the same name to the same package, and each loads a module.
fn loads_more(cx: &FileCx<'_>, earlier: RefId, later: RefId) -> bool {
    let import_of = |id: RefId| cx.facts.imports.iter().find(|import| import.binding == Some(id));
    let (Some(old), Some(new)) = (import_of(earlier), import_of(later)) else {
        return true;
    };
    let plain = |import: &Import| !import.flags.intersects(ImportFlags::FROM | ImportFlags::ALIASED);
    plain(old) && plain(new) && old.module != new.module
}

/// Whether something else may hold on to the earlier definition: a decorator that registers it, or a caller of overloads.
/// A plain name is mostly a wrapper; calls and attributes are how things are registered.
fn is_kept_elsewhere(cx: &FileCx<'_>, earlier: RefId) -> bool {
    decorators(cx, earlier)
        .iter()
        .any(|decorator| !matches!(&decorator.expression, Expr::Name(name) if name.id.as_str() != "overload"))
}

fn decorators<'a>(cx: &FileCx<'a>, binding: RefId) -> &'a [Decorator] {
    let row = &cx.facts.refs[binding];
    match innermost(cx.parsed.suite(), row.span.start).map(|found| found.stmt) {
        Some(Stmt::FunctionDef(def)) if row.kind == RefKind::Def => &def.decorator_list,
        Some(Stmt::ClassDef(class)) if row.kind == RefKind::Class => &class.decorator_list,
        _ => &[],
    }
}

#[cold]
fn report(cx: &FileCx<'_>, earlier: RefId, later: RefId, sink: &mut Sink<'_>) {
    let (old, new) = (&cx.facts.refs[earlier], &cx.facts.refs[later]);
    let name = cx.name(new.symbol);
    let message =
        format!("`{name}` replaces the {} of line {}, which nothing has used", noun(old.kind), cx.line(old.span.start));
    let certainty = if decorators(cx, earlier).is_empty() { Certainty::Certain } else { Certainty::Possible };
    sink.push(
        Report::warning(&META, certainty, new.span, message)
            .related(old.span, format!("first {} here", FileCx::verb(old.kind))),
    );
}

fn noun(kind: RefKind) -> &'static str {
    match kind {
        RefKind::Import => "import",
        RefKind::Class => "class",
        RefKind::Assign => "value",
        _ => "function",
    }
}
