//! Statements with blocks that are not definitions: branches, loops, `try`, `with`, `match`.

use super::generator::Generator;
use super::mix::{self, Statement};
use super::scope::Block;

impl Generator {
    /// A statement with blocks.
    pub(super) fn compound(&mut self, kind: Statement) {
        match kind {
            Statement::If => self.branches(),
            Statement::For => self.for_loop(),
            Statement::While => self.while_loop(),
            Statement::With => self.with(),
            Statement::Match if self.grammar.dialect.match_statement => self.match_cases(),
            _ => self.try_blocks(),
        }
    }

    /// A head with its block; sometimes both on one line.
    fn block_of(&mut self, head: &str) {
        if self.random.chance(mix::ONE_LINE) {
            let statement = self.simple();
            self.line(&format!("{head}: {statement}"));
        } else {
            self.line(&format!("{head}:"));
            self.body(false);
        }
    }

    fn is_async(&mut self) -> bool {
        let is_legal = matches!(self.block(), Block::Function { is_async: true, .. });
        self.random.chance(mix::ASYNC_STATEMENT) && (is_legal || self.slip())
    }

    fn branches(&mut self) {
        let test = self.expression();
        self.block_of(&format!("if {test}"));
        while self.random.chance(20) {
            let test = self.expression();
            self.block_of(&format!("elif {test}"));
        }
        if self.random.chance(30) {
            self.block_of("else");
        }
    }

    fn for_loop(&mut self) {
        let prefix = if self.is_async() { "async " } else { "" };
        let target = match self.random.below(6) {
            0 => format!("{}, {}", self.store(), self.store()),
            1 => format!("{}, *{}", self.store(), self.store()),
            _ => self.target(),
        };
        let mut iterable = self.expression();
        if self.grammar.starred_iterable && self.random.chance(10) {
            iterable = format!("*{iterable}, {}", self.load());
        }
        self.loop_body(&format!("{prefix}for {target} in {iterable}"));
    }

    fn while_loop(&mut self) {
        let test = self.expression();
        self.loop_body(&format!("while {test}"));
    }

    fn loop_body(&mut self, head: &str) {
        let outer = std::mem::replace(&mut self.top().in_loop, true);
        self.block_of(head);
        self.top().in_loop = outer;
        if self.random.chance(mix::LOOP_ELSE) {
            self.block_of("else");
        }
    }

    fn with(&mut self) {
        let prefix = if self.is_async() { "async " } else { "" };
        let mut items = Vec::new();
        let mut all_named = true;
        for _ in 0..self.random.between(1, 2) {
            let value = self.expression();
            if self.random.chance(70) {
                items.push(format!("{value} as {}", self.target()));
            } else {
                all_named = false;
                items.push(value);
            }
        }
        let list = items.join(", ");
        let parenthesized = all_named && self.grammar.parenthesized_with && self.random.chance(30);
        let list = if parenthesized { format!("({list})") } else { list };
        self.block_of(&format!("{prefix}with {list}"));
    }

    fn try_blocks(&mut self) {
        let outer = std::mem::replace(&mut self.top().in_try, true);
        self.block_of("try");
        let handlers = self.random.below(3);
        let is_star = self.grammar.dialect.except_star && self.random.chance(25);
        for at in 0..handlers {
            let kind = self.small_expression();
            let is_last = at + 1 == handlers;
            let head = match self.random.below(5) {
                0 if !is_star && (is_last || self.slip()) => "except".to_owned(),
                1 if self.grammar.bare_exception_list => {
                    format!("except{} {kind}, E", if is_star { "*" } else { "" })
                }
                2 => format!("except{} {kind}", if is_star { "*" } else { "" }),
                _ => format!("except{} {kind} as {}", if is_star { "*" } else { "" }, self.store()),
            };
            if is_star {
                let scope = self.top();
                let outer = (scope.in_loop, scope.in_except_star);
                (scope.in_loop, scope.in_except_star) = (false, true);
                self.block_of(&head);
                let scope = self.top();
                (scope.in_loop, scope.in_except_star) = outer;
            } else {
                self.block_of(&head);
            }
        }
        if handlers > 0 && self.random.chance(25) {
            self.block_of("else");
        }
        if handlers == 0 || self.random.chance(25) {
            self.block_of("finally");
        }
        self.top().in_try = outer;
    }

    fn match_cases(&mut self) {
        let subject = self.expressions();
        self.line(&format!("match {subject}:"));
        self.indent += 1;
        let cases = self.random.between(1, 3);
        for at in 0..cases {
            let mut captured = Vec::new();
            let is_last = at + 1 == cases;
            let irrefutable = self.random.chance(25);
            let head = if irrefutable && (is_last || self.slip()) {
                self.capture(&mut captured)
            } else if irrefutable {
                let name = self.capture(&mut captured);
                format!("{name} if {}", self.small_expression())
            } else {
                let mut pattern = self.pattern(2, &mut captured);
                if self.random.chance(20) {
                    pattern.push_str(" if ");
                    pattern.push_str(&self.expression());
                }
                pattern
            };
            self.block_of(&format!("case {head}"));
        }
        self.indent -= 1;
    }
}
