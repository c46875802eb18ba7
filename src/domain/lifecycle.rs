//! Life cycles are tables: one row is one legal move, and a row is the only thing the store takes to move a record
//! (house.md, sentence 3).

use super::permission::{Allowed, Permission};
use super::refusal::Refusal;

/// Where a move leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<S> {
    /// To this state.
    To(S),
    /// The state stays as it is.
    Same,
    /// Back to the state the record had before the last move.
    Before,
}

/// Who makes a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A member of staff with this permission.
    Staff(Permission),
    /// The applicant, known by their code.
    Applicant,
    /// The clock.
    Clock,
    /// A workflow, whoever set it going.
    Rule,
}

/// Whether a move takes a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// None is asked.
    None,
    /// One may be given.
    Optional,
    /// One must be given.
    Mandatory,
}

/// One legal move.
#[derive(Debug)]
pub struct Step<S: 'static, M: 'static> {
    /// The state it starts from.
    pub from: S,
    /// Its name.
    pub mv: M,
    /// Where it leads.
    pub to: Target<S>,
    /// Who makes it.
    pub by: By,
    /// Whether a reason is due.
    pub reason: Reason,
    /// The rule in words, as the docs print it.
    pub rule: &'static str,
}

/// What `offer` gives: the proof, and the row that was found.
pub type Offer<S, M> = Result<(Allowed, &'static Step<S, M>), Refusal>;
