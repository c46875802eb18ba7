//! Migrations: numbered files, each applied once, all or nothing; several processes starting at once migrate once.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use super::images;
use super::open::{self, Access};
use crate::desk::error::{Error, Result};

/// Every migration in order; the version of a database is how many it has had.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../assets/migrations/0001_init.sql"),
    include_str!("../../../assets/migrations/0002_workflow.sql"),
    include_str!("../../../assets/migrations/0003_matching.sql"),
    include_str!("../../../assets/migrations/0004_duplicates.sql"),
    include_str!("../../../assets/migrations/0005_duplicate_model.sql"),
    include_str!("../../../assets/migrations/0006_aside.sql"),
    include_str!("../../../assets/migrations/0007_outside.sql"),
    include_str!("../../../assets/migrations/0008_user_names.sql"),
];

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
    check_known(conn, VERSION)
}

/// The schema is this programme's, neither newer nor older: what only reads, or only sends, does not migrate.
pub fn check_current(conn: &Connection) -> Result<()> {
    let version = check_version(conn)?;
    if version == VERSION {
        return Ok(());
    }
    if version == 0 {
        return Err(Error::Unavailable {
            message: "The database is empty: it was never set up, or what was in it is gone.".into(),
            remedy: "Bring a backup back with `countersign db restore FILE --yes`; a new office begins with \
                     `countersign init`."
                .into(),
        });
    }
    Err(Error::Unavailable {
        message: format!("The database has schema version {version}; version {VERSION} is needed."),
        remedy: "`countersign init` backs it up and migrates it; so does opening the screen.".into(),
    })
}

fn check_known(conn: &Connection, known: i64) -> Result<i64> {
    // One statement, so that another process's migration comes before all three or after them.
    let sql = "select (select application_id from pragma_application_id), (select user_version from pragma_user_version),
                 (select count(*) from sqlite_schema)";
    let (application, version, tables): (i32, i64, i64) =
        conn.query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    if application != open::APPLICATION_ID && tables > 0 {
        return Err(Error::Unavailable {
            message: "This file is a database of another programme.".into(),
            remedy: "Name ours with --db, or make a new one with `countersign init`.".into(),
        });
    }
    if version > known {
        return Err(Error::Unavailable {
            message: format!(
                "The database has schema version {version}; this programme knows versions up to {known}."
            ),
            remedy: "Install the newer programme that wrote it; nothing was touched.".into(),
        });
    }
    Ok(version)
}

/// Brings the schema up to date, with a backup first if there is anything to lose.
pub fn migrate(conn: &mut Connection, path: &Path, now: i64) -> Result<Migrated> {
    migrate_by(conn, path, now, MIGRATIONS)
}

/// Whether the file has a table of that name.
fn has_table(conn: &Connection, name: &str) -> Result<bool> {
    let sql = "select exists (select 1 from sqlite_schema where type = 'table' and name = ?1)";
    Ok(conn.query_row(sql, [name], |r| r.get(0))?)
}

/// All steps in one transaction: whoever gets the lock first takes them, and a step that fails takes none.
fn migrate_by(conn: &mut Connection, path: &Path, now: i64, steps: &[&str]) -> Result<Migrated> {
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    if check_known(conn, known)? == known {
        return Ok(Migrated::Already);
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = check_known(&tx, known)?;
    if found == known {
        return Ok(Migrated::Already);
    }
    // The lock is ours and nothing is changed yet: another connection still sees what is to be kept.
    let backup = if found > 0 { Some(keep(path, found, now)?) } else { None };
    let (had_rules, had_index) = (has_table(&tx, "rule_set")?, has_table(&tx, "match_dirty")?);
    for sql in &steps[usize::try_from(found).unwrap_or(0)..] {
        tx.execute_batch(sql)?;
    }
    // An office from before workflows gets the default ones; a new office gets them at `init`.
    if found > 0 && !had_rules && has_table(&tx, "rule_set")? {
        crate::desk::commands::workflow::seed(&tx, now)?;
    }
    // What an office from before the index holds becomes findable as a possible duplicate; later ones keep theirs.
    if found > 0 && !had_index && has_table(&tx, "match_dirty")? {
        super::matched::rebuild(&tx)?;
        crate::desk::matching::learn_office(&tx, now)?;
    }
    images::make_triggers(&tx)?;
    tx.pragma_update(None, "application_id", open::APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", known)?;
    tx.commit()?;
    Ok(match backup {
        Some(backup) => Migrated::From { from: found, backup },
        None => Migrated::Fresh,
    })
}

/// Copies the database as it is, beside it; never over another file.
fn keep(path: &Path, version: i64, now: i64) -> Result<PathBuf> {
    let to = (0..)
        .map(|n| if n == 0 { String::new() } else { format!("-{n}") })
        .map(|n| path.with_extension(format!("v{version}-{now}{n}.backup")))
        .find(|p| !p.exists())
        .expect("some number is free");
    let source = open::open(path, Access::Read)?;
    source.execute("vacuum into ?1", [to.to_string_lossy()])?;
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEXT: &str =
        "alter table setting add column note text; insert into setting (name, value) values ('a', 'b');";
    const BROKEN: &str = "create table half (id integer primary key); insert into nowhere values (1);";

    /// Today's steps and then these.
    fn and_then<'a>(more: &[&'a str]) -> Vec<&'a str> {
        MIGRATIONS.iter().copied().chain(more.iter().copied()).collect()
    }

    fn beside(path: &Path, end: &str) -> PathBuf {
        path.with_extension(format!("v{VERSION}-7{end}.backup"))
    }

    fn file() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("office.db");
        (dir, path)
    }

    fn schema(conn: &Connection) -> Vec<String> {
        let mut statement = conn.prepare("select coalesce(sql, name) from sqlite_schema order by 1").unwrap();
        statement.query_map([], |r| r.get(0)).unwrap().map(|s| s.unwrap()).collect()
    }

    #[test]
    fn a_failing_step_changes_nothing() {
        let (_dir, path) = file();
        let mut conn = open::open(&path, Access::Write).unwrap();
        migrate(&mut conn, &path, 7).unwrap();
        let before = schema(&conn);
        let failed = migrate_by(&mut conn, &path, 7, &and_then(&[NEXT, BROKEN]));
        assert!(failed.is_err());
        assert_eq!(schema(&conn), before);
        assert_eq!(check_version(&conn).unwrap(), VERSION);
        assert!(beside(&path, "").exists(), "what was there is kept all the same");
        let mut fresh = open::open(&path.with_extension("new"), Access::Write).unwrap();
        assert!(migrate_by(&mut fresh, &path, 7, &and_then(&[BROKEN])).is_err());
        assert_eq!(schema(&fresh), Vec::<String>::new());
    }

    #[test]
    fn sixteen_at_once_migrate_once_and_keep_one_backup() {
        let (dir, path) = file();
        migrate(&mut open::open(&path, Access::Write).unwrap(), &path, 7).unwrap();
        let gate = std::sync::Barrier::new(16);
        let done: Vec<Migrated> = std::thread::scope(|s| {
            let one = || {
                let mut conn = open::open(&path, Access::Write).unwrap();
                gate.wait();
                migrate_by(&mut conn, &path, 7, &and_then(&[NEXT])).unwrap()
            };
            let hands: Vec<_> = (0..16).map(|_| s.spawn(one)).collect();
            hands.into_iter().map(|h| h.join().unwrap()).collect()
        });
        let backup = beside(&path, "");
        let first = Migrated::From { from: VERSION, backup: backup.clone() };
        assert_eq!(done.iter().filter(|m| **m == first).count(), 1);
        assert_eq!(done.iter().filter(|m| **m == Migrated::Already).count(), 15);
        let kept = open::open(&backup, Access::Read).unwrap();
        assert_eq!(check_version(&kept).unwrap(), VERSION);
        let backups = std::fs::read_dir(dir.path())
            .unwrap()
            .filter(|f| f.as_ref().unwrap().file_name().to_string_lossy().ends_with(".backup"));
        assert_eq!(backups.count(), 1);
    }

    #[test]
    fn a_backup_of_the_same_moment_is_not_overwritten() {
        let (_dir, path) = file();
        let mut conn = open::open(&path, Access::Write).unwrap();
        migrate(&mut conn, &path, 7).unwrap();
        let taken = beside(&path, "");
        std::fs::write(&taken, "mine").unwrap();
        let done = migrate_by(&mut conn, &path, 7, &and_then(&[NEXT])).unwrap();
        assert_eq!(done, Migrated::From { from: VERSION, backup: beside(&path, "-1") });
        assert_eq!(std::fs::read_to_string(&taken).unwrap(), "mine");
    }

    #[test]
    fn an_office_of_the_first_schema_gets_workflows_and_their_permissions() {
        let (_dir, path) = file();
        let mut conn = open::open(&path, Access::Write).unwrap();
        conn.execute_batch(MIGRATIONS[0]).unwrap();
        conn.execute_batch(
            "insert into role (id, created_at, updated_at, name, title) values (1, 1, 1, 'approver', 'Approver');
             insert into role_permission (role_id, permission) values (1, 'signup.approve');",
        )
        .unwrap();
        conn.pragma_update(None, "application_id", open::APPLICATION_ID).unwrap();
        conn.pragma_update(None, "user_version", 1).unwrap();
        let done = migrate(&mut conn, &path, 7).unwrap();
        assert_eq!(done, Migrated::From { from: 1, backup: path.with_extension("v1-7.backup") });
        let (id, rules) = crate::desk::commands::workflow::active(&conn).unwrap().unwrap();
        assert_eq!((id, rules.workflows.len()), (1, 3));
        let may =
            "select exists (select 1 from role_permission where role_id = 1 and permission = 'work.decide')";
        assert!(conn.query_row(may, [], |r| r.get::<_, bool>(0)).unwrap());
        let outside = "select count(*) from history_row where entry_id is null and tbl = 'rule_set'";
        assert_eq!(
            conn.query_row(outside, [], |r| r.get::<_, i64>(0)).unwrap(),
            0,
            "it is no write from outside"
        );
    }
}
