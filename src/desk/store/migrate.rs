//! Migrations: numbered files, each applied once, all or nothing; several processes starting at once migrate once.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use super::{images, open};
use crate::desk::error::{Error, Result};

/// Every migration in order; the version of a database is how many it has had.
const MIGRATIONS: &[&str] = &[include_str!("../../../assets/migrations/0001_init.sql")];

/// The schema version this programme works with.
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// What became of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Migrated {
    /// It was up to date.
    Already,
    /// The database was new.
    Fresh,
    /// It was brought up from `from`; a backup lies at `backup`.
    From {
        /// The version before.
        from: i64,
        /// The copy made before.
        backup: PathBuf,
    },
}

/// The schema version of an open database; refuses foreign files and newer ones, naming both versions.
pub fn check_version(conn: &Connection) -> Result<i64> {
    let application: i32 = conn.query_row("pragma application_id", [], |r| r.get(0))?;
    let version: i64 = conn.query_row("pragma user_version", [], |r| r.get(0))?;
    let tables: i64 = conn.query_row("select count(*) from sqlite_schema", [], |r| r.get(0))?;
    if application != open::APPLICATION_ID && tables > 0 {
        return Err(Error::Unavailable {
            message: "This file is a database of another programme.".into(),
            remedy: "Name ours with --db, or make a new one with `countersign init`.".into(),
        });
    }
    if version > VERSION {
        return Err(Error::Unavailable {
            message: format!(
                "The database has schema version {version}; this programme knows versions up to {VERSION}."
            ),
            remedy: "Install the newer programme that wrote it; nothing was touched.".into(),
        });
    }
    Ok(version)
}

/// Brings the schema up to date, with a backup first if there is anything to lose.
pub fn migrate(conn: &mut Connection, path: &Path, now: i64) -> Result<Migrated> {
    let version = check_version(conn)?;
    if version == VERSION {
        return Ok(Migrated::Already);
    }
    let backup = (version > 0).then(|| path.with_extension(format!("v{version}-{now}.backup")));
    if let Some(to) = &backup {
        conn.execute("vacuum into ?1", [to.to_string_lossy()])?;
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = check_version(&tx)?;
    if found == VERSION {
        return Ok(Migrated::Already);
    }
    for sql in &MIGRATIONS[usize::try_from(found).unwrap_or(0)..] {
        tx.execute_batch(sql)?;
    }
    images::make_triggers(&tx)?;
    tx.pragma_update(None, "application_id", open::APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", VERSION)?;
    tx.commit()?;
    Ok(match backup {
        Some(backup) => Migrated::From { from: version, backup },
        None => Migrated::Fresh,
    })
}
