//! Files in through the binary: CSV with its result file, and the drop folder beside the mail worker.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::json;

use crate::cli_world::Office;

const CSV: &str = "\
Company;Last name;E-mail;Country;external_id
Aurora;Lima;ana@aurora.example;PT;w-1
Nameless;;x@nameless.example;PT;w-2
'=Sum;Cell;c@sum.example;DE;w-3
";

#[test]
fn a_csv_file_is_tried_then_taken_in_and_every_row_is_accounted_for() {
    let office = Office::new();
    let file = office.path("in.csv");
    std::fs::write(&file, CSV).unwrap();
    let file = file.to_str().unwrap();
    let tried = office.run(&["import", "signups", file, "--dry-run", "--json"]).ends(6).json();
    assert_eq!((&tried["new"], &tried["bad"], &tried["dry_run"]), (&json!(2), &json!(1), &json!(true)));
    office.run(&["import", "signups", file, "--dry-run"]).ends(6);
    assert_eq!(office.json(&["signup", "list"]), json!([]));
    office.run(&["import", "signups", file, "--dry-run"]).ends(6);
    let foretold = std::fs::read_to_string(office.path("in.csv.dry-run.csv")).unwrap();
    assert!(foretold.contains("4,would be new,"), "{foretold}");

    let result = format!("{file}.result.csv");
    let done = office.run(&["import", "signups", file, "--json"]).ends(6).json();
    assert_eq!((&done["new"], &done["known"], &done["bad"]), (&json!(2), &json!(0), &json!(1)));
    let lines = std::fs::read_to_string(&result).unwrap();
    assert_eq!(
        lines,
        "line,status,number,message\n2,new,REG-000001,\n3,bad,,last_name is missing. It is required.\n4,new,REG-000002,\n"
    );
    assert_eq!(
        office.json(&["signup", "show", "REG-2"])["company"],
        "=Sum",
        "what the export added is taken away"
    );
    assert_eq!(office.json(&["signup", "show", "REG-1"])["source"], "import");

    office.run(&["import", "signups", file]).ends(1);
    let again = office.path("again.csv");
    let again = office
        .run(&["import", "signups", file, "--result", again.to_str().unwrap(), "--json"])
        .ends(6)
        .json();
    assert_eq!((&again["new"], &again["known"]), (&json!(0), &json!(2)), "no doubles");
}

#[test]
fn bad_files_are_one_clear_error_each() {
    let office = Office::new();
    for (name, bytes, word) in [
        ("latin1.csv", &b"company;email\nCaf\xe9;a@b.example\n"[..], "UTF-8"),
        ("broken.json", b"{\"company\": ", "not JSON"),
        ("list.json", b"[1, 2]", "must be an object"),
        ("empty.json", b"", "nothing in the file"),
    ] {
        let file = office.path(name);
        std::fs::write(&file, bytes).unwrap();
        let file = file.to_str().unwrap();
        let run = match name.ends_with("csv") {
            true => office.run(&["import", "signups", file]),
            false => office.run(&["signup", "submit", "--file", file]),
        };
        assert_eq!(run.status, 1, "{name}: {}", run.messages);
        assert!(run.messages.contains(word), "{name}: {}", run.messages);
    }
    assert_eq!(office.json(&["signup", "list"]), json!([]));
}

#[test]
fn the_worker_takes_files_in_sends_mail_and_stops_when_told() {
    let office = Office::nowhere();
    let folder = office.path("drop");
    std::fs::create_dir(&folder).unwrap();
    office.config(&format!(
        "mail.grace_seconds = 0\nsignup.intake_dir = {:?}\nsignup.intake_settle_seconds = 0\n",
        folder.to_str().unwrap()
    ));
    office.run(&["init"]).ends(0);
    let good =
        r#"{"company": "Aurora", "last_name": "Lima", "email": "ana@aurora.example", "country": "PT"}"#;
    std::fs::write(folder.join("good.json"), good).unwrap();
    std::fs::write(folder.join("bad.json"), format!("{good}\n{{\"company\": \"B\"}}\n")).unwrap();

    let mut child = office.command(&["mail", "send", "--watch"]).stderr(Stdio::piped()).spawn().unwrap();
    let messages = BufReader::new(child.stderr.take().unwrap());
    let mut waits = vec!["good.json: 1 taken in", "bad.json: 1 taken in, 1 not", "sent"];
    for line in messages.lines() {
        let line = line.unwrap();
        waits.retain(|wanted| !line.contains(wanted));
        if waits.is_empty() {
            break;
        }
    }
    assert_eq!(waits, Vec::<&str>::new());
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));

    assert!(folder.join("done/good.json").is_file() && folder.join("failed/bad.json").is_file());
    let reason = std::fs::read_to_string(folder.join("failed/bad.json.reason.txt")).unwrap();
    assert!(reason.contains("line 2") && reason.contains("email"), "{reason}");
    let rows = office.json(&["signup", "list"]);
    assert_eq!(rows.as_array().unwrap().len(), 2);
    let entry = &office.json(&["history", "REG-1"])[0];
    assert_eq!(
        (&entry["actor"], &entry["how"], &entry["carrier"]),
        (&json!("applicant"), &json!("drop_folder"), &json!(null))
    );
    assert!(!office.mails("REG-000001").is_empty());
}
