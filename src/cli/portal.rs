//! `countersign portal-user …`, `user-request …`: who can log on, and the requests that made it so.

use clap::{Args, Subcommand};

use super::args::{List, Numbers, One, Reason, Seen, Write};
use super::signup::Several;

/// What can be done with portal users.
#[derive(Subcommand, Clone, Debug)]
pub enum PortalUser {
    /// List portal users
    List(PortalList),
    /// Show one portal user, by user name
    Show(One),
    /// Mail portal users their user name
    Remind(Several),
    /// Tell the office's own portal (provision.command) what became of its users
    Sync(Sync),
}

/// `portal-user list`
#[derive(Args, Clone, Debug)]
pub struct PortalList {
    /// Only rows in this state
    #[arg(long, value_name = "STATE", value_parser = ["active", "inactive"])]
    pub state: Option<String>,
    /// At most so many rows; 0 for all
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    pub limit: u32,
    /// Only rows behind this one
    #[arg(long, value_name = "USER_NAME")]
    pub after: Option<String>,
}

/// `portal-user sync`
#[derive(Args, Clone, Debug)]
pub struct Sync {
    /// Go on until stopped, as a service does
    #[arg(long)]
    pub watch: bool,
}

/// What can be done with user requests.
#[derive(Subcommand, Clone, Debug)]
pub enum UserRequest {
    /// List user requests
    List(List),
    /// Show one user request: values, whom it waits for, turns, questions, how the portal follows
    Show(Numbers),
    /// Make a draft for a contact
    New(NewRequest),
    /// Change a draft
    Edit(EditRequest),
    /// Delete drafts that were never submitted
    Delete(Several),
    /// Hand drafts and rejected ones to their workflow
    Submit(Several),
    /// Hand in again what was recalled, rejected or sent back
    Resubmit(Several),
    /// Take it back while it waits for a decision
    Recall(Because),
    /// Approve what waits for you
    Approve(Yes),
    /// Reject what waits for you; this ends its workflow
    Reject(No),
    /// Send what waits for you back, with what should be changed
    RequestChange(Change),
    /// Close what is not wanted any more; it stays readable
    Cancel(Because),
    /// Try a failed task again, or the portal's program where that failed
    Retry(Several),
}

/// What is asked for.
#[derive(Args, Clone, Debug)]
pub struct Wanted {
    /// The portal role
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Who is told of the outcome
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// How they log on
    #[arg(long, value_name = "METHOD", value_parser = ["set_password_link", "temporary_password", "external_sso"])]
    pub authentication: Option<String>,
    /// The user name of a new user; otherwise suggested
    #[arg(long, value_name = "NAME")]
    pub user_name: Option<String>,
    /// Why; mandatory to inactivate
    #[arg(long, value_name = "TEXT")]
    pub justification: Option<String>,
}

/// `user-request new`
#[derive(Args, Clone, Debug)]
pub struct NewRequest {
    /// For this contact
    #[arg(long, value_name = "NUMBER")]
    pub contact: String,
    /// What should be done
    #[arg(long, value_name = "ACTION", default_value = "add", value_parser = ["add", "change_role", "inactivate", "reactivate", "reset_credentials"])]
    pub action: String,
    /// customer, worker, or a word of your own
    #[arg(long = "type", value_name = "TEXT", default_value = "customer")]
    pub kind: String,
    /// What is asked for.
    #[command(flatten)]
    pub wanted: Wanted,
    /// Submit it at once
    #[arg(long)]
    pub submit: bool,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `user-request edit`
#[derive(Args, Clone, Debug)]
pub struct EditRequest {
    /// Which record.
    #[command(flatten)]
    pub one: One,
    /// What is asked for.
    #[command(flatten)]
    pub wanted: Wanted,
    /// Only if it is still what you saw: `version` of `user-request show --json`; otherwise exit status 5
    #[arg(long, value_name = "VERSION")]
    pub seen: Option<i64>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// Several, with a reason.
#[derive(Args, Clone, Debug)]
pub struct Because {
    /// Which records.
    #[command(flatten)]
    pub numbers: Numbers,
    /// The reason.
    #[command(flatten)]
    pub reason: Reason,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `user-request approve`
#[derive(Args, Clone, Debug)]
pub struct Yes {
    /// Which records.
    #[command(flatten)]
    pub numbers: Numbers,
    /// What was seen.
    #[command(flatten)]
    pub seen: Seen,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `user-request reject`
#[derive(Args, Clone, Debug)]
pub struct No {
    /// Which records.
    #[command(flatten)]
    pub numbers: Numbers,
    /// The reason.
    #[command(flatten)]
    pub reason: Reason,
    /// What was seen.
    #[command(flatten)]
    pub seen: Seen,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `user-request request-change`
#[derive(Args, Clone, Debug)]
pub struct Change {
    /// Which records.
    #[command(flatten)]
    pub numbers: Numbers,
    /// The reason.
    #[command(flatten)]
    pub reason: Reason,
    /// A field that should be changed. May be repeated
    #[arg(long = "field", value_name = "FIELD")]
    pub fields: Vec<String>,
    /// Who should change it; otherwise whoever submitted it
    #[arg(long, value_name = "LOGIN")]
    pub to: Option<String>,
    /// What was seen.
    #[command(flatten)]
    pub seen: Seen,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}
