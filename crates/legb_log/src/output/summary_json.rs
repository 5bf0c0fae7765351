//! A summary as JSON: `{"records", "levels", "services", "groups": […], …}`.

use serde_json::{Map, Value, json};

use crate::level::Level;
use crate::parsing::Traceback;

use super::series::Bar;
use super::summary::{Group, Summary, total};

/// The reason of a failure in the code, as JSON; null where it is not known, with the sentence that says why.
pub type ReasonOf<'a> = &'a dyn Fn(&Traceback) -> (Value, Option<String>);

/// The summary as a value of JSON.
pub fn summary_json(summary: &Summary, reason_of: ReasonOf<'_>) -> Value {
    let services: Map<String, Value> =
        summary.services().into_iter().map(|(name, counts)| (name, Value::from(total(&counts)))).collect();
    let groups: Vec<Value> = summary.groups().into_iter().map(|found| group(found, summary, reason_of)).collect();
    let errors: Vec<Value> = summary
        .errors()
        .into_iter()
        .map(|error| {
            json!({"service": error.service, "message": error.template, "example": error.example, "count": error.count})
        })
        .collect();
    let files: Vec<Value> = summary
        .files
        .iter()
        .map(|file| {
            json!({
                "file": file.name,
                "transports": file.detection.transports,
                "format": file.detection.format,
                "reason": file.detection.reason,
                "error": file.problems.error,
            })
        })
        .collect();
    json!({
        "records": summary.records,
        "first": summary.span.map(|span| span.0.to_string()),
        "last": summary.span.map(|span| span.1.to_string()),
        "levels": levels(&summary.levels),
        "services": services,
        "groups": groups,
        "errors": errors,
        "files": files,
    })
}

/// Counts by level; levels that do not occur are left out.
pub(super) fn levels(bar: &Bar) -> Map<String, Value> {
    let mut counts: Map<String, Value> = Map::new();
    for level in Level::ALL.into_iter().rev() {
        if bar[level as usize] > 0 {
            counts.insert(level.as_str().to_owned(), bar[level as usize].into());
        }
    }
    if bar[Level::ALL.len()] > 0 {
        counts.insert("none".to_owned(), bar[Level::ALL.len()].into());
    }
    counts
}

fn group(group: &Group, summary: &Summary, reason_of: ReasonOf<'_>) -> Value {
    let file = summary.files.get(group.place.0).map(|file| file.name.clone());
    let (reason, untied) = reason_of(&group.example);
    json!({
        "fp1": group.fp1,
        "fp1_coarse": group.coarse,
        "type": group.example.exception,
        "message": group.example.message,
        "count": group.count,
        "first": group.span.map(|span| span.0.to_string()),
        "last": group.span.map(|span| span.1.to_string()),
        "services": group.services.iter().map(|(name, count)| (name.clone(), Value::from(*count))).collect::<Map<_, _>>(),
        "example": {"file": file, "line": group.place.1},
        "reason": reason,
        "untied": untied,
    })
}
