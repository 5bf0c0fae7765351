//! `legb modules`.

use serde_json::Value;

use crate::project::Project;

const PYPROJECT: &str =
    "[project]\nname = \"shop\"\n[project.scripts]\nshop = \"shop.cli:main\"\nlost = \"shop.gone:main\"\n";
const CLI: &str = "import json\nfrom . import prices\nfrom .prices import total\nfrom shop.prices import total as again\n\n\
                   print('loading')\n\ndef main():\n    from decimal import Decimal\n\nif __name__ == '__main__':\n    main()\n";
const PRICES: &str =
    "__all__ = ['total']\n__all__ += ['Price']\n\nclass Price: ...\n\ndef total(): ...\n\ndef _round(): ...\n";

fn shop() -> Project {
    Project::new(&[
        ("pyproject.toml", PYPROJECT),
        ("shop/__init__.py", "from .prices import total\n"),
        ("shop/cli.py", CLI),
        ("shop/prices.py", PRICES),
        ("tools/run.py", "x = (\n"),
        ("a.b.py", "def f(): ...\n"),
    ])
}

fn rows(project: &Project, args: &[&str]) -> Vec<Value> {
    let run = project.run(&[&["modules", "--format", "json", "--target-version", "3.13"], args].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

fn row<'a>(rows: &'a [Value], module: &str) -> &'a Value {
    rows.iter().find(|row| row["module"] == module).unwrap()
}

#[test]
fn every_module_is_described() {
    let rows = rows(&shop(), &[]);
    let names: Vec<String> =
        rows.iter().map(|row| format!("{} {} {}", row["module"], row["path"], row["kind"]).replace('"', "")).collect();
    assert_eq!(
        names,
        [
            "a.b.py a.b.py script",
            "shop shop/__init__.py package",
            "shop.cli shop/cli.py module",
            "shop.prices shop/prices.py module",
            "tools null namespace",
            "tools.run tools/run.py module",
        ]
    );
    let cli = row(&rows, "shop.cli");
    assert_eq!(cli["functions"], serde_json::json!(["main"]));
    assert_eq!(cli["imports"], serde_json::json!(["json", "shop.prices", "decimal"]));
    assert_eq!(cli["main_guard"], true);
    assert_eq!(cli["all"], Value::Null);
    assert_eq!(cli["effects"][0]["line"], 6);
    assert_eq!(cli["effects"][0]["what"], "print: print('loading')");
    assert_eq!(cli["effects"].as_array().unwrap().len(), 1);
    assert_eq!(cli["entry_points"][0]["name"], "shop");
    let prices = row(&rows, "shop.prices");
    assert_eq!(prices["all"], serde_json::json!(["total", "Price"]));
    assert_eq!(prices["public"], prices["all"]);
    assert_eq!(prices["functions"], serde_json::json!(["total", "_round"]));
    assert_eq!(prices["classes"], serde_json::json!(["Price"]));
    assert_eq!(row(&rows, "shop")["public"], serde_json::json!(["total"]));
    assert!(row(&rows, "tools.run")["problem"].as_str().unwrap().starts_with("line "));
}

#[test]
fn a_path_chooses_what_is_described_and_not_what_it_is_called() {
    let rows = rows(&shop(), &["shop/cli.py"]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["module"], "shop.cli");
    assert_eq!(rows[0]["imports"][1], "shop.prices");
}

#[test]
fn an_entry_point_that_leads_nowhere_is_told() {
    let run = shop().run(&["modules"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.contains("`lost` leads to the module `shop.gone`, which does not exist"), "{}", run.stderr);
}

#[test]
fn text_fits_the_number_of_modules() {
    let project = shop();
    let text = project.run(&["modules"]).stdout;
    assert!(text.contains("shop.cli  shop/cli.py\n  functions     main\n"), "{text}");
    assert!(text.contains("  on import     line 6  print: print('loading')\n"), "{text}");
    assert!(
        text.ends_with("6 modules: 4 functions, 1 class; 1 with a main guard, 1 with effects on import\n"),
        "{text}"
    );
    let list = project.run(&["modules", "--view", "list"]).stdout;
    assert!(list.lines().any(|line| line.starts_with("shop.cli ") && line.ends_with("on import: print 1")), "{list}");
    let many: Vec<(String, String)> =
        (0..300).map(|n| (format!("big/part{}/m{n}.py", n % 7), format!("def f{n}(): ...\n"))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let summary = Project::new(&many).run(&["modules"]).stdout;
    assert!(summary.lines().count() < 20, "{summary}");
    assert!(summary.contains("big.part6"), "{summary}");
}

#[test]
fn csv_has_a_line_for_each_module() {
    let text = shop().run(&["modules", "--format", "csv"]).stdout;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 7);
    assert!(lines[0].starts_with("module,path,kind,functions,"));
    assert!(
        lines.contains(&"shop.cli,shop/cli.py,module,main,,json shop.prices decimal,main,,true,6:print,shop,"),
        "{text}"
    );
}

#[test]
fn a_path_that_is_missing_is_a_failure() {
    let run = shop().run(&["modules", "gone", "shop/cli.py"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.contains("shop.cli") && run.stderr.contains("gone: no such file or folder"), "{}", run.stderr);
}
