//! What the engine tells a document about its way; each document turns it into a state of its own.

/// Where a document stands in its workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Handed in; the instance starts.
    Submitted,
    /// Somebody must decide.
    PendingApproval,
    /// Back with a person, with the fields to change.
    ChangeRequested,
    /// A person, a rule or the clock said no; the instance has ended.
    Rejected,
    /// Taken back by its originator.
    Recalled,
    /// Every approval is there.
    Approved,
    /// An automated task runs or waits.
    Completing,
    /// An automated task failed; the instance is stopped.
    Failed,
    /// Everything is done.
    Completed,
}
