//! Every exit status, and every fault as one clear error: what is wrong and what helps, never a half-done thing.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::cli_world::Office;

#[test]
fn every_status_has_its_meaning() {
    let office = Office::new();
    let number = office.verified("Aurora");
    for (status, kind, args) in [
        (1, "invalid", vec!["signup", "submit", "--company", "A"]),
        (1, "invalid", vec!["signup", "edit", &number, "--set", "shoe=42"]),
        (1, "unavailable", vec!["signup", "submit", "--file", "/nowhere/form.json"]),
        (2, "usage", vec!["signup", "frobnicate"]),
        (2, "usage", vec!["signup", "list", "--state", "created_twice"]),
        (2, "usage", vec!["signup", "list", "--filter", "shoe:42"]),
        (2, "usage", vec!["signup", "list", "--sort", "shoe"]),
        (2, "usage", vec!["signup", "verify", &number]),
        (2, "usage", vec!["signup", "edit", &number]),
        (3, "refused", vec!["signup", "create", "--read-only", &number]),
        (3, "refused", vec!["signup", "verify", "AAAAA-AAAAA-AAAAA"]),
        (3, "refused", vec!["signup", "reopen", &number, "--reason", "why not"]),
        (3, "refused", vec!["--as", "nobody", "signup", "list"]),
        (3, "refused", vec!["--actor", "maria", "signup", "list"]),
        (3, "refused", vec!["db", "restore", "x.db"]),
        (4, "not_found", vec!["signup", "show", "REG-77"]),
        (4, "not_found", vec!["signup", "approve", "C-1"]),
        (4, "not_found", vec!["template", "show", "none"]),
        (4, "not_found", vec!["mail", "show", "77"]),
        (4, "not_found", vec!["schema", "shoe"]),
        (5, "stale", vec!["signup", "approve", &number, "--seen", "1"]),
    ] {
        let (found, error) = office.error(&args);
        assert_eq!((found, error["kind"].as_str()), (status, Some(kind)), "{args:?}: {error}");
        assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "{args:?}: {error}");
    }
    let state = |number: &str| office.json(&["signup", "show", number])["state"].clone();
    assert_eq!(state(&number), "verified_by_user", "none of these did anything");
    let partly = office.run(&["signup", "approve", &number, "REG-77", "--json"]).ends(6);
    assert_eq!(partly.json()[1]["error"]["number"], "REG-77");
    office.run(&["--help"]).ends(0);
    office.run(&["--version"]).ends(0);
}

#[test]
fn a_decision_binds_to_what_was_seen() {
    let office = Office::new();
    let number = office.verified("Aurora");
    let seen = office.json(&["signup", "show", &number])["seen"].as_str().unwrap().to_owned();
    office.run(&["signup", "edit", &number, "--set", "phone=+351 21 555 0132"]).ends(0);
    let (status, error) = office.error(&["signup", "reject", &number, "--reason", "spam", "--seen", &seen]);
    assert_eq!((status, error["kind"].as_str()), (5, Some("stale")), "{error}");
    let seen = office.json(&["signup", "show", &number])["seen"].as_str().unwrap().to_owned();
    office.run(&["signup", "reject", &number, "--reason", "spam", "--no-mail", "--seen", &seen]).ends(0);
}

#[test]
fn before_init_and_without_a_terminal_the_way_is_shown() {
    let office = Office::nowhere();
    let (status, error) = office.error(&["signup", "list"]);
    assert!(status == 1 && error["remedy"].as_str().unwrap().contains("countersign init"), "{error}");
    let run = office.run(&["check"]).ends(1);
    assert!(run.data.contains("countersign init"), "{}", run.data);
    for args in [&[][..], &["demo"]] {
        let run = office.run(args).ends(1);
        assert!(run.messages.contains("terminal") && run.messages.contains("--help"), "{}", run.messages);
    }
    assert!(!office.path("data").exists(), "nothing was made by asking");
}

#[test]
fn init_is_safe_to_run_twice_and_makes_nothing_readable_for_others() {
    let office = Office::nowhere();
    let first = office.json(&["init"]);
    assert_eq!(first["made"], json!(["config", "database", "administrator"]));
    let second = office.json(&["init"]);
    assert_eq!((&second["made"], &second["administrator"]), (&json!([]), &json!(null)));
    for path in [office.database(), office.path("config/countersign/config.toml")] {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
    assert_eq!(office.json(&["staff", "list"]).as_array().unwrap().len(), 1);
    let check = office.run(&["check", "--json"]).ends(0).json();
    assert_eq!((&check["ok"], &check["problems"]), (&json!(true), &json!([])), "advice is no problem");
    assert!(check["advice"].to_string().contains("Nobody outside gets mail"), "{check}");
}

#[test]
fn a_wrong_config_is_told_in_one_message_with_its_lines() {
    let office = Office::new();
    office.config("[signup]\nverification_days = \"seven\"\nreject = 1\n[mail]\ntransport = \"pigeon\"\n");
    let (status, error) = office.error(&["signup", "list"]);
    let message = error["message"].as_str().unwrap();
    assert!(status == 1 && error["kind"] == "config", "{error}");
    assert!(message.contains("line 2") && message.contains("line 5"), "{message}");
    let check = office.run(&["check"]).ends(1).data;
    assert!(check.contains("line 2") && check.contains("line 3") && check.contains("line 5"), "{check}");
    office.run(&["paths"]).ends(0);
    office.config("this is not toml");
    assert!(office.run(&["config", "show"]).ends(1).messages.contains("line 1"));
}

#[test]
fn an_unusable_database_is_one_clear_error() {
    let office = Office::new();
    let number = office.signup("Aurora");
    let file = office.database();
    let copy = office.path("copy.db");
    office.run(&["db", "backup", copy.to_str().unwrap()]).ends(0);
    let whole = std::fs::read(&copy).unwrap();
    let put = |bytes: &[u8]| {
        for side in ["-wal", "-shm"] {
            let _was_not_there = std::fs::remove_file(format!("{}{side}", file.display()));
        }
        std::fs::write(&file, bytes).unwrap();
    };
    let told = |what: &str| {
        for args in [&["signup", "list"][..], &["signup", "assign", &number]] {
            let run = office.run(args).ends(1);
            assert_eq!(run.messages.lines().count(), 1, "{what}: {}", run.messages);
            assert!(run.messages.contains(what), "{what}: {}", run.messages);
            assert!(!run.messages.contains("internal error"), "{}", run.messages);
        }
        assert!(office.run(&["check"]).ends(1).data.contains(what));
    };

    std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    told("chmod 0600");
    std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();

    let dir = file.parent().unwrap();
    std::fs::set_permissions(dir, Permissions::from_mode(0o777)).unwrap();
    told("chmod o-w");
    std::fs::set_permissions(dir, Permissions::from_mode(0o700)).unwrap();

    // The schema version stands in the header, at byte 60.
    let mut newer = whole.clone();
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    put(&newer);
    told("schema version 99");

    let mut foreign = whole.clone();
    foreign[68..72].copy_from_slice(&1_u32.to_be_bytes());
    put(&foreign);
    told("another programme");

    let mut torn = whole.clone();
    torn[..100].fill(b'x');
    put(&torn);
    told("cannot be read");

    put(&whole);
    assert_eq!(office.json(&["signup", "list"]).as_array().unwrap().len(), 1, "nothing was lost by it");

    let link = office.path("link.db");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let run = office.run(&["--db", link.to_str().unwrap(), "signup", "list"]).ends(1);
    assert!(run.messages.contains("symbolic link"), "{}", run.messages);
}

#[test]
fn a_damaged_file_is_put_aside_and_a_backup_brought_back() {
    let office = Office::new();
    office.signup("Aurora");
    let backup = office.path("kept.backup");
    let backup = backup.to_str().unwrap();
    office.run(&["db", "backup", backup]).ends(0);
    assert_eq!(office.run(&["db", "backup", backup]).status, 1, "a backup is never overwritten");
    office.signup("Fabrikam");
    office.run(&["db", "restore", backup, "--yes"]).ends(0);
    assert_eq!(office.json(&["signup", "list"]).as_array().unwrap().len(), 1);

    std::fs::write(office.database(), vec![b'x'; 8192]).unwrap();
    let restored = office.json(&["db", "restore", backup, "--yes"]);
    let kept = std::path::PathBuf::from(restored["kept"].as_str().unwrap());
    assert_eq!(std::fs::read(kept).unwrap(), vec![b'x'; 8192], "never deleted");
    assert_eq!(office.json(&["signup", "list"]).as_array().unwrap().len(), 1);
    assert_eq!(office.json(&["db", "check"])["ok"], true);
}

#[test]
fn a_directory_that_cannot_be_written_is_told() {
    let office = Office::new();
    office.signup("Aurora");
    let dir = office.database().parent().unwrap().to_owned();
    std::fs::set_permissions(&dir, Permissions::from_mode(0o500)).unwrap();
    // Root writes everywhere; there is nothing to see then.
    let root = std::fs::write(dir.join("probe"), "").is_ok();
    let run = office.run(&["signup", "assign", "REG-1"]);
    std::fs::set_permissions(&dir, Permissions::from_mode(0o700)).unwrap();
    if root {
        println!("skipped: root may write everywhere");
        return;
    }
    assert_eq!(run.status, 1, "{}", run.messages);
    assert!(!run.messages.contains("internal error"), "{}", run.messages);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let office = Office::new();
    for name in ["A", "B"] {
        office.signup(name);
    }
    let mut command = office.command(&["signup", "list", "--json"]);
    let mut child =
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}
