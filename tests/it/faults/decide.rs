//! Sixteen processes at the same work items: each is decided once, whoever comes second is told who was first (exit 5),
//! history holds; and what fell due while all slept happens once when they wake together.
//!
//! Forty items by themselves; `COUNTERSIGN_DECISIONS=1000` for the figure of trust.md, which takes minutes.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::Instant;

use countersign::desk::commands::staff::{AddStaff, Traits};
use countersign::desk::{Clock, SystemClock};
use serde_json::Value;

use super::crowd::{number, submitted};
use super::office::{Office, Ran};
use crate::work::{happened, mails, newest_mail, office_in};
use crate::world::{DAY, World};

const CLERKS: usize = 16;
/// So many items are decided by one run of the programme.
const SLICE: usize = 5;

fn items() -> usize {
    std::env::var("COUNTERSIGN_DECISIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(40)
}

/// User requests that wait for any of eight approvers, and who those are.
fn waiting(office: &Office, many: usize) -> (Vec<String>, Vec<String>) {
    let logins: Vec<String> = (0..CLERKS / 2).map(|n| format!("clerk{n}")).collect();
    for login in &logins {
        office.run(&["staff", "new", login, "--name", login, "--role", "approver"]).ok();
    }
    let signups = submitted(office, many);
    let mut words = vec!["signup", "approve", "--override", "known", "--as", "maria"];
    words.extend(signups.iter().map(String::as_str));
    office.run(&words).ok();
    for signup in &signups {
        office.run(&["signup", "create", signup, "--as", "jens"]).ok();
    }
    let rows =
        office.run(&["user-request", "list", "--state", "pending_approval", "--limit", "0", "--json"]).json();
    (rows.as_array().unwrap().iter().map(number).collect(), logins)
}

/// One clerk's way through all items, beginning where the clerk stands.
fn decide_all(office: &Office, clerk: usize, login: &str, items: &[String]) -> Vec<Ran> {
    let slices: Vec<&[String]> = items.chunks(SLICE).collect();
    let mine = (0..slices.len()).map(|n| slices[(n + clerk / 4 * slices.len() / 4) % slices.len()]);
    let runs = mine.map(|slice| {
        let mut words = vec!["decide", "--jsonl", "--as", login];
        words.extend(slice.iter().map(String::as_str));
        words.extend(if clerk.is_multiple_of(2) {
            &["approve"][..]
        } else {
            &["reject", "--reason", "not seen"]
        });
        office.run(&words)
    });
    runs.collect()
}

#[test]
fn of_sixteen_processes_at_the_same_items_one_decides_each_and_the_others_are_told() {
    let office = Office::staffed();
    let many = items();
    let (numbers, logins) = waiting(&office, many);
    assert_eq!(numbers.len(), many);
    let began = Instant::now();
    let told: Vec<(String, Ran)> = std::thread::scope(|scope| {
        let clerks: Vec<_> = (0..CLERKS)
            .map(|clerk| {
                let (office, numbers, login) = (&office, &numbers, &logins[clerk / 2]);
                scope.spawn(move || {
                    let runs = decide_all(office, clerk, login, numbers);
                    runs.into_iter().map(|ran| (login.clone(), ran)).collect::<Vec<_>>()
                })
            })
            .collect();
        clerks.into_iter().flat_map(|clerk| clerk.join().unwrap()).collect()
    });
    let took = began.elapsed();

    let mut winners: BTreeMap<String, String> = BTreeMap::new();
    let mut losers = Vec::new();
    for (login, ran) in &told {
        assert!(!ran.err.contains("lock") && !ran.out.contains("locked"), "{ran:?}");
        let before = losers.len();
        let mut rows = 0;
        for line in ran.out.lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            rows += 1;
            match value.get("error") {
                Some(error) => losers.push(error.clone()),
                None => {
                    let first = winners.insert(number(&value), login.clone());
                    assert_eq!(first, None, "decided twice: {value}");
                }
            }
        }
        let status = match losers.len() - before {
            0 => 0,
            lost if lost == rows => 5,
            _ => 6,
        };
        assert_eq!(ran.status, Some(status), "{ran:?}");
    }
    assert_eq!((winners.len(), losers.len()), (many, (CLERKS - 1) * many));
    for error in &losers {
        let (first, said) = (&winners[&number(error)], error["message"].as_str().unwrap());
        assert_eq!(error["kind"], "stale", "{error}");
        assert!(said.contains(&format!("ed by {first}, ")), "who was first: {error}");
    }
    let conn = rusqlite::Connection::open(office.database()).unwrap();
    let entries: i64 = conn
        .query_row("select count(*) from history where kind in ('work_approved', 'work_rejected')", [], |r| {
            r.get(0)
        })
        .unwrap();
    assert_eq!(entries, i64::try_from(many).unwrap());
    office.assert_sound();
    println!(
        "{CLERKS} processes at {many} items: {} runs in {:.1} s, {} decided, {} told who was first",
        told.len(),
        took.as_secs_f64(),
        winners.len(),
        losers.len()
    );
}

const SLEPT_OVER: &str = r#"
[[workflow]]
document = "user_request"
name     = "Slept over"

  [[workflow.step]]
  name     = "Check identity"
  approve  = { user = "maria" }
  due      = "4 hours"
  remind   = "1 hours before"
  escalate = [{ after = "2 hours", to = { user = "priya" } }]

  [[workflow.step]]
  task = "provision_user"
"#;

#[test]
fn processes_that_wake_together_do_once_what_fell_due_while_they_slept() {
    let world = World::new();
    world.clock.set(SystemClock.now() - 30 * DAY);
    let mut world = office_in(world, SLEPT_OVER);
    let me = Command::new("id").arg("-un").output().unwrap();
    let add = AddStaff {
        login: String::from_utf8(me.stdout).unwrap().trim().to_owned(),
        name: "Whoever runs this".into(),
        email: None,
        roles: vec!["administrator".into()],
        person: None,
        traits: Traits::default(),
    };
    world.run("ana", countersign::desk::Command::AddStaff(add)).unwrap();
    std::fs::set_permissions(world.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    let before = newest_mail(&world);
    for _ in 0..2 {
        let woken: Vec<_> = (0..CLERKS)
            .map(|_| {
                // One of them sends, the others are told so; each looks at the clock first.
                let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
                command.env_clear().env("HOME", world.dir.path()).current_dir(world.dir.path());
                command.arg("--db").arg(world.path()).args(["mail", "send"]);
                command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        for child in woken {
            let ran = Ran::from(child.wait_with_output().unwrap());
            assert!(!ran.err.contains("locked"), "{ran:?}");
            let busy = ran.err.contains("Another process is sending");
            assert_eq!(ran.status, Some(i32::from(busy)), "{ran:?}");
        }
        let kinds = ["work_reminded", "work_became_overdue", "work_escalated", "work_time_ran_out"];
        let counts: Vec<usize> = happened(&world, &kinds).into_iter().map(|(_, n)| n).collect();
        // One entry, called by the weightiest; both are told to whoever has it now, and the reminder to nobody any more.
        assert_eq!(counts, [0, 0, 1, 0]);
        assert_eq!(mails(&world, before), ["work_escalated priya", "work_overdue priya"]);
    }
    world.assert_sound();
}
