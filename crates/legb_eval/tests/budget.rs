//! Programs that never end, grow without bounds or branch without end get an answer all the same, and say why it is unknown.

use std::thread;
use std::time::{Duration, Instant};

use legb_base::PyVersion;
use legb_eval::source::{Files, Packages};
use legb_eval::{Budget, Entry, Simulation, Verdict, simulate};
use legb_resolve::fs::MemoryFs;

fn run(text: &str) -> (Simulation, Duration) {
    let text = text.to_owned();
    let work = move || {
        let fs = MemoryFs::new([("/project/main.py", &*text)]);
        let source = Files { fs: &fs, packages: Packages::None };
        let start = Instant::now();
        let entry = Entry::Script("/project/main.py".to_owned());
        (simulate(&entry, PyVersion::NEWEST, &source, Budget::default()), start.elapsed())
    };
    let thread = thread::Builder::new().stack_size(1 << 30).spawn(work).expect("a thread starts");
    thread.join().expect("the evaluator does not panic")
}

#[test]
fn what_never_ends_or_grows_without_bounds_is_given_up() {
    let programs = [
        "while True:\n    pass\n",
        "def f(n):\n    return f(n - 1) + f(n - 1) if n else 1\nf(60)\n",
        "x = list(range(10 ** 12))\n",
        "for i in range(10 ** 12):\n    pass\n",
        "x = [0] * 10 ** 12\n",
        "x = 'a'\nwhile True:\n    x += x\n",
        "x = [1]\nwhile True:\n    x.extend(x)\n",
        "x = (1,)\nwhile True:\n    x = x + x\n",
        "x = 'a'\nwhile True:\n    x = x.replace('a', 'aaaa')\n",
        "x = 2 ** 10 ** 9\n",
        "def g():\n    while True:\n        yield 1\nsum(g())\n",
        "C = object\nfor i in range(3000):\n    C = type('C', (C,), {})\n",
    ];
    for program in programs {
        let (story, took) = run(program);
        assert_eq!(story.verdict, Verdict::Unknown, "{program}");
        assert!(story.reason.is_some_and(|reason| reason.contains("budget")), "{program}");
        assert!(took < Duration::from_secs(20), "{program} took {took:?}");
    }
}

#[test]
fn a_thousand_branches_are_followed_in_time() {
    let branches: Vec<String> = (0..1000).map(|i| format!("if os.environ.get('A{i}'):\n    x = {i}\n")).collect();
    let (story, took) = run(&format!("import os\nx = 0\n{}", branches.concat()));
    assert_eq!(story.verdict, Verdict::Works);
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn code_that_is_made_at_run_time_is_never_certain() {
    let (story, _) = run("exec('raise ValueError')\n");
    assert!(!story.certain);
}

#[test]
fn a_condition_that_alone_decides_is_what_the_verdict_depends_on() {
    let (story, _) = run("import os\nif os.environ.get('A'):\n    raise ValueError('set')\n");
    assert_eq!((story.verdict, story.certain), (Verdict::Depends, true));
    assert!(story.reason.is_some_and(|reason| reason.contains("ValueError: set")));
}
