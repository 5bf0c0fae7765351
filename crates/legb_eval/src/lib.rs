//! What really happens when a program runs, as far as it can be told without running it.
//!
//! The machine runs programs on values that are *exact* or *unknown*, and is never wrong: what it does not model is unknown,
//! with its reason. Two answers come out of one run: the story of imports ([`simulate`]) and what is printed ([`predict`]).
//!
//! # Terms
//! * A **unit** is a source file; its code blocks are *lowered* to flat programs ([`program`]), whose names lie where
//!   `legb_scope` says they lie.
//! * The **heap** holds everything with an identity. A variable, key or attribute may be bound *maybe*: on some of the paths
//!   that led here. A container or object is *open* if something unknown may have added to it.
//! * A branch on an unknown condition is a **fork**: both arms run from the same state, the heap's journal undoes the first,
//!   and both are joined where they come together again (the post-dominator of the branch).
//! * A **doubt** is a place where the program may go otherwise than the machine goes on; an **assumption** says what code
//!   that is not run is taken to do. An answer without a doubt is certain.
//! * **Budget**: steps, depth, forks, objects and sizes are limited; beyond, the answer is unknown.
//!
//! # Worked example
//! ```python
//! x = 1
//! if unknown():      # fork: arm A and arm B start with x = 1
//!     x = 2
//! print(x)           # joined: x is 1 or 2, so the text is unknown, with the line of the branch as reason
//! ```
//!
//! Nothing here finds files by itself or knows a project: modules come from a [`source::ModuleSource`]. Nothing is executed.

#![expect(clippy::unnecessary_wraps, reason = "operations of one kind have one signature")]
#![expect(clippy::needless_pass_by_value, reason = "what a fork changed is used up where the arms are joined")]
#![expect(clippy::single_match_else, reason = "a match shows the known and the unknown case side by side")]

mod ahead;
mod attr;
mod budget;
mod builtins;
mod class;
mod container;
mod dialect;
mod dict;
mod event;
mod frame;
mod heap;
mod import;
mod iterate;
mod lower;
mod machine;
mod native;
mod number;
mod operate;
mod predict;
mod program;
mod programs;
mod session;
mod simulate;
pub mod source;
mod stdlib;
mod text;
mod ty;
mod unit;
mod value;

pub use budget::Budget;
pub use event::{At, ModuleStep, Step};
pub use predict::{PredictedException, Prediction, Print, PrintKind, PrintName, predict};
pub use programs::Programs;
pub use session::simulate_each;
pub use simulate::{Entry, Raised, Simulation, StoryFrame, StoryStep, Verdict, simulate};
