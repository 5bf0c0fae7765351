//! Patterns of `match`.

use legb_base::{NameId, Span};
use legb_syntax::ast::{Expr, Identifier, Pattern};

use super::context::DebugSite;
use super::{Collector, span};
use crate::facts::*;

impl<'a> Collector<'a> {
    pub(crate) fn pattern(&mut self, pattern: &'a Pattern) {
        self.deeper(|this| this.pattern_here(pattern));
    }

    fn pattern_here(&mut self, pattern: &'a Pattern) {
        match pattern {
            Pattern::MatchValue(value) => {
                self.expr(&value.value);
                self.emit_point();
            }
            Pattern::MatchSingleton(_) => {}
            Pattern::MatchSequence(sequence) => {
                for inner in &sequence.patterns {
                    self.pattern(inner);
                }
                self.emit_point();
            }
            Pattern::MatchStar(star) => {
                if let Some(name) = &star.name {
                    self.capture(name, span(star), None);
                }
            }
            Pattern::MatchMapping(mapping) => {
                for key in &mapping.keys {
                    self.expr(key);
                }
                self.emit_point();
                for inner in &mapping.patterns {
                    self.pattern(inner);
                }
                if let Some(rest) = &mapping.rest {
                    self.capture(rest, span(mapping), mapping.patterns.last());
                }
            }
            Pattern::MatchClass(class) => {
                self.expr(&class.cls);
                self.emit_point();
                for inner in &class.arguments.patterns {
                    self.pattern(inner);
                }
                for keyword in &class.arguments.keywords {
                    let name = self.intern(keyword.attr.as_str());
                    self.check_debug(name, DebugSite::node(span(&keyword.pattern)));
                }
                for keyword in &class.arguments.keywords {
                    self.pattern(&keyword.pattern);
                }
            }
            Pattern::MatchAs(as_pattern) => {
                if let Some(inner) = &as_pattern.pattern {
                    self.pattern(inner);
                }
                if let Some(name) = &as_pattern.name {
                    self.capture(name, span(as_pattern), as_pattern.pattern.as_deref());
                }
            }
            Pattern::MatchOr(or) => {
                for inner in &or.patterns {
                    self.pattern(inner);
                }
            }
        }
    }

    /// `inner`: the pattern whose match is captured, or the last one before `**rest`. Until 3.11 code generation stands
    /// there still when it stores the name.
    fn capture(&mut self, name: &'a Identifier, node: Span, inner: Option<&'a Pattern>) {
        if name.is_empty() {
            return;
        }
        let id = self.mangled(name.as_str());
        self.check_debug(id, DebugSite { late: self.standing_at(node, inner), ..DebugSite::node(node) });
        self.bind(id, SymbolFlags::LOCAL, span(name), RefKind::Match);
    }

    /// What code generation refuses in the pattern of a case. `last`: no case follows.
    pub(crate) fn check_case(&mut self, pattern: &'a Pattern, guarded: bool, last: bool) {
        if !last && !guarded {
            self.refuse_irrefutable(pattern);
        }
        let mut seen = Vec::new();
        self.check_captures(pattern, &mut seen);
    }

    /// A pattern that always matches makes what follows unreachable.
    fn refuse_irrefutable(&mut self, pattern: &'a Pattern) {
        match pattern {
            Pattern::MatchAs(as_pattern) => match (&as_pattern.pattern, &as_pattern.name) {
                (None, Some(name)) => {
                    let message = format!("name capture '{name}' makes remaining patterns unreachable");
                    self.compile_error(&message, span(as_pattern));
                }
                (None, None) => self.compile_error("wildcard makes remaining patterns unreachable", span(as_pattern)),
                (Some(inner), _) => self.refuse_irrefutable(inner),
            },
            Pattern::MatchOr(or) => {
                if let Some(last) = or.patterns.last() {
                    self.refuse_irrefutable(last);
                }
            }
            _ => {}
        }
    }

    /// Names bound twice, alternatives that bind different names or hide what follows.
    fn check_captures(&mut self, pattern: &'a Pattern, seen: &mut Vec<NameId>) {
        match pattern {
            Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
            Pattern::MatchSequence(sequence) => {
                let stars = sequence.patterns.iter().filter(|p| matches!(p, Pattern::MatchStar(_))).count();
                if stars > 1 {
                    self.compile_error("multiple starred names in sequence pattern", span(sequence));
                }
                for inner in &sequence.patterns {
                    self.check_captures(inner, seen);
                }
            }
            Pattern::MatchStar(star) => self.note_capture(star.name.as_ref(), span(star), seen),
            Pattern::MatchMapping(mapping) => {
                self.check_mapping_keys(&mapping.keys, span(mapping));
                for inner in &mapping.patterns {
                    self.check_captures(inner, seen);
                }
                self.note_capture(
                    mapping.rest.as_ref(),
                    self.standing_at(span(mapping), mapping.patterns.last()),
                    seen,
                );
            }
            Pattern::MatchClass(class) => {
                self.check_class_pattern_attributes(class);
                for inner in class.arguments.patterns.iter().chain(class.arguments.keywords.iter().map(|k| &k.pattern))
                {
                    self.check_captures(inner, seen);
                }
            }
            Pattern::MatchAs(as_pattern) => {
                if let Some(inner) = &as_pattern.pattern {
                    self.check_captures(inner, seen);
                }
                self.note_capture(
                    as_pattern.name.as_ref(),
                    self.standing_at(span(as_pattern), as_pattern.pattern.as_deref()),
                    seen,
                );
            }
            Pattern::MatchOr(or) => self.check_alternatives(or, seen),
        }
    }

    fn check_alternatives(&mut self, or: &'a legb_syntax::ast::PatternMatchOr, seen: &mut Vec<NameId>) {
        let mut first: Option<Vec<NameId>> = None;
        let alternatives = or.patterns.len();
        for (i, inner) in or.patterns.iter().enumerate() {
            let mut here = Vec::new();
            self.check_captures(inner, &mut here);
            if i + 1 < alternatives {
                self.refuse_irrefutable(inner);
            }
            here.sort_unstable();
            match &first {
                Some(names) if *names != here => {
                    // Until 3.11 the error stands where code generation does: at the last pattern it has seen.
                    let node = if self.dialect.decorators_first {
                        span(or)
                    } else {
                        span(last_inside(inner, self.dialect.skips_wildcards))
                    };
                    self.compile_error("alternative patterns bind different names", node);
                    break;
                }
                Some(_) => {}
                None => first = Some(here),
            }
        }
        for name in first.unwrap_or_default() {
            if seen.contains(&name) {
                let message = format!("multiple assignments to name '{}' in pattern", self.facts.names.text(name));
                let node = self.standing_at(span(or), or.patterns.last());
                self.compile_error(&message, node);
            }
            seen.push(name);
        }
    }

    /// Where code generation stands when it stores a name: until 3.11 at the pattern it has seen last.
    fn standing_at(&self, node: Span, inner: Option<&Pattern>) -> Span {
        let skips = self.dialect.skips_wildcards;
        inner
            .filter(|inner| !(self.dialect.decorators_first || skips && is_wildcard(inner)))
            .map_or(node, |inner| span(last_inside(inner, skips)))
    }

    fn note_capture(&mut self, name: Option<&'a Identifier>, node: Span, seen: &mut Vec<NameId>) {
        let Some(name) = name.filter(|name| !name.is_empty()) else { return };
        let id = self.mangled(name.as_str());
        if seen.contains(&id) {
            let message = format!("multiple assignments to name '{name}' in pattern");
            self.compile_error(&message, node);
        }
        seen.push(id);
    }
}

/// Whether a pattern matches whatever comes.
pub(crate) fn is_irrefutable(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::MatchAs(as_pattern) => as_pattern.pattern.as_deref().is_none_or(is_irrefutable),
        Pattern::MatchOr(or) => or.patterns.iter().any(is_irrefutable),
        _ => false,
    }
}

/// Whether an expression is a literal text, for keys of mapping patterns.
pub(crate) fn literal_text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::StringLiteral(text) => Some(text.value.to_str()),
        _ => None,
    }
}

/// The pattern for which code is generated last within a pattern, until 3.11. Sequences of wildcards are not looked into.
fn last_inside(pattern: &Pattern, skips_wildcards: bool) -> &Pattern {
    let visited = |p: &&Pattern| !(skips_wildcards && is_wildcard(p));
    let inner = match pattern {
        Pattern::MatchSequence(sequence) if sequence.patterns.iter().all(is_wildcard) => None,
        Pattern::MatchSequence(sequence) => sequence.patterns.last(),
        Pattern::MatchMapping(mapping) => mapping.patterns.iter().rfind(visited),
        Pattern::MatchClass(class) => {
            let keywords = class.arguments.keywords.iter().map(|keyword| &keyword.pattern);
            class.arguments.patterns.iter().chain(keywords).filter(visited).last()
        }
        Pattern::MatchAs(as_pattern) => as_pattern.pattern.as_deref(),
        Pattern::MatchOr(or) => or.patterns.last(),
        Pattern::MatchValue(_) | Pattern::MatchSingleton(_) | Pattern::MatchStar(_) => None,
    };
    inner.map_or(pattern, |inner| last_inside(inner, skips_wildcards))
}

fn is_wildcard(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::MatchAs(as_pattern) => as_pattern.pattern.is_none() && as_pattern.name.is_none(),
        Pattern::MatchStar(star) => star.name.is_none(),
        _ => false,
    }
}
