//! **Parsing**: bytes → lines → transport taken off → header → fields → traceback.
//!
//! A [`Reader`] lends one [`Record`](crate::Record) after the other, in bounded memory. Which transport and format a log is in
//! is found out from its content ([`Detection`]) or said by [`FormatChoice`].

mod detect;
mod format;
pub(crate) mod formats;
mod input;
pub(crate) mod json;
mod layout;
mod learn;
mod lines;
mod merge;
mod reader;
pub mod traceback;
pub(crate) mod transport;

pub use detect::Detection;
pub use format::{OwnFormat, names as format_names};
pub use input::Input;
pub use lines::LineProblems;
pub use merge::merge;
pub use reader::{FormatChoice, ReadOptions, ReadProblems, Reader};
pub use traceback::{Frame, Traceback};
