//! Instances and items as rows: loaded for the machine, written back where it changed them.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::desk::error::{Error, Result};
use crate::desk::query::office::Office;
use crate::domain::workflow::instance::{Instance, InstanceState, Item, ItemKind, ItemState, Timing};
use crate::domain::workflow::{Document, People};

/// An instance with what the machine does not need to know of it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Row id.
    pub id: i64,
    /// Row version.
    pub version: i64,
    /// What kind of document.
    pub document: Document,
    /// Its row.
    pub document_id: i64,
    /// Its number.
    pub number: String,
    /// The rule set it runs by.
    pub rule_set: i64,
    /// The workflow's name in there.
    pub workflow: String,
    /// As the machine sees it; `barred` is filled in by the document.
    pub instance: Instance,
}

/// The newest instance of a document.
pub fn newest_of(conn: &Connection, document: Document, id: i64) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached(
            "select id from workflow_instance where document = ?1 and document_id = ?2 order by id desc limit 1",
        )?
        .query_row((document.as_str(), id), |r| r.get(0))
        .optional()?)
}

/// All instances of a document, oldest first.
pub fn all_of(conn: &Connection, document: Document, id: i64) -> Result<Vec<i64>> {
    let rows = conn
        .prepare_cached(
            "select id from workflow_instance where document = ?1 and document_id = ?2 order by id",
        )?
        .query_map((document.as_str(), id), |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// The instance an item belongs to, and the item's place in it.
pub fn of_item(conn: &Connection, item: i64) -> Result<(Loaded, usize)> {
    let instance: Option<i64> = conn
        .prepare_cached("select instance_id from work_item where id = ?1")?
        .query_row([item], |r| r.get(0))
        .optional()?;
    let loaded = load(conn, instance.ok_or_else(|| Error::not_found(format!("Work item {item}")))?)?;
    let at = loaded.instance.items.iter().position(|i| i.id == item);
    Ok((loaded, at.ok_or_else(|| Error::Bug(format!("work item {item} is not in its instance")))?))
}

/// One instance with its items. Four eyes is not known here: `barred` is empty.
pub fn load(conn: &Connection, id: i64) -> Result<Loaded> {
    let found = conn
        .prepare_cached(
            "select version, document, document_id, number, rule_set_id, workflow, state, step, round, submitted_by, cause, culprit, trace
             from workflow_instance where id = ?1",
        )?
        .query_row([id], |r| {
            let (document, state, trace): (String, String, String) = (r.get(1)?, r.get(6)?, r.get(12)?);
            let (step, round): (i64, i64) = (r.get(7)?, r.get(8)?);
            let submitter: Option<i64> = r.get(9)?;
            let instance = Instance {
                state: InstanceState::parse(&state).unwrap_or(InstanceState::Stopped),
                step: usize::try_from(step).unwrap_or(0),
                round: u32::try_from(round).unwrap_or(1),
                submitter: None,
                barred: Vec::new(),
                items: Vec::new(),
                cause: r.get(10)?,
                culprit: r.get(11)?,
                trace: serde_json::from_str(&trace).unwrap_or_default(),
            };
            let loaded = Loaded {
                id,
                version: r.get(0)?,
                document: Document::parse(&document).unwrap_or(Document::UserRequest),
                document_id: r.get(2)?,
                number: r.get(3)?,
                rule_set: r.get(4)?,
                workflow: r.get(5)?,
                instance,
            };
            Ok((loaded, submitter))
        })
        .optional()?;
    let (mut loaded, submitter) = found.ok_or_else(|| Error::not_found(format!("Workflow instance {id}")))?;
    let office = Office::new(conn);
    loaded.instance.submitter = submitter.and_then(|id| office.by_id(id));
    office.done()?;
    loaded.instance.items = items(conn, id)?;
    Ok(loaded)
}

fn items(conn: &Connection, instance: i64) -> Result<Vec<Item>> {
    let mut statement = conn.prepare_cached(
        "select i.id, i.kind, i.state, i.round, i.step, i.step_name, i.slot_id, i.assigned_id, r.name, q.name, i.deputy_id, i.because, i.note,
           i.due_at, i.remind_at, i.reminded_at, i.overdue_told_at, i.escalations, i.clock_at,
           i.decided_by, i.decided_for, i.decided_at, i.overridden, i.reason, i.fields
         from work_item i left join role r on r.id = i.role_id left join queue q on q.id = i.queue_id
         where i.instance_id = ?1 order by i.id",
    )?;
    let rows = statement.query_map([instance], item)?.collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

fn item(r: &Row<'_>) -> rusqlite::Result<Item> {
    let (kind, state): (String, String) = (r.get(1)?, r.get(2)?);
    let (round, step, escalations): (i64, i64, i64) = (r.get(3)?, r.get(4)?, r.get(17)?);
    let fields: Option<String> = r.get(24)?;
    Ok(Item {
        id: r.get(0)?,
        kind: if kind == "change" { ItemKind::Change } else { ItemKind::Approval },
        state: ItemState::parse(&state).unwrap_or(ItemState::NoLongerRequired),
        round: u32::try_from(round).unwrap_or(1),
        step: usize::try_from(step).unwrap_or(0),
        step_name: r.get(5)?,
        slot: r.get(6)?,
        assigned: r.get(7)?,
        role: r.get(8)?,
        queue: r.get(9)?,
        deputy: r.get(10)?,
        because: r.get(11)?,
        note: r.get(12)?,
        timing: Timing {
            due_at: r.get(13)?,
            remind_at: r.get(14)?,
            reminded_at: r.get(15)?,
            overdue_told_at: r.get(16)?,
            escalations: usize::try_from(escalations).unwrap_or(0),
            clock_at: r.get(18)?,
        },
        decided_by: r.get(19)?,
        decided_for: r.get(20)?,
        decided_at: r.get(21)?,
        overridden: r.get(22)?,
        reason: r.get(23)?,
        fields: fields.and_then(|f| serde_json::from_str(&f).ok()).unwrap_or_default(),
    })
}

/// Writes an instance that has just started; gives its row.
pub fn insert(conn: &Connection, loaded: &Loaded, now: i64) -> Result<i64> {
    conn.prepare_cached(
        "insert into workflow_instance (created_at, updated_at, document, document_id, number, rule_set_id, workflow, state, submitted_by, submitted_at)
         values (?1, ?1, ?2, ?3, ?4, ?5, ?6, 'running', ?7, ?1)",
    )?
    .execute(params![
        now,
        loaded.document.as_str(),
        loaded.document_id,
        loaded.number,
        loaded.rule_set,
        loaded.workflow,
        loaded.instance.submitter.as_ref().map(|p| p.id)
    ])?;
    Ok(conn.last_insert_rowid())
}

/// Writes what the machine changed: the instance, and those items that are new or not as they were. New items get
/// their row ids.
pub fn save(conn: &Connection, before: &Loaded, after: &mut Instance, now: i64) -> Result<()> {
    let ended = after.state.is_over().then_some(now);
    let moved = conn
        .prepare_cached(
            "update workflow_instance set state = ?2, step = ?3, round = ?4, cause = ?5, culprit = ?6, trace = ?7, ended_at = ?8,
               version = version + 1, updated_at = ?9 where id = ?1 and version = ?10",
        )?
        .execute(params![
            before.id,
            after.state.as_str(),
            after.step as i64,
            after.round,
            after.cause,
            after.culprit,
            serde_json::to_string(&after.trace).unwrap_or_default(),
            ended,
            now,
            before.version
        ])?;
    if moved != 1 {
        return Err(Error::Stale {
            message: format!("{} was moved meanwhile.", before.number),
            remedy: "Look at it again.".into(),
        });
    }
    for item in &mut after.items {
        let old = before.instance.items.iter().find(|i| i.id == item.id);
        match old {
            Some(old) if old == item => {}
            Some(_) => update(conn, item, now)?,
            None => item.id = add(conn, before, item, now)?,
        }
    }
    Ok(())
}

fn holder(conn: &Connection, table: &str, name: Option<&str>) -> Result<Option<i64>> {
    let Some(name) = name else { return Ok(None) };
    let sql = format!("select id from {table} where name = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([name], |r| r.get(0)).optional()?)
}

fn fields(item: &Item) -> Option<String> {
    (!item.fields.is_empty()).then(|| serde_json::to_string(&item.fields).unwrap_or_default())
}

fn update(conn: &Connection, item: &Item, now: i64) -> Result<()> {
    let (role, queue) =
        (holder(conn, "role", item.role.as_deref())?, holder(conn, "queue", item.queue.as_deref())?);
    let t = &item.timing;
    conn.prepare_cached(
        "update work_item set state = ?2, slot_id = ?3, assigned_id = ?4, role_id = ?5, queue_id = ?6, deputy_id = ?7, because = ?8, note = ?9,
           due_at = ?10, remind_at = ?11, reminded_at = ?12, overdue_told_at = ?13, escalations = ?14, clock_at = ?15,
           decided_by = ?16, decided_for = ?17, decided_at = ?18, overridden = ?19, reason = ?20, fields = ?21,
           version = version + 1, updated_at = ?22 where id = ?1",
    )?
    .execute(params![
        item.id, item.state.as_str(), item.slot, item.assigned, role, queue, item.deputy, item.because, item.note,
        t.due_at, t.remind_at, t.reminded_at, t.overdue_told_at, t.escalations as i64, t.clock_at,
        item.decided_by, item.decided_for, item.decided_at, item.overridden, item.reason, fields(item), now
    ])?;
    Ok(())
}

fn add(conn: &Connection, of: &Loaded, item: &Item, now: i64) -> Result<i64> {
    let (role, queue) =
        (holder(conn, "role", item.role.as_deref())?, holder(conn, "queue", item.queue.as_deref())?);
    let t = &item.timing;
    conn.prepare_cached(
        "insert into work_item (created_at, updated_at, instance_id, document, document_id, number, kind, state, round, step, step_name,
           slot_id, assigned_id, role_id, queue_id, deputy_id, because, note, due_at, remind_at, clock_at, reason, fields)
         values (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
    )?
    .execute(params![
        now, of.id, of.document.as_str(), of.document_id, of.number, item.kind.as_str(), item.state.as_str(), item.round,
        item.step as i64, item.step_name, item.slot, item.assigned, role, queue, item.deputy, item.because, item.note,
        t.due_at, t.remind_at, t.clock_at, item.reason, fields(item)
    ])?;
    Ok(conn.last_insert_rowid())
}
