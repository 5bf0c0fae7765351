//! What could a file look like whose names are hard to resolve? A generator of random programs for differential tests.
//!
//! A program is small and full of nested functions, classes, lambdas and comprehensions that share a handful of names, so
//! that capture, shadowing and conflicts happen all the time. It is made for one version of Python: its parser accepts the
//! program (all but a few in a thousand), while the passes after it may not. Most programs are legal; the others contain one
//! or two provocations, either from a table or by ignoring, once, a rule that the rest of the program keeps.
//!
//! ```text
//! [lambda: x for x in (__p := y)]          an error: no walrus in the iterable of a comprehension
//! class _A(C):
//!     def __p(self, a=[c for c in x]): nonlocal_ = __class__
//! ```
//!
//! The same seed and dialect give the same text everywhere. What is *right* for a program is not known here: ask CPython.
//! The programs are not meant to be run.

mod compound;
mod definition;
mod expression;
mod generator;
mod grammar;
mod mix;
mod pattern;
mod provocation;
mod scope;
#[rustfmt::skip]
mod snippets;
mod statement;

use generator::Generator;
use legb_base::Dialect;

/// The random program of a seed, for the version that the dialect describes: 5 to 40 lines, ending in a newline.
pub fn program(seed: u64, dialect: &Dialect) -> String {
    let mut attempt = seed;
    loop {
        let mut generator = Generator::new(attempt, dialect);
        generator.module();
        if (mix::LENGTH.0..=mix::LENGTH.1).contains(&generator.line_count()) {
            return generator.into_text();
        }
        // Far from every seed that anyone counts up to, so that neighbours stay different.
        attempt = attempt.wrapping_add(0xD1B5_4A32_D192_ED03);
    }
}

#[cfg(test)]
mod tests {
    use legb_base::{Dialect, PyVersion};

    use super::program;

    #[test]
    fn a_seed_and_a_dialect_determine_the_program() {
        for version in PyVersion::ALL {
            let dialect = Dialect::of(version);
            for seed in 0..200 {
                assert_eq!(program(seed, &dialect), program(seed, &dialect), "seed {seed}, {version}");
            }
            let distinct: std::collections::BTreeSet<_> = (0..200).map(|seed| program(seed, &dialect)).collect();
            assert_eq!(distinct.len(), 200, "{version}");
        }
    }

    #[test]
    fn programs_are_small() {
        for version in PyVersion::ALL {
            for seed in 0..2000 {
                let text = program(seed, &Dialect::of(version));
                let lines = text.lines().count();
                assert!((5..=40).contains(&lines), "seed {seed}, {version}: {lines} lines\n{text}");
                assert!(text.ends_with('\n'), "seed {seed}, {version}");
            }
        }
    }

    #[test]
    fn new_syntax_stays_out_of_old_versions() {
        for seed in 0..2000 {
            let text = program(seed, &Dialect::of(PyVersion::OLDEST));
            for line in text.lines().map(str::trim_start) {
                let is_new = ["except*", "case ", "lazy import", "lazy from", "type a "]
                    .iter()
                    .any(|start| line.starts_with(start));
                assert!(!is_new && !line.contains("(t\""), "seed {seed}: {line}");
            }
        }
    }
}
