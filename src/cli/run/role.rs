//! `countersign role …`: what each role permits.

use serde_json::Value;

use super::batch::{Job, carry_out};
use super::signup::single;
use super::text::Page;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::shape;
use crate::cli::staff::Role;
use crate::cli::table::{Align, Table};
use crate::desk::Command;
use crate::desk::commands::staff::{GrantPermission, NewRole, RevokePermission};
use crate::domain::permission::Permission;

/// Does one verb on roles.
pub fn run(session: &Session, verb: Role, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let command = |role: &str, permission: &str, grant: fn(String, String) -> Command| {
        Job::new(grant(role.to_owned(), permission.to_owned()))
    };
    match verb {
        Role::List => {
            let (reader, _, _allowed) = session.look(Permission::StaffView)?;
            let rows = reader.roles()?;
            let mut table =
                Table::new(&[("Role", Align::Left), ("Staff", Align::Left), ("Permissions", Align::Left)]);
            for row in &rows {
                table.row([&row.name, &row.staff.join(", "), &row.permissions.join(", ")]);
            }
            out.list(&rows.iter().map(shape::role).collect::<Vec<Value>>(), &table)?;
            Ok(Exit::Done)
        }
        Role::Show(asked) => {
            let (reader, _, _allowed) = session.look(Permission::StaffView)?;
            let row = reader.roles()?.into_iter().find(|row| row.name == asked.role).ok_or_else(|| {
                Failure::new(Exit::NotFound, "not_found", format!("Role “{}” does not exist", asked.role))
                    .remedy("See `countersign role list`.")
                    .about(&asked.role)
            })?;
            let mut page = Page::new(&format!("{}  {}", row.name, row.title));
            page.section("Staff");
            page.line(&row.staff.join(", "));
            page.section("May");
            for name in &row.permissions {
                page.field(name, Permission::parse(name).map(Permission::explained));
            }
            out.record(&shape::role(&row), &page.done())?;
            Ok(Exit::Done)
        }
        Role::New(asked) => {
            let (reader, write) = (session.reader()?, asked.write);
            let actor = session.actor(&reader)?;
            let command =
                NewRole { name: asked.role.role, title: asked.title, permissions: asked.permissions };
            single(session, (&actor, &write), Command::NewRole(command), out)
        }
        Role::Grant(asked) => {
            let reader = session.reader()?;
            let actor = session.actor(&reader)?;
            let grant = |role, permission| Command::GrantPermission(GrantPermission { role, permission });
            let jobs = asked.permissions.iter().map(|p| command(&asked.role.role, p, grant)).collect();
            carry_out(session, (&actor, &asked.write), jobs, out)
        }
        Role::Revoke(asked) => {
            let reader = session.reader()?;
            let actor = session.actor(&reader)?;
            let revoke = |role, permission| Command::RevokePermission(RevokePermission { role, permission });
            let jobs = asked.permissions.iter().map(|p| command(&asked.role.role, p, revoke)).collect();
            carry_out(session, (&actor, &asked.write), jobs, out)
        }
    }
}
