//! Contracts that only legb has, those of tach, baselines, and what is said of wrong configuration.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;

use legb_base::{Dialect, PyVersion};
use legb_contracts::baseline::Baseline;
use legb_contracts::{Config, Outcome, Verdict, breaches, check, config, exports_of, named_imports, project};
use legb_graph::Project;
use legb_project::{DEFAULT_EXCLUDES, Discovery, Exclusion};
use legb_resolve::RealFs;

const SHOP: [(&str, &str); 8] = [
    ("shop/__init__.py", ""),
    ("shop/orders/__init__.py", "from .models import Order\n__all__ = ['Order']\n"),
    ("shop/orders/models.py", "class Order: pass\n"),
    ("shop/orders/tests.py", "from shop.orders.models import Order\n"),
    (
        "shop/web.py",
        "from shop.orders import Order\nfrom shop.orders.models import Order as O\nfrom shop.orders import models\nimport shop.orders\n",
    ),
    ("shop/db.py", "import django.db.models\nfrom django.db import models\ndef f():\n    import shop.web\n"),
    ("shop/jobs.py", "import importlib\nimportlib.import_module('shop.db')\n"),
    ("shop/tests.py", "from shop.orders.models import Order\n"),
];

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn judged(folder: &Path) -> (Config, Vec<Verdict>) {
    let config = config::find(folder).unwrap();
    let exclusion = Exclusion::new(DEFAULT_EXCLUDES, folder).unwrap();
    let discovery = Discovery { exclusion: &exclusion, force_exclude: false, threads: 1 };
    let opened = Project::open(&[folder.to_owned()], &config.source_roots, &discovery, &RealFs::default());
    let walked = opened.walk(PyVersion::NEWEST, 1, |_| true, named_imports).unwrap();
    let project = project(&opened.table, walked.answers);
    let dialect = Dialect::of(PyVersion::NEWEST);
    let exports = |path: &str| exports_of(&fs::read(path).unwrap_or_default(), &dialect);
    let verdicts = check(&project, &config.contracts, &exports);
    (config, verdicts)
}

/// For each contract its name and what breaks it: the links of each chain, or the message.
fn said(config: &Config, verdicts: &[Verdict]) -> Vec<String> {
    let mut said = Vec::new();
    for verdict in verdicts {
        let name = &config.contracts[verdict.contract].name;
        match &verdict.outcome {
            Outcome::Kept => said.push(format!("{name}: kept")),
            Outcome::Invalid(complaints) => said.extend(complaints.iter().map(|c| format!("{name}: {}", c.message))),
            Outcome::Broken(violations) => {
                for violation in violations.iter().filter(|violation| violation.chains.is_empty()) {
                    said.push(format!("{name}: {}", violation.message));
                }
                for chain in violations.iter().flat_map(|violation| &violation.chains) {
                    let links: Vec<String> = chain
                        .links
                        .iter()
                        .map(|link| format!("{} -> {} {:?}", link.importer, link.imported, link.lines))
                        .collect();
                    said.push(format!("{name}: {}", links.join(", ")));
                }
            }
        }
    }
    said
}

fn with_config(name: &str, text: &str) -> Vec<String> {
    let files: Vec<(&str, &str)> = SHOP.into_iter().chain([(name, text)]).collect();
    let folder = folder(&files);
    let (config, verdicts) = judged(folder.path());
    assert_eq!(config.complaints, []);
    said(&config, &verdicts)
}

#[test]
fn from_outside_only_what_is_exported_may_be_imported() {
    let text = "[[contracts]]\nname = 'api'\ntype = 'interface'\npackages = ['shop.orders']\nexempt-importers = ['shop.tests']\n";
    assert_eq!(
        with_config("legb.toml", text),
        ["api: shop.web -> shop.orders.models [3]", "api: shop.web -> shop.orders.models.Order [2]",]
    );
}

#[test]
fn a_closed_layer_hides_what_is_below_it() {
    let text = "[tool.legb.contracts.tiers]\ntype = 'layers'\nlayers = ['shop.jobs', {name = 'shop.web', closed = true}, 'shop.orders', 'shop.db']\n";
    assert_eq!(
        with_config("pyproject.toml", text),
        ["tiers: shop.db -> shop.web [4]", "tiers: shop.jobs -> shop.db [2]",]
    );
}

#[test]
fn outside_packages_may_be_named_at_any_depth() {
    let contract = |name: &str, more: &str| {
        format!("[[contracts]]\nname = '{name}'\ntype = 'forbidden'\nsource_modules = ['shop']\n{more}\n")
    };
    let text = contract("models", "forbidden_modules = ['django.db.models']")
        + &contract("whole", "forbidden_modules = ['django']")
        + &contract("views", "forbidden_modules = ['django.views', 'flask']")
        + &contract("ignored", "forbidden_modules = ['django']\nignore_imports = ['shop.db -> django.db.models']");
    assert_eq!(
        with_config("legb.toml", &text),
        [
            "models: shop.db -> django.db.models [1, 2]",
            "whole: shop.db -> django.db.models [1, 2]",
            "views: kept",
            "ignored: kept",
        ]
    );
}

#[test]
fn imports_in_functions_are_left_out_on_request() {
    let text = "[contracts]\nexclude_function_imports = true\n[contracts.a]\ntype = 'forbidden'\nsource_modules = ['shop.db']\nforbidden_modules = ['shop.web']\n";
    assert_eq!(with_config("legb.toml", text), ["a: kept"]);
    assert_eq!(with_config("legb.toml", &text.replace("true", "false")), ["a: shop.db -> shop.web [4]"]);
}

#[test]
fn an_unknown_module_names_the_nearest() {
    let files: Vec<(&str, &str)> = SHOP
        .into_iter()
        .chain([("legb.toml", "[contracts.a]\ntype = 'independence'\nmodules = ['shop.web', 'shop.odrers']\n")])
        .collect();
    let folder = folder(&files);
    let (_, verdicts) = judged(folder.path());
    let Outcome::Invalid(complaints) = &verdicts[0].outcome else { panic!("{verdicts:?}") };
    assert_eq!(complaints[0].help.as_deref(), Some("did you mean `shop.orders`?"));
    assert_eq!((complaints[0].place.line, complaints[0].place.column), (3, 24));
}

#[test]
fn wrong_configuration_is_told_with_its_place() {
    let text = "\
[[contracts]]
name = 'a'
type = 'layer'

[[contracts]]
name = 'b'
type = 'layers'
layrs = ['x']
layers = ['x | y : z', 5, 'x*']

[[contracts]]
name = 'c'
type = 'forbidden'
source_modules = ['shop']
forbidden_modules = ['shop.web']
ignore_imports = ['a => b']
unmatched_ignore_imports_alerting = 'wran'
exhaustive = true
";
    let folder = folder(&[("legb.toml", text)]);
    let config = config::find(folder.path()).unwrap();
    assert!(config.contracts.is_empty());
    let told: Vec<(u32, u32, Option<&str>)> = config
        .complaints
        .iter()
        .map(|complaint| (complaint.place.line, complaint.place.column, complaint.help.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (3, 8, Some("did you mean `layers`?")),
            (8, 1, Some("did you mean `layers`?")),
            (9, 11, None),
            (9, 24, None),
            (9, 27, None),
            (16, 19, None),
            (17, 37, Some("did you mean `warn`?")),
            (
                18,
                1,
                Some(
                    "known are allow_indirect_imports, as_packages, broken_contract_guidance, \
            exclude_function_imports, exclude_type_checking_imports, forbidden_modules, id, ignore_imports, name, \
            root_packages, source_modules, type, unmatched_ignore_imports_alerting"
                )
            ),
        ]
    );
}

#[test]
fn a_file_that_is_no_toml_is_told_with_its_place() {
    let folder = folder(&[("legb.toml", "[[contracts]]\nname = \n")]);
    let config = config::find(folder.path()).unwrap();
    assert_eq!(config.complaints.len(), 1);
    assert_eq!(config.complaints[0].place.line, 2);
}

#[test]
fn a_baseline_knows_chains_and_no_lines() {
    let text = "[contracts.a]\ntype = 'forbidden'\nsource_modules = ['shop.db', 'shop.jobs']\nforbidden_modules = ['shop.web']\nallow_indirect_imports = true\n";
    let files: Vec<(&str, &str)> = SHOP.into_iter().chain([("legb.toml", text)]).collect();
    let folder = folder(&files);
    let (config, mut verdicts) = judged(folder.path());
    let baseline = Baseline::new(&config.contracts, &verdicts);
    assert_eq!(Baseline::parse(&baseline.to_text()).unwrap(), baseline);
    assert!(baseline.to_text().contains("shop.db -> shop.web"));
    baseline.apply(&config.contracts, &mut verdicts);
    assert_eq!(verdicts[0].outcome, Outcome::Kept);

    fs::write(folder.path().join("shop/db.py"), "\n\n\nimport shop.web\n").unwrap();
    let (config, mut verdicts) = judged(folder.path());
    baseline.apply(&config.contracts, &mut verdicts);
    assert_eq!(verdicts[0].outcome, Outcome::Kept);

    fs::write(folder.path().join("shop/jobs.py"), "import shop.web\n").unwrap();
    let (config, mut verdicts) = judged(folder.path());
    let now = Baseline::new(&config.contracts, &verdicts);
    assert_eq!(now.risen_over(&baseline), [("a".to_owned(), 1, 2)]);
    baseline.apply(&config.contracts, &mut verdicts);
    assert_eq!(said(&config, &verdicts), ["a: shop.jobs -> shop.web [1]"]);

    fs::write(folder.path().join("shop/jobs.py"), "").unwrap();
    fs::write(folder.path().join("shop/db.py"), "").unwrap();
    let (config, mut verdicts) = judged(folder.path());
    assert_eq!(Baseline::new(&config.contracts, &verdicts).risen_over(&baseline), []);
    let difference = baseline.apply(&config.contracts, &mut verdicts);
    assert_eq!(difference.fallen, [("a".to_owned(), 1, 0)]);
}

#[test]
fn each_end_of_a_chain_is_known_by_itself() {
    let text = "[contracts.a]\ntype = 'layers'\nlayers = ['shop.web', 'shop.db']\n";
    let chain = [
        ("shop/__init__.py", ""),
        ("shop/web.py", ""),
        ("shop/tools.py", "import shop.web\n"),
        ("shop/db/__init__.py", ""),
        ("shop/db/a.py", "import shop.tools\n"),
        ("shop/db/b.py", ""),
        ("legb.toml", text),
    ];
    let folder = folder(&chain);
    let (config, verdicts) = judged(folder.path());
    let baseline = Baseline::new(&config.contracts, &verdicts);
    fs::write(folder.path().join("shop/db/b.py"), "import shop.tools\n").unwrap();
    let (config, mut verdicts) = judged(folder.path());
    baseline.apply(&config.contracts, &mut verdicts);
    assert_eq!(said(&config, &verdicts), ["a: shop.db.b -> shop.tools [1], shop.tools -> shop.web [1]"]);
}

#[test]
fn breaches_stand_at_the_first_import_of_a_chain() {
    let text = "[contracts.a]\ntype = 'layers'\nlayers = ['web', 'db']\ncontainers = 'shop'\nexhaustive = true\nexhaustive_ignores = ['orders', 'tests']\n";
    let files: Vec<(&str, &str)> = SHOP.into_iter().chain([("legb.toml", text)]).collect();
    let folder = folder(&files);
    let (config, verdicts) = judged(folder.path());
    let found = breaches(&config.contracts, &verdicts);
    let places: Vec<(bool, u32, bool)> = found
        .iter()
        .map(|breach| (breach.path.ends_with("shop/db.py"), breach.line, breach.in_configuration))
        .collect();
    assert_eq!(places, [(false, 1, true), (true, 4, false)]);
}

/// What `tach check --output json` of tach 0.35.3 reports as errors for the same project.
#[test]
fn contracts_of_tach_are_read_as_they_are() {
    let files = [
        ("core/__init__.py", "from core.main import get_data\nimport lib.low\n"),
        ("core/main.py", "def get_data(): pass\nclass Secret: pass\n"),
        ("core/deep/__init__.py", "x = 1\n"),
        (
            "api/__init__.py",
            "from core.main import Secret\nfrom core import get_data\nimport core.deep\nfrom lib import low\nimport script\n",
        ),
        ("lib/__init__.py", "import api\ndef f():\n    import core.main\n"),
        ("lib/low.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import api\nimport json\n"),
        ("script.py", "import core\n"),
        ("tests/__init__.py", "import api\n"),
        ("tach.toml", include_str!("tach.toml")),
    ];
    let folder = folder(&files);
    let (config, verdicts) = judged(folder.path());
    assert_eq!(config.complaints, []);
    assert_eq!(
        said(&config, &verdicts),
        [
            "tach: dependencies of modules: tests -> api [1]",
            "tach: dependencies of modules: script -> core [1]",
            "tach: dependencies of modules: api -> script [5]",
            "tach: dependencies of modules: api -> lib.low [4]",
            "tach: dependencies of modules: lib -> api [1]",
            "tach: dependencies of modules: lib -> core.main [3]",
            "tach: interfaces of modules: api -> core.deep [3]",
            "tach: interfaces of modules: api -> core.main.Secret [1]",
            "tach: interfaces of modules: lib -> core.main [3]",
            "tach: no circular dependencies: kept",
        ]
    );
    assert_eq!(verdicts[0].warnings.len(), 2, "a module that is missing, a dependency marked as deprecated");
}
