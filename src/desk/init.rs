//! A new office: roles, number sequences, the first administrator. Safe to run twice.

use rusqlite::params;

use super::command::Repeated;
use super::commands::staff::{AddStaff, Traits, insert};
use super::cx::{Cx, Done};
use super::error::Result;
use crate::domain::happened::Happened;
use crate::domain::permission::{ROLES, Who};

/// The person who runs `init` becomes administrator, approver and the rest: whoever is alone needs every role.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    /// Their OS login.
    pub login: String,
    /// Their name.
    pub name: String,
}

impl FirstAdministrator {
    pub(super) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow_as(&Who::Clock)?;
        let done_before: bool = cx.conn.query_row("select exists (select 1 from staff)", [], |r| r.get(0))?;
        for sequence in &cx.settings.sequences {
            cx.conn
                .prepare_cached("insert into number_sequence (name, prefix, next, width) values (?1, ?2, 1, ?3) on conflict do nothing")?
                .execute(params![sequence.name, sequence.prefix, sequence.width])?;
        }
        if done_before {
            let mut done = Done::audited(allowed, Happened { kind: "office_opened", ..Happened::default() });
            done.repeated = Repeated::Yes;
            return Ok(done.note("This office was set up before; nothing was changed."));
        }
        for (name, title, permissions) in ROLES {
            cx.conn
                .prepare_cached(
                    "insert into role (created_at, updated_at, name, title) values (?1, ?1, ?2, ?3)",
                )?
                .execute(params![cx.now, name, title])?;
            let role = cx.conn.last_insert_rowid();
            let mut grant = cx
                .conn
                .prepare_cached("insert into role_permission (role_id, permission) values (?1, ?2)")?;
            for permission in *permissions {
                grant.execute(params![role, permission.as_str()])?;
            }
        }
        super::commands::workflow::seed(cx.conn, cx.now)?;
        let first = AddStaff {
            login: self.login,
            name: self.name,
            email: None,
            roles: ["administrator", "approver", "manager"].map(str::to_owned).to_vec(),
            person: None,
            traits: Traits::default(),
        };
        let record = insert(cx, &first)?;
        Ok(Done::audited(allowed, Happened::new("office_opened", record)))
    }
}
