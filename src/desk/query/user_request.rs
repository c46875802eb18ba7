//! User requests as lists and details show them.

mod card;
mod origin;
mod past;
mod similar;

pub(in crate::desk) use card::card;
pub use card::{QuestionLine, TurnLine, UserRequestCard};
pub use origin::{Current, Origin};
pub use past::PastLine;
pub use similar::SimilarLine;

use crate::desk::query::{Key, Keyed};

/// A user request.
#[derive(Debug, Clone, PartialEq)]
pub struct UserRequestRow {
    /// Where it stands.
    pub key: Key,
    /// `UR-000001`.
    pub number: String,
    /// Row version.
    pub version: i64,
    /// State, stable name.
    pub state: String,
    /// `customer`.
    pub kind: String,
    /// `add`, ….
    pub action: String,
    /// Contact number.
    pub contact: String,
    /// The contact's name.
    pub contact_name: String,
    /// The customer's name.
    pub customer_name: Option<String>,
    /// Why it is asked for.
    pub justification: Option<String>,
    /// Why it came back: what should be changed, why it was rejected or recalled.
    pub change_note: Option<String>,
    /// Who has an open turn on it.
    pub waits_for: Option<String>,
    /// How the office's portal follows: `held`, `waiting`, `running`, `done`, `failed`, `cancelled`; none: not told.
    pub hook: Option<String>,
    /// How the portal's program failed last.
    pub hook_error: Option<String>,
    /// Customer number.
    pub customer: Option<String>,
    /// Sign-up number.
    pub signup: Option<String>,
    /// Portal role.
    pub role: String,
    /// Who is told.
    pub email: String,
    /// Authentication method.
    pub authentication: String,
    /// User name.
    pub user_name: String,
    /// Login of who asked.
    pub originator: Option<String>,
    /// Why it waits: “no rule set is active”.
    pub waiting_reason: Option<String>,
    /// Why provisioning failed.
    pub failure: Option<String>,
    /// Which rule carried it out.
    pub rule: Option<String>,
    /// When submitted.
    pub submitted_at: Option<i64>,
    /// When completed.
    pub completed_at: Option<i64>,
    /// When made.
    pub created_at: i64,
    /// Last change.
    pub updated_at: i64,
}

impl Keyed for UserRequestRow {
    fn key(&self) -> &Key {
        &self.key
    }
}

use rusqlite::{Connection, OptionalExtension, Row};

use super::sql::{Column, ColumnKind, ListSpec};
use crate::desk::error::{Error, Result};
use crate::domain::filter::{FieldDef, FieldSet, Kind};

const STATES: &[&str] = &[
    "draft",
    "submitted",
    "pending_approval",
    "approved",
    "pending_completion",
    "completed",
    "rejected",
    "canceled",
];

/// What the list can be filtered by. `mine` is: the reader is the originator.
#[rustfmt::skip]
pub static FILTER: FieldSet = FieldSet {
    fields: &[
        FieldDef { name: "number",    aliases: &["no"],         kind: Kind::Text },
        FieldDef { name: "user_name", aliases: &["user"],       kind: Kind::Text },
        FieldDef { name: "email",     aliases: &["mail"],       kind: Kind::Text },
        FieldDef { name: "action",    aliases: &[],             kind: Kind::Text },
        FieldDef { name: "type",      aliases: &["kind"],       kind: Kind::Text },
        FieldDef { name: "contact",   aliases: &[],             kind: Kind::Text },
        FieldDef { name: "customer",  aliases: &[],             kind: Kind::Text },
        FieldDef { name: "role",      aliases: &[],             kind: Kind::Text },
        FieldDef { name: "state",     aliases: &["status"],     kind: Kind::State(STATES) },
        FieldDef { name: "created",   aliases: &["created_at"], kind: Kind::Date },
        FieldDef { name: "age",       aliases: &[],             kind: Kind::Age },
    ],
    today: Some("created"),
};

/// The columns the list can be sorted by.
pub const SORTS: &[&str] = &["number", "age", "user_name", "state"];

#[rustfmt::skip]
pub(in crate::desk) static LIST: ListSpec<UserRequestRow> = ListSpec {
    table: "user_request",
    joins: "join contact k on k.id = t.contact_id left join customer c on c.id = t.customer_id left join signup s on s.id = t.signup_id
            left join staff o on o.id = t.originator_id",
    columns: "t.number, t.version, t.state, t.type, t.action, k.number, c.number, s.number, t.role, t.email, t.authentication, t.user_name, o.login,
              t.waiting_reason, t.failure, t.rule, t.submitted_at, t.completed_at, t.created_at, t.updated_at,
              coalesce(k.first_name || ' ', '') || k.last_name, c.name, t.justification, t.change_note,
              (select group_concat(coalesce(a.login, 'role ' || r.name, 'queue ' || q.name), ', ') from work_item i
                 left join staff a on a.id = i.assigned_id left join role r on r.id = i.role_id left join queue q on q.id = i.queue_id
                 where i.document = 'user_request' and i.document_id = t.id and i.state = 'open'),
              (select e.state from provision_event e where e.user_request_id = t.id order by e.id desc limit 1),
              (select e.last_error from provision_event e where e.user_request_id = t.id order by e.id desc limit 1)",
    search: "t.search",
    fts: None,
    sorts: &[("number", "t.id"), ("age", "t.id"), ("user_name", "lower(t.user_name)"), ("state", "t.state")],
    fields: &[
        Column { field: "number",    expr: "t.number",     kind: ColumnKind::Stored },
        Column { field: "user_name", expr: "t.user_name",  kind: ColumnKind::Stored },
        Column { field: "email",     expr: "t.email",      kind: ColumnKind::Stored },
        Column { field: "action",    expr: "t.action",     kind: ColumnKind::Stored },
        Column { field: "type",      expr: "t.type",       kind: ColumnKind::Stored },
        Column { field: "contact",   expr: "k.number",     kind: ColumnKind::Stored },
        Column { field: "customer",  expr: "c.number",     kind: ColumnKind::Stored },
        Column { field: "role",      expr: "t.role",       kind: ColumnKind::Stored },
        Column { field: "state",     expr: "t.state",      kind: ColumnKind::State },
        Column { field: "created",   expr: "t.created_at", kind: ColumnKind::Time },
        Column { field: "age",       expr: "t.created_at", kind: ColumnKind::Time },
    ],
    mine: "t.originator_id = ?",
    from_row,
};

fn from_row(r: &Row<'_>, key: Key) -> rusqlite::Result<UserRequestRow> {
    Ok(UserRequestRow {
        key,
        number: r.get(2)?,
        version: r.get(3)?,
        state: r.get(4)?,
        kind: r.get(5)?,
        action: r.get(6)?,
        contact: r.get(7)?,
        customer: r.get(8)?,
        signup: r.get(9)?,
        role: r.get(10)?,
        email: r.get(11)?,
        authentication: r.get(12)?,
        user_name: r.get(13)?,
        originator: r.get(14)?,
        waiting_reason: r.get(15)?,
        failure: r.get(16)?,
        rule: r.get(17)?,
        submitted_at: r.get(18)?,
        completed_at: r.get(19)?,
        created_at: r.get(20)?,
        updated_at: r.get(21)?,
        contact_name: r.get(22)?,
        customer_name: r.get(23)?,
        justification: r.get(24)?,
        change_note: r.get(25)?,
        waits_for: r.get(26)?,
        hook: r.get(27)?,
        hook_error: r.get(28)?,
    })
}

/// How many need a person: a task failed, or the office's portal could not be told.
pub(in crate::desk) fn failed(conn: &Connection) -> Result<i64> {
    Ok(conn
        .prepare_cached(
            "select (select count(*) from user_request where state = 'pending_completion' and failure is not null)
               + (select count(distinct user_request_id) from provision_event where state = 'failed')",
        )?
        .query_row([], |r| r.get(0))?)
}

/// One user request.
pub(in crate::desk) fn one(conn: &Connection, id: i64) -> Result<UserRequestRow> {
    let sql =
        format!("select t.id, t.id, {} from user_request t {} where t.id = ?1", LIST.columns, LIST.joins);
    let found = conn
        .prepare_cached(&sql)?
        .query_row([id], |r| from_row(r, Key { value: super::SortValue::Int(id), id }))
        .optional()?;
    found.ok_or_else(|| Error::not_found(format!("User request with id {id}")))
}
