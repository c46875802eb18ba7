//! Finds candidates for possible duplicates by indexed keys; the rules in `matching` judge them. Remembered
//! “not a duplicate” answers are left out.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::desk::error::Result;
use crate::domain::id::{RecordKind, RecordRef};
use crate::matching::{Candidate, Hit, Likeness, judge};

/// Candidates taken from one key; a key that many share says little.
const PER_KEY: i64 = 40;

/// Hits that are kept.
const SHOWN: usize = 8;

/// What a sign-up is compared by, and its folded keys.
struct Probe {
    likeness: Likeness,
    email: String,
    domain: Option<String>,
    phone: Option<String>,
    tax: Option<String>,
    name: String,
}

/// Possible duplicates of a sign-up among customers and other open sign-ups, best first.
pub fn of_signup(conn: &Connection, id: i64) -> Result<Vec<Hit>> {
    let Some(probe) = probe(conn, id)? else { return Ok(Vec::new()) };
    let mut hits: Vec<Hit> = Vec::new();
    for candidate in customers(conn, &probe)?.into_iter().chain(signups(conn, &probe, id)?) {
        hits.extend(judge(&probe.likeness, &candidate));
    }
    let mut remembered = conn.prepare_cached("select other from not_duplicate where signup_id = ?1")?;
    let remembered: Vec<String> =
        remembered.query_map([id], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    hits.retain(|h| !remembered.contains(&h.record.number));
    hits.sort_by(|a, b| b.percent.cmp(&a.percent).then_with(|| a.record.number.cmp(&b.record.number)));
    hits.truncate(SHOWN);
    Ok(hits)
}

fn probe(conn: &Connection, id: i64) -> Result<Option<Probe>> {
    let found = conn
        .prepare_cached(
            "select company, coalesce(first_name || ' ', '') || last_name, email_key, coalesce(phone_key, ''),
               coalesce(tax_key, ''), coalesce(street, ''), coalesce(city, ''), coalesce(postal_code, ''), country,
               domain_key, phone_key, tax_key, company_key from signup where id = ?1",
        )?
        .query_row([id], |r| {
            Ok(Probe {
                likeness: likeness(r, 0)?,
                email: r.get(2)?,
                domain: r.get(9)?,
                phone: r.get(10)?,
                tax: r.get(11)?,
                name: r.get(12)?,
            })
        })
        .optional()?;
    Ok(found)
}

fn likeness(r: &Row<'_>, from: usize) -> rusqlite::Result<Likeness> {
    let postal: String = r.get(from + 7)?;
    Ok(Likeness {
        name: r.get(from)?,
        first_name: String::new(),
        last_name: r.get(from + 1)?,
        email: r.get(from + 2)?,
        phone: r.get(from + 3)?,
        tax_number: r.get(from + 4)?,
        street: r.get(from + 5)?,
        city: r.get(from + 6)?,
        postal_code: postal.chars().filter(|c| c.is_alphanumeric()).collect(),
        country: r.get(from + 8)?,
    })
}

/// The beginning of a name, up to the end of its first word of at least four letters: an index range.
fn name_range(key: &str) -> (String, String) {
    let end = key.char_indices().find(|(i, c)| *c == ' ' && *i >= 4).map_or(key.len(), |(i, _)| i);
    let low = key[..end].to_owned();
    (low.clone(), format!("{low}\u{10ffff}"))
}

fn customers(conn: &Connection, probe: &Probe) -> Result<Vec<Candidate>> {
    let (low, high) = name_range(&probe.name);
    let shared = probe.domain.as_deref().filter(|d| !crate::domain::check::email::is_public_mail_domain(d));
    let mut statement = conn.prepare_cached(
        "with found (id) as (
           select * from (select id from customer where email_key = ?1 limit ?7)
           union select * from (select cc.customer_id from contact k join customer_contact cc on cc.contact_id = k.id where k.email_key = ?1 limit ?7)
           union select * from (select id from customer where phone_key = ?2 limit ?7)
           union select * from (select id from customer where tax_key = ?3 limit ?7)
           union select * from (select id from customer where domain_key = ?4 limit ?7)
           union select * from (select id from customer where name_key >= ?5 and name_key <= ?6 limit ?7))
         select c.name, '', case when c.id in (select cc.customer_id from contact k join customer_contact cc on cc.contact_id = k.id
                                               where k.email_key = ?1) then ?1 else coalesce(c.email_key, '') end,
           coalesce(c.phone_key, ''), coalesce(c.tax_key, ''), coalesce(a.street, ''), coalesce(c.city, ''),
           coalesce(a.postal_code, ''), coalesce(c.country, ''), c.id, c.number, c.state
         from found join customer c on c.id = found.id
         left join customer_address a on a.customer_id = c.id and a.purpose = 'business'",
    )?;
    let rows = statement
        .query_map(params![probe.email, probe.phone, probe.tax, shared, low, high, PER_KEY], |r| {
            Ok(Candidate {
                likeness: likeness(r, 0)?,
                record: RecordRef::new(RecordKind::Customer, r.get(9)?, r.get::<_, String>(10)?),
                state: r.get(11)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

fn signups(conn: &Connection, probe: &Probe, id: i64) -> Result<Vec<Candidate>> {
    let (low, high) = name_range(&probe.name);
    let mut statement = conn.prepare_cached(
        "with found (id) as (
           select * from (select id from signup where email_key = ?1 limit ?6)
           union select * from (select id from signup where phone_key = ?2 limit ?6)
           union select * from (select id from signup where tax_key = ?3 limit ?6)
           union select * from (select id from signup where company_key >= ?4 and company_key <= ?5 limit ?6))
         select t.company, coalesce(t.first_name || ' ', '') || t.last_name, t.email_key, coalesce(t.phone_key, ''),
           coalesce(t.tax_key, ''), coalesce(t.street, ''), coalesce(t.city, ''), coalesce(t.postal_code, ''), t.country,
           t.id, t.number, t.state
         from found join signup t on t.id = found.id
         where t.id <> ?7 and t.state in ('requested', 'verified_by_user', 'approved', 'expired')",
    )?;
    let rows = statement
        .query_map(params![probe.email, probe.phone, probe.tax, low, high, PER_KEY, id], |r| {
            Ok(Candidate {
                likeness: likeness(r, 0)?,
                record: RecordRef::new(RecordKind::Signup, r.get(9)?, r.get::<_, String>(10)?),
                state: r.get(11)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}
