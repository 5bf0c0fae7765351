//! The console blocks of the README are what the binary prints. `LEGB_RECORD=1` rewrites them.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

const PAGE: &str = "README.md";
const OPENING: &str = "```console\n$ legb ";
const CLOSING: &str = "```\n";

#[test]
fn the_readme_shows_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(root.join(PAGE)).unwrap();
    let mut rewritten = String::new();
    let mut rest = page.as_str();
    let mut blocks = 0;
    while let Some((before, block)) = rest.split_once(OPENING) {
        let (args, after) = block.split_once('\n').unwrap();
        let (_, after) = after.split_once(CLOSING).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_legb"));
        let output = command.args(args.split(' ')).args(["--color", "never"]).current_dir(&root).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        rewritten += &[before, OPENING, args, "\n", printed.trim_end(), "\n", CLOSING].concat();
        rest = after;
        blocks += 1;
    }
    rewritten += rest;
    assert!(blocks > 0);
    if env::var_os("LEGB_RECORD").is_some() {
        fs::write(root.join(PAGE), rewritten).unwrap();
    } else {
        assert_eq!(page, rewritten);
    }
}
