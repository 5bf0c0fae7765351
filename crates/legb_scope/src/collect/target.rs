//! What assignments, loops, `with` and `del` do to their targets.

use legb_base::Span;
use legb_syntax::ast::{Expr, ExprName, StmtAnnAssign};

use super::context::DebugSite;
use super::{Collector, span};
use crate::facts::*;
use crate::flow::event::Op;

impl<'a> Collector<'a> {
    pub(crate) fn target(&mut self, target: &'a Expr, kind: RefKind) {
        if let Expr::Starred(starred) = target {
            self.compile_error("starred assignment target must be in a list or tuple", span(starred));
        }
        self.target_part(target, kind);
    }

    pub(crate) fn target_part(&mut self, target: &'a Expr, kind: RefKind) {
        match target {
            Expr::Name(name) => self.bind_name(name, kind, span(name)),
            Expr::Tuple(tuple) => self.unpacked(&tuple.elts, kind, span(tuple)),
            Expr::List(list) => self.unpacked(&list.elts, kind, span(list)),
            Expr::Starred(starred) => self.deeper(|this| this.target_part(&starred.value, kind)),
            Expr::Attribute(attribute) => {
                self.expr(&attribute.value);
                self.check_debug_attribute(attribute, false);
                self.emit_point();
            }
            Expr::Subscript(subscript) => {
                self.expr(&subscript.value);
                self.element(&subscript.slice);
                self.emit_point();
            }
            // Not a target: the parser has complained; what it mentions is still there.
            other => self.expr(other),
        }
    }

    fn unpacked(&mut self, elements: &'a [Expr], kind: RefKind, whole: Span) {
        if elements.iter().filter(|element| matches!(element, Expr::Starred(_))).count() > 1 {
            let message = if self.dialect.debug_errors_from_parser {
                "two starred expressions in assignment"
            } else {
                "multiple starred expressions in assignment"
            };
            self.compile_error(message, whole);
        }
        let before = self.ref_flags;
        self.ref_flags |= RefFlags::UNPACKED;
        self.emit_point();
        for element in elements {
            self.deeper(|this| this.target_part(element, kind));
        }
        self.ref_flags = before;
    }

    /// Binds a name in store position. `around`: the node at which code generation reports it.
    pub(crate) fn bind_name(&mut self, name: &'a ExprName, kind: RefKind, around: Span) {
        self.bind_name_with(name, kind, around, span(name));
    }

    /// As [`Self::bind_name`]; `old`: where 3.8 reports it.
    pub(crate) fn bind_name_at(&mut self, name: &'a ExprName, kind: RefKind, old: Span) {
        self.bind_name_with(name, kind, span(name), old);
    }

    fn bind_name_with(&mut self, name: &'a ExprName, kind: RefKind, around: Span, old: Span) {
        if name.id.is_empty() {
            return;
        }
        let id = self.mangled(name.id.as_str());
        self.check_debug(id, DebugSite { early: span(name), late: around, late_own: around, old, deleting: false });
        self.check_iteration_target(id, name.id.as_str(), span(name));
        self.bind(id, SymbolFlags::LOCAL, span(name), kind);
    }

    pub(crate) fn delete(&mut self, target: &'a Expr) {
        match target {
            Expr::Name(name) => self.delete_name(name),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| self.deeper(|this| this.delete(element))),
            Expr::List(list) => list.elts.iter().for_each(|element| self.deeper(|this| this.delete(element))),
            Expr::Attribute(attribute) => {
                self.expr(&attribute.value);
                self.check_debug_attribute(attribute, true);
                self.emit_point();
            }
            other => self.target_part(other, RefKind::Assign),
        }
    }

    pub(crate) fn delete_name(&mut self, name: &'a ExprName) {
        if name.id.is_empty() {
            return;
        }
        let id = self.mangled(name.id.as_str());
        self.check_debug(id, DebugSite { deleting: true, ..DebugSite::node(span(name)) });
        let symbol = self.add(id, SymbolFlags::LOCAL);
        let reference = self.reference(symbol, span(name), RefKind::Delete);
        self.deletions += 1;
        self.facts.symbols[symbol].flags |= SymbolFlags::LOSES_VALUE;
        self.emit_point();
        self.emit_ref(Op::Delete, reference);
    }

    pub(crate) fn annotated_assignment(&mut self, s: &'a StmtAnnAssign) {
        let start = self.mark();
        match &*s.target {
            Expr::Name(name) if !name.id.is_empty() => {
                let id = self.mangled(name.id.as_str());
                let before = self.flags_so_far(id);
                let declared = before & (SymbolFlags::GLOBAL | SymbolFlags::NONLOCAL);
                if !declared.is_empty() && self.cur != MODULE && s.simple {
                    let word = if declared.contains(SymbolFlags::GLOBAL) { "global" } else { "nonlocal" };
                    self.error_at(format!("annotated name '{}' can't be {word}", name.id), span(s));
                }
                let late = if s.value.is_some() { span(name) } else { span(s) };
                let site = DebugSite { early: span(name), late, late_own: late, old: span(name), deleting: false };
                let kind = if s.value.is_some() { RefKind::AnnAssign } else { RefKind::Annotation };
                if s.simple {
                    self.check_debug(id, site);
                    let symbol = self.add(id, SymbolFlags::ANNOT | SymbolFlags::LOCAL);
                    let reference = self.reference(symbol, span(name), kind);
                    if kind == RefKind::AnnAssign {
                        self.emit_ref(Op::Bind, reference);
                    }
                } else if s.value.is_some() {
                    self.check_debug(id, site);
                    self.bind(id, SymbolFlags::LOCAL, span(name), kind);
                }
            }
            target => self.target(target, RefKind::AnnAssign),
        }
        self.variable_annotation(&s.annotation, s.simple);
        let value_from = self.mark();
        self.optional(s.value.as_deref());
        // The value is computed and stored first, then the annotation evaluated.
        self.run_last(start, value_from);
    }
}
