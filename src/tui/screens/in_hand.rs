//! Lists that are read whole and filtered in hand, for what nobody has thousands of: turns, staff.

use std::cmp::Ordering;

use crate::tui::door::{Anchor, Count, Error, Key, Keyed, ListQuery, More, Order, Page, SortValue};
use crate::tui::widgets::table::{ListSource, TableRow};

/// Where such a list comes from.
pub trait InHand {
    /// What a row is.
    type Row: TableRow;

    /// All rows of a query, in its order (see [`arrange`]).
    fn lines(&self, query: &ListQuery) -> Result<Vec<Self::Row>, Error>;

    /// How many rows a query has, where that is known without reading them.
    fn known(&self, _query: &ListQuery) -> Result<Option<i64>, Error> {
        Ok(None)
    }
}

/// Puts rows into the order of their keys, which stand for the sort that was asked for.
pub fn arrange<R: TableRow>(lines: &mut [R], order: Order) {
    lines.sort_by(|a, b| place(a.key(), b.key(), order));
}

fn place(a: &Key, b: &Key, order: Order) -> Ordering {
    let values = match (&a.value, &b.value) {
        (SortValue::Int(a), SortValue::Int(b)) => a.cmp(b),
        (SortValue::Text(a), SortValue::Text(b)) => a.cmp(b),
        (SortValue::Int(_), SortValue::Text(_)) => Ordering::Less,
        (SortValue::Text(_), SortValue::Int(_)) => Ordering::Greater,
    };
    let ascending = values.then(a.id.cmp(&b.id));
    match order {
        Order::Ascending => ascending,
        Order::Descending => ascending.reverse(),
    }
}

impl<T: InHand> ListSource for T {
    type Row = T::Row;

    fn page(&self, query: &ListQuery, anchor: &Anchor, limit: usize) -> Result<Page<T::Row>, Error> {
        let lines = self.lines(query)?;
        let before = |key: &Key| lines.partition_point(|line| place(line.key(), key, query.order).is_lt());
        let upto = |key: &Key| lines.partition_point(|line| place(line.key(), key, query.order).is_le());
        let (from, to) = match anchor {
            Anchor::Start => (0, limit),
            Anchor::End => (lines.len().saturating_sub(limit), lines.len()),
            Anchor::From(key) => (before(key), before(key) + limit),
            Anchor::After(key) => (upto(key), upto(key) + limit),
            Anchor::Before(key) => (before(key).saturating_sub(limit), before(key)),
        };
        let (from, to) = (from.min(lines.len()), to.min(lines.len()));
        let more = |yes: bool| if yes { More::Yes } else { More::No };
        Ok(Page { before: more(from > 0), after: more(to < lines.len()), rows: lines[from..to].to_vec() })
    }

    fn count(&self, query: &ListQuery) -> Result<Count, Error> {
        if let Some(known) = self.known(query)? {
            return Ok(Count::Exactly(known));
        }
        Ok(Count::Exactly(i64::try_from(self.lines(query)?.len()).unwrap_or(i64::MAX)))
    }

    fn key_of(&self, query: &ListQuery, id: i64) -> Result<Option<Key>, Error> {
        Ok(self.lines(query)?.into_iter().find(|line| line.key().id == id).map(|line| line.key().clone()))
    }

    fn visible(&self, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>, Error> {
        Ok(self.lines(query)?.into_iter().map(|line| line.key().id).filter(|id| ids.contains(id)).collect())
    }
}
