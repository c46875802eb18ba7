//! Receipts, history, mail, staff and the answer to `why` as JSON.

use serde_json::{Value, json};

use super::{head, maybe_time, time, with};
use crate::desk::Receipt;
use crate::desk::command::Repeated;
use crate::desk::query::history::{Change, HistoryRow};
use crate::desk::query::mail::{MailCard, MailRow};
use crate::desk::query::staff::{DeputyRow, LeaverRow, QueueRow, RoleRow, StaffRow};
use crate::desk::query::why::Why;

/// What a command did.
pub fn receipt(receipt: &Receipt) -> Value {
    json!({
        "command": receipt.command,
        "number": receipt.record.as_ref().map(|record| record.number.clone()),
        "state": receipt.state,
        "history": (receipt.repeated == Repeated::No).then_some(receipt.history),
        "group": (receipt.repeated == Repeated::No).then_some(receipt.group),
        "mails": receipt.mails.iter().map(|mail| format!("M-{}", mail.id)).collect::<Vec<_>>(),
        "made": receipt.made.iter().map(|made| json!({ "kind": made.kind.as_str(), "number": made.number })).collect::<Vec<_>>(),
        "notes": receipt.notes,
        "repeated": receipt.repeated == Repeated::Yes,
        "undo_until": maybe_time(receipt.undo_until),
    })
}

/// Who was at the keys, in whose name they acted, and who carried in what an applicant wrote.
pub fn persons(row: &HistoryRow) -> (&str, Option<&str>, Option<&str>) {
    match row.acting_as.as_deref() {
        Some(carrier) if row.actor == "applicant" => (&row.actor, None, Some(carrier)),
        Some(real) => (real, Some(&row.actor), None),
        None => (&row.actor, None, None),
    }
}

/// An entry of history.
pub fn history(row: &HistoryRow) -> Value {
    let (actor, acting_as, carrier) = persons(row);
    json!({
        "id": row.id,
        "group": row.group,
        "at": time(row.at),
        "actor": actor,
        "acting_as": acting_as,
        "carrier": carrier,
        "how": row.how,
        "command": row.command,
        "kind": row.kind,
        "record": row.record,
        "from_state": row.from,
        "to_state": row.to,
        "note": row.note,
        "reason": row.reason,
        "detail": serde_json::from_str::<Value>(&row.detail).unwrap_or(Value::Null),
        "changes": row.changes.iter().map(change).collect::<Vec<_>>(),
        "undone_by": row.undone_by,
        "hash": row.hash,
    })
}

/// A changed field; a time is a time here too.
fn change(change: &Change) -> Value {
    let is_time = change.field.ends_with("_at") || change.field == "state_since";
    let shown = |value: &Value| match value.as_i64().filter(|_| is_time) {
        Some(at) => time(at),
        None => value.clone(),
    };
    json!({
        "table": change.table, "row": change.row, "field": change.field,
        "old": shown(&change.old), "new": shown(&change.new),
    })
}

/// A mail as the list has it. Its version is how often it was tried.
pub fn mail_row(row: &MailRow) -> Value {
    let number = format!("M-{}", row.key.id);
    let head = head(&number, &row.state, row.attempts, (row.created_at, row.updated_at));
    with(
        head,
        json!({
            "id": row.key.id,
            "event": row.event,
            "language": row.lang,
            "to": row.to,
            "subject": row.subject,
            "phase": row.phase,
            "attempts": row.attempts,
            "unsure": row.unsure,
            "next_at": maybe_time(row.next_at),
            "last_reply": row.last_reply,
            "record": row.record,
            "message_id": row.message_id,
            "sent_at": maybe_time(row.sent_at),
        }),
    )
}

/// A mail with its text and attempts; secrets are not in it.
pub fn mail(card: &MailCard) -> Value {
    let Value::Object(row) = mail_row(&card.row) else { return Value::Null };
    let attempts: Vec<Value> = card
        .attempts
        .iter()
        .map(|a| json!({ "at": time(a.at), "phase": a.phase, "outcome": a.outcome, "reply": a.reply }))
        .collect();
    with(row, json!({ "body": card.body, "attempt_list": attempts }))
}

/// A member of staff; the login is the number.
pub fn staff(row: &StaffRow) -> Value {
    let state = if row.active { "active" } else { "inactive" };
    let head = head(&row.login, state, row.version, (row.created_at, row.updated_at));
    with(
        head,
        json!({ "login": row.login, "name": row.name, "email": row.email, "person": row.person, "roles": row.roles,
            "manager": row.manager, "hours": row.hours, "division": row.division, "language": row.language, "digest": row.digest,
            "deputy": row.deputy, "back_at": maybe_time(row.back_at), "open": row.open,
            "late": row.late, "oldest_since": maybe_time(row.oldest) }),
    )
}

/// A rule of absence; its id is the number.
pub fn deputy(row: &DeputyRow) -> Value {
    let head = head(&row.id.to_string(), row.state, row.version, (row.created_at, row.updated_at));
    with(
        head,
        json!({ "staff": row.staff, "deputy": row.deputy, "document": row.document, "starts_at": time(row.starts_at),
            "ends_at": maybe_time(row.ends_at), "note": row.note }),
    )
}

/// A queue; its name is the number.
pub fn queue(row: &QueueRow) -> Value {
    let head = head(&row.name, &row.state, row.version, (row.created_at, row.updated_at));
    with(
        head,
        json!({ "name": row.name, "title": row.title, "admin": row.admin, "position": row.position,
            "condition": row.condition, "members": row.members, "waiting": row.waiting }),
    )
}

/// What still hangs on somebody.
pub fn leaver(row: &LeaverRow) -> Value {
    let items: Vec<Value> =
        row.items.iter().map(|(number, step)| json!({ "number": number, "step": step })).collect();
    json!({
        "login": row.login, "name": row.name, "active": row.active, "items": items, "signups": row.signups,
        "customers": row.customers, "rules": row.rules, "queue_admin": row.queue_admin, "queues": row.queues,
        "roles": row.roles, "manages": row.manages, "deputy_of": row.deputy_of, "deputies": row.deputies,
    })
}

/// A role.
pub fn role(row: &RoleRow) -> Value {
    json!({ "name": row.name, "title": row.title, "permissions": row.permissions, "staff": row.staff })
}

/// The answer to `why`; `key` is the key of the terminal interface, where there is one.
pub fn why(why: &Why, key: &dyn Fn(&str) -> Option<&'static str>) -> Value {
    let possible: Vec<Value> = why
        .possible
        .iter()
        .map(|p| {
            json!({
                "command": p.command,
                "key": key(p.command),
                "rule": p.rule,
                "allowed": p.refusal.is_none(),
                "refusal": p.refusal,
            })
        })
        .collect();
    json!({
        "number": why.number,
        "state": why.state,
        "because": why.because,
        "since": time(why.since),
        "waits_for": why.waits_for,
        "missing": why.missing,
        "possible": possible,
    })
}
