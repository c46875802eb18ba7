//! What can be taken back is taken back whole, its mail with it, and can be done again.

use countersign::desk::Command;
use countersign::desk::commands::signup::{ApproveSignup, VerifyByPhone};
use insta::assert_snapshot;

use super::domain;
use crate::world::{World, story};

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
      5 in 3 maria user_request_submitted UR-000001 draft → submitted (undone)
      6 in 3 maria workflow_started UR-000001 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1} (undone)
      7 in 3 maria user_provisioned UR-000001 {"user_name":"ana"} (undone)
      8 in 3 maria workflow_continued UR-000001 pending_completion → completed {"workflow":"Logon for a new user"} (undone)
      9 maria undone REG-000001 {"what":"create customer REG-000001","mails":[3,4],"brought_back":[]}
      10 maria signup_approved REG-000001 verified_by_user → approved
      11 in 10 maria customer_created REG-000001 approved → created {"customer":"C-000002","contact":"CON-000002","user_request":"UR-000002","existing":false}
      12 in 10 maria user_request_submitted UR-000002 draft → submitted
      13 in 10 maria workflow_started UR-000002 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1}
      14 in 10 maria user_provisioned UR-000002 {"user_name":"ana"}
      15 in 10 maria workflow_continued UR-000002 pending_completion → completed {"workflow":"Logon for a new user"}
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
      refused by mail_left: approve sign-up REG-000001: the mail to ana@aurora.example left at 2026-11-23 09:00; it cannot come back. Use the next move instead: reject, withdraw or reopen.
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

#[test]
fn a_phone_call_can_be_taken_back_while_its_mail_waits() {
    let mut world = World::new();
    world.play("applicant submits aurora");
    let subject = world.subject("REG-1");
    let receipt =
        world.run("maria", Command::VerifyByPhone(VerifyByPhone { subject, note: "rang".into() })).unwrap();
    assert_eq!(receipt.undo_until, Some(world.reader.now() + 30_000));
    let next = world.reader.next_undo(&world.actor("maria")).unwrap().unwrap();
    assert_eq!((next.group, next.refusal), (receipt.group, None));
    world.play("maria undoes");
    assert_eq!(world.reader.next_undo(&world.actor("maria")).unwrap(), None);
    assert!(world.play("applicant verifies REG-1").contains("= verified_by_user"), "the code works again");
}
