//! `countersign workflow …`: the rules by which documents are decided.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::args::{Reason, Write};

/// What can be done with workflows.
#[derive(Subcommand, Clone, Debug)]
pub enum Workflow {
    /// Say what is wrong with a rule file, with line and column
    Check(RuleFile),
    /// Check a rule file and make it the one that new documents take
    Activate(Activate),
    /// Show the active workflows, or those of a version
    Show(Version),
    /// Show what differs between two versions
    Diff(Diff),
    /// Say which workflow and steps a record would take, who would get each, and which part of each condition is true
    Test(Test),
    /// Say which of the user requests of the last while would go another way by a rule file than by the active workflows
    WhatIf(WhatIf),
    /// Move user requests that wait from the version they started in to the active one
    Migrate(Migrate),
    /// List all versions
    List,
}

/// `workflow what-if`
#[derive(Args, Clone, Debug)]
pub struct WhatIf {
    /// Which.
    #[command(flatten)]
    pub file: RuleFile,
    /// Only user requests that this filter shows: `age<90d`, `type:customer`
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
}

/// `workflow migrate`
#[derive(Args, Clone, Debug)]
pub struct Migrate {
    /// Their numbers; `-` reads them from standard input, one a line
    #[arg(value_name = "NUMBER", required_unless_present = "version")]
    pub numbers: Vec<String>,
    /// All that wait in this version
    #[arg(long, value_name = "VERSION", conflicts_with = "numbers")]
    pub version: Option<i64>,
    /// Why.
    #[command(flatten)]
    pub reason: Reason,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// A rule file.
#[derive(Args, Clone, Debug)]
pub struct RuleFile {
    /// The rule file; otherwise the configured one
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// `workflow activate`
#[derive(Args, Clone, Debug)]
pub struct Activate {
    /// Which.
    #[command(flatten)]
    pub file: RuleFile,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// A version.
#[derive(Args, Clone, Debug)]
pub struct Version {
    /// The version, as `workflow list` has it; otherwise the active one
    #[arg(value_name = "VERSION")]
    pub version: Option<i64>,
}

/// `workflow diff`
#[derive(Args, Clone, Debug)]
pub struct Diff {
    /// The older version, or a file
    #[arg(value_name = "A")]
    pub old: String,
    /// The newer version, or a file
    #[arg(value_name = "B")]
    pub new: String,
}

/// `workflow test`
#[derive(Args, Clone, Debug)]
pub struct Test {
    /// The record's number: UR-000012
    #[arg(value_name = "NUMBER")]
    pub number: String,
    /// Try it by this file instead of the active workflows
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
}
