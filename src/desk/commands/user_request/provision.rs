//! User requests: submit hands them to the active rule set (workflow.md, User requests). The built-in rule set
//! is one automated task, `provision_user`, that runs at once in the same transaction.

/// Submits a draft, or tries failed provisioning again.
#[derive(Debug, Clone)]
pub struct SubmitUserRequest {
    /// Row id.
    pub id: i64,
}

/// The automated task of the built-in rule set: portal user, role and logon, and the mail that tells of it.
#[derive(Debug, Clone)]
pub struct ProvisionUser {
    /// Row id of the user request.
    pub id: i64,
}

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use rand::RngExt;
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::desk::command::Command;
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::store::history::hex;
use crate::domain::check::country::likely_language;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::lifecycle::{By, Step, Target};
use crate::domain::mail::{Letter, MailEvent, Mailbox};
use crate::domain::permission::{Allowed, Permission};
use crate::domain::refusal::Refusal;
use crate::domain::user_request::{Authentication, UserRequestMove, UserRequestState, step};

/// The name of the built-in rule set, as history gives it.
const RULE: &str = "built-in: provision_user at once";

/// No letter that is read as another; 18 of 56 are 104 bits.
const PASSWORD_LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
const PASSWORD_LENGTH: usize = 18;

/// What provisioning reads of a request.
struct Request {
    record: RecordRef,
    state: UserRequestState,
    contact_id: i64,
    contact_active: bool,
    name: String,
    language: Option<String>,
    role: String,
    email: String,
    authentication: Authentication,
    user_name: String,
}

fn load(cx: &Cx<'_>, id: i64) -> Result<Request> {
    let found = cx
        .conn
        .prepare_cached(
            "select u.number, u.state, u.contact_id, k.state = 'active', coalesce(k.first_name || ' ', '') || k.last_name,
               k.language, c.country, u.role, u.email, u.authentication, u.user_name
             from user_request u join contact k on k.id = u.contact_id left join customer c on c.id = u.customer_id
             where u.id = ?1",
        )?
        .query_row([id], |r| {
            let (state, authentication): (String, String) = (r.get(1)?, r.get(9)?);
            let (language, country): (Option<String>, Option<String>) = (r.get(5)?, r.get(6)?);
            Ok(Request {
                record: RecordRef::new(RecordKind::UserRequest, id, r.get::<_, String>(0)?),
                state: UserRequestState::parse(&state).unwrap_or(UserRequestState::Draft),
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

/// The row of the table for a move, with the proof that this actor may make it.
fn legal(
    cx: &Cx<'_>,
    request: &Request,
    mv: UserRequestMove,
) -> Result<(Allowed, &'static Step<UserRequestState, UserRequestMove>)> {
    let step = step(request.state, mv).ok_or_else(|| {
        Refusal::new(
            "illegal_move",
            format!("{} is {}: {mv:?} is not possible.", request.record.number, request.state.title())
                .replace("Submit", "submit"),
            "Only a Draft, or one whose provisioning failed, can be submitted.",
        )
    })?;
    let allowed = match step.by {
        By::Staff(permission) => cx.actor.allow(permission)?,
        By::Applicant | By::Clock => cx.actor.allow(Permission::UserRequestSubmit)?,
    };
    Ok((allowed, step))
}

/// Moves a request along `step`; gives the state it has now.
fn apply(
    cx: &Cx<'_>,
    request: &Request,
    step: &Step<UserRequestState, UserRequestMove>,
) -> Result<UserRequestState> {
    let to = match step.to {
        Target::To(state) => state,
        Target::Same | Target::Before => step.from,
    };
    let moved = cx
        .conn
        .prepare_cached("update user_request set state = ?3, version = version + 1, updated_at = ?4 where id = ?1 and state = ?2")?
        .execute(params![request.record.id, step.from.as_str(), to.as_str(), cx.now])?;
    if moved == 1 {
        return Ok(to);
    }
    Err(Error::Stale {
        message: format!("{} was moved meanwhile.", request.record.number),
        remedy: "Look at it again.".into(),
    })
}

impl SubmitUserRequest {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let request = load(cx, self.id)?;
        let failed = request.state == UserRequestState::PendingCompletion;
        let mv = if failed { UserRequestMove::Retry } else { UserRequestMove::Submit };
        let (allowed, step) = legal(cx, &request, mv)?;
        if !cx.settings.workflow_active {
            return Err(Error::Refused(Refusal::new(
                "no_rule_set",
                format!("{} stays in Draft: no rule set for user requests is active.", request.record.number),
                "Set workflow.enabled, then submit it.",
            )));
        }
        let to = apply(cx, &request, step)?;
        cx.conn
            .prepare_cached("update user_request set submitted_at = coalesce(submitted_at, ?2), waiting_reason = null, failure = null where id = ?1")?
            .execute([self.id, cx.now])?;
        let happened = Happened::new("user_request_submitted", request.record)
            .moved(step.from.as_str(), to.as_str())
            .fact("rule", RULE);
        Ok(Done::audited(allowed, happened).then(Command::ProvisionUser(ProvisionUser { id: self.id })))
    }
}

impl ProvisionUser {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let request = load(cx, self.id)?;
        match obstacle(cx, &request)? {
            Some(cause) => {
                let (allowed, step) = legal(cx, &request, UserRequestMove::Fail)?;
                let to = apply(cx, &request, step)?;
                cx.conn
                    .prepare_cached("update user_request set failure = ?2 where id = ?1")?
                    .execute(params![self.id, cause])?;
                let note = format!("{}: provisioning failed: {cause}", request.record.number);
                let happened = Happened::new("provisioning_failed", request.record)
                    .moved(step.from.as_str(), to.as_str())
                    .reason(Some(&cause));
                Ok(Done::audited(allowed, happened).note(note))
            }
            None => {
                let (allowed, step) = legal(cx, &request, UserRequestMove::Complete)?;
                let (user, letter) = provision(cx, &request)?;
                let to = apply(cx, &request, step)?;
                cx.conn
                    .prepare_cached("update user_request set completed_at = ?2, portal_user_id = ?3, rule = ?4 where id = ?1")?
                    .execute(params![self.id, cx.now, user.id, RULE])?;
                let happened = Happened::new("user_provisioned", request.record)
                    .moved(step.from.as_str(), to.as_str())
                    .fact("user_name", user.number.clone())
                    .fact("rule", RULE);
                Ok(Done::audited(allowed, happened).mail(Some(letter)).made(user))
            }
        }
    }
}

/// What keeps the user from being made: an explicit failure with its cause, never “created but disabled”.
fn obstacle(cx: &Cx<'_>, request: &Request) -> Result<Option<String>> {
    if !request.contact_active {
        return Ok(Some("the contact is inactive; reactivate it, then submit again".into()));
    }
    if cx.settings.portal_url.is_empty() && request.authentication == Authentication::SetPasswordLink {
        return Ok(Some(
            "office.portal_url is not set, so there is no set-password link; set it, then submit again"
                .into(),
        ));
    }
    if !cx.settings.portal_roles.contains(&request.role) {
        return Ok(Some(format!(
            "the portal role “{}” does not exist; add it to create.roles, then submit again",
            request.role
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
    let event = match request.authentication {
        Authentication::SetPasswordLink => MailEvent::LogonLink,
        Authentication::TemporaryPassword => MailEvent::LogonTemporary,
        Authentication::ExternalSso => MailEvent::LogonSso,
    };
    let to = Mailbox { address: request.email.clone(), name: Some(request.name.clone()) };
    let mut letter = cx.letter(event, to, request.language.as_deref(), &request.record);
    letter.values.insert("name", request.name.clone());
    letter.values.insert("user_name", request.user_name.clone());
    let password = (request.authentication == Authentication::TemporaryPassword).then(password);
    let password_hash = password.as_deref().map(password_hash).transpose()?;
    let expires = password.is_some().then(|| cx.now + cx.settings.password_hours * 3_600_000);
    cx.conn
        .prepare_cached(
            "insert into portal_user (created_at, updated_at, state, user_name, user_name_key, contact_id, role, authentication,
               password_hash, password_expires_at, must_change, user_request_id)
             values (?1, ?1, 'active', ?2, lower(?2), ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            cx.now, request.user_name, request.contact_id, request.role, request.authentication.as_str(), password_hash,
            expires, password.is_some(), request.record.id
        ])?;
    let user = RecordRef::new(RecordKind::PortalUser, cx.conn.last_insert_rowid(), request.user_name.clone());
    match request.authentication {
        Authentication::SetPasswordLink => {
            let token = token(cx, user.id, &letter.message_id)?;
            letter.values.insert("link", link(&cx.settings.portal_url, &token));
            letter.values.insert("hours", cx.settings.link_hours.to_string());
        }
        Authentication::TemporaryPassword => {
            letter.values.insert("password", password.expect("made above for this method"));
            letter.values.insert("link", logon_page(cx));
            letter.values.insert("hours", cx.settings.password_hours.to_string());
        }
        Authentication::ExternalSso => drop(letter.values.insert("link", logon_page(cx))),
    }
    Ok((user, letter))
}

/// The portal's address for people who need no token: without its parameters where the token is one of them.
fn logon_page(cx: &Cx<'_>) -> String {
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

/// A one-time token of 256 bits; only its SHA-256 stays, and older ones stop working.
fn token(cx: &Cx<'_>, user: i64, message_id: &str) -> Result<String> {
    let bytes: [u8; 32] = rand::rng().random();
    let token = hex(&bytes);
    cx.conn
        .prepare_cached("update logon_token set revoked_at = ?2 where portal_user_id = ?1 and revoked_at is null and used_at is null")?
        .execute([user, cx.now])?;
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
