//! What a person may do to the outbox; the worker's own steps are in `desk::outbox`.

/// Sends a failed, paused or waiting mail as soon as possible (also “send now” for a held one).
#[derive(Debug, Clone)]
pub struct RetryMail {
    /// Row id in the outbox.
    pub id: i64,
}

/// Takes a mail that has not left out of the queue.
#[derive(Debug, Clone)]
pub struct CancelMail {
    /// Row id in the outbox.
    pub id: i64,
    /// Why, optional.
    pub reason: Option<String>,
}

/// The cause of the pause is mended: the queue runs again.
#[derive(Debug, Clone)]
pub struct ReleaseQueue;

/// A test mail to an address.
#[derive(Debug, Clone)]
pub struct TestMail {
    /// The address.
    pub to: String,
}

use rusqlite::OptionalExtension;

use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::domain::check::email::parse_email;
use crate::domain::date::to_rfc3339;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::mail::{Mailbox, MailEvent};
use crate::domain::permission::{Allowed, Permission};
use crate::domain::refusal::Refusal;

/// A mail's reference, state and whether its text is still there.
fn load(cx: &Cx<'_>, id: i64) -> Result<(RecordRef, String, bool)> {
    let found = cx
        .conn
        .prepare_cached("select state, body is not null from outbox where id = ?1")?
        .query_row([id], |r| Ok((r.get::<_, String>(0)?, r.get(1)?)))
        .optional()?;
    let (state, body) = found.ok_or_else(|| Error::not_found(format!("Mail M-{id}")))?;
    Ok((RecordRef::new(RecordKind::Mail, id, format!("M-{id}")), state, body))
}

fn refuse(record: &RecordRef, state: &str, what: &str) -> Error {
    Error::Refused(Refusal::new(
        "illegal_move",
        format!("{} is {state}: it cannot be {what}.", record.number),
        "Only mail that has not left can be sent again or cancelled.",
    ))
}

impl RetryMail {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::MailManage)?;
        let (record, state, body) = load(cx, self.id)?;
        if !matches!(state.as_str(), "failed" | "paused" | "waiting" | "held") || !body {
            return Err(refuse(&record, &state, "sent"));
        }
        cx.conn
            .prepare_cached("update outbox set state = 'waiting', next_at = ?2, updated_at = ?2 where id = ?1")?
            .execute([self.id, cx.now])?;
        Ok(Done::audited(allowed, Happened::new("mail_retried", record).fact("from", state)).state("waiting"))
    }
}

impl CancelMail {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::MailManage)?;
        let (record, state, _) = load(cx, self.id)?;
        if !matches!(state.as_str(), "failed" | "paused" | "waiting" | "held") {
            return Err(refuse(&record, &state, "cancelled"));
        }
        cx.conn
            .prepare_cached("update outbox set state = 'cancelled', updated_at = ?2 where id = ?1")?
            .execute([self.id, cx.now])?;
        let happened = Happened::new("mail_cancelled", record).reason(self.reason.as_deref()).fact("from", state);
        Ok(Done::audited(allowed, happened).state("cancelled"))
    }
}

impl ReleaseQueue {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::MailManage)?;
        let reason: Option<String> =
            cx.conn.query_row("select paused_reason from mail_queue where id = 1", [], |r| r.get(0))?;
        cx.conn.execute(
            "update mail_queue set paused_reason = null, paused_at = null, backoff_until = null, failures = 0,
               failing_since = null where id = 1",
            [],
        )?;
        let n = cx.conn.execute(
            "update outbox set state = 'waiting', next_at = ?1, updated_at = ?1 where state = 'paused'",
            [cx.now],
        )?;
        let happened = Happened { kind: "mail_queue_released", ..Happened::default() }
            .fact("was", reason.unwrap_or_else(|| "not paused".into()))
            .fact("released", n);
        Ok(Done::audited(allowed, happened))
    }
}

impl TestMail {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed: Allowed = cx.actor.allow(Permission::MailManage)?;
        let address = parse_email(&self.to)
            .map_err(|p| Error::invalid("to", &self.to, p.to_string(), p.remedy()))?
            .address();
        let record = RecordRef::new(RecordKind::Mail, 0, "test");
        let mut letter = cx.letter(MailEvent::MailTest, Mailbox { address: address.clone(), name: None }, None, &record);
        letter.record = None;
        letter.values.insert("sender", cx.actor.name.clone());
        letter.values.insert("sent", cx.now.to_string());
        let happened = Happened { kind: "test_mail_queued", ..Happened::default() }
            .fact("to", address)
            .fact("at", to_rfc3339(cx.now));
        Ok(Done::audited(allowed, happened).mail(Some(letter)))
    }
}
