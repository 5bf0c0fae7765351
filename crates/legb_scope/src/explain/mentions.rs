//! All mentions of one name in a file, by the symbol they belong to.

use legb_base::NameId;

use super::{BindingSite, Holder, Source, wording};
use crate::facts::*;

/// Every mention of a name, in the order of the text.
pub(super) struct Mentions {
    name: NameId,
    refs: Vec<RefId>,
}

impl Mentions {
    pub(super) fn new(source: &Source<'_>, name: NameId) -> Self {
        let facts = source.facts;
        let of_name = |row: &Reference| facts.symbols[row.symbol].name == name;
        let mut refs: Vec<RefId> =
            facts.refs.iter_enumerated().filter(|(_, row)| of_name(row)).map(|(id, _)| id).collect();
        refs.sort_by_key(|&id| facts.refs[id].span);
        Self { name, refs }
    }

    /// Those of every name of a file.
    pub(super) fn all(source: &Source<'_>) -> Vec<Self> {
        let facts = source.facts;
        let name = |id: RefId| facts.symbols[facts.refs[id].symbol].name;
        let mut refs: Vec<RefId> = facts.refs.iter_enumerated().map(|(id, _)| id).collect();
        refs.sort_by_key(|&id| (name(id), facts.refs[id].span));
        let same = refs.chunk_by(|&a, &b| name(a) == name(b));
        same.map(|refs| Self { name: name(refs[0]), refs: refs.to_vec() }).collect()
    }

    /// The mentions, in the order of the text.
    pub(super) fn refs(&self) -> &[RefId] {
        &self.refs
    }

    pub(super) fn name(&self) -> NameId {
        self.name
    }

    pub(super) fn text<'a>(&self, facts: &'a FileFacts) -> &'a str {
        facts.names.text(self.name)
    }

    /// Mentions that stand in the scope of a symbol.
    pub(super) fn in_scope<'a>(&'a self, facts: &'a FileFacts, symbol: SymbolId) -> impl Iterator<Item = RefId> + 'a {
        self.refs.iter().copied().filter(move |&id| facts.refs[id].symbol == symbol)
    }

    /// Mentions of the variable that a symbol holds, wherever they stand.
    pub(super) fn of_variable<'a>(
        &'a self,
        facts: &'a FileFacts,
        variable: SymbolId,
    ) -> impl Iterator<Item = RefId> + 'a {
        let holds = move |id: &RefId| {
            let symbol = facts.refs[*id].symbol;
            symbol == variable || facts.variable(symbol) == Some(variable)
        };
        self.refs.iter().copied().filter(holds)
    }

    /// What makes the name a variable of the scope: bindings, and else deletions and bare annotations.
    pub(super) fn makers(&self, facts: &FileFacts, variable: SymbolId) -> Vec<RefId> {
        let all = |wanted: fn(RefKind) -> bool| -> Vec<RefId> {
            self.of_variable(facts, variable).filter(|&id| wanted(facts.refs[id].kind)).collect()
        };
        let binding = all(RefKind::binds);
        if binding.is_empty() { all(|kind| matches!(kind, RefKind::Delete | RefKind::Annotation)) } else { binding }
    }

    /// The module's symbol, if anything in the file binds it.
    pub(super) fn module_variable(&self, facts: &FileFacts) -> Option<SymbolId> {
        let symbol = facts.symbol_in(MODULE, self.name)?;
        let bound = self.of_variable(facts, symbol).any(|id| facts.refs[id].kind.binds());
        bound.then_some(symbol)
    }

    /// The declaration of the name in the scope of a symbol.
    pub(super) fn declaration(&self, facts: &FileFacts, symbol: SymbolId) -> Option<RefId> {
        self.in_scope(facts, symbol).find(|&id| matches!(facts.refs[id].kind, RefKind::Global | RefKind::Nonlocal))
    }

    pub(super) fn sites(&self, source: &Source<'_>, holder: Holder) -> Vec<BindingSite> {
        let Holder::Variable(variable) = holder else { return Vec::new() };
        let facts = source.facts;
        let acts = |id: &RefId| {
            let kind = facts.refs[*id].kind;
            kind.binds() || matches!(kind, RefKind::Delete | RefKind::Annotation)
        };
        let mut sites: Vec<BindingSite> = self
            .of_variable(facts, variable)
            .filter(acts)
            .map(|id| BindingSite {
                path: source.path.to_owned(),
                line: source.line(id),
                kind: wording::binding(facts.refs[id].kind),
            })
            .collect();
        sites.dedup();
        sites
    }
}
