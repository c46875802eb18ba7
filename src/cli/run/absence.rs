//! `countersign deputy …` and `queue …`.

use chrono::NaiveDate;
use serde_json::Value;

use super::batch::{Job, carry_out};
use super::signup::single;
use super::text::Page;
use crate::cli::absence::{Deputy, Queue, QueueMembers, SetDeputy};
use crate::cli::args::Write;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::shape;
use crate::cli::table::{Align, Table};
use crate::desk::Command;
use crate::desk::commands::staff::{self as desk, AddToQueue, EndDeputy, Open, RemoveFromQueue};
use crate::domain::date::parse_date;
use crate::domain::permission::{Actor, Permission};
use crate::domain::workflow::Document;

/// Does one verb on deputies.
pub fn deputies(session: &Session, verb: Deputy, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        Deputy::List(asked) => {
            let (reader, _, _allowed) = session.look(Permission::StaffView)?;
            let calendar = &session.settings().calendar;
            let mut rows = reader.deputies()?;
            rows.retain(|row| asked.all || matches!(row.state, "now" | "coming"));
            let mut table = Table::new(&[
                ("Rule", Align::Right),
                ("For", Align::Left),
                ("Deputy", Align::Left),
                ("State", Align::Left),
                ("From", Align::Left),
                ("Until", Align::Left),
                ("Document", Align::Left),
                ("Note", Align::Left),
            ]);
            for row in &rows {
                let from = calendar.day_of(row.starts_at).to_string();
                // The last day is the one before the instant at which it ends.
                let until = row.ends_at.map_or("–".to_owned(), |end| calendar.day_of(end - 1).to_string());
                let document = row.document.as_deref().unwrap_or("all");
                let note = row.note.as_deref().unwrap_or("–");
                table.row([
                    &row.id.to_string(),
                    &row.staff,
                    &row.deputy,
                    row.state,
                    &from,
                    &until,
                    document,
                    note,
                ]);
            }
            out.list(&rows.iter().map(shape::deputy).collect::<Vec<Value>>(), &table)?;
            Ok(Exit::Done)
        }
        Deputy::Set(asked) => set(session, asked, out),
        Deputy::End(asked) => {
            write(session, &asked.write, vec![Command::EndDeputy(EndDeputy { id: asked.rule })], out)
        }
    }
}

fn acting(session: &Session) -> Result<Actor, Failure> {
    session.actor(&session.reader()?)
}

fn write(
    session: &Session,
    write: &Write,
    commands: Vec<Command>,
    out: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let actor = acting(session)?;
    carry_out(session, (&actor, write), commands.into_iter().map(Job::new).collect(), out)
}

/// The day that was typed after a flag, as the office's calendar has it.
pub(super) fn day(session: &Session, flag: &str, typed: &str) -> Result<NaiveDate, Failure> {
    parse_date(typed, session.settings().calendar.day_of(session.now()))
        .map_err(|problem| Failure::usage(format!("{flag}: {problem}")).remedy(problem.remedy()))
}

fn set(session: &Session, asked: SetDeputy, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let actor = acting(session)?;
    let calendar = &session.settings().calendar;
    let until = asked.until.as_deref().map(|typed| day(session, "--until", typed)).transpose()?;
    let command = desk::SetDeputy {
        login: asked.login.unwrap_or_else(|| actor.login.clone()),
        deputy: asked.deputy,
        document: asked.document.as_deref().and_then(Document::parse),
        starts_at: calendar.start_of(day(session, "--from", &asked.from)?),
        ends_at: until.and_then(|last| last.succ_opt()).map(|next| calendar.start_of(next)),
        note: asked.write.note.clone(),
        open: if asked.move_open { Open::Moves } else { Open::Stays },
    };
    single(session, (&actor, &asked.write), Command::SetDeputy(command), out)
}

/// Does one verb on queues.
pub fn queues(session: &Session, verb: Queue, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        Queue::List => {
            let (reader, _, _allowed) = session.look(Permission::StaffView)?;
            let rows = reader.queues()?;
            let mut table = Table::new(&[
                ("Place", Align::Right),
                ("Queue", Align::Left),
                ("Title", Align::Left),
                ("State", Align::Left),
                ("Admin", Align::Left),
                ("Members", Align::Left),
                ("Waiting", Align::Right),
                ("Condition", Align::Left),
            ]);
            for row in &rows {
                let (place, waiting) = (row.position.to_string(), row.waiting.to_string());
                let condition = row.condition.as_deref().unwrap_or("–");
                let state = row.state.replace('_', " ");
                let members = row.members.join(", ");
                table.row([&place, &row.name, &row.title, &state, &row.admin, &members, &waiting, condition]);
            }
            out.list(&rows.iter().map(shape::queue).collect::<Vec<Value>>(), &table)?;
            Ok(Exit::Done)
        }
        Queue::Show(asked) => {
            let (reader, _, _allowed) = session.look(Permission::StaffView)?;
            let row = reader.queues()?.into_iter().find(|row| row.name == asked.queue).ok_or_else(|| {
                Failure::new(Exit::NotFound, "not_found", format!("Queue “{}” does not exist", asked.queue))
                    .remedy("See `countersign queue list`.")
                    .about(&asked.queue)
            })?;
            let mut page =
                Page::new(&format!("{}  {}  {}", row.name, row.title, row.state.replace('_', " ")));
            page.section("Queue");
            page.field("Admin", Some(&row.admin));
            page.field("Members", Some(&row.members.join(", ")));
            page.field("Place", Some(&row.position.to_string()));
            page.field("Takes", row.condition.as_deref());
            page.field("Waiting", Some(&row.waiting.to_string()));
            out.record(&shape::queue(&row), &page.done())?;
            Ok(Exit::Done)
        }
        Queue::New(asked) => {
            let command = desk::NewQueue {
                name: asked.queue.queue,
                title: asked.title,
                admin: asked.admin,
                members: asked.members,
                condition: asked.condition,
            };
            write(session, &asked.write, vec![Command::NewQueue(command)], out)
        }
        Queue::Edit(asked) => {
            let command = desk::EditQueue {
                name: asked.queue.queue,
                title: asked.title,
                state: asked.state,
                admin: asked.admin,
                condition: asked.condition,
                position: asked.position,
            };
            write(session, &asked.write, vec![Command::EditQueue(command)], out)
        }
        Queue::Add(asked) => {
            let add = |(name, login)| Command::AddToQueue(AddToQueue { name, login });
            members(session, asked, add, out)
        }
        Queue::Remove(asked) => {
            let remove = |(name, login)| Command::RemoveFromQueue(RemoveFromQueue { name, login });
            members(session, asked, remove, out)
        }
    }
}

fn members(
    session: &Session,
    asked: QueueMembers,
    command: impl Fn((String, String)) -> Command,
    out: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let name = asked.queue.queue;
    let commands = asked.logins.into_iter().map(|login| command((name.clone(), login))).collect();
    write(session, &asked.write, commands, out)
}
