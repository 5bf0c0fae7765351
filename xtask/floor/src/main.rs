//! How much time do walking, reading and parsing take, with nothing done about the trees?
//!
//! `floor FOLDER…` parses every `.py` file below the folders, one after another in one thread, and drops each tree before the
//! next file. It prints how much it read, so that nobody compares runs over different files. A file that is no UTF-8 is read
//! but not parsed.

use std::env;
use std::fs;
use std::hint::black_box;
use std::process::ExitCode;

use ignore::WalkBuilder;
use ruff_python_ast::PySourceType;
use ruff_python_parser::parse_unchecked_source;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Default)]
struct Tally {
    files: usize,
    bytes: usize,
    unparsed: usize,
}

fn main() -> ExitCode {
    let mut folders = env::args_os().skip(1);
    let Some(first) = folders.next() else {
        eprintln!("usage: floor FOLDER...");
        return ExitCode::from(2);
    };
    let mut walk = WalkBuilder::new(first);
    for folder in folders {
        walk.add(folder);
    }
    let mut tally = Tally::default();
    for entry in walk.build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                eprintln!("floor: {error}");
                return ExitCode::from(2);
            }
        };
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if is_file && entry.path().extension().is_some_and(|extension| extension == "py") {
            tally.files += 1;
            match fs::read_to_string(entry.path()) {
                Ok(text) => {
                    tally.bytes += text.len();
                    black_box(parse_unchecked_source(&text, PySourceType::Python).tokens().len());
                }
                Err(_) => tally.unparsed += 1,
            }
        }
    }
    println!("{} files, {} bytes, {} not parsed", tally.files, tally.bytes, tally.unparsed);
    ExitCode::SUCCESS
}
