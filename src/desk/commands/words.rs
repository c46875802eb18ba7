//! What staff write to somebody, with the record's own words in the place of placeholders (checklist C18).

use rusqlite::OptionalExtension;

use crate::desk::cx::Cx;
use crate::desk::error::{Error, Result};
use crate::domain::canned;

/// Of whom or what something is written.
#[derive(Debug, Clone, Copy)]
pub enum About {
    /// A user request, by its row.
    UserRequest(i64),
    /// A sign-up, by its row.
    Signup(i64),
}

/// The text of a field with its placeholders filled in.
///
/// # Errors
/// A placeholder has nothing to stand for in this record: nothing is written, nothing is sent.
pub fn filled(cx: &Cx<'_>, about: About, (field, text): (&str, &str)) -> Result<String> {
    if !text.contains('{') {
        return Ok(text.to_owned());
    }
    let (sql, id) = match about {
        About::UserRequest(id) => (
            "select u.number, trim(coalesce(k.first_name, '') || ' ' || k.last_name), u.user_name
             from user_request u join contact k on k.id = u.contact_id where u.id = ?1",
            id,
        ),
        About::Signup(id) => (
            "select number, trim(coalesce(first_name, '') || ' ' || last_name), coalesce(user_name, '') from signup where id = ?1",
            id,
        ),
    };
    let found: Option<(String, String, String)> =
        cx.conn.prepare_cached(sql)?.query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()?;
    let (number, contact, user_name) = found.unwrap_or_default();
    let value = |name: &str| match name {
        "number" => Some(number.clone()),
        "contact" => Some(contact.clone()),
        "user_name" => Some(user_name.clone()),
        "me" => Some(cx.actor.name.clone()),
        _ => None,
    };
    canned::fill(text, value)
        .map_err(|unfilled| Error::invalid(field, text, unfilled.to_string(), "Write it in your own words."))
}
