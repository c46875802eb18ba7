//! Customers, contacts, portal users and templates as lists and record views show them.

use crate::desk::query::{Key, Keyed};
use crate::domain::filter::{FieldDef, FieldSet, Kind};
use crate::domain::id::RecordRef;

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

/// A template.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateRow {
    /// Row id.
    pub id: i64,
    /// Row version.
    pub version: i64,
    /// Name.
    pub name: String,
    /// For which division; none: all.
    pub division: Option<String>,
    /// Whether it is offered.
    pub active: bool,
    /// Values by customer field.
    pub values: Vec<(String, String)>,
    /// When made.
    pub created_at: i64,
    /// Last change.
    pub updated_at: i64,
}

/// What *create* would make, field by field, and where each value comes from (registration.md, Creating).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// The customer field.
    pub field: &'static str,
    /// The value.
    pub value: String,
    /// Where it comes from.
    pub from: Origin,
}

/// Where a preset value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The sign-up; it wins over the template.
    Signup,
    /// The template; marked so.
    Template,
    /// The office's config or a default.
    Default,
}

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row};

use super::sql::{Column, ColumnKind, ListSpec};
use crate::desk::error::{Error, Result};
use crate::domain::customer::{ADDRESS_FIELDS, FIELDS, Kind as ValueKind};
use crate::domain::id::RecordKind;

#[rustfmt::skip]
pub(in crate::desk) static LIST: ListSpec<CustomerRow> = ListSpec {
    table: "customer",
    joins: "",
    columns: "t.number, t.version, t.name, t.city, t.country, t.phone, t.email, t.state, t.created_at, t.updated_at",
    fts: Some("customer_fts"),
    sorts: &[("number", "t.id"), ("name", "t.name_key"), ("city", "t.city_key"), ("country", "t.country_key")],
    fields: &[
        Column { field: "number",          expr: "t.number",             kind: ColumnKind::Searched },
        Column { field: "name",            expr: "t.name",               kind: ColumnKind::Searched },
        Column { field: "email",           expr: "t.email",              kind: ColumnKind::Searched },
        Column { field: "phone",           expr: "t.phone",              kind: ColumnKind::Searched },
        Column { field: "city",            expr: "t.city_key",           kind: ColumnKind::Folded },
        Column { field: "country",         expr: "t.country_key",        kind: ColumnKind::Code },
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

#[rustfmt::skip]
pub(in crate::desk) static CONTACTS: ListSpec<ContactRow> = ListSpec {
    table: "contact",
    joins: "",
    columns: "t.number, t.version, t.first_name, t.last_name, t.job_title, t.email, t.phone, t.language, t.state, t.created_at, t.updated_at",
    fts: None,
    sorts: &[("number", "t.id"), ("name", "t.name_key")],
    fields: &[
        Column { field: "number", expr: "t.number",   kind: ColumnKind::Stored },
        Column { field: "name",   expr: "t.name_key", kind: ColumnKind::Folded },
        Column { field: "email",  expr: "t.email",    kind: ColumnKind::Stored },
        Column { field: "phone",  expr: "t.phone",    kind: ColumnKind::Stored },
        Column { field: "state",  expr: "t.state",    kind: ColumnKind::State },
    ],
    mine: "t.id = ?",
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

fn contacts_where(conn: &Connection, clause: &str, value: &dyn rusqlite::ToSql) -> Result<Vec<ContactRow>> {
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

/// All templates.
pub(in crate::desk) fn templates(conn: &Connection) -> Result<Vec<TemplateRow>> {
    let mut statement = conn.prepare_cached(
        "select id, version, name, division, active, \"values\", created_at, updated_at from template order by name",
    )?;
    let rows = statement
        .query_map([], |r| {
            let json: String = r.get(5)?;
            let map: std::collections::BTreeMap<String, String> =
                serde_json::from_str(&json).unwrap_or_default();
            Ok(TemplateRow {
                id: r.get(0)?,
                version: r.get(1)?,
                name: r.get(2)?,
                division: r.get(3)?,
                active: r.get(4)?,
                values: map.into_iter().collect(),
                created_at: r.get(6)?,
                updated_at: r.get(7)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
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
