//! What does a module export? `__all__`, or else what `from module import *` would take.

use legb_base::Dialect;
use legb_scope::facts::MODULE;
use legb_scope::{Analyzer, FileFacts, ScopeFlags, SymbolFlags};
use legb_syntax::decode::decode;
use legb_syntax::{SourceKind, parse};

use crate::check::Exports;

/// What the module with this text exports. Where that cannot be told, there may be other names as well.
pub fn exports_of(bytes: &[u8], dialect: &Dialect) -> Exports {
    let Ok(text) = decode(bytes, dialect) else {
        return Exports { names: Vec::new(), open: true };
    };
    let parsed = parse(&text, SourceKind::Python, dialect);
    let mut analyzer = Analyzer::default();
    from_facts(analyzer.analyze(&parsed, &text, dialect, SourceKind::Python))
}

fn from_facts(facts: &FileFacts) -> Exports {
    let module = &facts.module;
    let (mut names, open): (Vec<String>, bool) = if let Some(all) = &module.all {
        let names = all.iter().map(|(name, _)| facts.names.text(*name).to_owned());
        (names.collect(), module.all_is_dynamic || module.has_getattr)
    } else {
        let bound = facts.symbols_of(MODULE).filter(|(_, symbol)| symbol.flags.intersects(SymbolFlags::BOUND));
        let names = bound.map(|(id, _)| facts.symbol_name(id)).filter(|name| !name.starts_with('_'));
        let takes_all = facts.scopes[MODULE].flags.contains(ScopeFlags::STAR_IMPORT);
        (names.map(str::to_owned).collect(), takes_all || module.has_getattr)
    };
    names.sort_unstable();
    names.dedup();
    Exports { names, open }
}

#[cfg(test)]
mod tests {
    use super::exports_of;
    use legb_base::{Dialect, PyVersion};

    fn exports(text: &str) -> (Vec<String>, bool) {
        let exports = exports_of(text.as_bytes(), &Dialect::of(PyVersion::NEWEST));
        (exports.names, exports.open)
    }

    #[test]
    fn all_decides_else_what_a_star_would_take() {
        assert_eq!(exports("from .a import x, _y\nimport os\n__all__ = ['x']\n"), (vec!["x".to_owned()], false));
        assert_eq!(exports("from .a import x, _y\ndef f(): z = 1\n").0, ["f", "x"]);
        assert!(exports("from .a import *\n").1);
        assert!(exports("def __getattr__(name): ...\n").1);
        assert!(exports("from .a import names\n__all__ = [*names]\n").1);
    }
}
