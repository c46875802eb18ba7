//! `countersign mail …`: the outbox; sending is in `send`.

use super::batch::{Job, carry_out, find};
use super::list::{self, Listing, Pages};
use super::send;
use super::signup::single;
use super::text::{Page, ago, wall};
use crate::cli::args::{List, Write};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::mail::Mail;
use crate::cli::output::{Form, Output};
use crate::cli::session::Session;
use crate::cli::shape;
use crate::cli::table::{Align, Table};
use crate::desk::Command;
use crate::desk::commands::mail::{CancelMail, ReleaseQueue, RetryMail, TestMail};
use crate::desk::query::mail::{FILTER, MailCard, MailRow, SORTS, STATES};
use crate::desk::query::{Anchor, Order};
use crate::domain::id::RecordKind;
use crate::domain::mail::Standing;
use crate::domain::permission::Permission;

/// Does one verb.
pub fn run(session: &Session, verb: Mail, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        Mail::List(asked) => rows(session, &asked, out),
        Mail::Show(row) => show(session, row.id, out),
        Mail::Send(asked) => send::run(session, &asked, out),
        Mail::Retry(asked) => {
            each(session, (&asked.ids, &asked.write), |id| Command::RetryMail(RetryMail { id }), out)
        }
        Mail::Cancel(asked) => {
            let cancel = |id| Command::CancelMail(CancelMail { id, reason: asked.reason.clone() });
            each(session, (&asked.rows.ids, &asked.rows.write), cancel, out)
        }
        Mail::Test(asked) => {
            one(session, &asked.write, Command::TestMail(TestMail { to: asked.address }), out)
        }
        Mail::Preview(asked) => super::preview::run(session, &asked, out),
        Mail::Unpause(write) => one(session, &write, Command::ReleaseQueue(ReleaseQueue), out),
    }
}

fn one(session: &Session, write: &Write, command: Command, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    single(session, (&actor, write), command, out)
}

fn each(
    session: &Session,
    (ids, write): (&[i64], &Write),
    command: impl Fn(i64) -> Command,
    out: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let job = |id: &i64| Job { about: Some(format!("M-{id}")), command: Ok(command(*id)) };
    carry_out(session, (&actor, write), ids.iter().map(job).collect(), out)
}

fn rows(session: &Session, asked: &List, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::MailView)?;
    let now = session.now();
    let mut query = list::query(asked, Listing { fields: &FILTER, sorts: SORTS }, (&actor, now))?;
    if asked.sort.is_none() {
        // What was sent last is what one looks for.
        query.order = Order::Descending;
    }
    let after = match &asked.after {
        Some(number) => reader.mail_key(&query, find(&reader, RecordKind::Mail, &as_number(number))?.id)?,
        None => None,
    };
    let pages = Pages {
        read: |anchor: &Anchor, limit| reader.mails(&query, anchor, limit),
        count: |cap| reader.count_mails(&query, cap),
    };
    let shown = |rows: &[MailRow]| (rows.iter().map(shape::mail_row).collect(), table(rows, now));
    let rows = list::print(asked, after, pages, shown, out)?;
    if let Form::Text { .. } = out.form() {
        say_what_to_do(&rows, out)?;
    }
    Ok(Exit::Done)
}

fn table(rows: &[MailRow], now: i64) -> Table {
    let mut table = Table::new(&[
        ("Id", Align::Right),
        ("State", Align::Left),
        ("Event", Align::Left),
        ("To", Align::Left),
        ("Record", Align::Left),
        ("Age", Align::Right),
        ("Due", Align::Left),
        ("Tries", Align::Right),
        ("Last answer", Align::Left),
    ]);
    for row in rows {
        let doubt = if row.unsure > 0 { "may have been sent twice; " } else { "" };
        let answer = format!("{doubt}{}", row.last_reply.as_deref().unwrap_or("–"));
        table.row([
            &row.key.id.to_string(),
            &row.state,
            &row.event,
            &row.to,
            row.record.as_deref().unwrap_or("–"),
            &ago(row.created_at, now),
            &row.next_at.map_or_else(|| "–".into(), |at| wall(at, now)),
            &row.attempts.to_string(),
            &answer,
        ]);
    }
    table
}

/// What the states of these rows mean, and what to do about those that somebody can do something about.
fn say_what_to_do(rows: &[MailRow], out: &mut Output<'_>) -> Result<(), Failure> {
    for state in STATES.iter().filter(|state| rows.iter().any(|row| row.state == **state)) {
        let standing = Standing::of_state(state);
        if let Some(remedy) = standing.remedy() {
            out.message(&format!("{state}: {}. {remedy}", standing.meaning()))?;
        }
    }
    Ok(())
}

/// `12` means M-12.
fn as_number(typed: &str) -> String {
    if typed.bytes().all(|b| b.is_ascii_digit()) { format!("M-{typed}") } else { typed.to_owned() }
}

fn show(session: &Session, id: i64, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, _, _allowed) = session.look(Permission::MailView)?;
    let card = reader.mail(id)?;
    out.record(&shape::mail(&card), &page(&card, session.now()))?;
    Ok(Exit::Done)
}

fn page(card: &MailCard, now: i64) -> String {
    let row = &card.row;
    let mut page = Page::new(&format!("M-{}  {}  {}", row.key.id, row.event, row.state));
    page.section("Mail");
    page.field("To", Some(&row.to));
    page.field("Subject", Some(&row.subject));
    page.field("Record", row.record.as_deref());
    page.field("Queued", Some(&wall(row.created_at, now)));
    page.field("Due", row.next_at.map(|at| wall(at, now)).as_deref());
    page.field("Sent", row.sent_at.map(|at| wall(at, now)).as_deref());
    page.field("Message-ID", Some(&row.message_id));
    page.field("Last answer", row.last_reply.as_deref());
    let standing = card.standing();
    page.field("Meaning", Some(standing.meaning()));
    page.field("What to do", standing.remedy());
    if row.unsure > 0 {
        page.line("It may have been sent twice.");
    }
    if !card.attempts.is_empty() {
        page.section("Attempts");
        for attempt in &card.attempts {
            let reply = attempt.reply.as_deref().unwrap_or("");
            page.line(&format!("{}  {}  {}  {reply}", wall(attempt.at, now), attempt.phase, attempt.outcome));
        }
    }
    page.section("Text");
    page.block(card.body.as_deref().unwrap_or("(wiped after sending)"));
    page.done()
}
