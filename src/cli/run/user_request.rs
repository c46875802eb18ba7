//! `countersign user-request …`: from the draft to the logon.

use super::batch::{Job, carry_out, find, jobs, show};
use super::canned::words;
use super::list::{self, Listing, Pages};
use super::signup::input;
use super::text::{Page, ago, wall};
use super::work::vote;
use crate::cli::args::{List, Numbers, Write};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::portal::{EditRequest, NewRequest, UserRequest, Wanted};
use crate::cli::session::Session;
use crate::cli::shape;
use crate::cli::table::{Align, Table};
use crate::desk::commands::user_request::{
    AfterMaking, CancelUserRequest, DeleteUserRequest, EditUserRequest, IfRefused, NewUserRequest, RetryHook,
    SubmitUserRequest,
};
use crate::desk::commands::work::{DecideItem, ItemSubject, RecallDocument, Verdict};
use crate::desk::query::Anchor;
use crate::desk::query::user_request::{FILTER, SORTS, TurnLine, UserRequestCard, UserRequestRow};
use crate::desk::{Command, Reader};
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::{Actor, Permission};
use crate::domain::user_request::{Action, Authentication, UserRequestState};
use crate::domain::workflow::Document;

/// Does one verb on user requests.
pub fn run(session: &Session, verb: UserRequest, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        UserRequest::List(asked) => rows(session, &asked, out),
        UserRequest::Show(numbers) => {
            let (reader, actor, _allowed) = session.look(Permission::UserRequestView)?;
            show(&numbers, out, |number| {
                let record = find(&reader, RecordKind::UserRequest, number)?;
                let card = reader.user_request_card(&actor, record.id)?;
                Ok((shape::user_request(&card), page(&card, session.now())))
            })
        }
        UserRequest::New(asked) => new(session, asked, out),
        UserRequest::Edit(asked) => edit(session, asked, out),
        UserRequest::Delete(asked) => each(session, (&asked.numbers, &asked.write), out, |record| {
            Command::DeleteUserRequest(DeleteUserRequest { id: record.id })
        }),
        UserRequest::Submit(asked) | UserRequest::Resubmit(asked) => {
            each(session, (&asked.numbers, &asked.write), out, |record| {
                Command::SubmitUserRequest(SubmitUserRequest { id: record.id, if_refused: IfRefused::Fail })
            })
        }
        UserRequest::Recall(asked) => {
            let reason = words(session, &asked.reason.reason, None)?;
            each(session, (&asked.numbers, &asked.write), out, |record| {
                Command::RecallDocument(RecallDocument {
                    document: Document::UserRequest,
                    id: record.id,
                    reason: reason.clone(),
                })
            })
        }
        UserRequest::Cancel(asked) => {
            let reason = words(session, &asked.reason.reason, None)?;
            each(session, (&asked.numbers, &asked.write), out, |record| {
                Command::CancelUserRequest(CancelUserRequest { id: record.id, reason: reason.clone() })
            })
        }
        UserRequest::Approve(asked) => {
            let reason = asked.write.note.clone();
            vote(session, (asked.numbers, &asked.seen, &asked.write), out, &|item| DecideItem {
                reason: reason.clone(),
                ..decision(item, Verdict::Approve)
            })
        }
        UserRequest::Reject(asked) => {
            let reason = words(session, &asked.reason.reason, None)?;
            vote(session, (asked.numbers, &asked.seen, &asked.write), out, &|item| DecideItem {
                reason: Some(reason.clone()),
                ..decision(item, Verdict::Reject)
            })
        }
        UserRequest::RequestChange(asked) => {
            let reason = words(session, &asked.reason.reason, None)?;
            vote(session, (asked.numbers, &asked.seen, &asked.write), out, &|item| DecideItem {
                reason: Some(reason.clone()),
                fields: asked.fields.clone(),
                to: asked.to.clone(),
                ..decision(item, Verdict::RequestChange)
            })
        }
        UserRequest::Retry(asked) => retry(session, (&asked.numbers, &asked.write), out),
    }
}

fn each(
    session: &Session,
    (numbers, write): (&Numbers, &Write),
    out: &mut Output<'_>,
    command: impl Fn(&RecordRef) -> Command,
) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let numbers = numbers.read(input())?;
    let jobs = jobs(&reader, RecordKind::UserRequest, &numbers, command);
    carry_out(session, (&actor, write), jobs, out)
}

fn authentication(wanted: &Wanted) -> Option<Authentication> {
    wanted.authentication.as_deref().and_then(Authentication::parse)
}

fn new(session: &Session, asked: NewRequest, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let contact = find(&reader, RecordKind::Contact, &asked.contact)
        .map_err(|failure| failure.about(&asked.contact))?;
    let action = Action::parse(&asked.action)
        .ok_or_else(|| Failure::usage(format!("no action “{}”", asked.action)))?;
    let command = Command::NewUserRequest(NewUserRequest {
        kind: asked.kind.clone(),
        action,
        contact: contact.number,
        authentication: authentication(&asked.wanted),
        role: asked.wanted.role,
        email: asked.wanted.email,
        user_name: asked.wanted.user_name,
        justification: asked.wanted.justification,
        then: if asked.submit { AfterMaking::Submit } else { AfterMaking::KeepDraft },
    });
    carry_out(session, (&actor, &asked.write), vec![Job::new(command)], out)
}

fn edit(session: &Session, asked: EditRequest, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let wanted = &asked.wanted;
    let given =
        [&wanted.role, &wanted.email, &wanted.authentication, &wanted.user_name, &wanted.justification];
    if given.iter().all(|value| value.is_none()) {
        return Err(Failure::usage("there is nothing to change").remedy("Give a flag, such as --role ROLE."));
    }
    let numbers = Numbers { numbers: vec![asked.one.number.clone()] };
    each(session, (&numbers, &asked.write), out, |record| {
        Command::EditUserRequest(EditUserRequest {
            id: record.id,
            version: asked.seen,
            role: wanted.role.clone(),
            email: wanted.email.clone(),
            authentication: authentication(wanted),
            user_name: wanted.user_name.clone(),
            justification: wanted.justification.clone(),
        })
    })
}

fn decision(item: ItemSubject, verdict: Verdict) -> DecideItem {
    DecideItem { item, verdict, reason: None, fields: Vec::new(), to: None }
}

/// The one turn on a record that waits for the actor. Whoever comes second to it is told who was first, others whom
/// it waits for.
pub(super) fn turn_of(reader: &Reader, actor: &Actor, record: &RecordRef) -> Result<ItemSubject, Failure> {
    let card = reader.user_request_card(actor, record.id)?;
    if let Some((item, seen)) = card.mine {
        return Ok(ItemSubject::seen(item, seen));
    }
    if let Some(decided) = card.decided {
        let message = format!("{} was decided meanwhile: {decided}.", record.number);
        return Err(Failure::new(Exit::Stale, "stale", message)
            .remedy("Look at it again; `why` says what it waits for now."));
    }
    let waits = match card.row.waits_for.as_deref() {
        Some(who) => format!("it waits for {who}"),
        None => format!("it is {}", title(&card.row.state)),
    };
    let message = format!("{} does not wait for you: {waits}.", record.number);
    let remedy = "`countersign why` says whom it waits for; a manager can reassign it.";
    Err(Failure::new(Exit::Refused, "refused", message).remedy(remedy))
}

fn retry(
    session: &Session,
    (numbers, write): (&Numbers, &Write),
    out: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let job = |number: &String| {
        Job::about(number, find(&reader, RecordKind::UserRequest, number), |record| {
            let id = record.id;
            Ok(match reader.user_request(id)?.failure {
                Some(_) => Command::SubmitUserRequest(SubmitUserRequest { id, if_refused: IfRefused::Fail }),
                None => Command::RetryHook(RetryHook { id }),
            })
        })
    };
    let jobs = numbers.read(input())?.iter().map(job).collect();
    carry_out(session, (&actor, write), jobs, out)
}

fn rows(session: &Session, asked: &List, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::UserRequestView)?;
    let now = session.now();
    let query = list::query(asked, Listing { fields: &FILTER, sorts: SORTS }, (&actor, now))?;
    let after = match &asked.after {
        Some(number) => {
            reader.user_request_key(&query, find(&reader, RecordKind::UserRequest, number)?.id)?
        }
        None => None,
    };
    let pages = Pages {
        read: |anchor: &Anchor, limit| reader.user_requests(&query, anchor, limit),
        count: |cap| reader.count_user_requests(&query, cap),
    };
    let shown =
        |rows: &[UserRequestRow]| (rows.iter().map(shape::user_request_row).collect(), table(rows, now));
    list::print(asked, after, pages, shown, out)?;
    Ok(Exit::Done)
}

fn table(rows: &[UserRequestRow], now: i64) -> Table {
    let mut table = Table::new(&[
        ("Number", Align::Left),
        ("State", Align::Left),
        ("Action", Align::Left),
        ("User name", Align::Left),
        ("Contact", Align::Left),
        ("Customer", Align::Left),
        ("Role", Align::Left),
        ("Age", Align::Right),
        ("Waits for", Align::Left),
    ]);
    for row in rows {
        let waits = row.failure.as_deref().or(row.waits_for.as_deref()).or(row.waiting_reason.as_deref());
        table.row([
            &row.number,
            title(&row.state),
            Action::parse(&row.action).map_or(row.action.as_str(), |a| a.title()),
            &row.user_name,
            &row.contact,
            row.customer.as_deref().unwrap_or("–"),
            &row.role,
            &ago(row.created_at, now),
            waits.unwrap_or("–"),
        ]);
    }
    table
}

fn title(state: &str) -> &str {
    UserRequestState::parse(state).map_or(state, |known| known.title())
}

fn page(card: &UserRequestCard, now: i64) -> String {
    let row = &card.row;
    let action = Action::parse(&row.action).map_or(row.action.as_str(), |a| a.title());
    let mut page = Page::new(&format!("{}  {action} {}  {}", row.number, row.user_name, title(&row.state)));
    page.section("User request");
    page.field("Type", Some(&row.kind));
    page.field("Action", Some(action));
    page.field("Contact", Some(&format!("{} {}", row.contact, row.contact_name)));
    let customer =
        row.customer.as_ref().map(|c| format!("{c} {}", row.customer_name.as_deref().unwrap_or("")));
    page.field("Customer", customer.as_deref());
    page.field("Sign-up", row.signup.as_deref());
    page.field("Role", Some(&row.role));
    page.field("E-mail", Some(&row.email));
    page.field("Logon by", Some(&row.authentication.replace('_', " ")));
    page.field("Justification", row.justification.as_deref());
    page.field("Asked by", row.originator.as_deref());
    page.field("Waits for", row.waits_for.as_deref());
    page.field("Waits, because", row.waiting_reason.as_deref());
    page.field("Came back, because", row.change_note.as_deref());
    page.field("Failed, because", row.failure.as_deref());
    let stopped = card.stopped.and(card.cause.as_ref());
    let stopped = stopped.map(|(cause, culprit)| match culprit {
        Some(culprit) => format!("{cause} ({culprit})"),
        None => cause.clone(),
    });
    page.field("Stopped, because", stopped.as_deref());
    page.field("Stopped at", card.stopped_at.as_deref());
    page.field("Workflow", card.workflow.as_deref());
    page.field("Portal", hook(card, now).as_deref());
    page.field("Submitted", row.submitted_at.map(|at| wall(at, now)).as_deref());
    page.field("Completed", row.completed_at.map(|at| wall(at, now)).as_deref());
    if !card.turns.is_empty() {
        page.section("Turns");
        let rounds = card.turns.iter().map(|line| line.round).max().unwrap_or(1);
        for line in &card.turns {
            let round = if rounds > 1 { format!("{}. ", line.round) } else { String::new() };
            page.line(&format!("{round}{}", turn(line, now)));
        }
    }
    if !card.similar.is_empty() {
        page.section("Decided before, of the same customer or contact");
        for line in &card.similar {
            let by = line.decided_by.as_ref().map_or_else(String::new, |login| format!(" by {login}"));
            let what = Action::parse(&line.action).map_or(line.action.as_str(), |a| a.title());
            let ended = wall(line.at, now);
            page.line(&format!("{}  {what} {}  {} {ended}{by}", line.number, line.user_name, line.state));
        }
    }
    if !card.questions.is_empty() {
        page.section("Questions");
        for q in &card.questions {
            page.line(&format!("{} asks {}: {}", q.by, q.of, q.question));
            let answer = q.answer.as_ref().map(|answer| format!("  {}: {answer}", q.of));
            page.line(answer.as_deref().unwrap_or("  no answer yet"));
        }
    }
    page.done()
}

/// How the office's portal follows, in words.
fn hook(card: &UserRequestCard, now: i64) -> Option<String> {
    let hook = card.hook.as_ref()?;
    let next = hook.next_at.map_or_else(String::new, |at| format!(", next try {}", wall(at, now)));
    let why = hook.last_error.as_ref().map_or_else(String::new, |why| format!(": {why}"));
    Some(match hook.state.as_str() {
        "done" => format!("was told {}", hook.done_at.map_or_else(String::new, |at| wall(at, now))),
        "failed" => format!("was not told after {}{why}", tries(hook.attempts)),
        "held" => format!("will be told{next}"),
        "cancelled" => "is not told: it was undone".into(),
        other => format!("{other}, {}{next}{why}", tries(hook.attempts)),
    })
}

fn tries(attempts: i64) -> String {
    if attempts == 1 { "1 try".into() } else { format!("{attempts} tries") }
}

fn turn(line: &TurnLine, now: i64) -> String {
    let state = line.state.replace('_', " ");
    let due = line.due_at.map_or_else(String::new, |at| format!(", due {}", wall(at, now)));
    let done = line
        .decided_at
        .map_or_else(String::new, |at| format!(" {} after {}", wall(at, now), ago(line.since, at)));
    let due = if line.decided_at.is_none() { format!(", since {}{due}", wall(line.since, now)) } else { due };
    let reason = line.reason.as_ref().or(line.note.as_ref()).map_or_else(String::new, |r| format!(": {r}"));
    let state = if line.overridden { format!("{state} by override") } else { state };
    let reason =
        if line.fields.is_empty() { reason } else { format!("{reason} [{}]", line.fields.join(", ")) };
    format!("{}  {state}  {} ({}){due}{done}{reason}", line.step, line.who, line.because)
}
