//! The worker between an outbox in memory and servers that behave and misbehave.

use std::sync::{Arc, Mutex};

use countersign::domain::mail::MailEvent;
use countersign::mail::carry::{BeforeDot, Carry, Outcome, Post};
use countersign::mail::folder::Folder;
use countersign::mail::smtp::Smtp;
use countersign::mail::stop::Stop;
use countersign::mail::worker::{Tally, Worker, lock_path};
use countersign::mail::{Login, SmtpSettings, TlsMode};

use super::memory::Memory;
use super::server::{AtDot, Server, Setup};

const HOUR: i64 = 3_600_000;

fn worker(outbox: &Memory, settings: SmtpSettings) -> Worker<Memory> {
    Worker::new(outbox.clone(), Box::new(Smtp::new(settings)), "office@example.org", Stop::new())
}

#[test]
fn everything_due_goes_out() {
    let (outbox, server) = (Memory::new(), Server::start(Setup::default()));
    let ids: Vec<i64> =
        (0..5).map(|n| outbox.put(MailEvent::LogonLink, &format!("c{n}@example.net"))).collect();
    let bad = outbox.put(MailEvent::LogonLink, "nobody@example.net");
    let tally = worker(&outbox, server.settings(TlsMode::StartTls)).run_once().unwrap();
    assert_eq!(tally, Tally { sent: 5, failed: 1, ..Tally::default() });
    assert_eq!(server.kept().len(), 5);
    for id in ids {
        assert_eq!(outbox.row(id), ("sent".into(), 0, "250 2.0.0 queued as 4711".into()));
    }
    assert_eq!(outbox.row(bad).0, "failed");
    assert_eq!(outbox.health(), "ok · 1 failed");
}

#[test]
fn a_lost_reply_makes_the_second_copy_that_was_foretold() {
    let setup =
        Setup { at_dot: vec![AtDot::AcceptInSilence, AtDot::Refuse, AtDot::Accept], ..Setup::default() };
    let (outbox, server) = (Memory::new(), Server::start(setup));
    let id = outbox.put(MailEvent::SignupApproved, "ana@example.net");
    let mut worker = worker(&outbox, server.settings(TlsMode::StartTls));
    for expected in ["waiting", "waiting", "sent"] {
        worker.run_once().unwrap();
        assert_eq!((outbox.row(id).0.as_str(), outbox.row(id).1), (expected, 1));
        outbox.pass(HOUR);
    }
    let kept = server.kept();
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[0], kept[1], "every copy has the same bytes");
}

#[test]
fn a_temporary_password_is_not_sent_twice_unasked() {
    let setup = Setup { at_dot: vec![AtDot::AcceptInSilence], ..Setup::default() };
    let (outbox, server) = (Memory::new(), Server::start(setup));
    let id = outbox.put(MailEvent::LogonTemporary, "ana@example.net");
    let mut worker = worker(&outbox, server.settings(TlsMode::StartTls));
    worker.run_once().unwrap();
    outbox.pass(48 * HOUR);
    assert_eq!(worker.run_once().unwrap(), Tally::default());
    let (state, unsure, words) = outbox.row(id);
    assert_eq!((state.as_str(), unsure), ("failed", 1));
    assert!(words.starts_with("it may have arrived already"), "{words}");
    assert_eq!(server.kept().len(), 1);
}

#[test]
fn a_bad_password_touches_one_mail_and_stops() {
    let (outbox, server) = (Memory::new(), Server::start(Setup::default()));
    for n in 0..3 {
        outbox.put(MailEvent::SignupApproved, &format!("c{n}@example.net"));
    }
    let login = Some(Login { user: "backoffice".into(), password: "old".into() });
    let settings = SmtpSettings { login, ..server.settings(TlsMode::StartTls) };
    let tally = worker(&outbox, settings).run_once().unwrap();
    assert_eq!(tally, Tally { paused: 1, ..Tally::default() });
    assert_eq!(outbox.health(), "paused: auth: 535 Invalid credentials · 3 waiting");
}

/// Lets another worker take the row between the body and the dot.
struct Theft {
    outbox: Memory,
    through: Smtp,
}

impl Carry for Theft {
    fn carry(&self, post: Post<'_>, stop: &Stop, before_dot: BeforeDot<'_>) -> Outcome {
        self.through.carry(post, stop, &mut || {
            use countersign::desk::outbox::Outbox;
            self.outbox.pass(HOUR);
            assert!(self.outbox.clone().claim("thief").unwrap().is_some());
            before_dot()
        })
    }
}

#[test]
fn a_stolen_lease_stops_the_dot() {
    let (outbox, server) = (Memory::new(), Server::start(Setup::default()));
    let id = outbox.put(MailEvent::SignupApproved, "ana@example.net");
    let theft = Theft { outbox: outbox.clone(), through: Smtp::new(server.settings(TlsMode::StartTls)) };
    let mut worker = Worker::new(outbox.clone(), Box::new(theft), "office@example.org", Stop::new());
    assert_eq!(worker.run_once().unwrap(), Tally::default());
    assert_eq!(outbox.row(id).0, "sending");
    assert!(server.kept().is_empty());
}

/// Accepts the mail, and the process dies before it can be written down.
struct Death {
    copies: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Carry for Death {
    fn carry(&self, post: Post<'_>, _stop: &Stop, before_dot: BeforeDot<'_>) -> Outcome {
        before_dot().unwrap();
        self.copies.lock().unwrap().push(post.bytes.to_vec());
        // The same as being killed: nothing is settled.
        Outcome::LeaseLost
    }
}

#[test]
fn killed_between_dot_and_reply() {
    let (outbox, server) = (Memory::new(), Server::start(Setup::default()));
    let id = outbox.put(MailEvent::SignupApproved, "ana@example.net");
    let copies: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
    let death = Death { copies: Arc::clone(&copies) };
    Worker::new(outbox.clone(), Box::new(death), "office@example.org", Stop::new()).run_once().unwrap();
    let mut next = worker(&outbox, server.settings(TlsMode::StartTls));
    assert_eq!(next.run_once().unwrap(), Tally::default(), "its lease has not run out");
    outbox.pass(HOUR);
    assert_eq!(next.run_once().unwrap().sent, 1);
    assert_eq!((outbox.row(id).0.as_str(), outbox.row(id).1), ("sent", 1));
    assert_eq!(copies.lock().unwrap()[0], server.kept()[0].bytes);
}

#[test]
fn one_worker_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let lock = lock_path(&dir.path().join("countersign.db"));
    assert!(lock.ends_with("countersign.db.mail.lock"));
    let outbox = Memory::new();
    outbox.put(MailEvent::SignupApproved, "ana@example.net");
    let folder = || Box::new(Folder::new(dir.path().join("out")));
    let mut worker = Worker::new(outbox.clone(), folder(), "office@example.org", Stop::new());
    let other = std::fs::File::create(&lock).unwrap();
    other.lock().unwrap();
    assert_eq!(worker.run_locked(&lock).unwrap(), None);
    drop(other);
    assert_eq!(worker.run_locked(&lock).unwrap(), Some(Tally { sent: 1, ..Tally::default() }));
    assert_eq!(std::fs::read_dir(dir.path().join("out")).unwrap().count(), 1);
}

#[test]
fn a_running_worker_hears_of_new_mail_and_of_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let (outbox, stop) = (Memory::new(), Stop::new());
    let mut worker = Worker::new(
        outbox.clone(),
        Box::new(Folder::new(dir.path().join("out"))),
        "office@example.org",
        stop.clone(),
    );
    let lock = dir.path().join("lock");
    let (tell, hear) = std::sync::mpsc::channel();
    let running = std::thread::spawn(move || worker.run(&lock, |pass| tell.send(pass.unwrap()).unwrap()));
    for n in 0..3 {
        outbox.put(MailEvent::SignupApproved, &format!("c{n}@example.net"));
        stop.nudge();
        assert_eq!(hear.recv().unwrap().sent, 1);
    }
    stop.stop();
    running.join().unwrap();
    assert_eq!(std::fs::read_dir(dir.path().join("out")).unwrap().count(), 3);
}
