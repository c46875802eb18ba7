//! Undo and redo: one undo takes back one group, however many rows it had, if every touched row is still as that
//! group left it; else it refuses and names who changed it (house.md, History). Mail that waits is held back; mail
//! that left cannot come back, so then undo refuses too.

pub mod own;

use rusqlite::{Connection, OptionalExtension};

use super::command::{Command, NOT_UNDOABLE, Redo, Undo};
use super::commands::staff::keep_an_administrator;
use super::cx::{Cx, Done};
use super::error::{Error, Result};
use super::hook;
use super::outbox;
use super::settings::Gaps;
use super::store::images::{self, Image};
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Permission;
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

/// What follows from a person's command by the rules of a workflow: undo and the receipt name the command, not these.
pub(super) const FOLLOWS: [&str; 6] = [
    "start_workflow",
    "continue_workflow",
    "provision_user",
    "change_user",
    "inactivate_user",
    "notify_originator",
];

fn nothing(what: &str) -> Error {
    Error::Refused(Refusal::new(
        "nothing_to_undo",
        format!("There is nothing of yours to {what}."),
        "Only your own commands can be taken back; see the history.",
    ))
}

impl Undo {
    pub(super) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let staff = cx.actor.staff_id().ok_or_else(|| nothing("undo"))?;
        let id = match self.group {
            Some(id) => id,
            None => last_group_of(cx.conn, Some(staff))?.ok_or_else(|| nothing("undo"))?,
        };
        let group = load(cx.conn, id)?;
        check_mine(cx, &group)?;
        let allowed = cx.actor.allow(needed(cx, &group)?)?;
        let mails = hold_back(cx, &group)?;
        let superseded = facts(cx, group.id, "$.superseded")?;
        queue_again(cx, &group, &superseded)?;
        let events = call_back(cx, &group)?;
        revert(cx, &group, (&group.words, "undo"))?;
        cx.conn
            .prepare_cached(
                "update history set undone_by = (select entry_id from history_open) where group_id = ?1",
            )?
            .execute([group.id])?;
        let happened = Happened { kind: "undone", record: group.first.clone(), ..Happened::default() }
            .fact("what", group.words.clone())
            .fact("mails", mails.clone())
            .fact("brought_back", superseded);
        let happened = if events.is_empty() { happened } else { happened.fact("events", events) };
        let mut done = Done::audited(allowed, happened).note(format!("Undid: {}.", group.words));
        if !mails.is_empty() {
            let mail = if mails.len() == 1 { "mail" } else { "mails" };
            done = done.note(format!("{} {mail} held back.", mails.len()));
        }
        done.undoes = Some(group.id);
        done.state = state_of(cx.conn, group.first.as_ref())?;
        Ok(done)
    }
}

impl Redo {
    pub(super) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let staff = cx.actor.staff_id().ok_or_else(|| nothing("redo"))?;
        let (undo, undone) = last_undo(cx.conn, staff)?.ok_or_else(|| nothing("redo"))?;
        let group = load(cx.conn, undo)?;
        let original = load(cx.conn, undone)?;
        let allowed = cx.actor.allow(needed(cx, &original)?)?;
        revert(cx, &group, (&original.words, "redo"))?;
        cx.conn
            .prepare_cached(
                "update history set undone_by = (select entry_id from history_open) where group_id = ?1",
            )?
            .execute([undo])?;
        cx.conn
            .prepare_cached("update history set undone_by = null where group_id = ?1")?
            .execute([undone])?;
        queue_again(cx, &original, &facts(cx, undo, "$.mails")?)?;
        let hold_until = cx.now + 1000 * cx.settings.grace_seconds;
        hook::restore(cx.conn, &facts(cx, undo, "$.events")?, (hold_until, cx.now))?;
        outbox::supersede_again(cx.conn, &facts(cx, undo, "$.brought_back")?, cx.now)?;
        let happened = Happened { kind: "redone", record: original.first.clone(), ..Happened::default() }
            .fact("what", original.words.clone());
        let mut done = Done::audited(allowed, happened).note(format!("Did again: {}.", original.words));
        done.undoes = Some(undo);
        done.state = state_of(cx.conn, original.first.as_ref())?;
        Ok(done)
    }
}

/// As [`right`]; one's own deputies, language and turns, and the queues that one looks after, need less.
fn needed(cx: &Cx<'_>, group: &Group) -> Result<Permission> {
    let Some(record) = &group.first else { return Ok(right(&group.command)) };
    let own: bool = if record.kind == RecordKind::Queue {
        cx.conn
            .prepare_cached("select exists (select 1 from queue where id = ?1 and admin_id = ?2)")?
            .query_row((record.id, cx.actor.staff_id()), |r| r.get(0))?
    } else {
        record.kind == RecordKind::Staff && cx.actor.staff_id() == Some(record.id)
    };
    Ok(match group.command.as_str() {
        "edit_staff" | "set_deputy" | "end_deputy" | "edit_queue" | "add_to_queue" | "remove_from_queue"
            if own =>
        {
            Permission::StaffView
        }
        "move_items" if own => Permission::WorkDecide,
        command => right(command),
    })
}

/// Whoever may do it may take it back, and nobody else: the right that the command itself needs.
#[rustfmt::skip]
fn right(command: &str) -> Permission {
    match command {
        "submit_signup"                                                => Permission::SignupSubmit,
        "edit_signup"                                                  => Permission::SignupEdit,
        "assign_signup"                                                => Permission::SignupAssign,
        "resend_code"                                                  => Permission::SignupResend,
        "verify_by_phone"                                              => Permission::SignupVerify,
        "approve_signup" | "not_a_duplicate"                           => Permission::SignupApprove,
        "reject_signup"                                                => Permission::SignupReject,
        "withdraw_signup"                                              => Permission::SignupWithdraw,
        "reopen_signup"                                                => Permission::SignupReopen,
        "create_customer"                                              => Permission::SignupCreate,
        "new_customer"                                                 => Permission::CustomerEdit,
        "save_template" | "template_from_customer"                     => Permission::TemplateEdit,
        "submit_user_request" | "provision_user" | "recall_document" | "remind_user_name"   => Permission::UserRequestSubmit,
        "new_user_request" | "edit_user_request" | "delete_user_request" | "cancel_user_request" => Permission::UserRequestEdit,
        "decide_item" | "delegate_item" | "take_item" | "release_item" => Permission::WorkDecide,
        "reassign_item" | "move_items"                                 => Permission::WorkReassign,
        "override_item"                                                => Permission::WorkOverride,
        "resume_instance"                                              => Permission::WorkResume,
        "ask_question" | "answer_question"                             => Permission::WorkView,
        "snooze_item" | "wake_item"                                    => Permission::WorkDecide,
        "watch_document" | "unwatch_document"                          => Permission::UserRequestView,
        "add_staff" | "grant_role" | "revoke_role" | "hand_over"       => Permission::StaffManage,
        "new_role" | "grant_permission" | "revoke_permission" | "new_queue" => Permission::StaffManage,
        "edit_staff" | "edit_queue" | "add_to_queue" | "remove_from_queue" => Permission::StaffManage,
        "set_deputy" | "end_deputy"                                    => Permission::DeputyManage,
        _                                                              => Permission::SignupView,
    }
}

/// The actor's newest group that can be undone and is not. An applicant and the clock have none.
pub(super) fn last_group_of(conn: &Connection, staff: Option<i64>) -> Result<Option<i64>> {
    let sql = format!(
        "select group_id from history where actor_id = ?1 and undone_by is null and command not in ('{}')
         order by id desc limit 1",
        NOT_UNDOABLE.join("', '")
    );
    Ok(conn.prepare_cached(&sql)?.query_row([staff], |r| r.get(0)).optional()?)
}

/// The actor's newest undo that no command followed, with the group it undid.
fn last_undo(conn: &Connection, staff: i64) -> Result<Option<(i64, i64)>> {
    // The newest entry that still holds, redos aside: only if it is an undo is there something to redo.
    let others: Vec<&str> = NOT_UNDOABLE.into_iter().filter(|c| *c != "undo").collect();
    let sql = format!(
        "select group_id, command, undoes from history where actor_id = ?1 and undone_by is null and command not in ('{}')
         order by id desc limit 1",
        others.join("', '")
    );
    let newest = conn
        .prepare_cached(&sql)?
        .query_row([staff], |r| Ok((r.get(0)?, r.get::<_, String>(1)?, r.get::<_, Option<i64>>(2)?)))
        .optional()?;
    Ok(newest.and_then(|(group, command, undoes)| Some((group, undoes.filter(|_| command == "undo")?))))
}

fn load(conn: &Connection, id: i64) -> Result<Group> {
    let mut statement = conn.prepare_cached(
        "select id, command, record_kind, record_id, record, kind from history where group_id = ?1 order by id",
    )?;
    let mut rows = statement.query([id])?;
    let mut group =
        Group { id, command: String::new(), entries: Vec::new(), words: String::new(), first: None };
    let mut records: Vec<String> = Vec::new();
    let mut verb = String::new();
    let mut seen = std::collections::HashSet::new();
    while let Some(row) = rows.next()? {
        group.entries.push(row.get(0)?);
        let command: String = row.get(1)?;
        let (kind, record_id, number): (Option<String>, Option<i64>, Option<String>) =
            (row.get(2)?, row.get(3)?, row.get(4)?);
        let kind = kind.as_deref().and_then(RecordKind::parse);
        let record = kind.zip(record_id).zip(number).map(|((k, id), number)| RecordRef::new(k, id, number));
        let happened: String = row.get(5)?;
        if group.command.is_empty() {
            group.command.clone_from(&command);
            group.first.clone_from(&record);
            verb = said(&command, &happened);
        }
        // Of approve and create, the reader asked for the last; what the workflow did follows from it.
        if record == group.first && !FOLLOWS.contains(&command.as_str()) {
            verb = said(&command, &happened);
            group.command = command;
        }
        let first_kind = group.first.as_ref().map(|r| r.kind);
        if let Some(record) = record.filter(|r| Some(r.kind) == first_kind)
            && seen.insert(record.id)
        {
            records.push(record.number);
        }
    }
    if group.entries.is_empty() {
        return Err(Error::not_found(format!("History group {id}")));
    }
    group.words = match records.as_slice() {
        [] => verb,
        [one] => format!("{verb} {one}"),
        [first, rest @ ..] => format!("{verb} {first} and {} more", rest.len()),
    };
    Ok(group)
}

/// A command in words; of a decision which way it went.
fn said(command: &str, happened: &str) -> String {
    match happened {
        "work_approved" => "approve".to_owned(),
        "work_rejected" => "reject".to_owned(),
        "change_requested" => "request a change of".to_owned(),
        _ => command.replace("_item", "").replace('_', " ").replace("signup", "sign-up"),
    }
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
            Err(left) => return Err(mail_left(cx, group, &left)),
        }
    }
    Ok(ids)
}

fn mail_left(cx: &Cx<'_>, group: &Group, left: &outbox::AlreadyLeft) -> Error {
    let remedy = match group.first.as_ref().map(|record| record.kind) {
        // A sign-up that became a customer moves no further.
        _ if group.command == "create_customer" => {
            "Correct the customer, and inactivate its portal user with a user request."
        }
        Some(RecordKind::UserRequest) => "Make a user request that changes it back.",
        _ => "Use the next move instead: reject, withdraw or reopen.",
    };
    Error::Refused(Refusal::new(
        "mail_left",
        format!(
            "{}: the mail to {} left at {}; it cannot come back.",
            group.words,
            left.to,
            cx.settings.calendar.wall_clock(left.at)
        ),
        remedy,
    ))
}

/// Takes the group's events for the portal back; refuses when its program has been run for one.
fn call_back(cx: &Cx<'_>, group: &Group) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    for entry in &group.entries {
        match hook::cancel_of_entry(cx.conn, *entry, cx.now)? {
            Ok(cancelled) => ids.extend(cancelled),
            Err(told) => return Err(portal_told(cx, group, &told)),
        }
    }
    Ok(ids)
}

fn portal_told(cx: &Cx<'_>, group: &Group, told: &hook::ToldAlready) -> Error {
    let at = cx.settings.calendar.wall_clock(told.at);
    Error::Refused(Refusal::new(
        "portal_told",
        format!("{}: the portal was told of it at {at}.", group.words),
        "Make a user request that changes it back, for example inactivate.",
    ))
}

/// Ids of mails that the entries of a group wrote down under a fact.
fn facts(cx: &Cx<'_>, group: i64, path: &str) -> Result<Vec<i64>> {
    let ids = cx
        .conn
        .prepare_cached("select m.value from history h, json_each(h.detail, ?2) m where h.group_id = ?1 order by h.id, m.key")?
        .query_map((group, path), |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(ids)
}

/// Puts mails that were taken out back into the queue, all or none of them.
fn queue_again(cx: &Cx<'_>, group: &Group, ids: &[i64]) -> Result<()> {
    let hold_until = cx.now + 1000 * cx.settings.grace_seconds;
    if outbox::restore(cx.conn, ids, hold_until, cx.now)? == ids.len() {
        return Ok(());
    }
    Err(Error::Refused(Refusal::new(
        "mail_wiped",
        format!("{}: a mail that belongs to it held a secret and was wiped meanwhile.", group.words),
        "Make the change anew; a new mail is written then.",
    )))
}

fn revert(cx: &Cx<'_>, group: &Group, (words, what): (&str, &str)) -> Result<()> {
    cx.conn.execute_batch("pragma defer_foreign_keys = on")?;
    let images = still_as_left(cx, group, (words, what))?;
    for image in images.iter().rev() {
        images::put_back(cx.conn, image, cx.now)?;
    }
    if images.iter().any(|i| matches!(i.table.as_str(), "staff" | "staff_role")) {
        keep_an_administrator(cx)?;
    }
    Ok(())
}

/// The images of a group, if every row that it touched is still as it left it.
fn still_as_left(cx: &Cx<'_>, group: &Group, (words, what): (&str, &str)) -> Result<Vec<Image>> {
    let mut images = Vec::new();
    for entry in &group.entries {
        images.extend(images::of_entry(cx.conn, *entry)?);
    }
    let refuse = |rule, message: String| {
        let remedy = format!("It can no longer be taken back by {what}; make the change you want instead.");
        Err(Error::Refused(Refusal::new(rule, message, remedy)))
    };
    if let Some(actor) = images::changed_since(cx.conn, &images)? {
        return refuse("changed_since", format!("{words}: {actor} changed it since."));
    }
    if let Some(user) = images::used_since(cx.conn, &images)? {
        return refuse("used_since", format!("{words}: {user} was made with it since."));
    }
    // A table of numbered records has the name of its sequence.
    let continuous =
        |table: &str| cx.settings.sequences.iter().any(|s| s.name == table && s.gaps == Gaps::Never);
    if let Some(image) = images.iter().find(|i| what == "undo" && i.before.is_none() && continuous(&i.table))
    {
        let numbers = image.table.replace('_', " ").replace("signup", "sign-up");
        return refuse(
            "continuous_numbers",
            format!("{words}: a gap would be left in the numbers of {numbers}s."),
        );
    }
    Ok(images)
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
