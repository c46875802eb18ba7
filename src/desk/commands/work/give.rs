//! Turns change hands: take, release, delegate, reassign, and everything of one person at once.

use super::turn::{Turn, actor, allowed, look, person, reason};
use super::{DelegateItem, ItemSubject, MoveItems, ReassignItem, ReleaseItem, TakeItem};
use crate::desk::command::Command;
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::domain::happened::Happened;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::{Allowed, Permission};
use crate::domain::workflow::offer::{ItemMove, may_get, offer};

impl TakeItem {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let (mut turn, at, allowed) = allowed(cx, &self.item, ItemMove::Take)?;
        let by = actor(cx)?;
        turn.drive(cx, |machine, instance| machine.take(instance, at, &by))?;
        done(cx, turn, allowed, "work_taken")
    }
}

impl ReleaseItem {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let (mut turn, at, allowed) = allowed(cx, &self.item, ItemMove::Release)?;
        turn.drive(cx, |machine, instance| machine.release(instance, at))?;
        done(cx, turn, allowed, "work_released")
    }
}

fn done(cx: &Cx<'_>, turn: Turn, allowed: Allowed, kind: &'static str) -> Result<Done> {
    turn.finish(cx, Vec::new(), |turn, _| Done::audited(allowed, Happened::new(kind, turn.record())))
}

impl DelegateItem {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let (mut turn, at, facts) = look(cx, &self.item)?;
        let (allowed, _) = offer(cx.actor, &facts, ItemMove::Delegate)?;
        let (by, to) = (actor(cx)?, person(cx, &self.to)?);
        may_get(&facts, &to)?;
        let effects = turn.drive(cx, |machine, instance| machine.delegate(instance, at, (&by, &to)))?;
        turn.instance.items[at].note.clone_from(&self.note);
        turn.finish(cx, effects, |turn, _| {
            let happened = Happened::new("work_delegated", turn.record())
                .note(self.note.as_deref())
                .fact("to", to.login);
            Done::audited(allowed, happened)
        })
    }
}

impl ReassignItem {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let (mut turn, at, facts) = look(cx, &self.item)?;
        let (allowed, _) = offer(cx.actor, &facts, ItemMove::Reassign)?;
        let why = turn.filled(cx, "reason", &reason("give it to somebody else", Some(&self.reason))?)?;
        let (by, to) = (actor(cx)?, person(cx, &self.to)?);
        may_get(&facts, &to)?;
        let effects = turn.drive(cx, |machine, instance| machine.reassign(instance, at, (&by, &to)))?;
        turn.finish(cx, effects, |turn, _| {
            let happened = Happened::new("work_reassigned", turn.record())
                .reason(Some(&why))
                .fact("from", facts.holder())
                .fact("to", to.login);
            Done::audited(allowed, happened)
        })
    }
}

impl MoveItems {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let own = cx.actor.login == self.from;
        let allowed = cx.actor.allow(if own { Permission::WorkDecide } else { Permission::WorkReassign })?;
        let why = reason("move them", Some(&self.reason))?;
        let (from, to) = (person(cx, &self.from)?, person(cx, &self.to)?);
        if !to.active {
            return Err(Error::invalid("to", &to.login, "is inactive", "Choose somebody else."));
        }
        let items: Vec<i64> = cx
            .conn
            .prepare_cached("select id from work_item where assigned_id = ?1 and state = 'open' order by id")?
            .query_map([from.id], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let happened =
            Happened::new("work_moved", RecordRef::new(RecordKind::Staff, from.id, from.login.clone()))
                .reason(Some(&why))
                .fact("to", to.login.clone());
        let mut done = Done::audited(allowed, happened);
        let mut moved = Vec::new();
        // One's own turns are handed on as votes for oneself; somebody else's go whole.
        let mv = if own { ItemMove::Delegate } else { ItemMove::Reassign };
        for id in items {
            let item = ItemSubject::now(id);
            let (_, _, facts) = look(cx, &item)?;
            if let Err(refusal) = offer(cx.actor, &facts, mv).and_then(|_| may_get(&facts, &to)) {
                done = done.note(format!("{} stays with {}: {}", facts.number, from.login, refusal.message));
                continue;
            }
            moved.push(facts.number);
            done = done.then(if own {
                Command::DelegateItem(DelegateItem { item, to: self.to.clone(), note: Some(why.clone()) })
            } else {
                Command::ReassignItem(ReassignItem { item, to: self.to.clone(), reason: why.clone() })
            });
        }
        let which = if moved.is_empty() { String::new() } else { format!(": {}", moved.join(", ")) };
        Ok(done.note(format!("{} moved from {} to {}{which}.", moved.len(), from.login, to.login)))
    }
}
