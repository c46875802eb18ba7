//! Undo and redo: one step per command however many rows, refused once the world has moved on (house.md, History).

use countersign::desk::commands::signup::{ApproveSignup, AssignSignup, VerifyByPhone};
use countersign::desk::commands::staff::{AddStaff, RevokeRole};
use countersign::desk::{Gaps, Command, Error, Redo, Undo};
use insta::assert_snapshot;
use proptest::prelude::*;

use crate::world::{World, plain, story};

/// Tables that undo does not wind back: what was told, what left, numbers that are never given twice.
const KEPT: &[&str] = &[
    "history", "history_row", "history_open", "outbox", "outbox_attempt", "mail_queue", "tally", "number_sequence",
    "sqlite_sequence", "wrong_code",
];

/// All domain tables; versions go on, so that nobody mistakes a row for the old one.
fn domain(world: &World) -> String {
    plain(&world.raw(), KEPT, &["version", "updated_at"])
}

/// Plays `before`, then `what` by maria, undoes and redoes it, and holds the domain tables against what they were.
fn there_and_back(before: &str, what: &str) {
    let mut world = World::new();
    world.play(before);
    let old = domain(&world);
    let said = world.play(what);
    let new = domain(&world);
    assert_ne!(old, new, "{said}");
    let undone = world.play("maria undoes");
    assert!(undone.contains("Undid"), "{undone}");
    assert_eq!(domain(&world), old, "{undone}");
    world.assert_sound();
    world.reopen();
    let redone = world.play("maria redoes");
    assert!(redone.contains("Did again"), "{redone}");
    assert_eq!(domain(&world), new, "{redone}");
    world.assert_sound();
    let again = world.play("maria undoes");
    assert_eq!(domain(&world), old, "{again}");
    world.assert_sound();
}

#[test]
fn every_command_can_be_taken_back_and_done_again() {
    let verified = "applicant submits aurora; applicant verifies REG-1";
    for (before, what) in [
        ("", "maria submits aurora"),
        ("applicant submits aurora", "maria verifies REG-1 by phone: rang"),
        ("applicant submits aurora", "maria resends REG-1"),
        ("applicant submits aurora", "maria edits REG-1 email=new@aurora.example city=Porto"),
        ("applicant submits aurora", "maria assigns REG-1 jens"),
        ("applicant submits aurora; applicant submits aurora2", "maria rules out REG-1 for REG-2"),
        (verified, "maria approves REG-1"),
        (verified, "maria rejects REG-1 spam: no"),
        (verified, "maria withdraws REG-1: rang"),
        (verified, "maria creates REG-1"),
        (verified, "maria creates REG-1 by password"),
        ("applicant submits aurora; wait 8 days; clock sweeps", "maria resends REG-1"),
    ] {
        there_and_back(before, what);
    }
}

#[test]
fn undoing_create_takes_everything_away_but_the_numbers() {
    assert_snapshot!(story(
        "applicant submits aurora; applicant verifies REG-1; maria creates REG-1; maria undoes; maria creates REG-1"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria creates REG-1
      create_customer REG-000001 = created + C-000001 + CON-000001 + UR-000001 + ana ✉ signup_approved ✉ logon_link
    maria undoes
      undo REG-000001 = verified_by_user
      note: Undid: create customer REG-000001.
      note: 2 mails held back.
    maria creates REG-1
      create_customer REG-000001 = created + C-000002 + CON-000002 + UR-000002 + ana ✉ signup_approved ✉ logon_link
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 maria signup_approved REG-000001 verified_by_user → approved (undone)
      4 in 3 maria customer_created REG-000001 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000001","existing":false} (undone)
      5 in 3 maria user_request_submitted UR-000001 draft → submitted {"rule":"built-in: provision_user at once"} (undone)
      6 in 3 maria user_provisioned UR-000001 submitted → completed {"user_name":"ana","rule":"built-in: provision_user at once"} (undone)
      7 maria undone REG-000001 {"what":"create customer REG-000001","mails":[3,4],"brought_back":[]}
      8 maria signup_approved REG-000001 verified_by_user → approved
      9 in 8 maria customer_created REG-000001 approved → created {"customer":"C-000002","contact":"CON-000002","user_request":"UR-000002","existing":false}
      10 in 8 maria user_request_submitted UR-000002 draft → submitted {"rule":"built-in: provision_user at once"}
      11 in 8 maria user_provisioned UR-000002 submitted → completed {"user_name":"ana","rule":"built-in: provision_user at once"}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      cancelled signup_approved.en to ana@aurora.example about REG-000001
      cancelled logon_link.en to ana@aurora.example about UR-000001
      held signup_approved.en to ana@aurora.example about REG-000001
      held logon_link.en to ana@aurora.example about UR-000002
    rows
      REG-000001 created Café Aurora Lda verified by code
      C-000002 active Café Aurora Lda by maria
      CON-000002 active Ana Sousa of C-000002
      UR-000002 completed ana customer set_password_link
      ana active customer set_password_link
    "#);
}

#[test]
fn twenty_approvals_are_one_step() {
    let mut world = World::new();
    let numbers: Vec<String> = (0..20).map(|n| world.verified(&format!("firm{n}"))).collect();
    let ids: Vec<i64> = numbers.iter().map(|n| world.find(n).id).collect();
    let old = domain(&world);
    let maria = world.actor("maria");
    let approve = |id| {
        let subject = countersign::desk::commands::signup::Subject::now(id);
        Command::ApproveSignup(ApproveSignup { subject, note: None, override_reason: None })
    };
    let results = world.desk.execute_all(&maria, ids.into_iter().map(approve).collect());
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(results[0].as_ref().unwrap().group, results[19].as_ref().unwrap().group);
    assert_snapshot!(world.play("maria undoes"), @"
    maria undoes
      undo REG-000001 = verified_by_user
      note: Undid: approve sign-up REG-000001 and 19 more.
      note: 20 mails held back.
    ");
    assert_eq!(domain(&world), old);
    assert_snapshot!(world.play("maria undoes; maria redoes"), @"
    maria undoes
      refused by nothing_to_undo: There is nothing of yours to undo. Only your own commands can be taken back; see the history.
    maria redoes
      redo REG-000001 = approved
      note: Did again: approve sign-up REG-000001 and 19 more.
    ");
    world.assert_sound();
}

#[test]
fn held_mail_is_called_back_and_comes_again() {
    let mut world = World::new();
    world.play("applicant submits aurora; applicant verifies REG-1; maria approves REG-1");
    let state = |world: &World| -> String {
        let sql = "select state || ' ' || coalesce(next_at - ?1, 'never') from outbox where event = 'signup_approved'";
        world.raw().query_row(sql, [world.reader.now()], |r| r.get(0)).unwrap()
    };
    assert_eq!(state(&world), "held 30000");
    world.play("maria undoes");
    assert_eq!(state(&world), "cancelled never");
    world.play("wait 1 hour; maria redoes");
    assert_eq!(state(&world), "held 30000");
    world.play("wait 10 seconds; maria undoes; maria redoes");
    assert_eq!(state(&world), "held 30000");
}

#[test]
fn mail_that_left_cannot_come_back() {
    assert_snapshot!(
        World::new().play("applicant submits aurora; applicant verifies REG-1; maria approves REG-1; mail leaves; maria undoes"),
        @"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria approves REG-1
      approve_signup REG-000001 = approved ✉ signup_approved
    mail leaves
      1 sent
    maria undoes
      refused by mail_left: approve sign-up REG-000001: the mail to ana@aurora.example left at 2026-11-23T09:00:00Z; it cannot come back. Use the next move instead: reject, withdraw or reopen.
    "
    );
}

#[test]
fn undoing_a_new_code_brings_the_mail_with_the_old_one_back() {
    let mut world = World::new();
    world.play("maria submits aurora");
    let old = world.code("REG-000001");
    assert_snapshot!(story("maria submits aurora; maria resends REG-1; maria undoes"), @r#"
    maria submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    maria resends REG-1
      resend_code REG-000001 = requested ✉ signup_resent
    maria undoes
      undo REG-000001 = requested
      note: Undid: resend code REG-000001.
      note: 1 mail held back.
    history
      1 maria signup_submitted REG-000001 none → requested {"source":"staff"}
      2 maria code_resent REG-000001 {"count":1,"superseded":[1]} (undone)
      3 maria undone REG-000001 {"what":"resend code REG-000001","mails":[2],"brought_back":[1]}
    outbox
      held signup_received.en to ana@aurora.example about REG-000001
      cancelled signup_resent.en to ana@aurora.example about REG-000001
    rows
      REG-000001 requested Café Aurora Lda
    "#);
    world.play("maria resends REG-1; maria undoes");
    assert!(world.play(&format!("applicant verifies REG-1 with {old}")).contains("= verified_by_user"));
}

#[test]
fn a_secret_that_was_wiped_meanwhile_stops_the_redo() {
    let mut world = World::new();
    world.play("maria submits aurora; maria undoes; wait 2 days; clock sweeps");
    let held: i64 = world
        .raw()
        .query_row("select count(*) from outbox where secret = 1 and body is not null", [], |r| r.get(0))
        .unwrap();
    assert_eq!(held, 0);
    assert_snapshot!(world.play("maria redoes"), @"
    maria redoes
      refused by mail_wiped: submit sign-up REG-000001: a mail that belongs to it held a secret and was wiped meanwhile. Make the change anew; a new mail is written then.
    ");
    world.assert_sound();
}

#[test]
fn changed_since_by_another_is_refused_with_the_name() {
    assert_snapshot!(story(
        "applicant submits aurora; maria edits REG-1 city=Porto; jens edits REG-1 city=Faro; maria undoes
         jens undoes; maria undoes; jens redoes; maria redoes; jens redoes"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    maria edits REG-1 city=Porto
      edit_signup REG-000001 = requested
    jens edits REG-1 city=Faro
      edit_signup REG-000001 = requested
    maria undoes
      refused by changed_since: edit sign-up REG-000001: jens changed it since. It can no longer be taken back by undo; make the change you want instead.
    jens undoes
      undo REG-000001 = requested
      note: Undid: edit sign-up REG-000001.
    maria undoes
      undo REG-000001 = requested
      note: Undid: edit sign-up REG-000001.
    jens redoes
      refused by changed_since: edit sign-up REG-000001: maria changed it since. It can no longer be taken back by redo; make the change you want instead.
    maria redoes
      redo REG-000001 = requested
      note: Did again: edit sign-up REG-000001.
    jens redoes
      redo REG-000001 = requested
      note: Did again: edit sign-up REG-000001.
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 maria signup_edited REG-000001 {"fields":"city"}
      3 jens signup_edited REG-000001 {"fields":"city"}
      4 jens undone REG-000001 {"what":"edit sign-up REG-000001","mails":[],"brought_back":[]} (undone)
      5 maria undone REG-000001 {"what":"edit sign-up REG-000001","mails":[],"brought_back":[]} (undone)
      6 maria redone REG-000001 {"what":"edit sign-up REG-000001"}
      7 jens redone REG-000001 {"what":"edit sign-up REG-000001"}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
    rows
      REG-000001 requested Café Aurora Lda
    "#);
}

#[test]
fn what_others_use_since_cannot_be_taken_away() {
    assert_snapshot!(story(
        "applicant submits aurora; applicant verifies REG-1; applicant submits aurora2; applicant verifies REG-2
         maria creates REG-1; jens creates REG-2 under C-1 contact CON-1 as rui; maria undoes
         jens undoes; maria undoes"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    applicant submits aurora2
      submit_signup REG-000002 = requested ✉ signup_received
    applicant verifies REG-2
      verify_by_code REG-000002 = verified_by_user ✉ signup_verified
    maria creates REG-1
      create_customer REG-000001 = created + C-000001 + CON-000001 + UR-000001 + ana ✉ signup_approved ✉ logon_link
    jens creates REG-2 under C-1 contact CON-1 as rui
      create_customer REG-000002 = created + C-000001 + CON-000001 + UR-000002 + rui ✉ signup_approved ✉ logon_link
    maria undoes
      refused by used_since: create customer REG-000001: REG-000002 was made with it since. It can no longer be taken back by undo; make the change you want instead.
    jens undoes
      undo REG-000002 = verified_by_user
      note: Undid: create customer REG-000002.
      note: 2 mails held back.
    maria undoes
      undo REG-000001 = verified_by_user
      note: Undid: create customer REG-000001.
      note: 2 mails held back.
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      4 applicant (carried by tom) signup_verified REG-000002 requested → verified_by_user {"how":"code"}
      5 maria signup_approved REG-000001 verified_by_user → approved (undone)
      6 in 5 maria customer_created REG-000001 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000001","existing":false} (undone)
      7 in 5 maria user_request_submitted UR-000001 draft → submitted {"rule":"built-in: provision_user at once"} (undone)
      8 in 5 maria user_provisioned UR-000001 submitted → completed {"user_name":"ana","rule":"built-in: provision_user at once"} (undone)
      9 jens signup_approved REG-000002 verified_by_user → approved (undone)
      10 in 9 jens customer_created REG-000002 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000002","existing":true} (undone)
      11 in 9 jens user_request_submitted UR-000002 draft → submitted {"rule":"built-in: provision_user at once"} (undone)
      12 in 9 jens user_provisioned UR-000002 submitted → completed {"user_name":"rui","rule":"built-in: provision_user at once"} (undone)
      13 jens undone REG-000002 {"what":"create customer REG-000002","mails":[7,8],"brought_back":[]}
      14 maria undone REG-000001 {"what":"create customer REG-000001","mails":[5,6],"brought_back":[]}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      waiting signup_received.en to rui@aurora.example about REG-000002
      waiting signup_verified.en to rui@aurora.example about REG-000002
      cancelled signup_approved.en to ana@aurora.example about REG-000001
      cancelled logon_link.en to ana@aurora.example about UR-000001
      cancelled signup_approved.en to rui@aurora.example about REG-000002
      cancelled logon_link.en to rui@aurora.example about UR-000002
    rows
      REG-000001 verified_by_user Café Aurora Lda verified by code
      REG-000002 verified_by_user Cafe Aurora verified by code duplicate REG-000001 98%
    "#);
}

#[test]
fn only_ones_own_and_only_with_the_right_still() {
    let mut world = World::new();
    world.play("applicant submits aurora");
    assert_snapshot!(world.play("maria undoes; tom withdraws REG-1: rang; maria undoes; olga undoes; clock sweeps"), @"
    maria undoes
      refused by nothing_to_undo: There is nothing of yours to undo. Only your own commands can be taken back; see the history.
    tom withdraws REG-1: rang
      withdraw_signup REG-000001 = withdrawn ✉ signup_withdrawn
    maria undoes
      refused by nothing_to_undo: There is nothing of yours to undo. Only your own commands can be taken back; see the history.
    olga undoes
      refused by nothing_to_undo: There is nothing of yours to undo. Only your own commands can be taken back; see the history.
    clock sweeps
      0 expired
    ");
    let group = world.raw().query_row("select max(group_id) from history", [], |r| r.get(0)).unwrap();
    let undo = world.run("maria", Command::Undo(Undo { group: Some(group) })).unwrap_err();
    assert_snapshot!(undo, @"There is nothing of yours to undo. Only your own commands can be taken back; see the history.");
    let revoke = RevokeRole { login: "tom".into(), role: "service_rep".into() };
    world.run("ana", Command::RevokeRole(revoke)).unwrap();
    assert_snapshot!(world.play("tom undoes"), @"
    tom undoes
      refused by permission: tom may not withdraw a sign-up for the applicant (permission signup.withdraw). Ask somebody with one of the roles administrator, manager, approver, service_rep, or an administrator to grant it.
    ");
    let missing = world.run("maria", Command::Undo(Undo { group: Some(999) })).unwrap_err();
    assert!(matches!(missing, Error::NotFound { .. }), "{missing}");
    let applicant = world.applicant();
    for command in [Command::Undo(Undo::default()), Command::Undo(Undo { group: Some(8) }), Command::Redo(Redo)] {
        assert!(matches!(world.desk.execute(&applicant, command), Err(Error::Refused(r)) if r.rule == "nothing_to_undo"));
    }
}

#[test]
fn somebody_must_be_left_who_can_let_others_in() {
    let mut world = World::new();
    let add = AddStaff { login: "zoe".into(), name: "Zoe".into(), email: None, roles: vec!["administrator".into()], person: None };
    world.run("ana", Command::AddStaff(add)).unwrap();
    let revoke = RevokeRole { login: "ana".into(), role: "administrator".into() };
    world.run("zoe", Command::RevokeRole(revoke.clone())).unwrap();
    assert_snapshot!(world.play("ana undoes"), @"
    ana undoes
      refused by permission: ana may not add staff, give and take roles (permission staff.manage). Ask somebody with one of the roles administrator, or an administrator to grant it.
    ");
    let grant = countersign::desk::commands::staff::GrantRole { login: "ana".into(), role: "administrator".into() };
    world.run("zoe", Command::GrantRole(grant)).unwrap();
    let revoke = RevokeRole { login: "zoe".into(), role: "administrator".into() };
    world.run("ana", Command::RevokeRole(revoke)).unwrap();
    world.assert_sound();
}

#[test]
fn ids_of_what_was_undone_are_never_given_again() {
    let mut world = World::new();
    world.play("maria submits aurora; maria undoes; applicant submits weiss");
    let record = world.find("REG-2");
    let told: Vec<String> =
        world.reader.history(Some(&record), None, 10).unwrap().into_iter().filter_map(|r| r.record).collect();
    assert_eq!(told, ["REG-000002"], "the history of one is not that of the other");
    assert_snapshot!(world.play("maria redoes"), @"
    maria redoes
      redo REG-000001 = requested
      note: Did again: submit sign-up REG-000001.
    ");
    world.assert_sound();
}

#[test]
fn after_a_new_command_nothing_is_left_to_redo() {
    assert_snapshot!(World::new().play(
        "applicant submits aurora; maria edits REG-1 city=Porto; maria edits REG-1 city=Faro
         maria undoes; maria undoes; maria undoes; maria redoes; maria redoes; maria redoes; maria undoes
         maria assigns REG-1 jens; maria redoes"
    ), @"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    maria edits REG-1 city=Porto
      edit_signup REG-000001 = requested
    maria edits REG-1 city=Faro
      edit_signup REG-000001 = requested
    maria undoes
      undo REG-000001 = requested
      note: Undid: edit sign-up REG-000001.
    maria undoes
      undo REG-000001 = requested
      note: Undid: edit sign-up REG-000001.
    maria undoes
      refused by nothing_to_undo: There is nothing of yours to undo. Only your own commands can be taken back; see the history.
    maria redoes
      redo REG-000001 = requested
      note: Did again: edit sign-up REG-000001.
    maria redoes
      redo REG-000001 = requested
      note: Did again: edit sign-up REG-000001.
    maria redoes
      refused by nothing_to_undo: There is nothing of yours to redo. Only your own commands can be taken back; see the history.
    maria undoes
      undo REG-000001 = requested
      note: Undid: edit sign-up REG-000001.
    maria assigns REG-1 jens
      assign_signup REG-000001 = requested
    maria redoes
      refused by nothing_to_undo: There is nothing of yours to redo. Only your own commands can be taken back; see the history.
    ");
}

#[test]
fn a_step_of_thousands_of_entries_does_not_hide_what_was_before() {
    let mut world = World::new();
    let first = world.submit("aurora");
    world.play(&format!("maria assigns {first} jens"));
    let second = world.submit("weiss");
    let subject = world.subject(&second);
    let maria = world.actor("maria");
    let assign = |n: usize| {
        let to = Some(if n % 2 == 0 { "jens" } else { "maria" }.to_owned());
        Command::AssignSignup(AssignSignup { subject: subject.clone(), to })
    };
    let results = world.desk.execute_all(&maria, (0..2_100).map(assign).collect());
    assert!(results.iter().all(Result::is_ok));
    assert!(world.play("maria undoes").contains("Undid: edit sign-up REG-000002"));
    assert!(world.play("maria undoes").contains("Undid: assign sign-up REG-000001"));
    assert!(world.play("maria redoes").contains("Did again: assign sign-up REG-000001"));
}

#[test]
fn a_continuous_sequence_keeps_its_numbers() {
    let mut world = World::with(|settings| {
        settings.sequences.iter_mut().filter(|s| s.name == "customer").for_each(|s| s.gaps = Gaps::Never);
    });
    let said = world.play(
        "applicant submits aurora; applicant verifies REG-1; maria approves REG-1; maria undoes; maria redoes
         maria creates REG-1; maria undoes",
    );
    assert!(said.contains("Undid: approve sign-up REG-000001"), "what took no number can be taken back: {said}");
    assert!(said.contains("refused by continuous_numbers: create customer REG-000001"), "{said}");
}

#[test]
fn text_of_any_kind_comes_back_as_it_was() {
    let mut world = World::new();
    let hostile = "nul \0 bell \u{7} “quotes” \"\\ \u{202e}rtl \u{1f468}\u{200d}\u{1f469} \r\n end";
    let mut command = crate::world::submission("aurora");
    if let Command::SubmitSignup(submit) = &mut command {
        submit.fields.insert("message".into(), hostile.into());
        submit.fields.insert("company".into(), "A\0B {\"x\": 1}".into());
        submit.extra.insert("k\0".into(), hostile.into());
    }
    let applicant = world.applicant();
    world.desk.execute(&applicant, command).unwrap();
    let old = domain(&world);
    world.play("maria edits REG-1 company=Plain message=Short");
    assert_ne!(domain(&world), old);
    world.play("maria undoes");
    assert_eq!(domain(&world), old);
    world.assert_sound();
}

/// What maria may try; `N` is a sign-up.
const OPS: &[&str] = &[
    "maria approves REG-N", "maria rejects REG-N other: no", "maria withdraws REG-N: rang", "maria creates REG-N",
    "maria creates REG-N under C-1 as other.N", "maria edits REG-N city=Porto", "maria edits REG-N company=Aurora_N",
    "maria edits REG-N email=e@new.example", "maria assigns REG-N jens", "maria resends REG-N",
    "maria verifies REG-N by phone: rang", "maria rules out REG-1 for REG-N", "maria submits aurora",
    "maria creates REG-N by sso",
];

fn office() -> World {
    let mut world = World::with(|s| s.signup.self_approval = true);
    world.play(
        "applicant submits aurora; applicant submits aurora2; applicant submits weiss; applicant verifies REG-1
         applicant verifies REG-2; jens creates REG-1 by sso; mail leaves",
    );
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    /// Commands, undos and redos in any order: the office is always what a stack of its states says.
    #[test]
    fn undo_and_redo_walk_along_the_states(steps in prop::collection::vec((0..OPS.len() + 8, 1..5usize), 1..14)) {
        let mut world = office();
        let mut states = vec![domain(&world)];
        let mut at = 0;
        let mut told = Vec::new();
        for (op, n) in steps {
            let (line, undo) = match OPS.get(op) {
                Some(line) => (line.replace('N', &n.to_string()), None),
                None if op < OPS.len() + 5 => ("maria undoes".to_owned(), Some(true)),
                None => ("maria redoes".to_owned(), Some(false)),
            };
            if line.contains("C-1 ") && world.reader.find("C-1").is_err() || world.reader.find(&format!("REG-{n}")).is_err() {
                continue;
            }
            let said = world.play(&line);
            told.push(said.clone());
            prop_assert!(!said.contains("bug: "), "{said}");
            let now = domain(&world);
            match undo {
                None if now == states[at] => {}
                None => {
                    states.truncate(at + 1);
                    states.push(now);
                    at += 1;
                }
                Some(back) => {
                    let to = if back { at.checked_sub(1) } else { Some(at + 1).filter(|n| *n < states.len()) };
                    at = to.unwrap_or(at);
                    prop_assert_eq!(&now, &states[at], "{:#?}", told);
                    prop_assert_eq!(to.is_none(), said.contains("refused by nothing_to_undo"), "{:#?}", told);
                }
            }
        }
        while at > 0 {
            let said = world.play("maria undoes");
            at -= 1;
            prop_assert_eq!(&domain(&world), &states[at], "{} {:#?}", said, told);
        }
        world.assert_sound();
    }
}

fn cases() -> u32 {
    std::env::var("COUNTERSIGN_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(24)
}

#[test]
fn a_phone_call_can_be_taken_back_while_its_mail_waits() {
    let mut world = World::new();
    world.play("applicant submits aurora");
    let subject = world.subject("REG-1");
    let receipt = world.run("maria", Command::VerifyByPhone(VerifyByPhone { subject, note: "rang".into() })).unwrap();
    assert_eq!(receipt.undo_until, Some(world.reader.now() + 30_000));
    assert_eq!(world.reader.undoable(&world.actor("maria")).unwrap(), Some(receipt.group));
    world.play("maria undoes");
    assert_eq!(world.reader.undoable(&world.actor("maria")).unwrap(), None);
    assert!(world.play("applicant verifies REG-1").contains("= verified_by_user"), "the code works again");
}
