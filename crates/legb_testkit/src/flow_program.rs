//! Which reads of a local variable can fail? A generator of functions that run, for differential tests of definite assignment.
//!
//! A [`FlowProgram`] comes as two texts with the same paths. `plain` is for the analyser: a read is the bare statement `x`.
//! `probe` is for CPython: there each read reports whether it succeeded and goes on either way. Every branch and loop count
//! asks `d()`, which takes small numbers from the list `D`, so whoever fills `D` chooses the path. [`DRIVER`] is a Python
//! script that runs many probes over many paths and counts.
//!
//! ```text
//! plain            probe
//! if d():          if d():
//!     x = 1            x = 1
//! x                try: _s(0, x)
//!                  except NameError:
//!                      if _u(0): raise
//! ```
//!
//! A read that an analyser calls unbound must never succeed on any path; one that it calls bound must never fail. Paths that
//! were not sampled prove nothing. The programs compile without error, do no input or output, and end for every `D`.

mod block;
mod driver;
mod frame;
mod writer;

pub use driver::DRIVER;

use frame::Generator;
use legb_base::Dialect;

/// A program in which reads of local variables may fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowProgram {
    /// For the analyser: reads are bare statements.
    pub plain: String,
    /// For CPython, by way of [`DRIVER`]: reads report how they went.
    pub probe: String,
    /// The reads, by position in this list.
    pub reads: Vec<ReadSite>,
}

/// A place where a variable has to be bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadSite {
    /// The number that the probe reports; also the position in [`FlowProgram::reads`].
    pub id: usize,
    /// Line of the name in the plain text, from 1.
    pub line: u32,
    /// Column of the name in the plain text, in characters from 1.
    pub column: u32,
    /// The variable.
    pub name: String,
    /// What is done to the variable.
    pub kind: ReadKind,
}

/// Why a variable has to be bound at a [`ReadSite`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadKind {
    /// Its value is used: `x`.
    Load,
    /// It is deleted: `del x`.
    Delete,
    /// It is updated: `x += 1`. If adding fails for another reason, nothing is reported.
    Augmented,
}

/// The random program of a seed, with statements that the dialect's version can parse.
pub fn flow_program(seed: u64, dialect: &Dialect) -> FlowProgram {
    Generator::new(seed, dialect).program()
}

#[cfg(test)]
mod tests {
    use legb_base::{Dialect, PyVersion};

    use super::{ReadKind, flow_program};

    #[test]
    fn a_seed_and_a_dialect_determine_the_program() {
        for version in PyVersion::ALL {
            let dialect = Dialect::of(version);
            for seed in 0..200 {
                assert_eq!(flow_program(seed, &dialect), flow_program(seed, &dialect), "seed {seed}, {version}");
            }
        }
    }

    #[test]
    fn reads_lie_where_they_say() {
        for seed in 0..1000 {
            let program = flow_program(seed, &Dialect::of(PyVersion::NEWEST));
            assert!(!program.reads.is_empty(), "seed {seed}");
            let lines: Vec<&str> = program.plain.lines().collect();
            for (at, read) in program.reads.iter().enumerate() {
                assert_eq!(read.id, at);
                let line = lines[read.line as usize - 1];
                let (before, rest) = line.split_at(read.column as usize - 1);
                let expected = match read.kind {
                    ReadKind::Load => ("", read.name.clone()),
                    ReadKind::Delete => ("del ", read.name.clone()),
                    ReadKind::Augmented => ("", format!("{} += 1", read.name)),
                };
                assert_eq!((before.trim_start(), rest), (expected.0, expected.1.as_str()), "seed {seed}\n{line}");
            }
        }
    }

    #[test]
    fn programs_are_small() {
        for seed in 0..1000 {
            let plain = flow_program(seed, &Dialect::of(PyVersion::NEWEST)).plain;
            assert!(plain.lines().count() <= 200, "seed {seed}\n{plain}");
        }
    }
}
