//! `countersign portal-user …`, `user-request …`: who can log on, and the requests that made it so.

use clap::{Args, Subcommand};

use super::args::{List, One};
use super::signup::Several;

/// What can be done with portal users.
#[derive(Subcommand, Clone, Debug)]
pub enum PortalUser {
    /// List portal users
    List(PortalList),
    /// Show one portal user, by user name
    Show(One),
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
