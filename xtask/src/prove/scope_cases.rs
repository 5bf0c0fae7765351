//! Every recorded answer to a snippet is legb's answer too.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow};
use legb_base::PyVersion;
use legb_oracle::recorded::{Answer, Page};

use super::{Figure, Needs, Options, Row};
use crate::corpus::cases;
use crate::{legb, workspace};

pub(super) const ROW: Row = Row {
    name: "scope-cases",
    about: "recorded answers to snippets, all versions",
    needs: Needs::Interpreters,
    measure,
};

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let (mut answers, mut equal) = (0, 0);
    let folder = workspace::root().join("fixtures").join("scope");
    for path in workspace::files_below(&folder, &[], &|name| Path::new(name).extension().is_some_and(|x| x == "md"))? {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let page = Page::parse(&text).map_err(|reason| anyhow!("{}, {reason}", path.display()))?;
        for snippet in page.snippets() {
            for (&version, recorded) in &snippet.answers {
                let row = legb::symtable_row("snippet.py", snippet.source.as_bytes(), version)?;
                answers += 1;
                if Answer::of(&row) == *recorded {
                    equal += 1;
                } else {
                    println!("  {version} differs: {}:{}: {}", path.display(), snippet.line, snippet.heading);
                }
            }
        }
    }
    let mut measured = format!("{equal} of {answers} recorded answers");
    if let Some(truth) = &options.truth {
        let cases = cases::read(truth)?;
        for version in PyVersion::ALL {
            let tally = cases::compare(&cases, version, &legb::symtable_row)?;
            println!("{}", tally.line());
            tally.print_first(5);
            answers += 1;
            equal += usize::from(tally.differing.is_empty());
        }
        let _ = write!(measured, ", and the cases of {}", truth.display());
    }
    Ok(Figure { measured, bound: "all", holds: answers > 0 && equal == answers })
}
