//! `banned-import` (LEGB322): an import of a module that the project's settings ban.

use legb_base::Severity;
use legb_scope::{Import, ImportFlags};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::settings::BannedImport;
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB322",
    name: "banned-import",
    group: Group::Modules,
    severity: Severity::Info,
    on_by_default: true,
    summary: "a module is imported that this project bans",
    twins: &["TID251", "TID253"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r#"## What it reports
An import of a module, or of a name of a module, that the setting `banned-imports` names, and of everything below it.
Without that setting, which is a list of dotted names each with a reason, the rule has nothing to report.

## Why
A project may have its own function for a task, or be leaving a module behind.

## Example
With `urllib.request` banned, because "the project has a client of its own":
```python
from urllib import request
```

## Repair
As the reason says, which is shown with the finding.

## How sure
Certain that it is imported. Relative imports are not looked at.
"#;

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if cx.settings.banned_imports.is_empty() {
        return;
    }
    for import in cx.facts.imports.iter().filter(|import| import.level == 0) {
        if let Some(banned) = cx.settings.banned_imports.iter().find(|banned| is_banned(cx, import, &banned.name)) {
            sink.push(report(import, banned));
        }
    }
}

fn is_banned(cx: &FileCx<'_>, import: &Import, banned: &str) -> bool {
    let is_below =
        |name: &str, top: &str| name.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let module = import.module.map_or("", |id| cx.facts.names.text(id));
    let member = import.name.map(|id| cx.facts.names.text(id)).filter(|_| !import.flags.contains(ImportFlags::STAR));
    is_below(module, banned)
        || member.is_some_and(|name| is_below(banned, module) && is_below(&format!("{module}.{name}"), banned))
}

fn report(import: &Import, banned: &BannedImport) -> Report {
    let report = Report::info(&META, import.alias, format!("`{}` is banned in this project", banned.name));
    match &banned.reason {
        Some(reason) => report.help(reason.as_str()),
        None => report,
    }
}
