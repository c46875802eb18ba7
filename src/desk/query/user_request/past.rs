//! What was done with a user request so far, for whoever decides next: each move with who made it and why.

use rusqlite::Connection;

use crate::desk::error::Result;

/// So many of the newest moves are read; history has all.
const MOST: usize = 8;

/// One move of the past that still stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastLine {
    /// When, UTC milliseconds.
    pub at: i64,
    /// Login of who made it, `maria for jens` where a delegate did.
    pub who: String,
    /// What it was, in a word or two: `rejected`.
    pub what: &'static str,
    /// The reason or note that was given.
    pub reason: Option<String>,
}

/// Kinds of history entries that are moves, and the words for them.
const MOVES: [(&str, &str); 8] = [
    ("user_request_submitted", "submitted"),
    ("work_approved", "approved"),
    ("work_rejected", "rejected"),
    ("change_requested", "change requested"),
    ("user_request_recalled", "recalled"),
    ("workflow_stopped", "stopped"),
    ("workflow_resumed", "resumed"),
    ("user_request_canceled", "canceled"),
];

/// The moves of a user request, newest first; those that were undone are left out.
pub(super) fn past(conn: &Connection, request: i64) -> Result<Vec<PastLine>> {
    let kinds: Vec<String> = MOVES.iter().map(|(kind, _)| format!("'{kind}'")).collect();
    let sql = format!(
        "select h.at, h.actor, case when json_valid(h.detail) then json_extract(h.detail, '$.for') end, h.kind, coalesce(h.reason, h.note) from history h
         where h.record_kind = 'user_request' and h.record_id = ?1 and h.undone_by is null and h.kind in ({})
         order by h.id desc limit {MOST}",
        kinds.join(", ")
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map([request], |r| {
            let (by, kind): (String, String) = (r.get(1)?, r.get(3)?);
            let for_whom: Option<String> = r.get(2)?;
            Ok(PastLine {
                at: r.get(0)?,
                who: for_whom.map_or(by.clone(), |other| format!("{by} for {other}")),
                what: MOVES.iter().find(|(name, _)| *name == kind).map_or("", |(_, word)| word),
                reason: r.get(4)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}
