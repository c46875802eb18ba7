//! Two requests for one contact that cannot both be carried out: a second one is refused with the number of the first,
//! when it is made, when it is submitted, and once more by the task.

use rusqlite::{OptionalExtension, params};

use super::provision::Request;
use crate::desk::cx::Cx;
use crate::desk::error::Result;
use crate::domain::user_request::{Action, UserRequestState, UserState};

/// The portal user that a request is about; for add the one that its contact has already for the same customer, for a
/// person may be the contact of several and have a logon for each.
pub(super) fn user_of(cx: &Cx<'_>, request: &Request) -> Result<(UserState, Option<String>)> {
    let sql = if request.action == Action::Add {
        "select p.user_name, p.state = 'active' from user_request u join portal_user p on p.contact_id = u.contact_id
         left join user_request o on o.id = p.user_request_id
         where u.id = ?1 and (o.id is null or o.customer_id is u.customer_id) order by p.state = 'active' desc, p.id desc limit 1"
    } else {
        "select p.user_name, p.state = 'active' from user_request u join portal_user p on p.id = u.portal_user_id where u.id = ?1"
    };
    let found: Option<(String, bool)> = cx
        .conn
        .prepare_cached(sql)?
        .query_row([request.record.id], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    Ok(match found {
        None => (UserState::None, None),
        Some((name, true)) => (UserState::Active, Some(name)),
        Some((name, false)) => (UserState::Inactive, Some(name)),
    })
}

/// Number and state of another request for the same contact that makes this one pointless or wrong; drafts count only
/// where `drafts` says so, for who submits first comes first.
pub(super) fn open_one(
    cx: &Cx<'_>,
    (contact, action): (i64, Action),
    except: i64,
    drafts: bool,
) -> Result<Option<(String, &'static str)>> {
    // A role may be asked for again while another is decided, and a password as well; these may not.
    if !matches!(action, Action::Add | Action::Inactivate | Action::Reactivate) {
        return Ok(None);
    }
    let found: Option<(String, String)> = cx
        .conn
        .prepare_cached(
            "select number, state from user_request where contact_id = ?1 and action = ?2 and id <> ?3
               and (state in ('submitted', 'pending_approval', 'approved', 'pending_completion') or (?4 and state = 'draft'))
               and (?3 = 0 or customer_id is (select customer_id from user_request where id = ?3))
             order by id limit 1",
        )?
        .query_row(params![contact, action.as_str(), except, drafts], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    Ok(found.map(|(number, state)| {
        (number, UserRequestState::parse(&state).map_or("open", UserRequestState::title))
    }))
}

/// Why an action does not fit the portal user that somebody has now, in words that follow “is not possible: ”, and the
/// remedy; none: it does.
pub(super) fn misfit(
    action: Action,
    whose: &str,
    (state, name): (UserState, Option<&str>),
) -> Option<(String, &'static str)> {
    if action.fits(state) {
        return None;
    }
    let name = name.unwrap_or_default();
    Some(match (action, state) {
        (Action::Add, UserState::Inactive) => {
            (format!("{whose} has the portal user {name}, which is inactive"), "Reactivate that one.")
        }
        (Action::Add, _) => {
            (format!("{whose} has the portal user {name} already"), "Change or reset that one.")
        }
        (Action::Reactivate, UserState::Active) => {
            ("the portal user is active".into(), "Reset the credentials instead.")
        }
        (_, UserState::None) => (format!("{whose} has no portal user"), "Add one first."),
        (Action::ChangeRole | Action::Inactivate | Action::ResetCredentials | Action::Reactivate, _) => {
            ("the portal user is inactive".into(), "Reactivate it first.")
        }
    })
}
