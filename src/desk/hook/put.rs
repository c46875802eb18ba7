//! An event is written in the transaction of the task that causes it.

use rusqlite::params;
use serde_json::json;

use crate::desk::cx::Cx;
use crate::desk::error::Result;
use crate::desk::settings::ProvisionHook;
use crate::domain::date::to_rfc3339;
use crate::domain::user_request::Action;

/// Queues what became of portal user `user` by user request `request`; nothing where the office has no program for it.
pub(in crate::desk) fn queue(cx: &Cx<'_>, (request, user): (i64, i64), action: Action) -> Result<()> {
    if cx.settings.provision_hook == ProvisionHook::Off {
        return Ok(());
    }
    let payload = payload(cx, (request, user), action)?;
    // What nobody on the staff did, nobody can undo: it need not wait.
    let grace = if cx.actor.staff_id().is_some() { 1000 * cx.settings.grace_seconds } else { 0 };
    cx.conn
        .prepare_cached(
            "insert into provision_event (created_at, updated_at, entry_id, user_request_id, portal_user_id, payload, state, next_at)
             values (?1, ?1, (select entry_id from history_open), ?2, ?3, ?4, 'held', ?5)",
        )?
        .execute(params![cx.now, request, user, payload, cx.now + grace])?;
    Ok(())
}

/// The user as it is now. No secret is in it: neither hash nor token is read.
fn payload(cx: &Cx<'_>, (request, user): (i64, i64), action: Action) -> Result<String> {
    let value = cx
        .conn
        .prepare_cached(
            "select p.user_name, p.state, p.role, p.authentication, u.number, u.type, u.email, k.number, k.first_name, k.last_name,
               k.email, k.language, c.number, c.name
             from portal_user p join contact k on k.id = p.contact_id join user_request u on u.id = ?1
             left join customer c on c.id = u.customer_id where p.id = ?2",
        )?
        .query_row([request, user], |r| {
            let text = |i: usize| r.get::<_, Option<String>>(i);
            let customer = match (text(12)?, text(13)?) {
                (Some(number), name) => json!({ "number": number, "name": name }),
                (None, _) => serde_json::Value::Null,
            };
            Ok(json!({
                "action": action.as_str(), "at": to_rfc3339(cx.now), "user_request": text(4)?, "type": text(5)?,
                "user_name": text(0)?, "state": text(1)?, "role": text(2)?, "authentication": text(3)?, "email": text(6)?,
                "contact": {
                    "number": text(7)?, "first_name": text(8)?, "last_name": text(9)?, "email": text(10)?, "language": text(11)?,
                },
                "customer": customer,
            }))
        })?;
    Ok(value.to_string())
}
