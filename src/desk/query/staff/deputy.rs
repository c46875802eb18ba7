//! Deputies as lists show them.

/// A rule of absence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeputyRow {
    /// Row id; the number of the rule.
    pub id: i64,
    /// Row version.
    pub version: i64,
    /// Whose work.
    pub staff: String,
    /// Who stands in.
    pub deputy: String,
    /// Of which document; none: of all.
    pub document: Option<String>,
    /// Its first instant.
    pub starts_at: i64,
    /// The first instant it holds no more; none: open end.
    pub ends_at: Option<i64>,
    /// For colleagues.
    pub note: Option<String>,
    /// `coming`, `now`, `over` or `ended`.
    pub state: &'static str,
    /// When it was made.
    pub created_at: i64,
    /// Last change.
    pub updated_at: i64,
}

use rusqlite::{Connection, Row};

use crate::desk::error::Result;
use crate::domain::deputy::Absence;
use crate::domain::workflow::Document;

const COLUMNS: &str = "d.id, d.version, s.login, t.login, d.document, d.starts_at, d.ends_at, d.note, d.state, d.created_at, d.updated_at
    from deputy d join staff s on s.id = d.staff_id join staff t on t.id = d.deputy_id";

fn row(r: &Row<'_>, now: i64) -> rusqlite::Result<DeputyRow> {
    let (starts_at, ends_at): (i64, Option<i64>) = (r.get(5)?, r.get(6)?);
    let active = r.get::<_, String>(8)? == "active";
    let state = match active {
        false => "ended",
        true if starts_at > now => "coming",
        true if ends_at.is_none_or(|end| end > now) => "now",
        true => "over",
    };
    Ok(DeputyRow {
        id: r.get(0)?,
        version: r.get(1)?,
        staff: r.get(2)?,
        deputy: r.get(3)?,
        document: r.get(4)?,
        starts_at,
        ends_at,
        note: r.get(7)?,
        state,
        created_at: r.get(9)?,
        updated_at: r.get(10)?,
    })
}

/// All rules by person; those that came to their end only where they are asked for.
pub(in crate::desk) fn all(conn: &Connection, now: i64) -> Result<Vec<DeputyRow>> {
    let sql = format!("select {COLUMNS} order by s.login, d.starts_at, d.id");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([], |r| row(r, now))?.collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// One rule.
pub(in crate::desk) fn one(conn: &Connection, id: i64, now: i64) -> Result<DeputyRow> {
    let sql = format!("select {COLUMNS} where d.id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], |r| row(r, now))?)
}

/// The rules that hold now or will, with their ids, for the question whether a new one closes a loop.
pub(in crate::desk) fn absences(conn: &Connection, now: i64) -> Result<Vec<(i64, Absence)>> {
    let mut statement = conn.prepare_cached(
        "select id, staff_id, deputy_id, document, starts_at, ends_at from deputy
         where state = 'active' and (ends_at is null or ends_at > ?1) order by id",
    )?;
    let rows = statement
        .query_map([now], |r| {
            let absence = Absence {
                staff: r.get(1)?,
                deputy: r.get(2)?,
                document: r.get::<_, Option<String>>(3)?.as_deref().and_then(Document::parse),
                starts_at: r.get(4)?,
                ends_at: r.get(5)?,
            };
            Ok((r.get(0)?, absence))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}
