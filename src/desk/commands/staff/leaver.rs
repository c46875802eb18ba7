//! One action for what hangs on somebody who left: items, sign-ups, customers, queues, rules, roles, managers, deputies
//! (checklist A46).

use rusqlite::params;

use super::deputy::{end, refuse_loop};
use super::traits::{above, set_manager};
use super::{find, role};
use crate::desk::command::Command;
use crate::desk::commands::work::MoveItems;
use crate::desk::commands::workflow::{self, ActivateRuleSet};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::query::staff as query;
use crate::domain::deputy::Absence;
use crate::domain::happened::Happened;
use crate::domain::id::RecordRef;
use crate::domain::permission::Permission;
use crate::domain::workflow::definition::{Assignment, RuleSet, StepKind};
use crate::domain::workflow::parse;

/// Moves everything that hangs on one person to another.
#[derive(Debug, Clone)]
pub struct HandOver {
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
    /// Why.
    pub reason: String,
}

impl HandOver {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::StaffManage)?;
        let (from, to) = (find(cx, &self.from)?, find(cx, &self.to)?);
        let active: bool = cx
            .conn
            .prepare_cached("select active from staff where id = ?1")?
            .query_row([to.id], |r| r.get(0))?;
        if !active {
            return Err(Error::invalid("to", &to.number, "is inactive", "Choose somebody else."));
        }
        if from.id == to.id {
            return Err(Error::invalid("to", &to.number, "is the same login", "Choose somebody else."));
        }
        let report = query::leaver(cx.conn, from.id, cx.now)?;
        let moved: serde_json::Map<String, serde_json::Value> =
            report.lines().into_iter().map(|(title, names)| (title.to_owned(), names.into())).collect();
        let happened = Happened::new("handed_over", from.clone())
            .reason(Some(self.reason.trim()))
            .fact("to", to.number.clone())
            .fact("moved", moved);
        let mut done = Done::audited(allowed, happened);
        let mut notes = managers(cx, &from, &to)?;
        plain(cx, &from, &to)?;
        notes.extend(deputies(cx, &from, &to)?);
        for name in &report.roles {
            cx.conn
                .prepare_cached(
                    "insert into staff_role (staff_id, role_id) values (?1, ?2) on conflict do nothing",
                )?
                .execute([to.id, role(cx, name)?])?;
            notes.push(format!("{} has the role {name} now", to.number));
        }
        for (title, names) in report.lines() {
            notes.push(format!("{title}: {names}"));
        }
        for note in notes {
            done = done.note(note);
        }
        if !report.items.is_empty() {
            done = done.then(Command::MoveItems(MoveItems {
                from: self.from,
                to: self.to,
                reason: self.reason,
            }));
        }
        if !report.rules.is_empty() {
            done = match rules(cx, &from.number, &to.number)? {
                Some(activate) => done.then(Command::ActivateRuleSet(activate)),
                None => done.note(format!(
                    "The active workflows still name {}: change the file and activate it",
                    from.number
                )),
            };
        }
        Ok(done)
    }
}

/// What needs no judgement: queues, sign-ups, customers.
fn plain(cx: &Cx<'_>, from: &RecordRef, to: &RecordRef) -> Result<()> {
    for sql in [
        "update queue set admin_id = ?2, version = version + 1, updated_at = ?3 where admin_id = ?1",
        "insert into queue_member (queue_id, staff_id) select queue_id, ?2 from queue_member where staff_id = ?1 and ?3 > 0 on conflict do nothing",
        "delete from queue_member where staff_id = ?1 and ?2 > 0 and ?3 > 0",
        "update signup set assigned_to = ?2, version = version + 1, updated_at = ?3
           where assigned_to = ?1 and state in ('requested', 'verified_by_user', 'approved')",
    ] {
        cx.conn.prepare_cached(sql)?.execute([from.id, to.id, cx.now])?;
    }
    for column in ["account_manager_id", "sales_rep_id"] {
        cx.conn
            .prepare_cached(&format!(
                "update customer set {column} = ?2, version = version + 1, updated_at = ?3, updated_by = ?4 where {column} = ?1"
            ))?
            .execute(params![from.id, to.id, cx.now, cx.actor.login])?;
    }
    Ok(())
}

/// Whoever had the leaver as manager has the other one, unless that would be a loop.
fn managers(cx: &Cx<'_>, from: &RecordRef, to: &RecordRef) -> Result<Vec<String>> {
    let above_from: Option<i64> = cx
        .conn
        .prepare_cached("select manager_id from staff where id = ?1")?
        .query_row([from.id], |r| r.get(0))?;
    let team: Vec<(i64, String)> = cx
        .conn
        .prepare_cached("select id, login from staff where manager_id = ?1 order by id")?
        .query_map([from.id], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut notes = Vec::new();
    // The new manager comes out of the team first, so that nobody is their own.
    if team.iter().any(|(id, _)| *id == to.id) {
        set_manager(cx, to.id, above_from.filter(|id| *id != to.id))?;
    }
    for (id, login) in team.iter().filter(|(id, _)| *id != to.id) {
        if above(cx, to.id, *id)?.is_some() {
            set_manager(cx, *id, above_from)?;
            notes.push(format!("{login} is above {} and has the leaver's manager now", to.number));
        } else {
            set_manager(cx, *id, Some(to.id))?;
        }
    }
    Ok(notes)
}

/// Rules that send work to the leaver send it to the other one; the leaver's own end. What would close a loop ends too.
fn deputies(cx: &Cx<'_>, from: &RecordRef, to: &RecordRef) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let rules = query::absences(cx.conn, cx.now)?;
    for (id, rule) in rules.iter().filter(|(_, rule)| rule.staff == from.id || rule.deputy == from.id) {
        let new = Absence { deputy: to.id, ..*rule };
        let others: Vec<Absence> =
            rules.iter().filter(|(other, r)| other != id && r.staff != from.id).map(|(_, r)| *r).collect();
        if rule.staff == from.id {
            end(cx, *id)?;
        } else if rule.staff == to.id || refuse_loop(cx, &new, &others).is_err() {
            end(cx, *id)?;
            notes.push(format!("Deputy rule {id} ended: {} cannot stand in there", to.number));
        } else {
            cx.conn
                .prepare_cached(
                    "update deputy set deputy_id = ?2, version = version + 1, updated_at = ?3 where id = ?1",
                )?
                .execute([*id, to.id, cx.now])?;
        }
    }
    Ok(notes)
}

/// The active rule file with one login in the place of the other; none where that would change anything else, or where
/// the actor may not activate workflows.
fn rules(cx: &Cx<'_>, from: &str, to: &str) -> Result<Option<ActivateRuleSet>> {
    if cx.actor.allow(Permission::WorkflowManage).is_err() {
        return Ok(None);
    }
    let Some((id, before)) = workflow::active(cx.conn)? else { return Ok(None) };
    let (source, origin): (String, String) = cx
        .conn
        .prepare_cached("select source, origin from rule_set where id = ?1")?
        .query_row([id], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let source = source.replace(&format!("\"{from}\""), &format!("\"{to}\""));
    let source = source.replace(&format!("'{from}'"), &format!("'{to}'"));
    let meant = renamed(&before, from, to);
    let found = parse::parse(&source).is_ok_and(|after| after == meant);
    Ok(found.then_some(ActivateRuleSet { origin, source }))
}

/// The rule set as it ought to be: nothing differs but who is named.
fn renamed(rules: &RuleSet, from: &str, to: &str) -> RuleSet {
    let mut rules = rules.clone();
    let change = |login: &mut String| {
        if login == from {
            to.clone_into(login);
        }
    };
    fn assign(who: &mut Assignment, change: &impl Fn(&mut String)) {
        match who {
            Assignment::Users(users) => users.iter_mut().for_each(change),
            Assignment::First(choices) => choices.iter_mut().for_each(|one| assign(&mut one.who, change)),
            Assignment::Role(_) | Assignment::Queue(_) | Assignment::ManagerOf(..) | Assignment::Party(_) => {
            }
        }
    }
    for workflow in &mut rules.workflows {
        workflow.owner.iter_mut().for_each(change);
        for step in &mut workflow.steps {
            match &mut step.kind {
                StepKind::Approval(approval) => {
                    assign(&mut approval.who, &change);
                    approval.escalate.iter_mut().for_each(|hop| assign(&mut hop.to, &change));
                }
                StepKind::Auto(_) | StepKind::Task(_) => {}
            }
        }
    }
    rules
}
