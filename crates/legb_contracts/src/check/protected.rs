//! Protected: only listed modules may import some others, directly.

use legb_graph::digraph::Node;

use super::{Found, Subject};
use crate::chains::Modules;
use crate::contract::Protected;
use crate::verdict::{Chain, Link, Violation};

pub(super) fn check(subject: &mut Subject<'_>, protected: &Protected) -> Found {
    let imports = subject.imports;
    let package = |module: Node| if protected.as_packages { imports.package(module) } else { module..module + 1 };
    let (allowed, guarded) = (subject.all_modules(&protected.allowed), subject.all_modules(&protected.protected));
    let (allowed, guarded) = match (allowed, guarded) {
        (Ok(allowed), Ok(guarded)) => (allowed, guarded),
        (allowed, guarded) => return Err([allowed.err(), guarded.err()].into_iter().flatten().flatten().collect()),
    };
    let allowed = Modules::new(&subject.graph, allowed.into_iter().flat_map(package));
    let mut violations = Vec::new();
    for module in guarded {
        let members = package(module);
        let mut chains = Vec::new();
        for imported in members.clone() {
            let importers = subject.reverse.successors(imported).iter();
            let illegal = importers.filter(|&&importer| !allowed.contains(importer) && !members.contains(&importer));
            chains.extend(illegal.map(|&importer| Chain::of(Link::new(imports, importer, imported))));
        }
        if !chains.is_empty() {
            let name = subject.name(module).to_owned();
            violations.push(Violation {
                message: format!("{name} is protected: only its allowed importers may import it"),
                importer: None,
                imported: Some(name),
                chains,
                help: "import something that is not protected, or add the importer to `allowed_importers`".to_owned(),
            });
        }
    }
    Ok(violations)
}
