//! Leases, doubt, schedule, pause.

use super::*;

#[test]
fn one_mail_goes_out_once() {
    let conn = db();
    let id = put(&conn, MailEvent::SignupApproved, 1, Some(T0 + 30_000));
    assert_eq!(row(&conn, id).0, "held");
    assert_eq!(next_due(&conn).unwrap(), Some(T0 + 30_000));
    assert_eq!(take(&conn, "a", T0 + 29_999), None);
    let claimed = take(&conn, "a", T0 + 30_000).unwrap();
    assert_eq!((claimed.id, claimed.attempts, claimed.body.as_slice()), (id, 1, &b"body\r\n"[..]));
    assert_eq!(take(&conn, "b", T0 + 30_001), None, "it is leased");
    assert!(dot(&conn, id, "a", T0 + 31_000));
    assert!(!dot(&conn, id, "a", T0 + 31_000), "a dot is entered once");
    assert_eq!(end(&conn, id, "a", (Phase::Dot, None), T0 + 32_000), Settled::Sent);
    assert_eq!(row(&conn, id), ("sent".into(), 1, 0));
    assert_eq!(body(&conn, id).as_deref(), Some(&b"body\r\n"[..]));
    assert_eq!(next_due(&conn).unwrap(), None);
    assert_eq!(attempts(&conn, id), ["dot sent"]);
}

#[test]
fn a_secret_is_wiped_when_it_was_accepted_and_not_before() {
    let conn = db();
    let id = put(&conn, MailEvent::LogonLink, 1, None);
    take(&conn, "a", T0).unwrap();
    end(&conn, id, "a", (Phase::Rcpt, reply(450)), T0);
    assert!(body(&conn, id).is_some());
    let later = T0 + 10 * MINUTE_MS;
    take(&conn, "a", later).unwrap();
    dot(&conn, id, "a", later);
    end(&conn, id, "a", (Phase::Dot, None), later);
    assert_eq!(body(&conn, id), None);
    assert_eq!(retry(&conn, id, later).unwrap(), Err(No::Sent));
}

#[test]
fn a_lease_that_ran_out_is_somebody_elses() {
    let conn = db();
    let id = put(&conn, MailEvent::SignupApproved, 1, None);
    take(&conn, "slow", T0).unwrap();
    let later = T0 + CLAIM_LEASE_MS;
    assert_eq!(take(&conn, "quick", later).unwrap().attempts, 2);
    assert!(!dot(&conn, id, "slow", later), "no dot without the lease");
    assert_eq!(end(&conn, id, "slow", (Phase::Dot, None), later), Settled::NotOurs);
    assert!(dot(&conn, id, "quick", later));
    assert_eq!(end(&conn, id, "quick", (Phase::Dot, None), later), Settled::Sent);
    assert_eq!(row(&conn, id), ("sent".into(), 2, 0), "nobody entered the dot, so there is no doubt");
    assert_eq!(attempts(&conn, id), ["body retry", "dot sent"]);
}

#[test]
fn dying_after_the_dot_is_foretold() {
    let conn = db();
    let id = put(&conn, MailEvent::SignupApproved, 1, None);
    take(&conn, "dies", T0).unwrap();
    dot(&conn, id, "dies", T0);
    assert_eq!(take(&conn, "next", T0 + DOT_LEASE_MS - 1), None);
    let claimed = take(&conn, "next", T0 + DOT_LEASE_MS).unwrap();
    assert_eq!((claimed.unsure, claimed.attempts), (1, 2));
    assert_eq!(attempts(&conn, id), ["dot unsure"]);
}

#[test]
fn what_may_go_out_only_once_waits_for_a_person() {
    for lost_by_us in [true, false] {
        let conn = db();
        let id = put(&conn, MailEvent::LogonTemporary, 1, None);
        take(&conn, "a", T0).unwrap();
        dot(&conn, id, "a", T0);
        let later = T0 + DOT_LEASE_MS;
        if lost_by_us {
            assert_eq!(take(&conn, "b", later), None);
        } else {
            let settled = end(&conn, id, "a", (Phase::Dot, LOST), later);
            assert_eq!(settled, Settled::Failed { address_refused: AddressRefused::No });
        }
        assert_eq!(row(&conn, id), ("failed".into(), 1, 1));
        let words: String = conn.query_row("select last_reply from outbox", [], |r| r.get(0)).unwrap();
        assert!(words.starts_with("it may have arrived already"), "{words}");
        // A person may say: send it all the same.
        retry(&conn, id, later).unwrap().unwrap();
        assert_eq!(take(&conn, "c", later).unwrap().unsure, 1);
    }
}

#[test]
fn the_schedule() {
    let conn = db();
    let id = put(&conn, MailEvent::SignupApproved, 1, None);
    let mut now = T0;
    for minutes in [1, 5, 15, 30, 60, 60, 60] {
        take(&conn, "a", now).unwrap();
        end(&conn, id, "a", (Phase::Data, reply(451)), now);
        let wait = next_at(&conn, id).unwrap() - now;
        let (low, high) = (minutes * MINUTE_MS * 8 / 10, minutes * MINUTE_MS * 12 / 10);
        assert!((low..=high).contains(&wait), "{wait} is not {minutes} min ± 20 %");
        now += wait;
    }
}

#[test]
fn greylisting_gets_its_five_minutes() {
    let conn = db();
    let id = put(&conn, MailEvent::SignupApproved, 1, None);
    take(&conn, "a", T0).unwrap();
    end(&conn, id, "a", (Phase::Rcpt, reply(451)), T0);
    let wait = next_at(&conn, id).unwrap() - T0;
    assert!((4 * MINUTE_MS..=6 * MINUTE_MS).contains(&wait), "{wait}");
}

#[test]
fn after_five_days_a_person_has_to_look() {
    let conn = db();
    let id = put(&conn, MailEvent::SignupApproved, 1, None);
    let mut now = T0;
    let mut tries = 0;
    while row(&conn, id).0 != "failed" {
        take(&conn, "a", now).unwrap();
        end(&conn, id, "a", (Phase::Rcpt, LOST), now);
        now = next_at(&conn, id).unwrap_or(now);
        tries += 1;
    }
    let days = (now - T0) / (24 * 60 * MINUTE_MS);
    assert!(days == 5 && (100..160).contains(&tries), "{days} days, {tries} tries");
    // Trying again begins the five days anew.
    retry(&conn, id, now).unwrap().unwrap();
    take(&conn, "a", now).unwrap();
    let settled = end(&conn, id, "a", (Phase::Rcpt, LOST), now);
    assert!(matches!(settled, Settled::Waiting { .. }), "{settled:?}");
}

#[test]
fn a_server_in_trouble_holds_up_all_mail_but_not_for_ever() {
    let conn = db();
    let first = put(&conn, MailEvent::SignupApproved, 1, None);
    let second = put(&conn, MailEvent::SignupApproved, 2, None);
    take(&conn, "a", T0).unwrap();
    end(&conn, first, "a", (Phase::Connect, LOST), T0);
    assert_eq!(take(&conn, "a", T0 + 1), None, "the second one is not tried either");
    let health = health(&conn, T0 + 1).unwrap();
    assert_eq!((health.words().as_str(), health.alarm_since), ("trying again · 2 waiting", None));
    let due = next_due(&conn).unwrap().unwrap();
    assert!((48_000..=72_000).contains(&(due - T0)), "{}", due - T0);
    assert_eq!(take(&conn, "a", due).unwrap().id, second);
    dot(&conn, second, "a", due);
    end(&conn, second, "a", (Phase::Dot, None), due);
    assert_eq!(crate::desk::outbox::health(&conn, due).unwrap().queue, QueueState::Ok);
    assert_eq!(crate::desk::outbox::health(&conn, due).unwrap().last_ok_at, Some(due));
}

#[test]
fn an_hour_of_trouble_is_an_alarm() {
    let conn = db();
    let id = put(&conn, MailEvent::SignupApproved, 1, None);
    let mut now = T0;
    while now - T0 < 60 * MINUTE_MS {
        take(&conn, "a", now).unwrap();
        end(&conn, id, "a", (Phase::Banner, reply(421)), now);
        now = next_due(&conn).unwrap().unwrap();
    }
    let health = health(&conn, now).unwrap();
    assert_eq!(health.alarm_since, Some(T0));
    assert_eq!(health.words(), "not going out · 1 waiting");
}

#[test]
fn a_bad_password_stops_the_queue_until_a_person_releases_it() {
    let conn = db();
    let first = put(&conn, MailEvent::SignupApproved, 1, None);
    put(&conn, MailEvent::SignupApproved, 2, None);
    take(&conn, "a", T0).unwrap();
    assert_eq!(end(&conn, first, "a", (Phase::Auth, reply(535)), T0), Settled::Paused);
    let tomorrow = T0 + 24 * 60 * MINUTE_MS;
    assert_eq!(take(&conn, "a", tomorrow), None);
    assert_eq!(next_due(&conn).unwrap(), None);
    let health = health(&conn, tomorrow).unwrap();
    assert_eq!(health.words(), "paused: auth: words · 2 waiting");
    assert_eq!(health.alarm_since, Some(T0));
    assert_eq!(unpause(&conn, tomorrow).unwrap(), 1);
    assert!(take(&conn, "a", tomorrow).is_some() && take(&conn, "b", tomorrow).is_some());
}

#[test]
fn a_refused_address_fails_its_row_and_nothing_else() {
    let conn = db();
    let first = put(&conn, MailEvent::SignupApproved, 1, None);
    let second = put(&conn, MailEvent::SignupApproved, 2, None);
    take(&conn, "a", T0).unwrap();
    let settled = end(&conn, first, "a", (Phase::Rcpt, reply(550)), T0);
    assert_eq!(settled, Settled::Failed { address_refused: AddressRefused::Yes });
    assert_eq!(take(&conn, "a", T0).unwrap().id, second);
    assert_eq!(health(&conn, T0).unwrap().words(), "ok · 1 waiting · 1 failed");
}

#[test]
fn giving_back_is_as_if_never_tried() {
    let conn = db();
    let id = put(&conn, MailEvent::SignupApproved, 1, None);
    take(&conn, "a", T0).unwrap();
    let released = Settlement { verdict: Verdict::Released, phase: Phase::Body, reply: "stopped".into() };
    settle(&conn, Hold { id, owner: "a" }, &released, T0).unwrap();
    assert_eq!(row(&conn, id), ("waiting".into(), 0, 0));
    assert!(take(&conn, "b", T0).is_some());
}

#[test]
fn a_clock_that_was_set_back_holds_nothing_up() {
    let conn = db();
    put(&conn, MailEvent::SignupApproved, 1, None);
    let leased = put(&conn, MailEvent::SignupApproved, 2, None);
    take(&conn, "a", T0).unwrap();
    take(&conn, "a", T0).unwrap();
    let last_year = T0 - 365 * 24 * 60 * MINUTE_MS;
    assert!(take(&conn, "b", last_year).is_some() && take(&conn, "b", last_year).is_some());
    assert!(!dot(&conn, leased, "a", last_year));
}

#[test]
fn finding_the_due_row_reads_no_other() {
    let conn = db();
    for sql in [
        "select id from outbox indexed by outbox_due where state in ('held','waiting','sending') and next_at <= 1
         order by next_at, id limit 1",
        "select min(next_at) from outbox indexed by outbox_due where state in ('held','waiting','sending')",
    ] {
        let plan: Vec<String> = conn
            .prepare(&format!("explain query plan {sql}"))
            .unwrap()
            .query_map([], |r| r.get("detail"))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(plan[0].contains("outbox_due") && plan.len() == 1, "{plan:?}");
    }
}

/// Workers that die at any step, servers that lose replies: nothing is lost, every extra copy was
/// foretold.
#[test]
fn random_deaths() {
    use rand::{RngExt, SeedableRng};
    for seed in 0..40 {
        let conn = db();
        let mut rng = rand::rngs::SmallRng::seed_from_u64(seed);
        let ids: Vec<i64> = (0..20).map(|n| put(&conn, MailEvent::SignupApproved, n, None)).collect();
        let mut arrived: BTreeMap<i64, i64> = BTreeMap::new();
        let mut now = T0;
        for step in 0.. {
            assert!(step < 20_000, "it does not end");
            let owner = format!("w{step}");
            let Some(claimed) = take(&conn, &owner, now) else {
                match next_due(&conn).unwrap() {
                    Some(at) => now = now.max(at),
                    None => break,
                }
                continue;
            };
            let id = claimed.id;
            match rng.random_range(0..10) {
                0 => {}
                1 => drop(end(&conn, id, &owner, (Phase::Connect, LOST), now)),
                2 => drop(end(&conn, id, &owner, (Phase::Body, LOST), now)),
                _ => {
                    // Another worker may have taken the row meanwhile.
                    if rng.random_range(0..10) == 0 {
                        now += CLAIM_LEASE_MS;
                        take(&conn, "thief", now);
                    }
                    if dot(&conn, id, &owner, now) {
                        let accepted = rng.random_range(0..4) > 0;
                        *arrived.entry(id).or_default() += i64::from(accepted);
                        match (rng.random_range(0..4), accepted) {
                            (0, _) => {}
                            (1, _) => drop(end(&conn, id, &owner, (Phase::Dot, LOST), now)),
                            (_, true) => drop(end(&conn, id, &owner, (Phase::Dot, None), now)),
                            (_, false) => drop(end(&conn, id, &owner, (Phase::Dot, reply(451)), now)),
                        }
                    }
                }
            }
        }
        for id in ids {
            let (state, _, unsure) = row(&conn, id);
            let copies = arrived.get(&id).copied().unwrap_or(0);
            assert_eq!(state, "sent", "seed {seed}");
            assert!(copies >= 1, "seed {seed}: mail {id} is marked as sent and never arrived");
            assert!(copies - 1 <= unsure, "seed {seed}: {copies} copies, {unsure} foretold");
        }
    }
}
