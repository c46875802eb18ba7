//! From a `ListQuery` to SQL: keyset pages over an index, words through the trigram index. Nothing here ever reads
//! a whole table to show a window of it.

mod condition;
#[cfg(test)]
mod plan_tests;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use self::condition::{Condition, Equal, condition};
use super::{Anchor, Count, Key, Keyed, ListQuery, More, Order, Page, SortValue};
use crate::desk::error::{Error, Result};

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
    /// The text that words are looked for in: folded, with a blank on each side of every word.
    pub search: &'static str,
    /// The trigram index over `t.search`, if there is one.
    pub fts: Option<&'static str>,
    /// Sort names and their plain, indexed columns.
    pub sorts: &'static [(&'static str, &'static str)],
    /// Fields of the filter.
    pub fields: &'static [Column],
    /// What `mine` means, with `?` for the staff id; `0` where no row is anybody's.
    pub mine: &'static str,
    /// Makes the row.
    pub from_row: fn(&Row<'_>, Key) -> rusqlite::Result<R>,
}

/// Rows that match beyond this are walked in sort order instead of being sorted.
const SPARSE: usize = 2_000;

/// A page of the list.
pub fn page<R: Keyed>(
    conn: &Connection,
    spec: &ListSpec<R>,
    query: &ListQuery,
    anchor: &Anchor,
    limit: usize,
) -> Result<Page<R>> {
    let list = List::new(conn, spec, query)?;
    let backwards = matches!(anchor, Anchor::End | Anchor::Before(_));
    let order = if backwards { query.order.reversed() } else { query.order };
    let beyond = match anchor {
        Anchor::Start | Anchor::End => None,
        Anchor::After(key) | Anchor::Before(key) => Some((key, Equal::No)),
        Anchor::From(key) => Some((key, Equal::Yes)),
    };
    let mut rows = list.rows(conn, order, beyond, limit + 1)?;
    let ahead = if rows.len() > limit { More::Yes } else { More::No };
    rows.truncate(limit);
    // What lies on the side that was not read: nothing, where the page begins at the end of the list.
    let behind = match (anchor, rows.first()) {
        (Anchor::Start | Anchor::End, _) => More::No,
        (_, Some(row)) => list.any(conn, order.reversed(), (row.key(), Equal::No))?,
        (Anchor::After(key) | Anchor::Before(key), None) => {
            list.any(conn, order.reversed(), (key, Equal::Yes))?
        }
        (Anchor::From(key), None) => list.any(conn, order.reversed(), (key, Equal::No))?,
    };
    if backwards {
        rows.reverse();
        return Ok(Page { rows, before: ahead, after: behind });
    }
    Ok(Page { rows, before: behind, after: ahead })
}

/// One list query, ready to be asked for rows on either side of a key.
struct List<'a, R> {
    spec: &'a ListSpec<R>,
    sort: &'static str,
    source: Source,
    condition: Condition,
}

impl<'a, R> List<'a, R> {
    fn new(conn: &Connection, spec: &'a ListSpec<R>, query: &ListQuery) -> Result<Self> {
        let sort = sort_column(spec, query)?;
        let mut condition = condition(spec, query);
        let source = source(conn, spec, sort, &mut condition)?;
        Ok(Self { spec, sort, source, condition })
    }

    fn rows(
        &self,
        conn: &Connection,
        order: Order,
        beyond: Option<(&Key, Equal)>,
        limit: usize,
    ) -> Result<Vec<R>> {
        let (sql, values) = self.select(order, beyond, limit);
        let mut statement = conn.prepare_cached(&sql)?;
        let rows = statement
            .query_map(params_from_iter(values), |row| {
                (self.spec.from_row)(row, Key { value: sort_value(row)?, id: row.get(1)? })
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    fn select(&self, order: Order, beyond: Option<(&Key, Equal)>, limit: usize) -> (String, Vec<Sql>) {
        let Self { spec, sort, source, .. } = self;
        let mut condition = self.condition.clone();
        if let Some((key, equal)) = beyond {
            condition.beyond(sort, order, equal, key);
        }
        let direction = match order {
            Order::Ascending => "asc",
            Order::Descending => "desc",
        };
        let order_by = match *sort {
            "t.id" => format!("{} {direction}", source.id),
            _ => format!("{sort} {direction}, t.id {direction}"),
        };
        let sql = format!(
            "select {sort}, t.id, {} from {} {} where {} order by {order_by} limit {limit}",
            spec.columns,
            source.from,
            spec.joins,
            condition.text(),
        );
        (sql, condition.values)
    }

    /// Whether there is any row beyond the key in that order.
    fn any(&self, conn: &Connection, order: Order, (key, equal): (&Key, Equal)) -> Result<More> {
        let mut condition = self.condition.clone();
        condition.beyond(self.sort, order, equal, key);
        let sql = format!("select exists (select 1 from {} where {})", self.source.from, condition.text());
        let any = conn.prepare_cached(&sql)?.query_row(params_from_iter(condition.values), |r| r.get(0))?;
        Ok(if any { More::Yes } else { More::No })
    }
}

fn sort_value(row: &Row<'_>) -> rusqlite::Result<SortValue> {
    Ok(match row.get_ref(0)? {
        rusqlite::types::ValueRef::Integer(n) => SortValue::Int(n),
        other => SortValue::Text(other.as_str_or_null()?.unwrap_or("").to_owned()),
    })
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

/// The key of one row, if the list shows it.
pub fn key_of<R>(conn: &Connection, spec: &ListSpec<R>, query: &ListQuery, id: i64) -> Result<Option<Key>> {
    let sort = sort_column(spec, query)?;
    let mut condition = condition(spec, query);
    condition.push("t.id = ?".into(), [Sql::Integer(id)]);
    let sql = format!("select {sort} from {} t where {}", spec.table, condition.text());
    let value =
        conn.prepare_cached(&sql)?.query_row(params_from_iter(condition.values), sort_value).optional()?;
    Ok(value.map(|value| Key { value, id }))
}

/// Of these rows, those that the filter shows: for “2 marked, 1 hidden by the filter”.
pub fn visible<R>(conn: &Connection, spec: &ListSpec<R>, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>> {
    let mut condition = condition(spec, query);
    condition.push("t.id in (select value from json_each(?))".into(), [Sql::Text(format!("{ids:?}"))]);
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
        condition.clauses.insert(0, "t.id in (select value from json_each(?))".into());
        condition.values.insert(0, Sql::Text(format!("{ids:?}")));
    }
    Ok(table)
}
