//! Events for the office's own portal: what a task did to a portal user, kept until the office's program has taken it
//! (workflow.md, Provisioning). Written in the task's transaction, run after commit, at least once, in order per user;
//! like mail, and with the same grace time, so that undo calls it back.

mod people;
mod put;
mod work;

pub use people::{HookHealth, HookRow, ToldAlready};
pub(in crate::desk) use people::{cancel_of_entry, of_request, restore, retry, told_of_entry};
pub(in crate::desk) use put::queue;

use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::clock::Clock;
use super::door::OpenOptions;
use super::error::Result;
use super::store::open::{self, Access};

/// One event, leased to whoever claimed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Row id: the same in every attempt, so that the program can tell a repetition.
    pub id: i64,
    /// The user, as JSON; never a secret.
    pub payload: String,
    /// This attempt's number, from one.
    pub attempt: i64,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Exit status 0: taken.
    Done,
    /// Another status, a signal, no program, too slow: in words.
    Failed(String),
    /// It was given back untried, since the worker was told to stop.
    Released,
}

/// What became of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The program has it.
    Done,
    /// It will be tried again, at the earliest then.
    Waiting(i64),
    /// Needs a person.
    Failed,
    /// The lease was somebody else's by then; nothing was written.
    NotOurs,
}

/// The worker's side: a connection of its own, one immediate transaction per step, so that a slow program never holds up
/// a person.
pub struct HookBox {
    conn: Connection,
    clock: Arc<dyn Clock>,
}

impl HookBox {
    /// Opens it on a database that is up to date.
    ///
    /// # Errors
    /// Those of opening, and where the schema is another one.
    pub fn open(options: &OpenOptions) -> Result<Self> {
        super::store::migrate::check_current(&open::open(&options.path, Access::Read)?)?;
        let conn = open::open(&options.path, Access::Write)?;
        Ok(Self { conn, clock: options.clock.clone() })
    }

    /// Leases the event that is due the longest, for `lease_ms`; of each user only the oldest that is not done.
    ///
    /// # Errors
    /// Those of the database.
    pub fn claim(&mut self, owner: &str, lease_ms: i64) -> Result<Option<Event>> {
        self.step(|tx, now| work::claim(tx, (owner, now + lease_ms), now))
    }

    /// Writes down how an attempt ended.
    ///
    /// # Errors
    /// Those of the database; the event then comes back when its lease has run out.
    pub fn settle(&mut self, id: i64, owner: &str, ended: &Ended) -> Result<Settled> {
        self.step(|tx, now| work::settle(tx, (id, owner), ended, now))
    }

    /// Milliseconds until something may be due: zero when it is, `None` when nothing is on its way.
    ///
    /// # Errors
    /// Those of the database.
    pub fn due_in(&self) -> Result<Option<i64>> {
        let now = self.clock.now();
        Ok(work::next_due(&self.conn)?.map(|at| (at - now).max(0)))
    }

    fn step<T>(&mut self, step: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<T>) -> Result<T> {
        let now = self.clock.now();
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = step(&tx, now)?;
        tx.commit()?;
        Ok(value)
    }
}
