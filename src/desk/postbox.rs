//! The mail worker's side of the desk: a connection of its own, one immediate transaction per step, so that a slow
//! mail server never holds up a person.

use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::clock::Clock;
use super::door::OpenOptions;
use super::error::{Error, Result};
use super::outbox::{self, Claimed, DOT_LEASE_MS, Hold, Outbox, Settled};
use super::store::open::{self, Access};
use crate::domain::mail::Settlement;

/// The outbox as the worker sees it.
pub struct Postbox {
    conn: Connection,
    clock: Arc<dyn Clock>,
    wiped: Wiped,
}

/// Whether secrets were wiped whose old pages may still lie in the log of the database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wiped {
    Yes,
    No,
}

impl Postbox {
    /// Opens it on a database that is up to date.
    pub fn open(options: &OpenOptions) -> Result<Self> {
        // Looked at before it is opened for writing, which would make something of an empty file.
        super::store::migrate::check_current(&open::open(&options.path, Access::Read)?)?;
        let conn = open::open(&options.path, Access::Write)?;
        Ok(Self { conn, clock: options.clock.clone(), wiped: Wiped::No })
    }

    /// Empties the log, so that a secret that was wiped is in no file any more (trust.md, Secrets and people). Where a
    /// reader is in the way it is tried again later; nobody waits for it.
    fn empty_log(&mut self) {
        if self.wiped == Wiped::No {
            return;
        }
        let emptied = open::without_waiting(&mut self.conn, |conn| {
            conn.query_row("pragma wal_checkpoint(truncate)", [], |r| r.get::<_, i64>(0))
        });
        if let Ok(0) = emptied {
            self.wiped = Wiped::No;
        }
    }

    fn step<T>(&mut self, step: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<T>) -> Result<T> {
        let now = self.clock.now();
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = step(&tx, now)?;
        tx.commit()?;
        Ok(value)
    }
}

impl Outbox for Postbox {
    type Error = Error;

    fn claim(&mut self, owner: &str) -> Result<Option<Claimed>> {
        self.step(|tx, now| outbox::claim(tx, owner, now + outbox::CLAIM_LEASE_MS, now))
    }

    fn enter_dot(&mut self, id: i64, owner: &str) -> Result<bool> {
        self.step(|tx, now| outbox::enter_dot(tx, Hold { id, owner }, now + DOT_LEASE_MS, now))
    }

    fn settle(&mut self, id: i64, owner: &str, settlement: &Settlement) -> Result<Settled> {
        let settled = self.step(|tx, now| outbox::settle(tx, Hold { id, owner }, settlement, now))?;
        if settled == Settled::Sent {
            self.wiped = Wiped::Yes;
        }
        Ok(settled)
    }

    fn due_in(&mut self) -> Result<Option<i64>> {
        self.empty_log();
        let now = self.clock.now();
        Ok(outbox::next_due(&self.conn)?.map(|at| (at - now).max(0)))
    }
}

impl Drop for Postbox {
    fn drop(&mut self) {
        self.empty_log();
    }
}
