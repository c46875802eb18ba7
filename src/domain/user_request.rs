//! User requests and the ways to log on (workflow.md, User requests). What moves them is their workflow; the table of
//! moves is here.

use super::lifecycle::{By, Offer, Reason, Step, Target};
use super::permission::{Actor, Allowed, Permission, Who};
use super::refusal::Refusal;
use super::workflow::Stage;

/// The eight statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "workflow.md, User requests, explains each")]
pub enum UserRequestState {
    Draft,
    Submitted,
    PendingApproval,
    Rejected,
    Approved,
    PendingCompletion,
    Completed,
    Canceled,
}

use UserRequestState::*;

impl UserRequestState {
    /// All, in the order of life.
    pub const ALL: [Self; 8] =
        [Draft, Submitted, PendingApproval, Approved, PendingCompletion, Completed, Rejected, Canceled];

    /// The stable snake_case name.
    pub fn as_str(self) -> &'static str {
        match self {
            Draft => "draft",
            Submitted => "submitted",
            PendingApproval => "pending_approval",
            Rejected => "rejected",
            Approved => "approved",
            PendingCompletion => "pending_completion",
            Completed => "completed",
            Canceled => "canceled",
        }
    }

    /// The words for people.
    pub fn title(self) -> &'static str {
        match self {
            Draft => "Draft",
            Submitted => "Submitted",
            PendingApproval => "Pending approval",
            Rejected => "Rejected",
            Approved => "Approved",
            PendingCompletion => "Pending completion",
            Completed => "Completed",
            Canceled => "Canceled",
        }
    }

    /// The state of that stable name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}

/// What can happen to a user request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "STEPS explains each")]
pub enum UserRequestMove {
    Edit,
    Delete,
    Submit,
    Assign,
    Approve,
    Reject,
    SendBack,
    Recall,
    Begin,
    Complete,
    Fail,
    Retry,
    Restart,
    Cancel,
}

use UserRequestMove::*;

impl UserRequestMove {
    /// All moves, in the order of the table.
    pub const ALL: [Self; 14] = [
        Edit, Delete, Submit, Assign, Approve, Reject, SendBack, Recall, Begin, Complete, Fail, Retry,
        Restart, Cancel,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Edit => "edit",
            Delete => "delete",
            Submit => "submit",
            Assign => "assign",
            Approve => "approve",
            Reject => "reject",
            SendBack => "send_back",
            Recall => "recall",
            Begin => "begin",
            Complete => "complete",
            Fail => "fail",
            Retry => "retry",
            Restart => "restart",
            Cancel => "cancel",
        }
    }
}

/// Every legal move of a user request (workflow.md, User requests). The moves of the rule are the workflow's.
#[rustfmt::skip]
pub static STEPS: &[Step<UserRequestState, UserRequestMove>] = &[
    Step { from: Draft,             mv: Edit,     to: Target::Same,                  by: By::Staff(Permission::UserRequestEdit),   reason: Reason::None,      rule: "every field but contact and action; whoever edited it last may not decide it" },
    Step { from: Draft,             mv: Delete,   to: Target::Same,                  by: By::Staff(Permission::UserRequestEdit),   reason: Reason::None,      rule: "only what is a draft and was not decided, also a recalled one; everything else stays for the record" },
    Step { from: Draft,             mv: Submit,   to: Target::To(Submitted),         by: By::Staff(Permission::UserRequestSubmit), reason: Reason::None,      rule: "a rule set must be active, and every step must have somebody who may decide" },
    Step { from: Rejected,          mv: Edit,     to: Target::Same,                  by: By::Staff(Permission::UserRequestEdit),   reason: Reason::None,      rule: "what was said no to is put right before it is submitted again" },
    Step { from: Rejected,          mv: Submit,   to: Target::To(Submitted),         by: By::Staff(Permission::UserRequestSubmit), reason: Reason::None,      rule: "again after a rejection, by the rules of today" },
    Step { from: Submitted,         mv: Assign,   to: Target::To(PendingApproval),   by: By::Rule,                                 reason: Reason::None,      rule: "somebody must decide" },
    Step { from: PendingApproval,   mv: Assign,   to: Target::Same,                  by: By::Rule,                                 reason: Reason::None,      rule: "the next step must be decided" },
    Step { from: PendingCompletion, mv: Assign,   to: Target::To(PendingApproval),   by: By::Rule,                                 reason: Reason::None,      rule: "a step behind a task must be decided" },
    Step { from: Submitted,         mv: Approve,  to: Target::To(Approved),          by: By::Rule,                                 reason: Reason::None,      rule: "no step had to be decided" },
    Step { from: PendingApproval,   mv: Approve,  to: Target::To(Approved),          by: By::Rule,                                 reason: Reason::None,      rule: "every step was carried" },
    Step { from: Submitted,         mv: Reject,   to: Target::To(Rejected),          by: By::Rule,                                 reason: Reason::Mandatory, rule: "a rule said no" },
    Step { from: PendingApproval,   mv: Reject,   to: Target::To(Rejected),          by: By::Rule,                                 reason: Reason::Mandatory, rule: "a person or the clock said no" },
    Step { from: PendingApproval,   mv: SendBack, to: Target::To(Draft),             by: By::Rule,                                 reason: Reason::Mandatory, rule: "with the fields to change; submitted again it goes to those who decide" },
    Step { from: Submitted,         mv: Recall,   to: Target::To(Draft),             by: By::Rule,                                 reason: Reason::Mandatory, rule: "its originator takes it back" },
    Step { from: PendingApproval,   mv: Recall,   to: Target::To(Draft),             by: By::Rule,                                 reason: Reason::Mandatory, rule: "its originator takes it back; open items are no longer required" },
    Step { from: PendingCompletion, mv: Recall,   to: Target::To(Draft),             by: By::Rule,                                 reason: Reason::Mandatory, rule: "back to draft after a failed task" },
    Step { from: Draft,             mv: Recall,   to: Target::Same,                  by: By::Rule,                                 reason: Reason::Mandatory, rule: "what waits for a change is taken back altogether" },
    Step { from: Approved,          mv: Begin,    to: Target::To(PendingCompletion), by: By::Rule,                                 reason: Reason::None,      rule: "the automated task runs" },
    Step { from: PendingCompletion, mv: Begin,    to: Target::Same,                  by: By::Rule,                                 reason: Reason::None,      rule: "the next task, or the same once more" },
    Step { from: PendingCompletion, mv: Fail,     to: Target::Same,                  by: By::Rule,                                 reason: Reason::Mandatory, rule: "the cause is kept and shown, never hidden" },
    Step { from: PendingCompletion, mv: Retry,    to: Target::Same,                  by: By::Staff(Permission::UserRequestSubmit), reason: Reason::None,      rule: "a failed task is tried again" },
    Step { from: Approved,          mv: Complete, to: Target::To(Completed),         by: By::Rule,                                 reason: Reason::None,      rule: "nothing is left to do" },
    Step { from: PendingCompletion, mv: Complete, to: Target::To(Completed),         by: By::Rule,                                 reason: Reason::None,      rule: "the task is done" },
    Step { from: PendingApproval,   mv: Restart,  to: Target::To(Submitted),         by: By::Rule,                                 reason: Reason::None,      rule: "it was moved to the active version of the workflows and starts there anew" },
    Step { from: PendingCompletion, mv: Restart,  to: Target::To(Submitted),         by: By::Rule,                                 reason: Reason::None,      rule: "what failed outside a workflow, or was moved to the active version, starts there anew" },
    Step { from: Draft,             mv: Cancel,   to: Target::To(Canceled),          by: By::Staff(Permission::UserRequestEdit),   reason: Reason::Mandatory, rule: "it is not wanted any more; kept for the record" },
    Step { from: Rejected,          mv: Cancel,   to: Target::To(Canceled),          by: By::Staff(Permission::UserRequestEdit),   reason: Reason::Mandatory, rule: "it is not asked again" },
];

/// The move that a workflow's stage stands for.
pub fn move_of(stage: Stage) -> UserRequestMove {
    match stage {
        Stage::Submitted => Submit,
        Stage::PendingApproval => Assign,
        Stage::ChangeRequested => SendBack,
        Stage::Rejected => Reject,
        Stage::Recalled => Recall,
        Stage::Approved => Approve,
        Stage::Completing => Begin,
        Stage::Failed => Fail,
        Stage::Completed => Complete,
    }
}

/// May somebody make this move? What a rule makes is allowed by whatever set it going.
///
/// # Errors
/// The refusal: `illegal_move` with what is possible, or `permission`.
pub fn offer(
    actor: &Actor,
    number: &str,
    from: UserRequestState,
    mv: UserRequestMove,
) -> Offer<UserRequestState, UserRequestMove> {
    let step = step(from, mv).ok_or_else(|| {
        let possible: Vec<String> = STEPS
            .iter()
            .filter(|s| s.from == from && matches!(s.by, By::Staff(_)))
            .map(|s| s.mv.as_str().replace('_', " "))
            .collect();
        let possible = match possible.as_slice() {
            [] if from == PendingApproval || from == Submitted => {
                "It can be recalled, or decided by whom it waits for.".to_owned()
            }
            [] => "Nothing can be done to it any more; make a new request.".to_owned(),
            some => format!("Possible: {}.", some.join(", ")),
        };
        Refusal::new(
            "illegal_move",
            format!("{number} is {}: {} is not possible.", from.title(), mv.as_str().replace('_', " ")),
            possible,
        )
    })?;
    let allowed = match step.by {
        By::Staff(permission) => actor.allow(permission)?,
        By::Rule => actor.by_rule(),
        By::Applicant => actor.allow_as(&Who::Applicant)?,
        By::Clock => actor.allow_as(&Who::Clock)?,
    };
    Ok((allowed, step))
}

/// What a user request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// A new portal user.
    Add,
    /// Another role.
    ChangeRole,
    /// No logon any more.
    Inactivate,
    /// The logon again.
    Reactivate,
    /// A new password.
    ResetCredentials,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 5] =
        [Self::Add, Self::ChangeRole, Self::Inactivate, Self::Reactivate, Self::ResetCredentials];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::ChangeRole => "change_role",
            Self::Inactivate => "inactivate",
            Self::Reactivate => "reactivate",
            Self::ResetCredentials => "reset_credentials",
        }
    }

    /// The words for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::ChangeRole => "change role",
            Self::Inactivate => "inactivate",
            Self::Reactivate => "reactivate",
            Self::ResetCredentials => "reset credentials",
        }
    }

    /// The action of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.as_str() == name || a.title() == name)
    }

    /// The fields that whoever asked may change, as a change request names them.
    pub fn fields(self) -> Vec<&'static str> {
        let given = [
            ("role", self.gives_role()),
            ("authentication", self.gives_logon()),
            ("user_name", self == Self::Add),
            ("email", true),
            ("justification", true),
        ];
        given.into_iter().filter(|(_, asked)| *asked).map(|(field, _)| field).collect()
    }

    /// Whether it gives the portal user a role; the others leave the one they have.
    pub fn gives_role(self) -> bool {
        matches!(self, Self::Add | Self::ChangeRole)
    }

    /// Whether it gives new credentials, and with them a way to log on.
    pub fn gives_logon(self) -> bool {
        matches!(self, Self::Add | Self::Reactivate | Self::ResetCredentials)
    }
}

/// Which portal user somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserState {
    /// None: one can be added.
    None,
    /// One that may log on.
    Active,
    /// One that was switched off.
    Inactive,
}

impl Action {
    /// Whether it can be asked for somebody with that portal user: what is not possible is not offered.
    pub fn fits(self, user: UserState) -> bool {
        match self {
            Self::Add => user == UserState::None,
            Self::ChangeRole | Self::Inactivate | Self::ResetCredentials => user == UserState::Active,
            Self::Reactivate => user == UserState::Inactive,
        }
    }
}

/// Whether a workflow has a request in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Running {
    /// It runs, waits for a change, or was stopped by an error.
    Yes,
    /// It was not submitted, or its workflow has ended.
    No,
}

/// What a recall depends on.
#[derive(Debug, Clone, Copy)]
pub struct Recallable<'a> {
    /// Its number, for messages.
    pub number: &'a str,
    /// Its state, stable name.
    pub state: &'a str,
    /// Whether a workflow has it.
    pub running: Running,
    /// The natural persons who made, edited or submitted it.
    pub owners: &'a [String],
}

/// May somebody take it back from its workflow? Its originator may, and whoever may reassign work.
///
/// # Errors
/// The refusal: `permission`, `illegal_move` once it is complete or was never submitted, `not_yours`.
pub fn may_recall(actor: &Actor, request: &Recallable<'_>) -> Result<Allowed, Refusal> {
    let allowed = actor.allow(Permission::UserRequestSubmit)?;
    let Recallable { number, state, running, owners } = request;
    if *running == Running::No {
        let (why, remedy) = match UserRequestState::parse(state) {
            Some(Draft) => ("it was not submitted", "Edit, delete or cancel it as it is."),
            Some(Canceled) => ("it is Canceled", "Make a new one."),
            Some(Rejected) => {
                ("it is Rejected, and with that its workflow ended", "Submit it again, or cancel it.")
            }
            Some(Completed | Approved | PendingCompletion | Submitted | PendingApproval) | None => (
                "its workflow has ended",
                "What is complete cannot be recalled; make a new request that changes it back.",
            ),
        };
        return Err(Refusal::new("illegal_move", format!("{number} cannot be recalled: {why}."), remedy));
    }
    if !owners.contains(&actor.person) && actor.allow(Permission::WorkReassign).is_err() {
        return Err(Refusal::new(
            "not_yours",
            format!("{number} was submitted by {}; only its originator recalls it.", owners.join(", ")),
            "Ask them, or reject it if it waits for you.",
        ));
    }
    Ok(allowed)
}

/// The row for a move, if it is legal.
pub fn step(
    from: UserRequestState,
    mv: UserRequestMove,
) -> Option<&'static Step<UserRequestState, UserRequestMove>> {
    STEPS.iter().find(|s| s.from == from && s.mv == mv)
}

/// How a portal user logs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Authentication {
    /// A one-time link to set a password.
    SetPasswordLink,
    /// A generated password, to be changed at the first logon.
    TemporaryPassword,
    /// The customer's own directory; no secret here.
    ExternalSso,
}

impl Authentication {
    /// All methods.
    pub const ALL: [Self; 3] = [Self::SetPasswordLink, Self::TemporaryPassword, Self::ExternalSso];

    /// The stable snake_case name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SetPasswordLink => "set_password_link",
            Self::TemporaryPassword => "temporary_password",
            Self::ExternalSso => "external_sso",
        }
    }

    /// The words for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::SetPasswordLink => "set-password link",
            Self::TemporaryPassword => "temporary password",
            Self::ExternalSso => "external (SSO)",
        }
    }

    /// The method of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.as_str() == name || a.title() == name)
    }
}

/// The roles a portal user may get, shipped; offices add theirs in the config.
pub const PORTAL_ROLES: [&str; 3] = ["customer", "customer_admin", "customer_read_only"];
