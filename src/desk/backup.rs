//! Backup and restore while others work: a copy is checked before it has its name, and is never put over a file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::door::Desk;
use super::error::{Error, Result};
use super::store::open::{self, Access};
use super::store::{history, migrate};
use crate::domain::permission::{Actor, Permission};

/// All pages in one step: the copy is of one moment, and no writer can make it begin again.
const ALL_PAGES: i32 = i32::MAX;

/// Between tries while somebody writes.
const PAUSE: Duration = Duration::from_millis(5);

impl Desk {
    /// An online backup: copied to a temporary file beside `to`, checked, then given its name. Never overwrites.
    /// Who takes one away holds everything, so it needs the permission of the database.
    pub fn backup(&self, actor: &Actor, to: &Path) -> Result<PathBuf> {
        actor.allow(Permission::DatabaseManage)?;
        let unusable = |what: String| Error::Unavailable {
            message: format!("{}: {what}.", to.display()),
            remedy: "Name a new file in a directory you may write.".into(),
        };
        if to.symlink_metadata().is_ok() {
            return Err(unusable("exists already".into()));
        }
        let dir = to.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !dir.is_dir() {
            return Err(unusable(format!("there is no directory {}", dir.display())));
        }
        let part = tempfile::Builder::new()
            .prefix(".backup-")
            .tempfile_in(dir)
            .map_err(|e| unusable(e.to_string()))?;
        {
            let mut copy = open::scratch(part.path())?;
            Backup::new(&self.conn, &mut copy)?.run_to_completion(ALL_PAGES, PAUSE, None)?;
            copy.pragma_update(None, "journal_mode", "delete")?;
            check(&copy, "The copy", "Run `countersign db check`.")?;
        }
        part.as_file().sync_all().map_err(|e| unusable(e.to_string()))?;
        part.persist_noclobber(to).map_err(|e| unusable(e.error.to_string()))?;
        std::fs::File::open(dir).and_then(|d| d.sync_all()).map_err(|e| unusable(e.to_string()))?;
        Ok(to.to_owned())
    }

    /// Puts a verified backup into the live database through the backup API; readers see it at once. In a database that
    /// has no staff yet there is nobody to ask and nothing to lose: whoever may write the file may fill it.
    pub fn restore(&mut self, actor: &Actor, from: &Path) -> Result<()> {
        let staffed: bool = self.conn.query_row("select exists (select 1 from staff)", [], |r| r.get(0))?;
        if staffed {
            actor.allow(Permission::DatabaseManage)?;
        }
        let source = open::open(from, Access::Read)?;
        if migrate::check_version(&source)? == 0 {
            return Err(Error::Unavailable {
                message: format!("{} is empty; it is no backup.", from.display()),
                remedy: "Name a file that `countersign db backup` wrote; nothing was changed.".into(),
            });
        }
        check(&source, "The backup", "Take another backup; nothing was changed.")?;
        Backup::new(&source, &mut self.conn)?.run_to_completion(ALL_PAGES, PAUSE, None)?;
        migrate::migrate(&mut self.conn, &self.options.path, self.options.clock.now())?;
        Ok(())
    }
}

/// What a damaged file's own check says of it, at most twenty lines; nothing where it finds nothing. The file is only read.
pub fn damage(path: &Path) -> Vec<String> {
    let read = || -> rusqlite::Result<Vec<String>> {
        let conn = Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut statement = conn.prepare("pragma integrity_check(20)")?;
        statement.query_map([], |r| r.get(0))?.collect()
    };
    match read() {
        Ok(lines) => lines.into_iter().filter(|line| line != "ok").collect(),
        Err(error) => vec![format!("The file cannot be read: {error}")],
    }
}

/// Whether the file is a sound one of ours that a newer programme wrote, by its header.
pub fn is_newer(path: &Path) -> bool {
    let mut header = [0_u8; 72];
    let read =
        std::fs::File::open(path).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut header));
    let number =
        |at: usize| header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(i32::from_be_bytes);
    read.is_ok()
        && header.starts_with(b"SQLite format 3\0")
        && number(68) == Some(open::APPLICATION_ID)
        && number(60).is_some_and(|version| i64::from(version) > migrate::VERSION)
}

/// The file is whole and its history holds.
fn check(conn: &Connection, what: &str, remedy: &str) -> Result<()> {
    let damage = |found: String| {
        Err(Error::Unavailable {
            message: format!("{what} does not check out: {found}."),
            remedy: remedy.into(),
        })
    };
    let whole: String = conn.query_row("pragma integrity_check(1)", [], |r| r.get(0))?;
    if whole != "ok" {
        return damage(whole);
    }
    match history::verify(conn)?.bad {
        Some((entry, why)) => damage(format!("history entry {entry} {why}")),
        None => Ok(()),
    }
}
