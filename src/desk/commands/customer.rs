//! Customers made by staff (registration.md, Customers, contacts, templates, numbers).

use std::collections::BTreeMap;

/// Makes a customer by hand.
#[derive(Debug, Clone)]
pub struct NewCustomer {
    /// Values by customer field; `name` and `country` must be there.
    pub values: BTreeMap<String, String>,
    /// Name of the template that fills what is not given.
    pub template: Option<String>,
    /// The sender's own key, for imports.
    pub external_id: Option<String>,
    /// What to do if it looks like a customer that is there.
    pub if_alike: IfAlike,
}

/// What becomes of a new customer that looks like one that is there (registration.md, Checks: the same matcher warns
/// wherever customers are entered).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfAlike {
    /// It is refused with the number, so that whoever enters it looks first.
    Refuse,
    /// It is made: somebody looked, and it is another one.
    Make,
}

/// The rule that refuses it; a form that has a field of this name shows the refusal there.
pub const POSSIBLE_DUPLICATE: &str = "possible_duplicate";

use rusqlite::{OptionalExtension, ToSql, params};

use super::signup::create::shaped;
use super::signup::values::{Values, key, search_text, tax_key, value};
use super::template;
use crate::desk::command::Repeated;
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, FieldProblem, Result};
use crate::desk::query::Sees;
use crate::desk::store::duplicates::{self, Asking};
use crate::desk::store::sequence;
use crate::domain::check::country::parse_country;
use crate::domain::check::email::parse_email;
use crate::domain::check::phone::normalise_phone;
use crate::domain::customer::{ADDRESS_FIELDS, FIELDS};
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Permission;
use crate::domain::refusal::Refusal;
use crate::domain::text::{digits, normalise_line};
use crate::matching::{Likeness, Standing};

impl NewCustomer {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::CustomerEdit)?;
        if let Some(external) = &self.external_id {
            let known: Option<(i64, String)> = cx
                .conn
                .prepare_cached("select id, number from customer where external_id = ?1")?
                .query_row([external], |r| Ok((r.get(0)?, r.get(1)?)))
                .optional()?;
            if let Some((id, number)) = known {
                let record = RecordRef::new(RecordKind::Customer, id, number);
                let mut done = Done::audited(allowed, Happened::new("customer_made", record));
                done.repeated = Repeated::Yes;
                return Ok(done);
            }
        }
        let mut values = match &self.template {
            Some(name) => template::values_of(cx.conn, name)?,
            None => Values::new(),
        };
        values.extend(self.values);
        let alike = warned(cx, &values, self.if_alike)?;
        let new = NewRecord { values, template: self.template, external_id: self.external_id, signup: None };
        let record = insert_customer(cx, &new)?;
        let mut happened = Happened::new("customer_made", record.clone()).moved("none", "active");
        if let Some(number) = alike {
            happened = happened.fact("although_like", number);
        }
        let mut done = Done::audited(allowed, happened);
        done.made.push(record);
        Ok(done)
    }
}

/// The customer that the values look most like, if anybody should be told; an error where nobody has looked yet.
fn warned(cx: &Cx<'_>, given: &Values, if_alike: IfAlike) -> Result<Option<String>> {
    let values = checked(given)?;
    let text = |name: &str| value(&values, name).unwrap_or_default().to_owned();
    let probe = Likeness {
        name: text("name"),
        email: text("email"),
        phone: text("phone"),
        tax_number: text("tax_number"),
        street: text("street"),
        city: text("city"),
        postal_code: text("postal_code"),
        country: text("country"),
        ..Likeness::default()
    };
    let asking = Asking { sees: Sees::of(cx.actor), ..Asking::for_all(cx.settings) };
    let hits = duplicates::of_values(cx.conn, &probe, None, asking)?;
    let Some(hit) = hits.into_iter().find(|hit| hit.standing == Standing::Announced) else {
        return Ok(None);
    };
    if if_alike == IfAlike::Make {
        return Ok(Some(hit.record.number));
    }
    Err(Refusal::new(
        POSSIBLE_DUPLICATE,
        format!(
            "{} {} may be the same ({} %, {}: {}).",
            hit.record.number,
            hit.name,
            hit.percent,
            hit.sureness(),
            hit.reasons.join(", ")
        ),
        "Look at it first; if this is another one, say so (--anyway, or the last field of the form).",
    )
    .into())
}

/// The values of a customer to be inserted, by customer field.
pub(in crate::desk) struct NewRecord {
    pub values: Values,
    pub template: Option<String>,
    pub external_id: Option<String>,
    pub signup: Option<i64>,
}

/// Inserts customer and business address; all problems at once.
pub(in crate::desk) fn insert_customer(cx: &Cx<'_>, new: &NewRecord) -> Result<RecordRef> {
    let values = checked(&new.values)?;
    let number = sequence::take(cx, "customer")?;
    let keys = keys(&number, &values);
    let login = &cx.actor.login;
    let mut columns: Vec<(&str, &dyn ToSql)> = vec![
        ("number", &number),
        ("created_at", &cx.now),
        ("created_by", login),
        ("updated_at", &cx.now),
        ("updated_by", login),
        ("template", &new.template),
        ("external_id", &new.external_id),
        ("signup_id", &new.signup),
        ("name_key", &keys.name),
        ("city_key", &keys.city),
        ("email_key", &keys.email),
        ("domain_key", &keys.domain),
        ("phone_key", &keys.phone),
        ("tax_key", &keys.tax),
        ("search", &keys.search),
    ];
    let manager = staff_id(cx, value(&values, "account_manager"))?;
    let rep = staff_id(cx, value(&values, "sales_rep"))?;
    let own: Vec<(&str, &str)> = FIELDS
        .iter()
        .filter(|f| !ADDRESS_FIELDS.contains(&f.name) || matches!(f.name, "city" | "country"))
        .filter_map(|f| Some((f.name, value(&values, f.name)?)))
        .filter(|(name, _)| !matches!(*name, "account_manager" | "sales_rep"))
        .collect();
    columns.extend(own.iter().map(|(n, v)| (*n, v as &dyn ToSql)));
    columns.push(("account_manager_id", &manager));
    columns.push(("sales_rep_id", &rep));
    let names: Vec<&str> = columns.iter().map(|(n, _)| *n).collect();
    let marks: Vec<String> = (1..=names.len()).map(|i| format!("?{i}")).collect();
    let sql = format!("insert into customer ({}) values ({})", names.join(", "), marks.join(", "));
    let bound: Vec<&dyn ToSql> = columns.iter().map(|(_, v)| *v).collect();
    cx.conn.prepare_cached(&sql)?.execute(&bound[..])?;
    let id = cx.conn.last_insert_rowid();
    let line = |n| value(&values, n);
    cx.conn
        .prepare_cached(
            "insert into customer_address (customer_id, purpose, street, street2, city, postal_code, county, region, country)
             values (?1, 'business', ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            id, line("street"), line("street2"), line("city"), line("postal_code"), line("county"), line("region"), line("country")
        ])?;
    Ok(RecordRef::new(RecordKind::Customer, id, number))
}

fn checked(given: &Values) -> Result<Values> {
    let mut values = Values::new();
    let mut problems = Vec::new();
    for (name, text) in given {
        match shaped(name, text) {
            Err(Error::Invalid(found)) => problems.extend(found),
            Err(other) => return Err(other),
            Ok(text) if text.is_empty() => {}
            Ok(text) => {
                let text = if name == "notes" { text } else { normalise_line(&text) };
                if text.chars().count() > 2_000 && name != "notes" {
                    problems.push(FieldProblem::new(
                        name,
                        "",
                        "is longer than 2,000 characters",
                        "Shorten it.",
                    ));
                }
                values.insert(name.clone(), text);
            }
        }
    }
    for name in ["name", "country"] {
        if value(&values, name).is_none() {
            problems.push(FieldProblem::new(name, "", "is missing", "Every customer has one."));
        }
    }
    if let Some(country) = value(&values, "country").map(str::to_owned) {
        match parse_country(&country) {
            Some(code) => drop(values.insert("country".into(), code.into())),
            None => problems.push(FieldProblem::new(
                "country",
                &country,
                "is not a country",
                "Give a two-letter code or the name.",
            )),
        }
    }
    for name in ["email", "email2"] {
        if let Some(text) = value(&values, name)
            && let Err(problem) = parse_email(text)
        {
            problems.push(FieldProblem::new(name, text, problem.to_string(), problem.remedy()));
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(Error::Invalid(problems)) }
}

fn staff_id(cx: &Cx<'_>, login: Option<&str>) -> Result<Option<i64>> {
    let Some(login) = login else { return Ok(None) };
    let found = cx
        .conn
        .prepare_cached("select id from staff where login = ?1 and active = 1")?
        .query_row([login], |r| r.get(0))
        .optional()?;
    found.map(Some).ok_or_else(|| {
        Error::invalid("staff", login, "is nobody on the active staff", "See `countersign staff list`.")
    })
}

/// Look-up keys and search text of a customer.
pub(in crate::desk) struct CustomerKeys {
    pub name: String,
    pub city: String,
    pub email: Option<String>,
    pub domain: Option<String>,
    pub phone: Option<String>,
    pub tax: Option<String>,
    pub search: String,
}

/// The keys of a customer with that number.
pub(in crate::desk) fn keys(number: &str, values: &Values) -> CustomerKeys {
    let get = |n| value(values, n).unwrap_or("");
    let email = parse_email(get("email")).ok();
    let phone = value(values, "phone").and_then(|p| normalise_phone(p, value(values, "country")));
    let tax = Some(tax_key(get("tax_number"))).filter(|t| !t.is_empty());
    let raw = digits(get("phone"));
    let first = [
        number,
        get("name"),
        get("search_name"),
        get("email"),
        get("phone"),
        raw.as_str(),
        phone.as_deref().unwrap_or(""),
    ];
    let second =
        [get("city"), get("postal_code"), get("country"), tax.as_deref().unwrap_or(""), get("website")];
    CustomerKeys {
        name: key(get("name")),
        city: key(get("city")),
        domain: email.as_ref().map(|e| e.ascii_domain().to_owned()),
        email: email.map(|e| e.key()),
        search: search_text(first.iter().chain(second.iter())),
        phone,
        tax,
    }
}

/// The values of a contact to be inserted.
pub(in crate::desk) struct Contact {
    pub first_name: Option<String>,
    pub last_name: String,
    pub job_title: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub language: Option<String>,
    pub country: Option<String>,
}

/// Look-up keys and search text of a contact.
pub(in crate::desk) struct ContactKeys {
    pub email: Option<String>,
    pub name: String,
    pub search: String,
}

/// The keys of a contact with that number.
pub(in crate::desk) fn contact_keys(number: &str, new: &Contact) -> ContactKeys {
    let get = |v: &'_ Option<String>| v.clone().unwrap_or_default();
    let person = format!("{} {}", get(&new.first_name), new.last_name);
    let phone =
        new.phone.as_deref().and_then(|p| normalise_phone(p, new.country.as_deref())).unwrap_or_default();
    ContactKeys {
        email: new.email.as_deref().and_then(|e| parse_email(e).ok()).map(|e| e.key()),
        name: key(&format!("{} {}", new.last_name, get(&new.first_name))),
        search: search_text([number, &person, &get(&new.email), &get(&new.phone), &phone].iter()),
    }
}

/// Inserts a contact person.
pub(in crate::desk) fn insert_contact(cx: &Cx<'_>, new: &Contact) -> Result<RecordRef> {
    let number = sequence::take(cx, "contact")?;
    let keys = contact_keys(&number, new);
    cx.conn
        .prepare_cached(
            "insert into contact (number, created_at, updated_at, first_name, last_name, job_title, email, phone, language,
               email_key, name_key, search) values (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            number, cx.now, new.first_name, new.last_name, new.job_title, new.email, new.phone, new.language,
            keys.email, keys.name, keys.search
        ])?;
    Ok(RecordRef::new(RecordKind::Contact, cx.conn.last_insert_rowid(), number))
}

/// Makes the person a contact of the customer and findable through it; one person may be contact of several.
pub(in crate::desk) fn link_contact(cx: &Cx<'_>, customer: i64, contact: i64) -> Result<()> {
    let added = cx
        .conn
        .prepare_cached(
            "insert into customer_contact (customer_id, contact_id) values (?1, ?2) on conflict do nothing",
        )?
        .execute([customer, contact])?;
    if added == 1 {
        cx.conn
            .prepare_cached(
                "update customer set search = search || (select ltrim(search) from contact where id = ?2),
                   version = version + 1, updated_at = ?3, updated_by = ?4 where id = ?1",
            )?
            .execute(params![customer, contact, cx.now, cx.actor.login])?;
    }
    Ok(())
}
