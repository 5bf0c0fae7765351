//! The walk over the tree of one file that finds attributes, calls, texts and names of modules.

use legb_base::{Dialect, Span};
use legb_scope::facts::MODULE;
use legb_scope::{ScopeId, ScopeKind};
use legb_syntax::annotation_texts::{AnnotationName, names_in_annotation};
use legb_syntax::ast::visitor::{Visitor, walk_expr, walk_interpolated_string_element, walk_stmt};
use legb_syntax::ast::{
    AnyParameterRef, Expr, ExprAttribute, ExprCall, ExprContext, ExprStringLiteral, InterpolatedStringElement, Stmt,
};
use legb_syntax::{Parsed, Ranged};
use rustc_hash::FxHashSet;

use super::Use;
use super::mentions::{Annotated, Call, Chain, Mentions, ModuleName, Text, TextRole};

/// Longer texts are no names.
const LONGEST_NAME: usize = 200;

/// Fills the tables of a file.
pub(super) fn walk(mentions: &mut Mentions, parsed: &Parsed, dialect: &Dialect) {
    let mut walk = Walk { mentions, dialect, scope: MODULE, annotated: Vec::new(), texts: FxHashSet::default() };
    walk.visit_body(parsed.suite());
    let annotated = walk.annotated;
    for (scope, name) in annotated {
        let symbol = mentions.visible(scope, &name.name);
        mentions.annotated.push(Annotated { span: name.span, is_exact: name.is_exact, symbol });
    }
}

struct Walk<'m, 'd> {
    mentions: &'m mut Mentions,
    dialect: &'d Dialect,
    scope: ScopeId,
    annotated: Vec<(ScopeId, AnnotationName)>,
    /// Where the texts begin that are in the table already.
    texts: FxHashSet<u32>,
}

fn span(node: &impl Ranged) -> Span {
    let range = node.range();
    Span::new(range.start().to_u32(), range.end().to_u32())
}

impl<'a> Visitor<'a> for Walk<'_, '_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let outer = self.scope;
        match stmt {
            Stmt::FunctionDef(def) => {
                for annotation in def.parameters.iter().filter_map(AnyParameterRef::annotation) {
                    self.annotation(annotation);
                }
                def.returns.iter().for_each(|returns| self.annotation(returns));
                self.scope = self.mentions.scope_of(ScopeKind::Function, span(def)).unwrap_or(outer);
            }
            Stmt::ClassDef(class) => {
                self.scope = self.mentions.scope_of(ScopeKind::Class, span(class)).unwrap_or(outer);
            }
            Stmt::AnnAssign(assign) => self.annotation(&assign.annotation),
            Stmt::Import(import) => {
                let names =
                    import.names.iter().map(|alias| ModuleName { span: span(&alias.name), statement: span(import) });
                self.mentions.module_names.extend(names);
            }
            Stmt::ImportFrom(import) => {
                if let Some(module) = &import.module {
                    self.mentions.module_names.push(ModuleName { span: span(module), statement: span(import) });
                }
            }
            _ => {}
        }
        walk_stmt(self, stmt);
        self.scope = outer;
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Attribute(attribute) => return self.attribute(attribute),
            Expr::Call(call) => self.call(call),
            Expr::StringLiteral(text) => self.text(text, TextRole::Plain),
            _ => {}
        }
        walk_expr(self, expr);
    }

    fn visit_interpolated_string_element(&mut self, element: &'a InterpolatedStringElement) {
        if let InterpolatedStringElement::Interpolation(shown) = element
            && shown.debug_text.is_some()
        {
            self.mentions.shown.push(span(&*shown.expression));
        }
        walk_interpolated_string_element(self, element);
    }
}

impl<'a> Walk<'_, '_> {
    fn attribute(&mut self, attribute: &'a ExprAttribute) {
        if let Some(chain) = self.chain(attribute) {
            self.mentions.chains.push(chain);
            return;
        }
        self.mentions.loose.push(span(&attribute.attr));
        self.visit_expr(&attribute.value);
    }

    /// A name with the attributes behind it.
    fn chain(&self, attribute: &ExprAttribute) -> Option<Chain> {
        let mut parts = vec![span(&attribute.attr)];
        let mut value = &*attribute.value;
        while let Expr::Attribute(inner) = value {
            parts.push(span(&inner.attr));
            value = &inner.value;
        }
        let Expr::Name(name) = value else { return None };
        parts.reverse();
        let usage = match attribute.ctx {
            ExprContext::Store => Use::Write,
            ExprContext::Del => Use::Delete,
            ExprContext::Load | ExprContext::Invalid => Use::Read,
        };
        Some(Chain { root: self.mentions.reference_at(span(name).start)?, parts: parts.into(), usage })
    }

    /// A name with or without attributes.
    fn dotted(&self, expr: &Expr) -> Option<Chain> {
        match expr {
            Expr::Name(name) => {
                let root = self.mentions.reference_at(span(name).start)?;
                Some(Chain { root, parts: Box::default(), usage: Use::Read })
            }
            Expr::Attribute(attribute) => self.chain(attribute),
            _ => None,
        }
    }

    fn call(&mut self, call: &'a ExprCall) {
        let last = match &*call.func {
            Expr::Name(name) => Some(span(name)),
            Expr::Attribute(attribute) => Some(span(&attribute.attr)),
            _ => None,
        };
        let callee = self.dotted(&call.func);
        if let ([object, Expr::StringLiteral(_), ..], Some(callee)) = (&*call.arguments.args, &callee) {
            let role = TextRole::Attribute { callee: callee.clone(), object: self.dotted(object) };
            if let Expr::StringLiteral(text) = &call.arguments.args[1] {
                self.text(text, role);
            }
        }
        let keywords = call.arguments.keywords.iter().filter_map(|keyword| keyword.arg.as_ref()).map(span).collect();
        let unpacks = call.arguments.keywords.iter().any(|keyword| keyword.arg.is_none());
        self.mentions.calls.push(Call { callee, last, keywords, unpacks, arguments: span(&call.arguments) });
    }

    /// Takes note of a text that is written like a name, once.
    fn text(&mut self, text: &ExprStringLiteral, role: TextRole) {
        let value = text.value.to_str();
        let is_word = |c: char| c == '_' || c == '.' || c == ':' || c.is_alphanumeric();
        if value.is_empty() || value.len() > LONGEST_NAME || !value.chars().all(is_word) {
            return;
        }
        let whole = span(text);
        let Some(at) = whole.slice(&self.mentions.text).find(value) else { return };
        let start = whole.start + u32::try_from(at).unwrap_or_default();
        let inner = Span::new(start, start + u32::try_from(value.len()).unwrap_or_default());
        if self.texts.insert(start) {
            self.mentions.texts.push(Text { inner, role });
        }
    }

    fn annotation(&mut self, annotation: &Expr) {
        let scope = self.scope;
        let names = names_in_annotation(annotation, &self.mentions.text, self.dialect);
        self.annotated.extend(names.into_iter().map(|name| (scope, name)));
    }
}
