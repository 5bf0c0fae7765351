//! Statements: the ones of one line, and suites of any statements.

use super::generator::Generator;
use super::mix::{self, Statement};
use super::scope::Block;

impl Generator {
    /// The whole program: what must come first, then statements until it is long enough and nothing is owed any more.
    pub(super) fn module(&mut self) {
        if self.random.chance(mix::DOCSTRING) {
            self.line("\"\"\"a b c\"\"\"");
        }
        if self.random.chance(mix::FUTURE_IMPORT) {
            let feature =
                self.random.weighted(&[(9, "annotations"), (1, "division"), (1, "annotations as x, division")]);
            self.line(&format!("from __future__ import {feature}"));
        }
        let aim = self.random.between(mix::AIM.0, mix::AIM.1);
        while self.line_count() < aim {
            self.statement(aim);
        }
        while self.owed > 0 {
            self.provoke_anyhow();
        }
    }

    /// The indented statements of a compound statement, or its only statement on the same line.
    pub(super) fn body(&mut self, is_definition: bool) {
        self.indent += 1;
        let before = self.line_count();
        if is_definition && self.random.chance(mix::DECLARE_FIRST) {
            self.declaration();
        }
        let room = mix::AIM.1.saturating_sub(before);
        let most = if is_definition { 4 } else { 2 };
        let count = self.random.between(1, most);
        for _ in 0..count {
            if self.line_count() < before + room || self.line_count() == before {
                self.statement(mix::AIM.1);
            }
        }
        self.indent -= 1;
    }

    /// A statement of any kind, if need be with an error or a curiosity instead.
    fn statement(&mut self, aim: usize) {
        if self.owed > 0 && self.random.chance(mix::PROVOKE_HERE) && self.provoke_here() {
            return;
        }
        if self.random.chance(mix::CURIOSITY) && self.curiosity() {
            return;
        }
        let share = if self.indent == 0 { mix::COMPOUND_SHARE.0 } else { mix::COMPOUND_SHARE.1 };
        let has_room = self.indent < mix::DEPTH && self.line_count() + 2 < aim.max(mix::AIM.0 + 2);
        if has_room && self.random.chance(share) {
            match self.random.weighted(mix::COMPOUND) {
                Statement::Def => self.function(),
                Statement::Class => self.class(),
                other => self.compound(other),
            }
            return;
        }
        let mut text = self.simple();
        if self.random.chance(mix::SEMICOLON) {
            let second = self.simple();
            text = format!("{text}; {second}");
        }
        self.line(&text);
    }

    /// A statement of one line.
    pub(super) fn simple(&mut self) -> String {
        match self.random.weighted(mix::SIMPLE) {
            Statement::Assign => self.assignment(),
            Statement::Augmented => self.augmented(),
            Statement::Annotated => self.annotated(),
            Statement::Delete => self.delete(),
            Statement::Import => self.import(),
            Statement::Global => self.declare("global"),
            Statement::Nonlocal => self.declare("nonlocal"),
            Statement::Jump => self.jump(),
            Statement::Alias => self.alias(),
            Statement::Pass => "pass".to_owned(),
            _ => self.expression(),
        }
    }

    fn assignment(&mut self) -> String {
        match self.random.below(8) {
            0 => {
                let [first, second] = std::array::from_fn(|_| self.target());
                format!("{first} = {second} = {}", self.expressions())
            }
            1 => format!("{}, *{} = {}", self.store(), self.store(), self.expressions()),
            2 => format!("{} = {}", self.target(), self.expressions()),
            _ => format!("{} = {}", self.store(), self.expressions()),
        }
    }

    fn augmented(&mut self) -> String {
        let target = match self.random.below(5) {
            0 => format!("{}.{}", self.load(), self.word()),
            1 => format!("{}[{}]", self.load(), self.load()),
            _ => self.store().to_owned(),
        };
        format!("{target} {} {}", self.random.pick(&["+=", "|=", "@="]), self.expression())
    }

    fn annotated(&mut self) -> String {
        let name = self.name();
        let identifier = self.identifier(name);
        let is_declared = self.block() != Block::Module && self.top().declared.contains(&identifier);
        let target = match self.random.below(8) {
            0 => format!("({name})"),
            1 => format!("{name}.{}", self.word()),
            2 => format!("{name}[{}]", self.load()),
            _ if is_declared && !self.slip() => format!("({name})"),
            _ => {
                self.bind(name);
                name.to_owned()
            }
        };
        self.note(name);
        let annotation = self.annotation();
        if self.random.chance(50) {
            format!("{target}: {annotation}")
        } else {
            format!("{target}: {annotation} = {}", self.expression())
        }
    }

    fn delete(&mut self) -> String {
        match self.random.below(7) {
            0 => format!("del {}.{}", self.load(), self.word()),
            1 => format!("del {}[{}]", self.load(), self.load()),
            2 => format!("del ({}, [{}])", self.store(), self.store()),
            3 => format!("del {}, {}", self.store(), self.store()),
            _ => format!("del {}", self.store()),
        }
    }

    fn import(&mut self) -> String {
        let [module, second] = std::array::from_fn(|_| self.word());
        let is_module = self.block() == Block::Module;
        let may_be_lazy = is_module && self.grammar.dialect.lazy_imports && !self.top().in_try;
        let lazy = if may_be_lazy && self.random.chance(40) { "lazy " } else { "" };
        let dots = self.random.pick(&["", "", ".", "..", "..."]);
        match self.random.below(9) {
            0 | 8 if lazy.is_empty() && (is_module || self.slip()) => {
                format!("from {dots}{module} import *")
            }
            0 | 1 => {
                self.bind(module);
                format!("{lazy}import {module}")
            }
            2 => {
                self.bind(module);
                format!("{lazy}import {module}.{second}")
            }
            3 => format!("{lazy}import {module}.{second} as {}", self.store()),
            4 => format!("{lazy}import {module} as {}, os as {}", self.store(), self.store()),
            5 => format!("{lazy}from {dots}{module} import {}", self.store()),
            6 => format!("{lazy}from . import {}", self.store()),
            7 => format!("{lazy}from {dots}{module}.{second} import ({}, {second} as {})", self.store(), self.store()),
            _ => format!("{lazy}from {module} import {second} as {}", self.store()),
        }
    }

    /// A line of its own that declares a name, most often legally.
    fn declaration(&mut self) {
        let keyword = self.random.weighted(&[(1, "global"), (2, "nonlocal")]);
        let text = self.declare(keyword);
        self.line(&text);
    }

    /// `global` or `nonlocal`; where neither is legal for the name drawn, an expression.
    fn declare(&mut self, keyword: &str) -> String {
        // Several tries: few names are legal at any point.
        for _ in 0..4 {
            let name = self.name();
            let is_legal = match keyword {
                "nonlocal" => self.may_declare_nonlocal(name),
                _ => self.may_declare_global(name),
            };
            if is_legal || self.slip() {
                self.note(name);
                let identifier = self.identifier(name);
                self.top().declared.insert(identifier);
                return format!("{keyword} {name}");
            }
        }
        self.small_expression()
    }

    /// A statement that leaves: `return`, `raise`, `break`, `continue`, `assert`, `yield`.
    fn jump(&mut self) -> String {
        match self.random.below(8) {
            0 => format!("raise {}", self.small_expression()),
            1 => format!("assert {}, {}", self.small_expression(), self.small_expression()),
            2 | 3 if self.top().in_loop || self.slip() => self.random.pick(&["break", "continue"]).to_owned(),
            4 if self.may_yield() || self.slip() => {
                let value = self.expressions();
                format!("yield {value}")
            }
            _ if (self.in_function() && !self.top().in_except_star) || self.slip() => {
                let is_async_generator = self.block() == Block::Function { is_async: true, yields: true };
                if (is_async_generator && !self.slip()) || self.random.chance(25) {
                    "return".to_owned()
                } else {
                    let value = self.expressions();
                    format!("return {value}")
                }
            }
            _ => self.expression(),
        }
    }
}
