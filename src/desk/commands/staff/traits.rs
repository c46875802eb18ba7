//! What is said of a member of staff beside name and address; each value is checked before it is written.

use rusqlite::params;

use super::{Traits, find};
use crate::desk::cx::Cx;
use crate::desk::error::{Error, Result};
use crate::domain::calendar::Calendar;
use crate::domain::check::is_language;
use crate::domain::refusal::Refusal;

/// Writes what is given; what is none stays.
pub(super) fn write(cx: &Cx<'_>, id: i64, traits: &Traits) -> Result<()> {
    if *traits == Traits::default() {
        return Ok(());
    }
    if let Some(login) = &traits.manager {
        manager(cx, id, login.trim())?;
    }
    if let Some(hours) = traits.hours.as_deref().map(str::trim).filter(|h| !h.is_empty()) {
        Calendar::default().with_hours(hours).map_err(|problem| {
            Error::invalid("hours", hours, problem, "Write mon-thu 08:00-16:00, fri 08:00-12:00.")
        })?;
    }
    if let Some(language) = traits.language.as_deref().map(str::trim).filter(|tag| !is_language(tag)) {
        return Err(Error::invalid("language", language, "is no language", "Write en, de, fr or es."));
    }
    if let Some(digest) = traits.digest.as_deref().filter(|d| !["", "daily"].contains(d)) {
        return Err(Error::invalid(
            "digest",
            digest,
            "is no way of sending it",
            "Give daily, or nothing for none.",
        ));
    }
    let text = |value: &Option<String>| value.as_deref().map(|v| v.trim().to_owned());
    cx.conn
        .prepare_cached(
            "update staff set hours = iif(?2 is null, hours, nullif(?2, '')), division = iif(?3 is null, division, nullif(?3, '')),
               language = coalesce(?4, language), digest = iif(?5 is null, digest, nullif(?5, '')),
               version = version + 1, updated_at = ?6 where id = ?1",
        )?
        .execute(params![id, text(&traits.hours), text(&traits.division), text(&traits.language), text(&traits.digest), cx.now])?;
    Ok(())
}

/// Sets the manager, or nobody for empty text; who manages their own manager is refused.
fn manager(cx: &Cx<'_>, id: i64, login: &str) -> Result<()> {
    let to = if login.is_empty() { None } else { Some(find(cx, login)?.id) };
    if let Some(to) = to
        && let Some(names) = above(cx, to, id)?
    {
        return Err(Error::Refused(Refusal::new(
            "manager_loop",
            format!("{login} cannot be the manager: the chain {} leads back.", names.join(" → ")),
            "Give the one at the top another manager first.",
        )));
    }
    set_manager(cx, id, to)
}

/// Writes the manager.
pub(super) fn set_manager(cx: &Cx<'_>, id: i64, to: Option<i64>) -> Result<()> {
    cx.conn
        .prepare_cached(
            "update staff set manager_id = ?2, version = version + 1, updated_at = ?3 where id = ?1",
        )?
        .execute(params![id, to, cx.now])?;
    Ok(())
}

/// The logins from `from` upwards to `id`, if the chain of managers leads there.
pub(super) fn above(cx: &Cx<'_>, from: i64, id: i64) -> Result<Option<Vec<String>>> {
    let mut step = cx.conn.prepare_cached("select login, manager_id from staff where id = ?1")?;
    let (mut at, mut seen, mut names) = (Some(from), Vec::new(), Vec::new());
    while let Some(now) = at.filter(|now| !seen.contains(now)) {
        let (login, next): (String, Option<i64>) = step.query_row([now], |r| Ok((r.get(0)?, r.get(1)?)))?;
        names.push(login);
        if now == id {
            return Ok(Some(names));
        }
        seen.push(now);
        at = next;
    }
    Ok(None)
}
