//! The pages under `docs/commands` are the help of the commands. `LEGB_RECORD=1` writes them.
//!
//! They lie in the repository, as those of rules and settings do, so that a code host shows them and a review sees what changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::project::Project;

/// What `legb COMMAND --help` prints.
fn help(project: &Project, words: &[&str]) -> String {
    let run = project.run(&[words, &["--help"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.stdout
}

/// The commands, from the names of their man pages: the words of each, sorted.
fn commands(project: &Project) -> Vec<Vec<String>> {
    assert_eq!(project.run(&["manual", "."]).code, Some(0));
    let pages = fs::read_dir(project.path().join("man")).unwrap();
    let names = pages.map(|page| page.unwrap().file_name().into_string().unwrap());
    let words = names.map(|name| name.trim_end_matches(".1").split('-').skip(1).map(str::to_owned).collect());
    let mut commands: Vec<Vec<String>> = words.filter(|words: &Vec<String>| !words.is_empty()).collect();
    commands.sort();
    commands
}

fn pages() -> BTreeMap<String, String> {
    let project = Project::new(&[]);
    let mut index = format!("# Commands\n\n```console\n$ legb --help\n{}```\n", help(&project, &[]));
    index += "\n| command | what it does |\n|---|---|\n";
    let mut pages = BTreeMap::new();
    for words in commands(&project) {
        let plain: Vec<&str> = words.iter().map(String::as_str).collect();
        let (name, text) = (plain.join(" "), help(&project, &plain));
        let about = text.lines().next().unwrap_or_default();
        let level = if plain.len() == 1 { "#" } else { "##" };
        let page = format!("{level} legb {name}\n\n```console\n$ legb {name} --help\n{text}```\n");
        if plain.len() == 1 {
            let _ = writeln!(index, "| [`legb {name}`]({name}.md) | {about} |");
            pages.insert(format!("{name}.md"), page);
        } else {
            let above: &mut String = pages.get_mut(&format!("{}.md", plain[0])).unwrap();
            above.extend(["\n", &page]);
        }
    }
    pages.insert("README.md".to_owned(), index);
    pages
}

#[test]
fn commands_are_documented_as_their_help_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/commands");
    let pages = pages();
    if std::env::var_os("LEGB_RECORD").is_some() {
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in &pages {
            fs::write(folder.join(name), text).unwrap();
        }
    }
    let found = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    for name in found {
        assert!(pages.contains_key(&name), "docs/commands/{name} belongs to no command");
    }
    for (name, text) in &pages {
        let written = fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(written == *text, "docs/commands/{name} is stale: run with LEGB_RECORD=1");
    }
}
