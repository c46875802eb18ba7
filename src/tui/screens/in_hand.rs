//! What is read whole and filtered in hand, as the source of a table.

use crate::desk::query::in_hand::InHand;
use crate::tui::door::{Anchor, Count, Error, Key, Keyed, ListQuery, Page};
use crate::tui::widgets::table::{ListSource, TableRow};

impl<T: InHand<Row: TableRow>> ListSource for T {
    type Row = T::Row;

    fn page(&self, query: &ListQuery, anchor: &Anchor, limit: usize) -> Result<Page<T::Row>, Error> {
        self.window(query, anchor, limit)
    }

    fn count(&self, query: &ListQuery) -> Result<Count, Error> {
        self.total(query)
    }

    fn key_of(&self, query: &ListQuery, id: i64) -> Result<Option<Key>, Error> {
        Ok(self.lines(query)?.into_iter().find(|line| line.key().id == id).map(|line| line.key().clone()))
    }

    fn visible(&self, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>, Error> {
        Ok(self.lines(query)?.into_iter().map(|line| line.key().id).filter(|id| ids.contains(id)).collect())
    }
}
