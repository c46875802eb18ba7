//! The reading side: its own read-only connection, so reading never waits for writing. Every function reads what a
//! window shows, no more.

mod staff;
mod workflow;

mod mails;
mod matches;
mod turns;

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};

use super::clock::Clock;
use super::door::OpenOptions;
use super::error::{Error, Result};
use super::query::customer::{ContactRow, CustomerCard, CustomerRow, PortalUserRow, Preset, TemplateRow};
use super::query::history::{HistoryRow, Verdict};
use super::query::user_request::{UserRequestCard, UserRequestRow};
use super::query::why::Why;
use super::query::{
    Anchor, Count, Key, ListQuery, Page, customer, history, signup, sql, staff as staff_query, user_request,
    why,
};
use super::settings::Settings;
use super::store::open::Access;
use super::store::{history as chain, migrate, open};
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::{Actor, How};

/// The widths that a number sequence can have (config, `sequences.*.width`), the usual one first.
const WIDTHS: [usize; 12] = [6, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12];

/// Reads. Cheap to open; one per thread.
pub struct Reader {
    conn: Connection,
    settings: Arc<Settings>,
    clock: Arc<dyn Clock>,
}

impl Reader {
    /// Opens a reader; never creates or migrates.
    pub fn open(options: &OpenOptions) -> Result<Self> {
        let conn = open::open(&options.path, Access::Read)?;
        migrate::check_current(&conn)?;
        Ok(Self { conn, settings: options.settings.clone(), clock: options.clock.clone() })
    }

    /// Lets `read` see one state of the database in all that it asks; nothing stays open afterwards. What is read
    /// together within it sees the same state.
    pub fn together<T>(&self, read: impl FnOnce(&Self) -> T) -> Result<T> {
        if !self.conn.is_autocommit() {
            return Ok(read(self));
        }
        let snapshot = self.conn.unchecked_transaction()?;
        let value = read(self);
        snapshot.rollback()?;
        Ok(value)
    }

    /// Changes whenever another connection has committed.
    pub fn data_version(&self) -> Result<i64> {
        Ok(self.conn.prepare_cached("pragma data_version")?.query_row([], |r| r.get(0))?)
    }

    /// Now, by the desk's clock.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// The office's settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The member of staff with that login, as actor; refused if unknown or inactive.
    pub fn actor(&self, login: &str, how: How) -> Result<Actor> {
        staff_query::actor(&self.conn, login, how)
    }

    /// Rows per state of `signup`, `customer` or `mail`; kept by triggers, so counting costs nothing.
    pub fn tally(&self, kind: RecordKind) -> Result<Vec<(String, i64)>> {
        let mut statement = self
            .conn
            .prepare_cached("select state, n from tally where kind = ?1 and n > 0 order by state")?;
        let rows = statement
            .query_map([kind.as_str()], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    /// How many records of a kind are in a state, or in all, from the counts kept by triggers.
    pub fn tallied(&self, kind: RecordKind, state: Option<&str>) -> Result<Count> {
        let n = self
            .conn
            .prepare_cached(
                "select coalesce(sum(n), 0) from tally where kind = ?1 and (?2 is null or state = ?2)",
            )?
            .query_row((kind.as_str(), state), |r| r.get(0))?;
        Ok(Count::Exactly(n))
    }

    /// Where a sign-up stands in a list.
    pub fn signup_key(&self, query: &ListQuery, id: i64) -> Result<Option<Key>> {
        sql::key_of(&self.conn, &signup::LIST, query, id)
    }

    /// Of these sign-ups, those that the filter shows.
    pub fn visible_signups(&self, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>> {
        sql::visible(&self.conn, &signup::LIST, query, ids)
    }

    /// What *create* would make of a sign-up with that template: field, value, origin.
    pub fn presets(&self, signup: i64, template: Option<&str>) -> Result<Vec<Preset>> {
        let card = self.signup(signup)?;
        let given = card.fields.iter().filter_map(|(n, v)| Some(((*n).to_owned(), v.clone()?))).collect();
        super::commands::signup::create::presets(&self.conn, &self.settings, &given, template)
    }

    /// A free user name for a sign-up.
    pub fn suggested_user_name(&self, signup: i64) -> Result<String> {
        let card = self.signup(signup)?;
        let given = card.fields.iter().filter_map(|(n, v)| Some(((*n).to_owned(), v.clone()?))).collect();
        super::commands::signup::create::suggest_user_name(&self.conn, &given)
    }

    /// Active contacts with that address: offered instead of a second one.
    pub fn contacts_by_email(&self, email: &str) -> Result<Vec<ContactRow>> {
        customer::contacts_by_email(&self.conn, email)
    }

    /// A page of customers.
    pub fn customers(&self, query: &ListQuery, anchor: &Anchor, limit: usize) -> Result<Page<CustomerRow>> {
        sql::page(&self.conn, &customer::LIST, query, anchor, limit)
    }

    /// How many customers match, up to `cap`.
    pub fn count_customers(&self, query: &ListQuery, cap: i64) -> Result<Count> {
        sql::count(&self.conn, &customer::LIST, query, cap)
    }

    /// Where a customer stands in a list.
    pub fn customer_key(&self, query: &ListQuery, id: i64) -> Result<Option<Key>> {
        sql::key_of(&self.conn, &customer::LIST, query, id)
    }

    /// Of these customers, those that the filter shows.
    pub fn visible_customers(&self, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>> {
        sql::visible(&self.conn, &customer::LIST, query, ids)
    }

    /// One customer with everything around it.
    pub fn customer(&self, id: i64) -> Result<CustomerCard> {
        customer::card(&self.conn, id)
    }

    /// A page of contacts.
    pub fn contacts(&self, query: &ListQuery, anchor: &Anchor, limit: usize) -> Result<Page<ContactRow>> {
        let mut page = sql::page(&self.conn, &customer::CONTACTS, query, anchor, limit)?;
        customer::fill_contacts(&self.conn, &mut page.rows)?;
        Ok(page)
    }

    /// How many contacts match, up to `cap`.
    pub fn count_contacts(&self, query: &ListQuery, cap: i64) -> Result<Count> {
        sql::count(&self.conn, &customer::CONTACTS, query, cap)
    }

    /// Where a contact stands in a list.
    pub fn contact_key(&self, query: &ListQuery, id: i64) -> Result<Option<Key>> {
        sql::key_of(&self.conn, &customer::CONTACTS, query, id)
    }

    /// One contact.
    pub fn contact(&self, id: i64) -> Result<ContactRow> {
        customer::contact(&self.conn, id)
    }

    /// Portal users by id, those behind `after`, at most `limit`.
    pub fn portal_users(&self, after: i64, limit: usize) -> Result<Vec<PortalUserRow>> {
        customer::portal_users(&self.conn, after, limit)
    }

    /// One portal user by user name.
    pub fn portal_user(&self, user_name: &str) -> Result<PortalUserRow> {
        customer::portal_user(&self.conn, user_name)
    }

    /// All templates by name; inactive ones too.
    pub fn templates(&self) -> Result<Vec<TemplateRow>> {
        customer::templates(&self.conn)
    }

    /// A page of user requests.
    pub fn user_requests(
        &self,
        query: &ListQuery,
        anchor: &Anchor,
        limit: usize,
    ) -> Result<Page<UserRequestRow>> {
        sql::page(&self.conn, &user_request::LIST, query, anchor, limit)
    }

    /// Where a user request stands in a list.
    pub fn user_request_key(&self, query: &ListQuery, id: i64) -> Result<Option<Key>> {
        sql::key_of(&self.conn, &user_request::LIST, query, id)
    }

    /// One user request with turns, questions and how the portal follows, as `actor` may see it.
    pub fn user_request_card(&self, actor: &Actor, id: i64) -> Result<UserRequestCard> {
        // A decision binds to what was seen, so what is shown and what it binds to must be of one moment.
        self.together(|_| user_request::card(&self.conn, (actor, self.now()), id))?
    }

    /// How many user requests need a person: a task failed, or the portal could not be told.
    pub fn failed_user_requests(&self) -> Result<i64> {
        user_request::failed(&self.conn)
    }

    /// How many user requests match, up to `cap`.
    pub fn count_user_requests(&self, query: &ListQuery, cap: i64) -> Result<Count> {
        sql::count(&self.conn, &user_request::LIST, query, cap)
    }

    /// Of these user requests, those that the filter shows.
    pub fn visible_user_requests(&self, query: &ListQuery, ids: &[i64]) -> Result<Vec<i64>> {
        sql::visible(&self.conn, &user_request::LIST, query, ids)
    }

    pub(super) fn conn(&self) -> &Connection {
        &self.conn
    }

    /// One user request.
    pub fn user_request(&self, id: i64) -> Result<UserRequestRow> {
        user_request::one(&self.conn, id)
    }

    /// The newest history entries of a record, or of everything; newest first, changes filled in.
    pub fn history(
        &self,
        record: Option<&RecordRef>,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<HistoryRow>> {
        let mut rows = match record {
            Some(record) => history::of_record(&self.conn, record, limit)?,
            None => history::all(&self.conn, before, limit)?,
        };
        history::fill_changes(&self.conn, &mut rows)?;
        Ok(rows)
    }

    /// Checks the whole chain.
    pub fn verify_history(&self) -> Result<Verdict> {
        chain::verify(&self.conn)
    }

    /// Twelve letters that tell this office from every other, for names of files that belong to it alone.
    pub fn office_mark(&self) -> Result<String> {
        Ok(chain::first(&self.conn)?.chars().take(12).collect())
    }

    /// When the latest of the newest entries was written; later than now where the clock was set back.
    pub fn latest_entry_at(&self) -> Result<i64> {
        chain::latest_at(&self.conn)
    }

    /// Why a record is in its state, and what `actor` could do.
    pub fn why(&self, actor: &Actor, record: &RecordRef) -> Result<Why> {
        why::why(&self.conn, &self.settings, (actor, self.now()), record)
    }

    /// The record of a number (or user name, template, login): `reg-132`, `C-0417`, `maria`.
    pub fn find(&self, text: &str) -> Result<RecordRef> {
        let text = text.trim();
        self.find_number(text)?.ok_or_else(|| Error::not_found(format!("Record “{text}”")))
    }

    fn find_number(&self, text: &str) -> Result<Option<RecordRef>> {
        let upper = text.to_uppercase();
        for (kind, table) in [
            (RecordKind::Signup, "signup"),
            (RecordKind::Customer, "customer"),
            (RecordKind::Contact, "contact"),
            (RecordKind::UserRequest, "user_request"),
        ] {
            for candidate in [text.to_owned(), upper.clone()].into_iter().chain(self.padded(kind, &upper)?) {
                let sql = format!("select id, number from {table} where number = ?1");
                let found = self
                    .conn
                    .prepare_cached(&sql)?
                    .query_row([&candidate], |r| Ok((r.get(0)?, r.get::<_, String>(1)?)));
                if let Some((id, number)) = found.optional()? {
                    return Ok(Some(RecordRef::new(kind, id, number)));
                }
            }
        }
        if let Some(id) = upper.strip_prefix("M-").and_then(|n| n.parse::<i64>().ok()) {
            let found: Option<i64> = self
                .conn
                .prepare_cached("select id from outbox where id = ?1")?
                .query_row([id], |r| r.get(0))
                .optional()?;
            if let Some(id) = found {
                return Ok(Some(RecordRef::new(RecordKind::Mail, id, format!("M-{id}"))));
            }
        }
        for (kind, sql) in [
            (RecordKind::PortalUser, "select id, user_name from portal_user where user_name_key = lower(?1)"),
            (RecordKind::Template, "select id, name from template where name = ?1"),
            (RecordKind::Staff, "select id, login from staff where login = ?1"),
        ] {
            let found = self
                .conn
                .prepare_cached(sql)?
                .query_row([text], |r| Ok((r.get(0)?, r.get::<_, String>(1)?)))
                .optional()?;
            if let Some((id, name)) = found {
                return Ok(Some(RecordRef::new(kind, id, name)));
            }
        }
        Ok(None)
    }

    /// `REG-132` with its zeros. A sequence may have had another prefix and another width when the number was given, so
    /// each prefix that is known and each number of digits is a candidate.
    fn padded(&self, kind: RecordKind, upper: &str) -> Result<Vec<String>> {
        let stored: Option<String> = self
            .conn
            .prepare_cached("select prefix from number_sequence where name = ?1")?
            .query_row([kind.as_str()], |r| r.get(0))
            .optional()?;
        let set = self.settings.sequences.iter().find(|sequence| sequence.name == kind.as_str());
        let prefixes = [stored, set.map(|set| set.prefix.clone()), Some(kind.prefix().to_owned())];
        let mut candidates = Vec::new();
        for prefix in prefixes.into_iter().flatten().filter(|prefix| !prefix.is_empty()) {
            let digits = upper.strip_prefix(&prefix.to_uppercase()).and_then(|d| d.parse::<u64>().ok());
            candidates
                .extend(digits.into_iter().flat_map(|n| WIDTHS.map(|width| format!("{prefix}{n:0width$}"))));
        }
        candidates.sort_unstable();
        candidates.dedup();
        Ok(candidates)
    }

    pub(super) fn verify_quickly(&self) -> Result<String> {
        Ok(self.conn.query_row("pragma quick_check(1)", [], |r| r.get(0))?)
    }
}
