//! What the history can show: every alteration and every write past the programme (trust.md, History).

use insta::assert_snapshot;
use rusqlite::Connection;

use crate::world::World;

/// A short life, then a vandal with the file in hand; what `verify` and `check` find.
fn after(vandal: impl FnOnce(&Connection)) -> (Option<String>, i64, Vec<String>) {
    let mut world = World::new();
    world.play("applicant submits aurora; applicant verifies REG-1; maria edits REG-1 city=Porto; maria undoes; jens creates REG-1");
    world.assert_sound();
    vandal(&world.raw());
    world.reopen();
    let verdict = world.reader.verify_history().unwrap();
    let found = world.desk.check().unwrap().into_iter().map(|t| t.message).collect();
    (verdict.bad.map(|(entry, what)| format!("{entry}: {what}")), verdict.outside, found)
}

/// Takes away what keeps history as it is, as somebody would who can write the file.
fn disarm(conn: &Connection) {
    for trigger in
        ["history_keep", "history_row_keep", "history_row_fixed", "history_fixed", "history_undone_once"]
    {
        conn.execute_batch(&format!("drop trigger {trigger}")).unwrap();
    }
}

/// What was there before stays: history refuses while its triggers are there.
fn arm(conn: &Connection, was: &[String]) {
    for sql in was {
        conn.execute_batch(sql).unwrap();
    }
}

fn triggers(conn: &Connection) -> Vec<String> {
    let mut statement = conn
        .prepare(
            "select sql from sqlite_schema where type = 'trigger' and tbl_name in ('history', 'history_row')",
        )
        .unwrap();
    statement.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Alters the file without leaving the triggers away.
fn behind_the_back(sql: &'static str) -> impl FnOnce(&Connection) {
    move |conn| {
        let was = triggers(conn);
        disarm(conn);
        conn.execute_batch(sql).unwrap();
        arm(conn, &was);
    }
}

#[test]
fn nothing_is_found_where_nothing_was_done() {
    assert_eq!(after(|_| ()), (None, 0, vec![]));
}

#[test]
fn history_refuses_to_be_changed() {
    let mut world = World::new();
    world.play("applicant submits aurora; maria edits REG-1 city=Porto; maria undoes");
    let conn = world.raw();
    for sql in [
        "delete from history where id = 3",
        "update history set actor = 'jens' where id = 3",
        "update history set undone_by = 4 where undone_by is not null",
        "delete from history_row where id = 1",
        "update history_row set after = null where id = 1",
    ] {
        let refused = conn.execute(sql, []).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    world.assert_sound();
}

#[test]
fn an_altered_entry_is_found() {
    let (bad, _, found) = after(behind_the_back("update history set actor = 'olga' where id = 9"));
    assert_snapshot!(bad.unwrap(), @"9: its content does not match its hash: it was altered");
    assert_snapshot!(found.join("\n"), @"history entry 9: its content does not match its hash: it was altered");
}

#[test]
fn every_altered_column_is_found() {
    for column in [
        "group_id",
        "at",
        "actor_id",
        "acting_as",
        "how",
        "command",
        "kind",
        "record_kind",
        "record_id",
        "record",
        "from_state",
        "to_state",
        "note",
        "reason",
        "detail",
        "undoes",
        "prev_hash",
        "hash",
        "undone_by",
    ] {
        let sql: String = format!("update history set {column} = 7 where id = 9");
        let (bad, ..) = after(move |conn| {
            disarm(conn);
            conn.execute_batch(&sql).unwrap();
        });
        assert!(bad.is_some(), "{column}");
    }
}

#[test]
fn a_deleted_entry_is_found() {
    let (bad, ..) = after(behind_the_back("delete from history where id = 9"));
    assert_snapshot!(bad.unwrap(), @"10: entry 9 is missing");
}

#[test]
fn a_cut_tail_is_found_by_its_row_images() {
    let (bad, ..) = after(behind_the_back("delete from history where id > 10"));
    assert_snapshot!(bad.unwrap(), @"11: row images are there but the entry is missing");
}

#[test]
fn altered_deleted_and_added_row_images_are_found() {
    for sql in [
        "update history_row set before = '{}' where id = (select max(id) from history_row where before is not null)",
        "delete from history_row where id = (select max(id) from history_row)",
        "insert into history_row (entry_id, tbl, row_id) values (9, 'signup', 1)",
        "insert into history_row (entry_id, tbl, row_id) values (999, 'signup', 1)",
    ] {
        let (bad, ..) = after(behind_the_back(sql));
        assert!(bad.is_some(), "{sql}");
    }
}

#[test]
fn who_undid_what_cannot_be_made_up() {
    // An edit that seems undone would no longer bar its author from approving.
    let (bad, ..) =
        after(behind_the_back("update history set undone_by = 11 where kind = 'signup_verified'"));
    assert_snapshot!(bad.unwrap(), @"9: is said to be undone by entry 11, which did not undo it");
    let (bad, ..) =
        after(behind_the_back("update history set undone_by = null where kind = 'signup_edited'"));
    assert_snapshot!(bad.unwrap(), @"10: was undone by entry 11, but is not said to be");
}

#[test]
fn a_write_past_the_programme_shows_as_such() {
    let (bad, outside, found) = after(|conn| {
        conn.execute("update signup set state = 'approved' where id = 1", []).unwrap();
    });
    assert_eq!((bad, outside), (None, 1));
    assert_snapshot!(found.join("\n"), @r#"
    1 rows were written past the programme
    the index of possible duplicates: 1 open sign-ups are not in the index of possible duplicates
    "#);
}

#[test]
fn a_write_with_the_triggers_taken_away_shows_too() {
    let (_, _, found) = after(|conn| {
        conn.execute_batch("drop trigger signup_image_u; update signup set company = 'Mine' where id = 1")
            .unwrap();
    });
    assert_snapshot!(found.join("\n"), @"
    the file lacks what keeps history: signup_image_u
    not as history left it: 1 of table signup, the first with id 1
    ");
    let (_, _, found) = after(|conn| {
        let was: String = conn
            .query_row("select sql from sqlite_schema where name = 'signup_image_u'", [], |r| r.get(0))
            .unwrap();
        conn.execute_batch("drop trigger signup_image_u; update signup set company = 'Mine' where id = 1")
            .unwrap();
        conn.execute_batch(&was).unwrap();
    });
    assert_snapshot!(found.join("\n"), @"not as history left it: 1 of table signup, the first with id 1");
}

#[test]
fn verify_gives_the_newest_hash_to_be_kept_elsewhere() {
    let mut world = World::new();
    world.play("applicant submits aurora");
    let verdict = world.reader.verify_history().unwrap();
    let newest = &world.reader.history(None, None, 1).unwrap()[0];
    assert_eq!((verdict.entries, &verdict.newest), (newest.id, &newest.hash));
}

#[test]
fn of_a_record_and_of_all_newest_first() {
    let mut world = World::new();
    world.play(
        "applicant submits aurora; applicant submits weiss; applicant verifies REG-1; jens creates REG-1",
    );
    let kinds = |number: &str| -> Vec<String> {
        let record = world.find(number);
        world.reader.history(Some(&record), None, 10).unwrap().into_iter().map(|r| r.kind).collect()
    };
    assert_eq!(
        kinds("REG-1"),
        ["customer_created", "signup_approved", "signup_verified", "signup_submitted"]
    );
    assert_eq!(kinds("C-1"), ["customer_created"]);
    assert_eq!(
        kinds("UR-1"),
        [
            "workflow_continued",
            "user_provisioned",
            "workflow_started",
            "user_request_submitted",
            "customer_created"
        ]
    );
    assert_eq!(kinds("ana"), ["user_provisioned"], "the portal user");
    let newest = world.reader.history(None, None, 3).unwrap();
    let next = world.reader.history(None, Some(newest[2].id), 2).unwrap();
    assert_eq!(next[0].id, newest[2].id - 1);
}
