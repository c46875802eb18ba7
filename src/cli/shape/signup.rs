//! Sign-ups as JSON.

use serde_json::{Map, Value, json};

use super::{head, maybe_time, time, with};
use crate::desk::commands::signup::Seen;
use crate::desk::query::signup::{Hidden, SignupCard, SignupRow};
use crate::domain::id::RecordKind;
use crate::matching::explain::Class;
use crate::matching::{Hit, Standing};

/// A sign-up as the list has it.
pub fn signup_row(row: &SignupRow) -> Value {
    let head = head(&row.number, row.state.as_str(), row.version, (row.created_at, row.updated_at));
    with(
        head,
        json!({
            "state_since": time(row.state_since),
            "company": row.company,
            "contact": row.contact,
            "email": row.email,
            "country": row.country,
            "city": row.city,
            "assigned_to": row.assigned,
            "checks_good": row.checks_good,
            "checks_total": row.checks_total,
            "checks_worst": row.checks_worst,
            "duplicate": row.duplicate,
            "duplicate_percent": row.duplicate_percent,
            "duplicate_model": row.duplicate_model,
            "has_hidden": row.hidden == Hidden::Some,
        }),
    )
}

/// What was seen of a sign-up, as `--seen` takes it.
pub fn seen(seen: &Seen) -> String {
    format!("{}:{}", seen.version, seen.hash)
}

/// A whole sign-up, with its possible duplicates.
pub fn signup(card: &SignupCard, duplicates: &[Hit]) -> Value {
    let row = &card.row;
    let mut map = head(&row.number, row.state.as_str(), row.version, (row.created_at, row.updated_at));
    map.insert("state_since".into(), time(row.state_since));
    map.insert("seen".into(), json!(seen(&card.seen)));
    for (name, value) in &card.fields {
        map.insert((*name).to_owned(), json!(value));
    }
    let made = |kind: RecordKind| card.made.iter().find(|m| m.kind == kind).map(|m| m.number.clone());
    let checks: Vec<Value> = card.checks.iter().map(|check| json!(check)).collect();
    with(
        map,
        json!({
            "external_id": card.external_id,
            "extra": Value::Object(card.extra.clone()),
            "source": card.source,
            "entered_by": card.entered_by,
            "carrier": card.carrier,
            "assigned_to": row.assigned,
            "verified_at": maybe_time(card.verified_at),
            "verified_how": card.verified_how,
            "verify_note": card.verify_note,
            "decided_by": card.decided_by,
            "decided_at": maybe_time(card.decided_at),
            "reason_code": card.reason_code,
            "reason": card.reason,
            "reply": card.reply,
            "code_expires_at": maybe_time(card.code_expires_at),
            "resend_count": card.resend_count,
            "resent_at": maybe_time(card.resent_at),
            "customer": made(RecordKind::Customer),
            "contact": made(RecordKind::Contact),
            "user_request": made(RecordKind::UserRequest),
            "checks": checks,
            "duplicates": duplicates.iter().map(hit).collect::<Vec<_>>(),
            "not_duplicates": card.not_duplicates,
            "mail_trouble": card.mail_trouble,
            "has_hidden": row.hidden == Hidden::Some,
        }),
    )
}

/// A possible duplicate.
pub fn hit(hit: &Hit) -> Value {
    let mut map = Map::new();
    map.insert("number".into(), json!(hit.record.number));
    map.insert("kind".into(), json!(hit.record.kind.as_str()));
    map.insert("state".into(), json!(hit.state));
    map.insert("name".into(), json!(hit.name));
    map.insert("place".into(), json!(hit.place));
    map.insert("percent".into(), json!(hit.percent));
    map.insert("sureness".into(), json!(hit.sureness()));
    let class = if hit.class == Class::Mate { "another_person" } else { "same" };
    map.insert("class".into(), json!(class));
    map.insert("announced".into(), json!(hit.standing == Standing::Announced));
    map.insert("reasons".into(), json!(hit.reasons));
    let parts = hit.parts.iter().map(|(words, weight)| json!({ "words": words, "weight": weight }));
    map.insert("parts".into(), parts.collect());
    map.insert("score".into(), json!(hit.score));
    map.insert("model".into(), json!(hit.model));
    Value::Object(map)
}
