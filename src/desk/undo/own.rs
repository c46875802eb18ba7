//! What of one's own could be taken back or done again, told before it is done (conventions.md, 35): undo and redo ask
//! the same questions, and here nothing is written.

use super::{
    Group, check_mine, last_group_of, last_undo, load, mail_left, needed, portal_told, still_as_left,
};
use crate::desk::cx::Cx;
use crate::desk::error::{Error, Result};
use crate::desk::reader::Reader;
use crate::desk::{hook, outbox};
use crate::domain::permission::Actor;

/// One undo group of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnChange {
    /// The group.
    pub group: i64,
    /// When, UTC milliseconds.
    pub at: i64,
    /// What was done, on what: “approve sign-up REG-000001 and 19 more”.
    pub words: String,
    /// Why it cannot be taken back (or done again), as undo would say it.
    pub refusal: Option<String>,
}

/// Of a group with more entries it is not looked up beforehand whether each row is still as it left it.
const LOOKED_THROUGH: usize = 50;
/// So many entries are looked through for the newest groups.
const ENTRIES: usize = 2_000;

impl Reader {
    /// What undo would take back for this actor; none where there is nothing.
    pub fn next_undo(&self, actor: &Actor) -> Result<Option<OwnChange>> {
        self.together(|_| {
            let cx = self.cx(actor);
            let group = last_group_of(cx.conn, actor.staff_id())?;
            group.map(|group| to_undo(&cx, group)).transpose()
        })?
    }

    /// What redo would do again for this actor; none where there is nothing.
    pub fn next_redo(&self, actor: &Actor) -> Result<Option<OwnChange>> {
        self.together(|_| {
            let cx = self.cx(actor);
            let Some(staff) = actor.staff_id() else { return Ok(None) };
            last_undo(cx.conn, staff)?.map(|found| to_redo(&cx, found)).transpose()
        })?
    }

    /// The actor's newest changes that undo is for, newest first, those that were taken back too.
    pub fn own_changes(&self, actor: &Actor, limit: usize) -> Result<Vec<OwnChange>> {
        self.together(|_| {
            let cx = self.cx(actor);
            let groups = newest(&cx, limit)?;
            groups.into_iter().map(|group| to_undo(&cx, group)).collect()
        })?
    }

    fn cx<'a>(&'a self, actor: &'a Actor) -> Cx<'a> {
        Cx { conn: self.conn(), actor, now: self.now(), settings: self.settings() }
    }
}

fn newest(cx: &Cx<'_>, limit: usize) -> Result<Vec<i64>> {
    // Along the index of actors, newest first, as far as it is needed.
    let mut statement = cx.conn.prepare_cached(
        "select group_id, command from history where actor_id = ?1 order by id desc limit ?2",
    )?;
    let mut rows = statement.query((cx.actor.staff_id(), i64::try_from(ENTRIES).unwrap_or(i64::MAX)))?;
    let mut groups: Vec<i64> = Vec::new();
    while let Some(row) = rows.next()? {
        let (group, command): (i64, String) = (row.get(0)?, row.get(1)?);
        if crate::desk::Command::undoable(&command) && !groups.contains(&group) {
            if groups.len() == limit {
                break;
            }
            groups.push(group);
        }
    }
    Ok(groups)
}

fn to_undo(cx: &Cx<'_>, group: i64) -> Result<OwnChange> {
    let group = load(cx.conn, group)?;
    let refusal = refusal(undo_could(cx, &group))?;
    Ok(OwnChange { group: group.id, at: at(cx, group.id)?, words: group.words, refusal })
}

fn to_redo(cx: &Cx<'_>, (undo, undone): (i64, i64)) -> Result<OwnChange> {
    let (group, original) = (load(cx.conn, undo)?, load(cx.conn, undone)?);
    let could = || {
        cx.actor.allow(needed(cx, &original)?)?;
        still_as_left(cx, &group, (&original.words, "redo")).map(drop)
    };
    let refusal = if group.entries.len() > LOOKED_THROUGH { None } else { refusal(could())? };
    Ok(OwnChange { group: group.id, at: at(cx, group.id)?, words: original.words, refusal })
}

/// The checks of undo in its order.
fn undo_could(cx: &Cx<'_>, group: &Group) -> Result<()> {
    check_mine(cx, group)?;
    cx.actor.allow(needed(cx, group)?)?;
    if group.entries.len() > LOOKED_THROUGH {
        return Ok(());
    }
    for entry in &group.entries {
        if let Some(left) = outbox::left_of_entry(cx.conn, *entry)? {
            return Err(mail_left(cx, group, &left));
        }
    }
    for entry in &group.entries {
        if let Some(told) = hook::told_of_entry(cx.conn, *entry)? {
            return Err(portal_told(cx, group, &told));
        }
    }
    still_as_left(cx, group, (&group.words, "undo")).map(drop)
}

fn refusal(outcome: Result<()>) -> Result<Option<String>> {
    match outcome {
        Ok(()) => Ok(None),
        Err(refused @ Error::Refused(_)) => Ok(Some(refused.to_string())),
        Err(other) => Err(other),
    }
}

fn at(cx: &Cx<'_>, group: i64) -> Result<i64> {
    let sql = "select at from history where group_id = ?1 order by id limit 1";
    Ok(cx.conn.prepare_cached(sql)?.query_row([group], |r| r.get(0))?)
}
