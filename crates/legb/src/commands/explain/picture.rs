//! The ladder of scopes of names as a picture.

use anyhow::bail;
use legb_base::PyVersion;
use legb_scope::explain::Explanation;
use legb_scope::picture::{ladder_mermaid, ladder_svg};

use crate::args::ExplainFormat;

use super::Answers;

/// So many ladders are drawn in one picture.
const MOST: usize = 40;

/// The picture of what was explained.
pub(super) fn of(answers: &[(PyVersion, Answers)], format: ExplainFormat) -> anyhow::Result<String> {
    let explanations: Vec<Explanation> =
        answers.iter().flat_map(|(_, answers)| answers.explanations.iter().cloned()).collect();
    if explanations.len() > MOST {
        bail!(
            "{} ladders do not fit into one picture\n  help: name a line or a name; `legb scopes --format svg` draws the scopes \
             of a file",
            explanations.len()
        );
    }
    Ok(if format == ExplainFormat::Svg { ladder_svg(&explanations) } else { ladder_mermaid(&explanations) })
}
