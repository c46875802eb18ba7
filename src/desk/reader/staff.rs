//! What a reader tells of staff, roles, deputies and queues.

use super::Reader;
use crate::desk::error::Result;
use crate::desk::query::staff::{self, DeputyRow, LeaverRow, QueueRow, RoleRow, StaffRow};

impl Reader {
    /// All staff by login.
    pub fn staff(&self) -> Result<Vec<StaffRow>> {
        staff::all(&self.conn, self.now())
    }

    /// All roles with permissions and holders.
    pub fn roles(&self) -> Result<Vec<RoleRow>> {
        staff::roles(&self.conn)
    }

    /// All rules of absence, by person; over and ended ones too.
    pub fn deputies(&self) -> Result<Vec<DeputyRow>> {
        staff::deputies(&self.conn, self.now())
    }

    /// All queues, in the order in which they are asked.
    pub fn queues(&self) -> Result<Vec<QueueRow>> {
        staff::queues(&self.conn)
    }

    /// What hangs on one person; without one: on everybody who is inactive.
    pub fn leavers(&self, id: Option<i64>) -> Result<Vec<LeaverRow>> {
        match id {
            Some(id) => Ok(vec![staff::leaver(&self.conn, id, self.now())?]),
            None => staff::leavers(&self.conn, self.now()),
        }
    }
}
