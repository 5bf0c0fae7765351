//! `global-rebinds-import` (LEGB214): `global` rebinds a name that was imported, in this module only.

use legb_base::{Certainty, Severity};
use legb_scope::facts::MODULE;
use legb_scope::{ImportFlags, RefId, RefKind, SymbolFlags, SymbolId};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::written;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB214",
    name: "global-rebinds-import",
    group: Group::Scope,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "`global` rebinds a name that was imported, in this module only",
    twins: &[],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A function declares a name `global` and assigns it, where the module has that name from a `from` import.

## Why
`from config import debug` copies the value into a variable of this module.
Assigning it changes this module's variable; `config.debug` and every other importer keep the old value.

## Example
```python
from config import debug

def enable():
    global debug
    debug = True  # config.debug stays as it was
```

## Repair
Import the module and assign its attribute: `import config`, then `config.debug = True`.

## How sure
Certain that only this module's variable changes.
Imports under `try` and other conditions, which are replaced on purpose, functions that import the name again, and classes and functions that are replaced by `None` are left alone.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for &declaration in &cx.facts.declarations {
        let reference = &cx.facts.refs[declaration];
        let symbol = &cx.facts.symbols[reference.symbol];
        if reference.kind == RefKind::Global
            && symbol.scope != MODULE
            && symbol.flags.contains(SymbolFlags::LOCAL)
            && !symbol.flags.contains(SymbolFlags::IMPORT)
            && let Some(module) = cx.module_symbol(reference.symbol)
            && cx.facts.symbols[module].flags.contains(SymbolFlags::IMPORT)
        {
            examine(cx, reference.symbol, module, sink);
        }
    }
}

#[cold]
fn examine(cx: &FileCx<'_>, id: SymbolId, module: SymbolId, sink: &mut Sink<'_>) {
    const CONDITIONAL: ImportFlags =
        ImportFlags::CONDITIONAL.union(ImportFlags::IN_TRY).union(ImportFlags::TYPE_CHECKING);
    let bindings: Vec<RefId> = cx.bindings_of(module).collect();
    let import_of = |id: RefId| cx.facts.imports.iter().find(|import| import.binding == Some(id));
    let [only] = bindings.as_slice() else { return };
    let Some(import) = import_of(*only) else { return };
    let Some(assigned) = cx
        .bindings_of(id)
        .map(|id| &cx.facts.refs[id])
        .find(|row| matches!(row.kind, RefKind::Assign | RefKind::AugAssign | RefKind::AnnAssign))
    else {
        return;
    };
    if !import.flags.contains(ImportFlags::FROM) || import.flags.intersects(CONDITIONAL) {
        return;
    }
    let name = cx.name(id);
    let home = written::module(cx.facts, import);
    let original = import.name.map_or(name, |id| cx.facts.names.text(id));
    let message = format!("this changes `{name}` of this module only: `{original}` of `{home}` keeps its value");
    sink.push(
        Report::warning(&META, Certainty::Certain, assigned.span, message)
            .related(import.alias, "a copy is made here")
            .help(format!(
                "import the module and assign `{}.{original}`",
                home.trim_start_matches('.').rsplit('.').next().unwrap_or_default()
            )),
    );
}
