//! `internal-error` (LEGB901): legb itself failed on a file. Raised where files are loaded.

use legb_base::Severity;

use crate::meta::{Check, Group, RuleMeta};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB901",
    name: "internal-error",
    group: Group::Meta,
    severity: Severity::Error,
    on_by_default: true,
    summary: "legb failed on this file",
    twins: &[],
    doc: DOC,
    check: Check::Elsewhere,
};

const DOC: &str = r"## What it reports
legb itself failed on a file and knows nothing about it; the other files are not affected.

## Why
This is a bug in legb, not in the file.

## Repair
Please report it, with the file if that can be shared.

## How sure
Certain.
";
