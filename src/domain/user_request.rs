//! User requests and the ways to log on (workflow.md, User requests). Until a rule file says more, one built-in rule
//! set exists: a single automated task, `provision_user`, that runs at once.

use super::lifecycle::{By, Reason, Step, Target};
use super::permission::Permission;

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

/// The moves of this version; the workflow engine adds the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UserRequestMove {
    /// Draft → the active rule set takes it.
    Submit,
    /// The rule set ran its automated task and it succeeded.
    Complete,
    /// The automated task failed; the cause is shown and it may be tried again.
    Fail,
    /// Try the failed task again.
    Retry,
}

use UserRequestMove::*;

/// Every legal move of a user request in this version.
#[rustfmt::skip]
pub static STEPS: &[Step<UserRequestState, UserRequestMove>] = &[
    Step { from: Draft,             mv: Submit,   to: Target::To(Submitted),         by: By::Staff(Permission::UserRequestSubmit), reason: Reason::None, rule: "a rule set for user requests must be active" },
    Step { from: Submitted,         mv: Complete, to: Target::To(Completed),         by: By::Staff(Permission::UserRequestSubmit), reason: Reason::None, rule: "the built-in rule set provisions at once" },
    Step { from: Submitted,         mv: Fail,     to: Target::To(PendingCompletion), by: By::Staff(Permission::UserRequestSubmit), reason: Reason::None, rule: "provisioning failed; the cause is kept" },
    Step { from: PendingCompletion, mv: Retry,    to: Target::To(Submitted),         by: By::Staff(Permission::UserRequestSubmit), reason: Reason::None, rule: "provisioning is tried again" },
];

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
