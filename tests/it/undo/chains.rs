//! Commands, undos and redos in any order.

use proptest::prelude::*;

use super::domain;
use crate::world::World;

/// What maria may try; `N` is a sign-up.
const OPS: &[&str] = &[
    "maria approves REG-N",
    "maria rejects REG-N other: no",
    "maria withdraws REG-N: rang",
    "maria creates REG-N",
    "maria creates REG-N under C-1 as other.N",
    "maria edits REG-N city=Porto",
    "maria edits REG-N company=Aurora_N",
    "maria edits REG-N email=e@new.example",
    "maria assigns REG-N jens",
    "maria resends REG-N",
    "maria verifies REG-N by phone: rang",
    "maria rules out REG-1 for REG-N",
    "maria submits aurora",
    "maria creates REG-N by sso",
];

/// Whether the one statement that was said came to nothing.
fn failed(said: &str) -> bool {
    let outcome = said.lines().nth(1).unwrap_or_default().trim_start();
    ["refused", "invalid", "not_found", "stale"].iter().any(|word| outcome.starts_with(word))
}

fn office() -> World {
    let mut world = World::with(|s| s.signup.self_approval = true);
    world.play(
        "applicant submits aurora; applicant submits aurora2; applicant submits weiss; applicant verifies REG-1
         applicant verifies REG-2; jens creates REG-1 by sso; mail leaves",
    );
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    /// Commands, undos and redos in any order: the office is always what a stack of its states says.
    #[test]
    fn undo_and_redo_walk_along_the_states(steps in prop::collection::vec((0..OPS.len() + 8, 1..5usize), 1..14)) {
        let mut world = office();
        let mut states = vec![domain(&world)];
        let mut at = 0;
        let mut told = Vec::new();
        for (op, n) in steps {
            let (line, undo) = match OPS.get(op) {
                Some(line) => (line.replace('N', &n.to_string()), None),
                None if op < OPS.len() + 5 => ("maria undoes".to_owned(), Some(true)),
                None => ("maria redoes".to_owned(), Some(false)),
            };
            if line.contains("C-1 ") && world.reader.find("C-1").is_err() || world.reader.find(&format!("REG-{n}")).is_err() {
                continue;
            }
            let said = world.play(&line);
            told.push(said.clone());
            prop_assert!(!said.contains("bug: "), "{said}");
            let now = domain(&world);
            match undo {
                None if failed(&said) => prop_assert_eq!(&now, &states[at], "{}", said),
                None => {
                    states.truncate(at + 1);
                    states.push(now);
                    at += 1;
                }
                Some(back) => {
                    let to = if back { at.checked_sub(1) } else { Some(at + 1).filter(|n| *n < states.len()) };
                    at = to.unwrap_or(at);
                    prop_assert_eq!(&now, &states[at], "{:#?}", told);
                    prop_assert_eq!(to.is_none(), said.contains("refused by nothing_to_undo"), "{:#?}", told);
                }
            }
        }
        while at > 0 {
            let said = world.play("maria undoes");
            at -= 1;
            prop_assert_eq!(&domain(&world), &states[at], "{} {:#?}", said, told);
        }
        world.assert_sound();
    }
}

fn cases() -> u32 {
    std::env::var("COUNTERSIGN_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(24)
}
