//! Mail is put into the outbox in the transaction of the command that causes it; its bytes never change.

use rusqlite::{Connection, params};

use crate::domain::mail::{Letter, Rendered};

/// A mail to put into the outbox.
#[derive(Debug, Clone, Copy)]
pub struct Enqueue<'a> {
    /// The facts.
    pub letter: &'a Letter,
    /// The bytes.
    pub rendered: &'a Rendered,
    /// The history entry that causes it.
    pub entry_id: Option<i64>,
    /// Not before this time, so that undo can take it back; `None` sends it as soon as possible.
    pub hold_until: Option<i64>,
    /// Now.
    pub now: i64,
}

/// Writes the row; gives its id.
///
/// # Errors
/// Those of the database; a message id that is there already is one.
pub fn enqueue(conn: &Connection, mail: Enqueue<'_>) -> rusqlite::Result<i64> {
    let Enqueue { letter, rendered, entry_id, hold_until, now } = mail;
    let record = letter.record.as_ref();
    let (state, next_at) = match hold_until {
        Some(until) if until > now => ("held", until),
        Some(_) | None => ("waiting", now),
    };
    conn.prepare_cached(
        "insert into outbox (entry_id, event, lang, to_address, to_name, subject, record_kind, record_id, record,
           message_id, body, secret, once_only, state, next_at, created_at, updated_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16)",
    )?
    .execute(params![
        entry_id,
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
        state,
        next_at,
        now,
    ])?;
    Ok(conn.last_insert_rowid())
}

/// The message ids of earlier mails about a record, oldest first, for `References`: the first one
/// and the newest nineteen.
///
/// # Errors
/// Those of the database.
pub fn thread_of(conn: &Connection, kind: &str, id: i64) -> rusqlite::Result<Vec<String>> {
    conn.prepare_cached(
        "select message_id from outbox where record_kind = ?1 and record_id = ?2
           and state not in ('cancelled', 'superseded')
           and (id = (select min(id) from outbox where record_kind = ?1 and record_id = ?2)
                or id in (select id from outbox where record_kind = ?1 and record_id = ?2 order by id desc limit 19))
         order by id",
    )?
    .query_map(params![kind, id], |row| row.get(0))?
    .collect()
}
