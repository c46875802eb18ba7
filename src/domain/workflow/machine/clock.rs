//! The clock's side of the machine: reminder, overdue, hops, final action, each once and in this order.

use super::walk::names;
use super::{Effect, Machine, Notice, Overriding, Vote};
use crate::domain::workflow::definition::{Approval, Finally, Step, StepKind};
use crate::domain::workflow::instance::{Instance, Timing, Verdict};
use crate::domain::workflow::offer::ItemFacts;
use crate::domain::workflow::resolve::{Pool, Resolved};

impl Machine<'_> {
    /// The clock looks at an item: reminder, overdue, hops, final action, each once. It may find several due at once
    /// after a sleep; each is done, in order, and none twice.
    pub fn clock(&self, instance: &mut Instance, at: usize) -> Vec<Effect> {
        let mut effects = Vec::new();
        let Some(Step { kind: StepKind::Approval(approval), .. }) =
            self.workflow.steps.get(instance.items[at].step)
        else {
            instance.items[at].timing.clock_at = None;
            return effects;
        };
        let Some(due) = instance.items[at].timing.due_at else { return effects };
        let timing = &mut instance.items[at].timing;
        if timing.reminded_at.is_none() && timing.remind_at.is_some_and(|at| at <= self.now) {
            timing.reminded_at = Some(self.now);
            // Who is told that it is overdue need not be told in the same breath that it will be.
            if self.now < due {
                effects.push(Effect::Tell(Notice::DueSoon, at));
            }
        }
        if self.now >= due && timing.overdue_told_at.is_none() {
            timing.overdue_told_at = Some(self.now);
            effects.push(Effect::Tell(Notice::Overdue, at));
        }
        let hops = self.hops(approval, due);
        while let Some(hop) = approval.escalate.get(instance.items[at].timing.escalations) {
            let when = hops[instance.items[at].timing.escalations];
            if when > self.now {
                break;
            }
            match self.eligible(instance, &hop.to) {
                Ok(found) => match self.without_turn(instance, at, &found) {
                    Some(found) => {
                        self.hop(instance, at, &found);
                        effects.push(Effect::Tell(Notice::Escalated, at));
                    }
                    None => {
                        instance.items[at].timing.escalations += 1;
                        let why = format!("{} has another turn in this step already", names(&found.people));
                        self.trace(instance, "not escalated", &why);
                    }
                },
                Err(stop) => {
                    self.stop(instance, stop, &mut effects);
                    return effects;
                }
            }
        }
        let last = self.final_at(approval, due, &hops);
        if let (Some(finally), true) = (approval.finally, self.now >= last) {
            let verdict = match finally {
                Finally::Approve => Verdict::Approve,
                Finally::Reject => Verdict::Reject,
            };
            let vote = Vote {
                by: None,
                verdict,
                reason: Some(format!("nobody decided in time: {}", instance.items[at].step_name)),
                fields: Vec::new(),
                to: None,
                overriding: Overriding::No,
            };
            effects.extend(self.vote(instance, at, vote));
            return effects;
        }
        let timing = &mut instance.items[at].timing;
        timing.clock_at = self.next_look(approval, timing);
        effects
    }

    /// Of those a hop names, whoever has no other turn in the step: nobody counts twice, also not by the clock. Where
    /// nobody is left the item stays with whoever has it.
    fn without_turn(&self, instance: &Instance, at: usize, found: &Resolved) -> Option<Resolved> {
        let facts = ItemFacts::of(instance, at, &self.around());
        let mut found = found.clone();
        found.people.retain(|p| !facts.others.contains(&p.person) && !facts.holding.contains(&p.person));
        (!found.people.is_empty()).then_some(found)
    }

    pub(super) fn hop(&self, instance: &mut Instance, at: usize, found: &Resolved) {
        let barred = instance.barred.clone();
        let item = &mut instance.items[at];
        item.timing.escalations += 1;
        item.because = format!("escalated: {}", found.because);
        (item.role, item.queue, item.slot, item.assigned, item.deputy) = (None, None, None, None, None);
        match &found.pool {
            Pool::Role(name) => item.role = Some(name.clone()),
            Pool::Queue(name) => item.queue = Some(name.clone()),
            Pool::People => {
                let first = &found.people[0];
                (item.slot, item.assigned) = (Some(first.id), Some(first.id));
                item.deputy = self.stands_in(first, &barred);
            }
        }
        self.one_turn_each(instance);
    }

    pub(super) fn hops(&self, approval: &Approval, due: i64) -> Vec<i64> {
        let mut at = due;
        approval
            .escalate
            .iter()
            .map(|hop| {
                at = self.calendar.add(at, hop.after);
                at
            })
            .collect()
    }

    /// The final action comes as long after the last hop as that hop came after what was before it; without hops, when
    /// it is due.
    pub(super) fn final_at(&self, approval: &Approval, due: i64, hops: &[i64]) -> i64 {
        match (approval.escalate.last(), hops.last()) {
            (Some(hop), Some(last)) => self.calendar.add(*last, hop.after),
            (Some(_), None) | (None, _) => due,
        }
    }

    pub(super) fn next_look(&self, approval: &Approval, timing: &Timing) -> Option<i64> {
        let due = timing.due_at?;
        let hops = self.hops(approval, due);
        let remind = timing.remind_at.filter(|_| timing.reminded_at.is_none());
        let overdue = Some(due).filter(|_| timing.overdue_told_at.is_none());
        let hop = hops.get(timing.escalations).copied();
        let last = approval.finally.map(|_| self.final_at(approval, due, &hops));
        [remind, overdue, hop, last].into_iter().flatten().min()
    }
}
