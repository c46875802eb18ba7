//! The Work tab by keys alone: whoever has hundreds of these to do needs one key for each.

use countersign::tui::testing::Play;

use crate::screens::{at_the_keys, last_line};
use crate::world::World;

const SMALL: (u16, u16) = (80, 24);

/// An office where so many user requests wait for the role approver; jens submitted them.
pub fn waiting(many: usize) -> World {
    let mut world = World::new();
    for n in 1..=many {
        world.play(&format!(
            "applicant submits w{n}; maria verifies REG-{n} by phone: rang; priya approves REG-{n}; jens creates REG-{n}"
        ));
    }
    world
}

pub fn at(world: &World, login: &str, size: (u16, u16)) -> Play {
    at_the_keys(&world.options, login, size)
}

fn keys(play: &mut Play, script: &str) -> String {
    play.keys(script);
    play.screen()
}

fn count(world: &World, state: &str) -> i64 {
    let sql = "select count(*) from user_request where state = ?1";
    world.raw().query_row(sql, [state], |r| r.get(0)).unwrap()
}

#[test]
fn fifty_requests_are_decided_with_fifty_keys_and_each_card_says_what_a_decision_needs() {
    let world = waiting(50);
    let mut maria = at(&world, "maria", SMALL);
    assert!(maria.screen().contains("1 Work 50"), "{}", maria.screen());
    // One key opens the first; from there on every decision opens the next.
    maria.keys("<Enter>");
    for n in 1..=50 {
        let card = maria.screen();
        let number = format!("UR-{n:06}");
        for (what, words) in [
            ("which", number.as_str()),
            ("what", "add w"),
            ("who asks", "jens"),
            ("customer", &format!("w{n} Works")),
            ("contact", &format!("Personw{n}")),
            ("why me", "role approver"),
            ("since when", "since"),
            ("due", "due"),
            ("rule and step", "Logon for a new user · Check identity"),
            ("how verified", "by phone"),
            ("by whom verified", "rang"),
            ("checks", "checks"),
        ] {
            assert!(card.contains(words), "{what}: “{words}” of {number}:\n{card}");
        }
        maria.keys("a");
    }
    assert_eq!((count(&world, "pending_approval"), count(&world, "completed")), (0, 50));
    let empty = maria.screen();
    assert!(empty.contains("Nothing waits here") && !empty.contains("Work 50"), "{empty}");
    world.assert_sound();
}
