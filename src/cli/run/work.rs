//! `countersign work …` and `decide`.

use serde_json::{Value, json};

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
use crate::cli::work::{Answer, Decide, Moved, Resumed, Work, WorkList};
use crate::desk::commands::work::{
    AnswerQuestion, AskQuestion, DecideItem, DelegateItem, ItemSubject, ReassignItem, ReleaseItem, Resume,
    ResumeInstance, TakeItem, Verdict,
};
use crate::desk::query::user_request::QuestionLine;
use crate::desk::query::work_list::{View, WorkRow};
use crate::desk::{Command, Reader};
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::{Actor, Permission};

/// Does one verb on work items.
pub fn run(session: &Session, verb: Work, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        Work::List(asked) => list(session, &asked, out),
        Work::Take(asked) => each(session, (asked.numbers, &asked.write), out, &turn_of, &|item| {
            Command::TakeItem(TakeItem { item })
        }),
        Work::Release(asked) => each(session, (asked.numbers, &asked.write), out, &turn_of, &|item| {
            Command::ReleaseItem(ReleaseItem { item })
        }),
        Work::Delegate(asked) => each(session, (vec![asked.number], &asked.write), out, &turn_of, &|item| {
            Command::DelegateItem(DelegateItem { item, to: asked.to.clone(), note: asked.note.clone() })
        }),
        Work::Ask(asked) => each(session, (vec![asked.number], &asked.write), out, &open_of, &|item| {
            Command::AskQuestion(AskQuestion { item, of: asked.of.clone(), question: asked.question.clone() })
        }),
        Work::Answer(asked) => answer(session, &asked, out),
        Work::Reassign(asked) => reassign(session, &asked, out),
        Work::Resume(asked) => resume(session, asked, out),
    }
}

/// Decides the one turn on each record that waits for the actor.
pub fn decide(session: &Session, asked: Decide, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let verdict = match asked.verdict.as_str() {
        "approve" => Verdict::Approve,
        "reject" => Verdict::Reject,
        _ => Verdict::RequestChange,
    };
    each(session, (asked.numbers, &asked.write), out, &turn_of, &|item| {
        let (reason, fields, to) = (asked.reason.clone(), asked.fields.clone(), asked.to.clone());
        Command::DecideItem(DecideItem { item, verdict, reason, fields, to })
    })
}

type Finding<'a> = &'a dyn Fn(&Reader, &Actor, &RecordRef) -> Result<ItemSubject, Failure>;

fn each(
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

/// Answers the one question that waits for the actor on a record, or the one that is named.
fn answer(session: &Session, asked: &Answer, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let found = find(&reader, RecordKind::UserRequest, &asked.number);
    let job = Job::about(&asked.number, found, |record| {
        let card = reader.user_request_card(&actor, record.id)?;
        let waits = |q: &&QuestionLine| q.answer.is_none() && q.of == actor.login;
        let wanted = |q: &&QuestionLine| asked.question.is_none_or(|id| q.id == id);
        let mine: Vec<&QuestionLine> = card.questions.iter().filter(waits).filter(wanted).collect();
        let refuse = |message: String, remedy: &str| {
            Err(Failure::new(Exit::Refused, "refused", message).remedy(remedy.to_owned()))
        };
        match mine.as_slice() {
            [one] => {
                Ok(Command::AnswerQuestion(AnswerQuestion { question: one.id, answer: asked.answer.clone() }))
            }
            [] => refuse(
                format!("No question on {} waits for you.", record.number),
                "`countersign user-request show` has all questions and answers.",
            ),
            many => {
                let line = |q: &&QuestionLine| format!("{}: {}", q.id, q.question);
                let all = many.iter().map(line).collect::<Vec<_>>().join(" · ");
                refuse(format!("Several questions wait for you: {all}"), "Say which with --question ID.")
            }
        }
    });
    carry_out(session, (&actor, &asked.write), vec![job], out)
}

/// One turn by its number, or everything that one person holds: what may not go says so and stays.
fn reassign(session: &Session, asked: &Moved, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let command = |item| {
        Command::ReassignItem(ReassignItem { item, to: asked.to.clone(), reason: asked.reason.clone() })
    };
    let Some(from) = &asked.from else {
        let numbers = asked.number.iter().cloned().collect();
        return each(session, (numbers, &asked.write), out, &open_of, &command);
    };
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    actor.allow(Permission::WorkReassign)?;
    let person = staff::one(&reader.staff()?, from)?;
    let job = |row: WorkRow| Job {
        command: Ok(command(ItemSubject::seen(row.id, row.seen))),
        about: Some(row.number),
    };
    let jobs: Vec<Job> = reader.work(View::Held, person.id)?.into_iter().map(job).collect();
    if jobs.is_empty() {
        out.message(&format!("Nothing waits for {from}."))?;
    }
    carry_out(session, (&actor, &asked.write), jobs, out)
}

/// The one open turn on a record, whoever has it.
fn open_of(reader: &Reader, actor: &Actor, record: &RecordRef) -> Result<ItemSubject, Failure> {
    let staff = actor.staff_id().unwrap_or(0);
    let open: Vec<WorkRow> =
        reader.work(View::All, staff)?.into_iter().filter(|row| row.document_id == record.id).collect();
    match open.as_slice() {
        [one] => Ok(ItemSubject::seen(one.id, one.seen.clone())),
        [] => Err(Failure::new(Exit::Refused, "refused", format!("{} waits for nobody.", record.number))
            .remedy("`countersign why` says how it stands.")),
        many => {
            let message = format!("{} waits for {} people at once.", record.number, many.len());
            Err(Failure::new(Exit::Refused, "refused", message).remedy("Choose the turn in the Work tab."))
        }
    }
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
        "state": "open",
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
