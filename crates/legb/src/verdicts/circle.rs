//! Does a story end badly because a module was found half-made, and through which imports?

use legb_eval::{Simulation, Verdict};

/// A line of a file.
pub(crate) type Place = (String, u32);

/// The way round a cycle that ends in an exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Circle {
    /// The module that was found before its body had ended.
    pub(crate) half_made: String,
    /// The import that found it.
    pub(crate) closing: Place,
    /// The imports that lead from the half-made module to the one that found it, in their order.
    pub(crate) chain: Vec<Place>,
    /// The name that the half-made module did not have yet.
    pub(crate) missing: Option<String>,
}

impl Circle {
    /// The circle of a story that ends with an exception, if there is one.
    pub(crate) fn of(story: &Simulation) -> Option<Self> {
        let exception = story.exception.as_ref().filter(|_| story.verdict == Verdict::Crashes)?;
        // What a module that is not done lacks shows as one of these.
        if !matches!(exception.kind.as_str(), "ImportError" | "AttributeError" | "NameError" | "SystemExit") {
            return None;
        }
        let message = exception.message.as_deref().unwrap_or_default();
        // What is removed at the end was running when the exception was raised.
        let raised = story.order.iter().rposition(|step| step.event != "fail").map_or(0, |last| last + 1);
        let mut running: Vec<(&str, Option<&Place>)> = Vec::new();
        let mut found: Vec<(&str, &Place)> = Vec::new();
        for step in &story.order[..raised] {
            match step.event {
                "begin" => running.push((&step.module, step.by.as_ref())),
                "found" => found.extend(step.by.as_ref().map(|by| (step.module.as_str(), by))),
                _ => {
                    running.pop();
                }
            }
        }
        let is_running = |module: &str| running.iter().any(|(name, _)| *name == module);
        let raised_in = story.frames.last().map_or("", |frame| frame.path.as_str());
        let is_named = |module: &str| message.contains(&format!("'{module}'"));
        let is_about_modules = exception.kind != "NameError";
        let (half_made, closing) = found.iter().rev().copied().find(|(module, by)| {
            is_running(module) && if is_about_modules { is_named(module) } else { by.0 == raised_in }
        })?;
        let start = running.iter().position(|(name, _)| *name == half_made)?;
        let chain = running[start + 1..].iter().filter_map(|(_, by)| by.cloned()).collect();
        Some(Self { half_made: half_made.to_owned(), closing: closing.clone(), chain, missing: missing(message) })
    }
}

/// The name that a message says is not there.
fn missing(message: &str) -> Option<String> {
    let starts = ["cannot import name '", "has no attribute '", "cannot access submodule '", "name '"];
    let rest = starts.iter().find_map(|start| message.split_once(start).map(|(_, rest)| rest))?;
    rest.split_once('\'').map(|(name, _)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::Circle;
    use legb_eval::{Raised, Simulation, StoryFrame, StoryStep, Verdict};

    fn step(event: &'static str, module: &str, by: Option<(&str, u32)>) -> StoryStep {
        StoryStep { event, module: module.to_owned(), by: by.map(|(path, line)| (path.to_owned(), line)) }
    }

    fn story(kind: &str, message: &str) -> Simulation {
        Simulation {
            verdict: Verdict::Crashes,
            certain: true,
            assumes: Vec::new(),
            doubts: Vec::new(),
            exception: Some(Raised { kind: kind.to_owned(), message: Some(message.to_owned()) }),
            frames: vec![StoryFrame { module: "b".to_owned(), path: "b.py".to_owned(), line: 1 }],
            order: vec![
                step("begin", "a", None),
                step("begin", "b", Some(("a.py", 2))),
                step("found", "a", Some(("b.py", 1))),
                step("fail", "b", None),
                step("fail", "a", None),
            ],
            reason: None,
            stdout: None,
        }
    }

    #[test]
    fn a_half_made_module_closes_the_circle() {
        let message = "cannot import name 'x' from partially initialized module 'a' (most likely due to a circular import) (a.py)";
        let circle = Circle::of(&story("ImportError", message)).unwrap();
        assert_eq!((circle.half_made.as_str(), circle.missing.as_deref()), ("a", Some("x")));
        assert_eq!(circle.closing, ("b.py".to_owned(), 1));
        assert_eq!(circle.chain, [("a.py".to_owned(), 2)]);
        assert!(Circle::of(&story("NameError", "name 'x' is not defined")).is_some());
    }

    #[test]
    fn other_crashes_have_no_circle() {
        assert_eq!(Circle::of(&story("ModuleNotFoundError", "No module named 'a'")), None);
        assert_eq!(Circle::of(&story("ImportError", "cannot import name 'x' from 'c' (c.py)")), None);
    }
}
