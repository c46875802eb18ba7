//! `countersign mail preview`: a letter as it would go out about a real record, secrets masked.

use std::collections::BTreeMap;

use serde_json::json;

use super::batch::find;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::mail::Preview;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::desk::Reader;
use crate::desk::query::staff::StaffRow;
use crate::desk::query::work_list::Turns;
use crate::domain::check::country::likely_language;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::mail::{Kind, Letter, MailEvent, Mailbox, Recipient, readable};
use crate::domain::permission::{Actor, Permission};
use crate::domain::workflow::Document;

/// The mail as it would go out for a real record, with everything secret masked (mail.md, Templates).
pub fn run(session: &Session, asked: &Preview, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::MailView)?;
    let event = MailEvent::parse(&asked.event.replace('-', "_")).ok_or_else(|| {
        let known: Vec<&str> = MailEvent::all().map(MailEvent::as_str).collect();
        Failure::usage(format!("there is no mail event “{}”", asked.event))
            .remedy(format!("Take one of {}.", known.join(", ")))
    })?;
    let record = reader.find(&asked.number).map_err(|error| Failure::from(error).about(&asked.number))?;
    let about = match event.recipient() {
        Recipient::Staff => about_staff(&reader, (&actor, event), &record)?,
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

/// Who would get such a letter about a user request as it stands: the first of those whose turn it is, of whoever asked or
/// was asked, or the originator; a login. None: nobody now.
fn addressee(
    reader: &Reader,
    (actor, event): (&Actor, MailEvent),
    record: &RecordRef,
) -> Result<Option<String>, Failure> {
    let card = reader.user_request_card(actor, record.id)?;
    Ok(match event {
        MailEvent::WorkDecided | MailEvent::WorkChangeRequested => card.row.originator,
        MailEvent::WorkAsked => {
            card.questions.iter().rev().find(|question| !question.outside).map(|question| question.of.clone())
        }
        MailEvent::WorkAnswered => card.questions.last().map(|question| question.by.clone()),
        _ => {
            let turns = reader.turns(Turns::On(Document::UserRequest, record.id))?;
            let holder = turns.first().map(|turn| turn.holder.clone());
            match holder.as_deref().and_then(|holder| holder.strip_prefix("role ")) {
                Some(role) => {
                    let with_it = |row: &StaffRow| row.active && row.roles.iter().any(|held| held == role);
                    let originator = card.row.originator;
                    let mut staff = reader.staff()?.into_iter().filter(with_it);
                    staff.find(|row| Some(&row.login) != originator.as_ref()).map(|row| row.login)
                }
                None => holder,
            }
        }
    })
}

/// A letter to staff goes to whoever would get it, about a user request, else to whoever looks; or to the member of staff
/// who is named.
fn about_staff(
    reader: &Reader,
    (actor, event): (&Actor, MailEvent),
    record: &RecordRef,
) -> Result<About, Failure> {
    let staff = reader.staff()?;
    let id = match record.kind {
        RecordKind::Staff => Some(record.id),
        RecordKind::UserRequest => {
            let login = addressee(reader, (actor, event), record)?;
            let found = staff.iter().find(|row| Some(&row.login) == login.as_ref() && row.email.is_some());
            found.map(|row| row.id).or(actor.staff_id())
        }
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
    let row = staff.into_iter().find(|row| Some(row.id) == id);
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
