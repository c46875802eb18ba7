//! Upkeep of the database: figures, the search index, and the sweep that lets old codes run out.

use rusqlite::params;

use super::command::Command;
use super::commands::signup::ExpireSignup;
use super::commands::work::ClockItem;
use super::door::Desk;
use super::error::Result;
use super::outbox;
use super::reader::Reader;
use super::store::migrate;
use crate::domain::permission::{Actor, Permission};

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
    pub(super) fn rebuild_search(&mut self) -> Result<()> {
        for fts in ["signup_fts", "customer_fts"] {
            self.conn.execute(&format!("insert into {fts} ({fts}) values ('rebuild')"), [])?;
        }
        Ok(())
    }

    /// Makes the indexes of search and of possible duplicates anew; gives how many records the latter holds.
    ///
    /// # Errors
    /// Refused without the permission `db.manage`.
    pub fn rebuild_indexes(&mut self, actor: &Actor) -> Result<u64> {
        actor.allow(Permission::DatabaseManage)?;
        self.rebuild_search()?;
        self.rebuild_duplicates()
    }

    /// Makes the index of possible duplicates anew; gives how many records it holds.
    pub(super) fn rebuild_duplicates(&mut self) -> Result<u64> {
        let now = self.now();
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let records = super::store::matched::rebuild(&tx)?;
        super::matching::learn_office(&tx, now)?;
        tx.commit()?;
        Ok(records)
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
            "workflow_instance",
            "work_item",
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

    /// What time brings about: sign-ups whose code is too old expire; reminders, escalations and final actions of work
    /// items come due; at most 500 of each a call; the day's digests go out. Gives how many. Wipes the secrets of mails that were taken out
    /// of the queue a day ago. Any process may call it; each thing happens once, whoever looks first.
    pub fn sweep(&mut self) -> Result<usize> {
        let now = self.now();
        outbox::wipe_taken_out(&self.conn, now - 86_400_000)?;
        let expired = self.due(
            "select id from signup where state = 'requested' and code_expires_at <= ?1 order by code_expires_at limit 500",
            |id| Command::ExpireSignup(ExpireSignup { id }),
        )?;
        let looked = self.due(
            "select id from work_item where state = 'open' and clock_at is not null and clock_at <= ?1 order by clock_at, id limit 500",
            |id| Command::ClockItem(ClockItem { id }),
        )?;
        Ok(expired + looked + self.digests()?)
    }

    /// Runs a command of the clock for each row that is due; a row that fails holds up no other.
    fn due(&mut self, sql: &str, command: impl Fn(i64) -> Command) -> Result<usize> {
        let now = self.now();
        let due: Vec<i64> = {
            let mut statement = self.conn.prepare_cached(sql)?;
            statement.query_map(params![now], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?
        };
        if due.is_empty() {
            return Ok(0);
        }
        let results = self.execute_all(&Actor::clock(), due.into_iter().map(command).collect());
        for error in results.iter().filter_map(|r| r.as_ref().err()) {
            tracing::warn!(%error, "the clock");
        }
        Ok(results.iter().filter(|r| r.is_ok()).count())
    }
}

impl Reader {
    /// A quick look for damage, for use after an error.
    pub fn quick_check(&self) -> Result<bool> {
        Ok(self.verify_quickly()? == "ok")
    }
}
