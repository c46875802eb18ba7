//! The sample office as it is found after it was made: whole, in order, and full of things to do.

use super::*;
use crate::desk::query::customer::FILTER;
use crate::desk::query::report::Book;
use crate::desk::query::work_list::{Turns, View};
use crate::desk::query::{Anchor, Asker, ListQuery, Order};
use crate::domain::filter::parse;
use crate::domain::id::RecordKind;
use crate::domain::signup::SignupState;

/// A Tuesday morning.
const NOW: i64 = 1_772_524_800_000;

fn office(customers: usize, signups: usize) -> (Office, Desk) {
    let options = Options { customers, signups, keep: None };
    let office = make_at(&options, NOW, &mut |_, _| {}).unwrap();
    let at_now = OpenOptions { clock: Arc::new(FixedClock::new(NOW)), ..office.open.clone() };
    (office, Desk::open(at_now).unwrap())
}

#[test]
fn the_office_is_whole_and_has_every_state() {
    let (office, desk) = office(420, 60);
    assert_eq!(desk.check().unwrap(), []);
    let reader = desk.reader().unwrap();
    let tally = reader.tally(RecordKind::Signup).unwrap();
    assert_eq!(tally.len(), SignupState::ALL.len(), "{tally:?}");
    assert_eq!(tally.iter().map(|(_, n)| n).sum::<i64>(), 60);
    assert!(reader.tally(RecordKind::Customer).unwrap().iter().map(|(_, n)| n).sum::<i64>() > 420);
    let mails = reader.tally(RecordKind::Mail).unwrap();
    for state in ["sent", "waiting", "failed"] {
        assert!(mails.iter().any(|(s, n)| s == state && *n > 0), "{state} of {mails:?}");
    }
    let sent = mails.iter().find(|(state, _)| state == "sent").map_or(0, |(_, n)| *n);
    let files = std::fs::read_dir(&office.mail_folder).unwrap().count();
    assert_eq!(i64::try_from(files).unwrap(), sent, "every letter that went out lies in the folder");
    assert!(reader.actor(LOGIN, How::CommandLine).is_ok());
}

#[test]
fn history_is_in_the_order_of_time_and_spans_weeks() {
    let (_office, desk) = office(50, 60);
    let reader = desk.reader().unwrap();
    let mut entries = reader.history(None, None, 1_000).unwrap();
    entries.reverse();
    assert!(entries.len() > 150, "{}", entries.len());
    assert!(entries.windows(2).all(|pair| pair[0].at <= pair[1].at));
    assert!(entries.iter().all(|entry| entry.at <= NOW && entry.at >= NOW - OPENED_DAYS_AGO * DAY));
    assert!(entries.last().unwrap().at - entries[0].at > 40 * DAY);
}

#[test]
fn what_is_loaded_is_found_like_what_was_entered() {
    let (_office, desk) = office(600, 660);
    assert_eq!(desk.check().unwrap(), []);
    let reader = desk.reader().unwrap();
    let query = |text: &str| ListQuery {
        state: None,
        filter: parse(text, &FILTER, chrono::NaiveDate::MIN).unwrap(),
        sort: "name",
        order: Order::Ascending,
        asker: Asker { now: NOW, ..Asker::default() },
    };
    let all = reader.customers(&query(""), &Anchor::Start, 100).unwrap();
    assert_eq!(all.rows.len(), 100);
    let one = &all.rows[42];
    let found = reader.customers(&query(&one.number), &Anchor::Start, 10).unwrap();
    assert!(found.rows.iter().any(|row| row.number == one.number));
    let card = reader.customer(one.key.id).unwrap();
    assert!(!card.contacts.is_empty());
    let states = reader.tally(RecordKind::Signup).unwrap();
    assert_eq!(states.iter().map(|(_, n)| n).sum::<i64>(), 660);
    assert!(reader.signup(300).unwrap().checks.len() >= 11);
}

#[test]
fn the_requests_of_the_sample_have_been_decided_in_every_way_or_wait_for_somebody() {
    let options = Options { customers: 420, signups: 60, keep: None };
    let office = make_whole_at(&options, NOW, &mut |_, _| {}).unwrap();
    let desk =
        Desk::open(OpenOptions { clock: Arc::new(FixedClock::new(NOW)), ..office.open.clone() }).unwrap();
    assert_eq!(desk.check().unwrap(), []);
    let reader = desk.reader().unwrap();
    let decided = reader.report((Book::Work, "person"), (0, NOW)).unwrap();
    let all = decided.last().unwrap();
    assert!(all.approved > 4 && all.rejected == 1 && all.sent_back == 1, "{all:?}");
    let staff = |login: &str| reader.actor(login, How::Screen).unwrap().staff_id().unwrap();
    for (login, view, least) in [
        ("maria", View::ForMe, 6),
        ("maria", View::Submitted, 1),
        ("maria", View::Overdue, 1),
        ("jens", View::ForMe, 5),
        ("jens", View::Submitted, 2),
        ("priya", View::ForMe, 1),
    ] {
        let rows = reader.work(view, staff(login)).unwrap();
        assert!(rows.len() >= least, "{login} {view:?}: {rows:#?}");
    }
    let maria = reader.staff().unwrap().into_iter().find(|row| row.login == "maria").unwrap();
    let held = reader.turns(Turns::OfPerson(maria.id)).unwrap();
    assert_eq!((maria.open, maria.late), (i64::try_from(held.len()).unwrap(), 0));
    assert_eq!(maria.oldest, held.iter().map(|turn| turn.since).min());
    let escalated = reader.work(View::Overdue, staff("priya")).unwrap();
    assert!(escalated.iter().any(|row| row.escalations > 0), "{escalated:?}");
}
