//! `os.path` on POSIX, as far as it computes with texts.

use super::system::text;
use crate::machine::{Eval, Machine};
use crate::native::{Args, NativeFn};
use crate::value::Value;

/// `os.path`
pub(super) fn names(machine: &mut Machine<'_>) -> Vec<(&'static str, Value)> {
    let all: [(&'static str, NativeFn); 8] = [
        ("join", join),
        ("dirname", |m, a| part(m, &a, |path| path.rsplit_once('/').map_or(String::new(), |(head, _)| folder(head)))),
        ("basename", |m, a| part(m, &a, |path| path.rsplit('/').next().unwrap_or_default().to_owned())),
        ("abspath", |m, a| absolute(m, &a)),
        ("realpath", |m, a| absolute(m, &a)),
        ("normpath", |m, a| part(m, &a, normal)),
        ("isabs", |m, a| {
            Ok(text(m, a.positional.first())
                .map_or_else(|| m.unknown("a path"), |path| Value::Bool(path.starts_with('/'))))
        }),
        ("splitext", |m, a| {
            let Some(path) = text(m, a.positional.first()) else { return Ok(m.unknown("a path")) };
            let name = path.rsplit('/').next().unwrap_or_default();
            let dot =
                name.trim_start_matches('.').rfind('.').map(|at| at + name.len() - name.trim_start_matches('.').len());
            let at = dot.map_or(path.len(), |dot| path.len() - name.len() + dot);
            Ok(m.new_tuple(vec![Value::str(&path[..at]), Value::str(&path[at..])]))
        }),
    ];
    all.into_iter().map(|(name, run)| (name, machine.new_native(name, run))).collect()
}

fn folder(head: &str) -> String {
    let trimmed = head.trim_end_matches('/');
    if trimmed.is_empty() { "/".to_owned() } else { trimmed.to_owned() }
}

fn part(machine: &mut Machine<'_>, args: &Args, take: fn(&str) -> String) -> Eval<Value> {
    Ok(match text(machine, args.positional.first()) {
        Some(path) => Value::str(take(&path)),
        None => machine.unknown("a path"),
    })
}

/// An absolute path stays what it is; others depend on the working directory.
fn absolute(machine: &mut Machine<'_>, args: &Args) -> Eval<Value> {
    Ok(match text(machine, args.positional.first()) {
        Some(path) if path.starts_with('/') => Value::str(normal(&path)),
        _ => machine.unknown("the working directory"),
    })
}

fn normal(path: &str) -> String {
    if path.is_empty() {
        return ".".to_owned();
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if !root.is_empty() => {}
            part => parts.push(part),
        }
    }
    let joined = format!("{root}{}", parts.join("/"));
    if joined.is_empty() { ".".to_owned() } else { joined }
}

fn join(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let mut path = String::new();
    for value in &args.positional {
        let Some(part) = text(machine, Some(value)) else { return Ok(machine.unknown("a path")) };
        if part.starts_with('/') || path.is_empty() {
            path = part.to_string();
        } else {
            if !path.ends_with('/') {
                path.push('/');
            }
            path.push_str(&part);
        }
    }
    Ok(Value::str(path))
}
