//! The rows of a list as a plain filter and sort see them: the reference that pages are held against.

use std::borrow::Cow;

use countersign::desk::query::{SortValue, mail};
use countersign::domain::filter::{self, Cell};
use rusqlite::{Connection, Row};

/// One row as the plain list sees it.
pub struct Plain {
    pub id: i64,
    pub state: String,
    pub search: String,
    pub sorts: Vec<(&'static str, SortValue)>,
    pub cells: Vec<(&'static str, Cell<'static>)>,
    pub mine: bool,
}

impl filter::Subject for Plain {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.search)
    }

    fn cell(&self, field: &str) -> Cell<'_> {
        self.cells
            .iter()
            .find(|(n, _)| *n == field)
            .map(|(_, c)| c.clone())
            .unwrap_or_else(|| panic!("{field}"))
    }

    fn is_mine(&self) -> bool {
        self.mine
    }
}

fn text(r: &Row<'_>, column: &str) -> Cell<'static> {
    r.get::<_, Option<String>>(column).unwrap().map_or(Cell::Nothing, |t| Cell::Text(Cow::Owned(t)))
}

fn int(r: &Row<'_>, column: &str) -> i64 {
    r.get(column).unwrap()
}

fn key(r: &Row<'_>, column: &str) -> SortValue {
    SortValue::Text(r.get(column).unwrap())
}

fn person(conn: &Connection, id: Option<i64>, me: i64) -> Cell<'static> {
    let Some(id) = id else { return Cell::Nothing };
    let who: String =
        conn.query_row("select login || ' ' || name from staff where id = ?1", [id], |r| r.get(0)).unwrap();
    if id == me { Cell::Me(Cow::Owned(who)) } else { Cell::Person(Cow::Owned(who)) }
}

fn state(name: &str, states: &[&'static str]) -> Cell<'static> {
    Cell::State(states.iter().find(|s| **s == name).unwrap())
}

fn when(r: &Row<'_>, now: i64) -> [(&'static str, Cell<'static>); 2] {
    let at = int(r, "created_at");
    let day = chrono::DateTime::from_timestamp_millis(at).unwrap().with_timezone(&chrono::Local).date_naive();
    [("created", Cell::Day(day)), ("age", Cell::Age(now - at))]
}

pub fn signups(conn: &Connection, me: i64, now: i64) -> Vec<Plain> {
    const STATES: &[&str] =
        &["requested", "verified_by_user", "approved", "created", "rejected", "withdrawn", "expired"];
    let mut statement = conn
        .prepare("select *, company_key, coalesce(first_name || ' ', '') || last_name as contact, coalesce(duplicate_percent, -1) as dup, coalesce(assigned_to, 0) as owner from signup")
        .unwrap();
    let rows = statement.query_map([], |r| {
        let named: String = r.get("state")?;
        let assigned: Option<i64> = r.get("assigned_to")?;
        let mut cells = vec![
            ("number", text(r, "number")),
            ("company", text(r, "company")),
            ("contact", text(r, "contact")),
            ("email", text(r, "email")),
            ("phone", text(r, "phone")),
            ("city", text(r, "city")),
            ("country", text(r, "country")),
            ("language", text(r, "language")),
            ("tax_number", text(r, "tax_key")),
            ("message", text(r, "message")),
            ("source", text(r, "source")),
            ("duplicate", text(r, "duplicate")),
            ("reason_code", text(r, "reason_code")),
            ("state", state(&named, STATES)),
            ("assigned", person(conn, assigned, me)),
            ("checks", Cell::Number(int(r, "checks_good") as f64)),
        ];
        cells.extend(when(r, now));
        let id = int(r, "id");
        Ok(Plain {
            id,
            search: r.get("search")?,
            sorts: vec![
                ("number", SortValue::Int(id)),
                ("age", SortValue::Int(id)),
                ("company", key(r, "company_key")),
                ("contact", key(r, "contact_key")),
                ("email", key(r, "email_key")),
                ("checks", SortValue::Int(int(r, "checks_good"))),
                ("duplicate", SortValue::Int(int(r, "dup"))),
                ("assigned", SortValue::Int(int(r, "owner"))),
                ("state", SortValue::Text(named.clone())),
            ],
            cells,
            mine: assigned == Some(me),
            state: named,
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

pub fn customers(conn: &Connection, me: i64, now: i64) -> Vec<Plain> {
    let mut statement = conn.prepare("select * from customer").unwrap();
    let rows = statement.query_map([], |r| {
        let named: String = r.get("state")?;
        let (manager, rep): (Option<i64>, Option<i64>) =
            (r.get("account_manager_id")?, r.get("sales_rep_id")?);
        let mut cells = vec![
            ("number", text(r, "number")),
            ("name", text(r, "name")),
            ("email", text(r, "email")),
            ("phone", text(r, "phone")),
            ("city", text(r, "city")),
            ("country", text(r, "country")),
            ("tax_number", text(r, "tax_key")),
            ("group", text(r, "customer_group")),
            ("currency", text(r, "currency")),
            ("division", text(r, "division")),
            ("state", state(&named, &["active", "on_hold", "inactive"])),
            ("account_manager", person(conn, manager, me)),
        ];
        cells.extend(when(r, now));
        let id = int(r, "id");
        Ok(Plain {
            id,
            search: r.get("search")?,
            sorts: vec![
                ("number", SortValue::Int(id)),
                ("name", key(r, "name_key")),
                ("city", key(r, "city_key")),
                ("country", key(r, "country_key")),
            ],
            cells,
            mine: manager == Some(me) || rep == Some(me),
            state: named,
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

pub fn mails(conn: &Connection, _me: i64, now: i64) -> Vec<Plain> {
    let mut statement = conn.prepare("select *, coalesce(record, '') as of from outbox").unwrap();
    let rows = statement.query_map([], |r| {
        let named: String = r.get("state")?;
        let get = |c: &str| r.get::<_, String>(c).unwrap();
        let mut cells = vec![
            ("to", text(r, "to_address")),
            ("subject", text(r, "subject")),
            ("event", text(r, "event")),
            ("record", text(r, "record")),
            ("state", state(&named, mail::STATES)),
        ];
        cells.extend(when(r, now));
        let id = int(r, "id");
        Ok(Plain {
            id,
            search: format!("m {id} {} {} {} {}", get("to_address"), get("subject"), get("event"), get("of")),
            sorts: vec![("number", SortValue::Int(id))],
            cells,
            mine: false,
            state: named,
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}
