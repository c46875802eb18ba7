//! Rules as the command line tells them: what is refused, by which rule, and a remedy that can be followed.

use crate::cli_world::Office;

fn said(office: &Office, args: &[&str]) -> (i32, String, String) {
    let (status, error) = office.error(args);
    let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
    (status, text("rule"), format!("{} {}", text("message"), text("remedy")))
}

#[test]
fn a_contact_that_is_there_is_named_instead_of_a_second_one() {
    let office = Office::new();
    let first = office.verified("Aurora");
    office.run(&["signup", "create", &first]).ends(0);
    let second = office.verified("Aurora");
    for dry in [&["--dry-run"][..], &[]] {
        let mut args = vec!["signup", "create", second.as_str(), "--existing", "C-1"];
        args.extend(dry);
        let (status, rule, text) = said(&office, &args);
        assert_eq!((status, rule.as_str()), (3, "contact_exists"), "{text}");
        assert!(text.contains("--contact CON-000001") && text.contains("--new-contact"), "{text}");
    }
    let run = office.run(&["signup", "create", &second, "--existing", "C-1", "--new-contact"]).ends(0);
    assert!(run.data.contains("made CON-000002") && !run.data.contains("C-000001"), "{}", run.data);
    let third = office.verified("Aurora");
    office.run(&["signup", "create", &third, "--existing", "C-1", "--contact", "CON-1"]).ends(0);
}

#[test]
fn another_reason_wants_a_note_and_a_verified_one_has_nothing_to_override() {
    let office = Office::new();
    let number = office.verified("Aurora");
    let (status, rule, text) = said(&office, &["signup", "reject", &number, "--reason", "other"]);
    assert_eq!((status, rule.as_str()), (3, "note_missing"), "{text}");
    let run = office.run(&["signup", "verify", &number, "--note", "rang"]).ends(2);
    assert!(run.messages.contains("--by phone"), "a number is no code: {}", run.messages);
    let (status, rule, text) = said(&office, &["signup", "approve", &number, "--override", "I know them"]);
    assert_eq!((status, rule.as_str()), (3, "override_needless"), "{text}");
    office.run(&["signup", "reject", &number, "--reason", "other", "--note", "moved away"]).ends(0);
}

#[test]
fn remedies_can_be_followed() {
    let office = Office::new();
    let number = office.verified("Aurora");
    let (.., text) =
        said(&office, &["customer", "new", "--set", "name=A", "--set", "country=PT", "--set", "bogus=1"]);
    assert!(text.contains("Fields are name,") && text.contains("credit_limit"), "{text}");
    let (.., text) = said(&office, &["template", "new", "x", "--set", "bogus=1"]);
    assert!(text.contains("Fields are name,"), "{text}");
    let (.., text) = said(&office, &["signup", "reopen", &number, "--reason", "why not"]);
    assert!(text.ends_with("Possible from here: edit, assign, approve, reject, withdraw."), "{text}");
    let made = office.json(&["signup", "create", &number]);
    assert!(made["undo_until"].is_string());
    office.run(&["mail", "send"]).ends(0);
    let (status, _, text) = said(&office, &["undo"]);
    assert!(status == 3 && text.contains("user request") && !text.contains("reject"), "{text}");
}

#[test]
fn language_and_acceptance_of_the_privacy_text_are_looked_at() {
    let office = Office::with("signup.privacy_version = \"2026-01\"\n");
    let submit = |more: &str| {
        let json = format!(
            r#"{{"company": "A", "last_name": "L", "email": "a@aurora.example", "country": "PT"{more}}}"#
        );
        office.feed(&["signup", "submit", "--file", "-", "--json"], &json)
    };
    for wrong in [r#", "language": "xx-yyyyyyyyyyyy""#, r#", "privacy_accepted_at": "yesterday""#] {
        submit(wrong).ends(1);
    }
    submit("").ends(0);
    submit(r#", "privacy_accepted_at": "2026-11-02T09:14:03Z""#).ends(0);
    let check = |number: &str| {
        let card = office.json(&["signup", "show", number]);
        let checks = card["checks"].as_array().unwrap().clone();
        let found = checks.iter().find(|check| check["name"] == "privacy").expect("it was looked at").clone();
        format!("{} {}", found["outcome"].as_str().unwrap(), found["word"].as_str().unwrap())
    };
    assert_eq!(check("REG-1"), "attention not accepted");
    assert_eq!(check("REG-2"), "good version 2026-01 accepted");
}

#[test]
fn numbers_are_taken_as_they_are_printed() {
    let office = Office::new();
    let number = office.verified("Aurora");
    office.run(&["signup", "create", &number]).ends(0);
    office.run(&["mail", "show", "M-1"]).ends(0);
    office.run(&["mail", "retry", "x-1"]).ends(2);
    for (word, found) in [("REG-1", "REG-000001"), ("C-1", "C-000001"), ("con-1", "CON-000001")] {
        let rows = office.json(&["search", word]);
        let numbers: Vec<&str> =
            rows.as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap()).collect();
        assert!(numbers.contains(&found), "{word}: {numbers:?}");
    }
    assert_eq!(office.json(&["user-request", "list", "--filter", "UR-1"])[0]["number"], "UR-000001");
    office.run(&["schema", "work"]).ends(0);
}

#[test]
fn check_tells_of_the_drop_folder_and_of_staff_that_mail_does_not_reach() {
    let office = Office::nowhere();
    let folder = office.path("drop");
    std::fs::create_dir_all(folder.join("failed")).unwrap();
    office.config(&format!("signup.intake_dir = {:?}\n", folder.to_str().unwrap()));
    office.run(&["init"]).ends(0);
    let me = office.json(&["staff", "list"])[0]["login"].as_str().unwrap().to_owned();
    office.run(&["staff", "grant", &me, "approver"]).ends(0);
    std::fs::write(folder.join("failed/form.json"), "{").unwrap();
    std::fs::write(folder.join("failed/form.json.reason.txt"), "not JSON\n").unwrap();
    std::fs::create_dir(folder.join("more")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", folder.join("link.json")).unwrap();
    let text = office.run(&["check"]).data;
    for wanted in
        ["form.json", "reason.txt", "link.json is a symbolic link", "more is a directory", "--email"]
    {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(!text.contains("form.json.reason.txt lies"), "{text}");
}

#[test]
fn a_created_signup_is_no_duplicate_of_its_own_customer_and_later_ones_are_found_on_verification() {
    let office = Office::new();
    let number = office.signup("Aurora");
    let twin = office.verified("Aurora");
    let duplicate = |number: &str| office.json(&["signup", "show", number])["duplicates"].clone();
    office.run(&["signup", "create", &twin]).ends(0);
    assert_eq!(
        duplicate(&twin).as_array().unwrap().iter().filter(|hit| hit["number"] == "C-000001").count(),
        0
    );
    let listed = |number: &str| {
        let rows = office.json(&["signup", "list"]);
        let row = rows.as_array().unwrap().iter().find(|row| row["number"] == number).unwrap().clone();
        row["duplicate"].clone()
    };
    office.run(&["signup", "verify", &number, "--by", "phone", "--note", "rang"]).ends(0);
    assert_eq!(listed(&number), "C-000001", "it came after the submission");
    office.run(&["undo"]).ends(0);
    office.run(&["signup", "resend", &office.signup("Borealis")]).ends(0);
    let text = office.run(&["signup", "show", "REG-3"]).ends(0).data;
    assert!(text.contains("1 times, last"), "{text}");
}

#[test]
fn who_may_see_a_record_may_see_who_decided_it_and_who_only_looks_is_given_none() {
    let office = Office::new();
    let number = office.signup("Aurora");
    for (login, role) in [("sal", "service_rep"), ("audra", "auditor")] {
        office.run(&["staff", "new", login, "--name", login, "--role", role]).ends(0);
    }
    office.run(&["--as", "sal", "history", &number]).ends(0);
    office.run(&["--as", "sal", "history"]).ends(3);
    office.run(&["--as", "sal", "history", "--verify"]).ends(3);
    office.run(&["signup", "assign", &number, "--to", "audra"]).ends(1);
    office.run(&["signup", "assign", &number, "--to", "sal"]).ends(0);
}

#[test]
fn a_damaged_database_is_reported_with_the_backup_that_brings_it_back() {
    use std::os::unix::fs::FileExt;
    let office = Office::new();
    let backup = office.json(&["db", "backup"])["backup"].as_str().unwrap().to_owned();
    for _ in 0..2 {
        office.run(&["db", "restore", &backup, "--yes"]).ends(0);
    }
    let database = office.database();
    for side in ["-wal", "-shm"] {
        let _gone = std::fs::remove_file(format!("{}{side}", database.display()));
    }
    let file = std::fs::OpenOptions::new().write(true).open(&database).unwrap();
    for page in 1..40 {
        file.write_all_at(&[0xa5; 4096], page * 4096).unwrap();
    }
    let run = office.run(&["db", "check", "--json"]).ends(1);
    let report = run.json();
    assert!(report["problems"][0]["remedy"].as_str().is_some_and(|text| text.contains(&backup)), "{report}");
    let (status, error) = office.error(&["staff", "list"]);
    assert!(status == 1 && error["remedy"].as_str().unwrap().contains(&backup), "{error}");
    office.run(&["db", "restore", &backup, "--yes"]).ends(0);
    office.run(&["db", "check"]).ends(0);
}

#[test]
fn what_is_wrong_is_said_once_and_in_our_words() {
    let office = Office::new();
    let (.., text) = said(
        &office,
        &["customer", "new", "--set", "name=A", "--set", "country=PT", "--set", "credit_limit=abc"],
    );
    assert_eq!(text.matches("“abc”").count(), 1, "{text}");
    let (.., text) = said(&office, &["db", "backup", "/nowhere/x.db"]);
    assert!(text.contains("there is no directory /nowhere") && !text.contains("os error"), "{text}");
    let run = office.feed(&["signup", "submit", "--file", "-"], "[]").ends(0);
    assert!(run.messages.contains("no sign-up"), "{}", run.messages);
    std::fs::write(office.path("config/countersign/config.toml"), b"a = \"\xe9\"\n").unwrap();
    let (.., text) = said(&office, &["signup", "list"]);
    assert!(text.contains("is not UTF-8"), "{text}");
    office.config("");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(office.path("config/countersign"), open).unwrap();
    let (.., text) = said(&office, &["signup", "list"]);
    assert!(text.contains("chmod o-w") && !text.contains("config example"), "{text}");
}
