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
}

impl Postbox {
    /// Opens it on a database that is up to date.
    pub fn open(options: &OpenOptions) -> Result<Self> {
        // Looked at before it is opened for writing, which would make something of an empty file.
        super::store::migrate::check_current(&open::open(&options.path, Access::Read)?)?;
        let conn = open::open(&options.path, Access::Write)?;
        Ok(Self { conn, clock: options.clock.clone() })
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
        self.step(|tx, now| outbox::settle(tx, Hold { id, owner }, settlement, now))
    }

    fn due_in(&mut self) -> Result<Option<i64>> {
        let now = self.clock.now();
        Ok(outbox::next_due(&self.conn)?.map(|at| (at - now).max(0)))
    }
}
