//! `legb contracts`, and `contract-broken` in `legb check`.

use crate::project::{CLEAN, Project};

const TIERS: &str = "[[contracts]]\nname = \"Tiers\"\nid = \"t\"\ntype = \"layers\"\nlayers = [\"shop.web\", \"shop.db\"]\n\n\
    [[contracts]]\nname = \"Alone\"\ntype = \"independence\"\nmodules = [\"shop.web\", \"shop.jobs\"]\n";

fn shop(db: &str) -> Project {
    Project::new(&[
        ("shop/__init__.py", ""),
        ("shop/web.py", "page = 1\n"),
        ("shop/tools.py", "from shop import web\n"),
        ("shop/db.py", db),
        ("shop/jobs.py", ""),
        ("legb.toml", TIERS),
    ])
}

#[test]
fn a_broken_contract_is_shown_with_its_chain_and_lines() {
    let project = shop("import json\nimport shop.tools\n");
    let run = project.run(&["contracts"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    for part in [
        "Tiers BROKEN\n",
        "Alone KEPT\n",
        "shop.db is not allowed to import shop.web:\n",
        "- shop.db -> shop.tools (l.2)   shop/db.py:2\n",
        "  shop.tools -> shop.web (l.1)  shop/tools.py:1\n",
        "Contracts: 1 kept, 1 broken.\n",
    ] {
        assert!(run.stdout.contains(part), "{part:?} in\n{}", run.stdout);
    }
    assert_eq!(project.run(&["contracts", "shop"]).code, Some(1));
}

#[test]
fn kept_contracts_exit_with_zero() {
    let project = shop("import json\n");
    let run = project.run(&["contracts"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "Tiers KEPT\nAlone KEPT\n\nContracts: 2 kept, 0 broken.\n"));
    assert_eq!(project.run(&["contracts", "-q"]).stdout, "");
}

#[test]
fn a_contract_may_be_chosen_by_name_or_id() {
    let project = shop("import shop.tools\n");
    assert_eq!(project.run(&["contracts", "--contract", "Alone"]).code, Some(0));
    assert_eq!(project.run(&["contracts", "--contract", "t"]).code, Some(1));
    let run = project.run(&["contracts", "--contract", "none"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("`Tiers`"), "{}", run.stderr);
}

#[test]
fn json_has_a_row_for_each_contract() {
    let project = shop("import shop.tools\n");
    let run = project.run(&["contracts", "--format", "json"]);
    let rows: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&rows[0]["name"], &rows[0]["verdict"]), (&"Tiers".into(), &"broken".into()));
    let links = &rows[0]["violations"][0]["chains"][0]["links"];
    assert_eq!((&links[0]["path"], &links[0]["lines"]), (&"shop/db.py".into(), &serde_json::json!([1])));
    assert_eq!((&rows[1]["verdict"], &rows[1]["violations"]), (&"kept".into(), &serde_json::json!([])));
}

#[test]
fn what_cannot_be_checked_exits_with_two_and_the_rest_is_checked() {
    let project = shop("import shop.tools\n");
    project.write("legb.toml", TIERS.replace("shop.jobs", "shop.jobz"));
    let run = project.run(&["contracts"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.contains("Tiers BROKEN\nAlone INVALID\n"), "{}", run.stdout);
    assert!(run.stderr.contains("legb.toml:10:24: there is no module `shop.jobz`"), "{}", run.stderr);
    assert!(run.stderr.contains("did you mean `shop.jobs`?"), "{}", run.stderr);

    let nothing = Project::new(&[("a.py", "")]);
    let run = nothing.run(&["contracts"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("[[contracts]]"), "{}", run.stderr);
    assert_eq!(nothing.run(&["contracts", "nowhere"]).code, Some(2));
}

#[test]
fn a_baseline_may_only_fall() {
    let project = shop("import shop.tools\n");
    let with_baseline = ["contracts", "--baseline", "known.json"];
    let write = ["contracts", "--baseline", "known.json", "--write-baseline"];
    assert_eq!(project.run(&with_baseline).code, Some(2), "there is none yet");
    assert_eq!(project.run(&write).code, Some(0));
    assert_eq!(project.run(&with_baseline).code, Some(0));
    project.write("shop/db.py", "# moved\n\nimport shop.tools\n");
    assert_eq!(project.run(&with_baseline).code, Some(0));

    project.write("shop/db.py", "import shop.tools\nimport shop.web\n");
    let run = project.run(&with_baseline);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("- shop.db -> shop.web (l.2)") && !run.stdout.contains("shop.tools"), "{}", run.stdout);
    let before = std::fs::read(project.path().join("known.json")).unwrap();
    assert_eq!(project.run(&write).code, Some(1));
    assert_eq!(std::fs::read(project.path().join("known.json")).unwrap(), before);

    project.write("shop/db.py", "");
    let run = project.run(&with_baseline);
    assert_eq!(run.code, Some(0));
    assert!(run.stdout.contains("breaks less"), "{}", run.stdout);
    assert_eq!(project.run(&write).code, Some(0));
    project.write("shop/db.py", "import shop.tools\n");
    assert_eq!(project.run(&with_baseline).code, Some(1));
}

#[test]
fn check_reports_broken_contracts_unless_they_are_silenced() {
    let project = shop("import shop.tools\n");
    let select = ["check", "--select", "contract-broken", "--format", "concise"];
    let run = project.run(&select);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.starts_with("shop/db.py:1:1: LEGB331 [contract-broken] contract \"Tiers\""), "{}", run.stdout);
    assert!(!project.run(&["check", "--ignore", "contract-broken"]).stdout.contains("LEGB331"));
    assert!(!project.run(&["check", "--isolated"]).stdout.contains("LEGB331"));
    project.write("shop/db.py", "import shop.tools  # legb: ignore[contract-broken]\n");
    assert_eq!(project.run(&select).code, Some(0));
}

#[test]
fn contracts_of_a_json_file_are_those_of_the_project() {
    let contract = r#"{"name": "x", "type": "forbidden", "source_modules": ["a"], "forbidden_modules": ["b"]}"#;
    let project = Project::new(&[
        ("legb.json", &format!("{{\n  \"contracts\": [{contract}]\n}}\n")),
        ("a.py", "import b\n\nprint(b)\n"),
        ("b.py", CLEAN),
    ]);
    let run = project.run(&["contracts"]);
    assert_eq!(run.code, Some(1), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("(forbidden, legb.json:2)"), "{}", run.stdout);
    assert!(project.findings(&[]).iter().any(|found| found.contains("LEGB331")));
    project.write("legb.json", "{\"contracts\": [{\n  \"name\": \"x\", \"type\": \"forbiden\"}]}");
    for command in ["contracts", "check"] {
        let run = project.run(&[command]);
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains("legb.json:2:24: there is no type of contract `forbiden`"), "{}", run.stderr);
        assert!(run.stderr.contains("did you mean `forbidden`?"), "{}", run.stderr);
    }
}
