//! What workflows know of a user request: its values for conditions, its parties, whom four eyes bars, and what a
//! letter or a card says of it.

use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::{Map, Value, json};

use crate::desk::error::{Error, Result};
use crate::domain::date::to_rfc3339;
use crate::domain::refusal::Refusal;
use crate::domain::user_request::Action;
use crate::domain::workflow::machine::Since;
use crate::domain::workflow::resolve::Parties;

/// What is said of a user request in letters and on cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// `add portal user ana.lima`.
    pub title: String,
    /// Number and name of the customer.
    pub customer: String,
    /// Field and value, a line each; old → new where there is an old one.
    pub table: String,
    /// The same as pairs: field, old, new.
    pub rows: Vec<(&'static str, Option<String>, String)>,
    /// Since when it waits.
    pub since: i64,
}

/// Its number.
pub fn number(conn: &Connection, id: i64) -> Result<String> {
    let found = conn
        .prepare_cached("select number from user_request where id = ?1")?
        .query_row([id], |r| r.get(0))
        .optional()?;
    found.ok_or_else(|| Error::not_found(format!("User request with id {id}")))
}

/// Its number and state.
pub fn standing(conn: &Connection, id: i64) -> Result<(String, String)> {
    let found = conn
        .prepare_cached("select number, state from user_request where id = ?1")?
        .query_row([id], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    found.ok_or_else(|| Error::not_found(format!("User request with id {id}")))
}

/// The fields that whoever asked may change.
pub fn fields(conn: &Connection, id: i64) -> Result<Vec<&'static str>> {
    let action: String = conn
        .prepare_cached("select action from user_request where id = ?1")?
        .query_row([id], |r| r.get(0))?;
    Ok(Action::parse(&action).map(Action::fields).unwrap_or_default())
}

/// Whether it may be deleted: it is a draft that was never decided and that nothing came from. A recalled one may.
pub fn may_be_deleted(conn: &Connection, id: i64) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "select not exists (select 1 from workflow_instance where document = 'user_request' and document_id = ?1 and state <> 'recalled')
               and not exists (select 1 from portal_user where user_request_id = ?1)
               and not exists (select 1 from provision_event where user_request_id = ?1)
               and (select signup_id is null from user_request where id = ?1)",
        )?
        .query_row([id], |r| r.get(0))?)
}

/// The refusal of what may not be deleted.
pub fn in_use(number: &str) -> Refusal {
    Refusal::new(
        "in_use",
        format!(
            "{number} was decided before or waits for a change, or a sign-up led to it; it stays for the record."
        ),
        "Recall it if it waits for a change, then cancel it.",
    )
}

/// The refusal while no workflow takes anything.
pub fn no_rule_set(number: &str) -> Refusal {
    Refusal::new(
        "no_rule_set",
        format!("{number} cannot be submitted: no rule set for user requests is active."),
        "Set workflow.enabled, then submit it.",
    )
}

/// Natural persons who may not decide it: who made, edited or submitted it (trust.md, four eyes).
pub fn barred(conn: &Connection, id: i64) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(
        "select coalesce(s.person, s.login) from staff s where s.id in (
           select originator_id from user_request where id = ?1
           union select last_edited_by from user_request where id = ?1
           union select actor_id from history where record_kind = 'user_request' and record_id = ?1 and undone_by is null
             and kind in ('user_request_made', 'user_request_changed', 'user_request_submitted'))",
    )?;
    let rows = statement.query_map([id], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// What is decided on: whoever approved one thing has not approved another.
const DECIDED_ON: [&str; 8] =
    ["type", "action", "contact_id", "customer_id", "role", "email", "authentication", "user_name"];

/// Whether anything that is decided on differs from what it was when a change was asked for last.
pub fn since_change_request(conn: &Connection, id: i64) -> Result<Since> {
    let columns = DECIDED_ON.map(|column| format!("'{column}', u.{column}")).join(", ");
    let found: Option<(Option<String>, String)> = conn
        .prepare_cached(&format!(
            "select (select r.before from history_row r where r.tbl = 'user_request' and r.row_id = u.id and r.entry_id > (
                 select max(h.id) from history h where h.record_kind = 'user_request' and h.record_id = u.id
                   and h.kind = 'change_requested' and h.undone_by is null)
               order by r.id limit 1), json_object({columns})
             from user_request u where u.id = ?1"
        ))?
        .query_row([id], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let same = match found {
        // Nothing was written since: nothing has changed.
        None | Some((None, _)) => true,
        Some((Some(then), now)) => {
            let (then, now) = (parsed(&then), parsed(&now));
            DECIDED_ON.into_iter().all(|column| then[column] == now[column])
        }
    };
    Ok(if same { Since::TheSame } else { Since::Changed })
}

/// Who plays which part.
pub fn parties(conn: &Connection, id: i64) -> Result<Parties> {
    Ok(conn
        .prepare_cached(
            "select u.originator_id, c.account_manager_id, c.sales_rep_id
             from user_request u left join customer c on c.id = u.customer_id where u.id = ?1",
        )?
        .query_row([id], |r| {
            Ok(Parties { originator: r.get(0)?, account_manager: r.get(1)?, sales_rep: r.get(2)? })
        })?)
}

/// Its values as conditions see them; what is not here is filled in as null (`domain::workflow::vocabulary`).
pub fn values(conn: &Connection, id: i64) -> Result<Value> {
    let (request, signup, customer, originator) = conn
        .prepare_cached(
            "select u.number, u.type, u.action, u.role, u.email, u.authentication, u.user_name, coalesce(s.number, k.number), u.justification,
               u.created_at, u.submitted_at, k.number, trim(coalesce(k.first_name, '') || ' ' || k.last_name), u.signup_id, u.customer_id, u.originator_id
             from user_request u join contact k on k.id = u.contact_id left join signup s on s.id = u.signup_id where u.id = ?1",
        )?
        .query_row([id], |r| Ok((request(r)?, r.get(13)?, r.get(14)?, r.get(15)?)))?;
    let mut all = Map::new();
    all.insert("user_request".into(), request);
    for (name, table, key) in [
        ("signup", "signup", signup),
        ("customer", "customer", customer),
        ("originator", "staff", originator),
    ] {
        let key: Option<i64> = key;
        if let Some(key) = key {
            all.insert(name.into(), row(conn, table, key)?);
        }
    }
    Ok(Value::Object(all))
}

fn request(r: &Row<'_>) -> rusqlite::Result<Value> {
    let text = |i: usize| r.get::<_, Option<String>>(i);
    let time = |i: usize| r.get::<_, Option<i64>>(i).map(|at| at.map(to_rfc3339));
    Ok(json!({
        "number": text(0)?, "type": text(1)?, "action": text(2)?, "role": text(3)?, "email": text(4)?,
        "authentication": text(5)?, "user_name": text(6)?, "origin": text(7)?, "justification": text(8)?,
        "created_at": time(9)?, "submitted_at": time(10)?, "contact": text(11)?, "contact_name": text(12)?,
    }))
}

/// Every column of a row that a condition may ask for, by its name. Amounts are numbers there.
fn row(conn: &Connection, table: &str, id: i64) -> Result<Value> {
    let extra = if table == "staff" {
        ", (select login from staff m where m.id = t.manager_id) as manager"
    } else {
        ""
    };
    let mut statement = conn.prepare_cached(&format!("select t.*{extra} from {table} t where t.id = ?1"))?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else { return Ok(Value::Null) };
    let mut map = Map::new();
    for (i, name) in names.iter().enumerate() {
        let value = match row.get_ref(i)? {
            rusqlite::types::ValueRef::Null | rusqlite::types::ValueRef::Blob(_) => Value::Null,
            rusqlite::types::ValueRef::Integer(n) => json!(n),
            rusqlite::types::ValueRef::Real(n) => json!(n),
            rusqlite::types::ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
        };
        map.insert(name.clone(), value);
    }
    Ok(Value::Object(map))
}

/// What is said of it.
pub fn summary(conn: &Connection, id: i64) -> Result<Summary> {
    let found = conn
        .prepare_cached(
            "select u.action, u.user_name, c.number, c.name, u.role, u.email, u.authentication, u.justification, p.role, p.state,
               coalesce(u.submitted_at, u.created_at), trim(coalesce(k.first_name, '') || ' ' || k.last_name), u.type, p.authentication
             from user_request u join contact k on k.id = u.contact_id left join customer c on c.id = u.customer_id
             left join portal_user p on p.id = u.portal_user_id where u.id = ?1",
        )?
        .query_row([id], |r| {
            let text = |i: usize| r.get::<_, Option<String>>(i);
            let action: String = r.get(0)?;
            let word = Action::parse(&action).map_or(action.clone(), |a| a.title().to_owned());
            let user: String = r.get(1)?;
            let old = |value: Option<String>, new: &str| value.filter(|v| action != "add" && v != new);
            // What the action leaves alone is what the portal user has now, whatever was noted when it was asked for.
            let asks = |gives: fn(Action) -> bool| Action::parse(&action).is_none_or(gives);
            let (role, authentication): (String, String) = (r.get(4)?, r.get(6)?);
            let role = if asks(Action::gives_role) { role } else { text(8)?.unwrap_or(role) };
            let authentication =
                if asks(Action::gives_logon) { authentication } else { text(13)?.unwrap_or(authentication) };
            let mut rows = vec![
                ("Contact", None, r.get::<_, String>(11)?),
                ("User name", None, user.clone()),
                ("Role", old(text(8)?, &role), role),
                ("Logon by", old(text(13)?, &authentication), authentication.replace('_', " ")),
                ("E-mail", None, r.get(5)?),
            ];
            if action == "inactivate" || action == "reactivate" {
                let to = if action == "inactivate" { "inactive" } else { "active" };
                rows.push(("State", text(9)?, to.to_owned()));
            }
            if let Some(why) = text(7)? {
                rows.push(("Justification", None, why));
            }
            let customer = [text(2)?, text(3)?].into_iter().flatten().collect::<Vec<_>>().join(" ");
            Ok(Summary {
                title: format!("{word} {} user {user}", if r.get::<_, String>(12)? == "worker" { "worker" } else { "portal" }),
                customer,
                table: lines(&rows),
                rows,
                since: r.get(10)?,
            })
        })
        .optional()?;
    found.ok_or_else(|| Error::not_found(format!("User request with id {id}")))
}

fn lines(rows: &[(&str, Option<String>, String)]) -> String {
    let line = |(field, old, new): &(&str, Option<String>, String)| match old {
        Some(old) => format!("{field}: {old} -> {new}"),
        None => format!("{field}: {new}"),
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}
