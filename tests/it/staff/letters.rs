//! The letters to staff as their readers get them, in each language: with all that can be said, and with no more than what
//! always is. A change of a snapshot is read before it is accepted.

use std::collections::BTreeMap;

use countersign::domain::mail::event::{Kind, Recipient};
use countersign::domain::mail::{Letter, MailEvent, Mailbox, Render, readable};
use countersign::mail::{MailSettings, Renderer, Zone};

use super::waiting;

fn value(event: MailEvent, name: &str) -> &'static str {
    match name {
        "name" => "Maria Silva",
        "number" => "UR-000012",
        "title" => "add portal user ana.lima",
        "customer" => "C-000417 Contoso Coffee Ltd",
        "values" => {
            "Contact: Ana Lima\nUser name: ana.lima\nRole: customer -> customer_admin\nE-mail: ana@contoso.example"
        }
        "who" if event == MailEvent::DeputySet => "Priya Rao",
        "who" => "Jens Berg",
        "asker" | "answerer" => "Tom Hill",
        "decider" => "Maria Silva",
        "question" => "Who is she?",
        "step" => "Customer logon · Check identity",
        "because" => "role approver",
        "fields" => "role, email",
        "verdict" => "approved",
        "culprit" => "priya",
        "count" => "3",
        "overdue" => "UR-000009  Check identity  2026-11-20 17:00",
        "items" => "UR-000012  Check identity  2026-11-25 12:00\nUR-000013  Check identity",
        "document" => "proposal",
        "command" if event == MailEvent::DeputySet => "countersign work list",
        "command" if event == MailEvent::WorkDigest => {
            "countersign work list\n  countersign decide NUMBER approve"
        }
        "command" if event == MailEvent::WorkChangeRequested => {
            "countersign user-request edit UR-000012\n  countersign user-request submit UR-000012"
        }
        "command" if matches!(event, MailEvent::WorkDecided | MailEvent::WorkAnswered) => {
            "countersign history UR-000012"
        }
        "command" if event == MailEvent::WorkAsked => "countersign work answer UR-000012 --answer TEXT",
        "command" if event == MailEvent::WorkStopped => "countersign work resume UR-000012 --reason TEXT",
        "command" => {
            "countersign decide UR-000012 approve\n  countersign decide UR-000012 reject --reason TEXT"
        }
        "since" | "due" | "starts" => "1795424400000",
        "ends" => "1795737540000",
        "text" => "Is she still with them?\n\nThe phone number is another one.",
        other => panic!("no value for {other}"),
    }
}

/// The letter as people read it: its subject and text.
fn letter(event: MailEvent, lang: &str, required_only: bool) -> String {
    let given = event.placeholders().iter().filter(|p| p.required || !required_only);
    let values: BTreeMap<&'static str, String> =
        given.map(|p| (p.name, value(event, p.name).to_owned())).collect();
    let letter = Letter {
        event,
        lang: lang.into(),
        to: Mailbox { address: "maria@office.example".into(), name: None },
        record: None,
        values,
        message_id: "<letter@office.example>".into(),
        date: 1_795_424_400_000,
        references: Vec::new(),
    };
    let settings = MailSettings { zone: Zone::Utc, ..MailSettings::folder("unused".into()) };
    let rendered = Renderer::new(&settings).render(&letter).unwrap();
    assert_eq!(rendered.lang, lang);
    let text = readable(&rendered.bytes).replace("\r\n", "\n");
    let body = text.split_once("\n\n").unwrap().1.trim_end();
    format!("=== {event}\n{}\n\n{body}\n", rendered.subject)
}

fn to_staff() -> Vec<MailEvent> {
    MailEvent::all().filter(|event| event.recipient() == Recipient::Staff).collect()
}

#[test]
fn every_letter_to_staff_in_each_language() {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "letters" }, {
        for lang in ["en", "de", "fr", "es"] {
            let full: Vec<String> = to_staff().into_iter().map(|event| letter(event, lang, false)).collect();
            let bare: Vec<String> = to_staff().into_iter().map(|event| letter(event, lang, true)).collect();
            insta::assert_snapshot!(lang, format!("{}\n=== with no more than what always is\n\n{}", full.join("\n"), bare.join("\n")));
        }
    });
}

#[test]
fn every_letter_to_staff_says_what_to_type_and_keeps_its_paragraphs() {
    for event in to_staff() {
        assert!(event.placeholder("command").is_some_and(|p| p.required && p.kind == Kind::Text), "{event}");
        for lang in ["en", "de", "fr", "es"] {
            for required_only in [false, true] {
                let text = letter(event, lang, required_only);
                let lines: Vec<&str> = text.lines().collect();
                let at = lines
                    .iter()
                    .position(|line| line.starts_with("  countersign "))
                    .unwrap_or_else(|| panic!("{text}"));
                assert!(lines[at - 1].trim_end().ends_with(':'), "what it is for stands above it: {text}");
                assert_eq!(lines[at - 2], "", "a paragraph of its own: {text}");
                let greeting = lines.iter().position(|line| line.ends_with(',')).unwrap();
                assert_eq!(lines[greeting + 1], "", "{text}");
                assert_eq!(lines[lines.len() - 2], "", "who sends it stands apart: {text}");
                assert!(!text.contains("\n\n\n"), "{text}");
            }
        }
    }
}

#[test]
fn a_subject_is_in_the_readers_language() {
    let subjects = |lang: &str| -> Vec<String> {
        to_staff()
            .iter()
            .map(|event| letter(*event, lang, false).lines().nth(1).unwrap().to_owned())
            .collect()
    };
    let english = subjects("en");
    for lang in ["de", "fr", "es"] {
        for (own, english) in subjects(lang).iter().zip(&english) {
            assert_ne!(own, english, "{lang}");
        }
    }
    assert!(english.contains(&"3 items wait for you".to_owned()), "{english:?}");
}

#[test]
fn what_is_asked_comes_with_all_that_is_needed_to_decide_or_answer() {
    let office = waiting(&[("Aurora", "jens")]);
    let asked = super::mailed(&office, "maria", "UR-000001");
    assert_eq!(asked.len(), 1);
    for words in [
        "Subject: UR-000001 waits for your decision",
        "add portal user",
        "Customer: C-000001 Aurora",
        "Asked by: Jens Berg",
        "Step: Maria · Check identity",
        "E-mail: Aurora@Aurora.example",
        "  countersign decide UR-000001 approve\n  countersign decide UR-000001 reject --reason TEXT",
    ] {
        assert!(asked[0].replace('\r', "").contains(words), "{words}: {}", asked[0]);
    }
    office.run(&["staff", "edit", "tom", "--language", "de"]).ends(0);
    let ask = ["--as", "maria", "work", "ask", "UR-1", "--of", "tom", "--question", "Is it her?"];
    office.run(&ask).ends(0);
    let question = super::mailed(&office, "tom", "UR-000001");
    for words in [
        "eine Frage an Sie",
        "Maria Silva fragt Sie dazu:",
        "Is it her?",
        "Von: Jens Berg",
        "  countersign work answer UR-000001 --answer TEXT",
    ] {
        assert!(question[0].contains(words), "{words}: {}", question[0]);
    }
    let answer = |who: &str| office.run(&["--as", who, "work", "answer", "UR-1", "--answer", "Yes, I rang."]);
    answer("jens").ends(3);
    office.run(&ask).ends(0);
    assert!(answer("tom").ends(3).messages.contains("--question"), "two wait");
    office
        .run(&["--as", "tom", "work", "answer", "UR-1", "--question", "1", "--answer", "Yes, I rang."])
        .ends(0);
    answer("tom").ends(0);
    let shown = office.json(&["user-request", "show", "UR-1"]);
    assert_eq!(shown["questions"][0]["answer"], "Yes, I rang.");

    office
        .run(&[
            "--as",
            "maria",
            "decide",
            "UR-1",
            "request-change",
            "--field",
            "role",
            "--reason",
            "no admin",
        ])
        .ends(0);
    let back = super::mailed(&office, "jens", "please change it");
    for words in [
        "To change: role",
        "no admin",
        "  countersign user-request edit UR-000001",
        "  countersign user-request submit UR-000001",
    ] {
        assert!(back[0].contains(words), "{words}: {}", back[0]);
    }
}

#[test]
fn a_preview_shows_a_letter_to_staff_for_a_real_record() {
    let office = waiting(&[("Aurora", "jens")]);
    let args = ["--as", "maria", "mail", "preview", "work_assigned", "UR-1", "--language", "fr"];
    let preview = office.json(&args);
    assert_eq!((&preview["to"], &preview["language"]), (&"maria@office.example".into(), &"fr".into()));
    let text = preview["message"].as_str().unwrap();
    for words in [
        "Demandé par : Jens Berg",
        "Maria · Check identity",
        "User name: aurora",
        "  countersign decide UR-000001 approve",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    for event in to_staff() {
        let about =
            if matches!(event, MailEvent::WorkDigest | MailEvent::DeputySet) { "tom" } else { "UR-1" };
        office.run(&["--as", "maria", "mail", "preview", event.as_str(), about]).ends(0);
    }
    assert_eq!(office.error(&["--as", "maria", "mail", "preview", "work_assigned", "REG-1"]).0, 2);
    let preview = office.json(&["mail", "preview", "work_assigned", "UR-1"]);
    assert_eq!(preview["to"], "maria@office.example", "it is hers, whoever looks");
    let staff = office.json(&["staff", "list"]);
    let without = staff.as_array().unwrap().iter().find(|row| row["email"].is_null()).unwrap();
    let login = without["login"].as_str().unwrap();
    let (status, error) = office.error(&["mail", "preview", "work_digest", login]);
    assert_eq!(status, 1, "whoever has no address gets none");
    assert!(error["remedy"].as_str().unwrap().contains("--email"), "{error}");
}
