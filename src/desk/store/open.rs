//! Connections: every one is opened here with the same settings (trust.md, Settings of every connection).

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::migrate;
use crate::desk::error::{Error, Result};
use crate::desk::medium;

/// "csgn" as a number: tells our files from others.
pub const APPLICATION_ID: i32 = 0x6373_676e;

/// Older SQLite can corrupt a WAL that processes share.
const LEAST_SQLITE: i32 = 3_051_003;

/// Whether a connection may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The door.
    Write,
    /// Readers, and `--read-only`.
    Read,
}

/// Opens `path` (`:memory:` too) with every setting in place. Does not migrate.
pub fn open(path: &Path, access: Access) -> Result<Connection> {
    if rusqlite::version_number() < LEAST_SQLITE {
        return Err(Error::Bug(format!("SQLite {} is too old", rusqlite::version())));
    }
    let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    flags |= match access {
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let at_rest = if access == Access::Read { medium::at_rest(path) } else { None };
    let mut conn = match at_rest {
        Some(uri) => Connection::open_with_flags(uri, flags)?,
        None => Connection::open_with_flags(path, flags)?,
    };
    conn.busy_handler(Some(wait_a_little))?;
    // Before anything is set that stays in the file: it may be another programme's, or of a newer schema.
    migrate::check_version(&conn)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_prepared_statement_cache_capacity(64);
    if access == Access::Write {
        write_ahead(&conn)?;
    }
    conn.execute_batch(
        "pragma synchronous = full; pragma foreign_keys = on; pragma cell_size_check = on;
         pragma secure_delete = on; pragma mmap_size = 0; pragma temp_store = memory;",
    )?;
    conn.create_scalar_function(
        "fold",
        1,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
        |context| Ok(context.get::<Option<String>>(0)?.map(|text| crate::domain::text::fold(&text))),
    )?;
    Ok(conn)
}

/// Switches to the write-ahead log. The switch does not ask the busy handler, so that of several processes that make a
/// new file at once all but one would be told that it is busy.
fn write_ahead(conn: &Connection) -> Result<()> {
    for tries in 0.. {
        match conn.pragma_update(None, "journal_mode", "wal") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && wait_a_little(tries) => {}
            done => return Ok(done?),
        }
    }
    Ok(())
}

/// Opens a file that is to become a copy of ours: nothing in it yet, so nothing to check.
pub fn scratch(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

/// Makes a database that nobody opens again: nothing in it need outlive a crash, so nothing waits for the disk.
pub fn throw_away(path: &Path) -> Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.execute_batch("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -24000;")?;
    Ok(conn)
}

/// Does something that gives way at once where the database is busy.
pub fn without_waiting<T>(
    conn: &mut Connection,
    task: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    conn.busy_handler(None::<fn(i32) -> bool>)?;
    let done = task(conn);
    conn.busy_handler(Some(wait_a_little))?;
    done
}

/// SQLite's stock time-out was measured to fail a few of 8,000 writes among 8 writers; short even polls failed none.
#[expect(
    clippy::disallowed_methods,
    reason = "a busy handler must wait in place; it runs on the desk's own thread"
)]
fn wait_a_little(tries: i32) -> bool {
    std::thread::sleep(std::time::Duration::from_micros(
        500 + 100 * u64::from(tries.clamp(0, 15).unsigned_abs()),
    ));
    tries < 10_000
}
