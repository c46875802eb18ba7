//! *Create*: customer (unless existing), contact and user request in one transaction, then the request goes to its
//! rule set (registration.md, Creating the customer).

use rusqlite::{Connection, OptionalExtension, params};

use super::decide::remember;
use super::moving::{apply, look, offered, record, values};
use super::values::{Values, value};
use super::{ApproveSignup, CreateCustomer, Twin};
use crate::desk::command::Command;
use crate::desk::commands::customer::{Contact, NewRecord, insert_contact, insert_customer, link_contact};
use crate::desk::commands::template;
use crate::desk::commands::user_request::{IfRefused, SubmitUserRequest};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::query::customer::{ContactRow, Origin, Preset, contacts_by_email};
use crate::desk::settings::Settings;
use crate::desk::store::duplicates::{self, Asking};
use crate::desk::store::sequence;
use crate::domain::customer::{FIELDS, field, normalise};
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::refusal::Refusal;
use crate::domain::signup::SignupMove;
use crate::domain::text::fold;

/// Hits at or above this are remembered as “not a duplicate” when a new customer is made anyway.
const SAID_ANYWAY: i64 = 50;

/// On a Verified sign-up, *create* is approve and create: one command for the reader, two entries in history.
pub(in crate::desk) fn unfold(conn: &Connection, command: Box<CreateCustomer>) -> Result<Vec<Command>> {
    let state: Option<String> = conn
        .prepare_cached("select state from signup where id = ?1")?
        .query_row([command.subject.id], |r| r.get(0))
        .optional()?;
    if state.as_deref() != Some("verified_by_user") {
        return Ok(vec![Command::CreateCustomer(command)]);
    }
    let approve =
        ApproveSignup { subject: command.subject.clone(), note: command.note.clone(), override_reason: None };
    let mut create = command;
    create.subject.seen = None;
    Ok(vec![Command::ApproveSignup(approve), Command::CreateCustomer(create)])
}

impl CreateCustomer {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let card = look(cx, &self.subject)?;
        let (allowed, step) = offered(cx, &card, SignupMove::Create)?;
        let signup = record(&card);
        let given = values(&card);
        let role =
            self.role.clone().or_else(|| cx.settings.portal_roles.first().cloned()).unwrap_or_default();
        if !cx.settings.portal_roles.contains(&role) {
            let remedy = format!("Take one of {}.", cx.settings.portal_roles.join(", "));
            return Err(Error::invalid("role", &role, "is no role of portal users", remedy));
        }
        let customer = match &self.existing {
            Some(number) => existing(cx, number)?,
            None => self.new_customer(cx, &signup, &given)?,
        };
        if self.existing.is_some() && self.contact.is_none() && self.twin == Twin::Refuse {
            no_twin(cx, &customer, value(&given, "email").unwrap_or(""))?;
        }
        let contact = self.contact(cx, &given)?;
        link_contact(cx, customer.id, contact.id)?;
        let user_name = self.user_name(cx, &given)?;
        let request = self.request(
            cx,
            (&signup, &customer, &contact),
            (&role, &user_name),
            value(&given, "email").unwrap_or(""),
        )?;
        let to = apply(
            cx,
            &card,
            step,
            &[("customer_id", &customer.id), ("contact_id", &contact.id), ("user_request_id", &request.id)],
        )?;
        let happened = Happened::new("customer_created", signup)
            .moved(step.from.as_str(), to.as_str())
            .note(self.note.as_deref())
            .fact("customer", customer.number.clone())
            .fact("contact", contact.number.clone())
            .fact("user_request", request.number.clone())
            .fact("existing", self.existing.is_some());
        let submit = SubmitUserRequest { id: request.id, if_refused: IfRefused::StayDraft };
        let done = Done::audited(allowed, happened);
        let done = if self.existing.is_some() { done } else { done.made(customer) };
        Ok(done.made(contact).made(request).then(Command::SubmitUserRequest(submit)))
    }

    fn new_customer(&self, cx: &Cx<'_>, signup: &RecordRef, given: &Values) -> Result<RecordRef> {
        for hit in duplicates::of_signup(cx.conn, signup.id, Asking::for_all(cx.settings))? {
            if hit.record.kind == RecordKind::Customer && hit.percent >= SAID_ANYWAY {
                remember(cx, signup.id, &hit.record.number)?;
            }
        }
        let mut record = Values::new();
        for preset in presets(cx.conn, cx.settings, given, self.template.as_deref())? {
            record.insert(preset.field.to_owned(), preset.value);
        }
        for (name, text) in &self.values {
            // What was emptied in the dialog stays empty, whatever sign-up or template say.
            if text.trim().is_empty() {
                record.remove(name);
            } else {
                record.insert(name.clone(), text.clone());
            }
        }
        insert_customer(
            cx,
            &NewRecord {
                values: record,
                template: self.template.clone(),
                external_id: None,
                signup: Some(signup.id),
            },
        )
    }

    fn contact(&self, cx: &Cx<'_>, given: &Values) -> Result<RecordRef> {
        if let Some(number) = &self.contact {
            let found = cx
                .conn
                .prepare_cached("select id from contact where number = ?1 and state = 'active'")?
                .query_row([number], |r| r.get(0))
                .optional()?;
            let id = found.ok_or_else(|| Error::not_found(format!("Active contact {number}")))?;
            return Ok(RecordRef::new(RecordKind::Contact, id, number.clone()));
        }
        let get = |n| value(given, n).map(str::to_owned);
        insert_contact(
            cx,
            &Contact {
                first_name: get("first_name"),
                last_name: get("last_name").unwrap_or_default(),
                job_title: get("job_title"),
                email: get("email"),
                phone: get("phone"),
                language: get("language"),
                country: get("country"),
            },
        )
    }

    /// What the dialog says, or a free name made from the applicant's wish.
    fn user_name(&self, cx: &Cx<'_>, given: &Values) -> Result<String> {
        if let Some(name) = self.user_name.as_deref().map(str::trim).filter(|n| !n.is_empty()) {
            return checked_user_name(cx.conn, name);
        }
        suggest_user_name(cx.conn, given)
    }

    fn request(
        &self,
        cx: &Cx<'_>,
        (signup, customer, contact): (&RecordRef, &RecordRef, &RecordRef),
        (role, user_name): (&str, &str),
        email: &str,
    ) -> Result<RecordRef> {
        let number = sequence::take(cx, "user_request")?;
        let authentication = self.authentication.unwrap_or(cx.settings.authentication);
        let search = super::values::search_text(
            [number.as_str(), user_name, email, &customer.number, &contact.number].iter(),
        );
        cx.conn
            .prepare_cached(
                "insert into user_request (number, created_at, updated_at, state, type, action, contact_id, customer_id,
                   signup_id, role, email, authentication, user_name, originator_id, search)
                 values (?1, ?2, ?2, 'draft', 'customer', 'add', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                number, cx.now, contact.id, customer.id, signup.id, role, email, authentication.as_str(), user_name,
                cx.actor.staff_id(), search
            ])?;
        Ok(RecordRef::new(RecordKind::UserRequest, cx.conn.last_insert_rowid(), number))
    }
}

/// A contact of that customer with that address is taken instead of a second one (registration.md, Creating the customer).
fn no_twin(cx: &Cx<'_>, customer: &RecordRef, email: &str) -> Result<()> {
    let there = contacts_by_email(cx.conn, email)?;
    let of_theirs = |contact: &&ContactRow| contact.customers.iter().any(|(n, _)| *n == customer.number);
    let Some(first) = there.iter().find(of_theirs) else { return Ok(()) };
    let name = format!("{} {}", first.first_name.as_deref().unwrap_or_default(), first.last_name);
    let message =
        format!("{} of {} ({}) has the address {email} already.", first.number, customer.number, name.trim());
    let remedy = format!("Take it with --contact {}, or make a second one with --new-contact.", first.number);
    Err(Refusal::new("contact_exists", message, remedy).into())
}

fn existing(cx: &Cx<'_>, number: &str) -> Result<RecordRef> {
    let found: Option<(i64, String)> = cx
        .conn
        .prepare_cached("select id, state from customer where number = ?1")?
        .query_row([number], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    match found {
        None => Err(Error::not_found(format!("Customer {number}"))),
        Some((_, state)) if state == "inactive" => Err(Error::invalid(
            "existing",
            number,
            "is inactive",
            "Take another customer, or make a new one.",
        )),
        Some((id, _)) => Ok(RecordRef::new(RecordKind::Customer, id, number)),
    }
}

/// The values a new customer would get: sign-up over template over the office's default, each with its origin.
pub(in crate::desk) fn presets(
    conn: &Connection,
    settings: &Settings,
    given: &Values,
    template: Option<&str>,
) -> Result<Vec<Preset>> {
    let template = template.map(|name| template::values_of(conn, name)).transpose()?.unwrap_or_default();
    let mut presets = Vec::new();
    for field in FIELDS {
        let from_signup = match field.name {
            "name" => value(given, "company"),
            "party_kind" => None,
            other => value(given, other),
        };
        let (text, from) = match (from_signup, template.get(field.name)) {
            (Some(text), _) => (text.to_owned(), Origin::Signup),
            (None, Some(text)) => (text.clone(), Origin::Template),
            (None, None) => match field.name {
                "party_kind" => ("organisation".to_owned(), Origin::Default),
                "language" => (settings.office_language.clone(), Origin::Default),
                _ => continue,
            },
        };
        presets.push(Preset { field: field.name, value: text, from });
    }
    Ok(presets)
}

/// A value of the dialog put into shape.
pub(in crate::desk) fn shaped(name: &str, text: &str) -> Result<String> {
    let field = field(name).ok_or_else(|| {
        let known: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
        Error::invalid(name, text, "is no field of a customer", format!("Fields are {}.", known.join(", ")))
    })?;
    normalise(field, text).map_err(|problem| {
        // The error names the value itself.
        let value = format!("“{}” ", text.trim());
        Error::invalid(name, text, problem.strip_prefix(&value).unwrap_or(&problem), "Correct it.")
    })
}

/// A user name that somebody chose, if it is usable and free.
pub(in crate::desk) fn checked_user_name(conn: &Connection, name: &str) -> Result<String> {
    if name.chars().count() > 64 || tidy(name) != name.to_lowercase() {
        return Err(Error::invalid(
            "user_name",
            name,
            "is not usable as a user name",
            "Use at most 64 letters, digits, dots, hyphens.",
        ));
    }
    if taken(conn, name)? {
        return Err(Error::invalid("user_name", name, "is taken", "Leave it out to get a free one."));
    }
    Ok(name.to_owned())
}

/// A user name that nobody has: the applicant's wish, else their address, else their name.
pub(in crate::desk) fn suggest_user_name(conn: &Connection, given: &Values) -> Result<String> {
    let local = value(given, "email").and_then(|e| e.rsplit_once('@')).map(|(l, _)| l.to_owned());
    let name =
        format!("{}.{}", value(given, "first_name").unwrap_or(""), value(given, "last_name").unwrap_or(""));
    let wishes = [value(given, "user_name").map(str::to_owned), local, Some(name)];
    let base = wishes
        .into_iter()
        .flatten()
        .map(|w| tidy(&w))
        .find(|w| !w.is_empty())
        .unwrap_or_else(|| "user".into());
    let name = |n: u32| if n == 1 { base.clone() } else { format!("{base}{n}") };
    // Thousands write from an `info@`: look in doubling steps, then between the last two.
    let (mut low, mut high) = (0, 1);
    while taken(conn, &name(high))? {
        (low, high) =
            (high, high.checked_mul(2).ok_or_else(|| Error::Bug(format!("no free user name near {base}")))?);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if taken(conn, &name(middle))? { low = middle } else { high = middle }
    }
    Ok(name(high))
}

/// Lower case, letters and digits of ASCII with dots and hyphens between them, at most 60.
fn tidy(wish: &str) -> String {
    let kept: String = wish
        .trim()
        .split(|c: char| !(c.is_alphanumeric()))
        .map(fold)
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(".");
    let separators: String = wish.to_lowercase();
    if separators.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@'))
        && !separators.is_empty()
    {
        return separators.chars().take(60).collect();
    }
    kept.replace(' ', ".").chars().take(60).collect()
}

fn taken(conn: &Connection, name: &str) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "select exists (select 1 from portal_user where user_name_key = lower(?1))
               or exists (select 1 from user_request where lower(user_name) = lower(?1) and action = 'add'
                          and state not in ('completed', 'rejected', 'canceled'))",
        )?
        .query_row([name], |r| r.get(0))?)
}
