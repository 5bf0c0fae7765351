//! The chain of imports in a traceback: which module was half done when another asked it for a name?

use legb_base::Dialect;
use legb_graph::{Remedy, Trouble, repairs};
use serde_json::{Value, json};

use super::Case;
use super::frames::Placed;
use super::repair::Proposal;

/// A circular import: from the line at which the half-made module stands to the line that asks it.
pub(super) struct Cycle<'c, 't> {
    /// The frames, the half-made module first.
    pub(super) links: Vec<&'c Placed<'t>>,
}

impl<'c, 't> Cycle<'c, 't> {
    /// The cycle in the frames, if code of `module` itself is among them above the failing line.
    pub(super) fn in_frames(case: &'c Case<'t>, failing: &'c Placed<'t>, module: &str) -> Option<Self> {
        let own = case.placed.iter().rposition(|placed| {
            placed.at < failing.at && placed.is_module_code() && is_module(&placed.frame.path, module)
        })?;
        let links = case.placed[own..].iter().filter(|placed| placed.at <= failing.at).collect();
        Some(Self { links })
    }

    /// The frame of the half-made module.
    pub(super) fn half_made(&self) -> &'c Placed<'t> {
        self.links[0]
    }

    /// Edits that may break the cycle, those that ask least of the reader first.
    pub(super) fn repairs(&self, case: &Case<'_>, name: &str) -> Vec<Proposal> {
        let dialect = Dialect::of(case.version);
        let mut found: Vec<(Remedy, Proposal)> = Vec::new();
        for (at, link) in self.links.iter().enumerate() {
            let Ok(text) = std::fs::read_to_string(&link.path) else { continue };
            let is_last = at + 1 == self.links.len();
            let trouble = Trouble { line: link.line, name: is_last.then_some(name), needed: (at == 0).then_some(name) };
            let is_init = link.path.ends_with("__init__.py");
            let found_here = repairs(&text, trouble, is_init, &dialect).into_iter();
            // A program that may run on an older Python gets no statement of a newer one.
            for repair in found_here.filter(|repair| case.is_version_told || repair.remedy != Remedy::Lazy) {
                let proposal =
                    Proposal { title: repair.title, path: link.path.clone(), text: text.clone(), edits: repair.edits };
                found.push((repair.remedy, proposal));
            }
        }
        found.sort_by_key(|(remedy, _)| *remedy);
        found.into_iter().map(|(_, proposal)| proposal).collect()
    }
}

/// The lines that led from the start of the program to the failing one, in words.
pub(super) fn sentence(case: &Case<'_>, failing: &Placed<'_>) -> String {
    let links: Vec<String> = case.placed.iter().filter(|link| link.at <= failing.at).map(told).collect();
    format!("chain: {}", links.join(" → "))
}

/// Frames as data.
pub(super) fn data(links: &[&Placed<'_>]) -> Vec<Value> {
    links
        .iter()
        .map(|link| json!({"path": link.path, "line": link.line, "name": link.frame.name, "source": link.frame.source}))
        .collect()
}

/// `models.py:1 (from services import process_user)`.
fn told(link: &Placed<'_>) -> String {
    let source = link.frame.source.as_deref().and_then(|source| source.lines().next()).unwrap_or_default().trim();
    let source = if source.is_empty() { String::new() } else { format!(" `{source}`") };
    format!("{}:{}{source}", link.path, link.line)
}

/// Whether a path is that of a module: `…/shop/cart.py` and `…/shop/cart/__init__.py` are `shop.cart`.
pub(super) fn is_module(path: &str, module: &str) -> bool {
    let path = path.replace('\\', "/");
    let Some(stem) = path.strip_suffix(".py") else { return false };
    let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
    let wanted = module.replace('.', "/");
    stem.strip_suffix(wanted.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::is_module;

    #[test]
    fn files_are_told_by_the_end_of_their_path() {
        assert!(is_module("/srv/app/shop/cart.py", "shop.cart") && is_module("C:\\shop\\__init__.py", "shop"));
        assert!(!is_module("/srv/app/workshop/cart.py", "shop.cart") && !is_module("/srv/shop/cart.pyc", "shop.cart"));
    }
}
