//! Stories from sign-up to logon (registration.md, Creating the customer; workflow.md, User requests).

use insta::assert_snapshot;

use crate::world::{World, story, story_in};

#[test]
fn from_submit_to_the_logon_mail() {
    assert_snapshot!(story(
        "applicant submits aurora
         applicant verifies REG-1
         maria approves REG-1: known from the fair
         jens creates REG-1"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria approves REG-1: known from the fair
      approve_signup REG-000001 = approved ✉ signup_approved
    jens creates REG-1
      create_customer REG-000001 = created + C-000001 + CON-000001 + UR-000001 + ana ✉ logon_link
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 maria signup_approved REG-000001 verified_by_user → approved note “known from the fair”
      4 jens customer_created REG-000001 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000001","existing":false}
      5 in 4 jens user_request_submitted UR-000001 draft → submitted
      6 in 4 jens workflow_started UR-000001 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1}
      7 in 4 jens user_provisioned UR-000001 {"user_name":"ana"}
      8 in 4 jens workflow_continued UR-000001 pending_completion → completed {"workflow":"Logon for a new user"}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      held signup_approved.en to ana@aurora.example about REG-000001
      held logon_link.en to ana@aurora.example about UR-000001
    rows
      REG-000001 created Café Aurora Lda verified by code
      C-000001 active Café Aurora Lda by jens
      CON-000001 active Ana Sousa of C-000001
      UR-000001 completed ana customer set_password_link
      ana active customer set_password_link
    "#);
}

#[test]
fn approve_and_create_is_one_command_and_two_entries() {
    assert_snapshot!(story("applicant submits aurora; applicant verifies REG-1; maria creates REG-1 by sso"), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria creates REG-1 by sso
      create_customer REG-000001 = created + C-000001 + CON-000001 + UR-000001 + ana ✉ signup_approved ✉ logon_sso
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 maria signup_approved REG-000001 verified_by_user → approved
      4 in 3 maria customer_created REG-000001 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000001","existing":false}
      5 in 3 maria user_request_submitted UR-000001 draft → submitted
      6 in 3 maria workflow_started UR-000001 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1}
      7 in 3 maria user_provisioned UR-000001 {"user_name":"ana"}
      8 in 3 maria workflow_continued UR-000001 pending_completion → completed {"workflow":"Logon for a new user"}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      held signup_approved.en to ana@aurora.example about REG-000001
      held logon_sso.en to ana@aurora.example about UR-000001
    rows
      REG-000001 created Café Aurora Lda verified by code
      C-000001 active Café Aurora Lda by maria
      CON-000001 active Ana Sousa of C-000001
      UR-000001 completed ana customer external_sso
      ana active customer external_sso
    "#);
}

#[test]
fn a_temporary_password_is_kept_as_a_hash_and_must_be_changed() {
    assert_snapshot!(
        story("applicant submits weiss; applicant verifies REG-1; maria creates REG-1 by password as Juergen role customer_admin"),
        @r#"
    applicant submits weiss
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria creates REG-1 by password as Juergen role customer_admin
      create_customer REG-000001 = created + C-000001 + CON-000001 + UR-000001 + Juergen ✉ signup_approved ✉ logon_temporary
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 maria signup_approved REG-000001 verified_by_user → approved
      4 in 3 maria customer_created REG-000001 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000001","existing":false}
      5 in 3 maria user_request_submitted UR-000001 draft → submitted
      6 in 3 maria workflow_started UR-000001 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1}
      7 in 3 maria user_provisioned UR-000001 {"user_name":"Juergen"}
      8 in 3 maria workflow_continued UR-000001 pending_completion → completed {"workflow":"Logon for a new user"}
    outbox
      waiting signup_received.de to j.weiss@weiss.example about REG-000001
      waiting signup_verified.de to j.weiss@weiss.example about REG-000001
      held signup_approved.de to j.weiss@weiss.example about REG-000001
      held logon_temporary.de to j.weiss@weiss.example about UR-000001
    rows
      REG-000001 created Weiß GmbH & Co. KG verified by code
      C-000001 active Weiß GmbH & Co. KG by maria
      CON-000001 active Jürgen Weiß of C-000001
      UR-000001 completed Juergen customer_admin temporary_password
      Juergen active customer_admin temporary_password with a password to be changed
    "#
    );
}

#[test]
fn the_template_fills_what_the_signup_leaves_open() {
    let mut world = World::new();
    assert_snapshot!(story_in(
        &mut world,
        "priya saves template Retail customer_group=retail currency=EUR language=fr
         maria saves template Mine currency=EUR
         priya saves template Bad name=Everybody
         applicant submits aurora; applicant verifies REG-1; maria creates REG-1 template Retail
         applicant submits lodz; applicant verifies REG-2; maria creates REG-2 template Wholesale"
    ), @r#"
    priya saves template Retail customer_group=retail currency=EUR language=fr
      save_template Retail
    maria saves template Mine currency=EUR
      refused by permission: maria may not make and change customer account templates (permission template.edit). Ask somebody with one of the roles administrator, manager, or an administrator to grant it.
    priya saves template Bad name=Everybody
      invalid: name “Everybody” cannot be set by a template. It belongs to one customer alone.
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria creates REG-1 template Retail
      create_customer REG-000001 = created + C-000001 + CON-000001 + UR-000001 + ana ✉ signup_approved ✉ logon_link
    applicant submits lodz
      submit_signup REG-000002 = requested ✉ signup_received
    applicant verifies REG-2
      verify_by_code REG-000002 = verified_by_user ✉ signup_verified
    maria creates REG-2 template Wholesale
      not_found: Template “Wholesale” does not exist. See `countersign template list`.
    history
      1 priya template_made Retail
      2 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      3 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      4 maria signup_approved REG-000001 verified_by_user → approved
      5 in 4 maria customer_created REG-000001 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000001","existing":false}
      6 in 4 maria user_request_submitted UR-000001 draft → submitted
      7 in 4 maria workflow_started UR-000001 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1}
      8 in 4 maria user_provisioned UR-000001 {"user_name":"ana"}
      9 in 4 maria workflow_continued UR-000001 pending_completion → completed {"workflow":"Logon for a new user"}
      10 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      11 applicant (carried by tom) signup_verified REG-000002 requested → verified_by_user {"how":"code"}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      held signup_approved.en to ana@aurora.example about REG-000001
      held logon_link.en to ana@aurora.example about UR-000001
      waiting signup_received.en to ewa@lodztextiles.example about REG-000002
      waiting signup_verified.en to ewa@lodztextiles.example about REG-000002
    rows
      REG-000001 created Café Aurora Lda verified by code
      REG-000002 verified_by_user Łódź Textiles verified by code
      C-000001 active Café Aurora Lda from template Retail by maria
      CON-000001 active Ana Sousa of C-000001
      UR-000001 completed ana customer set_password_link
      ana active customer set_password_link
    "#);
    let card = world.reader.customer(world.find("C-1").id).unwrap();
    let get = |name| card.fields.iter().find(|(n, _)| *n == name).and_then(|(_, v)| v.clone());
    assert_eq!(get("customer_group").as_deref(), Some("retail"));
    assert_eq!(get("city").as_deref(), Some("Lisboa"), "the sign-up wins");
}

#[test]
fn without_a_rule_set_the_user_request_stays_in_draft_until_there_is_one() {
    let mut world = World::with(|s| s.workflow_active = false);
    assert_snapshot!(story_in(
        &mut world,
        "applicant submits aurora; applicant verifies REG-1; maria creates REG-1; maria submits-request UR-1"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria creates REG-1
      create_customer REG-000001 = created + C-000001 + CON-000001 + UR-000001 ✉ signup_approved
      note: UR-000001 stays in Draft: no rule set for user requests is active. Set workflow.enabled, then submit it.
    maria submits-request UR-1
      refused by no_rule_set: UR-000001 cannot be submitted: no rule set for user requests is active. Set workflow.enabled, then submit it.
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 maria signup_approved REG-000001 verified_by_user → approved
      4 in 3 maria customer_created REG-000001 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000001","existing":false}
      5 in 3 maria user_request_kept UR-000001 reason “no rule set for user requests is active. Set workflow.enabled, then submit it.”
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      held signup_approved.en to ana@aurora.example about REG-000001
    rows
      REG-000001 created Café Aurora Lda verified by code
      C-000001 active Café Aurora Lda by maria
      CON-000001 active Ana Sousa of C-000001
      UR-000001 draft ana customer set_password_link waiting: no rule set for user requests is active. Set workflow.enabled, then submit it.
    "#);
    let mut settings = (*world.options.settings).clone();
    settings.workflow_active = true;
    world.options.settings = std::sync::Arc::new(settings);
    world.reopen();
    assert_snapshot!(world.play("maria submits-request UR-1; maria submits-request UR-1"), @r#"
    maria submits-request UR-1
      submit_user_request UR-000001 = completed + ana ✉ logon_link
    maria submits-request UR-1
      refused by illegal_move: UR-000001 is Completed: submit is not possible. Nothing can be done to it any more; make a new request.
    "#);
}

#[test]
fn the_second_to_create_is_told_who_was_first() {
    assert_snapshot!(
        World::new().play("applicant submits aurora; applicant verifies REG-1; maria creates REG-1; jens creates REG-1; jens approves REG-1"),
        @"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria creates REG-1
      create_customer REG-000001 = created + C-000001 + CON-000001 + UR-000001 + ana ✉ signup_approved ✉ logon_link
    jens creates REG-1
      refused by illegal_move: REG-000001 is Created: create is not possible (customer created by maria, 2026-11-23 09:00). Possible from here: no further move.
    jens approves REG-1
      refused by illegal_move: REG-000001 is Created: approve is not possible (customer created by maria, 2026-11-23 09:00). Possible from here: no further move.
    "
    );
}

#[test]
fn a_failed_provisioning_says_why_and_can_be_tried_again() {
    let mut world = World::new();
    world.play("applicant submits aurora; applicant verifies REG-1; applicant submits weiss; applicant verifies REG-2; maria creates REG-1 as anna");
    let mut settings = (*world.options.settings).clone();
    settings.workflow_active = false;
    world.options.settings = std::sync::Arc::new(settings.clone());
    world.reopen();
    world.play("maria creates REG-2 role customer_admin");
    settings.workflow_active = true;
    settings.portal_roles.retain(|r| r != "customer_admin");
    world.options.settings = std::sync::Arc::new(settings.clone());
    world.reopen();
    assert_snapshot!(world.play("maria submits-request UR-2; maria submits-request UR-2"), @r#"
    maria submits-request UR-2
      submit_user_request UR-000002 = pending_completion
      note: UR-000002: provisioning failed: the portal role “customer_admin” does not exist; add it to create.roles, then try again
      note: UR-000002 is stopped: the portal role “customer_admin” does not exist; add it to create.roles, then try again (provision_user).
    maria submits-request UR-2
      refused by still_stopped: UR-000002 cannot go on: the portal role “customer_admin” does not exist; add it to create.roles, then try again. Put that right first; `countersign why` says what else helps.
    "#);
    settings.portal_roles.push("customer_admin".into());
    world.options.settings = std::sync::Arc::new(settings);
    world.reopen();
    assert_snapshot!(world.play("maria submits-request UR-2"), @r#"
    maria submits-request UR-2
      submit_user_request UR-000002 = completed + j.weiss ✉ logon_link
    "#);
    world.assert_sound();
}

#[test]
fn user_names_are_unique_whatever_their_case() {
    assert_snapshot!(story(
        "applicant submits aurora; applicant verifies REG-1; maria creates REG-1 as Anna
         applicant submits weiss; applicant verifies REG-2; maria creates REG-2 as aNNA; maria creates REG-2 as a/b; maria creates REG-2 role boss
         maria creates REG-2"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria creates REG-1 as Anna
      create_customer REG-000001 = created + C-000001 + CON-000001 + UR-000001 + Anna ✉ signup_approved ✉ logon_link
    applicant submits weiss
      submit_signup REG-000002 = requested ✉ signup_received
    applicant verifies REG-2
      verify_by_code REG-000002 = verified_by_user ✉ signup_verified
    maria creates REG-2 as aNNA
      invalid: user_name “aNNA” is taken. Leave it out to get a free one.
    maria creates REG-2 as a/b
      invalid: user_name “a/b” is not usable as a user name. Use at most 64 letters, digits, dots, hyphens.
    maria creates REG-2 role boss
      invalid: role “boss” is no role of portal users. Take one of customer, customer_admin, customer_read_only.
    maria creates REG-2
      create_customer REG-000002 = created + C-000002 + CON-000002 + UR-000002 + j.weiss ✉ signup_approved ✉ logon_link
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 maria signup_approved REG-000001 verified_by_user → approved
      4 in 3 maria customer_created REG-000001 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000001","existing":false}
      5 in 3 maria user_request_submitted UR-000001 draft → submitted
      6 in 3 maria workflow_started UR-000001 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1}
      7 in 3 maria user_provisioned UR-000001 {"user_name":"Anna"}
      8 in 3 maria workflow_continued UR-000001 pending_completion → completed {"workflow":"Logon for a new user"}
      9 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      10 applicant (carried by tom) signup_verified REG-000002 requested → verified_by_user {"how":"code"}
      11 maria signup_approved REG-000002 verified_by_user → approved
      12 in 11 maria customer_created REG-000002 approved → created {"customer":"C-000002","contact":"CON-000002","user_request":"UR-000002","existing":false}
      13 in 11 maria user_request_submitted UR-000002 draft → submitted
      14 in 11 maria workflow_started UR-000002 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1}
      15 in 11 maria user_provisioned UR-000002 {"user_name":"j.weiss"}
      16 in 11 maria workflow_continued UR-000002 pending_completion → completed {"workflow":"Logon for a new user"}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      held signup_approved.en to ana@aurora.example about REG-000001
      held logon_link.en to ana@aurora.example about UR-000001
      waiting signup_received.de to j.weiss@weiss.example about REG-000002
      waiting signup_verified.de to j.weiss@weiss.example about REG-000002
      held signup_approved.de to j.weiss@weiss.example about REG-000002
      held logon_link.de to j.weiss@weiss.example about UR-000002
    rows
      REG-000001 created Café Aurora Lda verified by code
      REG-000002 created Weiß GmbH & Co. KG verified by code
      C-000001 active Café Aurora Lda by maria
      C-000002 active Weiß GmbH & Co. KG by maria
      CON-000001 active Ana Sousa of C-000001
      CON-000002 active Jürgen Weiß of C-000002
      UR-000001 completed Anna customer set_password_link
      UR-000002 completed j.weiss customer set_password_link
      Anna active customer set_password_link
      j.weiss active customer set_password_link
    "#);
}

#[test]
fn a_user_name_that_a_draft_wants_is_taken_too() {
    let mut world = World::with(|s| s.workflow_active = false);
    assert_snapshot!(world.play(
        "applicant submits aurora; applicant verifies REG-1; maria creates REG-1 as Anna
         applicant submits weiss; applicant verifies REG-2; maria creates REG-2 as anna"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria creates REG-1 as Anna
      create_customer REG-000001 = created + C-000001 + CON-000001 + UR-000001 ✉ signup_approved
      note: UR-000001 stays in Draft: no rule set for user requests is active. Set workflow.enabled, then submit it.
    applicant submits weiss
      submit_signup REG-000002 = requested ✉ signup_received
    applicant verifies REG-2
      verify_by_code REG-000002 = verified_by_user ✉ signup_verified
    maria creates REG-2 as anna
      invalid: user_name “anna” is taken. Leave it out to get a free one.
    "#);
}

#[test]
fn many_with_the_same_wish_get_names_of_their_own() {
    let mut world = World::new();
    let mut seen = std::collections::BTreeSet::new();
    for n in 0..12 {
        let mut command = crate::world::submission(&format!("firm{n}"));
        if let countersign::desk::Command::SubmitSignup(submit) = &mut command {
            submit.fields.insert("email".into(), format!("info@firm{n}.example"));
        }
        let applicant = world.applicant();
        let number = world.desk.execute(&applicant, command).unwrap().record.unwrap().number;
        world.play(&format!("applicant verifies {number}; maria creates {number}"));
    }
    for user in world.reader.portal_users(0, 100).unwrap() {
        assert!(user.user_name.starts_with("info"), "{}", user.user_name);
        seen.insert(user.user_name);
    }
    assert_eq!(seen.len(), 12);
}
