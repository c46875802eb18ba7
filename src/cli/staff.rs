//! `countersign staff …`, `role …`: who works here and what they may do.

use clap::{Args, Subcommand};

use super::args::Write;

/// What can be done with staff.
#[derive(Subcommand, Clone, Debug)]
pub enum Staff {
    /// List the staff
    List,
    /// Show one member of staff
    Show(Login),
    /// Add a member of staff
    New(NewStaff),
    /// Change a member of staff
    Edit(EditStaff),
    /// Give a role
    Grant(StaffRole),
    /// Take a role
    Revoke(StaffRole),
    /// Print the lines for sshd's authorized_keys
    AuthorizedKeys(AuthorizedKeys),
}

/// A member of staff.
#[derive(Args, Clone, Debug)]
pub struct Login {
    /// Their login
    #[arg(value_name = "LOGIN")]
    pub login: String,
}

/// `staff new`
#[derive(Args, Clone, Debug)]
pub struct NewStaff {
    /// Who.
    #[command(flatten)]
    pub login: Login,
    /// Their name
    #[arg(long, value_name = "TEXT")]
    pub name: String,
    /// Where their mail goes
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// A role; may be repeated
    #[arg(long = "role", value_name = "ROLE", required = true)]
    pub roles: Vec<String>,
    /// The same word for several logins of one natural person, so that four eyes are four eyes
    #[arg(long, value_name = "WORD")]
    pub person: Option<String>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `staff edit`
#[derive(Args, Clone, Debug)]
pub struct EditStaff {
    /// Who.
    #[command(flatten)]
    pub login: Login,
    /// New name
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// New address
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// Whether they may still act
    #[arg(long, value_name = "YES|NO", value_parser = ["yes", "no"])]
    pub active: Option<String>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// A role of a member of staff.
#[derive(Args, Clone, Debug)]
pub struct StaffRole {
    /// Who.
    #[command(flatten)]
    pub login: Login,
    /// The role
    #[arg(value_name = "ROLE")]
    pub role: String,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `staff authorized-keys`
#[derive(Args, Clone, Debug)]
pub struct AuthorizedKeys {
    /// Only for this login
    #[arg(value_name = "LOGIN")]
    pub login: Option<String>,
    /// Their public key file; otherwise the line ends where the key goes
    #[arg(long, value_name = "PATH", requires = "login")]
    pub key: Option<std::path::PathBuf>,
}

/// What can be done with roles.
#[derive(Subcommand, Clone, Debug)]
pub enum Role {
    /// List roles and their permissions
    List,
}
