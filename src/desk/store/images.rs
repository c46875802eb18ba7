//! Row images: triggers write the row before and after every change of a domain table, so no command can forget
//! to, and a write from outside shows as such (house.md, History). Undo puts the images back.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};

use crate::desk::error::{Error, Result};

/// Tables whose every change is kept. Each has `id integer primary key` and holds no blobs.
#[rustfmt::skip]
pub const TABLES: &[&str] = &[
    "staff", "role", "role_permission", "staff_role", "customer", "customer_address", "contact", "customer_contact", "template",
    "signup", "signup_code", "signup_check", "not_duplicate", "user_request", "portal_user", "logon_token",
    "deputy", "queue", "queue_member", "rule_set", "workflow_instance", "work_item", "work_question",
    "work_snooze", "work_watch",
];

/// (Re)makes the triggers from the tables' own column lists; part of every migration.
pub fn make_triggers(conn: &Connection) -> Result<()> {
    for table in TABLES {
        let columns = columns(conn, table)?;
        let row = |side: &str| {
            let pairs: Vec<String> = columns.iter().map(|c| format!("'{c}', {side}.\"{c}\"")).collect();
            format!("json_object({})", pairs.join(", "))
        };
        let one = |suffix: &str, event: &str, key: &str, before: String, after: String| {
            format!(
                "drop trigger if exists {table}_image_{suffix};
                 create trigger {table}_image_{suffix} after {event} on {table}
                   when (select images from history_open) = 1 begin
                   insert into history_row (entry_id, tbl, row_id, before, after)
                   values ((select entry_id from history_open), '{table}', {key}.id, {before}, {after}); end;"
            )
        };
        conn.execute_batch(&one("i", "insert", "new", "null".into(), row("new")))?;
        conn.execute_batch(&one("u", "update", "new", row("old"), row("new")))?;
        conn.execute_batch(&one("d", "delete", "old", row("old"), "null".into()))?;
    }
    Ok(())
}

fn columns(conn: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached("select name from pragma_table_info(?1)")?;
    let names = statement.query_map([table], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(names)
}

/// Triggers that ought to be there and are not.
pub fn missing_triggers(conn: &Connection) -> Result<Vec<String>> {
    const KEEPERS: [&str; 5] =
        ["history_keep", "history_row_keep", "history_row_fixed", "history_fixed", "history_undone_once"];
    let images = TABLES.iter().flat_map(|t| ["i", "u", "d"].map(|suffix| format!("{t}_image_{suffix}")));
    let mut there =
        conn.prepare("select exists (select 1 from sqlite_schema where type = 'trigger' and name = ?1)")?;
    let mut missing = Vec::new();
    for name in images.chain(KEEPERS.map(str::to_owned)) {
        if !there.query_row([&name], |r| r.get::<_, bool>(0))? {
            missing.push(name);
        }
    }
    Ok(missing)
}

/// Rows that are not as their newest image left them, by table: written while the triggers were away. Rows of a bulk
/// load have no image and cannot be judged.
pub fn strays(conn: &Connection) -> Result<Vec<(&'static str, Vec<i64>)>> {
    let mut found = Vec::new();
    for table in TABLES {
        let pairs: Vec<String> = columns(conn, table)?.iter().map(|c| format!("'{c}', t.\"{c}\"")).collect();
        let sql = format!(
            "select r.row_id, r.after, iif(t.id is null, null, json_object({}))
             from (select row_id, max(id) as newest from history_row where tbl = '{table}' group by row_id) n
             join history_row r on r.id = n.newest left join {table} t on t.id = r.row_id",
            pairs.join(", ")
        );
        let mut statement = conn.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            let (left, now): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
            if left != now && !agree(left.as_deref(), now.as_deref())? {
                ids.push(row.get(0)?);
            }
        }
        if !ids.is_empty() {
            found.push((*table, ids));
        }
    }
    Ok(found)
}

/// Whether the row says what the image says; columns that came later do not count.
fn agree(image: Option<&str>, now: Option<&str>) -> Result<bool> {
    Ok(match (said(image)?, said(now)?) {
        (Some(image), Some(now)) => {
            image.iter().all(|(name, value)| now.get(name).is_none_or(|v| v == value))
        }
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    })
}

/// One image.
pub struct Image {
    pub id: i64,
    pub table: String,
    pub row: i64,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// The images of an entry, oldest first.
pub fn of_entry(conn: &Connection, entry: i64) -> Result<Vec<Image>> {
    let mut statement = conn.prepare_cached(
        "select id, tbl, row_id, before, after from history_row where entry_id = ?1 order by id",
    )?;
    let images = statement
        .query_map([entry], |r| {
            Ok(Image { id: r.get(0)?, table: r.get(1)?, row: r.get(2)?, before: r.get(3)?, after: r.get(4)? })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(images)
}

/// Columns that say when and how often a row was written, not what it says.
const BESIDE: [&str; 2] = ["version", "updated_at"];

/// The first row that is not as these images left it: who wrote it last. None: every row is as it was left.
pub fn changed_since(conn: &Connection, images: &[Image]) -> Result<Option<String>> {
    let mut left: BTreeMap<(&str, i64), &Image> = BTreeMap::new();
    for image in images {
        left.insert((&image.table, image.row), image);
    }
    for ((table, row), image) in left {
        let now = current(conn, table, row)?;
        if said(now.as_deref())? != said(image.after.as_deref())? {
            let actor = conn
                .prepare_cached(
                    "select coalesce(h.actor, 'somebody past the programme') from history_row r
                     left join history h on h.id = r.entry_id
                     where r.tbl = ?1 and r.row_id = ?2 and r.id > ?3 order by r.id desc limit 1",
                )?
                .query_row(params![table, row, image.id], |r| r.get(0))
                .optional()?;
            return Ok(Some(actor.unwrap_or_else(|| "somebody past the programme".into())));
        }
    }
    Ok(None)
}

/// The row as the triggers would write it down now.
fn current(conn: &Connection, table: &str, row: i64) -> Result<Option<String>> {
    let pairs: Vec<String> = columns(conn, table)?.iter().map(|c| format!("'{c}', \"{c}\"")).collect();
    let sql = format!("select json_object({}) from {} where id = ?1", pairs.join(", "), known(table)?);
    Ok(conn.prepare_cached(&sql)?.query_row([row], |r| r.get(0)).optional()?)
}

fn said(image: Option<&str>) -> Result<Option<serde_json::Map<String, serde_json::Value>>> {
    let Some(text) = image else { return Ok(None) };
    let mut columns: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(text).map_err(|e| Error::Bug(format!("a row image is no JSON: {e}")))?;
    columns.retain(|name, _| !BESIDE.contains(&name.as_str()));
    Ok(Some(columns))
}

/// A row outside of these images that refers to one which putting them back would delete: its number, or its table.
pub fn used_since(conn: &Connection, images: &[Image]) -> Result<Option<String>> {
    let touched: HashSet<(&str, i64)> = images.iter().map(|i| (i.table.as_str(), i.row)).collect();
    let mut relations: BTreeMap<&str, Vec<(&'static str, String)>> = BTreeMap::new();
    for made in images.iter().filter(|i| i.before.is_none()) {
        let of_table = match relations.get(made.table.as_str()) {
            Some(known) => known,
            None => relations.entry(&made.table).or_insert(children(conn, &made.table)?),
        };
        for (child, column) in of_table {
            let sql = format!("select id from {child} where \"{column}\" = ?1");
            let mut statement = conn.prepare_cached(&sql)?;
            let mut rows = statement.query([made.row])?;
            while let Some(row) = rows.next()? {
                let id: i64 = row.get(0)?;
                if !touched.contains(&(*child, id)) {
                    return Ok(Some(name(conn, child, id)?));
                }
            }
        }
    }
    Ok(None)
}

/// Tables that refer to `parent`, each with the column.
fn children(conn: &Connection, parent: &str) -> Result<Vec<(&'static str, String)>> {
    let mut found = Vec::new();
    let mut statement =
        conn.prepare_cached("select \"from\" from pragma_foreign_key_list(?1) where \"table\" = ?2")?;
    for child in TABLES {
        for column in statement.query_map([child, parent], |r| r.get(0))? {
            found.push((*child, column?));
        }
    }
    Ok(found)
}

fn name(conn: &Connection, table: &str, id: i64) -> Result<String> {
    if matches!(table, "signup" | "customer" | "contact" | "user_request") {
        let sql = format!("select number from {table} where id = ?1");
        return Ok(conn.prepare_cached(&sql)?.query_row([id], |r| r.get(0))?);
    }
    Ok(format!("a {}", table.replace('_', " ")))
}

fn known(table: &str) -> Result<&'static str> {
    let found = TABLES.iter().find(|t| **t == table);
    found.copied().ok_or_else(|| Error::Bug(format!("an image of the unknown table {table}")))
}

/// Puts the row back to what it was before `image`. Versions go on, so nobody mistakes it for the old row.
pub fn put_back(conn: &Connection, image: &Image, now: i64) -> Result<()> {
    let table = known(&image.table)?;
    let columns = columns(conn, table)?;
    let changed = match (&image.before, &image.after) {
        (None, _) => {
            conn.prepare_cached(&format!("delete from {table} where id = ?1"))?.execute([image.row])?
        }
        (Some(before), None) => {
            let names: Vec<String> = columns.iter().map(|c| format!("\"{c}\"")).collect();
            let values: Vec<String> = columns.iter().map(|c| format!("?1 ->> '$.{c}'")).collect();
            let sql = format!("insert into {table} ({}) values ({})", names.join(", "), values.join(", "));
            conn.prepare_cached(&sql)?.execute([before])?
        }
        (Some(before), Some(_)) => {
            let sets: Vec<String> = columns
                .iter()
                .filter(|c| *c != "id")
                .map(|c| match c.as_str() {
                    "version" => "version = version + 1".to_owned(),
                    "updated_at" => "updated_at = ?3".to_owned(),
                    _ => format!("\"{c}\" = ?1 ->> '$.{c}'"),
                })
                .collect();
            let sql = format!("update {table} set {} where id = ?2 and ?3 is not null", sets.join(", "));
            conn.prepare_cached(&sql)?.execute(params![before, image.row, now])?
        }
    };
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Bug(format!("{table} row {} is not there to be put back", image.row)))
    }
}
