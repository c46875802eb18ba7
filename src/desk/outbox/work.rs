//! The worker's steps: claim, enter the dot, settle. Each checks the lease in the same statement that writes.

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::{AddressRefused, Claimed, Hold, MINUTE_MS, Settled};
use crate::domain::mail::{After, Blame, Phase, QueueEffect, Settlement, Verdict};

/// Waits after the first, second, … failed attempt; then the last one again and again
/// (mail.md, Outbox).
const SCHEDULE_MIN: [i64; 5] = [1, 5, 15, 30, 60];
/// The same for the whole queue, so that a server that came back is noticed soon.
const QUEUE_SCHEDULE_MIN: [i64; 3] = [1, 5, 15];
/// A greylisting server wants to see us come back, but not at once.
const GREYLIST_MIN: i64 = 5;
/// Then a person has to look.
const GIVE_UP_MS: i64 = 5 * 24 * 60 * MINUTE_MS;
/// No wait of ours is longer; one that seems to be shows that the clock was set back.
const LONGEST_WAIT_MS: i64 = 2 * 60 * MINUTE_MS;

struct Found {
    claimed: Claimed,
    state: String,
    phase: Option<String>,
    once_only: i64,
    has_body: i64,
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    let body: Option<Vec<u8>> = row.get("body")?;
    Ok(Found {
        state: row.get("state")?,
        phase: row.get("phase")?,
        once_only: row.get("once_only")?,
        has_body: i64::from(body.is_some()),
        claimed: Claimed {
            id: row.get("id")?,
            event: row.get("event")?,
            to: row.get("to_address")?,
            message_id: row.get("message_id")?,
            body: body.unwrap_or_default(),
            attempts: row.get("attempts")?,
            unsure: row.get("unsure")?,
        },
    })
}

/// Leases the row that is due the longest to `owner` until `lease_until`. A row whose owner died
/// after the dot counts as unsure; if it may go out only once, it fails and the next one is taken.
///
/// # Errors
/// Those of the database.
pub fn claim(
    conn: &Connection,
    owner: &str,
    lease_until: i64,
    now: i64,
) -> rusqlite::Result<Option<Claimed>> {
    mistrust_far_future(conn, now)?;
    if queue_stands_until(conn)?.is_some_and(|until| until > now) {
        return Ok(None);
    }
    loop {
        let next = conn
            .prepare_cached(
                "select id, event, to_address, message_id, body, attempts, unsure, once_only, state, phase
                 from outbox indexed by outbox_due
                 where state in ('held','waiting','sending') and next_at <= ?1
                 order by next_at, id limit 1",
            )?
            .query_row([now], found)
            .optional()?;
        let Some(Found { mut claimed, state, phase, once_only, has_body }) = next else {
            return Ok(None);
        };
        if state == "sending" {
            let dot = phase.as_deref() == Some("dot");
            let attempt = match dot {
                true => Attempt {
                    phase: Phase::Dot,
                    outcome: "unsure",
                    reply: "whoever sent it died before the reply came",
                },
                false => Attempt {
                    phase: Phase::Body,
                    outcome: "retry",
                    reply: "whoever sent it died before the dot",
                },
            };
            note_attempt(conn, claimed.id, &attempt, now)?;
            claimed.unsure += i64::from(dot);
            if dot && once_only != 0 {
                fail(conn, &claimed, "it may have arrived already, and may go out only once", now)?;
                continue;
            }
        }
        if has_body == 0 {
            fail(conn, &claimed, "its text was wiped after it had been sent", now)?;
            continue;
        }
        claimed.attempts += 1;
        conn.prepare_cached(
            "update outbox set state = 'sending', phase = 'claimed', lease_owner = :owner, lease_until = :until,
               next_at = :until, attempts = :attempts, unsure = :unsure, updated_at = :now where id = :id",
        )?
        .execute(named_params! {
            ":owner": owner, ":until": lease_until, ":attempts": claimed.attempts, ":unsure": claimed.unsure,
            ":now": now, ":id": claimed.id,
        })?;
        return Ok(Some(claimed));
    }
}

/// Commits phase *dot* with a new lease, if the row is still `owner`'s.
///
/// # Errors
/// Those of the database; then the dot must not be sent either.
pub fn enter_dot(conn: &Connection, hold: Hold<'_>, lease_until: i64, now: i64) -> rusqlite::Result<bool> {
    let changed = conn
        .prepare_cached(
            "update outbox set phase = 'dot', lease_until = ?3, next_at = ?3, updated_at = ?4
             where id = ?1 and lease_owner = ?2 and state = 'sending' and phase = 'claimed'",
        )?
        .execute(params![hold.id, hold.owner, lease_until, now])?;
    Ok(changed == 1)
}

/// Writes down how an attempt ended, on the row and on the queue.
///
/// # Errors
/// Those of the database; the row then stays leased, and a dot that was sent is foretold as unsure.
pub fn settle(
    conn: &Connection,
    hold: Hold<'_>,
    settlement: &Settlement,
    now: i64,
) -> rusqlite::Result<Settled> {
    let Hold { id, owner } = hold;
    let ours = conn
        .prepare_cached(
            "select attempts, once_only, message_id,
                    coalesce((select max(at) from outbox_attempt where outbox_id = ?1 and phase = 'person'),
                             (select min(at) from outbox_attempt where outbox_id = ?1), ?3) as first_at
             from outbox where id = ?1 and lease_owner = ?2 and state = 'sending'",
        )?
        .query_row(params![id, owner, now], |row| {
            Ok(Ours {
                attempts: row.get(0)?,
                once_only: row.get(1)?,
                message_id: row.get(2)?,
                first_at: row.get(3)?,
            })
        })
        .optional()?;
    let Some(ours) = ours else {
        return Ok(Settled::NotOurs);
    };
    let Settlement { verdict, phase, reply } = settlement;
    note_attempt(conn, id, &Attempt { phase: *phase, outcome: verdict.as_str(), reply }, now)?;
    settle_queue(conn, settlement, now)?;
    let end = ours.end(settlement, now);
    conn.prepare_cached(
        "update outbox set state = :state, phase = null, lease_owner = null, lease_until = null, next_at = :next,
           attempts = attempts - :untried, unsure = unsure + :unsure, last_reply = :reply, updated_at = :now,
           sent_at = iif(:state = 'sent', :now, sent_at),
           body = iif(:state = 'sent' and secret = 1, null, body)
         where id = :id",
    )?
    .execute(named_params! {
        ":state": end.state, ":next": end.next_at, ":untried": i64::from(*verdict == Verdict::Released),
        ":unsure": i64::from(*verdict == Verdict::Unsure), ":reply": end.reply, ":now": now, ":id": id,
    })?;
    Ok(end.settled)
}

/// When something may be due: the earliest row, but not before the queue runs again. `None` when
/// nothing is on its way or a person must release the queue first.
///
/// # Errors
/// Those of the database.
pub fn next_due(conn: &Connection) -> rusqlite::Result<Option<i64>> {
    let earliest: Option<i64> = conn
        .prepare_cached("select min(next_at) from outbox indexed by outbox_due where state in ('held','waiting','sending')")?
        .query_row([], |row| row.get(0))?;
    Ok(match (earliest, queue_stands_until(conn)?) {
        (None, _) | (_, Some(i64::MAX)) => None,
        (Some(at), until) => Some(at.max(until.unwrap_or(at))),
    })
}

/// What an attempt is remembered by.
struct Attempt<'a> {
    phase: Phase,
    outcome: &'a str,
    reply: &'a str,
}

/// A leased row, as far as its end depends on it.
struct Ours {
    attempts: i64,
    once_only: i64,
    message_id: String,
    first_at: i64,
}

struct End {
    state: &'static str,
    next_at: Option<i64>,
    reply: String,
    settled: Settled,
}

impl Ours {
    fn end(&self, settlement: &Settlement, now: i64) -> End {
        let reply = settlement.reply.clone();
        match settlement.verdict {
            Verdict::Sent => End { state: "sent", next_at: None, reply, settled: Settled::Sent },
            Verdict::PauseQueue => End { state: "paused", next_at: None, reply, settled: Settled::Paused },
            Verdict::FailRow { blame: Blame::Address } => End::failed(reply, AddressRefused::Yes),
            Verdict::FailRow { blame: Blame::Mail } => End::failed(reply, AddressRefused::No),
            Verdict::Released => End::waiting(now, reply),
            Verdict::Unsure if self.once_only != 0 => End::failed(
                format!("it may have arrived already, and may go out only once: {reply}"),
                AddressRefused::No,
            ),
            Verdict::Retry { .. } | Verdict::Unsure if now - self.first_at >= GIVE_UP_MS => {
                End::failed(format!("given up after 5 days: {reply}"), AddressRefused::No)
            }
            Verdict::Retry { after: After::Schedule, .. } | Verdict::Unsure => {
                End::waiting(now + self.wait(0), reply)
            }
            Verdict::Retry { after: After::Greylist, .. } => {
                End::waiting(now + self.wait(GREYLIST_MIN), reply)
            }
        }
    }

    fn wait(&self, at_least_min: i64) -> i64 {
        let base = step(&SCHEDULE_MIN, self.attempts).max(at_least_min) * MINUTE_MS;
        spread(base, &self.message_id, self.attempts)
    }
}

impl End {
    fn waiting(next_at: i64, reply: String) -> End {
        End { state: "waiting", next_at: Some(next_at), reply, settled: Settled::Waiting { next_at } }
    }

    fn failed(reply: String, address_refused: AddressRefused) -> End {
        End { state: "failed", next_at: None, reply, settled: Settled::Failed { address_refused } }
    }
}

/// The wait after the `n`-th failure, counted from one.
fn step(schedule: &[i64], n: i64) -> i64 {
    let at = usize::try_from(n - 1).unwrap_or(0).min(schedule.len() - 1);
    schedule[at]
}

/// Within 20 % of `base`, so that mails that failed together do not come back together. The same
/// row and attempt always give the same wait, which keeps tests and reports repeatable.
fn spread(base: i64, word: &str, n: i64) -> i64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in word.bytes().chain(n.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let per_mille = i64::try_from((hash >> 32) % 401).unwrap_or(200) - 200;
    base + base * per_mille / 1000
}

fn settle_queue(conn: &Connection, settlement: &Settlement, now: i64) -> rusqlite::Result<()> {
    let Settlement { verdict, phase, reply } = settlement;
    match verdict {
        Verdict::PauseQueue => {
            conn.prepare_cached(
                "update mail_queue set paused_reason = coalesce(paused_reason, ?1), paused_at = coalesce(paused_at, ?2),
                   failing_since = coalesce(failing_since, ?2)",
            )?
            .execute(params![format!("{phase}: {reply}"), now])?;
        }
        Verdict::Retry { queue: QueueEffect::BacksOff, .. } => {
            let failures: i64 =
                conn.query_row("select failures + 1 from mail_queue", [], |row| row.get(0))?;
            let wait = spread(step(&QUEUE_SCHEDULE_MIN, failures) * MINUTE_MS, "queue", failures);
            conn.prepare_cached(
                "update mail_queue set failures = ?1, backoff_until = ?2, failing_since = coalesce(failing_since, ?3)",
            )?
            .execute(params![failures, now + wait, now])?;
        }
        Verdict::Sent => {
            conn.prepare_cached(
                "update mail_queue set failures = 0, backoff_until = null, failing_since = null, last_ok_at = ?1",
            )?
            .execute([now])?;
        }
        // The server let us in and spoke about this one mail: it is well.
        Verdict::Retry { queue: QueueEffect::Goes, .. } | Verdict::FailRow { .. } => {
            conn.prepare_cached(
                "update mail_queue set failures = 0, backoff_until = null, failing_since = null",
            )?
            .execute([])?;
        }
        Verdict::Unsure | Verdict::Released => {}
    }
    Ok(())
}

/// Until when nothing may be tried; the end of time while the queue is paused.
fn queue_stands_until(conn: &Connection) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached(
        "select iif(paused_reason is not null, 9223372036854775807, backoff_until) from mail_queue",
    )?
    .query_row([], |row| row.get(0))
}

/// Waits that no schedule of ours makes come from a clock that was set back; they end now.
fn mistrust_far_future(conn: &Connection, now: i64) -> rusqlite::Result<()> {
    let far = now + LONGEST_WAIT_MS;
    conn.prepare_cached(
        "update outbox indexed by outbox_due set next_at = ?1, lease_until = iif(state = 'sending', ?1, lease_until)
         where state in ('held','waiting','sending') and next_at > ?2",
    )?
    .execute([now, far])?;
    conn.prepare_cached("update mail_queue set backoff_until = ?1 where backoff_until > ?2")?
        .execute([now, far])?;
    Ok(())
}

fn note_attempt(conn: &Connection, id: i64, attempt: &Attempt<'_>, now: i64) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "insert into outbox_attempt (outbox_id, at, phase, outcome, reply) values (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![id, now, attempt.phase.as_str(), attempt.outcome, attempt.reply])?;
    Ok(())
}

fn fail(conn: &Connection, row: &Claimed, why: &str, now: i64) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "update outbox set state = 'failed', phase = null, lease_owner = null, lease_until = null, next_at = null,
           unsure = ?2, last_reply = ?3, updated_at = ?4 where id = ?1",
    )?
    .execute(params![row.id, row.unsure, why, now])?;
    Ok(())
}
