//! `countersign work …` and `decide`.

use serde_json::{Value, json};

use super::aside;
use super::batch::{Job, carry_out, find};
use super::signup::input;
use super::staff;
use super::text::{ago, wall};
use super::user_request::turn_of;
use crate::cli::args::{Numbers, Write};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::shape::{maybe_time, time};
use crate::cli::table::{Align, Table};
use crate::cli::work::{Answered, Decide, Moved, Resumed, Work, WorkList};
use crate::desk::commands::work::{
    AnswerQuestion, AskQuestion, DecideItem, DelegateItem, ItemSubject, OverrideItem, ReassignItem,
    ReleaseItem, Resume, ResumeInstance, TakeItem, UnwatchDocument, Verdict, WatchDocument,
};
use crate::desk::query::work_list::{Part, View, WorkRow};
use crate::desk::{Command, Reader};
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::{Actor, Permission};
use crate::domain::workflow::Document;

/// Does one verb on work items.
pub fn run(session: &Session, verb: Work, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        Work::List(asked) => list(session, &asked, out),
        Work::Load => aside::load(session, out),
        Work::Take(asked) => each(session, (asked.numbers, &asked.write), out, &lent_or_own, &|item| {
            Command::TakeItem(TakeItem { item })
        }),
        Work::Release(asked) => each(session, (asked.numbers, &asked.write), out, &turn_of, &|item| {
            Command::ReleaseItem(ReleaseItem { item })
        }),
        Work::Delegate(asked) => each(session, (vec![asked.number], &asked.write), out, &turn_of, &|item| {
            Command::DelegateItem(DelegateItem { item, to: asked.to.clone(), note: asked.note.clone() })
        }),
        Work::Ask(asked) => each(session, (vec![asked.number], &asked.write), out, &first_of, &|item| {
            Command::AskQuestion(AskQuestion { item, of: asked.of.clone(), question: asked.question.clone() })
        }),
        Work::Answer(asked) => answer(session, asked, out),
        Work::Snooze(asked) => aside::snooze(session, asked, out),
        Work::Wake(asked) => aside::wake(session, asked, out),
        Work::Watch(asked) => aside::records(session, asked, out, |id| {
            Command::WatchDocument(WatchDocument { document: Document::UserRequest, id })
        }),
        Work::Unwatch(asked) => aside::records(session, asked, out, |id| {
            Command::UnwatchDocument(UnwatchDocument { document: Document::UserRequest, id })
        }),
        Work::Reassign(asked) => reassign(session, &asked, out),
        Work::Override(asked) => {
            let turn = from(asked.from.as_deref());
            let verdict = verdict(&asked.verdict);
            each(session, (vec![asked.number], &asked.write), out, &turn, &|item| {
                Command::OverrideItem(OverrideItem { item, verdict, reason: asked.reason.clone() })
            })
        }
        Work::Resume(asked) => resume(session, asked, out),
    }
}

/// One turn by its number, or everything that one person holds: what may not go says so and stays.
fn reassign(session: &Session, asked: &Moved, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let command = |item| {
        Command::ReassignItem(ReassignItem { item, to: asked.to.clone(), reason: asked.reason.clone() })
    };
    let holder = asked.from.as_deref();
    if let Some(number) = &asked.number {
        return each(session, (vec![number.clone()], &asked.write), out, &from(holder), &command);
    }
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    actor.allow(Permission::WorkReassign)?;
    let person = staff::one(&reader.staff()?, holder.unwrap_or_default())?;
    let job = |row: WorkRow| Job {
        command: Ok(command(ItemSubject::seen(row.of, row.seen))),
        about: Some(row.number),
    };
    let jobs: Vec<Job> = reader.work(View::Held, person.id)?.into_iter().map(job).collect();
    if jobs.is_empty() {
        out.message(&format!("Nothing waits for {}.", person.login))?;
    }
    carry_out(session, (&actor, &asked.write), jobs, out)
}

/// Decides the one turn on each record that waits for the actor.
pub fn decide(session: &Session, asked: Decide, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let verdict = verdict(&asked.verdict);
    each(session, (asked.numbers, &asked.write), out, &turn_of, &|item| {
        let (reason, fields, to) = (asked.reason.clone(), asked.fields.clone(), asked.to.clone());
        Command::DecideItem(DecideItem { item, verdict, reason, fields, to })
    })
}

fn verdict(word: &str) -> Verdict {
    match word {
        "approve" => Verdict::Approve,
        "reject" => Verdict::Reject,
        _ => Verdict::RequestChange,
    }
}

/// The turn that waits for the actor, or the one that they delegated and take back.
fn lent_or_own(reader: &Reader, actor: &Actor, record: &RecordRef) -> Result<ItemSubject, Failure> {
    match reader.user_request_card(actor, record.id)?.lent {
        Some((item, seen)) => Ok(ItemSubject::seen(item, seen)),
        None => turn_of(reader, actor, record),
    }
}

pub(super) type Finding<'a> = &'a dyn Fn(&Reader, &Actor, &RecordRef) -> Result<ItemSubject, Failure>;

pub(super) fn each(
    session: &Session,
    (numbers, write): (Vec<String>, &Write),
    out: &mut Output<'_>,
    turn: Finding<'_>,
    command: &dyn Fn(ItemSubject) -> Command,
) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let job = |number: &String| {
        let found = find(&reader, RecordKind::UserRequest, number);
        Job::about(number, found, |record| Ok(command(turn(&reader, &actor, record)?)))
    };
    let jobs = Numbers { numbers }.read(input())?.iter().map(job).collect();
    carry_out(session, (&actor, write), jobs, out)
}

/// The open turns on a record, whoever has them.
fn open(reader: &Reader, actor: &Actor, record: &RecordRef) -> Result<Vec<WorkRow>, Failure> {
    let rows = reader.work(View::All, actor.staff_id().unwrap_or(0))?;
    Ok(rows.into_iter().filter(|row| row.document_id == record.id && row.turn().is_some()).collect())
}

fn nobody(record: &RecordRef) -> Failure {
    Failure::new(Exit::Refused, "refused", format!("{} waits for nobody.", record.number))
        .remedy("`countersign why` says how it stands.")
}

/// A question is about the document, so that any of its turns will do.
fn first_of(reader: &Reader, actor: &Actor, record: &RecordRef) -> Result<ItemSubject, Failure> {
    let open = open(reader, actor, record)?;
    open.first().map(|one| ItemSubject::seen(one.of, one.seen.clone())).ok_or_else(|| nobody(record))
}

/// The one open turn on a record, or that of this holder where there are several.
fn from(holder: Option<&str>) -> impl Fn(&Reader, &Actor, &RecordRef) -> Result<ItemSubject, Failure> {
    move |reader, actor, record| {
        let mut open = open(reader, actor, record)?;
        let all: Vec<String> = open.iter().map(|row| row.holder.clone()).collect();
        open.retain(|row| holder.is_none_or(|holder| row.holder == holder));
        match open.as_slice() {
            [one] => Ok(ItemSubject::seen(one.of, one.seen.clone())),
            _ if all.is_empty() => Err(nobody(record)),
            _ => {
                let message = format!("{} waits for {}.", record.number, all.join(", "));
                Err(Failure::new(Exit::Refused, "refused", message).remedy("Say whose turn with --from."))
            }
        }
    }
}

fn answer(session: &Session, asked: Answered, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let found = find(&reader, RecordKind::UserRequest, &asked.number);
    let job = Job::about(&asked.number, found, |record| {
        let card = reader.user_request_card(&actor, record.id)?;
        let mut mine = card.questions.iter().filter(|q| q.of == actor.login && q.answer.is_none());
        let question = match (asked.question, mine.next(), mine.next()) {
            (Some(id), ..) => id,
            (None, Some(one), None) => one.id,
            (None, None, _) => {
                let message = format!("no question on {} waits for {}.", record.number, actor.login);
                return Err(Failure::new(Exit::Refused, "refused", message)
                    .remedy("`countersign user-request show` lists its questions."));
            }
            (None, Some(_), Some(_)) => {
                let message = format!("several questions on {} wait for you.", record.number);
                return Err(Failure::new(Exit::Refused, "refused", message)
                    .remedy("Say which with --question ID; `user-request show --json` has the ids."));
            }
        };
        Ok(Command::AnswerQuestion(AnswerQuestion { question, answer: asked.answer.clone() }))
    });
    carry_out(session, (&actor, &asked.write), vec![job], out)
}

fn resume(session: &Session, asked: Resumed, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let how = match (&asked.to, asked.to_draft) {
        (Some(login), _) => Resume::Reassign(login.clone()),
        (None, true) => Resume::ToDraft,
        (None, false) => Resume::Again,
    };
    let found = find(&reader, RecordKind::UserRequest, &asked.number);
    let job = Job::about(&asked.number, found, |record| {
        let card = reader.user_request_card(&actor, record.id)?;
        let instance = card.stopped.ok_or_else(|| {
            Failure::new(Exit::Refused, "refused", format!("{} is not stopped.", record.number))
                .remedy("`countersign why` says whom it waits for.")
        })?;
        Ok(Command::ResumeInstance(ResumeInstance { instance, how, reason: asked.reason.clone() }))
    });
    carry_out(session, (&actor, &asked.write), vec![job], out)
}

fn list(session: &Session, asked: &WorkList, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::WorkView)?;
    let now = session.now();
    let view = View::parse(&asked.view).unwrap_or(View::ForMe);
    let rows = reader.work(view, actor.staff_id().unwrap_or(0))?;
    let mut table = Table::new(&[
        ("Number", Align::Left),
        ("What", Align::Left),
        ("For", Align::Left),
        ("Waits for", Align::Left),
        ("Why", Align::Left),
        ("From", Align::Left),
        ("Since", Align::Right),
        ("Due", Align::Left),
    ]);
    for row in &rows {
        let due = match row.due_at {
            Some(at) if at <= now => format!("overdue {}", ago(at, now)),
            Some(at) => wall(at, now),
            None => "–".into(),
        };
        let from = row.submitter.as_deref().unwrap_or("applicant");
        table.row([
            &row.number,
            &row.what,
            &row.customer,
            &row.holder,
            &row.because,
            from,
            &ago(row.since, now),
            &due,
        ]);
    }
    out.list(&rows.iter().map(|row| shape(row, now)).collect::<Vec<Value>>(), &table)?;
    Ok(Exit::Done)
}

fn shape(row: &WorkRow, now: i64) -> Value {
    json!({
        "number": row.number,
        "state": if row.part == Part::Instance && row.kind != "underway" { row.kind.as_str() } else { "open" },
        "version": row.seen.version,
        "created_at": time(row.since),
        "updated_at": time(row.since),
        "kind": row.kind,
        "what": row.what,
        "customer": row.customer,
        "rule": row.rule,
        "because": row.because,
        "waits_for": row.holder,
        "submitted_by": row.submitter,
        "due_at": maybe_time(row.due_at),
        "overdue": row.due_at.is_some_and(|at| at <= now),
        "escalations": row.escalations,
    })
}
