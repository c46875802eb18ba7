//! `signup create`: the dialog's options as flags; `--dry-run` shows the records before they are made.

use serde_json::{Value, json};

use super::batch::{Job, carry_out, find, printed};
use super::signup::subject;
use super::text::Page;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::shape;
use crate::cli::signup::Create;
use crate::desk::commands::signup::{CreateCustomer, Twin};
use crate::desk::query::customer::{Origin, Preset};
use crate::desk::{Command, Reader};
use crate::domain::customer::field;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Actor;
use crate::domain::user_request::Authentication;

/// Creates, or shows what would be created.
pub fn run(session: &Session, asked: &Create, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    let record = find(&reader, RecordKind::Signup, &asked.one.number)?;
    let command = CreateCustomer {
        subject: subject(&reader, &record, &asked.seen)?,
        existing: number(&reader, RecordKind::Customer, asked.existing.as_deref())?,
        template: template(session, asked),
        values: asked.sets.by_field(),
        contact: number(&reader, RecordKind::Contact, asked.contact.as_deref())?,
        twin: if asked.new_contact { Twin::Make } else { Twin::Refuse },
        role: asked.role.clone(),
        authentication: asked.authentication.as_deref().and_then(Authentication::parse),
        user_name: asked.user_name.clone(),
        note: asked.write.note.clone(),
    };
    if asked.write.dry_run {
        return preview(session, (&reader, &actor, &record), (asked, command), out);
    }
    let job =
        Job { about: Some(record.number.clone()), command: Ok(Command::CreateCustomer(Box::new(command))) };
    carry_out(session, (&actor, &asked.write), vec![job], out)
}

/// The template named, else the office's preset; none under an existing customer.
fn template(session: &Session, asked: &Create) -> Option<String> {
    if asked.existing.is_some() {
        return None;
    }
    let named = asked.template.clone().or_else(|| session.config.create.template.clone());
    named.filter(|name| !name.is_empty())
}

fn number(reader: &Reader, kind: RecordKind, typed: Option<&str>) -> Result<Option<String>, Failure> {
    typed.map(|typed| find(reader, kind, typed).map(|record| record.number)).transpose()
}

fn preview(
    session: &Session,
    (reader, actor, record): (&Reader, &Actor, &RecordRef),
    (asked, command): (&Create, CreateCustomer),
    out: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let contact = command.contact.clone();
    let presets = match command.existing {
        Some(_) => Vec::new(),
        None => reader.presets(record.id, command.template.as_deref())?,
    };
    let existing = command.existing.clone();
    let values = command.values.clone();
    let user_name = match &command.user_name {
        Some(name) => name.clone(),
        None => reader.suggested_user_name(record.id)?,
    };
    let settings = session.settings();
    let role = command.role.clone().or_else(|| settings.portal_roles.first().cloned()).unwrap_or_default();
    let authentication = command.authentication.unwrap_or(settings.authentication);
    let mut results = session.desk()?.preview(actor, vec![Command::CreateCustomer(Box::new(command))]);
    let receipt = results.pop().expect("one command gives one result")?;
    let (receipt, line) = printed(&receipt, &asked.write);
    let fields: Vec<Value> = values
        .iter()
        .map(|(name, value)| json!({ "field": name, "value": value, "from": "flag" }))
        .chain(presets.iter().filter(|p| !values.contains_key(p.field)).map(shape::preset))
        .collect();
    let value = json!({
        "dry_run": true,
        "receipt": receipt,
        "customer": { "existing": existing, "fields": fields },
        "contact": { "existing": contact },
        "user_request": { "user_name": user_name, "role": role, "authentication": authentication.as_str() },
    });
    let mut page = Page::new(&line);
    match &existing {
        Some(number) => {
            page.section("Customer");
            page.field("Existing customer", Some(number));
        }
        None => {
            page.section("New customer");
            values
                .iter()
                .for_each(|(name, value)| page.field(label(name), Some(&format!("{value}  (given)"))));
            presets.iter().filter(|p| !values.contains_key(p.field)).for_each(|p| {
                page.field(label(p.field), Some(&format!("{}{}", p.value, origin(p))));
            });
        }
    }
    page.section("User request");
    page.field("Contact", contact.as_deref().or(Some("new")));
    page.field("User name", Some(&user_name));
    page.field("Role", Some(&role));
    page.field("Logon by", Some(authentication.title()));
    out.record(&value, &page.done())?;
    Ok(Exit::Done)
}

fn label(name: &str) -> &str {
    field(name).map_or(name, |field| field.label)
}

fn origin(preset: &Preset) -> &'static str {
    match preset.from {
        Origin::Signup => "",
        Origin::Template => "  (from template)",
        Origin::Default => "  (default)",
    }
}
