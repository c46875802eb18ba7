//! Upkeep of the database: figures, the search index, and the sweep that lets old codes run out.

use rusqlite::params;

use super::command::Command;
use super::commands::signup::ExpireSignup;
use super::door::Desk;
use super::error::Result;
use super::outbox;
use super::reader::Reader;
use super::store::migrate;
use crate::domain::permission::Actor;

/// Figures of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// Bytes of the main file.
    pub bytes: i64,
    /// Schema version.
    pub schema: i64,
    /// SQLite's version.
    pub sqlite: String,
    /// Rows by table.
    pub tables: Vec<(String, i64)>,
}

impl Desk {
    /// Builds the search indexes anew from their tables.
    pub fn rebuild_search(&mut self) -> Result<()> {
        for fts in ["signup_fts", "customer_fts"] {
            self.conn.execute(&format!("insert into {fts} ({fts}) values ('rebuild')"), [])?;
        }
        Ok(())
    }

    /// Figures.
    pub fn stats(&self) -> Result<Stats> {
        let bytes: i64 = self.conn.query_row(
            "select page_count * page_size from pragma_page_count, pragma_page_size",
            [],
            |r| r.get(0),
        )?;
        let mut tables = Vec::new();
        for table in [
            "signup",
            "customer",
            "contact",
            "user_request",
            "portal_user",
            "template",
            "staff",
            "outbox",
            "history",
            "history_row",
        ] {
            let n = self.conn.query_row(&format!("select count(*) from {table}"), [], |r| r.get(0))?;
            tables.push((table.to_owned(), n));
        }
        Ok(Stats { bytes, schema: migrate::VERSION, sqlite: rusqlite::version().into(), tables })
    }

    /// Lets sign-ups whose code is too old expire, at most 500 a call; gives how many. Wipes the secrets of mails that
    /// were taken out of the queue a day ago. Any process may call it.
    pub fn sweep(&mut self) -> Result<usize> {
        let now = self.now();
        outbox::wipe_taken_out(&self.conn, now - 86_400_000)?;
        let due: Vec<i64> = {
            let mut statement = self.conn.prepare_cached(
                "select id from signup where state = 'requested' and code_expires_at <= ?1 order by code_expires_at limit 500",
            )?;
            statement.query_map(params![now], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?
        };
        if due.is_empty() {
            return Ok(0);
        }
        let commands = due.into_iter().map(|id| Command::ExpireSignup(ExpireSignup { id })).collect();
        let results = self.execute_all(&Actor::clock(), commands);
        Ok(results.iter().filter(|r| r.is_ok()).count())
    }
}

impl Reader {
    /// A quick look for damage, for use after an error.
    pub fn quick_check(&self) -> Result<bool> {
        Ok(self.verify_quickly()? == "ok")
    }
}
