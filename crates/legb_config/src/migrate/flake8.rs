//! Settings of flake8: the section `flake8` of `setup.cfg`, `tox.ini` or `.flake8`.

use std::path::Path;

use legb_contracts::config::section::{Entry, Section, Value};

use super::{Draft, place_of, rules};

/// Reads them.
pub(super) fn read(folder: &Path, draft: &mut Draft) {
    let found = draft.ini(folder, &[".flake8", "setup.cfg", "tox.ini"], |section| section == "flake8");
    let Some((path, sections)) = found else { return };
    draft.took(&path);
    for entry in sections.iter().flat_map(|(_, section): &(String, Section)| &section.entries) {
        let place = place_of(&entry.value.place);
        let words = words(entry);
        let words = words.iter().map(String::as_str);
        match entry.key.value.replace('_', "-").as_str() {
            "exclude" => draft.add("exclude", words.map(str::to_owned), &place),
            "extend-exclude" => draft.add("extend-exclude", words.map(str::to_owned), &place),
            "select" | "extend-select" => {
                let (found, _) = rules::all(words, rules::by_code);
                draft.add("extend-select", rules::off_by_default(found), &place);
            }
            "ignore" | "extend-ignore" => {
                let (found, others) = rules::all(words, rules::by_code);
                draft.add("ignore", found, &place);
                if !others.is_empty() {
                    let name = &entry.key.value;
                    draft.note(&place, format!("`{name}`: nothing that legb reports: {}", others.join(", ")));
                }
            }
            "per-file-ignores" => per_file(words, &place, draft),
            _ => {}
        }
    }
}

/// `glob,glob:CODE,CODE`, as often as one likes; the words are what stands between commas and spaces.
fn per_file<'a>(words: impl Iterator<Item = &'a str>, place: &crate::value::Place, draft: &mut Draft) {
    let (mut globs, mut has_codes): (Vec<&str>, bool) = (Vec::new(), false);
    let mut ignore = |globs: &[&str], code: &str| {
        for glob in globs {
            draft.ignore_in(glob, rules::by_code(code), place);
        }
    };
    for word in words {
        match word.split_once(':') {
            Some((glob, code)) => {
                if has_codes {
                    globs.clear();
                }
                globs.push(glob);
                has_codes = true;
                ignore(&globs, code);
            }
            None if has_codes && is_code(word) => ignore(&globs, word),
            None => {
                if has_codes {
                    globs.clear();
                }
                has_codes = false;
                globs.push(word);
            }
        }
    }
}

/// Letters, then digits.
fn is_code(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
    digits.len() < word.len() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// What stands between commas and spaces.
pub(super) fn words(entry: &Entry) -> Vec<String> {
    let lines: Vec<&str> = match &entry.value.value {
        Value::Text(text) => vec![text],
        Value::List(items) => items
            .iter()
            .filter_map(|item| match &item.value {
                Value::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    let is_between = |c: char| c == ',' || c.is_whitespace();
    lines.iter().flat_map(|line| line.split(is_between)).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
