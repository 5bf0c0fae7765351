//! What the options of the command line say, as the highest layer.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Layer;
use crate::value::{Data, Entry, LayerKind, Place, Source, Table, Value};

/// What the options say.
#[derive(Clone, Debug, Default)]
pub struct CommandLine {
    table: Table,
}

impl CommandLine {
    /// An option with a list; an empty one says nothing.
    pub fn list<T: Into<String>>(&mut self, key: &str, values: impl IntoIterator<Item = T>) {
        let values = Value::texts(values, &place(key));
        if values.each_text().next().is_some() {
            self.set(key, values);
        }
    }

    /// An option with a list of paths; an empty one says nothing.
    pub fn paths(&mut self, key: &str, paths: &[PathBuf]) {
        self.list(key, paths.iter().map(|path| path.to_string_lossy().into_owned()));
    }

    /// An option with one text.
    pub fn text(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.set(key, Value::text(text, place(key)));
        }
    }

    /// An option with a path.
    pub fn path(&mut self, key: &str, path: Option<&Path>) {
        self.text(key, path.map(Path::to_string_lossy).as_deref());
    }

    /// An option that is there or not.
    pub fn flag(&mut self, key: &str, given: bool) {
        if given {
            self.set(key, Value { data: Data::Flag(true), place: place(key) });
        }
    }

    /// An option with a number.
    pub fn count(&mut self, key: &str, count: Option<usize>) {
        if let Some(count) = count {
            self.set(key, Value { data: Data::Number(count.to_string()), place: place(key) });
        }
    }

    fn set(&mut self, key: &str, value: Value) {
        self.table.insert(key.to_owned(), Entry { key: place(key), value });
    }

    /// The layer; nothing if no option says anything.
    pub(super) fn layer(&self) -> Option<Layer> {
        let kind = LayerKind::CommandLine;
        let source = Arc::new(Source { name: kind.name().to_owned(), folder: PathBuf::new(), layer: kind });
        let document = Value { data: Data::Table(self.table.clone()), place: Place::whole(&source) };
        (!self.table.is_empty()).then(|| Layer { kind, name: source.name.clone(), document })
    }
}

/// The place of an option, which is called as its setting is.
fn place(key: &str) -> Place {
    let name = format!("--{key}");
    Place::whole(&Arc::new(Source { name, folder: PathBuf::new(), layer: LayerKind::CommandLine }))
}
