//! Work items: what screens and commands ask about one of them.

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::office::Office;
use crate::desk::commands::signup::Seen;
use crate::desk::commands::{user_request, workflow};
use crate::desk::error::{Error, Result};
use crate::desk::store::history::hex;
use crate::desk::store::work as store;
use crate::domain::workflow::offer::{Around, ItemFacts};

/// What `offer` needs to know of an item.
pub(in crate::desk) fn facts(conn: &Connection, id: i64, now: i64) -> Result<ItemFacts> {
    let (mut loaded, at) = store::of_item(conn, id)?;
    let rules = workflow::rule_set(conn, loaded.rule_set)?;
    let found = rules.workflows.iter().find(|w| w.document == loaded.document && w.name == loaded.workflow);
    loaded.instance.barred = user_request::barred(conn, loaded.document_id)?;
    let office = Office::new(conn);
    let around =
        Around { number: &loaded.number, document: loaded.document, workflow: found, people: &office, now };
    let facts = ItemFacts::of(&loaded.instance, at, &around);
    office.done()?;
    // The index of what is put aside is by person, and the staff are few.
    let aside = conn
        .prepare_cached(
            "select z.staff_id from staff s cross join work_snooze z on z.staff_id = s.id and z.item_id = ?1 where z.until_at > ?2",
        )?
        .query_map([id, now], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(ItemFacts { aside, ..facts })
}

/// What binds a decision on an item: its version, and a hash over everything that the card shows and that may move.
pub(in crate::desk) fn seen(conn: &Connection, id: i64) -> Result<Seen> {
    let found: Option<(i64, i64, i64, i64)> = conn
        .prepare_cached(
            "select i.version, n.version, u.version,
               (select coalesce(sum(q.version), 0) from workflow_instance f join work_question q on q.instance_id = f.id
                where f.document = i.document and f.document_id = i.document_id)
             from work_item i join workflow_instance n on n.id = i.instance_id
             join user_request u on u.id = i.document_id where i.id = ?1",
        )?
        .query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
        .optional()?;
    let (item, instance, document, questions) =
        found.ok_or_else(|| Error::not_found(format!("Work item {id}")))?;
    let hash = hex(&Sha256::digest(format!("{id}:{item}:{instance}:{document}:{questions}")));
    Ok(Seen { version: item, hash })
}
