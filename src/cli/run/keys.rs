//! `countersign keys`: the one key map as a table, as `?` shows it on the screen.

use serde_json::{Value, json};

use super::KeyTable;
use crate::cli::args::Global;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::table::{Align, Table};
use crate::config::Screen;

/// Prints it; what is wrong in `[screen.bind]` is said beside it.
pub fn run(global: &Global, keys: fn(&Screen) -> KeyTable, out: &mut Output<'_>) -> Result<(), Failure> {
    let session = Session::start_with_any_config(global)?;
    let KeyTable { rows, problems } = keys(&session.config.screen);
    let columns = [
        ("Keys", Align::Left),
        ("Action", Align::Left),
        ("Where", Align::Left),
        ("What it does", Align::Left),
    ];
    let mut table = Table::new(&columns);
    let mut values: Vec<Value> = Vec::new();
    for [scope, keys, name, help] in &rows {
        table.row([keys.as_str(), name.as_str(), scope.as_str(), help.as_str()]);
        values.push(json!({ "action": name, "keys": keys, "where": scope, "help": help }));
    }
    out.list(&values, &table)?;
    for problem in problems {
        out.message(&format!("[screen.bind] {problem}"))?;
    }
    Ok(())
}
