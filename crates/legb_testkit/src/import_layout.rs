//! Which files might lie on `sys.path`? Random folders full of things that an import could take for a module.
//!
//! Few names and many forms, so that packages, modules, extensions, bytecode and plain folders of one name meet in one entry and
//! in several. Nothing here knows which of them wins.

use crate::random::Random;

/// Folders and an archive that come on the path in this order.
pub const ENTRIES: [&str; 4] = ["one", "two", "three.zip", "four"];

/// Names that are asked for.
pub const NAMES: [&str; 2] = ["a", "b"];

/// Suffixes of modules; `{tag}` is that of extension modules of the version and platform.
const SUFFIXES: [&str; 7] = [".py", ".pyc", "{tag}", ".abi3.so", ".so", ".pyi", ".PY"];
/// What an archive may hold; bytecode in archives is looked into, so that empty files will not do.
const ARCHIVED: [&str; 1] = [".py"];

/// The files and folders of a seed, from the folder around the entries; folders end with a slash. `tag` is what extension modules
/// of the interpreter end with.
pub fn import_layout(seed: u64, tag: &str) -> Vec<String> {
    let mut random = Random::new(seed);
    let mut paths = Vec::new();
    for entry in ENTRIES {
        let suffixes: &[&str] = if entry == "three.zip" { &ARCHIVED } else { &SUFFIXES };
        paths.push(format!("{entry}/"));
        for name in NAMES {
            fill(&mut random, &format!("{entry}/{name}"), suffixes, 2, &mut paths);
        }
    }
    for path in &mut paths {
        *path = path.replace("{tag}", tag);
    }
    paths
}

/// Puts forms of one module below a path.
fn fill(random: &mut Random, path: &str, suffixes: &[&str], depth: usize, paths: &mut Vec<String>) {
    for suffix in suffixes {
        if random.chance(12) {
            paths.push(format!("{path}{suffix}"));
        }
    }
    if depth == 0 || !random.chance(45) {
        return;
    }
    paths.push(format!("{path}/"));
    for suffix in suffixes {
        if random.chance(15) {
            paths.push(format!("{path}/__init__{suffix}"));
        }
    }
    for name in NAMES {
        fill(random, &format!("{path}/{name}"), suffixes, depth - 1, paths);
    }
}
