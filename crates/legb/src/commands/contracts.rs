//! `legb contracts`: which architecture contracts are kept, and what breaks the others.

mod text;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use legb_contracts::baseline::{Baseline, Difference};
use legb_contracts::{Config, Contract, Outcome, Verdict, config, report};
use legb_project::Gravity;

use crate::args::{ContractsArgs, GlobalArgs, TextFormat};
use crate::targets::Targets;
use crate::{Exit, architecture, output};

/// Runs the command.
pub(crate) fn run(args: &ContractsArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let mut config = read(args, global)?;
    choose(&mut config, &args.contract)?;
    let baseline = args.baseline.as_deref().map(|path| known(path, args.write_baseline)).transpose()?.flatten();
    let targets = Targets::choose(args.target.target_version.as_ref(), &config.folder, global.isolated);
    if global.verbose {
        output::note(&format!("{targets}; contracts: {} of {}", config.contracts.len(), config.files.join(", ")));
    }
    let mut problems = Vec::from_iter(targets.problem.clone());
    let mut verdicts =
        architecture::judge(&config, &args.environment.src, &args.files, targets.newest(), &mut problems)?;
    let now = Baseline::new(&config.contracts, &verdicts);
    let invalid = verdicts.iter().any(|verdict| matches!(verdict.outcome, Outcome::Invalid(_)));
    let failed =
        invalid || !config.complaints.is_empty() || problems.iter().any(|problem| problem.gravity == Gravity::Error);
    let mut risen = false;
    if let (Some(path), true) = (args.baseline.as_deref(), args.write_baseline) {
        risen = !write(path, &now, baseline.as_ref(), failed)?;
    }
    // A baseline that was just written knows all that there is.
    let known = if args.write_baseline && !risen && !failed { Some(now) } else { baseline };
    let difference = known.map(|known| known.apply(&config.contracts, &mut verdicts)).unwrap_or_default();
    print(args, global, &config, &verdicts, &difference)?;
    for complaint in config.complaints.iter().chain(verdicts.iter().flat_map(invalidity)) {
        output::error(&complaint.to_string());
    }
    if !global.quiet {
        let warnings = config.warnings.iter().chain(verdicts.iter().flat_map(|verdict| &verdict.warnings));
        warnings.for_each(|warning| output::warning(&warning.to_string()));
    }
    output::problems(&problems, global.quiet);
    let broken = verdicts.iter().any(|verdict| matches!(verdict.outcome, Outcome::Broken(_)));
    Ok(if failed {
        Exit::Failed
    } else if broken || risen {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

fn read(args: &ContractsArgs, global: &GlobalArgs) -> anyhow::Result<Config> {
    if !args.path.exists() {
        bail!("{}: no such file or folder\n  help: check the spelling and the working directory", args.path.display());
    }
    if let Some(path) = &global.config {
        let help = "check the path given with --config";
        let config = config::read_file(path).with_context(|| format!("cannot read {}: {help}", path.display()))?;
        return Ok(Config { folder: args.path.clone(), ..config });
    }
    config::find(&args.path).ok_or_else(|| {
        anyhow!(
            "{}: no contracts here, nor in any folder above\n  help: write them into legb.toml as `[[contracts]]`, into \
             legb.json, or into pyproject.toml as `[[tool.legb.contracts]]`; `legb contracts --help` tells more",
            args.path.display()
        )
    })
}

/// Leaves only those contracts that the command line names, if it names any.
fn choose(config: &mut Config, named: &[String]) -> anyhow::Result<()> {
    for word in named {
        if !config.contracts.iter().any(|contract| contract.is_called(word)) {
            let names: Vec<String> = config.contracts.iter().map(|contract| format!("`{}`", contract.name)).collect();
            bail!("--contract: there is no contract `{word}`\n  help: there are {}", names.join(", "));
        }
    }
    if !named.is_empty() {
        config.contracts.retain(|contract| named.iter().any(|word| contract.is_called(word)));
    }
    Ok(())
}

/// The baseline at a path; nothing if it is still to be written.
fn known(path: &Path, may_be_missing: bool) -> anyhow::Result<Option<Baseline>> {
    let text = match fs::read_to_string(path) {
        Err(error) if may_be_missing && error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read
            .with_context(|| format!("cannot read the baseline {}: write it with --write-baseline", path.display()))?,
    };
    Baseline::parse(&text).map(Some).map_err(|what| anyhow!("{}: {what}", path.display()))
}

/// Writes a baseline, unless it would know more than before; whether it was written.
fn write(path: &Path, now: &Baseline, before: Option<&Baseline>, failed: bool) -> anyhow::Result<bool> {
    if failed {
        bail!("{}: not written, because something could not be checked\n  help: mend that first", path.display());
    }
    let risen = before.map(|before| now.risen_over(before)).unwrap_or_default();
    if risen.is_empty() {
        fs::write(path, now.to_text()).with_context(|| format!("cannot write {}", path.display()))?;
        return Ok(true);
    }
    for (name, before, count) in risen {
        let path = path.display();
        output::error(&format!(
            "{path}: not written, for \"{name}\" is broken in new ways: {count} violations, known are {before}\n  help: repair \
             what is new; to let it pass, delete the file and write it again"
        ));
    }
    Ok(false)
}

fn invalidity(verdict: &Verdict) -> &[legb_contracts::Complaint] {
    match &verdict.outcome {
        Outcome::Invalid(complaints) => complaints,
        Outcome::Kept | Outcome::Broken(_) => &[],
    }
}

fn print(
    args: &ContractsArgs,
    global: &GlobalArgs,
    config: &Config,
    verdicts: &[Verdict],
    difference: &Difference,
) -> anyhow::Result<()> {
    let contracts: &[Contract] = &config.contracts;
    match args.format {
        TextFormat::Json => output::plain(|out| {
            serde_json::to_writer_pretty(&mut *out, &report::rows(contracts, verdicts))?;
            writeln!(out)
        }),
        TextFormat::Text => output::styled(|out| text::write(contracts, verdicts, difference, global.quiet, out)),
    }
}
