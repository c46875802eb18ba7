//! One's own list: what is put aside until a day, and what one keeps an eye on. Neither moves a turn nor stops its clock.

use rusqlite::params;

use super::turn::{actor, allowed, reason, state_of};
use super::{SnoozeItem, UnwatchDocument, WakeItem, WatchDocument};
use crate::desk::commands::user_request;
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::domain::date::to_rfc3339;
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::refusal::Refusal;
use crate::domain::workflow::beside::may_watch;
use crate::domain::workflow::offer::ItemMove;

impl SnoozeItem {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let (turn, at, allowed) = allowed(cx, &self.item, ItemMove::PutAside)?;
        let number = &turn.before.number;
        let why = reason("put it aside", Some(&self.reason))?;
        let until = to_rfc3339(self.until);
        if self.until <= cx.now {
            return Err(Error::invalid("until", &until, "is not in the future", "Say a later day."));
        }
        let due = turn.instance.items[at].timing.due_at;
        if due.is_some_and(|due| due <= self.until) {
            return Err(Error::Refused(Refusal::new(
                "due_before",
                format!("{number} is due before that."),
                "Choose a day before it is due, or delegate it.",
            )));
        }
        cx.conn
            .prepare_cached(
                "insert into work_snooze (created_at, updated_at, item_id, staff_id, until_at, reason)
                 values (?1, ?1, ?2, ?3, ?4, ?5)
                 on conflict (staff_id, item_id) do update
                 set until_at = excluded.until_at, reason = excluded.reason, updated_at = excluded.updated_at,
                     version = version + 1",
            )?
            .execute(params![cx.now, self.item.id, actor(cx)?.id, self.until, why])?;
        let happened = Happened::new("work_put_aside", turn.record()).reason(Some(&why)).fact("until", until);
        Ok(Done::audited(allowed, happened).state(turn.from))
    }
}

impl WakeItem {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let (turn, _, allowed) = allowed(cx, &self.item, ItemMove::TakeUp)?;
        cx.conn
            .prepare_cached("delete from work_snooze where item_id = ?1 and staff_id = ?2")?
            .execute([self.item.id, actor(cx)?.id])?;
        Ok(Done::audited(allowed, Happened::new("work_taken_up_again", turn.record())).state(turn.from))
    }
}

impl WatchDocument {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = may_watch(cx.actor)?;
        let record = record(cx, self.id)?;
        let state = state_of(cx, self.document, self.id)?;
        let sql = "insert into work_watch (created_at, updated_at, document, document_id, staff_id) values (?1, ?1, ?2, ?3, ?4)
                   on conflict (staff_id, document, document_id) do nothing";
        let by = actor(cx)?;
        if cx.conn.prepare_cached(sql)?.execute(params![cx.now, self.document.as_str(), self.id, by.id])? == 0
        {
            return Err(already(format!("{} watches {} already.", by.login, record.number)));
        }
        Ok(Done::audited(allowed, Happened::new("watched", record)).state(state))
    }
}

impl UnwatchDocument {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = may_watch(cx.actor)?;
        let record = record(cx, self.id)?;
        let state = state_of(cx, self.document, self.id)?;
        let sql = "delete from work_watch where document = ?1 and document_id = ?2 and staff_id = ?3";
        let by = actor(cx)?;
        if cx.conn.prepare_cached(sql)?.execute(params![self.document.as_str(), self.id, by.id])? == 0 {
            return Err(already(format!("{} does not watch {}.", by.login, record.number)));
        }
        Ok(Done::audited(allowed, Happened::new("watched_no_more", record)).state(state))
    }
}

fn record(cx: &Cx<'_>, id: i64) -> Result<RecordRef> {
    Ok(RecordRef::new(RecordKind::UserRequest, id, user_request::number(cx.conn, id)?))
}

fn already(message: String) -> Error {
    let remedy = "`countersign work list --view watched` lists what you watch.";
    Error::Refused(Refusal::new("illegal_move", message, remedy))
}
