//! Mail is put into the outbox in the transaction of the command that causes it (mail.md, Outbox).

use rusqlite::{Connection, params};

use crate::desk::error::Result;
use crate::domain::mail::{Letter, Rendered};

/// Puts a rendered letter into the outbox, held until `hold_until` so that undo can take it back.
pub fn enqueue(conn: &Connection, letter: &Letter, rendered: &Rendered, entry: i64, hold_until: i64) -> Result<i64> {
    let record = letter.record.as_ref();
    conn.prepare_cached(
        "insert into outbox (entry_id, event, lang, to_address, to_name, subject, record_kind, record_id, record,
           message_id, body, secret, once_only, state, next_at, created_at, updated_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'held', ?14, ?15, ?15)",
    )?
    .execute(params![
        entry,
        letter.event.as_str(),
        rendered.lang,
        letter.to.address,
        letter.to.name,
        rendered.subject,
        record.map(|r| r.kind),
        record.map(|r| r.id),
        record.map(|r| r.number.as_str()),
        letter.message_id,
        rendered.bytes,
        letter.event.is_secret(),
        letter.event.is_once_only(),
        hold_until,
        letter.date,
    ])?;
    Ok(conn.last_insert_rowid())
}
