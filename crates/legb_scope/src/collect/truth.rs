//! Tests whose outcome is known before the program runs.
//!
//! Constants, `__debug__` (true unless Python runs with `-O`), `TYPE_CHECKING`, and comparisons of `sys.version_info`
//! with literals, decided for the target version. Everything else is open.

use legb_base::Dialect;
use legb_syntax::ast::{BoolOp, CmpOp, Expr, Number, UnaryOp};

/// What is known of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    True,
    False,
    /// False at run time, true for type checkers.
    TypeChecking,
    Open,
}

impl Truth {
    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            // The other arm is the one that runs; nothing more is claimed about it.
            Self::TypeChecking | Self::Open => Self::Open,
        }
    }
}

/// What is known of a test for a target version.
pub(crate) fn truth(test: &Expr, dialect: &Dialect) -> Truth {
    match test {
        Expr::BooleanLiteral(literal) => known(literal.value),
        Expr::NoneLiteral(_) => Truth::False,
        Expr::EllipsisLiteral(_) => Truth::True,
        Expr::NumberLiteral(number) => match &number.value {
            Number::Int(value) => known(value.as_u64() != Some(0)),
            Number::Float(value) => known(*value != 0.0),
            Number::Complex { .. } => Truth::Open,
        },
        Expr::StringLiteral(text) => known(!text.value.is_empty()),
        Expr::Tuple(tuple) if tuple.elts.is_empty() => Truth::False,
        Expr::Name(name) => match name.id.as_str() {
            "__debug__" => Truth::True,
            "TYPE_CHECKING" => Truth::TypeChecking,
            _ => Truth::Open,
        },
        Expr::Attribute(attribute) if attribute.attr.as_str() == "TYPE_CHECKING" => Truth::TypeChecking,
        Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => truth(&unary.operand, dialect).not(),
        Expr::BoolOp(operation) => {
            let (decides, otherwise) = match operation.op {
                BoolOp::And => (Truth::False, Truth::True),
                BoolOp::Or => (Truth::True, Truth::False),
            };
            let mut all = otherwise;
            for value in &operation.values {
                match truth(value, dialect) {
                    t if t == decides => return decides,
                    t if t == otherwise => {}
                    Truth::TypeChecking if operation.op == BoolOp::And => return Truth::TypeChecking,
                    _ => all = Truth::Open,
                }
            }
            all
        }
        Expr::Compare(compare) => match (&*compare.ops, &*compare.comparators) {
            ([op], [right]) => version_test(&compare.left, *op, right, dialect),
            _ => Truth::Open,
        },
        _ => Truth::Open,
    }
}

fn known(holds: bool) -> Truth {
    if holds { Truth::True } else { Truth::False }
}

/// `sys.version_info OP (3, N)`, `sys.version_info[0] OP 3`, `sys.version_info[:2] OP (3, N)` and the attributes.
fn version_test(left: &Expr, op: CmpOp, right: &Expr, dialect: &Dialect) -> Truth {
    let minor = u64::from(dialect.version.minor());
    match left {
        _ if is_version_info(left) => match int_tuple(right) {
            // A longer tuple asks for the micro version, which is not known.
            Some(wanted) if wanted.len() <= 1 || wanted.get(..2) != Some(&[3, minor]) => {
                compare_tuples(minor, &wanted, op)
            }
            // The real value is longer than `(3, minor)`, hence greater, and never equal.
            Some(wanted) if wanted.len() == 2 => match op {
                CmpOp::GtE | CmpOp::Gt | CmpOp::NotEq => Truth::True,
                CmpOp::Lt | CmpOp::LtE | CmpOp::Eq => Truth::False,
                _ => Truth::Open,
            },
            _ => Truth::Open,
        },
        Expr::Subscript(subscript) if is_version_info(&subscript.value) => match (&*subscript.slice, int(right)) {
            (index, Some(wanted)) if int(index) == Some(0) => compare(3, wanted, op),
            (index, Some(wanted)) if int(index) == Some(1) => compare(minor, wanted, op),
            (Expr::Slice(slice), _) if slice.lower.is_none() && slice.step.is_none() => {
                match (slice.upper.as_deref().and_then(int), int_tuple(right)) {
                    (Some(2), Some(wanted)) => compare_ordering([3, minor].as_slice().cmp(&wanted), op),
                    (Some(1), Some(wanted)) => compare_ordering([3].as_slice().cmp(&wanted), op),
                    _ => Truth::Open,
                }
            }
            _ => Truth::Open,
        },
        Expr::Attribute(attribute) if is_version_info(&attribute.value) => {
            match (attribute.attr.as_str(), int(right)) {
                ("major", Some(wanted)) => compare(3, wanted, op),
                ("minor", Some(wanted)) => compare(minor, wanted, op),
                _ => Truth::Open,
            }
        }
        _ => Truth::Open,
    }
}

fn is_version_info(expr: &Expr) -> bool {
    match expr {
        Expr::Attribute(attribute) => {
            attribute.attr.as_str() == "version_info"
                && matches!(&*attribute.value, Expr::Name(name) if name.id.as_str() == "sys")
        }
        Expr::Name(name) => name.id.as_str() == "version_info",
        _ => false,
    }
}

/// The value of a literal whole number.
pub(crate) fn int(expr: &Expr) -> Option<u64> {
    match expr {
        Expr::NumberLiteral(number) => match &number.value {
            Number::Int(value) => value.as_u64(),
            _ => None,
        },
        _ => None,
    }
}

fn int_tuple(expr: &Expr) -> Option<Vec<u64>> {
    match expr {
        Expr::Tuple(tuple) => tuple.elts.iter().map(int).collect(),
        _ => None,
    }
}

fn compare_tuples(minor: u64, wanted: &[u64], op: CmpOp) -> Truth {
    let shorter = wanted.len().min(2);
    match [3, minor][..shorter].cmp(&wanted[..shorter]) {
        // Equal so far and more to come on our side: greater.
        std::cmp::Ordering::Equal => compare_ordering(std::cmp::Ordering::Greater, op),
        ordering => compare_ordering(ordering, op),
    }
}

fn compare(actual: u64, wanted: u64, op: CmpOp) -> Truth {
    compare_ordering(actual.cmp(&wanted), op)
}

fn compare_ordering(ordering: std::cmp::Ordering, op: CmpOp) -> Truth {
    match op {
        CmpOp::Eq => known(ordering.is_eq()),
        CmpOp::NotEq => known(ordering.is_ne()),
        CmpOp::Lt => known(ordering.is_lt()),
        CmpOp::LtE => known(ordering.is_le()),
        CmpOp::Gt => known(ordering.is_gt()),
        CmpOp::GtE => known(ordering.is_ge()),
        CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn => Truth::Open,
    }
}
