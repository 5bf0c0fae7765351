//! `legb config`, and settings that count for other commands.

use std::process::Output;

use serde_json::{Value, json};

use crate::project::{CLEAN, Project, Run, UNBOUND};

const STAR: &str = "from os import *\n";

/// Runs in an environment whose user has no settings.
fn run(project: &Project, args: &[&str]) -> Run {
    with(project, args, &[])
}

fn with(project: &Project, args: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut command = project.command(args);
    command.env("XDG_CONFIG_HOME", project.path().join("home")).envs(variables.iter().copied());
    let output: Output = command.output().unwrap();
    output.into()
}

fn run_text(project: &Project) -> String {
    run(project, &["check"]).stdout
}

fn as_json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr))
}

#[test]
fn show_prints_settings_layers_and_roots() {
    let project = Project::new(&[
        ("legb.toml", "extends = 'base.toml'\ntarget-version = '3.9'\n\n[per-file-ignores]\n\"t/*.py\" = ['scope']\n"),
        ("base.toml", "threads = 2\n"),
        ("src/app.py", CLEAN),
    ]);
    let text = run(&project, &["config", "show", "--origin"]);
    assert_eq!(text.code, Some(0), "{}", text.stderr);
    for line in [
        "target-version = \"3.9\"  # legb.toml:2:18",
        "threads = 2  # base.toml:1:11",
        "[per-file-ignores]\n\"t/*.py\" = [\"scope\"]  # legb.toml:5:12",
        "force-exclude = false  # built in",
        "#   extends       base.toml\n#   project       legb.toml\n",
        "src  (folder `src` of the project)",
        "Python 3.9 (`target-version` in legb.toml:2:18)",
    ] {
        assert!(text.stdout.contains(line), "{line}: {}", text.stdout);
    }
    let data = as_json(&run(&project, &["config", "show", "--origin", "--format", "json"]));
    assert_eq!(data["settings"]["threads"], 2);
    let origin = json!([{"layer": "extends", "source": "base.toml", "line": 1, "column": 11}]);
    assert_eq!(data["origins"]["threads"], origin);
    assert_eq!(data["target_version"]["versions"], json!(["3.9"]));
    assert_eq!(data["import_roots"][0]["because"], "folder `src` of the project");
    let plain = as_json(&run(&project, &["config", "show", "--format", "json", "--threads", "7"]));
    assert_eq!((&plain["settings"]["threads"], &plain["origins"]), (&json!(7), &Value::Null));
}

#[test]
fn show_prints_toml_that_says_the_same() {
    let project = Project::new(&[("legb.toml", "select = ['names']\nlogs.tz = 'utc'\nbanned-imports = ['cgi']\n")]);
    let shown = run(&project, &["config", "show"]).stdout;
    project.write("copy/legb.toml", &shown);
    let copied = run(&project, &["config", "show", "copy", "--format", "json"]);
    let original = as_json(&run(&project, &["config", "show", "--format", "json"]));
    assert_eq!(as_json(&copied)["settings"], original["settings"], "{shown}");
}

#[test]
fn explain_names_the_winner_and_every_layer() {
    let project = Project::new(&[
        ("home/legb/legb.toml", "ignore = ['scope']\n"),
        ("legb.toml", "ignore = ['names']\nextend-ignore = ['idioms']\n"),
        ("legb.ci.toml", "unset = ['ignore']\n"),
    ]);
    let text = run(&project, &["config", "explain", "ignore"]).stdout;
    for line in [
        "ignore = [\"names\", \"idioms\"]",
        "    user          ",
        "legb.toml:1:10: [\"scope\"]  (overridden)",
        "  > project       legb.toml:1:10: [\"names\"]",
        "  > project       legb.toml:2:17: adds [\"idioms\"]",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let data = as_json(&run(&project, &["config", "explain", "ignore", "--format", "json", "--env", "ci"]));
    assert_eq!((&data["value"], &data["winner"]["source"]), (&Value::Null, &json!("legb.ci.toml")));
    assert_eq!(data["layers"].as_array().unwrap().len(), 5);
    let unknown = run(&project, &["config", "explain", "slect"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("did you mean `select`?"), "{}", unknown.stderr);
}

#[test]
fn merge_is_the_exercise_and_the_patch_standard() {
    let project = Project::new(&[
        ("a.json", r#"{"debug": false, "db": {"host": "x", "port": 1}, "tags": [1, 2]}"#),
        ("b.json", r#"{"db": {"port": null}, "tags": [2, 3], "debug": {"on": true}}"#),
        ("c.toml", "[db]\nuser = 'u'\n"),
    ]);
    let merged = run(&project, &["config", "merge", "a.json", "b.json", "c.toml"]);
    let expected = json!({
        "debug": {"on": true}, "db": {"host": "x", "port": null, "user": "u"}, "tags": [2, 3]
    });
    assert_eq!((as_json(&merged), merged.code), (expected, Some(0)));
    assert!(
        merged.stderr.contains("b.json:1:49: `debug` becomes a table, and replaces true or false from a.json:1:11"),
        "{}",
        merged.stderr
    );
    let patched = run(&project, &["config", "merge", "--null", "delete", "--lists", "union", "a.json", "b.json"]);
    assert_eq!(as_json(&patched)["db"], json!({"host": "x"}));
    assert_eq!(as_json(&patched)["tags"], json!([1, 2, 3]));
    let order = run(&project, &["config", "merge", "-v", "a.json", "c.toml"]);
    assert!(order.stderr.contains("a.json < c.toml"), "{}", order.stderr);
    let toml = run(&project, &["config", "merge", "--format", "toml", "a.json", "c.toml"]).stdout;
    assert!(
        toml.contains("tags = [1, 2]\n") && toml.contains("[db]\nhost = \"x\"\nport = 1\nuser = \"u\"\n"),
        "{toml}"
    );
    let missing = run(&project, &["config", "merge", "a.json", "nothing.json"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (Some(2), ""));
    assert!(missing.stderr.contains("nothing.json: cannot be read: no such file"), "{}", missing.stderr);
    project.write("broken.json", "{\n \"a\": }");
    let broken = run(&project, &["config", "merge", "broken.json"]);
    assert!(broken.stderr.contains("error: broken.json:2:7: this is not JSON"), "{}", broken.stderr);
}

#[test]
fn init_writes_once_and_what_it_writes_is_read() {
    let project = Project::new(&[("a.py", CLEAN)]);
    let dry = run(&project, &["config", "init", "--dry-run"]);
    assert!(dry.stdout.contains("# select = ") && !project.path().join("legb.toml").exists());
    assert_eq!(run(&project, &["config", "init"]).code, Some(0));
    assert_eq!(run(&project, &["check"]).code, Some(0));
    let again = run(&project, &["config", "init"]);
    assert_eq!(again.code, Some(2));
    assert!(again.stderr.contains("legb.toml: there are settings already"), "{}", again.stderr);
    let manifest = Project::new(&[("pyproject.toml", "[project]\nname = 'x'\n")]);
    assert_eq!(run(&manifest, &["config", "init", "--pyproject"]).code, Some(0));
    assert!(
        as_json(&run(&manifest, &["config", "show", "--format", "json"]))["layers"]
            .to_string()
            .contains("pyproject.toml")
    );
}

#[test]
fn migrate_reads_other_tools() {
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[tool.ruff]\ntarget-version = 'py310'\nsrc = ['src']\n[tool.ruff.lint]\nselect = ['F', 'E']\nignore = ['F401', 'E501']\n\
             [tool.ruff.lint.per-file-ignores]\n'tests/*' = ['F841']\n[tool.ruff.lint.flake8-tidy-imports.banned-api]\n\
             'cgi'.msg = 'gone'\n",
        ),
        (".flake8", "[flake8]\nextend-exclude = build, gen\nper-file-ignores =\n    a.py:F401,F811\n    b.py: F821\n"),
        (".pylintrc", "[MESSAGES CONTROL]\ndisable = redefined-builtin,\n    line-too-long\n"),
        (
            ".importlinter",
            "[importlinter]\nroot_package = shop\n\n[importlinter:contract:tiers]\nname = Tiers\ntype = layers\nlayers =\n    shop.web\n    shop.db\n",
        ),
        ("tach.toml", "source_roots = ['src']\nexclude = ['docs']\n"),
        ("src/shop/__init__.py", ""),
        ("src/shop/web.py", ""),
        ("src/shop/db.py", "import shop.web\n"),
    ]);
    let migrated = run(&project, &["config", "migrate"]);
    assert_eq!(migrated.code, Some(0), "{}", migrated.stderr);
    assert!(migrated.stderr.contains("E501"), "{}", migrated.stderr);
    std::fs::remove_file(project.path().join(".importlinter")).unwrap();
    let settings = &as_json(&run(&project, &["config", "show", "--format", "json"]))["settings"];
    assert_eq!(settings["target-version"], "3.10");
    assert_eq!(settings["src"], json!(["src"]));
    assert_eq!(settings["ignore"], json!(["unused-import", "builtin-shadowing"]));
    assert_eq!(settings["per-file-ignores"]["tests/*"], json!(["unused-variable"]));
    assert!(settings["per-file-ignores"]["b.py"].to_string().contains("undefined-name"), "{settings}");
    assert_eq!(settings["banned-imports"], json!({"cgi": "gone"}));
    assert_eq!(settings["contracts"][0]["root_packages"], json!(["shop"]));
    let excluded = settings["exclude"].to_string();
    assert!(excluded.contains("gen") && excluded.contains("docs"), "{excluded}");
    let contracts = run(&project, &["contracts"]);
    assert_eq!(contracts.code, Some(1), "{}{}", contracts.stdout, contracts.stderr);
    let empty = run(&Project::new(&[("a.py", "")]), &["config", "migrate"]);
    assert_eq!(empty.code, Some(2));
}

#[test]
fn settings_count_for_check_and_options_win() {
    let project = Project::new(&[
        ("legb.toml", "ignore = ['unbound-local']\nextend-select = ['star-import']\nextend-exclude = ['gen']\n"),
        ("a.py", UNBOUND),
        ("b.py", STAR),
        ("gen/c.py", UNBOUND),
    ]);
    let found = |args: &[&str]| {
        let run = run(&project, &[&["check", "--format", "json"], args].concat());
        let rows = as_json(&run);
        rows.as_array()
            .unwrap()
            .iter()
            .map(|row| format!("{} {}", row["path"].as_str().unwrap(), row["rule"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    assert!(found(&[]).contains(&"b.py star-import".to_owned()), "{:?}", found(&[]));
    assert!(!found(&[]).iter().any(|row| row.ends_with("unbound-local")));
    assert_eq!(found(&["--select", "unbound-local"]), ["a.py unbound-local"]);
    assert!(found(&["--isolated"]).contains(&"gen/c.py unbound-local".to_owned()));
    assert_eq!(
        found(&["--select", "unbound-local", "--exclude", "b.py"]),
        ["a.py unbound-local", "gen/c.py unbound-local"]
    );
}

#[test]
fn rules_are_silent_in_some_files_and_imports_are_banned() {
    let project = Project::new(&[
        (
            "legb.toml",
            "select = ['unbound-local', 'banned-import']\n[per-file-ignores]\n'tests' = ['names']\n'pkg/old.py' = ['LEGB322']\n[banned-imports]\n'urllib.request' = 'use our client'\n",
        ),
        ("tests/a.py", UNBOUND),
        ("pkg/a.py", UNBOUND),
        ("pkg/old.py", "import urllib.request\n"),
        ("pkg/new.py", "from urllib import request\n"),
    ]);
    let run = run(&project, &["check", "--format", "concise"]);
    let lines: Vec<&str> = run.stdout.lines().filter(|line| line.contains(".py:")).collect();
    assert_eq!(lines.len(), 2, "{}{}", run.stdout, run.stderr);
    assert!(lines[0].starts_with("pkg/a.py:2") && lines[1].starts_with("pkg/new.py:1"), "{lines:?}");
    let told = run_text(&project);
    assert!(told.contains("use our client"), "{told}");
}

#[test]
fn an_empty_list_excludes_nothing() {
    let project = Project::new(&[("legb.toml", "exclude = []\n"), ("dist/a.py", UNBOUND)]);
    assert_eq!(run(&project, &["check"]).code, Some(1));
    assert_eq!(run(&project, &["--isolated", "check"]).code, Some(0));
}

#[test]
fn settings_count_for_graph_logs_and_variables_too() {
    let project = Project::new(&[
        ("legb.toml", "src = ['lib']\n[logs.formats]\nours = '(?<time>\\S+) (?<level>\\w+) (?<message>.*)'\n"),
        ("lib/a.py", "import b\n"),
        ("lib/b.py", ""),
        ("app.log", "2026-02-28T10:15:03Z ERROR boom\n"),
    ]);
    let graph = as_json(&run(&project, &["graph", "--format", "json"]));
    assert_eq!(graph["edges"][0]["to"], "b", "{graph}");
    let logs = run(&project, &["logs", "--format-in", "ours", "--format", "jsonl", "app.log"]);
    assert_eq!(as_json(&logs)["level"], "ERROR", "{}", logs.stderr);
    let version = with(&project, &["-v", "check"], &[("LEGB_TARGET_VERSION", "3.9")]);
    assert!(version.stderr.contains("Python 3.9 (`target-version` in LEGB_TARGET_VERSION)"), "{}", version.stderr);
}

#[test]
fn missing_files_are_an_error_if_named_and_told_if_optional() {
    let project = Project::new(&[("a.py", CLEAN)]);
    let named = run(&project, &["check", "--config", "nothing.toml"]);
    assert_eq!((named.code, named.stdout.as_str()), (Some(2), ""));
    assert!(named.stderr.contains("error: nothing.toml: no such file"), "{}", named.stderr);
    let optional = run(&project, &["-v", "check"]);
    assert_eq!(optional.code, Some(0));
    assert!(optional.stderr.contains("home/legb/legb.toml: no such file; defaults used"), "{}", optional.stderr);
    assert!(!run(&project, &["check"]).stderr.contains("legb.toml"));
    let environment = run(&project, &["check", "--env", "prod"]);
    assert_eq!(environment.code, Some(2));
    assert_eq!(with(&project, &["check"], &[("LEGB_ENV", "prod")]).code, Some(2));
    assert_eq!(run(&project, &["check", "--isolated", "--config", "x.toml"]).code, Some(2));
}

#[test]
fn bad_settings_end_every_command_with_2() {
    let project = Project::new(&[("legb.toml", "selct = []\nthreads = 'two'\nsrc = ['lbi']\n"), ("a.py", UNBOUND)]);
    for command in
        [&["check"][..], &["graph"], &["cycles"], &["imports"], &["modules"], &["scopes", "a.py"], &["config", "show"]]
    {
        let run = run(&project, command);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{command:?}");
        assert_eq!(run.stderr.matches("error: ").count(), 2, "{}", run.stderr);
    }
    let place = Project::new(&[("legb.toml", "src = ['lbi']\n")]);
    let run = run(&place, &["check"]);
    assert!(run.stderr.contains("error: legb.toml:1:8: `src`: there is no folder lbi"), "{}", run.stderr);
}
