//! `provision_user`: portal user, role and logon in the transaction that queues the mail, and what all tasks share
//! (workflow.md, Provisioning).

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use rand::RngExt;
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::ProvisionUser;
use super::conflict::user_of;
use super::tasks::done;
use crate::desk::command::Command;
use crate::desk::commands::work::{ContinueWorkflow, TaskOutcome};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::hook;
use crate::desk::store::history::hex;
use crate::domain::check::country::likely_language;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::mail::{Letter, MailEvent, Mailbox};
use crate::domain::user_request::{Action, Authentication, UserRequestState};
use crate::domain::workflow::Document;

/// No letter that is read as another; 18 of 56 are 104 bits.
const PASSWORD_LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
const PASSWORD_LENGTH: usize = 18;

/// What tasks read of a request.
pub(super) struct Request {
    pub record: RecordRef,
    pub version: i64,
    pub state: UserRequestState,
    pub action: Action,
    pub contact_id: i64,
    pub contact_active: bool,
    pub name: String,
    pub language: Option<String>,
    pub role: String,
    pub email: String,
    pub authentication: Authentication,
    pub user_name: String,
}

pub(super) fn load(cx: &Cx<'_>, id: i64) -> Result<Request> {
    let found = cx
        .conn
        .prepare_cached(
            "select u.number, u.state, u.contact_id, k.state = 'active', coalesce(k.first_name || ' ', '') || k.last_name,
               k.language, c.country, u.role, u.email, u.authentication, u.user_name, u.version, u.action
             from user_request u join contact k on k.id = u.contact_id left join customer c on c.id = u.customer_id
             where u.id = ?1",
        )?
        .query_row([id], |r| {
            let (state, authentication, action): (String, String, String) = (r.get(1)?, r.get(9)?, r.get(12)?);
            let (language, country): (Option<String>, Option<String>) = (r.get(5)?, r.get(6)?);
            Ok(Request {
                record: RecordRef::new(RecordKind::UserRequest, id, r.get::<_, String>(0)?),
                version: r.get(11)?,
                state: UserRequestState::parse(&state).unwrap_or(UserRequestState::Draft),
                action: Action::parse(&action).unwrap_or(Action::Add),
                contact_id: r.get(2)?,
                contact_active: r.get(3)?,
                name: r.get(4)?,
                language: language.or_else(|| country.as_deref().map(|c| likely_language(c).to_owned())),
                role: r.get(7)?,
                email: r.get(8)?,
                authentication: Authentication::parse(&authentication).unwrap_or(Authentication::SetPasswordLink),
                user_name: r.get(10)?,
            })
        })
        .optional()?;
    found.ok_or_else(|| Error::not_found(format!("User request with id {id}")))
}

/// What a task came to: the portal user and the letter to its person, or the cause why it could not be done.
type Outcome = std::result::Result<(RecordRef, Option<Letter>), String>;

/// Runs a task and tells the workflow how it ended: done, or failed with the cause, never “created but disabled”.
pub(super) fn failed_or(
    cx: &Cx<'_>,
    request: Request,
    kind: &'static str,
    task: impl FnOnce(&Cx<'_>, &Request) -> Result<Outcome>,
) -> Result<Done> {
    let id = request.record.id;
    let allowed = cx.actor.by_rule();
    if request.state != UserRequestState::PendingCompletion {
        return Err(Error::Bug(format!(
            "{} is {}: no task of it runs",
            request.record.number,
            request.state.title()
        )));
    }
    match task(cx, &request)? {
        Err(cause) => {
            let note = format!("{}: provisioning failed: {cause}", request.record.number);
            let outcome = TaskOutcome::Failed(cause.clone());
            let happened = Happened::new("provisioning_failed", request.record).reason(Some(&cause));
            let next = ContinueWorkflow { document: Document::UserRequest, id, outcome };
            Ok(Done::audited(allowed, happened).note(note).then(Command::ContinueWorkflow(next)))
        }
        Ok((user, letter)) => {
            cx.conn
                .prepare_cached("update user_request set portal_user_id = ?2 where id = ?1")?
                .execute(params![id, user.id])?;
            hook::queue(cx, (id, user.id), request.action)?;
            let happened = Happened::new(kind, request.record).fact("user_name", user.number.clone());
            let mut success = Done::audited(allowed, happened).mail(letter).then(done(id));
            if request.action == Action::Add {
                success = success.made(user);
            }
            Ok(success)
        }
    }
}

impl ProvisionUser {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let request = load(cx, self.id)?;
        failed_or(cx, request, "user_provisioned", |cx, request| {
            if request.action != Action::Add {
                return Ok(Err(format!(
                    "provision_user cannot {}; put the rule file right",
                    request.action.title()
                )));
            }
            match obstacle(cx, request)? {
                Some(cause) => Ok(Err(cause)),
                None => provision(cx, request).map(|(user, letter)| Ok((user, Some(letter)))),
            }
        })
    }
}

/// What keeps the user from being made: an explicit failure with its cause, never “created but disabled”.
fn obstacle(cx: &Cx<'_>, request: &Request) -> Result<Option<String>> {
    if !request.contact_active {
        return Ok(Some("the contact is inactive; reactivate it, then try again".into()));
    }
    if cx.settings.portal_url.is_empty() && request.authentication == Authentication::SetPasswordLink {
        return Ok(Some(
            "office.portal_url is not set, so there is no set-password link; set it, then try again".into(),
        ));
    }
    if !cx.settings.portal_roles.contains(&request.role) {
        return Ok(Some(format!(
            "the portal role “{}” does not exist; add it to create.roles, then try again",
            request.role
        )));
    }
    if let (_, Some(user)) = user_of(cx, request)? {
        return Ok(Some(format!(
            "the contact has the portal user {user} already; send it back to draft, then cancel it"
        )));
    }
    let taken: bool = cx
        .conn
        .prepare_cached("select exists (select 1 from portal_user where user_name_key = lower(?1))")?
        .query_row([&request.user_name], |r| r.get(0))?;
    Ok(taken.then(|| format!("the user name “{}” is taken", request.user_name)))
}

/// Portal user and logon, in the transaction that queues the mail (workflow.md, Provisioning).
fn provision(cx: &Cx<'_>, request: &Request) -> Result<(RecordRef, Letter)> {
    let mut letter = logon_letter(cx, request);
    cx.conn
        .prepare_cached(
            "insert into portal_user (created_at, updated_at, state, user_name, user_name_key, contact_id, role, authentication, user_request_id)
             values (?1, ?1, 'active', ?2, lower(?2), ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            cx.now, request.user_name, request.contact_id, request.role, request.authentication.as_str(), request.record.id
        ])?;
    let user = RecordRef::new(RecordKind::PortalUser, cx.conn.last_insert_rowid(), request.user_name.clone());
    let (hash, expires) = credentials(cx, request, user.id, &mut letter)?;
    if hash.is_some() {
        cx.conn
            .prepare_cached("update portal_user set password_hash = ?2, password_expires_at = ?3, must_change = 1 where id = ?1")?
            .execute(params![user.id, hash, expires])?;
    }
    Ok((user, letter))
}

/// The letter that tells how to log on, still without what is secret in it.
pub(super) fn logon_letter(cx: &Cx<'_>, request: &Request) -> Letter {
    let event = match request.authentication {
        Authentication::SetPasswordLink => MailEvent::LogonLink,
        Authentication::TemporaryPassword => MailEvent::LogonTemporary,
        Authentication::ExternalSso => MailEvent::LogonSso,
    };
    let to = Mailbox { address: request.email.clone(), name: Some(request.name.clone()) };
    let mut letter = cx.letter(event, to, request.language.as_deref(), &request.record);
    letter.values.insert("name", request.name.clone());
    letter.values.insert("user_name", request.user_name.clone());
    letter
}

/// New credentials by the request's method, told in the letter alone; older links stop working. Gives the hash of a
/// temporary password and when it expires.
pub(super) fn credentials(
    cx: &Cx<'_>,
    request: &Request,
    user: i64,
    letter: &mut Letter,
) -> Result<(Option<String>, Option<i64>)> {
    cx.conn
        .prepare_cached("update logon_token set revoked_at = ?2 where portal_user_id = ?1 and revoked_at is null and used_at is null")?
        .execute([user, cx.now])?;
    match request.authentication {
        Authentication::SetPasswordLink => {
            let token = token(cx, user, &letter.message_id)?;
            letter.values.insert("link", link(&cx.settings.portal_url, &token));
            letter.values.insert("hours", cx.settings.link_hours.to_string());
            Ok((None, None))
        }
        Authentication::TemporaryPassword => {
            let password = password();
            let hash = password_hash(&password)?;
            letter.values.insert("password", password);
            letter.values.insert("link", logon_page(cx));
            letter.values.insert("hours", cx.settings.password_hours.to_string());
            Ok((Some(hash), Some(cx.now + cx.settings.password_hours * 3_600_000)))
        }
        Authentication::ExternalSso => {
            letter.values.insert("link", logon_page(cx));
            Ok((None, None))
        }
    }
}

/// The portal's address for people who need no token: without its parameters where the token is one of them.
pub(super) fn logon_page(cx: &Cx<'_>) -> String {
    let url = &cx.settings.portal_url;
    let page = if url.contains("{token}") { url.split(['?', '#']).next().unwrap_or("") } else { url };
    if page.contains("{token}") { String::new() } else { page.to_owned() }
}

/// The portal's address with the token in the place of `{token}`, or as its parameter.
fn link(portal: &str, token: &str) -> String {
    if portal.contains("{token}") {
        return portal.replace("{token}", token);
    }
    let join = if portal.contains('?') { '&' } else { '?' };
    format!("{portal}{join}token={token}")
}

/// A one-time token of 256 bits; only its SHA-256 stays.
fn token(cx: &Cx<'_>, user: i64, message_id: &str) -> Result<String> {
    let bytes: [u8; 32] = rand::rng().random();
    let token = hex(&bytes);
    cx.conn
        .prepare_cached("insert into logon_token (portal_user_id, hash, created_at, valid_hours, message_id) values (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![user, hex(&Sha256::digest(&token)), cx.now, cx.settings.link_hours, message_id])?;
    Ok(token)
}

fn password() -> String {
    let mut rng = rand::rng();
    (0..PASSWORD_LENGTH)
        .map(|_| char::from(PASSWORD_LETTERS[rng.random_range(0..PASSWORD_LETTERS.len())]))
        .collect()
}

/// Argon2id with 19 MiB, two passes, one lane (trust.md, Secrets and people).
fn password_hash(password: &str) -> Result<String> {
    let bug = |e: String| Error::Bug(format!("the password could not be hashed: {e}"));
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| bug(e.to_string()))?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password(password.as_bytes()).map(|h| h.to_string()).map_err(|e| bug(e.to_string()))
}
