//! People come, change, get roles and go; what a role lets them do.

use serde_json::{Value, json};

use super::{office, refused};

#[test]
fn what_is_said_of_a_person_is_checked_and_shown() {
    let office = office();
    let edit = |flag: &str, value: &str| office.error(&["staff", "edit", "tom", flag, value]);
    for (flag, value, field) in [
        ("--hours", "mon-fri 25:00-26:00", "hours"),
        ("--language", "german!", "language"),
        ("--email", "tom at office", "email"),
        ("--name", " ", "name"),
    ] {
        let (status, error) = edit(flag, value);
        assert_eq!((status, &error["kind"]), (1, &json!("invalid")), "{flag} {value}: {error}");
        assert!(error["message"].as_str().unwrap().starts_with(field), "{error}");
    }
    assert_eq!(edit("--manager", "nobody").0, 4);
    let words = [
        "--manager",
        "priya",
        "--hours",
        "mon-thu 08:00-16:00",
        "--division",
        "North",
        "--language",
        "de",
        "--digest",
        "daily",
    ];
    office.run(&[["staff", "edit", "tom"].as_slice(), &words].concat()).ends(0);
    let mut tom = office.json(&["staff", "show", "tom"]);
    for changing in ["created_at", "updated_at", "version"] {
        assert!(!tom[changing].is_null(), "{tom}");
        tom.as_object_mut().unwrap().remove(changing);
    }
    let shown = json!({
        "number": "tom", "state": "active", "login": "tom", "name": "Tom Hill", "email": "tom@office.example", "person": "tom",
        "roles": ["service_rep"], "manager": "priya", "hours": "mon-thu 08:00-16:00", "division": "North", "language": "de",
        "digest": "daily", "deputy": null, "back_at": null, "open": 0, "late": 0, "oldest_since": null,
    });
    assert_eq!(tom, shown);
    assert_eq!(refused(&office, &["staff", "edit", "priya", "--manager", "tom"]), (3, "manager_loop".into()));
    office.run(&["staff", "edit", "tom", "--manager", "", "--hours", "", "--email", ""]).ends(0);
    let tom = office.json(&["staff", "show", "tom"]);
    assert_eq!((&tom["manager"], &tom["hours"], &tom["email"]), (&Value::Null, &Value::Null, &Value::Null));
    office.run(&["undo"]).ends(0);
    assert_eq!(office.json(&["staff", "show", "tom"])["manager"], "priya");
    assert_eq!(office.run(&["staff", "edit", "tom"]).status, 2, "there is nothing to change");
}

#[test]
fn an_address_of_staff_is_checked_as_an_applicants_is_and_adds_no_header() {
    let office = office();
    let hostile = [
        "m@office.example\r\nBcc: all@office.example",
        "m@office.example\nSubject: hello",
        "\"a b\"@office.example",
        "m@localhost",
        "m@[127.0.0.1]",
        "m(a)@office.example",
        "Maria <m@office.example>",
        "m@office.example, n@office.example",
        "m\u{202e}@office.example",
    ];
    for address in hostile {
        let new =
            office.error(&["staff", "new", "eve", "--name", "Eve", "--role", "auditor", "--email", address]);
        let edit = office.error(&["staff", "edit", "olga", "--email", address]);
        for (status, error) in [new, edit] {
            assert_eq!((status, &error["kind"]), (1, &json!("invalid")), "{address:?}: {error}");
        }
    }
    assert_eq!(office.json(&["staff", "show", "olga"])["email"], "olga@office.example");
    assert_eq!(office.error(&["staff", "show", "eve"]).0, 4);
    let (_, error) = office.error(&["staff", "edit", "olga", "--email", "olga@localhost"]);
    let applicants = countersign::domain::check::email::parse_email("olga@localhost").unwrap_err();
    assert!(error["message"].as_str().unwrap().contains(&applicants.to_string()), "the same words: {error}");

    // A name is kept as given; it can add a header as little.
    office.run(&["staff", "edit", "olga", "--name", "Olga\r\nBcc: all@office.example"]).ends(0);
    office.run(&["staff", "grant", "olga", "approver"]).ends(0);
    office.run(&["deputy", "set", "olga", "--for", "tom"]).ends(0);
    let mails = super::mailed(&office, "olga", "Tom Hill");
    let head = mails[0].split("\n\n").next().unwrap();
    assert!(!head.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{head}");
}

#[test]
fn staff_change_by_themselves_only_language_and_digest() {
    let office = office();
    office.run(&["--as", "tom", "staff", "edit", "tom", "--language", "fr", "--digest", "daily"]).ends(0);
    assert_eq!(office.json(&["staff", "show", "tom"])["language"], "fr");
    for args in [
        ["--as", "tom", "staff", "edit", "olga", "--language", "fr"],
        ["--as", "tom", "staff", "edit", "tom", "--email", "t@x.example"],
        ["--as", "tom", "staff", "edit", "tom", "--manager", ""],
        ["--as", "priya", "staff", "edit", "tom", "--active", "no"],
    ] {
        assert_eq!(refused(&office, &args), (3, "permission".into()), "{args:?}");
    }
    for args in [
        ["--as", "priya", "staff", "grant", "priya", "administrator"],
        ["--as", "priya", "role", "grant", "manager", "staff.manage"],
    ] {
        assert_eq!(refused(&office, &args), (3, "permission".into()), "{args:?}");
    }
}

#[test]
fn a_role_is_made_given_and_taken_and_somebody_who_manages_is_always_left() {
    let office = office();
    let made = office.json(&["role", "new", "clerk", "--title", "Clerk", "--permission", "signup.view"]);
    assert_eq!((&made["command"], &made["number"]), (&json!("new_role"), &json!("clerk")));
    assert_eq!(office.error(&["role", "new", "clerk"]).0, 1);
    assert_eq!(office.error(&["role", "grant", "clerk", "signup.fly"]).0, 1);
    let both = office.json(&["role", "grant", "clerk", "signup.submit", "signup.edit"]);
    assert_eq!(both.as_array().unwrap().len(), 2);
    office.run(&["staff", "grant", "olga", "clerk"]).ends(0);
    let clerk = office.json(&["role", "show", "clerk"]);
    assert_eq!(
        clerk,
        json!({ "name": "clerk", "title": "Clerk", "permissions": ["signup.edit", "signup.submit", "signup.view"], "staff": ["olga"] })
    );
    let part = office.run(&["role", "revoke", "clerk", "signup.edit", "mail.manage"]).ends(6);
    assert!(part.messages.contains("mail.manage"), "{}", part.messages);
    assert_eq!(office.error(&["staff", "revoke", "olga", "manager"]).0, 1);
    assert_eq!(
        refused(&office, &["role", "revoke", "administrator", "staff.manage"]),
        (3, "last_administrator".into())
    );
    assert_eq!(office.error(&["role", "show", "king"]).0, 4);
}
