//! The words for what the desk answers; refusals and receipts are data until here, and the words are the glossary's.

use super::door::{Error, Receipt};
use crate::domain::id::RecordKind;
use crate::domain::user_request::Authentication;

/// A stable name as people say it: `approve_signup` is “approve sign-up”.
pub fn words(name: &str) -> String {
    name.replace('_', " ").replace("signup", "sign-up")
}

/// One of our own words, or several, as people say it: `set_password_link` is a set-password link.
pub fn own_word(name: &str) -> String {
    match Authentication::parse(name) {
        Some(way) => way.title().to_owned(),
        None => words(name),
    }
}

/// Steps that nobody gave a name have that of their task.
const TASKS: [&str; 4] = ["provision_user", "change_user", "inactivate_user", "notify_originator"];

/// A sentence with the names of tasks as people say them.
pub fn tasks_in_words(sentence: &str) -> String {
    TASKS.iter().fold(sentence.to_owned(), |said, task| said.replace(task, &words(task)))
}

/// What was done, in one line. `grace` is for how many seconds a mail is held back so that undo can still take it.
pub fn done(receipts: &[&Receipt], grace: i64) -> String {
    let Some(first) = receipts.first() else { return String::new() };
    let mut parts = Vec::new();
    match receipts {
        [one] => {
            parts.extend(one_done(one));
            // What hinders or who must decide first weighs more than what was made and mailed.
            parts.extend(one.notes.iter().map(|note| note.trim_end_matches('.').to_owned()));
            if one.command == "create_customer" && one.mails.iter().any(|mail| mail.event == "work_assigned")
            {
                parts.push("waits for approval".to_owned());
            }
            parts.extend(main_made(one));
        }
        many => {
            let kind = first.record.as_ref().map_or("records", |record| plural(record.kind));
            let verb = participle(first).unwrap_or_else(|| words(first.command));
            parts.push(format!("{} {kind} {verb}", many.len()));
        }
    }
    let mails: usize = receipts.iter().map(|receipt| receipt.mails.len()).sum();
    let waits = receipts.iter().any(|receipt| receipt.undo_until.is_some()) && grace > 0;
    match (mails, waits) {
        (0, _) => {}
        (1, true) => parts.push(format!("1 mail waits {grace} s")),
        (more, true) => parts.push(format!("{more} mails wait {grace} s")),
        (1, false) => parts.push("1 mail on its way".to_owned()),
        (more, false) => parts.push(format!("{more} mails on their way")),
    }
    parts.join(" · ")
}

/// What went wrong and what to do, in one line.
pub fn failed(error: &Error) -> String {
    error.to_string()
}

/// `REG-000006 approved`; nothing where the notes say it all.
fn one_done(receipt: &Receipt) -> Option<String> {
    if matches!(receipt.command, "undo" | "redo") {
        return None;
    }
    let verb = participle(receipt);
    Some(match (&receipt.record, verb) {
        (Some(record), Some(verb)) => format!("{} {verb}", record.number),
        (Some(record), None) => format!("{}: {}", record.number, words(receipt.command)),
        (None, Some(verb)) => verb,
        (None, None) => words(receipt.command),
    })
}

/// The one record of those it made that people look for next; history has them all.
fn main_made(receipt: &Receipt) -> Option<String> {
    let of = |kind| receipt.made.iter().find(|record| record.kind == kind);
    let record =
        of(RecordKind::Customer).or_else(|| of(RecordKind::Contact)).or_else(|| receipt.made.first())?;
    Some(format!("{} {}", record.kind.title().to_lowercase(), record.number))
}

/// What the command did to its record.
fn participle(receipt: &Receipt) -> Option<String> {
    let state = || receipt.state.as_deref().map(words);
    Some(match receipt.command {
        "submit_signup" => format!("entered, {}", state().unwrap_or_default()),
        "edit_signup" => "corrected".to_owned(),
        "assign_signup" => "assigned".to_owned(),
        "resend_code" => "gets a new code".to_owned(),
        "verify_by_phone" => "verified by phone".to_owned(),
        "reopen_signup" => format!("reopened, {} again", state().unwrap_or_default()),
        "not_a_duplicate" => "is remembered as no duplicate".to_owned(),
        "new_customer" => "made".to_owned(),
        "save_template" | "template_from_customer" => "template saved".to_owned(),
        "decide_item" | "override_item" => format!("decided, {}", state().unwrap_or_default()),
        "take_item" => "taken".to_owned(),
        "release_item" => "given back".to_owned(),
        "delegate_item" => "delegated".to_owned(),
        "reassign_item" => "reassigned".to_owned(),
        "ask_question" => "the question is asked".to_owned(),
        "answer_question" => "answered".to_owned(),
        "snooze_item" => "put aside".to_owned(),
        "wake_item" => "is back on your list".to_owned(),
        "watch_document" => "watched".to_owned(),
        "unwatch_document" => "watched no more".to_owned(),
        "recall_document" => format!("taken back, {}", state().unwrap_or_default()),
        "resume_instance" => format!("goes on, {}", state().unwrap_or_default()),
        "retry_mail" => "is sent now".to_owned(),
        "cancel_mail" => "cancelled".to_owned(),
        "release_queue" => "mail goes out again".to_owned(),
        "add_staff" => "added".to_owned(),
        "edit_staff" => "changed".to_owned(),
        "grant_role" => "has that role now".to_owned(),
        "revoke_role" => "has that role no more".to_owned(),
        "set_deputy" => "has a deputy".to_owned(),
        "end_deputy" => "decides alone again".to_owned(),
        "new_queue" => "made".to_owned(),
        "edit_queue" => "changed".to_owned(),
        "add_to_queue" => "has one more member".to_owned(),
        "remove_from_queue" => "has one member less".to_owned(),
        "move_items" => "items moved".to_owned(),
        "hand_over" => "handed over".to_owned(),
        "test_mail" => "the test mail is on its way".to_owned(),
        _ => return state(),
    })
}

fn plural(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Signup => "sign-ups",
        RecordKind::Customer => "customers",
        RecordKind::Contact => "contacts",
        RecordKind::UserRequest => "user requests",
        RecordKind::PortalUser => "portal users",
        RecordKind::Template => "templates",
        RecordKind::RuleSet => "workflows",
        RecordKind::Mail => "mails",
        RecordKind::Staff => "staff",
        RecordKind::Role => "roles",
        RecordKind::Queue => "queues",
    }
}

/// A kind of entry in the words of the glossary: `signup_verified` is a sign-up verified.
pub fn in_words(kind: &str) -> String {
    kind.replace('_', " ").replace("signup ", "sign-up ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Repeated;
    use crate::desk::command::QueuedMail;
    use crate::domain::id::RecordRef;

    fn receipt(command: &'static str, state: &str) -> Receipt {
        Receipt {
            command,
            record: Some(RecordRef::new(RecordKind::Signup, 6, "REG-000006".to_owned())),
            state: Some(state.to_owned()),
            history: 1,
            group: 1,
            mails: vec![QueuedMail {
                id: 1,
                event: "signup_approved".into(),
                to: "ana@contoso.example".into(),
            }],
            undo_until: Some(1),
            made: Vec::new(),
            notes: Vec::new(),
            repeated: Repeated::No,
        }
    }

    #[test]
    fn a_receipt_is_said_once() {
        let approved = receipt("approve_signup", "approved");
        assert_eq!(done(&[&approved], 30), "REG-000006 approved · 1 mail waits 30 s");
        assert_eq!(done(&[&approved, &approved], 30), "2 sign-ups approved · 2 mails wait 30 s");
        let mut undo = receipt("undo", "verified_by_user");
        undo.mails.clear();
        undo.notes = vec!["Undid: approve sign-up REG-000006.".into(), "1 mail held back.".into()];
        assert_eq!(done(&[&undo], 30), "Undid: approve sign-up REG-000006 · 1 mail held back");
    }

    #[test]
    fn what_leaves_the_state_alone_is_not_called_by_it() {
        let mut edited = receipt("edit_signup", "verified_by_user");
        edited.mails.clear();
        assert_eq!(done(&[&edited], 30), "REG-000006 corrected");
    }
}
