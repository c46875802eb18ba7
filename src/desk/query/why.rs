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

use super::{customer, history, mail, signup, user_request, work};
use crate::desk::error::{Error, Result};
use crate::desk::hook;
use crate::desk::settings::Settings;
use crate::desk::store::work as store;
use crate::domain::date::to_rfc3339;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::lifecycle::By;
use crate::domain::permission::Actor;
use crate::domain::signup::{SignupState, moves_from, offer as signup_offer};
use crate::domain::user_request::{STEPS, UserRequestState, offer as request_offer};
use crate::domain::workflow::Document;
use crate::domain::workflow::instance::{InstanceState, ItemKind};
use crate::domain::workflow::offer::{STEPS as ITEM_STEPS, offer};

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
            of_workflow(&mut why, conn, (record.id, now), actor)?;
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

/// Whom its workflow waits for, since when, and what the reader could do there.
fn of_workflow(why: &mut Why, conn: &Connection, (id, now): (i64, i64), actor: &Actor) -> Result<()> {
    let Some(instance) = store::newest_of(conn, Document::UserRequest, id)? else { return Ok(()) };
    let loaded = store::load(conn, instance)?;
    let at = |time: i64| to_rfc3339(time);
    if let Some(step) = loaded.instance.trace.last() {
        let at = if step.step.is_empty() { String::new() } else { format!(" · {}", step.step) };
        let step = format!("{}{at}: {} ({})", loaded.workflow, step.what, step.why);
        why.because = format!("{}; {step}", why.because);
    }
    if loaded.instance.state == InstanceState::Stopped {
        // The task's failure is what stopped it: said once.
        why.missing.clear();
        why.since = stopped_at(conn, instance)?;
        let cause = loaded.instance.cause.clone().unwrap_or_default();
        let culprit = loaded.instance.culprit.clone().unwrap_or_default();
        why.waits_for.push("somebody with the permission work.resume".into());
        why.missing
            .push(format!("stopped by an error: {cause} ({culprit}); resume, reassign, or back to draft"));
    }
    if loaded.instance.state.is_over() {
        return Ok(());
    }
    if let Some(since) = waits_since(conn, id)?.filter(|_| loaded.instance.state != InstanceState::Stopped) {
        why.since = since;
    }
    for item in loaded.instance.items.iter().filter(|i| i.is_open()) {
        let facts = work::facts(conn, item.id, now)?;
        let due = item.timing.due_at.map(|due| {
            let overdue = if due <= now { ", overdue" } else { "" };
            format!(", due {}{overdue}", at(due))
        });
        if item.kind == ItemKind::Change {
            let fields =
                if item.fields.is_empty() { "what was asked for".into() } else { item.fields.join(", ") };
            // It is a draft meanwhile; who has the change comes in the place of who drafts.
            why.waits_for = vec![facts.holder()];
            why.missing = vec![format!("a change of {fields}, then submit it again")];
            continue;
        }
        why.waits_for.push(facts.holder());
        why.missing.push(format!(
            "a decision: {} ({}{})",
            item.step_name,
            item.because,
            due.unwrap_or_default()
        ));
        let reader = actor.staff_id().unwrap_or(0);
        if facts.waits_for(reader) || facts.lent_by == Some(reader) {
            why.possible.extend(ITEM_STEPS.iter().map(|s| Possible {
                command: s.mv.as_str(),
                rule: s.rule,
                refusal: offer(actor, &facts, s.mv).err(),
            }));
        }
    }
    Ok(())
}

/// When it was stopped.
fn stopped_at(conn: &Connection, instance: i64) -> Result<i64> {
    Ok(conn
        .prepare_cached("select updated_at from workflow_instance where id = ?1")?
        .query_row([instance], |r| r.get(0))?)
}

/// Since when whoever has the open turns has had them: since they came up, or the one there is changed hands.
fn waits_since(conn: &Connection, request: i64) -> Result<Option<i64>> {
    let (turns, first): (i64, Option<i64>) = conn
        .prepare_cached(
            "select count(*), min(created_at) from work_item where document = 'user_request' and document_id = ?1 and state = 'open'",
        )?
        .query_row([request], |r| Ok((r.get(0)?, r.get(1)?)))?;
    if turns != 1 {
        return Ok(first);
    }
    let handed: Option<i64> = conn
        .prepare_cached(
            "select max(at) from history where record_kind = 'user_request' and record_id = ?1 and undone_by is null
             and kind in ('work_taken', 'work_released', 'work_delegated', 'work_reassigned', 'work_moved', 'work_escalated')",
        )?
        .query_row([request], |r| r.get(0))?;
    Ok(first.max(handed))
}

/// How the office's own portal follows: it is the last to know, and the request is not quite over before it does.
fn of_portal(why: &mut Why, hook: Option<hook::HookRow>) {
    let Some(hook) = hook else { return };
    let error = hook.last_error.map_or_else(String::new, |error| format!(": {error}"));
    match hook.state.as_str() {
        "failed" => {
            why.waits_for.push("somebody with the permission user_request.submit".into());
            why.missing.push(format!("the portal was not told after {} tries{error}; retry", hook.attempts));
        }
        "held" | "waiting" | "running" => {
            let next = hook.next_at.map_or_else(String::new, |at| format!(", next try {}", to_rfc3339(at)));
            why.waits_for.push("the office's portal".into());
            why.missing.push(format!("the portal's program takes it ({} tries{next}{error})", hook.attempts));
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
