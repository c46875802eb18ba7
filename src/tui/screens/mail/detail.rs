//! A mail to read: what it is, each attempt with the server's words, its text.

use super::row::state_span;
use crate::desk::query::mail::MailCard;
use crate::tui::screens::clock;
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::{Span, Tone};

/// A mail as it is drawn: what it is, each attempt with the server's words, its text.
pub fn detail(card: &MailCard, now: i64) -> Detail {
    let row = &card.row;
    let head = vec![
        vec![
            Span::new(format!("M-{}", row.key.id), Tone::Accent),
            "  ".into(),
            Span::new(row.subject.clone(), Tone::Heading),
            "  ".into(),
            state_span(row),
        ],
        vec![Span::new(format!("to {} · {} ({})", row.to, row.event.replace('_', " "), row.lang), Tone::Dim)],
    ];
    let mut course = Section::new("Course").pair("queued", clock(row.created_at, now));
    if let Some(record) = &row.record {
        course = course.pair("about", record.clone());
    }
    match row.state.as_str() {
        "held" => {
            course = course.pair("held until", row.next_at.map_or_else(String::new, |at| clock(at, now)))
        }
        "waiting" => {
            course = course.pair("next try", row.next_at.map_or_else(String::new, |at| clock(at, now)))
        }
        _ => {}
    }
    let standing = card.standing();
    course = course.pair("meaning", standing.meaning());
    if let Some(remedy) = standing.remedy() {
        course = course.pair("what to do", remedy);
    }
    if let Some(at) = row.sent_at {
        course = course.pair("accepted", clock(at, now));
    }
    if row.unsure > 0 {
        let text = format!(
            "may have been sent twice ({} times unsure): the line broke after the text was handed over",
            row.unsure
        );
        course = course.text(Span::new(text, Tone::Caution));
    }
    course = course.pair("Message-ID", row.message_id.clone());
    let mut attempts = Section::new("Attempts");
    if card.attempts.is_empty() {
        attempts = attempts.text(Span::new("none yet", Tone::Dim));
    }
    for attempt in &card.attempts {
        let words = attempt.reply.as_deref().unwrap_or("no answer");
        attempts = attempts.pair(
            &format!("{} {}", clock(attempt.at, now), attempt.phase),
            format!("{}: {words}", attempt.outcome),
        );
    }
    let text = card
        .body
        .clone()
        .unwrap_or_else(|| "The text was wiped after sending, since it held a secret.".into());
    let sections = [course, attempts].into_iter().chain(body_first("Text", &text)).collect();
    Detail { head, sections }
}

/// What is written in it, then its headers: the text is what somebody looks for.
pub fn body_first(title: &str, text: &str) -> Vec<Section> {
    match text.split_once("\n\n") {
        Some((headers, body)) if headers.lines().any(|line| line.contains(": ")) => {
            vec![Section::new(title).text(body.trim_end()), Section::new("Headers").text(headers)]
        }
        _ => vec![Section::new(title).text(text)],
    }
}

#[cfg(test)]
mod tests {
    use super::detail;
    use crate::desk::query::mail::{AttemptRow, MailCard, MailRow, STATES};
    use crate::tui::door::{Key, SortValue};

    #[test]
    fn every_state_is_shown_with_cause_meaning_and_what_to_do() {
        for state in STATES {
            let row = MailRow {
                key: Key { value: SortValue::Int(7), id: 7 },
                event: "signup_approved".into(),
                lang: "en".into(),
                to: "ana@example.net".into(),
                subject: "Welcome".into(),
                state: (*state).into(),
                phase: None,
                attempts: 1,
                unsure: 0,
                next_at: Some(60_000),
                last_reply: Some("550 5.1.1 no such user".into()),
                record: None,
                message_id: "<7@example.org>".into(),
                created_at: 0,
                sent_at: None,
                updated_at: 0,
            };
            let attempt = AttemptRow {
                at: 0,
                phase: "rcpt".into(),
                outcome: "failed".into(),
                reply: row.last_reply.clone(),
            };
            let card = MailCard { row, body: None, attempts: vec![attempt] };
            // Lines are folded to the pane.
            let shown = detail(&card, 0).plain().split_whitespace().collect::<Vec<_>>().join(" ");
            let standing = card.standing();
            for words in
                [standing.meaning(), standing.remedy().unwrap_or(""), "550 5.1.1 no such user", state]
            {
                assert!(shown.contains(words), "{state}: “{words}” is not in {shown}");
            }
        }
    }
}
