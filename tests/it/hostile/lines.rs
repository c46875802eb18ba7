//! The command line on hostile records, with the real programme: tables, JSON, messages, logs, files.

use std::process::{Command, Output};

use serde_json::Value;

use super::office::{Hostile, hostile};
use super::watch::{assert_json, assert_text};

fn run(office: &Hostile, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.arg("--db").arg(office.world.path()).args(words);
    command.env_clear().env("HOME", office.world.dir.path()).current_dir(office.world.dir.path());
    command.output().unwrap()
}

/// What it printed; both streams are watched.
#[track_caller]
fn printed(office: &Hostile, words: &[&str]) -> String {
    let Output { status, stdout, stderr } = run(office, words);
    let (out, err) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success(), "{words:?} {status} {err}");
    assert_text(&format!("{words:?}, messages"), &err);
    let json = words.contains(&"--json") || words.contains(&"--jsonl");
    if json {
        assert_json(&format!("{words:?}"), &out)
    } else {
        assert_text(&format!("{words:?}"), &out)
    }
    out
}

fn json(office: &Hostile, words: &[&str]) -> Value {
    serde_json::from_str(&printed(office, words)).unwrap()
}

#[test]
fn tables_and_json_hold_no_control_and_give_back_what_was_given() {
    let Some(mut office) = hostile(1) else { return };
    office.open_to_the_command_line();
    for words in [
        &["signup", "list", "--limit", "100000"][..],
        &["signup", "list", "--limit", "100000", "--jsonl"],
        &["history", "--limit", "1000", "--json"],
        &["history", "--limit", "1000"],
        &["mail", "list", "--limit", "1000"],
        &["mail", "list", "--limit", "1000", "--json"],
        &["staff", "list"],
        &["staff", "list", "--json"],
        &["search", "com"],
        &["search", "com", "--json"],
    ] {
        printed(&office, words);
    }
    let list = json(&office, &["signup", "list", "--limit", "100000", "--json"]);
    let rows = list.as_array().unwrap();
    assert_eq!(rows.len(), office.given.len());
    for row in rows {
        let given = office.given.iter().find(|given| given.number == row["number"]).unwrap();
        assert_eq!(row["company"].as_str().map(str::to_owned), given.kept("company"), "{}", given.number);
    }
    for given in office.given.iter().step_by(30) {
        let number = given.number.as_str();
        printed(&office, &["signup", "show", number]);
        printed(&office, &["why", number]);
        printed(&office, &["signup", "duplicates", number]);
        let shown = json(&office, &["signup", "show", number, "--json"]);
        for name in given.fields.keys() {
            assert_eq!(shown[name].as_str().map(str::to_owned), given.kept(name), "{number} {name}");
        }
        assert_eq!(shown["extra"], Value::Object(given.extra.clone()), "{number}");
    }
    let log = office.world.dir.path().join(".local/state/countersign/log");
    for file in std::fs::read_dir(log).unwrap() {
        assert_text("the log", &std::fs::read_to_string(file.unwrap().path()).unwrap());
    }
}

#[test]
fn messages_repeat_hostile_words_harmlessly() {
    let Some(mut office) = hostile(400) else { return };
    office.open_to_the_command_line();
    let corpora = super::corpus::all();
    let mut tried = 0;
    for corpus in &corpora {
        let some = corpus.strings.iter().filter(|text| !text.contains('\0') && text.len() < 2_000);
        for text in some.step_by(1 + corpus.strings.len() / 8) {
            let text = text.as_str();
            let email = format!("--email={text}");
            let equals = format!("--filter={text}");
            for words in [
                &["signup", "show", "--", text][..],
                &["search", "--", text],
                &["signup", "list", &equals],
                &["signup", "submit", "--company", "A", "--last-name", "B", "--country", "PT", &email],
                &["--db", text, "signup", "list"],
                &["--as", text, "signup", "list"],
                &[text, text],
            ] {
                let Output { status, stdout, stderr } = run(&office, words);
                assert!(matches!(status.code(), Some(0..=5)), "{words:?}: {status}");
                for (what, bytes) in [("data", stdout), ("messages", stderr)] {
                    assert_text(&format!("{words:?}, {what}"), &String::from_utf8(bytes).unwrap());
                }
                tried += 1;
            }
        }
    }
    println!("{tried} runs");
}

/// No cell that a spreadsheet would run.
#[track_caller]
fn assert_cells(text: &str) -> usize {
    let mut cells = 0;
    for row in csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes()).records() {
        for cell in &row.unwrap() {
            let start = cell
                .trim_start_matches(|c: char| c.is_whitespace() || countersign::domain::text::is_hidden(c));
            assert!(!start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{cell:?}");
            assert!(!cell.starts_with(['\t', '\r', '\n']), "{cell:?}");
            cells += 1;
        }
    }
    cells
}

#[test]
fn result_files_and_exports_hold_no_formula() {
    let Some(mut office) = hostile(1_000) else { return };
    office.open_to_the_command_line();
    let dir = office.world.dir.path().to_owned();
    let (mut rows, mut write) = (0, csv::Writer::from_path(dir.join("in.csv")).unwrap());
    write.write_record(["company", "last_name", "email", "country", "city"]).unwrap();
    for corpus in super::corpus::all() {
        for text in corpus.strings.iter().step_by(1 + corpus.strings.len() / 150) {
            // Once as a company that is taken, once in fields that are refused and repeated in the result.
            let line: String = text.chars().take(200).collect();
            let email = format!("r{rows}@contoso-coffee.com");
            let company = if line.trim().is_empty() { "Blank" } else { line.as_str() };
            write.write_record([company, "B", email.as_str(), "PT", "Lisboa"]).unwrap();
            write.write_record(["Bad", "B", &line, &line, &line]).unwrap();
            rows += 2;
        }
    }
    write.flush().unwrap();
    let ran = run(&office, &["import", "signups", "in.csv", "--result", "out.csv"]);
    assert_eq!(ran.status.code(), Some(6), "{ran:?}");
    assert_text("import", &String::from_utf8(ran.stdout).unwrap());
    assert_text("import", &String::from_utf8(ran.stderr).unwrap());
    let result = std::fs::read_to_string(dir.join("out.csv")).unwrap();
    assert_text("result file", &result);
    println!("{rows} rows, {} cells", assert_cells(&result));
    assert_eq!(csv::Reader::from_reader(result.as_bytes()).records().count(), rows);
}
