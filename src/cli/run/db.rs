//! `countersign db …`: health, verified backups, and bringing one back.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::guard;
use crate::cli::office::{Backup, Db, Restore};
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::desk::{Desk, Error, Trouble, damage, is_newer};
use crate::domain::permission::{Actor, Permission};
use crate::domain::refusal::Refusal;
use crate::files;

/// Does one verb.
pub fn run(session: &Session, verb: Db, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        Db::Check => check(session, out),
        Db::Backup(asked) => backup(session, &asked, out),
        Db::Restore(asked) => restore(session, &asked, out),
        Db::Stats => stats(session, out),
        Db::Rebuild => rebuild(session, out),
    }
}

fn desk(session: &Session) -> Result<(Desk, Actor), Failure> {
    let (_, actor, _) = session.look(Permission::DatabaseManage)?;
    Ok((session.desk()?, actor))
}

fn check(session: &Session, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let found = match desk(session) {
        Ok((desk, _)) => desk.check()?,
        Err(failure) if failure.exit == Exit::Failed && unreadable(session) => {
            let found = damage(session.database());
            if found.is_empty() {
                return Err(failure);
            }
            let remedy = super::named_backup(session.database(), &failure.remedy);
            found.into_iter().map(|message| Trouble { message, remedy: remedy.clone() }).collect()
        }
        Err(failure) => return Err(failure),
    };
    let rows: Vec<Value> =
        found.iter().map(|t| json!({ "message": t.message, "remedy": t.remedy })).collect();
    let text = match found.is_empty() {
        true => "The database is in order: file, references, history, search and counts.".to_owned(),
        false => found.iter().map(|t| format!("wrong  {}. {}\n", t.message, t.remedy)).collect(),
    };
    out.record(&json!({ "ok": found.is_empty(), "problems": rows }), &text)?;
    Ok(if found.is_empty() { Exit::Done } else { Exit::Failed })
}

/// Makes what is derived anew; nothing that anybody wrote changes.
fn rebuild(session: &Session, out: &mut Output<'_>) -> Result<Exit, Failure> {
    session.may_write()?;
    let (mut desk, actor) = desk(session)?;
    let records = desk.rebuild_indexes(&actor)?;
    let text = format!("The indexes are new: search, and possible duplicates with {records} records.");
    out.record(&json!({ "records": records }), &text)?;
    Ok(Exit::Done)
}

/// `countersign-20261123-101500.backup` beside the database.
fn dated(session: &Session, word: &str) -> PathBuf {
    let stamp = DateTime::<Utc>::from_timestamp_millis(session.now()).unwrap_or_default();
    let stem = session.database().file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let stem = format!("{stem}-{}", stamp.format("%Y%m%d-%H%M%S"));
    let dir = files::directory_of(session.database());
    // Several within one second are told apart by a number.
    let later = (2_u32..1000).map(|n| dir.join(format!("{stem}-{n}.{word}")));
    let first = dir.join(format!("{stem}.{word}"));
    std::iter::once(first.clone()).chain(later).find(|path| path.symlink_metadata().is_err()).unwrap_or(first)
}

fn backup(session: &Session, asked: &Backup, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (desk, actor) = desk(session)?;
    let to = desk.backup(&actor, &asked.to.clone().unwrap_or_else(|| dated(session, "backup")))?;
    let bytes = std::fs::metadata(&to)?.len();
    let value = json!({ "backup": to.display().to_string(), "bytes": bytes });
    out.record(&value, &format!("{} ({bytes} bytes, verified)", to.display()))?;
    Ok(Exit::Done)
}

/// Puts a backup into the live database, after a backup of what is there now. A file that cannot be opened is put aside
/// with its log, never deleted.
fn restore(session: &Session, asked: &Restore, out: &mut Output<'_>) -> Result<Exit, Failure> {
    session.may_write()?;
    if !session.global.yes {
        let message = format!("This replaces everything in {}.", session.database().display());
        let remedy = "Add --yes; what is there now is kept in a backup beside it.";
        return Err(Refusal::new("confirmation", message, remedy).into());
    }
    files::open_regular(&asked.from)?;
    let (mut desk, actor, kept) = match desk(session) {
        Ok((desk, actor)) => {
            let kept = desk.backup(&actor, &dated(session, "before-restore"))?;
            (desk, actor, kept)
        }
        Err(failure) if failure.exit == Exit::Failed && unreadable(session) => {
            let kept = put_aside(session)?;
            files::create_new(session.database())?;
            (Desk::open(session.options.clone())?, Actor::clock(), kept)
        }
        Err(failure) => return Err(failure),
    };
    desk.restore(&actor, &asked.from)?;
    let value = json!({ "restored": asked.from.display().to_string(), "kept": kept.display().to_string() });
    let text = format!("{} is in force; what was there is in {}", asked.from.display(), kept.display());
    out.record(&value, &text)?;
    Ok(Exit::Done)
}

/// Whether the file itself is the trouble, rather than its rights or the person.
fn unreadable(session: &Session) -> bool {
    guard::database(session.database(), session.config.identity.mode).is_ok()
        && matches!(
            session.reader().map(|reader| reader.quick_check()),
            Err(_) | Ok(Err(Error::Unavailable { .. }))
        )
}

fn put_aside(session: &Session) -> Result<PathBuf, Failure> {
    let newer = is_newer(session.database());
    let kept = dated(session, if newer { "newer-schema" } else { "damaged" });
    for side in ["", "-wal", "-shm"] {
        let with = |path: &Path| PathBuf::from(format!("{}{side}", path.display()));
        let from = with(session.database());
        if from.exists() {
            std::fs::rename(&from, with(&kept))?;
        }
    }
    Ok(kept)
}

fn stats(session: &Session, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (desk, _) = desk(session)?;
    let stats = desk.stats()?;
    let wal = PathBuf::from(format!("{}-wal", session.database().display()));
    let wal = std::fs::metadata(wal).map_or(0, |found| found.len());
    let rows: serde_json::Map<String, Value> =
        stats.tables.iter().map(|(table, rows)| (table.clone(), json!(rows))).collect();
    let value = json!({
        "database": session.database().display().to_string(), "bytes": stats.bytes, "wal_bytes": wal,
        "schema": stats.schema, "sqlite": stats.sqlite, "rows": rows,
    });
    let mut text = format!(
        "{}\n{} bytes, log {wal} bytes, schema {}, SQLite {}\n",
        session.database().display(),
        stats.bytes,
        stats.schema,
        stats.sqlite
    );
    for (table, rows) in &stats.tables {
        text.push_str(&format!("  {:<14}{rows:>10}\n", table.replace('_', " ")));
    }
    out.record(&value, &text)?;
    Ok(Exit::Done)
}
