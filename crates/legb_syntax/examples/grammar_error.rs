//! Prints what this crate says CPython's decoder and parser say, to be compared with interpreters at scale.
//!
//! usage: `grammar_error [--reread] VERSION… < in.jsonl > out.jsonl`, e.g. `grammar_error 3.8 3.13`; with `--reread`, files
//! that the fast parser has nothing against are read again all the same.
//!
//! Each input line is `{"id": …, "src": TEXT}`, `{"id": …, "hex": BYTES}` or `{"id": …, "path": FILE}`; each output line
//! `{"id", "version", "ok", "type", "msg", "lineno", "offset", "end_lineno", "end_offset"}`.

use std::io::{BufRead, Write};

use legb_base::{Dialect, PyVersion};
use legb_syntax::{CompileError, LineIndex, SourceKind, decode, grammar, parse};
use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    let reread = std::env::args().any(|arg| arg == "--reread");
    let versions: Vec<PyVersion> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let bytes = match (row["src"].as_str(), row["hex"].as_str(), row["path"].as_str()) {
            (Some(text), ..) => text.as_bytes().to_vec(),
            (_, Some(hex), _) => {
                (0..hex.len() / 2).filter_map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok()).collect()
            }
            (.., Some(path)) => std::fs::read(path)?,
            _ => Vec::new(),
        };
        for &version in &versions {
            let mut answer = match first_error(&bytes, &Dialect::of(version), reread) {
                None => json!({"ok": true}),
                Some((error, text)) => {
                    let at = error.position(&LineIndex::new(&text));
                    json!({"ok": false, "type": error.exception, "msg": error.message, "lineno": at.lineno,
                        "offset": at.offset, "end_lineno": at.end_lineno, "end_offset": at.end_offset})
                }
            };
            answer["id"] = row["id"].clone();
            answer["version"] = version.to_string().into();
            writeln!(out, "{answer}")?;
        }
    }
    Ok(())
}

fn first_error(bytes: &[u8], dialect: &Dialect, reread: bool) -> Option<(CompileError, String)> {
    match decode::decode(bytes, dialect) {
        Ok(text) if reread => grammar::reread(&text, dialect).map(|error| (error, text.into_owned())),
        Ok(text) => {
            let parsed = parse(&text, SourceKind::Python, dialect);
            parsed.grammar_error(&text, dialect).map(|error| (error, text.into_owned()))
        }
        Err(error) => Some((error, String::new())),
    }
}
