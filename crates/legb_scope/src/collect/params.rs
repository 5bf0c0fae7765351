//! Parameters: defaults, annotations, and the names a function binds before it starts.

use legb_base::Span;
use legb_syntax::ast::{Parameter, Parameters, StmtFunctionDef};

use super::context::DebugSite;
use super::{Collector, span};
use crate::facts::*;

impl<'a> Collector<'a> {
    /// Defaults, evaluated where the function is defined: positional ones, then those of keyword-only parameters.
    pub(crate) fn defaults(&mut self, parameters: &'a Parameters) {
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs) {
            self.optional(parameter.default.as_deref());
        }
    }

    /// Binds the parameters in CPython's order. `function`: the whole `def` or `lambda`.
    pub(crate) fn parameters(&mut self, parameters: &'a Parameters, function: Span) {
        let plain = parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs);
        for parameter in plain {
            self.parameter(&parameter.parameter, function);
        }
        for parameter in [&parameters.vararg, &parameters.kwarg].into_iter().flatten() {
            self.parameter(parameter, function);
        }
    }

    fn parameter(&mut self, parameter: &'a Parameter, function: Span) {
        let id = parameter.name.as_str();
        if id.is_empty() {
            return;
        }
        // CPython's node of a starred parameter begins at its name.
        let node = Span::new(span(&parameter.name).start, span(parameter).end);
        let name = self.mangled(id);
        if self.flags_so_far(name).contains(SymbolFlags::PARAM) {
            let word = if self.dialect.symbol_predicates_315 { "parameter" } else { "argument" };
            self.error_at_or_block(format!("duplicate {word} '{id}' in function definition"), node);
        }
        self.check_debug(name, DebugSite { early: node, late: function, late_own: node, old: node, deleting: false });
        self.bind(name, SymbolFlags::PARAM, span(&parameter.name), RefKind::Param);
    }

    /// The annotations of a function: positional-only, positional, `*args`, `**kwargs`, keyword-only, return.
    pub(crate) fn annotations(&mut self, function: &'a StmtFunctionDef, def_at: u32) {
        if self.dialect.deferred_annotations {
            let sees_class =
                self.kind() == ScopeKind::Class || self.facts.scopes[self.cur].flags.contains(ScopeFlags::SEES_CLASS);
            self.enter_annotations("__annotate__", Span::new(def_at, span(function).end), def_at, sees_class);
            self.annotations_of(function);
            if let Some(returns) = &function.returns {
                self.annotation_expr(returns);
            }
            self.leave_annotations();
        } else if self.future_annotations {
            self.enter_annotations("_annotation", Span::new(def_at, span(function).end), def_at, false);
            self.annotations_of(function);
            self.leave_annotations();
            if let Some(returns) = &function.returns {
                self.enter_annotations("_annotation", span(&**returns), span(&**returns).start, false);
                self.annotation_expr(returns);
                self.leave_annotations();
            }
        } else {
            self.annotations_of(function);
            if let Some(returns) = &function.returns {
                self.annotation_expr(returns);
            }
        }
    }

    fn annotations_of(&mut self, function: &'a StmtFunctionDef) {
        let parameters = &function.parameters;
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args) {
            self.parameter_annotation(&parameter.parameter);
        }
        for parameter in [&parameters.vararg, &parameters.kwarg].into_iter().flatten() {
            self.parameter_annotation(parameter);
        }
        for parameter in &parameters.kwonlyargs {
            self.parameter_annotation(&parameter.parameter);
        }
    }

    fn parameter_annotation(&mut self, parameter: &'a Parameter) {
        if let Some(annotation) = &parameter.annotation {
            self.annotation_expr(annotation);
        }
    }
}
