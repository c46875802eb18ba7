//! Arguments that several nouns share; what is typed here becomes commands and queries elsewhere.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Flags that every command takes.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// The database file
    #[arg(long, global = true, value_name = "PATH", env = "COUNTERSIGN_DB", hide_env_values = true)]
    pub db: Option<PathBuf>,
    /// The config file
    #[arg(long, global = true, value_name = "PATH", env = "COUNTERSIGN_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// Act as this member of staff, where the deployment allows it; history records it
    #[arg(long = "as", global = true, value_name = "LOGIN", conflicts_with = "actor")]
    pub acting_as: Option<String>,
    /// Who is acting; only from sshd's forced command
    #[arg(long, global = true, value_name = "NAME")]
    pub actor: Option<String>,
    /// Whether to colour the output
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Colour,
    /// Refuse everything that would write
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Print JSON: one object for a record, an array for a list
    #[arg(long, global = true, conflicts_with = "jsonl")]
    pub json: bool,
    /// Print JSON lines: one object a line
    #[arg(long, global = true)]
    pub jsonl: bool,
    /// Print CSV with a header; what a spreadsheet would take for a formula begins with '
    #[arg(long, global = true, conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
    /// With --csv: every value as it is, for machines
    #[arg(long, global = true)]
    pub raw: bool,
    /// Do not ask
    #[arg(long, short = 'y', global = true)]
    pub yes: bool,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Which rows of a list.
#[derive(Args, Clone, Debug, Default)]
pub struct List {
    /// Only rows in this state; a wrong one is answered with those that there are
    #[arg(long, value_name = "STATE")]
    pub state: Option<String>,
    /// Words and conditions, as typed after `/` on the screen: 'country:DE age>7 -mine'
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Sort by this field
    #[arg(long, value_name = "FIELD")]
    pub sort: Option<String>,
    /// Largest first
    #[arg(long)]
    pub descending: bool,
    /// At most so many rows; 0 for all
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    pub limit: u32,
    /// Only rows behind this one
    #[arg(long, value_name = "NUMBER")]
    pub after: Option<String>,
}

/// One record.
#[derive(Args, Clone, Debug)]
pub struct One {
    /// Its number: REG-000132, or REG-132
    #[arg(value_name = "NUMBER")]
    pub number: String,
}

/// One record or several.
#[derive(Args, Clone, Debug)]
pub struct Numbers {
    /// Their numbers; `-` reads them from standard input, one a line
    #[arg(value_name = "NUMBER", required = true)]
    pub numbers: Vec<String>,
}

/// What every command that writes takes.
#[derive(Args, Clone, Debug, Default)]
pub struct Write {
    /// Do everything but keep nothing, and show what would happen
    #[arg(long)]
    pub dry_run: bool,
    /// A note for colleagues; history keeps it
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

/// What the caller saw of a record before deciding.
#[derive(Args, Clone, Debug, Default)]
pub struct Seen {
    /// Only if it is still what you saw: `seen` of `show --json` or `list --json`; otherwise exit status 5
    #[arg(long, value_name = "SEEN")]
    pub seen: Option<String>,
}

/// A reason that is due.
#[derive(Args, Clone, Debug)]
pub struct Reason {
    /// Why; history keeps it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// New values of fields.
#[derive(Args, Clone, Debug, Default)]
pub struct Sets {
    /// A field's new value; empty text clears it. May be repeated
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = field_and_value)]
    pub set: Vec<(String, String)>,
}

impl Sets {
    /// By field; the last value of a field counts.
    pub fn by_field(&self) -> BTreeMap<String, String> {
        self.set.iter().cloned().collect()
    }
}

fn field_and_value(typed: &str) -> Result<(String, String), String> {
    match typed.split_once('=') {
        Some((field, value)) if !field.trim().is_empty() => Ok((field.trim().to_owned(), value.to_owned())),
        Some(_) | None => Err("write FIELD=VALUE".to_owned()),
    }
}

impl Numbers {
    /// The numbers, those from standard input in the place of `-`; blank lines are passed over.
    pub fn read(&self, standard_input: impl std::io::BufRead) -> std::io::Result<Vec<String>> {
        let mut found = Vec::new();
        let mut lines = Some(standard_input);
        for number in &self.numbers {
            match lines.take_if(|_| number == "-") {
                Some(input) => {
                    for line in input.lines() {
                        // A table of ours begins with the number.
                        found.extend(line?.split_whitespace().next().map(str::to_owned));
                    }
                }
                None if number == "-" => {}
                None => found.push(number.clone()),
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_from_arguments_and_standard_input() {
        let numbers = Numbers { numbers: ["REG-1", "-", "REG-4", "-"].map(str::to_owned).to_vec() };
        let read = numbers.read("REG-2\tAcme\n\n REG-3 \n".as_bytes()).unwrap();
        assert_eq!(read, ["REG-1", "REG-2", "REG-3", "REG-4"]);
    }

    #[test]
    fn a_set_needs_a_field() {
        assert_eq!(field_and_value("note=a=b"), Ok(("note".into(), "a=b".into())));
        assert!(field_and_value("=x").is_err() && field_and_value("x").is_err());
    }
}
