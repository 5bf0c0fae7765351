//! The pages under `docs/rules` are those of the rules themselves. `LEGB_RECORD=1` writes them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use legb_rules::RULES;

#[test]
fn pages_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules");
    let mut pages: BTreeMap<String, String> =
        RULES.iter().map(|rule| (format!("{}.md", rule.name), rule.page())).collect();
    pages.insert("README.md".to_owned(), overview());
    if std::env::var_os("LEGB_RECORD").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in &pages {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    let found: Vec<String> = std::fs::read_dir(&folder)
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    for name in &found {
        assert!(pages.contains_key(name), "docs/rules/{name} belongs to no rule");
    }
    for (name, text) in &pages {
        let written = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(written == *text, "docs/rules/{name} is stale: run with LEGB_RECORD=1");
    }
}

#[test]
fn every_rule_that_looks_at_code_has_a_fixture() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rules");
    // Somebody else raises these: the binary, with the crates about contracts and about what runs.
    let elsewhere = ["internal-error", "contract-broken", "circular-import"];
    for rule in RULES.iter().filter(|rule| !elsewhere.contains(&rule.name)) {
        let page = std::fs::read_to_string(folder.join(format!("{}.md", rule.name))).unwrap_or_default();
        assert!(page.contains(&format!(": [{}]", rule.name)), "{}: no fixture with a hit", rule.name);
        assert!(page.contains("# ok") || rule.name == "syntax-error", "{}: no near miss", rule.name);
    }
}

fn overview() -> String {
    let mut text = String::from("# Rules\n\n| code | rule | reports |\n|---|---|---|\n");
    for rule in RULES {
        let off = if rule.on_by_default { "" } else { " (off by default)" };
        let (code, name, summary) = (rule.code, rule.name, rule.summary);
        let _ = writeln!(text, "| `{code}` | [{name}]({name}.md) | {summary}{off} |");
    }
    text
}
