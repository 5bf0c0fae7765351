//! Programs of files, kept so that a file that many runs execute is compiled once.
//!
//! What is kept is what the file's text and the version decide; nothing of a run is in it. A file that changes needs another
//! store, or a source that does not offer this one for it.

use std::sync::{Arc, Mutex, PoisonError};

use legb_base::PyVersion;
use rustc_hash::FxHashMap;

use crate::program::Code;
use crate::unit::Refused;

/// What compiling a file came to.
pub(crate) type Compiled = Result<Arc<Code>, Refused>;

/// The programs of files, by path and version.
#[derive(Debug, Default)]
pub struct Programs {
    known: Mutex<FxHashMap<(PyVersion, Box<str>), Compiled>>,
}

impl Programs {
    /// The program of a file, made if there is none yet.
    pub(crate) fn get(&self, version: PyVersion, path: &str, compile: impl FnOnce() -> Compiled) -> Compiled {
        let key = (version, Box::from(path));
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let made = compile();
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key, made.clone());
        made
    }
}
