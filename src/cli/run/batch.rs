//! Writing from the command line: rows become commands, all that can be done is done in one transaction, and every row
//! has its receipt or its error.

use serde_json::{Value, json};

use crate::cli::args::{Numbers, Write};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::run::signup::input;
use crate::cli::run::text::to_second;
use crate::cli::session::Session;
use crate::cli::shape;
use crate::desk::command::Repeated;
use crate::desk::commands::signup::Seen;
use crate::desk::{Command, Desk, Reader, Receipt};
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Actor;

/// One row: what it was called, and the command, or why there is none.
pub struct Job {
    /// The number as typed, or nothing.
    pub about: Option<String>,
    /// The command.
    pub command: Result<Command, Failure>,
}

impl Job {
    /// A job about nothing that is there yet.
    pub fn new(command: Command) -> Job {
        Job { about: None, command: Ok(command) }
    }

    /// A job about a record, under its own number where it was found, else as typed.
    pub fn about(
        typed: &str,
        found: Result<RecordRef, Failure>,
        command: impl FnOnce(&RecordRef) -> Result<Command, Failure>,
    ) -> Job {
        let number = found.as_ref().map_or(typed, |record| record.number.as_str()).to_owned();
        Job {
            command: found.and_then(|record| command(&record)).map_err(|failure| failure.about(&number)),
            about: Some(number),
        }
    }
}

/// A row of the result.
pub type Row = Result<(Value, String), Failure>;

/// The record of that number, which must be of that kind.
pub fn find(reader: &Reader, kind: RecordKind, number: &str) -> Result<RecordRef, Failure> {
    let found = reader.find(number)?;
    if found.kind == kind {
        return Ok(found);
    }
    Err(Failure::new(
        Exit::NotFound,
        "not_found",
        format!("{} is a {}, not a {}", found.number, lower(found.kind), lower(kind)),
    )
    .about(number))
}

fn lower(kind: RecordKind) -> String {
    kind.title().to_lowercase()
}

/// What was seen, as `seen` of the JSON has it.
pub fn token(typed: &str, from_where: &str) -> Result<Seen, Failure> {
    let parts = typed.split_once(':').filter(|(_, hash)| !hash.is_empty());
    let seen = parts
        .and_then(|(version, hash)| Some(Seen { version: version.parse().ok()?, hash: hash.to_owned() }));
    seen.ok_or_else(|| {
        Failure::usage(format!("--seen: “{typed}” is not what was seen"))
            .remedy(format!("Give {from_where}."))
    })
}

/// Reads records by their numbers and prints them.
pub fn show(
    numbers: &Numbers,
    out: &mut Output<'_>,
    one: impl Fn(&str) -> Result<(Value, String), Failure>,
) -> Result<Exit, Failure> {
    let rows: Vec<Row> = numbers.read(input())?.iter().map(|number| one(number)).collect();
    Ok(out.records(&rows)?)
}

/// A job for each number; one that is not found fails alone.
pub fn jobs(
    reader: &Reader,
    kind: RecordKind,
    numbers: &[String],
    command: impl Fn(&RecordRef) -> Command,
) -> Vec<Job> {
    numbers.iter().map(|number| Job::about(number, find(reader, kind, number), |r| Ok(command(r)))).collect()
}

/// Runs the jobs and prints their rows.
pub fn carry_out(
    session: &Session,
    (actor, write): (&Actor, &Write),
    jobs: Vec<Job>,
    out: &mut Output<'_>,
) -> Result<Exit, Failure> {
    if jobs.iter().all(|job| job.command.is_err()) {
        session.may_write()?;
        let rows: Vec<Row> = jobs.into_iter().filter_map(|job| job.command.err().map(Err)).collect();
        return Ok(out.batch(&rows)?);
    }
    let mut desk = session.desk()?;
    let rows = run(&mut desk, (actor, write), jobs);
    Ok(out.batch(&rows)?)
}

/// Runs the jobs in one transaction; a row for each, in order.
pub fn run(desk: &mut Desk, (actor, write): (&Actor, &Write), jobs: Vec<Job>) -> Vec<Row> {
    let mut commands = Vec::new();
    let mut places: Vec<Result<Option<String>, Failure>> = Vec::new();
    for job in jobs {
        match job.command {
            Ok(command) => {
                commands.push(command);
                places.push(Ok(job.about));
            }
            Err(failure) => places.push(Err(failure)),
        }
    }
    let results = match write.dry_run {
        true => desk.preview(actor, commands),
        false => desk.execute_noted(actor, commands, write.note.as_deref()),
    };
    let mut results = results.into_iter();
    places
        .into_iter()
        .map(|place| {
            let about = place?;
            let result = results.next().expect("every command has its result");
            match (result, about) {
                (Ok(receipt), _) => Ok(printed(&receipt, write)),
                (Err(error), Some(number)) => Err(Failure::from(error).about(number)),
                (Err(error), None) => Err(error.into()),
            }
        })
        .collect()
}

/// A receipt as JSON and as one line. What a dry run shows was not kept, so it has no entry and no numbers of mails.
pub fn printed(receipt: &Receipt, write: &Write) -> (Value, String) {
    let mut value = shape::receipt(receipt);
    if write.dry_run {
        for member in ["history", "group", "undo_until"] {
            value[member] = Value::Null;
        }
        value["mails"] = json!(
            receipt.mails.iter().map(|mail| format!("{} to {}", mail.event, mail.to)).collect::<Vec<_>>()
        );
    }
    (value, line(receipt, write))
}

fn line(receipt: &Receipt, write: &Write) -> String {
    let mut parts: Vec<String> = Vec::new();
    let command = receipt.command.replace('_', " ");
    let number = receipt.record.as_ref().map_or(command.as_str(), |record| record.number.as_str());
    let state = receipt.state.as_deref().map(|state| state.replace('_', " "));
    parts.push(match (&state, receipt.record.is_some()) {
        (Some(state), true) => format!("{number}  {state}"),
        (None, true) => format!("{number}  {command}"),
        (_, false) => command.clone(),
    });
    let made: Vec<&str> = receipt.made.iter().map(|made| made.number.as_str()).collect();
    if !made.is_empty() {
        parts.push(format!("{} {}", if write.dry_run { "would make" } else { "made" }, made.join(", ")));
    }
    for mail in &receipt.mails {
        parts.push(match write.dry_run {
            true => format!("would mail {}: {}", mail.to, mail.event),
            false => format!("mail M-{} to {}", mail.id, mail.to),
        });
    }
    parts.extend(receipt.notes.iter().cloned());
    if write.dry_run {
        parts.push("nothing was kept".into());
    } else if receipt.repeated == Repeated::No
        && !receipt.mails.is_empty()
        && let Some(until) = receipt.undo_until
    {
        parts.push(format!("mail waits for undo until {}", to_second(until)));
    }
    parts.join(" · ")
}
