//! `print()`.

use std::sync::Arc;

use crate::event::Printed;
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{Reason, Value};

pub(super) fn print(machine: &mut Machine<'_>, mut args: Args) -> Eval<Value> {
    let separator = args.take_keyword("sep").unwrap_or(Value::None);
    let end = args.take_keyword("end").unwrap_or(Value::None);
    let file = args.take_keyword("file").unwrap_or(Value::None);
    args.take_keyword("flush");
    if let Some((name, _)) = args.keywords.first() {
        let name = Arc::clone(name);
        machine.doubt("the words for an unexpected keyword");
        return Err(machine.raise(Ty::TypeError, format!("print() got an unexpected keyword argument '{name}'")));
    }
    for (name, value) in [("sep", &separator), ("end", &end)] {
        let is_text = value.is_none() || value.is_unknown() || machine.text_of(value).is_some();
        if !is_text {
            let shown = machine.type_name(value);
            return Err(machine.raise(Ty::TypeError, format!("{name} must be None or a string, not {shown}")));
        }
    }
    let mut parts = Vec::new();
    for (i, value) in args.positional.iter().enumerate() {
        if i > 0 {
            parts.push(if separator.is_none() { Value::str(" ") } else { separator.clone() });
        }
        let text = machine.str_of(value)?;
        parts.push(text);
    }
    parts.push(if end.is_none() { Value::str("\n") } else { end });
    if !file.is_none() {
        if let Value::Unknown(reason) = file
            && !machine.reasons.text(reason).contains("sys.stderr")
        {
            machine.events.other_output.get_or_insert(reason);
        }
        return Ok(Value::None);
    }
    let text = match machine.join_texts(&parts) {
        Value::Str(text) => Ok(text.to_string()),
        Value::Unknown(reason) => Err(reason),
        _ => Err(machine.reason("an unknown text")),
    };
    record(machine, text);
    Ok(Value::None)
}

/// Notes what a call of `print` wrote.
pub(super) fn record(machine: &mut Machine<'_>, text: Result<String, Reason>) {
    // What a model prints was asked for by the program.
    let running = machine.running.iter().rev().find(|running| running.code.unit.is_first_party);
    let Some(running) = running else { return };
    let (unit, at) = (Arc::clone(&running.code.unit), running.offset);
    let end = unit.prints.iter().find(|(start, _)| *start == at).map_or(at, |(_, end)| *end);
    let mut names: Vec<(u32, crate::event::NameRead)> = machine
        .events
        .reads
        .iter()
        .filter(|((path, offset), _)| *path == unit.path && at < *offset && *offset < end)
        .map(|((_, offset), read)| (*offset, read.clone()))
        .collect();
    names.sort_by_key(|(offset, _)| *offset);
    let text = match machine.output_unknown {
        Some(reason) => Err(reason),
        None => text,
    };
    let is_pattern = text.as_ref().is_ok_and(|text| text.contains('\u{fffd}'));
    let mut unique: Vec<crate::event::NameRead> = Vec::new();
    for (_, read) in names {
        if !unique.contains(&read) {
            unique.push(read);
        }
    }
    machine.events.prints.push(Printed { at, path: Arc::clone(&unit.path), text, is_pattern, names: unique });
}
