//! `legb config explain`: what each layer says of one setting, and which wins.

use std::io::{self, Write};

use anstyle::Style;
use legb_config::keys::Key;
use legb_config::{ConfigErrors, Effect, Explanation, Loaded, Step, explain, to_json, to_toml};
use serde_json::{Value as Json, json};

use super::show::{ladder, place_as_json};
use crate::args::{ConfigExplainArgs, GlobalArgs, TextFormat};
use crate::{Exit, configured, output};

const BOLD: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();

/// Runs the command.
pub(crate) fn run(args: &ConfigExplainArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let mut of = args.of.clone();
    let loaded = configured::of_config(&args.path, &mut of, global)?;
    let explanation = explain(&args.key, &loaded.layers, &loaded.merged).map_err(ConfigErrors::from)?;
    match args.format {
        TextFormat::Json => {
            let shown = as_json(&explanation);
            output::plain(|out| {
                serde_json::to_writer_pretty(&mut *out, &shown)?;
                writeln!(out)
            })?;
        }
        TextFormat::Text => {
            let text = Text { explanation: &explanation, loaded: &loaded };
            output::styled(|out| text.write(out))?;
        }
    }
    Ok(Exit::Clean)
}

fn as_json(explanation: &Explanation) -> Json {
    let layers: Vec<Json> = explanation
        .steps
        .iter()
        .map(|step| {
            let (effect, value) = match &step.effect {
                Effect::Sets(value) => ("sets", to_json(value)),
                Effect::Adds(value) => ("adds", to_json(value)),
                Effect::Unsets => ("unsets", Json::Null),
            };
            let mut row = place_as_json(&step.place);
            row["effect"] = effect.into();
            row["value"] = value;
            row["counts"] = step.counts.into();
            row
        })
        .collect();
    json!({
        "key": explanation.name,
        "value": explanation.value.as_ref().map(to_json),
        "winner": explanation.steps.iter().rev().find(|step| step.counts).map(|step| place_as_json(&step.place)),
        "layers": layers,
        "default": explanation.key.map(|key| key.default),
        "doc": explanation.key.map(|key| key.doc),
    })
}

struct Text<'a> {
    explanation: &'a Explanation,
    loaded: &'a Loaded,
}

impl Text<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Explanation { name, key, value, steps } = self.explanation;
        let winner = steps.iter().rev().find(|step| step.counts);
        if let (Some(value), Some(winner)) = (value, winner) {
            let value = to_toml(value).unwrap_or_default();
            writeln!(out, "{BOLD}{name}{BOLD:#} = {value}")?;
            writeln!(out, "  from {} ({})", winner.place, winner.layer.name())?;
        } else {
            writeln!(out, "{BOLD}{name}{BOLD:#} is not set")?;
            if let Some(key) = key {
                writeln!(out, "  then holds: {}", key.default)?;
            }
        }
        writeln!(out, "\nLayers, from the lowest to the highest:")?;
        for rung in ladder(self.loaded) {
            let (kind, source) = (rung.kind.name(), &rung.source);
            let said: Vec<&Step> =
                steps.iter().filter(|step| step.layer == rung.kind && step.source == *source).collect();
            match (said.is_empty(), rung.is_there) {
                (true, true) => writeln!(out, "    {QUIET}{}{QUIET:#}", rung.line(" says nothing"))?,
                (true, false) => writeln!(out, "    {QUIET}{}{QUIET:#}", rung.line(""))?,
                _ => {}
            }
            for step in said {
                let mark = if step.counts { ">" } else { " " };
                writeln!(out, "  {mark} {kind:<12}  {}: {}", step.place, effect(step))?;
            }
        }
        key.map_or(Ok(()), |key| write_key(key, out))
    }
}

fn effect(step: &Step) -> String {
    let left = if step.counts { "" } else { "  (overridden)" };
    match &step.effect {
        Effect::Sets(value) => format!("{}{left}", to_toml(value).unwrap_or_default()),
        Effect::Adds(value) => format!("adds {}{left}", to_toml(value).unwrap_or_default()),
        Effect::Unsets => format!("deletes what lower layers say{left}"),
    }
}

fn write_key(key: &Key, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", key.doc)?;
    writeln!(out, "\nDefault: {}", key.default)?;
    writeln!(out, "Example: {} = {}", key.name, key.example)?;
    writeln!(out, "Commands: {}", key.commands)
}
