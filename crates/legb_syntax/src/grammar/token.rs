//! Tokens of CPython's grammar.

/// What a token is, as a small number: the kinds below, then the literals of [`LITERALS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Kind(u8);

impl Kind {
    pub(super) const END_MARKER: Self = Self(0);
    pub(super) const NAME: Self = Self(1);
    pub(super) const NUMBER: Self = Self(2);
    pub(super) const STRING: Self = Self(3);
    pub(super) const NEWLINE: Self = Self(4);
    pub(super) const INDENT: Self = Self(5);
    pub(super) const DEDENT: Self = Self(6);
    pub(super) const FSTRING_START: Self = Self(7);
    pub(super) const FSTRING_MIDDLE: Self = Self(8);
    pub(super) const FSTRING_END: Self = Self(9);
    pub(super) const TSTRING_START: Self = Self(10);
    pub(super) const TSTRING_MIDDLE: Self = Self(11);
    pub(super) const TSTRING_END: Self = Self(12);
    /// A character that means nothing.
    pub(super) const UNKNOWN: Self = Self(13);
    pub(super) const ERROR: Self = Self(14);
    const FIRST_LITERAL: u8 = 16;

    /// The kind that a grammar calls `NAME`, `NUMBER` and so on.
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|&(_, kind)| kind)
    }

    /// The kind of an operator or keyword.
    pub(super) fn literal(text: &str) -> Option<Self> {
        let index = LITERALS.iter().position(|literal| *literal == text)?;
        Some(Self(Self::FIRST_LITERAL + u8::try_from(index).ok()?))
    }

    /// The text of an operator or keyword.
    pub(super) fn text(self) -> Option<&'static str> {
        LITERALS.get(usize::from(self.0.checked_sub(Self::FIRST_LITERAL)?)).copied()
    }

    /// Whether the token is none of `NEWLINE`, `INDENT`, `DEDENT` and the end: a node may end with it.
    pub(super) fn is_visible(self) -> bool {
        !matches!(self, Self::END_MARKER | Self::NEWLINE | Self::INDENT | Self::DEDENT)
    }
}

const NAMES: [(&str, Kind); 13] = [
    ("ENDMARKER", Kind::END_MARKER),
    ("NAME", Kind::NAME),
    ("NUMBER", Kind::NUMBER),
    ("STRING", Kind::STRING),
    ("NEWLINE", Kind::NEWLINE),
    ("INDENT", Kind::INDENT),
    ("DEDENT", Kind::DEDENT),
    ("FSTRING_START", Kind::FSTRING_START),
    ("FSTRING_MIDDLE", Kind::FSTRING_MIDDLE),
    ("FSTRING_END", Kind::FSTRING_END),
    ("TSTRING_START", Kind::TSTRING_START),
    ("TSTRING_MIDDLE", Kind::TSTRING_MIDDLE),
    ("TSTRING_END", Kind::TSTRING_END),
];

/// Operators, longest first, then keywords.
pub(super) const LITERALS: [&str; 85] = [
    "**=",
    "//=",
    ">>=",
    "<<=",
    "...",
    "!=",
    "<>",
    "==",
    "<=",
    ">=",
    "->",
    "+=",
    "-=",
    "*=",
    "/=",
    "%=",
    "&=",
    "|=",
    "^=",
    "@=",
    "**",
    "//",
    "<<",
    ">>",
    ":=",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ";",
    "+",
    "-",
    "*",
    "/",
    "|",
    "&",
    "<",
    ">",
    "=",
    ".",
    "%",
    "~",
    "^",
    "@",
    "!",
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "__peg_parser__",
];

/// How many of [`LITERALS`] are operators.
pub(super) const OPERATORS: usize = 49;

/// A token with its place. Columns are in bytes from 0, and absent where CPython's tokenizer gives none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Offset of the first byte in the source.
    pub(super) start: usize,
    /// Offset behind the last byte.
    pub(super) end: usize,
    pub(super) line: usize,
    pub(super) column: Option<usize>,
    pub(super) end_line: usize,
    pub(super) end_column: Option<usize>,
    /// Open brackets behind the token.
    pub(super) level: usize,
}
