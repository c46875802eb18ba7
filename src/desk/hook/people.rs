//! What people and undo do to events, and what screens and `check` read of them.

use rusqlite::{Connection, OptionalExtension, Row};

use crate::desk::error::Result;
use crate::desk::reader::Reader;

/// Undo came too late: the program has been run for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldAlready {
    /// When, UTC milliseconds.
    pub at: i64,
}

/// One event, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookRow {
    /// Row id.
    pub id: i64,
    /// `held`, `waiting`, `running`, `done`, `failed`, `cancelled`.
    pub state: String,
    /// Attempts so far.
    pub attempts: i64,
    /// When it is tried next.
    pub next_at: Option<i64>,
    /// How the last attempt failed.
    pub last_error: Option<String>,
    /// When the program took it.
    pub done_at: Option<i64>,
}

/// The state of all events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HookHealth {
    /// On their way.
    pub waiting: i64,
    /// On their way, and failed at least once.
    pub troubled: i64,
    /// Given up; a person must look.
    pub failed: i64,
    /// How the newest trouble was put.
    pub last_error: Option<String>,
}

/// Takes back the events of a history entry, for undo: all of them or none. Gives their ids, which [`restore`] takes.
pub(in crate::desk) fn cancel_of_entry(
    conn: &Connection,
    entry: i64,
    now: i64,
) -> rusqlite::Result<std::result::Result<Vec<i64>, ToldAlready>> {
    if let Some(told) = told_of_entry(conn, entry)? {
        return Ok(Err(told));
    }
    let ids = conn
        .prepare_cached(
            "update provision_event set state = 'cancelled', next_at = null, updated_at = ?2
             where entry_id = ?1 and state in ('held', 'waiting') returning id",
        )?
        .query_map([entry, now], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Ok(ids))
}

/// The event of a history entry that the office's program has been run for.
pub(in crate::desk) fn told_of_entry(conn: &Connection, entry: i64) -> rusqlite::Result<Option<ToldAlready>> {
    conn.prepare_cached(
        "select coalesce(done_at, updated_at) from provision_event
         where entry_id = ?1 and (state in ('running', 'done') or attempts > 0) order by id limit 1",
    )?
    .query_row([entry], |r| Ok(ToldAlready { at: r.get(0)? }))
    .optional()
}

/// Brings back what [`cancel_of_entry`] took out, for redo.
pub(in crate::desk) fn restore(
    conn: &Connection,
    ids: &[i64],
    (hold_until, now): (i64, i64),
) -> rusqlite::Result<()> {
    let mut update = conn.prepare_cached(
        "update provision_event set state = 'held', next_at = ?2, updated_at = ?3 where id = ?1 and state = 'cancelled'",
    )?;
    for id in ids {
        update.execute([*id, hold_until, now])?;
    }
    Ok(())
}

/// Makes the events of a request that wait or were given up due now, with a fresh count. Gives how many.
pub(in crate::desk) fn retry(conn: &Connection, request: i64, now: i64) -> rusqlite::Result<usize> {
    conn.prepare_cached(
        "update provision_event set state = 'waiting', next_at = ?2, attempts = 0, first_at = null, updated_at = ?2
         where user_request_id = ?1 and (state = 'failed' or (state = 'waiting' and attempts > 0))",
    )?
    .execute([request, now])
}

/// The newest event of a request.
pub(in crate::desk) fn of_request(conn: &Connection, request: i64) -> rusqlite::Result<Option<HookRow>> {
    conn.prepare_cached(
        "select id, state, attempts, next_at, last_error, done_at from provision_event where user_request_id = ?1
         order by id desc limit 1",
    )?
    .query_row([request], row)
    .optional()
}

fn row(r: &Row<'_>) -> rusqlite::Result<HookRow> {
    Ok(HookRow {
        id: r.get(0)?,
        state: r.get(1)?,
        attempts: r.get(2)?,
        next_at: r.get(3)?,
        last_error: r.get(4)?,
        done_at: r.get(5)?,
    })
}

/// How the events stand.
pub(in crate::desk) fn health(conn: &Connection) -> rusqlite::Result<HookHealth> {
    conn.prepare_cached(
        "select count(*) filter (where state <> 'failed'), count(*) filter (where state <> 'failed' and last_error is not null),
           count(*) filter (where state = 'failed'),
           (select last_error from provision_event where state in ('failed', 'waiting', 'running') and last_error is not null
            order by updated_at desc limit 1)
         from provision_event where state in ('held', 'waiting', 'running', 'failed')",
    )?
    .query_row([], |r| {
        Ok(HookHealth { waiting: r.get(0)?, troubled: r.get(1)?, failed: r.get(2)?, last_error: r.get(3)? })
    })
}

impl Reader {
    /// How the office's portal follows, as a whole.
    ///
    /// # Errors
    /// Those of the database.
    pub fn hook_health(&self) -> Result<HookHealth> {
        Ok(health(self.conn())?)
    }
}
