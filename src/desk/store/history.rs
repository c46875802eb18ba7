//! The history table: one entry per command, each hash taken over the one before, the entry and its row images.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::images;
use crate::desk::error::Result;
use crate::desk::query::history::Verdict;
use crate::domain::happened::Happened;
use crate::domain::permission::Actor;

/// What is known of an entry before the command has run.
pub struct Opening<'a> {
    pub id: i64,
    pub group: i64,
    pub at: i64,
    pub actor: &'a Actor,
    pub command: &'static str,
    pub prev_hash: &'a str,
}

/// The newest entry: its id and hash; 0 and zeros in a new database.
pub fn newest(conn: &Connection) -> Result<(i64, String)> {
    let found = conn
        .prepare_cached("select id, hash from history order by id desc limit 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)));
    match found {
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok((0, "0".repeat(64))),
        other => Ok(other?),
    }
}

/// The hash of the first entry: no two offices have the same, and a copy or a backup of one has its.
pub fn first(conn: &Connection) -> Result<String> {
    let found = conn.prepare_cached("select hash from history where id = 1")?.query_row([], |r| r.get(0));
    match found {
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(String::new()),
        other => Ok(other?),
    }
}

/// When the latest of the newest entries was written. A wall clock that was set back does not move it (trust.md, Faults:
/// clock jumps).
pub fn latest_at(conn: &Connection) -> Result<i64> {
    let sql = "select coalesce(max(at), 0) from (select at from history order by id desc limit 100)";
    Ok(conn.prepare_cached(sql)?.query_row([], |r| r.get(0))?)
}

/// Says which entry the triggers write their images for.
pub fn open(conn: &Connection, entry: Option<i64>) -> Result<()> {
    conn.prepare_cached("update history_open set entry_id = ?1")?.execute([entry])?;
    Ok(())
}

/// Writes the entry; gives its hash.
pub fn write(
    conn: &Connection,
    opening: &Opening<'_>,
    happened: &Happened,
    undoes: Option<i64>,
) -> Result<String> {
    let detail = serde_json::Value::Object(happened.detail.clone()).to_string();
    let record = happened.record.as_ref();
    let fields = Fields {
        id: opening.id,
        group: opening.group,
        at: opening.at,
        actor_id: opening.actor.staff_id(),
        actor: &opening.actor.login,
        acting_as: opening.actor.real.as_deref(),
        how: opening.actor.how.as_str(),
        command: opening.command,
        kind: happened.kind,
        record_kind: record.map(|r| r.kind.as_str()),
        record_id: record.map(|r| r.id),
        record: record.map(|r| r.number.as_str()),
        from: happened.from,
        to: happened.to,
        note: happened.note.as_deref(),
        reason: happened.reason.as_deref(),
        detail: &detail,
        undoes,
    };
    let mut chain = fields.digest(opening.prev_hash);
    for image in images::of_entry(conn, opening.id)? {
        digest_image(&mut chain, &image.table, image.row, image.before.as_deref(), image.after.as_deref());
    }
    let hash = hex(&chain.finalize());
    conn.prepare_cached(
        "insert into history (id, group_id, at, actor_id, actor, acting_as, how, command, kind, record_kind, record_id,
           record, from_state, to_state, note, reason, detail, undoes, prev_hash, hash)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
    )?
    .execute(params![
        fields.id,
        fields.group,
        fields.at,
        fields.actor_id,
        fields.actor,
        fields.acting_as,
        fields.how,
        fields.command,
        fields.kind,
        fields.record_kind,
        fields.record_id,
        fields.record,
        fields.from,
        fields.to,
        fields.note,
        fields.reason,
        fields.detail,
        fields.undoes,
        opening.prev_hash,
        hash
    ])?;
    Ok(hash)
}

struct Fields<'a> {
    id: i64,
    group: i64,
    at: i64,
    actor_id: Option<i64>,
    actor: &'a str,
    acting_as: Option<&'a str>,
    how: &'a str,
    command: &'a str,
    kind: &'a str,
    record_kind: Option<&'a str>,
    record_id: Option<i64>,
    record: Option<&'a str>,
    from: Option<&'a str>,
    to: Option<&'a str>,
    note: Option<&'a str>,
    reason: Option<&'a str>,
    detail: &'a str,
    undoes: Option<i64>,
}

impl Fields<'_> {
    fn digest(&self, prev_hash: &str) -> Sha256 {
        let mut chain = Sha256::new();
        let mut number = |n: Option<i64>| match n {
            Some(n) => {
                chain.update([1]);
                chain.update(n.to_be_bytes());
            }
            None => chain.update([0]),
        };
        for n in [Some(self.id), Some(self.group), Some(self.at), self.actor_id, self.record_id, self.undoes]
        {
            number(n);
        }
        for text in [
            Some(prev_hash),
            Some(self.actor),
            self.acting_as,
            Some(self.how),
            Some(self.command),
            Some(self.kind),
        ]
        .into_iter()
        .chain([
            self.record_kind,
            self.record,
            self.from,
            self.to,
            self.note,
            self.reason,
            Some(self.detail),
        ]) {
            digest_text(&mut chain, text);
        }
        chain
    }
}

/// Length-prefixed, so that no two different entries give the same bytes.
fn digest_text(chain: &mut Sha256, text: Option<&str>) {
    match text {
        Some(text) => {
            chain.update((text.len() as u64 + 1).to_be_bytes());
            chain.update(text);
        }
        None => chain.update(0u64.to_be_bytes()),
    }
}

fn digest_image(chain: &mut Sha256, table: &str, row: i64, before: Option<&str>, after: Option<&str>) {
    digest_text(chain, Some(table));
    chain.update(row.to_be_bytes());
    digest_text(chain, before);
    digest_text(chain, after);
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [DIGITS[usize::from(b >> 4)] as char, DIGITS[usize::from(b & 15)] as char])
        .collect()
}

/// Reads the whole chain in one pass over entries and images side by side; names the first thing that does not hold.
pub fn verify(conn: &Connection) -> Result<Verdict> {
    let mut verdict = Verdict { entries: 0, images: 0, newest: "0".repeat(64), bad: None, outside: 0 };
    verdict.outside =
        conn.query_row("select count(*) from history_row where entry_id is null", [], |r| r.get(0))?;
    let mut entries = conn.prepare(
        "select id, group_id, at, actor, acting_as, how, command, kind, record_kind, record_id, record, from_state,
           to_state, note, reason, detail, undoes, prev_hash, hash, actor_id from history order by id",
    )?;
    let mut image_rows = conn.prepare(
        "select entry_id, tbl, row_id, before, after from history_row where entry_id is not null order by entry_id, id",
    )?;
    let mut entries = entries.query([])?;
    let mut images = image_rows.query([])?;
    let mut image = images.next()?;
    let mut undone = Undone::default();
    let mut last = 0;
    while let Some(r) = entries.next()? {
        let fields = Fields {
            id: r.get(0)?,
            group: r.get(1)?,
            at: r.get(2)?,
            actor_id: r.get(19)?,
            actor: text(r, 3)?.unwrap_or(""),
            acting_as: text(r, 4)?,
            how: text(r, 5)?.unwrap_or(""),
            command: text(r, 6)?.unwrap_or(""),
            kind: text(r, 7)?.unwrap_or(""),
            record_kind: text(r, 8)?,
            record_id: r.get(9)?,
            record: text(r, 10)?,
            from: text(r, 11)?,
            to: text(r, 12)?,
            note: text(r, 13)?,
            reason: text(r, 14)?,
            detail: text(r, 15)?.unwrap_or(""),
            undoes: r.get(16)?,
        };
        let (prev, hash) = (text(r, 17)?.unwrap_or(""), text(r, 18)?.unwrap_or(""));
        if fields.id != last + 1 {
            verdict.bad = Some((fields.id, format!("entry {} is missing", last + 1)));
            return Ok(verdict);
        }
        if prev != verdict.newest {
            verdict.bad = Some((fields.id, "does not follow from the entry before it".into()));
            return Ok(verdict);
        }
        let mut chain = fields.digest(prev);
        while let Some(row) = image {
            let of: i64 = row.get(0)?;
            if of > fields.id {
                break;
            }
            if of < fields.id {
                verdict.bad =
                    Some((fields.id, format!("a row image belongs to entry {of}, which does not exist")));
                return Ok(verdict);
            }
            digest_image(&mut chain, text(row, 1)?.unwrap_or(""), row.get(2)?, text(row, 3)?, text(row, 4)?);
            verdict.images += 1;
            image = images.next()?;
        }
        if hex(&chain.finalize()) != hash {
            verdict.bad = Some((fields.id, "its content does not match its hash: it was altered".into()));
            return Ok(verdict);
        }
        undone.read(&fields);
        verdict.newest = hash.to_owned();
        verdict.entries += 1;
        last = fields.id;
    }
    if let Some(row) = image {
        let of: i64 = row.get(0)?;
        verdict.bad = Some((of, "row images are there but the entry is missing".into()));
        return Ok(verdict);
    }
    verdict.bad = undone.first_lie(conn)?;
    Ok(verdict)
}

/// Which groups undo and redo entries say are undone. `undone_by` is the one column that changes later, so it is no
/// part of the hash; but what it must be follows from entries that are.
#[derive(Default)]
struct Undone {
    /// Group → the entry that undid it.
    by: BTreeMap<i64, i64>,
    /// Group of an undo → the group it undid.
    of: BTreeMap<i64, i64>,
}

impl Undone {
    fn read(&mut self, entry: &Fields<'_>) {
        let Some(group) = entry.undoes else { return };
        self.by.insert(group, entry.id);
        match self.of.get(&group) {
            // A redo undoes an undo: what that one undid holds again.
            Some(original) => drop(self.by.remove(&original.clone())),
            None => drop(self.of.insert(entry.group, group)),
        }
    }

    fn first_lie(&self, conn: &Connection) -> Result<Option<(i64, String)>> {
        let mut said = conn
            .prepare("select id, group_id, undone_by from history where undone_by is not null order by id")?;
        let mut rows = said.query([])?;
        while let Some(row) = rows.next()? {
            let (id, group, by): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if self.by.get(&group) != Some(&by) {
                return Ok(Some((id, format!("is said to be undone by entry {by}, which did not undo it"))));
            }
        }
        let mut unsaid = conn.prepare(
            "select id from history where group_id = ?1 and undone_by is null order by id limit 1",
        )?;
        for (group, by) in &self.by {
            if let Some(id) = unsaid.query_row([group], |r| r.get(0)).optional()? {
                return Ok(Some((id, format!("was undone by entry {by}, but is not said to be"))));
            }
        }
        Ok(None)
    }
}

fn text<'a>(row: &'a rusqlite::Row<'_>, index: usize) -> Result<Option<&'a str>> {
    Ok(row.get_ref(index)?.as_str_or_null().map_err(rusqlite::Error::from)?)
}
