//! `Desk::execute`: the one place that begins a writing transaction for a command and commits it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::clock::Clock;
use super::command::{Command, QueuedMail, Receipt, Repeated};
use super::cx::{Cx, Done};
use super::error::{Error, Result};
use super::outbox::{self, Enqueue};
use super::query::staff;
use super::reader::Reader;
use super::settings::Settings;
use super::store::open::Access;
use super::store::{history, matched, migrate, open};
use super::undo::FOLLOWS;
use crate::domain::mail::Render;
use crate::domain::permission::Actor;

/// What a desk needs from outside.
#[derive(Clone)]
pub struct OpenOptions {
    /// The database file, or `:memory:`.
    pub path: PathBuf,
    /// The office's settings.
    pub settings: Arc<Settings>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Who gives letters their words.
    pub render: Arc<dyn Render>,
}

impl std::fmt::Debug for OpenOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenOptions").field("path", &self.path).finish_non_exhaustive()
    }
}

/// The writing side of the database. One per process that writes; readers have their own connections.
pub struct Desk {
    pub(super) conn: Connection,
    pub(super) options: OpenOptions,
    migrated: migrate::Migrated,
}

impl Desk {
    /// Opens the database and brings its schema up to date (with a backup first).
    pub fn open(options: OpenOptions) -> Result<Self> {
        let mut conn = open::open(&options.path, Access::Write)?;
        let migrated = migrate::migrate(&mut conn, &options.path, options.clock.now())?;
        Ok(Self { conn, options, migrated })
    }

    /// What opening did to the schema.
    pub fn migrated(&self) -> &migrate::Migrated {
        &self.migrated
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.options.path
    }

    /// The office's settings.
    pub fn settings(&self) -> &Arc<Settings> {
        &self.options.settings
    }

    /// Now, by the desk's clock.
    pub fn now(&self) -> i64 {
        self.options.clock.now()
    }

    /// A reader on its own connection.
    pub fn reader(&self) -> Result<Reader> {
        Reader::open(&self.options)
    }

    /// Runs one command, all or nothing.
    pub fn execute(&mut self, actor: &Actor, command: Command) -> Result<Receipt> {
        self.execute_all(actor, vec![command]).pop().expect("one command gives one result")
    }

    /// Runs commands in one transaction, each under its own savepoint: what can be done is done, one result per
    /// command, in order; undo takes all of it back in one step.
    pub fn execute_all(&mut self, actor: &Actor, commands: Vec<Command>) -> Vec<Result<Receipt>> {
        self.execute_noted(actor, commands, None)
    }

    /// The same, with a note for colleagues that history keeps with each command that has no note of its own.
    pub fn execute_noted(
        &mut self,
        actor: &Actor,
        commands: Vec<Command>,
        note: Option<&str>,
    ) -> Vec<Result<Receipt>> {
        let n = commands.len();
        let codes: Vec<Option<Option<i64>>> = commands
            .iter()
            .map(|c| match c {
                Command::VerifyByCode(verify) => Some(verify.signup),
                _ => None,
            })
            .collect();
        match self.run((actor, note), commands, Ending::Commit) {
            Ok(results) => {
                for (code, result) in codes.iter().zip(&results) {
                    if let (Some(signup), Err(Error::Refused(r))) = (code, result)
                        && r.rule == "wrong_code"
                    {
                        self.count_wrong_code(*signup);
                    }
                }
                results
            }
            Err(error) => repeat(error, n),
        }
    }

    /// What the commands would do: the same code, rolled back.
    pub fn preview(&mut self, actor: &Actor, commands: Vec<Command>) -> Vec<Result<Receipt>> {
        let n = commands.len();
        self.run((actor, None), commands, Ending::RollBack).unwrap_or_else(|error| repeat(error, n))
    }

    /// A wrong try must count although the command that noticed it was rolled back.
    fn count_wrong_code(&mut self, signup: Option<i64>) {
        let now = self.now();
        let counted =
            self.conn.execute("insert into wrong_code (signup_id, at) values (?1, ?2)", (signup, now));
        if let Err(error) = counted {
            tracing::warn!(%error, "a wrong code could not be counted");
        }
    }

    fn run(
        &mut self,
        (actor, note): (&Actor, Option<&str>),
        commands: Vec<Command>,
        ending: Ending,
    ) -> Result<Vec<Result<Receipt>>> {
        let now = self.options.clock.now();
        let mut tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (newest, hash) = history::newest(&tx)?;
        let actor = match staff::still(&tx, actor) {
            Err(Error::Refused(refusal)) => {
                return Ok(commands.iter().map(|_| Err(Error::Refused(refusal.clone()))).collect());
            }
            other => other?,
        };
        let note = note.map(str::trim).filter(|note| !note.is_empty());
        let (options, group) = (&self.options, newest + 1);
        let mut run = Run { actor: &actor, note, now, options, newest, hash, group };
        let mut results = Vec::with_capacity(commands.len());
        // One command needs no savepoint of its own: the transaction is rolled back with it. (Under a savepoint SQLite
        // keeps every page it touches in a list that each statement walks, which an undo of thousands of rows feels.)
        let alone = commands.len() == 1;
        for command in commands {
            results.push(if alone { run.chain(&tx, command) } else { run.one(&mut tx, command)? });
        }
        if tx.is_autocommit() {
            // SQLite gave up the whole transaction (disk full, I/O error): the result says so, there is nothing to end.
            return Ok(results);
        }
        let done = run.newest > newest && results.iter().any(Result::is_ok);
        history::open(&tx, None)?;
        match ending {
            Ending::Commit if done => tx.commit()?,
            Ending::Commit | Ending::RollBack => tx.rollback()?,
        }
        Ok(results)
    }
}

/// One failed transaction fails each of its commands.
fn repeat(error: Error, n: usize) -> Vec<Result<Receipt>> {
    let text = error.to_string();
    let mut results = vec![Err(error)];
    results.extend((1..n).map(|_| {
        Err(Error::Unavailable {
            message: text.clone(),
            remedy: "Nothing of the batch was saved; try again.".into(),
        })
    }));
    results
}

#[derive(Clone, Copy)]
enum Ending {
    Commit,
    RollBack,
}

/// The state of a running group.
struct Run<'a> {
    actor: &'a Actor,
    note: Option<&'a str>,
    now: i64,
    options: &'a OpenOptions,
    newest: i64,
    hash: String,
    group: i64,
}

impl Run<'_> {
    /// One command and what follows from it, under one savepoint.
    fn one(&mut self, tx: &mut Transaction<'_>, command: Command) -> Result<Result<Receipt>> {
        let before = (self.newest, self.hash.clone());
        let mut savepoint = tx.savepoint()?;
        match self.chain(&savepoint, command) {
            Ok(receipt) => {
                savepoint.commit()?;
                Ok(Ok(receipt))
            }
            // The whole transaction is gone, and with it what the commands before had done.
            Err(error) if savepoint.is_autocommit() => Err(error),
            Err(error) => {
                savepoint.rollback()?;
                (self.newest, self.hash) = before;
                Ok(Err(error))
            }
        }
    }

    fn chain(&mut self, conn: &Connection, command: Command) -> Result<Receipt> {
        let mut queue = std::collections::VecDeque::from(super::commands::unfold(conn, command)?);
        let mut whole: Option<Receipt> = None;
        while let Some(command) = queue.pop_front() {
            // What follows from a command has its reason in it; the note belongs to what was asked for.
            let note = self.note.filter(|_| whole.is_none());
            let (receipt, then) = self.entry(conn, command, note)?;
            for next in then.into_iter().rev() {
                queue.push_front(next);
            }
            whole = Some(match whole {
                None => receipt,
                Some(first) => merge(first, receipt),
            });
        }
        whole.ok_or_else(|| Error::Bug("a command unfolded into nothing".into()))
    }

    /// One command: run, history, outbox.
    fn entry(
        &mut self,
        conn: &Connection,
        command: Command,
        note: Option<&str>,
    ) -> Result<(Receipt, Vec<Command>)> {
        let name = command.name();
        let id = self.newest + 1;
        history::open(conn, Some(id))?;
        let cx = Cx { conn, actor: self.actor, now: self.now, settings: &self.options.settings };
        let mut done = command.run(&cx)?;
        if done.repeated == Repeated::Yes {
            return Ok((self.receipt(name, 0, &done), Vec::new()));
        }
        let opening = history::Opening {
            id,
            group: self.group,
            at: self.now,
            actor: self.actor,
            command: name,
            prev_hash: &self.hash,
        };
        matched::refresh(conn)?;
        done.happened.note = done.happened.note.or_else(|| note.map(str::to_owned));
        let hash = history::write(conn, &opening, &done.happened, done.undoes)?;
        let mut receipt = self.receipt(name, id, &done);
        for letter in &mut done.letters {
            if let Some(record) = &letter.record {
                letter.references = outbox::thread_of(conn, record.kind, record.id)?;
            }
            let rendered = self
                .options
                .render
                .render(letter)
                .map_err(|p| Error::invalid("mail", &p.template, p.problem, p.remedy))?;
            let hold_until = self.undo_until(name);
            let mail = Enqueue { letter, rendered: &rendered, entry_id: Some(id), hold_until, now: self.now };
            let row = outbox::enqueue(conn, mail)?;
            receipt.mails.push(QueuedMail {
                id: row,
                event: letter.event.as_str().into(),
                to: letter.to.address.clone(),
            });
        }
        (self.newest, self.hash) = (id, hash);
        Ok((receipt, done.then))
    }

    /// Until when mail waits so that undo can hold it back; what nobody on the staff did, nobody can undo.
    fn undo_until(&self, command: &str) -> Option<i64> {
        let undoable = Command::undoable(command) && self.actor.staff_id().is_some();
        undoable.then(|| self.now + 1000 * self.options.settings.grace_seconds)
    }

    fn receipt(&self, command: &'static str, history: i64, done: &Done) -> Receipt {
        let undo_until = self.undo_until(command);
        Receipt {
            command,
            record: done.happened.record.clone(),
            state: done.state.map(str::to_owned),
            history,
            group: self.group,
            mails: Vec::new(),
            undo_until: undo_until.filter(|_| done.repeated == Repeated::No),
            made: done.made.clone(),
            notes: done.notes.clone(),
            repeated: done.repeated,
        }
    }
}

/// The receipt of a command that others followed: one for the reader.
fn merge(first: Receipt, next: Receipt) -> Receipt {
    let same_record = first.record == next.record;
    let mut whole = if same_record {
        // Approve and create: the reader asked for the last of them; what the workflow did follows from it.
        let command = if FOLLOWS.contains(&next.command) { first.command } else { next.command };
        Receipt { command, mails: first.mails, made: first.made, notes: first.notes, ..next.clone() }
    } else {
        first
    };
    whole.mails.extend(next.mails);
    whole.made.extend(next.made);
    whole.notes.extend(next.notes);
    whole
}

#[cfg(test)]
#[path = "door_tests.rs"]
mod tests;
