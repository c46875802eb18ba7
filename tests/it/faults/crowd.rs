//! Many processes at once, some killed: each sign-up is decided once, the losers are told who was first, what was told as
//! done is there.

use std::collections::BTreeMap;
use std::process::Child;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::office::{Office, Ran, signup};

/// Sign-ups that came in, by number.
pub fn submitted(office: &Office, many: usize) -> Vec<String> {
    let lines: String = (0..many).map(|n| signup(&format!("c{n}")) + "\n").collect();
    let told = office.fed(&["signup", "submit", "--file", "-", "--jsonl"], lines).ok();
    told.lines().map(|line| number(&serde_json::from_str(line).unwrap())).collect()
}

/// The number of a row, receipt or error.
pub fn number(value: &Value) -> String {
    value["number"].as_str().unwrap_or_else(|| panic!("no number in {value}")).to_owned()
}

/// Waits until the process has ended, or kills it when the moment comes.
fn kill_after(mut child: Child, moment: Duration) -> Ran {
    let (_stays, never) = mpsc::channel::<()>();
    let _timed_out = never.recv_timeout(moment);
    child.kill().unwrap();
    child.wait_with_output().unwrap().into()
}

#[test]
fn sixteen_processes_decide_the_same_two_hundred_once_each() {
    const SLICE: usize = 25;
    let office = Office::staffed();
    let numbers = submitted(&office, 200);
    let slices: Vec<&[String]> = numbers.chunks(SLICE).collect();
    let told: Vec<(String, Ran)> = std::thread::scope(|scope| {
        let clerks: Vec<_> = (0..16)
            .map(|clerk| {
                let (office, slices) = (&office, &slices);
                scope.spawn(move || {
                    let login = ["maria", "jens"][clerk % 2];
                    let mine = (0..slices.len()).map(|n| slices[(n + clerk / 2) % slices.len()]);
                    let runs = mine.map(|slice| {
                        let mut words =
                            vec!["signup", "approve", "--override", "known to us", "--jsonl", "--as", login];
                        words.extend(slice.iter().map(String::as_str));
                        (login.to_owned(), office.run(&words))
                    });
                    runs.collect::<Vec<_>>()
                })
            })
            .collect();
        clerks.into_iter().flat_map(|clerk| clerk.join().unwrap()).collect()
    });
    assert_eq!(told.len(), 16 * numbers.len() / SLICE);

    let mut winners: BTreeMap<String, String> = BTreeMap::new();
    let mut losers = Vec::new();
    for (login, ran) in &told {
        assert!(matches!(ran.status, Some(0 | 3 | 5 | 6)), "{ran:?}");
        assert!(!ran.err.contains("lock") && !ran.out.contains("locked"), "{ran:?}");
        for line in ran.out.lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            match value.get("error") {
                None => {
                    assert_eq!(winners.insert(number(&value), login.clone()), None, "decided twice: {value}")
                }
                Some(error) => losers.push(error.clone()),
            }
        }
    }
    assert_eq!(winners.len(), 200);
    assert_eq!(losers.len(), 15 * 200);
    for error in &losers {
        let (first, said) = (&winners[&number(error)], error["message"].as_str().unwrap());
        assert!(said.contains(&format!(" by {first}")), "{error}");
    }
    office.assert_sound();
}

#[test]
fn of_two_creating_the_same_customer_the_second_is_told_who_was_first() {
    let office = Office::staffed();
    for (round, number) in submitted(&office, 5).iter().enumerate() {
        office.run(&["signup", "approve", "--override", "known", number, "--as", "maria"]).ok();
        let seen =
            office.run(&["signup", "show", number, "--json"]).json()["seen"].as_str().unwrap().to_owned();
        let both = ["maria", "jens"].map(|login| {
            let words = ["signup", "create", number, "--seen", &seen, "--json", "--as", login];
            (login, office.command(&words).spawn().unwrap())
        });
        let both = both.map(|(login, child)| (login, Ran::from(child.wait_with_output().unwrap())));
        let (won, lost): (Vec<_>, Vec<_>) = both.iter().partition(|(_, ran)| ran.status == Some(0));
        let ([(first, _)], [(_, second)]) = (won.as_slice(), lost.as_slice()) else { panic!("{both:?}") };
        assert_eq!(second.status, Some(5), "{second:?}");
        let said = second.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(said.contains(&format!("{first} (customer created")), "who was first: {said}");
        let customers = office.run(&["customer", "list", "--json"]).json();
        assert_eq!(customers.as_array().unwrap().len(), round + 1);
    }
    office.assert_sound();
}

/// Rows of a result file: line and number.
fn results(text: &str) -> Vec<(u64, String)> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().filter_map(Result::ok).filter(|row| row.len() == 4);
    rows.map(|row| (row[0].parse().unwrap(), row[2].to_owned())).collect()
}

#[test]
fn an_import_killed_half_way_is_finished_by_running_it_again() {
    const ROWS: i64 = 1_200;
    let office = Office::new();
    let mut text = "company,last_name,email,country,external_id\n".to_owned();
    text.extend((0..ROWS).map(|n| format!("Company {n},Lima,c{n}@contoso-coffee.com,PT,x-{n}\n")));
    std::fs::write(office.home().join("web.csv"), text).unwrap();
    let conn = rusqlite::Connection::open(office.database()).unwrap();
    let stored = || conn.query_row("select count(*) from signup", [], |r| r.get::<_, i64>(0)).unwrap();

    let mut before = 0;
    for round in 1..=2 {
        let result = format!("result-{round}.csv");
        let mut child =
            office.command(&["import", "signups", "web.csv", "--result", &result]).spawn().unwrap();
        let last = Instant::now() + Duration::from_secs(60);
        while stored() <= before && child.try_wait().unwrap().is_none() && Instant::now() < last {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let now = stored();
        assert!(now > before, "round {round} took nothing in");
        let told = results(&std::fs::read_to_string(office.home().join(&result)).unwrap());
        for (_, number) in told {
            let there: i64 = conn
                .query_row("select count(*) from signup where number = ?1", [&number], |r| r.get(0))
                .unwrap();
            assert_eq!(there, 1, "{number} was told as taken in");
        }
        before = now;
    }
    let again = office.run(&["import", "signups", "web.csv", "--json"]).json();
    assert_eq!(again["new"].as_i64().unwrap() + again["known"].as_i64().unwrap(), ROWS, "{again}");
    assert_eq!(stored(), ROWS);
    office.assert_sound();
}

#[test]
fn creating_killed_at_any_moment_leaves_a_whole_customer_or_none() {
    const MANY: usize = 24;
    let office = Office::staffed();
    let numbers = submitted(&office, MANY);
    let mut words = vec!["signup", "approve", "--override", "known", "--as", "maria"];
    words.extend(numbers.iter().map(String::as_str));
    office.run(&words).ok();

    let mut told = Vec::new();
    for (n, number) in (0..).zip(&numbers) {
        let child = office.command(&["signup", "create", number, "--json", "--as", "jens"]).spawn().unwrap();
        let ran = kill_after(child, Duration::from_millis(5 * n));
        if ran.out.contains("\"state\": \"created\"") {
            told.push(number);
        }
    }
    let state = |number: &str| office.run(&["signup", "show", number, "--json"]).json()["state"].clone();
    for number in &told {
        assert_eq!(state(number), "created", "{number} was told as created");
    }
    office.assert_sound();
    for number in &numbers {
        if state(number) != "created" {
            office.run(&["signup", "create", number, "--as", "jens"]).ok();
        }
    }
    for list in ["customer", "contact", "user-request"] {
        let rows = office.run(&[list, "list", "--limit", "100", "--json"]).json();
        assert_eq!(rows.as_array().unwrap().len(), MANY, "{list}");
    }
    // They were never verified, so each user request waits for an approver who did not create it.
    let waiting = office
        .run(&["user-request", "list", "--state", "pending_approval", "--limit", "100", "--json"])
        .json();
    assert_eq!(waiting.as_array().unwrap().len(), MANY);
    office.assert_sound();
}
