//! Values as text: TOML for people, JSON for programs.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json};

use crate::check::quoted;
use crate::error::ConfigError;
use crate::value::{Data, Table, Value};

/// How long a line may become before a list is broken into several.
const WIDTH: usize = 100;

/// A value as JSON. Numbers that JSON cannot write, such as infinity, become their text.
pub fn to_json(value: &Value) -> Json {
    match &value.data {
        Data::Null => Json::Null,
        Data::Flag(flag) => Json::Bool(*flag),
        Data::Number(number) => serde_json::from_str(number).unwrap_or_else(|_| Json::String(number.clone())),
        Data::Text(text) | Data::Date(text) => Json::String(text.clone()),
        Data::List(items) => Json::Array(items.iter().map(to_json).collect()),
        Data::Table(table) => {
            let entries = table.iter().map(|(key, entry)| (key.clone(), to_json(&entry.value)));
            Json::Object(entries.collect::<Map<_, _>>())
        }
    }
}

/// A value as JSON text that keeps the order of keys and every digit of a number, indented by two spaces.
pub fn to_json_text(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, 0, &mut out);
    out
}

fn write_json(value: &Value, depth: usize, out: &mut String) {
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    match &value.data {
        Data::Number(number) if serde_json::from_str::<Json>(number).is_ok() => out.push_str(number),
        Data::List(items) if !items.is_empty() => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                line(out, depth + 1);
                write_json(item, depth + 1, out);
            }
            line(out, depth);
            out.push(']');
        }
        Data::Table(table) if !table.is_empty() => {
            out.push('{');
            for (at, (key, entry)) in table.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                line(out, depth + 1);
                let _ = write!(out, "{}: ", Json::String(key.clone()));
                write_json(&entry.value, depth + 1, out);
            }
            line(out, depth);
            out.push('}');
        }
        _ => out.push_str(&to_json(value).to_string()),
    }
}

/// A value in one line of TOML. `null`, which TOML has not, is an error at its place.
pub fn to_toml(value: &Value) -> Result<String, ConfigError> {
    Ok(match &value.data {
        Data::Null => {
            let error = ConfigError::at(&value.place, "TOML has no `null`");
            return Err(error.help("write JSON, or delete such keys with `--null delete`"));
        }
        Data::Flag(flag) => flag.to_string(),
        Data::Number(number) => toml_number(number),
        Data::Date(date) => date.clone(),
        Data::Text(text) => toml::Value::String(text.clone()).to_string(),
        Data::List(items) => {
            let items: Vec<String> = items.iter().map(to_toml).collect::<Result<_, _>>()?;
            format!("[{}]", items.join(", "))
        }
        Data::Table(table) if table.is_empty() => "{}".to_owned(),
        Data::Table(table) => {
            let entries = table.iter().map(|(key, entry)| Ok(format!("{} = {}", quoted(key), to_toml(&entry.value)?)));
            format!("{{ {} }}", entries.collect::<Result<Vec<_>, ConfigError>>()?.join(", "))
        }
    })
}

/// A number of JSON as TOML has it: digits on both sides of the point.
fn toml_number(number: &str) -> String {
    if number.parse::<i64>().is_ok() {
        return number.to_owned();
    }
    number.parse::<f64>().map_or_else(|_| number.to_owned(), |float| format!("{float:?}").to_lowercase())
}

/// A line, or several, of TOML that set `key`.
pub fn assignment(key: &str, value: &Value) -> Result<String, ConfigError> {
    let line = format!("{key} = {}", to_toml(value)?);
    match &value.data {
        Data::List(items) if line.len() > WIDTH => {
            let items = items.iter().map(|item| Ok(format!("    {},\n", to_toml(item)?)));
            Ok(format!("{key} = [\n{}]", items.collect::<Result<Vec<_>, ConfigError>>()?.concat()))
        }
        _ => Ok(line),
    }
}

/// A whole document of TOML: plain values first, then tables, each with its head line.
pub fn to_toml_document(table: &Table) -> Result<String, ConfigError> {
    let mut out = String::new();
    write_table(table, "", &mut out)?;
    Ok(out)
}

fn write_table(table: &Table, path: &str, out: &mut String) -> Result<(), ConfigError> {
    let is_table = |value: &Value| matches!(value.data, Data::Table(_));
    let is_array = |value: &Value| match &value.data {
        Data::List(items) => !items.is_empty() && items.iter().all(is_table),
        _ => false,
    };
    for (key, entry) in table.iter().filter(|(_, entry)| !is_table(&entry.value) && !is_array(&entry.value)) {
        out.push_str(&assignment(&quoted(key), &entry.value)?);
        out.push('\n');
    }
    let head = |out: &mut String, head: String| {
        let gap = if out.is_empty() { "" } else { "\n" };
        let _ = writeln!(out, "{gap}{head}");
    };
    for (key, entry) in table {
        let path = if path.is_empty() { quoted(key) } else { format!("{path}.{}", quoted(key)) };
        match &entry.value.data {
            Data::Table(inner) => {
                head(out, format!("[{path}]"));
                write_table(inner, &path, out)?;
            }
            Data::List(items) if is_array(&entry.value) => {
                for inner in items.iter().filter_map(Value::as_table) {
                    head(out, format!("[[{path}]]"));
                    write_table(inner, &path, out)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}
