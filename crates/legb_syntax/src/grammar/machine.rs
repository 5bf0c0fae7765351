//! A parser that follows the rules of a [`Grammar`] the way CPython's generated parser does.
//!
//! Ordered choice with memory: the first alternative that matches counts. How far the tokens were read when nothing matched
//! is where the error is, so nothing may be read ahead that CPython does not read.

use super::node::{ABSENT, Node, NodeId, NodeKind};
use super::raised::Raised;
use super::rules::{Action, Alternative, Grammar, Item, RuleId, What};
use super::source::Source;
use super::token::{Kind, Token};
use super::tokenizer::{Stop, Tokenizer};
use crate::dialect::SyntaxDialect;

/// The parser has given up; why is in [`Machine::raised`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Halt;

/// A match, or none, or the end of all parsing.
pub(super) type Matched = Result<Option<NodeId>, Halt>;

/// What a rule gave at a token before: the value and the token behind it.
#[derive(Clone, Copy)]
struct Memo {
    rule: RuleId,
    value: Option<NodeId>,
    mark: usize,
}

pub(super) struct Machine<'s> {
    pub(super) source: &'s Source<'s>,
    pub(super) dialect: &'s SyntaxDialect,
    pub(super) grammar: &'s Grammar,
    /// What the parser's messages begin with.
    pub(super) prefix: &'static str,
    pub(super) tokenizer: Tokenizer<'s>,
    pub(super) tokens: Vec<Token>,
    memos: Vec<Vec<Memo>>,
    pub(super) nodes: Vec<Node>,
    pub(super) children: Vec<NodeId>,
    /// The next token.
    pub(super) mark: usize,
    /// The last token that did not fit, and whether only an indentation would have.
    pub(super) farthest: usize,
    pub(super) wants_only_indent: bool,
    pub(super) looks_for_errors: bool,
    pub(super) level: usize,
    pub(super) raised: Option<Raised>,
    /// Why the tokenizer stopped, if it did.
    pub(super) stopped: Option<Stop>,
}

impl<'s> Machine<'s> {
    pub(super) fn new(source: &'s Source<'s>, dialect: &'s SyntaxDialect, grammar: &'s Grammar) -> Self {
        let absent = Node { kind: NodeKind::List, first: 0, last: 0, children: (0, 0) };
        Self {
            source,
            dialect,
            grammar,
            prefix: "",
            tokenizer: Tokenizer::new(source, dialect),
            tokens: Vec::new(),
            memos: Vec::new(),
            nodes: vec![absent],
            children: Vec::new(),
            mark: 0,
            farthest: 0,
            wants_only_indent: false,
            looks_for_errors: false,
            level: 0,
            raised: None,
            stopped: None,
        }
    }

    /// Parses from the first token with a rule.
    pub(super) fn run(&mut self, rule: RuleId) -> Matched {
        self.rule(rule)
    }

    /// Forgets what was matched, keeps the tokens, and looks for errors from now on.
    pub(super) fn restart(&mut self) {
        self.memos.iter_mut().for_each(Vec::clear);
        self.mark = 0;
        self.level = 0;
        self.looks_for_errors = true;
    }

    pub(super) fn children(&self, node: NodeId) -> &[NodeId] {
        let (start, end) = self.nodes[node].children;
        &self.children[start..end]
    }

    pub(super) fn source_of(&self, node: NodeId) -> &[u8] {
        let node = self.nodes[node];
        &self.source.bytes[self.tokens[node.first].start..self.tokens[node.last].end]
    }

    /// Stops with an exception, unless there is one already.
    pub(super) fn halt(&mut self, raised: Raised) -> Halt {
        self.raised.get_or_insert(raised);
        Halt
    }

    /// The next token, read if need be.
    pub(super) fn peek(&mut self) -> Result<Token, Halt> {
        if self.mark == self.tokens.len() {
            self.fill()?;
        }
        Ok(self.tokens[self.mark])
    }

    fn fill(&mut self) -> Result<(), Halt> {
        let (token, stop) = match self.tokenizer.next() {
            Ok(token) => (token, None),
            Err((token, stop)) => (token, Some(stop)),
        };
        self.tokens.push(token);
        self.memos.push(Vec::new());
        let Some(stop) = stop else { return Ok(()) };
        self.stopped = Some(stop.clone());
        let raised = self.tokenizer_error(stop);
        Err(self.halt(raised))
    }

    pub(super) fn add(&mut self, kind: NodeKind, first: usize, last: usize, children: &[NodeId]) -> NodeId {
        let start = self.children.len();
        self.children.extend_from_slice(children);
        self.nodes.push(Node { kind, first, last, children: (start, self.children.len()) });
        self.nodes.len() - 1
    }

    fn rule(&mut self, id: RuleId) -> Matched {
        let grammar = self.grammar;
        let rule = &grammar.rules[id];
        if self.level == self.dialect.max_parser_depth {
            let text = if self.dialect.parser_overflow_has_text {
                "Parser stack overflowed - Python source too complex to parse"
            } else {
                ""
            };
            let near = (self.tokenizer.line, self.tokenizer.cursor.saturating_sub(self.tokenizer.line_start));
            return Err(self.halt(Raised::unplaced("MemoryError", text, near)));
        }
        self.level += 1;
        let looked = self.looks_for_errors;
        self.looks_for_errors &= !rule.quiet;
        let matched = if rule.left_recursive {
            self.left_recursive(id)
        } else if rule.memo {
            self.memoized(id)
        } else {
            self.alternatives(&rule.alternatives)
        };
        self.looks_for_errors = looked;
        self.level -= 1;
        matched
    }

    fn remembered(&mut self, id: RuleId) -> Result<Option<Memo>, Halt> {
        self.peek()?;
        Ok(self.memos[self.mark].iter().find(|memo| memo.rule == id).copied())
    }

    fn memoized(&mut self, id: RuleId) -> Matched {
        if let Some(memo) = self.remembered(id)? {
            self.mark = memo.mark;
            return Ok(memo.value);
        }
        let start = self.mark;
        let grammar = self.grammar;
        let value = self.alternatives(&grammar.rules[id].alternatives)?;
        self.memos[start].push(Memo { rule: id, value, mark: self.mark });
        Ok(value)
    }

    /// Matches as little as possible first, then lets the rule see its own result until it does not grow any more.
    fn left_recursive(&mut self, id: RuleId) -> Matched {
        if let Some(memo) = self.remembered(id)? {
            self.mark = memo.mark;
            return Ok(memo.value);
        }
        let start = self.mark;
        let mut best = Memo { rule: id, value: None, mark: start };
        self.memos[start].push(best);
        let slot = self.memos[start].len() - 1;
        loop {
            self.memos[start][slot] = best;
            self.mark = start;
            let grammar = self.grammar;
            let value = self.alternatives(&grammar.rules[id].alternatives)?;
            if value.is_none() || self.mark <= best.mark {
                break;
            }
            best = Memo { rule: id, value, mark: self.mark };
        }
        self.mark = best.mark;
        Ok(best.value)
    }

    fn alternatives(&mut self, alternatives: &'s [Alternative]) -> Matched {
        let start = self.mark;
        for alternative in alternatives {
            if alternative.only_for_errors && !self.looks_for_errors {
                continue;
            }
            let mut cut = false;
            let mut values = [ABSENT; MAX_ITEMS];
            if self.items(&alternative.items, &mut values, &mut cut)? {
                // An action without a value ends the rule: what comes behind is not tried.
                return self.act(alternative, &values, start);
            }
            self.mark = start;
            if cut {
                break;
            }
        }
        Ok(None)
    }

    fn items(&mut self, items: &'s [Item], values: &mut [NodeId; MAX_ITEMS], cut: &mut bool) -> Result<bool, Halt> {
        for (index, item) in items.iter().enumerate() {
            if matches!(item.what, What::Cut) {
                *cut = true;
                continue;
            }
            match self.item(&item.what)? {
                Some(value) => values[index] = value,
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    fn item(&mut self, what: &'s What) -> Matched {
        match what {
            What::Token(kind) => self.expect(*kind),
            What::Soft(word) => self.soft(word),
            What::Rule(id) => self.rule(*id),
            What::Optional(what) => Ok(Some(self.item(what)?.unwrap_or(ABSENT))),
            What::Repeat(what, least) => self.repeat(what, *least),
            What::Separated(what, separator) => self.separated(what, *separator),
            What::Ahead(what, wanted) => {
                let start = self.mark;
                let found = self.item(what)?.is_some();
                self.mark = start;
                Ok((found == *wanted).then_some(ABSENT))
            }
            What::Cut => Ok(Some(ABSENT)),
            What::Forced(kind) => {
                let token = self.peek()?;
                if token.kind == *kind {
                    return self.expect(*kind);
                }
                let message = format!("expected '{}'", kind.text().unwrap_or_default());
                let raised = self.raise_tokens("SyntaxError", &message, &token, &token);
                Err(self.halt(raised))
            }
        }
    }

    fn expect(&mut self, kind: Kind) -> Matched {
        let token = self.peek()?;
        if token.kind != kind {
            if self.mark > self.farthest {
                self.farthest = self.mark;
                self.wants_only_indent = true;
            }
            if self.mark == self.farthest {
                self.wants_only_indent &= kind == Kind::INDENT;
            }
            return Ok(None);
        }
        self.mark += 1;
        let node = match kind {
            Kind::NAME => NodeKind::Name,
            Kind::NUMBER => NodeKind::Number,
            _ => NodeKind::Token,
        };
        if kind == Kind::NUMBER
            && !self.dialect.checks_tree_at_end
            && let Some(raised) = self.number_error(&token)
        {
            return Err(self.halt(raised));
        }
        Ok(Some(self.add(node, self.mark - 1, self.mark - 1, &[])))
    }

    fn soft(&mut self, word: &str) -> Matched {
        let token = self.peek()?;
        // Only here does an operator match by its text: `!` is one for some versions and nothing for others.
        if token.kind == Kind::NAME && &self.source.bytes[token.start..token.end] == word.as_bytes() {
            return self.expect(Kind::NAME);
        }
        self.farthest = self.farthest.max(self.mark);
        Ok(None)
    }

    fn repeat(&mut self, what: &'s What, least: usize) -> Matched {
        let mut values = Vec::new();
        let mut end = self.mark;
        while let Some(value) = self.item(what)? {
            values.push(value);
            if self.mark == end {
                break;
            }
            end = self.mark;
        }
        self.mark = end;
        Ok((values.len() >= least).then(|| self.list(&values)))
    }

    fn separated(&mut self, what: &'s What, separator: Kind) -> Matched {
        let Some(first) = self.item(what)? else { return Ok(None) };
        let mut values = vec![first];
        let mut end = self.mark;
        while self.expect(separator)?.is_some() {
            let Some(value) = self.item(what)? else { break };
            values.push(value);
            end = self.mark;
        }
        self.mark = end;
        Ok(Some(self.list(&values)))
    }

    fn list(&mut self, values: &[NodeId]) -> NodeId {
        let (first, last) = match (values.first(), values.last()) {
            (Some(&first), Some(&last)) => (self.nodes[first].first, self.nodes[last].last),
            _ => return ABSENT,
        };
        self.add(NodeKind::List, first, last, values)
    }

    fn act(&mut self, alternative: &'s Alternative, values: &[NodeId; MAX_ITEMS], start: usize) -> Matched {
        let items = &alternative.items;
        let mut captures = [ABSENT; MAX_ITEMS];
        let mut captured = 0;
        for (item, &value) in items.iter().zip(values) {
            if item.capture.is_some() {
                captures[captured] = value;
                captured += 1;
            }
        }
        match &alternative.action {
            Action::Default if items.len() == 1 => Ok(Some(values[0])),
            Action::Default => Ok(Some(self.node(NodeKind::List, start, &values[..items.len()]))),
            Action::Value(slot) => Ok(Some(captures[*slot])),
            Action::Node(kind) if captured == 0 => Ok(Some(self.node(*kind, start, &values[..items.len()]))),
            Action::Node(kind) => Ok(Some(self.node(*kind, start, &captures[..captured]))),
            Action::Raise(complaint) => {
                let raised = self.complain(complaint, &captures)?;
                Err(self.halt(raised))
            }
            Action::Check(check, slots) => {
                let arguments: Vec<NodeId> = slots.iter().map(|&slot| captures[slot]).collect();
                self.check(*check, &arguments, start)
            }
        }
    }

    /// A node from the token `start` to the last visible one before the mark.
    pub(super) fn node(&mut self, kind: NodeKind, start: usize, children: &[NodeId]) -> NodeId {
        let visible = self.tokens[..self.mark].iter().rposition(|token| token.kind.is_visible());
        self.add(kind, start, visible.unwrap_or(start).max(start), children)
    }
}

/// The longest alternative has fewer items than this.
const MAX_ITEMS: usize = 16;
