//! Undo and redo: one undo takes back one group, however many rows it had, if every touched row is still as that
//! group left it; else it refuses and names who changed it (house.md, History). Mail that waits is held back; mail
//! that left cannot come back, so then undo refuses too.

use rusqlite::{Connection, OptionalExtension};

use super::command::{Command, Redo, Undo};
use super::cx::{Cx, Done};
use super::error::{Error, Result};
use super::outbox;
use super::store::images;
use crate::domain::date::to_rfc3339;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::{Allowed, Permission};
use crate::domain::refusal::Refusal;

/// What a group was: for the message before and after.
struct Group {
    id: i64,
    command: String,
    entries: Vec<i64>,
    /// What was done, on what: “approve signup REG-000001 and 19 more”.
    words: String,
    first: Option<RecordRef>,
}

fn nothing(what: &str) -> Error {
    Error::Refused(Refusal::new(
        "nothing_to_undo",
        format!("There is nothing of yours to {what}."),
        "Only your own commands can be taken back; see the history.",
    ))
}

impl Undo {
    pub(super) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = allowed(cx)?;
        let id = match self.group {
            Some(id) => id,
            None => last_group(cx)?.ok_or_else(|| nothing("undo"))?,
        };
        let group = load(cx.conn, id)?;
        check_mine(cx, &group)?;
        let mails = hold_back(cx, &group)?;
        revert(cx, &group, "undo")?;
        cx.conn
            .prepare_cached(
                "update history set undone_by = (select entry_id from history_open) where group_id = ?1",
            )?
            .execute([group.id])?;
        let happened = Happened { kind: "undone", record: group.first.clone(), ..Happened::default() }
            .fact("what", group.words.clone())
            .fact("mails", mails.clone());
        let mut done = Done::audited(allowed, happened).note(format!("Undid: {}.", group.words));
        if !mails.is_empty() {
            done = done.note(format!("{} mail held back.", mails.len()));
        }
        done.undoes = Some(group.id);
        done.state = state_of(cx.conn, group.first.as_ref())?;
        Ok(done)
    }
}

impl Redo {
    pub(super) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = allowed(cx)?;
        let (undo, undone) = last_undo(cx)?.ok_or_else(|| nothing("redo"))?;
        let group = load(cx.conn, undo)?;
        let original = load(cx.conn, undone)?;
        revert(cx, &group, "redo")?;
        cx.conn
            .prepare_cached(
                "update history set undone_by = (select entry_id from history_open) where group_id = ?1",
            )?
            .execute([undo])?;
        cx.conn
            .prepare_cached("update history set undone_by = null where group_id = ?1")?
            .execute([undone])?;
        release(cx, undo)?;
        let happened = Happened { kind: "redone", record: original.first.clone(), ..Happened::default() }
            .fact("what", original.words.clone());
        let mut done = Done::audited(allowed, happened).note(format!("Did again: {}.", original.words));
        done.undoes = Some(undo);
        done.state = state_of(cx.conn, original.first.as_ref())?;
        Ok(done)
    }
}

/// Whoever could do it may take it back; reading rights are the least.
fn allowed(cx: &Cx<'_>) -> Result<Allowed> {
    Ok(cx.actor.allow(Permission::SignupView)?)
}

/// The actor's newest group that can be undone and is not.
pub(super) fn last_group_of(conn: &Connection, staff: Option<i64>) -> Result<Option<i64>> {
    let mut statement = conn.prepare_cached(
        "select group_id, command, undone_by from history where actor_id = ?1 order by id desc limit 2000",
    )?;
    let mut rows = statement.query([staff])?;
    while let Some(row) = rows.next()? {
        let command: String = row.get(1)?;
        if Command::undoable(&command) && row.get::<_, Option<i64>>(2)?.is_none() {
            return Ok(Some(row.get(0)?));
        }
    }
    Ok(None)
}

fn last_group(cx: &Cx<'_>) -> Result<Option<i64>> {
    last_group_of(cx.conn, cx.actor.staff_id())
}

/// The actor's newest undo that no command followed, with the group it undid.
fn last_undo(cx: &Cx<'_>) -> Result<Option<(i64, i64)>> {
    let mut statement = cx.conn.prepare_cached(
        "select group_id, command, undone_by, undoes from history where actor_id = ?1 order by id desc limit 2000",
    )?;
    let mut rows = statement.query([cx.actor.staff_id()])?;
    while let Some(row) = rows.next()? {
        let (command, undone): (String, Option<i64>) = (row.get(1)?, row.get(2)?);
        match (command.as_str(), undone) {
            ("undo", None) => {
                return Ok(row.get::<_, Option<i64>>(3)?.map(|of| (row.get(0).unwrap_or(of), of)));
            }
            ("undo" | "redo", _) => {}
            (_, Some(_)) => {}
            (other, None) if !Command::undoable(other) => {}
            (_, None) => return Ok(None),
        }
    }
    Ok(None)
}

fn load(conn: &Connection, id: i64) -> Result<Group> {
    let mut statement = conn.prepare_cached(
        "select id, command, record_kind, record_id, record, undone_by from history where group_id = ?1 order by id",
    )?;
    let mut rows = statement.query([id])?;
    let mut group =
        Group { id, command: String::new(), entries: Vec::new(), words: String::new(), first: None };
    let mut records: Vec<String> = Vec::new();
    while let Some(row) = rows.next()? {
        group.entries.push(row.get(0)?);
        if group.command.is_empty() {
            group.command = row.get(1)?;
        }
        let (kind, record_id, number): (Option<String>, Option<i64>, Option<String>) =
            (row.get(2)?, row.get(3)?, row.get(4)?);
        if let (Some(kind), Some(record_id), Some(number)) =
            (kind.as_deref().and_then(RecordKind::parse), record_id, number)
        {
            group.first.get_or_insert(RecordRef::new(kind, record_id, number.clone()));
            if !records.contains(&number) && row.get::<_, String>(1)? == group.command {
                records.push(number);
            }
        }
    }
    if group.entries.is_empty() {
        return Err(Error::not_found(format!("History group {id}")));
    }
    let verb = group.command.replace('_', " ");
    group.words = match records.as_slice() {
        [] => verb,
        [one] => format!("{verb} {one}"),
        [first, rest @ ..] => format!("{verb} {first} and {} more", rest.len()),
    };
    Ok(group)
}

fn check_mine(cx: &Cx<'_>, group: &Group) -> Result<()> {
    let (actor, undone): (Option<i64>, Option<i64>) = cx
        .conn
        .prepare_cached("select actor_id, undone_by from history where group_id = ?1 order by id limit 1")?
        .query_row([group.id], |r| Ok((r.get(0)?, r.get(1)?)))?;
    if undone.is_some() {
        return Err(Error::Refused(Refusal::new(
            "already_undone",
            format!("{} was undone before.", group.words),
            "Redo brings it back.",
        )));
    }
    if actor != cx.actor.staff_id() || !Command::undoable(&group.command) {
        return Err(nothing("undo"));
    }
    Ok(())
}

/// Takes the group's mails out of the queue; refuses when one has left.
fn hold_back(cx: &Cx<'_>, group: &Group) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    for entry in &group.entries {
        match outbox::cancel_of_entry(cx.conn, *entry, cx.now)? {
            Ok(cancelled) => ids.extend(cancelled),
            Err(left) => {
                return Err(Error::Refused(Refusal::new(
                    "mail_left",
                    format!("{}: the mail to {} left at {}; it cannot come back.", group.words, left.to, to_rfc3339(left.at)),
                    "Use the next move instead: reject, withdraw or reopen.",
                )));
            }
        }
    }
    Ok(ids)
}

/// Puts the mails that the undo held back into the queue again.
fn release(cx: &Cx<'_>, undo: i64) -> Result<()> {
    let mut statement = cx
        .conn
        .prepare_cached("select m.value from history h, json_each(h.detail, '$.mails') m where h.group_id = ?1")?;
    let ids: Vec<i64> = statement.query_map([undo], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    outbox::restore(cx.conn, &ids, cx.now + 1000 * cx.settings.grace_seconds, cx.now)?;
    Ok(())
}

fn revert(cx: &Cx<'_>, group: &Group, what: &str) -> Result<()> {
    cx.conn.execute_batch("pragma defer_foreign_keys = on")?;
    for entry in group.entries.iter().rev() {
        let images = images::of_entry(cx.conn, *entry)?;
        for image in images.iter().rev() {
            if let Some((by, actor)) = images::last_effective(cx.conn, &image.table, image.row, image.id)?
                && !by.is_some_and(|by| group.entries.contains(&by))
            {
                return Err(Error::Refused(Refusal::new(
                    "changed_since",
                    format!("{}: {actor} changed it since.", group.words),
                    format!("It can no longer be taken back by {what}; make the change you want instead."),
                )));
            }
        }
    }
    for entry in group.entries.iter().rev() {
        for image in images::of_entry(cx.conn, *entry)?.iter().rev() {
            images::put_back(cx.conn, image, cx.now)?;
        }
    }
    for entry in &group.entries {
        for image in images::of_entry(cx.conn, *entry)?.iter().filter(|image| image.before.is_none()) {
            if let Some(by) = images::referring(cx.conn, &image.table, image.row)? {
                return Err(Error::Refused(Refusal::new(
                    "changed_since",
                    format!("{}: a {} belongs to it by now.", group.words, by.replace('_', " ")),
                    format!("It can no longer be taken back by {what}; make the change you want instead."),
                )));
            }
        }
    }
    Ok(())
}

/// The state of the first record after undo or redo.
fn state_of(conn: &Connection, record: Option<&RecordRef>) -> Result<Option<&'static str>> {
    let Some(record) = record.filter(|r| r.kind == RecordKind::Signup) else { return Ok(None) };
    let state: Option<String> = conn
        .prepare_cached("select state from signup where id = ?1")?
        .query_row([record.id], |r| r.get(0))
        .optional()?;
    Ok(state.as_deref().and_then(crate::domain::signup::SignupState::parse).map(|s| s.as_str()))
}
