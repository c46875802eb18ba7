//! Every list in every order finds its rows by an index: no page reads a whole table.

use super::{Key, List, ListSpec, More, SortValue};
use crate::desk::error::Result;
use crate::desk::query::sql::condition::Equal;
use crate::desk::query::{Asker, Keyed, ListQuery, Order, customer, mail, signup, user_request};
use crate::desk::store::migrate;
use crate::desk::store::open::{Access, open};
use crate::domain::filter::{FieldSet, parse};
use rusqlite::{Connection, params_from_iter};

/// A database with the schema and nothing in it: the plan must be right from the first day.
fn empty() -> (tempfile::TempDir, Connection) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("plan.db");
    let mut conn = open(&path, Access::Write).unwrap();
    migrate::migrate(&mut conn, &path, 0).unwrap();
    (dir, conn)
}

fn plan(conn: &Connection, sql: &str, values: Vec<rusqlite::types::Value>) -> Vec<String> {
    let mut statement = conn.prepare(&format!("explain query plan {sql}")).unwrap();
    let lines = statement.query_map(params_from_iter(values), |r| r.get::<_, String>(3)).unwrap();
    lines.map(|line| line.unwrap()).collect()
}

struct Tried<'a> {
    states: &'a [Option<&'static str>],
    filters: &'a [&'a str],
    fields: &'static FieldSet,
}

fn check<R: Keyed>(conn: &Connection, spec: &ListSpec<R>, tried: &Tried<'_>) {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let anchors = [
        None,
        Some(Key { value: SortValue::Text("m".into()), id: 7 }),
        Some(Key { value: SortValue::Int(7), id: 7 }),
    ];
    for (sort, column) in spec.sorts {
        for state in tried.states {
            for filter in tried.filters {
                for order in [Order::Ascending, Order::Descending] {
                    let filter = parse(filter, tried.fields, today).unwrap();
                    let query = ListQuery { state: *state, filter, sort, order, asker: Asker::default() };
                    let list = List::new(conn, spec, &query).unwrap();
                    for anchor in &anchors {
                        let (sql, values) = list.select(order, anchor.as_ref().map(|k| (k, Equal::No)), 50);
                        let found = plan(conn, &sql, values);
                        let whole_table =
                            |l: &String| l.starts_with("SCAN t") && !l.contains("INDEX") && *column != "t.id";
                        assert!(
                            !found.iter().any(whole_table),
                            "{} {sort} {query:?}\n{sql}\n{found:#?}",
                            spec.table
                        );
                        let of_one_person = found.iter().any(|l| {
                            ["signup_assignee", "customer_manager", "user_request_originator"]
                                .iter()
                                .any(|index| l.contains(index))
                        });
                        // Sorting is for the few: what the trigrams found, or one person's own pile.
                        let sorted = found.iter().any(|l| l.contains("USE TEMP B-TREE FOR ORDER BY"));
                        assert!(
                            !sorted || sql.contains("json_each") || of_one_person,
                            "{} {sort} {query:?}\n{sql}\n{found:#?}",
                            spec.table
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn lists_walk_along_an_index() {
    let (_dir, conn) = empty();
    let filters = [
        "",
        "aurora",
        "au",
        "a",
        "aurora,weiss lisboa",
        "-aurora",
        "mine",
        "country:pt",
        "state:app",
        "age>3d",
    ];
    check(
        &conn,
        &signup::LIST,
        &Tried {
            states: &[None, Some("requested"), Some("created")],
            filters: &[
                &filters[..],
                &["company:aurora", "email:example", "phone:351 city:li", "assigned:me", "checks<5", "today"],
            ]
            .concat(),
            fields: &signup::FILTER,
        },
    );
    check(
        &conn,
        &customer::LIST,
        &Tried {
            states: &[None, Some("active")],
            filters: &[
                &["", "aurora", "au", "a", "-aurora", "mine", "country:pt", "state:act", "age>3d"][..],
                &["name:aurora", "city:lis", "group:retail"],
            ]
            .concat(),
            fields: &customer::FILTER,
        },
    );
    let plain = ["", "aurora", "au", "mine", "state:act"];
    check(
        &conn,
        &customer::CONTACTS,
        &Tried { states: &[None, Some("active")], filters: &plain, fields: &customer::CONTACT_FILTER },
    );
    let of_mail = ["", "aurora", "au", "mine", "state:sent", "to:ana"];
    check(
        &conn,
        &mail::LIST,
        &Tried { states: &[None, Some("held")], filters: &of_mail, fields: &mail::FILTER },
    );
    let of_requests = ["", "aurora", "au", "mine", "state:draft"];
    check(
        &conn,
        &user_request::LIST,
        &Tried { states: &[None, Some("draft")], filters: &of_requests, fields: &user_request::FILTER },
    );
}

#[test]
fn an_empty_list_has_nothing_on_either_side() -> Result<()> {
    let (_dir, conn) = empty();
    let query = ListQuery {
        state: None,
        filter: Default::default(),
        sort: "company",
        order: Order::Ascending,
        asker: Asker::default(),
    };
    let key = Key { value: SortValue::Text("m".into()), id: 7 };
    let page = super::page(&conn, &signup::LIST, &query, &crate::desk::query::Anchor::From(key), 10)?;
    assert_eq!((page.rows.len(), page.before, page.after), (0, More::No, More::No));
    Ok(())
}
