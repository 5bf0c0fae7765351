//! Blocks of statements: how far they are indented, which header they belong to, and what that means for an import.

use std::cmp::Ordering;

use legb_base::Span;

use super::Unsure;
use crate::imports::ImportFlags;

/// How far a line is indented.
///
/// Tabs and spaces may be mixed as long as the order of two lines does not depend on the width of a tab. Whether it does is
/// judged as the parser does: by the width with tab stops of two columns, and by the number of characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Indentation {
    columns: u32,
    characters: u32,
}

impl Indentation {
    pub(super) fn of_spaces(count: u32) -> Self {
        Self { columns: count, characters: count }
    }

    pub(super) fn add_space(&mut self) {
        self.columns += 1;
        self.characters += 1;
    }

    pub(super) fn add_tab(&mut self) {
        self.columns += 2 - self.columns % 2;
        self.characters += 1;
    }

    pub(super) fn is_deeper_than(self, other: Self) -> bool {
        let characters = self.characters.cmp(&other.characters);
        characters == Ordering::Greater && self.columns.cmp(&other.columns) == characters
    }
}

/// The header of a block, named by its keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// No header: the whole file.
    Module,
    If,
    Elif,
    /// Of `if` or a loop; that of `try` is taken for `finally`, which means the same for an import.
    Else,
    For,
    While,
    With,
    Try,
    Except,
    Finally,
    Match,
    Case,
    Def,
    Class,
    /// In front of `def`, `for` or `with`.
    Async,
}

impl Header {
    /// Whether a keyword begins with a byte.
    #[inline]
    pub(super) fn may_start_with(byte: u8) -> bool {
        matches!(byte, b'a' | b'c'..=b'f' | b'i' | b'm' | b't' | b'w')
    }

    #[inline]
    pub(super) fn of(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"if" => Self::If,
            b"elif" => Self::Elif,
            b"else" => Self::Else,
            b"for" => Self::For,
            b"while" => Self::While,
            b"with" => Self::With,
            b"try" => Self::Try,
            b"except" => Self::Except,
            b"finally" => Self::Finally,
            b"match" => Self::Match,
            b"case" => Self::Case,
            b"def" => Self::Def,
            b"class" => Self::Class,
            b"async" => Self::Async,
            _ => return None,
        })
    }
}

/// What a test says about `TYPE_CHECKING`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    /// It is `TYPE_CHECKING`, or an attribute of that name.
    Asks,
    /// It is `not TYPE_CHECKING`.
    Denies,
    /// Nothing.
    Nothing,
}

/// A block of statements.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) indentation: Indentation,
    pub(super) header: Header,
    /// The last statement directly in the block that may have an `else`.
    pub(super) chain: Header,
    /// An arm of that statement was for `not TYPE_CHECKING`, so that the further ones are for type checkers.
    chain_denies: bool,
    /// The text between the keyword and the colon.
    test: Span,
    /// Whether the block is for type checkers only, once somebody has asked.
    type_checking: Option<bool>,
}

impl Block {
    pub(super) fn new(header: Header, test: Span) -> Self {
        let has_test = matches!(header, Header::If | Header::Elif | Header::While);
        Self {
            indentation: Indentation::default(),
            header,
            chain: Header::Module,
            chain_denies: false,
            test,
            type_checking: if has_test { None } else { Some(false) },
        }
    }

    /// The block of a compound statement directly in this one.
    pub(super) fn open(&mut self, header: Header, test: Span, text: &str) -> Result<Self, Unsure> {
        let header = match header {
            Header::Else if self.chain == Header::Try => Header::Finally,
            _ => header,
        };
        let mut inner = Self::new(header, test);
        match header {
            Header::If | Header::For | Header::While | Header::Try => {
                self.chain = header;
                self.chain_denies = false;
            }
            Header::Elif | Header::Else if self.chain_denies => inner.type_checking = Some(true),
            _ => {}
        }
        if matches!(header, Header::If | Header::Elif) && may_deny(test.slice(text)) {
            self.chain_denies |= judge(test.slice(text))? == Test::Denies;
        }
        Ok(inner)
    }

    /// What holds for the statements of the block, if `outside` holds for its header.
    pub(super) fn flags(&mut self, outside: ImportFlags, text: &str) -> Result<ImportFlags, Unsure> {
        const OF_FUNCTIONS: ImportFlags = ImportFlags::TYPE_CHECKING.union(ImportFlags::IN_CLASS);
        let inside = match self.header {
            Header::Module => outside,
            Header::Def => outside & OF_FUNCTIONS | ImportFlags::IN_FUNCTION,
            Header::Class => outside | ImportFlags::IN_CLASS,
            Header::Try | Header::Except | Header::Finally => outside | ImportFlags::IN_TRY | ImportFlags::CONDITIONAL,
            _ => outside | ImportFlags::CONDITIONAL,
        };
        let type_checking = match self.type_checking {
            Some(known) => known,
            None => *self.type_checking.insert(judge(self.test.slice(text))? == Test::Asks),
        };
        Ok(if type_checking { inside | ImportFlags::TYPE_CHECKING } else { inside })
    }
}

/// Whether a test begins as one with `not` does. Few do, and only those are looked at where no import asks.
fn may_deny(test: &str) -> bool {
    let first = test.bytes().find(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c' | b'\\' | b'\n' | b'\r'));
    matches!(first, Some(b'n' | b'('))
}

/// Judges a test, unless it is about `TYPE_CHECKING` and something else.
fn judge(test: &str) -> Result<Test, Unsure> {
    const NAME: &str = "TYPE_CHECKING";
    if !test.contains(NAME) {
        return if test.is_ascii() { Ok(Test::Nothing) } else { Err(Unsure::UnicodeName) };
    }
    let blank = |c: char| matches!(c, ' ' | '\t' | '\x0c');
    let mut test = test.trim_matches(blank);
    while let Some(inner) = test.strip_prefix('(').and_then(|test| test.strip_suffix(')')) {
        test = inner.trim_matches(blank);
    }
    let (negated, name) = match test.strip_prefix("not").filter(|rest| rest.starts_with(blank)) {
        Some(rest) => (true, rest.trim_start_matches(blank)),
        None => (false, test),
    };
    let parts_are_names = name.split('.').all(|part| {
        part.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic())
            && part.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
    });
    match name.rsplit('.').next() {
        Some(NAME) if parts_are_names => Ok(if negated { Test::Denies } else { Test::Asks }),
        _ => Err(Unsure::TypeChecking),
    }
}

#[cfg(test)]
mod tests {
    use super::{Indentation, Test, Unsure, judge};

    #[test]
    fn only_a_plain_test_is_judged() {
        for test in [" TYPE_CHECKING", "(TYPE_CHECKING)", " ( (typing.TYPE_CHECKING ) )", " a.b.TYPE_CHECKING "] {
            assert_eq!(judge(test), Ok(Test::Asks), "{test}");
        }
        for test in [" not TYPE_CHECKING", " (not typing.TYPE_CHECKING)"] {
            assert_eq!(judge(test), Ok(Test::Denies), "{test}");
        }
        for test in [" x", " not typing"] {
            assert_eq!(judge(test), Ok(Test::Nothing), "{test}");
        }
        for test in [
            " TYPE_CHECKING and x",
            " not (TYPE_CHECKING)",
            " MY_TYPE_CHECKING",
            " f(TYPE_CHECKING)",
            "(x).TYPE_CHECKING",
        ] {
            assert_eq!(judge(test), Err(Unsure::TypeChecking), "{test}");
        }
        assert_eq!(judge(" é"), Err(Unsure::UnicodeName));
    }

    #[test]
    fn an_order_that_depends_on_the_width_of_tabs_is_none() {
        let (mut tab, mut mixed) = (Indentation::default(), Indentation::of_spaces(1));
        tab.add_tab();
        mixed.add_tab();
        assert!(mixed.is_deeper_than(Indentation::default()) && tab.is_deeper_than(Indentation::default()));
        assert!(Indentation::of_spaces(4).is_deeper_than(tab));
        assert!(!Indentation::of_spaces(2).is_deeper_than(tab) && !tab.is_deeper_than(Indentation::of_spaces(2)));
        assert!(!mixed.is_deeper_than(tab));
    }
}
