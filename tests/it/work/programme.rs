//! The same through the binary: a question is answered, somebody decides for somebody else, what is stopped is listed.

use serde_json::json;

use crate::cli_world::Office;

/// Ada, who administers, and two approvers; UR-000001 waits for them.
fn office() -> Office {
    let office = Office::new();
    for (login, name) in [("maria", "Maria Silva"), ("otto", "Otto Lund")] {
        office.run(&["staff", "new", login, "--name", name, "--role", "approver"]).ends(0);
    }
    let number = office.rung("Aurora");
    office.run(&["--as", "maria", "signup", "approve", &number]).ends(0);
    office.run(&["--as", "maria", "signup", "create", &number]).ends(0);
    assert_eq!(office.json(&["user-request", "show", "UR-1"])["waits_for"], "role approver");
    office
}

#[test]
fn a_question_is_asked_found_and_answered() {
    let office = office();
    let ask = |text: &str| {
        office.run(&["--as", "otto", "work", "ask", "UR-1", "--of", "maria", "--question", text]).ends(0);
    };
    let answer = ["--as", "maria", "work", "answer", "UR-1", "--answer", "since May"];
    assert_eq!(office.error(&answer).1["kind"], "refused", "nobody asked yet");
    ask("since when?");
    let listed = office.json(&["--as", "maria", "work", "list"]);
    assert_eq!((&listed[0]["kind"], &listed[0]["what"]), (&json!("question"), &json!("since when?")));
    ask("and who hired her?");
    let (status, error) = office.error(&answer);
    assert!(status == 3 && error["remedy"].as_str().unwrap().contains("--question"), "{error}");
    let asked = office.json(&["user-request", "show", "UR-1"])["questions"][1]["id"].to_string();
    let (status, error) =
        office.error(&["work", "answer", "UR-1", "--answer", "the boss", "--question", &asked]);
    assert!(status == 3 && error["rule"] == "not_yours", "{error}");
    office
        .run(&["--as", "maria", "work", "answer", "UR-1", "--answer", "the boss", "--question", &asked])
        .ends(0);
    assert_eq!(office.json(&answer)["command"], "answer_question");
    assert_eq!(office.error(&answer).0, 3, "it is answered");
    let shown = office.run(&["user-request", "show", "UR-1"]).ends(0).data;
    assert!(shown.contains("otto asks maria: since when?") && shown.contains("maria: since May"), "{shown}");
    assert_eq!(
        office.json(&["--as", "maria", "work", "list"]),
        json!([]),
        "she submitted it, and nothing is asked"
    );
}

#[test]
fn somebody_decides_for_somebody_else_with_a_reason() {
    let office = office();
    let decide = ["work", "override", "UR-1", "approve", "--reason", "both are away"];
    let mut otto = vec!["--as", "otto"];
    otto.extend(decide);
    assert_eq!(office.error(&otto).1["rule"], "permission");
    assert_eq!(office.error(&["work", "override", "UR-1", "approve", "--reason", " "]).1["kind"], "invalid");
    let mut other = decide.to_vec();
    other.extend(["--from", "role manager"]);
    assert!(office.error(&other).1["message"].as_str().unwrap().contains("waits for role approver"));
    let mut right = decide.to_vec();
    right.extend(["--from", "role approver"]);
    assert_eq!(office.json(&right)["command"], "override_item");
    let history = office.json(&["history", "UR-1"]);
    let entries = history.as_array().unwrap();
    assert!(entries.iter().any(|entry| entry["detail"]["overridden"] == true), "{history}");
    assert_eq!(office.error(&decide).1["message"], "UR-000001 waits for nobody.");
}

#[test]
fn ones_own_submissions_say_whom_they_wait_for_and_come_back_when_rejected() {
    let office = office();
    let mine = || office.json(&["--as", "maria", "work", "list", "--view", "submitted"]);
    assert_eq!((&mine()[0]["kind"], &mine()[0]["waits_for"]), (&json!("underway"), &json!("role approver")));
    office.run(&["--as", "otto", "decide", "UR-1", "reject", "--reason", "who is that?"]).ends(0);
    let back = mine();
    assert_eq!((&back[0]["state"], &back[0]["because"]), (&json!("rejected"), &json!("who is that?")));
    office.run(&["--as", "maria", "user-request", "resubmit", "UR-1"]).ends(0);
    assert_eq!(mine().as_array().unwrap().len(), 1, "one row for each, whatever became of it before");
    office.run(&["--as", "maria", "user-request", "recall", "UR-1", "--reason", "a slip"]).ends(0);
    assert_eq!(mine()[0]["state"], "recalled");
    assert_eq!(office.json(&["work", "list", "--view", "stopped"]), json!([]));
}
