//! Time goes by, leaps, goes back and is slept through: reminder, overdue, each hop and the final action happen once.

use std::sync::Barrier;

use chrono_tz::Tz;
use countersign::desk::Desk;
use countersign::domain::calendar::{Calendar, Holidays, Week};

use super::{happened, holders, mails, newest_mail, office, office_in, state};
use crate::world::{DAY, HOUR, MINUTE, T0, World};

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

/// Four desks of the office, each with a connection of its own, look at the clock in the same moment.
fn all_look(world: &World) {
    let (gate, options) = (Barrier::new(4), &world.options);
    std::thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| {
                let mut desk = Desk::open(options.clone()).unwrap();
                gate.wait();
                desk.sweep().unwrap();
            });
        }
    });
}

/// The clock shows this instant; everybody looks, and the office is reopened.
fn when(world: &mut World, instant: i64) {
    world.clock.set(instant);
    all_look(world);
    world.reopen();
    world.desk.sweep().unwrap();
}

/// The same, so many hours after the request was submitted.
fn at(world: &mut World, hours: i64) {
    when(world, T0 + hours * HOUR);
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
    all_look(&world);
    assert_eq!((state(&world).as_str(), counts(&world)), ("rejected", vec![0, 0, 0, 1]));
    assert_eq!(mails(&world, before).iter().filter(|m| *m == "work_decided jens").count(), 1);
    world.clock.set(T0);
    world.desk.sweep().unwrap();
    assert_eq!(counts(&world), [0, 0, 0, 1]);
    world.assert_sound();
}

/// By the clock on the wall; the weekend before Monday is the one in which the clock is changed.
const BY_THE_WALL: &str = r#"
[[workflow]]
document = "user_request"
name     = "By the wall"

  [[workflow.step]]
  name     = "Check identity"
  approve  = { user = "maria" }
  due      = "1 working days"
  remind   = "1 working hours before"
  escalate = [{ after = "1 working hours", to = { user = "priya" } }]
  finally  = "reject"

  [[workflow.step]]
  task = "provision_user"
"#;

#[test]
fn a_night_that_is_an_hour_shorter_or_longer_moves_nothing_on_the_wall() {
    // Friday, ten by the office's clock, in UTC; and the hours from there to Monday, ten.
    for (friday, until_due) in [(1_806_051_600_000, 71), (1_824_796_800_000, 73)] {
        let berlin = Calendar::new(Tz::Europe__Berlin, Week::default(), Holidays::default()).unwrap();
        assert_eq!(berlin.wall_clock(friday)[10..], *" 10:00");
        assert_eq!(berlin.wall_clock(friday + until_due * HOUR)[10..], *" 10:00");
        let world = World::with(|settings| settings.calendar = berlin);
        world.clock.set(friday);
        let mut world = office_in(world, BY_THE_WALL);
        let before = newest_mail(&world);
        #[rustfmt::skip]
        let monday = [
            // minutes from ten, reminded, overdue, escalated, ended
            (-61, [0, 0, 0, 0]),
            (-60, [1, 0, 0, 0]),
            (-1,  [1, 0, 0, 0]),
            (0,   [1, 1, 0, 0]),
            (-60, [1, 1, 0, 0]),
            (59,  [1, 1, 0, 0]),
            (60,  [1, 1, 1, 0]),
            (119, [1, 1, 1, 0]),
            (120, [1, 1, 1, 1]),
            (60,  [1, 1, 1, 1]),
        ];
        for (minutes, want) in monday {
            when(&mut world, friday + until_due * HOUR + minutes * MINUTE);
            assert_eq!(counts(&world), want, "{until_due} h, {minutes} min from ten");
        }
        assert_eq!(
            mails(&world, before),
            ["work_decided jens", "work_due_soon maria", "work_escalated priya", "work_overdue maria"]
        );
        world.assert_sound();
    }
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
