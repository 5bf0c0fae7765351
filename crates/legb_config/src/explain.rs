//! Why does a setting have its value? What each layer says of it, from the lowest to the highest.

use crate::check::{dotted, is_table, nearest_setting};
use crate::error::ConfigError;
use crate::fold::Merged;
use crate::keys::{EXTEND, Key, UNSET, extended, key};
use crate::layers::{Layer, Layers};
use crate::value::{Data, LayerKind, Place, Value};

/// What a layer does to a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// It gives it a value.
    Sets(Value),
    /// It adds to its list.
    Adds(Value),
    /// It deletes what lower layers say.
    Unsets,
}

/// Something that a layer does to a setting, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The layer.
    pub layer: LayerKind,
    /// How its source is called.
    pub source: String,
    /// Where it says so.
    pub place: Place,
    /// What it does.
    pub effect: Effect,
    /// Whether something of it is left in the value.
    pub counts: bool,
}

/// Why a setting has its value.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The name of the setting.
    pub name: String,
    /// What is known of it; nothing for a table of settings.
    pub key: Option<&'static Key>,
    /// The value that came out; nothing if it has none.
    pub value: Option<Value>,
    /// What the layers do, from the lowest to the highest.
    pub steps: Vec<Step>,
}

/// Explains a setting by its name.
pub fn explain(name: &str, layers: &Layers, merged: &Merged) -> Result<Explanation, ConfigError> {
    let keys = dotted(name).unwrap_or_default();
    let known = (1..=keys.len()).rev().find_map(|end| key(&keys[..end].join(".")));
    let known = known.or_else(|| extended(name));
    if known.is_none() && !is_table(name) {
        let error = ConfigError::new(name, "there is no such setting");
        return Err(error.nearest(nearest_setting(name).as_deref()).help("`legb config show` lists the settings"));
    }
    let name = match extended(name) {
        Some(key) => key.name.to_owned(),
        None => name.to_owned(),
    };
    let keys = dotted(&name).unwrap_or_default();
    let path: Vec<&str> = keys.iter().map(String::as_str).collect();
    let added = format!("{EXTEND}{name}");
    let value = merged.value.at(&path).or_else(|| merged.value.at(&[&added])).cloned();
    let mut steps: Vec<Step> = layers.layers.iter().flat_map(|layer| steps_of(layer, &keys)).collect();
    mark(&mut steps);
    Ok(Explanation { name, key: known, value, steps })
}

fn steps_of(layer: &Layer, keys: &[String]) -> Vec<Step> {
    let step = |place: &Place, effect: Effect| Step {
        layer: layer.kind,
        source: layer.name.clone(),
        place: place.clone(),
        effect,
        counts: false,
    };
    let mut steps = Vec::new();
    for (text, place) in layer.document.at(&[UNSET]).iter().flat_map(|value| value.each_text()) {
        if dotted(text).is_some_and(|unset| keys.starts_with(&unset)) {
            steps.push(step(place, Effect::Unsets));
        }
    }
    let path: Vec<&str> = keys.iter().map(String::as_str).collect();
    let selects = path == ["ignore"] && layer.kind == LayerKind::CommandLine;
    if selects && let Some(value) = layer.document.at(&["select"]) {
        steps.push(step(&value.place, Effect::Unsets));
    }
    if let Some(value) = layer.document.at(&path) {
        let effect = if matches!(value.data, Data::Null) { Effect::Unsets } else { Effect::Sets(value.clone()) };
        steps.push(step(&value.place, effect));
    }
    let added = format!("{EXTEND}{}", path.join("."));
    if extended(&added).is_some()
        && let Some(value) = layer.document.at(&[&added])
    {
        steps.push(step(&value.place, Effect::Adds(value.clone())));
    }
    steps
}

/// Marks the steps that the value comes from: from the highest down, until one leaves nothing of those below it.
fn mark(steps: &mut [Step]) {
    for step in steps.iter_mut().rev() {
        step.counts = true;
        match &step.effect {
            Effect::Unsets => break,
            Effect::Sets(value) if !matches!(value.data, Data::Table(_)) => break,
            Effect::Sets(_) | Effect::Adds(_) => {}
        }
    }
}
