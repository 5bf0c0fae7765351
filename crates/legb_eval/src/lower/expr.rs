//! Expressions.

use std::sync::Arc;

use legb_syntax::Ranged;
use legb_syntax::ast::{
    self, BoolOp, CmpOp, ConversionFlag, DictItem, Expr, ExprCall, ExprCompare, ExprFString, FStringPart,
    InterpolatedStringElement, Number, Operator,
};
use num_bigint::BigInt;

use super::Lowerer;
use crate::program::{BinaryOp, Comparison, Conversion, Op, UnaryOp};
use crate::value::Value;

/// The operator as the machine knows it.
pub(super) const fn binary(op: Operator) -> BinaryOp {
    match op {
        Operator::Add => BinaryOp::Add,
        Operator::Sub => BinaryOp::Sub,
        Operator::Mult => BinaryOp::Mul,
        Operator::MatMult => BinaryOp::MatMul,
        Operator::Div => BinaryOp::Div,
        Operator::Mod => BinaryOp::Mod,
        Operator::Pow => BinaryOp::Pow,
        Operator::LShift => BinaryOp::LShift,
        Operator::RShift => BinaryOp::RShift,
        Operator::BitOr => BinaryOp::Or,
        Operator::BitXor => BinaryOp::Xor,
        Operator::BitAnd => BinaryOp::And,
        Operator::FloorDiv => BinaryOp::FloorDiv,
    }
}

const fn comparison(op: CmpOp) -> Op {
    match op {
        CmpOp::Eq => Op::Compare(Comparison::Eq),
        CmpOp::NotEq => Op::Compare(Comparison::Ne),
        CmpOp::Lt => Op::Compare(Comparison::Lt),
        CmpOp::LtE => Op::Compare(Comparison::Le),
        CmpOp::Gt => Op::Compare(Comparison::Gt),
        CmpOp::GtE => Op::Compare(Comparison::Ge),
        CmpOp::Is => Op::Is(false),
        CmpOp::IsNot => Op::Is(true),
        CmpOp::In => Op::Contains(false),
        CmpOp::NotIn => Op::Contains(true),
    }
}

pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl<'a> Lowerer<'a> {
    /// `→ value`
    pub(super) fn expr(&mut self, expr: &'a Expr) {
        self.at(expr);
        match expr {
            Expr::BoolOp(e) => self.bool_op(e.op, &e.values),
            Expr::Named(e) => {
                self.expr(&e.value);
                self.emit(Op::Dup);
                self.target(&e.target);
            }
            Expr::BinOp(e) => {
                self.expr(&e.left);
                self.expr(&e.right);
                self.at(expr);
                self.emit(Op::Binary(binary(e.op)));
            }
            Expr::UnaryOp(e) => {
                self.expr(&e.operand);
                self.at(expr);
                self.emit(match e.op {
                    ast::UnaryOp::Invert => Op::Unary(UnaryOp::Invert),
                    ast::UnaryOp::Not => Op::Not,
                    ast::UnaryOp::UAdd => Op::Unary(UnaryOp::Pos),
                    ast::UnaryOp::USub => Op::Unary(UnaryOp::Neg),
                });
            }
            Expr::Lambda(e) => self.lambda(e),
            Expr::If(e) => {
                let (other, end) = (self.label(), self.label());
                self.condition(&e.test, other, false);
                self.expr(&e.body);
                self.emit(Op::Jump(end.0));
                self.place(other);
                self.expr(&e.orelse);
                self.place(end);
            }
            Expr::Dict(e) => self.dict(&e.items),
            Expr::Set(e) => self.items(&e.elts, Op::BuildSet, Op::SetAdd(1), Op::SetUpdate(1)),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => self.comprehension(expr),
            Expr::Await(e) => {
                self.expr(&e.value);
                self.at(expr);
                self.await_();
            }
            Expr::Yield(e) => {
                match &e.value {
                    Some(value) => self.expr(value),
                    None => self.constant(Value::None),
                }
                self.emit(Op::Yield);
            }
            Expr::YieldFrom(e) => {
                self.expr(&e.value);
                self.emit(Op::GetYieldFromIter);
                self.emit(Op::YieldFrom);
            }
            Expr::Compare(e) => self.compare(e),
            Expr::Call(e) => self.call(e),
            Expr::FString(e) => self.fstring(e),
            Expr::TString(_) => self.opaque("template strings are not modelled", 0, false),
            Expr::StringLiteral(e) => self.constant(Value::str(e.value.to_str())),
            Expr::BytesLiteral(e) => {
                let bytes: Vec<u8> = e.value.iter().flat_map(|part| part.as_slice().iter().copied()).collect();
                self.constant(Value::Bytes(bytes.into()));
            }
            Expr::NumberLiteral(e) => self.number(&e.value),
            Expr::BooleanLiteral(e) => self.constant(Value::Bool(e.value)),
            Expr::NoneLiteral(_) => self.constant(Value::None),
            Expr::EllipsisLiteral(_) => self.constant(Value::Ellipsis),
            Expr::Attribute(e) => {
                self.expr(&e.value);
                let name = self.mangled(&e.attr);
                let name = self.name_index(&name);
                self.at(expr);
                self.emit(Op::LoadAttr(name));
            }
            Expr::Subscript(e) => {
                self.expr(&e.value);
                self.expr(&e.slice);
                self.at(expr);
                self.emit(Op::Subscript);
            }
            Expr::Starred(e) => {
                // Only `x[*a]` comes here: the index is a tuple.
                self.emit(Op::BuildList(0));
                self.expr(&e.value);
                self.emit(Op::ListExtend(1));
                self.emit(Op::ListToTuple);
            }
            Expr::Name(e) => self.load(&e.id, e.range()),
            Expr::List(e) => self.items(&e.elts, Op::BuildList, Op::ListAppend(1), Op::ListExtend(1)),
            Expr::Tuple(e) => {
                if e.elts.iter().any(Expr::is_starred_expr) {
                    self.items(&e.elts, Op::BuildList, Op::ListAppend(1), Op::ListExtend(1));
                    self.emit(Op::ListToTuple);
                } else {
                    self.items(&e.elts, Op::BuildTuple, Op::ListAppend(1), Op::ListExtend(1));
                }
            }
            Expr::Slice(e) => {
                let mut parts = 2;
                for part in [&e.lower, &e.upper] {
                    match part {
                        Some(part) => self.expr(part),
                        None => self.constant(Value::None),
                    }
                }
                if let Some(step) = &e.step {
                    self.expr(step);
                    parts = 3;
                }
                self.emit(Op::BuildSlice(parts));
            }
            Expr::IpyEscapeCommand(_) => self.opaque("IPython commands are not modelled", 0, true),
        }
    }

    fn number(&mut self, number: &Number) {
        let value = match number {
            Number::Int(int) => match int.as_i64() {
                Some(value) => Value::Int(value),
                None => Value::int(big(&int.to_string())),
            },
            Number::Float(value) => Value::Float(*value),
            Number::Complex { .. } => {
                self.opaque("complex numbers are not modelled", 0, false);
                return;
            }
        };
        self.constant(value);
    }

    fn bool_op(&mut self, op: BoolOp, values: &'a [Expr]) {
        let end = self.label();
        let Some((last, first)) = values.split_last() else { return };
        for value in first {
            self.expr(value);
            self.at(value);
            self.emit(if op == BoolOp::Or { Op::JumpIfTrueOrPop(end.0) } else { Op::JumpIfFalseOrPop(end.0) });
        }
        self.expr(last);
        self.place(end);
    }

    fn compare(&mut self, e: &'a ExprCompare) {
        self.expr(&e.left);
        let last = e.ops.len() - 1;
        let (fail, end) = (self.label(), self.label());
        for (i, (op, right)) in e.ops.iter().zip(&e.comparators).enumerate() {
            self.expr(right);
            if i < last {
                // a b → b a b
                self.emit(Op::Dup);
                self.emit(Op::Rot3);
            }
            self.at(e);
            self.emit(comparison(*op));
            if i < last {
                self.emit(Op::JumpIfFalseOrPop(fail.0));
            }
        }
        if last > 0 {
            self.emit(Op::Jump(end.0));
            self.place(fail);
            self.emit(Op::Swap);
            self.emit(Op::Pop);
            self.place(end);
        }
    }

    fn items(&mut self, elts: &'a [Expr], build: fn(u32) -> Op, add: Op, extend: Op) {
        let Some(star) = elts.iter().position(Expr::is_starred_expr) else {
            for elt in elts {
                self.expr(elt);
            }
            self.emit(build(count(elts.len())));
            return;
        };
        if self.words.unpacks_last {
            self.items_then_unpacked(elts, build, add, extend);
            return;
        }
        elts[..star].iter().for_each(|elt| self.expr(elt));
        self.emit(build(count(star)));
        for elt in &elts[star..] {
            match elt {
                Expr::Starred(e) => {
                    self.expr(&e.value);
                    self.emit(extend);
                }
                _ => {
                    self.expr(elt);
                    self.emit(add);
                }
            }
        }
    }

    /// Evaluates all parts of a display before any is unpacked.
    fn items_then_unpacked(&mut self, elts: &'a [Expr], build: fn(u32) -> Op, add: Op, extend: Op) {
        let mut parts = Vec::new();
        for elt in elts {
            let (value, op) = match elt {
                Expr::Starred(e) => (&*e.value, extend),
                _ => (elt, add),
            };
            self.expr(value);
            let temp = self.temp();
            self.emit(Op::StoreTemp(temp));
            parts.push((temp, op));
        }
        self.emit(build(0));
        for (temp, op) in parts {
            self.emit(Op::LoadTemp(temp));
            self.emit(op);
        }
    }

    /// The same for a dictionary, whose pairs are put together group by group.
    fn dict_then_unpacked(&mut self, items: &'a [DictItem]) {
        let mut parts = Vec::new();
        for group in items.chunk_by(|a, b| a.key.is_some() && b.key.is_some()) {
            for item in group {
                if let Some(key) = &item.key {
                    self.expr(key);
                }
                self.expr(&item.value);
            }
            if group[0].key.is_some() {
                self.emit(Op::BuildDict(count(group.len())));
            }
            let temp = self.temp();
            self.emit(Op::StoreTemp(temp));
            parts.push(temp);
        }
        self.emit(Op::BuildDict(0));
        for temp in parts {
            self.emit(Op::LoadTemp(temp));
            self.emit(Op::DictUpdate(1));
        }
    }

    fn dict(&mut self, items: &'a [DictItem]) {
        if self.words.unpacks_last && items.iter().any(|item| item.key.is_none()) {
            self.dict_then_unpacked(items);
            return;
        }
        let plain = items.iter().take_while(|item| item.key.is_some()).count();
        for item in &items[..plain] {
            if let Some(key) = &item.key {
                self.expr(key);
                self.expr(&item.value);
            }
        }
        self.emit(Op::BuildDict(count(plain)));
        for item in &items[plain..] {
            match &item.key {
                Some(key) => {
                    self.expr(key);
                    self.expr(&item.value);
                    self.emit(Op::MapAdd(2));
                }
                None => {
                    self.expr(&item.value);
                    self.emit(Op::DictUpdate(1));
                }
            }
        }
    }

    fn call(&mut self, e: &'a ExprCall) {
        self.expr(&e.func);
        let spread = e.arguments.args.iter().any(Expr::is_starred_expr)
            || e.arguments.keywords.iter().any(|keyword| keyword.arg.is_none());
        if spread {
            match &*e.arguments.args {
                // What stands alone is iterated by the call itself.
                [Expr::Starred(only)] => {
                    self.expr(&only.value);
                    self.keywords_as_container(&e.arguments);
                }
                _ => self.arguments_as_containers(&e.arguments),
            }
            self.at(e);
            self.emit(Op::CallSpread { keywords: !e.arguments.keywords.is_empty() });
            return;
        }
        e.arguments.args.iter().for_each(|argument| self.expr(argument));
        let mut names: Vec<Arc<str>> = Vec::new();
        for keyword in &e.arguments.keywords {
            self.expr(&keyword.value);
            names.extend(keyword.arg.as_ref().map(|name| Arc::from(name.as_str())));
        }
        let positional = count(e.arguments.args.len());
        let keywords = (!names.is_empty()).then(|| self.name_list(names));
        self.at(e);
        self.emit(Op::Call { positional, keywords });
    }

    /// `→ list dict`, without the dictionary if there are no keywords.
    pub(super) fn arguments_as_containers(&mut self, arguments: &'a ast::Arguments) {
        self.items(&arguments.args, Op::BuildList, Op::ListAppend(1), Op::ListExtend(1));
        self.keywords_as_container(arguments);
    }

    fn keywords_as_container(&mut self, arguments: &'a ast::Arguments) {
        if arguments.keywords.is_empty() {
            return;
        }
        self.emit(Op::BuildDict(0));
        for keyword in &arguments.keywords {
            match &keyword.arg {
                Some(name) => {
                    self.constant(Value::str(name.as_str()));
                    self.expr(&keyword.value);
                    self.emit(Op::BuildDict(1));
                }
                None => self.expr(&keyword.value),
            }
            self.emit(Op::DictMerge(1));
        }
    }

    fn fstring(&mut self, e: &'a ExprFString) {
        let mut parts = 0;
        for part in e.value.as_slice() {
            match part {
                FStringPart::Literal(literal) => {
                    self.constant(Value::str(literal.as_str()));
                    parts += 1;
                }
                FStringPart::FString(f) => parts += self.interpolated(&f.elements),
            }
        }
        self.at(e);
        self.emit(Op::BuildString(parts));
    }

    /// `→ texts`; how many.
    fn interpolated(&mut self, elements: &'a ast::InterpolatedStringElements) -> u32 {
        let mut parts = 0;
        for element in elements {
            parts += 1;
            match element {
                InterpolatedStringElement::Literal(literal) => self.constant(Value::str(&*literal.value)),
                InterpolatedStringElement::Interpolation(field) => {
                    if let Some(debug) = &field.debug_text {
                        let source = &self.unit.text[field.expression.range()];
                        let text = format!("{}{source}{}", debug.leading(), debug.trailing());
                        self.constant(Value::str(text));
                        parts += 1;
                    }
                    self.expr(&field.expression);
                    let spec = field.format_spec.as_deref();
                    if let Some(spec) = spec {
                        let inner = self.interpolated(&spec.elements);
                        self.emit(Op::BuildString(inner));
                    }
                    let conversion = match field.conversion {
                        ConversionFlag::Str => Conversion::Str,
                        ConversionFlag::Ascii => Conversion::Ascii,
                        ConversionFlag::Repr => Conversion::Repr,
                        ConversionFlag::None if field.debug_text.is_some() && spec.is_none() => Conversion::Repr,
                        ConversionFlag::None => Conversion::None,
                    };
                    self.at(&*field.expression);
                    self.emit(Op::Format { conversion, spec: spec.is_some() });
                }
            }
        }
        parts
    }
}

/// An integer literal that does not fit into 64 bits, as the parser keeps it: its text.
fn big(text: &str) -> BigInt {
    let text = text.replace('_', "");
    let radix = match text.get(..2) {
        Some("0x" | "0X") => 16,
        Some("0o" | "0O") => 8,
        Some("0b" | "0B") => 2,
        _ => 10,
    };
    let digits = if radix == 10 { &text[..] } else { &text[2..] };
    BigInt::parse_bytes(digits.as_bytes(), radix).unwrap_or_default()
}
