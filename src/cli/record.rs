//! `countersign history`, `why`, `undo`, `redo`, `search`: questions to any record.

use clap::Args;

use super::args::Write;

/// `history`
#[derive(Args, Clone, Debug)]
pub struct History {
    /// Only of this record
    #[arg(value_name = "NUMBER", conflicts_with = "verify")]
    pub number: Option<String>,
    /// Check the chain of the whole history, and name the first bad entry
    #[arg(long)]
    pub verify: bool,
    /// At most so many entries, newest first; 0 for all
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    pub limit: u32,
    /// Only entries before this one
    #[arg(long, value_name = "ID")]
    pub before: Option<i64>,
}

/// `undo`
#[derive(Args, Clone, Debug)]
pub struct Undo {
    /// This group of a receipt; otherwise your last command
    #[arg(value_name = "GROUP")]
    pub group: Option<i64>,
    /// How it writes.
    #[command(flatten)]
    pub write: Write,
}

/// `search`
#[derive(Args, Clone, Debug)]
pub struct Search {
    /// Any scrap: name, number, e-mail, phone, city
    #[arg(value_name = "WORDS", required = true)]
    pub words: Vec<String>,
    /// At most so many of each kind
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    pub limit: u32,
}

/// `schema`
#[derive(Args, Clone, Debug)]
pub struct Schema {
    /// The noun, such as signup; without one, all nouns
    #[arg(value_name = "NOUN")]
    pub noun: Option<String>,
}
