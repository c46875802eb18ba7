//! From a `ListQuery` to SQL: keyset pages over an index, words through the trigram index. Nothing here ever reads
//! a whole table to show a window of it.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::condition::{Condition, Equal, condition};
use super::way::{Source, Way, ways};
use super::{Anchor, Count, Key, ListQuery, More, Order, Page, SortValue};
use crate::desk::error::{Error, Result};
use crate::desk::store::open::ran_out_of_patience;

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
    /// A code of two capitals, indexed: two letters typed are that code.
    Code,
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
    /// What `mine` means, with `?` for the staff id; an index answers it, as it does every staff column.
    pub mine: &'static str,
    /// Makes the row.
    pub from_row: fn(&Row<'_>, Key) -> rusqlite::Result<R>,
}

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
    let condition = condition(spec, query);
    let mut found = None;
    for way in ways(conn, spec, sort, &condition)? {
        let window = Window { sort, order, anchor, limit };
        found = read(conn, spec, (way, condition.clone()), &window)?;
        if found.is_some() {
            break;
        }
    }
    let mut rows: Vec<R> = found.ok_or_else(|| Error::Bug("the last way to a page has no end".into()))?;
    let more = if rows.len() > limit { More::Yes } else { More::No };
    rows.truncate(limit);
    let has_anchor = |yes: bool| if yes { More::Yes } else { More::No };
    if backwards {
        rows.reverse();
        return Ok(Page { rows, before: more, after: has_anchor(matches!(anchor, Anchor::Before(_))) });
    }
    Ok(Page { rows, before: has_anchor(!matches!(anchor, Anchor::Start)), after: more })
}

/// Which rows a page asks for.
struct Window<'a> {
    sort: &'static str,
    order: Order,
    anchor: &'a Anchor,
    limit: usize,
}

/// Reads the window's rows and one more, this way; none where its patience ran out.
fn read<R>(
    conn: &Connection,
    spec: &ListSpec<R>,
    (way, mut condition): (Way, Condition),
    window: &Window<'_>,
) -> Result<Option<Vec<R>>> {
    let Window { sort, order, anchor, limit } = window;
    let Source { from, id } = way.source(spec, &mut condition);
    match anchor {
        Anchor::Start | Anchor::End => {}
        Anchor::After(key) | Anchor::Before(key) => condition.beyond((sort, id), *order, (Equal::No, key)),
        Anchor::From(key) => condition.beyond((sort, id), *order, (Equal::Yes, key)),
    }
    let direction = match order {
        Order::Ascending => "asc",
        Order::Descending => "desc",
    };
    let order_by = match *sort {
        "t.id" => format!("{id} {direction}"),
        sort => format!("{sort} {direction}, t.id {direction}"),
    };
    let sql = format!(
        "select {sort}, t.id, {} from {from} {} where {} order by {order_by} limit {}",
        spec.columns,
        spec.joins,
        condition.text(),
        limit + 1
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(condition.values), |row| {
        let value = match row.get_ref(0)? {
            rusqlite::types::ValueRef::Integer(n) => SortValue::Int(n),
            other => SortValue::Text(other.as_str_or_null()?.unwrap_or("").to_owned()),
        };
        (spec.from_row)(row, Key { value, id: row.get(1)? })
    })?;
    match rows.collect() {
        Ok(rows) => Ok(Some(rows)),
        Err(error) if ran_out_of_patience(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// How many rows match, counted up to `cap`.
pub fn count<R>(conn: &Connection, spec: &ListSpec<R>, query: &ListQuery, cap: i64) -> Result<Count> {
    let mut condition = condition(spec, query);
    let way = ways(conn, spec, "t.id", &condition)?.pop().expect("there is always a way");
    let source = way.source(spec, &mut condition);
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
