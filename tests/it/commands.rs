//! Whole stories: a short script in; what was said, history, outbox and rows out (registration.md).

use countersign::desk::commands::signup::{Source, SubmitSignup};
use countersign::desk::{Command, FieldRules};
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
      5 in 4 jens user_request_submitted UR-000001 draft → submitted {"rule":"built-in: provision_user at once"}
      6 in 4 jens user_provisioned UR-000001 submitted → completed {"user_name":"ana","rule":"built-in: provision_user at once"}
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
      5 in 3 maria user_request_submitted UR-000001 draft → submitted {"rule":"built-in: provision_user at once"}
      6 in 3 maria user_provisioned UR-000001 submitted → completed {"user_name":"ana","rule":"built-in: provision_user at once"}
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
      5 in 3 maria user_request_submitted UR-000001 draft → submitted {"rule":"built-in: provision_user at once"}
      6 in 3 maria user_provisioned UR-000001 submitted → completed {"user_name":"Juergen","rule":"built-in: provision_user at once"}
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
fn under_an_existing_customer_only_a_contact_is_made() {
    assert_snapshot!(story(
        "applicant submits aurora; applicant verifies REG-1; maria creates REG-1
         applicant submits aurora2; applicant verifies REG-2
         jens creates REG-2 under C-1"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria creates REG-1
      create_customer REG-000001 = created + C-000001 + CON-000001 + UR-000001 + ana ✉ signup_approved ✉ logon_link
    applicant submits aurora2
      submit_signup REG-000002 = requested ✉ signup_received
    applicant verifies REG-2
      verify_by_code REG-000002 = verified_by_user ✉ signup_verified
    jens creates REG-2 under C-1
      create_customer REG-000002 = created + C-000001 + CON-000002 + UR-000002 + rui ✉ signup_approved ✉ logon_link
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 maria signup_approved REG-000001 verified_by_user → approved
      4 in 3 maria customer_created REG-000001 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000001","existing":false}
      5 in 3 maria user_request_submitted UR-000001 draft → submitted {"rule":"built-in: provision_user at once"}
      6 in 3 maria user_provisioned UR-000001 submitted → completed {"user_name":"ana","rule":"built-in: provision_user at once"}
      7 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      8 applicant (carried by tom) signup_verified REG-000002 requested → verified_by_user {"how":"code"}
      9 jens signup_approved REG-000002 verified_by_user → approved
      10 in 9 jens customer_created REG-000002 approved → created {"customer":"C-000001","contact":"CON-000002","user_request":"UR-000002","existing":true}
      11 in 9 jens user_request_submitted UR-000002 draft → submitted {"rule":"built-in: provision_user at once"}
      12 in 9 jens user_provisioned UR-000002 submitted → completed {"user_name":"rui","rule":"built-in: provision_user at once"}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      held signup_approved.en to ana@aurora.example about REG-000001
      held logon_link.en to ana@aurora.example about UR-000001
      waiting signup_received.en to rui@aurora.example about REG-000002
      waiting signup_verified.en to rui@aurora.example about REG-000002
      held signup_approved.en to rui@aurora.example about REG-000002
      held logon_link.en to rui@aurora.example about UR-000002
    rows
      REG-000001 created Café Aurora Lda verified by code
      REG-000002 created Cafe Aurora verified by code duplicate C-000001 98%
      C-000001 active Café Aurora Lda by maria
      CON-000001 active Ana Sousa of C-000001
      CON-000002 active Rui Sousa of C-000001
      UR-000001 completed ana customer set_password_link
      UR-000002 completed rui customer set_password_link
      ana active customer set_password_link
      rui active customer set_password_link
    "#);
}

#[test]
fn a_new_customer_anyway_is_remembered_as_no_duplicate() {
    assert_snapshot!(story(
        "applicant submits aurora; applicant verifies REG-1; maria creates REG-1
         applicant submits aurora; applicant verifies REG-2
         jens creates REG-2 contact CON-1 as another"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria creates REG-1
      create_customer REG-000001 = created + C-000001 + CON-000001 + UR-000001 + ana ✉ signup_approved ✉ logon_link
    applicant submits aurora
      submit_signup REG-000002 = requested ✉ signup_received
    applicant verifies REG-2
      verify_by_code REG-000002 = verified_by_user ✉ signup_verified
    jens creates REG-2 contact CON-1 as another
      create_customer REG-000002 = created + C-000002 + CON-000001 + UR-000002 + another ✉ signup_approved ✉ logon_link
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 maria signup_approved REG-000001 verified_by_user → approved
      4 in 3 maria customer_created REG-000001 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000001","existing":false}
      5 in 3 maria user_request_submitted UR-000001 draft → submitted {"rule":"built-in: provision_user at once"}
      6 in 3 maria user_provisioned UR-000001 submitted → completed {"user_name":"ana","rule":"built-in: provision_user at once"}
      7 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      8 applicant (carried by tom) signup_verified REG-000002 requested → verified_by_user {"how":"code"}
      9 jens signup_approved REG-000002 verified_by_user → approved
      10 in 9 jens customer_created REG-000002 approved → created {"customer":"C-000002","contact":"CON-000001","user_request":"UR-000002","existing":false}
      11 in 9 jens user_request_submitted UR-000002 draft → submitted {"rule":"built-in: provision_user at once"}
      12 in 9 jens user_provisioned UR-000002 submitted → completed {"user_name":"another","rule":"built-in: provision_user at once"}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      held signup_approved.en to ana@aurora.example about REG-000001
      held logon_link.en to ana@aurora.example about UR-000001
      waiting signup_received.en to ana@aurora.example about REG-000002
      waiting signup_verified.en to ana@aurora.example about REG-000002
      held signup_approved.en to ana@aurora.example about REG-000002
      held logon_link.en to ana@aurora.example about UR-000002
    rows
      REG-000001 created Café Aurora Lda verified by code
      REG-000002 created Café Aurora Lda verified by code duplicate C-000001 99%
      C-000001 active Café Aurora Lda by maria
      C-000002 active Café Aurora Lda by jens
      CON-000001 active Ana Sousa of C-000001, C-000002
      UR-000001 completed ana customer set_password_link
      UR-000002 completed another customer set_password_link
      ana active customer set_password_link
      another active customer set_password_link
      C-000001 is no duplicate of REG-000002
    "#);
}

#[test]
fn a_duplicate_that_was_ruled_out_stays_out() {
    assert_snapshot!(story(
        "applicant submits aurora; applicant verifies REG-1; maria creates REG-1
         applicant submits aurora2
         maria rules out C-1 for REG-2
         maria rules out C-1 for REG-2
         maria edits REG-2 city=Porto"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    maria creates REG-1
      create_customer REG-000001 = created + C-000001 + CON-000001 + UR-000001 + ana ✉ signup_approved ✉ logon_link
    applicant submits aurora2
      submit_signup REG-000002 = requested ✉ signup_received
    maria rules out C-1 for REG-2
      not_a_duplicate REG-000002 = requested
    maria rules out C-1 for REG-2
      not_a_duplicate REG-000002 = requested
    maria edits REG-2 city=Porto
      edit_signup REG-000002 = requested
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 maria signup_approved REG-000001 verified_by_user → approved
      4 in 3 maria customer_created REG-000001 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000001","existing":false}
      5 in 3 maria user_request_submitted UR-000001 draft → submitted {"rule":"built-in: provision_user at once"}
      6 in 3 maria user_provisioned UR-000001 submitted → completed {"user_name":"ana","rule":"built-in: provision_user at once"}
      7 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      8 maria duplicate_ruled_out REG-000002 {"other":"C-000001"}
      9 maria duplicate_ruled_out REG-000002 {"other":"C-000001"}
      10 maria signup_edited REG-000002 {"fields":"city"}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      held signup_approved.en to ana@aurora.example about REG-000001
      held logon_link.en to ana@aurora.example about UR-000001
      waiting signup_received.en to rui@aurora.example about REG-000002
    rows
      REG-000001 created Café Aurora Lda verified by code
      REG-000002 requested Cafe Aurora
      C-000001 active Café Aurora Lda by maria
      CON-000001 active Ana Sousa of C-000001
      UR-000001 completed ana customer set_password_link
      ana active customer set_password_link
      C-000001 is no duplicate of REG-000002
    "#);
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
      6 in 4 maria user_request_submitted UR-000001 draft → submitted {"rule":"built-in: provision_user at once"}
      7 in 4 maria user_provisioned UR-000001 submitted → completed {"user_name":"ana","rule":"built-in: provision_user at once"}
      8 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      9 applicant (carried by tom) signup_verified REG-000002 requested → verified_by_user {"how":"code"}
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
      note: UR-000001 stays in Draft: no rule set for user requests is active, so nothing is provisioned; set workflow.enabled, then submit it
    maria submits-request UR-1
      refused by no_rule_set: UR-000001 stays in Draft: no rule set for user requests is active. Set workflow.enabled, then submit it.
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 maria signup_approved REG-000001 verified_by_user → approved
      4 in 3 maria customer_created REG-000001 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000001","existing":false}
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
      held signup_approved.en to ana@aurora.example about REG-000001
    rows
      REG-000001 created Café Aurora Lda verified by code
      C-000001 active Café Aurora Lda by maria
      CON-000001 active Ana Sousa of C-000001
      UR-000001 draft ana customer set_password_link waiting: no rule set for user requests is active, so nothing is provisioned; set workflow.enabled, then submit it
    "#);
    let mut settings = (*world.options.settings).clone();
    settings.workflow_active = true;
    world.options.settings = std::sync::Arc::new(settings);
    world.reopen();
    assert_snapshot!(world.play("maria submits-request UR-1; maria submits-request UR-1"), @"
    maria submits-request UR-1
      provision_user UR-000001 = completed + ana ✉ logon_link
    maria submits-request UR-1
      refused by illegal_move: UR-000001 is Completed: submit is not possible. Only a Draft, or one whose provisioning failed, can be submitted.
    ");
}

#[test]
fn old_codes_run_out_and_a_new_one_brings_the_signup_back() {
    assert_snapshot!(story(
        "applicant submits aurora; clock sweeps; wait 7 days; applicant verifies REG-1; clock sweeps; clock sweeps
         maria approves REG-1; maria resends REG-1; applicant verifies REG-1"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    clock sweeps
      0 expired
    wait 7 days
    applicant verifies REG-1
      refused by code_expired: The code of REG-000001 has expired. Ask the office to send a new one.
    clock sweeps
      1 expired
    clock sweeps
      0 expired
    maria approves REG-1
      refused by illegal_move: REG-000001 is Expired: approve is not possible (sign-up expired by clock, 2026-11-30T09:00:00Z). Possible from here: resend.
    maria resends REG-1
      resend_code REG-000001 = requested ✉ signup_resent
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 clock signup_expired REG-000001 requested → expired
      3 maria code_resent REG-000001 expired → requested {"count":1,"superseded":[1]}
      4 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
    outbox
      superseded signup_received.en to ana@aurora.example about REG-000001
      held signup_resent.en to ana@aurora.example about REG-000001
      waiting signup_verified.en to ana@aurora.example about REG-000001
    rows
      REG-000001 verified_by_user Café Aurora Lda verified by code
    "#);
}

#[test]
fn codes_are_sent_again_three_times_an_hour() {
    assert_snapshot!(story(
        "applicant submits aurora; maria resends REG-1; jens resends REG-1; maria resends REG-1; maria resends REG-1
         wait 61 minutes; maria resends REG-1; tom resends REG-1"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    maria resends REG-1
      resend_code REG-000001 = requested ✉ signup_resent
    jens resends REG-1
      resend_code REG-000001 = requested ✉ signup_resent
    maria resends REG-1
      resend_code REG-000001 = requested ✉ signup_resent
    maria resends REG-1
      refused by resend_limit: 3 codes were sent again for REG-000001 within the last hour. Wait until the hour is over, or verify by phone.
    wait 61 minutes
    maria resends REG-1
      resend_code REG-000001 = requested ✉ signup_resent
    tom resends REG-1
      refused by permission: tom may not send a new verification code (permission signup.resend). Ask somebody with one of the roles administrator, manager, approver, or an administrator to grant it.
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 maria code_resent REG-000001 {"count":1,"superseded":[1]}
      3 jens code_resent REG-000001 {"count":2,"superseded":[2]}
      4 maria code_resent REG-000001 {"count":3,"superseded":[3]}
      5 maria code_resent REG-000001 {"count":4,"superseded":[4]}
    outbox
      superseded signup_received.en to ana@aurora.example about REG-000001
      superseded signup_resent.en to ana@aurora.example about REG-000001
      superseded signup_resent.en to ana@aurora.example about REG-000001
      superseded signup_resent.en to ana@aurora.example about REG-000001
      held signup_resent.en to ana@aurora.example about REG-000001
    rows
      REG-000001 requested Café Aurora Lda
    "#);
}

#[test]
fn a_code_works_once_and_only_the_newest() {
    let mut world = World::new();
    world.play("applicant submits aurora");
    let old = world.code("REG-000001");
    world.play("maria resends REG-1");
    let said = world.play(&format!("applicant verifies REG-1 with {old}")).replace(&old, "OLD");
    assert_snapshot!(said, @"
    applicant verifies REG-1 with OLD
      refused by code_replaced: A newer code was sent for REG-000001. Use the code from the newest mail.
    ");
    let typed = world.code("REG-000001").to_lowercase().replace('-', " ");
    let applicant = world.applicant();
    let verify = countersign::desk::commands::signup::VerifyByCode { code: typed, signup: None };
    let receipt = world.desk.execute(&applicant, countersign::desk::Command::VerifyByCode(verify)).unwrap();
    assert_eq!(receipt.state.as_deref(), Some("verified_by_user"), "the code alone finds its sign-up, however typed");
    assert_snapshot!(world.play("applicant verifies REG-1"), @"
    applicant verifies REG-1
      refused by code_used: This code of REG-000001 was used before. Nothing more is to do.
    ");
    world.assert_sound();
}

#[test]
fn ten_wrong_codes_an_hour_shut_the_door() {
    let mut world = World::new();
    world.play("applicant submits aurora");
    for _ in 0..10 {
        let said = world.play("applicant verifies REG-1 with AAAAA-AAAAA-AAAAA");
        assert!(said.contains("refused by wrong_code"), "{said}");
    }
    assert_snapshot!(world.play("applicant verifies REG-1; wait 61 minutes; applicant verifies REG-1"), @"
    applicant verifies REG-1
      refused by too_many_wrong_codes: 10 wrong codes were tried within the last hour. Wait until the hour is over, or verify by phone.
    wait 61 minutes
    applicant verifies REG-1
      verify_by_code REG-000001 = verified_by_user ✉ signup_verified
    ");
    world.assert_sound();
}

#[test]
fn every_wrong_code_counts_wherever_it_stands_in_a_batch() {
    use countersign::desk::Command;
    use countersign::desk::commands::signup::VerifyByCode;
    let mut world = World::new();
    world.play("applicant submits aurora; applicant submits weiss");
    let id = world.find("REG-1").id;
    let wrong = || Command::VerifyByCode(VerifyByCode { code: "AAAAA-AAAAA-AAAAA".into(), signup: Some(id) });
    let right = Command::VerifyByCode(VerifyByCode { code: world.code("REG-000002"), signup: None });
    let applicant = world.applicant();
    let results = world.desk.execute_all(&applicant, vec![right, wrong(), wrong()]);
    assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false]);
    let counted: i64 = world.raw().query_row("select count(*) from wrong_code", [], |r| r.get(0)).unwrap();
    assert_eq!(counted, 2);
}

#[test]
fn by_phone_with_a_note_where_the_office_allows_it() {
    assert_snapshot!(story(
        "applicant submits aurora; maria verifies REG-1 by phone; maria verifies REG-1 by phone: -
         tom verifies REG-1 by phone: rang; maria verifies REG-1 by phone: rang, spoke to Ana; applicant verifies REG-1
         applicant withdraws REG-1"
    ), @r#"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    maria verifies REG-1 by phone
      refused by reason_missing: To verify by phone a reason is due. Say why in a few words; history keeps it.
    maria verifies REG-1 by phone: -
      refused by reason_missing: To verify by phone a reason is due. Say why in a few words; history keeps it.
    tom verifies REG-1 by phone: rang
      refused by permission: tom may not verify a sign-up by phone (permission signup.verify). Ask somebody with one of the roles administrator, manager, approver, or an administrator to grant it.
    maria verifies REG-1 by phone: rang, spoke to Ana
      verify_by_phone REG-000001 = verified_by_user ✉ signup_verified
    applicant verifies REG-1
      refused by code_used: This code of REG-000001 was used before. Nothing more is to do.
    applicant withdraws REG-1
      withdraw_by_code REG-000001 = withdrawn ✉ signup_withdrawn
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 maria signup_verified REG-000001 requested → verified_by_user note “rang, spoke to Ana” {"how":"phone"}
      3 applicant (carried by tom) signup_withdrawn REG-000001 verified_by_user → withdrawn
    outbox
      waiting signup_received.en to ana@aurora.example about REG-000001
      held signup_verified.en to ana@aurora.example about REG-000001
      waiting signup_withdrawn.en to ana@aurora.example about REG-000001
    rows
      REG-000001 withdrawn Café Aurora Lda verified by phone
    "#);
    let mut strict = World::with(|s| s.signup.phone_verification = false);
    assert_snapshot!(strict.play("applicant submits aurora; maria verifies REG-1 by phone: rang"), @"
    applicant submits aurora
      submit_signup REG-000001 = requested ✉ signup_received
    maria verifies REG-1 by phone: rang
      refused by phone_verification_off: This office does not verify sign-ups by phone. Let the applicant use the code, or set signup.phone_verification in the config.
    ");
}

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
      refused by illegal_move: REG-000003 is Withdrawn: withdraw by code is not possible (sign-up withdrawn by applicant, 2026-11-23T09:00:00Z). Possible from here: reopen.
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
fn a_code_that_stopped_working_does_not_withdraw() {
    use countersign::desk::Command;
    use countersign::desk::commands::signup::WithdrawByCode;
    let mut world = World::new();
    world.play("applicant submits aurora");
    let old = world.code("REG-000001");
    world.play("maria resends REG-1");
    let applicant = world.applicant();
    let withdraw = |code: &str| Command::WithdrawByCode(WithdrawByCode { code: code.into(), reason: None });
    let refused = world.desk.execute(&applicant, withdraw(&old)).unwrap_err();
    assert_snapshot!(refused, @"A newer code was sent for REG-000001. Use the code from the newest mail.");
    world.play("wait 8 days");
    let code = world.code("REG-000001");
    let refused = world.desk.execute(&applicant, withdraw(&code)).unwrap_err();
    assert_snapshot!(refused, @"The code of REG-000001 has expired. Ask the office to send a new one.");
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
fn corrections_are_kept_and_a_new_address_gets_a_code_of_its_own() {
    let mut world = World::new();
    world.play("applicant submits aurora");
    let old = world.code("REG-000001");
    assert_snapshot!(world.play(
        "maria edits REG-1; maria edits REG-1 city=Lisboa; maria edits REG-1 email=nonsense company= colour=red
         maria edits REG-1 state=Alentejo postal_code=1100-001: from the letter
         maria edits REG-1 email=office@aurora.example"
    ), @"
    maria edits REG-1
      invalid: changes change nothing. Give at least one field a new value.
    maria edits REG-1 city=Lisboa
      invalid: changes change nothing. Give at least one field a new value.
    maria edits REG-1 email=nonsense company= colour=red
      invalid: colour “red” is no field of a sign-up. Fields are company, first_name, last_name, job_title, email, phone, fax, website, tax_number, street, street2, city, postal_code, county, region, country, language, user_name, authentication, message, existing_account, privacy_version, privacy_accepted_at. · company is missing. It is required. · email “nonsense” does not have exactly one @. Give one address such as ana@company.com.
    maria edits REG-1 state=Alentejo postal_code=1100-001: from the letter
      edit_signup REG-000001 = requested
    maria edits REG-1 email=office@aurora.example
      edit_signup REG-000001 = requested ✉ signup_resent
      note: A new code goes to the new address; the old one stopped working.
    ");
    assert!(world.play(&format!("applicant verifies REG-1 with {old}")).contains("refused by code_replaced"));
    assert!(world.play("applicant verifies REG-1").contains("= verified_by_user"));
    let record = world.find("REG-1");
    let rows = world.reader.history(Some(&record), None, 10).unwrap();
    let changes: Vec<String> = rows
        .iter()
        .filter(|r| r.kind == "signup_edited")
        .flat_map(|r| &r.changes)
        .filter(|c| c.table == "signup")
        .map(|c| format!("{}: {} → {}", c.field, c.old, c.new))
        .collect();
    assert_snapshot!(changes.join("\n"), @r#"
    email: "ana@aurora.example" → "office@aurora.example"
    postal_code: null → "1100-001"
    region: null → "Alentejo"
    checks_good: 9 → 10
    checks_total: 9 → 10
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
      refused by illegal_move: REG-000001 is Created: create is not possible (customer created by maria, 2026-11-23T09:00:00Z). Possible from here: no further move.
    jens approves REG-1
      refused by illegal_move: REG-000001 is Created: approve is not possible (customer created by maria, 2026-11-23T09:00:00Z). Possible from here: no further move.
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
    assert_snapshot!(world.play("maria submits-request UR-2; maria submits-request UR-2"), @"
    maria submits-request UR-2
      provision_user UR-000002 = pending_completion
      note: UR-000002: provisioning failed: the portal role “customer_admin” does not exist; add it to create.roles, then submit again
    maria submits-request UR-2
      provision_user UR-000002 = pending_completion
      note: UR-000002: provisioning failed: the portal role “customer_admin” does not exist; add it to create.roles, then submit again
    ");
    settings.portal_roles.push("customer_admin".into());
    world.options.settings = std::sync::Arc::new(settings);
    world.reopen();
    assert_snapshot!(world.play("maria submits-request UR-2"), @"
    maria submits-request UR-2
      provision_user UR-000002 = completed + j.weiss ✉ logon_link
    ");
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
      5 in 3 maria user_request_submitted UR-000001 draft → submitted {"rule":"built-in: provision_user at once"}
      6 in 3 maria user_provisioned UR-000001 submitted → completed {"user_name":"Anna","rule":"built-in: provision_user at once"}
      7 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      8 applicant (carried by tom) signup_verified REG-000002 requested → verified_by_user {"how":"code"}
      9 maria signup_approved REG-000002 verified_by_user → approved
      10 in 9 maria customer_created REG-000002 approved → created {"customer":"C-000002","contact":"CON-000002","user_request":"UR-000002","existing":false}
      11 in 9 maria user_request_submitted UR-000002 draft → submitted {"rule":"built-in: provision_user at once"}
      12 in 9 maria user_provisioned UR-000002 submitted → completed {"user_name":"j.weiss","rule":"built-in: provision_user at once"}
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
fn who_lost_a_role_meanwhile_may_no_longer_use_it() {
    use countersign::desk::Command;
    use countersign::desk::commands::signup::ApproveSignup;
    use countersign::desk::commands::staff::{Active, EditStaff, RevokeRole};
    let mut world = World::new();
    let number = world.verified("aurora");
    let (maria, jens) = (world.actor("maria"), world.actor("jens"));
    let revoke = RevokeRole { login: "maria".into(), role: "approver".into() };
    world.run("ana", Command::RevokeRole(revoke)).unwrap();
    let leave = EditStaff { login: "jens".into(), name: None, email: None, active: Some(Active::No) };
    world.run("ana", Command::EditStaff(leave)).unwrap();
    let subject = world.subject(&number);
    let approve = || Command::ApproveSignup(ApproveSignup { subject: subject.clone(), note: None, override_reason: None });
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
    let approve = |seen| Command::ApproveSignup(ApproveSignup { subject: Subject::seen(id, seen), note: None, override_reason: None });
    assert_snapshot!(world.run("maria", approve(seen)).unwrap_err(), @"REG-000001: jens (sign-up edited, 2026-11-23T09:00:00Z) changed it meanwhile; it is Verified by user now. Look at it again, then decide.");
    let now = world.reader.signup(id).unwrap().seen;
    let forged = Seen { version: now.version, hash: "0".repeat(64) };
    assert_snapshot!(world.run("maria", approve(forged)).unwrap_err(), @"REG-000001: jens (sign-up edited, 2026-11-23T09:00:00Z) changed what was shown of it meanwhile; it is Verified by user now. Look at it again, then decide.");
    assert!(world.run("maria", approve(now)).is_ok());
    world.assert_sound();
}

#[test]
fn a_preview_says_all_and_changes_nothing() {
    use crate::world::plain;
    let mut world = World::new();
    world.play("applicant submits aurora; applicant verifies REG-1");
    let before = plain(&world.raw(), &[], &[]);
    let maria = world.actor("maria");
    let command = countersign::desk::Command::CreateCustomer(Box::new(countersign::desk::commands::signup::CreateCustomer {
        subject: world.subject("REG-1"),
        existing: None,
        template: None,
        values: Default::default(),
        contact: None,
        role: None,
        authentication: None,
        user_name: None,
        note: None,
    }));
    let receipt = world.desk.preview(&maria, vec![command]).pop().unwrap().unwrap();
    let made: Vec<&str> = receipt.made.iter().map(|r| r.number.as_str()).collect();
    assert_eq!(made, ["C-000001", "CON-000001", "UR-000001", "ana"]);
    assert_eq!(plain(&world.raw(), &[], &[]), before);
}

#[test]
fn a_countrys_field_rules_stand_for_the_general_ones() {
    let mut world = World::with(|settings| {
        settings.fields.require = vec!["phone".into()];
        settings.fields_by_country.insert("PT".into(), FieldRules::default());
        settings.privacy_version = Some("2026-11".into());
    });
    let applicant = world.applicant();
    let mut submit = |country: &str, more: &[(&str, &str)]| {
        let mut fields: std::collections::BTreeMap<String, String> =
            [("company", "A"), ("last_name", "B"), ("email", "b@a.example"), ("country", country)]
                .iter()
                .chain(more)
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect();
        fields.retain(|_, v| !v.is_empty());
        world.desk.execute(
            &applicant,
            Command::SubmitSignup(Box::new(SubmitSignup {
                fields,
                external_id: None,
                extra: serde_json::Map::new(),
                source: Source::Form,
            })),
        )
    };
    assert!(submit("DE", &[]).unwrap_err().to_string().contains("phone"), "the general rule asks for a phone");
    let taken = submit("PT", &[("privacy_accepted_at", "2026-11-02T09:14:03Z")]).unwrap();
    let card = world.reader.signup(taken.record.unwrap().id).unwrap();
    let version = card.fields.iter().find(|(n, _)| *n == "privacy_version").and_then(|(_, v)| v.clone());
    assert_eq!(version.as_deref(), Some("2026-11"), "an acceptance that names no version is of the one shown now");
}
