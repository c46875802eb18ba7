//! Number sequences: taken inside the command's transaction, so numbers never repeat and a command that fails
//! leaves no gap (registration.md, Customers, contacts, templates, numbers).

use rusqlite::params;

use crate::desk::cx::Cx;
use crate::desk::error::Result;

/// Takes the next number of the sequence, written as the settings say today; numbers that were given keep their form.
pub fn take(cx: &Cx<'_>, name: &str) -> Result<String> {
    // A sequence that the settings do not know keeps the form it was made with.
    let own = cx.settings.sequences.iter().find(|sequence| sequence.name == name);
    let (prefix, number, width): (String, i64, i64) = cx
        .conn
        .prepare_cached(
            "update number_sequence set next = next + 1, prefix = coalesce(?2, prefix), width = coalesce(?3, width)
             where name = ?1 returning prefix, next - 1, width",
        )?
        .query_row(params![name, own.map(|s| s.prefix.as_str()), own.map(|s| s.width)], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?))
        })?;
    let width = usize::try_from(width).unwrap_or(6);
    Ok(format!("{prefix}{number:0width$}"))
}
