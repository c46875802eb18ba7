//! `countersign workflow …`: the rules by which documents are decided.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::args::Write;

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
    /// List all versions
    List,
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
