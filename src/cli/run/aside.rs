//! `countersign work snooze`, `wake`, `watch` and `unwatch`: one's own list; `work load`: everybody's.

use serde_json::{Value, json};

use super::absence::day;
use super::batch::{Job, carry_out, find};
use super::signup::input;
use super::text::ago;
use super::user_request::turn_of;
use super::work::each;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::shape::time;
use crate::cli::table::{Align, Table};
use crate::cli::work::{Snoozed, Turns};
use crate::desk::Command;
use crate::desk::commands::work::{SnoozeItem, WakeItem};
use crate::desk::query::work_load::LoadRow;
use crate::domain::id::RecordKind;
use crate::domain::permission::Permission;

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
    let numbers = asked.numbers.read(input())?;
    let job = |number: &String| {
        Job::about(number, find(&reader, RecordKind::UserRequest, number), |record| Ok(command(record.id)))
    };
    carry_out(session, (&actor, &asked.write), numbers.iter().map(job).collect(), out)
}

/// Who holds how much; `work reassign --from HOLDER` moves it.
pub fn load(session: &Session, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, _, _allowed) = session.look(Permission::WorkView)?;
    let now = session.now();
    let rows = reader.work_load()?;
    let mut table = Table::new(&[
        ("Who", Align::Left),
        ("Open", Align::Right),
        ("Overdue", Align::Right),
        ("Due soon", Align::Right),
        ("Put aside", Align::Right),
        ("Escalated", Align::Right),
        ("Oldest", Align::Right),
    ]);
    for row in &rows {
        let [open, overdue, soon, aside, escalated] =
            [row.open, row.overdue, row.due_soon, row.aside, row.escalated].map(|n| n.to_string());
        table.row([&row.holder, &open, &overdue, &soon, &aside, &escalated, &ago(row.oldest, now)]);
    }
    let shape = |row: &LoadRow| {
        json!({
            "holder": row.holder,
            "open": row.open,
            "overdue": row.overdue,
            "due_soon": row.due_soon,
            "put_aside": row.aside,
            "escalated": row.escalated,
            "oldest_since": time(row.oldest),
        })
    };
    out.list(&rows.iter().map(shape).collect::<Vec<Value>>(), &table)?;
    Ok(Exit::Done)
}
