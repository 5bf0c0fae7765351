//! Checks of the parser that need to look into what was matched.

use super::machine::{Machine, Matched};
use super::node::{NodeId, NodeKind};
use super::raised::Raised;
use super::rules::Check;
use super::token::Token;

/// Decimal digits that an integer may have (`sys.int_info.default_max_str_digits`).
const MAX_DIGITS: usize = 4300;

/// What a list of targets is for: the rules for stars and comparisons differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Targets {
    Assign,
    For,
    Delete,
}

impl Machine<'_> {
    /// Raises, or gives the value of the alternative; without a value the rule has failed.
    pub(super) fn check(&mut self, check: Check, arguments: &[NodeId], start: usize) -> Matched {
        let a = arguments.first().copied().unwrap_or_default();
        let b = arguments.get(1).copied().unwrap_or_default();
        match check {
            Check::AssignTarget => self.invalid_target(a, Targets::Assign),
            Check::ForTarget => self.invalid_target(a, Targets::For),
            Check::DeleteTarget => self.invalid_target(a, Targets::Delete),
            Check::MissingComma => self.missing_comma(a, b),
            Check::LegacyStatement => self.legacy_statement(a, b),
            Check::ArgumentOrder => self.argument_order(a),
            Check::BareGenerator => self.bare_generator(a, b),
            Check::GeneratorRange => self.unparenthesized_generator(a, b),
            Check::RealNumber => self.number_in_pattern(a, false),
            Check::ImaginaryNumber => self.number_in_pattern(a, true),
            Check::Strings => self.strings(a, start),
            Check::StringToken => self.string_token(a),
            Check::FormatText => self.fstring_text(b, start),
            Check::SpecText => self.spec_text(a),
            Check::Conversion => self.conversion(a, b),
        }
    }

    /// The part of a target that nothing can be assigned to.
    fn part_that_is_no_target(&self, node: NodeId, targets: Targets) -> Option<NodeId> {
        match self.nodes[node].kind {
            NodeKind::Tuple | NodeKind::ListDisplay | NodeKind::List => {
                self.children(node).iter().find_map(|&child| self.part_that_is_no_target(child, targets))
            }
            NodeKind::Starred if targets == Targets::Delete => Some(node),
            NodeKind::Starred => self.part_that_is_no_target(*self.children(node).first()?, targets),
            // `for x in y` read as an expression is a comparison with `in`.
            NodeKind::Compare if targets == Targets::For => {
                let children = self.children(node);
                let first_pair = *self.children(*children.get(1)?).first()?;
                let operator = self.tokens[self.nodes[first_pair].first].kind;
                if operator.text() == Some("in") { self.part_that_is_no_target(children[0], targets) } else { None }
            }
            NodeKind::Name | NodeKind::Subscript | NodeKind::Attribute | NodeKind::Token => None,
            _ => Some(node),
        }
    }

    fn invalid_target(&mut self, node: NodeId, targets: Targets) -> Matched {
        let Some(part) = self.part_that_is_no_target(node, targets) else {
            if self.dialect.blames_valid_targets {
                let raised = self.raise_last("SyntaxError", "invalid syntax");
                return Err(self.halt(raised));
            }
            return Ok(None);
        };
        let verb = if targets == Targets::Delete { "delete" } else { "assign to" };
        let message = format!("cannot {verb} {}", self.describe(part));
        let raised = self.raise_nodes("SyntaxError", &message, part, part);
        Err(self.halt(raised))
    }

    /// Two expressions side by side inside brackets.
    fn missing_comma(&mut self, a: NodeId, b: NodeId) -> Matched {
        if self.is_legacy_statement(a) || self.tokens[self.mark - 1].level == 0 {
            return Ok(None);
        }
        let message = "invalid syntax. Perhaps you forgot a comma?".to_owned();
        let last = self.tokens[self.nodes[a].last];
        let first = self.tokens[self.nodes[a].first];
        let raised = if self.dialect.missing_comma_is_on_last_line && last.end_line > first.line {
            self.raise_tokens("SyntaxError", &message, &Token { line: last.end_line, ..first }, &last)
        } else {
            self.raise_nodes("SyntaxError", &message, a, b)
        };
        Err(self.halt(raised))
    }

    fn is_legacy_statement(&self, node: NodeId) -> bool {
        self.nodes[node].kind == NodeKind::Name && matches!(self.source_of(node), b"print" | b"exec")
    }

    fn legacy_statement(&mut self, a: NodeId, b: NodeId) -> Matched {
        if !self.is_legacy_statement(a) {
            return Ok(None);
        }
        let name = String::from_utf8_lossy(self.source_of(a)).into_owned();
        let message = format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?");
        let raised = self.raise_nodes("SyntaxError", &message, a, b);
        Err(self.halt(raised))
    }

    /// The arguments of a call in a flat list.
    fn flat_arguments(&self, arguments: NodeId) -> Vec<NodeId> {
        let mut flat = Vec::new();
        for &child in self.children(arguments) {
            match self.nodes[child].kind {
                NodeKind::List if self.children(child).is_empty() => {}
                NodeKind::List => flat.extend(self.flat_arguments(child)),
                NodeKind::Token => {}
                _ => flat.push(child),
            }
        }
        flat
    }

    fn argument_order(&mut self, arguments: NodeId) -> Matched {
        let unpacks =
            self.flat_arguments(arguments).iter().any(|&argument| self.nodes[argument].kind == NodeKind::DoubleStar);
        let message = if unpacks {
            "positional argument follows keyword argument unpacking"
        } else {
            "positional argument follows keyword argument"
        };
        let raised = self.raise_last("SyntaxError", message);
        Err(self.halt(raised))
    }

    fn bare_generator(&mut self, arguments: NodeId, clauses: NodeId) -> Matched {
        let positional: Vec<NodeId> = self
            .flat_arguments(arguments)
            .into_iter()
            .filter(|&argument| !matches!(self.nodes[argument].kind, NodeKind::Keyword | NodeKind::DoubleStar))
            .collect();
        match positional[..] {
            [_, .., last] => self.unparenthesized_generator(last, clauses),
            _ => Ok(None),
        }
    }

    /// A generator expression whose element is `from` and that ends with the last of `clauses`.
    fn unparenthesized_generator(&mut self, from: NodeId, clauses: NodeId) -> Matched {
        let last_clause = self.children(clauses).last().copied().unwrap_or(clauses);
        let parts = self.children(last_clause);
        let condition = parts.get(1).and_then(|&conditions| self.children(conditions).last());
        let end = condition.or(parts.first()).copied().unwrap_or(last_clause);
        let message = "Generator expression must be parenthesized".to_owned();
        let raised = self.raise_nodes("SyntaxError", &message, from, end);
        Err(self.halt(raised))
    }

    /// An integer with more decimal digits than CPython converts.
    pub(super) fn number_error(&self, token: &Token) -> Option<Raised> {
        let text = &self.source.bytes[token.start..token.end];
        let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
        let is_decimal = text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'_');
        if digits <= MAX_DIGITS || !is_decimal {
            return None;
        }
        let unit = if self.dialect.digit_limit_has_unit { " digits" } else { "" };
        let message = format!(
            "Exceeds the limit ({MAX_DIGITS}{unit}) for integer string conversion: value has {digits} digits; \
             use sys.set_int_max_str_digits() to increase the limit - \
             Consider hexadecimal for huge integer literals to avoid decimal conversion limits."
        );
        let no_columns = Token { column: None, end_column: None, ..*token };
        let mut raised = self.raise_tokens(
            "SyntaxError",
            &message,
            if self.dialect.checks_tree_at_end { token } else { &no_columns },
            &no_columns,
        );
        if !self.dialect.checks_tree_at_end && !self.dialect.errors_have_ends {
            raised.at.offset = Some(1);
        }
        Some(raised)
    }

    fn number_in_pattern(&mut self, node: NodeId, imaginary: bool) -> Matched {
        let is_imaginary = matches!(self.source_of(node).last(), Some(b'j' | b'J'));
        if is_imaginary == imaginary {
            return Ok(Some(node));
        }
        let wanted = if imaginary { "imaginary" } else { "real" };
        let message = format!("{wanted} number required in complex literal");
        let raised = self.raise_nodes("SyntaxError", &message, node, node);
        Err(self.halt(raised))
    }
}
