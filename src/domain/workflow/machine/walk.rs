//! The walk from step to step: conditions, people, tasks, the end, and the stop where an error holds it.

use super::{Effect, Machine, Notice};
use crate::domain::workflow::condition::holds;
use crate::domain::workflow::definition::{
    Approval, Assignment, Auto, Document, Policy, Step, StepKind, Task,
};
use crate::domain::workflow::instance::{
    Instance, InstanceState, Item, ItemKind, ItemState, Timing, Traced, Verdict,
};
use crate::domain::workflow::offer::Around;
use crate::domain::workflow::people::Person;
use crate::domain::workflow::resolve::{Pool, Resolved, resolve};
use crate::domain::workflow::stage::Stage;
use crate::domain::workflow::vote::{Tally, needed};

/// Why an instance cannot go on: cause and culprit.
pub(super) struct Stop {
    pub cause: String,
    pub culprit: String,
}

impl Machine<'_> {
    /// Walks on from `step` to the next that waits for somebody or something, or to the end.
    pub(super) fn enter(&self, instance: &mut Instance, step: usize, effects: &mut Vec<Effect>) {
        instance.step = step;
        while let Some(step) = self.workflow.steps.get(instance.step) {
            match self.step(instance, step, effects) {
                Ok(Pace::On) => instance.step += 1,
                Ok(Pace::Waits) => return,
                Err(stop) => return self.stop(instance, stop, effects),
            }
        }
        self.approved(instance, effects);
        if self.document == Document::UserRequest && !self.carried_out(instance) {
            self.trace(instance, "completed", NOTHING_DONE);
            effects.push(Effect::NothingDone);
        }
        instance.state = InstanceState::Completed;
        effects.push(Effect::Stage(Stage::Completed, None));
    }

    /// Whether a task has done what the document asks for; a notice does nothing of it.
    fn carried_out(&self, instance: &Instance) -> bool {
        let does = |name: &str| {
            let tasks = self.workflow.steps.iter().filter(|s| s.name == name);
            tasks.into_iter().any(|s| matches!(s.kind, StepKind::Task(task) if task != Task::Notify))
        };
        instance.trace.iter().any(|t| t.what == "task run" && does(&t.step))
    }

    fn step(&self, instance: &mut Instance, step: &Step, effects: &mut Vec<Effect>) -> Result<Pace, Stop> {
        let (applies, why) = self.applies(step)?;
        if !applies {
            self.trace(instance, "passed over", &why);
            return Ok(Pace::On);
        }
        match &step.kind {
            StepKind::Auto(Auto::Approve) => {
                self.trace(instance, "approved by rule", &why);
                Ok(Pace::On)
            }
            StepKind::Auto(Auto::Reject) => {
                self.trace(instance, "rejected by rule", &why);
                self.reject(instance, Some(format!("by rule {}", self.rule(step))), effects);
                Ok(Pace::Waits)
            }
            StepKind::Task(Task::ApplyChanges) if self.document == Document::UserRequest => {
                Err(Stop { cause: "a user request has no changes to apply".into(), culprit: self.rule(step) })
            }
            StepKind::Task(task) => {
                self.approved(instance, effects);
                effects.push(Effect::Stage(Stage::Completing, None));
                effects.push(Effect::Run(*task));
                Ok(Pace::Waits)
            }
            StepKind::Approval(approval) => {
                self.assign(instance, step, approval, effects)?;
                Ok(Pace::Waits)
            }
        }
    }

    /// Every approval is there: said once, before the first task behind it or at the end.
    pub(super) fn approved(&self, instance: &mut Instance, effects: &mut Vec<Effect>) {
        let last = |what: &str| instance.trace.iter().rposition(|t| t.what == what);
        if last("approved").is_some() && last("approved") > last("assigned") {
            return;
        }
        self.trace(instance, "approved", &votes_of_round(instance));
        effects.push(Effect::Stage(Stage::Approved, None));
        if instance.items.iter().any(|i| i.state == ItemState::Approved && i.round == instance.round) {
            effects.push(Effect::Decided(Verdict::Approve));
        }
    }

    pub(super) fn assign(
        &self,
        instance: &mut Instance,
        step: &Step,
        approval: &Approval,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Stop> {
        let found = self.voters(instance, approval)?;
        let due = approval.due.map(|span| self.calendar.add(self.now, span));
        let remind =
            due.zip(approval.remind).map(|(due, span)| self.calendar.before(due, span).max(self.now));
        let mut timing = Timing { due_at: due, remind_at: remind, ..Timing::default() };
        timing.clock_at = self.next_look(approval, &timing);
        let held = Item { because: found.because.clone(), timing, ..blank(instance, &step.name) };
        let whole = match &found.pool {
            Pool::Role(role) if approval.policy == Policy::Any => {
                Some(Item { role: Some(role.clone()), ..held.clone() })
            }
            Pool::Queue(queue) => Some(Item { queue: Some(queue.clone()), ..held.clone() }),
            Pool::Role(_) | Pool::People => None,
        };
        let items = match whole {
            Some(item) => vec![item],
            None => found
                .people
                .iter()
                .map(|person| Item {
                    slot: Some(person.id),
                    assigned: Some(person.id),
                    deputy: self.stands_in(person, &instance.barred),
                    ..held.clone()
                })
                .collect(),
        };
        self.trace(instance, "assigned", &format!("{}: {}", found.because, names(&found.people)));
        effects.push(Effect::Stage(Stage::PendingApproval, None));
        for item in items {
            instance.items.push(item);
            effects.push(Effect::Tell(Notice::Assigned, instance.items.len() - 1));
        }
        self.one_turn_each(instance);
        Ok(())
    }

    /// Nobody counts twice in a step, so nobody stands in there who has a turn in it already: such a turn waits for its
    /// own person, and the other one is the only one that its deputy is told of.
    pub(super) fn one_turn_each(&self, instance: &mut Instance) {
        let (step, round) = (instance.step, instance.round);
        let of_step =
            |i: &&mut Item| i.is_open() && i.step == step && i.round == round && i.kind == ItemKind::Approval;
        let natural = |id: Option<i64>| id.and_then(|id| self.people.by_id(id)).map(|p| p.person);
        let mut engaged: Vec<String> = Vec::new();
        for item in instance.items.iter_mut().filter(of_step) {
            engaged.extend([natural(item.slot), natural(item.assigned)].into_iter().flatten());
        }
        for item in instance.items.iter_mut().filter(of_step) {
            let Some(deputy) = natural(item.deputy) else { continue };
            if engaged.contains(&deputy) {
                item.deputy = None;
            } else {
                engaged.push(deputy);
            }
        }
    }

    /// Those who may vote in a step; an error where they are too few.
    pub(super) fn voters(&self, instance: &Instance, approval: &Approval) -> Result<Resolved, Stop> {
        let found = self.eligible(instance, &approval.who)?;
        let voters = if matches!(found.pool, Pool::Queue(_)) { 1 } else { found.people.len() as u32 };
        let needed = needed(approval.policy, voters);
        if needed > voters {
            return Err(Stop {
                cause: format!(
                    "{needed} yes votes are needed and only {voters} people may vote: {}",
                    names(&found.people)
                ),
                culprit: found.because,
            });
        }
        Ok(found)
    }

    /// Who an assignment names, without those whom four eyes bars; each natural person once.
    pub(super) fn eligible(&self, instance: &Instance, who: &Assignment) -> Result<Resolved, Stop> {
        let mut found = resolve(who, self.parties, self.people, self.values)
            .map_err(|unresolved| Stop { cause: unresolved.why, culprit: unresolved.who })?;
        let all = names(&found.people);
        let mut seen: Vec<String> = Vec::new();
        found.people.retain(|p| {
            let fresh = p.active && !seen.contains(&p.person) && !self.bars(instance, p);
            seen.push(p.person.clone());
            fresh
        });
        if found.people.is_empty() {
            return Err(Stop {
                cause: format!("only {all} could decide it, who submitted or edited it (four eyes)"),
                culprit: found.because,
            });
        }
        Ok(found)
    }

    /// What stands around an instance, for a look at its items.
    pub(super) fn around(&self) -> Around<'_> {
        Around {
            number: self.number,
            document: self.document,
            workflow: Some(self.workflow),
            people: self.people,
            now: self.now,
        }
    }

    pub(super) fn bars(&self, instance: &Instance, person: &Person) -> bool {
        !self.workflow.self_approval && instance.bars(person)
    }

    /// The deputy of somebody who is away, unless four eyes bars the deputy.
    pub(super) fn stands_in(&self, person: &Person, barred: &[String]) -> Option<i64> {
        let deputy = self.people.deputy_of(person.id, self.document, self.now)?;
        let fits = deputy.person != person.person
            && (self.workflow.self_approval || !barred.contains(&deputy.person));
        fits.then_some(deputy.id)
    }

    pub(super) fn applies(&self, step: &Step) -> Result<(bool, String), Stop> {
        let Some(condition) = &step.when else { return Ok((true, "no condition".into())) };
        match holds(condition, self.values) {
            Ok(truth) => {
                let parts: Vec<String> =
                    truth.parts.iter().map(|(part, is)| format!("{part} is {is}")).collect();
                Ok((truth.holds, parts.join(", ")))
            }
            Err(problem) => Err(Stop { cause: problem.to_string(), culprit: self.rule(step) }),
        }
    }

    /// An error holds the instance until somebody resumes it; the clock lets it alone until then.
    pub(super) fn stop(&self, instance: &mut Instance, stop: Stop, effects: &mut Vec<Effect>) {
        instance.state = InstanceState::Stopped;
        for item in &mut instance.items {
            item.timing.clock_at = None;
        }
        (instance.cause, instance.culprit) = (Some(stop.cause), Some(stop.culprit));
        effects.push(Effect::Stopped);
    }

    pub(super) fn trace(&self, instance: &mut Instance, what: &str, why: &str) {
        let step = self.workflow.steps.get(instance.step).map_or_else(String::new, |s| s.name.clone());
        instance.trace.push(Traced { step, what: what.to_owned(), why: why.to_owned() });
    }
}

/// What is said of a document that is complete though no task has done anything for it.
pub const NOTHING_DONE: &str = "no task of the workflow carries it out: nothing was made or changed";

/// Whether the walk goes on.
enum Pace {
    On,
    Waits,
}

/// An open item of the step and round the instance stands at, with nobody in it.
pub(super) fn blank(instance: &Instance, step_name: &str) -> Item {
    Item {
        id: 0,
        kind: ItemKind::Approval,
        state: ItemState::Open,
        round: instance.round,
        step: instance.step,
        step_name: step_name.to_owned(),
        slot: None,
        assigned: None,
        role: None,
        queue: None,
        deputy: None,
        because: String::new(),
        note: None,
        timing: Timing::default(),
        decided_by: None,
        decided_for: None,
        decided_at: None,
        overridden: false,
        reason: None,
        fields: Vec::new(),
    }
}

pub(super) fn tally(instance: &Instance) -> Tally {
    let mut tally = Tally { yes: 0, no: 0, voters: 0 };
    for (_, item) in instance.current().filter(|(_, item)| item.kind == ItemKind::Approval) {
        match item.state {
            ItemState::Approved => tally.yes += 1,
            ItemState::Rejected => tally.no += 1,
            ItemState::Open => {}
            ItemState::ChangeRequested | ItemState::Changed | ItemState::NoLongerRequired => continue,
        }
        tally.voters += 1;
    }
    tally
}

pub(super) fn votes(instance: &Instance) -> String {
    let tally = tally(instance);
    format!("{} yes, {} no of {}", tally.yes, tally.no, tally.voters)
}

/// Who said yes in this round, as the trace has it.
pub(super) fn votes_of_round(instance: &Instance) -> String {
    let yes =
        instance.items.iter().filter(|i| i.round == instance.round && i.state == ItemState::Approved).count();
    match yes {
        0 => "no step had to be decided".into(),
        1 => "1 yes".into(),
        yes => format!("{yes} yes"),
    }
}

/// What is still open is no longer required.
pub(super) fn spare(instance: &mut Instance) {
    for item in instance.items.iter_mut().filter(|i| i.is_open()) {
        item.state = ItemState::NoLongerRequired;
        item.timing.clock_at = None;
    }
}

pub(super) fn names(people: &[Person]) -> String {
    let logins: Vec<&str> = people.iter().map(|p| p.login.as_str()).collect();
    logins.join(", ")
}
