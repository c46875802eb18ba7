//! Lists: pages by key, forwards and backwards, are the list that a plain filter and sort would give (house.md, Queries).

use countersign::desk::commands::customer::NewCustomer;
use countersign::desk::commands::signup::{AssignSignup, RejectSignup, MailApplicant, Subject, VerifyByPhone};
use countersign::desk::query::{Anchor, Asker, Count, Key, Keyed, ListQuery, More, Order, Page, SortValue, customer, mail, signup};
use countersign::desk::{Command, Error};
use countersign::domain::filter::{self, Cell, FieldSet, Filter, matches};
use proptest::prelude::*;
use rusqlite::{Connection, Row};
use std::borrow::Cow;
use std::sync::{LazyLock, Mutex};

use crate::world::{DAY, T0, World, submission};

/// One row as the plain list sees it.
struct Plain {
    id: i64,
    state: String,
    search: String,
    sorts: Vec<(&'static str, SortValue)>,
    cells: Vec<(&'static str, Cell<'static>)>,
    mine: bool,
}

impl filter::Subject for Plain {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.search)
    }

    fn cell(&self, field: &str) -> Cell<'_> {
        self.cells.iter().find(|(n, _)| *n == field).map(|(_, c)| c.clone()).unwrap_or_else(|| panic!("{field}"))
    }

    fn is_mine(&self) -> bool {
        self.mine
    }
}

fn text(r: &Row<'_>, column: &str) -> Cell<'static> {
    r.get::<_, Option<String>>(column).unwrap().map_or(Cell::Nothing, |t| Cell::Text(Cow::Owned(t)))
}

fn int(r: &Row<'_>, column: &str) -> i64 {
    r.get(column).unwrap()
}

fn key(r: &Row<'_>, column: &str) -> SortValue {
    SortValue::Text(r.get(column).unwrap())
}

fn person(conn: &Connection, id: Option<i64>, me: i64) -> Cell<'static> {
    let Some(id) = id else { return Cell::Nothing };
    let who: String =
        conn.query_row("select login || ' ' || name from staff where id = ?1", [id], |r| r.get(0)).unwrap();
    if id == me { Cell::Me(Cow::Owned(who)) } else { Cell::Person(Cow::Owned(who)) }
}

fn state(name: &str, states: &[&'static str]) -> Cell<'static> {
    Cell::State(states.iter().find(|s| **s == name).unwrap())
}

fn when(r: &Row<'_>, now: i64) -> [(&'static str, Cell<'static>); 2] {
    let at = int(r, "created_at");
    let day = chrono::DateTime::from_timestamp_millis(at).unwrap().with_timezone(&chrono::Local).date_naive();
    [("created", Cell::Day(day)), ("age", Cell::Age(now - at))]
}

fn signups(conn: &Connection, me: i64, now: i64) -> Vec<Plain> {
    const STATES: &[&str] = &["requested", "verified_by_user", "approved", "created", "rejected", "withdrawn", "expired"];
    let mut statement = conn
        .prepare("select *, company_key, coalesce(first_name || ' ', '') || last_name as contact, coalesce(duplicate_percent, -1) as dup, coalesce(assigned_to, 0) as owner from signup")
        .unwrap();
    let rows = statement.query_map([], |r| {
        let named: String = r.get("state")?;
        let assigned: Option<i64> = r.get("assigned_to")?;
        let mut cells = vec![
            ("number", text(r, "number")), ("company", text(r, "company")), ("contact", text(r, "contact")), ("email", text(r, "email")),
            ("phone", text(r, "phone")), ("city", text(r, "city")), ("country", text(r, "country")), ("language", text(r, "language")),
            ("tax_number", text(r, "tax_key")), ("message", text(r, "message")), ("source", text(r, "source")),
            ("duplicate", text(r, "duplicate")), ("reason_code", text(r, "reason_code")), ("state", state(&named, STATES)),
            ("assigned", person(conn, assigned, me)), ("checks", Cell::Number(int(r, "checks_good") as f64)),
        ];
        cells.extend(when(r, now));
        let id = int(r, "id");
        Ok(Plain {
            id,
            search: r.get("search")?,
            sorts: vec![
                ("number", SortValue::Int(id)), ("age", SortValue::Int(id)), ("company", key(r, "company_key")),
                ("contact", key(r, "contact_key")), ("email", key(r, "email_key")), ("checks", SortValue::Int(int(r, "checks_good"))),
                ("duplicate", SortValue::Int(int(r, "dup"))), ("assigned", SortValue::Int(int(r, "owner"))),
            ],
            cells,
            mine: assigned == Some(me),
            state: named,
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn customers(conn: &Connection, me: i64, now: i64) -> Vec<Plain> {
    let mut statement = conn.prepare("select * from customer").unwrap();
    let rows = statement.query_map([], |r| {
        let named: String = r.get("state")?;
        let (manager, rep): (Option<i64>, Option<i64>) = (r.get("account_manager_id")?, r.get("sales_rep_id")?);
        let mut cells = vec![
            ("number", text(r, "number")), ("name", text(r, "name")), ("email", text(r, "email")), ("phone", text(r, "phone")),
            ("city", text(r, "city")), ("country", text(r, "country")), ("tax_number", text(r, "tax_key")),
            ("group", text(r, "customer_group")), ("currency", text(r, "currency")), ("division", text(r, "division")),
            ("state", state(&named, &["active", "on_hold", "inactive"])), ("account_manager", person(conn, manager, me)),
        ];
        cells.extend(when(r, now));
        let id = int(r, "id");
        Ok(Plain {
            id,
            search: r.get("search")?,
            sorts: vec![
                ("number", SortValue::Int(id)), ("name", key(r, "name_key")), ("city", key(r, "city_key")), ("country", key(r, "country_key")),
            ],
            cells,
            mine: manager == Some(me) || rep == Some(me),
            state: named,
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn mails(conn: &Connection, _me: i64, now: i64) -> Vec<Plain> {
    let mut statement = conn.prepare("select *, coalesce(record, '') as of from outbox").unwrap();
    let rows = statement.query_map([], |r| {
        let named: String = r.get("state")?;
        let get = |c: &str| r.get::<_, String>(c).unwrap();
        let mut cells = vec![
            ("to", text(r, "to_address")), ("subject", text(r, "subject")), ("event", text(r, "event")), ("record", text(r, "record")),
            ("state", state(&named, mail::STATES)),
        ];
        cells.extend(when(r, now));
        let id = int(r, "id");
        Ok(Plain {
            id,
            search: format!("m {id} {} {} {} {}", get("to_address"), get("subject"), get("event"), get("of")),
            sorts: vec![("number", SortValue::Int(id))],
            cells,
            mine: false,
            state: named,
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// An office with much that is alike: names that share beginnings, equal sort keys, empty fields.
fn office() -> World {
    let mut world = World::new();
    let mut commands = Vec::new();
    let names = ["Aurora", "Café Aurora", "Li & Sons", "Lisboa Líquidos", "Weiß", "ab", "Zz Top", "42 Ab Street", "O'Brien"];
    let cities = [None, Some("Lisboa"), Some("São Lis"), Some("Abstadt"), Some("Bad Ab")];
    let countries = ["PT", "DE", "FR", "PL"];
    for n in 0..84_usize {
        let mut command = submission(&format!("f{n}"));
        if let Command::SubmitSignup(submit) = &mut command {
            let fields = &mut submit.fields;
            fields.insert("company".into(), names[n % names.len()].into());
            fields.insert("last_name".into(), ["Silva", "Sousa", "abel"][n % 3].into());
            fields.insert("country".into(), countries[n % countries.len()].into());
            if let Some(city) = cities[n % cities.len()] {
                fields.insert("city".into(), city.into());
            }
            if n % 4 == 0 {
                fields.insert("message".into(), "please ring".into());
                fields.insert("phone".into(), format!("+351 21 555 {n:04}"));
            }
        }
        commands.push(command);
    }
    let applicant = world.applicant();
    for (day, batch) in commands.chunks(12).enumerate() {
        world.clock.set(T0 + i64::try_from(day).unwrap() * DAY / 2);
        assert!(world.desk.execute_all(&applicant, batch.to_vec()).iter().all(Result::is_ok));
    }
    let ids: Vec<i64> = (1..=84).collect();
    let later = ids.iter().flat_map(|id| {
        let subject = Subject::now(*id);
        let reject = RejectSignup { subject: subject.clone(), reason_code: "spam".into(), note: None, reply: None, mail: MailApplicant::Tell };
        [
            (id % 3 == 0).then(|| Command::VerifyByPhone(VerifyByPhone { subject: subject.clone(), note: "rang".into() })),
            (id % 5 == 0).then(|| Command::AssignSignup(AssignSignup { subject: subject.clone(), to: Some("jens".into()) })),
            (id % 7 == 0).then(|| Command::AssignSignup(AssignSignup { subject, to: Some("maria".into()) })),
            (id % 11 == 0).then(|| Command::RejectSignup(reject)),
        ]
    });
    let later: Vec<Command> = later.flatten().collect();
    let maria = world.actor("maria");
    assert!(world.desk.execute_all(&maria, later).iter().all(Result::is_ok));
    let made: Vec<Command> = (0..60_usize)
        .map(|n| {
            let values = [
                ("name", names[n % names.len()]), ("country", countries[n % 4]), ("city", cities[n % 5].unwrap_or("")),
                ("customer_group", if n % 2 == 0 { "retail" } else { "" }), ("account_manager", if n % 3 == 0 { "maria" } else { "" }),
            ];
            let values = values.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
            Command::NewCustomer(Box::new(NewCustomer { values, template: None, external_id: None }))
        })
        .collect();
    assert!(world.desk.execute_all(&maria, made).iter().all(Result::is_ok));
    world.clock.advance(DAY);
    world
}

static OFFICE: LazyLock<Mutex<World>> = LazyLock::new(|| Mutex::new(office()));

/// A list as the test walks it.
struct List<'a, R> {
    page: &'a dyn Fn(&ListQuery, &Anchor, usize) -> Result<Page<R>, Error>,
    count: &'a dyn Fn(&ListQuery, i64) -> Result<Count, Error>,
    key: &'a dyn Fn(&ListQuery, i64) -> Result<Option<Key>, Error>,
    visible: &'a dyn Fn(&ListQuery, &[i64]) -> Result<Vec<i64>, Error>,
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

fn walk<R: Keyed>(list: &List<'_, R>, all: &[Plain], query: &ListQuery, limit: usize) -> Result<(), TestCaseError> {
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
    "aurora", "li", "lis", "ab", "b", "4", "zz", "o brien", "\"o brien\"", "silva", "-li", "-aurora", "!ab", "aurora,weiss", "ab,lis", "xyzzy",
    "company:au", "company:ab", "company:aurora", "-company:li", "name:ab", "name:aurora", "city:lis", "city:li", "city:ab", "-city:ab", "city:",
    "city:any", "-city:none", "country:pt", "country:p", "-country:de", "country:pt,de", "state:req", "-state:rejected", "state:ver,rej", "state:active",
    "state:sent,held", "mine", "-mine", "assigned:me", "assigned:jens", "assigned:none", "-assigned:jens", "assigned:be", "account_manager:maria",
    "account_manager:none", "checks<5", "checks>=6", "checks:7", "-checks:7", "age>1d", "age<2", "age:2", "age<=2d", "age>=3", "-age>2d", "created:today",
    "created:2026-11", "created<2026-11-25", "created>=2026-11-24", "created:none", "group:retail", "group:none", "phone:555", "phone:35", "message:ring",
    "message:none", "duplicate:any", "reason:spam", "number:reg", "number:00", "email:f1", "email:f12", "language:none", "to:f1", "subject:ver", "event:signup",
    "record:reg", "rejected", "source:form", "tax:none",
];

fn filter_of(words: &[usize], fields: &'static FieldSet) -> Filter {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
    let terms = words.iter().filter_map(|w| filter::parse(TERMS[*w], fields, today).ok()).flat_map(|f| f.terms);
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
        let asker = Asker { staff: Some(me), now: reader.now() };
        let order = if descending { Order::Descending } else { Order::Ascending };
        let query = |sorts: &[&'static str], states: &[&'static str], fields| ListQuery {
            state: states.get(state).copied(),
            filter: filter_of(&words, fields),
            sort: sorts[sort % sorts.len()],
            order,
            asker,
        };
        match which {
            0 | 1 | 2 => {
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
    let asker = Asker { staff: Some(me), now: reader.now() };
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
    for term in 0..TERMS.len() {
        let query = ListQuery { state: None, filter: filter_of(&[term], &signup::FILTER), sort: "company", order: Order::Ascending, asker };
        walk(&list, &all, &query, 10).unwrap_or_else(|e| panic!("{}: {e}", TERMS[term]));
    }
}

#[test]
fn a_sort_that_is_not_there_is_said_so() {
    let world = World::new();
    let query = ListQuery { state: None, filter: Filter::default(), sort: "colour", order: Order::Ascending, asker: Asker::default() };
    let error = world.reader.signups(&query, &Anchor::Start, 10).unwrap_err();
    insta::assert_snapshot!(error, @"sort “colour” is no column to sort by. Take one of number, age, company, contact, email, checks, duplicate, assigned.");
}

fn cases() -> u32 {
    std::env::var("COUNTERSIGN_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(60)
}
