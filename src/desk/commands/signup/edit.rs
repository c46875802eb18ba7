//! Corrections by staff: every one is kept old → new by the row images, the checks run again.

use rusqlite::{OptionalExtension, ToSql};

use super::moving::{apply, look, offered, record, values};
use super::values::{Values, keys, shape, value};
use super::{AssignSignup, EditSignup, checks, code};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::domain::field::{SIGNUP_FIELDS, signup_field};
use crate::domain::happened::Happened;
use crate::domain::id::RecordRef;
use crate::domain::mail::MailEvent;
use crate::domain::signup::{SignupMove, SignupState};

impl EditSignup {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let card = look(cx, &self.subject)?;
        let (allowed, step) = offered(cx, &card, SignupMove::Edit)?;
        let old = values(&card);
        let mut wanted = old.clone();
        for (name, text) in &self.changes {
            let name = signup_field(name).map_or(name.as_str(), |f| f.name);
            wanted.insert(name.to_owned(), text.clone());
        }
        let new = shape(&wanted, cx.settings)?;
        let changed: Vec<&str> =
            SIGNUP_FIELDS.iter().map(|f| f.name).filter(|n| value(&old, n) != value(&new, n)).collect();
        if changed.is_empty() {
            return Err(Error::invalid(
                "changes",
                "",
                "change nothing",
                "Give at least one field a new value.",
            ));
        }
        let readdressed = keys(&card.row.number, &old).email != keys(&card.row.number, &new).email;
        let keys = keys(&card.row.number, &new);
        let given: Vec<Option<&str>> = changed.iter().map(|n| value(&new, n)).collect();
        let mut columns: Vec<(&str, &dyn ToSql)> =
            changed.iter().zip(&given).map(|(n, v)| (*n, v as &dyn ToSql)).collect();
        columns.extend::<[(&str, &dyn ToSql); 8]>([
            ("company_key", &keys.company),
            ("contact_key", &keys.contact),
            ("email_key", &keys.email),
            ("domain_key", &keys.domain),
            ("phone_key", &keys.phone),
            ("tax_key", &keys.tax),
            ("search", &keys.search),
            ("has_hidden", &keys.hidden),
        ]);
        let waits_for_code = card.row.state == SignupState::Requested;
        let expires = code::expiry(cx)?;
        if readdressed && waits_for_code {
            columns.push(("code_expires_at", &expires));
        }
        let to = apply(cx, &card, step, &columns)?;
        checks::run(cx, &record(&card), &new)?;
        let happened = Happened::new("signup_edited", record(&card))
            .note(self.note.as_deref())
            .fact("fields", changed.join(", "));
        let mut done = Done::audited(allowed, happened).state(to.as_str());
        if readdressed && waits_for_code {
            done = new_code(cx, done, (&record(&card), &new))?;
        } else if readdressed {
            done = done.note("The new e-mail address was not verified.");
        }
        Ok(done)
    }
}

/// A code proves that its holder reads the address it was sent to: a new address needs a new code.
fn new_code(cx: &Cx<'_>, mut done: Done, to: (&RecordRef, &Values)) -> Result<Done> {
    let code = code::make(cx, to.0.id)?;
    done.happened = code::supersede(cx, to.0.id, done.happened)?;
    let letter = code::letter(cx, MailEvent::SignupResent, to, &code)?;
    Ok(done.mail(Some(letter)).note("A new code goes to the new address; the old one stopped working."))
}

/// Whether somebody may do more with a sign-up than look at it.
fn may_work_on_signups(cx: &Cx<'_>, staff: i64) -> Result<bool> {
    Ok(cx
        .conn
        .prepare_cached(
            "select exists (select 1 from staff_role s join role_permission p on p.role_id = s.role_id
             where s.staff_id = ?1 and p.permission like 'signup.%' and p.permission <> 'signup.view')",
        )?
        .query_row([staff], |r| r.get(0))?)
}

impl AssignSignup {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let card = look(cx, &self.subject)?;
        let (allowed, step) = offered(cx, &card, SignupMove::Assign)?;
        let to: Option<i64> = match &self.to {
            None => None,
            Some(login) => Some(
                cx.conn
                    .prepare_cached("select id from staff where login = ?1 and active = 1")?
                    .query_row([login], |r| r.get(0))
                    .optional()?
                    .ok_or_else(|| {
                        Error::invalid(
                            "to",
                            login,
                            "is nobody on the active staff",
                            "`countersign staff list` shows who is.",
                        )
                    })?,
            ),
        };
        if let (Some(id), Some(login)) = (to, &self.to)
            && !may_work_on_signups(cx, id)?
        {
            let remedy = "Take somebody with a role that approves, edits or creates sign-ups.";
            return Err(Error::invalid("to", login, "may do nothing with a sign-up", remedy));
        }
        let state = apply(cx, &card, step, &[("assigned_to", &to)])?;
        let happened = Happened::new("signup_assigned", record(&card))
            .fact("to", self.to.unwrap_or_else(|| "nobody".into()));
        let mut done = Done::audited(allowed, happened);
        done.state = Some(state.as_str());
        Ok(done)
    }
}
