//! Settings of tach: `tach.toml`, or `[tool.tach]` in `pyproject.toml`. Import roots and excluded paths are taken over; module
//! boundaries stay where they are, for they are read there.

use std::path::Path;

use super::{Draft, manifest};
use crate::value::Value;

/// Reads them.
pub(super) fn read(folder: &Path, draft: &mut Draft) {
    let own = draft.toml(&folder.join("tach.toml"));
    let Some(settings) = own.or_else(|| draft.toml_table(&manifest(folder), &["tool", "tach"])) else { return };
    let path = settings.place.source.name.clone();
    draft.took(&path);
    for (theirs, ours) in [("source_roots", "src"), ("exclude", "extend-exclude")] {
        if let Some(value) = settings.at(&[theirs]) {
            let texts: Vec<String> = value.each_text().map(|(text, _)| text.to_owned()).collect();
            draft.add(ours, texts, &value.place);
        }
    }
    if settings.as_table().is_some_and(|table| table.contains_key("modules")) {
        let place = settings.at(&["modules"]).map_or(&settings, |value: &Value| value).place.clone();
        draft.note(&place, "module boundaries stay here: `legb contracts` reads them as they are");
    }
}
