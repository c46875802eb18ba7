//! What a command gets, and what it must hand back: a success cannot be made without a permission check that
//! passed and an account of what happened (house.md, sentence 2).

use rusqlite::Connection;

use crate::desk::command::{Command, Repeated};
use crate::desk::settings::Settings;
use crate::domain::happened::Happened;
use crate::domain::id::RecordRef;
use crate::domain::mail::{Letter, MailEvent, Mailbox};
use crate::domain::permission::{Actor, Allowed};

/// The surroundings of one command; `now` is read once.
pub(super) struct Cx<'a> {
    pub conn: &'a Connection,
    pub actor: &'a Actor,
    pub now: i64,
    pub settings: &'a Settings,
}

impl Cx<'_> {
    /// A letter about `record` to `to`, in `language`; its id and date are fixed now.
    pub fn letter(
        &self,
        event: MailEvent,
        to: Mailbox,
        language: Option<&str>,
        record: &RecordRef,
    ) -> Letter {
        let stamp = uuid::Timestamp::from_unix(
            uuid::NoContext,
            u64::try_from(self.now / 1000).unwrap_or(0),
            u32::try_from(self.now.rem_euclid(1000) * 1_000_000).unwrap_or(0),
        );
        Letter {
            event,
            lang: language.unwrap_or(&self.settings.office_language).to_owned(),
            to,
            record: Some(crate::domain::mail::RecordRef {
                kind: record.kind.as_str(),
                id: record.id,
                number: record.number.clone(),
            }),
            values: std::collections::BTreeMap::new(),
            message_id: format!("<{}@{}>", uuid::Uuid::new_v7(stamp), self.settings.mail_domain),
            date: self.now,
            references: Vec::new(),
        }
    }
}

/// The success of a command.
pub(super) struct Done {
    pub happened: Happened,
    pub state: Option<&'static str>,
    pub letters: Vec<Letter>,
    pub made: Vec<RecordRef>,
    pub notes: Vec<String>,
    pub then: Vec<Command>,
    pub undoes: Option<i64>,
    pub repeated: Repeated,
}

impl Done {
    /// A success, allowed and accounted for.
    pub fn audited(_: Allowed, happened: Happened) -> Self {
        Self {
            state: happened.to,
            happened,
            letters: Vec::new(),
            made: Vec::new(),
            notes: Vec::new(),
            then: Vec::new(),
            undoes: None,
            repeated: Repeated::No,
        }
    }

    /// With the state the record has now, where the entry itself is no move.
    pub fn state(mut self, state: &'static str) -> Self {
        self.state = Some(state);
        self
    }

    /// With a mail.
    pub fn mail(mut self, letter: Option<Letter>) -> Self {
        self.letters.extend(letter);
        self
    }

    /// With a record it made.
    pub fn made(mut self, record: RecordRef) -> Self {
        self.made.push(record);
        self
    }

    /// With something the person should know.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With a command that follows in the same transaction, with its own entry in history.
    pub fn then(mut self, command: Command) -> Self {
        self.then.push(command);
        self
    }
}
