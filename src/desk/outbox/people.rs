//! What people and undo do to mail. Mail that left, or may have, is never called back in silence.

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::mail::MailEvent;

/// Undo came too late for this mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlreadyLeft {
    /// To whom.
    pub to: String,
    /// When it left, or the last attempt that may have delivered it.
    pub at: i64,
}

/// Why a person's wish about one mail cannot be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum No {
    /// There is no such row.
    NotThere,
    /// It is with the server at this moment.
    Sending,
    /// It was accepted.
    Sent,
    /// It was taken out of the queue, or a newer one took its place.
    TakenOut,
    /// Its text was wiped, as it held a secret.
    Wiped,
}

impl No {
    /// The rule in one sentence.
    pub fn reason(self) -> &'static str {
        match self {
            No::NotThere => "There is no mail with this number.",
            No::Sending => "The mail is being sent at this moment.",
            No::Sent => "The mail has been accepted by the server.",
            No::TakenOut => "The mail was taken out of the queue.",
            No::Wiped => "The text of the mail was wiped, since it held a secret.",
        }
    }

    /// What would help.
    pub fn remedy(self) -> &'static str {
        match self {
            No::NotThere => "Look at the list with `countersign mail list`.",
            No::Sending => "Wait a moment and look again.",
            No::Sent => "Nothing needs to be done.",
            No::TakenOut | No::Wiped => "Repeat the action that causes the mail; a new one is written.",
        }
    }
}

/// Takes back the mail of one history entry, for undo: all of it or nothing. Gives the ids, which
/// [`restore`] takes.
///
/// # Errors
/// Those of the database; inside, [`AlreadyLeft`] names the first mail that cannot be called back.
pub fn cancel_of_entry(
    conn: &Connection,
    entry_id: i64,
    now: i64,
) -> rusqlite::Result<Result<Vec<i64>, AlreadyLeft>> {
    if let Some(left) = left_of_entry(conn, entry_id)? {
        return Ok(Err(left));
    }
    // The body stays, even a secret one: redo brings the same mail back.
    let ids = conn
        .prepare_cached(
            "update outbox set state = 'cancelled', next_at = null, updated_at = ?2
             where entry_id = ?1 and state in ('held', 'waiting', 'paused', 'failed') returning id",
        )?
        .query_map([entry_id, now], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    Ok(Ok(ids))
}

/// The mail of a history entry that cannot come back: it has left, or may have.
///
/// # Errors
/// Those of the database.
pub fn left_of_entry(conn: &Connection, entry_id: i64) -> rusqlite::Result<Option<AlreadyLeft>> {
    conn.prepare_cached(
        "select to_address, coalesce(sent_at, updated_at) from outbox
         where entry_id = ?1 and (state in ('sending', 'sent') or unsure > 0) order by id limit 1",
    )?
    .query_row([entry_id], |row| Ok(AlreadyLeft { to: row.get(0)?, at: row.get(1)? }))
    .optional()
}

/// Brings back what [`cancel_of_entry`] or [`supersede`] took out. Gives how many: fewer than `ids` when the text
/// of one was wiped meanwhile.
///
/// # Errors
/// Those of the database.
pub fn restore(conn: &Connection, ids: &[i64], hold_until: i64, now: i64) -> rusqlite::Result<usize> {
    let mut update = conn.prepare_cached(
        "update outbox set state = 'held', next_at = ?2, updated_at = ?3
         where id = ?1 and state in ('cancelled', 'superseded') and body is not null",
    )?;
    ids.iter().map(|id| update.execute([*id, hold_until, now])).sum()
}

/// Takes older mails of the same record and events out of the queue, since a newer one says more:
/// a resent code, a newer link. Gives their ids, which [`restore`] takes when the newer one is undone.
///
/// # Errors
/// Those of the database.
pub fn supersede(
    conn: &Connection,
    record: (&str, i64),
    events: &[MailEvent],
    now: i64,
) -> rusqlite::Result<Vec<i64>> {
    let mut update = conn.prepare_cached(
        "update outbox set state = 'superseded', next_at = null, updated_at = ?4
         where record_kind = ?1 and record_id = ?2 and event = ?3 and state in ('held', 'waiting', 'paused', 'failed')
         returning id",
    )?;
    let mut ids = Vec::new();
    for event in events {
        let taken = update.query_map(params![record.0, record.1, event.as_str(), now], |row| row.get(0))?;
        ids.extend(taken.collect::<rusqlite::Result<Vec<i64>>>()?);
    }
    Ok(ids)
}

/// Takes these out of the queue again, for the redo of what superseded them.
///
/// # Errors
/// Those of the database.
pub fn supersede_again(conn: &Connection, ids: &[i64], now: i64) -> rusqlite::Result<()> {
    let mut update = conn.prepare_cached(
        "update outbox set state = 'superseded', next_at = null, updated_at = ?2
         where id = ?1 and state in ('held', 'waiting', 'paused', 'failed')",
    )?;
    for id in ids {
        update.execute([*id, now])?;
    }
    Ok(())
}

/// Wipes the secrets of mails that were taken out of the queue before `before`: by then nobody undoes or redoes
/// what took them out (trust.md, Secrets and people). Gives how many.
///
/// # Errors
/// Those of the database.
pub fn wipe_taken_out(conn: &Connection, before: i64) -> rusqlite::Result<usize> {
    conn.prepare_cached(
        "update outbox set body = null where secret = 1 and state in ('cancelled', 'superseded')
           and body is not null and updated_at < ?1",
    )?
    .execute([before])
}

/// Makes a failed, paused, waiting or held mail due now, with a fresh count of attempts.
///
/// # Errors
/// Those of the database; inside, why not.
pub fn retry(conn: &Connection, id: i64, now: i64) -> rusqlite::Result<Result<(), No>> {
    let (state, has_body) = match state_of(conn, id)? {
        Ok(found) => found,
        Err(no) => return Ok(Err(no)),
    };
    match state.as_str() {
        "sending" => return Ok(Err(No::Sending)),
        "sent" => return Ok(Err(No::Sent)),
        "cancelled" | "superseded" => return Ok(Err(No::TakenOut)),
        _ if has_body == 0 => return Ok(Err(No::Wiped)),
        _ => {}
    }
    conn.prepare_cached(
        "update outbox set state = 'waiting', next_at = ?2, attempts = 0, updated_at = ?2 where id = ?1",
    )?
    .execute([id, now])?;
    // The five days begin again, and the list of attempts shows why.
    conn.prepare_cached(
        "insert into outbox_attempt (outbox_id, at, phase, outcome) values (?1, ?2, 'person', 'retry')",
    )?
    .execute([id, now])?;
    // Somebody is looking: a server that is back should be noticed at once.
    conn.prepare_cached("update mail_queue set backoff_until = null")?.execute([])?;
    Ok(Ok(()))
}

/// Takes a mail that has not left out of the queue for good; a secret in it is wiped.
///
/// # Errors
/// Those of the database; inside, why not.
pub fn cancel(conn: &Connection, id: i64, now: i64) -> rusqlite::Result<Result<(), No>> {
    let (state, _) = match state_of(conn, id)? {
        Ok(found) => found,
        Err(no) => return Ok(Err(no)),
    };
    match state.as_str() {
        "sending" => return Ok(Err(No::Sending)),
        "sent" => return Ok(Err(No::Sent)),
        "cancelled" | "superseded" => return Ok(Err(No::TakenOut)),
        _ => {}
    }
    conn.prepare_cached(
        "update outbox set state = 'cancelled', next_at = null, updated_at = ?2, body = iif(secret = 1, null, body)
         where id = ?1",
    )?
    .execute([id, now])?;
    Ok(Ok(()))
}

/// The cause of the pause is mended: the queue runs again, and the rows that showed it are due now.
/// Gives how many.
///
/// # Errors
/// Those of the database.
pub fn unpause(conn: &Connection, now: i64) -> rusqlite::Result<usize> {
    conn.prepare_cached(
        "update mail_queue set paused_reason = null, paused_at = null, backoff_until = null, failures = 0,
           failing_since = null",
    )?
    .execute([])?;
    conn.prepare_cached(
        "update outbox set state = 'waiting', next_at = ?1, updated_at = ?1 where state = 'paused'",
    )?
    .execute([now])
}

fn state_of(conn: &Connection, id: i64) -> rusqlite::Result<Result<(String, i64), No>> {
    let found = conn
        .prepare_cached("select state, body is not null from outbox where id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.ok_or(No::NotThere))
}
