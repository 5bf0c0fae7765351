//! What a format is: a way in which the first line of a record states time, level, service and message.
//!
//! Each format is one file below `formats/`. A format sees single lines, without their transport, and holds no state.

use std::sync::Arc;

use crate::record::Head;

use super::formats;
use super::layout::Layout;

/// How far a line of a format may be trusted to begin a record where it is not expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// Ordinary text may look like it: it counts only in a file that is written in it.
    Weak,
    /// No text looks like it by chance: it counts anywhere.
    Strong,
}

/// A way in which records begin.
pub(crate) trait Format: Send + Sync {
    /// How it is called in reports and for `--format-in`.
    fn name(&self) -> &str;

    /// Its shape, in a line.
    fn about(&self) -> &str;

    /// How far one line may be trusted.
    fn strength(&self) -> Strength {
        Strength::Strong
    }

    /// How much a header of it says, to choose between formats that read the same lines. What is hard to mistake says most.
    fn detail(&self) -> usize {
        9
    }

    /// Whether its lines are JSON objects.
    fn is_json(&self) -> bool {
        false
    }

    /// Reads the first line of a record; false where the line is none. What is in `head` then does not matter.
    fn read(&self, line: &[u8], head: &mut Head) -> bool;
}

/// All formats that need no learning, the more exact before the more general.
pub(crate) fn fixed() -> Vec<Arc<dyn Format>> {
    let mut all: Vec<Arc<dyn Format>> = vec![
        Arc::new(formats::json::Json),
        Arc::new(formats::tutorial::Tutorial),
        Arc::new(formats::access::Access),
        Arc::new(formats::access::DjangoServer),
        Arc::new(formats::nginx_error::NginxError),
        Arc::new(formats::apache_error::ApacheError),
        Arc::new(formats::klog::Klog),
        Arc::new(formats::structlog::Structlog),
        Arc::new(formats::uvicorn::Uvicorn),
        Arc::new(formats::logfmt::Logfmt),
    ];
    all.extend(formats::python_logging::known().into_iter().map(|layout| Arc::new(layout) as Arc<dyn Format>));
    all
}

/// The formats that a user may name, with their shapes.
pub fn names() -> Vec<(String, String)> {
    fixed().iter().map(|format| (format.name().to_owned(), format.about().to_owned())).collect()
}

/// A format that a user describes: a format string of `logging`, in any of its three styles, or a regular expression with
/// named groups.
pub(crate) fn described(name: &str, text: &str) -> Result<Arc<dyn Format>, String> {
    if text.contains("(?P<") || text.contains("(?<") {
        return Ok(Arc::new(formats::pattern::Pattern::new(name, text)?));
    }
    Ok(Arc::new(Layout::parse(name, text)?))
}

/// A format of the user's own, which takes part when formats are found out, before all others.
#[derive(Clone)]
pub struct OwnFormat(pub(crate) Arc<dyn Format>);

impl OwnFormat {
    /// Describes one: a format string of `logging`, in any of its three styles, or a regular expression with named groups.
    ///
    /// # Errors
    /// If the text is neither; the message says why.
    pub fn new(name: &str, text: &str) -> Result<Self, String> {
        Ok(Self(described(name, text)?))
    }
}
