//! Portal users as lists and record views show them; nothing secret is read here.

use rusqlite::{Connection, OptionalExtension, Row};

use crate::desk::error::{Error, Result};

/// A portal user; never a secret.
#[derive(Debug, Clone, PartialEq)]
pub struct PortalUserRow {
    /// Row id.
    pub id: i64,
    /// Row version.
    pub version: i64,
    /// The user name.
    pub user_name: String,
    /// Contact number.
    pub contact: String,
    /// Role.
    pub role: String,
    /// How they log on.
    pub authentication: String,
    /// `active` or `inactive`.
    pub state: String,
    /// The user request that made it.
    pub user_request: Option<String>,
    /// Until when the last link or temporary password is good: “24 h from the moment the mail is accepted”.
    pub logon: Option<String>,
    /// When made.
    pub created_at: i64,
    /// Last change.
    pub updated_at: i64,
}

const USER_COLUMNS: &str = "select p.id, p.version, p.user_name, k.number, p.role, p.authentication, p.state, u.number,
    p.password_expires_at, l.valid_hours, o.sent_at, l.used_at, l.revoked_at, p.created_at, p.updated_at
  from portal_user p join contact k on k.id = p.contact_id left join user_request u on u.id = p.user_request_id
  left join logon_token l on l.id = (select max(id) from logon_token where portal_user_id = p.id)
  left join outbox o on o.message_id = l.message_id";

fn user_row(r: &Row<'_>) -> rusqlite::Result<PortalUserRow> {
    use crate::domain::date::to_rfc3339;
    let (expires, hours): (Option<i64>, Option<i64>) = (r.get(8)?, r.get(9)?);
    let (sent, used, revoked): (Option<i64>, Option<i64>, Option<i64>) = (r.get(10)?, r.get(11)?, r.get(12)?);
    let logon = match (expires, hours) {
        (Some(at), _) => Some(format!("temporary password until {}", to_rfc3339(at))),
        (None, Some(_)) if used.is_some() => Some("link used".to_owned()),
        (None, Some(_)) if revoked.is_some() => Some("link revoked".to_owned()),
        (None, Some(hours)) => Some(match sent {
            Some(at) => format!("link until {}", to_rfc3339(at + hours * 3_600_000)),
            None => format!("link for {hours} h from the moment the mail is accepted"),
        }),
        (None, None) => None,
    };
    Ok(PortalUserRow {
        id: r.get(0)?,
        version: r.get(1)?,
        user_name: r.get(2)?,
        contact: r.get(3)?,
        role: r.get(4)?,
        authentication: r.get(5)?,
        state: r.get(6)?,
        user_request: r.get(7)?,
        logon,
        created_at: r.get(13)?,
        updated_at: r.get(14)?,
    })
}

/// Portal users in the order of their making.
pub(in crate::desk) fn portal_users(
    conn: &Connection,
    after: i64,
    limit: usize,
) -> Result<Vec<PortalUserRow>> {
    let sql = format!("{USER_COLUMNS} where p.id > ?1 order by p.id limit ?2");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows =
        conn.prepare_cached(&sql)?.query_map([after, limit], user_row)?.collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// One portal user.
pub(in crate::desk) fn portal_user(conn: &Connection, user_name: &str) -> Result<PortalUserRow> {
    let sql = format!("{USER_COLUMNS} where p.user_name_key = lower(?1)");
    let found = conn.prepare_cached(&sql)?.query_row([user_name], user_row).optional()?;
    found.ok_or_else(|| Error::not_found(format!("Portal user “{user_name}”")))
}
