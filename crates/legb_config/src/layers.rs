//! Where settings come from: built in, files, variables, options. Each source becomes a layer, and each layer is checked by
//! itself, so that an error is told where it stands even if a higher layer would hide it.
//!
//! What is not here: how layers become one ([`crate::fold`]), and what the values mean ([`crate::settings`]).

mod command_line;
mod files;
mod variables;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use legb_project::DEFAULT_EXCLUDES;

use crate::check::check;
use crate::error::{ConfigError, ConfigErrors};
use crate::value::{Data, Entry, LayerKind, Place, Source, Table, Value};

pub use command_line::CommandLine;
pub use files::{MANIFEST, PROJECT_FILES, Writable, writable};
pub use variables::ENVIRONMENT_VARIABLE;

/// What settings are asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The file or folder whose project counts.
    pub start: PathBuf,
    /// Read neither files nor variables.
    pub isolated: bool,
    /// The file to read as that of the project.
    pub config: Option<PathBuf>,
    /// The name of an environment, which the option `--env` gave.
    pub environment: Option<String>,
    /// The folder with the user's file, if there is such a folder.
    pub user_folder: Option<PathBuf>,
    /// Variables, of which those that begin with `LEGB_` count.
    pub variables: Vec<(String, String)>,
    /// What the options say.
    pub command_line: CommandLine,
}

/// One source of settings.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Which layer it is.
    pub kind: LayerKind,
    /// How its source is called.
    pub name: String,
    /// What it says: a table.
    pub document: Value,
}

/// The sources of settings, from the lowest to the highest.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// Those that there are.
    pub layers: Vec<Layer>,
    /// Those that there are not, with what was looked for.
    pub absent: Vec<(LayerKind, String)>,
    /// Variables that begin with `LEGB_` and are like no setting.
    pub unrelated: Vec<String>,
}

impl Layers {
    /// Reads all layers that a request is about.
    pub fn read(request: &Request) -> Result<Self, ConfigErrors> {
        let mut layers = Self { layers: vec![built_in()], ..Self::default() };
        let mut errors = Vec::new();
        let environment = variables::environment(request);
        if request.isolated {
            layers.absent.push((LayerKind::Project, "--isolated: no file and no variable is read".to_owned()));
        } else {
            files::add(request, environment.as_ref(), &mut layers, &mut errors);
            variables::add(&request.variables, &mut layers, &mut errors);
        }
        layers.layers.extend(request.command_line.layer());
        for layer in &layers.layers {
            errors.extend(check(&layer.document));
            errors.extend(misplaced_contracts(layer));
        }
        if errors.is_empty() { Ok(layers) } else { Err(ConfigErrors(errors)) }
    }

    /// The file of the project.
    pub fn project_file(&self) -> Option<&Path> {
        let project = self.layers.iter().find(|layer| layer.kind == LayerKind::Project)?;
        Some(Path::new(&project.name))
    }
}

/// What holds where nobody says anything, as far as it does not depend on the project.
fn built_in() -> Layer {
    let kind = LayerKind::BuiltIn;
    let source = Arc::new(Source { name: kind.name().to_owned(), folder: PathBuf::new(), layer: kind });
    let place = Place::whole(&source);
    let none: [&str; 0] = [];
    let value = |data: Data| Value { data, place: place.clone() };
    let values = [
        ("exclude", Value::texts(DEFAULT_EXCLUDES, &place)),
        ("force-exclude", value(Data::Flag(false))),
        ("ignore", Value::texts(none, &place)),
        ("per-file-ignores", Value::empty(place.clone())),
        ("banned-imports", Value::empty(place.clone())),
        ("no-cache", value(Data::Flag(false))),
    ];
    let table: Table =
        values.into_iter().map(|(key, value)| (key.to_owned(), Entry { key: place.clone(), value })).collect();
    Layer { kind, name: source.name.clone(), document: value(Data::Table(table)) }
}

/// Contracts belong to a project: they name its modules.
fn misplaced_contracts(layer: &Layer) -> Option<ConfigError> {
    let entry = layer.document.as_table()?.get("contracts")?;
    (layer.kind != LayerKind::Project).then(|| {
        let what = format!("`contracts` stand in a file of the layer `{}`", layer.kind.name());
        ConfigError::at(&entry.key, what).help("write them into the file of the project")
    })
}
