//! The decision card: who asks, what the checks say, who it may be already, what happened, what each action would do.

use super::Shown;
use super::row::state_tone;
use crate::desk::query::history::HistoryRow;
use crate::desk::query::signup::{Hidden, SignupCard};
use crate::desk::settings::Settings;
use crate::domain::check::country::english_name;
use crate::domain::date::age;
use crate::domain::permission::Actor;
use crate::domain::signup::{SignupState, moves_from, offer};
use crate::tui::prose::{in_words, own_word};
use crate::tui::screens::checks::checks;
use crate::tui::screens::clock;
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::{Span, Tone};

/// The card as it is drawn.
pub fn detail(shown: &Shown, settings: &Settings, (actor, now): (&Actor, i64)) -> Detail {
    let card = &shown.detail.card;
    let mut sections = vec![
        applicant(card),
        checks(Section::new("Checks"), &card.checks).aside(),
        duplicates(shown).aside(),
    ];
    sections.extend(message(card));
    sections.extend(extra(card));
    sections.extend(decision(card, settings, now));
    sections.extend(Some(next(card, actor)).filter(|next| !next.items.is_empty()));
    sections.push(history(&shown.detail.history, now));
    Detail { head: head(card, now), sections }
}

fn dim(text: impl Into<String>) -> Span {
    Span::new(text, Tone::Dim)
}

fn head(card: &SignupCard, now: i64) -> Vec<Vec<Span>> {
    let row = &card.row;
    let mut first = vec![
        Span::new(row.number.clone(), Tone::Accent),
        "  ".into(),
        Span::new(row.state.title(), state_tone(row.state)),
    ];
    if row.hidden == Hidden::Some {
        first.push(Span::new("  ! hidden characters", Tone::Caution));
    }
    let waits = match row.state {
        SignupState::Requested => "waits for the applicant's code",
        SignupState::VerifiedByUser => "waits for an approver",
        SignupState::Approved => "waits for create",
        SignupState::Expired => "the code ran out; resend brings it back",
        SignupState::Created | SignupState::Rejected | SignupState::Withdrawn => "closed",
    };
    let by = match (&card.entered_by, &card.carrier) {
        (Some(staff), _) => format!("entered by {staff}"),
        (None, Some(carrier)) => format!("sent in by {} (carried by {carrier})", card.source),
        (None, None) => format!("sent in by {}", card.source),
    };
    let assigned = row.assigned.as_ref().map(|login| format!(" · assigned to {login}")).unwrap_or_default();
    let mut lines = vec![
        first,
        vec![Span::new(row.company.clone(), Tone::Heading)],
        vec![dim(format!("{waits} since {}", clock(row.state_since, now)))],
        vec![dim(format!("{by}{assigned}"))],
    ];
    if let Some(trouble) = &card.mail_trouble {
        lines.push(vec![Span::new(format!("! {trouble}"), Tone::Alarm)]);
    }
    lines
}

fn applicant(card: &SignupCard) -> Section {
    let get = |name: &str| card.fields.iter().find(|(n, _)| *n == name).and_then(|(_, v)| v.clone());
    let mut section = Section::new("Applicant");
    let title = get("job_title").map(|t| format!(", {t}")).unwrap_or_default();
    section = section.text(format!("{}{title}", card.row.contact)).text(card.row.email.clone());
    for name in ["phone", "website"] {
        if let Some(value) = get(name) {
            section = section.text(value);
        }
    }
    let street: Vec<String> = ["street", "street2"].iter().filter_map(|n| get(n)).collect();
    let town: Vec<String> = ["postal_code", "city"].iter().filter_map(|n| get(n)).collect();
    let region: Vec<String> = ["county", "region"].iter().filter_map(|n| get(n)).collect();
    let country = english_name(&card.row.country).unwrap_or(card.row.country.as_str()).to_owned();
    let parts = [street.join(", "), town.join(" "), region.join(", "), country];
    let address: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    section = section.text(address.join(", "));
    for (name, label) in [
        ("tax_number", "tax number"),
        ("fax", "fax"),
        ("language", "language"),
        ("user_name", "wants user name"),
        ("authentication", "wants logon by"),
        ("existing_account", "says is customer"),
    ] {
        if let Some(value) = get(name) {
            section = section.pair(label, if name == "authentication" { own_word(&value) } else { value });
        }
    }
    if let Some(version) = get("privacy_version") {
        let text = match get("privacy_accepted_at") {
            Some(at) => format!("{version}, accepted {at}"),
            None => format!("{version}, accepted; when is not said"),
        };
        section = section.pair("privacy text", text);
    }
    section
}

fn duplicates(shown: &Shown) -> Section {
    let mut section = Section::new("Possible duplicates");
    if shown.detail.duplicates.is_empty() {
        section = section.text(dim("none found"));
    }
    for hit in &shown.detail.duplicates {
        section = section
            .line(vec![
                Span::new(
                    format!("{:>3} % ", hit.percent),
                    if hit.percent >= 80 { Tone::Caution } else { Tone::Text },
                ),
                Span::new(hit.record.number.clone(), Tone::Accent),
                format!("  {}", hit.name).into(),
                dim(format!("  {} · {}", hit.place, hit.sureness())),
            ])
            .text(dim(format!("      {}", hit.reasons.join(" · "))));
    }
    if !shown.detail.card.not_duplicates.is_empty() {
        section =
            section.text(dim(format!("not the same as {}", shown.detail.card.not_duplicates.join(", "))));
    }
    section
}

fn message(card: &SignupCard) -> Option<Section> {
    let (_, text) = card.fields.iter().find(|(n, v)| *n == "message" && v.is_some())?;
    Some(Section::new("Message").text(format!("“{}”", text.as_deref().unwrap_or_default())))
}

fn extra(card: &SignupCard) -> Option<Section> {
    if card.extra.is_empty() && card.external_id.is_none() {
        return None;
    }
    let mut section = Section::new("Also sent");
    for (name, value) in &card.extra {
        section = section.pair(name, value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    if let Some(id) = &card.external_id {
        section = section.pair("their id", id.clone());
    }
    Some(section)
}

fn decision(card: &SignupCard, settings: &Settings, now: i64) -> Option<Section> {
    let mut section = Section::new("Course");
    let mut said = false;
    let mut pair = |label: &str, value: Option<String>| {
        if let Some(value) = value {
            said = true;
            let old = std::mem::replace(&mut section, Section::new(""));
            section = old.pair(label, value);
        }
    };
    let verified = card.verified_at.map(|at| {
        let how = card.verified_how.as_deref().unwrap_or("code");
        let note = card.verify_note.as_deref().map(|n| format!(": {n}")).unwrap_or_default();
        format!("by {how} {}{note}", clock(at, now))
    });
    pair("verified", verified);
    if card.row.state == SignupState::Requested {
        pair("code good for", card.code_expires_at.map(|at| age(at - now)));
    }
    if card.resend_count > 0 {
        let last = card.resent_at.map(|at| format!(", last {}", clock(at, now))).unwrap_or_default();
        pair("code sent again", Some(format!("{} times{last}", card.resend_count)));
    }
    pair(
        "decided",
        card.decided_at.map(|at| {
            format!("by {} {}", card.decided_by.as_deref().unwrap_or("the applicant"), clock(at, now))
        }),
    );
    let title = |code: &str| {
        settings
            .reject_reasons
            .iter()
            .find(|(c, _)| c == code)
            .map_or_else(|| code.to_owned(), |(_, t)| t.clone())
    };
    pair("reason", card.reason_code.as_deref().map(title));
    pair("note", card.reason.clone());
    pair("told the applicant", card.reply.clone());
    for record in &card.made {
        pair(record.kind.title(), Some(record.number.clone()));
    }
    said.then_some(section)
}

/// What each action would do, and why some cannot be done.
fn next(card: &SignupCard, actor: &Actor) -> Section {
    let mut section = Section::new("What can be done");
    for step in moves_from(card.row.state) {
        let name = step.mv.as_str().replace('_', " ");
        if matches!(step.by, crate::domain::lifecycle::By::Staff(_)) {
            section = match offer(actor, &card.facts, step.mv) {
                Ok(_) => section.line(vec![Span::new(name, Tone::Text), dim(format!("  {}", step.rule))]),
                Err(refusal) => section.line(vec![dim(format!("{name}  no: {}", refusal.message))]),
            };
        }
    }
    section
}

fn history(rows: &[HistoryRow], now: i64) -> Section {
    let mut section = Section::new("History");
    for row in rows {
        let who = match &row.acting_as {
            Some(real) if row.actor != "applicant" => format!("{real} as {}", row.actor),
            _ => row.actor.clone(),
        };
        let undone = if row.undone_by.is_some() { " (undone)" } else { "" };
        section = section.line(vec![
            dim(clock(row.at, now)),
            format!("  {}{undone}", in_words(&row.kind)).into(),
            dim(format!(" by {who}")),
        ]);
    }
    section
}
