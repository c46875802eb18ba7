//! Empties the outbox: claim, carry, settle. One worker at a time by a file lock; the lease is the
//! second fence, so that even a second worker never sends a row that somebody else has.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::carry::{Carry, LeaseLost, Post};
use super::folder::Folder;
use super::settings::{MailSettings, Transport};
use super::smtp::Smtp;
use super::stop::Stop;
use crate::desk::outbox::{Claimed, Outbox, Settled};
use crate::domain::mail::Settlement;

/// How often the outbox is looked at when nobody nudges; other processes write to it too.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often another process's lock is tried again.
const LOCK_EVERY: Duration = Duration::from_secs(15);
/// How often a settlement is written again when the database will not take it.
const SETTLE_TRIES: u32 = 10;
/// Between those tries.
const SETTLE_PAUSE: Duration = Duration::from_secs(1);

/// What one pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Accepted by the server.
    pub sent: usize,
    /// Put back, to be tried again.
    pub waiting: usize,
    /// Now need a person.
    pub failed: usize,
    /// Met a cause that stops the whole queue.
    pub paused: usize,
}

/// Why a pass ended before the outbox was empty.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError<E: std::error::Error + 'static> {
    /// The outbox could not be read or written.
    #[error("the outbox cannot be used: {0}")]
    Outbox(#[source] E),
    /// The lock file could not be made.
    #[error("the lock file {path} cannot be used: {source}")]
    Lock {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The transport that the settings ask for.
pub fn transport(settings: &MailSettings) -> Box<dyn Carry> {
    match &settings.transport {
        Transport::Smtp(smtp) => Box::new(Smtp::new(smtp.clone())),
        Transport::Folder(dir) => Box::new(Folder::new(dir.clone())),
    }
}

/// Where the lock of a database's worker lies: beside it.
pub fn lock_path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_os_string();
    name.push(".mail.lock");
    PathBuf::from(name)
}

/// One worker.
pub struct Worker<O> {
    outbox: O,
    carrier: Box<dyn Carry>,
    from: String,
    owner: String,
    stop: Stop,
}

impl<O: Outbox> Worker<O> {
    /// A worker that sends from `from`; its owner name is its own for ever.
    pub fn new(outbox: O, carrier: Box<dyn Carry>, from: impl Into<String>, stop: Stop) -> Worker<O> {
        let owner = uuid::Uuid::now_v7().to_string();
        Worker { outbox, carrier, from: from.into(), owner, stop }
    }

    /// Sends what is due, one after the other, until nothing is or a stop is asked for. Does not
    /// take the file lock; [`Worker::run_locked`] does.
    ///
    /// # Errors
    /// [`WorkerError::Outbox`]; rows that were leased then come back when their lease runs out.
    pub fn run_once(&mut self) -> Result<Tally, WorkerError<O::Error>> {
        let mut tally = Tally::default();
        while !self.stop.is_stopping() {
            let claimed = self.outbox.claim(&self.owner).map_err(WorkerError::Outbox)?;
            let Some(row) = claimed else { break };
            match self.send(&row)? {
                Some(Settled::Sent) => tally.sent += 1,
                Some(Settled::Waiting { .. }) => tally.waiting += 1,
                Some(Settled::Failed { .. }) => tally.failed += 1,
                Some(Settled::Paused) => tally.paused += 1,
                Some(Settled::NotOurs) | None => {}
            }
        }
        Ok(tally)
    }

    /// [`Worker::run_once`] under the file lock; `None` when another process has it.
    ///
    /// # Errors
    /// As there, and [`WorkerError::Lock`].
    pub fn run_locked(&mut self, lock: &Path) -> Result<Option<Tally>, WorkerError<O::Error>> {
        match take_lock(lock)? {
            // The lock is held until the file is closed at the end of this arm.
            Some(_held) => self.run_once().map(Some),
            None => Ok(None),
        }
    }

    /// Sends until a stop is asked for. `report` hears of every pass that did something and of
    /// every error; errors do not end the worker.
    pub fn run(&mut self, lock: &Path, mut report: impl FnMut(Result<Tally, WorkerError<O::Error>>)) {
        while !self.stop.is_stopping() {
            let held = match take_lock(lock) {
                Ok(Some(held)) => held,
                Ok(None) => {
                    self.stop.wait(LOCK_EVERY);
                    continue;
                }
                Err(error) => {
                    report(Err(error));
                    self.stop.wait(LOCK_EVERY);
                    continue;
                }
            };
            while !self.stop.is_stopping() {
                match self.run_once() {
                    Ok(tally) if tally == Tally::default() => {}
                    other => report(other),
                }
                let pause = match self.outbox.due_in() {
                    Ok(Some(ms)) => Duration::from_millis(u64::try_from(ms).unwrap_or(0)).min(LOOK_EVERY),
                    Ok(None) | Err(_) => LOOK_EVERY,
                };
                self.stop.wait(pause);
            }
            drop(held);
        }
    }

    fn send(&mut self, row: &Claimed) -> Result<Option<Settled>, WorkerError<O::Error>> {
        let Worker { outbox, carrier, from, owner, stop } = self;
        let post = Post { from, to: &row.to, message_id: &row.message_id, bytes: &row.body };
        let mut trouble = None;
        let outcome = carrier.carry(post, stop, &mut || match outbox.enter_dot(row.id, owner) {
            Ok(true) => Ok(()),
            Ok(false) => Err(LeaseLost),
            Err(error) => {
                trouble = Some(error);
                Err(LeaseLost)
            }
        });
        match (trouble, outcome.settlement()) {
            (Some(error), _) => Err(WorkerError::Outbox(error)),
            (None, None) => Ok(None),
            (None, Some(settlement)) => self.settle(row.id, &settlement).map(Some),
        }
    }

    /// A reply that is not written down makes doubt, so a busy or full database is asked again for
    /// a while.
    fn settle(&mut self, id: i64, settlement: &Settlement) -> Result<Settled, WorkerError<O::Error>> {
        let mut tries = 1;
        loop {
            match self.outbox.settle(id, &self.owner, settlement) {
                Ok(settled) => return Ok(settled),
                Err(error) if tries >= SETTLE_TRIES || self.stop.is_stopping() => {
                    return Err(WorkerError::Outbox(error));
                }
                Err(_) => {
                    tries += 1;
                    self.stop.wait(SETTLE_PAUSE);
                }
            }
        }
    }
}

fn take_lock<E: std::error::Error>(path: &Path) -> Result<Option<File>, WorkerError<E>> {
    let lock = |source| WorkerError::Lock { path: path.to_path_buf(), source };
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(lock)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(lock(source)),
    }
}
