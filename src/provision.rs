//! The office's own portal follows: each event of a portal user is handed to the program that the config names, as JSON
//! on standard input; its exit status says whether it was taken (workflow.md, Provisioning). Never through a shell, never
//! with our environment, never longer than its deadline.

mod program;

pub use program::Program;

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::desk::hook::{Ended, Event, HookBox, Settled};
use crate::desk::{Error, Result};
use crate::mail::stop::Stop;

/// How often events are looked for when nobody nudges; other processes write them too.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often another process's lock is tried again.
const LOCK_EVERY: Duration = Duration::from_secs(15);
/// Beyond the deadline of a run, so that a lease never ends before its run does.
const LEASE_SLACK_MS: i64 = 30_000;

/// What one pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Taken by the program.
    pub taken: usize,
    /// Put back, to be tried again.
    pub waiting: usize,
    /// Given up: a person must look.
    pub failed: usize,
}

/// Where the lock of a database's worker lies: beside it.
pub fn lock_path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_os_string();
    name.push(".hook.lock");
    PathBuf::from(name)
}

/// Hands events over, one at a time. One worker at a time by a file lock; the lease is the second fence.
pub struct Worker {
    hooks: HookBox,
    program: Program,
    owner: String,
    stop: Stop,
}

impl Worker {
    /// A worker whose owner name is its own for ever.
    pub fn new(hooks: HookBox, program: Program, stop: Stop) -> Worker {
        Worker { hooks, program, owner: uuid::Uuid::now_v7().to_string(), stop }
    }

    /// Hands over what is due until nothing is, or a stop is asked for.
    ///
    /// # Errors
    /// Those of the database; events that were leased come back when their lease has run out.
    pub fn run_once(&mut self) -> Result<Tally> {
        let mut tally = Tally::default();
        let lease = i64::try_from(self.program.deadline.as_millis()).unwrap_or(i64::MAX / 2) + LEASE_SLACK_MS;
        while !self.stop.is_stopping() {
            let Some(event) = self.hooks.claim(&self.owner, lease)? else { break };
            let ended = self.program.run(&words(&event), &self.stop);
            match self.hooks.settle(event.id, &self.owner, &ended)? {
                Settled::Done => tally.taken += 1,
                Settled::Waiting(_) if ended == Ended::Released => {}
                Settled::Waiting(_) => tally.waiting += 1,
                Settled::Failed => tally.failed += 1,
                Settled::NotOurs => {}
            }
        }
        Ok(tally)
    }

    /// [`Worker::run_once`] under the file lock; `None` when another process has it.
    ///
    /// # Errors
    /// As there, and where the lock file cannot be made.
    pub fn run_locked(&mut self, lock: &Path) -> Result<Option<Tally>> {
        match take_lock(lock)? {
            Some(_held) => self.run_once().map(Some),
            None => Ok(None),
        }
    }

    /// Hands over until a stop is asked for. `report` hears of every pass that did something and of every error; errors
    /// do not end the worker.
    pub fn run(&mut self, lock: &Path, mut report: impl FnMut(Result<Tally>)) {
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
                let pause = match self.hooks.due_in() {
                    // A failed event of the same user may hold up one that is due: no spinning.
                    Ok(Some(ms)) => {
                        let ms = u64::try_from(ms).unwrap_or(0);
                        Duration::from_millis(ms).clamp(Duration::from_secs(1), LOOK_EVERY)
                    }
                    Ok(None) | Err(_) => LOOK_EVERY,
                };
                self.stop.wait(pause);
            }
            drop(held);
        }
    }
}

/// What the program reads: the user, with the event's own number and the count of attempts in front.
fn words(event: &Event) -> String {
    let mut whole = serde_json::Map::new();
    whole.insert("event".into(), event.id.into());
    whole.insert("attempt".into(), event.attempt.into());
    if let Ok(Value::Object(payload)) = serde_json::from_str(&event.payload) {
        whole.extend(payload);
    }
    format!("{}\n", Value::Object(whole))
}

fn take_lock(path: &Path) -> Result<Option<File>> {
    let trouble = |source: io::Error| Error::Unavailable {
        message: format!("The lock file {} cannot be used: {source}.", path.display()),
        remedy: "Put the rights of its folder right; events wait until then.".into(),
    };
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(trouble)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(trouble(source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_reads_which_event_it_is_and_which_attempt() {
        let event = Event { id: 7, payload: r#"{"action":"add","user_name":"ana"}"#.into(), attempt: 2 };
        assert_eq!(words(&event), "{\"event\":7,\"attempt\":2,\"action\":\"add\",\"user_name\":\"ana\"}\n");
    }
}
