//! The office's own portal: told after commit, in order, at least once, never of what was undone.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use countersign::desk::commands::user_request::RetryHook;
use countersign::desk::commands::work::Verdict;
use countersign::desk::hook::HookBox;
use countersign::desk::{Command, ProvisionHook};
use countersign::domain::user_request::Action;
use countersign::mail::stop::Stop;
use countersign::provision::{Program, Tally, Worker};
use serde_json::Value;

use super::{asked, card, decide, office, other_role, outcome, submitted};
use crate::world::{DAY, MINUTE, World};

/// A portal: a script that keeps what it reads, one line each, and says no while the file `closed` is there.
struct Portal {
    dir: PathBuf,
    program: Program,
}

impl Portal {
    fn of(world: &World) -> Portal {
        let dir = world.dir.path().join("portal");
        std::fs::create_dir(&dir).unwrap();
        let path = dir.join("take");
        let text = format!(
            "#!/bin/sh\nif [ -e {0}/closed ]; then cat > /dev/null; echo 'the portal is closed' >&2; exit 7; fi\ncat >> {0}/users\n",
            dir.display()
        );
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        let command = vec![path.display().to_string()];
        Portal { dir, program: Program { command, deadline: Duration::from_secs(60) } }
    }

    fn closed(&self) {
        std::fs::write(self.dir.join("closed"), "").unwrap();
    }

    fn opened(&self) {
        std::fs::remove_file(self.dir.join("closed")).unwrap();
    }

    fn pass(&self, world: &World) -> Tally {
        let hooks = HookBox::open(&world.options).unwrap();
        Worker::new(hooks, self.program.clone(), Stop::new()).run_once().unwrap()
    }

    fn users(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.dir.join("users")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn told() -> (World, Portal) {
    let world = office(|settings| settings.provision_hook = ProvisionHook::On);
    let portal = Portal::of(&world);
    (world, portal)
}

fn taken(taken: usize) -> Tally {
    Tally { taken, ..Tally::default() }
}

#[test]
fn a_new_user_waits_for_the_grace_time_and_is_then_told_once() {
    let (world, portal) = told();
    assert_eq!(portal.pass(&world), taken(0), "undo could still take it back");
    assert_eq!(card(&world, "tom", "UR-1").hook.unwrap().state, "held");
    world.clock.advance(31_000);
    assert_eq!(portal.pass(&world), taken(1));
    assert_eq!(portal.pass(&world), taken(0));
    let users = portal.users();
    let get = |name: &str| users[0][name].as_str().unwrap_or_default().to_owned();
    assert_eq!(users.len(), 1);
    assert_eq!(
        [get("action"), get("user_name"), get("role"), get("user_request")],
        ["add", "ana", "customer", "UR-000001"]
    );
    assert_eq!(
        (&users[0]["customer"]["number"], &users[0]["contact"]["number"]),
        (&"C-000001".into(), &"CON-000001".into())
    );
    assert_eq!((&users[0]["event"], &users[0]["attempt"]), (&1.into(), &1.into()));
    let text = users[0].to_string().to_lowercase();
    assert!(!text.contains("token") && !text.contains("hash") && !text.contains("argon"), "{text}");
    assert_eq!(card(&world, "tom", "UR-1").hook.unwrap().state, "done");
}

#[test]
fn what_is_undone_in_time_is_never_told_and_what_was_told_is_not_undone() {
    let (mut world, portal) = told();
    let said = world.play("maria undoes");
    assert!(said.contains("UR") || said.contains("undo"), "{said}");
    world.clock.advance(31_000);
    assert_eq!(portal.pass(&world), taken(0));
    assert!(portal.users().is_empty() && world.reader.portal_user("ana").is_err());
    let said = world.play("maria redoes");
    assert!(!said.contains("refused"), "{said}");
    world.clock.advance(31_000);
    assert_eq!(portal.pass(&world), taken(1));
    assert_eq!(portal.users()[0]["user_name"], "ana");
    let said = world.play("maria undoes");
    assert!(said.contains("refused by portal_told") && said.contains("inactivate"), "{said}");
    world.assert_sound();
}

#[test]
fn a_failure_is_shown_and_tried_again_and_later_changes_of_the_same_user_wait() {
    let (mut world, portal) = told();
    portal.closed();
    let (number, id) = submitted(&mut world, "tom", other_role());
    decide(&mut world, "maria", &number, Verdict::Approve).unwrap();
    world.clock.advance(31_000);
    assert_eq!(
        portal.pass(&world),
        Tally { waiting: 1, ..Tally::default() },
        "the later one waits for the first"
    );
    let hook = card(&world, "tom", "UR-1").hook.unwrap();
    assert_eq!((hook.state.as_str(), hook.attempts), ("waiting", 1));
    assert_eq!(hook.last_error.as_deref(), Some("exit status 7: the portal is closed"));
    assert_eq!(card(&world, "tom", "UR-1").row.hook_error, hook.last_error);
    let health = world.reader.hook_health().unwrap();
    assert_eq!((health.waiting, health.troubled, health.failed), (2, 1, 0));
    portal.opened();
    assert_eq!(portal.pass(&world), taken(0), "not before its minute is over");
    world.clock.advance(MINUTE);
    assert_eq!(portal.pass(&world), taken(2));
    let roles: Vec<String> =
        portal.users().iter().map(|user| user["role"].as_str().unwrap().to_owned()).collect();
    assert_eq!(roles, ["customer", "customer_admin"], "in order");
    assert_eq!(portal.users()[0]["attempt"], 2);
    assert_eq!(
        outcome(&world.run("tom", Command::RetryHook(RetryHook { id }))),
        "illegal_move",
        "nothing failed"
    );
}

#[test]
fn after_five_days_a_person_must_look_and_a_retry_begins_anew() {
    let (mut world, portal) = told();
    portal.closed();
    world.clock.advance(31_000);
    let mut passes = 0;
    while card(&world, "tom", "UR-1").hook.unwrap().state != "failed" {
        portal.pass(&world);
        world.clock.advance(61 * MINUTE);
        passes += 1;
        assert!(passes < 200, "it never gives up");
    }
    assert!(passes > 100, "hourly for five days: {passes}");
    assert_eq!(world.reader.failed_user_requests().unwrap(), 1);
    let id = world.find("UR-1").id;
    portal.opened();
    world.clock.advance(DAY);
    assert_eq!(portal.pass(&world), taken(0), "it waits for a person");
    assert_eq!(outcome(&world.run("olga", Command::RetryHook(RetryHook { id }))), "permission");
    world.run("tom", Command::RetryHook(RetryHook { id })).unwrap();
    assert_eq!(portal.pass(&world), taken(1));
    assert_eq!(world.reader.failed_user_requests().unwrap(), 0);
    world.assert_sound();
}

#[test]
fn whoever_dies_with_an_event_loses_it_to_the_next_after_its_lease() {
    let (world, portal) = told();
    world.clock.advance(31_000);
    let mut dead = HookBox::open(&world.options).unwrap();
    let event = dead.claim("dead", 90_000).unwrap().expect("it is due");
    assert_eq!(portal.pass(&world), taken(0), "it is leased");
    world.clock.advance(90_000);
    assert_eq!(portal.pass(&world), taken(1));
    assert_eq!((&portal.users()[0]["event"], &portal.users()[0]["attempt"]), (&event.id.into(), &2.into()));
    let late = dead.settle(event.id, "dead", &countersign::desk::hook::Ended::Done).unwrap();
    assert_eq!(late, countersign::desk::hook::Settled::NotOurs);
}

#[test]
fn a_clock_that_was_set_back_holds_up_nothing() {
    let (world, portal) = told();
    world.clock.advance(-10 * DAY);
    assert_eq!(portal.pass(&world), taken(1));
}

#[test]
fn without_a_program_nothing_is_kept_for_one() {
    let mut world = office(|_| {});
    let (number, _) = submitted(&mut world, "tom", asked(Action::Inactivate));
    decide(&mut world, "maria", &number, Verdict::Approve).unwrap();
    assert!(card(&world, "tom", &number).hook.is_none());
    let events: i64 =
        world.raw().query_row("select count(*) from provision_event", [], |r| r.get(0)).unwrap();
    assert_eq!(events, 0);
}
