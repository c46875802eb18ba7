//! Staff and their roles (trust.md, Who is acting).

/// Adds a member of staff.
#[derive(Debug, Clone)]
pub struct AddStaff {
    /// The OS login, or the name in the forced command.
    pub login: String,
    /// Name to show.
    pub name: String,
    /// Where their mail goes.
    pub email: Option<String>,
    /// Role names.
    pub roles: Vec<String>,
    /// The same word for several logins of one natural person; none: the login.
    pub person: Option<String>,
    /// What more there is to say of them.
    pub traits: Traits,
}

/// What more there is to say of a member of staff; what is none stays, empty text clears.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traits {
    /// Login of their manager.
    pub manager: Option<String>,
    /// Own working hours, `mon-thu 08:00-16:00`; empty: the office's.
    pub hours: Option<String>,
    /// Their division.
    pub division: Option<String>,
    /// In which language mail reaches them: `de`.
    pub language: Option<String>,
    /// `daily`, or empty for no digest.
    pub digest: Option<String>,
}

/// Changes a member of staff; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct EditStaff {
    /// Who.
    pub login: String,
    /// New name.
    pub name: Option<String>,
    /// New address; empty: none.
    pub email: Option<String>,
    /// The same word for several logins of one natural person, so that four eyes are four eyes; empty: the login's own.
    pub person: Option<String>,
    /// Whether they may still act.
    pub active: Option<Active>,
    /// What more there is to say of them.
    pub traits: Traits,
}

/// Whether a member of staff may act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Active {
    /// Yes.
    Yes,
    /// They left; their name stays in history.
    No,
}

/// Gives a role.
#[derive(Debug, Clone)]
pub struct GrantRole {
    /// To whom.
    pub login: String,
    /// The role's name.
    pub role: String,
}

/// Takes a role.
#[derive(Debug, Clone)]
pub struct RevokeRole {
    /// From whom.
    pub login: String,
    /// The role's name.
    pub role: String,
}

mod deputy;
mod digest;
mod leaver;
mod queue;
mod role;
mod traits;

pub use deputy::{EndDeputy, Open, SetDeputy};
pub use digest::SendDigest;
pub use leaver::HandOver;
pub use queue::{AddToQueue, EditQueue, NewQueue, RemoveFromQueue};
pub use role::{GrantPermission, NewRole, RevokePermission};

use rusqlite::{OptionalExtension, params};

use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::query::staff as query;
use crate::domain::check::email::parse_email;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Permission;
use crate::domain::refusal::Refusal;
use crate::domain::staff::{Change, may_edit};
use crate::domain::workflow::Person;
use crate::domain::workflow::resolve::MISSING;

fn find(cx: &Cx<'_>, login: &str) -> Result<RecordRef> {
    let id = cx
        .conn
        .prepare_cached("select id from staff where login = ?1")?
        .query_row([login], |r| r.get(0))
        .optional()?
        .ok_or_else(|| Error::NotFound {
            what: format!("Staff “{login}”"),
            remedy: "See `countersign staff list`.".into(),
        })?;
    Ok(RecordRef::new(RecordKind::Staff, id, login))
}

/// Whom work would come to must be able to decide it; refused with what is missing.
fn may_decide(field: &str, person: Option<&Person>) -> Result<()> {
    match person {
        Some(person) if !person.decides => Err(Error::invalid(
            field,
            &person.login,
            format!("may not decide: {MISSING}"),
            format!(
                "Choose somebody else, or give them a role that has it: `countersign staff grant {} ROLE`.",
                person.login
            ),
        )),
        Some(_) | None => Ok(()),
    }
}

fn role(cx: &Cx<'_>, name: &str) -> Result<i64> {
    cx.conn
        .prepare_cached("select id from role where name = ?1")?
        .query_row([name], |r| r.get(0))
        .optional()?
        .ok_or_else(|| Error::NotFound {
            what: format!("Role “{name}”"),
            remedy: "See `countersign role list`.".into(),
        })
}

/// There must always be somebody who can let others in.
pub(in crate::desk) fn keep_an_administrator(cx: &Cx<'_>) -> Result<()> {
    let left: bool = cx.conn.query_row(
        "select exists (select 1 from staff s join staff_role sr on sr.staff_id = s.id
           join role_permission p on p.role_id = sr.role_id where s.active = 1 and p.permission = 'staff.manage')",
        [],
        |r| r.get(0),
    )?;
    if left {
        return Ok(());
    }
    Err(Error::Refused(Refusal::new(
        "last_administrator",
        "Nobody would be left who may manage staff.",
        "Give another active member of staff the administrator role first.",
    )))
}

/// Inserts a member of staff with roles; used by `init` too.
pub(in crate::desk) fn insert(cx: &Cx<'_>, new: &AddStaff) -> Result<RecordRef> {
    let login = new.login.trim();
    let usable = !login.is_empty()
        && login.chars().count() <= 64
        && login.chars().all(|c| c.is_ascii_alphanumeric() || "._-@".contains(c));
    if !usable {
        return Err(Error::invalid(
            "login",
            login,
            "is not usable as a login",
            "Use letters, digits, dots and hyphens.",
        ));
    }
    let taken: bool =
        cx.conn.query_row("select exists (select 1 from staff where login = ?1)", [login], |r| r.get(0))?;
    if taken {
        return Err(Error::invalid(
            "login",
            login,
            "is on the staff already",
            "Use `countersign staff edit` to change them.",
        ));
    }
    let email = address(new.email.as_deref())?.filter(|email| !email.is_empty());
    cx.conn
        .prepare_cached("insert into staff (created_at, updated_at, login, name, email, person) values (?1, ?1, ?2, ?3, ?4, ?5)")?
        .execute(params![cx.now, login, named(&new.name)?, email, new.person])?;
    let record = RecordRef::new(RecordKind::Staff, cx.conn.last_insert_rowid(), login);
    for name in &new.roles {
        let role = role(cx, name)?;
        cx.conn
            .prepare_cached(
                "insert into staff_role (staff_id, role_id) values (?1, ?2) on conflict do nothing",
            )?
            .execute([record.id, role])?;
    }
    Ok(record)
}

/// An address that mail can go to, by the same rule and in the same words as an applicant's; empty for none.
fn address(text: Option<&str>) -> Result<Option<String>> {
    let Some(text) = text.map(str::trim) else { return Ok(None) };
    if text.is_empty() {
        return Ok(Some(String::new()));
    }
    match parse_email(text) {
        Ok(_) => Ok(Some(text.to_owned())),
        Err(problem) => Err(Error::invalid("email", text, problem.to_string(), problem.remedy())),
    }
}

/// What somebody is called; it is stored as given, and may not be empty.
fn named(text: &str) -> Result<&str> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("name", "", "is empty", "Give the name as people write it."));
    }
    Ok(text)
}

impl AddStaff {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::StaffManage)?;
        let record = insert(cx, &self)?;
        traits::write(cx, record.id, &self.traits)?;
        let happened =
            Happened::new("staff_added", record).moved("none", "active").fact("roles", self.roles.join(", "));
        Ok(Done::audited(allowed, happened))
    }
}

impl EditStaff {
    /// Only what a person may say of themselves: in which language, and whether with a digest.
    fn is_personal(&self) -> bool {
        let Traits { manager, hours, division, language: _, digest: _ } = &self.traits;
        self.name.is_none()
            && self.email.is_none()
            && self.person.is_none()
            && self.active.is_none()
            && [manager, hours, division].into_iter().all(Option::is_none)
    }

    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let record = find(cx, &self.login)?;
        let change = if self.is_personal() { Change::Personal } else { Change::Office };
        let allowed = may_edit(cx.actor, record.id, change)?;
        traits::write(cx, record.id, &self.traits)?;
        let active = self.active.map(|a| a == Active::Yes);
        let (name, email) = (self.name.as_deref().map(named).transpose()?, address(self.email.as_deref())?);
        cx.conn
            .prepare_cached(
                "update staff set name = coalesce(?2, name), email = iif(?3 is null, email, nullif(?3, '')), active = coalesce(?4, active),
                   person = iif(?6 is null, person, nullif(?6, '')), version = version + 1, updated_at = ?5 where id = ?1",
            )?
            .execute(params![record.id, name, email, active, cx.now, self.person.as_deref().map(str::trim)])?;
        keep_an_administrator(cx)?;
        let mut done = Done::audited(allowed, Happened::new("staff_changed", record.clone()));
        if self.active == Some(Active::No) {
            let report = query::leaver(cx.conn, record.id, cx.now)?;
            for (title, names) in report.lines() {
                done = done.note(format!("{title}: {names}"));
            }
            if !report.is_empty() {
                done = done
                    .note(format!("`countersign staff leaver {} --move-to LOGIN` moves them", self.login));
            }
        }
        Ok(done)
    }
}

impl GrantRole {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::StaffManage)?;
        let record = find(cx, &self.login)?;
        let role = role(cx, &self.role)?;
        cx.conn
            .prepare_cached(
                "insert into staff_role (staff_id, role_id) values (?1, ?2) on conflict do nothing",
            )?
            .execute([record.id, role])?;
        Ok(Done::audited(allowed, Happened::new("role_granted", record).fact("role", self.role)))
    }
}

impl RevokeRole {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::StaffManage)?;
        let record = find(cx, &self.login)?;
        let role = role(cx, &self.role)?;
        let taken = cx
            .conn
            .prepare_cached("delete from staff_role where staff_id = ?1 and role_id = ?2")?
            .execute([record.id, role])?;
        if taken == 0 {
            return Err(Error::invalid(
                "role",
                &self.role,
                "was not given to them",
                "See `countersign staff list`.",
            ));
        }
        keep_an_administrator(cx)?;
        Ok(Done::audited(allowed, Happened::new("role_revoked", record).fact("role", self.role)))
    }
}
