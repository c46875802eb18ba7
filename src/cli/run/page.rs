//! A sign-up for people: applicant, message, what became of it, checks, possible duplicates, history.

use super::text::{Page, wall};
use crate::desk::query::signup::{SignupCard, SignupDetail};
use crate::domain::field::signup_field;
use crate::matching::Hit;

/// The sign beside a check; the word stands there too.
pub fn sign(outcome: &str) -> &'static str {
    match outcome {
        "good" => "✓",
        "attention" => "!",
        "bad" => "✗",
        _ => "–",
    }
}

/// The page.
pub fn page(detail: &SignupDetail, now: i64) -> String {
    let card = &detail.card;
    let row = &card.row;
    let mut page = Page::new(&format!(
        "{}  {}  {} since {}",
        row.number,
        row.company,
        row.state.title(),
        wall(row.state_since, now)
    ));
    page.section("Applicant");
    for (name, value) in &card.fields {
        if *name != "message" {
            page.field(signup_field(name).map_or(name, |field| field.label), value.as_deref());
        }
    }
    for (name, value) in &card.extra {
        page.field(name, Some(&value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    }
    if let Some((_, Some(message))) = card.fields.iter().find(|(name, _)| *name == "message") {
        page.section("Message");
        page.block(message);
    }
    story(&mut page, card, now);
    page.section("Checks");
    for check in &card.checks {
        page.line(&format!("{} {}: {}", sign(&check.outcome), check.name.replace('_', " "), check.word));
    }
    if !detail.duplicates.is_empty() {
        page.section("Possible duplicates");
        for hit in &detail.duplicates {
            page.line(&said(hit));
        }
    }
    page.section("History");
    for entry in &detail.history {
        page.line(&super::history::line(entry, now));
    }
    page.done()
}

fn story(page: &mut Page, card: &SignupCard, now: i64) {
    page.section("Request");
    let time = |at: Option<i64>| at.map(|at| wall(at, now));
    let made: Vec<&str> = card.made.iter().map(|made| made.number.as_str()).collect();
    let how = card
        .verified_how
        .as_ref()
        .map(|how| format!("by {how} {}", time(card.verified_at).unwrap_or_default()).trim_end().to_owned());
    let resent = card.resent_at.filter(|_| card.resend_count > 0);
    let resent = resent.map(|at| format!("{} times, last {}", card.resend_count, wall(at, now)));
    let decided = card
        .decided_by
        .as_ref()
        .map(|login| format!("by {login} {}", time(card.decided_at).unwrap_or_default()));
    page.field("Came in", Some(&wall(card.row.created_at, now)));
    page.field("By way of", Some(&card.source));
    page.field("Entered by", card.entered_by.as_deref());
    page.field("Handed in by", card.carrier.as_deref());
    page.field("External id", card.external_id.as_deref());
    page.field("Assigned to", card.row.assigned.as_deref());
    page.field("Verified", how.as_deref());
    page.field("Note", card.verify_note.as_deref());
    page.field("Code expires", time(card.code_expires_at).as_deref());
    page.field("Code sent again", resent.as_deref());
    page.field("Decided", decided.as_deref());
    page.field("Reason", card.reason_code.as_deref());
    page.field("Internal note", card.reason.as_deref());
    page.field("Told the applicant", card.reply.as_deref());
    page.field("Made", Some(&made.join(", ")));
    page.field("Mail trouble", card.mail_trouble.as_deref());
}

fn said(hit: &Hit) -> String {
    format!(
        "{} %  {}  {}  {}  {}",
        hit.percent,
        hit.record.number,
        hit.name,
        hit.place,
        hit.reasons.join(", ")
    )
}
