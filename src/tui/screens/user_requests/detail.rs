//! A user request to read: what is asked, whom it waits for, what provisioning came to, turns, questions.

use super::row::{action, state_span};
use crate::desk::query::user_request::{Origin, TurnLine, UserRequestCard};
use crate::domain::date::age;
use crate::domain::user_request::Action;
use crate::tui::prose::{own_word, tasks_in_words};
use crate::tui::screens::checks::checks;
use crate::tui::screens::clock;
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::{Span, Tone};

/// The heading over what is asked.
pub const ASKED: &str = "Asked for";

/// The heading over how far it has come.
pub const COURSE: &str = "Course";

/// The heading over whose turn it was.
pub const TURNS: &str = "Turns";

/// A user request as it is drawn.
pub fn detail(card: &UserRequestCard, now: i64) -> Detail {
    let row = &card.row;
    let head = vec![
        vec![
            Span::new(row.number.clone(), Tone::Accent),
            "  ".into(),
            state_span(row),
            "  ".into(),
            Span::new(format!("{} {}", action(row), row.user_name), Tone::Heading),
        ],
        vec![Span::new(under(card, now), Tone::Dim)],
    ];
    let mut sections = Vec::new();
    if let Some(trouble) = trouble(card) {
        sections.push(trouble);
    }
    sections.push(asked(card));
    sections.extend(past(card, now));
    if !card.questions.is_empty() {
        sections.push(questions(card).aside());
    }
    sections.extend(card.origin.as_ref().map(|origin| rests_on(origin, now).aside()));
    if !card.similar.is_empty() {
        sections.push(similar(card, now).aside());
    }
    sections.extend(Some(course(card, now)).filter(|course| !course.items.is_empty()));
    if !card.turns.is_empty() {
        let mut turns = Section::new(TURNS);
        for line in &card.turns {
            turns = turn(turns, line, now);
        }
        sections.push(turns.aside());
    }
    Detail { head, sections }
}

/// What came of it before, newest first: who did what, and why. None where it was only submitted, which the head says.
fn past(card: &UserRequestCard, now: i64) -> Option<Section> {
    let decided = card.past.iter().filter(|line| line.what != "submitted");
    let newest = card.past.iter().take(1).filter(|line| line.what == "submitted");
    let mut section = Section::new("History").aside();
    for line in newest.chain(decided) {
        section = section.text(format!("{} {} by {}", clock(line.at, now), line.what, line.who));
        if let Some(reason) = &line.reason {
            section = section.text(format!("  “{reason}”"));
        }
    }
    Some(section).filter(|_| card.past.iter().any(|line| line.what != "submitted"))
}

/// How others of the same customer or contact were decided.
fn similar(card: &UserRequestCard, now: i64) -> Section {
    card.similar.iter().fold(Section::new("Decided before"), |section, line| {
        let by = line.decided_by.as_ref().map_or_else(String::new, |login| format!(" by {login}"));
        let what = Action::parse(&line.action).map_or(line.action.as_str(), |action| action.title());
        section
            .text(format!("{} {what} {}", line.number, line.user_name))
            .text(Span::new(format!("  {} {}{by}", line.state, clock(line.at, now)), Tone::Dim))
    })
}

fn questions(card: &UserRequestCard) -> Section {
    let mut section = Section::new("Questions");
    for q in &card.questions {
        section = section.text(format!("{} asks {}: {}", q.by, q.of, q.question));
        section = match &q.answer {
            Some(answer) => section.text(format!("  {}: {answer}", q.of)),
            None => section.text(Span::new("  no answer yet", Tone::Caution)),
        };
    }
    section
}

/// The line under the number: whom it waits for, since when.
fn under(card: &UserRequestCard, now: i64) -> String {
    let row = &card.row;
    let by = row.originator.as_deref().unwrap_or("the applicant");
    match &row.waits_for {
        Some(who) => {
            let since = row.submitted_at.map_or_else(String::new, |at| format!(" since {}", clock(at, now)));
            format!("waits for {who}{since} · asked by {by}")
        }
        None => format!("made {} by {by}", clock(row.created_at, now)),
    }
}

/// What needs a person now.
fn trouble(card: &UserRequestCard) -> Option<Section> {
    let row = &card.row;
    let section = Section::new("Needs a person");
    if let Some(why) = &row.failure {
        let text = format!("It could not be carried out: {why}. R tries it again.");
        return Some(section.text(Span::new(text, Tone::Alarm)));
    }
    if let Some((cause, culprit)) = card.cause.as_ref().filter(|_| card.stopped.is_some()) {
        let who = culprit.as_ref().map_or_else(String::new, |who| format!(" ({who})"));
        return Some(section.text(Span::new(
            format!("Its workflow was stopped: {cause}{who}. c lets it go on."),
            Tone::Alarm,
        )));
    }
    if let Some(hook) = card.hook.as_ref().filter(|hook| hook.state == "failed") {
        let why = hook.last_error.as_deref().unwrap_or("no word");
        let text = format!("The portal was not told after {} tries: {why}. R tries it again.", hook.attempts);
        return Some(section.text(Span::new(text, Tone::Alarm)));
    }
    if let Some(why) = &row.waiting_reason {
        return Some(section.text(Span::new(why.clone(), Tone::Caution)));
    }
    let note = row.change_note.as_ref().filter(|_| matches!(row.state.as_str(), "draft" | "rejected"))?;
    let asked = card.turns.iter().rev().find(|turn| turn.state == "change_requested");
    let fields = asked.map(|turn| own_word(&turn.fields.join(", "))).filter(|fields| !fields.is_empty());
    let fields = fields.map_or_else(String::new, |fields| format!(" ({fields})"));
    Some(section.text(Span::new(format!("It came back: {note}{fields}"), Tone::Caution)))
}

/// What is repeated in the head comes last.
fn asked(card: &UserRequestCard) -> Section {
    let row = &card.row;
    let mut section = Section::new(ASKED);
    if let Some(why) = &row.justification {
        section = section.text(format!("“{why}”"));
    }
    section = section.pair("contact", format!("{} {}", row.contact, row.contact_name));
    if let Some(customer) = &row.customer {
        let name = row.customer_name.as_deref().unwrap_or_default();
        section = section.pair("customer", format!("{customer} {name}"));
    }
    // Where the portal user is there already, what it is and what it would be stand side by side.
    let now = card.current.as_ref().filter(|_| row.completed_at.is_none());
    let change = |old: Option<&str>, new: &str| match old {
        Some(old) if old != new => format!("{} → {}", own_word(old), own_word(new)),
        Some(_) | None => own_word(new),
    };
    if let Some(state) = now.and_then(|now| becomes(&row.action, &now.state)) {
        section = section.pair("logon", state);
    }
    section = section
        .pair("role", change(now.map(|now| now.role.as_str()), &row.role))
        .pair("e-mail", row.email.clone());
    // Whoever is told of the logon may set its password.
    let known = card.contact_email.as_deref().filter(|_| row.action == "add");
    if let Some(known) = known.filter(|known| !known.eq_ignore_ascii_case(&row.email)) {
        section = section.text(Span::new(format!("! the contact's is {known}"), Tone::Caution));
    }
    section
        .pair("logon by", change(now.map(|now| now.authentication.as_str()), &row.authentication))
        .pair("action", format!("{} ({})", action(row), row.kind))
        .pair("user name", row.user_name.clone())
}

/// What becomes of whether they may log on.
fn becomes(action: &str, now: &str) -> Option<String> {
    match action {
        "inactivate" => Some(format!("{now} → inactive")),
        "reactivate" => Some(format!("{now} → active")),
        _ => None,
    }
}

/// What a decision rests on: how the sign-up was verified, by whom it was approved, what the checks said.
fn rests_on(origin: &Origin, now: i64) -> Section {
    let mut section = Section::new(&format!("Sign-up {}", origin.number));
    section = match (&origin.verified_how, origin.verified_at) {
        (Some(how), Some(at)) => {
            let by = origin.verified_by.as_ref().map_or_else(String::new, |login| format!(" {login}"));
            let note = origin.verify_note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
            section.pair("verified", format!("by {how} {}{by}{note}", clock(at, now)))
        }
        _ => section.pair("verified", Span::new("! never", Tone::Alarm)),
    };
    if let Some(login) = &origin.approved_by {
        section = section.pair("approved", format!("by {login}"));
    }
    if let Some((number, percent)) = &origin.duplicate {
        section = section.pair("duplicate", Span::new(format!("{percent} % {number}"), Tone::Caution));
    }
    section = section.text(Span::new("checks", Tone::Dim));
    checks(section, &origin.checks)
}

fn course(card: &UserRequestCard, now: i64) -> Section {
    let row = &card.row;
    let mut section = Section::new(COURSE);
    if let Some(workflow) = &card.workflow {
        let state = card.instance.map_or("", |state| state.as_str()).replace('_', " ");
        section = section.pair("workflow", format!("{workflow}, {state}"));
    }
    if let Some(at) = row.submitted_at {
        section = section.pair("submitted", clock(at, now));
    }
    if let Some(at) = row.completed_at {
        section = section.pair("completed", clock(at, now));
    }
    if let Some(hook) = &card.hook {
        let next = hook.next_at.map_or_else(String::new, |at| format!(", next try {}", clock(at, now)));
        let why = hook.last_error.as_ref().map_or_else(String::new, |why| format!(": {why}"));
        let words = match hook.state.as_str() {
            "done" => format!("told {}", hook.done_at.map_or_else(String::new, |at| clock(at, now))),
            "held" => format!("will be told{next}"),
            "cancelled" => "not told: undone".to_owned(),
            state => format!("{state}, {} tries{next}{why}", hook.attempts),
        };
        section = section.pair("portal", words);
    }
    section
}

/// How long a turn waited for what became of it at that moment.
fn took(line: &TurnLine, at: i64) -> String {
    match age(at - line.since).as_str() {
        "now" => "under 1m".to_owned(),
        span => span.to_owned(),
    }
}

fn turn(section: Section, line: &TurnLine, now: i64) -> Section {
    let state = line.state.replace('_', " ");
    let tone = if line.state == "open" { Tone::Caution } else { Tone::Text };
    let when = match (line.decided_at, line.due_at) {
        (Some(at), _) => Some(format!("{} after {}", clock(at, now), took(line, at))),
        (None, Some(at)) => Some(format!("due {}", clock(at, now))),
        (None, None) => None,
    };
    let because = Some(line.because.clone()).filter(|because| *because != line.who);
    let under: Vec<String> = because.into_iter().chain(when).collect();
    let mut section =
        section.text(Span::new(format!("{}: {state} · {}", tasks_in_words(&line.step), line.who), tone));
    if !under.is_empty() {
        section = section.text(Span::new(format!("  {}", under.join(" · ")), Tone::Dim));
    }
    match line.reason.as_ref().or(line.note.as_ref()) {
        Some(reason) if line.fields.is_empty() => section.text(format!("  “{reason}”")),
        Some(reason) => section.text(format!("  “{reason}” ({})", line.fields.join(", "))),
        None => section,
    }
}
