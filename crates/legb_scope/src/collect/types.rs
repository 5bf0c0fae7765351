//! Annotations, type parameters and `type` statements: the parts of a program that are about types, and that each
//! version of CPython looks at in another way.

use legb_base::Span;
use legb_syntax::ast::{Expr, StmtTypeAlias, TypeParam, TypeParams};

use super::context::DebugSite;
use super::{Collector, index32, span};
use crate::facts::*;

impl<'a> Collector<'a> {
    /// Opens a scope for annotations. Under the future import it stays outside CPython's tree.
    pub(crate) fn enter_annotations(&mut self, name: &str, node: Span, line_at: u32, sees_class: bool) {
        let name = self.intern(name);
        let scope = self.enter(ScopeKind::Annotation, name, node, Some(line_at));
        self.begin_lazy();
        if self.future_annotations {
            self.facts.scopes[scope].flags |= ScopeFlags::HIDDEN;
            self.uncompiled += 1;
        }
        if self.dialect.deferred_annotations {
            self.add_format();
        }
        if sees_class {
            self.see_class();
        }
    }

    pub(crate) fn leave_annotations(&mut self) {
        if self.future_annotations {
            self.uncompiled -= 1;
        }
        self.end_lazy();
        self.leave();
    }

    /// From here on nothing runs where it stands.
    fn begin_lazy(&mut self) {
        self.mute += 1;
        self.lazy_depth += 1;
        self.ref_flags |= RefFlags::UNEVALUATED;
    }

    fn end_lazy(&mut self) {
        self.mute -= 1;
        self.lazy_depth -= 1;
        self.ref_flags.set(RefFlags::UNEVALUATED, self.lazy_depth > 0);
    }

    fn add_format(&mut self) {
        let name = self.intern(".format");
        self.add(name, SymbolFlags::PARAM | SymbolFlags::USE);
    }

    /// Names are looked up in the class body around first.
    fn see_class(&mut self) {
        self.facts.scopes[self.cur].flags |= ScopeFlags::SEES_CLASS;
        let name = self.intern("__classdict__");
        self.add(name, SymbolFlags::USE);
    }

    /// An expression that is an annotation: as any other, but that names in strings count as used.
    pub(crate) fn annotation_expr(&mut self, annotation: &'a Expr) {
        self.note_string_uses(annotation);
        // 3.8 and 3.9 keep such annotations in the tables although they compile them to texts.
        let flags = self.ref_flags;
        self.ref_flags |= RefFlags::ANNOTATION;
        let as_text = self.facts.module.future_annotations && !self.future_annotations;
        if as_text {
            self.uncompiled += 1;
            self.begin_lazy();
        }
        self.element(annotation);
        if as_text {
            self.end_lazy();
            self.uncompiled -= 1;
        }
        self.ref_flags = flags;
    }

    /// Identifiers in the strings of a type expression.
    pub(crate) fn note_string_uses(&mut self, expr: &'a Expr) {
        match expr {
            Expr::StringLiteral(text) => {
                let words = text
                    .value
                    .to_str()
                    .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                    .filter(|word| !word.is_empty() && !word.starts_with(|c: char| c.is_ascii_digit()));
                for word in words {
                    let name = self.intern(word);
                    self.facts.module.string_uses.push(name);
                }
            }
            Expr::Subscript(subscript) => {
                self.note_string_uses(&subscript.value);
                self.note_string_uses(&subscript.slice);
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| self.note_string_uses(element)),
            Expr::List(list) => list.elts.iter().for_each(|element| self.note_string_uses(element)),
            Expr::BinOp(operation) => {
                self.note_string_uses(&operation.left);
                self.note_string_uses(&operation.right);
            }
            Expr::Starred(starred) => self.note_string_uses(&starred.value),
            _ => {}
        }
    }

    /// The annotation of a variable.
    pub(crate) fn variable_annotation(&mut self, annotation: &'a Expr, simple: bool) {
        if self.dialect.deferred_annotations {
            self.deferred_annotation(annotation);
        } else if self.future_annotations {
            self.enter_annotations("_annotation", span(annotation), span(annotation).start, false);
            self.annotation_expr(annotation);
            self.leave_annotations();
        } else if self.kind().is_function_like() {
            // Never evaluated, yet its names count (PEP 526).
            self.uncompiled += 1;
            self.begin_lazy();
            self.annotation_expr(annotation);
            self.end_lazy();
            self.uncompiled -= 1;
        } else if simple {
            self.annotation_expr(annotation);
        } else {
            // Evaluated even where the future import makes texts of annotations (3.8 and 3.9).
            self.note_string_uses(annotation);
            self.element(annotation);
        }
    }

    /// PEP 649: one `__annotate__` for all annotations of a body.
    fn deferred_annotation(&mut self, annotation: &'a Expr) {
        let kind = self.kind();
        let in_body = matches!(kind, ScopeKind::Class | ScopeKind::Module);
        if in_body
            && !self.frame().has_conditional_annotations
            && (kind == ScopeKind::Module || self.frame().conditional)
        {
            self.frame_mut().has_conditional_annotations = true;
            let name = self.intern("__conditional_annotations__");
            self.add(name, SymbolFlags::USE);
        }
        let evaluated = in_body;
        match self.frame().annotation_scope {
            None => {
                let sees_class = kind == ScopeKind::Class && !self.future_annotations;
                let body = self.scratch.frames.len() - 1;
                self.enter_annotations("__annotate__", span(annotation), span(annotation).start, sees_class);
                self.scratch.frames[body].annotation_scope = Some(self.cur);
            }
            Some(scope) => {
                self.reenter(scope);
                self.begin_lazy();
                if self.future_annotations {
                    self.uncompiled += 1;
                }
            }
        }
        self.unevaluated = !evaluated;
        self.annotation_expr(annotation);
        self.unevaluated = false;
        self.leave_annotations();
    }

    /// The scope of type parameters; stays open. `class_name`: of a generic class, whose header is private to it.
    pub(crate) fn enter_type_params(
        &mut self,
        name: &'a str,
        node: Span,
        line_at: u32,
        type_params: &'a TypeParams,
        owner: Generic<'a>,
    ) {
        let in_class = self.kind() == ScopeKind::Class;
        let id = self.intern(name);
        self.enter(ScopeKind::TypeParams, id, node, Some(line_at));
        if in_class {
            self.see_class();
        }
        match owner {
            Generic::Class(class) => {
                for implicit in [".type_params", ".generic_base"] {
                    let name = self.intern(implicit);
                    self.add(name, SymbolFlags::LOCAL | SymbolFlags::USE);
                }
                self.private = super::private_stem(class);
                if self.dialect.mangles_only_own_type_params {
                    self.frame_mut().own_type_params = Some(self.scratch.own_type_params.len());
                    self.scratch.own_type_params.push(Vec::new());
                }
            }
            Generic::Function { kwdefaults } => {
                let name = self.intern(".defaults");
                self.add(name, SymbolFlags::PARAM);
                if kwdefaults {
                    let name = self.intern(".kwdefaults");
                    self.add(name, SymbolFlags::PARAM);
                }
            }
            Generic::Alias => {}
        }
        let mut seen_default = false;
        for param in &type_params.type_params {
            self.type_param(param, &mut seen_default);
        }
    }

    fn type_param(&mut self, param: &'a TypeParam, seen_default: &mut bool) {
        let (identifier, bound, default, kind) = match param {
            TypeParam::TypeVar(p) => (&p.name, p.bound.as_deref(), p.default.as_deref(), "TypeVar"),
            TypeParam::TypeVarTuple(p) => (&p.name, None, p.default.as_deref(), "TypeVarTuple"),
            TypeParam::ParamSpec(p) => (&p.name, None, p.default.as_deref(), "ParamSpec"),
        };
        let id = identifier.as_str();
        if id.is_empty() {
            return;
        }
        let node = span(param);
        if let Some(own) = self.frame().own_type_params {
            let plain = self.intern(id);
            self.scratch.own_type_params[own].push(plain);
        }
        let name = self.mangled(id);
        if self.flags_so_far(name).contains(SymbolFlags::TYPE_PARAM) {
            self.error_at(format!("duplicate type parameter '{id}'"), node);
        }
        self.check_debug(name, DebugSite::node(node));
        self.bind(name, SymbolFlags::TYPE_PARAM | SymbolFlags::LOCAL, span(identifier), RefKind::TypeParam);
        if self.dialect.deferred_annotations && id == "__classdict__" {
            self.error_at("reserved name '__classdict__' cannot be used for type parameter".to_owned(), node);
        }
        match default {
            Some(_) => *seen_default = true,
            None if *seen_default => {
                let message = format!("non-default type parameter '{id}' follows default type parameter");
                self.compile_error(&message, node);
            }
            None => {}
        }
        if let Some(bound) = bound {
            let info = if matches!(bound, Expr::Tuple(_)) { "a TypeVar constraint" } else { "a TypeVar bound" };
            self.type_variable(id, bound, info);
        }
        if let Some(default) = default {
            let info = match kind {
                "TypeVar" => "a TypeVar default",
                "TypeVarTuple" => "a TypeVarTuple default",
                _ => "a ParamSpec default",
            };
            self.type_variable(id, default, info);
        }
    }

    /// Bound, constraints or default: a scope of its own, evaluated on demand.
    fn type_variable(&mut self, name: &'a str, expr: &'a Expr, info: &'static str) {
        let sees_class = self.facts.scopes[self.cur].flags.contains(ScopeFlags::SEES_CLASS);
        let id = self.intern(name);
        self.enter(ScopeKind::TypeVariable, id, span(expr), Some(span(expr).start));
        self.begin_lazy();
        if self.dialect.deferred_annotations {
            self.add_format();
        }
        self.frame_mut().scope_info = info;
        if sees_class {
            self.see_class();
        }
        self.annotation_expr(expr);
        self.end_lazy();
        self.leave();
    }

    pub(crate) fn type_alias(&mut self, alias: &'a StmtTypeAlias) {
        let Expr::Name(name) = &*alias.name else { return };
        let start = self.mark();
        self.bind_name(name, RefKind::TypeAlias, span(alias));
        let bound = self.mark();
        let in_class = self.kind() == ScopeKind::Class;
        let line_at = span(alias).start;
        if let Some(type_params) = &alias.type_params {
            self.enter_type_params(name.id.as_str(), span(alias), line_at, type_params, Generic::Alias);
        }
        let id = self.intern(name.id.as_str());
        self.enter(ScopeKind::TypeAlias, id, span(alias), Some(line_at));
        self.begin_lazy();
        if self.dialect.deferred_annotations {
            self.add_format();
        }
        if in_class {
            self.see_class();
        }
        self.annotation_expr(&alias.value);
        self.end_lazy();
        self.leave();
        if alias.type_params.is_some() {
            self.leave();
        }
        self.run_last(start, bound);
    }

    // ---- what may not stand in these scopes

    /// 3.12 only: no comprehension or lambda in an annotation scope directly in a class.
    pub(crate) fn forbid_in_class_annotation_scope(&mut self, what: &str, node: Span) {
        if self.dialect.no_comprehension_in_class_annotation_scope
            && self.facts.scopes[self.cur].flags.contains(ScopeFlags::SEES_CLASS)
        {
            self.error_at(format!("Cannot use {what} in annotation scope within class scope"), node);
        }
    }

    pub(crate) fn forbid_in_annotation(&mut self, what: &str, node: Span) {
        let message = match self.kind() {
            // Before type parameters came, the wording was another.
            ScopeKind::Annotation if !self.dialect.type_params => {
                format!("'{what}' can not be used within an annotation")
            }
            ScopeKind::Annotation => format!("{what} cannot be used within an annotation"),
            ScopeKind::TypeVariable if !self.dialect.type_param_defaults => {
                format!("{what} cannot be used within a TypeVar bound")
            }
            ScopeKind::TypeVariable => format!("{what} cannot be used within {}", self.frame().scope_info),
            ScopeKind::TypeAlias => format!("{what} cannot be used within a type alias"),
            ScopeKind::TypeParams => format!("{what} cannot be used within the definition of a generic"),
            _ => return,
        };
        self.error_at(message, node);
    }
}

/// What a list of type parameters belongs to.
#[derive(Clone, Copy)]
pub(crate) enum Generic<'a> {
    Class(&'a str),
    Function { kwdefaults: bool },
    Alias,
}

/// Where the keyword of a decorated `def` or `class` stands: behind the last decorator.
pub(crate) fn keyword_offset(text: &str, whole: Span, after_decorators: Option<u32>) -> u32 {
    let Some(from) = after_decorators else { return whole.start };
    let mut at = from as usize;
    let bytes = text.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'\\' => at += 1,
            b'#' => at += bytes[at..].iter().position(|&b| b == b'\n' || b == b'\r').unwrap_or(bytes.len() - at),
            _ => break,
        }
    }
    index32(at)
}
