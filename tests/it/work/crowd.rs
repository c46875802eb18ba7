//! Sixteen desks at the same items: each is decided once, each loser is told who was first, nobody sees a lock.

use std::path::Path;
use std::sync::{Arc, Barrier};

use countersign::desk::commands::work::{DecideItem, ItemSubject, TakeItem, Verdict};
use countersign::desk::{Command, Desk, FixedClock, Settings};
use countersign::domain::permission::How;

use crate::world::{T0, World, options};

/// How many items; `COUNTERSIGN_DECISIONS=1000` for the figure of trust.md.
fn items() -> usize {
    std::env::var("COUNTERSIGN_DECISIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(20)
}

fn desk(path: &Path) -> Desk {
    Desk::open(options(path, Settings::default(), Arc::new(FixedClock::new(T0)))).unwrap()
}

fn waiting(world: &mut World, many: usize) -> Vec<i64> {
    for n in 1..=many {
        let said = world.play(&format!(
            "applicant submits crowd{n}; maria verifies REG-{n} by phone: rang; priya approves REG-{n}; jens creates REG-{n}"
        ));
        assert!(said.contains(&format!("UR-{n:06}")), "{said}");
    }
    let conn = world.raw();
    let mut statement = conn.prepare("select id from work_item where state = 'open' order by id").unwrap();
    let ids: Vec<i64> = statement.query_map([], |r| r.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(ids.len(), many);
    ids
}

/// Sixteen people press the same key on each item; gives per item what each was told.
fn press(
    world: &World,
    ids: &[i64],
    key: impl Fn(i64, usize) -> Command + Sync,
) -> Vec<Vec<Result<(), String>>> {
    let gate = Barrier::new(16);
    let path = world.path();
    let told: Vec<Vec<Result<(), String>>> = std::thread::scope(|s| {
        let hands: Vec<_> = (0..16)
            .map(|n| {
                let (path, gate, key) = (path.clone(), &gate, &key);
                s.spawn(move || {
                    let mut desk = desk(&path);
                    let login = ["maria", "maria2", "ana"][n % 3];
                    let who = desk.reader().unwrap().actor(login, How::CommandLine).unwrap();
                    gate.wait();
                    ids.iter()
                        .map(|id| desk.execute(&who, key(*id, n)).map(|_| ()).map_err(|e| e.to_string()))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        hands.into_iter().map(|h| h.join().unwrap()).collect()
    });
    (0..ids.len()).map(|i| told.iter().map(|of| of[i].clone()).collect()).collect()
}

#[test]
fn of_sixteen_who_decide_the_same_items_each_has_one_winner() {
    let mut world = World::new();
    let ids = waiting(&mut world, items());
    let told = press(&world, &ids, |id, n| {
        let verdict = if n % 2 == 0 { Verdict::Approve } else { Verdict::Reject };
        Command::DecideItem(DecideItem {
            item: ItemSubject::now(id),
            verdict,
            reason: Some("seen the passport".into()),
            fields: Vec::new(),
            to: None,
        })
    });
    for (id, told) in ids.iter().zip(told) {
        let (state, by): (String, String) = world
            .raw()
            .query_row(
                "select i.state, s.login from work_item i join staff s on s.id = i.decided_by where i.id = ?1",
                [id],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .unwrap();
        assert_eq!(told.iter().filter(|t| t.is_ok()).count(), 1, "item {id}");
        for error in told.into_iter().filter_map(Result::err) {
            assert!(error.contains(&format!("{state} by {by}")), "{error}");
        }
    }
    let history: i64 = world
        .raw()
        .query_row("select count(*) from history where kind in ('work_approved', 'work_rejected')", [], |r| {
            r.get(0)
        })
        .unwrap();
    assert_eq!(history as usize, ids.len());
    world.assert_sound();
}

#[test]
fn of_sixteen_who_take_the_same_items_each_has_one_owner() {
    let mut world = World::new();
    let ids = waiting(&mut world, 6);
    let told = press(&world, &ids, |id, _| Command::TakeItem(TakeItem { item: ItemSubject::now(id) }));
    for (id, told) in ids.iter().zip(told) {
        let owner: String = world
            .raw()
            .query_row(
                "select s.login from work_item i join staff s on s.id = i.assigned_id where i.id = ?1",
                [id],
                |r| r.get(0),
            )
            .unwrap();
        assert_eq!(told.iter().filter(|t| t.is_ok()).count(), 1, "item {id}");
        for error in told.into_iter().filter_map(Result::err) {
            assert!(error.contains(&format!("was taken by {owner}")), "{error}");
        }
    }
    world.assert_sound();
}

#[test]
fn what_a_decision_binds_to_is_of_the_moment_that_was_shown() {
    let mut world = World::new();
    waiting(&mut world, items());
    let numbers = 1..=items();
    let (path, gate) = (world.path(), Barrier::new(16));
    // What each was told is looked at in the end: who panicked at the gate would keep the others waiting.
    let told: Vec<Result<(), String>> = std::thread::scope(|s| {
        let hand = |n: usize| {
            let (path, gate, numbers) = (path.clone(), &gate, numbers.clone());
            move || {
                let mut desk = desk(&path);
                let reader = desk.reader().unwrap();
                let who = reader.actor(["maria", "maria2", "ana"][n % 3], How::CommandLine).unwrap();
                let mut look_and_decide = |number: usize| {
                    let id = reader.find(&format!("UR-{number}")).map_err(|e| e.to_string())?.id;
                    let card = reader.user_request_card(&who, id).map_err(|e| e.to_string())?;
                    let Some((item, seen)) = card.mine else {
                        return Err(format!("stale: {}", card.decided.unwrap_or_default()));
                    };
                    let approve = DecideItem {
                        item: ItemSubject::seen(item, seen),
                        verdict: Verdict::Approve,
                        reason: None,
                        fields: Vec::new(),
                        to: None,
                    };
                    let done = desk.execute(&who, Command::DecideItem(approve));
                    done.map(|_| ()).map_err(|error| format!("{}: {error}", error.kind()))
                };
                let decide = |number| {
                    gate.wait();
                    look_and_decide(number)
                };
                numbers.map(decide).collect::<Vec<_>>()
            }
        };
        let hands: Vec<_> = (0..16).map(|n| s.spawn(hand(n))).collect();
        hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
    });
    assert_eq!(told.iter().filter(|t| t.is_ok()).count(), items());
    for error in told.into_iter().filter_map(Result::err) {
        assert!(error.starts_with("stale: ") && error.contains("approved by "), "{error}");
    }
    world.assert_sound();
}
