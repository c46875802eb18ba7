//! Queues: active, on hold or inactive, each with one admin, its members, its place and its condition (checklist A48).

use rusqlite::{OptionalExtension, params};

use super::role::usable_name;
use super::{find, may_decide};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, FieldProblem, Result};
use crate::desk::query::office::Office;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Permission;
use crate::domain::staff::may_change_queue;
use crate::domain::workflow::{People, check};

/// Makes a queue.
#[derive(Debug, Clone)]
pub struct NewQueue {
    /// Its name, as rules have it.
    pub name: String,
    /// For people; none: the name.
    pub title: Option<String>,
    /// Login of who looks after it.
    pub admin: String,
    /// Logins of its members.
    pub members: Vec<String>,
    /// Which documents it takes where a step says `auto` (CEL); none: only by its name.
    pub condition: Option<String>,
}

/// Changes a queue; what is none stays, an empty condition takes it away.
#[derive(Debug, Clone, Default)]
pub struct EditQueue {
    /// Which.
    pub name: String,
    /// For people.
    pub title: Option<String>,
    /// `active`, `on_hold` or `inactive`.
    pub state: Option<String>,
    /// Login of who looks after it.
    pub admin: Option<String>,
    /// Its condition.
    pub condition: Option<String>,
    /// Its place among the queues, from 1.
    pub position: Option<i64>,
}

/// Takes somebody into a queue.
#[derive(Debug, Clone)]
pub struct AddToQueue {
    /// Which.
    pub name: String,
    /// Who.
    pub login: String,
}

/// Takes somebody out of a queue; what they have taken stays with them.
#[derive(Debug, Clone)]
pub struct RemoveFromQueue {
    /// Which.
    pub name: String,
    /// Who.
    pub login: String,
}

struct Found {
    record: RecordRef,
    /// Login of who looks after it.
    admin: String,
}

fn queue(cx: &Cx<'_>, name: &str) -> Result<Found> {
    let found: Option<(i64, String)> = cx
        .conn
        .prepare_cached(
            "select q.id, a.login from queue q join staff a on a.id = q.admin_id where q.name = ?1",
        )?
        .query_row([name.trim()], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let (id, admin) = found.ok_or_else(|| Error::NotFound {
        what: format!("Queue “{name}”"),
        remedy: "See `countersign queue list`.".into(),
    })?;
    Ok(Found { record: RecordRef::new(RecordKind::Queue, id, name.trim()), admin })
}

fn active(cx: &Cx<'_>, field: &str, login: &str) -> Result<i64> {
    let record = find(cx, login.trim())?;
    let active: bool = cx
        .conn
        .prepare_cached("select active from staff where id = ?1")?
        .query_row([record.id], |r| r.get(0))?;
    if active {
        return Ok(record.id);
    }
    Err(Error::invalid(field, login, "is inactive", "Choose somebody else."))
}

/// A member must be able to decide what the queue gets.
fn member(cx: &Cx<'_>, field: &str, login: &str) -> Result<i64> {
    let id = active(cx, field, login)?;
    let office = Office::new(cx.conn);
    let person = office.by_id(id);
    office.done()?;
    may_decide(field, person.as_ref())?;
    Ok(id)
}

fn condition(text: Option<&str>) -> Result<Option<String>> {
    let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    let problems: Vec<FieldProblem> = check::any_condition(text)
        .into_iter()
        .map(|problem| {
            FieldProblem::new("condition", text, problem, "`countersign workflow check` explains conditions.")
        })
        .collect();
    if problems.is_empty() { Ok(Some(text.to_owned())) } else { Err(Error::Invalid(problems)) }
}

fn join(cx: &Cx<'_>, queue: i64, staff: i64) -> Result<()> {
    cx.conn
        .prepare_cached(
            "insert into queue_member (queue_id, staff_id) values (?1, ?2) on conflict do nothing",
        )?
        .execute([queue, staff])?;
    Ok(())
}

impl NewQueue {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::StaffManage)?;
        let name = usable_name("queue", &self.name)?;
        if name == "auto" {
            return Err(Error::invalid(
                "queue",
                &name,
                "is the word for a choice by condition",
                "Choose another name.",
            ));
        }
        let taken: bool =
            cx.conn
                .query_row("select exists (select 1 from queue where name = ?1)", [&name], |r| r.get(0))?;
        if taken {
            return Err(Error::invalid("queue", &name, "is there already", "Choose another name."));
        }
        let admin = active(cx, "admin", &self.admin)?;
        let title = self.title.unwrap_or_else(|| name.clone());
        cx.conn
            .prepare_cached(
                "insert into queue (created_at, updated_at, name, title, admin_id, position, condition)
                 values (?1, ?1, ?2, ?3, ?4, (select coalesce(max(position), 0) + 1 from queue), ?5)",
            )?
            .execute(params![cx.now, name, title.trim(), admin, condition(self.condition.as_deref())?])?;
        let record = RecordRef::new(RecordKind::Queue, cx.conn.last_insert_rowid(), name);
        for login in &self.members {
            join(cx, record.id, member(cx, "member", login)?)?;
        }
        let happened =
            Happened::new("queue_made", record).moved("none", "active").fact("members", self.members);
        Ok(Done::audited(allowed, happened))
    }
}

impl EditQueue {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let found = queue(cx, &self.name)?;
        let allowed = may_change_queue(cx.actor, &found.admin)?;
        let id = found.record.id;
        let before: String =
            cx.conn.prepare_cached("select state from queue where id = ?1")?.query_row([id], |r| r.get(0))?;
        let state = self.state.as_deref().map(state).transpose()?;
        let admin = self.admin.as_deref().map(|login| active(cx, "admin", login)).transpose()?;
        let new_condition = condition(self.condition.as_deref())?;
        cx.conn
            .prepare_cached(
                "update queue set title = coalesce(?2, title), state = coalesce(?3, state), admin_id = coalesce(?4, admin_id),
                   condition = iif(?5, ?6, condition), version = version + 1, updated_at = ?7 where id = ?1",
            )?
            .execute(params![id, self.title, state, admin, self.condition.is_some(), new_condition, cx.now])?;
        if let Some(position) = self.position {
            place(cx, id, position)?;
        }
        let mut happened = Happened::new("queue_changed", found.record);
        if let (Some(from), Some(to)) = (STATES.iter().find(|s| **s == before), state) {
            happened = happened.moved(from, to);
        }
        Ok(Done::audited(allowed, happened))
    }
}

const STATES: [&str; 3] = ["active", "on_hold", "inactive"];

fn state(name: &str) -> Result<&'static str> {
    let known = STATES.into_iter().find(|s| *s == name.trim());
    known.ok_or_else(|| {
        Error::invalid("state", name, "is no state of a queue", "Give active, on_hold or inactive.")
    })
}

/// Puts a queue at a place, counted from 1; the others keep their order.
fn place(cx: &Cx<'_>, id: i64, position: i64) -> Result<()> {
    let mut order: Vec<i64> = cx
        .conn
        .prepare_cached("select id from queue where id <> ?1 order by position, id")?
        .query_map([id], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let at = usize::try_from(position - 1).unwrap_or(0).min(order.len());
    order.insert(at, id);
    let mut write =
        cx.conn.prepare_cached("update queue set position = ?2 where id = ?1 and position <> ?2")?;
    for (at, id) in (1_i64..).zip(order) {
        write.execute([id, at])?;
    }
    Ok(())
}

impl AddToQueue {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let found = queue(cx, &self.name)?;
        let allowed = may_change_queue(cx.actor, &found.admin)?;
        join(cx, found.record.id, member(cx, "login", &self.login)?)?;
        Ok(Done::audited(allowed, Happened::new("queue_joined", found.record).fact("login", self.login)))
    }
}

impl RemoveFromQueue {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let found = queue(cx, &self.name)?;
        let allowed = may_change_queue(cx.actor, &found.admin)?;
        let staff = find(cx, self.login.trim())?;
        let taken = cx
            .conn
            .prepare_cached("delete from queue_member where queue_id = ?1 and staff_id = ?2")?
            .execute([found.record.id, staff.id])?;
        if taken == 0 {
            let remedy = "See `countersign queue show`.";
            return Err(Error::invalid("login", &self.login, "is not in that queue", remedy));
        }
        let left: i64 = cx
            .conn
            .prepare_cached(
                "select count(*) from queue_member m join staff s on s.id = m.staff_id where m.queue_id = ?1 and s.active = 1",
            )?
            .query_row([found.record.id], |r| r.get(0))?;
        let mut done = Done::audited(
            allowed,
            Happened::new("queue_left", found.record.clone()).fact("login", self.login),
        );
        if left == 0 {
            done = done.note(format!("Nobody is left in queue {}.", found.record.number));
        }
        Ok(done)
    }
}
