//! `countersign work snooze`, `wake`, `watch` and `unwatch`: one's own list.

use super::absence::day;
use super::batch::{Job, carry_out, find};
use super::signup::input;
use super::user_request::turn_of;
use super::work::each;
use crate::cli::args::Numbers;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::work::{Snoozed, Turns};
use crate::desk::Command;
use crate::desk::commands::work::{SnoozeItem, WakeItem};
use crate::domain::id::RecordKind;

/// Puts turns aside until the office's day begins.
pub fn snooze(session: &Session, asked: Snoozed, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let until = session.settings().calendar.start_of(day(session, "--until", &asked.until)?);
    each(session, (asked.numbers, &asked.write), out, &turn_of, &|item| {
        Command::SnoozeItem(SnoozeItem { item, until, reason: asked.reason.clone() })
    })
}

/// Takes turns up again.
pub fn wake(session: &Session, asked: Turns, out: &mut Output<'_>) -> Result<Exit, Failure> {
    each(session, (asked.numbers, &asked.write), out, &turn_of, &|item| Command::WakeItem(WakeItem { item }))
}

/// Does something with whole records, whoever has a turn on them.
pub fn records(
    session: &Session,
    asked: Turns,
    out: &mut Output<'_>,
    command: fn(i64) -> Command,
) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let numbers = Numbers { numbers: asked.numbers }.read(input())?;
    let job = |number: &String| {
        Job::about(number, find(&reader, RecordKind::UserRequest, number), |record| Ok(command(record.id)))
    };
    carry_out(session, (&actor, &asked.write), numbers.iter().map(job).collect(), out)
}
