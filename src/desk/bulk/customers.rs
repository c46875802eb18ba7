//! Customers in bulk: one thread folds keys and search text with the commands' own functions, the other writes rows.

use std::collections::BTreeMap;
use std::sync::mpsc::sync_channel;

use rusqlite::{CachedStatement, Connection, ToSql, params};

use super::{CHUNK, Load, Progress, WAITING, take_numbers};
use crate::desk::commands::customer::{Contact, ContactKeys, CustomerKeys, contact_keys, keys};
use crate::desk::commands::signup::values::{Values, value};
use crate::desk::door::Desk;
use crate::desk::error::Result;
use crate::domain::permission::Actor;

/// A customer as it was somewhere else. Values are taken as they are: whoever makes samples keeps to the rules.
#[derive(Debug, Clone)]
pub struct BulkCustomer {
    /// `active`, `on_hold` or `inactive`.
    pub state: &'static str,
    /// UTC milliseconds.
    pub created_at: i64,
    /// Values by customer field; `name` and `country` are there.
    pub values: BTreeMap<String, String>,
    /// Its people.
    pub contacts: Vec<BulkContact>,
}

/// A person at a customer.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the columns of the contact")]
pub struct BulkContact {
    pub first_name: Option<String>,
    pub last_name: String,
    pub job_title: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub language: Option<String>,
}

impl Desk {
    /// Loads `count` customers under one entry in history.
    pub fn load_customers(
        &mut self,
        actor: &Actor,
        (count, customers): (u64, impl Iterator<Item = BulkCustomer> + Send),
        progress: Progress<'_>,
    ) -> Result<u64> {
        let what = Load {
            command: "load_customers",
            happened: "customers_loaded",
            tables: &["customer", "customer_address", "contact", "customer_contact"],
            counted: "customer",
            rows: count,
        };
        let login = actor.login.clone();
        self.load(actor, what, |conn, _| {
            let numbers = take_numbers(conn, "customer", count)?;
            let (contact_prefix, first_contact, contact_width) = take_numbers(conn, "contact", 0)?;
            let mut writer = Writer::new(conn, login)?;
            let (send, receive) = sync_channel::<Vec<Ready>>(WAITING);
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            let (loaded, contacts) = std::thread::scope(|scope| {
                scope.spawn(move || {
                    let mut next_contact = first_contact;
                    let mut customers = customers.take(count).zip(numbers.1..).peekable();
                    while customers.peek().is_some() {
                        let chunk = customers.by_ref().take(CHUNK);
                        let ready = chunk
                            .map(|(customer, n)| {
                                let number = format!("{}{n:0w$}", numbers.0, w = numbers.2);
                                let contacts = |person: &BulkContact| {
                                    let number = format!("{contact_prefix}{next_contact:0contact_width$}");
                                    next_contact += 1;
                                    (number, person.clone())
                                };
                                Ready::new(number, &customer, contacts)
                            })
                            .collect();
                        if send.send(ready).is_err() {
                            return;
                        }
                    }
                });
                let mut loaded = 0;
                for chunk in receive {
                    for ready in &chunk {
                        writer.write(ready)?;
                    }
                    loaded += chunk.len() as u64;
                    progress("customers", loaded);
                }
                Ok::<_, crate::desk::Error>((loaded, writer.contacts))
            })?;
            take_numbers(conn, "contact", contacts)?;
            progress("indexes", loaded);
            Ok(loaded)
        })
    }
}

/// A customer with everything that is made of its values.
struct Ready {
    number: String,
    state: &'static str,
    created_at: i64,
    values: Values,
    keys: CustomerKeys,
    contacts: Vec<(String, Contact, ContactKeys)>,
}

impl Ready {
    fn new(
        number: String,
        customer: &BulkCustomer,
        mut numbered: impl FnMut(&BulkContact) -> (String, BulkContact),
    ) -> Self {
        let country = customer.values.get("country").cloned();
        let contacts: Vec<(String, Contact, ContactKeys)> = customer
            .contacts
            .iter()
            .map(|person| {
                let (number, person) = numbered(person);
                let contact = Contact {
                    first_name: person.first_name,
                    last_name: person.last_name,
                    job_title: person.job_title,
                    email: person.email,
                    phone: person.phone,
                    language: person.language,
                    country: country.clone(),
                };
                let keys = contact_keys(&number, &contact);
                (number, contact, keys)
            })
            .collect();
        let mut keys = keys(&number, &customer.values);
        for (.., contact) in &contacts {
            keys.search.push_str(contact.search.trim_start());
        }
        Self {
            number,
            state: customer.state,
            created_at: customer.created_at,
            values: customer.values.clone(),
            keys,
            contacts,
        }
    }
}

/// Fields that lie in the customer's own row and are text.
#[rustfmt::skip]
const TEXT: [&str; 19] = [
    "name", "search_name", "customer_group", "currency", "language", "phone", "email", "website", "tax_number", "terms_of_payment",
    "method_of_payment", "credit_limit", "credit_rating", "sales_tax_group", "delivery_terms", "iban", "division", "notes", "city",
];

struct Writer<'a> {
    login: String,
    staff: BTreeMap<String, i64>,
    customer: CachedStatement<'a>,
    address: CachedStatement<'a>,
    contact: CachedStatement<'a>,
    link: CachedStatement<'a>,
    next_customer: i64,
    next_contact: i64,
    contacts: u64,
}

impl<'a> Writer<'a> {
    fn new(conn: &'a Connection, login: String) -> Result<Self> {
        let next = |table: &str| {
            let sql = format!("select coalesce(max(id), 0) + 1 from {table}");
            conn.query_row(&sql, [], |r| r.get(0))
        };
        let mut staff = conn.prepare("select login, id from staff")?;
        let staff = staff.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        let marks: Vec<String> = (0..TEXT.len()).map(|i| format!("?{}", i + 17)).collect();
        let customer = format!(
            "insert into customer (id, number, created_at, created_by, updated_at, updated_by, state, party_kind, country,
               account_manager_id, sales_rep_id, name_key, city_key, email_key, domain_key, phone_key, tax_key, search, {})
             values (?1, ?2, ?3, ?4, ?3, ?4, ?5, coalesce(?6, 'organisation'), ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, {})",
            TEXT.join(", "),
            marks.join(", ")
        );
        Ok(Self {
            login,
            staff,
            customer: conn.prepare_cached(&customer)?,
            address: conn.prepare_cached(
                "insert into customer_address (customer_id, purpose, street, street2, city, postal_code, region, country)
                 values (?1, 'business', ?2, ?3, ?4, ?5, ?6, ?7)",
            )?,
            contact: conn.prepare_cached(
                "insert into contact (id, number, created_at, updated_at, first_name, last_name, job_title, email, phone,
                   language, email_key, name_key, search) values (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?,
            link: conn.prepare_cached("insert into customer_contact (customer_id, contact_id) values (?1, ?2)")?,
            next_customer: next("customer")?,
            next_contact: next("contact")?,
            contacts: 0,
        })
    }

    fn write(&mut self, ready: &Ready) -> Result<()> {
        let get = |name: &str| value(&ready.values, name);
        let keys = &ready.keys;
        let staff = |name: &str| get(name).and_then(|login| self.staff.get(login)).copied();
        let (manager, rep) = (staff("account_manager"), staff("sales_rep"));
        let (kind, country) = (get("party_kind"), get("country"));
        let fixed = params![
            self.next_customer,
            ready.number,
            ready.created_at,
            self.login,
            ready.state,
            kind,
            country,
            manager,
            rep,
            keys.name,
            keys.city,
            keys.email,
            keys.domain,
            keys.phone,
            keys.tax,
            keys.search
        ];
        let text = TEXT.map(|name| value(&ready.values, name));
        let mut all: Vec<&dyn ToSql> = fixed.to_vec();
        all.extend(text.iter().map(|v| v as &dyn ToSql));
        self.customer.execute(&all[..])?;
        self.address.execute(params![
            self.next_customer,
            get("street"),
            get("street2"),
            get("city"),
            get("postal_code"),
            get("region"),
            country
        ])?;
        for (number, contact, keys) in &ready.contacts {
            self.contact.execute(params![
                self.next_contact,
                number,
                ready.created_at,
                contact.first_name,
                contact.last_name,
                contact.job_title,
                contact.email,
                contact.phone,
                contact.language,
                keys.email,
                keys.name,
                keys.search
            ])?;
            self.link.execute([self.next_customer, self.next_contact])?;
            self.next_contact += 1;
            self.contacts += 1;
        }
        self.next_customer += 1;
        Ok(())
    }
}
