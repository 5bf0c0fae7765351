//! `unused-import` (LEGB110): an import whose name nothing in the file reads.

use legb_base::{Applicability, Certainty, Severity};
use legb_resolve::stdlib::is_stdlib;
use legb_scope::facts::MODULE;
use legb_scope::{
    BranchKind, Import, ImportFlags, Place, RefId, RefKind, ScopeFlags, ScopeKind, SymbolFlags, SymbolId,
};

use super::{import_shadowed_by_loop, redefined_while_unused, star_import, undefined_export};
use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::{fix, flow, written};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB110",
    name: "unused-import",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "an imported name is never used",
    twins: &["F401"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A name that an import binds, that nothing in the file reads and that `__all__` does not list.

## Why
The import costs start-up time, can fail, and can close an import cycle, for nothing.

## Example
```python
import os
import sys  # unused

print(os.name)
```

## Repair
Remove the import.
An import that is there for its effect, or for other modules to take the name from here, says so by `import x as x`, by `__all__` or by `# noqa: F401`.

## How sure
Certain in a function; possible at module level, where other modules may take the name from here, and where the import may be a question (`try`, `with`) or there to load a submodule.
An import that is replaced before anything uses it is told by `redefined-while-unused`.
The `__init__` of a package is left alone: it exists to hand names on.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if cx.is_init_file || cx.facts.imports.is_empty() {
        return;
    }
    for (import, &variable) in cx.facts.imports.iter().zip(cx.unused_imports()) {
        if let (Some(binding), Some(variable)) = (import.binding, variable)
            && !(sink.hears(&redefined_while_unused::META) && redefined_while_unused::is_replaced(cx, binding))
            && !(sink.hears(&import_shadowed_by_loop::META)
                && import_shadowed_by_loop::loop_over(cx, binding).is_some())
        {
            report(cx, import, binding, variable, sink);
        }
    }
    // What `import *` brings may be meant for others; only who asks about it is told that nothing here uses it.
    if sink.hears(&star_import::META) && cx.uses().loose.is_empty() && !cx.is_init_file {
        for import in cx.facts.imports.iter().filter(|import| import.flags.contains(ImportFlags::STAR)) {
            let listed = !undefined_export::unbound(cx).is_empty();
            if !listed && !cx.facts.module.all_is_dynamic {
                let written = written::module(cx.facts, import);
                let message = format!("nothing here uses what `from {written} import *` brings");
                sink.push(Report::warning(&META, Certainty::Possible, import.alias, message));
            }
        }
    }
}

/// For each import of the file the variable that it binds, if nothing uses it.
pub(crate) fn unused_imports(cx: &FileCx<'_>) -> Vec<Option<SymbolId>> {
    cx.facts.imports.iter().map(|import| import.binding.and_then(|binding| unused(cx, import, binding))).collect()
}

fn unused(cx: &FileCx<'_>, import: &Import, binding: RefId) -> Option<SymbolId> {
    let symbol = cx.facts.refs[binding].symbol;
    let row = &cx.facts.symbols[symbol];
    if import.flags.contains(ImportFlags::FUTURE)
        || row.place.is_global() && row.scope != MODULE
        || row.place == Place::Free
        || cx.facts.scopes[import.scope].kind == ScopeKind::Class
    {
        return None;
    }
    let variable = cx.facts.variable(symbol).unwrap_or(symbol);
    (!cx.uses().reads(variable) && !is_meant(cx, import, binding, variable)).then_some(variable)
}

/// Whether there are signs that the import is wanted although no name is read.
#[cold]
fn is_meant(cx: &FileCx<'_>, import: &Import, binding: RefId, variable: SymbolId) -> bool {
    let row = &cx.facts.symbols[variable];
    let name = cx.name(variable);
    let source = import.name.or(import.module).map(|id| cx.facts.names.text(id));
    let aliased = import.flags.contains(ImportFlags::ALIASED);
    let re_exported = aliased && source == Some(cx.slice(cx.facts.refs[binding].span));
    let module = &cx.facts.module;
    let exported = row.scope == MODULE
        && (module.all_is_dynamic
            || module.all.as_ref().is_some_and(|all| all.iter().any(|&(listed, _)| listed == row.name)));
    // `unittest` looks for this one in modules and packages of tests.
    let is_protocol = name == "load_tests" && row.scope == MODULE;
    re_exported
        || exported
        || is_protocol
        || name.starts_with("__") && name.ends_with("__")
        || module.string_uses.contains(&row.name)
        || cx.facts.scopes[row.scope].flags.contains(ScopeFlags::DYNAMIC)
        || row.flags.contains(SymbolFlags::WRITTEN_INSIDE)
        || cx.refs_of_variable(variable).any(|id| {
            matches!(cx.facts.refs[id].kind, RefKind::Load | RefKind::Delete | RefKind::AugAssign | RefKind::Nonlocal)
        })
        || flow::is_missed(cx, variable)
        || is_reached_by_alias(cx, import)
        || is_superseded(cx, import, binding)
        || cx.typing_text_mentions(name)
}

/// `import a as b` and `import a.c`: the second makes `b.c` work.
fn is_reached_by_alias(cx: &FileCx<'_>, import: &Import) -> bool {
    let Some(module) = import.module.filter(|_| loads_submodule(cx, import)) else { return false };
    let module = cx.facts.names.text(module);
    cx.facts.imports.iter().any(|other| {
        let package =
            other.module.filter(|_| !other.flags.contains(ImportFlags::FROM)).map(|id| cx.facts.names.text(id));
        let holds = package.and_then(|package| module.strip_prefix(package)).is_some_and(|rest| rest.starts_with('.'));
        let variable = other.binding.and_then(|binding| cx.facts.variable(cx.facts.refs[binding].symbol));
        holds
            && other.flags.contains(ImportFlags::ALIASED)
            && variable.is_some_and(|variable| cx.uses().reads(variable))
    })
}

/// Whether a later import of the same package is reported in its place, so that each name is reported once.
fn is_superseded(cx: &FileCx<'_>, import: &Import, binding: RefId) -> bool {
    let symbol = cx.facts.refs[binding].symbol;
    let plain = |import: &Import| !import.flags.intersects(ImportFlags::FROM | ImportFlags::ALIASED);
    plain(import)
        && cx.facts.imports.iter().any(|other| {
            let later = other.binding.filter(|&other| other > binding && cx.facts.refs[other].symbol == symbol);
            later.is_some() && plain(other) && other.module != import.module
        })
}

#[cold]
fn report(cx: &FileCx<'_>, import: &Import, binding: RefId, variable: SymbolId, sink: &mut Sink<'_>) {
    let name = cx.name(variable);
    let written = written::import(cx.facts, import);
    let shown = if written == name { format!("`{name}`") } else { format!("`{name}` ({written})") };
    let in_function = import.flags.contains(ImportFlags::IN_FUNCTION);
    let probes = import.flags.contains(ImportFlags::IN_TRY);
    let expected_to_fail = || cx.facts.branches_at(import.alias.start).any(|branch| branch.kind == BranchKind::With);
    let certain = in_function && !probes && !loads_submodule(cx, import) && !expected_to_fail();
    let certainty = if certain { Certainty::Certain } else { Certainty::Possible };
    let message = format!("{shown} is imported but never used");
    let mut report = Report::warning(&META, certainty, import.alias, message);
    if probes {
        report = report.help("to find out whether a module is installed, use `importlib.util.find_spec`");
    }
    sink.push(with_fix(cx, import, binding, in_function, report));
}

/// `import a.b`: there for `a.b` to be loaded, whatever name reaches it.
fn loads_submodule(cx: &FileCx<'_>, import: &Import) -> bool {
    let dotted = import.module.is_some_and(|module| cx.facts.names.text(module).contains('.'));
    dotted && !import.flags.intersects(ImportFlags::FROM | ImportFlags::ALIASED)
}

/// Modules of the standard library that print or open something while they are imported.
const SPEAKS_WHEN_IMPORTED: [&str; 7] =
    ["this", "antigravity", "__hello__", "__phello__", "idlelib", "turtledemo", "test"];

fn with_fix(cx: &FileCx<'_>, import: &Import, binding: RefId, in_function: bool, report: Report) -> Report {
    let Some((found, names)) = fix::import_at(cx, import.alias.start) else {
        return report;
    };
    let Some(at) = names.iter().position(|alias| fix::span(alias) == import.alias) else {
        return report;
    };
    // Without the import a module may never be loaded; in a function, and where `__all__` says what is handed on, that is
    // what the reader of the finding wants.
    let closed = in_function || cx.facts.module.all.is_some();
    // A module that does something while it is imported would not do it any more: of the standard library that is known.
    let top = import.module.filter(|_| import.level == 0).map(|id| cx.facts.names.text(id).split('.').next());
    let is_silent =
        top.flatten().is_some_and(|top| is_stdlib(top, cx.dialect.version) && !SPEAKS_WHEN_IMPORTED.contains(&top));
    let safe = closed && is_silent && !loads_submodule(cx, import) && !import.flags.contains(ImportFlags::IN_TRY);
    let applicability = if safe { Applicability::Safe } else { Applicability::Unsafe };
    let all_unused = cx.facts.imports.iter().zip(cx.unused_imports()).all(|(other, unused)| {
        other.statement != import.statement || other.binding == Some(binding) || unused.is_some()
    });
    let edit = if all_unused { fix::remove_statement(cx, found) } else { fix::remove_alias(names, at) };
    report.fix("remove the unused import", applicability, vec![edit])
}
