//! `countersign import signups`: a file of rows, 500 a transaction, with the outcome of every row in a result file that
//! says after a crash or Ctrl-C how far it came.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::submit::{BATCH, command, rows};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::import::{Import, ImportFile};
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::desk::command::Repeated;
use crate::desk::commands::signup::Source;
use crate::desk::{Command, Desk, Error};
use crate::domain::permission::{Actor, How};
use crate::intake::result::Outcome;
use crate::intake::{ResultFile, RowProblem, Status};

/// Does one verb.
pub fn run(session: &Session, verb: Import, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        Import::Signups(asked) => signups(session, &asked, out),
    }
}

/// How many rows had which outcome.
#[derive(Default)]
struct Tally {
    rows: usize,
    new: usize,
    known: usize,
    bad: usize,
    refused: usize,
    not_tried: usize,
}

impl Tally {
    fn count(&mut self, status: Status) {
        self.rows += 1;
        match status {
            Status::New | Status::WouldBeNew => self.new += 1,
            Status::Known => self.known += 1,
            Status::Bad => self.bad += 1,
            Status::Refused => self.refused += 1,
            Status::NotTried => self.not_tried += 1,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum DryRun {
    Yes,
    No,
}

fn signups(session: &Session, asked: &ImportFile, out: &mut Output<'_>) -> Result<Exit, Failure> {
    session.may_write()?;
    let reader = session.reader()?;
    let carrier = session.actor(&reader)?;
    let rows = rows(&asked.file, None)?;
    let path = result_path(asked);
    if asked.write.dry_run && asked.result.is_none() {
        // What an earlier dry run found is worth nothing any more; what an import did is never replaced.
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    let results = ResultFile::create(&path).map_err(|fault| {
        Failure::from(fault).remedy("Name another file with --result; results are never overwritten.")
    })?;
    let stopped = Arc::new(AtomicBool::new(false));
    let signal = signal_hook::flag::register(signal_hook::consts::SIGINT, stopped.clone())?;
    let dry_run = if asked.write.dry_run { DryRun::Yes } else { DryRun::No };
    let applicant = Actor::applicant(How::Import, &carrier);
    let desk = session.desk()?;
    let mut run = Importing { desk, applicant, dry_run, results, tally: Tally::default(), stopped };
    let done = run.all(rows, out);
    signal_hook::low_level::unregister(signal);
    done?;
    run.told(&path, out)
}

/// The name asked for, or `FILE.result.csv` (`import.result.csv` for standard input); `.dry-run.csv` where nothing is kept.
fn result_path(asked: &ImportFile) -> PathBuf {
    if let Some(path) = &asked.result {
        return path.clone();
    }
    let piped = asked.file == Path::new("-");
    let mut name = if piped { "import".into() } else { asked.file.clone().into_os_string() };
    name.push(if asked.write.dry_run { ".dry-run.csv" } else { ".result.csv" });
    PathBuf::from(name)
}

/// A row that waits for its turn: its line, and the command or what is wrong with it.
type Waiting = (u64, Result<Command, Vec<RowProblem>>);

/// One import under way.
struct Importing {
    desk: Desk,
    applicant: Actor,
    dry_run: DryRun,
    results: ResultFile<std::io::BufWriter<std::fs::File>>,
    tally: Tally,
    stopped: Arc<AtomicBool>,
}

impl Importing {
    fn all(
        &mut self,
        rows: impl Iterator<Item = crate::intake::Row>,
        out: &mut Output<'_>,
    ) -> Result<(), Failure> {
        let mut waiting: Vec<Waiting> = Vec::new();
        for row in rows {
            if self.stopped.load(Ordering::Relaxed) {
                self.take(&mut waiting)?;
                self.write(row.line, Status::NotTried, (None, ""))?;
                continue;
            }
            // Bad rows wait with the good ones, so that the result keeps the order of the lines.
            waiting.push((row.line, row.input.map(|input| command(input, Source::Import))));
            if waiting.len() == BATCH {
                self.take(&mut waiting)?;
                out.progress(&format!(
                    "{} rows, {} new, {} bad",
                    self.tally.rows, self.tally.new, self.tally.bad
                ))?;
            }
        }
        self.take(&mut waiting)?;
        Ok(out.progress("")?)
    }

    fn take(&mut self, waiting: &mut Vec<Waiting>) -> Result<(), Failure> {
        let mut commands = Vec::new();
        let mut lines: Vec<(u64, Vec<RowProblem>)> = Vec::new();
        for (line, row) in waiting.drain(..) {
            let problems = row.map(|command| commands.push(command)).err().unwrap_or_default();
            lines.push((line, problems));
        }
        let results = match self.dry_run {
            DryRun::Yes => self.desk.preview(&self.applicant, commands),
            DryRun::No => self.desk.execute_all(&self.applicant, commands),
        };
        let mut results = results.into_iter();
        for (line, problems) in lines {
            if !problems.is_empty() {
                self.tally.count(Status::Bad);
                self.results.write_bad(line, &problems)?;
                continue;
            }
            match results.next().expect("every command has its result") {
                Ok(receipt) => {
                    let number = receipt.record.map(|record| record.number);
                    let (status, number) = match (receipt.repeated, self.dry_run) {
                        (Repeated::Yes, _) => (Status::Known, number),
                        (Repeated::No, DryRun::Yes) => (Status::WouldBeNew, None),
                        (Repeated::No, DryRun::No) => (Status::New, number),
                    };
                    self.write(line, status, (number.as_deref(), ""))?;
                }
                Err(error @ (Error::Refused(_) | Error::Stale { .. } | Error::NotFound { .. })) => {
                    self.write(line, Status::Refused, (None, &Failure::from(error).text()))?;
                }
                Err(error @ Error::Invalid(_)) => {
                    self.write(line, Status::Bad, (None, &Failure::from(error).text()))?;
                }
                Err(error @ (Error::Unavailable { .. } | Error::Bug(_))) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn write(
        &mut self,
        line: u64,
        status: Status,
        (number, message): (Option<&str>, &str),
    ) -> Result<(), Failure> {
        self.tally.count(status);
        Ok(self.results.write(Outcome { line, status, number, message })?)
    }

    fn told(&self, path: &Path, out: &mut Output<'_>) -> Result<Exit, Failure> {
        let Tally { rows, new, known, bad, refused, not_tried } = self.tally;
        let dry_run = self.dry_run == DryRun::Yes;
        let value = json!({
            "rows": rows, "new": new, "known": known, "bad": bad, "refused": refused, "not_tried": not_tried,
            "dry_run": dry_run, "result": path.display().to_string(),
        });
        let would = if dry_run { "would be new" } else { "new" };
        let mut text = format!("{rows} rows: {new} {would}, {known} known, {bad} bad, {refused} refused");
        if not_tried > 0 {
            text.push_str(&format!(
                ", {not_tried} not tried: run it again, what has an external_id is not taken twice"
            ));
        }
        text.push_str(&format!("; every row is in {}", path.display()));
        out.record(&value, &text)?;
        let good = new + known;
        Ok(match (bad + refused + not_tried, good) {
            (0, _) => Exit::Done,
            (_, 0) if bad == 0 && not_tried == 0 => Exit::Refused,
            (_, 0) => Exit::Failed,
            (_, _) => Exit::Partly,
        })
    }
}
