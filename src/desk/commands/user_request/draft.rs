//! Drafts: made for a contact, edited, deleted.

use rusqlite::{OptionalExtension, params};

use super::conflict::{misfit, open_one};
use super::facts;
use super::provision::load;
use super::submit::apply;
use super::{AfterMaking, DeleteUserRequest, EditUserRequest, IfRefused, NewUserRequest, SubmitUserRequest};
use crate::desk::command::Command;
use crate::desk::commands::signup::create::{checked_user_name, suggest_user_name};
use crate::desk::commands::signup::values::{Values, search_text};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::store::sequence;
use crate::domain::check::email::parse_email;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Permission;
use crate::domain::user_request::{Action, Authentication, UserRequestMove, UserState, offer};

/// What a draft begins with: the contact and the portal user they may have.
struct Contact {
    id: i64,
    name: (Option<String>, String),
    email: Option<String>,
    customer: Option<(i64, String)>,
    user: Option<User>,
}

struct User {
    id: i64,
    user_name: String,
    role: String,
    authentication: String,
    active: bool,
}

fn contact(cx: &Cx<'_>, number: &str) -> Result<Contact> {
    let found = cx
        .conn
        .prepare_cached(
            "select k.id, k.first_name, k.last_name, k.email, k.state, c.id, c.number
             from contact k left join customer_contact cc on cc.contact_id = k.id and cc.active = 1
             left join customer c on c.id = cc.customer_id where k.number = ?1 order by cc.id limit 1",
        )?
        .query_row([number], |r| {
            let customer: (Option<i64>, Option<String>) = (r.get(5)?, r.get(6)?);
            let contact = Contact {
                id: r.get(0)?,
                name: (r.get(1)?, r.get(2)?),
                email: r.get(3)?,
                customer: customer.0.zip(customer.1),
                user: None,
            };
            Ok((contact, r.get::<_, String>(4)? == "active"))
        })
        .optional()?;
    let (mut contact, active) = found.ok_or_else(|| Error::not_found(format!("Contact {number}")))?;
    if !active {
        return Err(Error::invalid("contact", number, "is inactive", "Reactivate the contact first."));
    }
    // Of several, the one that works; else the newest.
    contact.user = cx
        .conn
        .prepare_cached(
            "select id, user_name, role, authentication, state = 'active' from portal_user where contact_id = ?1
             order by state = 'active' desc, id desc limit 1",
        )?
        .query_row([contact.id], |r| {
            Ok(User {
                id: r.get(0)?,
                user_name: r.get(1)?,
                role: r.get(2)?,
                authentication: r.get(3)?,
                active: r.get(4)?,
            })
        })
        .optional()?;
    Ok(contact)
}

fn role(cx: &Cx<'_>, name: &str) -> Result<String> {
    if cx.settings.portal_roles.iter().any(|r| r == name) {
        return Ok(name.to_owned());
    }
    let remedy = format!("Take one of {}.", cx.settings.portal_roles.join(", "));
    Err(Error::invalid("role", name, "is no role of portal users", remedy))
}

fn address(text: &str) -> Result<String> {
    parse_email(text)
        .map(|_| text.trim().to_owned())
        .map_err(|_| Error::invalid("email", text, "is not an e-mail address", "Correct it."))
}

/// What is given though the action changes no such thing is refused, never passed over.
fn fitting(
    action: Action,
    (role, authentication, user_name): (Option<&str>, Option<&str>, Option<&str>),
) -> Result<()> {
    let refuse = |field: &str, value: &str, remedy: &str| {
        Error::invalid(
            field,
            value,
            format!("cannot be given: {} leaves it as it is", action.title()),
            remedy,
        )
    };
    match (role, authentication, user_name) {
        (Some(role), _, _) if !action.gives_role() => {
            Err(refuse("role", role, "Leave it out, or ask for it with the action change_role."))
        }
        (_, Some(way), _) if !action.gives_logon() => Err(refuse(
            "authentication",
            way,
            "Leave it out, or ask for it with the action reset_credentials.",
        )),
        (_, _, Some(name)) if action != Action::Add => {
            Err(refuse("user_name", name, "Leave it out; only add gives a user name."))
        }
        _ => Ok(()),
    }
}

impl NewUserRequest {
    /// The portal user it is about; the refusal where the action does not fit.
    fn about<'u>(&self, cx: &Cx<'_>, (contact, number): (&'u Contact, &str)) -> Result<Option<&'u User>> {
        let invalid = |problem: &str, remedy: &str| {
            Err(Error::invalid("action", self.action.as_str(), format!("is not possible: {problem}"), remedy))
        };
        let user = contact.user.as_ref();
        let state =
            user.map_or(UserState::None, |u| if u.active { UserState::Active } else { UserState::Inactive });
        if let Some((why, remedy)) = misfit(self.action, number, (state, user.map(|u| u.user_name.as_str())))
        {
            return invalid(&why, remedy);
        }
        if let Some((other, state)) = open_one(cx, (contact.id, self.action), 0, true)? {
            return invalid(
                &format!("{other}, which is {state}, asks for the same"),
                "Go on with that one, or recall and cancel it first.",
            );
        }
        Ok(user)
    }

    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::UserRequestEdit)?;
        let contact = contact(cx, self.contact.trim())?;
        let user = self.about(cx, (&contact, self.contact.trim()))?;
        let wish = self.user_name.as_deref().map(str::trim).filter(|wish| !wish.is_empty());
        fitting(self.action, (self.role.as_deref(), self.authentication.map(Authentication::as_str), wish))?;
        let justification = self.justification.as_deref().map(str::trim).filter(|j| !j.is_empty());
        if self.action == Action::Inactivate && justification.is_none() {
            return Err(Error::invalid(
                "justification",
                "",
                "is needed",
                "Say why the user is switched off.",
            ));
        }
        let preset = cx.settings.portal_roles.first().cloned().unwrap_or_default();
        let role_name = match (&self.role, user) {
            (Some(name), _) => role(cx, name)?,
            (None, Some(user)) => user.role.clone(),
            (None, None) => preset,
        };
        if let (Action::ChangeRole, Some(user)) = (self.action, user)
            && user.role == role_name
        {
            return Err(Error::invalid("role", &role_name, "is the role they have", "Choose another one."));
        }
        let authentication = match (self.authentication, user) {
            (Some(method), _) => method,
            (None, Some(user)) => {
                Authentication::parse(&user.authentication).unwrap_or(cx.settings.authentication)
            }
            (None, None) => cx.settings.authentication,
        };
        let email = match (&self.email, &contact.email) {
            (Some(given), _) => address(given)?,
            (None, Some(known)) => known.clone(),
            (None, None) => {
                return Err(Error::invalid("email", "", "is needed: the contact has none", "Give one."));
            }
        };
        let user_name = match (user, wish) {
            (Some(user), _) => user.user_name.clone(),
            (None, Some(wish)) => checked_user_name(cx.conn, wish)?,
            (None, _) => {
                let mut given = Values::new();
                given.insert("email".into(), email.clone());
                given.insert("first_name".into(), contact.name.0.clone().unwrap_or_default());
                given.insert("last_name".into(), contact.name.1.clone());
                suggest_user_name(cx.conn, &given)?
            }
        };
        let kind = match self.kind.trim() {
            "" => "customer",
            kind => kind,
        };
        let number = sequence::take(cx, "user_request")?;
        let customer = contact.customer.as_ref();
        let account = customer.map_or("", |(_, number)| number.as_str());
        let search = search_text([number.as_str(), &user_name, &email, account, self.contact.trim()].iter());
        cx.conn
            .prepare_cached(
                "insert into user_request (number, created_at, updated_at, state, type, action, contact_id, customer_id, role, email,
                   authentication, user_name, justification, originator_id, portal_user_id, search)
                 values (?1, ?2, ?2, 'draft', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )?
            .execute(params![
                number, cx.now, kind, self.action.as_str(), contact.id, customer.map(|(id, _)| id), role_name, email,
                authentication.as_str(), user_name, justification, cx.actor.staff_id(), user.map(|u| u.id), search
            ])?;
        let record = RecordRef::new(RecordKind::UserRequest, cx.conn.last_insert_rowid(), number);
        let happened = Happened::new("user_request_made", record.clone())
            .moved("none", "draft")
            .fact("action", self.action.as_str())
            .fact("contact", self.contact);
        let submit = SubmitUserRequest { id: record.id, if_refused: IfRefused::FailNew };
        let done = Done::audited(allowed, happened).made(record);
        Ok(match self.then {
            AfterMaking::KeepDraft => done,
            AfterMaking::Submit => done.then(Command::SubmitUserRequest(submit)),
        })
    }
}

impl EditUserRequest {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let request = load(cx, self.id)?;
        let (allowed, step) = offer(cx.actor, &request.record.number, request.state, UserRequestMove::Edit)?;
        if self.version.is_some_and(|seen| seen != request.version) {
            return Err(Error::Stale {
                message: format!("{} was changed meanwhile.", request.record.number),
                remedy: "Look at it again, then change it.".into(),
            });
        }
        let other =
            |new: Option<&'_ str>, old: &str| new.map(str::trim).filter(|new| *new != old).map(str::to_owned);
        let changed = (
            other(self.role.as_deref(), &request.role),
            other(self.authentication.map(Authentication::as_str), request.authentication.as_str()),
            other(self.user_name.as_deref(), &request.user_name),
        );
        fitting(request.action, (changed.0.as_deref(), changed.1.as_deref(), changed.2.as_deref()))?;
        let role = changed.0.as_deref().map(|name| role(cx, name)).transpose()?;
        let email = self.email.as_deref().map(address).transpose()?;
        let user_name = changed.2.as_deref().map(|wish| checked_user_name(cx.conn, wish)).transpose()?;
        apply(cx, &request, step)?;
        cx.conn
            .prepare_cached(
                "update user_request set role = coalesce(?2, role), email = coalesce(?3, email), authentication = coalesce(?4, authentication),
                   user_name = coalesce(?5, user_name), justification = coalesce(?6, justification), last_edited_by = ?7 where id = ?1",
            )?
            .execute(params![
                self.id, role, email, self.authentication.map(Authentication::as_str), user_name,
                self.justification.as_deref().map(str::trim), cx.actor.staff_id()
            ])?;
        let state = request.state.as_str();
        Ok(Done::audited(allowed, Happened::new("user_request_changed", request.record)).state(state))
    }
}

impl DeleteUserRequest {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let request = load(cx, self.id)?;
        let (allowed, _) = offer(cx.actor, &request.record.number, request.state, UserRequestMove::Delete)?;
        if !facts::may_be_deleted(cx.conn, self.id)? {
            return Err(Error::Refused(facts::in_use(&request.record.number)));
        }
        cx.conn.prepare_cached("delete from user_request where id = ?1")?.execute([self.id])?;
        let happened = Happened::new("user_request_deleted", request.record).moved("draft", "none");
        Ok(Done::audited(allowed, happened).state("deleted"))
    }
}
