//! The Python script that runs probes and counts how their reads went.

/// Runs probes over many paths. A script for any Python from 3.8 on, with nothing but its standard library.
///
/// On standard input, one JSON object per line: `{"key": …, "probe": "…"}`, where the probe is
/// [`FlowProgram::probe`](super::FlowProgram::probe). On standard output, one line for each, in the same order:
/// `{"key": …, "reads": {"0": [succeeded, failed], …}}`, leaving out reads that no path came to; or `{"key": …, "error": "…"}`
/// if the probe does not even load.
///
/// Options: `--samples N` sets how many random paths are tried (300 if not given), besides all short ones; they depend on the
/// probe's text only. With `--stop` a read that fails raises, as in the plain program, instead of going on.
pub const DRIVER: &str = include_str!("driver.py");
