//! `why`: why is it in this state, who is it waiting for, what is missing (mission.md, Principles 6).

use crate::domain::refusal::Refusal;

/// One move and whether the reader could make it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Possible {
    /// The move's stable name.
    pub command: &'static str,
    /// The rule in words.
    pub rule: &'static str,
    /// None: allowed; else the refusal.
    pub refusal: Option<Refusal>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The record's number.
    pub number: String,
    /// State, stable name.
    pub state: String,
    /// How it came into that state, one sentence with who and when.
    pub because: String,
    /// Since when.
    pub since: i64,
    /// Who it waits for: `applicant`, `approver`, a login, `mail server`, …
    pub waits_for: Vec<String>,
    /// What is missing for the next step.
    pub missing: Vec<String>,
    /// The moves of the table from here.
    pub possible: Vec<Possible>,
}

use rusqlite::Connection;

use super::why_work as work;
use super::{customer, history, mail, signup, user_request};
use crate::desk::commands::user_request::facts;
use crate::desk::error::{Error, Result};
use crate::desk::hook;
use crate::desk::settings::Settings;
use crate::domain::date::to_rfc3339;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::lifecycle::By;
use crate::domain::permission::Actor;
use crate::domain::signup::{SignupState, moves_from, offer as signup_offer};
use crate::domain::user_request::{STEPS, UserRequestState, offer as request_offer};

/// Answers for any record that has a life.
pub(in crate::desk) fn why(
    conn: &Connection,
    settings: &Settings,
    (actor, now): (&Actor, i64),
    record: &RecordRef,
) -> Result<Why> {
    let mut why = Why {
        number: record.number.clone(),
        state: String::new(),
        because: because(conn, record)?,
        since: now,
        waits_for: Vec::new(),
        missing: Vec::new(),
        possible: Vec::new(),
    };
    match record.kind {
        RecordKind::Signup => of_signup(&mut why, signup::card(conn, settings, record.id, now)?, actor),
        RecordKind::UserRequest => {
            of_request(&mut why, user_request::one(conn, record.id)?, actor);
            of_what_else_refuses(&mut why, conn, settings, record)?;
            work::why(&mut why, conn, (record.id, now), actor)?;
            of_portal(&mut why, hook::of_request(conn, record.id)?);
        }
        RecordKind::Mail => of_mail(&mut why, mail::card(conn, record.id)?),
        RecordKind::Customer => {
            let card = customer::card(conn, record.id)?;
            (why.state, why.since) = (card.row.state, card.row.updated_at);
        }
        RecordKind::Contact => {
            let row = customer::contact(conn, record.id)?;
            (why.state, why.since) = (row.state, row.updated_at);
        }
        RecordKind::PortalUser => {
            let row = customer::portal_user(conn, &record.number)?;
            (why.state, why.since) = (row.state, row.updated_at);
            why.missing.extend(row.logon);
        }
        RecordKind::Template
        | RecordKind::Staff
        | RecordKind::Role
        | RecordKind::Queue
        | RecordKind::RuleSet => {
            return Err(Error::not_found(format!("A life cycle of {}", record.number)));
        }
    }
    Ok(why)
}

fn because(conn: &Connection, record: &RecordRef) -> Result<String> {
    let rows = history::of_record(conn, record, 50)?;
    let moved = rows.iter().find(|r| r.to.is_some() && r.undone_by.is_none()).or(rows.first());
    Ok(moved.map_or_else(
        || "nothing is recorded about it".to_owned(),
        |row| {
            let by = match &row.acting_as {
                Some(carrier) if row.actor == "applicant" => format!("applicant (handed in by {carrier})"),
                Some(real) => format!("{real} as {}", row.actor),
                None => row.actor.clone(),
            };
            let reason =
                row.reason.as_ref().or(row.note.as_ref()).map(|r| format!(": {r}")).unwrap_or_default();
            format!("{} by {by} at {}{reason}", row.kind.replace('_', " "), to_rfc3339(row.at))
        },
    ))
}

fn of_signup(why: &mut Why, card: signup::SignupCard, actor: &Actor) {
    let state = card.row.state;
    why.state = state.as_str().into();
    why.since = card.row.state_since;
    let (waits, missing): (&str, String) = match state {
        SignupState::Requested => (
            "applicant",
            match card.code_expires_at {
                Some(at) => format!(
                    "the code from the mail, good until {}, or a verification by phone",
                    to_rfc3339(at)
                ),
                None => "the code from the mail, or a verification by phone".into(),
            },
        ),
        SignupState::VerifiedByUser => ("approver", "a decision: approve or reject".into()),
        SignupState::Approved => ("approver", "the customer: create".into()),
        SignupState::Expired => ("approver", "a new code (resend), or nothing".into()),
        SignupState::Created | SignupState::Rejected | SignupState::Withdrawn => ("", String::new()),
    };
    if !waits.is_empty() {
        why.waits_for
            .push(card.row.assigned.clone().filter(|_| waits == "approver").unwrap_or_else(|| waits.into()));
        why.missing.push(missing);
    }
    if let Some(trouble) = &card.mail_trouble {
        // The applicant cannot answer a mail that never came: it is a person's turn (mail.md, Outbox).
        let person = card.row.assigned.clone().unwrap_or_else(|| "approver".into());
        if !why.waits_for.contains(&person) {
            why.waits_for.push(person);
        }
        why.missing.push(format!("an address that takes mail ({trouble})"));
    }
    why.possible = moves_from(state)
        .map(|step| Possible {
            command: step.mv.as_str(),
            rule: step.rule,
            refusal: signup_offer(actor, &card.facts, step.mv).err(),
        })
        .collect();
}

fn of_request(why: &mut Why, row: user_request::UserRequestRow, actor: &Actor) {
    why.since = row.updated_at;
    let state = UserRequestState::parse(&row.state).unwrap_or(UserRequestState::Draft);
    match state {
        UserRequestState::Draft => {
            why.waits_for.push(row.originator.clone().unwrap_or_else(|| "originator".into()));
            why.missing.push(row.waiting_reason.clone().unwrap_or_else(|| "it is not submitted".into()));
        }
        UserRequestState::PendingCompletion => {
            why.missing.push(row.failure.clone().unwrap_or_else(|| "its automated task".into()));
        }
        UserRequestState::Rejected => {
            why.waits_for.push(row.originator.clone().unwrap_or_else(|| "originator".into()));
            why.missing.push("it is submitted again, or canceled".into());
        }
        UserRequestState::Submitted
        | UserRequestState::PendingApproval
        | UserRequestState::Approved
        | UserRequestState::Completed
        | UserRequestState::Canceled => {}
    }
    why.possible = STEPS
        .iter()
        .filter(|s| s.from == state && matches!(s.by, By::Staff(_)))
        .map(|s| Possible {
            command: s.mv.as_str(),
            rule: s.rule,
            refusal: request_offer(actor, &row.number, state, s.mv).err(),
        })
        .collect();
    why.state = row.state;
}

/// What the table of moves does not know: whether a rule set is active, and whether a draft was decided before.
fn of_what_else_refuses(
    why: &mut Why,
    conn: &Connection,
    settings: &Settings,
    record: &RecordRef,
) -> Result<()> {
    let deletable = facts::may_be_deleted(conn, record.id)?;
    for possible in why.possible.iter_mut().filter(|p| p.refusal.is_none()) {
        possible.refusal = match possible.command {
            "submit" if !settings.workflow_active => Some(facts::no_rule_set(&record.number)),
            "delete" if !deletable => Some(facts::in_use(&record.number)),
            _ => None,
        };
    }
    Ok(())
}

/// `1 try`, `2 tries`.
fn tries(attempts: i64) -> String {
    if attempts == 1 { "1 try".into() } else { format!("{attempts} tries") }
}

/// How the office's own portal follows: it is the last to know, and the request is not quite over before it does.
fn of_portal(why: &mut Why, hook: Option<hook::HookRow>) {
    let Some(hook) = hook else { return };
    let error = hook.last_error.map_or_else(String::new, |error| format!(": {error}"));
    match hook.state.as_str() {
        "failed" => {
            why.waits_for.push("somebody with the permission user_request.submit".into());
            why.missing.push(format!("the portal was not told after {}{error}; retry", tries(hook.attempts)));
        }
        "held" | "waiting" | "running" => {
            let next = hook.next_at.map_or_else(String::new, |at| format!(", next try {}", to_rfc3339(at)));
            why.waits_for.push("the office's portal".into());
            why.missing
                .push(format!("the portal's program takes it ({}{next}{error})", tries(hook.attempts)));
        }
        _ => {}
    }
}

fn of_mail(why: &mut Why, card: mail::MailCard) {
    let row = card.row;
    why.since = row.updated_at;
    if let Some(reply) = &row.last_reply {
        why.because = format!("{}; the last answer was: {reply}", why.because);
    }
    match row.state.as_str() {
        "held" => {
            why.waits_for.push("clock".into());
            why.missing.push("the time in which undo can hold it back is not over".into());
        }
        "waiting" => why.waits_for.push("mail server".into()),
        "sending" => why.waits_for.push("mail server".into()),
        "failed" | "paused" => why.waits_for.push("a person".into()),
        _ => {}
    }
    if row.unsure > 0 {
        why.missing.push("it may have been sent twice: the line broke after the text was handed over".into());
    }
    why.state = row.state;
}
