//! Import statements.

use legb_syntax::Ranged;
use legb_syntax::ast::{StmtImport, StmtImportFrom};

use super::Lowerer;
use crate::program::Op;

impl<'a> Lowerer<'a> {
    pub(super) fn import(&mut self, s: &'a StmtImport) {
        for alias in &s.names {
            self.at(s);
            let dotted = alias.name.as_str();
            let name = self.name_index(dotted);
            let top = dotted.split('.').next().unwrap_or(dotted);
            let bound = alias.asname.as_ref().map_or(top, |asname| asname.as_str());
            if s.is_lazy {
                let bound_name = self.name_index(bound);
                let attribute = alias.asname.as_ref().map(|_| self.name_index(""));
                self.emit(Op::LazyImport { name, attribute, level: 0, bound: bound_name });
                self.store(bound);
                continue;
            }
            self.emit(Op::Import { name, from: None, level: 0 });
            if alias.asname.is_some() {
                for part in dotted.split('.').skip(1) {
                    let part = self.name_index(part);
                    self.emit(Op::ImportAttr(part));
                }
            }
            self.store(bound);
        }
    }

    pub(super) fn import_from(&mut self, s: &'a StmtImportFrom) {
        let module = s.module.as_ref().map_or("", |module| module.as_str());
        if module == "__future__" && s.level == 0 {
            // The compiler has acted on it; the import itself cannot fail and binds a feature object.
            for alias in &s.names {
                self.opaque("a feature of __future__", 0, false);
                self.store(alias.asname.as_ref().unwrap_or(&alias.name));
            }
            return;
        }
        let name = self.name_index(module);
        if s.is_lazy {
            for alias in &s.names {
                let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                let attribute = Some(self.name_index(&alias.name));
                let bound_name = self.name_index(bound);
                self.at(s);
                self.emit(Op::LazyImport { name, attribute, level: s.level, bound: bound_name });
                self.store(bound);
            }
            return;
        }
        let names = s.names.iter().map(|alias| alias.name.as_str().into()).collect();
        let list = self.name_list(names);
        self.emit(Op::Import { name, from: Some(list), level: s.level });
        if s.names.iter().any(|alias| alias.name.as_str() == "*") {
            self.emit(Op::ImportStar);
            return;
        }
        for alias in &s.names {
            let attribute = self.name_index(&alias.name);
            self.block().offset = s.range().start().to_u32();
            self.emit(Op::ImportFrom(attribute));
            self.store(alias.asname.as_ref().unwrap_or(&alias.name));
        }
        self.emit(Op::Pop);
    }
}
