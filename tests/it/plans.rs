//! Look-ups: every statement that stands in the desk's source finds its rows by an index, or says here why not.

use std::path::Path;

use rusqlite::Connection;

use crate::world::World;

/// Tables that grow with the office.
const LARGE: &[&str] = &[
    "signup",
    "customer",
    "contact",
    "customer_contact",
    "customer_address",
    "signup_code",
    "signup_check",
    "not_duplicate",
    "user_request",
    "portal_user",
    "logon_token",
    "outbox",
    "outbox_attempt",
    "history",
    "history_row",
    "wrong_code",
    "workflow_instance",
    "work_item",
    "work_question",
    "provision_event",
];

/// Statements that read a whole table, by what they begin with, each with the reason.
const WHOLE: &[(&str, &str)] = &[
    ("select c.name, coalesce(k.first_name", "the index of possible duplicates is made anew"),
    ("select c.name, '', ''", "the index of possible duplicates is made anew"),
    (
        "select t.company, coalesce(t.first_name, ''), t.last_name, t.email",
        "the index of possible duplicates is made anew",
    ),
    ("select id, kind, owner, form from match_record", "the index of possible duplicates is made anew"),
    ("select count(*) from history_row where entry_id is null", "null is found in the index of entries"),
    ("select p.id, p.version, p.user_name", "its callers add which, and `order by p.id limit`"),
    ("select id, group_id, at, actor,", "verify reads the whole chain"),
    ("select entry_id, tbl, row_id, before, after from history_row", "verify reads every image"),
    (
        "select id, group_id, undone_by from history where undone_by is not null",
        "verify reads the whole chain",
    ),
];

/// The text between quotes in Rust source, with line breaks as they are.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(start) = rest.find('"') {
        let mut text = String::new();
        let mut letters = rest[start + 1..].char_indices();
        let mut end = rest.len();
        while let Some((at, c)) = letters.next() {
            match c {
                '\\' => match letters.next() {
                    Some((_, '\n')) | None => {}
                    Some((_, c)) => text.push(c),
                },
                '"' => {
                    end = start + 1 + at + 1;
                    break;
                }
                c => text.push(c),
            }
        }
        found.push(text);
        rest = &rest[end..];
    }
    found
}

/// Code without comments and without the quotes in character literals.
fn bare(source: &str) -> String {
    let lines = source.lines().map(|l| match l.trim_start().starts_with("//") {
        true => "",
        false => l,
    });
    lines.collect::<Vec<_>>().join("\n").replace("'\"'", "' '")
}

fn statements(dir: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.ends_with("tests") {
            continue;
        }
        if path.is_dir() {
            statements(&path, found);
        } else {
            let source = bare(&std::fs::read_to_string(&path).unwrap());
            let sql = literals(&source).into_iter().filter(|t| {
                let first = t.split_whitespace().next().unwrap_or_default();
                matches!(first, "select" | "update" | "delete" | "with")
                    && !t.contains('{')
                    && t.contains(" from ")
                    || first == "update" && t.contains(" set ") && !t.contains('{')
            });
            found.extend(sql);
        }
    }
}

fn whole_tables(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = match conn.prepare(&format!("explain query plan {sql}")) {
        Ok(statement) => statement,
        // A piece of a longer statement.
        Err(_) => return Vec::new(),
    };
    let n = statement.parameter_count();
    let lines = statement
        .query_map(rusqlite::params_from_iter(vec![rusqlite::types::Null; n]), |r| r.get::<_, String>(3));
    let lines: Vec<String> = lines.unwrap().map(Result::unwrap).collect();
    let alias_of = |word: &str| -> bool {
        // `scan h` names an alias; take it for a large table if the statement says `TABLE h`.
        LARGE.contains(&word)
            || LARGE
                .iter()
                .any(|t| sql.contains(&format!("{t} {word} ")) || sql.contains(&format!("{t} {word}\n")))
    };
    lines
        .into_iter()
        .filter(|l| {
            let mut words = l.split_whitespace();
            words.next() == Some("SCAN") && words.next().is_some_and(alias_of) && !l.contains("INDEX")
        })
        .collect()
}

#[test]
fn look_ups_use_an_index() {
    let world = World::new();
    let conn = world.raw();
    let mut all = Vec::new();
    statements(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/desk"), &mut all);
    assert!(all.len() > 100, "only {} statements were found", all.len());
    let mut found = Vec::new();
    for sql in &all {
        let excused = WHOLE.iter().any(|(beginning, _)| sql.starts_with(beginning));
        // What walks along the primary key and stops at a limit reads what it shows.
        let limited = sql.contains("order by") && sql.contains("limit");
        let scans = whole_tables(&conn, sql);
        if !scans.is_empty() && !excused && !limited {
            found.push(format!("{sql}\n    {}", scans.join("\n    ")));
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn ones_own_changes_are_walked_along_their_index_newest_first() {
    let world = World::new();
    let conn = world.raw();
    let mut all = Vec::new();
    statements(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/desk/undo"), &mut all);
    let sql =
        all.iter().find(|sql| sql.contains("where actor_id = ?1")).expect("the list of one's own changes");
    let mut statement = conn.prepare(&format!("explain query plan {sql}")).unwrap();
    let lines = statement.query_map([1, 20], |r| r.get::<_, String>(3)).unwrap();
    let plan: Vec<String> = lines.map(Result::unwrap).collect();
    assert!(plan.len() == 1 && plan[0].contains("INDEX history_actor (actor_id=?)"), "{plan:?}");
}
