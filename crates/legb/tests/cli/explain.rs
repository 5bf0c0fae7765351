//! `legb explain` beyond one file, its other targets, and its pictures; the pictures of `legb scopes`.

use serde_json::Value;

use crate::project::{Project, Run};

/// A shop whose names are passed on by an import, an `import *` and a `__getattr__`, and written from outside.
const SHOP: [(&str, &str); 6] = [
    (
        "shop/__init__.py",
        "from .core import price, TAX\nfrom .more import *\ndef __getattr__(name):\n    if name == 'late':\n        from .core import price\n        return price\n    raise AttributeError(name)\n",
    ),
    ("shop/core.py", "TAX = 1\ndef price(n):\n    return n * TAX\ndef set_tax(v):\n    global TAX\n    TAX = v\n"),
    ("shop/more.py", "def helper(n):\n    return n\n"),
    (
        "app.py",
        "from shop import price, helper, late\nfrom shop.more import *\nimport os.path as osp\ndef total(n):\n    return price(n) + helper(n) + late(n)\nprint(extra, osp, open)\n",
    ),
    (
        "other.py",
        "import app\nimport shop.core\nfrom shop import core as c\nshop.core.TAX = 2\napp.extra = 3\ndef f():\n    setattr(c, 'TAX', 4)\n",
    ),
    ("apart.py", "class shop:\n    class core:\n        TAX = 1\nshop.core.TAX = 2\n"),
];

fn explained(run: &Run) -> Vec<Value> {
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn one(project: &Project, words: &[&str]) -> Value {
    let run = project.run(&[&["explain", "--target-version", "3.13", "--format", "json"], words].concat());
    let mut found = explained(&run);
    assert_eq!(found.len(), 1, "{}", run.stdout);
    found.remove(0)
}

/// `path:line kind` of each line on the way.
fn chain(it: &Value) -> Vec<String> {
    let hops = it["chain"].as_array().unwrap();
    hops.iter()
        .map(|hop| format!("{}:{} {}", hop["path"].as_str().unwrap(), hop["line"], hop["kind"].as_str().unwrap()))
        .collect()
}

#[test]
fn imported_names_are_followed_to_the_line_that_defines_them() {
    let project = Project::new(&SHOP);
    let price = one(&project, &["app.py:5:12"]);
    assert_eq!((&price["scope"], &price["rule"]), (&"global".into(), &"global".into()));
    assert_eq!(chain(&price), ["shop/__init__.py:1 import", "shop/core.py:2 def"]);
    assert_eq!(price["leads_to"], "Defined in shop/core.py:2");
    let sites: Vec<&str> =
        price["bindings"].as_array().unwrap().iter().map(|it| it["path"].as_str().unwrap()).collect();
    assert_eq!(sites, ["app.py", "shop/__init__.py", "shop/core.py"]);
    let helper = one(&project, &["app.py:1:25"]);
    assert_eq!(chain(&helper), ["shop/__init__.py:2 star import", "shop/more.py:1 def"]);
    let late = one(&project, &["app.py:5:35"]);
    assert_eq!(chain(&late), ["shop/__init__.py:3 __getattr__", "shop/core.py:2 def"]);
    let module = one(&project, &["app.py:6:14"]);
    assert!(module["leads_to"].as_str().unwrap().contains("posixpath") || module["leads_to"].is_string(), "{module}");
}

#[test]
fn a_star_import_brings_what_no_statement_binds() {
    let project = Project::new(&[
        ("a.py", "from b import *\nprint(shown, _hidden, open)\n"),
        ("b.py", "shown = 1\n_hidden = 2\n"),
    ]);
    let shown = one(&project, &["a.py:2:7"]);
    assert_eq!(
        (&shown["scope"], chain(&shown)),
        (&"global".into(), vec!["a.py:1 star import".to_owned(), "b.py:1 assignment".to_owned()])
    );
    let hit: Vec<&Value> = shown["steps"].as_array().unwrap().iter().filter(|step| step["outcome"] == "hit").collect();
    assert_eq!((hit.len(), &hit[0]["kind"]), (1, &"module".into()));
    let hidden = one(&project, &["a.py:2:14"]);
    assert_eq!(hidden["scope"], "unresolved");
    assert_eq!(one(&project, &["a.py:2:23"])["scope"], "builtin");
}

#[test]
fn globals_tell_who_writes_them_from_outside() {
    let project = Project::new(&SHOP);
    let tax = one(&project, &["shop/core.py:1"]);
    let writes: Vec<String> = tax["writes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            format!(
                "{}:{} {} {}",
                it["path"].as_str().unwrap(),
                it["line"],
                it["kind"].as_str().unwrap(),
                it["function"]
            )
        })
        .collect();
    assert_eq!(writes, ["other.py:4 attribute assignment null", "other.py:7 setattr \"f\""]);
    assert_eq!(tax["builtin_if_gone"], false);
    let extra = one(&project, &["app.py:6:7"]);
    assert_eq!((&extra["scope"], &extra["writes"][0]["line"]), (&"global".into(), &5.into()));
    let text = project.run(&["explain", "shop/core.py:1"]).stdout;
    assert!(text.contains("If the global were gone, no builtin would answer."), "{text}");
}

#[test]
fn a_closure_tells_its_cell() {
    let text = "def outer():\n    n = 0\n    def up():\n        nonlocal n\n        n += 1\n    def get():\n        return n\n    return up, get\n";
    let project = Project::new(&[("a.py", text)]);
    let it = one(&project, &["a.py:7"]);
    assert_eq!((&it["scope"], &it["rule"]), (&"enclosing".into(), &"free".into()));
    let cell = &it["cell"];
    assert_eq!((&cell["owner"], &cell["line"]), (&"function outer".into(), &1.into()));
    let sharers: Vec<(&Value, &Value, &Value)> =
        cell["shared_by"].as_array().unwrap().iter().map(|it| (&it["scope"], &it["reads"], &it["writes"])).collect();
    let lines = |lines: &[u32]| Value::from(lines.to_vec());
    assert_eq!(
        sharers,
        [
            (&"function outer".into(), &lines(&[]), &lines(&[2])),
            (&"function up".into(), &lines(&[5]), &lines(&[5])),
            (&"function get".into(), &lines(&[7]), &lines(&[])),
        ]
    );
    assert!(cell["read_when"].as_str().unwrap().contains("each time `get` is called"), "{cell}");
}

#[test]
fn a_refused_nonlocal_is_no_cell() {
    let project = Project::new(&[
        ("a.py", "value = 1\ndef f():\n    nonlocal value\n    value = 2\n"),
        ("b.py", "def outer():\n    def g():\n        nonlocal zz\n        zz = 1\n"),
        ("c.py", "nonlocal value\n"),
    ]);
    for (place, message) in [
        ("a.py:3", "SyntaxError: no binding for nonlocal 'value' found"),
        ("b.py:3", "SyntaxError: no binding for nonlocal 'zz' found"),
        ("c.py:1", "SyntaxError: nonlocal declaration not allowed at module level"),
    ] {
        assert_eq!(one(&project, &[place])["scope"], "unresolved", "{place}");
        let text = project.run(&["explain", place]).stdout;
        assert!(text.replace("\n   ", " ").contains(message), "{text}");
    }
    let repaired = one(&project, &["b.py:3"]);
    assert_eq!(repaired["change"][0]["edits"][0]["content"], "zz = None\n    ");
}

/// The questions that other tools answer wrongly, with the answer of CPython.
#[test]
fn corner_cases_of_navigation_are_answered_as_cpython_does() {
    let project = Project::new(&[
        ("k01.py", "class C:\n    size = 3\n    rows = [size for _ in range(2)]\n"),
        ("k03.py", "class C:\n    size = 3\n    def rows(self):\n        return size\n"),
        ("u01.py", "x = 1\ndef f():\n    print(x)\n    x = 2\n"),
        ("k04.py", "def f():\n    last = None\n    rows = [last := n for n in range(3)]\n    return last, rows\n"),
    ]);
    let bindings = |it: &Value| -> Vec<u64> {
        it["bindings"].as_array().unwrap().iter().map(|site| site["line"].as_u64().unwrap()).collect()
    };
    for (place, kind) in [("k01.py:3:13", "list comprehension"), ("k03.py:4:16", "function")] {
        let it = one(&project, &[place]);
        assert_eq!(
            (&it["scope"], &it["rule"], &it["steps"][0]["kind"]),
            (&"unresolved".into(), &"global".into(), &kind.into())
        );
        assert_eq!(bindings(&it), Vec::<u64>::new(), "the class variable is another one");
        assert_eq!((&it["steps"][1]["kind"], &it["steps"][1]["outcome"]), (&"class".into(), &"skipped".into()));
    }
    let it = one(&project, &["u01.py:3:11"]);
    assert_eq!((&it["scope"], bindings(&it), &it["made_local_by"]), (&"local".into(), vec![4], &4.into()));
    let it = one(&project, &["k04.py:4:12"]);
    assert_eq!((&it["scope"], bindings(&it)), (&"local".into(), vec![2, 3]));
    let walrus = one(&project, &["k04.py:3:13"]);
    assert_eq!((&walrus["scope"], bindings(&walrus)), (&"enclosing".into(), vec![2, 3]));
}

#[test]
fn edits_make_a_parameter_of_a_global_in_all_calls() {
    let text = "rate = 2\ndef twice(n):\n    return n * rate\nprint(twice(1), twice(n=2))\n";
    let project = Project::new(&[("a.py", text)]);
    let it = one(&project, &["a.py:3:16"]);
    let change = &it["change"][0];
    assert_eq!(change["title"], "take `rate` as a parameter of `twice`");
    let contents: Vec<&str> =
        change["edits"].as_array().unwrap().iter().map(|edit| edit["content"].as_str().unwrap()).collect();
    assert_eq!(contents, [", rate", ", rate=rate", ", rate=rate"]);
    let text = "count = 0\ndef up():\n    global count\n    count += 1\nup()\nup()\nprint(count)\n";
    project.write("b.py", text);
    let change = one(&project, &["b.py:4"])["change"][0].clone();
    let contents: Vec<&str> =
        change["edits"].as_array().unwrap().iter().map(|edit| edit["content"].as_str().unwrap()).collect();
    assert_eq!(contents, ["count", "pass", "\n    return count", "count = ", "count=count", "count = ", "count=count"]);
}

#[test]
fn findings_rules_and_whole_files_are_explained() {
    let project = Project::new(&[("a.py", crate::project::UNBOUND)]);
    let run = project.run(&[
        "explain",
        "--finding",
        "unbound-local",
        "a.py:2",
        "--format",
        "json",
        "--target-version",
        "3.13",
    ]);
    let told = explained(&run).remove(0);
    assert_eq!((&told["finding"]["rule"], &told["explanation"]["name"]), (&"unbound-local".into(), &"x".into()));
    let text = project.run(&["explain", "--finding", "LEGB101", "a.py:2"]).stdout;
    assert!(text.contains("unbound-local (LEGB101)") && text.contains("Python looks in this order"), "{text}");
    let none = project.run(&["explain", "--finding", "unbound-local", "a.py:1"]);
    assert_eq!(none.code, Some(2));
    assert!(none.stderr.contains("it finds something on line 2"), "{}", none.stderr);
    let rule = project.run(&["explain", "unbound-local"]);
    assert!(rule.code == Some(0) && rule.stdout.starts_with("unbound-local (LEGB101)"), "{}", rule.stdout);
    let names: Vec<String> = explained(&project.run(&["explain", "a.py", "--format", "json"]))
        .iter()
        .map(|it| format!("{} {}", it["name"].as_str().unwrap(), it["scope"].as_str().unwrap()))
        .collect();
    assert_eq!(names, ["f global", "print builtin", "x local", "x local"]);
}

#[test]
fn a_pasted_traceback_tells_its_reason() {
    let project = Project::new(&[("a.py", "def f():\n    print(x)\n    x = 1\nf()\n")]);
    let trace = "noise\nTraceback (most recent call last):\n  File \"/srv/a.py\", line 4, in <module>\n    f()\n  File \"/srv/a.py\", line 2, in f\n    print(x)\n\
                 UnboundLocalError: cannot access local variable 'x' where it is not associated with a value\n";
    let run = project.run_with_input(&["explain", "-"], trace);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stdout.contains("here    a.py:2") && run.stdout.contains("`x` is local to function `f`"),
        "{}",
        run.stdout
    );
    let told: Value =
        serde_json::from_str(&project.run_with_input(&["explain", "-", "--format", "json"], trace).stdout).unwrap();
    assert_eq!((&told["type"], &told["reason"]["scope"]), (&"UnboundLocalError".into(), &"local".into()));
    let none = project.run_with_input(&["explain", "-"], "all is well\n");
    assert_eq!(none.code, Some(2));
    assert!(none.stderr.contains("there is no traceback on standard input"), "{}", none.stderr);
}

#[test]
fn bad_targets_are_told_with_what_may_be_meant() {
    let project = Project::new(&[
        ("a.py", "total = 1\nprint(total)\n"),
        ("unbound-local", "x = 1\n"),
        ("half.py", "total = 1\nprint(total\n"),
    ]);
    for (words, message) in [
        (&["a.py", "totl"] as &[&str], "did you mean `total`?"),
        (&["b.py:1"], "did you mean `a.py`?"),
        (&["a.py:2:13"], "near it: `total` at 2:7"),
        (&["unbound-local"], "`unbound-local` is ambiguous: it is a file and a rule"),
        (&["."], "is a folder"),
        (&["unbound-loca"], "names no place"),
        (&["--format", "svg", "unbound-variable-rule"], "names no place"),
        (&["--finding", "names", "a.py:1"], "is a group of rules"),
    ] {
        let run = project.run(&[&["explain"], words].concat());
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{words:?}");
        assert!(run.stderr.contains(message), "{words:?}: {}", run.stderr);
    }
    let half = project.run(&["explain", "half.py:2:7", "--format", "json"]);
    assert_eq!(explained(&half)[0]["scope"], "global");
    assert!(half.stderr.contains("refuses the file"), "{}", half.stderr);
    let outside = project.run(&["explain", "--src", "src", "a.py:1"]);
    assert_eq!(outside.code, Some(2), "a root that is not there: {}", outside.stderr);
    project.write("src/b.py", "y = 1\n");
    let outside = project.run(&["explain", "--src", "src", "a.py:1"]);
    assert!(outside.code == Some(0) && outside.stderr.contains("outside of the import roots"), "{}", outside.stderr);
}

/// The elements of a document that has to be well-formed XML, and names nothing outside of itself.
fn elements(text: &str) -> Vec<String> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let document =
        roxmltree::Document::parse_with_options(text, options).unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut found = Vec::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        found.push(node.tag_name().name().to_owned());
        for attribute in node.attributes() {
            assert!(!["src", "href", "action"].contains(&attribute.name()), "{}", attribute.value());
        }
    }
    assert!(!text.contains("url(") && !text.contains("@import") && !found.contains(&"script".to_owned()), "{text}");
    found
}

const ODD: &str = "class C[T]:\n    a = '<&\"\u{c}'\n    def f(self, größe=1): return [größe for _ in self if a < 1 and \"]]>\"]\nprint(C, missing)\n";

#[test]
fn pictures_are_well_formed_and_stand_alone() {
    let project = Project::new(&[("a<b>.py", ODD), ("c.py", "x = 1\n")]);
    let svg = project.run(&["explain", "--format", "svg", "a<b>.py:3"]).stdout;
    assert!(elements(&svg).iter().filter(|name| *name == "rect").count() > 4);
    for colour in ["#4CAF50", "#FF9800"] {
        assert!(svg.contains(colour), "{svg}");
    }
    let tree = project.run(&["scopes", "--format", "svg", "a<b>.py"]).stdout;
    elements(&tree);
    assert!(tree.contains("function f (line 3"), "{tree}");
    let page = project.run(&["scopes", "--format", "html", "a<b>.py"]);
    assert_eq!(page.code, Some(0), "{}", page.stderr);
    let spans = elements(&page.stdout).iter().filter(|name| *name == "span").count();
    assert!(spans > 12, "{spans} names");
    assert!(page.stdout.contains("data-scope=\"B\" title=\"B  `print` is the builtin"), "{}", page.stdout);
    for (words, head) in
        [(&["explain", "a<b>.py:3"] as &[&str], "flowchart BT"), (&["scopes", "a<b>.py"], "flowchart TB")]
    {
        let run = project.run(&[words, &["--format", "mermaid"]].concat());
        assert!(run.stdout.starts_with(head) && run.stdout.contains("classDef E fill:#2196F3"), "{}", run.stdout);
    }
    let two = project.run(&["scopes", "--format", "svg", "a<b>.py", "c.py"]);
    assert!(two.code == Some(2) && two.stderr.contains("a picture shows one file"), "{}", two.stderr);
    project.write("half.py", "def f(:\n    x\n");
    let half = project.run(&["scopes", "--format", "html", "half.py"]);
    assert_eq!(half.code, Some(1), "{}", half.stderr);
    elements(&half.stdout);
}
