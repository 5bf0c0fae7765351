//! The story of imports in words and as data, for all commands that tell one.

use std::fs;
use std::path::Path;

use legb_base::PyVersion;
use legb_eval::{Simulation, Verdict};
use serde_json::{Value, json};

/// A path as seen from the working directory.
pub(crate) fn relative(path: &str, here: &Path) -> String {
    Path::new(path).strip_prefix(here).map_or_else(|_| path.to_owned(), |path| path.to_string_lossy().into_owned())
}

/// A reason or an assumption with its paths as seen from the working directory.
pub(crate) fn shortened(text: &str, here: &Path) -> String {
    text.replace(&format!("{}/", here.display()), "")
}

/// The word for a verdict.
pub(crate) const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Works => "works",
        Verdict::Crashes => "crashes",
        Verdict::Depends => "depends",
        Verdict::Unknown => "unknown",
    }
}

/// The documented JSON of a story.
pub(crate) fn described(shown: &str, version: PyVersion, story: &Simulation, here: &Path) -> Value {
    let at = |path: &str, line: u32| json!({"path": relative(path, here), "line": line});
    let told = |texts: &[String]| texts.iter().map(|text| shortened(text, here)).collect::<Vec<_>>();
    let frames: Vec<Value> = story
        .frames
        .iter()
        .map(|frame| json!({"module": frame.module, "path": relative(&frame.path, here), "line": frame.line}))
        .collect();
    let order: Vec<Value> = story
        .order
        .iter()
        .map(|step| {
            let by = step.by.as_ref().map(|(path, line)| at(path, *line));
            json!({"event": step.event, "module": step.module, "by": by})
        })
        .collect();
    json!({
        "entry": shown,
        "python": version.to_string(),
        "verdict": story.verdict,
        "certainty": if story.certain { "certain" } else { "possible" },
        "assumes": told(&story.assumes),
        "doubts": told(&story.doubts),
        "exception": story.exception,
        "raised_at": story.frames.last().map(|frame| at(&frame.path, frame.line)),
        "frames": frames,
        "order": order,
        "because": because(story, here),
        "cut": Value::Null,
        "stdout": story.stdout,
    })
}

/// The verdict in a sentence.
pub(crate) fn because(story: &Simulation, here: &Path) -> String {
    let ran = story.order.iter().filter(|step| step.event == "end").count();
    match story.verdict {
        Verdict::Works => match ran {
            1 => "the one module that runs ends without an exception".to_owned(),
            _ => format!("all {ran} modules that run end without an exception"),
        },
        Verdict::Crashes => {
            let place = story.frames.last().map(|frame| format!(" at {}:{}", relative(&frame.path, here), frame.line));
            let half_made = story.order.iter().rev().find(|step| step.event == "found");
            let cycle = half_made.map(|step| {
                let by = step.by.as_ref().map(|(path, line)| format!(" by {}:{line}", relative(path, here)));
                format!("; `{}` was found half-made{}", step.module, by.unwrap_or_default())
            });
            let kind = story.exception.as_ref().map_or("an exception", |exception| exception.kind.as_str());
            format!("{kind} is raised{}{}", place.unwrap_or_default(), cycle.unwrap_or_default())
        }
        Verdict::Depends => shortened(story.doubts.first().map_or("", String::as_str), here),
        Verdict::Unknown => shortened(story.reason.as_deref().unwrap_or_default(), here),
    }
}

/// A line of a file, without the space around it.
pub(crate) fn source_line(path: &str, line: u32) -> Option<String> {
    let text = fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&text);
    let at = usize::try_from(line).ok()?.checked_sub(1)?;
    text.lines().nth(at).map(|line| line.trim().to_owned())
}
