//! The same faults with the real programme: office on disk, `mail send`, and what `mail list` and `mail show` then say.
//!
//! A few seconds for the faults that end by themselves; `COUNTERSIGN_SMTP_ALL=1` takes all of them with the limits of
//! the programme as they are, which takes ten minutes, and prints the table.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;

use countersign::domain::mail::Standing;

use super::faults::{Expected, FAULTS};
use super::faulty::{Bench, Faulty};
use super::office::Office;

/// What each fault leads to, for people to read.
const TABLE: &str = include_str!("faults.md");

/// One fault of each kind, all of which end within seconds.
const QUICK: [&str; 20] = [
    "ok",
    "greylist",
    "quit_drop",
    "no_8bitmime",
    "banner_421",
    "banner_554",
    "banner_drop",
    "no_starttls",
    "starttls_inject",
    "tls_expired",
    "auth_535",
    "auth_454",
    "mail_550",
    "mail_452_size",
    "rcpt_450",
    "rcpt_550",
    "data_554",
    "eod_451",
    "eod_550",
    "eod_drop_accepted",
];

/// The programme waits longer than the test of the library: a banner of one byte a second is complete in time.
fn expected_of(fault: &str, expected: Expected) -> Expected {
    match fault {
        "banner_drip" => ("sent", 0, "ok", 1),
        // Our mail is shorter than the thousand bytes that this server takes.
        "mail_452_size" => ("sent", 0, "ok", 1),
        _ => expected,
    }
}

/// One line of the table, and a sentence if it is not as it should be.
fn check(bench: &Bench, fault: &str, expected: Expected) -> (String, Option<String>) {
    let server = Faulty::start(bench, fault);
    let office = Office::with_server(server.port, bench);
    office.submit(["ana@example.net"].into_iter());
    let status = office.run(&["mail", "send"]).status.code().unwrap();
    let row = office.mails().remove(0);
    let text = |name: &str| row[name].as_str().unwrap_or("–").to_owned();
    let attempts = office.mail(1)["attempt_list"].clone();
    let attempt = &attempts[0];
    let queue = office.json(&["mail", "send"])["queue"].as_str().unwrap_or_default().to_owned();
    let kept = server.kept().len();
    let (phase, outcome) = (attempt["phase"].as_str().unwrap(), attempt["outcome"].as_str().unwrap());
    let state_found = text("state");
    let standing = Standing { state: &state_found, last: Some((phase, outcome)) };
    let remedy = standing.remedy().unwrap_or("–");
    let word = queue.split([':', '·']).next().unwrap().trim();
    let line = format!(
        "| {fault} | {state_found} | {phase} | {outcome} | {word} | {kept} | {} | {status} | {remedy} |",
        row["unsure"],
    );
    let told = format!("{line}\n    queue “{queue}”, answer “{}”", text("last_reply"));
    // The same in words, on the page and under the list.
    let page = office.done(&["mail", "show", "1"]);
    let list = office.run(&["mail", "list"]);
    let under = String::from_utf8(list.stderr).unwrap();
    let said = page.contains(standing.meaning())
        && page.contains(&text("last_reply"))
        && standing.remedy().is_none_or(|remedy| page.contains(remedy) && under.contains(standing.meaning()));
    let unsure = row["unsure"].as_i64().unwrap();
    let (state, due_unsure, due_word, due_kept) = expected;
    let found = (state_found.clone(), unsure, word, kept);
    let due = (state.to_owned(), due_unsure, due_word, due_kept);
    // As in the test of the library: whether we hear in time of a server that left is a race.
    let raced = fault.starts_with("mid_data") && found == ("waiting".to_owned(), 1, "ok", 0);
    let status_due = if state == "sent" { 0 } else { 1 };
    let right = (found == due && TABLE.lines().any(|row| row == line) || raced)
        && said
        && status == status_due
        && row["attempts"] == 1
        && row["phase"].is_null()
        && row["last_reply"].is_string()
        && attempts.as_array().unwrap().len() == 1;
    let wrong = (!right)
        .then(|| format!("{told}\n    where {due:?} and status {status_due} were due\n{page}\n{under}"));
    (line, wrong)
}

#[test]
fn the_table_names_every_fault_with_its_state_and_what_helps() {
    let rows: Vec<Vec<&str>> = TABLE
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .map(|line| line.split(" | ").collect())
        .skip(2)
        .collect();
    assert_eq!(rows.len(), FAULTS.len());
    for (fault, expected) in FAULTS {
        let (state, unsure, word, kept) = expected_of(fault, expected);
        let row = rows.iter().find(|row| row[0] == fault).unwrap_or_else(|| panic!("{fault} is not in it"));
        let [_, its_state, phase, outcome, its_word, copies, its_unsure, status, remedy] = row[..] else {
            panic!("{row:?}")
        };
        let numbers = (copies.parse(), its_unsure.parse(), status.parse());
        assert_eq!((its_state, its_word), (state, word), "{fault}");
        assert_eq!(numbers, (Ok(kept), Ok(unsure), Ok(i32::from(state != "sent"))), "{fault}");
        let standing = Standing { state, last: Some((phase, outcome)) };
        assert_eq!(remedy, standing.remedy().unwrap_or("–"), "{fault}");
    }
}

#[test]
fn the_list_says_what_its_states_mean_and_what_helps() {
    let office = Office::with_folder();
    office.submit(["ana@example.net"].into_iter());
    let said = |arguments: &[&str]| String::from_utf8(office.run(arguments).stderr).unwrap();
    let waiting = Standing::of_state("waiting");
    assert!(said(&["mail", "list"]).contains(waiting.meaning()), "{}", said(&["mail", "list"]));
    assert!(said(&["mail", "list"]).contains(waiting.remedy().unwrap()));
    assert_eq!(said(&["mail", "list", "--json"]), "", "scripts get rows alone");
    office.done(&["mail", "send"]);
    assert_eq!(said(&["mail", "list"]), "", "nothing needs to be done about what was sent");
    assert!(office.done(&["mail", "show", "1"]).contains(Standing::of_state("sent").meaning()));
}

#[test]
fn the_programme_shows_each_fault_as_its_state() {
    let Some(bench) = Bench::find() else { return };
    let all = std::env::var_os("COUNTERSIGN_SMTP_ALL").is_some();
    let chosen = FAULTS.iter().filter(|(fault, _)| all || QUICK.contains(fault));
    let todo: Mutex<VecDeque<(&str, Expected)>> = Mutex::new(chosen.copied().collect());
    let lines: Mutex<Vec<String>> = Mutex::default();
    let wrong: Mutex<Vec<String>> = Mutex::default();
    let hands = if all { 16 } else { 4 };
    thread::scope(|scope| {
        for _ in 0..hands {
            scope.spawn(|| {
                loop {
                    let next = todo.lock().unwrap().pop_front();
                    let Some((fault, expected)) = next else { break };
                    let (line, trouble) = check(&bench, fault, expected_of(fault, expected));
                    lines.lock().unwrap().push(line);
                    wrong.lock().unwrap().extend(trouble);
                }
            });
        }
    });
    let mut lines = lines.into_inner().unwrap();
    lines.sort_unstable();
    println!("{}", lines.join("\n"));
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
}
