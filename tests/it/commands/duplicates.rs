//! Stories of possible duplicates and their four outcomes (registration.md, Creating the customer).

use insta::assert_snapshot;

use crate::world::story;

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
      create_customer REG-000002 = created + CON-000002 + UR-000002 + rui ✉ signup_approved ✉ logon_link
    history
      1 applicant (carried by tom) signup_submitted REG-000001 none → requested {"source":"form"}
      2 applicant (carried by tom) signup_verified REG-000001 requested → verified_by_user {"how":"code"}
      3 maria signup_approved REG-000001 verified_by_user → approved
      4 in 3 maria customer_created REG-000001 approved → created {"customer":"C-000001","contact":"CON-000001","user_request":"UR-000001","existing":false}
      5 in 3 maria user_request_submitted UR-000001 draft → submitted
      6 in 3 maria workflow_started UR-000001 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1}
      7 in 3 maria user_provisioned UR-000001 {"user_name":"ana"}
      8 in 3 maria workflow_continued UR-000001 pending_completion → completed {"workflow":"Logon for a new user"}
      9 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      10 applicant (carried by tom) signup_verified REG-000002 requested → verified_by_user {"how":"code"}
      11 jens signup_approved REG-000002 verified_by_user → approved
      12 in 11 jens customer_created REG-000002 approved → created {"customer":"C-000001","contact":"CON-000002","user_request":"UR-000002","existing":true}
      13 in 11 jens user_request_submitted UR-000002 draft → submitted
      14 in 11 jens workflow_started UR-000002 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1}
      15 in 11 jens user_provisioned UR-000002 {"user_name":"rui"}
      16 in 11 jens workflow_continued UR-000002 pending_completion → completed {"workflow":"Logon for a new user"}
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
      REG-000002 created Cafe Aurora verified by code duplicate C-000001 99%
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
      5 in 3 maria user_request_submitted UR-000001 draft → submitted
      6 in 3 maria workflow_started UR-000001 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1}
      7 in 3 maria user_provisioned UR-000001 {"user_name":"ana"}
      8 in 3 maria workflow_continued UR-000001 pending_completion → completed {"workflow":"Logon for a new user"}
      9 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      10 applicant (carried by tom) signup_verified REG-000002 requested → verified_by_user {"how":"code"}
      11 jens signup_approved REG-000002 verified_by_user → approved
      12 in 11 jens customer_created REG-000002 approved → created {"customer":"C-000002","contact":"CON-000001","user_request":"UR-000002","existing":false}
      13 in 11 jens user_request_submitted UR-000002 draft → submitted
      14 in 11 jens workflow_started UR-000002 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1}
      15 in 11 jens user_provisioned UR-000002 {"user_name":"another"}
      16 in 11 jens workflow_continued UR-000002 pending_completion → completed {"workflow":"Logon for a new user"}
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
      5 in 3 maria user_request_submitted UR-000001 draft → submitted
      6 in 3 maria workflow_started UR-000001 submitted → pending_completion {"workflow":"Logon for a new user","rule_set":1}
      7 in 3 maria user_provisioned UR-000001 {"user_name":"ana"}
      8 in 3 maria workflow_continued UR-000001 pending_completion → completed {"workflow":"Logon for a new user"}
      9 applicant (carried by tom) signup_submitted REG-000002 none → requested {"source":"form"}
      10 maria duplicate_ruled_out REG-000002 {"other":"C-000001"}
      11 maria duplicate_ruled_out REG-000002 {"other":"C-000001"}
      12 maria signup_edited REG-000002 {"fields":"city"}
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

/// Every score can be told: its parts add up to it, and the best part is named first.
#[test]
fn the_parts_of_a_score_add_up_to_it() {
    let mut world = crate::world::World::new();
    world.play(
        "applicant submits aurora; applicant verifies REG-1; maria creates REG-1; applicant submits aurora",
    );
    let second = world.find("REG-2").id;
    let hits = world.reader.duplicates(&world.actor("maria"), second, None).unwrap();
    assert!(!hits.is_empty());
    for hit in hits {
        let sum: f64 = hit.parts.iter().map(|(_, weight)| weight).sum();
        assert!((sum - hit.score).abs() < 1e-9, "{}: {sum} is not {}", hit.record.number, hit.score);
        assert!(hit.reasons.iter().any(|reason| reason.starts_with("same")), "{:?}", hit.reasons);
    }
}
