//! The worker is killed again and again while the server misbehaves: no mail is lost, and every copy beyond the first is
//! foretold by the row and has the same bytes (mail.md, Outbox; trust.md, Figures to reach).
//!
//! A few seconds by itself. `COUNTERSIGN_CHAOS_MAILS=2000` asks for more, `COUNTERSIGN_CHAOS_SEED` for another run.

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use super::faulty::{Bench, Faulty};
use super::office::Office;

/// A worker that the server hears nothing of for so long has nothing due.
const IDLE: Duration = Duration::from_millis(1500);
/// More kills than this for one mail would show that nothing gets on.
const KILLS_PER_MAIL: usize = 4;

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Numbers that look random and are the same in every run with one seed.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

fn watch(office: &Office) -> Child {
    office.command(&["mail", "send", "--watch"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Lets it work until the server has said so many things, or nothing more; then `kill -9`.
fn kill_after(worker: &mut Child, server: &Faulty, events: u64) {
    for _ in 0..events {
        match server.events.recv_timeout(IDLE) {
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => panic!("the server died"),
        }
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
}

fn id_of(mail: &[u8]) -> String {
    let text = String::from_utf8_lossy(mail);
    let line = text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).expect("every mail has one");
    line.trim().to_owned()
}

#[test]
fn killed_workers_lose_nothing_and_foretell_every_copy() {
    let Some(bench) = Bench::find() else { return };
    let mails = usize::try_from(number("COUNTERSIGN_CHAOS_MAILS", 8)).unwrap();
    let mut dice = Dice(number("COUNTERSIGN_CHAOS_SEED", 7) | 1);
    let server = Faulty::start(&bench, &format!("chaos:{}", dice.0));
    let office = Office::with_server(server.port, &bench);
    let addresses: Vec<String> = (0..mails).map(|n| format!("c{n}@house{n}.example.net")).collect();
    office.submit(addresses.iter().map(String::as_str));
    let began = Instant::now();
    let (mut kills, mut rounds) = (0, 0);
    loop {
        let left = office.mails().iter().filter(|row| row["state"] != "sent").count();
        if left == 0 {
            break;
        }
        // The list is read every few kills only; in a long run it is what takes the time.
        for _ in 0..(left / 20).clamp(1, 20) {
            let mut worker = watch(&office);
            kill_after(&mut worker, &server, 1 + dice.throw(60));
            kills += 1;
            office.time_passes();
        }
        rounds += 1;
        assert!(kills <= 20 + mails * KILLS_PER_MAIL, "{left} mails left after {kills} kills");
    }

    let mut copies: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for mail in server.kept() {
        copies.entry(id_of(&mail)).or_default().push(mail);
    }
    let rows = office.mails();
    let (mut extra, mut doubtful, mut attempts) = (0, 0, 0);
    for row in &rows {
        let id = row["message_id"].as_str().unwrap();
        let unsure = usize::try_from(row["unsure"].as_u64().unwrap()).unwrap();
        let of_it = copies.remove(id).unwrap_or_else(|| panic!("lost: {row}"));
        assert!(of_it.len() <= 1 + unsure, "{} copies, not foretold: {row}", of_it.len());
        assert!(of_it.iter().all(|copy| *copy == of_it[0]), "copies differ: {row}");
        extra += of_it.len() - 1;
        doubtful += usize::from(unsure > 0);
        attempts += row["attempts"].as_u64().unwrap();
    }
    assert!(copies.is_empty(), "mails that nobody wrote: {:?}", copies.keys());
    assert_eq!(rows.len(), mails);
    assert!(kills > 0 && rounds > 0);
    println!(
        "{mails} mails, {kills} kills, {attempts} attempts, {:.0} s: 0 lost, {extra} extra copies, {doubtful} rows that said \
         “may have been sent twice”",
        began.elapsed().as_secs_f64()
    );
}
