//! Which rules of ours are meant by the codes and names of other tools?

use legb_rules::RULES;

/// Messages of pylint 4.1 by name and code, and the rule that each is here.
const PYLINT: [(&str, &str, &str); 39] = [
    ("cell-var-from-loop", "W0640", "late-binding-closure"),
    ("cyclic-import", "R0401", "circular-import"),
    ("dangerous-default-value", "W0102", "mutable-default"),
    ("duplicate-argument-name", "E0108", "duplicate-argument"),
    ("function-redefined", "E0102", "redefined-while-unused"),
    ("global-at-module-level", "W0604", "global-at-module-level"),
    ("global-statement", "W0603", "global-statement"),
    ("global-variable-not-assigned", "W0602", "global-not-assigned"),
    ("global-variable-undefined", "W0601", "global-undefined"),
    ("import-error", "E0401", "unresolved-import"),
    ("import-outside-toplevel", "C0415", "import-outside-toplevel"),
    ("import-self", "W0406", "import-self"),
    ("invalid-all-format", "E0605", "invalid-all"),
    ("invalid-all-object", "E0604", "invalid-all"),
    ("no-name-in-module", "E0611", "unresolved-name-in-module"),
    ("nonlocal-and-global", "E0115", "nonlocal-and-global"),
    ("nonlocal-without-binding", "E0117", "nonlocal-without-binding"),
    ("possibly-used-before-assignment", "E0606", "possibly-unbound"),
    ("redeclared-assigned-name", "W0128", "redeclared-in-assignment"),
    ("redefined-argument-from-local", "R1704", "redefined-argument"),
    ("redefined-builtin", "W0622", "builtin-shadowing"),
    ("redefined-outer-name", "W0621", "redefined-outer-name"),
    ("reimported", "W0404", "reimported"),
    ("relative-beyond-top-level", "E0402", "relative-import-beyond-top"),
    ("self-assigning-variable", "W0127", "self-assignment"),
    ("shadowed-import", "W0416", "shadowed-import"),
    ("syntax-error", "E0001", "syntax-error"),
    ("undefined-all-variable", "E0603", "undefined-export"),
    ("undefined-loop-variable", "W0631", "undefined-loop-variable"),
    ("undefined-variable", "E0602", "undefined-name"),
    ("unspecified-encoding", "W1514", "open-without-encoding"),
    ("unused-argument", "W0613", "unused-argument"),
    ("unused-import", "W0611", "unused-import"),
    ("unused-variable", "W0612", "unused-variable"),
    ("used-before-assignment", "E0601", "unbound-local"),
    ("used-prior-global-declaration", "E0118", "used-before-global"),
    ("useless-import-alias", "C0414", "useless-import-alias"),
    ("wildcard-import", "W0401", "star-import"),
    ("wrong-import-position", "C0413", "late-import"),
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
    match PYLINT.iter().find(|(name, code, _)| [*name, *code].contains(&message)) {
        Some((_, _, ours)) => vec![(*ours).to_owned()],
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
        for (name, code, ours) in PYLINT {
            assert!(RULES.iter().any(|rule| rule.name == ours), "{name}");
            assert_eq!((by_message(name), by_message(code)), (vec![ours.to_owned()], vec![ours.to_owned()]));
        }
        assert_eq!(by_message("cyclic-import"), ["circular-import"]);
        assert!(by_message("line-too-long").is_empty());
    }
}
