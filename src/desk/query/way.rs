//! Ways to the rows of a list, chosen by what the indexes know before a row is read: however large the table, a way
//! reads what the window shows and little more, or gives up in favour of one whose end is near for certain.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};

use super::condition::{Condition, Sieve};
use super::sql::ListSpec;
use crate::desk::error::Result;

/// Up to so many matching rows are fetched by id and sorted.
const FEW: usize = 2_000;

/// Up to so many are worth remembering at once while the sort index is walked.
const SOME: usize = 30_000;

/// Rows that a walk looks at in the hope that the matching ones are spread evenly.
const PATIENCE: i64 = 3_000;

/// One way.
pub(super) enum Way {
    /// These rows, then sorted.
    Ids(Vec<i64>),
    /// The index of this clause, which is in the list's order.
    Clause(String, Vec<Sql>),
    /// The search index in the order of ids.
    Search(String),
    /// The sort index, each row looked at; for the first so many, or to the end.
    Walk(Option<i64>),
    /// The sort index, only rows looked at that this statement names from another index.
    WalkAmong(String, Vec<Sql>),
}

/// Where rows come from, and the column that their id is in.
pub(super) struct Source {
    pub from: String,
    pub id: &'static str,
}

/// The ways to try, one after the other; the last always arrives.
pub(super) fn ways<R>(
    conn: &Connection,
    spec: &ListSpec<R>,
    sort: &str,
    condition: &Condition,
) -> Result<Vec<Way>> {
    let mut known = None;
    for Sieve { clause, values, single } in &condition.sieves {
        if single.is_some() && (sort == "t.id" || *single == Some(sort)) {
            return Ok(vec![Way::Clause(clause.clone(), values.clone())]);
        }
        let sql = format!("select t.id from {} t where {clause}", spec.table);
        let ids = ids(conn, (&sql, FEW), values)?;
        if ids.len() <= FEW {
            return Ok(vec![Way::Ids(ids)]);
        }
        known = Some(Way::WalkAmong(sql, values.clone()));
    }
    if let Some(fts) = spec.fts.filter(|_| !condition.matches.is_empty()) {
        let expression = condition.matches.join(" AND ");
        if sort == "t.id" {
            return Ok(vec![Way::Search(expression)]);
        }
        let sql = format!("select rowid from {fts} where {fts} match ?");
        let values = vec![Sql::Text(expression)];
        let ids = ids(conn, (&sql, SOME), &values)?;
        let among = Way::WalkAmong(sql, values);
        match ids.len() {
            0..=FEW => return Ok(vec![Way::Ids(ids)]),
            0..=SOME => return Ok(vec![among]),
            _ => known = Some(among),
        }
    }
    Ok(match known.filter(|_| sort != "t.id") {
        Some(among) => vec![Way::Walk(Some(PATIENCE)), among],
        None => vec![Way::Walk(None)],
    })
}

/// The ids that the statement gives, at most one more than `enough`.
fn ids(conn: &Connection, (sql, enough): (&str, usize), values: &[Sql]) -> Result<Vec<i64>> {
    let mut statement = conn.prepare_cached(&format!("{sql} limit {}", enough + 1))?;
    let ids =
        statement.query_map(params_from_iter(values), |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(ids)
}

impl Way {
    /// Its part of the statement; a clause of its own comes first among the condition's.
    pub fn source<R>(self, spec: &ListSpec<R>, condition: &mut Condition) -> Source {
        let table = || Source { from: format!("{} t", spec.table), id: "t.id" };
        let fts = spec.fts.unwrap_or_default();
        match self {
            Way::Clause(clause, values) => condition.first(clause, values),
            Way::Walk(None) => {}
            Way::Walk(Some(rows)) => condition.first("patience(?, t.id)".into(), [Sql::Integer(rows)]),
            Way::Ids(ids) => {
                condition.first(
                    "t.id in (select value from json_each(?))".into(),
                    [Sql::Text(format!("{ids:?}"))],
                );
            }
            // The plus keeps the planner on the sort index: sorting all of them would take longer.
            Way::WalkAmong(sql, values) => condition.first(format!("+t.id in ({sql})"), values),
            Way::Search(expression) => {
                condition.first(format!("{fts} match ?"), [Sql::Text(expression)]);
                let from = format!("{fts} f cross join {} t on t.id = f.rowid", spec.table);
                return Source { from, id: "f.rowid" };
            }
        }
        table()
    }
}
