//! Does the finder say of random folders full of modules what importlib of every version says?

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use legb_oracle::Interpreter;
use legb_oracle::interpreter::{Kind, find_all, must_have_all};
use legb_oracle::run::{Request, Script, ask};
use legb_oracle::wire::ImportsRow;
use legb_resolve::{Environment, Finder, ImportRoots, Installation, Platform, RealFs, Settings, Start, stdlib};
use legb_testkit::import_layout::{ENTRIES, NAMES, import_layout};

/// Layouts for each version.
const LAYOUTS: u64 = 60;

/// The build folder, in which `cargo xtask oracle install` puts interpreters.
fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")
}

/// Names of up to three parts.
fn names() -> Vec<String> {
    let mut names: Vec<String> = NAMES.map(str::to_owned).to_vec();
    let mut last = names.clone();
    for _ in 0..2 {
        last = last.iter().flat_map(|name| NAMES.map(|part| format!("{name}.{part}"))).collect();
        names.extend(last.clone());
    }
    names
}

/// Makes the files of a layout, each empty.
fn write(folder: &Path, paths: &[String]) {
    let archived = |path: &&String| path.starts_with("three.zip/");
    for path in paths.iter().filter(|path| !archived(path)) {
        let file = folder.join(path);
        if path.ends_with('/') {
            fs::create_dir_all(file).unwrap();
        } else {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            File::create(file).unwrap();
        }
    }
    let mut archive = zip::ZipWriter::new(File::create(folder.join("three.zip")).unwrap());
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for path in paths.iter().filter(archived) {
        let name = path.strip_prefix("three.zip/").unwrap();
        if let Some(folder) = name.strip_suffix('/').filter(|name| !name.is_empty()) {
            archive.add_directory(folder, options).unwrap();
        } else if !name.is_empty() {
            archive.start_file(name, options).unwrap();
            archive.write_all(b"").unwrap();
        }
    }
    archive.finish().unwrap();
}

fn settings(interpreter: &Interpreter, program: &Path, front: Vec<PathBuf>, fs: &RealFs) -> Settings {
    Settings {
        version: interpreter.version,
        start: Start::Project,
        safe_path: false,
        roots: ImportRoots::given(front),
        python_path: Vec::new(),
        installation: Some(Installation::find(program, fs).unwrap()),
        user_site: None,
        no_site: true,
        platform: Platform::host(),
    }
}

/// The answers that differ, told for people.
fn differences(interpreter: &Interpreter, program: &Path) -> Vec<String> {
    let root = tempfile::tempdir().unwrap();
    let fs = RealFs::new();
    let names = names();
    let probe = Environment::new(settings(interpreter, program, Vec::new(), &fs), &fs);
    let tag = probe.suffixes.iter().next().map(|(suffix, _)| suffix.to_owned()).unwrap();
    let loaded: Vec<&str> = stdlib::loaded_at_startup(interpreter.version).collect();
    let mut requests = Vec::new();
    for seed in 0..LAYOUTS {
        let folder = root.path().join(seed.to_string());
        write(&folder, &import_layout(seed, &tag));
        let front = ENTRIES.map(|entry| folder.join(entry));
        let request = serde_json::json!({ "front": front, "names": names, "loaded": loaded, "run_parents": false });
        requests.push(Request::Source { name: seed.to_string(), bytes: request.to_string().into_bytes() });
    }
    let rows: Vec<ImportsRow> = ask(interpreter, Script::Imports { site: false }, &requests).unwrap();
    let mut differing = Vec::new();
    for (seed, row) in rows.iter().enumerate() {
        let front = ENTRIES.map(|entry| root.path().join(seed.to_string()).join(entry)).to_vec();
        let environment = Environment::new(settings(interpreter, program, front, &fs), &fs);
        let finder = Finder::new(&environment, &fs);
        for theirs in &row.answers {
            let ours = finder.find(&theirs.0);
            let locations: Vec<String> = ours.search_locations.iter().map(|path| path.display().to_string()).collect();
            let is_equal = ours.kind.as_str() == theirs.1
                && ours.spec_origin().map(|path| path.display().to_string()) == theirs.2
                && ours.is_package == theirs.3
                && locations == *theirs.4.as_deref().unwrap_or_default();
            // An extension module may add modules below itself, which an empty file does not.
            let is_silent = ours.kind == legb_resolve::Kind::Unknown && theirs.1 == "missing";
            let same_trace = finder.trace(&theirs.0).resolution == ours;
            if !(is_equal || is_silent) || !same_trace {
                differing.push(format!("{} seed {seed}: {ours:?}, importlib {theirs:?}", interpreter.version));
            }
        }
    }
    differing
}

#[test]
fn random_layouts_mean_what_importlib_says() {
    let (found, missing) = find_all(&target());
    assert!(missing.is_empty() || !must_have_all(), "{missing:?}");
    for interpreter in &found {
        let Kind::Native { program, .. } = &interpreter.kind else { continue };
        let differing = differences(interpreter, program);
        assert!(
            differing.is_empty(),
            "{} differ, the first: {:#?}",
            differing.len(),
            &differing[..differing.len().min(5)]
        );
    }
}
