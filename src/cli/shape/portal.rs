//! Portal users and user requests as JSON; never a secret.

use serde_json::{Value, json};

use super::{head, maybe_time, with};
use crate::desk::query::customer::PortalUserRow;
use crate::desk::query::user_request::UserRequestRow;

/// A portal user; the user name is the number.
pub fn portal_user(row: &PortalUserRow) -> Value {
    let head = head(&row.user_name, &row.state, row.version, (row.created_at, row.updated_at));
    with(
        head,
        json!({
            "user_name": row.user_name,
            "contact": row.contact,
            "role": row.role,
            "authentication": row.authentication,
            "user_request": row.user_request,
            "logon": row.logon,
        }),
    )
}

/// A user request.
pub fn user_request(row: &UserRequestRow) -> Value {
    let head = head(&row.number, &row.state, row.version, (row.created_at, row.updated_at));
    with(
        head,
        json!({
            "type": row.kind,
            "action": row.action,
            "contact": row.contact,
            "customer": row.customer,
            "signup": row.signup,
            "role": row.role,
            "email": row.email,
            "authentication": row.authentication,
            "user_name": row.user_name,
            "originator": row.originator,
            "waiting_reason": row.waiting_reason,
            "failure": row.failure,
            "rule": row.rule,
            "submitted_at": maybe_time(row.submitted_at),
            "completed_at": maybe_time(row.completed_at),
        }),
    )
}
