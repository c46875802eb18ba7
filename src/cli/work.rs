//! `countersign work …` and `decide`: what waits for whom, and the answer to it.

use clap::{Args, Subcommand};

use super::args::{List, Numbers, Seen, Write};

/// What can be done with work items.
#[derive(Subcommand, Clone, Debug)]
pub enum Work {
    /// List open work items
    List(WorkList),
    /// List who holds how much, and how long it has waited
    Load,
    /// Take what a role or queue holds
    Take(Turns),
    /// Give it back to its role or queue
    Release(Turns),
    /// Give your turn to somebody who decides for you; --note tells them what they should know
    Delegate(Hand),
    /// Ask the originator, a colleague or the contact; nothing waits for the answer
    Ask(Question),
    /// Answer a question that you were asked, or note what a contact answered
    Answer(Answered),
    /// Put your turn aside until a day; its clock goes on
    Snooze(Snoozed),
    /// Take up again what you put aside
    Wake(Turns),
    /// Keep records on your list of what you watch
    Watch(Turns),
    /// Watch them no more
    Unwatch(Turns),
    /// Give somebody's turn to somebody else, or all their turns
    Reassign(Moved),
    /// Decide in place of whoever has the turn; history marks it
    Override(Overridden),
    /// Let a record go on that an error has stopped
    Resume(Resumed),
}

/// `work list`
#[derive(Args, Clone, Debug)]
pub struct WorkList {
    /// Whose items
    #[arg(long, value_name = "VIEW", default_value = "for_me", value_parser = ["for_me", "roles", "submitted", "overdue", "aside", "watched", "administered", "stopped", "all"])]
    pub view: String,
    /// Which of them.
    #[command(flatten)]
    pub list: List,
}

/// Records with a turn.
#[derive(Args, Clone, Debug)]
pub struct Turns {
    /// Which records.
    #[command(flatten)]
    pub numbers: Numbers,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `work delegate`
#[derive(Args, Clone, Debug)]
pub struct Hand {
    /// Which records.
    #[command(flatten)]
    pub numbers: Numbers,
    /// To whom
    #[arg(long, value_name = "LOGIN")]
    pub to: String,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `work snooze`
#[derive(Args, Clone, Debug)]
pub struct Snoozed {
    /// Which records.
    #[command(flatten)]
    pub numbers: Numbers,
    /// Until which day it is away: `tomorrow`, `+3d`, `fri`, `2026-12-01`
    #[arg(long, value_name = "DAY")]
    pub until: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `work ask`
#[derive(Args, Clone, Debug)]
pub struct Question {
    /// Its number
    #[arg(value_name = "NUMBER")]
    pub number: String,
    /// Whom
    #[arg(long, value_name = "LOGIN", required_unless_present = "contact")]
    pub of: Option<String>,
    /// The person outside whom it is about, by mail; `work answer` notes what they say
    #[arg(long, conflicts_with = "of")]
    pub contact: bool,
    /// What
    #[arg(long, value_name = "TEXT")]
    pub question: String,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `work answer`
#[derive(Args, Clone, Debug)]
pub struct Answered {
    /// The number of what it was asked about
    #[arg(value_name = "NUMBER")]
    pub number: String,
    /// What you answer
    #[arg(long, value_name = "TEXT")]
    pub answer: String,
    /// Which question, by its id in `user-request show --json`; needed where several wait for you
    #[arg(long, value_name = "ID")]
    pub question: Option<i64>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `work override`
#[derive(Args, Clone, Debug)]
pub struct Overridden {
    /// Their numbers; `-` reads them from standard input, one a line
    #[arg(value_name = "NUMBER", required = true, num_args = 1..)]
    pub numbers: Vec<String>,
    /// Which way
    #[arg(value_name = "approve|reject", required = true, value_parser = ["approve", "reject"])]
    pub verdict: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Whose turn, where several have one: a login, `role NAME`, `queue NAME`
    #[arg(long, value_name = "HOLDER")]
    pub from: Option<String>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `work reassign`
#[derive(Args, Clone, Debug)]
pub struct Moved {
    /// Their numbers; `-` reads them from standard input; without one all that waits for --from
    #[arg(value_name = "NUMBER", required_unless_present = "from")]
    pub numbers: Vec<String>,
    /// To whom
    #[arg(long, value_name = "LOGIN")]
    pub to: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Whose turn, where several have one: a login, `role NAME`, `queue NAME`
    #[arg(long, value_name = "HOLDER")]
    pub from: Option<String>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `work resume`
#[derive(Args, Clone, Debug)]
pub struct Resumed {
    /// Which records.
    #[command(flatten)]
    pub numbers: Numbers,
    /// This person decides instead of whoever could not be found
    #[arg(long, value_name = "LOGIN", conflicts_with = "to_draft")]
    pub to: Option<String>,
    /// Back to draft instead
    #[arg(long)]
    pub to_draft: bool,
    /// What was put right
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `decide`
#[derive(Args, Clone, Debug)]
pub struct Decide {
    /// Their numbers; `-` reads them from standard input, one a line
    #[arg(value_name = "NUMBER", required = true, num_args = 1..)]
    pub numbers: Vec<String>,
    /// Which way
    #[arg(value_name = "approve|reject|request-change", required = true, value_parser = ["approve", "reject", "request-change"])]
    pub verdict: String,
    /// Why; needed but for approve
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// For a change request: a field that should be changed. May be repeated
    #[arg(long = "field", value_name = "FIELD")]
    pub fields: Vec<String>,
    /// For a change request: who should change it; otherwise whoever submitted it
    #[arg(long, value_name = "LOGIN")]
    pub to: Option<String>,
    /// What was seen.
    #[command(flatten)]
    pub seen: Seen,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}
