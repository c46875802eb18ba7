//! What became of like requests before, for whoever decides this one (checklist C1).

use rusqlite::Connection;

use crate::desk::error::Result;

/// So many of the newest are shown.
const MOST: usize = 3;

/// A request of the same customer, or of the same contact where there is no customer, that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimilarLine {
    /// Its number.
    pub number: String,
    /// What it asked for, stable name.
    pub action: String,
    /// For which user name.
    pub user_name: String,
    /// How it ended, stable name.
    pub state: String,
    /// Login of who decided it last; none: no step had to be decided.
    pub decided_by: Option<String>,
    /// When it ended, UTC milliseconds.
    pub at: i64,
}

/// The newest such requests, newest first.
pub(super) fn similar(conn: &Connection, request: i64) -> Result<Vec<SimilarLine>> {
    let of = |column: &str| {
        format!(
            "select o.id, o.number, o.action, o.user_name, o.state, o.updated_at from user_request u
             join user_request o on o.{column} = u.{column} and o.id <> u.id
             where u.id = ?1 and o.state in ('completed', 'rejected', 'canceled')"
        )
    };
    let sql = format!(
        "select l.number, l.action, l.user_name, l.state,
           (select s.login from work_item i join staff s on s.id = i.decided_by where i.document = 'user_request' and i.document_id = l.id
              and i.state in ('approved', 'rejected') order by i.id desc limit 1), l.updated_at
         from ({} union {}) l order by l.id desc limit {MOST}",
        of("customer_id"),
        of("contact_id")
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map([request], |r| {
            Ok(SimilarLine {
                number: r.get(0)?,
                action: r.get(1)?,
                user_name: r.get(2)?,
                state: r.get(3)?,
                decided_by: r.get(4)?,
                at: r.get(5)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}
