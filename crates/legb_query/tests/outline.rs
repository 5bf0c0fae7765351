//! What is said of one file: effects stand in comments (`# print, call`) beside the lines that have them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use legb_base::{Dialect, PyVersion};
use legb_query::{Outline, outline};
use legb_scope::Analyzer;
use legb_scope::explain::Source;
use legb_syntax::{LineIndex, SourceKind, parse};

fn outlined_for(version: &str, text: &str) -> Outline {
    let dialect = Dialect::of(version.parse().unwrap());
    let parsed = parse(text, SourceKind::Python, &dialect);
    let lines = LineIndex::new(text);
    let mut analyzer = Analyzer::default();
    let facts = analyzer.analyze(&parsed, text, &dialect, SourceKind::Python);
    outline(&Source { path: "a.py", text, lines: &lines, parsed: &parsed, facts, dialect: &dialect })
}

fn outlined(text: &str) -> Outline {
    outlined_for(&PyVersion::NEWEST.to_string(), text)
}

/// Compares the effects of every line with its comment.
fn check_effects(text: &str) {
    let found = outlined(text).effects;
    for (number, line) in (1..).zip(text.lines()) {
        let expected = line.split_once("  # ").map(|(_, comment)| comment).unwrap_or_default();
        let kinds: Vec<&str> =
            found.iter().filter(|effect| effect.line == number).map(|effect| effect.kind.word()).collect();
        assert_eq!(kinds.join(", "), expected, "line {number}: {line}");
    }
}

#[test]
fn effects_are_classified_by_what_is_called() {
    check_effects(
        r#"
import json, os, re, sys, threading, subprocess, socket, logging, time
import urllib.request
import os.path as p
from collections import namedtuple
from pathlib import Path
from subprocess import run as start
from .inside import register

print("loading")  # print
data = open("a.json").read()  # file
text = Path("a").read_text()  # file
here = Path(__file__).parent
(here / "b").mkdir()  # file
where = p.join("a", "b")
urllib.request.urlopen("http://localhost")  # network
s = socket.create_connection(("localhost", 1))  # network
t = threading.Thread(target=print)
t.start()  # thread
start(["ls"])  # process
subprocess.Popen("ls")  # process
os.environ["A"] = "b"  # environment
os.environ.setdefault("A", "b")  # environment
del os.environ["A"]  # environment
home = os.environ.get("HOME")
sys.path.insert(0, ".")  # sys.path
sys.path[:0] = ["x"]  # sys.path
sys.path += ["y"]  # sys.path
sys.excepthook = print  # state
logger = logging.getLogger(__name__)
logger.warning("x")  # log
logging.basicConfig()  # state
time.sleep(1)  # wait
json.dumps = str  # patch
register("a")  # call
Point = namedtuple("Point", "x y")
PATTERN = re.compile("x")
words = "a b".split()
names = sorted(set(words))
table = {}
table.update(a=1)
__all__ = ["a"]
__all__.extend(["b"])
setattr(json, "x", 1)  # patch
setattr(Point, "x", 1)
exec("x = 1")  # exec
sys.exit(1)  # exit
"#,
    );
}

#[test]
fn only_what_runs_on_import_counts() {
    check_effects(
        r#"
from typing import TYPE_CHECKING
import functools
from a import decorate, make, field, app

def f(x=make()):  # call
    print("later")
    def g():
        print("later still")

class A(make()):  # call
    y = field()  # call
    def m(self):
        print("later")
    @property
    def p(self):
        return 1
    @p.setter
    def p(self, value):
        print(value)

@decorate  # call
def h():
    pass

@app.route("/")  # call
def index():
    pass

@functools.lru_cache(maxsize=None)
def cached():
    pass

later = lambda: print("later")
now = [make() for _ in "ab"]  # call
never = (make() for _ in make())  # call
if TYPE_CHECKING:
    make()
if 0:
    print("never")
if __name__ == "__main__":
    print("only as a program")
if "__main__" == __name__:
    print("only as a program")
else:
    print("on import")  # print
if __name__ != "__main__":
    print("on import")  # print
else:
    print("only as a program")
try:
    make()  # call
except ValueError:
    print("perhaps")  # print
"#,
    );
}

#[test]
fn annotations_run_only_where_the_version_evaluates_them() {
    let text = "from a import make\nx: make() = 1\ndef f(a: make()) -> make(): ...\n";
    assert_eq!(outlined_for("3.13", text).effects.len(), 2);
    assert_eq!(outlined_for("3.14", text).effects.len(), 0);
    let postponed = format!("from __future__ import annotations\n{text}");
    assert_eq!(outlined_for("3.13", &postponed).effects.len(), 0);
}

#[test]
fn names_are_sorted_into_functions_classes_and_variables() {
    let outline = outlined(
        r"
import os
from m import x as x, y
async def run(): ...
def _private(): ...
class Shop:
    def method(self): ...
LIMIT = 1
count: int = 0
hinted: int
for i in range(3): pass
try:
    import fast
except ImportError:
    fast = None
if os.name == 'nt':
    def run(): ...
    class Windows: ...
def outer():
    def inner(): ...
    global made
    made = 1
__version__ = '1'
",
    );
    let names = |list: &[legb_query::outline::Definition]| {
        list.iter().map(|definition| definition.name.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(&outline.functions), "run _private outer");
    assert_eq!(names(&outline.classes), "Shop Windows");
    assert_eq!(names(&outline.variables), "LIMIT count");
    assert_eq!(outline.public(|_| false).join(" "), "x run Shop LIMIT count Windows outer");
    assert!(outline.all.is_none() && !outline.main_guard);
}

#[test]
fn dunder_all_is_read_in_all_its_forms() {
    for (text, names, incomplete) in [
        ("__all__ = ['a', 'b']", "a b", false),
        ("__all__ = ('a',)\n__all__ += ('b',)", "a b", false),
        ("__all__ = ['a'] + ['b']\n__all__.append('c')\n__all__.extend(['d'])\n__all__.remove('a')", "b c d", false),
        ("__all__: list[str] = ['a']", "a", false),
        ("import m\n__all__ = ['a'] + m.__all__", "a", true),
        ("__all__ = [n for n in dir()]", "", true),
        ("__all__ = []", "", false),
    ] {
        let all = outlined(text).all.unwrap();
        assert_eq!((all.names.join(" ").as_str(), all.incomplete), (names, incomplete), "{text}");
    }
    assert!(outlined("x = 1").all.is_none());
}

#[test]
fn the_main_guard_is_seen_in_both_orders_and_only_at_module_level() {
    for (text, expected) in [
        ("if __name__ == '__main__': pass", true),
        ("if '__main__' == __name__: pass", true),
        ("if __name__ == '__main__' and x: pass", true),
        ("if not __name__ == '__main__': pass", true),
        ("try:\n    if __name__ != '__main__': pass\nfinally: pass", true),
        ("def f():\n    if __name__ == '__main__': pass", false),
        ("if __name__ == 'main': pass", false),
        ("name = '__main__'", false),
    ] {
        assert_eq!(outlined(text).main_guard, expected, "{text}");
    }
}

#[test]
fn names_made_on_demand_are_read_off() {
    let lazy = |text: &str| -> Vec<String> {
        let outline = outlined(text);
        let mut rows: Vec<String> = outline
            .lazy
            .iter()
            .map(|lazy| {
                format!(
                    "{} {} {}",
                    lazy.name,
                    lazy.module.as_deref().unwrap_or("-"),
                    lazy.attribute.as_deref().unwrap_or("-")
                )
            })
            .collect();
        if outline.lazy_incomplete {
            rows.push("…".to_owned());
        }
        rows
    };
    let table = "T = {'A': '.a', 'B': ('.b', 'C'), 'D': 'm:E'}\ndef __getattr__(name):\n    return load(T[name])\n";
    assert_eq!(lazy(table), ["A .a A", "B .b C", "D m E"]);
    let reverse = "T = {'.a': ['A', 'B']}\ndef __getattr__(name):\n    return find(name, T)\n";
    assert_eq!(lazy(reverse), ["A .a A", "B .a B"]);
    let tests = "def __getattr__(name):\n    if name == 'A':\n        from .a import A\n        return A\n    \
                 if name in ('B', 'C'):\n        return 1\n    raise AttributeError(name)\n";
    assert_eq!(lazy(tests), ["A .a A", "B - -", "C - -"]);
    let attach =
        "import lazy_loader\n__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, {'sub'}, {'a': ['A']})\n";
    assert_eq!(lazy(attach), ["sub .sub -", "A .a A"]);
    assert_eq!(lazy("def __getattr__(name):\n    return compute(name)\n"), ["…"]);
    assert!(lazy("T = {'A': '.a'}\n").is_empty());
}
