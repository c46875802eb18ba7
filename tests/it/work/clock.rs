//! Time goes by, leaps, goes back and is slept through: reminder, overdue, each hop and the final action happen once.

use std::sync::Arc;

use countersign::desk::{Desk, FixedClock};

use super::{happened, holders, mails, newest_mail, office, state};
use crate::world::{DAY, HOUR, T0, World, options};

const HURRIED: &str = r#"
[[workflow]]
document = "user_request"
name     = "Hurried"

  [[workflow.step]]
  name     = "Check identity"
  approve  = { user = "maria" }
  due      = "4 hours"
  remind   = "1 hours before"
  escalate = [{ after = "2 hours", to = { user = "priya" } }, { after = "2 hours", to = { role = "administrator" } }]
  finally  = "reject"

  [[workflow.step]]
  task = "provision_user"
"#;

const KINDS: [&str; 4] = ["work_reminded", "work_became_overdue", "work_escalated", "work_time_ran_out"];

fn counts(world: &World) -> Vec<usize> {
    happened(world, &KINDS).into_iter().map(|(_, n)| n).collect()
}

/// The clock shows this many hours after the request was submitted; everybody looks, and the office is reopened.
fn at(world: &mut World, hours: i64) {
    world.clock.set(T0 + hours * HOUR);
    world.desk.sweep().unwrap();
    world.reopen();
    world.desk.sweep().unwrap();
}

#[test]
fn hour_by_hour_each_thing_happens_once() {
    let mut world = office(HURRIED);
    let before = newest_mail(&world);
    #[rustfmt::skip]
    let day = [
        // hours, who has it, reminded, overdue, escalated, ended
        (2, vec!["maria"],              [0, 0, 0, 0]),
        (3, vec!["maria"],              [1, 0, 0, 0]),
        (1, vec!["maria"],              [1, 0, 0, 0]),
        (3, vec!["maria"],              [1, 0, 0, 0]),
        (4, vec!["maria"],              [1, 1, 0, 0]),
        (5, vec!["maria"],              [1, 1, 0, 0]),
        (6, vec!["priya"],              [1, 1, 1, 0]),
        (0, vec!["priya"],              [1, 1, 1, 0]),
        (7, vec!["priya"],              [1, 1, 1, 0]),
        (8, vec!["role administrator"], [1, 1, 2, 0]),
        (9, vec!["role administrator"], [1, 1, 2, 0]),
        (10, vec![],                    [1, 1, 2, 1]),
        (50, vec![],                    [1, 1, 2, 1]),
    ];
    for (hours, who, want) in day {
        at(&mut world, hours);
        assert_eq!(
            (holders(&world), counts(&world)),
            (who.into_iter().map(String::from).collect(), want.to_vec()),
            "{hours} h"
        );
    }
    assert_eq!(state(&world), "rejected");
    assert_eq!(
        mails(&world, before),
        ["work_decided jens", "work_due_soon maria", "work_escalated priya", "work_overdue maria",],
        "ana has no address"
    );
    world.assert_sound();
}

#[test]
fn after_a_long_sleep_all_of_it_happens_at_once_and_once() {
    let mut world = office(HURRIED);
    let before = newest_mail(&world);
    world.clock.set(T0 + 30 * DAY);
    let path = world.path();
    std::thread::scope(|s| {
        for _ in 0..4 {
            let path = path.clone();
            s.spawn(move || {
                let clock = Arc::new(FixedClock::new(T0 + 30 * DAY));
                let mut desk = Desk::open(options(&path, Default::default(), clock)).unwrap();
                desk.sweep().unwrap();
            });
        }
    });
    assert_eq!((state(&world).as_str(), counts(&world)), ("rejected", vec![0, 0, 0, 1]));
    assert_eq!(mails(&world, before).iter().filter(|m| *m == "work_decided jens").count(), 1);
    world.clock.set(T0);
    world.desk.sweep().unwrap();
    assert_eq!(counts(&world), [0, 0, 0, 1]);
    world.assert_sound();
}

#[test]
fn an_error_of_the_clock_stops_it_once() {
    let mut world = office(HURRIED);
    world
        .raw()
        .execute_batch("drop trigger staff_image_u; update staff set active = 0 where login = 'priya'")
        .unwrap();
    let before = newest_mail(&world);
    for hours in [6, 7, 8, 20] {
        at(&mut world, hours);
    }
    assert_eq!(happened(&world, &["workflow_stopped"])[0].1, 1);
    let (cause, culprit): (String, String) = world
        .raw()
        .query_row("select cause, culprit from workflow_instance", [], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap();
    assert_eq!((cause.as_str(), culprit.as_str()), ("Priya Rao is inactive", "priya"));
    let stopped = mails(&world, before).iter().filter(|m| m.starts_with("workflow_stopped")).count();
    assert!(stopped <= 1, "one mail at most");
}
