//! `countersign init`, `check`, `demo`, `db …`, `config …`: the office as a whole.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `init`
#[derive(Args, Clone, Debug)]
pub struct Init {
    /// Your login; otherwise the one you are logged in with
    #[arg(long, value_name = "LOGIN")]
    pub login: Option<String>,
    /// Your name; otherwise the login
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Where your mail goes
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
}

/// `demo`
#[derive(Args, Clone, Debug)]
pub struct Demo {
    /// Keep the database and the mail folder in this directory
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Only make the data and say where it is
    #[arg(long, requires = "keep")]
    pub no_screen: bool,
    /// How many customers
    #[arg(long, value_name = "COUNT", default_value_t = 420)]
    pub customers: usize,
    /// How many sign-ups; the first sixty have a history that really happened, the rest is loaded
    #[arg(long, value_name = "COUNT", default_value_t = 60)]
    pub signups: usize,
}

/// What can be done with the database.
#[derive(Subcommand, Clone, Debug)]
pub enum Db {
    /// Check file, schema and history
    Check,
    /// Make a verified copy
    Backup(Backup),
    /// Bring a backup back into the live database
    Restore(Restore),
    /// Rows, sizes, log, who has it open
    Stats,
    /// Make the indexes of search and of possible duplicates anew
    Rebuild,
}

/// `db backup`
#[derive(Args, Clone, Debug)]
pub struct Backup {
    /// The new file; otherwise a dated one beside the database
    #[arg(value_name = "PATH")]
    pub to: Option<PathBuf>,
}

/// `db restore`
#[derive(Args, Clone, Debug)]
pub struct Restore {
    /// The backup
    #[arg(value_name = "PATH")]
    pub from: PathBuf,
}

/// What can be done with the config.
#[derive(Subcommand, Clone, Debug)]
pub enum Config {
    /// Show every setting in force; never a secret
    Show,
    /// Print a config file with every setting commented
    Example,
}
