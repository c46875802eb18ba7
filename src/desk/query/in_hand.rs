//! Lists that are read whole and filtered in hand, for what nobody has thousands of: turns, staff.

use std::cmp::Ordering;

use super::{Anchor, Count, Key, Keyed, ListQuery, More, Order, Page, SortValue};
use crate::desk::error::Result;

/// Where such a list comes from.
pub trait InHand {
    /// What a row is.
    type Row: Keyed + Clone;

    /// All rows of a query, in its order (see [`arrange`]).
    ///
    /// # Errors
    /// What reading them ends with.
    fn lines(&self, query: &ListQuery) -> Result<Vec<Self::Row>>;

    /// How many rows a query has, where that is known without reading them.
    ///
    /// # Errors
    /// What counting them ends with.
    fn known(&self, _query: &ListQuery) -> Result<Option<i64>> {
        Ok(None)
    }

    /// The rows at the anchor, at most `limit`.
    ///
    /// # Errors
    /// As [`InHand::lines`].
    fn window(&self, query: &ListQuery, anchor: &Anchor, limit: usize) -> Result<Page<Self::Row>> {
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

    /// How many rows a query has.
    ///
    /// # Errors
    /// As [`InHand::lines`].
    fn total(&self, query: &ListQuery) -> Result<Count> {
        if let Some(known) = self.known(query)? {
            return Ok(Count::Exactly(known));
        }
        Ok(Count::Exactly(i64::try_from(self.lines(query)?.len()).unwrap_or(i64::MAX)))
    }
}

/// Puts rows into the order of their keys, which stand for the sort that was asked for.
pub fn arrange<R: Keyed>(lines: &mut [R], order: Order) {
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
