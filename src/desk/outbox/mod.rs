//! The outbox: mail that is decided but not yet accepted. A row leaves state *sending* only by the
//! hand that holds its lease, or after the lease ran out; so no mail is lost and every second copy
//! is foretold (mail.md, Outbox).
//!
//! The functions here take the connection of the caller's transaction, which must be immediate, and
//! the time in milliseconds since the epoch.

mod health;
mod people;
mod put;
mod work;

pub use health::{Health, QueueState, health};
pub use people::{
    AlreadyLeft, No, cancel, cancel_of_entry, left_of_entry, restore, retry, supersede, supersede_again,
    unpause, wipe_taken_out,
};
pub use put::{Enqueue, enqueue, thread_of};
pub use work::{claim, enter_dot, next_due, settle};

use crate::domain::mail::Settlement;

/// One minute.
pub(crate) const MINUTE_MS: i64 = 60_000;
/// Lease of a row before its dot: longer than any session may last.
pub const CLAIM_LEASE_MS: i64 = 8 * MINUTE_MS;
/// Lease of a row after its dot: longer than the reply is waited for.
pub const DOT_LEASE_MS: i64 = 12 * MINUTE_MS;

/// One row, leased to whoever claimed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Row id.
    pub id: i64,
    /// Event word.
    pub event: String,
    /// Recipient.
    pub to: String,
    /// `<uuid@domain>`.
    pub message_id: String,
    /// The whole message.
    pub body: Vec<u8>,
    /// This attempt's number, from one.
    pub attempts: i64,
    /// How often it may have gone out already.
    pub unsure: i64,
}

/// A row and who says that it is theirs.
#[derive(Debug, Clone, Copy)]
pub struct Hold<'a> {
    /// Row id.
    pub id: i64,
    /// The name it was claimed by.
    pub owner: &'a str,
}

/// What became of a row when its attempt was settled; the desk tells the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// Accepted: the 24 hours of a set-password link begin now (trust.md, Secrets and people).
    Sent,
    /// Will be tried again.
    Waiting {
        /// When, at the earliest.
        next_at: i64,
    },
    /// Needs a person.
    Failed {
        /// The server said that there is no such address; the record comes back to a person.
        address_refused: AddressRefused,
    },
    /// The queue stands still; this row showed why.
    Paused,
    /// The lease was somebody else's by then; nothing was written.
    NotOurs,
}

/// Whether a failure was about the recipient's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressRefused {
    /// It was.
    Yes,
    /// It was about the mail, or about doubt.
    No,
}

/// The worker's side of the outbox. The desk implements it over a connection of its own, one
/// immediate transaction per call, with its own clock.
pub trait Outbox {
    /// What the database said when it could not.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Leases one due row to `owner`; `None` when there is none or the queue stands still.
    fn claim(&mut self, owner: &str) -> Result<Option<Claimed>, Self::Error>;

    /// Commits phase *dot*, and says whether the row is still `owner`'s; if not, no dot may be sent.
    fn enter_dot(&mut self, id: i64, owner: &str) -> Result<bool, Self::Error>;

    /// Writes down how the attempt ended.
    fn settle(&mut self, id: i64, owner: &str, settlement: &Settlement) -> Result<Settled, Self::Error>;

    /// Milliseconds until something may be due: zero when it is, `None` when nothing is on its way.
    fn due_in(&mut self) -> Result<Option<i64>, Self::Error>;
}

#[cfg(test)]
mod tests;
