//! `import-shadowed-local` (LEGB119): a local variable hides an imported module that the function seems to mean.

use legb_base::{Certainty, Severity};
use legb_scope::facts::MODULE;
use legb_scope::{Import, ImportFlags, Place, RefKind, Reference, ScopeKind, SymbolFlags, SymbolId};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB119",
    name: "import-shadowed-local",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a local variable hides an imported module that the function seems to mean",
    twins: &[],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r#"## What it reports
A function has a local variable with the name of a module that the file imports, and reads an attribute of it that the file reads of the module elsewhere.

## Why
A name that is assigned anywhere in a function is local in all of it: the module cannot be reached there by that name.

## Example
```python
import json

def load(path):
    json = path.read_text()
    return json.loads(json)  # AttributeError: 'str' object has no attribute 'loads'

print(json.loads("1"))
```

## Repair
Give the local variable another name.

## How sure
Possible: the local value may have an attribute of the same name. Parameters and imports in the function are left alone.
"#;

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    let is_module = |import: &&Import| {
        import.scope == MODULE && !import.flags.intersects(ImportFlags::FROM | ImportFlags::TYPE_CHECKING)
    };
    for import in cx.facts.imports.iter().filter(is_module) {
        let Some(binding) = import.binding else { continue };
        let module = &cx.facts.symbols[cx.facts.refs[binding].symbol];
        let name = module.name;
        for (id, symbol) in cx.facts.symbols.iter_enumerated() {
            let hides = symbol.name == name
                && symbol.scope != MODULE
                && matches!(symbol.place, Place::Local | Place::Cell)
                && symbol.flags.contains(SymbolFlags::LOCAL | SymbolFlags::USE)
                && !symbol.flags.intersects(SymbolFlags::PARAM | SymbolFlags::IMPORT | SymbolFlags::COMP_ITER)
                && cx.facts.scopes[symbol.scope].kind == ScopeKind::Function;
            if hides {
                examine(cx, cx.facts.refs[binding].symbol, id, sink);
            }
        }
    }
}

/// The attribute that is read behind a name.
fn attribute<'a>(cx: &FileCx<'a>, reference: &Reference) -> Option<&'a str> {
    let rest = cx.text[reference.span.end as usize..].strip_prefix('.')?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    Some(&rest[..end])
}

#[cold]
fn examine(cx: &FileCx<'_>, module: SymbolId, local: SymbolId, sink: &mut Sink<'_>) {
    let of_module: Vec<&str> = cx
        .refs_of_variable(module)
        .filter(|&id| cx.facts.refs[id].kind == RefKind::Load)
        .filter_map(|id| attribute(cx, &cx.facts.refs[id]))
        .collect();
    let mut reads = cx.facts.refs_of(local).filter(|(_, row)| row.kind == RefKind::Load).map(|(_, row)| row);
    let Some(read) = reads.find(|row| attribute(cx, row).is_some_and(|name| of_module.contains(&name))) else {
        return;
    };
    if cx.facts.flow_issues.iter().any(|issue| cx.facts.refs[issue.reference].symbol == local) {
        return;
    }
    // A fresh copy of the module under its own name is the module still.
    let is_module_again = |id: legb_scope::RefId| {
        let rest = &cx.text[cx.facts.refs[id].span.end as usize..];
        rest.lines().next().and_then(|line| line.split('#').next()).is_some_and(|code| code.contains("import"))
    };
    if cx.bindings_of(local).any(is_module_again) {
        return;
    }
    let Some(binding) = cx.bindings_of(local).next().map(|id| &cx.facts.refs[id]) else { return };
    let name = cx.name(local);
    let message =
        format!("`{name}` is local to {} and hides the imported module", cx.describe(cx.facts.symbols[local].scope));
    sink.push(
        Report::warning(&META, Certainty::Possible, binding.span, message)
            .related(read.span, "this looks like the module"),
    );
}
