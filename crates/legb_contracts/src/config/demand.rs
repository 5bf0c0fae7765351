//! What a contract of import-linter, or of legb itself, demands: the two have the same kinds and keys.

use super::section::{Options, Value};
use crate::check::parse_layer;
use crate::contract::{
    AcyclicSiblings, Demand, Forbidden, Independence, Interface, Layer, Layers, Place, Protected, Written,
};
use crate::nearest::nearest;

/// How many levels an acyclic contract looks down where it does not say.
const DEPTH: u32 = 10;

/// Whose contract it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Of import-linter.
    ImportLinter,
    /// Of legb, which has more kinds and keys.
    Own,
}

impl Dialect {
    fn kinds(self) -> &'static [&'static str] {
        let kinds = &["layers", "forbidden", "independence", "acyclic_siblings", "protected", "interface"];
        match self {
            Self::Own => kinds,
            Self::ImportLinter => &kinds[..5],
        }
    }
}

/// Reads what a contract demands by its `type`; complaints go to `options`.
pub(crate) fn demand(options: &mut Options<'_>, dialect: Dialect) -> Option<Demand> {
    let kind = options.required_text("type")?;
    let demand = match kind.value.replace('-', "_").as_str() {
        "layers" => Demand::Layers(layers(options, dialect)),
        "forbidden" => Demand::Forbidden(Forbidden {
            sources: options.required_modules("source_modules"),
            forbidden: options.required_modules("forbidden_modules"),
            allow_indirect: options.flag("allow_indirect_imports", false),
            as_packages: options.flag("as_packages", true),
            external_submodules: dialect == Dialect::Own,
        }),
        "independence" => Demand::Independence(Independence { modules: options.required_modules("modules") }),
        "acyclic_siblings" => Demand::AcyclicSiblings(AcyclicSiblings {
            ancestors: options.required_modules("ancestors"),
            depth: options.number("depth", DEPTH),
            skipped: options.modules("skip_descendants"),
        }),
        "protected" => Demand::Protected(Protected {
            protected: options.required_modules("protected_modules"),
            allowed: options.required_modules("allowed_importers"),
            as_packages: options.flag("as_packages", true),
        }),
        "interface" if dialect == Dialect::Own => Demand::Interface(Interface {
            packages: options.required_modules("packages"),
            exempt: options.modules("exempt_importers"),
        }),
        other => {
            let kinds = dialect.kinds();
            let help = match nearest(other, kinds.iter().copied()) {
                Some(kind) => format!("did you mean `{kind}`?"),
                None => format!("known are {}", kinds.join(", ")),
            };
            options.complain(&kind.place, format!("there is no type of contract `{}`", kind.value), Some(help));
            return None;
        }
    };
    Some(demand)
}

fn layers(options: &mut Options<'_>, dialect: Dialect) -> Layers {
    let mut layers = Vec::new();
    match (dialect, options.value("layers")) {
        (_, None) => options.missing("layers"),
        (Dialect::Own, Some(Written { value: Value::List(items), .. })) => {
            layers.extend(items.iter().filter_map(|item| layer(options, item)));
        }
        _ => {
            let texts = options.list("layers");
            layers.extend(texts.iter().filter_map(|text| parsed_layer(options, text)));
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for module in layers.iter().flat_map(|layer: &Layer| &layer.modules) {
        if seen.contains(&module.name.value.as_str()) {
            let message = format!("`{}` stands in more than one layer", module.name.value);
            options.complain(&module.name.place, message, None);
        }
        seen.push(&module.name.value);
    }
    let containers = options.modules("containers");
    let exhaustive = options.flag("exhaustive", false);
    if exhaustive && containers.is_empty() {
        let place: Place = options.place();
        let message = "only layers with `containers` can be exhaustive".to_owned();
        options.complain(&place, message, Some("name the package of the layers in `containers`".to_owned()));
    }
    let exhaustive_ignores = options.list("exhaustive_ignores").into_iter().map(|name| name.value).collect();
    Layers { layers, containers, exhaustive, exhaustive_ignores }
}

/// A layer: a text, or a table with `name` and `closed`.
fn layer(options: &mut Options<'_>, item: &Written<Value>) -> Option<Layer> {
    match &item.value {
        Value::Text(text) => parsed_layer(options, &Written { value: text.clone(), place: item.place.clone() }),
        Value::Table(section) => {
            let mut inner = Options::new(section);
            let name = inner.required_text("name");
            let closed = inner.flag("closed", false);
            for complaint in inner.finish() {
                options.complain(&complaint.place, complaint.message, complaint.help);
            }
            Some(Layer { closed, ..parsed_layer(options, &name?)? })
        }
        _ => {
            let message = "a layer is a text, or a table with `name` and `closed`".to_owned();
            options.complain(&item.place, message, None);
            None
        }
    }
}

fn parsed_layer(options: &mut Options<'_>, text: &Written<String>) -> Option<Layer> {
    match parse_layer(text) {
        Ok(layer) => Some(layer),
        Err(message) => {
            options.complain(&text.place, message, None);
            None
        }
    }
}
