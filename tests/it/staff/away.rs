//! Out of office: dated rules, chains that are followed, loops that are refused, and the deputy who is told.

use countersign::desk::commands::staff::{EditStaff, Open, SetDeputy, Traits};
use countersign::desk::commands::work::{ItemSubject, ReassignItem};
use countersign::desk::commands::workflow::ActivateRuleSet;
use countersign::desk::{Command, Error};
use serde_json::{Value, json};

use super::{MARIA, holders, mailed, office, refused, waiting};
use crate::cli_world::Office;
use crate::world::{DAY, HOUR, T0, World};

fn set(office: &Office, who: &str, deputy: &str, more: &[&str]) -> Value {
    office.json(&[["deputy", "set", deputy, "--for", who].as_slice(), more].concat())
}

#[test]
fn a_deputy_is_set_told_seen_and_ended() {
    let office = office();
    let receipt = set(&office, "maria", "jens", &["--until", "+3d", "--note", "sails"]);
    assert_eq!((&receipt["command"], &receipt["number"]), (&json!("set_deputy"), &json!("maria")));
    assert_eq!(receipt["mails"].as_array().unwrap().len(), 1, "{receipt}");
    let told = mailed(&office, "jens", "Maria Silva");
    assert!(
        told.len() == 1 && told[0].contains("sails") && told[0].contains("countersign work list"),
        "{told:?}"
    );
    let maria = office.json(&["staff", "show", "maria"]);
    assert_eq!(maria["deputy"], "jens");
    assert!(maria["back_at"].is_string(), "{maria}");
    let rules = office.json(&["deputy", "list"]);
    let mut rule = rules[0].clone();
    for changing in ["created_at", "updated_at", "starts_at", "ends_at"] {
        assert!(rule[changing].as_str().is_some_and(|at| at.ends_with('Z')), "{rule}");
        rule.as_object_mut().unwrap().remove(changing);
    }
    assert_eq!(
        rule,
        json!({ "number": "1", "state": "now", "version": 1, "staff": "maria", "deputy": "jens", "document": null, "note": "sails" })
    );
    office.run(&["deputy", "end", "1"]).ends(0);
    assert_eq!(refused(&office, &["deputy", "end", "1"]), (3, "illegal_move".into()));
    assert_eq!(office.error(&["deputy", "end", "9"]).0, 4);
    assert_eq!(office.json(&["deputy", "list"]), json!([]));
    assert_eq!(office.json(&["deputy", "list", "--all"])[0]["state"], "ended");
    office.run(&["undo"]).ends(0);
    assert_eq!(office.json(&["deputy", "list"])[0]["state"], "now");
}

#[test]
fn who_may_stand_in_and_who_may_say_so() {
    let office = office();
    office.run(&["--as", "tom", "deputy", "set", "jens"]).ends(0);
    assert_eq!(
        refused(&office, &["--as", "tom", "deputy", "set", "jens", "--for", "maria"]),
        (3, "permission".into())
    );
    office.run(&["--as", "priya", "deputy", "set", "tom", "--for", "maria"]).ends(0);
    assert_eq!(refused(&office, &["--as", "tom", "deputy", "end", "2"]), (3, "permission".into()));
    assert_eq!(refused(&office, &["deputy", "set", "jens", "--for", "maria"]), (3, "deputy_twice".into()));
    let wrong = |deputy: &str, more: &[&str]| {
        let args = [["deputy", "set", deputy, "--for", "olga"].as_slice(), more].concat();
        office.error(&args)
    };
    assert_eq!(wrong("olga", &[]).0, 1, "nobody stands in for themselves");
    assert_eq!(wrong("jens", &["--from", "+5d", "--until", "+3d"]).0, 1);
    assert_eq!(wrong("jens", &["--from", "someday"]).0, 2);
    assert_eq!(wrong("nobody", &[]).0, 4);
    office.run(&["staff", "edit", "jens", "--active", "no"]).ends(0);
    assert_eq!(wrong("jens", &[]).0, 1, "who left stands in for nobody");
}

#[test]
fn loops_are_refused_with_the_way_they_take_but_not_those_of_other_days_or_documents() {
    let office = office();
    set(&office, "maria", "jens", &["--until", "+3d"]);
    let onward = set(&office, "jens", "priya", &["--until", "+3d"]);
    assert_eq!(onward["state"], Value::Null, "{onward}");
    let (status, error) = office.error(&["deputy", "set", "maria", "--for", "priya"]);
    assert_eq!((status, &error["rule"]), (3, &json!("deputy_loop")));
    assert!(error["message"].as_str().unwrap().contains("priya → maria → jens → priya"), "{error}");
    set(&office, "priya", "maria", &["--from", "+10d", "--until", "+12d"]);
    office.run(&["undo"]).ends(0);
    office.run(&["deputy", "end", "2"]).ends(0);
    set(&office, "jens", "priya", &["--document", "proposal"]);
    set(&office, "priya", "maria", &["--document", "account_request"]);
    assert_eq!(
        refused(&office, &["deputy", "set", "maria", "--for", "priya", "--document", "proposal"]),
        (3, "deputy_loop".into())
    );
}

#[test]
fn what_is_open_moves_on_request_and_the_chain_is_followed() {
    let office = waiting(&[("Aurora", "jens"), ("Boreas", "priya")]);
    assert_eq!(holders(&office), ["UR-000001 maria", "UR-000002 maria"]);
    // jens submitted the first: four eyes keep it where it is, and say so.
    let moved = set(&office, "maria", "jens", &["--move-open"]);
    let said = office.run(&["deputy", "list"]).data;
    assert!(said.contains("maria") && said.contains("jens"), "{said}");
    assert_eq!(holders(&office), ["UR-000001 maria", "UR-000002 jens"], "{moved}");
    office.run(&["undo"]).ends(0);
    assert_eq!(holders(&office), ["UR-000001 maria", "UR-000002 maria"]);
    set(&office, "maria", "tom", &[]);
    set(&office, "tom", "priya", &[]);
    let number = office.rung("Cetus");
    office.run(&["signup", "approve", &number]).ends(0);
    office.run(&["--as", "jens", "signup", "create", &number]).ends(0);
    let told = mailed(&office, "priya", "UR-000003");
    assert_eq!(told.len(), 1, "the end of the chain is told");
    assert!(told[0].contains("countersign decide UR-000003 approve"), "{}", told[0]);
    assert_eq!(office.json(&["--as", "priya", "work", "list"])[0]["number"], "UR-000003");
    office.run(&["--as", "priya", "decide", "UR-3", "approve"]).ends(0);
    let history = office.run(&["history", "UR-3"]).ends(0).data;
    assert!(history.contains("as priya for maria"), "decided for her: {history}");
}

#[test]
fn the_digest_comes_once_a_day_in_the_first_working_hour_with_what_waits() {
    let mut world = World::new();
    let activate = ActivateRuleSet { origin: "mine.toml".into(), source: MARIA.into() };
    world.run("ana", Command::ActivateRuleSet(activate)).unwrap();
    world.play(
        "applicant submits aurora; maria verifies REG-1 by phone: rang; priya approves REG-1; jens creates REG-1",
    );
    let traits = Traits { digest: Some("daily".into()), language: Some("de".into()), ..Traits::default() };
    let edit = EditStaff { login: "maria".into(), traits, ..EditStaff::default() };
    world.run("ana", Command::EditStaff(edit)).unwrap();
    let digests = |world: &World| -> Vec<String> {
        let conn = world.raw();
        let mut statement = conn.prepare("select body from outbox where event = 'work_digest'").unwrap();
        let bodies = statement.query_map([], |r| r.get::<_, Vec<u8>>(0)).unwrap();
        bodies.map(|body| countersign::domain::mail::readable(&body.unwrap())).collect()
    };
    world.desk.sweep().unwrap();
    assert_eq!(digests(&world).len(), 0, "it came today");
    // Tuesday before the office opens, then within its first hour, then later.
    world.clock.advance(DAY - HOUR);
    world.desk.sweep().unwrap();
    assert_eq!(digests(&world).len(), 0);
    for _ in 0..3 {
        world.clock.advance(HOUR);
        world.desk.sweep().unwrap();
    }
    let sent = digests(&world);
    assert_eq!(sent.len(), 1, "once a day");
    assert!(sent[0].contains("UR-000001") && sent[0].contains("Guten Tag"), "{}", sent[0]);
    assert!(sent[0].contains("countersign decide NUMBER approve"), "{}", sent[0]);
    world.clock.advance(DAY);
    world.desk.sweep().unwrap();
    assert_eq!(digests(&world).len(), 2);
    assert!(world.reader.now() > T0);
}

#[test]
fn who_gave_their_turns_to_a_deputy_is_told_of_in_each_record() {
    let mut world = World::new();
    let activate = ActivateRuleSet { origin: "mine.toml".into(), source: MARIA.into() };
    world.run("ana", Command::ActivateRuleSet(activate)).unwrap();
    world.play(
        "applicant submits aurora; maria verifies REG-1 by phone: rang; priya approves REG-1; jens creates REG-1",
    );
    let away = SetDeputy {
        login: "maria".into(),
        deputy: "tom".into(),
        document: None,
        starts_at: T0,
        ends_at: None,
        note: None,
        open: Open::Moves,
    };
    world.run("maria", Command::SetDeputy(away)).unwrap();
    let kinds: Vec<String> = {
        let conn = world.raw();
        let mut statement = conn
            .prepare("select kind from history where record = 'UR-000001' order by id desc limit 1")
            .unwrap();
        statement.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(kinds, ["work_delegated"]);
    let item = ItemSubject::now(1);
    let back = ReassignItem { item, to: "jens".into(), reason: "his".into() };
    assert!(
        matches!(world.run("ana", Command::ReassignItem(back)), Err(Error::Refused(_))),
        "he submitted it"
    );
    world.assert_sound();
}
