//! Random programs that print: scopes, closures, classes, comprehensions, generators and exceptions.
//!
//! They end by themselves, ask nothing of the world around, and print after nearly every step, so that what an evaluator claims
//! can be held against what an interpreter prints. Whether a program is sensible does not matter: errors are part of the game.

mod definition;
mod expression;
mod statement;

use crate::line::push_line;
use crate::random::Random;

/// Runs programs and reports what each `print` wrote, for any Python from 3.8 on.
///
/// On standard input, one JSON object per line: `{"key": …, "source": "…"}`. On standard output, one line for each, in the same
/// order: `{"key": …, "prints": [[line, text], …], "exception": [type, message] | null}`, or `{"key": …, "skipped": reason}` for a
/// program that does not compile, recurses without end, prints very often, or runs for more than two seconds.
pub const DRIVER: &str = include_str!("eval_program/driver.py");

/// Variables.
const NAMES: [&str; 6] = ["a", "b", "c", "x", "y", "z"];

/// Writes one program.
struct Writer {
    random: Random,
    text: String,
    /// Statements that may still be written.
    budget: usize,
    /// Functions are numbered, so that one that is defined again keeps its name.
    functions: usize,
    classes: usize,
}

/// Where a statement stands.
#[derive(Clone, Copy, Default)]
struct Place {
    depth: usize,
    in_function: bool,
    in_loop: bool,
}

impl Place {
    fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

impl Writer {
    fn line(&mut self, depth: usize, text: &str) {
        push_line(&mut self.text, depth, text);
    }

    /// A statement whose exception is printed and forgotten.
    fn guarded(&mut self, statement: fn(&mut Self, Place)) {
        self.line(0, "try:");
        statement(self, Place { depth: 1, ..Place::default() });
        self.line(0, "except Exception as error:");
        self.line(1, "print(type(error).__name__, error)");
    }

    fn name(&mut self) -> &'static str {
        self.random.pick(&NAMES)
    }

    fn function_name(&mut self) -> String {
        format!("f{}", self.random.below(self.functions.max(1)))
    }

    fn class_name(&mut self) -> String {
        format!("C{}", self.random.below(self.classes.max(1)))
    }
}

/// The program of a seed.
pub fn eval_program(seed: u64) -> String {
    let mut writer = Writer { random: Random::new(seed), text: String::new(), budget: 45, functions: 0, classes: 0 };
    for name in NAMES {
        if writer.random.chance(92) {
            let values: &[&str] = match name {
                "x" => &["[1, 2, 3]", "[3, 1]", "['b', 'a']", "[]"],
                "y" => &["'text'", "'k'", "''"],
                "z" => &["{'k': 1}", "{1: 'one', 'k': 2}", "{}"],
                _ => &["1", "2", "7", "2.5", "-3", "0"],
            };
            let value = writer.random.pick(values);
            writer.line(0, &format!("{name} = {value}"));
        }
    }
    for _ in 0..3 {
        writer.guarded(Writer::function);
    }
    for _ in 0..2 {
        writer.guarded(Writer::class);
    }
    let steps = writer.random.between(6, 14);
    for _ in 0..steps {
        if writer.random.chance(92) {
            writer.guarded(Writer::statement);
        } else {
            writer.statement(Place::default());
        }
    }
    writer.text
}

#[cfg(test)]
mod tests {
    use super::eval_program;

    #[test]
    fn one_seed_gives_one_program_and_programs_differ() {
        assert_eq!(eval_program(5), eval_program(5));
        assert_ne!(eval_program(5), eval_program(6));
        assert!((0..50).all(|seed| eval_program(seed).contains("print(")));
    }
}
