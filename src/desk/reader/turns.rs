//! What waits for whom: the reader's side of work items.

use super::Reader;
use crate::desk::error::Result;
use crate::desk::query::work_list::{View, WorkRow};
use crate::desk::query::{work, work_list};
use crate::domain::workflow::offer::ItemFacts;

impl Reader {
    /// The open work items of a view, oldest first.
    pub fn work(&self, view: View, staff: i64) -> Result<Vec<WorkRow>> {
        self.together(|_| work_list::list(&self.conn, view, (staff, self.now())))?
    }

    /// How many work items wait for this person.
    pub fn work_waiting(&self, staff: i64) -> Result<i64> {
        work_list::waiting(&self.conn, staff)
    }

    /// What `offer` needs to know of a work item.
    pub fn work_facts(&self, item: i64) -> Result<ItemFacts> {
        work::facts(&self.conn, item, self.now())
    }
}
