//! Do merged settings keep the laws of merging? Random documents, merged by `legb_config` and by a plain reference.
//!
//! The laws: an empty table changes nothing, merging a document with itself changes nothing, documents are folded from the
//! left, arguments stay as they are, and every value that comes out stands in some document at the place that it names. The
//! reference is the pseudo-code of RFC 7396, section 2, once with and once without its treatment of `null`.

use std::path::PathBuf;
use std::sync::Arc;

use legb_config::{Data, LayerKind, Lists, Null, Rules, Source, Syntax, Value, merge, read, to_json};
use serde_json::{Map, Value as Json};

use crate::random::Random;

/// Keys that documents have in common, so that they meet; some need quotes.
const KEYS: [&str; 8] = ["a", "b", "c", "deep", "list", "x.y", "é", "say \"hi\""];
/// How deep documents are nested.
const DEEPEST: usize = 4;
/// How many documents are folded at a time.
const MOST_DOCUMENTS: usize = 5;

/// What is wrong with the documents of a seed; nothing if all laws hold.
pub fn broken_law(seed: u64) -> Option<String> {
    let mut random = Random::new(seed);
    let count = random.between(1, MOST_DOCUMENTS);
    let texts: Vec<(String, Syntax)> = (0..count).map(|_| document(&mut random)).collect();
    let documents: Vec<Value> =
        texts.iter().enumerate().map(|(at, (text, syntax))| parsed(at, text, *syntax)).collect();
    laws(&texts, &documents).err().map(|what| format!("seed {seed}: {what}\n{}", shown(&texts)))
}

fn shown(texts: &[(String, Syntax)]) -> String {
    texts.iter().map(|(text, _)| format!("---\n{text}")).collect::<Vec<_>>().join("\n")
}

fn parsed(at: usize, text: &str, syntax: Syntax) -> Value {
    let source = Source { name: at.to_string(), folder: PathBuf::new(), layer: LayerKind::Project };
    read(text, syntax, &Arc::new(source)).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn laws(texts: &[(String, Syntax)], documents: &[Value]) -> Result<(), String> {
    let before = format!("{documents:?}");
    for null in [Null::Keep, Null::Delete] {
        for lists in [Lists::Replace, Lists::Append, Lists::Union] {
            let rules = Rules { lists, null };
            let name = format!("{lists:?}, {null:?}");
            let folded = fold(documents, rules);
            if to_json(&folded) != reference(documents, rules) {
                return Err(format!("{name}: the fold is {}, and not as the reference", to_json(&folded)));
            }
            for one in documents {
                single(one, rules).map_err(|law| format!("{name}: {law}"))?;
            }
            places(&folded, texts).map_err(|what| format!("{name}: {what}"))?;
        }
    }
    if format!("{documents:?}") == before { Ok(()) } else { Err("merging changed its arguments".to_owned()) }
}

/// The laws about one document.
fn single(one: &Value, rules: Rules) -> Result<(), String> {
    let empty = Value::empty(one.place.clone());
    let merged = |lower: &Value, higher: &Value| merge(lower, higher, rules, &mut Vec::new());
    if merged(one, &empty) != *one {
        return Err("an empty table over a document changes it".to_owned());
    }
    if rules.null == Null::Keep && merged(&empty, one) != *one {
        return Err("a document over an empty table is another".to_owned());
    }
    let once = merged(&empty, one);
    if rules.lists != Lists::Append && merged(&once, &once) != once {
        return Err("a document over itself is another".to_owned());
    }
    Ok(())
}

fn fold(documents: &[Value], rules: Rules) -> Value {
    let (first, rest) = documents.split_first().expect("invariant: there is a document");
    rest.iter().fold(first.clone(), |lower, higher| merge(&lower, higher, rules, &mut Vec::new()))
}

fn reference(documents: &[Value], rules: Rules) -> Json {
    let mut documents = documents.iter().map(to_json);
    let first = documents.next().unwrap_or_default();
    documents.fold(first, |target, patch| patched(target, &patch, rules))
}

/// `MergePatch(Target, Patch)` of RFC 7396, with what becomes of lists beside.
fn patched(target: Json, patch: &Json, rules: Rules) -> Json {
    match (target, patch) {
        (Json::Array(mut items), Json::Array(more)) if rules.lists != Lists::Replace => {
            for item in more {
                if rules.lists == Lists::Append || !items.contains(item) {
                    items.push(item.clone());
                }
            }
            Json::Array(items)
        }
        (target, Json::Object(patch)) => {
            let mut table = if let Json::Object(table) = target { table } else { Map::new() };
            for (name, value) in patch {
                let known = table.remove(name);
                if !(rules.null == Null::Delete && value.is_null()) {
                    table.insert(name.clone(), patched(known.unwrap_or_default(), value, rules));
                }
            }
            Json::Object(table)
        }
        (_, patch) => patch.clone(),
    }
}

/// Whether each value that came out stands where its place says.
fn places(value: &Value, texts: &[(String, Syntax)]) -> Result<(), String> {
    match &value.data {
        Data::Table(table) => table.values().try_for_each(|entry| places(&entry.value, texts)),
        Data::List(items) => items.iter().try_for_each(|item| places(item, texts)),
        _ => {
            let at: usize = value.place.source.name.parse().map_err(|_| "a place names no document".to_owned())?;
            let (text, syntax) = &texts[at];
            let rest = text_at(text, value.place.line, value.place.column)
                .ok_or_else(|| format!("{} is outside of the text", value.place))?;
            let is_there = match syntax {
                Syntax::Json => begins_json(rest, &to_json(value)),
                Syntax::Toml => begins_toml(rest, value),
            };
            if is_there { Ok(()) } else { Err(format!("{} is not at {}", to_json(value), value.place)) }
        }
    }
}

fn text_at(text: &str, line: u32, column: u32) -> Option<&str> {
    let mut start = 0;
    for _ in 1..line {
        start += text[start..].find('\n')? + 1;
    }
    let (skipped, _) = text[start..].char_indices().nth(usize::try_from(column).ok()?.checked_sub(1)?)?;
    Some(&text[start + skipped..])
}

fn begins_json(text: &str, value: &Json) -> bool {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Json>();
    matches!(stream.next(), Some(Ok(found)) if found == *value)
}

/// Some beginning of the line is the value.
fn begins_toml(text: &str, value: &Value) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let ends = line.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.rev().any(|end| {
        let source = Arc::clone(&value.place.source);
        let found = read(&format!("v = {}", &line[..end]), Syntax::Toml, &source);
        found.is_ok_and(|found| found.at(&["v"]) == Some(value))
    })
}

/// A random document as text.
fn document(random: &mut Random) -> (String, Syntax) {
    if random.chance(60) {
        (table(random, 0, Syntax::Json), Syntax::Json)
    } else {
        (toml_document(random), Syntax::Toml)
    }
}

fn keys(random: &mut Random) -> Vec<&'static str> {
    KEYS.into_iter().filter(|_| random.chance(40)).collect()
}

fn quoted(text: &str) -> String {
    Json::String(text.to_owned()).to_string()
}

fn gap(random: &mut Random, syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Json => random.pick(&["", " ", "\n  ", "\t", "\r\n"]),
        Syntax::Toml => random.pick(&["", " "]),
    }
}

fn toml_document(random: &mut Random) -> String {
    let mut lines = Vec::new();
    for key in keys(random) {
        lines.push(format!("{} = {}{}", quoted(key), gap(random, Syntax::Toml), value(random, 1, Syntax::Toml)));
    }
    // A table with a head line of its own, whose name no line above has.
    if random.chance(50) {
        lines.push(format!("# head\n[head.{}]", quoted(random.pick(&KEYS))));
        for key in keys(random) {
            lines.push(format!("{} = {}", quoted(key), value(random, 2, Syntax::Toml)));
        }
    }
    lines.join("\n")
}

fn table(random: &mut Random, depth: usize, syntax: Syntax) -> String {
    let separator = if syntax == Syntax::Json { ":" } else { "=" };
    let entries: Vec<String> = keys(random)
        .into_iter()
        .map(|key| {
            let (before, after) = (gap(random, syntax), gap(random, syntax));
            format!("{before}{}{separator}{after}{}", quoted(key), value(random, depth + 1, syntax))
        })
        .collect();
    format!("{{{}}}", entries.join(","))
}

fn value(random: &mut Random, depth: usize, syntax: Syntax) -> String {
    match random.below(if depth < DEEPEST { 9 } else { 6 }) {
        0 if syntax == Syntax::Json => "null".to_owned(),
        0 | 1 => random.pick(&["true", "false"]).to_owned(),
        2 => random.below(1000).to_string(),
        3 => random.pick(&["1.5", "-0.25", "2.5e3", "12345678901"]).to_owned(),
        4 | 5 => {
            quoted(random.pick(&["", "text", "two words", "ü 𝄞", "tab\tnew\nline", "\\ \"", "[not] {a} # comment"]))
        }
        6 => {
            let items: Vec<String> = (0..random.below(4)).map(|_| value(random, depth + 1, syntax)).collect();
            format!("[{}{}]", gap(random, syntax), items.join(&format!("{},", gap(random, syntax))))
        }
        _ => table(random, depth, syntax),
    }
}
