//! `countersign report …`: how much was decided, how fast, and which way.

use clap::{Args, Subcommand};

/// What can be reported.
#[derive(Subcommand, Clone, Debug)]
pub enum Report {
    /// Decisions in workflows: how many, which way, how long they took, how many late, by override, of one's own work
    Work(OfWork),
    /// Approved and rejected sign-ups: how many, for which reason, how long they took since they were verified
    Signup(OfSignups),
}

/// `report work`
#[derive(Args, Clone, Debug)]
pub struct OfWork {
    /// What stands in a row
    #[arg(long, value_name = "GROUP", default_value = "step", value_parser = ["step", "workflow", "person", "action", "originator", "month"])]
    pub by: String,
    /// When.
    #[command(flatten)]
    pub days: Days,
}

/// `report signup`
#[derive(Args, Clone, Debug)]
pub struct OfSignups {
    /// What stands in a row
    #[arg(long, value_name = "GROUP", default_value = "person", value_parser = ["person", "reason", "country", "source", "verified", "month"])]
    pub by: String,
    /// When.
    #[command(flatten)]
    pub days: Days,
}

/// Of which days.
#[derive(Args, Clone, Debug)]
pub struct Days {
    /// The first day: 2026-10-01, mon, -30d; otherwise the beginning
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// The last day; otherwise today
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub until: Option<String>,
}
