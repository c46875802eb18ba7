//! The hook program with small scripts: success, failure, silence; nothing is run by a shell.

use std::os::unix::fs::PermissionsExt;

use super::*;

/// A program that lies in a folder of its own.
fn script(text: &str) -> (tempfile::TempDir, Program) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("portal");
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    let command = vec![path.display().to_string(), dir.path().join("seen").display().to_string()];
    (dir, Program { command, deadline: Duration::from_secs(20) })
}

#[test]
fn the_program_gets_the_words_and_no_environment_of_ours() {
    let (dir, program) = script("cat > \"$1\"; env >> \"$1\"");
    assert_eq!(program.run("{\"user_name\":\"ana\"}\n", &Stop::new()), Ended::Done);
    let seen = std::fs::read_to_string(dir.path().join("seen")).unwrap();
    assert!(seen.starts_with("{\"user_name\":\"ana\"}\n"), "{seen}");
    assert!(!seen.contains("CARGO"), "{seen}");
}

#[test]
fn arguments_are_never_read_by_a_shell() {
    let (dir, mut program) = script("printf '%s' \"$2\" > \"$1\"");
    program.command.push("$(touch /nowhere); `id` | x".into());
    assert_eq!(program.run("{}", &Stop::new()), Ended::Done);
    let seen = std::fs::read_to_string(dir.path().join("seen")).unwrap();
    assert_eq!(seen, "$(touch /nowhere); `id` | x");
}

#[test]
fn a_status_that_is_not_zero_is_a_failure_with_its_last_line() {
    let (_dir, program) = script("echo first >&2; printf 'no such \\033[31muser\\n\\n' >&2; exit 3");
    let ended = program.run("{}", &Stop::new());
    assert_eq!(ended, Ended::Failed("exit status 3: no such [31muser".into()));
}

#[test]
fn one_that_does_not_read_its_input_is_judged_by_its_status_alone() {
    let (_dir, program) = script("exit 0");
    assert_eq!(program.run(&"x".repeat(1_000_000), &Stop::new()), Ended::Done);
}

#[test]
fn the_deadline_ends_it_and_what_it_started() {
    let (dir, mut program) = script("sleep 600 & echo $! > \"$1\"; echo hanging >&2; wait");
    program.deadline = Duration::from_secs(2);
    let ended = program.run("{}", &Stop::new());
    assert_eq!(ended, Ended::Failed("not done after 2 s: hanging".into()));
    let child = std::fs::read_to_string(dir.path().join("seen")).unwrap();
    let gone = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.trim()));
        stat.map_or(true, |stat| stat.contains(") Z "))
    };
    // The signal was sent; on a busy machine the child needs a moment to be scheduled and die of it.
    let patience = Instant::now() + Duration::from_secs(60);
    while !gone() {
        assert!(Instant::now() < patience, "what it started lives on");
        std::thread::yield_now();
    }
}

#[test]
fn a_stop_gives_it_back_untried() {
    let (_dir, program) = script("sleep 600");
    let stop = Stop::new();
    stop.stop();
    assert_eq!(program.run("{}", &stop), Ended::Released);
}

#[test]
fn a_program_that_cannot_be_run_says_why() {
    let fault = |path: &str| {
        let program = Program { command: vec![path.into()], deadline: Duration::from_secs(1) };
        match program.run("{}", &Stop::new()) {
            Ended::Failed(why) => why,
            other => panic!("{other:?}"),
        }
    };
    assert!(fault("portal-sync").contains("not a full path"));
    assert!(fault("/nowhere/at/all").contains("No such file"));
    assert!(fault("/etc").contains("not a file"));
    assert!(fault("/etc/passwd").contains("chmod"));
}
