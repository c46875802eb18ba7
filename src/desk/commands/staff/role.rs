//! Roles and what they permit; every permission is one of the table in `domain::permission`.

use rusqlite::params;

use super::{keep_an_administrator, role};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Permission;

/// Makes a role.
#[derive(Debug, Clone)]
pub struct NewRole {
    /// Its name, as rules have it.
    pub name: String,
    /// For people; none: the name.
    pub title: Option<String>,
    /// Permission names.
    pub permissions: Vec<String>,
}

/// Lets a role do more.
#[derive(Debug, Clone)]
pub struct GrantPermission {
    /// The role's name.
    pub role: String,
    /// The permission's name.
    pub permission: String,
}

/// Lets a role do less.
#[derive(Debug, Clone)]
pub struct RevokePermission {
    /// The role's name.
    pub role: String,
    /// The permission's name.
    pub permission: String,
}

/// A name of a role or queue, as rule files can write it.
pub(super) fn usable_name(field: &str, name: &str) -> Result<String> {
    let name = name.trim();
    let usable = !name.is_empty()
        && name.len() <= 40
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if usable {
        return Ok(name.to_owned());
    }
    Err(Error::invalid(
        field,
        name,
        "is not usable as a name",
        "Use at most 40 small letters, digits and underscores.",
    ))
}

fn permission(name: &str) -> Result<Permission> {
    Permission::parse(name.trim()).ok_or_else(|| {
        Error::invalid(
            "permission",
            name,
            "is no permission",
            "`countersign role list` shows those there are.",
        )
    })
}

impl NewRole {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::StaffManage)?;
        let name = usable_name("role", &self.name)?;
        let taken: bool =
            cx.conn.query_row("select exists (select 1 from role where name = ?1)", [&name], |r| r.get(0))?;
        if taken {
            return Err(Error::invalid("role", &name, "is there already", "Choose another name."));
        }
        let title = self.title.unwrap_or_else(|| name.clone());
        cx.conn
            .prepare_cached("insert into role (created_at, updated_at, name, title) values (?1, ?1, ?2, ?3)")?
            .execute(params![cx.now, name, title.trim()])?;
        let id = cx.conn.last_insert_rowid();
        for permission in &self.permissions {
            grant(cx, id, permission)?;
        }
        let happened = Happened::new("role_made", RecordRef::new(RecordKind::Role, id, name))
            .fact("permissions", self.permissions);
        Ok(Done::audited(allowed, happened))
    }
}

fn grant(cx: &Cx<'_>, role: i64, name: &str) -> Result<()> {
    cx.conn
        .prepare_cached(
            "insert into role_permission (role_id, permission) values (?1, ?2) on conflict do nothing",
        )?
        .execute(params![role, permission(name)?.as_str()])?;
    Ok(())
}

impl GrantPermission {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::StaffManage)?;
        let id = role(cx, &self.role)?;
        grant(cx, id, &self.permission)?;
        let record = RecordRef::new(RecordKind::Role, id, self.role);
        Ok(Done::audited(
            allowed,
            Happened::new("permission_granted", record).fact("permission", self.permission),
        ))
    }
}

impl RevokePermission {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::StaffManage)?;
        let id = role(cx, &self.role)?;
        let taken = cx
            .conn
            .prepare_cached("delete from role_permission where role_id = ?1 and permission = ?2")?
            .execute(params![id, permission(&self.permission)?.as_str()])?;
        if taken == 0 {
            let remedy = "See `countersign role show`.";
            return Err(Error::invalid("permission", &self.permission, "was not given to that role", remedy));
        }
        keep_an_administrator(cx)?;
        let record = RecordRef::new(RecordKind::Role, id, self.role);
        Ok(Done::audited(
            allowed,
            Happened::new("permission_revoked", record).fact("permission", self.permission),
        ))
    }
}
