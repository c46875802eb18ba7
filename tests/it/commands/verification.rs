//! Stories of codes: sent, used, replaced, run out, wrong, and the phone instead (registration.md, Verification).

use insta::assert_snapshot;

use crate::world::{World, story};

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
      refused by illegal_move: REG-000001 is Expired: approve is not possible (sign-up expired by clock, 2026-11-30 09:00). Possible from here: resend the code.
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
    assert_eq!(
        receipt.state.as_deref(),
        Some("verified_by_user"),
        "the code alone finds its sign-up, however typed"
    );
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
fn a_mail_that_failed_says_whether_the_address_is_to_blame() {
    let mut world = World::new();
    let number = world.submit("aurora");
    let id = world.find(&number).id;
    for (phase, said) in
        [("rcpt", "address refused: 550 no such user"), ("dot", "mail failed: 550 no such user")]
    {
        let conn = world.raw();
        conn.execute(
            "update outbox set state = 'failed', last_reply = '550 no such user' where record_kind = 'signup' and record_id = ?1",
            [id],
        )
        .unwrap();
        conn.execute(
            "insert into outbox_attempt (outbox_id, at, phase, outcome, reply)
             select id, 0, ?2, 'failed', '550' from outbox where record_kind = 'signup' and record_id = ?1",
            rusqlite::params![id, phase],
        )
        .unwrap();
        assert_eq!(world.reader.signup(id).unwrap().mail_trouble.as_deref(), Some(said));
        let why = world.reader.why(&world.actor("maria"), &world.find(&number)).unwrap();
        assert!(why.missing.iter().any(|line| line.contains(said)), "{:?}", why.missing);
        assert_eq!(why.waits_for, ["applicant", "approver"], "it comes back to a person");
    }
}
