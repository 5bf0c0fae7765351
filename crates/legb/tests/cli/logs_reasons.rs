//! `legb logs`: failures tied to the binding, the scope or the chain of imports in the code around it.
//!
//! The tracebacks were printed by CPython 3.13 running the programs beside them, in a folder `/srv/app`.

use serde_json::Value;

use crate::project::Project;

const NAME: &str = "\
2026-02-28 10:16:10 ERROR worker: request 12 failed
Traceback (most recent call last):
  File \"/srv/app/main.py\", line 2, in <module>
    orders.total([3, 4])
    ~~~~~~~~~~~~^^^^^^^^
  File \"/srv/app/orders.py\", line 4, in total
    return apply(subtotal)
  File \"/srv/app/orders.py\", line 6, in apply
    return amount - discount_rat
                    ^^^^^^^^^^^^
NameError: name 'discount_rat' is not defined. Did you mean: 'discount_rate'?
";
const ORDERS: &str = "discount_rate = 2\ndef total(prices):\n    subtotal = sum(prices)\n    return apply(subtotal)\n\
    def apply(amount):\n    return amount - discount_rat\n";

/// A cycle that CPython 3.13 advises to repair by renaming a file.
const CIRCLE: &str = "\
Traceback (most recent call last):
  File \"/srv/app/main.py\", line 1, in <module>
    import alpha
  File \"/srv/app/alpha.py\", line 1, in <module>
    import beta
  File \"/srv/app/beta.py\", line 2, in <module>
    DOUBLE = alpha.LIMIT * 2
             ^^^^^^^^^^^
AttributeError: module 'alpha' has no attribute 'LIMIT' (consider renaming '/srv/app/alpha.py' if it has the same name as a third-party module you intended to import)
";

fn circle() -> Project {
    Project::new(&[
        ("app.log", CIRCLE),
        ("main.py", "import alpha\n"),
        ("alpha.py", "import beta\nLIMIT = 5\n"),
        ("beta.py", "import alpha\nDOUBLE = alpha.LIMIT * 2\n"),
    ])
}

/// The only group of failures.
fn group(project: &Project, args: &[&str]) -> Value {
    let run = project.run(&[&["logs", "--tz", "utc", "--format", "json", "app.log"], args].concat());
    let summary: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    summary["groups"][0].clone()
}

#[test]
fn a_name_is_tied_to_its_scope() {
    let project =
        Project::new(&[("app.log", NAME), ("main.py", "import orders\norders.total([3, 4])\n"), ("orders.py", ORDERS)]);
    let reason = &group(&project, &[])["reason"];
    assert_eq!((&reason["name"], &reason["scope"]), (&"discount_rat".into(), &"unresolved".into()));
    assert_eq!(reason["tied_to"], serde_json::json!({"path": "orders.py", "line": 6}));
    assert_eq!(reason["repair"]["edits"][0]["content"], "discount_rate");
    assert_eq!(reason["repair"]["verified"], true);
    let text = project.run(&["logs", "--tz", "utc", "app.log"]).stdout;
    assert!(text.contains("orders.py:6 +     return amount - discount_rate"), "{text}");
}

#[test]
fn a_circle_is_told_from_the_frames() {
    let project = circle();
    let reason = &group(&project, &[])["reason"];
    assert_eq!((&reason["kind"], &reason["verdict"]), (&"circular-import".into(), &"crashes".into()));
    let lines: Vec<String> =
        reason["chain"].as_array().unwrap().iter().map(|link| format!("{}:{}", link["path"], link["line"])).collect();
    assert_eq!(lines, ["\"alpha.py\":1", "\"beta.py\":2"]);
    assert_eq!((&reason["reproduced"], &reason["cut"]["verified"]), (&true.into(), &true.into()));
    assert!(reason["because"].as_str().unwrap().contains("advice to rename the file is beside the point"));
    // The edit does what it says.
    let text = project.run(&["logs", "--tz", "utc", "app.log"]).stdout;
    assert!(text.contains("repair  move `import beta` below the definition of `LIMIT`; tried"), "{text}");
}

#[test]
fn code_that_differs_is_said_and_never_guessed_at() {
    let moved = format!("# a comment\n\n{ORDERS}");
    let project =
        Project::new(&[("app.log", NAME), ("main.py", "import orders\norders.total([3, 4])\n"), ("orders.py", &moved)]);
    let reason = &group(&project, &[])["reason"];
    assert_eq!(reason["tied_to"]["line"], 8);
    assert_eq!(reason["differences"][1]["moved_to"], 8);
    let text = project.run(&["logs", "--tz", "utc", "app.log"]).stdout;
    assert!(text.contains("source differs from the deployed code"), "{text}");
    project.write("orders.py", ORDERS.replace("discount_rat\n", "discount_rate\n"));
    let found = group(&project, &[]);
    assert!(found["reason"].is_null(), "{found}");
    assert!(found["untied"].as_str().unwrap().contains("source differs from the deployed code"), "{found}");
    let text = project.run(&["logs", "--tz", "utc", "app.log"]).stdout;
    assert!(text.contains("could not tie: source differs"), "{text}");
}

#[test]
fn code_that_is_not_here_is_not_tied() {
    let project = Project::new(&[("app.log", NAME), ("other.py", "x = 1\n")]);
    let found = group(&project, &[]);
    assert!(
        found["reason"].is_null() && found["untied"].as_str().unwrap().contains("no file of this project"),
        "{found}"
    );
    // Two files are as good as each other.
    let project = Project::new(&[("app.log", NAME), ("a/orders.py", ORDERS), ("b/orders.py", ORDERS)]);
    project.write("pyproject.toml", "");
    assert!(group(&project, &[])["reason"].is_null());
    let tied = group(&project, &["--map", "/srv/app=b"]);
    assert_eq!(tied["reason"]["tied_to"]["path"], "b/orders.py", "{tied}");
}

#[test]
fn a_wrapped_traceback_is_tied_as_well() {
    let project = circle();
    let wrapped: String =
        CIRCLE.lines().map(|line| format!("web-1  | {line}\n")).chain(["web-1  | \n".to_owned()]).collect();
    project.write("app.log", wrapped);
    assert_eq!(group(&project, &[])["reason"]["kind"], "circular-import");
}

#[test]
fn a_file_that_hides_the_library_is_named() {
    let log = "Traceback (most recent call last):\n  File \"/srv/app/main.py\", line 1, in <module>\n    from json import dumps\n\
        ImportError: cannot import name 'dumps' from 'json' (/srv/app/json.py)\n";
    let project =
        Project::new(&[("app.log", log), ("main.py", "from json import dumps\n"), ("json.py", "loads = None\n")]);
    let reason = &group(&project, &[])["reason"];
    assert_eq!(reason["kind"], "stdlib-shadowing");
    assert!(reason["because"].as_str().unwrap().starts_with("json.py hides the module `json`"), "{reason}");
}

#[test]
fn other_failures_have_no_reason_here() {
    let log = "Traceback (most recent call last):\n  File \"/srv/app/main.py\", line 1, in <module>\n    1 / 0\nZeroDivisionError: division by zero\n";
    let project = Project::new(&[("app.log", log), ("main.py", "1 / 0\n")]);
    let found = group(&project, &[]);
    assert!(found["reason"].is_null() && found["untied"].is_null(), "{found}");
}
