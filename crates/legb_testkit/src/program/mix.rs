//! How often does each choice come up? Every weight and percentage of the generator, to tune it in one place.
//!
//! Weights are relative to their own table. What a version cannot parse, and what would be an error where errors are not
//! wanted, is replaced by something simpler after it was drawn.

/// Percentage of programs that are meant to be wrong.
pub(super) const WRONG_PROGRAMS: usize = 30;
/// Of these, percentage with a second provocation.
pub(super) const SECOND_PROVOCATION: usize = 15;
/// While a program owes a provocation: percentage of statements replaced by one from the table.
pub(super) const PROVOKE_HERE: usize = 9;
/// While a program owes a provocation: percentage of illegal choices that are let through.
pub(super) const SLIP: usize = 30;
/// Percentage of statements that are legal curiosities from the table.
pub(super) const CURIOSITY: usize = 3;

/// The fewest and the most lines of a program.
pub(super) const LENGTH: (usize, usize) = (5, 40);
/// Lines a program aims at, from and to; what is open then is closed with few more.
pub(super) const AIM: (usize, usize) = (5, 27);
/// How many names a program draws its names from.
pub(super) const POOL: (usize, usize) = (4, 8);
/// Blocks inside each other, at most.
pub(super) const DEPTH: usize = 5;
/// Expressions inside each other, at most.
pub(super) const EXPRESSION_DEPTH: usize = 3;

/// Percentages of optional parts.
pub(super) const FUTURE_IMPORT: usize = 10;
pub(super) const DOCSTRING: usize = 6;
pub(super) const DECLARE_FIRST: usize = 35;
pub(super) const DECORATOR: usize = 15;
pub(super) const TYPE_PARAMETERS: usize = 25;
pub(super) const ASYNC_FUNCTION: usize = 22;
pub(super) const ASYNC_GENERATOR: usize = 40;
pub(super) const ANNOTATION: usize = 30;
pub(super) const DEFAULT: usize = 30;
pub(super) const LOOP_ELSE: usize = 20;
pub(super) const ASYNC_CLAUSE: usize = 30;
pub(super) const ASYNC_STATEMENT: usize = 40;
pub(super) const ONE_LINE: usize = 12;
pub(super) const SEMICOLON: usize = 6;
pub(super) const LINE_BREAK: usize = 4;

/// Kinds of statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    Expression,
    Assign,
    Augmented,
    Annotated,
    Delete,
    Import,
    Global,
    Nonlocal,
    Jump,
    Alias,
    Pass,
    If,
    For,
    While,
    Try,
    With,
    Match,
    Def,
    Class,
}

/// Statements of one line.
pub(super) const SIMPLE: &[(usize, Statement)] = &[
    (20, Statement::Expression),
    (18, Statement::Assign),
    (6, Statement::Augmented),
    (10, Statement::Annotated),
    (6, Statement::Delete),
    (8, Statement::Import),
    (5, Statement::Global),
    (5, Statement::Nonlocal),
    (9, Statement::Jump),
    (5, Statement::Alias),
    (2, Statement::Pass),
];

/// Statements with blocks.
pub(super) const COMPOUND: &[(usize, Statement)] = &[
    (7, Statement::If),
    (7, Statement::For),
    (4, Statement::While),
    (7, Statement::Try),
    (5, Statement::With),
    (6, Statement::Match),
    (26, Statement::Def),
    (18, Statement::Class),
];

/// Percentage of statements with blocks, where there is room for one: on the module's own level, and inside.
pub(super) const COMPOUND_SHARE: (usize, usize) = (60, 40);

/// Kinds of expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    Name,
    Constant,
    Call,
    Attribute,
    Subscript,
    Operator,
    Conditional,
    Display,
    Lambda,
    Comprehension,
    Walrus,
    Await,
    Yield,
    Super,
    Interpolated,
}

/// Expressions.
pub(super) const EXPRESSIONS: &[(usize, Expression)] = &[
    (30, Expression::Name),
    (7, Expression::Constant),
    (10, Expression::Call),
    (5, Expression::Attribute),
    (4, Expression::Subscript),
    (7, Expression::Operator),
    (3, Expression::Conditional),
    (6, Expression::Display),
    (12, Expression::Lambda),
    (22, Expression::Comprehension),
    (9, Expression::Walrus),
    (5, Expression::Await),
    (5, Expression::Yield),
    (3, Expression::Super),
    (6, Expression::Interpolated),
];

/// Names, and how readily a program takes each into its pool.
pub(super) const NAMES: &[(usize, &str)] = &[
    (30, "a"),
    (30, "b"),
    (25, "c"),
    (30, "x"),
    (25, "y"),
    (14, "f"),
    (8, "g"),
    (14, "C"),
    (8, "T"),
    (4, "U"),
    (16, "__p"),
    (10, "_C__p"),
    (4, "__q"),
    (3, "_A__p"),
    (2, "__x__"),
    (4, "_"),
    (2, "__"),
    (5, "self"),
    (4, "top"),
    (3, "genexpr"),
    (3, "listcomp"),
    (3, "super"),
    (3, "__class__"),
    (2, "__classdict__"),
    (1, "__conditional_annotations__"),
    (1, "__annotate__"),
    (1, "__type_params__"),
    (1, "__annotations__"),
    (2, "int"),
    (1, "match"),
    (1, "type"),
    (1, "lazy"),
    (2, "\u{e9}"),
    (2, "\u{fb01}"),
    (2, "fi"),
    (2, "\u{aa}"),
    (2, "\u{ff58}"),
    (1, "\u{b5}"),
    (2, "__\u{ff50}"),
];

/// Names of classes that are not drawn from the pool: they decide how private names are mangled.
pub(super) const CLASS_NAMES: &[(usize, &str)] =
    &[(12, "C"), (4, "A"), (3, "_A"), (2, "_"), (2, "__"), (1, "top"), (1, "__C"), (1, "C__"), (1, "\u{ff23}")];

/// Names of functions that are not drawn from the pool.
pub(super) const FUNCTION_NAMES: &[(usize, &str)] = &[
    (10, "f"),
    (8, "g"),
    (2, "top"),
    (1, "lambda_"),
    (2, "__p"),
    (1, "genexpr"),
    (1, "__init__"),
    (1, "__class_getitem__"),
];
