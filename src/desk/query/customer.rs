//! Customers, contacts, portal users and templates as lists and record views show them.

use crate::desk::query::{Key, Keyed};
use crate::domain::filter::{FieldDef, FieldSet, Kind};
use crate::domain::id::RecordRef;
use crate::matching::Hit;

const fn field(name: &'static str, aliases: &'static [&'static str], kind: Kind) -> FieldDef {
    FieldDef { name, aliases, kind }
}

/// What the customer list can be filtered by. `mine` is: the reader is account manager or sales rep.
#[rustfmt::skip]
pub static FILTER: FieldSet = FieldSet {
    fields: &[
        field("number",          &["no", "account"],  Kind::Text),
        field("name",            &["company"],        Kind::Text),
        field("email",           &["mail"],           Kind::Text),
        field("phone",           &["tel"],            Kind::Text),
        field("city",            &["town"],           Kind::Text),
        field("country",         &[],                 Kind::Text),
        field("tax_number",      &["vat", "tax"],     Kind::Text),
        field("group",           &["customer_group"], Kind::Text),
        field("currency",        &[],                 Kind::Text),
        field("division",        &[],                 Kind::Text),
        field("state",           &["status"],         Kind::State(&["active", "on_hold", "inactive"])),
        field("account_manager", &["manager"],        Kind::Person),
        field("created",         &["created_at"],     Kind::Date),
        field("age",             &[],                 Kind::Age),
    ],
    today: Some("created"),
};

/// The columns a customer list can be sorted by.
pub const SORTS: &[&str] = &["number", "name", "city", "country"];

/// One row of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerRow {
    /// Where it stands.
    pub key: Key,
    /// `C-000417`.
    pub number: String,
    /// Row version.
    pub version: i64,
    /// Name as stored.
    pub name: String,
    /// City of the business address.
    pub city: Option<String>,
    /// Country code.
    pub country: Option<String>,
    /// Phone as stored.
    pub phone: Option<String>,
    /// E-mail as stored.
    pub email: Option<String>,
    /// `active`, `on_hold`, `inactive`.
    pub state: String,
    /// When made.
    pub created_at: i64,
    /// Last change.
    pub updated_at: i64,
}

impl Keyed for CustomerRow {
    fn key(&self) -> &Key {
        &self.key
    }
}

/// An address of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressRow {
    /// `business`, `invoice`, `delivery`.
    pub purpose: String,
    /// Values by name: street, street2, city, postal_code, county, region, country.
    pub values: Vec<(&'static str, Option<String>)>,
}

/// The whole record.
#[derive(Debug, Clone)]
pub struct CustomerCard {
    /// The row.
    pub row: CustomerRow,
    /// Every field of `domain::customer::FIELDS` in its order, shown as people read it.
    pub fields: Vec<(&'static str, Option<String>)>,
    /// Addresses.
    pub addresses: Vec<AddressRow>,
    /// Contacts.
    pub contacts: Vec<ContactRow>,
    /// Portal users of its contacts.
    pub portal_users: Vec<PortalUserRow>,
    /// The sign-ups it came from.
    pub signups: Vec<RecordRef>,
    /// Who made it, login.
    pub created_by: String,
    /// Who changed it last, login.
    pub updated_by: String,
    /// The template used.
    pub template: Option<String>,
    /// The sender's own key.
    pub external_id: Option<String>,
}

use std::collections::HashMap;

/// A customer with those that may be the same, as the whole book is gone through.
#[derive(Debug, Clone)]
pub struct Twins {
    /// The customer.
    pub customer: RecordRef,
    /// Its name.
    pub name: String,
    /// Others that may be the same, best first; only those with a greater row id, so that a pair is told once.
    pub others: Vec<Hit>,
}

use rusqlite::{Connection, OptionalExtension, Row};

pub use super::contact::{CONTACT_FILTER, CONTACT_SORTS, ContactRow};
pub(in crate::desk) use super::contact::{
    CONTACTS, contact, contacts_by_email, contacts_where, fill_contacts,
};
pub use super::portal_user::PortalUserRow;
pub(in crate::desk) use super::portal_user::{portal_user, portal_users};
pub(in crate::desk) use super::template::templates;
pub use super::template::{Origin, Preset, TemplateRow};

use super::sql::{Column, ColumnKind, ListSpec};
use crate::desk::error::{Error, Result};
use crate::domain::customer::{ADDRESS_FIELDS, FIELDS, Kind as ValueKind};
use crate::domain::id::RecordKind;

#[rustfmt::skip]
pub(in crate::desk) static LIST: ListSpec<CustomerRow> = ListSpec {
    table: "customer",
    joins: "",
    columns: "t.number, t.version, t.name, t.city, t.country, t.phone, t.email, t.state, t.created_at, t.updated_at",
    search: "t.search",
    fts: Some("customer_fts"),
    sorts: &[("number", "t.id"), ("name", "t.name_key"), ("city", "t.city_key"), ("country", "t.country_key")],
    fields: &[
        Column { field: "number",          expr: "t.number",             kind: ColumnKind::Searched },
        Column { field: "name",            expr: "t.name",               kind: ColumnKind::Searched },
        Column { field: "email",           expr: "t.email",              kind: ColumnKind::Searched },
        Column { field: "phone",           expr: "t.phone",              kind: ColumnKind::Searched },
        Column { field: "city",            expr: "t.city_key",           kind: ColumnKind::Folded },
        Column { field: "country",         expr: "t.country_key",        kind: ColumnKind::Stored },
        Column { field: "tax_number",      expr: "t.tax_key",            kind: ColumnKind::Searched },
        Column { field: "group",           expr: "t.customer_group",     kind: ColumnKind::Stored },
        Column { field: "currency",        expr: "t.currency",           kind: ColumnKind::Stored },
        Column { field: "division",        expr: "t.division",           kind: ColumnKind::Stored },
        Column { field: "state",           expr: "t.state",              kind: ColumnKind::State },
        Column { field: "account_manager", expr: "t.account_manager_id", kind: ColumnKind::Staff },
        Column { field: "created",         expr: "t.created_at",         kind: ColumnKind::Time },
        Column { field: "age",             expr: "t.created_at",         kind: ColumnKind::Time },
    ],
    mine: "(t.account_manager_id = ? or t.sales_rep_id = ?)",
    from_row,
};

fn from_row(r: &Row<'_>, key: Key) -> rusqlite::Result<CustomerRow> {
    Ok(CustomerRow {
        key,
        number: r.get(2)?,
        version: r.get(3)?,
        name: r.get(4)?,
        city: r.get(5)?,
        country: r.get(6)?,
        phone: r.get(7)?,
        email: r.get(8)?,
        state: r.get(9)?,
        created_at: r.get(10)?,
        updated_at: r.get(11)?,
    })
}

/// The whole record.
pub(in crate::desk) fn card(conn: &Connection, id: i64) -> Result<CustomerCard> {
    let own: Vec<&str> = FIELDS
        .iter()
        .map(|f| f.name)
        .filter(|n| !ADDRESS_FIELDS.contains(n) && !matches!(*n, "account_manager" | "sales_rep"))
        .collect();
    let columns: Vec<String> = own.iter().map(|n| format!("cast(t.{n} as text)")).collect();
    let sql = format!(
        "select t.id, t.id, {}, t.created_by, t.updated_by, t.template, t.external_id, m.login, s.login, {}
         from customer t left join staff m on m.id = t.account_manager_id left join staff s on s.id = t.sales_rep_id
         where t.id = ?1",
        LIST.columns,
        columns.join(", ")
    );
    type Parts = (CustomerRow, HashMap<&'static str, Option<String>>, [Option<String>; 4]);
    let found: Option<Parts> = conn
        .prepare_cached(&sql)?
        .query_row([id], |r| {
            let row = from_row(r, Key { value: super::SortValue::Int(id), id })?;
            let mut values = HashMap::new();
            values.insert("account_manager", r.get(16)?);
            values.insert("sales_rep", r.get(17)?);
            for (i, field) in FIELDS.iter().filter(|f| own.contains(&f.name)).enumerate() {
                values.insert(field.name, r.get(18 + i)?);
            }
            Ok((row, values, [r.get(12)?, r.get(13)?, r.get(14)?, r.get(15)?]))
        })
        .optional()?;
    let (row, mut values, [created_by, updated_by, template, external_id]) =
        found.ok_or_else(|| Error::not_found(format!("Customer with id {id}")))?;
    let addresses = addresses(conn, id)?;
    if let Some(business) = addresses.iter().find(|a| a.purpose == "business") {
        values.extend(business.values.iter().cloned());
    }
    let fields = FIELDS
        .iter()
        .map(|f| {
            let value = values.remove(f.name).flatten();
            let shown = match f.kind {
                ValueKind::YesNo => value.map(|v| if v == "1" { "yes".to_owned() } else { "no".to_owned() }),
                ValueKind::Text
                | ValueKind::Lines
                | ValueKind::Decimal
                | ValueKind::Whole
                | ValueKind::Staff
                | ValueKind::Choice(_) => value,
            };
            (f.name, shown)
        })
        .collect();
    let contacts = contacts_where(
        conn,
        "t.id in (select contact_id from customer_contact where customer_id = ?1)",
        &id,
    )?;
    let mut portal_users = Vec::new();
    for name in contacts.iter().filter_map(|c| c.portal_user.as_deref()) {
        portal_users.push(portal_user(conn, name)?);
    }
    let signups = conn
        .prepare_cached("select id, number from signup where customer_id = ?1 order by id")?
        .query_map([id], |r| Ok(RecordRef::new(RecordKind::Signup, r.get(0)?, r.get::<_, String>(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(CustomerCard {
        row,
        fields,
        addresses,
        contacts,
        portal_users,
        signups,
        created_by: created_by.unwrap_or_default(),
        updated_by: updated_by.unwrap_or_default(),
        template,
        external_id,
    })
}

fn addresses(conn: &Connection, id: i64) -> Result<Vec<AddressRow>> {
    let sql = format!(
        "select purpose, {} from customer_address where customer_id = ?1 order by purpose",
        ADDRESS_FIELDS.join(", ")
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map([id], |r| {
            let values = ADDRESS_FIELDS.iter().enumerate().map(|(i, n)| Ok((*n, r.get(i + 1)?)));
            Ok(AddressRow { purpose: r.get(0)?, values: values.collect::<rusqlite::Result<_>>()? })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}
