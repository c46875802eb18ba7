//! History as people read it.

/// One changed field.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// The table.
    pub table: String,
    /// Row id.
    pub row: i64,
    /// The column.
    pub field: String,
    /// The value before.
    pub old: serde_json::Value,
    /// The value after.
    pub new: serde_json::Value,
}

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryRow {
    /// Its number.
    pub id: i64,
    /// The undo group.
    pub group: i64,
    /// When, UTC milliseconds.
    pub at: i64,
    /// Login of who acted.
    pub actor: String,
    /// Who was really at the keys, if another.
    pub acting_as: Option<String>,
    /// The way in.
    pub how: String,
    /// The command's stable name.
    pub command: String,
    /// What happened, a past participle.
    pub kind: String,
    /// Number of the record.
    pub record: Option<String>,
    /// State before and after.
    pub from: Option<String>,
    /// State after.
    pub to: Option<String>,
    /// The note.
    pub note: Option<String>,
    /// The reason.
    pub reason: Option<String>,
    /// Further facts as JSON.
    pub detail: String,
    /// Whether it was undone, and by which entry.
    pub undone_by: Option<i64>,
    /// The changes; filled where asked for.
    pub changes: Vec<Change>,
    /// Hash of the chain at this entry.
    pub hash: String,
}

impl HistoryRow {
    /// Login of whoever it was decided for, by a delegate or deputy.
    pub fn for_whom(&self) -> Option<String> {
        let detail: serde_json::Value = serde_json::from_str(&self.detail).ok()?;
        detail["for"].as_str().map(str::to_owned)
    }
}

/// What `history --verify` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Entries read.
    pub entries: i64,
    /// Row images read.
    pub images: i64,
    /// The newest hash; keep it elsewhere to notice a cut tail.
    pub newest: String,
    /// The first thing that does not hold, in words, with its entry.
    pub bad: Option<(i64, String)>,
    /// Rows that were written past the programme.
    pub outside: i64,
}

use rusqlite::{Connection, Row};

use crate::desk::error::Result;
use crate::desk::store::images;
use crate::domain::id::RecordRef;

const COLUMNS: &str = "h.id, h.group_id, h.at, h.actor, h.acting_as, h.how, h.command, h.kind, h.record, h.from_state, h.to_state,
    h.note, h.reason, h.detail, h.undone_by, h.hash";

fn from_row(r: &Row<'_>) -> rusqlite::Result<HistoryRow> {
    Ok(HistoryRow {
        id: r.get(0)?,
        group: r.get(1)?,
        at: r.get(2)?,
        actor: r.get(3)?,
        acting_as: r.get(4)?,
        how: r.get(5)?,
        command: r.get(6)?,
        kind: r.get(7)?,
        record: r.get(8)?,
        from: r.get(9)?,
        to: r.get(10)?,
        note: r.get(11)?,
        reason: r.get(12)?,
        detail: r.get(13)?,
        undone_by: r.get(14)?,
        changes: Vec::new(),
        hash: r.get(15)?,
    })
}

/// The newest entries about a record, newest first: those that name it and those that touched its row.
pub(in crate::desk) fn of_record(
    conn: &Connection,
    record: &RecordRef,
    limit: usize,
) -> Result<Vec<HistoryRow>> {
    let sql = format!(
        "select {COLUMNS} from history h where h.id in (
           select id from (select id from history where record_kind = ?1 and record_id = ?2 order by id desc limit ?4)
           union select entry_id from (select entry_id from history_row where tbl = ?3 and row_id = ?2 order by id desc limit ?4))
         order by h.id desc limit ?4"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement
        .query_map((record.kind.as_str(), record.id, record.kind.table(), limit), from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// The newest entries of all, those before `before` if given, newest first.
pub(in crate::desk) fn all(conn: &Connection, before: Option<i64>, limit: usize) -> Result<Vec<HistoryRow>> {
    let sql = format!("select {COLUMNS} from history h where h.id < ?1 order by h.id desc limit ?2");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement
        .query_map((before.unwrap_or(i64::MAX), limit), from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// Columns that repeat what others say; changes leave them out.
const MADE: &[&str] = &[
    "search",
    "version",
    "updated_at",
    "company_key",
    "contact_key",
    "email_key",
    "domain_key",
    "phone_key",
    "tax_key",
    "name_key",
    "city_key",
    "state_since",
    "user_name_key",
    "password_hash",
    "hash",
];

/// Tables that are worked out anew from others; changes leave them out.
const DERIVED: &[&str] = &["signup_check"];

/// Fills in what each entry changed, field by field. Hashes of secrets are left out.
pub(in crate::desk) fn fill_changes(conn: &Connection, rows: &mut [HistoryRow]) -> Result<()> {
    for row in rows {
        for image in
            images::of_entry(conn, row.id)?.into_iter().filter(|i| !DERIVED.contains(&i.table.as_str()))
        {
            let parse = |text: &Option<String>| -> serde_json::Map<String, serde_json::Value> {
                text.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default()
            };
            let (before, after) = (parse(&image.before), parse(&image.after));
            let fields = if after.is_empty() { &before } else { &after };
            for field in fields.keys().filter(|f| !MADE.contains(&f.as_str())) {
                let get = |side: &serde_json::Map<String, serde_json::Value>| {
                    side.get(field).cloned().unwrap_or_default()
                };
                let (old, new) = (get(&before), get(&after));
                if old != new {
                    row.changes.push(Change {
                        table: image.table.clone(),
                        row: image.row,
                        field: field.clone(),
                        old,
                        new,
                    });
                }
            }
        }
    }
    Ok(())
}
