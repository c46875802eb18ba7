//! Lists: pages by key, forwards and backwards, are the list that a plain filter and sort would give (house.md, Queries).

mod office;
mod plain;

use std::sync::{LazyLock, Mutex};

use countersign::desk::Error;
use countersign::desk::query::{
    Anchor, Asker, Count, Key, Keyed, ListQuery, More, Order, Page, SortValue, customer, mail, signup,
};
use countersign::domain::filter::{self, FieldSet, Filter, matches};
use proptest::prelude::*;

use self::office::office;
use self::plain::{Plain, customers, mails, signups};
use crate::world::World;

static OFFICE: LazyLock<Mutex<World>> = LazyLock::new(|| Mutex::new(office()));

type Said<T> = Result<T, Error>;
type Asked<'a, A, T> = &'a dyn Fn(&ListQuery, A) -> Said<T>;
type Paged<'a, R> = &'a dyn Fn(&ListQuery, &Anchor, usize) -> Said<Page<R>>;

type Narrowed<'a> = &'a dyn Fn(&ListQuery, &[i64]) -> Said<Vec<i64>>;

/// A list as the test walks it.
struct List<'a, R> {
    page: Paged<'a, R>,
    count: Asked<'a, i64, Count>,
    key: Asked<'a, i64, Option<Key>>,
    visible: Narrowed<'a>,
}

fn expected(rows: &[Plain], query: &ListQuery) -> Vec<Key> {
    let mut keys: Vec<Key> = rows
        .iter()
        .filter(|r| query.state.is_none_or(|s| r.state == s) && matches(&query.filter, *r))
        .map(|r| Key { value: r.sorts.iter().find(|(n, _)| *n == query.sort).unwrap().1.clone(), id: r.id })
        .collect();
    keys.sort_by(|a, b| compare(&a.value, &b.value).then(a.id.cmp(&b.id)));
    if query.order == Order::Descending {
        keys.reverse();
    }
    keys
}

fn compare(a: &SortValue, b: &SortValue) -> std::cmp::Ordering {
    match (a, b) {
        (SortValue::Int(a), SortValue::Int(b)) => a.cmp(b),
        (SortValue::Text(a), SortValue::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        _ => panic!("one column, two kinds of value"),
    }
}

fn more(yes: bool) -> More {
    if yes { More::Yes } else { More::No }
}

fn walk<R: Keyed>(
    list: &List<'_, R>,
    all: &[Plain],
    query: &ListQuery,
    limit: usize,
) -> Result<(), TestCaseError> {
    let wanted = expected(all, query);
    let n = wanted.len();
    let keys = |page: &Page<R>| page.rows.iter().map(|r| r.key().clone()).collect::<Vec<_>>();
    let (mut at, mut anchor) = (0, Anchor::Start);
    loop {
        let page = (list.page)(query, &anchor, limit).unwrap();
        let end = (at + limit).min(n);
        prop_assert_eq!(keys(&page), &wanted[at..end], "forwards from {}", at);
        prop_assert_eq!((page.before, page.after), (more(at > 0 && n > 0), more(end < n)), "{} of {}", at, n);
        at = end;
        match page.rows.last() {
            Some(row) if page.after == More::Yes => anchor = Anchor::After(row.key().clone()),
            Some(_) | None => break,
        }
    }
    let (mut at, mut anchor) = (n, Anchor::End);
    loop {
        let page = (list.page)(query, &anchor, limit).unwrap();
        let start = at.saturating_sub(limit);
        prop_assert_eq!(keys(&page), &wanted[start..at], "backwards from {}", at);
        prop_assert_eq!((page.before, page.after), (more(start > 0), more(at < n)));
        at = start;
        match page.rows.first() {
            Some(row) if page.before == More::Yes => anchor = Anchor::Before(row.key().clone()),
            Some(_) | None => break,
        }
    }
    for (i, key) in wanted.iter().enumerate().step_by(7) {
        let page = (list.page)(query, &Anchor::From(key.clone()), limit).unwrap();
        prop_assert_eq!(keys(&page), &wanted[i..(i + limit).min(n)]);
        prop_assert_eq!((page.before, page.after), (more(i > 0), more(i + limit < n)));
        prop_assert_eq!((list.key)(query, key.id).unwrap(), Some(key.clone()));
    }
    let exactly = i64::try_from(n).unwrap();
    prop_assert_eq!((list.count)(query, 1_000).unwrap(), Count::Exactly(exactly));
    if n > 3 {
        prop_assert_eq!((list.count)(query, 3).unwrap(), Count::MoreThan(3));
    }
    let ids: Vec<i64> = all.iter().map(|r| r.id).collect();
    let mut shown: Vec<i64> = wanted.iter().map(|k| k.id).collect();
    shown.sort_unstable();
    for id in ids.iter().filter(|id| !shown.contains(id)) {
        prop_assert_eq!((list.key)(query, *id).unwrap(), None);
    }
    prop_assert_eq!((list.visible)(query, &ids).unwrap(), shown);
    Ok(())
}

/// Pieces of filters; those that a list has no field for are left out.
const TERMS: &[&str] = &[
    "aurora",
    "li",
    "lis",
    "ab",
    "b",
    "4",
    "zz",
    "o brien",
    "\"o brien\"",
    "silva",
    "-li",
    "-aurora",
    "!ab",
    "aurora,weiss",
    "ab,lis",
    "xyzzy",
    "company:au",
    "company:ab",
    "company:aurora",
    "-company:li",
    "name:ab",
    "name:aurora",
    "city:lis",
    "city:li",
    "city:ab",
    "-city:ab",
    "city:",
    "city:any",
    "-city:none",
    "country:pt",
    "country:p",
    "-country:de",
    "country:pt,de",
    "state:req",
    "-state:rejected",
    "state:ver,rej",
    "state:active",
    "state:sent,held",
    "mine",
    "-mine",
    "assigned:me",
    "assigned:jens",
    "assigned:none",
    "-assigned:jens",
    "assigned:be",
    "account_manager:maria",
    "account_manager:none",
    "checks<5",
    "checks>=6",
    "checks:7",
    "-checks:7",
    "age>1d",
    "age<2",
    "age:2",
    "age<=2d",
    "age>=3",
    "-age>2d",
    "created:today",
    "created:2026-11",
    "created<2026-11-25",
    "created>=2026-11-24",
    "created:none",
    "group:retail",
    "group:none",
    "phone:555",
    "phone:35",
    "message:ring",
    "message:none",
    "duplicate:any",
    "reason:spam",
    "number:reg",
    "number:00",
    "email:f1",
    "email:f12",
    "language:none",
    "to:f1",
    "subject:ver",
    "event:signup",
    "record:reg",
    "rejected",
    "source:form",
    "tax:none",
];

fn filter_of(words: &[usize], fields: &'static FieldSet) -> Filter {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
    let terms =
        words.iter().filter_map(|w| filter::parse(TERMS[*w], fields, today).ok()).flat_map(|f| f.terms);
    Filter { terms: terms.collect() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages_are_what_a_plain_filter_and_sort_would_give(
        words in prop::collection::vec(0..TERMS.len(), 0..3),
        (sort, state) in (0..8usize, 0..12usize),
        descending in any::<bool>(),
        limit in 1..40usize,
        which in 0..5u8,
    ) {
        let world = OFFICE.lock().unwrap_or_else(|broken| broken.into_inner());
        let reader = &world.reader;
        let me = world.actor("maria").staff_id().unwrap();
        let asker = Asker { staff: Some(me), now: reader.now(), ..Asker::default() };
        let order = if descending { Order::Descending } else { Order::Ascending };
        let query = |sorts: &[&'static str], states: &[&'static str], fields| ListQuery {
            state: states.get(state).copied(),
            filter: filter_of(&words, fields),
            sort: sorts[sort % sorts.len()],
            order,
            asker,
        };
        match which {
            0..=2 => {
                let query = query(signup::SORTS, &["requested", "verified_by_user", "rejected", "created"], &signup::FILTER);
                let list = List {
                    page: &|q, a, n| reader.signups(q, a, n),
                    count: &|q, cap| reader.count_signups(q, cap),
                    key: &|q, id| reader.signup_key(q, id),
                    visible: &|q, ids| reader.visible_signups(q, ids),
                };
                walk(&list, &signups(&world.raw(), me, asker.now), &query, limit)?;
            }
            3 => {
                let query = query(customer::SORTS, &["active", "on_hold"], &customer::FILTER);
                let list = List {
                    page: &|q, a, n| reader.customers(q, a, n),
                    count: &|q, cap| reader.count_customers(q, cap),
                    key: &|q, id| reader.customer_key(q, id),
                    visible: &|q, ids| reader.visible_customers(q, ids),
                };
                walk(&list, &customers(&world.raw(), me, asker.now), &query, limit)?;
            }
            _ => {
                let query = query(mail::SORTS, &["held", "waiting", "sent"], &mail::FILTER);
                let list = List {
                    page: &|q, a, n| reader.mails(q, a, n),
                    count: &|q, cap| reader.count_mails(q, cap),
                    key: &|q, id| reader.mail_key(q, id),
                    visible: &|q, ids| reader.visible_mails(q, ids),
                };
                walk(&list, &mails(&world.raw(), me, asker.now), &query, limit)?;
            }
        }
    }
}

/// Every sort, order and state once without a filter, and every term once.
#[test]
fn every_sort_state_and_term() {
    let world = OFFICE.lock().unwrap_or_else(|broken| broken.into_inner());
    let reader = &world.reader;
    let me = world.actor("maria").staff_id().unwrap();
    let asker = Asker { staff: Some(me), now: reader.now(), ..Asker::default() };
    let list = List {
        page: &|q, a, n| reader.signups(q, a, n),
        count: &|q, cap| reader.count_signups(q, cap),
        key: &|q, id| reader.signup_key(q, id),
        visible: &|q, ids| reader.visible_signups(q, ids),
    };
    let all = signups(&world.raw(), me, asker.now);
    for sort in signup::SORTS {
        for order in [Order::Ascending, Order::Descending] {
            for state in [None, Some("requested"), Some("verified_by_user"), Some("created")] {
                let query = ListQuery { state, filter: Filter::default(), sort, order, asker };
                walk(&list, &all, &query, 10).unwrap();
            }
        }
    }
    for (term, typed) in TERMS.iter().enumerate() {
        let query = ListQuery {
            state: None,
            filter: filter_of(&[term], &signup::FILTER),
            sort: "company",
            order: Order::Ascending,
            asker,
        };
        walk(&list, &all, &query, 10).unwrap_or_else(|e| panic!("{typed}: {e}"));
    }
}

#[test]
fn a_sort_that_is_not_there_is_said_so() {
    let world = World::new();
    let query = ListQuery {
        state: None,
        filter: Filter::default(),
        sort: "colour",
        order: Order::Ascending,
        asker: Asker::default(),
    };
    let error = world.reader.signups(&query, &Anchor::Start, 10).unwrap_err();
    insta::assert_snapshot!(error, @"sort “colour” is no column to sort by. Take one of number, age, company, contact, email, checks, duplicate, assigned, state.");
}

fn cases() -> u32 {
    std::env::var("COUNTERSIGN_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(60)
}
