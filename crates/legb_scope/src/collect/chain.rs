//! Chains of `if` and `elif` that mean to name every case although they have no `else`.
//!
//! Two kinds: tests of one pair of operands whose operators leave nothing out (`a < b`, `a >= b`), and tests that tell the
//! values or types of one expression apart (`mode == "r"`, `mode == "w"`), where the values are checked elsewhere.

use legb_syntax::ast::{CmpOp, Expr, StmtIf, UnaryOp};
use legb_syntax::{Ranged, TextRange};

/// Whether some arm of a chain without `else` can be taken to run.
pub(crate) fn names_every_case(chain: &StmtIf, text: &str) -> bool {
    let rest = &chain.elif_else_clauses;
    if rest.is_empty() || rest.iter().any(|clause| clause.test.is_none()) {
        return false;
    }
    let tests: Vec<&Expr> =
        std::iter::once(&*chain.test).chain(rest.iter().filter_map(|clause| clause.test.as_ref())).collect();
    leaves_nothing_out(&tests, text) || tells_apart_one(&tests, text)
}

fn source(text: &str, range: TextRange) -> &str {
    text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or_default()
}

const LESS: u8 = 1;
const EQUAL: u8 = 2;
const GREATER: u8 = 4;

/// The outcomes of a three-way comparison for which a test holds, and its operands.
fn outcomes<'a>(test: &Expr, text: &'a str) -> Option<(&'a str, &'a str, u8)> {
    let Expr::Compare(compare) = test else { return None };
    let ([op], [right]) = (&*compare.ops, &*compare.comparators) else { return None };
    let set = match op {
        CmpOp::Lt => LESS,
        CmpOp::LtE => LESS | EQUAL,
        CmpOp::Gt => GREATER,
        CmpOp::GtE => GREATER | EQUAL,
        CmpOp::Eq | CmpOp::Is => EQUAL,
        CmpOp::NotEq | CmpOp::IsNot => LESS | GREATER,
        CmpOp::In | CmpOp::NotIn => return None,
    };
    Some((source(text, compare.left.range()), source(text, right.range()), set))
}

fn leaves_nothing_out(tests: &[&Expr], text: &str) -> bool {
    let Some(last) = tests.last() else { return false };
    if let Expr::UnaryOp(unary) = last
        && unary.op == UnaryOp::Not
    {
        let denied = source(text, unary.operand.range());
        return tests.iter().any(|test| source(text, test.range()) == denied);
    }
    let Some((left, right, mut covered)) = outcomes(last, text) else { return false };
    for (l, r, set) in tests.iter().filter_map(|test| outcomes(test, text)) {
        if (l, r) == (left, right) {
            covered |= set;
        } else if (l, r) == (right, left) {
            // Turned round: less becomes greater.
            covered |= set & EQUAL | (set & LESS) << 2 | (set & GREATER) >> 2;
        }
    }
    covered == LESS | EQUAL | GREATER
}

fn tells_apart_one(tests: &[&Expr], text: &str) -> bool {
    let mut subjects = tests.iter().map(|test| subject(test, text));
    let Some(Some(first)) = subjects.next() else { return false };
    subjects.all(|other| other == Some(first))
}

/// The expression whose value or type a test asks for.
fn subject<'a>(test: &Expr, text: &'a str) -> Option<&'a str> {
    match test {
        Expr::Compare(compare) => match (&*compare.ops, &*compare.comparators) {
            ([CmpOp::Eq | CmpOp::Is | CmpOp::In], [right]) => {
                let asked = if is_literal(&compare.left) { right } else { &compare.left };
                Some(source(text, asked.range()))
            }
            _ => None,
        },
        Expr::Call(call) => match (&*call.func, &*call.arguments.args) {
            (Expr::Name(name), [asked, _]) if matches!(name.id.as_str(), "isinstance" | "issubclass") => {
                Some(source(text, asked.range()))
            }
            (Expr::Attribute(method), _) if matches!(method.attr.as_str(), "startswith" | "endswith") => {
                Some(source(text, method.value.range()))
            }
            _ => None,
        },
        Expr::BoolOp(operation) => operation.values.first().and_then(|value| subject(value, text)),
        _ => None,
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::StringLiteral(_) | Expr::NumberLiteral(_) | Expr::NoneLiteral(_) | Expr::BooleanLiteral(_))
}
