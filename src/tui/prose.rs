//! The words for what the desk answers; refusals and receipts are data until here.

use super::door::{Error, Receipt};

/// What was done, in one line.
pub fn done(receipts: &[&Receipt]) -> String {
    let Some(first) = receipts.first() else { return String::new() };
    let mut parts = Vec::new();
    if receipts.len() == 1 {
        let number = first.record.as_ref().map_or("", |record| record.number.as_str());
        let state = first.state.as_deref().map(|state| state.replace('_', " "));
        parts.push(match state {
            Some(state) if !number.is_empty() => format!("{number} {state}"),
            Some(_) | None => format!("{} {number}", first.command.replace('_', " ")).trim_end().to_owned(),
        });
        parts.extend(first.made.iter().map(|record| format!("made {}", record.number)));
        parts.extend(first.notes.iter().cloned());
    } else {
        parts.push(format!("{}: {} done", first.command.replace('_', " "), receipts.len()));
    }
    let mails: usize = receipts.iter().map(|receipt| receipt.mails.len()).sum();
    match mails {
        0 => {}
        1 => parts.push("1 mail queued".to_owned()),
        more => parts.push(format!("{more} mails queued")),
    }
    parts.join(" · ")
}

/// What went wrong and what to do, in one line.
pub fn failed(error: &Error) -> String {
    error.to_string()
}
