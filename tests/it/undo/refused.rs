//! What can no longer be taken back, and whose it is.

use countersign::desk::commands::signup::AssignSignup;
use countersign::desk::commands::staff::{AddStaff, RevokeRole, Traits};
use countersign::desk::{Command, Error, Redo, Undo};
use insta::assert_snapshot;

use crate::world::{World, story};

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
      create_customer REG-000002 = created + CON-000001 + UR-000002 ✉ signup_approved
      note: UR-000002 stays in Draft: add is not possible, Ana Sousa has the portal user ana already. Change or reset that one.
    maria undoes
      refused by used_since: create customer REG-000001: REG-000002 was made with it since. It can no longer be taken back by undo; make the change you want instead.
    jens undoes
      undo REG-000002 = verified_by_user
      note: Undid: create customer REG-000002.
      note: 1 mail held back.
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
      7 in 5 maria user_request_submitted UR-000001 draft → submitted (undone)
      8 in 5 maria workflow_started UR-000001 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1} (undone)
      9 in 5 maria user_provisioned UR-000001 {"user_name":"ana"} (undone)
      10 in 5 maria workflow_continued UR-000001 pending_completion → completed {"workflow":"Logon for a new user"} (undone)
      11 jens signup_approved REG-000002 verified_by_user → approved (undone)
      12 in 11 jens customer_created REG-000002 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000002","existing":true} (undone)
      13 in 11 jens user_request_kept UR-000002 reason “add is not possible, Ana Sousa has the portal user ana already. Change or reset that one.” (undone)
      14 jens undone REG-000002 {"what":"create customer REG-000002","mails":[7],"brought_back":[]}
      15 maria undone REG-000001 {"what":"create customer REG-000001","mails":[5,6],"brought_back":[]}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      waiting signup_received.en to rui@aurora.example about REG-000002
      waiting signup_verified.en to rui@aurora.example about REG-000002
      cancelled signup_approved.en to ana@aurora.example about REG-000001
      cancelled logon_link.en to ana@aurora.example about UR-000001
      cancelled signup_approved.en to rui@aurora.example about REG-000002
    rows
      REG-000001 verified_by_user Café Aurora Lda verified by code
      REG-000002 verified_by_user Cafe Aurora verified by code duplicate REG-000001 99%
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
    for command in
        [Command::Undo(Undo::default()), Command::Undo(Undo { group: Some(8) }), Command::Redo(Redo)]
    {
        assert!(
            matches!(world.desk.execute(&applicant, command), Err(Error::Refused(r)) if r.rule == "nothing_to_undo")
        );
    }
}

#[test]
fn somebody_must_be_left_who_can_let_others_in() {
    let mut world = World::new();
    let add = AddStaff {
        login: "zoe".into(),
        name: "Zoe".into(),
        email: None,
        roles: vec!["administrator".into()],
        person: None,
        traits: Traits::default(),
    };
    world.run("ana", Command::AddStaff(add)).unwrap();
    let revoke = RevokeRole { login: "ana".into(), role: "administrator".into() };
    world.run("zoe", Command::RevokeRole(revoke.clone())).unwrap();
    assert_snapshot!(world.play("ana undoes"), @"
    ana undoes
      refused by permission: ana may not add staff, give and take roles (permission staff.manage). Ask somebody with one of the roles administrator, or an administrator to grant it.
    ");
    let grant =
        countersign::desk::commands::staff::GrantRole { login: "ana".into(), role: "administrator".into() };
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
        let to = Some(if n.is_multiple_of(2) { "jens" } else { "maria" }.to_owned());
        Command::AssignSignup(AssignSignup { subject: subject.clone(), to })
    };
    let results = world.desk.execute_all(&maria, (0..2_100).map(assign).collect());
    assert!(results.iter().all(Result::is_ok));
    assert!(world.play("maria undoes").contains("Undid: assign sign-up REG-000002"));
    assert!(world.play("maria undoes").contains("Undid: assign sign-up REG-000001"));
    assert!(world.play("maria redoes").contains("Did again: assign sign-up REG-000001"));
}
