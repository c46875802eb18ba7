//! Staff and roles as lists show them.

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// Row id.
    pub id: i64,
    /// Row version.
    pub version: i64,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Where their mail goes.
    pub email: Option<String>,
    /// Whether they may act.
    pub active: bool,
    /// The natural person behind the login.
    pub person: String,
    /// Role names.
    pub roles: Vec<String>,
    /// Login of their manager.
    pub manager: Option<String>,
    /// Own working hours; none: the office's.
    pub hours: Option<String>,
    /// Their division.
    pub division: Option<String>,
    /// In which language mail reaches them.
    pub language: String,
    /// `daily`, where they want the digest.
    pub digest: Option<String>,
    /// Login of who stands in for them now; of several documents the first.
    pub deputy: Option<String>,
    /// When they are back; none: they are here, or nobody knows.
    pub back_at: Option<i64>,
    /// Open items that wait for them.
    pub open: i64,
    /// Of these, past their due time.
    pub late: i64,
    /// Since when the oldest of them waits.
    pub oldest: Option<i64>,
    /// When added.
    pub created_at: i64,
    /// Last change.
    pub updated_at: i64,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    /// Name.
    pub name: String,
    /// Title.
    pub title: String,
    /// Permission names.
    pub permissions: Vec<String>,
    /// Logins that have it.
    pub staff: Vec<String>,
}

mod deputy;
mod leaver;
mod queue;

pub use deputy::DeputyRow;
pub(in crate::desk) use deputy::{absences, all as deputies, one as deputy};
pub use leaver::LeaverRow;
pub(in crate::desk) use leaver::{all as leavers, report as leaver};
pub use queue::QueueRow;
pub(in crate::desk) use queue::all as queues;

use rusqlite::{Connection, OptionalExtension};

use crate::desk::error::{Error, Result};
use crate::domain::permission::{Actor, How, Permission, Who};
use crate::domain::refusal::Refusal;

fn list(conn: &Connection, sql: &str, key: &dyn rusqlite::ToSql) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([key], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

const ROLES_OF: &str =
    "select r.name from staff_role sr join role r on r.id = sr.role_id where sr.staff_id = ?1 order by r.id";

/// The actor for a login.
pub(in crate::desk) fn actor(conn: &Connection, login: &str, how: How) -> Result<Actor> {
    let found: Option<(i64, String, bool, String)> = conn
        .prepare_cached("select id, name, active, coalesce(person, login) from staff where login = ?1")?
        .query_row([login], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
        .optional()?;
    let refuse = |rule, message: String| {
        Error::Refused(Refusal::new(
            rule,
            message,
            "Ask an administrator: `countersign staff new` or `staff edit`.",
        ))
    };
    match found {
        None => Err(refuse("not_on_staff", format!("“{login}” is not on the staff of this office."))),
        Some((_, name, false, _)) => Err(refuse("inactive", format!("{name} ({login}) is inactive."))),
        Some((id, name, true, person)) => {
            let names = list(
                conn,
                "select distinct p.permission from staff_role sr join role_permission p on p.role_id = sr.role_id where sr.staff_id = ?1",
                &id,
            )?;
            Ok(Actor {
                who: Who::Staff(id),
                login: login.to_owned(),
                name,
                real: None,
                how,
                roles: list(conn, ROLES_OF, &id)?,
                person,
                permissions: names.iter().filter_map(|n| Permission::parse(n)).collect(),
            })
        }
    }
}

/// The actor as they are now: who left, or lost a role since they logged in, may no longer use it. Read in the
/// transaction of the command, so that nobody is faster.
pub(in crate::desk) fn still(conn: &Connection, given: &Actor) -> Result<Actor> {
    let mut now = given.clone();
    match (&given.who, &given.real) {
        (Who::Staff(_), _) => {
            let known = actor(conn, &given.login, given.how)?;
            (now.who, now.person) = (known.who, known.person);
            (now.permissions, now.roles) = (known.permissions, known.roles);
        }
        // The applicant's words need a carrier who may hand them in.
        (Who::Applicant, Some(carrier)) => {
            now.permissions = actor(conn, carrier, given.how)?.permissions.only(Permission::SignupSubmit);
        }
        (Who::Applicant, None) | (Who::Clock, _) => {}
    }
    Ok(now)
}

/// All staff by login, as things stand at `now`.
pub(in crate::desk) fn all(conn: &Connection, now: i64) -> Result<Vec<StaffRow>> {
    let mut statement = conn.prepare_cached(
        "select s.id, s.version, s.login, s.name, s.email, s.active, coalesce(s.person, s.login), m.login, s.hours, s.division, s.language,
           s.digest, t.login, d.ends_at,
           (select count(*) from work_item i where i.assigned_id = s.id and i.state = 'open'), s.created_at, s.updated_at,
           (select count(*) from work_item i where i.assigned_id = s.id and i.state = 'open' and i.due_at <= ?1),
           (select min(i.created_at) from work_item i where i.assigned_id = s.id and i.state = 'open')
         from staff s left join staff m on m.id = s.manager_id
         left join deputy d on d.id = (select x.id from deputy x where x.staff_id = s.id and x.state = 'active' and x.starts_at <= ?1
           and (x.ends_at is null or x.ends_at > ?1) order by x.document is not null, x.starts_at desc, x.id desc limit 1)
         left join staff t on t.id = d.deputy_id order by s.login",
    )?;
    let mut rows: Vec<StaffRow> = statement
        .query_map([now], |r| {
            Ok(StaffRow {
                id: r.get(0)?,
                version: r.get(1)?,
                login: r.get(2)?,
                name: r.get(3)?,
                email: r.get(4)?,
                active: r.get(5)?,
                person: r.get(6)?,
                roles: Vec::new(),
                manager: r.get(7)?,
                hours: r.get(8)?,
                division: r.get(9)?,
                language: r.get(10)?,
                digest: r.get(11)?,
                deputy: r.get(12)?,
                back_at: r.get(13)?,
                open: r.get(14)?,
                created_at: r.get(15)?,
                updated_at: r.get(16)?,
                late: r.get(17)?,
                oldest: r.get(18)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    for row in &mut rows {
        row.roles = list(conn, ROLES_OF, &row.id)?;
    }
    Ok(rows)
}

/// All roles.
pub(in crate::desk) fn roles(conn: &Connection) -> Result<Vec<RoleRow>> {
    let mut statement = conn.prepare_cached("select id, name, title from role order by id")?;
    let rows: Vec<(i64, String, String)> = statement
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    rows.into_iter()
        .map(|(id, name, title)| {
            Ok(RoleRow {
                permissions: list(conn, "select permission from role_permission where role_id = ?1 order by permission", &id)?,
                staff: list(
                    conn,
                    "select s.login from staff_role sr join staff s on s.id = sr.staff_id where sr.role_id = ?1 order by s.login",
                    &id,
                )?,
                name,
                title,
            })
        })
        .collect()
}
