//! `typing-only-import` (LEGB323, off by default): an import that only annotations need.

use legb_base::Severity;
use legb_scope::facts::MODULE;
use legb_scope::{Import, ImportFlags, RefFlags, RefKind, SymbolFlags, SymbolId};
use legb_syntax::SourceKind;

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::written;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB323",
    name: "typing-only-import",
    group: Group::Modules,
    severity: Severity::Info,
    on_by_default: false,
    summary: "an import is needed by annotations only",
    twins: &["TC001", "TC002", "TC003", "TCH001", "TCH002", "TCH003"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
An import at module level whose name is read only in annotations that Python does not evaluate: in quotes, under `from __future__ import annotations`, or from Python 3.14 on.

## Why
The import costs start-up time and can close an import cycle, for the sake of type checkers.

## Example
```python
from __future__ import annotations

from decimal import Decimal  # only an annotation reads it

def double(x: Decimal):
    return x + x
```

## Repair
Move it under `if TYPE_CHECKING:`, unless something evaluates the annotations when the program runs, as `dataclasses`, `typing.get_type_hints` and frameworks for validation may.

## How sure
Certain that this file does not evaluate it; whether others do cannot be seen, so the rule is off by default.
An import is left alone where the same module is imported for use at run time too.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if cx.kind == SourceKind::Stub || cx.is_init_file {
        return;
    }
    let needs: Vec<(&Import, Need)> = cx
        .facts
        .imports
        .iter()
        .filter(|import| import.scope == MODULE && import.level + u32::from(import.module.is_some()) > 0)
        .map(|import| (import, need(cx, import)))
        .collect();
    for (import, need) in &needs {
        let flags = ImportFlags::TYPE_CHECKING | ImportFlags::FUTURE | ImportFlags::STAR | ImportFlags::IN_TRY;
        if *need != Need::Annotations || import.flags.intersects(flags) || is_exempt(cx, import) {
            continue;
        }
        let same = |other: &Import| (other.level, other.module) == (import.level, import.module);
        if !needs.iter().any(|(other, need)| *need == Need::Running && same(other)) {
            let message = format!("`{}` is imported for annotations only", written::import(cx.facts, import));
            sink.push(Report::info(&META, import.alias, message).help("move it under `if TYPE_CHECKING:`"));
        }
    }
}

/// Who needs what an import binds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Nobody,
    Annotations,
    Running,
}

fn need(cx: &FileCx<'_>, import: &Import) -> Need {
    let Some(binding) = import.binding else { return Need::Running };
    let symbol = cx.facts.refs[binding].symbol;
    let variable = cx.facts.variable(symbol).unwrap_or(symbol);
    let row = &cx.facts.symbols[variable];
    let exported = cx.facts.module.all.iter().flatten().any(|&(name, _)| name == row.name);
    if exported || cx.facts.module.all_is_dynamic || cx.bindings_of(variable).count() > 1 {
        return Need::Running;
    }
    let mut need = if cx.facts.module.string_uses.contains(&row.name) { Need::Annotations } else { Need::Nobody };
    let reads = |id: SymbolId| cx.facts.symbols[id].flags.intersects(SymbolFlags::USE | SymbolFlags::UNRECORDED);
    for (reader, _) in cx.facts.symbols.iter_enumerated().filter(|&(id, symbol)| symbol.name == row.name && reads(id)) {
        if cx.facts.variable(reader) != Some(variable) {
            continue;
        }
        for (_, reference) in cx.facts.refs_of(reader) {
            match reference.kind {
                RefKind::Import => {}
                RefKind::Load if reference.flags.intersects(RefFlags::UNEVALUATED | RefFlags::TYPE_CHECKING) => {
                    need = Need::Annotations;
                }
                _ => return Need::Running,
            }
        }
    }
    need
}

/// Modules that exist for annotations, and cost nothing more once they are loaded.
fn is_exempt(cx: &FileCx<'_>, import: &Import) -> bool {
    let module = import.module.map_or("", |id| cx.facts.names.text(id));
    import.level == 0 && matches!(module, "typing" | "typing_extensions")
}
