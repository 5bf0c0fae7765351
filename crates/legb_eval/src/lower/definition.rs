//! Functions, lambdas, classes, and what becomes of annotations.

use std::sync::Arc;

use legb_scope::{ScopeId, ScopeKind};
use legb_syntax::Ranged;
use legb_syntax::ast::{
    Expr, ExprLambda, Parameter, ParameterWithDefault, Parameters, Stmt, StmtClassDef, StmtFunctionDef, TypeParams,
};

use super::expr::count;
use super::{Lowerer, docstring};
use crate::program::{Code, Op, Signature};
use crate::value::Value;

impl<'a> Lowerer<'a> {
    /// Keeps the code of a block inside.
    pub(super) fn child(&mut self, code: Arc<Code>) -> u32 {
        let children = &mut self.block().code.children;
        children.push(code);
        count(children.len() - 1)
    }

    pub(super) fn function(&mut self, s: &'a StmtFunctionDef) {
        for decorator in &s.decorator_list {
            self.expr(&decorator.expression);
        }
        let start = s.name.range().start().to_u32();
        let overlay = self.type_params(s.type_params.as_deref(), start, s.range().end().to_u32());
        self.at(&s.name);
        let (defaults, kwdefaults) = self.defaults(&s.parameters);
        let annotations = self.function_annotations(&s.parameters, s.returns.as_deref());
        let code = match self.scope_of(ScopeKind::Function, start, s.range().end().to_u32()) {
            Some(scope) => self.body(scope, &s.name, start, &s.parameters, &s.body),
            None => return self.opaque("function without a scope", 0, true),
        };
        self.block().overlay = overlay;
        let code = self.child(code);
        self.at(&s.name);
        self.emit(Op::MakeFunction { code, defaults, kwdefaults, annotations });
        self.decorate(s.decorator_list.iter().map(|decorator| &decorator.expression));
        self.at(&s.name);
        self.store(&s.name);
    }

    fn decorate(&mut self, decorators: impl DoubleEndedIterator<Item = &'a Expr>) {
        for decorator in decorators.rev() {
            self.at(decorator);
            self.emit(Op::Call { positional: 1, keywords: None });
        }
    }

    fn body(
        &mut self,
        scope: ScopeId,
        name: &str,
        start: u32,
        parameters: &'a Parameters,
        suite: &'a [Stmt],
    ) -> Arc<Code> {
        self.enter(scope, name, start);
        self.block().code.doc = docstring(suite);
        self.parameters(parameters);
        self.suite(suite);
        self.leave()
    }

    pub(super) fn lambda(&mut self, e: &'a ExprLambda) {
        let start = e.range().start().to_u32();
        let (defaults, kwdefaults) = e.parameters.as_deref().map_or((false, false), |p| self.defaults(p));
        let Some(scope) = self.scope_of(ScopeKind::Lambda, start, e.range().end().to_u32()) else {
            return self.opaque("lambda without a scope", 0, true);
        };
        self.enter(scope, "<lambda>", start);
        if let Some(parameters) = e.parameters.as_deref() {
            self.parameters(parameters);
        }
        self.expr(&e.body);
        self.emit(Op::Return);
        let code = self.leave();
        let code = self.child(code);
        self.at(e);
        self.emit(Op::MakeFunction { code, defaults, kwdefaults, annotations: false });
    }

    /// `→ tuple dict`, as far as there are default values.
    fn defaults(&mut self, parameters: &'a Parameters) -> (bool, bool) {
        let mut positional = 0;
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args) {
            if let Some(default) = &parameter.default {
                self.expr(default);
                positional += 1;
            }
        }
        if positional > 0 {
            self.emit(Op::BuildTuple(positional));
        }
        let mut keyword_only = 0;
        for ParameterWithDefault { parameter, default, .. } in &parameters.kwonlyargs {
            if let Some(default) = default {
                let name = self.mangled(&parameter.name);
                self.constant(Value::str(name));
                self.expr(default);
                keyword_only += 1;
            }
        }
        if keyword_only > 0 {
            self.emit(Op::BuildDict(keyword_only));
        }
        (positional > 0, keyword_only > 0)
    }

    fn parameters(&mut self, parameters: &'a Parameters) {
        let mut signature = Signature {
            positional_only: parameters.posonlyargs.len(),
            positional: parameters.posonlyargs.len() + parameters.args.len(),
            keyword_only: parameters.kwonlyargs.len(),
            var_positional: parameters.vararg.is_some(),
            var_keyword: parameters.kwarg.is_some(),
            ..Signature::default()
        };
        let plain = parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs);
        let variadic = parameters.vararg.iter().chain(&parameters.kwarg).map(|parameter| &**parameter);
        for parameter in plain.map(|p| &p.parameter).chain(variadic) {
            signature.names.push(self.mangled(&parameter.name).into());
            signature.places.push(self.parameter_place(&parameter.name));
        }
        self.block().code.signature = signature;
    }

    // ---- annotations

    /// Whether annotations are evaluated where they stand.
    fn annotations_run(&self) -> bool {
        !self.facts.module.future_annotations && !self.dialect.deferred_annotations
    }

    /// `→ value`
    pub(super) fn annotation(&mut self, annotation: &'a Expr) {
        if self.annotations_run() {
            match annotation {
                // `*args: *Ts` unpacks.
                Expr::Starred(e) => self.expr(&e.value),
                _ => self.expr(annotation),
            }
        } else {
            // The text is part of the reason: it tells what kind of field a dataclass makes of it.
            let text = &self.unit.text[annotation.range()];
            self.opaque(&format!("the annotation `{text}`, which is not evaluated here"), 0, false);
        }
    }

    /// `→ dict`, if annotations are evaluated here.
    fn function_annotations(&mut self, parameters: &'a Parameters, returns: Option<&'a Expr>) -> bool {
        if !self.annotations_run() {
            return false;
        }
        let plain = |p: &'a ParameterWithDefault| &p.parameter;
        let positional = parameters.posonlyargs.iter().chain(&parameters.args).map(plain);
        let vararg = parameters.vararg.iter().map(|p| &**p);
        let kwarg = parameters.kwarg.iter().map(|p| &**p);
        let all: Vec<&'a Parameter> =
            positional.chain(vararg).chain(parameters.kwonlyargs.iter().map(plain)).chain(kwarg).collect();
        let mut pairs = 0;
        for parameter in all {
            if let Some(annotation) = &parameter.annotation {
                let name = self.mangled(&parameter.name);
                self.constant(Value::str(name));
                self.annotation(annotation);
                pairs += 1;
            }
        }
        if let Some(returns) = returns {
            self.constant(Value::str("return"));
            self.annotation(returns);
            pairs += 1;
        }
        if pairs > 0 {
            self.emit(Op::BuildDict(pairs));
        }
        pairs > 0
    }

    /// A module with annotations has `__annotations__` from its start.
    pub(super) fn module_annotations(&mut self, suite: &'a [Stmt]) {
        let any = suite.iter().any(|stmt| matches!(stmt, Stmt::AnnAssign(s) if s.simple));
        if any && !self.dialect.deferred_annotations {
            self.emit(Op::BuildDict(0));
            let name = self.name_index("__annotations__");
            self.emit(Op::StoreName(name));
        }
    }

    /// Binds type parameters in cells of the block around; returns what was laid over the names before.
    fn type_params(&mut self, params: Option<&'a TypeParams>, start: u32, end: u32) -> Option<ScopeId> {
        let before = self.block_ref().overlay;
        let (Some(params), Some(scope)) = (params, self.scope_of(ScopeKind::TypeParams, start, end)) else {
            return before;
        };
        let own: Vec<_> = self
            .facts
            .symbols_of(scope)
            .filter(|(_, symbol)| matches!(symbol.place, legb_scope::Place::Local | legb_scope::Place::Cell))
            .map(|(id, _)| id)
            .collect();
        for symbol in own {
            self.add_own_cell(symbol);
        }
        self.block().overlay = Some(scope);
        for param in &params.type_params {
            self.opaque("a type parameter", 0, false);
            self.store(param.name());
        }
        before
    }

    // ---- classes

    pub(super) fn class(&mut self, s: &'a StmtClassDef) {
        for decorator in &s.decorator_list {
            self.expr(&decorator.expression);
        }
        let (start, end) = (s.name.range().start().to_u32(), s.range().end().to_u32());
        let overlay = self.type_params(s.type_params.as_deref(), start, end);
        let Some(scope) = self.scope_of(ScopeKind::Class, start, end) else {
            return self.opaque("class without a scope", 0, true);
        };
        self.enter(scope, &s.name, start);
        self.block().code.doc = docstring(&s.body);
        self.classes.push(s.name.to_string());
        self.class_head(s);
        self.suite(&s.body);
        self.classes.pop();
        let code = self.leave();
        let code = self.child(code);
        self.at(s);
        if s.decorator_list.is_empty() {
            self.at(s);
        } else {
            self.at(&s.name);
        }
        self.emit(Op::MakeFunction { code, defaults: false, kwdefaults: false, annotations: false });
        match &s.arguments {
            Some(arguments) => {
                self.arguments_as_containers(arguments);
                if arguments.keywords.is_empty() {
                    self.emit(Op::BuildDict(0));
                }
            }
            None => {
                self.emit(Op::BuildList(0));
                self.emit(Op::BuildDict(0));
            }
        }
        self.block().overlay = overlay;
        let name = self.name_index(&s.name);
        self.at(&s.name);
        self.emit(Op::BuildClass { name, is_generic: s.type_params.is_some() });
        self.decorate(s.decorator_list.iter().map(|decorator| &decorator.expression));
        self.at(&s.name);
        self.store(&s.name);
    }

    /// What a class body does before its first statement.
    fn class_head(&mut self, s: &'a StmtClassDef) {
        let qualname = self.block_ref().code.qualname.clone();
        let module = self.name_index("__name__");
        self.emit(Op::LoadGlobal(module));
        let dunder_module = self.name_index("__module__");
        self.emit(Op::StoreName(dunder_module));
        self.constant(Value::Str(qualname));
        let dunder_qualname = self.name_index("__qualname__");
        self.emit(Op::StoreName(dunder_qualname));
        if let Some(doc) = docstring(&s.body) {
            self.constant(Value::Str(doc));
            let name = self.name_index("__doc__");
            self.emit(Op::StoreName(name));
        }
    }
}
