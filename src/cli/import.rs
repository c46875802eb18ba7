//! `countersign import …`: files in, with a dry run and a result file.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::args::Write;

/// What can be imported.
#[derive(Subcommand, Clone, Debug)]
pub enum Import {
    /// Sign-ups from CSV (header row, any order) or JSON
    Signups(ImportFile),
}

/// `import signups`
#[derive(Args, Clone, Debug)]
pub struct ImportFile {
    /// The file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Where the outcome of every row goes; otherwise FILE.result.csv, for a dry run FILE.dry-run.csv
    #[arg(long, value_name = "PATH")]
    pub result: Option<PathBuf>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}
