//! The automated tasks on a portal user that is there already, and the notice to the originator. Each says explicitly
//! whether it was done (workflow.md, Provisioning).

use rusqlite::{OptionalExtension, params};

use super::provision::{Request, credentials, failed_or, load, logon_letter};
use super::{ChangeUser, InactivateUser, NotifyOriginator};
use crate::desk::command::Command;
use crate::desk::commands::work::{ContinueWorkflow, TaskOutcome};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::Result;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::mail::{Letter, MailEvent, Mailbox};
use crate::domain::user_request::Action;
use crate::domain::workflow::Document;
use crate::domain::workflow::instance::{Item, ItemState, Verdict};

/// The portal user a request is about: row, and whether it is active.
fn user(cx: &Cx<'_>, request: &Request) -> Result<Option<(RecordRef, bool)>> {
    Ok(cx
        .conn
        .prepare_cached(
            "select p.id, p.user_name, p.state = 'active' from portal_user p join user_request u on u.portal_user_id = p.id where u.id = ?1",
        )?
        .query_row([request.record.id], |r| {
            Ok((RecordRef::new(RecordKind::PortalUser, r.get(0)?, r.get::<_, String>(1)?), r.get(2)?))
        })
        .optional()?)
}

fn letter(cx: &Cx<'_>, request: &Request, event: MailEvent) -> Letter {
    let to = Mailbox { address: request.email.clone(), name: Some(request.name.clone()) };
    let mut letter = cx.letter(event, to, request.language.as_deref(), &request.record);
    letter.values.insert("name", request.name.clone());
    letter.values.insert("user_name", request.user_name.clone());
    letter
}

/// Tells the workflow that its task is done.
pub(super) fn done(id: i64) -> Command {
    Command::ContinueWorkflow(ContinueWorkflow {
        document: Document::UserRequest,
        id,
        outcome: TaskOutcome::Done,
    })
}

impl ChangeUser {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let request = load(cx, self.id)?;
        failed_or(cx, request, "user_changed", |cx, request| {
            let Some((user, active)) = user(cx, request)? else {
                return Ok(Err("the portal user is not there any more".into()));
            };
            if request.action.gives_role() && !cx.settings.portal_roles.contains(&request.role) {
                let role = &request.role;
                return Ok(Err(format!(
                    "the portal role “{role}” does not exist; add it to create.roles, then try again"
                )));
            }
            match request.action {
                Action::ChangeRole if !active => {
                    Ok(Err("the portal user is inactive; reactivate it, then try again".into()))
                }
                Action::ChangeRole => {
                    cx.conn
                        .prepare_cached("update portal_user set role = ?2, version = version + 1, updated_at = ?3 where id = ?1")?
                        .execute(params![user.id, request.role, cx.now])?;
                    let mut letter = letter(cx, request, MailEvent::AccountChanged);
                    letter.values.insert("role", request.role.replace('_', " "));
                    Ok(Ok((user, Some(letter))))
                }
                Action::Reactivate | Action::ResetCredentials => {
                    if request.action == Action::ResetCredentials && !active {
                        return Ok(Err("the portal user is inactive; reactivate it instead".into()));
                    }
                    let mut letter = logon_letter(cx, request);
                    let (hash, expires) = credentials(cx, request, user.id, &mut letter)?;
                    cx.conn
                        .prepare_cached(
                            "update portal_user set state = 'active', authentication = ?2, password_hash = ?3, password_expires_at = ?4,
                               must_change = ?5, version = version + 1, updated_at = ?6 where id = ?1",
                        )?
                        .execute(params![
                            user.id, request.authentication.as_str(), hash, expires, hash.is_some(), cx.now
                        ])?;
                    Ok(Ok((user, Some(letter))))
                }
                Action::Add | Action::Inactivate => {
                    Ok(Err(format!("change_user cannot {}; put the rule file right", request.action.title())))
                }
            }
        })
    }
}

impl InactivateUser {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let request = load(cx, self.id)?;
        failed_or(cx, request, "user_inactivated", |cx, request| {
            let Some((user, active)) = user(cx, request)? else {
                return Ok(Err("the portal user is not there any more".into()));
            };
            if request.action != Action::Inactivate {
                return Ok(Err(format!(
                    "inactivate_user cannot {}; put the rule file right",
                    request.action.title()
                )));
            }
            cx.conn
                .prepare_cached(
                    "update portal_user set state = 'inactive', password_hash = null, password_expires_at = null, must_change = 0,
                       version = version + 1, updated_at = ?2 where id = ?1",
                )?
                .execute([user.id, cx.now])?;
            cx.conn
                .prepare_cached("update logon_token set revoked_at = ?2 where portal_user_id = ?1 and revoked_at is null and used_at is null")?
                .execute([user.id, cx.now])?;
            // Who was switched off before is not told again.
            let letter = active.then(|| letter(cx, request, MailEvent::AccountInactivated));
            Ok(Ok((user, letter)))
        })
    }
}

impl NotifyOriginator {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let request = load(cx, self.id)?;
        let newest = crate::desk::store::work::newest_of(cx.conn, Document::UserRequest, self.id)?;
        let letter = match newest {
            Some(id) => {
                let loaded = crate::desk::store::work::load(cx.conn, id)?;
                // A decision of this round was told when the last vote was cast: one letter, never twins.
                let told = |i: &Item| i.state == ItemState::Approved && i.round == loaded.instance.round;
                if loaded.instance.items.iter().any(told) {
                    None
                } else {
                    crate::desk::commands::work::letters::decided(cx, &loaded, Verdict::Approve)?
                }
            }
            None => None,
        };
        let happened = Happened::new("originator_told", request.record);
        Ok(Done::audited(cx.actor.by_rule(), happened).mail(letter).then(done(self.id)))
    }
}
