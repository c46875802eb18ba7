//! The worker's steps: claim and settle. Each checks the lease in the statement that writes.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Ended, Event, Settled};

const MINUTE_MS: i64 = 60_000;
/// Waits after the first, second, … failed attempt, then the last one again and again, as for mail (mail.md, Outbox).
const SCHEDULE_MIN: [i64; 5] = [1, 5, 15, 30, 60];
/// Then a person has to look.
const GIVE_UP_MS: i64 = 5 * 24 * 60 * MINUTE_MS;
/// No wait or lease of ours is longer; one that seems to be shows that the clock was set back.
const LONGEST_WAIT_MS: i64 = 3 * 60 * MINUTE_MS;
/// Of the program's words so much is kept.
const LONGEST_ERROR: usize = 1_000;

/// Leases one due event to `owner` until `until`. One whose worker died comes back when its lease has run out: the
/// program may then see it twice, under the same id. A failed one holds up the later ones of its user.
pub fn claim(conn: &Connection, (owner, until): (&str, i64), now: i64) -> rusqlite::Result<Option<Event>> {
    conn.prepare_cached(
        "update provision_event set next_at = ?1 where state in ('held', 'waiting', 'running') and next_at > ?2",
    )?
    .execute([now, now + LONGEST_WAIT_MS])?;
    let found = conn
        .prepare_cached(
            "select e.id, e.payload, e.attempts from provision_event e
             where e.state in ('held', 'waiting', 'running') and e.next_at <= ?1 and not exists (
               select 1 from provision_event o where o.portal_user_id = e.portal_user_id and o.id < e.id
                 and o.state in ('held', 'waiting', 'running', 'failed'))
             order by e.next_at, e.id limit 1",
        )?
        .query_row([now], |r| {
            Ok(Event { id: r.get(0)?, payload: r.get(1)?, attempt: r.get::<_, i64>(2)? + 1 })
        })
        .optional()?;
    let Some(event) = found else { return Ok(None) };
    conn.prepare_cached(
        "update provision_event set state = 'running', attempts = ?2, first_at = coalesce(first_at, ?5), lease_owner = ?3,
           lease_until = ?4, next_at = ?4, updated_at = ?5 where id = ?1",
    )?
    .execute(params![event.id, event.attempt, owner, until, now])?;
    Ok(Some(event))
}

/// Writes down how the attempt ended, if the event is still `owner`'s.
pub fn settle(
    conn: &Connection,
    (id, owner): (i64, &str),
    ended: &Ended,
    now: i64,
) -> rusqlite::Result<Settled> {
    let ours: Option<(i64, i64)> = conn
        .prepare_cached(
            "select attempts, first_at from provision_event where id = ?1 and lease_owner = ?2 and state = 'running'",
        )?
        .query_row(params![id, owner], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let Some((attempts, first_at)) = ours else { return Ok(Settled::NotOurs) };
    let (state, next_at, error, untried, settled) = match ended {
        Ended::Done => ("done", None, None, 0, Settled::Done),
        Ended::Released => ("waiting", Some(now), None, 1, Settled::Waiting(now)),
        Ended::Failed(why) if now - first_at >= GIVE_UP_MS => {
            ("failed", None, Some(format!("given up after 5 days: {}", cut(why))), 0, Settled::Failed)
        }
        Ended::Failed(why) => {
            let at = usize::try_from(attempts - 1).unwrap_or(0).min(SCHEDULE_MIN.len() - 1);
            let next = now + SCHEDULE_MIN[at] * MINUTE_MS;
            ("waiting", Some(next), Some(cut(why)), 0, Settled::Waiting(next))
        }
    };
    conn.prepare_cached(
        "update provision_event set state = ?2, next_at = ?3, last_error = coalesce(?4, iif(?2 = 'done', null, last_error)),
           attempts = attempts - ?5, lease_owner = null, lease_until = null, updated_at = ?6,
           done_at = iif(?2 = 'done', ?6, null) where id = ?1",
    )?
    .execute(params![id, state, next_at, error, untried, now])?;
    Ok(settled)
}

/// When something may be due.
pub fn next_due(conn: &Connection) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached(
        "select min(next_at) from provision_event where state in ('held', 'waiting', 'running')",
    )?
    .query_row([], |r| r.get(0))
}

fn cut(words: &str) -> String {
    words.chars().take(LONGEST_ERROR).collect()
}
