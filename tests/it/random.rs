//! Anybody tries anything: what succeeds adds its history and its mail, what fails changes not one byte.

use countersign::desk::query::{Anchor, Asker, ListQuery, Order};
use countersign::domain::filter::Filter;
use proptest::prelude::*;

use crate::world::{World, plain};

const WHO: &[&str] = &["priya", "maria", "maria2", "jens", "tom", "olga", "applicant"];

/// `N` and `M` are sign-ups, customers or mails, there or not.
const WHAT: &[&str] = &[
    "submits aurora",
    "submits aurora2",
    "submits weiss ext form-N",
    "submits lodz",
    "verifies REG-N",
    "verifies REG-N with AAAAA-BBBBB-CCCCC",
    "verifies REG-N by phone: rang",
    "verifies REG-N by phone: ",
    "approves REG-N",
    "approves REG-N: known",
    "overrides REG-N: fair",
    "overrides REG-N",
    "rejects REG-N other: no",
    "rejects REG-N spam silently",
    "rejects REG-N nonsense",
    "withdraws REG-N: rang",
    "withdraws REG-N",
    "reopens REG-N: mistake",
    "resends REG-N",
    "assigns REG-N jens",
    "assigns REG-N nobody",
    "assigns REG-N zoe",
    "edits REG-N city=Porto",
    "edits REG-N company=",
    "edits REG-N email=n@new.example",
    "edits REG-N country=Nowhere",
    "creates REG-N",
    "creates REG-N under C-M",
    "creates REG-N by password",
    "creates REG-N by sso as boss",
    "creates REG-N template Retail",
    "creates REG-N role king",
    "rules out C-M for REG-N",
    "rules out REG-M for REG-N",
    "saves template Retail currency=EUR",
    "undoes",
    "redoes",
];

fn entries(world: &World) -> (i64, i64) {
    let count = |table: &str| {
        world.raw().query_row(&format!("select count(*) from {table}"), [], |r| r.get(0)).unwrap()
    };
    (count("history"), count("outbox"))
}

/// Codes that were wrong are counted although the command fails; nothing else is.
fn everything(world: &World) -> String {
    plain(&world.raw(), &["wrong_code"], &[])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn success_is_told_and_failure_leaves_no_trace(
        steps in prop::collection::vec((0..WHO.len(), 0..WHAT.len(), 1..4usize, 1..3usize, 0..9u8), 1..25),
        self_approval in any::<bool>(),
        workflow in prop::bool::weighted(0.8),
    ) {
        let mut world = World::with(|s| {
            s.signup.self_approval = self_approval;
            s.workflow_active = workflow;
        });
        world.play("applicant submits aurora; applicant submits aurora2; applicant verifies REG-1; applicant verifies REG-2; maria creates REG-1");
        for (who, what, n, m, late) in steps {
            let statement = format!("{} {}", WHO[who], WHAT[what].replace('N', &n.to_string()).replace('M', &m.to_string()));
            let named = statement.split_whitespace().map(|w| w.trim_end_matches(':')).filter(|w| w.contains('-') && w.chars().last().is_some_and(|c| c.is_ascii_digit()));
            if named.filter(|w| !w.starts_with("form-")).any(|w| world.reader.find(w).is_err()) {
                continue;
            }
            let coded = statement.contains("verifies") && !statement.contains(" with ") && !statement.contains("phone")
                || statement.starts_with("applicant withdraws");
            if coded && !has_code(&world, &format!("REG-{n}")) {
                continue;
            }
            if late == 0 {
                world.play("wait 31 seconds; mail leaves; clock sweeps");
            }
            let (before, (told, sent)) = (everything(&world), entries(&world));
            let said = world.play(&statement);
            let (told_now, sent_now) = entries(&world);
            prop_assert!(!said.contains("bug: ") && !said.contains("unavailable"), "{said}");
            let outcome = said.lines().nth(1).unwrap_or_default();
            if outcome.trim_start().starts_with("refused") || outcome.trim_start().starts_with("invalid") || outcome.contains("(repeated)")
                || outcome.trim_start().starts_with("not_found") || outcome.trim_start().starts_with("stale")
            {
                prop_assert_eq!(everything(&world), before, "{}", said);
                continue;
            }
            prop_assert!(told_now > told, "nothing in history: {said}");
            let promised = outcome.matches('✉').count();
            prop_assert_eq!(usize::try_from(sent_now - sent).unwrap(), promised, "{}", said);
        }
        world.assert_sound();
        tallies_agree(&world)?;
    }
}

/// Whether a code that was mailed can still be read in the outbox.
fn has_code(world: &World, number: &str) -> bool {
    let Ok(record) = world.reader.find(number) else { return false };
    world
        .raw()
        .query_row(
            "select body is not null from outbox where record = ?1 and event in ('signup_received', 'signup_resent') order by id desc limit 1",
            [record.number],
            |r| r.get(0),
        )
        .unwrap_or(false)
}

/// The counts over the list are those of the list.
fn tallies_agree(world: &World) -> Result<(), TestCaseError> {
    for (state, n) in world.reader.tally(countersign::domain::id::RecordKind::Signup).unwrap() {
        let state = countersign::domain::signup::SignupState::parse(&state).unwrap().as_str();
        let query = ListQuery {
            state: Some(state),
            filter: Filter::default(),
            sort: "number",
            order: Order::Ascending,
            asker: Asker::default(),
        };
        let rows = world.reader.signups(&query, &Anchor::Start, 500).unwrap().rows;
        prop_assert_eq!(i64::try_from(rows.len()).unwrap(), n, "{}", state);
    }
    Ok(())
}

fn cases() -> u32 {
    std::env::var("COUNTERSIGN_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(24)
}
