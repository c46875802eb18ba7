//! Reads sign-ups and their possible duplicates, and those of the whole book. Nothing is named that the reader may not see.

use rusqlite::Connection;

use super::Reader;
use crate::desk::error::Result;
use crate::desk::query::customer::Twins;
use crate::desk::query::signup::{SignupCard, SignupDetail, SignupRow};
use crate::desk::query::{Anchor, Count, ListQuery, Page, Sees, history, signup, sql};
use crate::desk::store::duplicates::{self, Asking};
use crate::domain::check::CheckName;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Actor;
use crate::matching::Hit;

impl Reader {
    /// One page of sign-ups. What the asker may not see is not named as a duplicate.
    pub fn signups(&self, query: &ListQuery, anchor: &Anchor, limit: usize) -> Result<Page<SignupRow>> {
        let mut page = sql::page(&self.conn, &signup::LIST, query, anchor, limit)?;
        for row in &mut page.rows {
            hide(&self.conn, query.asker.sees, row)?;
        }
        Ok(page)
    }

    /// How many sign-ups match, counted up to `cap`.
    pub fn count_signups(&self, query: &ListQuery, cap: i64) -> Result<Count> {
        sql::count(&self.conn, &signup::LIST, query, cap)
    }

    /// One sign-up's card.
    pub fn signup(&self, id: i64) -> Result<SignupCard> {
        self.together(|_| signup::card(&self.conn, &self.settings, id, self.now()))?
    }

    /// One sign-up with duplicates and history, as this actor may see it.
    pub fn signup_detail(&self, actor: &Actor, id: i64) -> Result<SignupDetail> {
        let sees = Sees::of(actor);
        let mut card = self.signup(id)?;
        let record = RecordRef::new(RecordKind::Signup, id, card.row.number.clone());
        let mut history = history::of_record(&self.conn, &record, 10)?;
        if !(sees.customers() && sees.signups()) {
            // Who ruled out or made what is told; the numbers in the facts are not.
            card.not_duplicates.clear();
            history.iter_mut().for_each(|entry| entry.detail = "{}".into());
        }
        if hide(&self.conn, sees, &mut card.row)? {
            for check in card.checks.iter_mut().filter(|c| c.name == CheckName::Duplicates.as_str()) {
                check.word = "somebody who sees more should look".into();
            }
        }
        Ok(SignupDetail { card, duplicates: self.duplicates(actor, id, None)?, history })
    }

    /// Possible duplicates of a sign-up, best first; judged by the newest model, or by the one of that version.
    pub fn duplicates(&self, actor: &Actor, signup: i64, model: Option<u32>) -> Result<Vec<Hit>> {
        duplicates::of_signup(&self.conn, signup, Asking { model, ..self.asking(actor) })
    }

    /// The next customers by row id, each with those that may be the same: the whole book, piece by piece. The second
    /// value is where to go on; none at the end.
    pub fn twins(&self, actor: &Actor, after: i64, limit: usize) -> Result<(Vec<Twins>, Option<i64>)> {
        let mut statement = self
            .conn
            .prepare_cached("select id, number, name from customer where id > ?1 order by id limit ?2")?;
        let rows: Vec<(i64, String, String)> = statement
            .query_map((after, i64::try_from(limit).unwrap_or(i64::MAX)), |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        let next = rows.last().filter(|_| rows.len() == limit).map(|(id, ..)| *id);
        let mut twins = Vec::new();
        for (id, number, name) in rows {
            let mut others = duplicates::of_customer(&self.conn, id, self.asking(actor))?;
            others.retain(|hit| hit.record.id > id);
            twins.push(Twins { customer: RecordRef::new(RecordKind::Customer, id, number), name, others });
        }
        Ok((twins, next))
    }

    fn asking(&self, actor: &Actor) -> Asking {
        Asking { sees: Sees::of(actor), ..Asking::for_all(&self.settings) }
    }
}

/// Takes the duplicate out of a row where it is one that may not be seen; whether it did.
fn hide(conn: &Connection, sees: Sees, row: &mut SignupRow) -> Result<bool> {
    if sees.customers() && sees.signups() {
        return Ok(false);
    }
    let Some(number) = &row.duplicate else { return Ok(false) };
    let customer: bool = conn
        .prepare_cached("select exists (select 1 from customer where number = ?1)")?
        .query_row([number], |r| r.get(0))?;
    let seen = if customer { sees.customers() } else { sees.signups() };
    if !seen {
        (row.duplicate, row.duplicate_percent) = (None, None);
    }
    Ok(!seen)
}
