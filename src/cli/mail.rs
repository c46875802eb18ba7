//! `countersign mail …`: the outbox, the worker, and what a mail would look like.

use clap::{Args, Subcommand};

use super::args::{List, Write};

/// What can be done with mail.
#[derive(Subcommand, Clone, Debug)]
pub enum Mail {
    /// List the outbox
    List(List),
    /// Show one mail: body, attempts, the server's words
    Show(Row),
    /// Send what is due; with --watch, go on until stopped
    Send(Send),
    /// Send failed or waiting mail as soon as possible
    Retry(Rows),
    /// Take mail that has not left out of the queue
    Cancel(Cancel),
    /// Send a test mail
    Test(Test),
    /// Show a mail as it would go out for a real record
    Preview(Preview),
    /// Let a paused queue run again
    Unpause(Write),
}

/// `14`, or M-14 as it is printed.
fn id(typed: &str) -> Result<i64, String> {
    let digits = typed.strip_prefix("M-").or_else(|| typed.strip_prefix("m-")).unwrap_or(typed);
    digits.parse().map_err(|_| "write 14 or M-14".to_owned())
}

/// A mail.
#[derive(Args, Clone, Debug)]
pub struct Row {
    /// Its id in `mail list`
    #[arg(value_name = "ID", value_parser = id)]
    pub id: i64,
}

/// Several mails.
#[derive(Args, Clone, Debug)]
pub struct Rows {
    /// Ids in `mail list`
    #[arg(value_name = "ID", required = true, value_parser = id)]
    pub ids: Vec<i64>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `mail send`
#[derive(Args, Clone, Debug)]
pub struct Send {
    /// Go on until stopped, as a service does
    #[arg(long)]
    pub watch: bool,
}

/// `mail cancel`
#[derive(Args, Clone, Debug)]
pub struct Cancel {
    /// Which mails.
    #[command(flatten)]
    pub rows: Rows,
    /// Why; history keeps it
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// `mail test`
#[derive(Args, Clone, Debug)]
pub struct Test {
    /// To this address
    #[arg(value_name = "ADDRESS")]
    pub address: String,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `mail preview`
#[derive(Args, Clone, Debug)]
pub struct Preview {
    /// The event, such as signup_approved
    #[arg(value_name = "EVENT")]
    pub event: String,
    /// The record
    #[arg(value_name = "NUMBER")]
    pub number: String,
    /// In this language instead of the recipient's
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
}
