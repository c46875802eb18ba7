//! Queues through the binary: made, ordered, put on hold, joined and left; their admin may look after them.

use serde_json::{Value, json};

use super::{office, refused};

#[test]
fn a_queue_is_made_changed_joined_and_left_by_whoever_looks_after_it() {
    let office = office();
    let made = office.json(&[
        "queue",
        "new",
        "logons",
        "--title",
        "Logons",
        "--admin",
        "tom",
        "--member",
        "maria",
        "--condition",
        "user_request.type == 'customer'",
    ]);
    assert_eq!((&made["command"], &made["number"]), (&json!("new_queue"), &json!("logons")));
    office.run(&["queue", "new", "rest", "--admin", "priya"]).ends(0);
    assert_eq!(office.error(&["queue", "new", "auto", "--admin", "tom"]).0, 1, "the word of the rules");
    assert_eq!(office.error(&["queue", "new", "logons", "--admin", "tom"]).0, 1);
    assert_eq!(
        office.error(&["queue", "new", "x", "--admin", "tom", "--condition", "user_request.colour == 1"]).0,
        1
    );
    let tom = ["--as", "tom", "queue"];
    let jens = ["--as", "jens", "queue"];
    let args = |who: &[&'static str], more: &[&'static str]| [who, more].concat();
    office.run(&args(&tom, &["add", "logons", "jens", "priya"])).ends(0);
    let (status, error) = office.error(&args(&tom, &["add", "logons", "olga"]));
    assert!(status == 1 && error["message"].to_string().contains("may not decide"), "{error}");
    office.run(&args(&tom, &["edit", "logons", "--state", "on_hold", "--position", "2"])).ends(0);
    assert_eq!(refused(&office, &args(&jens, &["add", "logons", "tom"])), (3, "permission".into()));
    assert_eq!(refused(&office, &args(&tom, &["add", "rest", "tom"])), (3, "permission".into()));
    let part = office.run(&args(&tom, &["remove", "logons", "priya", "olga"])).ends(6);
    assert!(part.messages.contains("olga"), "{}", part.messages);
    let all = office.json(&["queue", "list"]);
    let names: Vec<&Value> = all.as_array().unwrap().iter().map(|queue| &queue["name"]).collect();
    assert_eq!(names, ["rest", "logons"], "in the order in which they are asked");
    let mut logons = all[1].clone();
    for changing in ["created_at", "updated_at", "version"] {
        logons.as_object_mut().unwrap().remove(changing);
    }
    let shown = json!({
        "number": "logons", "state": "on_hold", "name": "logons", "title": "Logons", "admin": "tom", "position": 2,
        "condition": "user_request.type == 'customer'", "members": ["jens", "maria"], "waiting": 0,
    });
    assert_eq!(logons, shown);
    assert_eq!(office.error(&["queue", "show", "king"]).0, 4);
    let last = office.json(&args(&tom, &["remove", "logons", "jens"]));
    assert_eq!(last["command"], "remove_from_queue");
    let empty = office.run(&args(&tom, &["remove", "logons", "maria"])).ends(0).data;
    assert!(empty.contains("Nobody is left in queue logons"), "{empty}");
}

#[test]
fn the_first_queue_whose_condition_holds_takes_the_document_and_those_of_other_documents_are_passed_over() {
    let office = office();
    std::fs::write(office.path("rules.toml"), super::MARIA.replace("user = \"maria\"", "queue = \"auto\""))
        .unwrap();
    let file = office.path("rules.toml");
    let activate = ["workflow", "activate", file.to_str().unwrap()];
    assert_ne!(office.run(&activate).status, 0, "there is no queue yet");
    for (name, condition) in [
        ("credit", "new.credit_limit != null && new.credit_limit > 5000.0"),
        ("samples", "account_request.type == 'sample'"),
        ("workers", "user_request.type == 'worker'"),
        ("customers", "user_request.type == 'customer'"),
    ] {
        office
            .run(&["queue", "new", name, "--admin", "priya", "--member", "maria", "--condition", condition])
            .ends(0);
    }
    let (_, error) =
        office.error(&["queue", "new", "x", "--admin", "tom", "--condition", "new.credit_limt > 5000.0"]);
    assert!(error["message"].as_str().unwrap().contains("credit_limit"), "what may have been meant: {error}");
    office.run(&activate).ends(0);
    let number = office.rung("Aurora");
    office.run(&["signup", "approve", &number]).ends(0);
    office.run(&["--as", "jens", "signup", "create", &number]).ends(0);
    assert_eq!(super::holders(&office), ["UR-000001 queue customers"]);
}
