//! How deeply do the expressions and blocks of a file nest, so that nobody walks a tree that would overflow the stack?
//!
//! The parser grows its stack, but dropping or visiting a tree recurses: a chain of 50,000 `+` aborts the process. Depth is
//! therefore counted on tokens, never on the tree. The count is an upper bound: it adds up open brackets, open blocks and
//! the operators, attributes, calls and prefixes of every expression that encloses a place.
//!
//! Where CPython stops (measured with its default recursion limit): chains of operators, attributes, subscripts and
//! prefixes at 2989 to 2994 up to 3.12 and 9995 in 3.13 (prefixes at 1679 in 3.8 and 5969 in 3.13), chained method calls at
//! half of that, nested `lambda` and `**` at 2984 (839 in 3.8), brackets at 200 (98 in 3.8), indentation at 99.

use ruff_python_ast::token::{Token, TokenKind};
use ruff_text_size::Ranged;

/// A tree deeper than this is not kept.
pub(crate) const LIMIT: u32 = 3000;
/// Brackets or blocks nested deeper than this are refused by every version.
const SHALLOW: u32 = 95;
/// A logical line of twice as many tokens may nest more than [`SHALLOW`] brackets.
const STRIDE: usize = SHALLOW as usize;

/// The depth of one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Depth {
    /// Levels of syntax tree, at most.
    pub(crate) levels: u32,
    /// Where the deepest place is.
    pub(crate) deepest: u32,
    /// Brackets or blocks nest so deeply that some version refuses the file.
    pub(crate) crowded: bool,
    /// The depth comes from prefixes (`not`, `-`, `lambda`, conditional expressions) more than from chains.
    pub(crate) by_prefixes: bool,
}

/// The depth of a file, or nothing where no place is deep enough for anybody to ask: most files are told by samples.
pub(crate) fn measure(text: &str, tokens: &[Token]) -> Option<Depth> {
    // Each level takes a token at least. Without deep indentation, the blocks around a line are fewer than `SHALLOW`.
    let may_be_deep = |line: &[Token]| line.len() > (LIMIT - SHALLOW) as usize && count(line).levels > LIMIT - SHALLOW;
    let worth_counting =
        has_deep_indentation(text) || long_lines(tokens).any(|line| has_crowded_brackets(line) || may_be_deep(line));
    worth_counting.then(|| count(tokens))
}

/// The logical lines of at least twice [`STRIDE`] tokens; some shorter ones are named too.
fn long_lines(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let ends_line = |token: &Token| token.kind() == TokenKind::Newline;
    let mut behind = 0;
    (0..tokens.len() / STRIDE).filter_map(move |sample| {
        let start = sample * STRIDE;
        if start < behind || tokens[start..start + STRIDE].iter().any(ends_line) {
            return None;
        }
        let first = tokens[..start].iter().rposition(ends_line).map_or(0, |newline| newline + 1);
        behind = start + tokens[start..].iter().position(ends_line).unwrap_or(tokens.len() - start);
        Some(&tokens[first..behind])
    })
}

/// Whether more than [`SHALLOW`] brackets are open at one place.
fn has_crowded_brackets(tokens: &[Token]) -> bool {
    let mut open = 0_u32;
    tokens.iter().any(|token| {
        match token.kind() {
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => open += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd => {
                open = open.saturating_sub(1);
            }
            _ => {}
        }
        open > SHALLOW
    })
}

/// Whether there is a run of at least [`SHALLOW`] blanks, as a line that is indented so deeply starts with.
fn has_deep_indentation(text: &str) -> bool {
    // A run of blanks covers a whole window of eight bytes at one of the steps, if it is long enough.
    let step = SHALLOW as usize - size_of::<u64>() + 1;
    let bytes = text.as_bytes();
    // Eight bytes at a time: none of them is above the blank.
    let looks_blank = |window: &[u8]| {
        window.first_chunk().is_some_and(|bytes| {
            let word = u64::from_le_bytes(*bytes);
            (word | word.wrapping_add(ABOVE_BLANK)) & HIGH_BITS == 0
        })
    };
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\x0c');
    bytes.chunks(step).enumerate().any(|(sample, window)| {
        looks_blank(window) && {
            let (before, behind) = bytes.split_at(sample * step);
            let run = before.iter().rev().take_while(is_blank).count() + behind.iter().take_while(is_blank).count();
            run >= SHALLOW as usize
        }
    })
}

/// Added to a byte up to 0x7f, sets its high bit if the byte is above the blank (0x20).
const ABOVE_BLANK: u64 = u64::from_le_bytes([0x7f - b' '; 8]);
const HIGH_BITS: u64 = u64::from_le_bytes([0x80; 8]);

/// Operators of one binding strength nest in each other; those that bind more tightly start anew behind each of them.
const STRENGTHS: usize = 8;
/// `await`, attributes, calls, subscripts, powers and signs.
const TIGHTEST: usize = STRENGTHS - 1;

/// What one bracket level holds open at the current place.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Operators and trailers by strength: closed by a comma, `and`, `or`.
    chains: [u32; STRENGTHS],
    /// Prefixes that reach to the end of the expression (`lambda`, `else`, `:=`): closed by a comma.
    spine: u32,
    /// `lambda`s whose parameters are being read, where a comma closes nothing.
    parameters: u32,
}

impl Level {
    fn sum(&self) -> u32 {
        self.chains.iter().sum::<u32>() + self.spine
    }

    /// One more operator of a strength.
    fn nest(&mut self, strength: usize) {
        self.chains[strength] += 1;
        self.chains[strength + 1..].fill(0);
    }
}

/// The strength of an operator between two operands; `None` for anything else.
fn strength(kind: TokenKind) -> Option<usize> {
    Some(match kind {
        TokenKind::In | TokenKind::Is | TokenKind::If | TokenKind::From | TokenKind::Yield => 0,
        TokenKind::Vbar => 1,
        TokenKind::CircumFlex => 2,
        TokenKind::Amper => 3,
        TokenKind::LeftShift | TokenKind::RightShift => 4,
        TokenKind::Plus | TokenKind::Minus => 5,
        TokenKind::Star | TokenKind::Slash | TokenKind::DoubleSlash | TokenKind::Percent | TokenKind::At => 6,
        TokenKind::DoubleStar | TokenKind::Dot | TokenKind::Await | TokenKind::Tilde => TIGHTEST,
        _ => return None,
    })
}

fn count(tokens: &[Token]) -> Depth {
    let mut depth = Depth::default();
    let (mut level, mut outer, mut outer_sum) = (Level::default(), Vec::new(), 0);
    let (mut blocks, mut prefixes) = (0_u32, 0_u32);
    let mut behind_operand = false;
    for token in tokens {
        let was_behind_operand = std::mem::replace(&mut behind_operand, ends_operand(token.kind()));
        match token.kind() {
            TokenKind::Newline | TokenKind::Semi => {
                (level, outer_sum, prefixes) = (Level::default(), 0, 0);
                outer.clear();
            }
            TokenKind::Indent => blocks += 1,
            TokenKind::Dedent => blocks = blocks.saturating_sub(1),
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                outer_sum += level.sum() + 1;
                outer.push(level);
                level = Level::default();
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd => {
                if let Some(popped) = outer.pop() {
                    level = popped;
                    outer_sum -= level.sum() + 1;
                    level.nest(TIGHTEST);
                }
            }
            TokenKind::Comma if level.parameters == 0 => level = Level::default(),
            TokenKind::Colon => level.parameters = level.parameters.saturating_sub(1),
            TokenKind::And | TokenKind::Or => level.chains.fill(0),
            TokenKind::Lambda => {
                level.parameters += 1;
                level.spine += 1;
                prefixes += 1;
            }
            TokenKind::Else | TokenKind::ColonEqual => {
                level.spine += 1;
                prefixes += 1;
            }
            TokenKind::Not => {
                level.chains[0] += 1;
                prefixes += 1;
            }
            // A sign, a star of an argument.
            TokenKind::Minus | TokenKind::Plus | TokenKind::Star if !was_behind_operand => {
                level.nest(TIGHTEST);
                prefixes += 1;
            }
            kind => {
                let Some(strength) = strength(kind) else { continue };
                level.nest(strength);
                prefixes += u32::from(matches!(kind, TokenKind::Tilde | TokenKind::DoubleStar | TokenKind::Await));
            }
        }
        let brackets = u32::try_from(outer.len()).unwrap_or(u32::MAX);
        depth.crowded |= brackets > SHALLOW || blocks > SHALLOW;
        let levels = outer_sum + level.sum() + blocks;
        if levels > depth.levels {
            depth.levels = levels;
            depth.deepest = token.start().to_u32();
            depth.by_prefixes = prefixes * 2 > levels;
        }
    }
    depth
}

/// Whether an operator behind this token stands between two operands.
fn ends_operand(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd
            | TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::Ellipsis
            | TokenKind::None
            | TokenKind::True
            | TokenKind::False
            | TokenKind::Match
            | TokenKind::Case
            | TokenKind::Type
            | TokenKind::Lazy
    )
}
