//! The clock's turn: reminder, overdue, escalation, final action. What was done stands in the item, so it is done once,
//! whichever process looks first, and however late.

use super::ClockItem;
use super::turn::Turn;
use crate::desk::command::Repeated;
use crate::desk::cx::{Cx, Done};
use crate::desk::error::Result;
use crate::desk::query::office::Office;
use crate::desk::store::work as store;
use crate::domain::happened::Happened;
use crate::domain::permission::Who;
use crate::domain::workflow::People;
use crate::domain::workflow::instance::InstanceState;
use crate::domain::workflow::machine::{Effect, Notice};

impl ClockItem {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow_as(&Who::Clock)?;
        let (loaded, at) = store::of_item(cx.conn, self.id)?;
        let mut turn = Turn::of(cx, loaded)?;
        let item = &turn.instance.items[at];
        let runs = turn.instance.state == InstanceState::Running;
        if !runs || !item.is_open() || item.timing.clock_at.is_none_or(|due| due > cx.now) {
            let mut done = Done::audited(allowed, Happened::new("clock_looked", turn.record()));
            done.repeated = Repeated::Yes;
            return Ok(done);
        }
        let rule = turn.rule(at);
        let effects = turn.drive(cx, |machine, instance| machine.clock(instance, at))?;
        let what = said(&effects);
        let hopped = (what == "work_escalated").then(|| turn.instance.items[at].clone());
        let office = Office::new(cx.conn);
        let whom = hopped.and_then(|item| {
            let person = item.assigned.and_then(|id| office.by_id(id)).map(|p| p.login);
            person
                .or(item.role.map(|role| format!("role {role}")))
                .or(item.queue.map(|queue| format!("queue {queue}")))
        });
        office.done()?;
        turn.finish(cx, effects, |turn, to| {
            let mut happened = Happened::new(what, turn.record()).moved(turn.from, to).fact("rule", rule);
            if let Some(whom) = whom {
                happened = happened.fact("to", whom);
            }
            Done::audited(allowed, happened)
        })
    }
}

/// What history calls what the clock did; where it did several things at once, the weightiest.
fn said(effects: &[Effect]) -> &'static str {
    let told = |notice| effects.iter().any(|e| matches!(e, Effect::Tell(n, _) if *n == notice));
    if effects.contains(&Effect::Stopped) {
        "workflow_stopped"
    } else if effects.iter().any(|e| matches!(e, Effect::Decided(_) | Effect::Stage(..) | Effect::Run(_))) {
        "work_time_ran_out"
    } else if told(Notice::Escalated) {
        "work_escalated"
    } else if told(Notice::Overdue) {
        "work_became_overdue"
    } else {
        "work_reminded"
    }
}
