//! Who may change what about staff: asked by the screen before it offers, and by the door before it writes (house.md,
//! sentence 4).

use super::permission::{Actor, Allowed, Permission};
use super::refusal::Refusal;

/// What is to be changed about a member of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// In which language mail reaches them, and whether with a digest: everybody says so for themselves.
    Personal,
    /// Anything else.
    Office,
}

/// Whether `actor` may change this about the member of staff with the row `staff`.
pub fn may_edit(actor: &Actor, staff: i64, change: Change) -> Result<Allowed, Refusal> {
    let own = change == Change::Personal && actor.staff_id() == Some(staff);
    actor.allow(if own { Permission::StaffView } else { Permission::StaffManage })
}

/// Whether `actor` may set or end deputies of the member of staff with the row `staff`: one's own need no right.
pub fn may_set_deputy(actor: &Actor, staff: i64) -> Result<Allowed, Refusal> {
    if actor.staff_id() == Some(staff) {
        return Ok(actor.by_rule());
    }
    actor.allow(Permission::DeputyManage)
}

/// Whether `actor` may change a queue and its members: who manages staff, or looks after it under the login `admin`.
pub fn may_change_queue(actor: &Actor, admin: &str) -> Result<Allowed, Refusal> {
    if actor.staff_id().is_some() && actor.login == admin {
        return Ok(actor.by_rule());
    }
    actor.allow(Permission::StaffManage)
}
