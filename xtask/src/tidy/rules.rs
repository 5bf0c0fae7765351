//! Does every rule stand in the list of rules, and has it a fixture with a hit and a near miss?

use super::sources::Sources;

const RULES: &str = "crates/legb_rules/src/rules/";
const FIXTURES: &str = "fixtures/rules/";

/// Fixtures about several rules at once.
const ABOUT_ALL: &[&str] = &["pyflakes", "suppressions"];

/// How loudly a fixture expects a rule to speak.
const SEVERITIES: &[&str] = &["error", "warning", "info"];

/// Rules that no source file can provoke: it takes a failure of legb, contracts in the configuration, or a run of the evaluator.
const UNPROVOKED: &[&str] = &["internal-error", "contract-broken", "circular-import"];

pub(super) fn findings(sources: &Sources) -> Vec<String> {
    let mut found = Vec::new();
    let list = sources.get(&format!("{RULES}mod.rs")).map_or("", |file| file.text.as_str());
    let rules: Vec<String> = sources
        .files
        .iter()
        .filter_map(|file| file.path.strip_prefix(RULES)?.strip_suffix(".rs"))
        .filter(|stem| *stem != "mod" && !stem.contains('/'))
        .map(|stem| stem.replace('_', "-"))
        .collect();
    for rule in &rules {
        if !list.contains(&format!("&{}::META,", rule.replace('-', "_"))) {
            found.push(format!("{RULES}mod.rs: the list of rules lacks {rule}"));
        }
    }
    for rule in rules.iter().filter(|rule| !UNPROVOKED.contains(&rule.as_str())) {
        let path = format!("{FIXTURES}{rule}.md");
        let Some(fixture) = sources.get(&path) else {
            found.push(format!("{path}: the rule {rule} has no fixture"));
            continue;
        };
        let lines = || fixture.text.lines();
        let is_hit = |line: &str| SEVERITIES.iter().any(|severity| line.contains(&format!("# {severity}: [{rule}]")));
        if !lines().any(is_hit) {
            found.push(format!("{path}: no line is a hit (`# error: [{rule}]`, or `warning`, or `info`)"));
        }
        if !lines().any(|line| line.contains("# ok")) {
            found.push(format!("{path}: no line is a near miss (`# ok`)"));
        }
    }
    for file in &sources.files {
        if let Some(name) = file.path.strip_prefix(FIXTURES).and_then(|name| name.strip_suffix(".md"))
            && !rules.iter().any(|rule| rule == name)
            && !ABOUT_ALL.contains(&name)
        {
            found.push(format!("{}: there is no rule {name}", file.path));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::findings;
    use crate::tidy::sources::{Source, Sources};

    #[test]
    fn a_rule_needs_a_hit_and_a_near_miss() {
        let file = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
        let sources = Sources {
            files: vec![
                file("crates/legb_rules/src/rules/mod.rs", "[&good_rule::META, &half::META,]"),
                file("crates/legb_rules/src/rules/good_rule.rs", ""),
                file("crates/legb_rules/src/rules/bare.rs", ""),
                file("crates/legb_rules/src/rules/half.rs", ""),
                file("fixtures/rules/good-rule.md", "x  # warning: [good-rule]\ny  # ok\n"),
                file("fixtures/rules/half.md", "x  # error: [good-rule]\n"),
                file("fixtures/rules/stray.md", ""),
                file("fixtures/rules/suppressions.md", ""),
            ],
        };
        assert_eq!(
            findings(&sources),
            [
                "crates/legb_rules/src/rules/mod.rs: the list of rules lacks bare",
                "fixtures/rules/bare.md: the rule bare has no fixture",
                "fixtures/rules/half.md: no line is a hit (`# error: [half]`, or `warning`, or `info`)",
                "fixtures/rules/half.md: no line is a near miss (`# ok`)",
                "fixtures/rules/stray.md: there is no rule stray",
            ]
        );
    }
}
