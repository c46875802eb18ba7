//! From a `ListQuery` to SQL: keyset pages over an index, words through the trigram index. Nothing here ever reads
//! a whole table to show a window of it.

use chrono::{Local, NaiveDate, NaiveTime, TimeZone};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::{Anchor, Asker, Count, Key, ListQuery, More, Order, Page, SortValue};
use crate::desk::error::{Error, Result};
use crate::domain::filter::{Term, Test, Value};

/// How a field of the filter language is found in the table.
pub struct Column {
    /// The field's name in the list's `FieldSet`.
    pub field: &'static str,
    /// The expression over alias `t`.
    pub expr: &'static str,
    /// What kind of comparison it takes.
    pub kind: ColumnKind,
}

/// See [`Column`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Folded already, and part of the search text.
    Folded,
    /// As stored, and part of the search text.
    Searched,
    /// As stored, not part of the search text.
    Stored,
    /// A state.
    State,
    /// A number.
    Number,
    /// A time in milliseconds.
    Time,
    /// A staff id.
    Staff,
}

/// A list: where its rows are and how they can be sorted.
pub struct ListSpec<R> {
    /// Table; its alias is `t`.
    pub table: &'static str,
    /// Joins for the row's columns.
    pub joins: &'static str,
    /// The row's columns; `from_row` reads them from 2 on (0 is the sort value, 1 the id).
    pub columns: &'static str,
    /// The trigram index over `t.search`, if there is one.
    pub fts: Option<&'static str>,
    /// Sort names and their plain, indexed columns.
    pub sorts: &'static [(&'static str, &'static str)],
    /// Fields of the filter.
    pub fields: &'static [Column],
    /// What `mine` means, with `?` for the staff id.
    pub mine: &'static str,
    /// Makes the row.
    pub from_row: fn(&Row<'_>, Key) -> rusqlite::Result<R>,
}

/// Rows that match beyond this are walked in sort order instead of being sorted.
const SPARSE: usize = 2_000;

/// A page of the list.
pub fn page<R>(
    conn: &Connection,
    spec: &ListSpec<R>,
    query: &ListQuery,
    anchor: &Anchor,
    limit: usize,
) -> Result<Page<R>> {
    let sort = sort_column(spec, query)?;
    let backwards = matches!(anchor, Anchor::End | Anchor::Before(_));
    let order = if backwards { query.order.reversed() } else { query.order };
    let mut condition = condition(spec, query);
    let source = source(conn, spec, sort, &mut condition)?;
    match anchor {
        Anchor::Start | Anchor::End => {}
        Anchor::After(key) | Anchor::Before(key) => condition.beyond(sort, order, Equal::No, key),
        Anchor::From(key) => condition.beyond(sort, order, Equal::Yes, key),
    }
    let direction = match order {
        Order::Ascending => "asc",
        Order::Descending => "desc",
    };
    let by_id = sort == "t.id";
    let id = source.id;
    let order_by =
        if by_id { format!("{id} {direction}") } else { format!("{sort} {direction}, t.id {direction}") };
    let sql = format!(
        "select {sort}, t.id, {} from {} {} where {} order by {order_by} limit {}",
        spec.columns,
        source.from,
        spec.joins,
        condition.text(),
        limit + 1
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement
        .query_map(params_from_iter(condition.values), |row| {
            let value = match row.get_ref(0)? {
                rusqlite::types::ValueRef::Integer(n) => SortValue::Int(n),
                other => SortValue::Text(other.as_str_or_null()?.unwrap_or("").to_owned()),
            };
            (spec.from_row)(row, Key { value, id: row.get(1)? })
        })?
        .collect::<rusqlite::Result<Vec<R>>>()?;
    let more = if rows.len() > limit { More::Yes } else { More::No };
    rows.truncate(limit);
    let has_anchor = |yes: bool| if yes { More::Yes } else { More::No };
    if backwards {
        rows.reverse();
        return Ok(Page { rows, before: more, after: has_anchor(matches!(anchor, Anchor::Before(_))) });
    }
    Ok(Page { rows, before: has_anchor(!matches!(anchor, Anchor::Start)), after: more })
}

/// How many rows match, counted up to `cap`.
pub fn count<R>(conn: &Connection, spec: &ListSpec<R>, query: &ListQuery, cap: i64) -> Result<Count> {
    let mut condition = condition(spec, query);
    let source = source(conn, spec, "t.id", &mut condition)?;
    let sql = format!(
        "select count(*) from (select 1 from {} where {} limit {})",
        source.from,
        condition.text(),
        cap + 1
    );
    let n: i64 = conn.prepare_cached(&sql)?.query_row(params_from_iter(condition.values), |r| r.get(0))?;
    Ok(if n > cap { Count::MoreThan(cap) } else { Count::Exactly(n) })
}

/// The key of one row, if it is in the list.
pub fn key_of<R>(conn: &Connection, spec: &ListSpec<R>, query: &ListQuery, id: i64) -> Result<Option<Key>> {
    let sort = sort_column(spec, query)?;
    let sql = format!("select {sort} from {} t where t.id = ?1", spec.table);
    let value = conn
        .prepare_cached(&sql)?
        .query_row([id], |row| {
            Ok(match row.get_ref(0)? {
                rusqlite::types::ValueRef::Integer(n) => SortValue::Int(n),
                other => SortValue::Text(other.as_str_or_null()?.unwrap_or("").to_owned()),
            })
        })
        .optional()?;
    Ok(value.map(|value| Key { value, id }))
}

/// Of these rows, those that the filter shows: for “2 marked, 1 hidden by the filter”.
pub fn visible<R>(conn: &Connection, spec: &ListSpec<R>, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>> {
    let mut condition = condition(spec, query);
    condition.matches.clear();
    condition.clauses.push("t.id in (select value from json_each(?))".into());
    condition.values.push(Sql::Text(format!("{ids:?}")));
    let sql = format!("select t.id from {} t where {} order by t.id", spec.table, condition.text());
    let mut statement = conn.prepare_cached(&sql)?;
    let ids = statement
        .query_map(params_from_iter(condition.values), |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(ids)
}

fn sort_column<R>(spec: &ListSpec<R>, query: &ListQuery) -> Result<&'static str> {
    spec.sorts.iter().find(|(name, _)| *name == query.sort).map(|(_, column)| *column).ok_or_else(|| {
        let names: Vec<&str> = spec.sorts.iter().map(|(n, _)| *n).collect();
        Error::invalid(
            "sort",
            query.sort,
            "is no column to sort by",
            format!("Take one of {}.", names.join(", ")),
        )
    })
}

struct Source {
    from: String,
    id: &'static str,
}

/// Where rows come from: the table's own index, the trigram index in row order, or a short list of ids to be sorted.
fn source<R>(conn: &Connection, spec: &ListSpec<R>, sort: &str, condition: &mut Condition) -> Result<Source> {
    let table = Source { from: format!("{} t", spec.table), id: "t.id" };
    let Some(fts) = spec.fts.filter(|_| !condition.matches.is_empty()) else { return Ok(table) };
    let expression = condition.matches.join(" AND ");
    if sort == "t.id" {
        condition.clauses.insert(0, format!("{fts} match ?"));
        condition.values.insert(0, Sql::Text(expression));
        return Ok(Source {
            from: format!("{fts} f cross join {} t on t.id = f.rowid", spec.table),
            id: "f.rowid",
        });
    }
    let sql = format!("select rowid from {fts} where {fts} match ?1 limit {}", SPARSE + 1);
    let mut statement = conn.prepare_cached(&sql)?;
    let ids: Vec<i64> = statement.query_map([&expression], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    if ids.len() <= SPARSE {
        condition.clauses.insert(0, "+t.id in (select value from json_each(?))".into());
        condition.clauses[0] = "t.id in (select value from json_each(?))".into();
        condition.values.insert(0, Sql::Text(format!("{ids:?}")));
    }
    Ok(table)
}

enum Equal {
    Yes,
    No,
}

/// The `where` of a list, as clauses and bound values.
struct Condition {
    clauses: Vec<String>,
    values: Vec<Sql>,
    /// Trigram expressions that must all match; each is only a first sieve, the clauses decide.
    matches: Vec<String>,
}

impl Condition {
    fn text(&self) -> String {
        if self.clauses.is_empty() { "true".into() } else { self.clauses.join(" and ") }
    }

    fn push(&mut self, clause: String, values: impl IntoIterator<Item = Sql>) {
        self.clauses.push(clause);
        self.values.extend(values);
    }

    fn beyond(&mut self, sort: &str, order: Order, equal: Equal, key: &Key) {
        let sign = match (order, equal) {
            (Order::Ascending, Equal::No) => ">",
            (Order::Ascending, Equal::Yes) => ">=",
            (Order::Descending, Equal::No) => "<",
            (Order::Descending, Equal::Yes) => "<=",
        };
        if sort == "t.id" {
            let id = if self.clauses.first().is_some_and(|c| c.ends_with(" match ?")) {
                "f.rowid"
            } else {
                "t.id"
            };
            self.push(format!("{id} {sign} ?"), [Sql::Integer(key.id)]);
            return;
        }
        let value = match &key.value {
            SortValue::Int(n) => Sql::Integer(*n),
            SortValue::Text(s) => Sql::Text(s.clone()),
        };
        self.push(format!("({sort}, t.id) {sign} (?, ?)"), [value, Sql::Integer(key.id)]);
    }
}

fn condition<R>(spec: &ListSpec<R>, query: &ListQuery) -> Condition {
    let mut out = Condition { clauses: Vec::new(), values: Vec::new(), matches: Vec::new() };
    if let Some(state) = query.state {
        out.push("t.state = ?".into(), [Sql::Text(state.into())]);
    }
    for term in &query.filter.terms {
        match term {
            Term::Word { any_of, negated } => {
                let each: Vec<&str> = any_of.iter().map(|_| "instr(t.search, ?) > 0").collect();
                let values = any_of.iter().map(|w| Sql::Text(w.clone()));
                out.push(format!("{}({})", not(*negated), each.join(" or ")), values);
                if !negated {
                    out.matches.extend(trigrams(any_of));
                }
            }
            Term::Mine { negated } => {
                let staff = Sql::Integer(query.asker.staff.unwrap_or(0));
                let n = spec.mine.matches('?').count();
                out.push(format!("coalesce({}, 0) = {}", spec.mine, i64::from(!negated)), vec![staff; n]);
            }
            Term::Field { field, test, negated } => {
                if let Some(column) = spec.fields.iter().find(|c| c.field == *field) {
                    field_test(&mut out, column, (test, *negated), query.asker);
                }
            }
        }
    }
    out
}

fn not(negated: bool) -> &'static str {
    if negated { "not " } else { "" }
}

/// The trigram sieve for words of which one must stand in the text; none when one of them is too short for it.
fn trigrams(any_of: &[String]) -> Option<String> {
    let each: Option<Vec<String>> = any_of.iter().map(|word| trigrams_of(word)).collect();
    each.filter(|e| !e.is_empty()).map(|e| format!("({})", e.join(" OR ")))
}

fn trigrams_of(word: &str) -> Option<String> {
    let chars: Vec<char> = word.chars().collect();
    if chars.len() < 3 {
        return None;
    }
    let mut grams: Vec<String> = chars
        .windows(3)
        .map(|w| format!("\"{}\"", w.iter().collect::<String>().replace('"', "\"\"")))
        .collect();
    grams.sort_unstable();
    grams.dedup();
    Some(format!("({})", grams.join(" AND ")))
}

fn field_test(out: &mut Condition, column: &Column, (test, negated): (&Test, bool), asker: Asker) {
    let expr = column.expr;
    let mut clauses = Vec::new();
    let mut values = Vec::new();
    match test {
        Test::Empty => clauses.push(format!("({expr} is null or {expr} = '')")),
        Test::AnyOf(list) => {
            for value in list {
                let (clause, bound) = fits(column, value, asker);
                clauses.push(clause);
                values.extend(bound);
            }
            let words: Option<Vec<String>> = list
                .iter()
                .map(|v| match v {
                    Value::Text(t) => Some(t.clone()),
                    _ => None,
                })
                .collect();
            if let (false, ColumnKind::Folded | ColumnKind::Searched, Some(words)) =
                (negated, column.kind, words)
            {
                out.matches.extend(trigrams(&words));
            }
        }
        Test::Less(v) | Test::AtMost(v) | Test::More(v) | Test::AtLeast(v) => {
            let (clause, bound) = compare(column, test, v, asker);
            clauses.push(clause);
            values.extend(bound);
        }
    }
    // An empty field passes every negated test but a negated Empty.
    let whole = clauses.join(" or ");
    out.push(format!("coalesce({whole}, 0) = {}", i64::from(!negated)), values);
}

fn fits(column: &Column, value: &Value, asker: Asker) -> (String, Vec<Sql>) {
    let expr = column.expr;
    match value {
        Value::Text(text) => {
            let folded =
                if column.kind == ColumnKind::Folded { expr.to_owned() } else { format!("fold({expr})") };
            (format!("instr({folded}, ?) > 0"), vec![Sql::Text(text.clone())])
        }
        Value::State(state) => (format!("{expr} = ?"), vec![Sql::Text((*state).to_owned())]),
        Value::Number(n) => (format!("{expr} = ?"), vec![Sql::Real(*n)]),
        Value::Me => (format!("{expr} = ?"), vec![Sql::Integer(asker.staff.unwrap_or(0))]),
        Value::Person(text) => (
            format!(
                "{expr} in (select id from staff where instr(fold(login), ?) > 0 or instr(fold(name), ?) > 0)"
            ),
            vec![Sql::Text(text.clone()), Sql::Text(text.clone())],
        ),
        Value::Days { first, last } => {
            let (from, until) = (midnight(*first), midnight(last.succ_opt().unwrap_or(*last)));
            (format!("({expr} >= ? and {expr} < ?)"), vec![Sql::Integer(from), Sql::Integer(until)])
        }
        Value::Age { from_ms, until_ms } => (
            format!("({expr} > ? and {expr} <= ?)"),
            vec![Sql::Integer(asker.now - until_ms), Sql::Integer(asker.now - from_ms)],
        ),
    }
}

fn compare(column: &Column, test: &Test, value: &Value, asker: Asker) -> (String, Vec<Sql>) {
    // The half-open span of the value on the column's own scale; an age runs the other way.
    let (from, until, turned) = match value {
        Value::Number(n) => (Sql::Real(*n), Sql::Real(n.next_up()), false),
        Value::Days { first, last } => {
            (Sql::Integer(midnight(*first)), Sql::Integer(midnight(last.succ_opt().unwrap_or(*last))), false)
        }
        Value::Age { from_ms, until_ms } => {
            (Sql::Integer(asker.now - until_ms + 1), Sql::Integer(asker.now - from_ms + 1), true)
        }
        Value::Text(_) | Value::State(_) | Value::Person(_) | Value::Me => {
            return ("false".into(), Vec::new());
        }
    };
    let expr = column.expr;
    let (sign, bound) = match (test, turned) {
        (Test::Less(_), false) | (Test::More(_), true) => ("<", from),
        (Test::AtMost(_), false) | (Test::AtLeast(_), true) => ("<", until),
        (Test::More(_), false) | (Test::Less(_), true) => (">=", until),
        (Test::AtLeast(_), false) | (Test::AtMost(_), true) => (">=", from),
        (Test::AnyOf(_) | Test::Empty, _) => return ("false".into(), Vec::new()),
    };
    (format!("{expr} {sign} ?"), vec![bound])
}

/// The first millisecond of a day on the reader's wall.
fn midnight(day: NaiveDate) -> i64 {
    let start = day.and_time(NaiveTime::MIN);
    Local
        .from_local_datetime(&start)
        .earliest()
        .map_or_else(|| start.and_utc().timestamp_millis(), |t| t.timestamp_millis())
}
