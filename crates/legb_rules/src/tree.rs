//! One walk over the syntax tree for all rules that look at statements or expressions.
//!
//! A rule says first whether the file can hold anything for it, from its names alone; where no rule that speaks wants the
//! tree, nothing is walked.

use legb_base::Span;
use legb_syntax::ast::visitor::{Visitor, walk_expr, walk_stmt};
use legb_syntax::ast::{Expr, Stmt};

use crate::context::FileCx;
use crate::fix::span;
use crate::sink::Sink;
use crate::statement::innermost;

/// How a rule looks at the tree.
#[derive(Clone, Copy)]
pub(crate) struct Nodes {
    /// Whether the file may hold anything for the rule.
    pub(crate) wanted: fn(&FileCx<'_>) -> bool,
    /// Called with each statement or expression, in the order of the text.
    pub(crate) look: fn(&Spot<'_, '_>, &mut Sink<'_>),
}

/// A statement or an expression.
#[derive(Clone, Copy)]
pub(crate) enum Node<'a> {
    Stmt(&'a Stmt),
    Expr(&'a Expr),
}

impl<'a> Node<'a> {
    pub(crate) fn expr(self) -> Option<&'a Expr> {
        match self {
            Self::Expr(expr) => Some(expr),
            Self::Stmt(_) => None,
        }
    }
}

/// A node and all that is around it.
pub(crate) struct Spot<'w, 'a> {
    pub(crate) cx: &'w FileCx<'a>,
    pub(crate) node: Node<'a>,
    /// The nodes around it, outermost first.
    pub(crate) around: &'w [Node<'a>],
}

impl<'a> Spot<'_, 'a> {
    /// The node directly around.
    pub(crate) fn parent(&self) -> Option<Node<'a>> {
        self.around.last().copied()
    }

    /// The innermost function around, if any.
    pub(crate) fn is_in_function(&self) -> bool {
        self.around.iter().any(|node| matches!(node, Node::Stmt(Stmt::FunctionDef(_)) | Node::Expr(Expr::Lambda(_))))
    }
}

/// Shows every node to those who want it.
pub(crate) fn walk(cx: &FileCx<'_>, lookers: &[fn(&Spot<'_, '_>, &mut Sink<'_>)], sink: &mut Sink<'_>) {
    let mut walk = Walk { cx, lookers, sink, around: Vec::new() };
    for stmt in cx.parsed.suite() {
        walk.visit_stmt(stmt);
    }
}

struct Walk<'w, 's, 'a> {
    cx: &'w FileCx<'a>,
    lookers: &'w [fn(&Spot<'_, '_>, &mut Sink<'_>)],
    sink: &'w mut Sink<'s>,
    around: Vec<Node<'a>>,
}

impl<'a> Walk<'_, '_, 'a> {
    fn show(&mut self, node: Node<'a>) {
        let spot = Spot { cx: self.cx, node, around: &self.around };
        for look in self.lookers {
            look(&spot, self.sink);
        }
        self.around.push(node);
    }
}

impl<'a> Visitor<'a> for Walk<'_, '_, 'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.show(Node::Stmt(stmt));
        walk_stmt(self, stmt);
        self.around.pop();
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.show(Node::Expr(expr));
        walk_expr(self, expr);
        self.around.pop();
    }
}

/// The nodes from a statement down to the expression that takes up a span; asked only for places that may be reported.
pub(crate) fn path_to<'a>(cx: &FileCx<'a>, wanted: Span) -> Vec<Node<'a>> {
    let Some(found) = innermost(cx.parsed.suite(), wanted.start) else { return Vec::new() };
    let mut search = Search { wanted, path: Vec::new(), found: false };
    search.visit_stmt(found.stmt);
    if search.found { search.path } else { Vec::new() }
}

struct Search<'a> {
    wanted: Span,
    path: Vec<Node<'a>>,
    found: bool,
}

impl<'a> Visitor<'a> for Search<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if self.found || !span(stmt).contains(self.wanted) {
            return;
        }
        self.path.push(Node::Stmt(stmt));
        walk_stmt(self, stmt);
        if !self.found {
            self.path.pop();
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let own = span(expr);
        // The parentheses of a call belong to a generator expression that is its only argument, or do not.
        let near = |a: u32, b: u32| a.abs_diff(b) <= 1;
        let is_generator =
            matches!(expr, Expr::Generator(_)) && near(own.start, self.wanted.start) && near(own.end, self.wanted.end);
        if !self.found && is_generator {
            self.path.push(Node::Expr(expr));
            self.found = true;
            return;
        }
        if self.found || !own.contains(self.wanted) {
            return;
        }
        self.path.push(Node::Expr(expr));
        if own == self.wanted {
            self.found = true;
            return;
        }
        walk_expr(self, expr);
        if !self.found {
            self.path.pop();
        }
    }
}
