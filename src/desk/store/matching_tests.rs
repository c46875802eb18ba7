//! The index in a database: kept row by row it is what a build makes of all.

use super::matching::{Matching, Owner};
use super::open;
use crate::matching::Likeness;
use crate::matching::normalise::Normalised;
use crate::matching::score::{Counter, Model};
use crate::matching::search::Search;

fn database() -> (tempfile::TempDir, rusqlite::Connection) {
    let dir = tempfile::tempdir().unwrap();
    let conn = open::throw_away(&dir.path().join("match.db")).unwrap();
    conn.execute_batch(include_str!("../../../assets/migrations/0003_matching.sql")).unwrap();
    (dir, conn)
}

fn customer(n: i64) -> Normalised {
    Normalised::of(&Likeness {
        name: format!("Bakery {} Ltd", n % 7),
        first_name: ["Ana", "Paul", "Vera"][n as usize % 3].into(),
        last_name: format!("Name{n}"),
        phone: format!("02079460{n:03}"),
        city: "Leeds".into(),
        ..Likeness::default()
    })
}

fn lists(conn: &rusqlite::Connection) -> Vec<(i64, Vec<u8>)> {
    let mut statement = conn.prepare("select key, ids from match_posting order by key").unwrap();
    statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
}

#[test]
fn rows_written_one_by_one_make_the_lists_of_a_build() {
    let (_dir, conn) = database();
    let matching = Matching(&conn);
    for n in 1..=50 {
        matching.put(Owner::Customer(n), &[customer(n)]).unwrap();
    }
    let one_by_one = lists(&conn);
    matching.build().unwrap();
    assert_eq!(lists(&conn), one_by_one);
    assert!(one_by_one.len() > 100);
    assert_eq!(matching.check(1000).unwrap(), Vec::<String>::new());
}

#[test]
fn a_customer_written_is_found_at_once_and_one_taken_out_is_not() {
    let (_dir, conn) = database();
    let matching = Matching(&conn);
    let find = |probe: &Normalised| {
        let search =
            Search { index: &matching, model: &Model::default(), common: &Counter::default().finish() };
        let best = search.best(probe, &[], 3).unwrap();
        best.first().and_then(|f| matching.owner(f.id).unwrap())
    };
    matching.put(Owner::Customer(7), &[customer(1)]).unwrap();
    matching.put(Owner::Signup(7), &[customer(2)]).unwrap();
    assert_eq!(find(&customer(1)), Some(Owner::Customer(7)));
    assert_eq!(find(&customer(2)), Some(Owner::Signup(7)));
    matching.put(Owner::Customer(7), &[customer(3), customer(4)]).unwrap();
    assert_eq!(find(&customer(4)), Some(Owner::Customer(7)), "each contact is found");
    matching.put(Owner::Customer(7), &[]).unwrap();
    matching.put(Owner::Signup(7), &[]).unwrap();
    assert_eq!(lists(&conn), []);
    assert_eq!(find(&customer(1)), None);
}

#[test]
fn a_list_that_lost_a_record_is_named() {
    let (_dir, conn) = database();
    let matching = Matching(&conn);
    (1..=9).for_each(|n| matching.load(Owner::Customer(n), &customer(n)).unwrap());
    assert!(!matching.check(100).unwrap().is_empty(), "records without lists");
    matching.build().unwrap();
    assert!(matching.check(100).unwrap().is_empty());
    conn.execute("delete from match_posting where key = (select max(key) from match_posting)", []).unwrap();
    assert!(!matching.check(100).unwrap().is_empty());
}

#[test]
fn old_models_are_kept_beside_the_newest() {
    let (_dir, conn) = database();
    let matching = Matching(&conn);
    assert_eq!(matching.model(None).unwrap(), None);
    let mut counter = Counter::default();
    (0..30).for_each(|n| counter.add(&customer(n).view()));
    let common = counter.finish();
    for version in [1, 2] {
        let model = Model { version, records: u64::from(version) * 10, ..Model::default() };
        matching.keep_model(7, &model, &common).unwrap();
    }
    let (newest, kept) = matching.model(None).unwrap().unwrap();
    assert_eq!((newest.version, kept), (2, common));
    assert_eq!(matching.model(Some(1)).unwrap().unwrap().0.records, 10);
}
