//! Texts made from the list of settings: a file to start from, and the page of documentation.

use std::fmt::{Arguments, Write as _};

use crate::keys::{EXTEND, KEYS, Key};

/// A file with every setting, commented out.
pub fn template() -> String {
    let mut text = "# Settings of legb. What is commented out is an example: without it, the default holds.\n\
                    # `legb config show --origin` shows what holds here, `legb config explain KEY` why.\n"
        .to_owned();
    for key in &KEYS {
        text += "\n";
        for line in wrapped(&plain(key.doc)) {
            write_to(&mut text, format_args!("# {line}\n"));
        }
        for line in wrapped(&format!("Default: {}.", key.default)) {
            write_to(&mut text, format_args!("# {line}\n"));
        }
        write_to(&mut text, format_args!("# {} = {}\n", key.name, key.example));
    }
    text
}

fn write_to(text: &mut String, line: Arguments<'_>) {
    // Writing into a string cannot fail.
    let _ = text.write_fmt(line);
}

/// A text in lines of up to 100 characters.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < 100 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Markdown without links.
fn plain(doc: &str) -> String {
    let mut text = String::new();
    let mut rest = doc;
    while let Some((before, label, after)) = link(rest) {
        text.push_str(before);
        text.push_str(label);
        rest = after;
    }
    text + rest
}

/// What stands before the first link, its label, and what stands behind it.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let middle = text.find("](")?;
    let (before, label) = text[..middle].rsplit_once('[')?;
    let (_, after) = text[middle..].split_once(')')?;
    Some((before, label, after))
}

/// The table of settings for the page of documentation, as Markdown.
pub fn reference() -> String {
    KEYS.iter().map(section).collect::<Vec<_>>().join("\n")
}

fn section(key: &Key) -> String {
    let mut text = format!("### `{}`\n\n{}\n\n", key.name, key.doc);
    write_to(
        &mut text,
        format_args!("* Value: {}\n* Default: {}\n* Commands: {}\n", key.kind.described(), key.default, key.commands),
    );
    if key.extendable {
        write_to(&mut text, format_args!("* `{EXTEND}{}` adds to it.\n", key.name));
    }
    text + &format!("\n```toml\n{} = {}\n```\n", key.name, key.example)
}
