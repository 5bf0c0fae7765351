//! Which rules of ours are meant by the codes and names of other tools?

use legb_rules::RULES;

/// Names of pylint for rules that are called otherwise here.
const PYLINT: [(&str, &str); 12] = [
    ("cell-var-from-loop", "late-binding-closure"),
    ("dangerous-default-value", "mutable-default"),
    ("global-variable-not-assigned", "global-not-assigned"),
    ("global-variable-undefined", "global-undefined"),
    ("import-error", "unresolved-import"),
    ("no-name-in-module", "unresolved-name-in-module"),
    ("possibly-used-before-assignment", "possibly-unbound"),
    ("redefined-builtin", "builtin-shadowing"),
    ("undefined-all-variable", "undefined-export"),
    ("undefined-variable", "undefined-name"),
    ("used-before-assignment", "unbound-local"),
    ("wildcard-import", "star-import"),
];

/// Everything, in the words of ruff and pylint.
const EVERYTHING: [&str; 2] = ["ALL", "all"];

/// The rules that a code of ruff or flake8, or the beginning of one, stands for.
pub(super) fn by_code(code: &str) -> Vec<String> {
    if EVERYTHING.contains(&code) {
        return vec!["all".to_owned()];
    }
    let is_meant = |twin: &str| !code.is_empty() && twin.starts_with(code);
    let meant = RULES.iter().filter(|rule| rule.twins.iter().any(|twin| is_meant(twin)));
    meant.map(|rule| rule.name.to_owned()).collect()
}

/// The rules that a message of pylint stands for, by its name or code.
pub(super) fn by_message(message: &str) -> Vec<String> {
    let renamed = PYLINT.iter().find(|(name, _)| *name == message).map(|(_, ours)| *ours);
    let name = renamed.unwrap_or(message);
    match RULES.iter().find(|rule| rule.name == name) {
        Some(rule) => vec![rule.name.to_owned()],
        None => by_code(&format!("PL{message}")),
    }
}

/// Of some rules, those that do not speak by default.
pub(super) fn off_by_default(rules: Vec<String>) -> Vec<String> {
    let is_off = |name: &String| RULES.iter().all(|rule| rule.name != name || !rule.on_by_default);
    rules.into_iter().filter(is_off).collect()
}

/// The rules for several codes, and the codes that stand for none.
pub(super) fn all<'a>(
    codes: impl IntoIterator<Item = &'a str>,
    rules_of: fn(&str) -> Vec<String>,
) -> (Vec<String>, Vec<&'a str>) {
    let (mut rules, mut others) = (Vec::new(), Vec::new());
    for code in codes {
        let found = rules_of(code);
        if found.is_empty() {
            others.push(code);
        }
        rules.extend(found);
    }
    (rules, others)
}

#[cfg(test)]
mod tests {
    use super::{PYLINT, by_code, by_message};
    use legb_rules::RULES;

    #[test]
    fn codes_and_messages_find_rules() {
        assert_eq!(by_code("F401"), ["unused-import"]);
        assert!(by_code("F").len() > 10);
        assert!(by_code("E501").is_empty() && by_code("").is_empty());
        assert_eq!(by_message("redefined-builtin"), ["builtin-shadowing"]);
        assert_eq!(by_message("unused-import"), ["unused-import"]);
        for (theirs, ours) in PYLINT {
            assert!(RULES.iter().any(|rule| rule.name == ours), "{theirs}");
        }
    }
}
