//! `countersign deputy …`, `queue …`: who stands in for whom, and who shares what.

use clap::{Args, Subcommand};

use super::args::Write;

/// What can be done with deputies.
#[derive(Subcommand, Clone, Debug)]
pub enum Deputy {
    /// List who stands in for whom
    List(DeputyList),
    /// Let somebody stand in for you, or for another
    Set(SetDeputy),
    /// End an absence; what the deputy has stays with them
    End(EndDeputy),
}

/// `deputy list`
#[derive(Args, Clone, Debug)]
pub struct DeputyList {
    /// Those that are over and those that were ended too
    #[arg(long)]
    pub all: bool,
}

/// `deputy set`
#[derive(Args, Clone, Debug)]
pub struct SetDeputy {
    /// Who stands in
    #[arg(value_name = "DEPUTY")]
    pub deputy: String,
    /// Whose work; without it: yours
    #[arg(long = "for", value_name = "LOGIN")]
    pub login: Option<String>,
    /// The first day: tomorrow, fri, 2026-12-21
    #[arg(long, value_name = "DATE", default_value = "today")]
    pub from: String,
    /// The last day; without it until it is ended
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Only of this document
    #[arg(long, value_name = "DOCUMENT", value_parser = ["user_request", "proposal", "account_request"])]
    pub document: Option<String>,
    /// Move what is open to the deputy now
    #[arg(long)]
    pub move_open: bool,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `deputy end`
#[derive(Args, Clone, Debug)]
pub struct EndDeputy {
    /// The number of the rule, from `deputy list`
    #[arg(value_name = "RULE")]
    pub rule: i64,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// What can be done with queues.
#[derive(Subcommand, Clone, Debug)]
pub enum Queue {
    /// List the queues, in the order in which they are asked
    List,
    /// Show one queue
    Show(QueueName),
    /// Make a queue
    New(NewQueue),
    /// Change a queue
    Edit(EditQueue),
    /// Take people into a queue
    Add(QueueMembers),
    /// Take people out of a queue
    Remove(QueueMembers),
}

/// A queue.
#[derive(Args, Clone, Debug)]
pub struct QueueName {
    /// Its name
    #[arg(value_name = "QUEUE")]
    pub queue: String,
}

/// `queue new`
#[derive(Args, Clone, Debug)]
pub struct NewQueue {
    /// Which.
    #[command(flatten)]
    pub queue: QueueName,
    /// For people
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Who looks after it
    #[arg(long, value_name = "LOGIN")]
    pub admin: String,
    /// A member; may be repeated
    #[arg(long = "member", value_name = "LOGIN")]
    pub members: Vec<String>,
    /// Which documents it takes where a step says `auto`, in CEL
    #[arg(long, value_name = "CEL")]
    pub condition: Option<String>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `queue edit`
#[derive(Args, Clone, Debug)]
pub struct EditQueue {
    /// Which.
    #[command(flatten)]
    pub queue: QueueName,
    /// For people
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Whether it takes work
    #[arg(long, value_name = "STATE", value_parser = ["active", "on_hold", "inactive"])]
    pub state: Option<String>,
    /// Who looks after it
    #[arg(long, value_name = "LOGIN")]
    pub admin: Option<String>,
    /// Which documents it takes where a step says `auto`, in CEL; empty text for none
    #[arg(long, value_name = "CEL")]
    pub condition: Option<String>,
    /// Its place, from 1: the first whose condition holds takes the document
    #[arg(long, value_name = "PLACE")]
    pub position: Option<i64>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// Members of a queue.
#[derive(Args, Clone, Debug)]
pub struct QueueMembers {
    /// Which.
    #[command(flatten)]
    pub queue: QueueName,
    /// Their logins
    #[arg(value_name = "LOGIN", required = true)]
    pub logins: Vec<String>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}
