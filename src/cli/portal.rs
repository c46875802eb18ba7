//! `countersign portal-user …`, `user-request …`: who can log on, and the requests that made it so.

use clap::Subcommand;

use super::args::{List, One};
use super::signup::Several;

/// What can be done with portal users.
#[derive(Subcommand, Clone, Debug)]
pub enum PortalUser {
    /// List portal users
    List(List),
    /// Show one portal user, by user name
    Show(One),
}

/// What can be done with user requests.
#[derive(Subcommand, Clone, Debug)]
pub enum UserRequest {
    /// List user requests
    List(List),
    /// Show one user request
    Show(One),
    /// Submit drafts, or try failed provisioning again
    Submit(Several),
}
