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
    /// Say what still hangs on somebody who leaves, and move it
    Leaver(Leaver),
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
    /// What more there is to say.
    #[command(flatten)]
    pub traits: TraitFlags,
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
    /// The same word for several logins of one natural person, so that four eyes are four eyes; empty text for none
    #[arg(long, value_name = "WORD")]
    pub person: Option<String>,
    /// Whether they may still act
    #[arg(long, value_name = "YES|NO", value_parser = ["yes", "no"])]
    pub active: Option<String>,
    /// What more there is to say.
    #[command(flatten)]
    pub traits: TraitFlags,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// What more there is to say of a member of staff.
#[derive(Args, Clone, Debug, Default)]
pub struct TraitFlags {
    /// Their manager's login; empty text for none
    #[arg(long, value_name = "LOGIN")]
    pub manager: Option<String>,
    /// Own working hours, such as 'mon-thu 08:00-16:00'; empty text for the office's
    #[arg(long, value_name = "HOURS")]
    pub hours: Option<String>,
    /// Their division; empty text for none
    #[arg(long, value_name = "TEXT")]
    pub division: Option<String>,
    /// In which language mail reaches them
    #[arg(long, value_name = "CODE")]
    pub language: Option<String>,
    /// Whether a mail a day tells what waits for them
    #[arg(long, value_name = "WHEN", value_parser = ["daily", "none"])]
    pub digest: Option<String>,
}

/// `staff leaver`
#[derive(Args, Clone, Debug)]
pub struct Leaver {
    /// Who; without one: everybody who is inactive and still named somewhere
    #[arg(value_name = "LOGIN")]
    pub login: Option<String>,
    /// Move all of it to this person
    #[arg(long, value_name = "LOGIN", requires = "login")]
    pub move_to: Option<String>,
    /// Why; history keeps it
    #[arg(long, value_name = "TEXT", default_value = "left")]
    pub reason: String,
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
    /// Show one role, and what its permissions are for
    Show(RoleName),
    /// Make a role
    New(NewRole),
    /// Let a role do more
    Grant(RolePermission),
    /// Let a role do less
    Revoke(RolePermission),
}

/// A role.
#[derive(Args, Clone, Debug)]
pub struct RoleName {
    /// Its name
    #[arg(value_name = "ROLE")]
    pub role: String,
}

/// `role new`
#[derive(Args, Clone, Debug)]
pub struct NewRole {
    /// Which.
    #[command(flatten)]
    pub role: RoleName,
    /// For people
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// A permission, such as work.decide; may be repeated
    #[arg(long = "permission", value_name = "PERMISSION")]
    pub permissions: Vec<String>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// Permissions of a role.
#[derive(Args, Clone, Debug)]
pub struct RolePermission {
    /// Which.
    #[command(flatten)]
    pub role: RoleName,
    /// The permissions, such as work.decide
    #[arg(value_name = "PERMISSION", required = true)]
    pub permissions: Vec<String>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}
