//! What a mail is about: facts and no prose; whoever renders it may add words but no facts.

pub mod event;
mod readable;
mod standing;
pub mod verdict;

use std::collections::BTreeMap;
use std::fmt;

pub use event::{Kind, MailEvent, Placeholder, Recipient};
pub use readable::readable;
pub use standing::Standing;
pub use verdict::{After, Blame, Code, Failure, Phase, QueueEffect, Settlement, Verdict, Wrong, verdict};

/// An address and the name shown beside it, both as stored (not yet fit for a header).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The address as stored; IDNA is the renderer's and the transport's work.
    pub address: String,
    /// The person's or office's name.
    pub name: Option<String>,
}

/// The record that a mail belongs to; threads and the outbox's record column are made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRef {
    /// Table-like word: `signup`, `user_request`, …
    pub kind: &'static str,
    /// Row id in that table.
    pub id: i64,
    /// Number shown to people: `REG-000001`.
    pub number: String,
}

/// One mail before it has words: everything that a template may say about this event.
///
/// `Message-ID` and `Date` are fixed here, so that every copy ever sent has the same bytes
/// (mail.md, Outbox).
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// What happened.
    pub event: MailEvent,
    /// Language wanted by the recipient (BCP 47); may be empty, then the office's is taken.
    pub lang: String,
    /// To whom.
    pub to: Mailbox,
    /// The record it belongs to, if any.
    pub record: Option<RecordRef>,
    /// Values by placeholder name; see [`MailEvent::placeholders`]. Days are given as UTC
    /// milliseconds since the epoch in decimal, everything else as stored.
    pub values: BTreeMap<&'static str, String>,
    /// The whole header value, `<uuid@domain>`.
    pub message_id: String,
    /// Milliseconds since the epoch, UTC.
    pub date: i64,
    /// Message ids of earlier mails about the same record, oldest first.
    pub references: Vec<String>,
}

impl Letter {
    /// The same letter with every secret value replaced, for previews shown to staff
    /// (workflow.md, Provisioning: nothing secret is shown to staff).
    pub fn masked(&self) -> Letter {
        let mut masked = self.clone();
        for (name, value) in &mut masked.values {
            if self.event.placeholder(name).is_some_and(|p| p.kind.is_secret()) && !value.is_empty() {
                *value = "••••••••".to_string();
            }
        }
        masked
    }
}

impl fmt::Debug for Letter {
    /// Secrets never reach a log, a panic or a backtrace (trust.md, Secrets and people).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter")
            .field("event", &self.event)
            .field("lang", &self.lang)
            .field("to", &self.to)
            .field("record", &self.record)
            .field("values", &self.masked().values)
            .field("message_id", &self.message_id)
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}

/// A mail as it will go out, byte for byte.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject as text, for lists.
    pub subject: String,
    /// The whole RFC 5322 message, lines ended by CRLF and none longer than 998 bytes.
    pub bytes: Vec<u8>,
    /// The language that was found after the fallbacks.
    pub lang: String,
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rendered({:?}, {} bytes, {})", self.subject, self.bytes.len(), self.lang)
    }
}

/// Why a mail could not be rendered; the command that wanted it fails with this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mail template {template}: {problem}")]
pub struct RenderProblem {
    /// `EVENT.LANG.txt`, or the event alone when no template was reached.
    pub template: String,
    /// The placeholder at fault, if it is one.
    pub placeholder: Option<String>,
    /// What is wrong, in one sentence without a full stop.
    pub problem: String,
    /// What would put it right.
    pub remedy: String,
}

/// Gives a letter its words. The desk calls it inside the command's transaction, so it must be
/// quick and must not touch the network.
pub trait Render: Send + Sync {
    /// Renders `letter` in its language, then the office's, then English.
    ///
    /// # Errors
    /// [`RenderProblem`] when a required value is empty, an address cannot be used, or the
    /// template fails; nothing is sent then (mail.md, Templates).
    fn render(&self, letter: &Letter) -> Result<Rendered, RenderProblem>;
}
