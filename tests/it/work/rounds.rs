//! A request goes round and round, and always comes back to those who decide, with one mail each.

use countersign::desk::Command;
use countersign::desk::Error;
use countersign::desk::commands::user_request::EditUserRequest;
use countersign::desk::commands::work::{ItemSubject, OverrideItem, Verdict};

use super::{decide, edit, holders, mails, newest_mail, office, open, recall, request, state, submit};
use crate::world::World;

const BOTH: &str = r#"
[[workflow]]
document = "user_request"
name     = "Both"

  [[workflow.step]]
  name    = "Check identity"
  approve = { users = ["maria", "priya"] }
  policy  = "all"

  [[workflow.step]]
  task = "provision_user"
"#;

/// Submits again: the same two have it, and one mail each says so.
fn comes_back(world: &mut World, who: &str) {
    let before = newest_mail(world);
    submit(world, who).unwrap();
    assert_eq!(
        (state(world).as_str(), holders(world)),
        ("pending_approval", vec!["maria".into(), "priya".into()])
    );
    assert_eq!(mails(world, before), ["work_assigned maria", "work_assigned priya"]);
}

#[test]
fn rejected_changed_and_recalled_it_comes_back_to_those_who_decide() {
    let mut world = office(BOTH);
    assert_eq!(holders(&world), ["maria", "priya"]);
    for round in 0..2 {
        let before = newest_mail(&world);
        decide(&mut world, "maria", Verdict::Reject, Some("who is that?")).unwrap();
        assert_eq!((state(&world).as_str(), holders(&world).len()), ("rejected", 0), "round {round}");
        assert_eq!(mails(&world, before), ["work_decided jens"]);
        comes_back(&mut world, "jens");

        let before = newest_mail(&world);
        decide(&mut world, "priya", Verdict::RequestChange, Some("another address, please")).unwrap();
        assert_eq!((state(&world).as_str(), holders(&world)), ("draft", vec!["jens".into()]));
        assert_eq!(mails(&world, before), ["work_change_requested jens"]);
        edit(&mut world, "jens", &format!("told by phone, {round}")).unwrap();
        comes_back(&mut world, "jens");

        let before = newest_mail(&world);
        recall(&mut world, "jens", "not yet").unwrap();
        assert_eq!((state(&world).as_str(), holders(&world).len()), ("draft", 0));
        assert_eq!(mails(&world, before), Vec::<String>::new());
        comes_back(&mut world, "jens");
    }
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    assert_eq!(state(&world), "pending_approval", "one yes of two");
    decide(&mut world, "priya", Verdict::Approve, None).unwrap();
    assert_eq!((state(&world).as_str(), holders(&world).len()), ("completed", 0));
    let Err(Error::Refused(refusal)) = recall(&mut world, "jens", "too late") else {
        panic!("it was recalled")
    };
    assert_eq!(refusal.rule, "illegal_move");
    world.assert_sound();
}

#[test]
fn reasons_are_due_and_blank_ones_are_none() {
    let mut world = office(BOTH);
    for verdict in [Verdict::Reject, Verdict::RequestChange] {
        for reason in [None, Some(""), Some(" \t "), Some("…")] {
            let refused = decide(&mut world, "maria", verdict, reason);
            assert!(matches!(refused, Err(Error::Invalid(_))), "{verdict:?} {reason:?}");
        }
    }
    assert!(matches!(recall(&mut world, "jens", " "), Err(Error::Invalid(_))));
    assert_eq!(holders(&world), ["maria", "priya"]);
}

#[test]
fn who_edited_it_cannot_decide_it_any_more() {
    let mut world = office("");
    assert_eq!(holders(&world), ["role approver"]);
    let refused = decide(&mut world, "jens", Verdict::Approve, None).unwrap_err();
    assert!(refused.to_string().contains("submitted or last edited by jens"), "{refused}");
    recall(&mut world, "jens", "a slip").unwrap();
    edit(&mut world, "maria", "as she said on the phone").unwrap();
    submit(&mut world, "jens").unwrap();
    for login in ["maria", "maria2", "jens"] {
        let refused = decide(&mut world, login, Verdict::Approve, None).unwrap_err();
        assert!(refused.to_string().contains("may not decide"), "{login}: {refused}");
    }
    let item = open(&world)[0].0;
    let force = |reason: &str| {
        Command::OverrideItem(OverrideItem {
            item: ItemSubject::now(item),
            verdict: Verdict::Approve,
            reason: reason.into(),
        })
    };
    assert!(matches!(world.run("priya", force(" ")), Err(Error::Invalid(_))));
    world.run("priya", force("nobody else is here")).unwrap();
    assert_eq!(state(&world), "completed");
    let facts: String = world
        .raw()
        .query_row(
            "select detail from history where kind = 'work_approved' order by id desc limit 1",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert!(facts.contains("\"overridden\":true"), "{facts}");
    world.assert_sound();
}

#[test]
fn undo_takes_a_decision_back_until_somebody_acted_on_it() {
    let mut world = office(BOTH);
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    assert_eq!(holders(&world), ["priya"]);
    world.play("maria undoes");
    assert_eq!(holders(&world), ["maria", "priya"]);
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    decide(&mut world, "priya", Verdict::Reject, Some("no")).unwrap();
    let said = world.play("maria undoes");
    assert!(said.contains("refused") && said.contains("priya"), "{said}");
    assert_eq!(state(&world), "rejected");
    world.assert_sound();
}

#[test]
fn why_says_at_every_point_whom_it_waits_for() {
    let mut world = office(BOTH);
    let why = |world: &World| {
        let why = world.reader.why(&world.actor("olga"), &world.find("UR-1")).unwrap();
        format!("{}: waits for {}; missing {}", why.state, why.waits_for.join(", "), why.missing.join(", "))
    };
    assert!(
        why(&world).starts_with("pending_approval: waits for maria, priya; missing a decision"),
        "{}",
        why(&world)
    );
    decide(&mut world, "maria", Verdict::RequestChange, Some("the address")).unwrap();
    assert_eq!(why(&world), "draft: waits for jens; missing a change of email, then submit it again");
    submit(&mut world, "jens").unwrap();
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    assert!(
        why(&world).starts_with("pending_approval: waits for priya; missing a decision"),
        "{}",
        why(&world)
    );
    decide(&mut world, "priya", Verdict::Approve, None).unwrap();
    assert_eq!(why(&world), "completed: waits for ; missing ");
}

const TWO_STEPS: &str = r#"
[[workflow]]
document    = "user_request"
name        = "Two steps"
on_resubmit = "changed"

  [[workflow.step]]
  name    = "Check identity"
  approve = { user = "maria" }

  [[workflow.step]]
  name    = "Countersign"
  approve = { user = "priya" }

  [[workflow.step]]
  task = "provision_user"
"#;

#[test]
fn what_was_approved_is_not_approved_again_unless_it_has_changed() {
    let mut world = office(TWO_STEPS);
    let round = |world: &mut World, change: EditUserRequest| {
        decide(world, "priya", Verdict::RequestChange, Some("is that so?")).unwrap();
        world.run("jens", Command::EditUserRequest(change)).unwrap();
        submit(world, "jens").unwrap();
        holders(world)
    };
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    let id = request(&world);
    let words =
        EditUserRequest { id, justification: Some("told by phone".into()), ..EditUserRequest::default() };
    assert_eq!(round(&mut world, words), ["priya"], "a word of explanation is nothing that maria approved");
    let there_and_back = ["c@aurora.example", "b@aurora.example"];
    let address =
        |email: &str| EditUserRequest { id, email: Some(email.into()), ..EditUserRequest::default() };
    assert_eq!(round(&mut world, address(there_and_back[0])), ["maria"], "where the logon goes she did");
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    decide(&mut world, "priya", Verdict::RequestChange, Some("no")).unwrap();
    for email in there_and_back.iter().rev() {
        world.run("jens", Command::EditUserRequest(address(email))).unwrap();
    }
    submit(&mut world, "jens").unwrap();
    assert_eq!(holders(&world), ["priya"], "what came back to what it was has not changed");
    world.assert_sound();
}
