//! Which files must be read again although the fast parser has nothing against them?
//!
//! The fast parser follows the newest grammar, with a list of what older versions lack. The list is not complete, and some
//! things that CPython refuses are no matter of grammar. Tokens show which files may contain such a thing; most do not.

use legb_base::Dialect;
use ruff_python_ast::token::{Token, TokenKind};
use ruff_text_size::Ranged;

use crate::dialect::SyntaxDialect;

/// Digits of an integer that make CPython refuse to convert it.
const MANY_DIGITS: usize = 4300;
/// Fields inside fields of one f-string that some version refuses.
const DEEP_FIELDS: usize = 3;

/// Whether the file may contain something that the fast parser lets through and the version does not.
pub(crate) fn is_suspect(text: &str, tokens: &[Token], dialect: &Dialect) -> bool {
    let syntax = SyntaxDialect::of(dialect);
    (syntax.checks_tree_at_end && memchr::memmem::find(text.as_bytes(), b"__debug__").is_some())
        || text.starts_with('\u{feff}')
        || has_long_number(text)
        || ((syntax.fast_parser_is_lenient || may_nest_fields(text)) && Scan::new(text, &syntax).finds(tokens))
}

/// Whether fields may stand in the format of fields that stand in the format of others.
fn may_nest_fields(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), b":{").nth(DEEP_FIELDS - 2).is_some()
}

/// Whether there is a run of [`MANY_DIGITS`] digits, underscores between them included. Every such run covers a whole window.
fn has_long_number(text: &str) -> bool {
    let step = MANY_DIGITS / 4;
    let bytes = text.as_bytes();
    let is_digit = |byte: &&u8| byte.is_ascii_digit() || **byte == b'_';
    bytes.iter().step_by(step).enumerate().any(|(sample, byte)| {
        byte.is_ascii_digit() && {
            let (before, behind) = bytes.split_at(sample * step);
            let run = behind.iter().take_while(is_digit).count();
            run >= step && run + before.iter().rev().take_while(is_digit).count() >= MANY_DIGITS
        }
    })
}

/// An open bracket or literal.
#[derive(Default)]
struct Open<'t> {
    kind: Option<TokenKind>,
    /// Replacement fields around this place in the same f-string.
    fields: usize,
    /// The bracket belongs to a `with` statement.
    of_with: bool,
    /// Names of the keyword arguments so far.
    keywords: Vec<&'t str>,
}

struct Scan<'t> {
    text: &'t str,
    syntax: &'t SyntaxDialect,
    open: Vec<Open<'t>>,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str, syntax: &'t SyntaxDialect) -> Self {
        Self { text, syntax, open: Vec::new() }
    }

    fn finds(&mut self, tokens: &[Token]) -> bool {
        let mut before = [TokenKind::Newline; 2];
        let mut name = "";
        for token in tokens {
            let kind = token.kind();
            if matches!(kind, TokenKind::Comment | TokenKind::NonLogicalNewline) {
                continue;
            }
            if self.is_telling(kind, before, name) {
                return true;
            }
            if kind == TokenKind::Name {
                name = &self.text[token.range()];
            }
            before = [before[1], kind];
        }
        false
    }

    /// Whether a token, behind two others, may be what the version refuses.
    fn is_telling(&mut self, kind: TokenKind, before: [TokenKind; 2], name: &'t str) -> bool {
        let inside = self.open.last().and_then(|open| open.kind);
        let starts_statement =
            matches!(before[1], TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent | TokenKind::Semi);
        match kind {
            TokenKind::Newline => self.open.clear(),
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::FStringStart | TokenKind::TStringStart => {
                let of_with = before[1] == TokenKind::With;
                self.open.push(Open { kind: Some(kind), of_with, ..Open::default() });
                // A decorator that is no dotted name.
                let starts_decorator = before[1] == TokenKind::At && !ends_line_before(before[0]);
                return kind == TokenKind::Lpar && self.syntax.checks_tree_at_end && starts_decorator;
            }
            TokenKind::Lbrace => {
                let fields = self.open.last().map_or(0, |open| match open.kind {
                    Some(TokenKind::FStringStart | TokenKind::TStringStart) => 1,
                    Some(TokenKind::Lbrace) if open.fields > 0 && before[1] != TokenKind::Lbrace => open.fields + 1,
                    _ => 0,
                });
                self.open.push(Open { kind: Some(kind), fields, ..Open::default() });
                return fields >= DEEP_FIELDS;
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd => {
                self.open.pop();
            }
            TokenKind::Star | TokenKind::DoubleStar if before[1] == TokenKind::Lbrace => {
                return self.syntax.refuses_stars_in_fields && self.open.last().is_some_and(|open| open.fields > 0);
            }
            TokenKind::ColonEqual => {
                return self.syntax.checks_tree_at_end
                    || (self.syntax.blames_valid_targets && inside == Some(TokenKind::Lsqb));
            }
            TokenKind::Match => return !self.syntax.has_match && starts_statement,
            TokenKind::As => {
                return self.syntax.checks_tree_at_end && self.open.len() == 1 && self.open[0].of_with;
            }
            TokenKind::Equal if before[1] == TokenKind::Name => {
                if inside == Some(TokenKind::Lsqb) {
                    let starred = matches!(before[0], TokenKind::Star | TokenKind::DoubleStar);
                    return self.syntax.lacks_starred_defaults && starred;
                }
                if self.syntax.checks_tree_at_end && inside == Some(TokenKind::Lpar) {
                    return self.repeats_keyword(name);
                }
            }
            _ => {}
        }
        false
    }

    fn repeats_keyword(&mut self, name: &'t str) -> bool {
        let Some(open) = self.open.last_mut() else { return false };
        let repeated = open.keywords.contains(&name);
        open.keywords.push(name);
        repeated
    }
}

/// Whether a token may be followed by a matrix multiplication rather than by a decorator.
fn ends_line_before(kind: TokenKind) -> bool {
    !matches!(kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent)
}
