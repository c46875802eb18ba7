//! The whole way of a sign-up through the binary: from the web form's file to the customer who can log on.

use serde_json::{Value, json};

use crate::cli_world::{Office, code_in, samples};

#[test]
fn from_the_web_form_to_the_logon() {
    let Some(samples) = samples() else { return };
    let office = Office::new();
    let file = samples.join("one.json");
    let file = file.to_str().unwrap();
    let receipt = office.json(&["signup", "submit", "--file", file]);
    assert_eq!(
        (&receipt["command"], &receipt["number"], &receipt["state"]),
        (&json!("submit_signup"), &json!("REG-000001"), &json!("requested"))
    );
    let again = office.json(&["signup", "submit", "--file", file]);
    assert_eq!((&again["number"], &again["repeated"]), (&json!("REG-000001"), &json!(true)));

    assert_eq!(office.json(&["mail", "send"])["sent"], 1);
    let mails = office.mails("REG-000001");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("To: \"Ana Lima\" <ana.lima@cafe-aurora.example>"), "{}", mails[0]);
    let code = code_in(&mails[0]);
    let receipt = office.json(&["signup", "verify", &code.to_lowercase()]);
    assert_eq!(receipt["state"], "verified_by_user");
    assert_eq!(office.error(&["signup", "verify", &code]).1["rule"], "code_used");

    let receipt = office.json(&["signup", "approve", "reg-1", "--note", "known from the fair"]);
    assert_eq!((&receipt["state"], &receipt["number"]), (&json!("approved"), &json!("REG-000001")));
    assert!(receipt["undo_until"].is_string());
    let preview = office.json(&["signup", "create", "REG-1", "--dry-run", "--set", "credit_limit=5000"]);
    assert_eq!(preview["user_request"]["user_name"], "ana.lima");
    assert_eq!(office.json(&["customer", "list"]), json!([]), "a dry run keeps nothing");
    let receipt = office.json(&["signup", "create", "REG-1", "--set", "credit_limit=5000"]);
    let made: Vec<&Value> = receipt["made"].as_array().unwrap().iter().map(|made| &made["number"]).collect();
    assert_eq!(made, ["C-000001", "CON-000001", "UR-000001", "ana.lima"]);

    let customer = office.json(&["customer", "show", "C-1"]);
    assert_eq!(
        (
            &customer["name"],
            &customer["credit_limit"],
            &customer["signups"],
            &customer["mandatory_credit_limit"]
        ),
        (&json!("Café Aurora Lda"), &json!("5000"), &json!(["REG-000001"]), &json!(false))
    );
    assert_eq!(
        office.json(&["contact", "list"])[0]["customers"],
        json!([{"number": "C-000001", "role": null}])
    );
    assert_eq!(office.json(&["portal-user", "list"])[0]["user_name"], "ana.lima");
    let request = &office.json(&["user-request", "list"])[0];
    assert_eq!((&request["state"], &request["signup"]), (&json!("completed"), &json!("REG-000001")));
    let signup = office.json(&["signup", "show", "REG-1"]);
    assert_eq!(
        (&signup["customer"], &signup["user_request"], &signup["region"], &signup["carrier"].is_string()),
        (&json!("C-000001"), &json!("UR-000001"), &Value::Null, &true)
    );

    office.run(&["mail", "send"]).ends(0);
    let logon = office.mails("set-password?token=");
    assert_eq!(logon.len(), 1, "the logon mail holds the link");
    let events: Vec<Value> =
        office.json(&["mail", "list"]).as_array().unwrap().iter().map(|m| m["event"].clone()).collect();
    assert_eq!(events, ["logon_link", "signup_approved", "signup_verified", "signup_received"]);
    assert!(office.json(&["mail", "list"]).as_array().unwrap().iter().all(|m| m["state"] == "sent"));
    let shown = office.json(&["mail", "show", "4"]);
    assert!(!shown.to_string().contains("token="), "staff never see a secret: {shown}");

    let verdict = office.json(&["history", "--verify"]);
    assert_eq!(
        (&verdict["ok"], &verdict["bad"], &verdict["outside"]),
        (&json!(true), &Value::Null, &json!(0))
    );
    let kinds: Vec<Value> =
        office.json(&["history"]).as_array().unwrap().iter().rev().map(|h| h["kind"].clone()).collect();
    assert_eq!(
        kinds,
        [
            "office_opened",
            "signup_submitted",
            "signup_verified",
            "signup_approved",
            "customer_created",
            "user_request_submitted",
            "workflow_started",
            "user_provisioned",
            "workflow_continued"
        ]
    );
    assert_eq!(office.json(&["db", "check"])["ok"], true);
}

#[test]
fn from_a_file_the_applicant_is_the_author_and_from_flags_the_member_of_staff() {
    let office = Office::new();
    let by_applicant = office.verified("Aurora");
    let flags = ["signup", "submit", "--company", "Fabrikam", "--last-name", "Weiss"];
    let more = ["--email", "w@fabrikam.example", "--country", "DE"];
    let typed = office.json(&[&flags[..], &more[..]].concat())["number"].as_str().unwrap().to_owned();
    office.run(&["signup", "verify", &typed, "--by", "phone", "--note", "rang"]).ends(0);
    assert_eq!(office.json(&["signup", "show", &typed])["source"], "staff");
    assert_eq!(office.json(&["signup", "approve", &by_applicant])["state"], "approved");
    let (status, error) = office.error(&["signup", "approve", &typed]);
    assert_eq!((status, &error["rule"]), (3, &json!("four_eyes")));
    assert!(error["remedy"].as_str().is_some_and(|remedy| remedy.contains("another approver")));

    office.run(&["staff", "new", "maria", "--name", "Maria", "--role", "approver"]).ends(0);
    assert_eq!(office.json(&["--as", "maria", "signup", "approve", &typed])["state"], "approved");
    let entry = &office.json(&["history", &typed, "--limit", "1"])[0];
    assert_eq!(entry["acting_as"], "maria");
    assert_ne!(entry["actor"], "maria");
}

#[test]
fn undo_takes_a_whole_batch_back_and_redo_does_it_again() {
    let office = Office::with("mail.grace_seconds = 3600");
    let numbers = ["One", "Two", "Three"].map(|name| office.verified(name));
    let input = numbers.join("\n");
    let rows = office.feed(&["signup", "approve", "-", "--json"], &input).ends(0).json();
    assert_eq!(rows.as_array().unwrap().len(), 3);
    let undone = office.json(&["undo"]);
    assert!(undone["notes"].to_string().contains("and 2 more"), "{undone}");
    assert_eq!(office.json(&["signup", "list", "--state", "approved"]), json!([]));
    office.run(&["redo"]).ends(0);
    assert_eq!(office.json(&["signup", "list", "--state", "approved"]).as_array().unwrap().len(), 3);
    assert_eq!(office.json(&["history", "--verify"])["ok"], true);
}

#[test]
fn a_batch_does_what_can_be_done_and_says_the_rest() {
    let Some(samples) = samples() else { return };
    let office = Office::new();
    let mixed = samples.join("mixed-good-and-bad.jsonl");
    let run = office.run(&["signup", "submit", "--file", mixed.to_str().unwrap(), "--json"]).ends(6);
    let rows = run.json();
    let told: Vec<String> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| match &row["error"] {
            Value::Null => row["number"].as_str().unwrap().to_owned(),
            error => format!("line {} {}", error["line"], error["kind"].as_str().unwrap()),
        })
        .collect();
    assert_eq!(
        told,
        [
            "line 1 invalid",
            "line 2 invalid",
            "line 3 invalid",
            "REG-000001",
            "line 5 invalid",
            "line 6 invalid",
            "REG-000002",
            "line 8 invalid"
        ]
    );
    let fields = &rows[1]["error"]["fields"][0];
    assert_eq!((&fields["field"], &fields["value"]), (&json!("email"), &json!("not an address")));
}

#[test]
fn lists_are_filtered_sorted_and_paged() {
    let office = Office::new();
    for company in ["Gamma", "Alpha", "Beta"] {
        office.signup(company);
    }
    let companies = |args: &[&str]| -> Vec<String> {
        let rows = office.json(&[&["signup", "list"], args].concat());
        rows.as_array().unwrap().iter().map(|row| row["company"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(companies(&[]), ["Gamma", "Alpha", "Beta"]);
    assert_eq!(companies(&["--sort", "company"]), ["Alpha", "Beta", "Gamma"]);
    assert_eq!(companies(&["--sort", "company", "--descending", "--limit", "1"]), ["Gamma"]);
    assert_eq!(companies(&["--sort", "company", "--after", "REG-2"]), ["Beta", "Gamma"]);
    assert_eq!(companies(&["--filter", "company:beta country:PT"]), ["Beta"]);
    assert_eq!(companies(&["--state", "verified_by_user"]), Vec::<String>::new());
    office.run(&["signup", "assign", "REG-2"]).ends(0);
    assert_eq!(companies(&["--mine"]), ["Alpha"]);
    let lines = office.run(&["signup", "list", "--jsonl"]).ends(0).data;
    assert_eq!(lines.lines().count(), 3);
    let plain = office.run(&["signup", "list"]).ends(0).data;
    assert!(plain.starts_with("REG-000001\tGamma\t"), "{plain}");
    let found = office.json(&["search", "alph"]);
    assert_eq!((found.as_array().unwrap().len(), &found[0]["number"]), (1, &json!("REG-000002")));
    // Numbers as they are said, without their zeros; mails as they are printed.
    assert_eq!(companies(&["--filter", "reg-2"]), ["Alpha"]);
    assert_eq!(companies(&["--filter=-reg-2"]), ["Gamma", "Beta"]);
    let found = office.json(&["search", "REG-3"]);
    assert_eq!((found.as_array().unwrap().len(), &found[0]["number"]), (1, &json!("REG-000003")));
    assert_eq!(office.json(&["mail", "show", "M-1"])["id"], office.json(&["mail", "show", "1"])["id"]);
    office.run(&["mail", "show", "M-x"]).ends(2);
}

#[test]
fn an_existing_customer_gets_a_contact_and_no_second_record() {
    let office = Office::new();
    office.run(&["customer", "new", "--set", "name=Aurora", "--set", "country=PT"]).ends(0);
    let number = office.verified("Aurora Two");
    let receipt =
        office.json(&["signup", "create", &number, "--existing", "c-1", "--role", "customer_admin"]);
    assert_eq!(receipt["state"], "created");
    assert_eq!(office.json(&["customer", "list"]).as_array().unwrap().len(), 1);
    assert_eq!(office.json(&["contact", "list"])[0]["customers"][0]["number"], "C-000001");
    assert_eq!(office.json(&["portal-user", "list"])[0]["role"], "customer_admin");
}

#[test]
fn without_a_rule_set_the_request_waits_in_draft_and_says_so() {
    let office = Office::with("workflow.enabled = false");
    let (status, problems) = {
        let run = office.run(&["check", "--json"]);
        (run.status, run.json()["problems"].clone())
    };
    assert!(status == 1 && problems.to_string().contains("Draft"), "{problems}");
    let number = office.verified("Aurora");
    let receipt = office.json(&["signup", "create", &number]);
    assert!(receipt["notes"].to_string().contains("Draft"), "{receipt}");
    assert_eq!(office.json(&["user-request", "list"])[0]["state"], "draft");
    assert_eq!(office.error(&["user-request", "submit", "UR-1"]).1["rule"], "no_rule_set");
    office.config("mail.grace_seconds = 0");
    assert_eq!(office.json(&["user-request", "submit", "UR-1"])["state"], "completed");
}
