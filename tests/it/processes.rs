//! Several threads and real processes on one file, some of them killed: nothing shown as done is lost, nothing is half
//! done, nobody sees a lock (trust.md, Faults).

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};
use std::sync::{Arc, Barrier};

use countersign::desk::commands::signup::{ApproveSignup, CreateCustomer, Subject, VerifyByPhone};
use countersign::desk::commands::work::{DecideItem, ItemSubject, Verdict};
use countersign::desk::{Command, Desk, Error, FixedClock, Settings};
use countersign::domain::permission::{Actor, How};
use rand::RngExt;
use rusqlite::Connection;

use crate::world::{T0, World, options, submission};

/// Set in a process that a test started: what it is to do, and on which file.
const ROLE: &str = "COUNTERSIGN_TEST_ROLE";

fn desk(path: &Path) -> Desk {
    Desk::open(options(path, Settings::default(), Arc::new(FixedClock::new(T0)))).unwrap()
}

fn actor(desk: &Desk, login: &str) -> Actor {
    desk.reader().unwrap().actor(login, How::CommandLine).unwrap()
}

fn create(subject: Subject) -> Command {
    Command::CreateCustomer(Box::new(CreateCustomer {
        subject,
        existing: None,
        template: None,
        values: Default::default(),
        contact: None,
        twin: countersign::desk::commands::signup::Twin::Refuse,
        role: None,
        authentication: None,
        user_name: None,
        note: None,
    }))
}

/// This binary again, as another process that plays `role`.
fn child(role: &str) -> Child {
    Process::new(std::env::current_exe().unwrap())
        .args(["processes::played_by_a_child", "--exact", "--nocapture", "--test-threads=1"])
        .env(ROLE, role)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

/// The part of a process that another test started; alone it has none.
#[test]
fn played_by_a_child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let words: Vec<&str> = role.split('|').collect();
    let [path, name, many, until] = words.as_slice() else { panic!("{role}") };
    let mut desk = desk(Path::new(path));
    for n in 0..many.parse().unwrap() {
        let (number, request) = created(&mut desk, &format!("{name}{n}"));
        if *until == "decided" {
            decide(&mut desk, &number, request);
        }
    }
}

/// Says on standard output what is done.
fn tell(word: &str, number: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nack {word} {number}").unwrap();
    out.flush().unwrap();
}

/// Submit, verify and create, each told once it is done; gives the number and the user request.
fn created(desk: &mut Desk, party: &str) -> (String, i64) {
    let (tom, maria, jens) = (actor(desk, "tom"), actor(desk, "maria"), actor(desk, "jens"));
    let submitted = desk.execute(&Actor::applicant(How::Import, &tom), submission(party)).unwrap();
    let record = submitted.record.unwrap();
    tell("requested", &record.number);
    let subject = Subject::now(record.id);
    let verify = VerifyByPhone { subject: subject.clone(), note: "rang".into() };
    desk.execute(&maria, Command::VerifyByPhone(verify)).unwrap();
    tell("verified_by_user", &record.number);
    let created = desk.execute(&jens, create(subject)).unwrap();
    tell("created", &record.number);
    let request = created.made.iter().find(|made| made.number.starts_with("UR-")).expect("create makes it");
    (record.number, request.id)
}

/// The workflow's decision, and with it portal user and logon mail.
fn decide(desk: &mut Desk, number: &str, request: i64) {
    let maria = actor(desk, "maria");
    let (item, seen) = desk.reader().unwrap().user_request_card(&maria, request).unwrap().mine.unwrap();
    let approve = DecideItem {
        item: ItemSubject::seen(item, seen),
        verdict: Verdict::Approve,
        reason: None,
        fields: Vec::new(),
        to: None,
    };
    desk.execute(&maria, Command::DecideItem(approve)).unwrap();
    tell("decided", number);
}

#[test]
fn two_creating_the_same_customer_make_one() {
    let mut world = World::new();
    let numbers: Vec<String> = (0..12).map(|n| world.verified(&format!("same{n}"))).collect();
    let ids: Vec<i64> = numbers.iter().map(|n| world.find(n).id).collect();
    let gate = Barrier::new(2);
    let (path, ids, gate) = (world.path(), &ids, &gate);
    let press = |login: &'static str| {
        let path = path.clone();
        move || {
            let mut desk = desk(&path);
            let who = actor(&desk, login);
            ids.iter()
                .map(|id| {
                    gate.wait();
                    desk.execute(&who, create(Subject::now(*id))).map(|_| ())
                })
                .collect::<Vec<_>>()
        }
    };
    let (maria, jens) = std::thread::scope(|s| {
        let (a, b) = (s.spawn(press("maria")), s.spawn(press("jens")));
        (a.join().unwrap(), b.join().unwrap())
    });
    for (a, b) in maria.into_iter().zip(jens) {
        let (told, first) = match (a, b) {
            (Ok(()), Err(told)) => (told, "maria"),
            (Err(told), Ok(())) => (told, "jens"),
            (a, b) => panic!("{a:?} {b:?}"),
        };
        assert!(told.to_string().contains(&format!("customer created by {first}")), "{told}");
    }
    let customers: i64 = world.raw().query_row("select count(*) from customer", [], |r| r.get(0)).unwrap();
    assert_eq!(customers, 12);
    world.assert_sound();
}

#[test]
fn of_four_who_approve_the_same_pile_each_item_has_one_winner() {
    let mut world = World::new();
    let numbers: Vec<String> = (0..40).map(|n| world.verified(&format!("pile{n}"))).collect();
    let seen: Vec<Subject> = numbers
        .iter()
        .map(|n| {
            let id = world.find(n).id;
            Subject::seen(id, world.reader.signup(id).unwrap().seen)
        })
        .collect();
    let (path, seen) = (world.path(), &seen);
    let won: usize = std::thread::scope(|s| {
        let hands: Vec<_> = ["maria", "jens", "priya", "maria2"]
            .into_iter()
            .map(|login| {
                let path = path.clone();
                s.spawn(move || {
                    let mut desk = desk(&path);
                    let who = actor(&desk, login);
                    let mut won = 0;
                    for subject in seen {
                        let approve =
                            ApproveSignup { subject: subject.clone(), note: None, override_reason: None };
                        match desk.execute(&who, Command::ApproveSignup(approve)) {
                            Ok(_) => won += 1,
                            Err(Error::Stale { message, .. }) => {
                                assert!(message.contains("sign-up approved"), "{message}")
                            }
                            Err(other) => panic!("{other}"),
                        }
                    }
                    won
                })
            })
            .collect();
        hands.into_iter().map(|h| h.join().unwrap()).sum()
    });
    assert_eq!(won, 40);
    world.assert_sound();
}

#[test]
fn eight_writers_never_see_a_lock() {
    const EACH: usize = 200;
    let world = World::new();
    let path = world.path();
    // Each life is three commands.
    let lives = EACH / 3 + 1;
    let children: Vec<Child> =
        (0..4).map(|n| child(&format!("{}|p{n}x|{lives}|created", path.display()))).collect();
    std::thread::scope(|s| {
        for n in 0..4 {
            let path = path.clone();
            s.spawn(move || {
                let mut desk = desk(&path);
                let tom = actor(&desk, "tom");
                for i in 0..EACH {
                    desk.execute(&tom, submission(&format!("t{n}x{i}"))).unwrap();
                }
            });
        }
    });
    for child in children {
        let out = child.wait_with_output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
        assert_eq!(acks(&String::from_utf8_lossy(&out.stdout)).len(), lives);
    }
    let (n, numbers): (i64, i64) = world
        .raw()
        .query_row("select count(*), max(substr(number, 5) + 0) from signup", [], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
        .unwrap();
    let made = i64::try_from(4 * EACH + 4 * lives).unwrap();
    assert_eq!((n, numbers), (made, made), "every number once, none left out");
    nothing_half(&world.raw());
    world.assert_sound();
}

/// The furthest state that was told of each sign-up.
fn acks(out: &str) -> std::collections::BTreeMap<String, String> {
    out.lines()
        .filter_map(|l| l.strip_prefix("ack "))
        .filter_map(|l| l.split_once(' '))
        .map(|(state, number)| (number.to_owned(), state.to_owned()))
        .collect()
}

#[test]
fn who_is_killed_at_any_moment_loses_nothing_that_was_told() {
    let rounds: u32 = std::env::var("COUNTERSIGN_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    let world = World::new();
    let mut rng = rand::rng();
    let mut told = 0;
    for round in 0..rounds {
        let mut child = child(&format!("{}|k{round}x|1000|decided", world.path().display()));
        let out = child.stdout.take().unwrap();
        let mut heard = String::new();
        let wanted = rng.random_range(0..12);
        let mut lines = BufReader::new(out).lines();
        while heard.matches("ack ").count() < wanted {
            let line = lines.next().expect("it goes on until it is killed").unwrap();
            heard.push_str(&format!("{line}\n"));
        }
        // Anywhere within the next transaction or two.
        for _ in 0..rng.random_range(0..200_000) {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What it still wrote before it died was told as well.
        for line in lines.map_while(Result::ok) {
            heard.push_str(&format!("{line}\n"));
        }
        let conn = world.raw();
        let order = ["requested", "verified_by_user", "approved", "created", "decided"];
        let rank = |state: &str| order.iter().position(|s| *s == state).unwrap();
        for (number, state) in acks(&heard) {
            let is: String = conn
                .query_row(
                    "select iif(u.state = 'completed', 'decided', s.state) from signup s
                     left join user_request u on u.id = s.user_request_id where s.number = ?1",
                    [&number],
                    |r| r.get(0),
                )
                .unwrap();
            assert!(rank(&is) >= rank(&state), "{number} was told to be {state} and is {is}");
            told += 1;
        }
        nothing_half(&conn);
    }
    assert!(told > 0);
    world.assert_sound();
}

/// Every command's rows are there together with its history and its mail, or none of them.
fn nothing_half(conn: &Connection) {
    for (what, sql) in [
        ("a sign-up without its entry, code, checks or mail",
         "select count(*) from signup s where (select count(*) from history where kind = 'signup_submitted' and record_id = s.id) <> 1
            or not exists (select 1 from signup_code where signup_id = s.id) or not exists (select 1 from signup_check where signup_id = s.id)
            or not exists (select 1 from outbox where event = 'signup_received' and record = s.number)"),
        ("a created sign-up without all that create makes",
         "select count(*) from signup s where state = 'created' and not exists (
            select 1 from customer c join customer_contact cc on cc.customer_id = c.id join user_request u on u.id = s.user_request_id
            where c.id = s.customer_id and c.signup_id = s.id and cc.contact_id = s.contact_id and u.state in ('pending_approval', 'completed'))"),
        ("a user request that waits for nobody",
         "select count(*) from user_request u where u.state <> 'completed' and 1 <> (
            select count(*) from workflow_instance n join work_item i on i.instance_id = n.id
            where n.document_id = u.id and n.state = 'running' and i.state = 'open' and i.role_id is not null)"),
        ("a decided request without all that the decision makes",
         "select count(*) from user_request u where u.state = 'completed' and not exists (
            select 1 from workflow_instance n join work_item i on i.instance_id = n.id join portal_user p on p.user_request_id = u.id
            join outbox o on o.event like 'logon%' and o.record_kind = 'user_request' and o.record_id = u.id
            where n.document_id = u.id and n.state = 'completed' and i.state = 'approved')"),
        ("a customer of no sign-up", "select count(*) from customer c where not exists (select 1 from signup where customer_id = c.id and state = 'created')"),
        ("a mail of no entry", "select count(*) from outbox o where not exists (select 1 from history where id = o.entry_id)"),
        ("an open entry", "select count(*) from history_open where entry_id is not null"),
    ] {
        let n: i64 = conn.query_row(sql, [], |r| r.get(0)).unwrap();
        assert_eq!(n, 0, "{what}");
    }
}

#[test]
fn readers_see_what_others_commit_and_only_that() {
    let mut world = World::new();
    let version = world.reader.data_version().unwrap();
    assert_eq!(world.reader.data_version().unwrap(), version);
    let mut other = desk(&world.path());
    let applicant = world.applicant();
    other.preview(&applicant, vec![submission("aurora")]).pop().unwrap().unwrap();
    assert_eq!(world.reader.data_version().unwrap(), version, "a preview is never seen");
    other.execute(&applicant, submission("aurora")).unwrap();
    assert_ne!(world.reader.data_version().unwrap(), version);
    assert!(world.play("maria assigns REG-1 jens").contains("= requested"), "the first desk sees it too");
}

#[test]
fn sixteen_opening_a_new_file_at_once_make_one_office() {
    for _ in 0..8 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("office.db");
        let gate = Barrier::new(16);
        let fresh: Vec<bool> = std::thread::scope(|s| {
            let open = || {
                gate.wait();
                let opened = desk(&path);
                matches!(opened.migrated(), countersign::desk::Migrated::Fresh)
            };
            let hands: Vec<_> = (0..16).map(|_| s.spawn(open)).collect();
            hands.into_iter().map(|h| h.join().unwrap()).collect()
        });
        assert_eq!(fresh.iter().filter(|f| **f).count(), 1);
    }
}

#[test]
fn backups_under_writers_are_whole_and_say_only_what_was() {
    let mut world = World::new();
    world.play("applicant submits aurora");
    let path = world.path();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let hashes = std::thread::scope(|s| {
        for n in 0..3 {
            let (path, stop) = (path.clone(), &stop);
            s.spawn(move || {
                let mut desk = desk(&path);
                let tom = actor(&desk, "tom");
                for i in 0.. {
                    if stop.load(std::sync::atomic::Ordering::Relaxed) {
                        break;
                    }
                    desk.execute(&tom, submission(&format!("w{n}x{i}"))).unwrap();
                }
            });
        }
        let mut newest = Vec::new();
        for n in 0..10 {
            let to = world.dir.path().join(format!("{n}.backup"));
            world.desk.backup(&world.actor("ana"), &to).unwrap();
            let copy = countersign::desk::Reader::open(&countersign::desk::OpenOptions {
                path: to,
                ..world.options.clone()
            })
            .unwrap();
            let verdict = copy.verify_history().unwrap();
            assert_eq!((verdict.bad, verdict.outside), (None, 0));
            newest.push((verdict.entries, verdict.newest));
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        newest
    });
    for (entries, hash) in &hashes {
        let there: String =
            world.raw().query_row("select hash from history where id = ?1", [entries], |r| r.get(0)).unwrap();
        assert_eq!(there, *hash, "a backup is a beginning of the history");
    }
    let distinct: BTreeSet<_> = hashes.iter().map(|(n, _)| n).collect();
    assert!(distinct.len() > 1, "nobody wrote meanwhile");
    let parts = std::fs::read_dir(world.dir.path()).unwrap().filter(|f| {
        let name = f.as_ref().unwrap().file_name().into_string().unwrap();
        name.contains(".part") || name.starts_with('.')
    });
    assert_eq!(parts.count(), 0, "nothing half is left beside them");
}
