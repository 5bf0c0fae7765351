//! Reads logs as people on call would: any common format, tracebacks and all, filtered, counted and printed.
//!
//! Three subsystems, each usable alone:
//!
//! * [`parsing`]: bytes become [`Record`]s. A [`parsing::Reader`] finds out transport and format by itself.
//! * [`filtering`]: a [`filtering::Filter`] says which records are wanted.
//! * [`output`]: records as table, JSON or CSV; summaries, counts and histograms.
//!
//! [`following`] goes on reading files that grow and rotate, and raises alerts at a limited rate.
//!
//! ```
//! use legb_log::parsing::{Input, ReadOptions, Reader};
//! use legb_log::{Level, output::summary::Summary};
//!
//! let log = b"2026-02-28 10:15:03 ERROR auth_service: Login failed for user=alice\n";
//! let mut reader = Reader::new(Input::memory("app.log", log.to_vec(), 0), 0, ReadOptions::default());
//! let mut summary = Summary::default();
//! while let Some(record) = reader.next() {
//!     assert_eq!(record.level(), Some(Level::Error));
//!     assert_eq!(record.service(), Some(&b"auth_service"[..]));
//!     summary.add(record);
//! }
//! assert_eq!(summary.records, 1);
//! ```
//!
//! What it does not do: print to the terminal, read settings, or look at the code that a traceback is about.

pub mod filtering;
pub mod following;
pub mod mapping;
pub mod output;
pub mod parsing;

mod failure;
mod fingerprint;
mod level;
mod record;
mod time;

pub use failure::Failure;
pub use fingerprint::{fp1, fp1_coarse, fp1_message, is_in_app, template};
pub use level::Level;
pub use record::{Record, Value};
pub use time::{Timestamp, Zone};
