//! What the parser built: just enough of a tree to say what is wrong with it.

/// Index of a node.
pub(super) type NodeId = usize;

/// The node that stands for an optional item that is not there.
pub(super) const ABSENT: NodeId = 0;

/// What a node is. Expressions are told apart as far as messages do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// Nothing, a list of repeated items, or a sequence of items without a name.
    List,
    Token,
    Name,
    Number,
    Str,
    FString,
    TString,
    True,
    False,
    None,
    Ellipsis,
    Attribute,
    Subscript,
    Call,
    Starred,
    NamedExpr,
    Tuple,
    ListDisplay,
    Set,
    Dict,
    ListComp,
    SetComp,
    DictComp,
    Generator,
    Lambda,
    Operator,
    Compare,
    Conditional,
    Await,
    Yield,
    /// `for … in … if …` of a comprehension: the iterable and the conditions.
    Clause,
    /// `name=value`, `**value` in a call.
    Keyword,
    DoubleStar,
    /// Anything else that has a place.
    Other,
    // What only the checks of 3.8 tell apart.
    /// An expression with the parentheses around it.
    Span,
    AnnAssign,
    AugAssign,
    Assign,
    Delete,
    ForTargets,
    WithTarget,
    /// Names behind `from … import` that end with a comma.
    FromNames,
    Params,
    Param,
    Arguments,
    ClassArguments,
    Positional,
    GeneratorArgument,
    /// A name that is bound where it stands.
    Bound,
    Class,
}

const KINDS: [(&str, NodeKind); 49] = [
    ("Name", NodeKind::Name),
    ("Number", NodeKind::Number),
    ("Str", NodeKind::Str),
    ("FString", NodeKind::FString),
    ("TString", NodeKind::TString),
    ("True", NodeKind::True),
    ("False", NodeKind::False),
    ("None", NodeKind::None),
    ("Ellipsis", NodeKind::Ellipsis),
    ("Attribute", NodeKind::Attribute),
    ("Subscript", NodeKind::Subscript),
    ("Call", NodeKind::Call),
    ("Starred", NodeKind::Starred),
    ("NamedExpr", NodeKind::NamedExpr),
    ("Tuple", NodeKind::Tuple),
    ("List", NodeKind::ListDisplay),
    ("Set", NodeKind::Set),
    ("Dict", NodeKind::Dict),
    ("ListComp", NodeKind::ListComp),
    ("SetComp", NodeKind::SetComp),
    ("DictComp", NodeKind::DictComp),
    ("Generator", NodeKind::Generator),
    ("Lambda", NodeKind::Lambda),
    ("Operator", NodeKind::Operator),
    ("Compare", NodeKind::Compare),
    ("Conditional", NodeKind::Conditional),
    ("Await", NodeKind::Await),
    ("Yield", NodeKind::Yield),
    ("Clause", NodeKind::Clause),
    ("Keyword", NodeKind::Keyword),
    ("DoubleStar", NodeKind::DoubleStar),
    ("Other", NodeKind::Other),
    ("Sequence", NodeKind::List),
    ("Span", NodeKind::Span),
    ("AnnAssign", NodeKind::AnnAssign),
    ("AugAssign", NodeKind::AugAssign),
    ("Assign", NodeKind::Assign),
    ("Delete", NodeKind::Delete),
    ("ForTargets", NodeKind::ForTargets),
    ("WithTarget", NodeKind::WithTarget),
    ("FromNames", NodeKind::FromNames),
    ("Params", NodeKind::Params),
    ("Param", NodeKind::Param),
    ("Arguments", NodeKind::Arguments),
    ("ClassArguments", NodeKind::ClassArguments),
    ("Positional", NodeKind::Positional),
    ("GeneratorArgument", NodeKind::GeneratorArgument),
    ("Bound", NodeKind::Bound),
    ("Class", NodeKind::Class),
];

impl NodeKind {
    /// The kind that a grammar calls by this name.
    pub(super) fn named(name: &str) -> Self {
        KINDS.iter().find(|(known, _)| *known == name).map_or(Self::Other, |&(_, kind)| kind)
    }

    /// How messages call an expression of this kind.
    pub(super) fn described(self, operators_are_expressions: bool) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Number | Self::Str => "literal",
            Self::FString => "f-string expression",
            Self::TString => "t-string expression",
            Self::True => "True",
            Self::False => "False",
            Self::None => "None",
            Self::Ellipsis if operators_are_expressions => "ellipsis",
            Self::Ellipsis => "Ellipsis",
            Self::Attribute => "attribute",
            Self::Subscript => "subscript",
            Self::Call => "function call",
            Self::Starred => "starred",
            Self::NamedExpr => "named expression",
            Self::Tuple => "tuple",
            Self::ListDisplay => "list",
            Self::Set => "set display",
            Self::Dict if operators_are_expressions => "dict literal",
            Self::Dict => "dict display",
            Self::ListComp => "list comprehension",
            Self::SetComp => "set comprehension",
            Self::DictComp => "dict comprehension",
            Self::Generator => "generator expression",
            Self::Lambda => "lambda",
            Self::Operator if operators_are_expressions => "expression",
            Self::Operator => "operator",
            Self::Compare => "comparison",
            Self::Conditional => "conditional expression",
            Self::Await => "await expression",
            Self::Yield => "yield expression",
            _ => "expression",
        }
    }
}

/// A part of the source that a rule matched: tokens from `first` to `last`, both included, and its children.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) children: (usize, usize),
}
