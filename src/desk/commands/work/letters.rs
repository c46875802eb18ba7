//! The letters of workflows: to staff, one per person and event (mail.md, When). Who has no address gets none; the
//! Work tab counts without mail.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use crate::desk::cx::Cx;
use crate::desk::error::Result;
use crate::desk::query::office::Office;
use crate::desk::store::work::{self as store, Loaded};
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::mail::{Letter, MailEvent, Mailbox};
use crate::domain::workflow::instance::{Instance, InstanceState, Item, ItemKind, ItemState, Verdict};
use crate::domain::workflow::machine::Notice;
use crate::domain::workflow::{Document, People, Person};

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
    if item.kind == ItemKind::Approval {
        people.retain(|p| p.decides);
    }
    let barred = crate::desk::commands::user_request::barred(cx.conn, loaded.document_id)?;
    if matches!(notice, Notice::Assigned | Notice::Escalated) {
        people.retain(|p| item.assigned.is_some() || !barred.contains(&p.person));
    }
    let mut letters = Vec::new();
    // Who makes a turn their own knows it; who closed the step before may be the only one for the next, and must be told.
    let own = |p: &Person| Some(p.id) == cx.actor.staff_id();
    let given = item.because == format!("reassigned by {}", cx.actor.login);
    let alone = notice == Notice::Assigned && !given && people.iter().filter(|p| p.active).all(own);
    for person in people.iter().filter(|p| p.active && (alone || !own(p))) {
        if let Some(mut letter) = to_staff(cx, event(notice), person, &loaded)? {
            about_item(&mut letter.values, item, &loaded);
            letters.push(letter);
        }
    }
    Ok(letters)
}

fn notice(event: MailEvent) -> Option<Notice> {
    let all = [
        Notice::Assigned,
        Notice::Delegated,
        Notice::DueSoon,
        Notice::Overdue,
        Notice::Escalated,
        Notice::ChangeRequested,
    ];
    all.into_iter().find(|notice| self::event(*notice) == event)
}

/// What can be typed about a document, one command a line; all but the first are set in as templates set in the first.
fn commands(event: MailEvent, document: Document, number: &str) -> String {
    let lines = match event {
        MailEvent::WorkChangeRequested => {
            let noun = match document {
                Document::UserRequest => "user-request",
                Document::Proposal => "change",
                Document::AccountRequest => "request",
            };
            vec![format!("{noun} edit {number}"), format!("{noun} submit {number}")]
        }
        MailEvent::WorkDecided | MailEvent::WorkAnswered => vec![format!("history {number}")],
        MailEvent::WorkAsked => vec![format!("work answer {number} --answer TEXT")],
        MailEvent::WorkStopped => vec![format!("work resume {number} --reason TEXT")],
        _ => vec![
            format!("decide {number} approve"),
            format!("decide {number} reject --reason TEXT"),
            format!("decide {number} request-change --field FIELD --reason TEXT"),
        ],
    };
    lines.iter().map(|line| format!("countersign {line}")).collect::<Vec<_>>().join("\n  ")
}

/// What a letter says by the names of its placeholders.
pub type Values = BTreeMap<&'static str, String>;

fn about_item(values: &mut Values, item: &Item, loaded: &Loaded) {
    values.insert("step", format!("{} · {}", loaded.workflow, item.step_name));
    values.insert("because", item.because.clone());
    if let Some(due) = item.timing.due_at {
        values.insert("due", due.to_string());
    }
    if let Some(note) = item.note.as_ref().or(item.reason.as_ref()) {
        values.insert("text", note.clone());
    }
    if !item.fields.is_empty() {
        values.insert("fields", item.fields.join(", "));
    }
}

/// What every letter about a document tells.
fn of_document(conn: &Connection, id: i64) -> Result<Values> {
    let summary = crate::desk::commands::user_request::summary(conn, id)?;
    Ok(Values::from([
        ("title", summary.title),
        ("customer", summary.customer),
        ("values", summary.table),
        ("since", summary.since.to_string()),
    ]))
}

/// What such a letter would say of a user request as it stands; for previews.
pub fn preview(conn: &Connection, event: MailEvent, (id, number): (i64, &str)) -> Result<Values> {
    let mut values = of_document(conn, id)?;
    values.insert("command", commands(event, Document::UserRequest, number));
    let Some(instance) = store::newest_of(conn, Document::UserRequest, id)? else { return Ok(values) };
    let loaded = store::load(conn, instance)?;
    if let Some(submitter) = &loaded.instance.submitter {
        values.insert("who", submitter.name.clone());
    }
    if let (Some(_), Some(item)) = (notice(event), loaded.instance.items.last()) {
        about_item(&mut values, item, &loaded);
    }
    if event == MailEvent::WorkChangeRequested
        && let Some(item) = loaded.instance.items.iter().rev().find(|i| i.kind == ItemKind::Change)
    {
        about_item(&mut values, item, &loaded);
    }
    if event == MailEvent::WorkDecided {
        let ended = |i: &&Item| matches!(i.state, ItemState::Approved | ItemState::Rejected);
        let last = loaded.instance.items.iter().rev().find(ended);
        // What is not decided yet would be told of an approval, as most are.
        let rejected = loaded.instance.state == InstanceState::Rejected;
        let verdict = if rejected { ItemState::Rejected } else { ItemState::Approved };
        values.insert("verdict", verdict.as_str().into());
        if let Some(item) = last {
            values.extend(item.reason.clone().map(|reason| ("text", reason)));
            let office = Office::new(conn);
            let decider = item.decided_by.and_then(|id| office.by_id(id));
            office.done()?;
            values.extend(decider.map(|person| ("decider", person.name)));
        }
    }
    if event == MailEvent::WorkStopped {
        values.extend(loaded.instance.cause.clone().map(|cause| ("text", cause)));
        values.insert("culprit", culprit_at(conn, &loaded, &loaded.instance)?);
    }
    Ok(values)
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
    let office = Office::new(cx.conn);
    let decider = last.and_then(|i| i.decided_by).and_then(|id| office.by_id(id)).map(|p| p.name);
    office.done()?;
    Ok(letter.map(|mut letter| {
        letter.values.insert("verdict", verdict.state().as_str().into());
        letter.values.extend(decider.map(|name| ("decider", name)));
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
            letter.values.insert("culprit", culprit_at(cx.conn, loaded, instance)?);
            letters.push(letter);
        }
    }
    Ok(letters)
}

/// Who or what is at fault, and the step it happened at.
fn culprit_at(conn: &Connection, loaded: &Loaded, instance: &Instance) -> Result<String> {
    let culprit = instance.culprit.clone().unwrap_or_default();
    let rules = crate::desk::commands::workflow::rule_set(conn, loaded.rule_set)?;
    let found = rules.workflows.iter().find(|w| w.document == loaded.document && w.name == loaded.workflow);
    Ok(match found.and_then(|w| w.steps.get(instance.step)) {
        Some(step) => format!("{culprit}; {} · {}", loaded.workflow, step.name),
        None => culprit,
    })
}

/// Tells somebody that they were asked.
pub fn asked(
    cx: &Cx<'_>,
    loaded: &Loaded,
    (by, of): (&Person, &Person),
    question: &str,
) -> Result<Option<Letter>> {
    Ok(to_staff(cx, MailEvent::WorkAsked, of, loaded)?.map(|mut letter| {
        letter.values.insert("asker", by.name.clone());
        letter.values.insert("text", question.to_owned());
        letter
    }))
}

/// Asks the person outside whom the document is about.
pub fn asked_outside(cx: &Cx<'_>, id: i64, question: &str) -> Result<Letter> {
    let (number, mut letter) = cx
        .conn
        .prepare_cached(
            "select u.number, u.email, trim(coalesce(k.first_name, '') || ' ' || k.last_name), k.language
             from user_request u join contact k on k.id = u.contact_id where u.id = ?1",
        )?
        .query_row([id], |r| {
            let (number, name): (String, String) = (r.get(0)?, r.get(2)?);
            let language: Option<String> = r.get(3)?;
            let to = Mailbox { address: r.get(1)?, name: Some(name) };
            let record = RecordRef::new(RecordKind::UserRequest, id, number.clone());
            Ok((number, cx.letter(MailEvent::ContactAsked, to, language.as_deref(), &record)))
        })?;
    letter.values.extend(letter.to.name.clone().map(|name| ("name", name)));
    letter.values.insert("number", number);
    letter.values.insert("text", question.to_owned());
    Ok(letter)
}

/// Tells whoever asked what was answered, and by whom.
pub fn answered(
    cx: &Cx<'_>,
    loaded: &Loaded,
    (by, to): (&str, &Person),
    (question, answer): (&str, &str),
) -> Result<Option<Letter>> {
    if !to.active || Some(to.id) == cx.actor.staff_id() {
        return Ok(None);
    }
    Ok(to_staff(cx, MailEvent::WorkAnswered, to, loaded)?.map(|mut letter| {
        letter.values.insert("answerer", by.to_owned());
        letter.values.insert("question", question.to_owned());
        letter.values.insert("text", answer.to_owned());
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
    letter.values.extend(of_document(cx.conn, loaded.document_id)?);
    letter.values.insert("command", commands(event, loaded.document, &loaded.number));
    if let Some(submitter) = &loaded.instance.submitter {
        letter.values.insert("who", submitter.name.clone());
    }
    Ok(Some(letter))
}
