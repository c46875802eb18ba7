//! The same through the binary, as scripts and the service have it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::cli_world::Office;

/// A program that does what `text` says, in the office's own directory.
fn program(office: &Office, text: &str) {
    let path = office.path("portal");
    std::fs::write(&path, format!("#!/bin/sh\ncd {}\n{text}\n", office.path("").display())).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
}

/// An office with maria, who approves, a customer with the portal user of its sign-up, and a portal that is told.
fn office(seconds: u32) -> Office {
    let office = Office::nowhere();
    let config = format!(
        "mail.grace_seconds = 0\n[provision]\ncommand = [\"{}\"]\ncommand_seconds = {seconds}\n",
        office.path("portal").display()
    );
    office.config(&config);
    office.run(&["init", "--name", "Ada Admin"]).ends(0);
    office.run(&["staff", "new", "maria", "--name", "Maria Silva", "--role", "approver"]).ends(0);
    let number = office.verified("Aurora");
    office.run(&["signup", "approve", &number]).ends(0);
    office.run(&["signup", "create", &number, "--user-name", "ana"]).ends(0);
    office
}

fn users(office: &Office) -> Vec<Value> {
    let text = std::fs::read_to_string(office.path("users")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn holds(file: &Path, words: &str) -> bool {
    std::fs::read(file).unwrap().windows(words.len()).any(|part| part == words.as_bytes())
}

#[test]
fn a_role_is_asked_for_decided_and_told_to_the_portal() {
    let office = office(60);
    program(&office, "cat >> users");
    let made = office.json(&[
        "user-request",
        "new",
        "--contact",
        "CON-1",
        "--action",
        "change_role",
        "--role",
        "customer_admin",
    ]);
    assert_eq!((&made["number"], &made["state"]), (&json!("UR-000002"), &json!("draft")));
    let draft = office.json(&["user-request", "edit", "UR-2", "--justification", "buys for everybody now"]);
    assert_eq!(draft["command"], "edit_user_request");
    office.run(&["user-request", "submit", "UR-2"]).ends(0);
    let shown = office.json(&["user-request", "show", "UR-2"]);
    assert_eq!((&shown["state"], &shown["waits_for"]), (&json!("pending_approval"), &json!("role approver")));
    assert_eq!(shown["turns"][0]["state"], "open");
    let (status, error) = office.error(&["user-request", "approve", "UR-2"]);
    assert!(status == 3, "who submitted it does not decide it: {error}");
    office.run(&["--as", "maria", "user-request", "approve", "UR-2", "--note", "rang them"]).ends(0);
    let shown = office.json(&["user-request", "show", "UR-2"]);
    assert_eq!((&shown["state"], &shown["portal"]["state"]), (&json!("completed"), &json!("held")));
    let synced = office.json(&["portal-user", "sync"]);
    assert_eq!((&synced["taken"], &synced["waiting"]), (&json!(2), &json!(0)));
    assert_eq!(
        users(&office).iter().map(|u| u["role"].clone()).collect::<Vec<_>>(),
        ["customer", "customer_admin"]
    );
    assert_eq!(office.json(&["portal-user", "show", "ana"])["role"], "customer_admin");
    assert_eq!(office.json(&["portal-user", "remind", "ana"])["command"], "remind_user_name");
    office.run(&["mail", "send"]).ends(0);
    assert!(office.mails("ana").iter().any(|mail| mail.to_lowercase().contains("user name")));
    office.run(&["check"]).ends(0);
}

#[test]
fn every_verb_has_its_refusal_and_its_status() {
    let office = office(60);
    program(&office, "cat > /dev/null");
    let request = ["user-request", "new", "--contact", "CON-1", "--action", "inactivate"];
    assert_eq!(office.error(&request).1["kind"], "invalid", "a justification is due");
    let mut whole = request.to_vec();
    whole.extend(["--justification", "left the firm", "--submit"]);
    office.run(&whole).ends(0);
    assert_eq!(office.error(&["user-request", "cancel", "UR-2", "--reason", "no"]).0, 3);
    office.run(&["user-request", "recall", "UR-2", "--reason", "wrong person"]).ends(0);
    office.run(&["user-request", "resubmit", "UR-2"]).ends(0);
    let maria = |args: &[&str]| {
        let mut all = vec!["--as", "maria"];
        all.extend(args);
        office.run(&all).ends(0);
    };
    maria(&[
        "user-request",
        "request-change",
        "UR-2",
        "--reason",
        "say since when",
        "--field",
        "justification",
    ]);
    let shown = office.json(&["user-request", "show", "UR-2"]);
    assert_eq!((&shown["state"], &shown["change_note"]), (&json!("draft"), &json!("say since when")));
    office.run(&["user-request", "edit", "UR-2", "--justification", "left on Friday"]).ends(0);
    office.run(&["user-request", "resubmit", "UR-2"]).ends(0);
    maria(&["user-request", "reject", "UR-2", "--reason", "she is back"]);
    office.run(&["user-request", "cancel", "UR-2", "--reason", "she is back"]).ends(0);
    assert_eq!(office.json(&["user-request", "list", "--state", "canceled"]).as_array().unwrap().len(), 1);
    assert_eq!(office.error(&["user-request", "retry", "UR-2"]).0, 3);
    assert_eq!(office.error(&["user-request", "show", "UR-9"]).0, 4);
    let seen = office.error(&["user-request", "edit", "UR-2", "--seen", "1", "--role", "customer"]);
    assert_eq!(seen.0, 3, "{}", seen.1);
    office.run(&["history", "--verify"]).ends(0);
}

#[test]
fn a_failing_a_slow_and_a_missing_program_are_said_and_nothing_is_lost() {
    let office = office(1);
    assert!(office.run(&["check"]).ends(1).data.contains("cannot be run"));
    assert!(office.run(&["portal-user", "sync"]).ends(1).messages.contains("cannot be run"));
    program(&office, "cat > /dev/null; echo 'no room' >&2; exit 3");
    let run = office.run(&["portal-user", "sync", "--json"]).ends(1).json();
    assert_eq!((&run["put_back"], &run["last_error"]), (&json!(1), &json!("exit status 3: no room")));
    assert!(office.run(&["check"]).ends(0).data.contains("exit status 3: no room"));
    assert_eq!(office.json(&["portal-user", "sync"])["waiting"], 1, "not due yet");
    office.run(&["user-request", "retry", "UR-1"]).ends(0);
    program(&office, "cat > /dev/null; sleep 60");
    let run = office.run(&["portal-user", "sync", "--json"]).ends(1).json();
    assert_eq!(run["last_error"], "not done after 1 s");
    office.run(&["user-request", "retry", "UR-1"]).ends(0);
    program(&office, "cat >> users");
    // The mail worker tells the portal too.
    office.run(&["mail", "send"]);
    assert_eq!(users(&office).len(), 1);
    assert_eq!(office.json(&["user-request", "show", "UR-1"])["portal"]["state"], "done");
}

#[test]
fn a_worker_that_is_killed_in_the_middle_loses_no_event() {
    let office = office(60);
    program(&office, "cat > half; sleep 60");
    let mut worker = office.command(&["portal-user", "sync"]).spawn().unwrap();
    let begun = Instant::now();
    while !std::fs::metadata(office.path("half")).is_ok_and(|found| found.len() > 0) {
        assert!(begun.elapsed() < Duration::from_secs(60), "the program never ran");
        std::thread::yield_now();
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    let state = |office: &Office| office.json(&["user-request", "show", "UR-1"])["portal"]["state"].clone();
    assert_eq!(state(&office), "running", "nobody has said that it is over");
    program(&office, "cat >> users");
    assert_eq!(office.json(&["portal-user", "sync"])["taken"], 0, "it is leased still");
    // A minute and a half go by.
    let conn = Connection::open(office.database()).unwrap();
    conn.execute("update provision_event set lease_until = 0, next_at = 0", []).unwrap();
    assert_eq!(office.json(&["portal-user", "sync"])["taken"], 1);
    let (first, second): (Value, Value) = (
        serde_json::from_str(&std::fs::read_to_string(office.path("half")).unwrap()).unwrap(),
        users(&office)[0].clone(),
    );
    assert_eq!(
        (&first["event"], &first["attempt"], &second["attempt"]),
        (&second["event"], &json!(1), &json!(2))
    );
    assert_eq!(state(&office), "done");
    office.run(&["history", "--verify"]).ends(0);
}

#[test]
fn no_file_and_no_output_holds_a_secret_of_new_credentials() {
    let office = office(60);
    program(&office, "cat >> users");
    office
        .run(&[
            "user-request",
            "new",
            "--contact",
            "CON-1",
            "--action",
            "reset_credentials",
            "--authentication",
            "temporary_password",
            "--submit",
        ])
        .ends(0);
    office.run(&["--as", "maria", "user-request", "approve", "UR-2"]).ends(0);
    office.run(&["mail", "send"]).ends(0);
    let mail = office.mails("Temporary password").pop().expect("it was mailed");
    let is_secret = |word: &&str| word.len() == 18 && word.chars().all(|c| c.is_ascii_alphanumeric());
    let secret = mail.split_whitespace().find(is_secret).expect("the password stands in it").to_owned();
    for args in [
        &["user-request", "show", "UR-2", "--json"][..],
        &["portal-user", "show", "ana", "--json"],
        &["history", "UR-2", "--json"],
        &["mail", "list", "--json"],
    ] {
        let data = office.run(args).ends(0).data;
        assert!(!data.contains(&secret) && !data.contains("argon2"), "{args:?}: {data}");
    }
    assert!(!holds(&office.path("users"), &secret) && !holds(&office.path("users"), "argon2"));
    let mut files = vec![office.path("data"), office.path("state")];
    while let Some(path) = files.pop() {
        match std::fs::read_dir(&path) {
            Ok(inside) => files.extend(inside.map(|entry| entry.unwrap().path())),
            Err(_) if path.extension().is_some_and(|e| e == "eml") || !path.exists() => {}
            Err(_) => assert!(!holds(&path, &secret), "{} holds it", path.display()),
        }
    }
}
