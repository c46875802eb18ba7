//! Row images: triggers write the row before and after every change of a domain table, so no command can forget
//! to, and a write from outside shows as such (house.md, History). Undo puts the images back.

use rusqlite::{Connection, OptionalExtension, params};

use crate::desk::error::{Error, Result};

/// Tables whose every change is kept. Each has `id integer primary key` and holds no blobs.
#[rustfmt::skip]
pub const TABLES: &[&str] = &[
    "staff", "role", "role_permission", "staff_role", "customer", "customer_address", "contact", "customer_contact", "template",
    "signup", "signup_code", "signup_check", "not_duplicate", "user_request", "portal_user", "logon_token",
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

/// Who changed a row last in a way that still holds: undone entries, undos and redos do not count.
/// Gives the entry (none: written past the programme) and the actor.
pub fn last_effective(
    conn: &Connection,
    table: &str,
    row: i64,
    after: i64,
) -> Result<Option<(Option<i64>, String)>> {
    let found = conn
        .prepare_cached(
            "select r.entry_id, coalesce(h.actor, 'somebody past the programme') from history_row r
             left join history h on h.id = r.entry_id
             where r.tbl = ?1 and r.row_id = ?2 and r.id > ?3
               and (r.entry_id is null or (h.undone_by is null and h.command not in ('undo', 'redo')))
             order by r.id desc limit 1",
        )?
        .query_row(params![table, row, after], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    Ok(found)
}

/// Puts the row back to what it was before `image`. Versions go on, so nobody mistakes it for the old row.
pub fn put_back(conn: &Connection, image: &Image, now: i64) -> Result<()> {
    let table = TABLES
        .iter()
        .find(|t| **t == image.table)
        .ok_or_else(|| Error::Bug(format!("an image of the unknown table {}", image.table)))?;
    let columns = columns(conn, table)?;
    let changed = match (&image.before, &image.after) {
        (None, _) => conn.execute(&format!("delete from {table} where id = ?1"), [image.row])?,
        (Some(before), None) => {
            let names: Vec<String> = columns.iter().map(|c| format!("\"{c}\"")).collect();
            let values: Vec<String> = columns.iter().map(|c| format!("?1 ->> '$.{c}'")).collect();
            conn.execute(
                &format!("insert into {table} ({}) values ({})", names.join(", "), values.join(", ")),
                [before],
            )?
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
            conn.execute(
                &format!("update {table} set {} where id = ?2 and ?3 is not null", sets.join(", ")),
                params![before, image.row, now],
            )?
        }
    };
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Bug(format!("{table} row {} is not there to be put back", image.row)))
    }
}

/// A table that still refers to a row, if there is one; asked before the row's making is taken back for good.
pub fn referring(conn: &Connection, table: &str, row: i64) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached(
        "select m.name, f.\"from\" from sqlite_schema m, pragma_foreign_key_list(m.name) f
         where m.type = 'table' and f.\"table\" = ?1",
    )?;
    let columns: Vec<(String, String)> =
        statement.query_map([table], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    for (child, column) in columns {
        let sql = format!("select exists (select 1 from \"{child}\" where \"{column}\" = ?1)");
        if conn.prepare_cached(&sql)?.query_row([row], |r| r.get(0))? {
            return Ok(Some(child));
        }
    }
    Ok(None)
}
