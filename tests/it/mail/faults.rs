//! Every fault of the programmable server, each of which must end in the state that mail.md gives it.
//!
//! Runs where `COUNTERSIGN_SMTP_PYTHON` names an interpreter that has aiosmtpd; it is skipped, and
//! says so, elsewhere.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use countersign::domain::mail::MailEvent;
use countersign::mail::smtp::Smtp;
use countersign::mail::stop::Stop;
use countersign::mail::worker::Worker;
use countersign::mail::{Login, SmtpSettings, Timeouts, TlsMode};

use super::faulty::{Bench, Faulty, PASSWORD, USER};
use super::memory::Memory;

/// What the first attempt leaves behind: the row's state, whether it is unsure, the queue's word,
/// and whether the server kept the mail.
pub type Expected = (&'static str, i64, &'static str, usize);

const SENT: Expected = ("sent", 0, "ok", 1);
const BACK_OFF: Expected = ("waiting", 0, "trying again", 0);
const PAUSED: Expected = ("paused", 0, "paused", 0);
const RETRY: Expected = ("waiting", 0, "ok", 0);
const FAILED: Expected = ("failed", 0, "ok", 0);
const UNSURE_KEPT: Expected = ("waiting", 1, "ok", 1);
const UNSURE_LOST: Expected = ("waiting", 1, "ok", 0);

#[rustfmt::skip]
pub const FAULTS: [(&str, Expected); 59] = [
    ("ok", SENT), ("slow_ok", SENT), ("tarpit", SENT), ("no_8bitmime", SENT), ("one_per_session", SENT), ("idle_421", SENT),
    ("quit_drop", SENT), ("quit_hang", SENT),
    ("greylist", RETRY),
    ("banner_421", BACK_OFF), ("banner_554", PAUSED), ("banner_none", BACK_OFF), ("banner_drop", BACK_OFF),
    ("banner_drip", BACK_OFF), ("banner_endless", BACK_OFF), ("ehlo_endless", BACK_OFF), ("ehlo_502", PAUSED),
    ("no_starttls", PAUSED), ("starttls_454", BACK_OFF), ("starttls_garbage", BACK_OFF), ("starttls_drop", BACK_OFF),
    ("starttls_inject", BACK_OFF), ("tls_expired", PAUSED), ("tls_wronghost", PAUSED), ("tls_selfsigned", PAUSED),
    ("auth_none", PAUSED), ("auth_535", PAUSED), ("auth_454", BACK_OFF), ("auth_drop", BACK_OFF), ("auth_hang", BACK_OFF),
    ("mail_421", RETRY), ("mail_451", RETRY), ("mail_550", PAUSED), ("mail_452_size", FAILED),
    ("rcpt_450", RETRY), ("rcpt_452", RETRY), ("rcpt_550", FAILED), ("rcpt_551", FAILED), ("rcpt_drop", RETRY), ("rcpt_hang", RETRY),
    ("data_451", RETRY), ("data_554", FAILED), ("mid_data_drop", RETRY), ("mid_data_rst", RETRY),
    ("eod_451", RETRY), ("eod_452_full", RETRY), ("eod_550", FAILED), ("eod_554", FAILED),
    ("eod_drop_lost", UNSURE_LOST), ("eod_drop_accepted", UNSURE_KEPT), ("eod_rst_accepted", UNSURE_KEPT),
    ("eod_hang_accepted", UNSURE_KEPT), ("eod_late_accepted", SENT), ("eod_drip_accepted", SENT),
    ("eod_garbage_accepted", UNSURE_KEPT), ("eod_binary_accepted", SENT), ("eod_partial_accepted", UNSURE_KEPT),
    ("eod_multiline_accepted", SENT), ("eod_hugeline_accepted", SENT),
];

fn settings(server: &Faulty, bench: &Bench) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".into(),
        port: server.port,
        tls: TlsMode::StartTls,
        login: Some(Login { user: USER.into(), password: PASSWORD.into() }),
        ca_file: Some(bench.ca_file()),
        ehlo_name: None,
        timeouts: Timeouts {
            connect: Duration::from_secs(10),
            // The tarpit takes two seconds for each line of a reply.
            reply: Duration::from_secs(25),
            session: Duration::from_secs(120),
            // Longer than the latest reply that still comes, shorter than the one that never does.
            dot: Duration::from_secs(25),
            dot_when_stopping: Duration::from_secs(1),
        },
    }
}

/// One attempt under the fault, then the fault is mended and the mail must arrive, unless a person
/// is needed. Gives a sentence if anything is not as it should be.
fn check(bench: &Bench, fault: &str, expected: Expected) -> Option<String> {
    let server = Faulty::start(bench, fault);
    let outbox = Memory::new();
    let id = outbox.put(MailEvent::SignupRejected, "ana@example.net");
    let smtp = Box::new(Smtp::new(settings(&server, bench)));
    let mut worker = Worker::new(outbox.clone(), smtp, "office@example.org", Stop::new());
    worker.run_once().unwrap();
    let (state, unsure, words) = outbox.row(id);
    let health = outbox.health();
    let found = (state.as_str(), unsure, health.split([' ', ':']).next().unwrap(), server.kept().len());
    let expected_found = (expected.0, expected.1, expected.2.split(' ').next().unwrap(), expected.3);
    // Whether we hear of a server that left in the middle before we send the dot is a race; without
    // the news the row is doubtful, which is the safe side.
    let raced = fault.starts_with("mid_data") && found == ("waiting", 1, "ok", 0);
    if found != expected_found && !raced {
        return Some(format!("{fault}: {found:?} where {expected_found:?} was due; {words}; {health}"));
    }
    if state == "waiting" {
        server.mode("ok");
        outbox.pass(2 * 3_600_000);
        worker.run_once().unwrap();
        let kept = server.kept();
        let (state, unsure, words) = outbox.row(id);
        let foretold = usize::try_from(unsure).unwrap() + 1;
        if state != "sent"
            || kept.is_empty()
            || kept.len() > foretold
            || kept.iter().any(|copy| *copy != kept[0])
        {
            return Some(format!(
                "{fault}, mended: {state}, {} copies, {foretold} foretold; {words}",
                kept.len()
            ));
        }
    }
    None
}

#[test]
fn every_fault_ends_in_its_state() {
    let Some(bench) = Bench::find() else { return };
    let todo: Mutex<VecDeque<(&str, Expected)>> = Mutex::new(FAULTS.into());
    let wrong: Mutex<Vec<String>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                loop {
                    let next = todo.lock().unwrap().pop_front();
                    let Some((fault, expected)) = next else { break };
                    let found = check(&bench, fault, expected);
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {} faults:\n{}", wrong.len(), FAULTS.len(), wrong.join("\n"));
}
