//! Staff, mail and templates through the binary: the verbs that keep an office running.

use serde_json::{Value, json};

use countersign::tui::action::Act;
use countersign::tui::keymap::Keymap;

use crate::cli_world::Office;

#[test]
fn mail_that_waits_can_be_stopped_sent_and_looked_at() {
    let office = Office::with("mail.grace_seconds = 3600");
    let number = office.rung("Aurora");
    // The first mail is the applicant's own doing, which nobody can undo; the second waits for undo.
    let states = |office: &Office| -> Vec<Value> {
        office
            .json(&["mail", "list", "--sort", "number"])
            .as_array()
            .unwrap()
            .iter()
            .map(|mail| mail["state"].clone())
            .collect()
    };
    assert_eq!(states(&office), ["waiting", "held"]);
    let sent = office.json(&["mail", "send"]);
    assert_eq!((&sent["sent"], &sent["waiting"]), (&json!(1), &json!(1)));
    office.run(&["mail", "cancel", "2", "--reason", "wrong person"]).ends(0);
    assert_eq!(states(&office), ["sent", "cancelled"]);
    assert_eq!(office.error(&["mail", "retry", "1"]).0, 3, "what was sent cannot be sent again");
    office.run(&["signup", "approve", &number]).ends(0);
    assert_eq!(states(&office)[2], "held");
    office.run(&["mail", "retry", "3"]).ends(0);
    assert_eq!(office.json(&["mail", "send"])["sent"], 1);
    assert_eq!(office.error(&["undo"]).1["rule"], "mail_left");

    let receipt = office.json(&["mail", "test", "me@example.org"]);
    assert_eq!((&receipt["command"], receipt["mails"].as_array().unwrap().len()), (&json!("test_mail"), 1));
    assert_eq!(office.error(&["mail", "test", "not an address"]).0, 1);
    let preview = office.json(&["mail", "preview", "signup_received", &number, "--language", "de"]);
    let text = preview["message"].as_str().unwrap();
    assert!(text.contains(&number) && text.contains("•••") && !text.contains("=C3"), "{text}");
    assert_eq!(office.error(&["mail", "preview", "pigeon", &number]).0, 2);
    office.run(&["mail", "unpause"]).ends(0);
}

#[test]
fn staff_come_get_roles_and_go() {
    let office = Office::new();
    let add =
        ["staff", "new", "maria", "--name", "Maria Alves", "--role", "approver", "--email", "m@o.example"];
    office.run(&add).ends(0);
    assert_eq!(office.error(&add).0, 1, "a login is taken once");
    assert_eq!(office.error(&["staff", "new", "x", "--name", "X", "--role", "king"]).0, 4);
    office.run(&["staff", "grant", "maria", "auditor"]).ends(0);
    assert_eq!(office.json(&["staff", "show", "maria"])["roles"], json!(["approver", "auditor"]));
    office.run(&["staff", "revoke", "maria", "auditor"]).ends(0);
    let (status, error) = office.error(&["--as", "maria", "staff", "edit", "maria", "--name", "M"]);
    assert_eq!((status, &error["rule"]), (3, &json!("permission")));
    assert_eq!(office.error(&["--as", "maria", "db", "stats"]).0, 3);
    let lines = office.run(&["staff", "authorized-keys", "maria"]).ends(0).data;
    assert!(lines.starts_with("command=\"/") && lines.contains("--actor maria\",restrict,pty"), "{lines}");
    office.run(&["staff", "edit", "maria", "--active", "no"]).ends(0);
    assert_eq!(office.error(&["--as", "maria", "signup", "list"]).1["rule"], "inactive");
    let me = office.json(&["staff", "list"])[1]["login"].as_str().unwrap().to_owned();
    assert_eq!(office.error(&["staff", "revoke", &me, "administrator"]).1["rule"], "last_administrator");
}

#[test]
fn a_template_fills_what_the_sign_up_leaves_open() {
    let office = Office::new();
    office.run(&["template", "new", "standard", "--set", "currency=EUR", "--set", "country=DE"]).ends(0);
    assert_eq!(office.error(&["template", "new", "standard"]).0, 1);
    assert_eq!(office.error(&["template", "new", "other", "--set", "iban=DE1"]).0, 1);
    office.run(&["template", "edit", "standard", "--set", "credit_limit=100.50"]).ends(0);
    let number = office.verified("Aurora");
    let preview = office.json(&["signup", "create", &number, "--template", "standard", "--dry-run"]);
    let fields = preview["customer"]["fields"].as_array().unwrap().clone();
    let from = |name: &str| {
        let field = fields.iter().find(|field| field["field"] == name).expect("it is filled");
        (field["value"].clone(), field["from"].clone())
    };
    assert_eq!(from("currency"), (json!("EUR"), json!("template")));
    assert_eq!(from("country"), (json!("PT"), json!("signup")), "the sign-up wins");
    office.run(&["signup", "create", &number, "--template", "standard"]).ends(0);
    let customer = office.json(&["customer", "show", "C-1"]);
    assert_eq!((&customer["credit_limit"], &customer["template"]), (&json!("100.50"), &json!("standard")));
    office.run(&["template", "new", "copy", "--from", "C-1"]).ends(0);
    assert_eq!(office.json(&["template", "show", "copy"])["values"]["currency"], "EUR");
}

#[test]
fn who_acts_behind_ssh_is_said_by_the_forced_command_alone() {
    let office = Office::nowhere();
    office.config("identity.mode = \"ssh\"\n");
    let (status, error) = office.error(&["init"]);
    assert_eq!((status, &error["rule"]), (3, &json!("nobody_named")));
    office.run(&["init", "--login", "maria", "--name", "Maria"]).ends(0);
    assert_eq!(office.error(&["staff", "list"]).1["rule"], "nobody_named");
    assert_eq!(office.error(&["--actor", "maria", "staff", "list"]).1["rule"], "actor_flag");
    let forced = |actor: &str| {
        let mut command = office.command(&["--actor", actor, "staff", "list", "--json"]);
        let output = command.env("SSH_CONNECTION", "::1 50000 ::1 22").output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (status, data) = forced("maria");
    assert!(status == Some(0) && data.contains("\"login\": \"maria\""), "{data}");
    assert!(forced("jens").1.contains("not_on_staff"));
    assert_eq!(office.error(&["--as", "maria", "staff", "list"]).1["rule"], "as_flag");
}

#[test]
fn why_names_the_keys_that_the_screen_has() {
    let office = Office::new();
    let number = office.rung("Aurora");
    let waiting = office.json(&["why", &number]);
    office.run(&["signup", "approve", &number]).ends(0);
    office.run(&["signup", "create", &number]).ends(0);
    let draft = office.json(&["why", "UR-000001"]);
    let keymap = Keymap::default();
    for possible in [&waiting, &draft].into_iter().flat_map(|why| why["possible"].as_array().unwrap()) {
        let command = possible["command"].as_str().unwrap();
        let act = match command {
            "verify_by_phone" => Some(Act::Verify),
            "assign" => Some(Act::AssignToMe),
            "override" => Some(Act::DecideFor),
            other => Act::named(&other.replace('_', "-")),
        };
        let key = act.map(|act| keymap.key(act));
        assert_eq!(possible["key"].as_str(), key.as_deref(), "{command}");
    }
}
