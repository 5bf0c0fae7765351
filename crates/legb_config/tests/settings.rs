//! Settings of real folders: layers, errors, places, and the schema.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;

use legb_config::keys::{KEYS, Kind};
use legb_config::{
    CommandLine, Data, Loaded, Request, load, places, reference, schema, schema_text, template, to_json,
};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn request(&self) -> Request {
        Request { start: self.0.path().to_owned(), ..Request::default() }
    }

    fn load(&self) -> Loaded {
        load(&self.request()).unwrap()
    }

    /// The errors, without the name of the folder.
    fn errors(&self, request: &Request) -> Vec<String> {
        let folder = format!("{}/", self.0.path().display());
        let errors = load(request).unwrap_err().0;
        errors.iter().map(|error| error.to_string().replace(&folder, "")).collect()
    }

    fn error(&self) -> String {
        self.errors(&self.request()).join("\n")
    }
}

fn variables(variables: &[(&str, &str)]) -> Vec<(String, String)> {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn every_layer_wins_over_those_below_it() {
    let folder = Folder::new(&[
        ("user/legb.toml", "threads = 1\n"),
        ("base.toml", "threads = 2\n"),
        ("legb.toml", "extends = 'base.toml'\n"),
        ("legb.ci.toml", "threads = 4\n"),
    ]);
    let threads = |request: &Request| load(request).unwrap().settings.threads.unwrap().get();
    let mut request = Request { user_folder: Some(folder.0.path().join("user")), ..folder.request() };
    assert_eq!(threads(&request), 2);
    fs::write(folder.0.path().join("legb.toml"), "extends = 'base.toml'\nthreads = 3\n").unwrap();
    assert_eq!(threads(&request), 3);
    request.environment = Some("ci".to_owned());
    assert_eq!(threads(&request), 4);
    request.variables = variables(&[("LEGB_THREADS", "5")]);
    assert_eq!(threads(&request), 5);
    request.command_line.count("threads", Some(6));
    assert_eq!(threads(&request), 6);
    let only_user = Folder::new(&[("legb.toml", "threads = 1\n")]);
    let nowhere = tempfile::tempdir().unwrap();
    let user = Request {
        start: nowhere.path().to_owned(),
        user_folder: Some(only_user.0.path().to_owned()),
        ..Request::default()
    };
    assert_eq!(threads(&user), 1);
    assert!(load(&Request { isolated: true, ..user }).unwrap().settings.threads.is_none());
}

#[test]
fn lists_replace_extend_appends_and_unset_deletes() {
    let folder = Folder::new(&[
        ("a.toml", "exclude = ['x']\nignore = ['scope']\npython = 'old'\n[logs]\ntz = 'utc'\n"),
        (
            "b.toml",
            "extends = 'a.toml'\nextend-exclude = ['y']\nextend-ignore = ['names']\nextend-select = ['idioms']\n",
        ),
        ("legb.toml", "extends = 'b.toml'\nunset = ['python', 'logs.tz']\nextend-exclude = ['z']\n"),
    ]);
    let settings = folder.load().settings;
    assert_eq!(settings.exclude, ["x", "y", "z"]);
    assert_eq!(settings.ignore, ["scope", "names"]);
    assert_eq!((settings.select.as_slice(), settings.extend_select.as_slice()), (&[][..], &["idioms".to_owned()][..]));
    assert_eq!((settings.python, settings.logs.tz), (None, None));
    fs::write(folder.0.path().join("legb.toml"), "extends = 'b.toml'\nselect = ['names']\nignore = []\n").unwrap();
    let settings = folder.load().settings;
    assert_eq!((settings.select, settings.extend_select, settings.ignore), (vec!["names".to_owned()], vec![], vec![]));
}

#[test]
fn null_in_json_deletes() {
    let folder = Folder::new(&[
        ("base.toml", "threads = 2\n[per-file-ignores]\na = ['names']\nb = ['scope']\n"),
        ("legb.json", r#"{"extends": ["base.toml"], "threads": null, "per-file-ignores": {"a": null}}"#),
    ]);
    let settings = folder.load().settings;
    assert_eq!(settings.threads, None);
    assert_eq!(settings.per_file_ignores.len(), 1);
}

#[test]
fn select_on_the_command_line_puts_aside_what_files_ignore() {
    let folder = Folder::new(&[("legb.toml", "ignore = ['names']\nextend-select = ['idioms']\n")]);
    let mut command_line = CommandLine::default();
    command_line.list("select", ["names"]);
    let settings = load(&Request { command_line, ..folder.request() }).unwrap().settings;
    assert_eq!(settings.select, ["names"]);
    assert!(settings.ignore.is_empty() && settings.extend_select.is_empty());
}

#[test]
fn files_are_found_above_and_paths_start_from_them() {
    let folder = Folder::new(&[
        ("pyproject.toml", "[tool.legb]\nsrc = ['lib']\nexclude = ['gen/api', 'build']\n"),
        ("pkg/pyproject.toml", "[project]\nname = 'legb-like'\n"),
        ("pkg/deep/a.py", ""),
    ]);
    let request = Request { start: folder.0.path().join("pkg/deep/a.py"), ..Request::default() };
    let settings = load(&request).unwrap().settings;
    assert_eq!(settings.src[0].value, folder.0.path().join("lib"));
    assert_eq!(settings.exclude[0], format!("{}/gen/api", folder.0.path().display()));
    assert_eq!(settings.exclude[1], "build");
}

#[test]
fn variables_mean_what_they_say() {
    let folder = Folder::new(&[]);
    let mut request = folder.request();
    request.variables = variables(&[
        ("LEGB_SELECT", "names, LEGB204"),
        ("LEGB_EXTEND_EXCLUDE", "gen"),
        ("LEGB_TARGET_VERSION", "3.9,3.12"),
        ("LEGB_NO_CACHE", "1"),
        ("LEGB_LOGS__TZ", "utc"),
        ("LEGB_PER_FILE_IGNORES", "{ tests = ['scope'] }"),
        ("LEGB_BANNED_IMPORTS", r#"{"cgi": "gone"}"#),
        ("LEGB_RECORD", "1"),
        ("LEGB_IGNORE", ""),
    ]);
    let loaded = load(&request).unwrap();
    let settings = &loaded.settings;
    assert_eq!(settings.select, ["names", "LEGB204"]);
    assert_eq!(settings.exclude.last().unwrap(), "gen");
    assert_eq!(settings.target_version.as_ref().unwrap().value.len(), 2);
    assert!(settings.no_cache);
    assert_eq!(settings.logs.tz.as_deref(), Some("utc"));
    assert_eq!(settings.per_file_ignores[0].rules, ["scope"]);
    assert_eq!(settings.banned_imports[0].reason.as_deref(), Some("gone"));
    assert_eq!(loaded.layers.unrelated, ["LEGB_RECORD"]);
    for (name, value, what) in [
        ("LEGB_SELCT", "x", "did you mean `LEGB_SELECT`?"),
        ("LEGB_NO_CACHE", "maybe", "LEGB_NO_CACHE: `no-cache` is a text, and should be true or false"),
        ("LEGB_THREADS", "0", "LEGB_THREADS: `threads` is 0, and should be a whole number from 1"),
        ("LEGB_EXTENDS", "x", "stands in files only"),
        ("LEGB_PER_FILE_IGNORES", "{ no", "neither TOML nor JSON"),
    ] {
        request.variables = variables(&[(name, value)]);
        assert!(folder.errors(&request)[0].contains(what), "{:?}", folder.errors(&request));
    }
}

#[test]
fn errors_name_place_key_nearest_and_example() {
    let cases = [
        (
            "selct = ['names']\n",
            "legb.toml:1:1: there is no setting `selct`\n  help: did you mean `select`?\n  example: select = [\"names\", \"late-binding-closure\"]",
        ),
        (
            "\ntarget_version = '3.9'\n",
            "legb.toml:2:1: there is no setting `target_version`\n  help: did you mean `target-version`?\n  example: target-version = \"3.11\"",
        ),
        (
            "select = 'names'\n",
            "legb.toml:1:10: `select` is a text, and should be a list of texts\n  example: select = [\"names\", \"late-binding-closure\"]",
        ),
        (
            "ignore = ['unbound-locl']\n",
            "legb.toml:1:11: `ignore` names `unbound-locl`, which is no rule, code or group\n  help: did you mean `unbound-local`?\n  example: ignore = [\"builtin-shadowing\"]",
        ),
        (
            "[logs]\ntzz = 'utc'\n",
            "legb.toml:2:1: there is no setting `logs.tzz`\n  help: did you mean `logs.tz`?\n  example: logs.tz = \"utc\"",
        ),
        ("logs = 1\n", "legb.toml:1:8: `logs` is a number, and should be a table\n  example: logs.tz = \"utc\""),
        ("select = [\n", "legb.toml:1:11: this is not TOML: "),
        (
            "unset = ['threds']\n",
            "legb.toml:1:10: `unset` names `threds`, and there is no such setting\n  help: did you mean `threads`?",
        ),
        ("exclude = ['a[b']\n", "legb.toml:1:12: `exclude` has the pattern `a[b`, which is none: "),
        (
            "target-version = '2.7'\n",
            "legb.toml:1:18: `target-version` names `2.7`, which is no Python version that legb knows",
        ),
    ];
    for (text, expected) in cases {
        let error = Folder::new(&[("legb.toml", text)]).error();
        assert!(error.starts_with(expected), "{error}");
    }
    let json = Folder::new(&[("legb.json", "{\n  \"selct\": []\n}")]).error();
    assert!(json.starts_with("legb.json:2:3: there is no setting `selct`"), "{json}");
    let manifest = Folder::new(&[("pyproject.toml", "[tool.legb]\nthreads = -1\n")]).error();
    assert!(manifest.starts_with("pyproject.toml:2:11: `threads` is -1"), "{manifest}");
}

#[test]
fn all_errors_are_told_at_once_even_those_of_hidden_layers() {
    let folder =
        Folder::new(&[("a.toml", "threads = 'x'\n"), ("legb.toml", "extends = 'a.toml'\nthreads = 2\nfoo = 1\n")]);
    let errors = folder.errors(&folder.request());
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors[0].starts_with("a.toml:1:11"), "{errors:?}");
}

#[test]
fn two_files_for_one_project() {
    let folder = Folder::new(&[("legb.toml", ""), ("pyproject.toml", "\n[tool.legb]\nthreads = 1\n")]);
    let error = folder.error();
    assert!(error.contains("keep legb.toml") && error.contains("(pyproject.toml:2:1)"), "{error}");
    let folder = Folder::new(&[("legb.toml", ""), ("legb.json", "{}")]);
    assert!(folder.error().contains("keep legb.toml"), "{}", folder.error());
}

#[test]
fn circles_missing_and_unreadable_files() {
    let circle = Folder::new(&[
        ("legb.toml", "extends = 'a.toml'\n"),
        ("a.toml", "extends = ['b.toml']\n"),
        ("b.toml", "\nextends = 'legb.toml'\n"),
    ]);
    let error = circle.error();
    assert!(
        error.starts_with("b.toml:2:11: `extends` leads in a circle: legb.toml → a.toml → b.toml → legb.toml"),
        "{error}"
    );
    let missing = Folder::new(&[("legb.toml", "extends = 'bse.toml'\n"), ("base.toml", "")]);
    let error = missing.error();
    assert!(error.starts_with("legb.toml:1:11: `extends` names bse.toml, but bse.toml: no such file"), "{error}");
    assert!(error.contains("did you mean `base.toml`?"), "{error}");
    let folder = Folder::new(&[("legb.toml/inside", "")]);
    assert!(folder.error().starts_with("legb.toml: cannot be read: is a directory"), "{}", folder.error());
    let named = Request { config: Some(folder.0.path().join("nothing.toml")), ..folder.request() };
    assert!(folder.errors(&named)[0].starts_with("nothing.toml: no such file"));
    let bytes = Folder::new(&[]);
    fs::write(bytes.0.path().join("legb.toml"), b"# fine\n\xff").unwrap();
    assert!(bytes.error().starts_with("legb.toml:2:1: is not UTF-8"), "{}", bytes.error());
}

#[test]
fn a_diamond_counts_once_at_its_lowest_place() {
    let folder = Folder::new(&[
        ("legb.toml", "extends = ['b.toml', 'c.toml']\n"),
        ("b.toml", "extends = 'd.toml'\nthreads = 2\n"),
        ("c.toml", "extends = 'd.toml'\n"),
        ("d.toml", "threads = 1\n"),
    ]);
    assert_eq!(folder.load().settings.threads.unwrap().get(), 2);
}

#[test]
fn an_unknown_environment_names_those_that_there_are() {
    let folder = Folder::new(&[("legb.toml", ""), ("legb.production.toml", ""), ("legb.ci.json", "{}")]);
    let request = Request { environment: Some("produktion".to_owned()), ..folder.request() };
    let error = folder.errors(&request).join("\n");
    assert!(
        error.starts_with("--env: there is no environment `produktion`: legb.produktion.toml does not exist"),
        "{error}"
    );
    assert!(error.contains("did you mean `production`?") && error.contains("known are ci, production"), "{error}");
    let request = Request { variables: variables(&[("LEGB_ENV", "x")]), ..folder.request() };
    assert!(folder.errors(&request)[0].starts_with("LEGB_ENV: "));
    let request = Request { environment: Some("../ci".to_owned()), ..folder.request() };
    assert!(folder.errors(&request)[0].contains("no name of an environment"));
}

#[test]
fn contracts_belong_to_the_project() {
    let folder = Folder::new(&[("legb.toml", "extends = 'a.toml'\n"), ("a.toml", "contracts = []\n")]);
    assert!(folder.error().starts_with("a.toml:1:1: `contracts` stand in a file of the layer `extends`"));
    assert!(Folder::new(&[("legb.toml", "[[contracts]]\nname = 'x'\n")]).load().settings.src.is_empty());
}

#[test]
fn every_value_stands_where_its_place_says() {
    let folder = Folder::new(&[
        ("base.json", "{\"threads\": 3, \"exclude\": [\"é\", \"x\"]}"),
        (
            "legb.toml",
            "extends = 'base.json'\nextend-exclude = ['é', \"y\"]\nlogs.formats.a = 'b'\n[per-file-ignores]\n\"t\" = ['scope']\n",
        ),
    ]);
    let loaded = folder.load();
    let mut seen = 0;
    for leaf in loaded.merged.leaves() {
        for place in places(leaf.value).into_iter().filter(|place| place.line > 0) {
            let text = fs::read_to_string(&place.source.name).unwrap();
            let line = text.lines().nth(place.line as usize - 1).unwrap();
            let rest: String = line.chars().skip(place.column as usize - 1).collect();
            let first = match &leaf.value.data {
                Data::List(_) => "[\"'é",
                Data::Text(_) => "\"'",
                _ => "0123456789",
            };
            assert!(rest.starts_with(|c: char| first.contains(c)), "{:?} {place} {rest}", leaf.keys);
            seen += 1;
        }
    }
    assert_eq!(seen, 5);
}

/// Whether a value is as a schema says: the words that the schema of settings uses.
fn allows(schema: &Json, value: &Json) -> bool {
    let of_type = |name: &Json| match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other}"),
    };
    let words = schema.as_object().unwrap();
    words.iter().all(|(word, demand)| match word.as_str() {
        "$schema" | "title" | "description" => true,
        "type" if demand.is_array() => demand.as_array().unwrap().iter().any(of_type),
        "type" => of_type(demand),
        "anyOf" => demand.as_array().unwrap().iter().any(|schema| allows(schema, value)),
        "enum" => demand.as_array().unwrap().contains(value),
        "minimum" => value.as_i64().is_none_or(|number| number >= demand.as_i64().unwrap()),
        "maximum" => value.as_i64().is_none_or(|number| number <= demand.as_i64().unwrap()),
        "minLength" => value.as_str().is_none_or(|text| !text.is_empty()),
        "items" => value.as_array().is_none_or(|items| items.iter().all(|item| allows(demand, item))),
        "properties" | "additionalProperties" => value.as_object().is_none_or(|object| {
            object.iter().all(|(name, value)| match schema["properties"].get(name) {
                Some(schema) => allows(schema, value),
                None if schema["additionalProperties"].is_object() => allows(&schema["additionalProperties"], value),
                None => false,
            })
        }),
        other => panic!("{other}"),
    })
}

/// Values of every kind, and some that look right.
fn samples() -> Vec<Json> {
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(3),
        json!(-1),
        json!(1.5),
        json!(""),
        json!("names"),
        json!("3.9"),
        json!("all"),
        json!("json"),
        json!([]),
        json!(["all"]),
        json!(["3.9", "all"]),
        json!([1]),
        json!({}),
        json!({"x": "y"}),
        json!({"x": ["all"]}),
        json!({"x": null}),
        json!({"x": 1}),
    ]
}

#[test]
fn the_schema_and_the_typed_settings_agree() {
    let schema = schema();
    for key in &KEYS {
        let names = [Some(key.name.to_owned()), key.extendable.then(|| format!("extend-{}", key.name))];
        for name in names.into_iter().flatten() {
            for sample in samples() {
                let document = match name.split_once('.') {
                    Some((table, inner)) => json!({table: {inner: sample}}),
                    None => json!({name.as_str(): sample}),
                };
                // What a text means beyond its type, and what files say, the schema does not know.
                let folder = Folder::new(&[("legb.json", &document.to_string())]);
                let errors = load(&folder.request()).err().map(|errors| errors.to_string()).unwrap_or_default();
                let is_beyond =
                    errors.contains("names `") || errors.contains("no such file") || errors.contains("is a folder");
                assert!(
                    allows(&schema, &document) == errors.is_empty() || is_beyond && allows(&schema, &document),
                    "{document}: {errors}"
                );
            }
        }
        if key.kind != Kind::Contracts && key.name != "extends" {
            let line = format!("{} = {}\n", key.name, key.example);
            let folder = Folder::new(&[("legb.toml", &line)]);
            let loaded = folder.load();
            let document = to_json(&loaded.layers.layers.last().unwrap().document);
            assert!(allows(&schema, &document), "{line}");
        }
    }
    assert!(!allows(&schema, &json!({"nonsense": 1})));
    assert!(allows(&schema, &json!({"$schema": "legb.schema.json"})));
}

#[test]
fn the_template_says_nothing_and_every_line_of_it_would() {
    let plain = Folder::new(&[("legb.toml", &template())]).load();
    assert!(plain.layers.layers.last().unwrap().document.as_table().unwrap().is_empty());
    let lines = template();
    let examples: Vec<&str> =
        lines.lines().filter_map(|line| line.strip_prefix("# ")).filter(|line| line.contains(" = ")).collect();
    assert!(KEYS.iter().all(|key| examples.contains(&format!("{} = {}", key.name, key.example).as_str())));
}

/// Compares a file with what it is made of; with `LEGB_RECORD` it is written.
fn is_current(name: &str, text: impl Fn(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    let before = fs::read_to_string(&path).unwrap_or_default();
    let now = text(&before);
    if std::env::var_os("LEGB_RECORD").is_some() {
        fs::write(&path, &now).unwrap();
    } else {
        assert_eq!(before, now, "LEGB_RECORD=1 writes {name}");
    }
}

#[test]
fn the_written_schema_is_the_one_of_this_version() {
    is_current("legb.schema.json", |_| schema_text());
}

#[test]
fn the_page_lists_the_settings_of_this_version() {
    const HEAD: &str = "## Settings\n\n";
    is_current("configuration.md", |before| {
        let (top, _) = before.split_once(HEAD).unwrap();
        format!("{top}{HEAD}{}", reference())
    });
}

#[test]
fn examples_are_written_as_the_place_of_the_error_is() {
    let toml = Folder::new(&[("legb.toml", "threads = 'x'\n")]).error();
    assert!(toml.ends_with("example: threads = 4"), "{toml}");
    let json = Folder::new(&[("legb.json", "{\"extend-select\": 1}")]).error();
    assert!(json.ends_with("example: \"extend-select\": [\"names\",\"late-binding-closure\"]"), "{json}");
    let manifest = Folder::new(&[("pyproject.toml", "tool.legb = 3\n")]).error();
    assert!(manifest.ends_with("example: [tool.legb] with select = [\"names\"] below it"), "{manifest}");
    let empty = Folder::new(&[]);
    let set = variables(&[("LEGB_THREADS", "x"), ("LEGB_SELECT", "nams")]);
    let errors = empty.errors(&Request { variables: set, ..empty.request() }).join("\n");
    assert!(errors.contains("example: LEGB_THREADS=4"), "{errors}");
    assert!(errors.contains("example: LEGB_SELECT=names,late-binding-closure"), "{errors}");
    let near = Folder::new(&[("legb.toml", "[log]\ntz = 'utc'\n")]).error();
    assert!(near.contains("did you mean `logs`?") && near.contains("example: logs.tz = \"utc\""), "{near}");
}
