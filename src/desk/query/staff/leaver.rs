//! What still hangs on a person: what must be moved before, or after, they leave (workflow.md, leaver report).

/// Everything that names one person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeaverRow {
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Whether they may act.
    pub active: bool,
    /// Open items that wait for them: number and step.
    pub items: Vec<(String, String)>,
    /// Open sign-ups that are assigned to them.
    pub signups: Vec<String>,
    /// Customers whose account manager or sales rep they are.
    pub customers: i64,
    /// Steps of the active workflows that name them, and workflows whose owner they are: `Customer logon · Check identity`.
    pub rules: Vec<String>,
    /// Queues that they look after.
    pub queue_admin: Vec<String>,
    /// Queues that they are in.
    pub queues: Vec<String>,
    /// Roles that no other active person has, and that the active workflows name.
    pub roles: Vec<String>,
    /// Logins whose manager they are.
    pub manages: Vec<String>,
    /// Logins that they stand in for, now or later.
    pub deputy_of: Vec<String>,
    /// Their own deputies, now or later.
    pub deputies: Vec<String>,
}

impl LeaverRow {
    /// Nothing hangs on them.
    pub fn is_empty(&self) -> bool {
        self.lines().is_empty()
    }

    /// What hangs on them, a line for each kind: a title and the names.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let items = self.items.iter().map(|(number, step)| format!("{number} ({step})")).collect::<Vec<_>>();
        let customers = if self.customers == 0 { String::new() } else { self.customers.to_string() };
        [
            ("Open items", items.join(", ")),
            ("Open sign-ups", self.signups.join(", ")),
            ("Customers in their care", customers),
            ("Rules that name them", self.rules.join(", ")),
            ("Queues they look after", self.queue_admin.join(", ")),
            ("Queues they are in", self.queues.join(", ")),
            ("Roles nobody else has", self.roles.join(", ")),
            ("Manager of", self.manages.join(", ")),
            ("Stands in for", self.deputy_of.join(", ")),
            ("Their deputies", self.deputies.join(", ")),
        ]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .collect()
    }
}

use rusqlite::Connection;

use super::list;
use crate::desk::commands::workflow;
use crate::desk::error::Result;
use crate::domain::workflow::definition::{Approval, Assignment, RuleSet, StepKind, Workflow};

/// The assignments of a workflow, each with the step it stands in.
fn assignments(workflow: &Workflow) -> impl Iterator<Item = (&str, &Assignment)> {
    workflow.steps.iter().flat_map(|step| {
        let who: Vec<&Assignment> = match &step.kind {
            StepKind::Approval(Approval { who, escalate, .. }) => {
                std::iter::once(who).chain(escalate.iter().map(|hop| &hop.to)).collect()
            }
            StepKind::Auto(_) | StepKind::Task(_) => Vec::new(),
        };
        who.into_iter().map(|who| (step.name.as_str(), who))
    })
}

fn naming(rules: &RuleSet, login: &str) -> Vec<String> {
    let mut found = Vec::new();
    for workflow in &rules.workflows {
        if workflow.owner.as_deref() == Some(login) {
            found.push(format!("{} · owner", workflow.name));
        }
        for (step, who) in assignments(workflow) {
            let names = |who: &Assignment| matches!(who, Assignment::Users(users) if users.iter().any(|u| u == login));
            if who.leaves().into_iter().any(names) {
                found.push(format!("{} · {step}", workflow.name));
            }
        }
    }
    found.dedup();
    found
}

fn roles_named(rules: &RuleSet) -> Vec<&str> {
    let all = rules.workflows.iter().flat_map(assignments);
    all.flat_map(|(_, who)| who.leaves())
        .filter_map(|who| match who {
            Assignment::Role(role) => Some(role.as_str()),
            Assignment::Users(_)
            | Assignment::Queue(_)
            | Assignment::ManagerOf(..)
            | Assignment::Party(_)
            | Assignment::First(_) => None,
        })
        .collect()
}

/// What hangs on a person.
pub(in crate::desk) fn report(conn: &Connection, id: i64, now: i64) -> Result<LeaverRow> {
    let mut row =
        conn.prepare_cached("select login, name, active from staff where id = ?1")?.query_row([id], |r| {
            Ok(LeaverRow { login: r.get(0)?, name: r.get(1)?, active: r.get(2)?, ..LeaverRow::default() })
        })?;
    row.items = conn
        .prepare_cached(
            "select number, step_name from work_item where assigned_id = ?1 and state = 'open' order by id",
        )?
        .query_map([id], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    row.signups = list(
        conn,
        "select number from signup where assigned_to = ?1 and state in ('requested', 'verified_by_user', 'approved') order by id",
        &id,
    )?;
    row.customers = conn
        .prepare_cached(
            "select (select count(*) from customer where account_manager_id = ?1) + (select count(*) from customer where sales_rep_id = ?1)",
        )?
        .query_row([id], |r| r.get(0))?;
    row.queue_admin = list(conn, "select name from queue where admin_id = ?1 order by position", &id)?;
    row.queues = list(
        conn,
        "select q.name from queue_member m join queue q on q.id = m.queue_id where m.staff_id = ?1 order by q.position",
        &id,
    )?;
    row.manages =
        list(conn, "select login from staff where manager_id = ?1 and active = 1 order by login", &id)?;
    let open = format!("state = 'active' and (ends_at is null or ends_at > {now})");
    row.deputy_of = list(
        conn,
        &format!(
            "select login from staff where id in (select staff_id from deputy where deputy_id = ?1 and {open}) order by login"
        ),
        &id,
    )?;
    row.deputies = list(
        conn,
        &format!(
            "select login from staff where id in (select deputy_id from deputy where staff_id = ?1 and {open}) order by login"
        ),
        &id,
    )?;
    if let Some((_, rules)) = workflow::active(conn)? {
        row.rules = naming(&rules, &row.login);
        let alone = list(
            conn,
            "select r.name from staff_role sr join role r on r.id = sr.role_id where sr.staff_id = ?1 and not exists
               (select 1 from staff_role o join staff s on s.id = o.staff_id where o.role_id = r.id and s.active = 1 and s.id <> ?1)
             order by r.id",
            &id,
        )?;
        let named = roles_named(&rules);
        row.roles = alone.into_iter().filter(|role| named.contains(&role.as_str())).collect();
    }
    Ok(row)
}

/// Of everybody who is inactive and still named somewhere.
pub(in crate::desk) fn all(conn: &Connection, now: i64) -> Result<Vec<LeaverRow>> {
    let ids: Vec<i64> = conn
        .prepare_cached("select id from staff where active = 0 order by login")?
        .query_map([], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let reports: Vec<LeaverRow> = ids.into_iter().map(|id| report(conn, id, now)).collect::<Result<_>>()?;
    Ok(reports.into_iter().filter(|r| !r.is_empty()).collect())
}
