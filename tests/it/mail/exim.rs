//! A real mail server: Exim, set up by the shared tools, with STARTTLS and AUTH.
//!
//! Runs where `COUNTERSIGN_EXIM` holds `PORT:CERTS:MAILDIR` of a running one; it is skipped, and says so, elsewhere.

use std::fs;
use std::path::{Path, PathBuf};

use super::faulty::Bench;
use super::office::Office;

struct Exim {
    port: u16,
    bench: Bench,
    maildir: PathBuf,
}

fn exim() -> Option<Exim> {
    let Ok(given) = std::env::var("COUNTERSIGN_EXIM") else {
        println!("skipped: COUNTERSIGN_EXIM does not say PORT:CERTS:MAILDIR of a running Exim");
        return None;
    };
    let parts: Vec<&str> = given.split(':').collect();
    let [port, certs, maildir] = parts[..] else { panic!("COUNTERSIGN_EXIM={given}") };
    let bench = Bench::with_certs(Path::new(certs));
    Some(Exim { port: port.parse().unwrap(), bench, maildir: maildir.into() })
}

impl Exim {
    /// How many mails with this Message-ID it holds, counting those it still sorts.
    fn copies(&self, message_id: &str) -> usize {
        let folder = fs::read_dir(self.maildir.join("new")).unwrap();
        let header = format!("Message-ID: {message_id}").into_bytes();
        let has = |path: PathBuf| {
            fs::read(path).is_ok_and(|mail| mail.windows(header.len()).any(|part| part == header))
        };
        folder.flatten().filter(|entry| has(entry.path())).count()
    }
}

#[test]
fn a_real_server_takes_every_mail_once_and_its_refusals_are_shown() {
    let Some(exim) = exim() else { return };
    let office = Office::with_server(exim.port, &exim.bench);
    let mut addresses: Vec<String> = (0..100).map(|n| format!("c{n}@example.net")).collect();
    addresses.extend(["nosuchuser@example.net".into(), "busy@example.net".into()]);
    office.submit(addresses.iter().map(String::as_str));
    assert_eq!(office.run(&["mail", "send"]).status.code(), Some(6), "partly done");
    let rows = office.mails();
    let state = |address: &str| rows.iter().find(|row| row["to"] == address).unwrap();
    for address in &addresses[..100] {
        let row = state(address);
        assert_eq!(
            (&row["state"], &row["attempts"], &row["unsure"]),
            (&"sent".into(), &1.into(), &0.into()),
            "{row}"
        );
        assert!(row["last_reply"].as_str().unwrap().starts_with("250 OK id="), "{row}");
    }
    let refused = state("nosuchuser@example.net");
    assert_eq!(
        (&refused["state"], &refused["last_reply"]),
        (&"failed".into(), &"550 5.1.1 no such user".into())
    );
    let busy = state("busy@example.net");
    assert_eq!((&busy["state"], &busy["last_reply"]), (&"waiting".into(), &"450 4.2.1 mailbox busy".into()));

    let number = refused["record"].as_str().unwrap();
    let shown = office.json(&["signup", "show", number]);
    assert_eq!(shown["mail_trouble"], "address refused: 550 5.1.1 no such user");
    let why = office.done(&["why", number]);
    assert!(why.contains("address refused: 550 5.1.1 no such user") && why.contains("approver"), "{why}");
    let count: Vec<usize> = rows.iter().map(|row| exim.copies(row["message_id"].as_str().unwrap())).collect();
    assert_eq!(count[..100], [1; 100], "each has arrived once");
    assert_eq!(count[100..], [0, 0]);
}
