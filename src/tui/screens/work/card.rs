//! The decision card: why it is here and since when, what is asked, what that rests on; all of it on one screen of 80×24.

use crate::desk::query::user_request::UserRequestCard;
use crate::desk::query::work_list::Part;
use crate::tui::screens::clock;
use crate::tui::screens::user_requests::detail::{COURSE, TURNS, detail};
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::{Span, Tone};

use super::row::{Line, due, reason};

/// The card of a row.
pub fn card(line: &Line, document: &UserRequestCard) -> Detail {
    // Of the turns those of this round: what came of earlier ones stands in the history.
    let mut document = document.clone();
    let round = document.turns.iter().map(|turn| turn.round).max();
    document.turns.retain(|turn| Some(turn.round) == round);
    let mut detail = detail(&document, line.now);
    detail.head.truncate(1);
    detail.head.push(since(line));
    // The workflow stands in why it is here, and so does a turn that is the only one.
    let lone = match document.turns.as_slice() {
        [turn] if turn.state == "open" => Some(turn),
        _ => None,
    };
    detail.sections.retain(|section| section.title != COURSE && !(lone.is_some() && section.title == TURNS));
    if let Some(mut why) = why(line) {
        if let Some(note) = lone.and_then(|turn| turn.note.as_ref()) {
            why = why.text(format!("“{note}”"));
        }
        detail.sections.insert(0, why);
    }
    detail
}

/// `since Mon 09:12 · due Wed 09:00 · from jens`.
fn since(line: &Line) -> Vec<Span> {
    let row = &line.row;
    let mut spans = vec![Span::new(format!("since {}", clock(row.since, line.now)), Tone::Dim)];
    if row.due_at.is_some() {
        spans.push(Span::new(" · due ", Tone::Dim));
        spans.push(due(row, line.now));
    }
    let by = row.submitter.as_deref().unwrap_or("the applicant");
    spans.push(Span::new(format!(" · from {by}"), Tone::Dim));
    spans
}

fn why(line: &Line) -> Option<Section> {
    let row = &line.row;
    let mut section = match row.part {
        Part::Turn => Section::new("Why it is here")
            .text(reason(&row.because, &row.holder))
            .text(Span::new(row.rule.clone(), Tone::Dim)),
        Part::Question => Section::new("Why it is here")
            .text(format!("{}: {}", row.because, row.what))
            .text(Span::new("I answers; nothing waits for it", Tone::Dim)),
        Part::Instance if row.kind == "underway" || row.kind == "task" => Section::new("Whom it waits for")
            .text(row.holder.clone())
            .text(Span::new(row.rule.clone(), Tone::Dim)),
        // What stopped it, or why it came back, stands in the card already.
        Part::Instance => return None,
    };
    if row.escalations > 0 {
        section = section.text(Span::new(format!("escalated {} times", row.escalations), Tone::Caution));
    }
    Some(section)
}
