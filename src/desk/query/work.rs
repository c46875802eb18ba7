//! Work items: what screens and commands ask about one of them.

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::office::Office;
use crate::desk::commands::signup::Seen;
use crate::desk::commands::{user_request, workflow};
use crate::desk::error::{Error, Result};
use crate::desk::store::history::hex;
use crate::desk::store::work as store;
use crate::domain::date::to_rfc3339;
use crate::domain::workflow::People;
use crate::domain::workflow::instance::{Item, ItemKind, ItemState};
use crate::domain::workflow::offer::ItemFacts;

/// What `offer` needs to know of an item.
pub(in crate::desk) fn facts(conn: &Connection, id: i64, now: i64) -> Result<ItemFacts> {
    let (loaded, at) = store::of_item(conn, id)?;
    let rules = workflow::rule_set(conn, loaded.rule_set)?;
    let found = rules.workflows.iter().find(|w| w.document == loaded.document && w.name == loaded.workflow);
    let self_approval = found.is_some_and(|w| w.self_approval);
    let item = &loaded.instance.items[at];
    let office = Office::new(conn);
    let person = |id: Option<i64>| id.and_then(|id| office.by_id(id));
    let stands_in = item.assigned.and_then(|id| office.deputy_of(id, loaded.document, now));
    let held_by = match (&item.role, &item.queue) {
        (Some(role), _) => Some(format!("role {role}")),
        (None, Some(queue)) => Some(format!("queue {queue}")),
        (None, None) => None,
    };
    let members = match (&item.role, &item.queue) {
        (Some(role), _) => office.role(role).unwrap_or_default(),
        (None, Some(queue)) => office.queue(queue).map(|(_, members)| members).unwrap_or_default(),
        (None, None) => Vec::new(),
    };
    let others = loaded
        .instance
        .items
        .iter()
        .filter(|i| {
            i.id != id && i.step == item.step && i.round == item.round && i.kind == ItemKind::Approval
        })
        .filter(|i| i.state != ItemState::NoLongerRequired)
        .flat_map(|i| [i.decided_by, i.slot])
        .filter_map(person)
        .map(|p| p.person)
        .collect();
    let facts = ItemFacts {
        number: loaded.number.clone(),
        kind: item.kind,
        state: item.state,
        ended: ended(item, &office),
        instance: loaded.instance.state,
        assigned: person(item.assigned),
        // Both see it for as long as it waits; the deputy may act while the absence lasts.
        deputy: stands_in.filter(|p| item.deputy == Some(p.id)),
        held_by,
        members: members.iter().map(|p| p.id).collect(),
        queue: item.queue.as_ref().and_then(|q| office.queue(q)).map(|(state, _)| state),
        barred: user_request::barred(conn, loaded.document_id)?,
        others,
        self_approval,
    };
    office.done()?;
    Ok(facts)
}

/// How an item ended, in words: `approved by maria, 2026-11-25T09:12:00Z`.
fn ended(item: &Item, office: &Office<'_>) -> Option<String> {
    if item.is_open() {
        return None;
    }
    let what = item.state.as_str().replace('_', " ");
    let by = item.decided_by.and_then(|id| office.by_id(id)).map(|p| p.login);
    Some(match (by, item.decided_at) {
        (Some(by), Some(at)) => format!("{what} by {by}, {}", to_rfc3339(at)),
        (None, Some(at)) => format!("{what} by the clock, {}", to_rfc3339(at)),
        (_, None) => what,
    })
}

/// What binds a decision on an item: its version, and a hash over everything that the card shows and that may move.
pub(in crate::desk) fn seen(conn: &Connection, id: i64) -> Result<Seen> {
    let found: Option<(i64, i64, i64)> = conn
        .prepare_cached(
            "select i.version, n.version, u.version from work_item i join workflow_instance n on n.id = i.instance_id
             join user_request u on u.id = i.document_id where i.id = ?1",
        )?
        .query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    let (item, instance, document) = found.ok_or_else(|| Error::not_found(format!("Work item {id}")))?;
    let hash = hex(&Sha256::digest(format!("{id}:{item}:{instance}:{document}")));
    Ok(Seen { version: item, hash })
}
