//! The grammar of one version, read from the grammar files.
//!
//! The notation (`python.peg`, `python38.peg`), one alternative per line:
//!
//! ```text
//! rule (flags):              # flags: memo, left (left-recursive), quiet (no `bad_` rules below)
//! | 'if' a:test ':' block    # keyword or operator, captured rule, rule
//! |[10..12] "match" x%','    # only 3.10 to 3.12; soft keyword; one or more x with commas between
//! | x? y* z+ ( a | b ) &x !x # optional, repeated, group, look ahead
//! | 'for' ~ x                # once here, no later alternative is tried
//! | ^':' x                   # if there is no colon, that is the error
//! | '(' a:x ')' -> a         # the value is that of x
//! | a:x '=' b:y -> Kind      # the value is a node of that kind, its children are the captures
//! | a:x !! a..b "text"       # raises; see `Place` and `Piece`
//! ```
//!
//! Rules whose names start with `bad_` exist only to raise a better error; alternatives that consist of one (from 3.15 on,
//! that mention one) are left out until the file is known to be broken.

use rustc_hash::FxHashMap;

use super::node::NodeKind;
use super::token::Kind;
use crate::dialect::SyntaxDialect;

/// Index of a rule.
pub(super) type RuleId = usize;

/// The rules of one version.
pub(super) struct Grammar {
    pub(super) rules: Vec<Rule>,
    names: FxHashMap<String, RuleId>,
}

#[derive(Default)]
pub(super) struct Rule {
    pub(super) alternatives: Vec<Alternative>,
    pub(super) memo: bool,
    pub(super) left_recursive: bool,
    pub(super) quiet: bool,
}

pub(super) struct Alternative {
    pub(super) items: Vec<Item>,
    pub(super) action: Action,
    /// Tried only in the pass that looks for errors.
    pub(super) only_for_errors: bool,
}

/// One element of an alternative; `capture` is the slot its value goes to.
pub(super) struct Item {
    pub(super) what: What,
    pub(super) capture: Option<usize>,
}

pub(super) enum What {
    Token(Kind),
    Soft(String),
    Rule(RuleId),
    Optional(Box<What>),
    /// Repeated, at least this often.
    Repeat(Box<What>, usize),
    Separated(Box<What>, Kind),
    Ahead(Box<What>, bool),
    Cut,
    Forced(Kind),
}

pub(super) enum Action {
    /// The value of the only item, or a node without a kind.
    Default,
    Value(usize),
    Node(NodeKind),
    Raise(Box<Complaint>),
    /// A check written in Rust, with captures.
    Check(Check, Vec<usize>),
}

/// An error to raise.
pub(super) struct Complaint {
    pub(super) indentation: bool,
    pub(super) place: Place,
    pub(super) pieces: Vec<Piece>,
}

/// Where an error is.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// `a..b`, or `a` for `a..a`.
    Range(usize, usize),
    /// `a..`: to where the tokenizer is.
    Onward(usize),
    /// `.`: the last token read.
    Last,
    /// `>`: the next token.
    Next,
    /// `a]`: from the last character of `a`.
    Behind(usize),
}

/// A piece of a message.
pub(super) enum Piece {
    Text(String),
    /// `{a.name}`: what kind of expression a is.
    Name(usize),
    /// `{a.line}`: the line of a.
    Line(usize),
    /// `{a.text}`: the source text of a.
    Source(usize),
    /// `{a.items}`: "constraints" where a is a tuple, else "bound".
    Bound(usize),
}

/// Checks that need more than a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    AssignTarget,
    ForTarget,
    DeleteTarget,
    MissingComma,
    LegacyStatement,
    ArgumentOrder,
    BareGenerator,
    GeneratorRange,
    RealNumber,
    ImaginaryNumber,
    Strings,
    StringToken,
    FormatText,
    SpecText,
    Conversion,
}

const CHECKS: [(&str, Check); 15] = [
    ("assign_target", Check::AssignTarget),
    ("for_target", Check::ForTarget),
    ("delete_target", Check::DeleteTarget),
    ("missing_comma", Check::MissingComma),
    ("legacy_statement", Check::LegacyStatement),
    ("argument_order", Check::ArgumentOrder),
    ("bare_generator", Check::BareGenerator),
    ("generator_range", Check::GeneratorRange),
    ("real_number", Check::RealNumber),
    ("imaginary_number", Check::ImaginaryNumber),
    ("strings", Check::Strings),
    ("string_token", Check::StringToken),
    ("format_text", Check::FormatText),
    ("spec_text", Check::SpecText),
    ("conversion", Check::Conversion),
];

impl Grammar {
    /// Reads the rules that a version has.
    pub(super) fn read(text: &str, dialect: &SyntaxDialect) -> Self {
        let mut grammar = Self { rules: Vec::new(), names: FxHashMap::default() };
        let mut current = 0;
        for line in text.lines() {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(alternative) = line.strip_prefix('|') {
                let (versions, alternative) = gate(alternative);
                if dialect.is_in(versions, '.') {
                    let mut reader = Reader {
                        grammar: &mut grammar,
                        words: words(alternative),
                        at: 0,
                        captures: Vec::new(),
                        dialect,
                    };
                    let alternative = reader.alternative();
                    assert!(reader.peek().is_empty(), "invariant: an alternative in a grammar is read to its end");
                    grammar.rules[current].alternatives.push(alternative);
                }
                continue;
            }
            let (name, flags) = line.trim_end_matches(':').split_once(' ').unwrap_or((line.trim_end_matches(':'), ""));
            current = grammar.rule(name);
            let rule = &mut grammar.rules[current];
            rule.left_recursive = flags.contains("left");
            rule.memo = flags.contains("memo");
            rule.quiet = flags.contains("quiet");
        }
        grammar
    }

    /// The rule of a name.
    pub(super) fn find(&self, name: &str) -> RuleId {
        *self.names.get(name).expect("invariant: a grammar has the rules that parsing starts with")
    }

    fn rule(&mut self, name: &str) -> RuleId {
        if let Some(&id) = self.names.get(name) {
            return id;
        }
        self.rules.push(Rule::default());
        self.names.insert(name.to_owned(), self.rules.len() - 1);
        self.rules.len() - 1
    }
}

/// The versions of an alternative (`[9..11]`, `[..9]`, `[12]`), if they are given, and the rest of it.
fn gate(text: &str) -> (&str, &str) {
    text.strip_prefix('[').and_then(|text| text.split_once(']')).unwrap_or(("..", text))
}

/// Splits an alternative into words; quoted texts stay whole.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let len = match rest.as_bytes()[0] {
            quote @ (b'\'' | b'"') => rest[1..].find(char::from(quote)).map_or(rest.len(), |at| at + 2),
            b'-' if rest.starts_with("->") => 2,
            b'!' if rest.starts_with("!!") => 2,
            byte if byte.is_ascii_alphanumeric() || byte == b'_' => {
                rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
            }
            _ => 1,
        };
        words.push(rest[..len].to_owned());
        let spaced = &rest[len..];
        rest = spaced.trim_start();
        if spaced.len() != rest.len() {
            words.push(" ".to_owned());
        }
    }
    words
}

/// Reads one alternative.
struct Reader<'g> {
    grammar: &'g mut Grammar,
    words: Vec<String>,
    at: usize,
    captures: Vec<String>,
    dialect: &'g SyntaxDialect,
}

impl Reader<'_> {
    fn peek(&self) -> &str {
        self.words.get(self.at).map_or("", String::as_str)
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.words.get(self.at - 1).cloned().unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while self.peek() == " " {
            self.at += 1;
        }
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.peek() == word;
        self.at += usize::from(found);
        found
    }

    fn alternative(&mut self) -> Alternative {
        let mut items = Vec::new();
        let mut mentions_errors = false;
        loop {
            self.skip_space();
            match self.peek() {
                "" | "|" | ")" | "->" | "!!" => break,
                _ => {}
            }
            let named = usize::from(self.words.get(self.at + 1).is_some_and(|word| word == ":")) * 2;
            mentions_errors |= self.words.get(self.at + named).is_some_and(|word| word.starts_with("bad_"));
            items.push(self.item());
        }
        let action = match self.peek() {
            "->" => self.value(),
            "!!" => self.complaint(),
            _ => Action::Default,
        };
        self.skip_space();
        let only_for_errors = mentions_errors && (items.len() == 1 || self.dialect.error_alternatives_wait);
        Alternative { items, action, only_for_errors }
    }

    fn item(&mut self) -> Item {
        let mut capture = None;
        if self.words.get(self.at + 1).is_some_and(|word| word == ":") && !self.peek().starts_with(['\'', '"']) {
            let name = self.next();
            self.at += 1;
            self.captures.push(name);
            capture = Some(self.captures.len() - 1);
        }
        Item { what: self.repeated(), capture }
    }

    fn repeated(&mut self) -> What {
        let mut what = self.single();
        loop {
            match self.peek() {
                "?" => what = What::Optional(Box::new(what)),
                "*" => what = What::Repeat(Box::new(what), 0),
                "+" => what = What::Repeat(Box::new(what), 1),
                "%" => {
                    self.at += 1;
                    let separator = self.peek().trim_matches('\'').to_owned();
                    what = What::Separated(Box::new(what), kind(&separator));
                }
                _ => return what,
            }
            self.at += 1;
        }
    }

    fn single(&mut self) -> What {
        let word = self.next();
        match word.as_str() {
            "&" => What::Ahead(Box::new(self.repeated()), true),
            "!" => What::Ahead(Box::new(self.repeated()), false),
            "~" => What::Cut,
            "^" => What::Forced(kind(self.next().trim_matches('\''))),
            "(" => What::Rule(self.group()),
            _ if word.starts_with('\'') => What::Token(kind(word.trim_matches('\''))),
            _ if word.starts_with('"') => What::Soft(word.trim_matches('"').to_owned()),
            _ => match Kind::named(&word) {
                Some(kind) => What::Token(kind),
                None => What::Rule(self.grammar.rule(&word)),
            },
        }
    }

    /// Alternatives in parentheses become a rule without a name.
    fn group(&mut self) -> RuleId {
        let outer = std::mem::take(&mut self.captures);
        let mut rule = Rule::default();
        loop {
            rule.alternatives.push(self.alternative());
            self.captures.clear();
            self.skip_space();
            if !self.eat("|") {
                break;
            }
        }
        assert!(self.eat(")"), "invariant: a group in a grammar is closed");
        self.captures = outer;
        self.grammar.rules.push(rule);
        self.grammar.rules.len() - 1
    }

    fn slot(&self, name: &str) -> usize {
        self.captures.iter().position(|known| known == name).expect("invariant: a grammar names what it captures")
    }

    fn value(&mut self) -> Action {
        self.at += 1;
        self.skip_space();
        let name = self.next();
        if name.starts_with(|c: char| c.is_ascii_uppercase()) {
            return Action::Node(NodeKind::named(&name));
        }
        Action::Value(self.slot(&name))
    }

    fn complaint(&mut self) -> Action {
        self.at += 1;
        let indentation = self.eat("indent");
        self.skip_space();
        if self.eat("check") {
            self.skip_space();
            let name = self.next();
            let check = CHECKS.iter().find(|(known, _)| *known == name).map(|&(_, check)| check);
            let mut slots = Vec::new();
            self.skip_space();
            while self.peek() != "" && self.peek() != ")" && self.peek() != "|" {
                let name = self.next();
                slots.push(self.slot(&name));
                self.skip_space();
            }
            return Action::Check(check.expect("invariant: a grammar names checks that exist"), slots);
        }
        let place = self.place();
        self.skip_space();
        let text = self.next();
        let pieces = self.pieces(text.trim_matches('"'));
        Action::Raise(Box::new(Complaint { indentation, place, pieces }))
    }

    fn place(&mut self) -> Place {
        let word = self.next();
        match word.as_str() {
            "." => return Place::Last,
            ">" => return Place::Next,
            _ => {}
        }
        let from = self.slot(&word);
        if self.eat("]") {
            return Place::Behind(from);
        }
        if !self.eat(".") {
            return Place::Range(from, from);
        }
        self.eat(".");
        if self.peek() == " " {
            return Place::Onward(from);
        }
        let to = self.next();
        Place::Range(from, self.slot(&to))
    }

    fn pieces(&self, text: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let placeholder = after.split_once('}').and_then(|(name, rest)| Some((name.split_once('.')?, rest)));
            let Some(((name, what), behind)) = placeholder else { break };
            pieces.push(Piece::Text(before.replace('`', "\"")));
            let slot = self.slot(name);
            pieces.push(match what {
                "name" => Piece::Name(slot),
                "line" => Piece::Line(slot),
                "items" => Piece::Bound(slot),
                _ => Piece::Source(slot),
            });
            rest = behind;
        }
        pieces.push(Piece::Text(rest.replace('`', "\"")));
        pieces
    }
}

fn kind(literal: &str) -> Kind {
    Kind::literal(literal).expect("invariant: a grammar names literals that exist")
}
