//! Keeps a panic while one file is worked on from ending the run.
//!
//! The panic hook runs first, on the thread that panics: it hands over what happened, and another thread goes on with the
//! next file. Where panics unwind, the thread then ends by itself. Where they abort, which makes parser and analysis an
//! eighth faster, the hook does not return: it puts the thread to sleep for good.

use std::cell::Cell;
use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::Once;
use std::thread;

/// A panic on a thread that works on files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panic {
    /// What the panic said.
    pub message: String,
    /// `file:line:column` of the source of legb where it arose, where known.
    pub location: Option<String>,
}

/// Is told of the panic.
type Report = Box<dyn FnOnce(Panic)>;

thread_local! {
    static REPORT: Cell<Option<Report>> = const { Cell::new(None) };
}

/// From now on, a panic on this thread is told to `report`, and the thread does nothing any more.
pub(crate) fn report_to(report: impl FnOnce(Panic) + 'static) {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let previous = take_hook();
        set_hook(Box::new(move |info| match REPORT.try_with(Cell::take) {
            Ok(Some(report)) => {
                report(describe(info));
                while cfg!(panic = "abort") {
                    thread::park();
                }
            }
            _ => previous(info),
        }));
    });
    REPORT.set(Some(Box::new(report)));
}

fn describe(info: &PanicHookInfo<'_>) -> Panic {
    Panic {
        message: info.payload_as_str().unwrap_or("unknown panic").to_owned(),
        location: info.location().map(ToString::to_string),
    }
}
