//! What undo and people may do, and what comes too late.

use super::*;

#[test]
fn undo_takes_all_mail_of_an_entry_or_none() {
    let conn = db();
    let ids = [
        put(&conn, MailEvent::LogonLink, 1, Some(T0 + 30_000)),
        put(&conn, MailEvent::SignupApproved, 1, Some(T0 + 30_000)),
    ];
    assert_eq!(cancel_of_entry(&conn, 1, T0).unwrap(), Ok(ids.to_vec()));
    assert_eq!(take(&conn, "a", T0 + 60_000), None);
    restore(&conn, &ids, T0 + 90_000, T0 + 60_000).unwrap();
    assert_eq!(row(&conn, ids[0]).0, "held");
    let claimed = take(&conn, "a", T0 + 90_000).unwrap();
    let left = cancel_of_entry(&conn, 1, T0 + 90_000).unwrap().unwrap_err();
    assert_eq!(left, AlreadyLeft { to: "c0@example.net".into(), at: T0 + 90_000 });
    assert_eq!(row(&conn, ids[1]).0, "held", "nothing was taken back");
    dot(&conn, claimed.id, "a", T0 + 90_000);
    end(&conn, claimed.id, "a", (Phase::Dot, LOST), T0 + 91_000);
    assert!(cancel_of_entry(&conn, 1, T0 + 92_000).unwrap().is_err(), "it may have arrived");
    assert_eq!(cancel_of_entry(&conn, 99, T0).unwrap(), Ok(vec![]));
}

#[test]
fn people_may_cancel_what_has_not_left() {
    let conn = db();
    let secret = put(&conn, MailEvent::LogonLink, 1, None);
    assert_eq!(cancel(&conn, secret, T0).unwrap(), Ok(()));
    assert_eq!(body(&conn, secret), None);
    assert_eq!(cancel(&conn, secret, T0).unwrap(), Err(No::TakenOut));
    assert_eq!(retry(&conn, secret, T0).unwrap(), Err(No::TakenOut));
    assert_eq!(retry(&conn, 99, T0).unwrap(), Err(No::NotThere));
    let id = put(&conn, MailEvent::MailTest, 2, Some(T0 + 30_000));
    retry(&conn, id, T0).unwrap().unwrap();
    assert!(take(&conn, "a", T0).is_some(), "send now does not wait for the grace time");
    assert_eq!(cancel(&conn, id, T0).unwrap(), Err(No::Sending));
    assert_eq!(retry(&conn, id, T0).unwrap(), Err(No::Sending));
    for no in [No::NotThere, No::Sending, No::Sent, No::TakenOut, No::Wiped] {
        assert!(no.reason().ends_with('.') && no.remedy().ends_with('.'));
    }
}

#[test]
fn a_new_code_takes_the_place_of_the_old_one() {
    let conn = db();
    let old = put(&conn, MailEvent::SignupReceived, 1, None);
    let other = put(&conn, MailEvent::SignupApproved, 2, None);
    let taken =
        supersede(&conn, ("signup", 7), &[MailEvent::SignupReceived, MailEvent::SignupResent], T0).unwrap();
    assert_eq!(
        (taken.as_slice(), row(&conn, old).0.as_str(), row(&conn, other).0.as_str()),
        ([old].as_slice(), "superseded", "waiting")
    );
    assert_eq!(thread_of(&conn, "signup", 7).unwrap(), ["<1@example.org>"]);
    assert_eq!(wipe_taken_out(&conn, T0).unwrap(), 0, "undo may still want it");
    assert_eq!(wipe_taken_out(&conn, T0 + 1).unwrap(), 1);
    assert_eq!(body(&conn, old), None);
    assert_eq!(restore(&conn, &taken, T0 + 2, T0 + 2).unwrap(), 0);
}
