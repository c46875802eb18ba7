//! Mails made of hostile values: one of each header, no line or header of a stranger's, no control character.

use countersign::desk::Command;
use countersign::desk::commands::signup::{
    ApproveSignup, CreateCustomer, MailApplicant, RejectSignup, Subject,
};

use super::office::hostile;
use super::watch::acts;

/// Headers that a letter of ours has, each at most once.
const HEADERS: &[&str] = &[
    "date",
    "message-id",
    "from",
    "to",
    "subject",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "auto-submitted",
    "reply-to",
    "references",
    "in-reply-to",
];

/// The names of the headers, in lower case.
fn headers(mail: &str) -> Vec<String> {
    let (head, _) = mail.split_once("\r\n\r\n").expect("a mail has a head and a body");
    let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    lines
        .map(|line| line.split_once(':').unwrap_or_else(|| panic!("{line:?} is no header")).0.to_lowercase())
        .collect()
}

#[track_caller]
fn assert_mail(mail: &str) {
    let names = headers(mail);
    for name in &names {
        assert!(HEADERS.contains(&name.as_str()), "{name} is not ours: {mail}");
    }
    for required in ["date", "message-id", "from", "to", "subject", "content-type"] {
        assert_eq!(names.iter().filter(|name| *name == required).count(), 1, "{required}: {mail}");
    }
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), names.len(), "a header stands twice: {mail}");
    assert!(!mail.replace("\r\n", "").contains(['\r', '\n']), "a bare CR or LF: {mail:?}");
    let wild = mail.chars().find(|c| acts(*c) && !matches!(c, '\r' | '\n' | '\t'));
    assert_eq!(wild, None, "{mail:?}");
    assert!(mail.split("\r\n").all(|line| line.len() <= 998), "a line is too long");
    assert!(mail.is_ascii(), "encoded for any server: {mail:?}");
}

#[test]
fn no_header_no_line_and_no_control_of_a_strangers() {
    let Some(mut office) = hostile(2) else { return };
    for (n, given) in office.given.iter().enumerate() {
        let subject = Subject::now(office.world.find(&given.number).id);
        let text = format!("known: {}", given.fields["message"]);
        if n % 3 > 0 {
            let reply = Some(text.chars().take(2_000).collect());
            let mail = MailApplicant::Tell;
            let reject = RejectSignup { subject, reason_code: "other".into(), note: Some(text), reply, mail };
            office
                .world
                .run("maria", Command::RejectSignup(reject))
                .unwrap_or_else(|error| panic!("{error}"));
            continue;
        }
        let approve = ApproveSignup {
            subject: subject.clone(),
            note: None,
            override_reason: Some(format!("known: {text}")),
        };
        office.world.run("priya", Command::ApproveSignup(approve)).unwrap();
        let create = CreateCustomer {
            subject,
            existing: None,
            template: None,
            values: Default::default(),
            contact: None,
            twin: countersign::desk::commands::signup::Twin::Refuse,
            role: None,
            authentication: None,
            user_name: Some(format!("person.{n}")),
            note: Some(given.fields["company"].clone()),
        };
        let made = office.world.run("priya", Command::CreateCustomer(Box::new(create)));
        made.unwrap_or_else(|error| panic!("{}: {error}", given.number));
    }
    let conn = office.world.raw();
    let mut query = conn.prepare("select body, subject, to_address from outbox").unwrap();
    let mut rows = query.query([]).unwrap();
    let mut mails = 0;
    while let Some(row) = rows.next().unwrap() {
        let body: Vec<u8> = row.get(0).unwrap();
        assert_mail(&String::from_utf8(body).unwrap());
        let (subject, to): (String, String) = (row.get(1).unwrap(), row.get(2).unwrap());
        assert!(!subject.contains(acts) && !to.contains(acts), "{subject:?} {to:?}");
        mails += 1;
    }
    assert!(mails >= 2 * office.given.len(), "{mails} mails of {} sign-ups", office.given.len());
    drop(rows);
    drop(query);
    office.world.assert_sound();
    println!("{} strings, {mails} mails", office.strings);
}
