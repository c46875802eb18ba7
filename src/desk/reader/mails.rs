//! The outbox, as the reader shows it.

use super::Reader;
use crate::desk::error::Result;
use crate::desk::outbox::Health;
use crate::desk::query::mail::{MailCard, MailRow};
use crate::desk::query::{Anchor, Count, Key, ListQuery, Page, mail, sql};

impl Reader {
    /// A page of the outbox.
    pub fn mails(&self, query: &ListQuery, anchor: &Anchor, limit: usize) -> Result<Page<MailRow>> {
        sql::page(&self.conn, &mail::LIST, query, anchor, limit)
    }

    /// How many mails match, up to `cap`.
    pub fn count_mails(&self, query: &ListQuery, cap: i64) -> Result<Count> {
        sql::count(&self.conn, &mail::LIST, query, cap)
    }

    /// Where a mail stands in a list.
    pub fn mail_key(&self, query: &ListQuery, id: i64) -> Result<Option<Key>> {
        sql::key_of(&self.conn, &mail::LIST, query, id)
    }

    /// Of these mails, those that the filter shows.
    pub fn visible_mails(&self, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>> {
        sql::visible(&self.conn, &mail::LIST, query, ids)
    }

    /// One mail with text and attempts; secrets masked.
    pub fn mail(&self, id: i64) -> Result<MailCard> {
        mail::card(&self.conn, id)
    }

    /// The state of mail, for the health line.
    pub fn mail_health(&self) -> Result<Health> {
        Ok(crate::desk::outbox::health(&self.conn, self.now())?)
    }
}
