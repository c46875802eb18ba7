//! Contacts as lists and record views show them.

use rusqlite::{Connection, OptionalExtension, Row};

use super::sql::{Column, ColumnKind, ListSpec};
use crate::desk::error::{Error, Result};
use crate::desk::query::{Key, Keyed};
use crate::domain::filter::{FieldDef, FieldSet, Kind};

const fn field(name: &'static str, aliases: &'static [&'static str], kind: Kind) -> FieldDef {
    FieldDef { name, aliases, kind }
}

/// A contact.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactRow {
    /// Where it stands.
    pub key: Key,
    /// `CON-000001`.
    pub number: String,
    /// Row version.
    pub version: i64,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: String,
    /// Title.
    pub job_title: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Language.
    pub language: Option<String>,
    /// `active` or `inactive`.
    pub state: String,
    /// Customers the person is contact of: number and role there.
    pub customers: Vec<(String, Option<String>)>,
    /// User name of the portal user, if there is one.
    pub portal_user: Option<String>,
    /// When made.
    pub created_at: i64,
    /// Last change.
    pub updated_at: i64,
}

impl Keyed for ContactRow {
    fn key(&self) -> &Key {
        &self.key
    }
}

/// What the contact list can be filtered by.
#[rustfmt::skip]
pub static CONTACT_FILTER: FieldSet = FieldSet {
    fields: &[
        field("number", &["no"],     Kind::Text),
        field("name",   &["person"], Kind::Text),
        field("email",  &["mail"],   Kind::Text),
        field("phone",  &["tel"],    Kind::Text),
        field("state",  &["status"], Kind::State(&["active", "inactive"])),
    ],
    today: None,
};

/// The columns the contact list can be sorted by.
pub const CONTACT_SORTS: &[&str] = &["number", "name"];

#[rustfmt::skip]
pub(in crate::desk) static CONTACTS: ListSpec<ContactRow> = ListSpec {
    table: "contact",
    joins: "",
    columns: "t.number, t.version, t.first_name, t.last_name, t.job_title, t.email, t.phone, t.language, t.state, t.created_at, t.updated_at",
    search: "t.search",
    fts: None,
    sorts: &[("number", "t.id"), ("name", "t.name_key")],
    fields: &[
        Column { field: "number", expr: "t.number",   kind: ColumnKind::Stored },
        Column { field: "name",   expr: "t.name_key", kind: ColumnKind::Folded },
        Column { field: "email",  expr: "t.email",    kind: ColumnKind::Stored },
        Column { field: "phone",  expr: "t.phone",    kind: ColumnKind::Stored },
        Column { field: "state",  expr: "t.state",    kind: ColumnKind::State },
    ],
    mine: "0",
    from_row: contact_row,
};

fn contact_row(r: &Row<'_>, key: Key) -> rusqlite::Result<ContactRow> {
    Ok(ContactRow {
        key,
        number: r.get(2)?,
        version: r.get(3)?,
        first_name: r.get(4)?,
        last_name: r.get(5)?,
        job_title: r.get(6)?,
        email: r.get(7)?,
        phone: r.get(8)?,
        language: r.get(9)?,
        state: r.get(10)?,
        customers: Vec::new(),
        portal_user: None,
        created_at: r.get(11)?,
        updated_at: r.get(12)?,
    })
}

/// Adds to each contact its customers and its portal user.
pub(in crate::desk) fn fill_contacts(conn: &Connection, rows: &mut [ContactRow]) -> Result<()> {
    let mut customers = conn.prepare_cached(
        "select c.number, cc.role from customer_contact cc join customer c on c.id = cc.customer_id
         where cc.contact_id = ?1 order by c.id",
    )?;
    let mut user = conn
        .prepare_cached("select user_name from portal_user where contact_id = ?1 order by id desc limit 1")?;
    for row in rows {
        let id = row.key.id;
        row.customers =
            customers.query_map([id], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        row.portal_user = user.query_row([id], |r| r.get(0)).optional()?;
    }
    Ok(())
}

pub(in crate::desk) fn contacts_where(
    conn: &Connection,
    clause: &str,
    value: &dyn rusqlite::ToSql,
) -> Result<Vec<ContactRow>> {
    let sql = format!(
        "select t.id, t.id, {} from contact t where {clause} order by t.id limit 200",
        CONTACTS.columns
    );
    let mut rows: Vec<ContactRow> = conn
        .prepare_cached(&sql)?
        .query_map([value], |r| {
            let id = r.get(1)?;
            contact_row(r, Key { value: super::SortValue::Int(id), id })
        })?
        .collect::<rusqlite::Result<_>>()?;
    fill_contacts(conn, &mut rows)?;
    Ok(rows)
}

/// Active contacts with that address.
pub(in crate::desk) fn contacts_by_email(conn: &Connection, email: &str) -> Result<Vec<ContactRow>> {
    let key = crate::domain::check::email::parse_email(email)
        .map(|e| e.key())
        .unwrap_or_else(|_| email.to_lowercase());
    contacts_where(conn, "t.email_key = ?1 and t.state = 'active'", &key)
}

/// One contact.
pub(in crate::desk) fn contact(conn: &Connection, id: i64) -> Result<ContactRow> {
    contacts_where(conn, "t.id = ?1", &id)?
        .pop()
        .ok_or_else(|| Error::not_found(format!("Contact with id {id}")))
}
