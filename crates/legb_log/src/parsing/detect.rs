//! Which transport and format is a log in? Judged by its content, and told with the reason.

use std::sync::Arc;

use crate::record::Head;

use super::format::{Format, OwnFormat, Strength, fixed};
use super::learn::layouts;
use super::traceback::{Block, Verdict};
use super::transport::{Envelope, TRANSPORTS, Taken, Transport};

/// So many lines are looked at.
pub(crate) const SAMPLE: usize = 400;

/// Layouts are learned from so many of them.
const TEACHERS: usize = 40;

/// Transports inside of transports.
const MAX_NESTING: usize = 3;

/// Of formats that read nearly the same lines the one that says more is taken: how near, in percent.
const NEAR: usize = 95;

/// Below this percentage of lines a strong format is taken for a guest in plain text.
const GUEST: usize = 10;

/// What was found out about a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detection {
    /// The transports, outermost first.
    pub transports: Vec<String>,
    /// The format of the records; none where lines have no header.
    pub format: Option<String>,
    /// Why: how many lines it was judged by, and how many fit.
    pub reason: String,
}

/// The transports that a sample of lines is wrapped in, outermost first, and the lines without them.
pub(crate) fn transports(sample: &[Vec<u8>]) -> (Vec<Box<dyn Transport>>, Vec<Vec<u8>>) {
    let mut found: Vec<Box<dyn Transport>> = Vec::new();
    let mut lines = sample.to_vec();
    while found.len() < MAX_NESTING {
        let borrowed: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
        let make = TRANSPORTS.iter().find(|make| {
            let mut transport = make();
            !found.iter().any(|outer| outer.name() == transport.name()) && transport.fits(&borrowed)
        });
        let Some(make) = make else { break };
        lines = unwrap(&mut *make(), &lines);
        found.push(make());
    }
    (found, lines)
}

/// The lines without a transport.
pub(crate) fn unwrap(transport: &mut dyn Transport, lines: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let (mut out, mut envelope, mut inner) = (Vec::new(), Envelope::default(), Vec::new());
    for line in lines {
        envelope.clear();
        match transport.take(line, &mut out, &mut envelope) {
            Taken::Whole => {
                inner.extend(out.split(|byte| *byte == b'\n').map(<[u8]>::to_vec));
                out.clear();
            }
            Taken::Part | Taken::Kept => {}
            Taken::Unknown => inner.push(line.clone()),
        }
    }
    inner
}

/// A format with the lines of the sample that it reads.
struct Candidate {
    format: Arc<dyn Format>,
    matches: usize,
}

/// The format of the records in a sample of lines without their transport, and why. The user's own formats come first: one that
/// reads as many lines as a weak format must is taken, whatever else reads them.
pub(crate) fn format(lines: &[Vec<u8>], own: &[OwnFormat]) -> (Option<Arc<dyn Format>>, String) {
    let lines = beginnings(lines);
    if lines.is_empty() {
        return (None, "there is nothing to judge by".to_owned());
    }
    let mut head = Head::default();
    let mut count = |format: &dyn Format| {
        let reads = |line: &&&[u8]| {
            head.clear();
            format.read(line, &mut head)
        };
        lines.iter().filter(reads).count()
    };
    let mut candidates: Vec<Candidate> = Vec::new();
    for OwnFormat(format) in own {
        let matches = count(&**format);
        if matches * 2 >= lines.len() {
            candidates.push(Candidate { format: Arc::clone(format), matches });
        }
    }
    let is_own = !candidates.is_empty();
    let learned = lines.iter().take(TEACHERS).flat_map(|line| layouts(line));
    for format in fixed().into_iter().chain(learned.map(|layout| Arc::new(layout) as Arc<dyn Format>)) {
        if is_own {
            break;
        }
        if candidates.iter().any(|known| known.format.about() == format.about()) {
            continue;
        }
        let matches = count(&*format);
        let enough = match format.strength() {
            Strength::Strong => matches * 100 >= lines.len() * GUEST,
            Strength::Weak => matches * 2 >= lines.len(),
        };
        if matches > 0 && enough {
            candidates.push(Candidate { format, matches });
        }
    }
    let most = candidates.iter().map(|candidate| candidate.matches).max().unwrap_or(0);
    // Of those with the same detail the first wins: `max_by_key` would take the last.
    let best = candidates
        .into_iter()
        .filter(|candidate| candidate.matches * 100 >= most * NEAR)
        .reduce(|best, next| if next.format.detail() > best.format.detail() { next } else { best });
    match best {
        Some(best) => {
            let reason = format!("{} of {} lines begin like `{}`", best.matches, lines.len(), best.format.about());
            (Some(best.format), reason)
        }
        None => (None, format!("none of {} lines begins like a known format", lines.len())),
    }
}

/// The lines that may begin a record: not indented, and not inside of a traceback.
fn beginnings(lines: &[Vec<u8>]) -> Vec<&[u8]> {
    let mut block = Block::default();
    lines
        .iter()
        .map(Vec::as_slice)
        .filter(|line| {
            let verdict = block.feed(line);
            let outside = matches!(verdict, Verdict::Outside | Verdict::Perhaps);
            outside && !line.is_empty() && !line[0].is_ascii_whitespace()
        })
        .take(SAMPLE)
        .collect()
}
