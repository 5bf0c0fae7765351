//! Do two versions of a file have the same scopes and variables, up to the name of some?

use legb_scope::{FileFacts, RefId, SymbolId};
use rustc_hash::FxHashMap;

/// Compares the facts of a file before and after `old` became `new` in some places. The error is the first mention that means
/// another variable; none where the scopes differ.
///
/// Variables correspond one to one. A mention that the file itself does not bind must keep its name, unless it became `new`.
pub fn same_up_to_the_name(before: &FileFacts, after: &FileFacts, old: &str, new: &str) -> Result<(), Option<RefId>> {
    let same_scopes = before.scopes.len() == after.scopes.len()
        && before.scopes.iter().zip(&after.scopes).all(|(a, b)| {
            (a.kind, a.parent, a.flags, a.first_ref, a.end_ref) == (b.kind, b.parent, b.flags, b.first_ref, b.end_ref)
        });
    if !same_scopes || before.refs.len() != after.refs.len() {
        return Err(None);
    }
    let mut there: FxHashMap<SymbolId, SymbolId> = FxHashMap::default();
    let mut back: FxHashMap<SymbolId, SymbolId> = FxHashMap::default();
    let renamed = |id: RefId| {
        let (a, b) = (before.ref_name(id), after.ref_name(id));
        a == b || a == old && b == new
    };
    for id in before.refs.indices() {
        let (a, b) = (&before.refs[id], &after.refs[id]);
        let (place_a, place_b) = (before.symbols[a.symbol].place, after.symbols[b.symbol].place);
        let variables = match (before.variable(a.symbol), after.variable(b.symbol)) {
            (None, None) => true,
            (Some(a), Some(b)) => *there.entry(a).or_insert(b) == b && *back.entry(b).or_insert(a) == a,
            _ => false,
        };
        if (a.kind, a.flow, a.flags, place_a) != (b.kind, b.flow, b.flags, place_b) || !variables || !renamed(id) {
            return Err(Some(id));
        }
    }
    Ok(())
}
