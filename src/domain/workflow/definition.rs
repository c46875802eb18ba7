//! A rule set as data: what a rule file says once it is understood (workflow.md, Rule file).

/// The documents that pass workflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the glossary in mission.md explains each")]
pub enum Document {
    UserRequest,
    Proposal,
    AccountRequest,
}

impl Document {
    /// All documents.
    pub const ALL: [Self; 3] = [Self::UserRequest, Self::Proposal, Self::AccountRequest];

    /// The stable snake_case name, in rule files and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UserRequest => "user_request",
            Self::Proposal => "proposal",
            Self::AccountRequest => "account_request",
        }
    }

    /// The document of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.as_str() == name)
    }
}

/// A checked rule file.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleSet {
    /// In the order of the file: the first whose condition holds is taken.
    pub workflows: Vec<Workflow>,
}

/// One workflow.
#[derive(Debug, Clone, PartialEq)]
pub struct Workflow {
    /// For which document.
    pub document: Document,
    /// Its name, unique within the document.
    pub name: String,
    /// CEL; none: the default of its document.
    pub when: Option<String>,
    /// Where a resubmitted document goes on.
    pub on_resubmit: OnResubmit,
    /// Lifts four eyes; every such decision is marked in history.
    pub self_approval: bool,
    /// Login of who is told when an instance is stopped; none: the administrators.
    pub owner: Option<String>,
    /// Its steps; none at all means approved at once.
    pub steps: Vec<Step>,
}

/// Where a document goes on after a change request was answered. A rejection or a recall ends the instance, and what is
/// submitted after that starts anew by the rules of that day, from the first step: they may be others than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnResubmit {
    /// From the first step.
    #[default]
    Restart,
    /// To the step, and the person, who asked.
    Asker,
    /// To them only if nothing that was approved so far has changed, else from the first step.
    Changed,
}

impl OnResubmit {
    /// All ways.
    pub const ALL: [Self; 3] = [Self::Restart, Self::Asker, Self::Changed];

    /// The stable name, as rule files have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Restart => "restart",
            Self::Asker => "asker",
            Self::Changed => "changed",
        }
    }

    /// The way of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == name)
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its name; a task's is its own.
    pub name: String,
    /// CEL; where it does not hold the step is passed over, which the trace says.
    pub when: Option<String>,
    /// What it does.
    pub kind: StepKind,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    /// People decide.
    Approval(Approval),
    /// The rule itself decides.
    Auto(Auto),
    /// The programme does something.
    Task(Task),
}

/// A decision without a person, by the step's condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Auto {
    Approve,
    Reject,
}

/// An automated task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Makes the portal user.
    ProvisionUser,
    /// Changes its role or its credentials, or brings it back.
    ChangeUser,
    /// Switches it off.
    InactivateUser,
    /// Writes the values of a proposal.
    ApplyChanges,
    /// Tells the originator.
    Notify,
}

impl Task {
    /// All tasks.
    pub const ALL: [Self; 5] =
        [Self::ProvisionUser, Self::ChangeUser, Self::InactivateUser, Self::ApplyChanges, Self::Notify];

    /// The stable name, as rule files have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProvisionUser => "provision_user",
            Self::ChangeUser => "change_user",
            Self::InactivateUser => "inactivate_user",
            Self::ApplyChanges => "apply_changes",
            Self::Notify => "notify",
        }
    }

    /// The task of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == name)
    }
}

/// People decide: who, how many, by when.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// Who.
    pub who: Assignment,
    /// How many yes votes carry it.
    pub policy: Policy,
    /// From assignment to due; none: no limit.
    pub due: Option<Span>,
    /// How long before due they are reminded.
    pub remind: Option<Span>,
    /// Hops after due, in order; each counts from the one before.
    pub escalate: Vec<Escalation>,
    /// What happens after the last hop has passed its time; none: it stays open, shown as overdue.
    pub finally: Option<Finally>,
}

/// Who decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignment {
    /// Everybody who has the role; with [`Policy::Any`] one item that any of them takes, else one item each.
    Role(String),
    /// These logins.
    Users(Vec<String>),
    /// The members of a queue; `auto`: the first queue whose condition holds.
    Queue(String),
    /// The manager of a party, so many levels up (1: the direct one).
    ManagerOf(Party, u8),
    /// A party itself.
    Party(Party),
    /// The first choice whose condition holds for the document.
    First(Vec<Choice>),
}

impl Assignment {
    /// The assignments that it can come to: itself, or those of its choices.
    pub fn leaves(&self) -> Vec<&Assignment> {
        match self {
            Self::First(choices) => choices.iter().flat_map(|choice| choice.who.leaves()).collect(),
            Self::Role(_) | Self::Users(_) | Self::Queue(_) | Self::ManagerOf(..) | Self::Party(_) => {
                vec![self]
            }
        }
    }
}

/// One of several assignments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// CEL; none: it always holds, so it stands last.
    pub when: Option<String>,
    /// Who it is then.
    pub who: Assignment,
}

use super::people::Party;

/// How many yes votes carry a step. Votes count, not responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// The first vote decides.
    #[default]
    Any,
    /// Every one.
    All,
    /// More than half.
    Majority,
    /// At least so many.
    Count(u32),
    /// At least so many of a hundred.
    Percent(u8),
}

/// A length of time, in the office's working time or on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// `2 working days`: whole days of the working calendar, to the same time of day.
    WorkingDays(u32),
    /// `4 working hours`: minutes within working hours.
    WorkingMinutes(u32),
    /// `4 hours`, `3 days`: minutes on the wall.
    Minutes(u32),
}

/// One hop.
#[derive(Debug, Clone, PartialEq)]
pub struct Escalation {
    /// After due, or after the hop before.
    pub after: Span,
    /// To whom it goes then.
    pub to: Assignment,
}

/// What the clock does in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Finally {
    Approve,
    Reject,
}
