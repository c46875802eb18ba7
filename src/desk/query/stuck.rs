//! What waits for nobody who could do anything about it: stopped instances, turns of people who left or may not decide,
//! roles and queues without anybody. `why` says it of one record, `check` of all.

use rusqlite::Connection;

use super::office::Office;
use crate::desk::commands::user_request::barred;
use crate::desk::commands::workflow::rule_set;
use crate::desk::error::Result;
use crate::desk::store::work as store;
use crate::domain::workflow::instance::{Item, ItemKind};
use crate::domain::workflow::{People, Person, QueueState};

/// More than these are not looked at in one go.
const MOST: usize = 2_000;

/// One record that nobody can move on without help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// Its number.
    pub number: String,
    /// Workflow and step.
    pub rule: String,
    /// What is the matter.
    pub why: String,
    /// What helps.
    pub remedy: String,
}

/// All of them: what an error stopped, then open turns, oldest first.
pub(in crate::desk) fn all(conn: &Connection) -> Result<Vec<Stuck>> {
    let mut found: Vec<Stuck> = conn
        .prepare_cached(&format!(
            "select number, workflow, coalesce(cause, 'unknown'), coalesce(culprit, '') from workflow_instance
             where state = 'stopped' and document = 'user_request' order by id limit {MOST}"
        ))?
        .query_map([], |r| {
            let (number, culprit): (String, String) = (r.get(0)?, r.get(3)?);
            Ok(Stuck {
                rule: r.get(1)?,
                why: format!("it is stopped: {} ({culprit})", r.get::<_, String>(2)?),
                remedy: format!("Put that right, then `countersign work resume {number} --reason TEXT`."),
                number,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let ids: Vec<i64> = conn
        .prepare_cached(&format!(
            "select i.id from work_item i join workflow_instance n on n.id = i.instance_id
             where i.state = 'open' and n.state <> 'stopped' order by i.id limit {MOST}"
        ))?
        .query_map([], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for id in ids {
        let (loaded, at) = store::of_item(conn, id)?;
        let item = &loaded.instance.items[at];
        if let Some((why, remedy)) = turn(conn, &loaded, item)? {
            let rule = format!("{} · {}", loaded.workflow, item.step_name);
            found.push(Stuck { number: loaded.number, rule, why, remedy });
        }
    }
    Ok(found)
}

/// Why nobody can do anything about an open turn, and what helps; none: somebody can.
pub(in crate::desk) fn turn(
    conn: &Connection,
    loaded: &store::Loaded,
    item: &Item,
) -> Result<Option<(String, String)>> {
    let number = &loaded.number;
    let office = Office::new(conn);
    let rules = rule_set(conn, loaded.rule_set)?;
    let lifted = rules
        .workflows
        .iter()
        .any(|w| w.document == loaded.document && w.name == loaded.workflow && w.self_approval);
    let barred = if lifted { Vec::new() } else { barred(conn, loaded.document_id)? };
    let fault = |person: &Person| fault(person, item.kind, &barred);
    let reassign = format!("`countersign work reassign {number} --to LOGIN --reason TEXT`");
    let found = match (item.assigned.and_then(|id| office.by_id(id)), &item.role, &item.queue) {
        (Some(person), ..) => {
            let deputy = item.deputy.and_then(|id| office.by_id(id));
            let stands_in = deputy.is_some_and(|deputy| fault(&deputy).is_none());
            fault(&person).filter(|_| !stands_in).map(|why| {
                let remedy =
                    format!("{reassign}, or `countersign staff leaver {}` for all of theirs.", person.login);
                (format!("{} {why}", person.login), remedy)
            })
        }
        (None, Some(role), _) => nobody(&office.role(role).unwrap_or_default(), &fault).map(|why| {
            (format!("role {role}: {why}"), format!("`countersign staff grant LOGIN {role}`, or {reassign}."))
        }),
        (None, None, Some(queue)) => {
            let (state, members) = office.queue(queue).unwrap_or((QueueState::Inactive, Vec::new()));
            let activate = format!("`countersign queue edit {queue} --state active`, or {reassign}.");
            match state {
                QueueState::OnHold => Some((format!("queue {queue} is on hold"), activate)),
                QueueState::Inactive => Some((format!("queue {queue} is inactive"), activate)),
                QueueState::Active => nobody(&members, &fault).map(|why| {
                    let remedy = format!("`countersign queue add {queue} LOGIN`, or {reassign}.");
                    (format!("queue {queue}: {why}"), remedy)
                }),
            }
        }
        (None, None, None) => Some(("it is nobody's".into(), format!("{reassign}."))),
    };
    office.done()?;
    Ok(found)
}

/// What keeps a person from doing what a turn asks for.
fn fault(person: &Person, kind: ItemKind, barred: &[String]) -> Option<&'static str> {
    match kind {
        _ if !person.active => Some("is inactive"),
        ItemKind::Approval if !person.decides => {
            Some("may not decide, the permission work.decide is missing")
        }
        ItemKind::Approval if barred.contains(&person.person) => {
            Some("submitted or last edited it (four eyes)")
        }
        ItemKind::Change if !person.edits => Some("may not change and submit it"),
        ItemKind::Approval | ItemKind::Change => None,
    }
}

/// Why none of these can; none: one can.
fn nobody(people: &[Person], fault: &dyn Fn(&Person) -> Option<&'static str>) -> Option<String> {
    if people.is_empty() {
        return Some("nobody active is in it".into());
    }
    let faults: Vec<String> =
        people.iter().map(|p| fault(p).map(|why| format!("{} {why}", p.login))).collect::<Option<_>>()?;
    Some(faults.join(", "))
}
