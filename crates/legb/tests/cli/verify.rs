//! `legb verify`, `legb predict --verify` and `--quiz`. What runs Python needs an interpreter, and passes without one unless
//! the run must have all of them.

use serde_json::Value;

use crate::project::{Project, Run};
use legb_oracle::interpreter::{find, must_have_all};

const VERSION: &str = "3.12";
const LESSON: &str = "x = 1\ndef f():\n    x = 2\n    return x\nfor i in range(2):\n    print('i', i)\nprint(x, f())\n\
                      import time\nprint(time.time() > 0 or 'never')\nprint(f)\nprint(missing)\n";

/// Whether there is a Python to compare with.
fn has_python() -> bool {
    let found = find(VERSION.parse().unwrap(), std::path::Path::new(""));
    assert!(found.is_ok() || !must_have_all(), "{}", found.unwrap_err());
    found.is_ok()
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr))
}

#[test]
fn predictions_are_marked_by_a_run() {
    let project = Project::new(&[("lesson.py", LESSON)]);
    if !has_python() {
        return;
    }
    let run = project.run(&["predict", "--verify", "--format", "json", "--target-version", VERSION, "lesson.py"]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("running lesson.py with Python 3.12"), "{}", run.stderr);
    let row = json(&run);
    let marks: Vec<&str> =
        row["prints"].as_array().unwrap().iter().map(|print| print["verified"].as_str().unwrap()).collect();
    assert_eq!(marks, ["right", "right", "right", "not claimed", "right"]);
    assert_eq!(row["prints"][0]["actual"], "i 0");
    assert_eq!((&row["verified"]["wrong"], &row["verified"]["exception"]), (&0.into(), &"right".into()));
    let text = project.run(&["predict", "--verify", "--target-version", VERSION, "lesson.py"]);
    assert!(text.stdout.contains("4 right, 0 wrong, 1 not claimed"), "{}", text.stdout);
}

#[test]
fn a_program_that_does_not_end_is_ended() {
    let project = Project::new(&[("loop.py", "while True:\n    pass\n")]);
    if !has_python() {
        return;
    }
    let run = project.run(&["predict", "--verify", "--time-limit", "1", "--target-version", VERSION, "loop.py"]);
    assert_eq!(run.code, Some(2), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("ended after 1 seconds"), "{}", run.stderr);
}

#[test]
fn the_quiz_asks_shows_explains_and_scores() {
    let project = Project::new(&[("lesson.py", "x = 1\ndef f(x):\n    print(x)\nf(2)\nprint(x)\n")]);
    let run = project.run_with_input(&["predict", "--quiz", "lesson.py"], "2\n7\n");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for part in ["line 3  print(x)\n? ", "right: 2", "x  L: ", "no: 1", "x  G: ", "Score: 1 of 2"] {
        assert!(run.stdout.contains(part), "{part:?} is not in\n{}", run.stdout);
    }
    let ended = project.run_with_input(&["predict", "--quiz", "lesson.py"], "2\n");
    assert!(ended.stdout.contains("Score: 1 of 2, 1 not answered"), "{}", ended.stdout);
}

#[test]
fn scopes_are_compared_with_the_compiler() {
    let project = Project::new(&[("a.py", LESSON), ("bad.py", "return 1\n"), ("stub.pyi", "x: int\n")]);
    if !has_python() {
        return;
    }
    let run = project.run(&["verify", "--target-version", VERSION, "."]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("2 files equal, 0 different"), "{}", run.stdout);
    let rows = project.run(&["verify", "--format", "json", "--target-version", VERSION, "a.py"]);
    assert_eq!(json(&rows)["equal"], true);
}

#[test]
fn stories_are_compared_with_a_run() {
    let project = Project::new(&[
        ("a.py", "from b import B\n"),
        ("b.py", "from a import A\n"),
        ("app.py", "import c\nprint('done')\n"),
        ("c.py", ""),
        ("pkg/__init__.py", ""),
        ("pkg/__main__.py", "from . import part\n"),
        ("pkg/part.py", "raise ValueError('no')\n"),
    ]);
    if !has_python() {
        return;
    }
    for (entry, verdict) in [("a", "crashes"), ("app.py", "works"), ("-m pkg", "crashes"), ("pkg.part", "crashes")] {
        let run = project.run(&["verify", "--run", entry, "--format", "json", "--target-version", VERSION]);
        assert_eq!(run.code, Some(0), "{entry}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains("running"), "{}", run.stderr);
        let row = json(&run);
        assert_eq!((&row["verdict"], &row["equal"], &row["claimed"]), (&verdict.into(), &true.into(), &true.into()));
        let compared: Vec<&str> =
            row["compared"].as_array().unwrap().iter().map(|claim| claim["what"].as_str().unwrap()).collect();
        assert!(compared.contains(&"order"), "{entry}: {compared:?}");
        assert_eq!(compared.contains(&"frames"), verdict == "crashes", "{entry}: {compared:?}");
    }
}

#[test]
fn an_interpreter_that_is_none_is_said_to_be_none() {
    let project = Project::new(&[("a.py", "")]);
    let run = project.run(&["verify", "--python", "nowhere", "a.py"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--python nowhere"), "{}", run.stderr);
}

const READS: &str = "import os\nx = [os.sep for _ in range(2)]\nclass C:\n    a = 1\n    b = a\n    def m(self):\n        \
                     y = self\n        def g(): return y\n        return g()\nprint(C().m() is None, len(x))\n";

#[test]
fn names_read_in_a_run_are_answered_as_explained() {
    let project = Project::new(&[
        ("app.py", READS),
        ("pkg/__init__.py", ""),
        ("pkg/a.py", "n = 1\ndef f():\n    return n\nprint(f())\n"),
    ]);
    let both = project.run(&["verify", "--names", "app.py", "--run", "x", "--run", "y"]);
    assert_eq!(both.code, Some(2));
    for version in ["3.12", "3.9"] {
        if find(version.parse().unwrap(), std::path::Path::new("")).is_err() && !must_have_all() {
            continue;
        }
        let words = ["verify", "--target-version", version, "--format", "json", "--names", "app.py", "--run"];
        let run = project.run(&words);
        let told = json(&run);
        assert_eq!((run.code, &told["exit_code"]), (Some(0), &0.into()), "{}{}", run.stdout, run.stderr);
        assert!(told["compared"].as_u64().unwrap() >= 9, "{told}");
        assert_eq!((&told["contradictions"], &told["exceptions"]), (&Value::Array(vec![]), &Value::Array(vec![])));
        let module = project.run(&["verify", "--target-version", version, "--names", "pkg", "--run", "-m pkg.a"]);
        assert!(
            module.code == Some(0) && module.stdout.contains("3 reads compared, 0 contradictions"),
            "{}",
            module.stdout
        );
    }
    let wrong = project.run(&["verify", "--names", "app.py", "--run", "--quiet"]);
    assert!(wrong.code == Some(2) && wrong.stderr.contains("write `--run` last"), "{}", wrong.stderr);
}
