//! The state of mail in a few words, for the health line; read at every refresh, so it must stay cheap.

use rusqlite::Connection;

use super::MINUTE_MS;

/// After this long a queue that fails is an alarm (mail.md, Outbox).
const ALARM_AFTER_MS: i64 = 60 * MINUTE_MS;

/// Whether mail goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueState {
    /// It does.
    Ok,
    /// The server is in trouble; tried again by itself.
    BackingOff {
        /// Not before this time.
        until: i64,
        /// In trouble since then.
        since: i64,
    },
    /// Somebody has to look.
    Paused {
        /// The server's words, or ours.
        reason: String,
        /// Since when.
        since: i64,
    },
}

/// The state of mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Whether mail goes out.
    pub queue: QueueState,
    /// Mail has not gone out for an hour, or stands still: since when.
    pub alarm_since: Option<i64>,
    /// Held, waiting, being sent or paused.
    pub waiting: i64,
    /// Needs a person.
    pub failed: i64,
    /// The last time that the server took a mail.
    pub last_ok_at: Option<i64>,
}

impl Health {
    /// A few words: `ok · 3 waiting`, `paused: auth: 535 …`.
    pub fn words(&self) -> String {
        let mut words = match &self.queue {
            QueueState::Ok => "ok".to_string(),
            QueueState::BackingOff { .. } if self.alarm_since.is_some() => "not going out".to_string(),
            QueueState::BackingOff { .. } => "trying again".to_string(),
            QueueState::Paused { reason, .. } => format!("paused: {reason}"),
        };
        for (count, word) in [(self.waiting, "waiting"), (self.failed, "failed")] {
            if count > 0 {
                words.push_str(&format!(" · {count} {word}"));
            }
        }
        words
    }
}

/// Reads the state of mail at `now`.
///
/// # Errors
/// Those of the database.
pub fn health(conn: &Connection, now: i64) -> rusqlite::Result<Health> {
    let (waiting, failed) = conn
        .prepare_cached(
            "select count(*) filter (where state <> 'failed'), count(*) filter (where state = 'failed') from outbox
             where state in ('held', 'waiting', 'sending', 'paused', 'failed')",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    conn.prepare_cached(
        "select paused_reason, paused_at, backoff_until, failing_since, last_ok_at from mail_queue",
    )?
    .query_row([], |row| {
        let (reason, paused_at): (Option<String>, Option<i64>) = (row.get(0)?, row.get(1)?);
        let (backoff, failing): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
        let queue = match (reason, failing) {
            (Some(reason), _) => QueueState::Paused { reason, since: paused_at.unwrap_or(now) },
            (None, Some(since)) => QueueState::BackingOff { until: backoff.unwrap_or(now), since },
            (None, None) => QueueState::Ok,
        };
        let alarm_since = match &queue {
            QueueState::Ok => None,
            QueueState::Paused { since, .. } => Some(*since),
            QueueState::BackingOff { since, .. } => (now - since >= ALARM_AFTER_MS).then_some(*since),
        };
        Ok(Health { queue, alarm_since, waiting, failed, last_ok_at: row.get(4)? })
    })
}
