//! Filling a new office with samples, thousands of rows a moment: prepared inserts in big transactions, indexes and
//! search built afterwards. Works only on a database that was opened as a sample; an office in use is never one.

mod customers;
mod mail;
mod signups;

use rusqlite::{Connection, OptionalExtension, params};

pub use customers::{BulkContact, BulkCustomer};
pub use signups::BulkSignup;

use super::door::Desk;
use super::error::{Error, Result};
use super::matching;
use super::store::{history, images, matched};
use crate::domain::happened::Happened;
use crate::domain::permission::Actor;

/// Told now and then how many of how many are done.
pub type Progress<'a> = &'a mut dyn FnMut(&str, u64);

/// Rows that travel from the thread that makes them to the one that writes them at a time.
const CHUNK: usize = 1_000;

/// Chunks that may wait between the two.
const WAITING: usize = 8;

/// From so many rows on it pays to take the indexes away and to build them again.
const MANY: u64 = 500;

impl Desk {
    /// Makes this new, empty database one of samples: until [`Desk::end_sample`] nothing waits for the disk, and the
    /// bulk loaders work. Refused where history has an entry, so an office can never lose its safety.
    pub fn begin_sample(&mut self) -> Result<()> {
        let (newest, _) = history::newest(&self.conn)?;
        if newest > 0 {
            return Err(Error::Unavailable {
                message: "This database is in use; samples go only into a new one.".into(),
                remedy: "Name an empty directory.".into(),
            });
        }
        self.conn.execute_batch(
            "pragma synchronous = off; pragma journal_mode = memory; pragma cache_size = -262144; pragma threads = 2;
             insert into setting (name, value) values ('sample', 'yes');",
        )?;
        Ok(())
    }

    /// Back to the settings of every connection; what was made is on the disk afterwards.
    pub fn end_sample(&mut self) -> Result<()> {
        self.conn.execute_batch(
            "pragma optimize = 0x10002; pragma synchronous = full; pragma journal_mode = wal;
             pragma cache_size = -2000; pragma threads = 0;",
        )?;
        self.conn.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
        Ok(())
    }

    fn must_be_sample(&self) -> Result<()> {
        let marked: Option<String> = self
            .conn
            .query_row("select value from setting where name = 'sample'", [], |r| r.get(0))
            .optional()?;
        marked.map(drop).ok_or_else(|| Error::Bug("a bulk load into a database that is no sample".into()))
    }

    /// Loads under one history entry: no row images, triggers off, `load` writes rows.
    fn load(
        &mut self,
        actor: &Actor,
        what: Load,
        load: impl FnOnce(&Connection, i64) -> Result<u64>,
    ) -> Result<u64> {
        self.must_be_sample()?;
        let now = self.now();
        let tx = self.conn.transaction()?;
        let (newest, prev_hash) = history::newest(&tx)?;
        tx.execute("update history_open set entry_id = ?1, images = 0", [newest + 1])?;
        let aside = Aside::take(&tx, what)?;
        let loaded = load(&tx, now)?;
        aside.put_back(&tx)?;
        tx.execute("update history_open set entry_id = null, images = 1", [])?;
        let opening = history::Opening {
            id: newest + 1,
            group: newest + 1,
            at: now,
            actor,
            command: what.command,
            prev_hash: &prev_hash,
        };
        let happened = Happened { kind: what.happened, ..Happened::default() }.fact("rows", loaded);
        history::write(&tx, &opening, &happened, None)?;
        // What is loaded is found as a possible duplicate by whatever comes next.
        match what.counted {
            "signup" => matched::rebuild_signups(&tx)?,
            _ => drop(matched::rebuild(&tx)?),
        }
        matching::learn_office(&tx, now)?;
        tx.commit()?;
        Ok(loaded)
    }
}

/// What a load is called and which tables it fills.
#[derive(Clone, Copy)]
struct Load {
    command: &'static str,
    happened: &'static str,
    tables: &'static [&'static str],
    /// Table of the kind whose states are counted, and which has a search index.
    counted: &'static str,
    rows: u64,
}

/// Triggers and, for many rows, indexes of the tables, taken away for the time of the load.
struct Aside {
    what: Load,
    triggers: Vec<String>,
    indexes: Vec<String>,
}

impl Aside {
    fn take(conn: &Connection, what: Load) -> Result<Self> {
        let mut aside = Self { what, triggers: Vec::new(), indexes: Vec::new() };
        for table in what.tables {
            aside.triggers.extend(take(conn, "trigger", table)?);
            if what.rows >= MANY {
                aside.indexes.extend(take(conn, "index", table)?);
            }
        }
        Ok(aside)
    }

    /// Indexes first, each sorted once; then the search index and the counts in one pass each; then the triggers.
    fn put_back(self, conn: &Connection) -> Result<()> {
        for sql in &self.indexes {
            conn.execute_batch(sql)?;
        }
        let table = self.what.counted;
        fill_search(conn, table, self.what.rows)?;
        conn.execute("delete from tally where kind = ?1", [table])?;
        conn.execute(
            &format!("insert into tally select ?1, state, count(*) from {table} group by state"),
            [table],
        )?;
        for sql in &self.triggers {
            conn.execute_batch(sql)?;
        }
        images::make_triggers(conn)?;
        Ok(())
    }
}

fn take(conn: &Connection, kind: &str, table: &str) -> Result<Vec<String>> {
    let mut statement = conn.prepare(
        "select name, sql from sqlite_schema where type = ?1 and tbl_name = ?2 and sql is not null order by rowid",
    )?;
    let found: Vec<(String, String)> = statement
        .query_map([kind, table], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    found
        .into_iter()
        .map(|(name, sql)| {
            conn.execute_batch(&format!("drop {kind} \"{name}\""))?;
            Ok(sql)
        })
        .collect()
}

/// Builds the trigram index in one pass over the table.
fn fill_search(conn: &Connection, table: &str, _rows: u64) -> Result<()> {
    conn.execute_batch(&format!("insert into {table}_fts ({table}_fts) values ('rebuild')"))?;
    Ok(())
}

/// The next number of a sequence, which moves on by `count`: its prefix, the number, the width.
fn take_numbers(conn: &Connection, name: &str, count: u64) -> Result<(String, u64, usize)> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let found: (String, i64, i64) = conn
        .prepare_cached(
            "update number_sequence set next = next + ?2 where name = ?1 returning prefix, next - ?2, width",
        )?
        .query_row(params![name, count], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    Ok((found.0, u64::try_from(found.1).unwrap_or(1), usize::try_from(found.2).unwrap_or(6)))
}
