//! What history can say: one past participle per command (house.md, Style), with the facts that belong to it.

use super::id::RecordRef;

/// One thing that happened, as history keeps it.
#[derive(Debug, Clone, Default)]
pub struct Happened {
    /// What, a past participle: `signup_approved`.
    pub kind: &'static str,
    /// On which record.
    pub record: Option<RecordRef>,
    /// The state before, where it moved.
    pub from: Option<&'static str>,
    /// The state after, where it moved.
    pub to: Option<&'static str>,
    /// A note for colleagues.
    pub note: Option<String>,
    /// The reason, where one was due.
    pub reason: Option<String>,
    /// Further facts by name; never a secret.
    pub detail: serde_json::Map<String, serde_json::Value>,
}

impl Happened {
    /// `kind` on `record`.
    pub fn new(kind: &'static str, record: RecordRef) -> Self {
        Self { kind, record: Some(record), ..Self::default() }
    }

    /// With the move it was.
    pub fn moved(mut self, from: &'static str, to: &'static str) -> Self {
        (self.from, self.to) = (Some(from), Some(to));
        self
    }

    /// With a note.
    pub fn note(mut self, note: Option<&str>) -> Self {
        self.note = note.map(str::to_owned);
        self
    }

    /// With a reason.
    pub fn reason(mut self, reason: Option<&str>) -> Self {
        self.reason = reason.map(str::to_owned);
        self
    }

    /// With one more fact.
    pub fn fact(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }
}
