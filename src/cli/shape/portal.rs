//! Portal users and user requests as JSON; never a secret.

use serde_json::{Value, json};

use super::{head, maybe_time, seen, time, with};
use crate::desk::query::customer::PortalUserRow;
use crate::desk::query::user_request::{
    QuestionLine, SimilarLine, TurnLine, UserRequestCard, UserRequestRow,
};

/// A portal user; the user name is the number.
pub fn portal_user(row: &PortalUserRow) -> Value {
    let head = head(&row.user_name, &row.state, row.version, (row.created_at, row.updated_at));
    with(
        head,
        json!({
            "user_name": row.user_name,
            "contact": row.contact,
            "role": row.role,
            "authentication": row.authentication,
            "user_request": row.user_request,
            "logon": row.logon,
        }),
    )
}

/// A user request with its turns, questions and how the portal follows.
pub fn user_request(card: &UserRequestCard) -> Value {
    let hook = card.hook.as_ref().map(|hook| {
        json!({
            "state": hook.state, "attempts": hook.attempts, "next_at": maybe_time(hook.next_at), "last_error": hook.last_error,
            "done_at": maybe_time(hook.done_at),
        })
    });
    let own = json!({
        "workflow": card.workflow,
        "workflow_state": card.instance.map(|state| state.as_str()),
        "stopped": card.stopped.map(|_| json!({
            "at": card.stopped_at, "cause": card.cause.as_ref().map(|c| &c.0), "culprit": card.cause.as_ref().and_then(|c| c.1.as_ref()),
        })),
        "turns": card.turns.iter().map(turn).collect::<Vec<_>>(),
        "questions": card.questions.iter().map(question).collect::<Vec<_>>(),
        "portal": hook,
        "similar": card.similar.iter().map(similar).collect::<Vec<_>>(),
        "seen": card.mine.as_ref().map(|(_, turn)| seen(turn)),
    });
    match user_request_row(&card.row) {
        Value::Object(row) => with(row, own),
        other => other,
    }
}

fn turn(line: &TurnLine) -> Value {
    json!({
        "round": line.round, "step": line.step, "state": line.state, "who": line.who, "because": line.because,
        "since": time(line.since), "due_at": maybe_time(line.due_at), "decided_at": maybe_time(line.decided_at), "note": line.note, "reason": line.reason, "fields": line.fields,
        "overridden": line.overridden,
    })
}

fn similar(line: &SimilarLine) -> Value {
    json!({
        "number": line.number, "action": line.action, "user_name": line.user_name, "state": line.state,
        "decided_by": line.decided_by, "ended_at": time(line.at),
    })
}

fn question(line: &QuestionLine) -> Value {
    json!({
        "id": line.id, "asked_by": line.by, "asked_of": line.of, "outside": line.outside, "question": line.question, "answer": line.answer,
        "asked_at": maybe_time(Some(line.at)),
    })
}

/// A user request as lists have it.
pub fn user_request_row(row: &UserRequestRow) -> Value {
    let head = head(&row.number, &row.state, row.version, (row.created_at, row.updated_at));
    with(
        head,
        json!({
            "type": row.kind,
            "action": row.action,
            "contact": row.contact,
            "customer": row.customer,
            "signup": row.signup,
            "role": row.role,
            "email": row.email,
            "authentication": row.authentication,
            "user_name": row.user_name,
            "justification": row.justification,
            "originator": row.originator,
            "waits_for": row.waits_for,
            "change_note": row.change_note,
            "waiting_reason": row.waiting_reason,
            "failure": row.failure,
            "rule": row.rule,
            "submitted_at": maybe_time(row.submitted_at),
            "completed_at": maybe_time(row.completed_at),
        }),
    )
}
