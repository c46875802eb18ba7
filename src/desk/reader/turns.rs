//! What waits for whom: the reader's side of work items.

use std::collections::BTreeMap;

use super::Reader;
use crate::desk::commands::work::letters;
use crate::desk::error::Result;
use crate::desk::query::report::{self, Book, ReportRow};
use crate::desk::query::stuck::{self, Stuck};
use crate::desk::query::work_list::{Turns, View, WorkRow};
use crate::desk::query::work_load::{self, LoadRow};
use crate::desk::query::{work, work_list};
use crate::domain::id::RecordRef;
use crate::domain::mail::MailEvent;
use crate::domain::workflow::offer::ItemFacts;

impl Reader {
    /// The rows of a view, most urgent first.
    pub fn work(&self, view: View, staff: i64) -> Result<Vec<WorkRow>> {
        self.together(|_| work_list::list(&self.conn, view, (staff, self.now())))?
    }

    /// The open turns that hang on a document, a person, a role or a queue.
    pub fn turns(&self, which: Turns<'_>) -> Result<Vec<WorkRow>> {
        self.together(|_| work_list::turns(&self.conn, which))?
    }

    /// What a letter of this event to staff would say of a user request as it stands, by the names of its placeholders.
    pub fn letter_values(
        &self,
        event: MailEvent,
        record: &RecordRef,
    ) -> Result<BTreeMap<&'static str, String>> {
        letters::preview(&self.conn, event, (record.id, &record.number))
    }

    /// What waits for nobody who could do anything about it.
    pub fn stuck(&self) -> Result<Vec<Stuck>> {
        self.together(|_| stuck::all(&self.conn))?
    }

    /// How many rows a view has.
    pub fn work_count(&self, view: View, staff: i64) -> Result<i64> {
        work_list::count(&self.conn, view, (staff, self.now()))
    }

    /// Who holds how much, most behind first.
    pub fn work_load(&self) -> Result<Vec<LoadRow>> {
        work_load::load(&self.conn, self.now())
    }

    /// How many turns of this person are past their due time.
    pub fn work_late(&self, staff: i64) -> Result<i64> {
        work_list::late(&self.conn, (staff, self.now()))
    }

    /// What `offer` needs to know of a work item.
    pub fn work_facts(&self, item: i64) -> Result<ItemFacts> {
        work::facts(&self.conn, item, self.now())
    }

    /// What was decided between two moments, in groups.
    pub fn report(&self, what: (Book, &str), span: (i64, i64)) -> Result<Vec<ReportRow>> {
        report::decisions(&self.conn, &self.settings.calendar, what, span)
    }
}
