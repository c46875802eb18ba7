//! Stories of decisions: who may, with what reason, on what they saw (registration.md, Statuses and moves).

use insta::assert_snapshot;

use crate::world::{World, story, story_in};

#[test]
fn override_needs_the_right_and_a_reason() {
    assert_snapshot!(story(
        "applicant submits aurora; maria overrides REG-1: fair; priya overrides REG-1; priya overrides REG-1: signed at the fair"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    maria overrides REG-1: fair
      refused by permission: maria may not approve a sign-up that was never verified (permission signup.override). Ask somebody with one of the roles administrator, manager, or an administrator to grant it.
    priya overrides REG-1
      refused by reason_missing: To approve override a reason is due. Say why in a few words; history keeps it.
    priya overrides REG-1: signed at the fair
      approve_signup REG-000001 = approved ✉ signup_approved
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 priya signup_approved_unverified REG-000001 requested → approved reason “signed at the fair”
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      held signup_approved.en to ana@aurora.example about REG-000001
    rows
      REG-000001 approved Café Aurora Lda overridden
    "#);
}

#[test]
fn another_reason_says_which_and_what_was_said_for_nothing_is_kept() {
    assert_snapshot!(story(
        "applicant submits aurora; applicant verifies REG-1; maria overrides REG-1: signed at the fair
         applicant submits weiss; maria rejects REG-2 other; maria rejects REG-2 other: 👍; maria rejects REG-2 other: moved abroad"
    ));
}

#[test]
fn reject_with_and_without_mail() {
    assert_snapshot!(story(
        "applicant submits aurora; applicant submits weiss; applicant submits lodz
         maria rejects REG-1 wrong_details reply Please_send_your_tax_number.: tax number is of another company
         maria rejects REG-2 spam silently: third time today
         maria rejects REG-3 because; tom rejects REG-3 spam; olga rejects REG-3 spam"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant submits weiss
      submit_signup REG-000002 = requested ✉ signup_received
    applicant submits lodz
      submit_signup REG-000003 = requested ✉ signup_received
    maria rejects REG-1 wrong_details reply Please_send_your_tax_number.: tax number is of another company
      reject_signup REG-000001 = rejected ✉ signup_rejected
    maria rejects REG-2 spam silently: third time today
      reject_signup REG-000002 = rejected
    maria rejects REG-3 because
      invalid: reason “because” is no reason code. Take one of duplicate, not_a_business, wrong_details, spam, other.
    tom rejects REG-3 spam
      refused by permission: tom may not reject sign-ups (permission signup.reject). Ask somebody with one of the roles administrator, manager, approver, or an administrator to grant it.
    olga rejects REG-3 spam
      refused by permission: olga may not reject sign-ups (permission signup.reject). Ask somebody with one of the roles administrator, manager, approver, or an administrator to grant it.
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      3 applicant (carried by tom) signup_submitted REG-000003 none → requested {"source":"form"}
      4 maria signup_rejected REG-000001 requested → rejected note “tax number is of another company” reason “wrong_details” {"mailed":true}
      5 maria signup_rejected REG-000002 requested → rejected note “third time today” reason “spam” {"mailed":false}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_received.de to j.weiss@weiss.example about REG-000002
      waiting signup_received.en to ewa@lodztextiles.example about REG-000003
      held signup_rejected.en to ana@aurora.example about REG-000001
    rows
      REG-000001 rejected Café Aurora Lda
      REG-000002 rejected Weiß GmbH & Co. KG
      REG-000003 requested Łódź Textiles
    "#);
}

#[test]
fn withdrawn_by_staff_and_by_the_applicant() {
    assert_snapshot!(story(
        "applicant submits aurora; applicant submits weiss; applicant submits lodz
         tom withdraws REG-1; tom withdraws REG-1: they rang
         applicant verifies REG-2; applicant withdraws REG-2: found another supplier
         applicant withdraws REG-3; applicant withdraws REG-3"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant submits weiss
      submit_signup REG-000002 = requested ✉ signup_received
    applicant submits lodz
      submit_signup REG-000003 = requested ✉ signup_received
    tom withdraws REG-1
      refused by reason_missing: To withdraw a reason is due. Say why in a few words; history keeps it.
    tom withdraws REG-1: they rang
      withdraw_signup REG-000001 = withdrawn ✉ signup_withdrawn
    applicant verifies REG-2
      verify_by_code REG-000002 = verified_by_user ✉ signup_verified
    applicant withdraws REG-2: found another supplier
      withdraw_by_code REG-000002 = withdrawn ✉ signup_withdrawn
    applicant withdraws REG-3
      withdraw_by_code REG-000003 = withdrawn ✉ signup_withdrawn
    applicant withdraws REG-3
      refused by illegal_move: REG-000003 is Withdrawn: withdraw by code is not possible (sign-up withdrawn by applicant, 2026-11-23 09:00). Possible from here: reopen.
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      3 applicant (carried by tom) signup_submitted REG-000003 none → requested {"source":"form"}
      4 tom signup_withdrawn REG-000001 requested → withdrawn reason “they rang”
      5 applicant (carried by tom) signup_verified REG-000002 requested → verified_by_user {"how":"code"}
      6 applicant (carried by tom) signup_withdrawn REG-000002 verified_by_user → withdrawn reason “found another supplier”
      7 applicant (carried by tom) signup_withdrawn REG-000003 requested → withdrawn
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_received.de to j.weiss@weiss.example about REG-000002
      waiting signup_received.en to ewa@lodztextiles.example about REG-000003
      held signup_withdrawn.en to ana@aurora.example about REG-000001
      waiting signup_verified.de to j.weiss@weiss.example about REG-000002
      waiting signup_withdrawn.de to j.weiss@weiss.example about REG-000002
      waiting signup_withdrawn.en to ewa@lodztextiles.example about REG-000003
    rows
      REG-000001 withdrawn Café Aurora Lda
      REG-000002 withdrawn Weiß GmbH & Co. KG verified by code
      REG-000003 withdrawn Łódź Textiles
    "#);
}

#[test]
fn reopened_goes_back_to_where_it_was() {
    assert_snapshot!(story(
        "applicant submits aurora; applicant submits weiss; applicant verifies REG-2; applicant submits lodz; applicant verifies REG-3
         applicant submits smith
         maria rejects REG-1 other: mistake; maria rejects REG-2 other: mistake; maria approves REG-3; maria rejects REG-3 other: mistake
         priya overrides REG-4: fair; tom withdraws REG-4: rang
         maria reopens REG-1: was right; priya reopens REG-1
         priya reopens REG-1: was right; priya reopens REG-2: was right; priya reopens REG-3: was right; priya reopens REG-4: was right
         maria approves REG-3"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant submits weiss
      submit_signup REG-000002 = requested ✉ signup_received
    applicant verifies REG-2
      verify_by_code REG-000002 = verified_by_user ✉ signup_verified
    applicant submits lodz
      submit_signup REG-000003 = requested ✉ signup_received
    applicant verifies REG-3
      verify_by_code REG-000003 = verified_by_user ✉ signup_verified
    applicant submits smith
      submit_signup REG-000004 = requested ✉ signup_received
    maria rejects REG-1 other: mistake
      reject_signup REG-000001 = rejected ✉ signup_rejected
    maria rejects REG-2 other: mistake
      reject_signup REG-000002 = rejected ✉ signup_rejected
    maria approves REG-3
      approve_signup REG-000003 = approved ✉ signup_approved
    maria rejects REG-3 other: mistake
      reject_signup REG-000003 = rejected ✉ signup_rejected
    priya overrides REG-4: fair
      approve_signup REG-000004 = approved ✉ signup_approved
    tom withdraws REG-4: rang
      withdraw_signup REG-000004 = withdrawn ✉ signup_withdrawn
    maria reopens REG-1: was right
      refused by permission: maria may not reopen rejected and withdrawn sign-ups (permission signup.reopen). Ask somebody with one of the roles administrator, manager, or an administrator to grant it.
    priya reopens REG-1
      refused by reason_missing: To reopen a reason is due. Say why in a few words; history keeps it.
    priya reopens REG-1: was right
      reopen_signup REG-000001 = requested
    priya reopens REG-2: was right
      reopen_signup REG-000002 = verified_by_user
    priya reopens REG-3: was right
      reopen_signup REG-000003 = verified_by_user
    priya reopens REG-4: was right
      reopen_signup REG-000004 = requested
    maria approves REG-3
      approve_signup REG-000003 = approved ✉ signup_approved
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      3 applicant (carried by tom) signup_verified REG-000002 requested → verified_by_user {"how":"code"}
      4 applicant (carried by tom) signup_submitted REG-000003 none → requested {"source":"form"}
      5 applicant (carried by tom) signup_verified REG-000003 requested → verified_by_user {"how":"code"}
      6 applicant (carried by tom) signup_submitted REG-000004 none → requested {"source":"form"}
      7 maria signup_rejected REG-000001 requested → rejected note “mistake” reason “other” {"mailed":true}
      8 maria signup_rejected REG-000002 verified_by_user → rejected note “mistake” reason “other” {"mailed":true}
      9 maria signup_approved REG-000003 verified_by_user → approved
      10 maria signup_rejected REG-000003 approved → rejected note “mistake” reason “other” {"mailed":true}
      11 priya signup_approved_unverified REG-000004 requested → approved reason “fair”
      12 tom signup_withdrawn REG-000004 approved → withdrawn reason “rang”
      13 priya signup_reopened REG-000001 rejected → requested reason “was right”
      14 priya signup_reopened REG-000002 rejected → verified_by_user reason “was right”
      15 priya signup_reopened REG-000003 rejected → verified_by_user reason “was right”
      16 priya signup_reopened REG-000004 withdrawn → requested reason “was right”
      17 maria signup_approved REG-000003 verified_by_user → approved
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_received.de to j.weiss@weiss.example about REG-000002
      waiting signup_verified.de to j.weiss@weiss.example about REG-000002
      waiting signup_received.en to ewa@lodztextiles.example about REG-000003
      waiting signup_verified.en to ewa@lodztextiles.example about REG-000003
      waiting signup_received.en to john@smith.example about REG-000004
      held signup_rejected.en to ana@aurora.example about REG-000001
      held signup_rejected.de to j.weiss@weiss.example about REG-000002
      held signup_approved.en to ewa@lodztextiles.example about REG-000003
      held signup_rejected.en to ewa@lodztextiles.example about REG-000003
      held signup_approved.en to john@smith.example about REG-000004
      held signup_withdrawn.en to john@smith.example about REG-000004
      held signup_approved.en to ewa@lodztextiles.example about REG-000003
    rows
      REG-000001 requested Café Aurora Lda
      REG-000002 verified_by_user Weiß GmbH & Co. KG verified by code
      REG-000003 approved Łódź Textiles verified by code
      REG-000004 requested Smith & Sons overridden
    "#);
}

#[test]
fn four_eyes() {
    assert_snapshot!(story(
        "maria submits aurora; applicant verifies REG-1
         maria approves REG-1; maria2 approves REG-1; jens edits REG-1 city=Porto; jens approves REG-1
         jens undoes; jens approves REG-1"
    ), @r#"
    maria submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria approves REG-1
      refused by four_eyes: Maria Silva entered or corrected REG-000001 and may not approve it as well. Ask another approver, or set signup.self_approval in a one-person office.
    maria2 approves REG-1
      refused by four_eyes: Maria Silva entered or corrected REG-000001 and may not approve it as well. Ask another approver, or set signup.self_approval in a one-person office.
    jens edits REG-1 city=Porto
      edit_signup REG-000001 = verified_by_user
    jens approves REG-1
      refused by four_eyes: Jens Berg entered or corrected REG-000001 and may not approve it as well. Ask another approver, or set signup.self_approval in a one-person office.
    jens undoes
      undo REG-000001 = verified_by_user
      note: Undid: edit sign-up REG-000001.
    jens approves REG-1
      approve_signup REG-000001 = approved ✉ signup_approved
    history
      1 maria signup_submitted REG-000001 none → requested {"source":"staff"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 jens signup_edited REG-000001 {"fields":"city"} (undone)
      4 jens undone REG-000001 {"what":"edit sign-up REG-000001","mails":[],"brought_back":[]}
      5 jens signup_approved REG-000001 verified_by_user → approved
    outbox
      held signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      held signup_approved.en to ana@aurora.example about REG-000001
    rows
      REG-000001 approved Café Aurora Lda verified by code
    "#);
}

#[test]
fn in_a_one_person_office_approving_ones_own_is_marked() {
    let mut world = World::with(|s| s.signup.self_approval = true);
    assert_snapshot!(
        story_in(&mut world, "maria submits aurora; applicant verifies REG-1; maria approves REG-1; applicant submits weiss; applicant verifies REG-2; maria approves REG-2"),
        @r#"
    maria submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria approves REG-1
      approve_signup REG-000001 = approved ✉ signup_approved
    applicant submits weiss
      submit_signup REG-000002 = requested ✉ signup_received
    applicant verifies REG-2
      verify_by_code REG-000002 = verified_by_user ✉ signup_verified
    maria approves REG-2
      approve_signup REG-000002 = approved ✉ signup_approved
    history
      1 maria signup_submitted REG-000001 none → requested {"source":"staff"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 maria signup_approved REG-000001 verified_by_user → approved {"self_approval":true}
      4 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      5 applicant (carried by tom) signup_verified REG-000002 requested → verified_by_user {"how":"code"}
      6 maria signup_approved REG-000002 verified_by_user → approved
    outbox
      held signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      held signup_approved.en to ana@aurora.example about REG-000001
      waiting signup_received.de to j.weiss@weiss.example about REG-000002
      waiting signup_verified.de to j.weiss@weiss.example about REG-000002
      held signup_approved.de to j.weiss@weiss.example about REG-000002
    rows
      REG-000001 approved Café Aurora Lda verified by code
      REG-000002 approved Weiß GmbH & Co. KG verified by code
    "#
    );
}

#[test]
fn the_same_external_id_gives_the_same_number() {
    assert_snapshot!(story("applicant submits aurora ext form-1; applicant submits weiss ext form-1; applicant submits weiss ext form-2"), @r#"
    applicant submits aurora ext form-1
      submit_signup REG-000001 = requested ✉ signup_received
    applicant submits weiss ext form-1
      submit_signup REG-000001 = requested (repeated)
      note: This sign-up was taken in before; nothing was added.
    applicant submits weiss ext form-2
      submit_signup REG-000002 = requested ✉ signup_received
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_received.de to j.weiss@weiss.example about REG-000002
    rows
      REG-000001 requested Café Aurora Lda
      REG-000002 requested Weiß GmbH & Co. KG
    "#);
}

#[test]
fn assigned_to_somebody_who_is_there() {
    assert_snapshot!(story(
        "applicant submits aurora; maria assigns REG-1 jens; maria assigns REG-1 nobody; maria assigns REG-1 zoe; tom assigns REG-1 tom"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    maria assigns REG-1 jens
      assign_signup REG-000001 = requested
    maria assigns REG-1 nobody
      assign_signup REG-000001 = requested
    maria assigns REG-1 zoe
      invalid: to “zoe” is nobody on the active staff. `countersign staff list` shows who is.
    tom assigns REG-1 tom
      refused by permission: tom may not assign sign-ups to staff (permission signup.assign). Ask somebody with one of the roles administrator, manager, approver, or an administrator to grant it.
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 maria signup_assigned REG-000001 {"to":"jens"}
      3 maria signup_assigned REG-000001 {"to":"nobody"}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
    rows
      REG-000001 requested Café Aurora Lda
    "#);
}

#[test]
fn who_lost_a_role_meanwhile_may_no_longer_use_it() {
    use countersign::desk::Command;
    use countersign::desk::commands::signup::ApproveSignup;
    use countersign::desk::commands::staff::{Active, EditStaff, RevokeRole};
    let mut world = World::new();
    let number = world.verified("aurora");
    let (maria, jens) = (world.actor("maria"), world.actor("jens"));
    let revoke = RevokeRole { login: "maria".into(), role: "approver".into() };
    world.run("ana", Command::RevokeRole(revoke)).unwrap();
    let leave = EditStaff { login: "jens".into(), active: Some(Active::No), ..EditStaff::default() };
    world.run("ana", Command::EditStaff(leave)).unwrap();
    let subject = world.subject(&number);
    let approve = || {
        Command::ApproveSignup(ApproveSignup { subject: subject.clone(), note: None, override_reason: None })
    };
    assert_snapshot!(world.desk.execute(&maria, approve()).unwrap_err(), @"maria may not approve sign-ups (permission signup.approve). Ask somebody with one of the roles administrator, manager, approver, or an administrator to grant it.");
    assert_snapshot!(world.desk.execute(&jens, approve()).unwrap_err(), @"Jens Berg (jens) is inactive. Ask an administrator: `countersign staff new` or `staff edit`.");
}

#[test]
fn a_decision_binds_to_what_was_seen() {
    use countersign::desk::Command;
    use countersign::desk::commands::signup::{ApproveSignup, Seen, Subject};
    let mut world = World::new();
    let number = world.verified("aurora");
    let id = world.find(&number).id;
    let seen = world.reader.signup(id).unwrap().seen;
    world.play("jens edits REG-1 city=Porto");
    let approve = |seen| {
        Command::ApproveSignup(ApproveSignup {
            subject: Subject::seen(id, seen),
            note: None,
            override_reason: None,
        })
    };
    assert_snapshot!(world.run("maria", approve(seen)).unwrap_err(), @"REG-000001: jens (sign-up edited, 2026-11-23 09:00) changed it meanwhile; it is Verified by user now. Look at it again, then decide.");
    let now = world.reader.signup(id).unwrap().seen;
    let forged = Seen { version: now.version, hash: "0".repeat(64) };
    assert_snapshot!(world.run("maria", approve(forged)).unwrap_err(), @"REG-000001: jens (sign-up edited, 2026-11-23 09:00) changed what was shown of it meanwhile; it is Verified by user now. Look at it again, then decide.");
    assert!(world.run("maria", approve(now)).is_ok());
    world.assert_sound();
}
