//! Number sequences: taken inside the command's transaction, so numbers never repeat and a command that fails
//! leaves no gap (registration.md, Customers, contacts, templates, numbers).

use rusqlite::Connection;

use crate::desk::error::Result;

/// Takes the next number of the sequence, formatted.
pub fn take(conn: &Connection, name: &str) -> Result<String> {
    let (prefix, number, width): (String, i64, i64) = conn
        .prepare_cached(
            "update number_sequence set next = next + 1 where name = ?1 returning prefix, next - 1, width",
        )?
        .query_row([name], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    let width = usize::try_from(width).unwrap_or(6);
    Ok(format!("{prefix}{number:0width$}"))
}
