//! Somebody leaves: what is left behind is told and moved, all of it or only the open items.

use serde_json::{Value, json};

use super::{holders, mailed, refused, waiting};

#[test]
fn all_turns_of_one_person_move_in_one_command_and_what_may_not_says_so() {
    let office = waiting(&[("Aurora", "jens"), ("Boreas", "priya"), ("Cetus", "priya")]);
    let base = ["work", "reassign", "--from", "maria", "--to", "jens"];
    assert_eq!(office.run(&base).status, 2, "a reason is due");
    let all = [base.as_slice(), &["--reason", "she left"]].concat();
    let tried = office.run(&[all.as_slice(), &["--dry-run", "--json"]].concat()).ends(6).json();
    assert_eq!(tried.as_array().unwrap().len(), 3);
    assert_eq!(holders(&office).iter().filter(|line| line.ends_with("maria")).count(), 3, "nothing was kept");
    let done = office.run(&[all.as_slice(), &["--json"]].concat()).ends(6).json();
    let numbers =
        |value: &Value| value["error"]["rule"].as_str().or(value["command"].as_str()).unwrap().to_owned();
    let said: Vec<String> = done.as_array().unwrap().iter().map(numbers).collect();
    assert_eq!(said, ["four_eyes", "reassign_item", "reassign_item"]);
    assert_eq!(done[1]["number"], "UR-000002");
    assert_eq!(holders(&office), ["UR-000001 maria", "UR-000002 jens", "UR-000003 jens"]);
    let history = office.run(&["history", "UR-2"]).ends(0).data;
    assert!(history.contains("she left"), "each record's history says why: {history}");
    office.run(&["undo"]).ends(0);
    assert_eq!(holders(&office).iter().filter(|line| line.ends_with("maria")).count(), 3, "one undo");
    assert_eq!(refused(&office, &[["--as", "tom"].as_slice(), &all].concat()), (3, "permission".into()));
    let none =
        office.run(&["work", "reassign", "--from", "olga", "--to", "tom", "--reason", "none", "--json"]);
    assert_eq!(none.ends(0).json(), json!([]));
    assert_eq!(office.error(&["work", "reassign", "--from", "king", "--to", "tom", "--reason", "x"]).0, 4);
    // With a number, --from says whose turn of several is meant.
    let of_olga = ["work", "reassign", "UR-1", "--from", "olga", "--to", "tom", "--reason", "x"];
    let (status, error) = office.error(&of_olga);
    assert!(status == 3 && error["message"].as_str().unwrap().contains("waits for maria"), "{error}");
    office.run(&["work", "reassign", "UR-1", "--to", "priya", "--reason", "hers"]).ends(0);
    assert_eq!(holders(&office)[0], "UR-000001 priya");
    assert_eq!(mailed(&office, "priya", "UR-000001").len(), 1, "whoever gets it is told");
}

#[test]
fn who_leaves_leaves_a_report_and_one_command_moves_all_of_it() {
    let office = waiting(&[("Aurora", "jens")]);
    office
        .run(&["queue", "new", "support", "--title", "Support", "--admin", "maria", "--member", "maria"])
        .ends(0);
    office.run(&["staff", "edit", "tom", "--manager", "maria"]).ends(0);
    office.run(&["deputy", "set", "maria", "--for", "olga"]).ends(0);
    let gone = office.json(&["staff", "edit", "maria", "--active", "no"]);
    assert_eq!(gone["command"], "edit_staff");
    let report = office.json(&["staff", "leaver"]);
    let expected = json!([{
        "login": "maria", "name": "Maria Silva", "active": false,
        "items": [{ "number": "UR-000001", "step": "Check identity" }], "signups": [], "customers": 0,
        "rules": ["Maria · Check identity"], "queue_admin": ["support"], "queues": ["support"], "roles": [], "manages": ["tom"],
        "deputy_of": ["olga"], "deputies": [],
    }]);
    assert_eq!(report, expected);
    let table = office.run(&["staff", "leaver", "maria"]).ends(0);
    assert!(table.messages.contains("countersign staff leaver maria --move-to LOGIN"), "{}", table.messages);

    let hand_over = ["staff", "leaver", "maria", "--move-to", "priya", "--reason", "retired"];
    assert_eq!(
        refused(&office, &[["--as", "jens"].as_slice(), &hand_over].concat()),
        (3, "permission".into())
    );
    assert_eq!(office.error(&["staff", "leaver", "maria", "--move-to", "maria"]).0, 1);
    let tried = office.run(&[hand_over.as_slice(), &["--dry-run"]].concat()).ends(0).data;
    assert!(
        tried.contains("UR-000001") && tried.contains("support") && tried.contains("nothing was kept"),
        "{tried}"
    );
    assert_eq!(office.json(&["staff", "leaver"]), expected, "it was only tried");
    office.run(&hand_over).ends(0);
    assert_eq!(office.json(&["staff", "leaver"]), json!([]));
    assert_eq!(holders(&office), ["UR-000001 priya"]);
    assert_eq!(office.json(&["staff", "show", "tom"])["manager"], "priya");
    assert_eq!(office.json(&["queue", "show", "support"])["members"], json!(["priya"]));
    assert_eq!(office.json(&["deputy", "list"])[0]["deputy"], "priya");
    let rules = office.run(&["workflow", "show"]).ends(0).data;
    assert!(rules.contains("{ user = \"priya\" }"), "the rule names the other one: {rules}");
    office.run(&["undo"]).ends(0);
    assert_eq!(office.json(&["staff", "leaver"]), expected, "one undo takes all of it back");
}
