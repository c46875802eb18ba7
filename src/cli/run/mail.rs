//! `countersign mail …`: the outbox; sending is in `send`.

use std::collections::BTreeMap;

use serde_json::json;

use super::batch::{Job, carry_out, find};
use super::list::{self, Listing, Pages};
use super::send;
use super::signup::single;
use super::text::{Page, ago, wall};
use crate::cli::args::{List, Write};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::mail::{Mail, Preview};
use crate::cli::output::{Form, Output};
use crate::cli::session::Session;
use crate::cli::shape;
use crate::cli::table::{Align, Table};
use crate::desk::commands::mail::{CancelMail, ReleaseQueue, RetryMail, TestMail};
use crate::desk::query::mail::{FILTER, MailCard, MailRow, SORTS, STATES};
use crate::desk::query::{Anchor, Order};
use crate::desk::{Command, Reader};
use crate::domain::check::country::likely_language;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::mail::{Kind, Letter, MailEvent, Mailbox, Recipient, Standing, readable};
use crate::domain::permission::{Actor, Permission};

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
        Mail::Preview(asked) => preview(session, &asked, out),
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

/// The mail as it would go out for a real record, with everything secret masked (mail.md, Templates).
fn preview(session: &Session, asked: &Preview, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::MailView)?;
    let event = MailEvent::parse(&asked.event.replace('-', "_")).ok_or_else(|| {
        let known: Vec<&str> = MailEvent::all().map(MailEvent::as_str).collect();
        Failure::usage(format!("there is no mail event “{}”", asked.event))
            .remedy(format!("Take one of {}.", known.join(", ")))
    })?;
    let record = reader.find(&asked.number).map_err(|error| Failure::from(error).about(&asked.number))?;
    let about = match event.recipient() {
        Recipient::Staff => about_staff(&reader, &actor, &record)?,
        Recipient::Applicant | Recipient::Contact | Recipient::Typed => about(&reader, &record)?,
    };
    let of_document = match record.kind {
        RecordKind::UserRequest => reader.letter_values(event, &record)?,
        _ => BTreeMap::new(),
    };
    let mut values = BTreeMap::new();
    for placeholder in event.placeholders() {
        if let Some(known) = of_document.get(placeholder.name) {
            values.insert(placeholder.name, known.clone());
            continue;
        }
        let known = match placeholder.name {
            "name" => about.name.clone(),
            "number" => record.number.clone(),
            "user_name" => about.user_name.clone(),
            "role" => about.role.clone(),
            "text" => "(the text to the recipient)".into(),
            "command" => "countersign work list".into(),
            "sender" => actor.name.clone(),
            "hours" => session.settings().link_hours.to_string(),
            _ => match placeholder.kind {
                Kind::When => session.now().to_string(),
                Kind::Secret => "•••••••".into(),
                Kind::Link | Kind::SecretLink => link(session, event, placeholder.kind),
                Kind::Name | Kind::Word | Kind::Text => "(not known yet)".into(),
            },
        };
        values.insert(placeholder.name, known);
    }
    let letter = Letter {
        event,
        lang: asked.language.clone().or(about.language).unwrap_or_default(),
        to: Mailbox { address: about.email, name: Some(about.name) },
        record: None,
        values,
        message_id: "<preview@localhost>".into(),
        date: session.now(),
        references: Vec::new(),
    };
    let rendered = session.options.render.render(&letter).map_err(|problem| {
        Failure::new(Exit::Failed, "invalid", format!("{}: {}", problem.template, problem.problem))
            .remedy(problem.remedy)
            .about(&record.number)
    })?;
    let text = readable(&rendered.bytes);
    let value = json!({
        "event": event.as_str(), "number": record.number, "to": letter.to.address, "language": rendered.lang,
        "subject": rendered.subject, "message": text,
    });
    out.record(&value, &text)?;
    Ok(Exit::Done)
}

/// The link that such a mail would hold, with its secret hidden.
fn link(session: &Session, event: MailEvent, kind: Kind) -> String {
    let settings = session.settings();
    let verification = matches!(event, MailEvent::SignupReceived | MailEvent::SignupResent);
    let url = if verification { settings.verify_url.as_deref().unwrap_or("") } else { &settings.portal_url };
    let hidden = url.replace("{code}", "HIDDEN").replace("{token}", "HIDDEN");
    if hidden == url && !url.is_empty() && kind == Kind::SecretLink {
        return format!("{url}?token=HIDDEN");
    }
    hidden
}

/// Whom a mail about a record goes to.
struct About {
    name: String,
    email: String,
    language: Option<String>,
    user_name: String,
    role: String,
}

/// A letter to staff goes to whoever looks, about a user request; or to the member of staff who is named.
fn about_staff(reader: &Reader, actor: &Actor, record: &RecordRef) -> Result<About, Failure> {
    let id = match record.kind {
        RecordKind::Staff => Some(record.id),
        RecordKind::UserRequest => actor.staff_id(),
        RecordKind::Signup
        | RecordKind::Customer
        | RecordKind::Contact
        | RecordKind::PortalUser
        | RecordKind::Template
        | RecordKind::Role
        | RecordKind::Queue
        | RecordKind::RuleSet
        | RecordKind::Mail => {
            return Err(Failure::usage(format!("staff get no mail about {}", record.number))
                .remedy("Give a user request, or a login."));
        }
    };
    let row = reader.staff()?.into_iter().find(|row| Some(row.id) == id);
    let row = row.ok_or_else(|| Failure::usage("only a member of staff gets such a mail"))?;
    let email = row.email.ok_or_else(|| {
        let message = format!("{} has no address, so nothing is mailed to them", row.login);
        Failure::new(Exit::Failed, "invalid", message)
            .remedy(format!("Give one: `countersign staff edit {} --email ADDRESS`.", row.login))
    })?;
    Ok(About {
        name: row.name,
        email,
        language: Some(row.language),
        user_name: String::new(),
        role: String::new(),
    })
}

fn about(reader: &Reader, record: &RecordRef) -> Result<About, Failure> {
    let of_contact = |number: &str, user_name: String, role: String| -> Result<About, Failure> {
        let contact = reader.contact(find(reader, RecordKind::Contact, number)?.id)?;
        Ok(About {
            name: format!("{} {}", contact.first_name.unwrap_or_default(), contact.last_name)
                .trim()
                .to_owned(),
            email: contact.email.unwrap_or_default(),
            language: contact.language,
            user_name,
            role,
        })
    };
    match record.kind {
        RecordKind::Signup => {
            let card = reader.signup(record.id)?;
            let value = |name: &str| {
                card.fields.iter().find(|(field, _)| *field == name).and_then(|(_, value)| value.clone())
            };
            Ok(About {
                name: card.row.contact.clone(),
                email: card.row.email.clone(),
                language: value("language").or_else(|| Some(likely_language(&card.row.country).to_owned())),
                user_name: reader.suggested_user_name(record.id)?,
                role: String::new(),
            })
        }
        RecordKind::UserRequest => {
            let row = reader.user_request(record.id)?;
            of_contact(&row.contact, row.user_name, row.role)
        }
        RecordKind::PortalUser => {
            let row = reader.portal_user(&record.number)?;
            of_contact(&row.contact, row.user_name, row.role)
        }
        RecordKind::Contact => {
            let user = reader.contact(record.id)?.portal_user.unwrap_or_else(|| "(none yet)".into());
            of_contact(&record.number, user, String::new())
        }
        RecordKind::Customer
        | RecordKind::Template
        | RecordKind::Staff
        | RecordKind::Role
        | RecordKind::Queue
        | RecordKind::RuleSet
        | RecordKind::Mail => Err(Failure::usage(format!("nobody gets mail about {}", record.number))
            .remedy("Give a sign-up, contact, portal user or user request.")),
    }
}
