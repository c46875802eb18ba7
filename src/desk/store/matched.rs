//! Keeps the index of possible duplicates in step with customers, contacts and sign-ups: what the triggers marked is
//! looked at again in the transaction that changed it.

use rusqlite::{Connection, Row, params};

use super::matching::{Matching, Owner};
use crate::desk::error::Result;
use crate::matching::Likeness;
use crate::matching::normalise::Normalised;

/// One record for each person of a customer, and one for the customer where it has an address or phone of its own.
const PERSONS: &str = "select c.name, coalesce(k.first_name, ''), coalesce(k.last_name, ''), coalesce(k.email, c.email, ''), coalesce(k.phone, c.phone, ''),
     coalesce(c.tax_number, ''), coalesce(a.street, ''), coalesce(a.city, c.city, ''), coalesce(a.postal_code, ''), coalesce(a.country, c.country, ''), c.id
   from customer c left join customer_address a on a.customer_id = c.id and a.purpose = 'business'
   left join customer_contact cc on cc.customer_id = c.id left join contact k on k.id = cc.contact_id";

const CUSTOMER: &str = "select c.name, '', '', coalesce(c.email, ''), coalesce(c.phone, ''), coalesce(c.tax_number, ''), coalesce(a.street, ''),
     coalesce(a.city, c.city, ''), coalesce(a.postal_code, ''), coalesce(a.country, c.country, ''), c.id
   from customer c left join customer_address a on a.customer_id = c.id and a.purpose = 'business'";

const SIGNUP: &str = "select t.company, coalesce(t.first_name, ''), t.last_name, t.email, coalesce(t.phone, ''), coalesce(t.tax_number, ''), coalesce(t.street, ''),
     coalesce(t.city, ''), coalesce(t.postal_code, ''), t.country, t.id from signup t";

const OPEN: &str = "t.state in ('requested', 'verified_by_user', 'approved', 'expired')";

fn likeness(r: &Row<'_>) -> rusqlite::Result<Likeness> {
    Ok(Likeness {
        name: r.get(0)?,
        first_name: r.get(1)?,
        last_name: r.get(2)?,
        email: r.get(3)?,
        phone: r.get(4)?,
        tax_number: r.get(5)?,
        street: r.get(6)?,
        city: r.get(7)?,
        postal_code: r.get(8)?,
        country: r.get(9)?,
    })
}

fn rows(conn: &Connection, sql: &str, id: i64) -> Result<Vec<Likeness>> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([id], likeness)?.collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// The values of an owner as given, each record of it.
pub fn values(conn: &Connection, owner: Owner) -> Result<Vec<Likeness>> {
    match owner {
        Owner::Customer(id) => {
            let mut all = rows(conn, &format!("{PERSONS} where c.id = ?1 order by cc.id"), id)?;
            let own = rows(conn, &format!("{CUSTOMER} where c.id = ?1"), id)?;
            for plain in own {
                let told = all.iter().any(|p| p.email == plain.email && p.phone == plain.phone);
                if !(told || plain.email.is_empty() && plain.phone.is_empty()) {
                    all.push(plain);
                }
            }
            Ok(all)
        }
        Owner::Signup(id) => rows(conn, &format!("{SIGNUP} where t.id = ?1"), id),
    }
}

/// What was marked since the last time is looked at again. Called before every commit.
pub fn refresh(conn: &Connection) -> Result<()> {
    let dirty: Vec<(i64, i64)> = {
        let mut statement = conn.prepare_cached("select kind, owner from match_dirty")?;
        statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?
    };
    if dirty.is_empty() {
        return Ok(());
    }
    let matching = Matching(conn);
    for (kind, id) in dirty {
        let owner = if kind == 1 { Owner::Customer(id) } else { Owner::Signup(id) };
        let records: Vec<Likeness> = match owner {
            Owner::Customer(_) => values(conn, owner)?,
            Owner::Signup(id) => rows(conn, &format!("{SIGNUP} where t.id = ?1 and {OPEN}"), id)?,
        };
        let records: Vec<Normalised> = records.iter().map(Normalised::of).collect();
        matching.put(owner, &records)?;
    }
    conn.prepare_cached("delete from match_dirty")?.execute([])?;
    Ok(())
}

/// Makes the whole index anew from customers, contacts and open sign-ups; gives how many records it holds.
pub fn rebuild(conn: &Connection) -> Result<u64> {
    conn.execute_batch("delete from match_record; delete from match_dirty;")?;
    let alone = format!(
        "{CUSTOMER} where coalesce(c.email, c.phone) is not null and exists (select 1 from customer_contact cc where cc.customer_id = c.id)"
    );
    let count = load(conn, PERSONS, Owner::Customer)? + load(conn, &alone, Owner::Customer)?;
    let count = count + load(conn, &format!("{SIGNUP} where {OPEN}"), Owner::Signup)?;
    Matching(conn).build()?;
    Ok(count)
}

/// The same where only sign-ups came in: customers stay as the index knows them.
pub fn rebuild_signups(conn: &Connection) -> Result<()> {
    conn.execute_batch("delete from match_record where kind = 2; delete from match_dirty where kind = 2;")?;
    load(conn, &format!("{SIGNUP} where {OPEN}"), Owner::Signup)?;
    Matching(conn).build()?;
    Ok(())
}

fn load(conn: &Connection, sql: &str, owner: fn(i64) -> Owner) -> Result<u64> {
    let matching = Matching(conn);
    let mut count = 0;
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let record = Normalised::of(&likeness(row)?);
        if !record.is_empty() {
            matching.load(owner(row.get(10)?), &record)?;
            count += 1;
        }
    }
    Ok(count)
}

/// The newest sign-ups as probes, at most so many: what an estimate learns from. Open ones are in the index themselves,
/// so only those that were decided teach.
pub fn probes(conn: &Connection, most: usize) -> Result<Vec<Normalised>> {
    let sql =
        format!("{SIGNUP} where t.state in ('created', 'rejected', 'withdrawn') order by t.id desc limit ?1");
    Ok(rows(conn, &sql, i64::try_from(most).unwrap_or(i64::MAX))?.iter().map(Normalised::of).collect())
}

/// Rows that the index should know and does not, and keys that lost a record; looks at some.
pub fn check(conn: &Connection) -> Result<Vec<String>> {
    let mut wrong = Matching(conn).check(2_000)?;
    let missing: i64 = conn.query_row(
        &format!(
            "select count(*) from (select t.id from signup t where {OPEN} order by t.id desc limit 2000) s
             where not exists (select 1 from match_record m where m.kind = 2 and m.owner = s.id)"
        ),
        params![],
        |r| r.get(0),
    )?;
    if missing > 0 {
        wrong.push(format!("{missing} open sign-ups are not in the index of possible duplicates"));
    }
    Ok(wrong)
}
