//! Bad input gets a message with place and remedy, and the rest of the run goes on.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use crate::project::{CLEAN, Project, Run, UNBOUND};

/// Checks that `check` told of the problem, found the rest, and exited with `code`.
fn told(run: &Run, code: i32, what: &str) {
    assert_eq!(run.code, Some(code), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains(what), "{}", run.stderr);
    assert!(run.stderr.contains("help: "), "{}", run.stderr);
    assert!(run.stdout.contains("rest.py:2:11"), "{}", run.stdout);
}

#[test]
fn a_missing_path() {
    let project = Project::new(&[("rest.py", UNBOUND)]);
    told(&project.run(&["check", "missing.py", "rest.py"]), 2, "error: missing.py: no such file or folder");
    let alone = project.run(&["check", "missing.py"]);
    assert_eq!((alone.code, alone.stdout.as_str()), (Some(2), ""));
}

#[test]
#[cfg(target_os = "linux")]
fn an_unreadable_file() {
    let project = Project::new(&[("rest.py", UNBOUND)]);
    // Reading the start of this one fails for every user; permissions would not stop the superuser.
    std::os::unix::fs::symlink("/proc/self/mem", project.path().join("mem.py")).unwrap();
    told(&project.run(&["check"]), 2, "error: mem.py: cannot be read: input/output error");
}

#[test]
#[cfg(unix)]
fn a_file_and_a_folder_without_permission() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(&[("rest.py", UNBOUND), ("secret.py", CLEAN), ("closed/a.py", CLEAN)]);
    for path in ["secret.py", "closed"] {
        fs::set_permissions(project.path().join(path), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let superuser = fs::read(project.path().join("secret.py")).is_ok();
    let run = project.run(&["check"]);
    fs::set_permissions(project.path().join("closed"), fs::Permissions::from_mode(0o700)).unwrap();
    if superuser {
        assert_eq!(run.code, Some(1));
    } else {
        told(&run, 2, "error: secret.py: cannot be read: permission denied");
        told(&run, 2, "error: closed: cannot be listed: permission denied");
    }
}

#[test]
#[cfg(unix)]
fn links_that_loop_or_dangle() {
    use std::os::unix::fs::symlink;
    let project = Project::new(&[("rest.py", UNBOUND), ("pkg/a.py", CLEAN)]);
    symlink("..", project.path().join("pkg/loop")).unwrap();
    symlink("nowhere.py", project.path().join("dangling.py")).unwrap();
    symlink("itself.py", project.path().join("itself.py")).unwrap();
    let run = project.run(&["check"]);
    told(&run, 1, "warning: pkg/loop: is a link to a folder above it, a loop");
    told(&run, 1, "warning: dangling.py: is a link to `nowhere.py`, which does not exist");
    told(&run, 1, "warning: itself.py: is a link that leads nowhere");
    assert_eq!(run.stdout.matches("rest.py").count(), 1);
    told(&project.run(&["check", "dangling.py", "rest.py"]), 2, "error: dangling.py: is a link");
}

#[test]
#[cfg(target_os = "linux")]
fn a_name_that_is_not_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let project = Project::new(&[("rest.py", UNBOUND)]);
    fs::write(project.path().join(OsStr::from_bytes(b"b\xff.py")), UNBOUND).unwrap();
    let run = project.run(&["check"]);
    told(&run, 1, "has a name that is not UTF-8");
    assert!(run.stdout.contains("b\u{fffd}.py:2:11"), "{}", run.stdout);
}

#[test]
fn files_that_are_no_text_or_too_deep() {
    let project = Project::new(&[("rest.py", UNBOUND)]);
    project.write("binary.py", (0..=255).cycle().take(100_000).collect::<Vec<u8>>());
    project.write("latin.py", b"x = '\xe9'\n");
    project.write("brackets.py", format!("x = {}{}\n", "(".repeat(100_000), ")".repeat(100_000)));
    project.write("sum.py", format!("x = {}\n", vec!["1"; 50_000].join(" + ")));
    project.write("empty.py", "");
    let found = project.findings(&["--target-version", "3.13"]);
    let paths: Vec<&str> = found.iter().map(|finding| finding.split(':').next().unwrap()).collect();
    assert_eq!(paths, ["binary.py", "brackets.py", "latin.py", "rest.py", "sum.py"]);
}

#[test]
fn a_file_of_50_megabytes() {
    let project = Project::new(&[("rest.py", UNBOUND)]);
    let comment = format!("# {}\n", "x".repeat(97));
    project.write("large.py", format!("{}{UNBOUND}", comment.repeat(500_000)));
    assert_eq!(project.findings(&[]), ["large.py:500002 LEGB101", "rest.py:2 LEGB101"]);
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let project = Project::new(&[("many.py", &UNBOUND.repeat(20_000))]);
    let mut command = project.command(&["check", "--format", "concise"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 10];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk() {
    let project = Project::new(&[("rest.py", UNBOUND)]);
    for args in [
        &["check"] as &[&str],
        &["check", "--format", "json"],
        &["scopes", "rest.py"],
        &["rule"],
        &["completions", "bash"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = project.command(args).stdout(full).stderr(Stdio::piped()).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr.starts_with("error: cannot write to standard output: No space left on device"), "{stderr}");
    }
}

#[test]
fn bad_usage() {
    let project = Project::new(&[]);
    for args in
        [&["chekc"] as &[&str], &["check", "--format", "xml"], &["check", "--threads", "0"], &["check", "-q", "-v"]]
    {
        let run = project.run(args);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(run.stderr.contains("Usage:") || run.stderr.contains("--help"), "{}", run.stderr);
    }
}
