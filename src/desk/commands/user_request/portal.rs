//! What is done about portal users without a request: a reminder of the user name, and the office's program again.

use rusqlite::OptionalExtension;

use super::provision::{load, logon_page};
use super::{RemindUserName, RetryHook};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::hook;
use crate::domain::check::country::likely_language;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::mail::{MailEvent, Mailbox};
use crate::domain::permission::Permission;
use crate::domain::refusal::Refusal;

/// Whom a reminder goes to.
struct Reminded {
    user: RecordRef,
    active: bool,
    email: Option<String>,
    name: String,
    language: Option<String>,
}

fn reminded(cx: &Cx<'_>, user_name: &str) -> Result<Reminded> {
    let found = cx
        .conn
        .prepare_cached(
            "select p.id, p.user_name, p.state, coalesce(k.email, u.email), coalesce(k.first_name || ' ', '') || k.last_name,
               k.language, (select c.country from customer_contact cc join customer c on c.id = cc.customer_id
                            where cc.contact_id = k.id order by cc.id limit 1)
             from portal_user p join contact k on k.id = p.contact_id left join user_request u on u.id = p.user_request_id
             where p.user_name_key = lower(?1)",
        )?
        .query_row([user_name], |r| {
            let (language, country): (Option<String>, Option<String>) = (r.get(5)?, r.get(6)?);
            Ok(Reminded {
                user: RecordRef::new(RecordKind::PortalUser, r.get(0)?, r.get::<_, String>(1)?),
                active: r.get::<_, String>(2)? == "active",
                email: r.get(3)?,
                name: r.get(4)?,
                language: language.or_else(|| country.as_deref().map(|c| likely_language(c).to_owned())),
            })
        })
        .optional()?;
    found.ok_or_else(|| Error::not_found(format!("Portal user “{user_name}”")))
}

impl RemindUserName {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::UserRequestSubmit)?;
        let Reminded { user, active, email, name, language } = reminded(cx, self.user_name.trim())?;
        if !active {
            return Err(Error::Refused(Refusal::new(
                "illegal_move",
                format!("{} is inactive and cannot log on.", user.number),
                "Make a user request that reactivates it first.",
            )));
        }
        let address = email.ok_or_else(|| {
            Error::invalid(
                "email",
                "",
                "is needed: the contact has none",
                "Give the contact an address first.",
            )
        })?;
        let to = Mailbox { address, name: Some(name.clone()) };
        let mut letter = cx.letter(MailEvent::UserNameReminder, to, language.as_deref(), &user);
        letter.values.insert("name", name);
        letter.values.insert("user_name", user.number.clone());
        letter.values.insert("link", logon_page(cx));
        Ok(Done::audited(allowed, Happened::new("user_name_reminded", user))
            .state("active")
            .mail(Some(letter)))
    }
}

impl RetryHook {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::UserRequestSubmit)?;
        let request = load(cx, self.id)?;
        if hook::retry(cx.conn, self.id, cx.now)? == 0 {
            return Err(Error::Refused(Refusal::new(
                "illegal_move",
                format!("{} has nothing that the portal's program failed to take.", request.record.number),
                "`countersign user-request show` says how it stands.",
            )));
        }
        let state = request.state.as_str();
        Ok(Done::audited(allowed, Happened::new("hook_retried", request.record)).state(state))
    }
}
