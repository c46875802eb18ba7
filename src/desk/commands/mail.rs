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

use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::outbox::{self, No};
use crate::domain::check::email::parse_email;
use crate::domain::date::to_rfc3339;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::mail::{MailEvent, Mailbox};
use crate::domain::permission::{Allowed, Permission};
use crate::domain::refusal::Refusal;

fn record(id: i64) -> RecordRef {
    RecordRef::new(RecordKind::Mail, id, format!("M-{id}"))
}

/// Why a wish about a mail cannot be met, as the desk says it.
fn refusal(id: i64, no: No) -> Error {
    match no {
        No::NotThere => Error::not_found(format!("Mail M-{id}")),
        No::Sending | No::Sent | No::TakenOut | No::Wiped => {
            Error::Refused(Refusal::new("illegal_move", format!("M-{id}: {}", no.reason()), no.remedy()))
        }
    }
}

impl RetryMail {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::MailManage)?;
        outbox::retry(cx.conn, self.id, cx.now)?.map_err(|no| refusal(self.id, no))?;
        Ok(Done::audited(allowed, Happened::new("mail_retried", record(self.id))).state("waiting"))
    }
}

impl CancelMail {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::MailManage)?;
        outbox::cancel(cx.conn, self.id, cx.now)?.map_err(|no| refusal(self.id, no))?;
        let happened = Happened::new("mail_cancelled", record(self.id)).reason(self.reason.as_deref());
        Ok(Done::audited(allowed, happened).state("cancelled"))
    }
}

impl ReleaseQueue {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::MailManage)?;
        let reason: Option<String> =
            cx.conn.query_row("select paused_reason from mail_queue where id = 1", [], |r| r.get(0))?;
        let n = outbox::unpause(cx.conn, cx.now)?;
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
        let mut letter =
            cx.letter(MailEvent::MailTest, Mailbox { address: address.clone(), name: None }, None, &record);
        letter.record = None;
        letter.values.insert("sender", cx.actor.name.clone());
        letter.values.insert("sent", cx.now.to_string());
        let happened = Happened { kind: "test_mail_queued", ..Happened::default() }
            .fact("to", address)
            .fact("at", to_rfc3339(cx.now));
        Ok(Done::audited(allowed, happened).mail(Some(letter)))
    }
}
