//! One way of one document through one workflow, as the machine moves it: the instance and its items. The desk keeps
//! both in rows; a changed item is written back, a new one has id 0.

use super::people::Person;

/// The states of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InstanceState {
    /// Somebody must decide, or a task runs.
    Running,
    /// Back with a person who changes something.
    ChangeRequested,
    /// An error holds it; see its cause and culprit.
    Stopped,
    /// Somebody said no.
    Rejected,
    /// Its originator took it back.
    Recalled,
    /// All steps are done.
    Completed,
}

impl InstanceState {
    /// All states.
    pub const ALL: [Self; 6] = [
        Self::Running,
        Self::ChangeRequested,
        Self::Stopped,
        Self::Rejected,
        Self::Recalled,
        Self::Completed,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::ChangeRequested => "change_requested",
            Self::Stopped => "stopped",
            Self::Rejected => "rejected",
            Self::Recalled => "recalled",
            Self::Completed => "completed",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }

    /// Whether nothing follows any more.
    pub fn is_over(self) -> bool {
        match self {
            Self::Running | Self::ChangeRequested | Self::Stopped => false,
            Self::Rejected | Self::Recalled | Self::Completed => true,
        }
    }
}

/// What an item asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// A decision.
    Approval,
    /// A change of the document, then submit again.
    Change,
}

impl ItemKind {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Change => "change",
        }
    }
}

/// The states of an item; all but the first are ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemState {
    /// It waits.
    Open,
    /// A yes vote.
    Approved,
    /// A no vote.
    Rejected,
    /// Sent back with what should be changed.
    ChangeRequested,
    /// What was asked to be changed was changed.
    Changed,
    /// Others decided, or the document was taken back.
    NoLongerRequired,
}

impl ItemState {
    /// All states.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::Approved,
        Self::Rejected,
        Self::ChangeRequested,
        Self::Changed,
        Self::NoLongerRequired,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::ChangeRequested => "change_requested",
            Self::Changed => "changed",
            Self::NoLongerRequired => "no_longer_required",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Verdict {
    Approve,
    Reject,
    RequestChange,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 3] = [Self::Approve, Self::Reject, Self::RequestChange];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::RequestChange => "request_change",
        }
    }

    /// The state of an item with this verdict.
    pub fn state(self) -> ItemState {
        match self {
            Self::Approve => ItemState::Approved,
            Self::Reject => ItemState::Rejected,
            Self::RequestChange => ItemState::ChangeRequested,
        }
    }
}

/// When the clock has something to do with an item, and what it has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timing {
    /// When it is due, UTC milliseconds.
    pub due_at: Option<i64>,
    /// When its person is reminded.
    pub remind_at: Option<i64>,
    /// When they were.
    pub reminded_at: Option<i64>,
    /// When they were told that it is overdue.
    pub overdue_told_at: Option<i64>,
    /// How many hops it has gone.
    pub escalations: usize,
    /// When the clock looks at it next.
    pub clock_at: Option<i64>,
}

/// One turn of one person, role or queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Row id; 0: new.
    pub id: i64,
    /// What it asks for.
    pub kind: ItemKind,
    /// Where it stands.
    pub state: ItemState,
    /// In which round of the instance it was made.
    pub round: u32,
    /// Index of its step.
    pub step: usize,
    /// That step's name.
    pub step_name: String,
    /// Whose vote it is; none while a role or queue holds it.
    pub slot: Option<i64>,
    /// Who has it: the slot's person, whoever took it, or a delegate.
    pub assigned: Option<i64>,
    /// The role that holds it.
    pub role: Option<String>,
    /// The queue that holds it.
    pub queue: Option<String>,
    /// Who stands in for whoever has it.
    pub deputy: Option<i64>,
    /// Why this person, in words.
    pub because: String,
    /// What a delegator wrote.
    pub note: Option<String>,
    /// The clock's side.
    pub timing: Timing,
    /// Who decided; none: the clock.
    pub decided_by: Option<i64>,
    /// In whose place, where that is somebody else.
    pub decided_for: Option<i64>,
    /// When.
    pub decided_at: Option<i64>,
    /// Whether somebody with the right to override decided.
    pub overridden: bool,
    /// Why.
    pub reason: Option<String>,
    /// Which fields a change request names.
    pub fields: Vec<String>,
}

impl Item {
    /// Whether it waits.
    pub fn is_open(&self) -> bool {
        self.state == ItemState::Open
    }
}

/// What became of a step, for the trace.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Traced {
    /// The step's name.
    pub step: String,
    /// `passed over`, `assigned`, `carried`, `lost`, `task run`, …
    pub what: String,
    /// By which rule or part of a condition, or to whom.
    pub why: String,
}

/// One way of one document.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Where it stands.
    pub state: InstanceState,
    /// Index of the step it stands at.
    pub step: usize,
    /// Grows with each answer to a change request.
    pub round: u32,
    /// Who submitted it; none: the applicant or the clock.
    pub submitter: Option<Person>,
    /// Natural persons who may not decide it: who submitted and who last edited it.
    pub barred: Vec<String>,
    /// Its items, of all rounds.
    pub items: Vec<Item>,
    /// Why it is stopped.
    pub cause: Option<String>,
    /// Who or what is at fault: a person, a rule, a template.
    pub culprit: Option<String>,
    /// What became of each step, in order.
    pub trace: Vec<Traced>,
}

impl Instance {
    /// A document that has just been submitted.
    pub fn new(submitter: Option<Person>, barred: Vec<String>) -> Instance {
        Instance {
            state: InstanceState::Running,
            step: 0,
            round: 1,
            submitter,
            barred,
            items: Vec::new(),
            cause: None,
            culprit: None,
            trace: Vec::new(),
        }
    }

    /// The items of the step it stands at, in this round, with their place in [`Instance::items`].
    pub fn current(&self) -> impl Iterator<Item = (usize, &Item)> {
        let (step, round) = (self.step, self.round);
        self.items.iter().enumerate().filter(move |(_, item)| item.step == step && item.round == round)
    }

    /// Whether this natural person is barred by four eyes.
    pub fn bars(&self, person: &Person) -> bool {
        self.barred.contains(&person.person)
    }
}
