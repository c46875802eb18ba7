//! Upkeep of the database: online backup, restore, figures, and the sweep that lets old codes run out.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::params;

use super::command::Command;
use super::commands::signup::ExpireSignup;
use super::door::Desk;
use super::error::{Error, Result};
use super::outbox;
use super::reader::Reader;
use super::store::open::Access;
use super::store::{history, migrate, open};
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

    /// An online backup: copied to a temporary file, checked, then renamed to `to`. Never overwrites.
    pub fn backup(&self, to: &Path) -> Result<PathBuf> {
        let unusable = |message: String| Error::Unavailable {
            message,
            remedy: "Name a new file in a directory you may write.".into(),
        };
        if to.exists() {
            return Err(unusable(format!("{} exists already.", to.display())));
        }
        let part = to.with_extension("part");
        {
            let mut copy = rusqlite::Connection::open(&part)
                .map_err(|e| unusable(format!("{}: {e}.", part.display())))?;
            Backup::new(&self.conn, &mut copy)?.run_to_completion(4096, Duration::ZERO, None)?;
            copy.pragma_update(None, "journal_mode", "delete")?;
            let whole: String = copy.query_row("pragma integrity_check(1)", [], |r| r.get(0))?;
            let verdict = history::verify(&copy)?;
            if whole != "ok" || verdict.bad.is_some() {
                let _ = std::fs::remove_file(&part);
                return Err(Error::Unavailable {
                    message: format!("The copy does not check out ({whole}); it was not kept."),
                    remedy: "Run `countersign db check`.".into(),
                });
            }
        }
        let sync = || -> std::io::Result<()> {
            std::fs::File::open(&part)?.sync_all()?;
            std::fs::rename(&part, to)
        };
        sync().map_err(|e| unusable(format!("{}: {e}.", to.display())))?;
        Ok(to.to_owned())
    }

    /// Puts a verified backup into the live database through the backup API; readers see it at once.
    pub fn restore(&mut self, from: &Path) -> Result<()> {
        let source = open::open(from, Access::Read)?;
        migrate::check_version(&source)?;
        let whole: String = source.query_row("pragma integrity_check(1)", [], |r| r.get(0))?;
        let verdict = history::verify(&source)?;
        if let (true, Some((entry, what))) | (false, Some((entry, what))) = (whole == "ok", verdict.bad) {
            return Err(Error::Unavailable {
                message: format!("The backup does not verify: history entry {entry}: {what}."),
                remedy: "Take another backup; nothing was changed.".into(),
            });
        }
        if whole != "ok" {
            return Err(Error::Unavailable {
                message: format!("The backup is damaged: {whole}."),
                remedy: "Take another backup; nothing was changed.".into(),
            });
        }
        Backup::new(&source, &mut self.conn)?.run_to_completion(4096, Duration::ZERO, None)?;
        migrate::migrate(&mut self.conn, &self.options.path, self.options.clock.now())?;
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
