//! What could a file look like whose imports are hard to find without a parser? Random programs for differential tests.
//!
//! A program is small: imports of all forms, in blocks of all kinds, next to strings, comments, brackets and continued lines
//! that hide the word `import` or look like the end of something. Indentation and line endings vary from program to program.
//!
//! ```text
//! if (TYPE_CHECKING): from . import (a as b, # import c
//!     d,); x = f"{'''import e'''}"
//! ```
//!
//! Most programs are legal. A mutated one has a few tokens or lines too many, too few or in the wrong place, and half of those
//! are legal no more. The same seed gives the same text everywhere. What is right for a program is not known here: ask a parser.

mod mutation;
mod snippets;

use crate::random::Random;

/// The random program of a seed: up to 40 lines.
pub fn import_program(seed: u64) -> String {
    Writer::new(Random::new(seed)).program()
}

/// A program of the same kind with one to three mutations.
pub fn mutated_import_program(seed: u64) -> String {
    mutated(&import_program(seed), seed)
}

/// A text with one to three mutations.
pub fn mutated(text: &str, seed: u64) -> String {
    let mut random = Random::new(seed ^ 0x6d75_7461_7465);
    let count = random.weighted(&[(6, 1), (3, 2), (1, 3)]);
    (0..count).fold(text.to_owned(), |text, _| mutation::mutate(&text, &mut random))
}

/// Blocks inside blocks.
const DEEPEST: usize = 4;

struct Writer {
    random: Random,
    text: String,
    unit: &'static str,
    /// Statements that may still be written.
    budget: usize,
}

impl Writer {
    fn new(mut random: Random) -> Self {
        let unit = random.weighted(&[(6, "    "), (2, "\t"), (1, " "), (1, "  "), (1, "  \t")]);
        let budget = random.between(3, 16);
        Self { random, text: String::new(), unit, budget }
    }

    fn program(mut self) -> String {
        if self.random.chance(20) {
            let head = self.random.pick(snippets::HEADS);
            self.text.push_str(head);
        }
        while self.budget > 0 {
            self.statement(0);
        }
        // Without an import at the end the rest would not be looked at.
        if self.random.chance(80) {
            self.text.push_str("import last");
            self.text.push_str(self.random.weighted(&[(4, "\n"), (1, ""), (1, " # end")]));
        }
        let ending = self.random.weighted(&[(8, "\n"), (2, "\r\n"), (1, "\r")]);
        if ending == "\n" { self.text } else { self.text.replace('\n', ending) }
    }

    fn statement(&mut self, depth: usize) {
        self.budget = self.budget.saturating_sub(1);
        self.blank_lines(depth);
        self.indent(depth);
        if depth < DEEPEST && self.random.chance(45) {
            self.compound(depth);
        } else {
            self.simple_line();
        }
    }

    fn blank_lines(&mut self, depth: usize) {
        if !self.random.chance(15) {
            return;
        }
        let line = self.random.pick(snippets::BLANK_LINES);
        let depth = self.random.below(depth + 2);
        self.indent(depth);
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn indent(&mut self, depth: usize) {
        (0..depth).for_each(|_| self.text.push_str(self.unit));
    }

    /// Simple statements up to the end of the line.
    fn simple_line(&mut self) {
        self.simple();
        while self.random.chance(15) {
            self.text.push_str(self.random.pick(&[";", "; ", " ;"]));
            self.simple();
        }
        self.text.push_str(self.random.weighted(&[(12, ""), (1, ";"), (1, " # import c"), (1, "  "), (1, "#'''")]));
        self.text.push('\n');
    }

    fn simple(&mut self) {
        let statement = match self.random.below(100) {
            0..50 => self.import(),
            50..60 => self.random.pick(snippets::CALLS).to_owned(),
            60 => self.random.pick(snippets::ODD_CALLS).to_owned(),
            61 => self.random.pick(snippets::ODD_FIELDS).to_owned(),
            _ => self.random.pick(snippets::SIMPLE).to_owned(),
        };
        self.text.push_str(&statement);
    }

    /// An import statement of any form.
    fn import(&mut self) -> String {
        let lazy = if self.random.chance(4) { "lazy " } else { "" };
        let space = self.space();
        if self.random.chance(40) {
            let names: Vec<String> =
                (0..self.random.weighted(&[(5, 1), (2, 2), (1, 3)])).map(|_| self.module()).collect();
            return format!("{lazy}import{space}{}", names.join(self.random.pick(&[",", ", ", " ,\\\n "])));
        }
        let dots = self.random.weighted(&[(6, ""), (2, "."), (1, ".."), (1, "..."), (1, ". ."), (1, "....")]);
        let module = if !dots.is_empty() && self.random.chance(40) { "" } else { self.name_of_module() };
        let after = if module.is_empty() && self.random.chance(50) { "" } else { " " };
        let before = if dots.is_empty() { space } else { self.random.pick(&["", " "]) };
        let names = self.names();
        format!("{lazy}from{before}{dots}{module}{after}import{names}")
    }

    fn module(&mut self) -> String {
        let module = self.name_of_module();
        if self.random.chance(25) { format!("{module}{}as{}m", self.space(), self.space()) } else { module.to_owned() }
    }

    fn name_of_module(&mut self) -> &'static str {
        let modules = if self.random.chance(2) { snippets::ODD_MODULES } else { snippets::MODULES };
        self.random.pick(modules)
    }

    /// What follows `import` in a `from` statement.
    fn names(&mut self) -> String {
        if self.random.chance(10) {
            return self.random.pick(&["*", " *", " \\\n *"]).to_owned();
        }
        let count = self.random.weighted(&[(4, 1), (3, 2), (1, 4)]);
        let names: Vec<String> = (0..count)
            .map(|_| {
                let name = self.random.pick(snippets::NAMES);
                if self.random.chance(25) {
                    format!("{name}{}as{}b", self.space(), self.space())
                } else {
                    name.to_owned()
                }
            })
            .collect();
        if self.random.chance(60) {
            return format!("{}{}", self.space(), names.join(self.random.pick(&[",", ", ", " , "])));
        }
        let open = self.random.pick(&["(", " (", " ( ", "(\n", "( # import x\n"]);
        let comma = self.random.pick(&[",", ", ", ",\n  ", ", # )\n", "\n,"]);
        let close = self.random.pick(&[")", ",)", "\n)", ",\n)", " # (\n)", ", )"]);
        format!("{open}{}{close}", names.join(comma))
    }

    /// White space that a statement may have between two words.
    fn space(&mut self) -> &'static str {
        self.random.weighted(&[(20, " "), (1, "  "), (1, "\t"), (1, " \\\n"), (1, "\x0c "), (1, "\\\n  ")])
    }

    /// A compound statement with all its clauses.
    fn compound(&mut self, depth: usize) {
        let clauses = self.random.pick(snippets::COMPOUNDS);
        for (at, clause) in clauses.iter().enumerate() {
            if at > 0 {
                self.indent(depth);
            }
            let header = if clause.contains("{test}") {
                let tests = if self.random.chance(3) { snippets::ODD_TESTS } else { snippets::TESTS };
                let test = self.random.pick(tests);
                clause.replace("{test}", test)
            } else {
                (*clause).to_owned()
            };
            self.text.push_str(&header);
            if header.starts_with('@') {
                self.text.push('\n');
            } else if header.starts_with("match ") {
                self.text.push('\n');
                self.cases(depth + 1);
            } else {
                self.body(depth);
            }
        }
    }

    fn cases(&mut self, depth: usize) {
        for _ in 0..self.random.between(1, 2) {
            self.indent(depth);
            let case = self.random.pick(snippets::CASES);
            self.text.push_str(case);
            self.body(depth);
        }
    }

    fn body(&mut self, depth: usize) {
        if self.random.chance(25) {
            self.text.push_str(self.random.pick(&["", " ", "\\\n ", "  "]));
            self.simple_line();
            return;
        }
        self.text.push_str(self.random.weighted(&[(8, ""), (1, " # import c"), (1, " "), (1, "#'''")]));
        self.text.push('\n');
        for _ in 0..self.random.weighted(&[(3, 1), (2, 2), (1, 3)]) {
            self.statement(depth + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{import_program, mutated_import_program};
    use std::collections::BTreeSet;

    #[test]
    fn a_seed_determines_the_program() {
        let programs = |of: fn(u64) -> String| (0..500).map(of).collect::<Vec<_>>();
        for of in [import_program, mutated_import_program] {
            let texts = programs(of);
            assert_eq!(texts, programs(of));
            assert!(texts.iter().collect::<BTreeSet<_>>().len() > 490);
            assert!(texts.iter().filter(|text| text.contains("import")).count() > 490);
        }
    }
}
