//! Work: what people and the clock do to instances and items (workflow.md, Actions). Each command asks
//! `domain::workflow::offer`, lets the machine move the instance, and writes what moved.

mod aside;
mod clock;
mod decide;
mod give;
pub(in crate::desk) mod letters;
mod migrate;
mod run;
mod talk;
mod turn;

pub use crate::desk::commands::signup::Seen;
pub use crate::domain::workflow::instance::Verdict;

use crate::domain::workflow::Document;

/// Which work item, and what the person saw of it. A decision binds to what was seen (trust.md, Decisions bind).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemSubject {
    /// Row id.
    pub id: i64,
    /// The version and hash that were on the screen; none: whatever is there now.
    pub seen: Option<Seen>,
}

impl ItemSubject {
    /// The item as it is now.
    pub fn now(id: i64) -> Self {
        Self { id, seen: None }
    }

    /// The item as it was seen.
    pub fn seen(id: i64, seen: Seen) -> Self {
        Self { id, seen: Some(seen) }
    }
}

/// Approves, rejects, or sends back with what should be changed.
#[derive(Debug, Clone)]
pub struct DecideItem {
    /// Which.
    pub item: ItemSubject,
    /// Which way.
    pub verdict: Verdict,
    /// Why; mandatory but for approve.
    pub reason: Option<String>,
    /// For a change request: the fields to change.
    pub fields: Vec<String>,
    /// For a change request: who gets it; none: who submitted.
    pub to: Option<String>,
}

/// Decides in place of whoever has it.
#[derive(Debug, Clone)]
pub struct OverrideItem {
    /// Which.
    pub item: ItemSubject,
    /// Which way.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
}

/// Gives a turn to somebody who decides for the giver.
#[derive(Debug, Clone)]
pub struct DelegateItem {
    /// Which.
    pub item: ItemSubject,
    /// Their login.
    pub to: String,
    /// What they should know.
    pub note: Option<String>,
}

/// Takes what a role or queue holds.
#[derive(Debug, Clone)]
pub struct TakeItem {
    /// Which.
    pub item: ItemSubject,
}

/// Gives it back.
#[derive(Debug, Clone)]
pub struct ReleaseItem {
    /// Which.
    pub item: ItemSubject,
}

/// Gives anybody's turn to somebody else, vote and all.
#[derive(Debug, Clone)]
pub struct ReassignItem {
    /// Which.
    pub item: ItemSubject,
    /// Their login.
    pub to: String,
    /// Why.
    pub reason: String,
}

/// Moves everything that waits for one person to another: a leaver, or a deputy who takes over what is open.
#[derive(Debug, Clone)]
pub struct MoveItems {
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
    /// Why.
    pub reason: String,
}

/// Whom a question goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedOf {
    /// The originator or a colleague, by login; they answer themselves.
    Colleague(String),
    /// The person outside whom the document is about, by mail; a colleague notes the answer.
    Contact,
}

/// Asks the originator, a colleague or the applicant; nothing waits for the answer.
#[derive(Debug, Clone)]
pub struct AskQuestion {
    /// About which item.
    pub item: ItemSubject,
    /// Whom.
    pub of: AskedOf,
    /// What.
    pub question: String,
}

/// Answers.
#[derive(Debug, Clone)]
pub struct AnswerQuestion {
    /// Which question.
    pub question: i64,
    /// What.
    pub answer: String,
}

/// Puts a turn aside on one's own list. It comes back then, or when somebody wakes it; its clock goes on.
#[derive(Debug, Clone)]
pub struct SnoozeItem {
    /// Which.
    pub item: ItemSubject,
    /// Until when, UTC milliseconds; before it is due.
    pub until: i64,
    /// Why.
    pub reason: String,
}

/// Takes up again what was put aside.
#[derive(Debug, Clone)]
pub struct WakeItem {
    /// Which.
    pub item: ItemSubject,
}

/// Keeps a document on one's own list of what is watched, whoever has it.
#[derive(Debug, Clone)]
pub struct WatchDocument {
    /// What kind.
    pub document: Document,
    /// Its row.
    pub id: i64,
}

/// Watches it no more.
#[derive(Debug, Clone)]
pub struct UnwatchDocument {
    /// What kind.
    pub document: Document,
    /// Its row.
    pub id: i64,
}

/// A submitted document starts on its way; follows from submit.
#[derive(Debug, Clone)]
pub struct StartWorkflow {
    /// What kind.
    pub document: Document,
    /// Its row.
    pub id: i64,
}

/// What an automated task came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskOutcome {
    /// It is done.
    Done,
    /// It could not be done, because of this.
    Failed(String),
    /// It failed before and is tried again.
    Again,
}

/// An automated task has ended; follows from the task.
#[derive(Debug, Clone)]
pub struct ContinueWorkflow {
    /// What kind of document.
    pub document: Document,
    /// Its row.
    pub id: i64,
    /// How it ended.
    pub outcome: TaskOutcome,
}

/// Takes a document back from its workflow.
#[derive(Debug, Clone)]
pub struct RecallDocument {
    /// What kind.
    pub document: Document,
    /// Its row.
    pub id: i64,
    /// Why.
    pub reason: String,
}

/// Moves a document under way to the active version of the workflows.
#[derive(Debug, Clone)]
pub struct MigrateDocument {
    /// What kind.
    pub document: Document,
    /// Its row.
    pub id: i64,
    /// Why.
    pub reason: String,
}

/// How a stopped instance goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resume {
    /// The step it stands at is tried again.
    Again,
    /// The document goes back to its originator.
    ToDraft,
    /// This person decides instead of whoever could not be found.
    Reassign(String),
}

/// Lets an instance go on that an error has stopped.
#[derive(Debug, Clone)]
pub struct ResumeInstance {
    /// Which.
    pub instance: i64,
    /// How.
    pub how: Resume,
    /// What was put right.
    pub reason: String,
}

/// The clock looks at an item: reminder, overdue, escalation, final action.
#[derive(Debug, Clone)]
pub struct ClockItem {
    /// Which.
    pub id: i64,
}
