//! The outbox as lists and details show it.

use crate::desk::query::{Key, Keyed};
use crate::domain::filter::{FieldDef, FieldSet, Kind};
use crate::domain::mail::Standing;

const fn field(name: &'static str, aliases: &'static [&'static str], kind: Kind) -> FieldDef {
    FieldDef { name, aliases, kind }
}

/// The states, in the order people filter by them.
pub const STATES: &[&str] =
    &["failed", "paused", "waiting", "held", "sending", "sent", "cancelled", "superseded"];

/// What the mail list can be filtered by.
#[rustfmt::skip]
pub static FILTER: FieldSet = FieldSet {
    fields: &[
        field("to",      &["address", "email"], Kind::Text),
        field("subject", &[],                   Kind::Text),
        field("event",   &[],                   Kind::Text),
        field("record",  &["number"],           Kind::Text),
        field("state",   &["status"],           Kind::State(STATES)),
        field("created", &["created_at"],       Kind::Date),
        field("age",     &[],                   Kind::Age),
    ],
    today: Some("created"),
};

/// The columns the mail list can be sorted by.
pub const SORTS: &[&str] = &["number"];

/// One mail.
#[derive(Debug, Clone, PartialEq)]
pub struct MailRow {
    /// Where it stands.
    pub key: Key,
    /// Event, stable name.
    pub event: String,
    /// Language it was rendered in.
    pub lang: String,
    /// Address.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// State.
    pub state: String,
    /// `claimed` or `dot` while sending.
    pub phase: Option<String>,
    /// Attempts so far.
    pub attempts: i64,
    /// How often it may have been delivered without our knowing: 1 means “may have been sent twice”.
    pub unsure: i64,
    /// When it is due next.
    pub next_at: Option<i64>,
    /// The server's last words.
    pub last_reply: Option<String>,
    /// Number of the record it belongs to.
    pub record: Option<String>,
    /// Message-ID.
    pub message_id: String,
    /// When queued.
    pub created_at: i64,
    /// When accepted.
    pub sent_at: Option<i64>,
    /// Last change.
    pub updated_at: i64,
}

impl Keyed for MailRow {
    fn key(&self) -> &Key {
        &self.key
    }
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// When.
    pub at: i64,
    /// How far it came.
    pub phase: String,
    /// What became of it.
    pub outcome: String,
    /// The server's words.
    pub reply: Option<String>,
}

/// A mail with its text and attempts. Secrets are masked: staff never sees them (workflow.md, Provisioning).
#[derive(Debug, Clone, PartialEq)]
pub struct MailCard {
    /// The row.
    pub row: MailRow,
    /// Headers and text as people read them; none when the body was wiped after sending.
    pub body: Option<String>,
    /// The attempts, oldest first.
    pub attempts: Vec<AttemptRow>,
}

impl MailCard {
    /// How it stands, with the cause of its newest attempt.
    pub fn standing(&self) -> Standing<'_> {
        let last = self.attempts.last().map(|a| (a.phase.as_str(), a.outcome.as_str()));
        Standing { state: &self.row.state, last }
    }
}

use rusqlite::{Connection, OptionalExtension, Row};

use super::sql::{Column, ColumnKind, ListSpec};
use crate::desk::error::{Error, Result};

#[rustfmt::skip]
pub(in crate::desk) static LIST: ListSpec<MailRow> = ListSpec {
    table: "outbox",
    joins: "",
    columns: "t.event, t.lang, t.to_address, t.subject, t.state, t.phase, t.attempts, t.unsure, t.next_at, t.last_reply, t.record, t.message_id,
              t.created_at, t.sent_at, t.updated_at",
    search: "(' ' || fold('m ' || t.id || ' ' || t.to_address || ' ' || t.subject || ' ' || t.event || ' ' || coalesce(t.record, '')) || ' ')",
    fts: None,
    sorts: &[("number", "t.id")],
    fields: &[
        Column { field: "to",      expr: "t.to_address", kind: ColumnKind::Stored },
        Column { field: "subject", expr: "t.subject",    kind: ColumnKind::Stored },
        Column { field: "event",   expr: "t.event",      kind: ColumnKind::Stored },
        Column { field: "record",  expr: "t.record",     kind: ColumnKind::Stored },
        Column { field: "state",   expr: "t.state",      kind: ColumnKind::State },
        Column { field: "created", expr: "t.created_at", kind: ColumnKind::Time },
        Column { field: "age",     expr: "t.created_at", kind: ColumnKind::Time },
    ],
    mine: "0",
    from_row,
};

fn from_row(r: &Row<'_>, key: Key) -> rusqlite::Result<MailRow> {
    Ok(MailRow {
        key,
        event: r.get(2)?,
        lang: r.get(3)?,
        to: r.get(4)?,
        subject: r.get(5)?,
        state: r.get(6)?,
        phase: r.get(7)?,
        attempts: r.get(8)?,
        unsure: r.get(9)?,
        next_at: r.get(10)?,
        last_reply: r.get(11)?,
        record: r.get(12)?,
        message_id: r.get(13)?,
        created_at: r.get(14)?,
        sent_at: r.get(15)?,
        updated_at: r.get(16)?,
    })
}

/// One mail with its text and attempts. A secret body is never shown, only said to be there.
pub(in crate::desk) fn card(conn: &Connection, id: i64) -> Result<MailCard> {
    let sql = format!("select t.id, t.id, {}, t.body, t.secret from outbox t where t.id = ?1", LIST.columns);
    let found = conn
        .prepare_cached(&sql)?
        .query_row([id], |r| {
            let row = from_row(r, Key { value: super::SortValue::Int(id), id })?;
            let (body, secret): (Option<Vec<u8>>, bool) = (r.get(17)?, r.get(18)?);
            Ok((row, body, secret))
        })
        .optional()?;
    let (row, body, secret) = found.ok_or_else(|| Error::not_found(format!("Mail M-{id}")))?;
    let mut statement = conn.prepare_cached(
        "select at, phase, outcome, reply from outbox_attempt where outbox_id = ?1 order by id",
    )?;
    let attempts = statement
        .query_map([id], |r| {
            Ok(AttemptRow { at: r.get(0)?, phase: r.get(1)?, outcome: r.get(2)?, reply: r.get(3)? })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let body = match (body, secret) {
        (None, _) => None,
        (Some(_), true) => {
            Some("(This mail holds a code, link or password; its text is not shown to staff.)".to_owned())
        }
        (Some(bytes), false) => Some(crate::domain::mail::readable(&bytes)),
    };
    Ok(MailCard { row, body, attempts })
}
