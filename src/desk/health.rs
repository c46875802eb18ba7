//! `db check`: everything that can be wrong with the file, each with what to do. Reads; repairs nothing.

use rusqlite::Connection;

use super::door::Desk;
use super::error::Result;
use super::store::{history, images, matched};

/// One finding of `db check`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

const RESTORE: &str = "Restore the newest backup with `countersign db restore FILE`.";
const COMPARE: &str = "Somebody changed the file past the programme; compare with a backup.";

impl Desk {
    /// Everything that can be wrong with the file: structure, foreign keys, history chain, rows that are not as
    /// history left them, search index, tallies.
    pub fn check(&self) -> Result<Vec<Trouble>> {
        let mut found = Found(Vec::new());
        let conn = &self.conn;
        structure(conn, &mut found)?;
        written(conn, &mut found)?;
        search(conn, &mut found);
        duplicates(conn, &mut found)?;
        tallies(conn, &mut found)?;
        Ok(found.0)
    }
}

struct Found(Vec<Trouble>);

impl Found {
    fn add(&mut self, message: String, remedy: &str) {
        self.0.push(Trouble { message, remedy: remedy.into() });
    }
}

fn structure(conn: &Connection, found: &mut Found) -> Result<()> {
    let mut statement = conn.prepare("pragma integrity_check(20)")?;
    for line in statement.query_map([], |r| r.get::<_, String>(0))? {
        let line = line?;
        if line != "ok" {
            found.add(line, RESTORE);
        }
    }
    let orphans: i64 = conn.query_row("select count(*) from pragma_foreign_key_check", [], |r| r.get(0))?;
    if orphans > 0 {
        found.add(format!("{orphans} rows refer to rows that do not exist"), RESTORE);
    }
    Ok(())
}

/// What was written past the programme, in history or in the rows.
fn written(conn: &Connection, found: &mut Found) -> Result<()> {
    let verdict = history::verify(conn)?;
    if let Some((entry, what)) = verdict.bad {
        found.add(format!("history entry {entry}: {what}"), COMPARE);
    }
    if verdict.outside > 0 {
        found.add(
            format!("{} rows were written past the programme", verdict.outside),
            "`countersign history --verify` lists them; find out who writes to the file.",
        );
    }
    let missing = images::missing_triggers(conn)?;
    if !missing.is_empty() {
        found.add(format!("the file lacks what keeps history: {}", missing.join(", ")), COMPARE);
    }
    for (table, rows) in images::strays(conn)? {
        let first = rows.first().copied().unwrap_or_default();
        let n = rows.len();
        found
            .add(format!("not as history left it: {n} of table {table}, the first with id {first}"), COMPARE);
    }
    Ok(())
}

fn search(conn: &Connection, found: &mut Found) {
    for fts in ["signup_fts", "customer_fts"] {
        let sql = format!("insert into {fts} ({fts}, rank) values ('integrity-check', 1)");
        if let Err(error) = conn.execute(&sql, []) {
            found.add(
                format!("the search index {fts} does not fit its table ({error})"),
                "Make it anew with `countersign db rebuild`.",
            );
        }
    }
}

fn duplicates(conn: &Connection, found: &mut Found) -> Result<()> {
    for wrong in matched::check(conn)? {
        found.add(
            format!("the index of possible duplicates: {wrong}"),
            "Make it anew with `countersign db rebuild`.",
        );
    }
    Ok(())
}

fn tallies(conn: &Connection, found: &mut Found) -> Result<()> {
    for (kind, table) in [("signup", "signup"), ("customer", "customer"), ("mail", "outbox")] {
        let sql = format!(
            "with kept as (select state, n from tally where kind = ?1 and n <> 0),
                  counted as (select state, count(*) as n from {table} group by state)
             select count(distinct state) from (select * from (select * from kept except select * from counted)
               union select * from (select * from counted except select * from kept))"
        );
        let off: i64 = conn.query_row(&sql, [kind], |r| r.get(0))?;
        if off > 0 {
            found.add(format!("the counts of {kind} are off in {off} states"), RESTORE);
        }
    }
    Ok(())
}
