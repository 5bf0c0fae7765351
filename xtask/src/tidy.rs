//! `cargo xtask tidy`: what the compiler cannot check. Also runs as an ordinary test.
//!
//! Every check returns findings as `place: what is wrong`; a finding fails. Long files are listed without failing.

mod layers;
mod rules;
mod sources;

use anyhow::bail;

use crate::workspace;

/// Runs every check and prints what it finds.
pub(crate) fn run() -> anyhow::Result<()> {
    let sources = sources::Sources::read(&workspace::root())?;
    for line in sources.long_files() {
        println!("long: {line}");
    }
    let mut findings = sources.findings();
    findings.extend(layers::findings(&workspace::root(), &sources)?);
    findings.extend(rules::findings(&sources));
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("{} findings", findings.len());
    }
    println!("tidy: {} files", sources.files.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_workspace_is_tidy() {
        super::run().expect("every check passes");
    }
}
