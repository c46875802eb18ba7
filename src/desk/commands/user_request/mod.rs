//! User requests: made, edited, submitted to their workflow, carried out by its tasks (workflow.md, User requests).

mod conflict;
mod draft;
pub(in crate::desk) mod facts;
mod portal;
mod provision;
mod submit;
mod tasks;

use crate::domain::user_request::{Action, Authentication};

pub(in crate::desk) use facts::{
    barred, fields, number, parties, since_change_request, standing, summary, values,
};
pub(in crate::desk) use submit::{restart, staged};

/// Makes a draft for a contact.
#[derive(Debug, Clone)]
pub struct NewUserRequest {
    /// `customer`, `worker`, or other words of the office.
    pub kind: String,
    /// What is asked for.
    pub action: Action,
    /// Contact number.
    pub contact: String,
    /// Portal role; none: the preset one, or the one the portal user has.
    pub role: Option<String>,
    /// Who is told of the outcome; none: the contact's address.
    pub email: Option<String>,
    /// How they log on; none: the preset way, or the one the portal user has.
    pub authentication: Option<Authentication>,
    /// For add: the user name; none: one is suggested.
    pub user_name: Option<String>,
    /// Why.
    pub justification: Option<String>,
    /// What becomes of the draft.
    pub then: AfterMaking,
}

/// What becomes of a draft once it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterMaking {
    /// It stays a draft.
    KeepDraft,
    /// It is submitted in the same transaction; where that is refused, nothing is made.
    Submit,
}

/// Changes a draft; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct EditUserRequest {
    /// Row id.
    pub id: i64,
    /// The row's version that was seen; none: whatever is there.
    pub version: Option<i64>,
    /// Portal role.
    pub role: Option<String>,
    /// Who is told.
    pub email: Option<String>,
    /// How they log on.
    pub authentication: Option<Authentication>,
    /// The user name, for add.
    pub user_name: Option<String>,
    /// Why.
    pub justification: Option<String>,
}

/// Deletes a draft.
#[derive(Debug, Clone)]
pub struct DeleteUserRequest {
    /// Row id.
    pub id: i64,
}

/// Closes one that is not wanted any more.
#[derive(Debug, Clone)]
pub struct CancelUserRequest {
    /// Row id.
    pub id: i64,
    /// Why.
    pub reason: String,
}

/// What becomes of a request that its workflow does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfRefused {
    /// The command fails.
    Fail,
    /// The same for one that is made in the same transaction: its number goes with it, so that it is not named.
    FailNew,
    /// It stays a draft that says why: *create* is not held up by it.
    StayDraft,
}

/// Submits a draft or a rejected one, or tries a failed task again.
#[derive(Debug, Clone)]
pub struct SubmitUserRequest {
    /// Row id.
    pub id: i64,
    /// What if no workflow takes it.
    pub if_refused: IfRefused,
}

/// Runs the office's program again for a request whose portal user it did not take.
#[derive(Debug, Clone)]
pub struct RetryHook {
    /// Row id of the user request.
    pub id: i64,
}

/// Mails a portal user their user name.
#[derive(Debug, Clone)]
pub struct RemindUserName {
    /// The user name.
    pub user_name: String,
}

/// Automated task: makes the portal user, its role and its logon, and tells of it.
#[derive(Debug, Clone)]
pub struct ProvisionUser {
    /// Row id of the user request.
    pub id: i64,
}

/// Automated task: changes role or credentials, or brings the user back.
#[derive(Debug, Clone)]
pub struct ChangeUser {
    /// Row id of the user request.
    pub id: i64,
}

/// Automated task: switches the user off.
#[derive(Debug, Clone)]
pub struct InactivateUser {
    /// Row id of the user request.
    pub id: i64,
}

/// Automated task: tells the originator.
#[derive(Debug, Clone)]
pub struct NotifyOriginator {
    /// Row id of the user request.
    pub id: i64,
}
