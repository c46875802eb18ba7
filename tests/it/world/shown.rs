//! History, outbox and rows as text, without what differs from run to run.

use rusqlite::Connection;

/// History behind entry `after`, one line each.
pub fn history(conn: &Connection, after: i64) -> String {
    let mut statement = conn
        .prepare(
            "select id, group_id, actor, coalesce(acting_as, ''), kind, coalesce(record, ''), coalesce(from_state, ''),
               coalesce(to_state, ''), coalesce(note, ''), coalesce(reason, ''), detail, undone_by is not null
             from history where id > ?1 order by id",
        )
        .unwrap();
    let lines: Vec<String> = statement
        .query_map([after], |r| {
            let get = |i| r.get::<_, String>(i);
            let (id, group): (i64, i64) = (r.get(0)?, r.get(1)?);
            let mut line = format!("{}", id - after);
            if group != id {
                line.push_str(&format!(" in {}", group - after));
            }
            line.push_str(&format!(" {}", get(2)?));
            for (label, text) in [("carried by", get(3)?), ("", get(4)?), ("", get(5)?)] {
                match (label, text.as_str()) {
                    (_, "") => {}
                    ("", text) => line.push_str(&format!(" {text}")),
                    (label, text) => line.push_str(&format!(" ({label} {text})")),
                }
            }
            if !get(7)?.is_empty() {
                line.push_str(&format!(" {} → {}", get(6)?, get(7)?));
            }
            for (label, text) in [("note", get(8)?), ("reason", get(9)?)] {
                if !text.is_empty() {
                    line.push_str(&format!(" {label} “{text}”"));
                }
            }
            if get(10)? != "{}" {
                line.push_str(&format!(" {}", get(10)?));
            }
            if r.get(11)? {
                line.push_str(" (undone)");
            }
            Ok(line)
        })
        .unwrap()
        .map(Result::unwrap)
        .collect();
    format!("history\n{}", indented(&lines))
}

/// The outbox, one line each.
pub fn outbox(conn: &Connection) -> String {
    let mut statement = conn
        .prepare("select state, event, lang, to_address, coalesce(record, ''), body is null from outbox order by id")
        .unwrap();
    let lines: Vec<String> = statement
        .query_map([], |r| {
            let get = |i| r.get::<_, String>(i);
            let wiped = if r.get(5)? { " (wiped)" } else { "" };
            Ok(format!("{} {}.{} to {} about {}{wiped}", get(0)?, get(1)?, get(2)?, get(3)?, get(4)?))
        })
        .unwrap()
        .map(Result::unwrap)
        .collect();
    format!("outbox\n{}", indented(&lines))
}

/// The rows that people care about, one line each.
pub fn rows(conn: &Connection) -> String {
    #[rustfmt::skip]
    let queries = [
        "select number || ' ' || state || ' ' || company || coalesce(' for ' || (select login from staff where id = assigned_to), '')
           || coalesce(' verified by ' || verified_how, '') || iif(overridden, ' overridden', '')
           || coalesce(' duplicate ' || duplicate || ' ' || duplicate_percent || '%', '') from signup order by id",
        "select number || ' ' || state || ' ' || name || coalesce(' from template ' || template, '') || ' by ' || created_by from customer order by id",
        "select k.number || ' ' || k.state || ' ' || coalesce(first_name || ' ', '') || last_name || ' of ' ||
           (select group_concat(c.number, ', ') from customer_contact cc join customer c on c.id = cc.customer_id where cc.contact_id = k.id)
         from contact k order by id",
        "select number || ' ' || state || ' ' || user_name || ' ' || role || ' ' || authentication || coalesce(' waiting: ' || waiting_reason, '')
           || coalesce(' failed: ' || failure, '') from user_request order by id",
        "select user_name || ' ' || state || ' ' || role || ' ' || authentication || iif(password_hash is null, '', ' with a password')
           || iif(must_change, ' to be changed', '') from portal_user order by id",
        "select other || ' is no duplicate of ' || (select number from signup where id = signup_id) from not_duplicate order by id",
    ];
    let mut lines = Vec::new();
    for sql in queries {
        let mut statement = conn.prepare(sql).unwrap();
        lines.extend(statement.query_map([], |r| r.get::<_, String>(0)).unwrap().map(Result::unwrap));
    }
    format!("rows\n{}", indented(&lines))
}

fn indented(lines: &[String]) -> String {
    lines.iter().map(|l| format!("  {l}\n")).collect::<String>().trim_end().to_owned()
}

/// What is made from other tables and can be made anew: search, and the index of possible duplicates.
fn is_derived(table: &str) -> bool {
    table.contains("_fts_") || table.starts_with("match_")
}

/// Every row of every table but those named, as text: for “nothing changed” and “as it was before”.
/// `without` are column names that may differ.
pub fn plain(conn: &Connection, tables_left_out: &[&str], without: &[&str]) -> String {
    let mut out = String::new();
    let tables: Vec<String> = conn
        .prepare("select name from sqlite_schema where type = 'table' and sql not like '%virtual table%' order by name")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for table in tables.iter().filter(|t| !tables_left_out.contains(&t.as_str()) && !is_derived(t)) {
        let columns: Vec<String> = conn
            .prepare("select name from pragma_table_info(?1)")
            .unwrap()
            .query_map([table], |r| r.get(0))
            .unwrap()
            .map(Result::unwrap)
            .filter(|c: &String| !without.contains(&c.as_str()))
            .collect();
        let pairs: Vec<String> =
            columns.iter().map(|c| format!("'{c}={{' || coalesce(hex(\"{c}\"), 'null') || '}} '")).collect();
        let sql = format!("select {} from \"{table}\" order by 1", pairs.join(" || "));
        let mut statement = conn.prepare(&sql).unwrap();
        for row in statement.query_map([], |r| r.get::<_, String>(0)).unwrap() {
            out.push_str(&format!("{table}: {}\n", row.unwrap()));
        }
    }
    out
}
