//! Expressions.

use legb_base::Span;
use legb_syntax::ast::{
    Arguments, BoolOp, Comprehension, DictItem, Expr, ExprContext, ExprLambda, ExprName, ExprNamed, FStringPart,
    InterpolatedStringElement, UnaryOp,
};

use super::context::DebugSite;
use super::truth::{int, truth};
use super::{Collector, Truth, index32, span};
use crate::facts::*;
use crate::flow::event::{Op, looping, short, test};

/// What the outcome of a whole test says of a part of it: the part's own value, if that follows.
#[derive(Clone, Copy)]
struct Implied {
    /// If the whole holds.
    by_true: Option<bool>,
    /// If the whole does not hold.
    by_false: Option<bool>,
}

impl Implied {
    /// The whole test.
    const WHOLE: Self = Self { by_true: Some(true), by_false: Some(false) };
    /// Nothing follows.
    const NOTHING: Self = Self { by_true: None, by_false: None };

    fn not(self) -> Self {
        Self { by_true: self.by_true.map(|value| !value), by_false: self.by_false.map(|value| !value) }
    }

    /// Of the parts of an `and` (all hold if it holds) or an `or` (none holds if it does not).
    fn of_parts(self, all: bool) -> Self {
        Self {
            by_true: self.by_true.filter(|&value| value == all),
            by_false: self.by_false.filter(|&value| value == all),
        }
    }
}

impl<'a> Collector<'a> {
    /// Any expression. Names and constants, most of all nodes, are leaves: nothing is set up for them.
    #[inline]
    pub(crate) fn expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => self.name(name),
            Expr::StringLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::IpyEscapeCommand(_) => {}
            _ => self.deeper(|this| this.inner_node(expr)),
        }
    }

    pub(crate) fn optional(&mut self, expr: Option<&'a Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn inner_node(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Attribute(attribute) => {
                self.expr(&attribute.value);
                self.emit_weak_point();
                if attribute.attr.as_str() == "f_locals" {
                    self.facts.scopes[self.cur].flags |= ScopeFlags::FRAME_ACCESS;
                }
            }
            Expr::Call(call) => self.call(&call.func, &call.arguments, span(call)),
            Expr::Name(_)
            | Expr::StringLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::IpyEscapeCommand(_) => self.expr(expr),
            Expr::Subscript(subscript) => {
                self.expr(&subscript.value);
                self.element(&subscript.slice);
                self.emit_point();
            }
            Expr::BinOp(operation) => {
                self.expr(&operation.left);
                self.expr(&operation.right);
                self.emit_point();
            }
            Expr::UnaryOp(operation) => {
                self.expr(&operation.operand);
                // `-1` raises nothing.
                if !operation.operand.is_number_literal_expr() {
                    self.emit_point();
                }
            }
            Expr::Compare(compare) => {
                self.expr(&compare.left);
                self.exprs(&compare.comparators);
                self.emit_point();
            }
            Expr::BoolOp(operation) => self.bool_op(operation.op, &operation.values, Implied::NOTHING),
            Expr::Tuple(tuple) => self.elements(&tuple.elts),
            Expr::List(list) => self.elements(&list.elts),
            Expr::Set(set) => self.elements(&set.elts),
            Expr::Dict(dict) => self.dict(&dict.items),
            Expr::If(conditional) => {
                let at = self.event_count();
                let flags = self.test(&conditional.test);
                let events = self.event_count() - at;
                let then = self.emit(Op::Then, index32(events));
                self.set_flags(then, flags);
                self.expr(&conditional.body);
                self.close(then);
                let other = self.emit(Op::Else, 0);
                self.expr(&conditional.orelse);
                self.close(other);
            }
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::FString(fstring) => {
                let first = fstring.value.iter().next().map(span);
                for part in &fstring.value {
                    if let FStringPart::FString(inner) = part {
                        self.interpolated(
                            &inner.elements,
                            first.filter(|_| self.dialect.fstring_lines_from_first_part),
                        );
                    }
                }
            }
            Expr::TString(tstring) => {
                for inner in &tstring.value {
                    self.interpolated(&inner.elements, None);
                }
            }
            Expr::ListComp(comp) => {
                self.comprehension(ScopeKind::ListComp, span(comp), &comp.generators, &comp.elt, None);
            }
            Expr::SetComp(comp) => {
                self.comprehension(ScopeKind::SetComp, span(comp), &comp.generators, &comp.elt, None);
            }
            Expr::DictComp(comp) => {
                // Without a key it unpacks mappings (PEP 798), and the value is all there is.
                let (first, second) = match &comp.key {
                    Some(key) => (&*comp.value, Some(&**key)),
                    None => (&*comp.value, None),
                };
                self.comprehension(ScopeKind::DictComp, span(comp), &comp.generators, first, second);
            }
            Expr::Generator(comp) => {
                self.comprehension(ScopeKind::GenExpr, span(comp), &comp.generators, &comp.elt, None);
            }
            Expr::Named(named) => self.walrus(named),
            Expr::Starred(starred) => {
                self.compile_error("can't use starred expression here", span(starred));
                self.expr(&starred.value);
            }
            Expr::Await(await_) => {
                self.await_expr(span(await_));
                self.expr(&await_.value);
                self.emit_point();
                self.frame_mut().coroutine = true;
            }
            Expr::Yield(yield_) => {
                self.yield_expr(span(yield_), yield_.value.as_deref(), false);
            }
            Expr::YieldFrom(yield_) => {
                self.yield_expr(span(yield_), Some(&yield_.value), true);
            }
            Expr::Slice(slice) => {
                self.optional(slice.lower.as_deref());
                self.optional(slice.upper.as_deref());
                self.optional(slice.step.as_deref());
            }
        }
    }

    #[inline(never)]
    fn name(&mut self, name: &'a ExprName) {
        let id = name.id.as_str();
        if id.is_empty() {
            return;
        }
        match name.ctx {
            ExprContext::Load | ExprContext::Invalid => {
                let mangled = self.mangled(id);
                if self.unevaluated {
                    let symbol = self.add_unrecorded(mangled);
                    self.reference(symbol, span(name), RefKind::Load);
                    return;
                }
                let symbol = self.add(mangled, SymbolFlags::USE);
                self.load(symbol, span(name));
                self.check_iteration_target(mangled, id, span(name));
                if mangled == self.known.super_ && self.super_counts() {
                    self.add(self.known.dunder_class, SymbolFlags::USE);
                }
            }
            ExprContext::Store => self.bind_name(name, RefKind::Assign, span(name)),
            ExprContext::Del => self.delete_name(name),
        }
    }

    /// Whether a mention of `super` makes `__class__` a name of the current scope.
    fn super_counts(&self) -> bool {
        match self.kind() {
            ScopeKind::Module | ScopeKind::Class => false,
            ScopeKind::Annotation | ScopeKind::TypeParams | ScopeKind::TypeAlias | ScopeKind::TypeVariable => {
                self.dialect.super_in_any_function_like
            }
            _ => true,
        }
    }

    /// Members of displays and argument lists, where a starred expression may stand.
    pub(crate) fn elements(&mut self, exprs: &'a [Expr]) {
        for expr in exprs {
            self.element(expr);
        }
    }

    pub(crate) fn element(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Starred(starred) => {
                self.expr(&starred.value);
                self.emit_point();
            }
            _ => self.expr(expr),
        }
    }

    /// All keys, then all values (`symtable_visit_expr`, `Dict_kind`); what runs is pair by pair.
    #[inline(never)]
    fn dict(&mut self, items: &'a [DictItem]) {
        let mark = self.scratch.open.len();
        let start = self.event_count();
        let first_ref = self.facts.refs.len();
        for item in items {
            self.optional(item.key.as_ref());
            let end = self.event_count();
            self.scratch.open.push(end);
        }
        for item in items {
            self.expr(&item.value);
            let end = self.event_count();
            self.scratch.open.push(end);
        }
        if self.binds_since(first_ref) && self.mute == 0 {
            let ends = self.scratch.open.split_off(mark);
            let (keys, values) = ends.split_at(items.len());
            let old = self.scratch.events.split_off(start);
            let piece = |from: usize, to: usize| &old[from - start..to - start];
            let values_start = keys.last().copied().unwrap_or(start);
            for at in 0..items.len() {
                let before = |ends: &[usize], first: usize| if at == 0 { first } else { ends[at - 1] };
                self.scratch.events.extend_from_slice(piece(before(keys, start), keys[at]));
                self.scratch.events.extend_from_slice(piece(before(values, values_start), values[at]));
            }
        }
        self.scratch.open.truncate(mark);
    }

    /// Whether a walrus was met since there were so many references.
    fn binds_since(&self, first: usize) -> bool {
        (first..self.facts.refs.len()).any(|at| self.facts.refs[RefId::from_usize(at)].kind == RefKind::Walrus)
    }

    fn call(&mut self, func: &'a Expr, arguments: &'a Arguments, whole: Span) {
        let callee = if let Expr::Name(name) = func {
            let at = self.facts.refs.len();
            self.expr(func);
            if matches!(name.id.as_str(), "locals" | "vars" | "dir" | "eval" | "exec" | "globals") {
                self.facts.scopes[self.cur].flags |= ScopeFlags::DYNAMIC;
            }
            if matches!(name.id.as_str(), "__import__" | "import_module") {
                self.dynamic_import(whole, span(func), super::to_span(arguments.range).start);
            }
            (self.facts.refs.len() > at).then(|| RefId::from_usize(at))
        } else {
            self.expr(func);
            if matches!(func, Expr::Attribute(attribute) if attribute.attr.as_str() == "import_module") {
                self.dynamic_import(whole, span(func), super::to_span(arguments.range).start);
            }
            None
        };
        self.arguments(arguments, whole);
        self.emit_point();
        if let Some(callee) = callee {
            let flags = self.facts.symbols[self.facts.refs[callee].symbol].flags;
            // Only calls of what this scope defines itself can be told apart; the rest would be noise.
            if flags.contains(SymbolFlags::LOCAL) && self.kind() != ScopeKind::Class {
                self.emit_ref(Op::Call, callee);
            }
        }
    }

    /// Arguments of a call or class: positional and starred ones first, then all keywords.
    pub(crate) fn arguments(&mut self, arguments: &'a Arguments, whole: Span) {
        match &*arguments.args {
            // The only argument needs no parentheses of its own: for CPython it begins at those of the call.
            [Expr::Generator(comp)] if !comp.parenthesized => {
                let whole = super::to_span(arguments.range);
                self.comprehension(ScopeKind::GenExpr, whole, &comp.generators, &comp.elt, None);
            }
            args => self.elements(args),
        }
        if !arguments.keywords.is_empty() {
            self.check_keywords(arguments, whole);
            for keyword in &arguments.keywords {
                self.expr(&keyword.value);
            }
        }
    }

    /// A test of `if`, `while`, a conditional expression: walks it and says what is known of it.
    pub(crate) fn test(&mut self, expr: &'a Expr) -> u8 {
        let bindings = self.facts.refs.len();
        self.level += 1;
        self.test_part(expr, Implied::WHOLE);
        self.level -= 1;
        let mut flags = match truth(expr, self.dialect) {
            Truth::True => test::TRUE,
            Truth::False => test::FALSE,
            Truth::TypeChecking => test::TYPE_CHECKING,
            Truth::Open => 0,
        };
        if matches!(expr, Expr::BoolOp(_) | Expr::UnaryOp(_)) && self.binds_since(bindings) {
            flags |= test::BINDS;
        }
        flags
    }

    fn test_part(&mut self, expr: &'a Expr, implied: Implied) {
        match expr {
            Expr::BoolOp(operation) => self.bool_op(operation.op, &operation.values, implied),
            Expr::UnaryOp(operation) if operation.op == UnaryOp::Not => {
                self.deeper(|this| this.test_part(&operation.operand, implied.not()));
            }
            _ => self.expr(expr),
        }
    }

    #[inline(never)]
    fn bool_op(&mut self, op: BoolOp, values: &'a [Expr], implied: Implied) {
        let inner = implied.of_parts(op == BoolOp::And);
        let mut flags = 0;
        if inner.by_true.is_some() {
            flags |= short::IF_TRUE;
        }
        if inner.by_false.is_some() {
            flags |= short::IF_FALSE;
        }
        let [first, rest @ ..] = values else { return };
        self.deeper(|this| this.test_part(first, inner));
        let mark = self.scratch.open.len();
        for value in rest {
            let at = self.emit(Op::Short, 0);
            self.set_flags(at, flags);
            self.scratch.open.push(at);
            self.deeper(|this| this.test_part(value, inner));
        }
        self.close_all(mark);
    }

    /// Closes the pieces opened since the list of open pieces had length `mark`, innermost first.
    pub(crate) fn close_all(&mut self, mark: usize) {
        while self.scratch.open.len() > mark {
            let Some(at) = self.scratch.open.pop() else { return };
            self.close(at);
            if self.mute == 0 && self.scratch.events[at].op == Op::Loop {
                let other = self.emit(Op::OrElse, 0);
                self.close(other);
            }
        }
    }

    #[inline(never)]
    pub(crate) fn lambda(&mut self, lambda: &'a ExprLambda) {
        self.forbid_in_class_annotation_scope("lambda", span(lambda));
        if let Some(parameters) = &lambda.parameters {
            self.defaults(parameters);
        }
        let name = self.intern(if self.dialect.symbol_predicates_315 { "<lambda>" } else { "lambda" });
        let scope = self.enter(ScopeKind::Lambda, name, span(lambda), Some(self.line_at(span(lambda).start)));
        let nested = self.emit(Op::Nested, index32(scope.index()));
        let (depth, flags) = (std::mem::take(&mut self.try_depth), self.ref_flags);
        if let Some(parameters) = &lambda.parameters {
            self.parameters(parameters, span(lambda));
        }
        self.expr(&lambda.body);
        (self.try_depth, self.ref_flags) = (depth, flags);
        self.close(nested);
        let frame = self.leave();
        self.finish_scope(scope, &frame);
    }

    /// The replacement fields of an f-string. `first`: the first of the adjoining strings, where places are taken from it.
    #[inline(never)]
    fn interpolated(&mut self, elements: &'a [InterpolatedStringElement], first: Option<Span>) {
        for element in elements {
            if let InterpolatedStringElement::Interpolation(inner) = element {
                let outside = (self.lines_up, self.columns_left);
                if let Some(first) = first {
                    let bare = inner.debug_text.is_none() && inner.format_spec.is_none() && inner.conversion.is_none();
                    let base = self.field_base(first, span(inner), bare);
                    self.move_to(base, span(inner).start);
                }
                self.element(&inner.expression);
                (self.lines_up, self.columns_left) = outside;
                if let Some(spec) = &inner.format_spec {
                    self.interpolated(&spec.elements, first);
                }
                self.emit_point();
            }
        }
    }

    /// Where 3.8 believes a replacement field to be: it looks for `{expression}` in the first string, and where that is
    /// not found takes the start of the string. `bare`: the field is just that.
    fn field_base(&self, first: Span, field: Span, bare: bool) -> usize {
        let written = Some(field.slice(self.text)).filter(|_| bare);
        first.start as usize + written.and_then(|field| first.slice(self.text).find(field)).unwrap_or(0)
    }

    /// Sets by how much places are off when what begins at `start` is believed to begin at `base`.
    fn move_to(&mut self, base: usize, start: u32) {
        let column = |at: usize| self.text.as_bytes()[..at].iter().rev().take_while(|&&byte| byte != b'\n').count();
        let lines = self.text.get(base..start as usize).map_or(0, |between| between.matches('\n').count());
        let left = index32(column(start as usize)).cast_signed() - index32(column(base)).cast_signed();
        self.lines_up += lines;
        self.columns_left = self.columns_left.saturating_add(i8::try_from(left).unwrap_or(0));
    }

    /// Where CPython takes the line number of what begins at `offset`.
    fn line_at(&self, offset: u32) -> u32 {
        let mut at = offset as usize;
        for _ in 0..self.lines_up {
            at = self.text[..at].rfind('\n').unwrap_or(0);
        }
        index32(at)
    }

    #[inline(never)]
    fn walrus(&mut self, named: &'a ExprNamed) {
        self.forbid_in_annotation("named expression", span(named));
        if self.frame().iter_expr > 0 {
            self.error_shifted(
                "assignment expression cannot be used in a comprehension iterable expression".to_owned(),
                span(named),
            );
        }
        if let Expr::Name(target) = &*named.target
            && self.kind().is_comprehension()
        {
            self.walrus_in_comprehension(target);
        }
        self.expr(&named.value);
        if let Expr::Name(target) = &*named.target {
            if target.id.is_empty() {
                return;
            }
            let name = self.mangled(target.id.as_str());
            self.check_debug(name, DebugSite::node(span(target)));
            self.check_iteration_target(name, target.id.as_str(), span(target));
            self.bind(name, SymbolFlags::LOCAL, span(target), RefKind::Walrus);
        }
    }

    /// `symtable_extend_namedexpr_scope`: the target belongs to the scope around the comprehensions.
    fn walrus_in_comprehension(&mut self, target: &'a ExprName) {
        let id = target.id.as_str();
        let name = self.mangled(id);
        // Until 3.12 it is looked up without mangling, and so private names are never found.
        let sought = if self.dialect.walrus_lookup_mangles { name } else { self.intern(id) };
        for at in (0..self.scratch.frames.len()).rev() {
            let (scope, kind) = (self.scratch.frames[at].scope, self.scratch.frames[at].kind);
            if kind.is_comprehension() {
                let flags =
                    self.facts.symbol_in(scope, sought).map_or(SymbolFlags::empty(), |s| self.facts.symbols[s].flags);
                if flags.contains(SymbolFlags::COMP_ITER)
                    && (flags.contains(SymbolFlags::LOCAL) || !self.dialect.walrus_rebind_needs_binding)
                {
                    self.error_shifted(
                        format!("assignment expression cannot rebind comprehension iteration variable '{id}'"),
                        span(target),
                    );
                    return;
                }
                continue;
            }
            match kind {
                ScopeKind::Function | ScopeKind::Lambda => {
                    let outer = self.symbol_outside(name, scope);
                    let declared_global =
                        sought == name && self.facts.symbols[outer].flags.contains(SymbolFlags::GLOBAL);
                    let flag = if declared_global { SymbolFlags::GLOBAL } else { SymbolFlags::NONLOCAL };
                    let symbol = self.add(name, flag);
                    self.directive(symbol, span(target));
                    if declared_global {
                        self.declare_in_module(name);
                    }
                    let row = &mut self.facts.symbols[outer];
                    row.flags = (row.flags | SymbolFlags::LOCAL) - SymbolFlags::UNRECORDED;
                    self.check_debug(name, DebugSite::name(span(target), span(target)));
                }
                ScopeKind::Module => {
                    let symbol = self.add(name, SymbolFlags::GLOBAL);
                    self.directive(symbol, span(target));
                    self.declare_in_module(name);
                }
                ScopeKind::Class | ScopeKind::TypeParams | ScopeKind::TypeAlias | ScopeKind::TypeVariable => {
                    let place = match kind {
                        ScopeKind::Class => "in a class body",
                        ScopeKind::TypeParams => "within the definition of a generic",
                        ScopeKind::TypeAlias => "in a type alias",
                        _ => "in a TypeVar bound",
                    };
                    self.error_shifted(
                        format!("assignment expression within a comprehension cannot be used {place}"),
                        span(target),
                    );
                }
                _ => continue,
            }
            return;
        }
    }

    #[inline(never)]
    pub(crate) fn comprehension(
        &mut self,
        kind: ScopeKind,
        whole: Span,
        generators: &'a [Comprehension],
        element: &'a Expr,
        second: Option<&'a Expr>,
    ) {
        self.forbid_in_class_annotation_scope("comprehension", whole);
        let Some(first) = generators.first() else { return };
        let errors = self.scratch.late_errors.len();
        self.frame_mut().iter_expr += 1;
        self.expr(&first.iter);
        self.emit_point();
        self.frame_mut().iter_expr -= 1;
        let iterable_errors = self.scratch.late_errors.len();

        let name = self.intern(comprehension_name(kind, self.dialect.symbol_predicates_315));
        let scope = self.enter(kind, name, whole, Some(self.line_at(whole.start)));
        let later = kind == ScopeKind::GenExpr;
        let nested = if later { Some(self.emit(Op::Nested, index32(scope.index()))) } else { None };
        let (depth, flags) = (self.try_depth, self.ref_flags);
        if later {
            self.try_depth = 0;
        }
        self.frame_mut().coroutine = first.is_async;
        let dot_zero = self.intern(".0");
        self.add(dot_zero, SymbolFlags::PARAM);

        let mark = self.scratch.open.len();
        for (i, generator) in generators.iter().enumerate() {
            let at = self.mark();
            self.iter_target = true;
            self.target(&generator.target, RefKind::Comprehension);
            self.iter_target = false;
            let targets_end = self.mark();
            if i > 0 {
                self.frame_mut().iter_expr += 1;
                self.expr(&generator.iter);
                self.emit_point();
                self.frame_mut().iter_expr -= 1;
                if generator.is_async {
                    self.frame_mut().coroutine = true;
                }
            }
            self.run_last(at, targets_end);
            let start = at.events + (self.event_count() - targets_end.events);
            let nonempty = if never_empty(&generator.iter) { looping::NONEMPTY } else { 0 };
            self.open_loop(start, looping::FOR | looping::COMPREHENSION | nonempty, 0, span(generator).start);
            self.scratch.open.push(start);
            for condition in &generator.ifs {
                self.test_part(condition, Implied::NOTHING);
                let at = self.emit(Op::Short, 0);
                self.scratch.open.push(at);
            }
        }
        // Of a dictionary comprehension the value comes first.
        self.element(element);
        self.optional(second);
        self.close_all(mark);
        (self.try_depth, self.ref_flags) = (depth, flags);
        if let Some(nested) = nested {
            self.close(nested);
        }
        if self.frame().generator && self.dialect.yield_refused_behind_comprehension {
            self.refuse_yield_in_comprehension(whole);
        }
        let mut frame = self.leave();
        frame.generator |= later;
        self.finish_scope(scope, &frame);
        let inlined = self.dialect.inlined_comprehensions && !later;
        if !inlined {
            // The first iterable is evaluated by the code around, which goes on when the comprehension is compiled.
            self.scratch.late_errors[errors..].rotate_left(iterable_errors - errors);
        }
        if frame.coroutine && !later {
            self.async_comprehension(whole, if inlined { iterable_errors } else { errors });
        }
    }

    /// Opens the loop whose target is bound by the events from `start` on; what was before is not part of it.
    pub(crate) fn open_loop(&mut self, start: usize, flags: u8, guard: u8, statement: u32) {
        use crate::flow::event::Event;
        if self.mute == 0 {
            let head = [
                Event { op: Op::Loop, flags, arg: statement, len: 0 },
                Event { op: Op::Guard, flags: guard, arg: 0, len: 0 },
            ];
            self.scratch.events.splice(start..start, head);
        }
    }

    fn yield_expr(&mut self, whole: Span, value: Option<&'a Expr>, from: bool) {
        self.forbid_in_annotation("yield expression", whole);
        if !self.kind().is_comprehension() {
            self.check_yield(whole, from);
        }
        self.optional(value);
        self.emit_point();
        self.frame_mut().generator = true;
        if !self.dialect.yield_refused_behind_comprehension {
            self.refuse_yield_in_comprehension(whole);
        }
    }

    fn refuse_yield_in_comprehension(&mut self, node: Span) {
        let what = match self.kind() {
            ScopeKind::ListComp => "list comprehension",
            ScopeKind::SetComp => "set comprehension",
            ScopeKind::DictComp => "dict comprehension",
            ScopeKind::GenExpr => "generator expression",
            _ => return,
        };
        self.error_at_or_block(format!("'yield' inside {what}"), node);
    }

    fn await_expr(&mut self, whole: Span) {
        self.forbid_in_annotation("await expression", whole);
        self.check_await(whole);
    }
}

/// Name of the table of a comprehension.
fn comprehension_name(kind: ScopeKind, bracketed: bool) -> &'static str {
    match (kind, bracketed) {
        (ScopeKind::ListComp, false) => "listcomp",
        (ScopeKind::SetComp, false) => "setcomp",
        (ScopeKind::DictComp, false) => "dictcomp",
        (ScopeKind::ListComp, true) => "<listcomp>",
        (ScopeKind::SetComp, true) => "<setcomp>",
        (ScopeKind::DictComp, true) => "<dictcomp>",
        (_, false) => "genexpr",
        (_, true) => "<genexpr>",
    }
}

/// Whether a loop over this runs at least once: a display with members, a text, `range` of a positive literal.
pub(crate) fn never_empty(iterable: &Expr) -> bool {
    match iterable {
        Expr::Tuple(tuple) => has_member(&tuple.elts),
        Expr::List(list) => has_member(&list.elts),
        Expr::Set(set) => has_member(&set.elts),
        Expr::Dict(dict) => dict.items.iter().any(|item| item.key.is_some()),
        Expr::StringLiteral(text) => !text.value.is_empty(),
        Expr::Call(call) => {
            let is_range = matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "range");
            let ends: Option<Vec<u64>> = call.arguments.args.iter().map(int).collect();
            is_range
                && match ends.as_deref() {
                    Some([stop]) => *stop > 0,
                    Some([start, stop]) => start < stop,
                    Some([start, stop, step]) => start < stop && *step > 0,
                    _ => false,
                }
        }
        _ => false,
    }
}

fn has_member(elements: &[Expr]) -> bool {
    elements.iter().any(|element| !matches!(element, Expr::Starred(_)))
}
