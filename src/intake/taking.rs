//! Takes in what lies in the drop folder: good rows go in, bad rows are reported beside the file, and a file that a dead
//! process left half-way is finished without making doubles (registration.md, Intake).

use std::fmt;
use std::path::Path;

use super::drop::{Claimed, DropFolder};
use super::record::{Row, SignupInput};
use super::source::{self, Format};
use crate::desk::commands::signup::{Source, SubmitSignup};
use crate::desk::{Command, Desk};
use crate::domain::permission::Actor;
use crate::domain::text::display_line;
use crate::files::Fault;

/// Rows that one transaction takes.
const BATCH: usize = 500;

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenFile {
    /// Its name; hostile text.
    pub name: String,
    /// The numbers of the sign-ups in it, those known before included.
    pub numbers: Vec<String>,
    /// Why each bad row was not taken.
    pub bad: Vec<String>,
    /// Why the file was left where it is, where we may not read or move it.
    pub left: Option<String>,
}

impl fmt::Display for TakenFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(why) = &self.left {
            return write!(f, "{}: left where it is, the others are taken: {why}", self.name);
        }
        write!(f, "{}: {} taken in", self.name, self.numbers.len())?;
        if !self.bad.is_empty() {
            write!(f, ", {} not; see failed/{}.reason.txt", self.bad.len(), self.name)?;
        }
        Ok(())
    }
}

/// Why taking in stopped; what was not taken is taken the next time.
#[derive(Debug, thiserror::Error)]
pub enum TakingStopped {
    /// The folder or a file.
    #[error("the drop folder cannot be used: {0}")]
    Folder(#[from] Fault),
    /// The database.
    #[error("sign-ups from the drop folder cannot be saved: {0}")]
    Desk(#[from] crate::desk::Error),
}

/// Takes in every file that is whole and nobody else is working on. Any process may call it at any time.
pub fn intake_once(desk: &mut Desk, folder: &mut DropFolder) -> Result<Vec<TakenFile>, TakingStopped> {
    let mut taken = Vec::new();
    for claimed in folder.abandoned()? {
        taken.push(take(desk, claimed)?);
    }
    for path in folder.ready(desk.now())? {
        match folder.claim(&path) {
            Ok(Some(claimed)) => taken.push(take(desk, claimed)?),
            Ok(None) => {}
            // One file that we may not touch must not keep the others out.
            Err(fault) if folder.is_news(&path) => taken.push(left(&path, &fault)),
            Err(_) => {}
        }
    }
    Ok(taken)
}

fn left(path: &Path, fault: &Fault) -> TakenFile {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    TakenFile { name, numbers: Vec::new(), bad: Vec::new(), left: Some(fault.to_string()) }
}

fn take(desk: &mut Desk, claimed: Claimed) -> Result<TakenFile, TakingStopped> {
    let name = claimed.name().to_string_lossy().into_owned();
    let mut taken = TakenFile { name, numbers: Vec::new(), bad: Vec::new(), left: None };
    let format = Format::of_name(Path::new(claimed.name()));
    match source::read_file(claimed.content()?, format) {
        Err(problem) => taken.bad.push(problem.to_string()),
        Ok(rows) => {
            let kind = match &rows {
                source::Rows::Json(_) => Source::Form,
                source::Rows::Csv(_) => Source::Import,
            };
            take_rows(desk, (&claimed, kind), rows, &mut taken)?;
        }
    }
    if taken.bad.is_empty() {
        claimed.done()?;
    } else {
        // Reasons repeat values of strangers, and will be read with whatever shows a file on a terminal.
        let reasons = taken.bad.iter().map(|reason| display_line(reason) + "\n");
        claimed.failed(&reasons.collect::<String>())?;
    }
    Ok(taken)
}

fn take_rows(
    desk: &mut Desk,
    (claimed, source): (&Claimed, Source),
    rows: impl Iterator<Item = Row>,
    taken: &mut TakenFile,
) -> Result<(), TakingStopped> {
    let mut waiting: Vec<(u64, Command)> = Vec::new();
    for row in rows {
        match row.input {
            Ok(input) => waiting.push((row.line, command(input, source, claimed.row_id(row.number)))),
            Err(problems) => taken.bad.extend(problems.iter().map(ToString::to_string)),
        }
        if waiting.len() == BATCH {
            submit(desk, &mut waiting, taken)?;
        }
    }
    submit(desk, &mut waiting, taken)
}

/// A row without a key of its own gets that of its place in the file.
fn command(input: SignupInput, source: Source, row_id: String) -> Command {
    Command::SubmitSignup(Box::new(SubmitSignup {
        fields: input.filled(),
        external_id: Some(input.external_id.clone().unwrap_or(row_id)),
        extra: input.extra,
        source,
    }))
}

fn submit(
    desk: &mut Desk,
    waiting: &mut Vec<(u64, Command)>,
    taken: &mut TakenFile,
) -> Result<(), TakingStopped> {
    if waiting.is_empty() {
        return Ok(());
    }
    let (lines, commands): (Vec<u64>, Vec<Command>) = waiting.drain(..).unzip();
    let results = desk.execute_all(&Actor::drop_folder(), commands);
    for (line, result) in lines.into_iter().zip(results) {
        match result {
            Ok(receipt) => taken.numbers.extend(receipt.record.map(|record| record.number)),
            // The file stays where it is: it is our trouble, not the sender's.
            Err(error @ (crate::desk::Error::Unavailable { .. } | crate::desk::Error::Bug(_))) => {
                return Err(error.into());
            }
            Err(error) => taken.bad.push(format!("line {line}: {error}")),
        }
    }
    Ok(())
}
