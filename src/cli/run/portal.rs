//! `countersign portal-user …` and `user-request …`.

use serde_json::Value;

use super::batch::{carry_out, find, jobs};
use super::list::{self, Listing};
use super::signup::input;
use super::text::{Page, ago, wall};
use crate::cli::args::List;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::portal::{PortalList, PortalUser, UserRequest};
use crate::cli::session::Session;
use crate::cli::shape;
use crate::cli::table::{Align, Table};
use crate::desk::Command;
use crate::desk::commands::user_request::{IfRefused, SubmitUserRequest};
use crate::desk::query::customer::PortalUserRow;
use crate::desk::query::user_request::{FILTER, SORTS, UserRequestRow};
use crate::domain::id::RecordKind;
use crate::domain::permission::Permission;
use crate::domain::user_request::UserRequestState;

/// Rows read at once.
const PAGE: usize = 500;

/// Does one verb on portal users.
pub fn users(session: &Session, verb: PortalUser, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, _, _allowed) = session.look(Permission::CustomerView)?;
    match verb {
        PortalUser::List(asked) => {
            let mut after = match &asked.after {
                Some(name) => reader.portal_user(name)?.id,
                None => 0,
            };
            let mut rows = Vec::new();
            loop {
                let page = reader.portal_users(after, PAGE)?;
                let Some(last) = page.last() else { break };
                after = last.id;
                rows.extend(page.into_iter().filter(|row| wanted(row, &asked)));
                if asked.limit > 0 && rows.len() >= asked.limit as usize {
                    rows.truncate(asked.limit as usize);
                    break;
                }
            }
            out.list(&rows.iter().map(shape::portal_user).collect::<Vec<Value>>(), &user_table(&rows))?;
            Ok(Exit::Done)
        }
        PortalUser::Show(one) => {
            let row = reader.portal_user(&one.number)?;
            out.record(&shape::portal_user(&row), &user_page(&row, session.now()))?;
            Ok(Exit::Done)
        }
    }
}

fn wanted(row: &PortalUserRow, asked: &PortalList) -> bool {
    asked.state.as_ref().is_none_or(|state| row.state == *state)
}

fn user_table(rows: &[PortalUserRow]) -> Table {
    let mut table = Table::new(&[
        ("User name", Align::Left),
        ("Contact", Align::Left),
        ("Role", Align::Left),
        ("Logon by", Align::Left),
        ("State", Align::Left),
        ("Request", Align::Left),
    ]);
    for row in rows {
        let request = row.user_request.as_deref().unwrap_or("–");
        let by = row.authentication.replace('_', " ");
        table.row([&row.user_name, &row.contact, &row.role, &by, &row.state, request]);
    }
    table
}

fn user_page(row: &PortalUserRow, now: i64) -> String {
    let mut page = Page::new(&format!("{}  {}", row.user_name, row.state));
    page.section("Portal user");
    page.field("Contact", Some(&row.contact));
    page.field("Role", Some(&row.role));
    page.field("Logon by", Some(&row.authentication.replace('_', " ")));
    page.field("Logon", row.logon.as_deref());
    page.field("Made by", row.user_request.as_deref());
    page.field("Made", Some(&wall(row.created_at, now)));
    page.done()
}

/// Does one verb on user requests.
pub fn requests(session: &Session, verb: UserRequest, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        UserRequest::List(asked) => request_rows(session, &asked, out),
        UserRequest::Show(one) => {
            let (reader, _, _allowed) = session.look(Permission::UserRequestView)?;
            let row = reader.user_request(find(&reader, RecordKind::UserRequest, &one.number)?.id)?;
            out.record(&shape::user_request(&row), &request_page(&row, session.now()))?;
            Ok(Exit::Done)
        }
        UserRequest::Submit(asked) => {
            let reader = session.reader()?;
            let actor = session.actor(&reader)?;
            let numbers = asked.numbers.read(input())?;
            let jobs = jobs(&reader, RecordKind::UserRequest, &numbers, |record| {
                Command::SubmitUserRequest(SubmitUserRequest { id: record.id, if_refused: IfRefused::Fail })
            });
            carry_out(session, (&actor, &asked.write), jobs, out)
        }
    }
}

fn request_rows(session: &Session, asked: &List, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::UserRequestView)?;
    let now = session.now();
    let query = list::query(asked, Listing { fields: &FILTER, sorts: SORTS }, (&actor, now))?;
    let after = match &asked.after {
        Some(number) => {
            reader.user_request_key(&query, find(&reader, RecordKind::UserRequest, number)?.id)?
        }
        None => None,
    };
    let rows = list::rows(asked, after, |anchor, limit| reader.user_requests(&query, anchor, limit), out)?;
    let mut table = Table::new(&[
        ("Number", Align::Left),
        ("State", Align::Left),
        ("Action", Align::Left),
        ("User name", Align::Left),
        ("Contact", Align::Left),
        ("Customer", Align::Left),
        ("Role", Align::Left),
        ("Age", Align::Right),
        ("Waits for", Align::Left),
    ]);
    for row in &rows {
        let waits = row.failure.as_deref().or(row.waiting_reason.as_deref()).unwrap_or("–");
        table.row([
            &row.number,
            title(&row.state),
            &row.action,
            &row.user_name,
            &row.contact,
            row.customer.as_deref().unwrap_or("–"),
            &row.role,
            &ago(row.created_at, now),
            waits,
        ]);
    }
    out.list(&rows.iter().map(shape::user_request).collect::<Vec<Value>>(), &table)?;
    Ok(Exit::Done)
}

fn title(state: &str) -> &str {
    UserRequestState::parse(state).map_or(state, |known| known.title())
}

fn request_page(row: &UserRequestRow, now: i64) -> String {
    let mut page = Page::new(&format!("{}  {}  {}", row.number, row.user_name, title(&row.state)));
    page.section("User request");
    page.field("Type", Some(&row.kind));
    page.field("Action", Some(&row.action));
    page.field("Contact", Some(&row.contact));
    page.field("Customer", row.customer.as_deref());
    page.field("Sign-up", row.signup.as_deref());
    page.field("Role", Some(&row.role));
    page.field("E-mail", Some(&row.email));
    page.field("Logon by", Some(&row.authentication.replace('_', " ")));
    page.field("Asked by", row.originator.as_deref());
    page.field("Waits, because", row.waiting_reason.as_deref());
    page.field("Failed, because", row.failure.as_deref());
    page.field("Carried out by", row.rule.as_deref());
    page.field("Submitted", row.submitted_at.map(|at| wall(at, now)).as_deref());
    page.field("Completed", row.completed_at.map(|at| wall(at, now)).as_deref());
    page.done()
}
