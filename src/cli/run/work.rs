//! `countersign work …` and `decide`.

use super::aside;
use super::batch::{Job, carry_out, find, token};
use super::canned::{named, words};
use super::signup::input;
use super::staff;
use super::user_request::turn_of;
use crate::cli::args::{Numbers, Seen, Write};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::work::{Answered, Decide, Moved, Question, Resumed, Work};
use crate::desk::commands::work::{
    AnswerQuestion, AskQuestion, AskedOf, DecideItem, DelegateItem, ItemSubject, OverrideItem, ReassignItem,
    ReleaseItem, Resume, ResumeInstance, TakeItem, UnwatchDocument, Verdict, WatchDocument,
};
use crate::desk::query::work_list::{Turns, WorkRow};
use crate::desk::{Command, Reader};
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::{Actor, Permission};
use crate::domain::workflow::Document;

/// Does one verb on work items.
pub fn run(session: &Session, verb: Work, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        Work::List(asked) => super::work_list::run(session, &asked, out),
        Work::Load => aside::load(session, out),
        Work::Take(asked) => each(session, (asked.numbers, &asked.write), out, &lent_or_own, &|item| {
            Command::TakeItem(TakeItem { item })
        }),
        Work::Release(asked) => each(session, (asked.numbers, &asked.write), out, &turn_of, &|item| {
            Command::ReleaseItem(ReleaseItem { item })
        }),
        Work::Delegate(asked) => each(session, (asked.numbers, &asked.write), out, &turn_of, &|item| {
            let (to, note) = (asked.to.clone(), asked.write.note.clone());
            Command::DelegateItem(DelegateItem { item, to, note })
        }),
        Work::Ask(asked) => ask(session, asked, out),
        Work::Answer(asked) => answer(session, asked, out),
        Work::Snooze(asked) => aside::snooze(session, asked, out),
        Work::Wake(asked) => aside::wake(session, asked, out),
        Work::Watch(asked) => aside::records(session, asked, out, |id| {
            Command::WatchDocument(WatchDocument { document: Document::UserRequest, id })
        }),
        Work::Unwatch(asked) => aside::records(session, asked, out, |id| {
            Command::UnwatchDocument(UnwatchDocument { document: Document::UserRequest, id })
        }),
        Work::Reassign(asked) => reassign(session, asked, out),
        Work::Override(asked) => {
            let turn = from(asked.from.as_deref());
            let verdict = verdict(&asked.verdict);
            let reason = words(session, &asked.reason, None)?;
            each(session, (Numbers { numbers: asked.numbers }, &asked.write), out, &turn, &|item| {
                Command::OverrideItem(OverrideItem { item, verdict, reason: reason.clone() })
            })
        }
        Work::Resume(asked) => resume(session, asked, out),
    }
}

/// A question to a colleague is in the office's language, one to the person outside in theirs.
fn ask(session: &Session, asked: Question, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let language = match (&asked.of, named(&asked.question)) {
        (None, Some(_)) => {
            let reader = session.reader()?;
            let record = find(&reader, RecordKind::UserRequest, &asked.number)?;
            let contact = reader.user_request(record.id)?.contact;
            reader.contact(reader.find(&contact)?.id)?.language
        }
        (Some(_), _) | (None, None) => None,
    };
    let question = words(session, &asked.question, language.as_deref())?;
    each(session, (only(asked.number), &asked.write), out, &first_of, &|item| {
        let of = asked.of.clone().map_or(AskedOf::Contact, AskedOf::Colleague);
        Command::AskQuestion(AskQuestion { item, of, question: question.clone() })
    })
}

/// One number is one number.
fn only(number: String) -> Numbers {
    Numbers { numbers: vec![number] }
}

/// Turns by their numbers, or everything that a person, role or queue holds: what may not go says so and stays.
fn reassign(session: &Session, asked: Moved, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reason = words(session, &asked.reason, None)?;
    let command =
        |item| Command::ReassignItem(ReassignItem { item, to: asked.to.clone(), reason: reason.clone() });
    let holder = asked.from.as_deref();
    if !asked.numbers.is_empty() {
        let numbers = Numbers { numbers: asked.numbers.clone() };
        return each(session, (numbers, &asked.write), out, &from(holder), &command);
    }
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    actor.allow(Permission::WorkReassign)?;
    let holder = holder.unwrap_or_default();
    let rows = held(&reader, holder)?;
    let job = |row: WorkRow| Job {
        command: Ok(command(ItemSubject::seen(row.of, row.seen))),
        about: Some(row.number),
    };
    if rows.is_empty() {
        out.message(&format!("Nothing waits for {holder}."))?;
    }
    carry_out(session, (&actor, &asked.write), rows.into_iter().map(job).collect(), out)
}

/// The open turns of a login, of `role NAME` or of `queue NAME`.
fn held(reader: &Reader, holder: &str) -> Result<Vec<WorkRow>, Failure> {
    let known = |kind: &str, name: &str, names: Vec<String>| match names.iter().any(|known| known == name) {
        true => Ok(()),
        false => Err(Failure::new(Exit::NotFound, "not_found", format!("There is no {kind} “{name}”"))
            .remedy(format!("See `countersign {kind} list`."))),
    };
    match holder.split_once(' ').map(|(kind, name)| (kind, name.trim())) {
        Some(("role", name)) => {
            known("role", name, reader.roles()?.into_iter().map(|role| role.name).collect())?;
            Ok(reader.turns(Turns::OfRole(name))?)
        }
        Some(("queue", name)) => {
            known("queue", name, reader.queues()?.into_iter().map(|queue| queue.name).collect())?;
            Ok(reader.turns(Turns::OfQueue(name))?)
        }
        Some(_) | None => {
            let person = staff::one(&reader.staff()?, holder)?;
            Ok(reader.turns(Turns::OfPerson(person.id))?)
        }
    }
}

/// Decides the one turn on each record that waits for the actor.
pub fn decide(session: &Session, asked: Decide, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let verdict = verdict(&asked.verdict);
    let numbers = Numbers { numbers: asked.numbers };
    // An approval needs no reason; what is noted with it is read where reasons are.
    let note = asked.write.note.clone().filter(|_| verdict == Verdict::Approve);
    let reason = asked.reason.clone().or(note).map(|typed| words(session, &typed, None)).transpose()?;
    vote(session, (numbers, &asked.seen, &asked.write), out, &|item| {
        let (reason, fields, to) = (reason.clone(), asked.fields.clone(), asked.to.clone());
        DecideItem { item, verdict, reason, fields, to }
    })
}

/// Decides what waits for the actor, bound to what they saw where they say so.
pub(super) fn vote(
    session: &Session,
    (numbers, seen, write): (Numbers, &Seen, &Write),
    out: &mut Output<'_>,
    decision: &dyn Fn(ItemSubject) -> DecideItem,
) -> Result<Exit, Failure> {
    let from_where = "`seen` of `work list --json` or `user-request show --json`";
    let seen = seen.seen.as_deref().map(|typed| token(typed, from_where)).transpose()?;
    let several = numbers.numbers.len() > 1 || numbers.numbers.iter().any(|number| number == "-");
    if seen.is_some() && several {
        return Err(Failure::usage("--seen is about one record, so give one number"));
    }
    each(session, (numbers, write), out, &turn_of, &|item| {
        let item = seen.clone().map_or(item.clone(), |seen| ItemSubject::seen(item.id, seen));
        Command::DecideItem(decision(item))
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
    (numbers, write): (Numbers, &Write),
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
    let jobs = numbers.read(input())?.iter().map(job).collect();
    carry_out(session, (&actor, write), jobs, out)
}

fn nobody(record: &RecordRef) -> Failure {
    Failure::new(Exit::Refused, "refused", format!("{} waits for nobody.", record.number))
        .remedy("`countersign why` says how it stands.")
}

/// A question is about the document, so that any of its turns will do.
fn first_of(reader: &Reader, _: &Actor, record: &RecordRef) -> Result<ItemSubject, Failure> {
    let open = reader.turns(Turns::On(Document::UserRequest, record.id))?;
    open.first().map(|one| ItemSubject::seen(one.of, one.seen.clone())).ok_or_else(|| nobody(record))
}

/// The one open turn on a record, or that of this holder where there are several.
fn from(holder: Option<&str>) -> impl Fn(&Reader, &Actor, &RecordRef) -> Result<ItemSubject, Failure> {
    move |reader, _, record| {
        let mut open = reader.turns(Turns::On(Document::UserRequest, record.id))?;
        let all: Vec<String> = open.iter().map(|row| row.holder.clone()).collect();
        open.retain(|row| holder.is_none_or(|holder| row.holder == holder));
        match open.as_slice() {
            [one] => Ok(ItemSubject::seen(one.of, one.seen.clone())),
            _ if all.is_empty() => Err(nobody(record)),
            _ => {
                let message = format!("{} waits for {}.", record.number, all.join(", "));
                let remedy = match holder {
                    Some(holder) => format!("Of {holder} it holds nothing; --from names one of them."),
                    None => "Say whose turn with --from.".to_owned(),
                };
                Err(Failure::new(Exit::Refused, "refused", message).remedy(remedy))
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
        let open = || card.questions.iter().filter(|q| q.answer.is_none());
        let own = open().any(|q| !q.outside && q.of == actor.login);
        // Whoever was asked answers that first; else what somebody outside was asked is noted.
        let mut mine = open().filter(|q| q.outside != own && (q.outside || q.of == actor.login));
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
    let reason = words(session, &asked.reason, None)?;
    let job = |number: &String| {
        Job::about(number, find(&reader, RecordKind::UserRequest, number), |record| {
            let card = reader.user_request_card(&actor, record.id)?;
            let instance = card.stopped.ok_or_else(|| {
                Failure::new(Exit::Refused, "refused", format!("{} is not stopped.", record.number))
                    .remedy("`countersign why` says whom it waits for.")
            })?;
            let (how, reason) = (how.clone(), reason.clone());
            Ok(Command::ResumeInstance(ResumeInstance { instance, how, reason }))
        })
    };
    let jobs = asked.numbers.read(input())?.iter().map(job).collect();
    carry_out(session, (&actor, &asked.write), jobs, out)
}
