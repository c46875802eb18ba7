//! What a decision on a user request rests on: how its sign-up was verified and checked, and what the portal user is now.

use rusqlite::{Connection, OptionalExtension};

use crate::desk::error::Result;
use crate::desk::query::signup::{CheckRow, checks};

/// The sign-up that a request or its contact came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Its number.
    pub number: String,
    /// `code` or `phone`; none: approved by override, without verification.
    pub verified_how: Option<String>,
    /// When.
    pub verified_at: Option<i64>,
    /// Login of who rang.
    pub verified_by: Option<String>,
    /// What they wrote of it.
    pub verify_note: Option<String>,
    /// Login of who approved the sign-up.
    pub approved_by: Option<String>,
    /// Its checks, as they were stored.
    pub checks: Vec<CheckRow>,
    /// The best possible duplicate that was found, with its probability in per cent.
    pub duplicate: Option<(String, i64)>,
}

/// The portal user that a request would change, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    /// `active` or `inactive`.
    pub state: String,
    /// Portal role.
    pub role: String,
    /// How they log on.
    pub authentication: String,
}

/// The sign-up of a user request: its own, else the one that its contact came from.
pub(super) fn origin(conn: &Connection, request: i64) -> Result<Option<Origin>> {
    let found = conn
        .prepare_cached(
            "select s.id, s.number, s.verified_how, s.verified_at, v.login, s.verify_note, d.login, s.duplicate, s.duplicate_percent
             from user_request u join signup s on s.id =
               coalesce(u.signup_id, (select max(k.id) from signup k where k.contact_id = u.contact_id))
             left join staff v on v.id = s.verified_by left join staff d on d.id = s.decided_by where u.id = ?1",
        )?
        .query_row([request], |r| {
            let duplicate: Option<String> = r.get(7)?;
            let origin = Origin {
                number: r.get(1)?,
                verified_how: r.get(2)?,
                verified_at: r.get(3)?,
                verified_by: r.get(4)?,
                verify_note: r.get(5)?,
                approved_by: r.get(6)?,
                checks: Vec::new(),
                duplicate: duplicate.zip(r.get(8)?),
            };
            Ok((r.get::<_, i64>(0)?, origin))
        })
        .optional()?;
    let Some((signup, mut origin)) = found else { return Ok(None) };
    origin.checks = checks(conn, signup)?;
    Ok(Some(origin))
}

/// The portal user of its contact by the name that it asks for.
pub(super) fn current(conn: &Connection, request: i64) -> Result<Option<Current>> {
    Ok(conn
        .prepare_cached(
            "select p.state, p.role, p.authentication from user_request u
             join portal_user p on p.contact_id = u.contact_id and p.user_name = u.user_name where u.id = ?1",
        )?
        .query_row([request], |r| {
            Ok(Current { state: r.get(0)?, role: r.get(1)?, authentication: r.get(2)? })
        })
        .optional()?)
}

/// The address that its contact is known by.
pub(super) fn contact_email(conn: &Connection, request: i64) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached(
            "select k.email from user_request u join contact k on k.id = u.contact_id where u.id = ?1",
        )?
        .query_row([request], |r| r.get(0))
        .optional()?
        .flatten())
}
