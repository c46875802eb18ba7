//! The letters of workflows: to staff, one per person and event (mail.md, When). Who has no address gets none; the
//! Work tab counts without mail.

use rusqlite::OptionalExtension;

use crate::desk::cx::Cx;
use crate::desk::error::Result;
use crate::desk::query::office::Office;
use crate::desk::store::work::{self as store, Loaded};
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::mail::{Letter, MailEvent, Mailbox};
use crate::domain::workflow::instance::{Instance, Item, Verdict};
use crate::domain::workflow::machine::Notice;
use crate::domain::workflow::{People, Person};

fn event(notice: Notice) -> MailEvent {
    match notice {
        Notice::Assigned => MailEvent::WorkAssigned,
        Notice::Delegated => MailEvent::WorkDelegated,
        Notice::DueSoon => MailEvent::WorkDueSoon,
        Notice::Overdue => MailEvent::WorkOverdue,
        Notice::Escalated => MailEvent::WorkEscalated,
        Notice::ChangeRequested => MailEvent::WorkChangeRequested,
    }
}

/// Tells whoever has the item: its person and their deputy, or the members of the role or queue that holds it.
pub fn of_item(cx: &Cx<'_>, notice: Notice, item: i64) -> Result<Vec<Letter>> {
    let (loaded, at) = store::of_item(cx.conn, item)?;
    let item = &loaded.instance.items[at];
    let office = Office::new(cx.conn);
    let mut people: Vec<Person> = match (item.assigned, &item.role, &item.queue) {
        (Some(id), _, _) => {
            [Some(id), item.deputy].into_iter().flatten().filter_map(|id| office.by_id(id)).collect()
        }
        (None, Some(role), _) => office.role(role).unwrap_or_default(),
        (None, None, Some(queue)) => office.queue(queue).map(|(_, members)| members).unwrap_or_default(),
        (None, None, None) => Vec::new(),
    };
    office.done()?;
    let barred = crate::desk::commands::user_request::barred(cx.conn, loaded.document_id)?;
    if matches!(notice, Notice::Assigned | Notice::Escalated) {
        people.retain(|p| item.assigned.is_some() || !barred.contains(&p.person));
    }
    let mut letters = Vec::new();
    for person in people.iter().filter(|p| p.active && Some(p.id) != cx.actor.staff_id()) {
        if let Some(mut letter) = to_staff(cx, event(notice), person, &loaded)? {
            about_item(&mut letter, item, &loaded);
            letters.push(letter);
        }
    }
    Ok(letters)
}

fn about_item(letter: &mut Letter, item: &Item, loaded: &Loaded) {
    letter.values.insert("step", format!("{} · {}", loaded.workflow, item.step_name));
    letter.values.insert("because", item.because.clone());
    if let Some(due) = item.timing.due_at {
        letter.values.insert("due", due.to_string());
    }
    if let Some(note) = item.note.as_ref().or(item.reason.as_ref()) {
        letter.values.insert("text", note.clone());
    }
    if !item.fields.is_empty() {
        letter.values.insert("fields", item.fields.join(", "));
    }
    letter.values.insert("command", format!("countersign decide {} approve", loaded.number));
}

/// Tells the originator how it was decided; one letter, never twins.
pub fn decided(cx: &Cx<'_>, loaded: &Loaded, verdict: Verdict) -> Result<Option<Letter>> {
    let Some(to) =
        loaded.instance.submitter.as_ref().filter(|p| p.active && Some(p.id) != cx.actor.staff_id())
    else {
        return Ok(None);
    };
    let letter = to_staff(cx, MailEvent::WorkDecided, to, loaded)?;
    let instance = store::load(cx.conn, loaded.id)?.instance;
    let last = instance.items.iter().rev().find(|i| i.state == verdict.state());
    Ok(letter.map(|mut letter| {
        letter.values.insert("verdict", verdict.state().as_str().into());
        if let Some(reason) = last.and_then(|i| i.reason.clone()) {
            letter.values.insert("text", reason);
        }
        letter
    }))
}

/// Tells the workflow's owner, or the administrators, that an instance was stopped.
pub fn stopped(
    cx: &Cx<'_>,
    loaded: &Loaded,
    instance: &Instance,
    owner: Option<&str>,
) -> Result<Vec<Letter>> {
    let office = Office::new(cx.conn);
    let owner = owner.and_then(|login| office.by_login(login)).filter(|p| p.active);
    let people = owner.map_or_else(|| office.role("administrator").unwrap_or_default(), |p| vec![p]);
    office.done()?;
    let mut letters = Vec::new();
    for person in people.iter().filter(|p| Some(p.id) != cx.actor.staff_id()) {
        if let Some(mut letter) = to_staff(cx, MailEvent::WorkStopped, person, loaded)? {
            letter.values.insert("text", instance.cause.clone().unwrap_or_default());
            letter.values.insert("culprit", instance.culprit.clone().unwrap_or_default());
            letters.push(letter);
        }
    }
    Ok(letters)
}

/// Tells somebody that they were asked.
pub fn asked(
    cx: &Cx<'_>,
    loaded: &Loaded,
    (by, of): (&Person, &Person),
    question: &str,
) -> Result<Option<Letter>> {
    Ok(to_staff(cx, MailEvent::WorkAsked, of, loaded)?.map(|mut letter| {
        letter.values.insert("who", by.name.clone());
        letter.values.insert("text", question.to_owned());
        letter
    }))
}

/// A letter to a member of staff about a document, with what every such letter tells; none without an address.
fn to_staff(cx: &Cx<'_>, event: MailEvent, to: &Person, loaded: &Loaded) -> Result<Option<Letter>> {
    let found: Option<(Option<String>, String)> = cx
        .conn
        .prepare_cached("select email, language from staff where id = ?1")?
        .query_row([to.id], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let Some((Some(address), language)) =
        found.filter(|(email, _)| email.as_ref().is_some_and(|e| !e.is_empty()))
    else {
        return Ok(None);
    };
    let record = RecordRef::new(RecordKind::UserRequest, loaded.document_id, loaded.number.clone());
    let mailbox = Mailbox { address, name: Some(to.name.clone()) };
    let mut letter = cx.letter(event, mailbox, Some(&language), &record);
    letter.values.insert("name", to.name.clone());
    letter.values.insert("number", loaded.number.clone());
    let summary = crate::desk::commands::user_request::summary(cx.conn, loaded.document_id)?;
    letter.values.insert("title", summary.title);
    letter.values.insert("customer", summary.customer);
    letter.values.insert("values", summary.table);
    letter
        .values
        .insert("who", loaded.instance.submitter.as_ref().map_or("the applicant".into(), |p| p.name.clone()));
    letter.values.insert("since", summary.since.to_string());
    Ok(Some(letter))
}
