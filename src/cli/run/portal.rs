//! `countersign portal-user …`: who can log on, and telling the office's own portal.

use std::time::Duration;

use serde_json::{Value, json};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::batch::{Job, carry_out};
use super::signup::input;
use super::text::{Page, wall};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::portal::{PortalList, PortalUser, Sync};
use crate::cli::session::Session;
use crate::cli::table::{Align, Table};
use crate::cli::{settings, shape};
use crate::config::IdentityMode;
use crate::desk::Command;
use crate::desk::commands::user_request::RemindUserName;
use crate::desk::hook::HookBox;
use crate::desk::query::customer::PortalUserRow;
use crate::domain::permission::Permission;
use crate::mail::stop::Stop;
use crate::provision::{Tally, Worker, lock_path};

/// Rows read at once.
const PAGE: usize = 500;
/// What is printed waits so long for the worker to end.
const TICK: Duration = Duration::from_millis(200);

/// Does one verb on portal users.
pub fn users(session: &Session, verb: PortalUser, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        PortalUser::List(asked) => rows(session, &asked, out),
        PortalUser::Show(one) => {
            let (reader, _, _allowed) = session.look(Permission::CustomerView)?;
            let row = reader.portal_user(&one.number)?;
            out.record(&shape::portal_user(&row), &page(&row, session.now()))?;
            Ok(Exit::Done)
        }
        PortalUser::Remind(asked) => {
            let reader = session.reader()?;
            let actor = session.actor(&reader)?;
            let job = |user_name: &String| Job {
                about: Some(user_name.clone()),
                command: Ok(Command::RemindUserName(RemindUserName { user_name: user_name.clone() })),
            };
            let jobs = asked.numbers.read(input())?.iter().map(job).collect();
            carry_out(session, (&actor, &asked.write), jobs, out)
        }
        PortalUser::Sync(asked) => sync(session, &asked, out),
    }
}

fn rows(session: &Session, asked: &PortalList, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, _, _allowed) = session.look(Permission::CustomerView)?;
    let mut after = match &asked.after {
        Some(name) => reader.portal_user(name)?.id,
        None => 0,
    };
    let mut rows = Vec::new();
    loop {
        let page = reader.portal_users(after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        rows.extend(page.into_iter().filter(|row| wanted(row, asked)));
        if asked.limit > 0 && rows.len() >= asked.limit as usize {
            rows.truncate(asked.limit as usize);
            break;
        }
    }
    out.list(&rows.iter().map(shape::portal_user).collect::<Vec<Value>>(), &table(&rows))?;
    Ok(Exit::Done)
}

fn wanted(row: &PortalUserRow, asked: &PortalList) -> bool {
    asked.state.as_ref().is_none_or(|state| row.state == *state)
}

fn table(rows: &[PortalUserRow]) -> Table {
    let mut table = Table::new(&[
        ("User name", Align::Left),
        ("Contact", Align::Left),
        ("Role", Align::Left),
        ("Logon by", Align::Left),
        ("State", Align::Left),
        ("Request", Align::Left),
    ]);
    for row in rows {
        let request = row.user_request.as_deref().unwrap_or("–");
        let by = row.authentication.replace('_', " ");
        table.row([&row.user_name, &row.contact, &row.role, &by, &row.state, request]);
    }
    table
}

fn page(row: &PortalUserRow, now: i64) -> String {
    let mut page = Page::new(&format!("{}  {}", row.user_name, row.state));
    page.section("Portal user");
    page.field("Contact", Some(&row.contact));
    page.field("Role", Some(&row.role));
    page.field("Logon by", Some(&row.authentication.replace('_', " ")));
    page.field("Logon", row.logon.as_deref());
    page.field("Made by", row.user_request.as_deref());
    page.field("Made", Some(&wall(row.created_at, now)));
    page.done()
}

/// Hands over what is due, once or until stopped.
fn sync(session: &Session, asked: &Sync, out: &mut Output<'_>) -> Result<Exit, Failure> {
    session.may_write()?;
    let reader = session.reader()?;
    // Behind SSH the worker is the service account itself, which is nobody on the staff; it owns the file.
    let service = session.config.identity.mode == IdentityMode::Ssh && session.global.actor.is_none();
    if !service {
        session.actor(&reader)?.allow(Permission::MailManage)?;
    }
    let program = settings::program(&session.config).ok_or_else(|| {
        Failure::new(Exit::Failed, "config", "provision.command is not set, so there is no portal to tell")
            .remedy("Set it to the program that takes portal users as JSON; `portal-user list --json` has those of now.")
    })?;
    if let Some(fault) = program.fault() {
        let message = format!("The program that is told of portal users cannot be run: {fault}");
        return Err(Failure::new(Exit::Failed, "config", message)
            .remedy("Correct provision.command; events wait until then."));
    }
    // Brings the schema up to date, as every command that writes does.
    drop(session.desk()?);
    let stop = Stop::new();
    let mut worker = Worker::new(HookBox::open(&session.options)?, program, stop.clone());
    let lock = lock_path(session.database());
    if asked.watch {
        return watch((worker, stop), &lock, out);
    }
    let Some(tally) = worker.run_locked(&lock)? else {
        let busy = "Another process is telling the portal of this office already";
        return Err(Failure::new(Exit::Failed, "unavailable", busy).remedy("Leave it to that one."));
    };
    let health = reader.hook_health()?;
    let value = json!({
        "taken": tally.taken, "put_back": tally.waiting, "failed": tally.failed,
        "waiting": health.waiting, "failed_in_all": health.failed, "last_error": health.last_error,
    });
    let mut text = said(&tally);
    if health.waiting > 0 {
        text.push_str(&format!("; {} not due yet", health.waiting));
    }
    if let Some(error) = health.last_error.filter(|_| tally.waiting + tally.failed > 0) {
        text.push_str(&format!("; the program said: {error}"));
    }
    out.record(&value, &text)?;
    Ok(match (tally.failed + tally.waiting, tally.taken) {
        (0, _) => Exit::Done,
        (_, 0) => Exit::Failed,
        (_, _) => Exit::Partly,
    })
}

/// What a pass did, in words.
pub fn said(tally: &Tally) -> String {
    let parts = [
        (tally.taken, "taken by the portal"),
        (tally.waiting, "to be tried again"),
        (tally.failed, "given up"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if parts.is_empty() { "Nothing was due".into() } else { parts.join(", ") }
}

fn watch(
    (mut worker, stop): (Worker, Stop),
    lock: &std::path::Path,
    out: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    let handle = signals.handle();
    let told = stop.clone();
    let signals = std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            told.stop();
        }
    });
    let (tell, news) = std::sync::mpsc::channel();
    let printed = std::thread::scope(|scope| {
        let running = scope.spawn(move || worker.run(lock, |pass| drop(tell.send(pass))));
        let mut print = || -> Result<(), Failure> {
            out.message("Telling the portal as events fall due; Ctrl-C stops.")?;
            loop {
                match news.recv_timeout(TICK) {
                    Ok(Ok(tally)) => out.message(&said(&tally))?,
                    Ok(Err(error)) => out.message(&error.to_string())?,
                    Err(std::sync::mpsc::RecvTimeoutError::Timeout) if !running.is_finished() => {}
                    Err(_) => return Ok(()),
                }
            }
        };
        let printed = print();
        stop.stop();
        printed
    });
    handle.close();
    let _joined = signals.join();
    printed?;
    Ok(Exit::Done)
}
