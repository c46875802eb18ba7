//! `countersign signup …`: every move of a sign-up as a command, and the list and page of it.

use std::io::{BufRead, BufReader};

use serde_json::Value;

use super::batch::{self, Job, carry_out, find, jobs};
use super::canned::{named, words};
use super::list::{self, Listing, Pages};
use super::page::{page, sign};
use super::text::ago;
use super::{create, submit};
use crate::cli::args::{Numbers, Seen, Write};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::shape;
use crate::cli::signup::{
    Approve, Assign, Duplicates, Edit, Reject, Reopen, Several, Signup, SignupList, Verify, Withdraw,
};
use crate::cli::table::{Align, Table};
use crate::desk::commands::signup::{self as desk, MailApplicant, Subject};
use crate::desk::query::Anchor;
use crate::desk::query::signup::{FILTER, Hidden, SORTS, SignupRow};
use crate::desk::{Command, Reader};
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::{Actor, How, Permission};

/// Does one verb.
pub fn run(session: &Session, verb: Signup, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        Signup::Submit(asked) => submit::run(session, &asked, out),
        Signup::List(asked) => rows(session, &asked, out),
        Signup::Show(numbers) => show(session, &numbers, out),
        Signup::Edit(asked) => edit(session, asked, out),
        Signup::Verify(asked) => verify(session, asked, out),
        Signup::Resend(asked) => resend(session, asked, out),
        Signup::Approve(asked) => approve(session, asked, out),
        Signup::Reject(asked) => reject(session, asked, out),
        Signup::Withdraw(asked) => withdraw(session, asked, out),
        Signup::Reopen(asked) => reopen(session, asked, out),
        Signup::Create(asked) => create::run(session, &asked, out),
        Signup::Duplicates(asked) => duplicates(session, asked, out),
        Signup::Assign(asked) => assign(session, asked, out),
    }
}

/// Standard input, for `-`.
pub fn input() -> impl BufRead {
    BufReader::new(std::io::stdin())
}

fn who(session: &Session) -> Result<(Reader, Actor), Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    Ok((reader, actor))
}

fn rows(session: &Session, asked: &SignupList, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::SignupView)?;
    let now = session.now();
    let listing = Listing { fields: &FILTER, sorts: SORTS };
    let mut query = list::query(&asked.list, listing, (&actor, now))?;
    if asked.mine {
        list::only_mine(&mut query);
    }
    let after = match &asked.list.after {
        Some(number) => reader.signup_key(&query, find(&reader, RecordKind::Signup, number)?.id)?,
        None => None,
    };
    let pages = Pages {
        read: |anchor: &Anchor, limit| reader.signups(&query, anchor, limit),
        count: |cap| reader.count_signups(&query, cap),
    };
    list::print(
        &asked.list,
        after,
        pages,
        |rows| (rows.iter().map(shape::signup_row).collect(), table(rows, now)),
        out,
    )?;
    Ok(Exit::Done)
}

fn table(rows: &[SignupRow], now: i64) -> Table {
    let mut table = Table::new(&[
        ("Number", Align::Left),
        ("Company", Align::Left),
        ("Contact", Align::Left),
        ("E-mail", Align::Left),
        ("State", Align::Left),
        ("Age", Align::Right),
        ("Checks", Align::Left),
        ("Dup", Align::Left),
        ("Assigned", Align::Left),
    ]);
    for row in rows {
        let company =
            if row.hidden == Hidden::Some { format!("{} ⚠", row.company) } else { row.company.clone() };
        let checks = format!("{} {}/{}", sign(&row.checks_worst), row.checks_good, row.checks_total);
        table.row([
            &row.number,
            &company,
            &row.contact,
            &row.email,
            row.state.title(),
            &ago(row.created_at, now),
            &checks,
            row.duplicate.as_deref().unwrap_or("–"),
            row.assigned.as_deref().unwrap_or("–"),
        ]);
    }
    table
}

fn show(session: &Session, numbers: &Numbers, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::SignupView)?;
    batch::show(numbers, out, |number| {
        let record = find(&reader, RecordKind::Signup, number)?;
        let detail = reader.signup_detail(&actor, record.id)?;
        Ok((shape::signup(&detail.card, &detail.duplicates), page(&detail, session.now())))
    })
}

/// The sign-up as it was seen, where the caller says so.
pub fn subject(reader: &Reader, record: &RecordRef, seen: &Seen) -> Result<Subject, Failure> {
    let Some(token) = &seen.seen else { return Ok(Subject::now(record.id)) };
    let now = reader.signup(record.id)?.seen;
    // A version alone: whoever has the version of now has seen what is there now.
    let seen = match token.parse() {
        Ok(version) if version == now.version => now,
        Ok(version) => desk::Seen { version, hash: String::new() },
        Err(_) => batch::token(token, "`seen` or `version` of `signup show --json`")?,
    };
    Ok(Subject::seen(record.id, seen))
}

/// A job for each number, bound to what was seen.
fn bound(
    reader: &Reader,
    (numbers, seen): (&[String], &Seen),
    command: impl Fn(Subject) -> Command,
) -> Result<Vec<Job>, Failure> {
    if seen.seen.is_some() && numbers.len() > 1 {
        return Err(Failure::usage("--seen is about one sign-up, so give one number"));
    }
    let job = |number: &String| {
        let found = find(reader, RecordKind::Signup, number);
        Job::about(number, found, |record| Ok(command(subject(reader, record, seen)?)))
    };
    Ok(numbers.iter().map(job).collect())
}

fn edit(session: &Session, asked: Edit, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor) = who(session)?;
    let changes = asked.sets.by_field();
    if changes.is_empty() {
        return Err(Failure::usage("there is nothing to change").remedy("Give --set FIELD=VALUE."));
    }
    let numbers = [asked.one.number];
    let jobs = bound(&reader, (&numbers, &asked.seen), |subject| {
        Command::EditSignup(desk::EditSignup {
            subject,
            changes: changes.clone(),
            note: asked.write.note.clone(),
        })
    })?;
    carry_out(session, (&actor, &asked.write), jobs, out)
}

fn verify(session: &Session, asked: Verify, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor) = who(session)?;
    if let (Some(_), Some(note)) = (&asked.by, &asked.write.note) {
        let jobs = jobs(&reader, RecordKind::Signup, &[asked.what], |record| {
            Command::VerifyByPhone(desk::VerifyByPhone {
                subject: Subject::now(record.id),
                note: note.clone(),
            })
        });
        return carry_out(session, (&actor, &asked.write), jobs, out);
    }
    let code = from_input(&asked.what)?;
    if let Some((kind, _)) = RecordKind::of_number(&code) {
        return Err(Failure::usage(format!(
            "{code} is the number of a {}, not a code",
            kind.title().to_lowercase()
        ))
        .remedy("Give the code from the mail, or NUMBER --by phone --note TEXT."));
    }
    let command = Command::VerifyByCode(desk::VerifyByCode { code, signup: None });
    let applicant = Actor::applicant(How::CommandLine, &actor);
    carry_out(session, (&applicant, &asked.write), vec![Job::new(command)], out)
}

/// The code itself, or the first word of standard input for `-`.
fn from_input(typed: &str) -> Result<String, Failure> {
    if typed != "-" {
        return Ok(typed.to_owned());
    }
    let mut line = String::new();
    input().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

fn resend(session: &Session, asked: Several, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor) = who(session)?;
    let numbers = asked.numbers.read(input())?;
    let jobs = jobs(&reader, RecordKind::Signup, &numbers, |record| {
        Command::ResendCode(desk::ResendCode { subject: Subject::now(record.id) })
    });
    carry_out(session, (&actor, &asked.write), jobs, out)
}

fn approve(session: &Session, asked: Approve, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor) = who(session)?;
    let numbers = asked.numbers.read(input())?;
    let jobs = bound(&reader, (&numbers, &asked.seen), |subject| {
        Command::ApproveSignup(desk::ApproveSignup {
            subject,
            note: asked.write.note.clone(),
            override_reason: asked.override_reason.clone(),
        })
    })?;
    carry_out(session, (&actor, &asked.write), jobs, out)
}

fn reject(session: &Session, asked: Reject, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor) = who(session)?;
    let numbers = asked.numbers.read(input())?;
    let note = asked.write.note.as_deref().map(|typed| words(session, typed, None)).transpose()?;
    let in_office = asked.reply.as_deref().map(|typed| words(session, typed, None)).transpose()?;
    // A text that is kept ready reaches each applicant in their own language.
    let reply = |id: i64| match asked.reply.as_deref().filter(|typed| named(typed).is_some()) {
        Some(typed) => {
            let card = reader.signup(id).ok()?;
            let language = card.fields.iter().find(|(name, _)| *name == "language")?.1.clone();
            words(session, typed, language.as_deref()).ok()
        }
        None => None,
    };
    let jobs = bound(&reader, (&numbers, &asked.seen), |subject| {
        Command::RejectSignup(desk::RejectSignup {
            reason_code: asked.reason.clone(),
            note: note.clone(),
            reply: reply(subject.id).or_else(|| in_office.clone()),
            mail: if asked.no_mail { MailApplicant::DoNotMail } else { MailApplicant::Tell },
            subject,
        })
    })?;
    carry_out(session, (&actor, &asked.write), jobs, out)
}

fn withdraw(session: &Session, asked: Withdraw, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor) = who(session)?;
    if let Some(code) = asked.code {
        let code = from_input(&code)?;
        let command = Command::WithdrawByCode(desk::WithdrawByCode { code, reason: asked.reason });
        let applicant = Actor::applicant(How::CommandLine, &actor);
        return carry_out(session, (&applicant, &asked.write), vec![Job::new(command)], out);
    }
    let reason = asked.reason.unwrap_or_default();
    let numbers = crate::cli::args::Numbers { numbers: asked.numbers }.read(input())?;
    let jobs = jobs(&reader, RecordKind::Signup, &numbers, |record| {
        let subject = Subject::now(record.id);
        Command::WithdrawSignup(desk::WithdrawSignup { subject, reason: reason.clone() })
    });
    carry_out(session, (&actor, &asked.write), jobs, out)
}

fn reopen(session: &Session, asked: Reopen, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor) = who(session)?;
    let numbers = asked.numbers.read(input())?;
    let jobs = jobs(&reader, RecordKind::Signup, &numbers, |record| {
        let subject = Subject::now(record.id);
        Command::ReopenSignup(desk::ReopenSignup { subject, reason: asked.reason.reason.clone() })
    });
    carry_out(session, (&actor, &asked.write), jobs, out)
}

fn duplicates(session: &Session, asked: Duplicates, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::SignupView)?;
    let record = find(&reader, RecordKind::Signup, &asked.one.number)?;
    if let Some(other) = asked.is_not {
        let other = reader.find(&other).map_err(|error| Failure::from(error).about(other))?;
        let command = Command::NotADuplicate(desk::NotADuplicate {
            subject: Subject::now(record.id),
            other: other.number,
        });
        return carry_out(session, (&actor, &asked.write), vec![Job::new(command)], out);
    }
    let hits = reader.duplicates(&actor, record.id, asked.model)?;
    let mut table = Table::new(&[
        ("Alike", Align::Right),
        ("Number", Align::Left),
        ("State", Align::Left),
        ("Name", Align::Left),
        ("Place", Align::Left),
        ("Why", Align::Left),
    ]);
    for hit in &hits {
        let percent = format!("{} %", hit.percent);
        let state = hit.state.replace('_', " ");
        table.row([&percent, &hit.record.number, &state, &hit.name, &hit.place, &hit.reasons.join(", ")]);
    }
    let values: Vec<Value> = hits.iter().map(shape::hit).collect();
    out.list(&values, &table)?;
    Ok(Exit::Done)
}

fn assign(session: &Session, asked: Assign, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor) = who(session)?;
    let numbers = asked.numbers.read(input())?;
    let to = if asked.nobody { None } else { Some(asked.to.unwrap_or_else(|| actor.login.clone())) };
    let jobs = jobs(&reader, RecordKind::Signup, &numbers, |record| {
        Command::AssignSignup(desk::AssignSignup { subject: Subject::now(record.id), to: to.clone() })
    });
    carry_out(session, (&actor, &asked.write), jobs, out)
}

/// One write about one thing.
pub fn single(
    session: &Session,
    (actor, write): (&Actor, &Write),
    command: Command,
    out: &mut Output<'_>,
) -> Result<Exit, Failure> {
    batch::carry_out(session, (actor, write), vec![Job::new(command)], out)
}
