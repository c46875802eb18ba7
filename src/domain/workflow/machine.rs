//! The engine: moves an instance by what happens to it, and says what must follow outside (workflow.md, Actions). Pure:
//! whether somebody *may* is asked before, in [`super::offer`]; here it is done.

use super::condition::{Values, holds};
use super::definition::{
    Approval, Assignment, Auto, Document, Finally, OnResubmit, Policy, Step, StepKind, Task, Workflow,
};
use super::instance::{Instance, InstanceState, Item, ItemKind, ItemState, Timing, Traced, Verdict};
use super::people::{People, Person};
use super::resolve::{Parties, Pool, Resolved, resolve};
use super::stage::Stage;
use super::vote::{Outcome, Tally, needed, outcome};
use crate::domain::calendar::Calendar;
use crate::domain::refusal::Refusal;

/// Everything that decides how an instance moves, beside itself.
pub struct Machine<'a> {
    /// Its rules.
    pub workflow: &'a Workflow,
    /// What kind of document.
    pub document: Document,
    /// Its number, for messages.
    pub number: &'a str,
    /// The document's values, for conditions.
    pub values: &'a Values,
    /// Who the document names.
    pub parties: &'a Parties,
    /// The office.
    pub people: &'a dyn People,
    /// Its working time.
    pub calendar: &'a Calendar,
    /// Now, UTC milliseconds.
    pub now: i64,
}

/// What somebody is told about an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "mail.md, When, lists them")]
pub enum Notice {
    Assigned,
    Delegated,
    DueSoon,
    Overdue,
    Escalated,
    ChangeRequested,
}

/// What must follow outside of the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The document moves, with the reason where there is one.
    Stage(Stage, Option<String>),
    /// An automated task runs.
    Run(Task),
    /// Whoever has the item at this place in the list is told.
    Tell(Notice, usize),
    /// The originator is told how it was decided.
    Decided(Verdict),
    /// The workflow's owner is told that it was stopped.
    Stopped,
}

/// One vote.
#[derive(Debug, Clone)]
pub struct Vote<'a> {
    /// Whose; none: the clock's.
    pub by: Option<&'a Person>,
    /// Which way.
    pub verdict: Verdict,
    /// Why.
    pub reason: Option<String>,
    /// For a change request: what should be changed.
    pub fields: Vec<String>,
    /// For a change request: who should change it.
    pub to: Option<Person>,
    /// Whether the right to override was used.
    pub overriding: Overriding,
}

/// Whether a decision was made in place of whoever had the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Overriding {
    Yes,
    No,
}

/// Why an instance cannot go on: cause and culprit.
struct Stop {
    cause: String,
    culprit: String,
}

impl Machine<'_> {
    fn rule(&self, step: &Step) -> String {
        format!("{} · {}", self.workflow.name, step.name)
    }

    /// May this document be submitted? Every step it would take must have somebody who may decide it.
    ///
    /// # Errors
    /// The refusal names the step, and the person, role or queue at fault.
    pub fn check(&self, instance: &Instance) -> Result<(), Refusal> {
        for step in &self.workflow.steps {
            let refuse = |stop: Stop| {
                Refusal::new(
                    "no_approver",
                    format!(
                        "{} cannot be submitted: step “{}”: {}.",
                        self.number,
                        self.rule(step),
                        stop.cause
                    ),
                    format!("Put right {}, or change the workflow.", stop.culprit),
                )
            };
            if !self.applies(step).map_err(&refuse)?.0 {
                continue;
            }
            match &step.kind {
                StepKind::Approval(approval) => {
                    self.voters(instance, approval).map_err(&refuse)?;
                }
                StepKind::Auto(Auto::Reject) => return Ok(()),
                StepKind::Auto(Auto::Approve) | StepKind::Task(_) => {}
            }
        }
        Ok(())
    }

    /// The instance starts.
    pub fn start(&self, instance: &mut Instance) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.enter(instance, 0, &mut effects);
        effects
    }

    /// A vote was cast. Reject and change request end the step at once only as far as its policy says so; a change
    /// request always does.
    pub fn vote(&self, instance: &mut Instance, at: usize, vote: Vote<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let item = &mut instance.items[at];
        let by = vote.by.map(|p| p.id);
        item.state = vote.verdict.state();
        item.decided_by = by;
        item.decided_for = item.slot.filter(|slot| Some(*slot) != by);
        item.slot = item.slot.or(by);
        item.decided_at = Some(self.now);
        item.overridden = vote.overriding == Overriding::Yes;
        item.reason.clone_from(&vote.reason);
        item.fields.clone_from(&vote.fields);
        item.timing.clock_at = None;
        if vote.verdict == Verdict::RequestChange {
            self.send_back(instance, at, &vote, &mut effects);
            return effects;
        }
        let Some(Step { kind: StepKind::Approval(approval), .. }) = self.workflow.steps.get(instance.step)
        else {
            return effects;
        };
        let result = match vote.by {
            // The clock's final action decides the step, whatever the others would have said.
            None if vote.verdict == Verdict::Approve => Outcome::Carried,
            None => Outcome::Lost,
            Some(_) => outcome(approval.policy, tally(instance)),
        };
        self.close(instance, result, vote.reason, &mut effects);
        effects
    }

    fn close(
        &self,
        instance: &mut Instance,
        result: Outcome,
        reason: Option<String>,
        effects: &mut Vec<Effect>,
    ) {
        match result {
            Outcome::Open => {}
            Outcome::Carried => {
                self.trace(instance, "carried", &votes(instance));
                spare(instance);
                let next = instance.step + 1;
                self.enter(instance, next, effects);
            }
            Outcome::Lost => {
                self.trace(instance, "lost", &votes(instance));
                spare(instance);
                self.reject(instance, reason, effects);
            }
        }
    }

    fn reject(&self, instance: &mut Instance, reason: Option<String>, effects: &mut Vec<Effect>) {
        instance.state = InstanceState::Rejected;
        effects.push(Effect::Stage(Stage::Rejected, reason));
        effects.push(Effect::Decided(Verdict::Reject));
    }

    /// A change request: the others need not decide, and somebody gets the document back.
    fn send_back(&self, instance: &mut Instance, at: usize, vote: &Vote<'_>, effects: &mut Vec<Effect>) {
        self.trace(instance, "change requested", &vote.fields.join(", "));
        spare(instance);
        instance.state = InstanceState::ChangeRequested;
        let asked = &instance.items[at];
        let to = vote.to.as_ref().map(|p| p.id).or(instance.submitter.as_ref().map(|p| p.id));
        let by = vote.by.map_or("the clock", |p| p.login.as_str());
        let item = Item {
            kind: ItemKind::Change,
            slot: to,
            assigned: to,
            because: format!("asked by {by} to change it"),
            note: vote.reason.clone(),
            fields: vote.fields.clone(),
            ..blank(instance, &asked.step_name)
        };
        instance.items.push(item);
        effects.push(Effect::Stage(Stage::ChangeRequested, vote.reason.clone()));
        effects.push(Effect::Tell(Notice::ChangeRequested, instance.items.len() - 1));
    }

    /// What was asked to be changed was changed, and the document is submitted again: the next round of the same
    /// instance, for those who decide.
    pub fn resubmit(&self, instance: &mut Instance) -> Vec<Effect> {
        for item in instance.items.iter_mut().filter(|i| i.is_open()) {
            item.state =
                if item.kind == ItemKind::Change { ItemState::Changed } else { ItemState::NoLongerRequired };
            item.decided_at = Some(self.now);
            item.timing.clock_at = None;
        }
        let asked = instance.items.iter().rev().find(|i| i.state == ItemState::ChangeRequested);
        let (asker, asked_at) = (asked.and_then(|i| i.decided_by), asked.map_or(0, |i| i.step));
        instance.round += 1;
        instance.state = InstanceState::Running;
        let mut effects = Vec::new();
        match self.workflow.on_resubmit {
            OnResubmit::Restart => self.enter(instance, 0, &mut effects),
            OnResubmit::Asker => {
                self.enter(instance, asked_at, &mut effects);
                let asker = asker
                    .and_then(|id| self.people.by_id(id))
                    .filter(|p| p.active && !self.bars(instance, p));
                let (step, round) = (instance.step, instance.round);
                let held =
                    |i: &Item| i.is_open() && i.step == step && i.round == round && i.assigned.is_none();
                if let Some(asker) = asker
                    && let Some(item) = instance.items.iter_mut().find(|i| held(i))
                {
                    item.assigned = Some(asker.id);
                    item.deputy = self.stands_in(&asker, &instance.barred);
                    item.because = format!("{}; {} asked for the change", item.because, asker.login);
                }
            }
        }
        effects
    }

    /// The originator takes it back.
    pub fn recall(&self, instance: &mut Instance, reason: &str) -> Vec<Effect> {
        spare(instance);
        instance.state = InstanceState::Recalled;
        self.trace(instance, "recalled", reason);
        vec![Effect::Stage(Stage::Recalled, Some(reason.to_owned()))]
    }

    /// Another person gets the turn; the vote stays that of whoever had it, so that nobody counts twice.
    pub fn delegate(&self, instance: &mut Instance, at: usize, (by, to): (&Person, &Person)) -> Vec<Effect> {
        let deputy = self.stands_in(to, &instance.barred);
        let item = &mut instance.items[at];
        item.slot = item.slot.or(Some(by.id));
        item.assigned = Some(to.id);
        item.deputy = deputy;
        item.because = format!("delegated by {}", by.login);
        vec![Effect::Tell(Notice::Delegated, at)]
    }

    /// Somebody with the right gives the turn, vote and all, to another person.
    pub fn reassign(&self, instance: &mut Instance, at: usize, (by, to): (&Person, &Person)) -> Vec<Effect> {
        let deputy = self.stands_in(to, &instance.barred);
        let item = &mut instance.items[at];
        (item.slot, item.assigned, item.deputy) = (Some(to.id), Some(to.id), deputy);
        (item.role, item.queue) = (None, None);
        item.because = format!("reassigned by {}", by.login);
        vec![Effect::Tell(Notice::Assigned, at)]
    }

    /// A member takes the turn of a role or queue.
    pub fn take(&self, instance: &mut Instance, at: usize, by: &Person) {
        let item = &mut instance.items[at];
        item.assigned = Some(by.id);
    }

    /// And gives it back.
    pub fn release(&self, instance: &mut Instance, at: usize) {
        let item = &mut instance.items[at];
        (item.assigned, item.slot, item.deputy) = (None, None, None);
    }

    /// The automated task of the step it stands at has ended well.
    pub fn task_done(&self, instance: &mut Instance) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.trace(instance, "task run", "done");
        let next = instance.step + 1;
        self.enter(instance, next, &mut effects);
        effects
    }

    /// It has failed: the instance is stopped and says why.
    pub fn task_failed(&self, instance: &mut Instance, cause: &str) -> Vec<Effect> {
        let culprit = self.workflow.steps.get(instance.step).map_or_else(String::new, |s| s.name.clone());
        let mut effects = vec![Effect::Stage(Stage::Failed, Some(cause.to_owned()))];
        self.stop(instance, Stop { cause: cause.to_owned(), culprit }, &mut effects);
        effects
    }

    /// What stopped it was put right: the step it stands at is tried again.
    pub fn resume(&self, instance: &mut Instance) -> Vec<Effect> {
        let mut effects = Vec::new();
        instance.state = InstanceState::Running;
        (instance.cause, instance.culprit) = (None, None);
        let step = instance.step;
        self.enter(instance, step, &mut effects);
        effects
    }

    /// A stopped approval goes to this person instead of whoever could not be found.
    pub fn resume_with(&self, instance: &mut Instance, (by, to): (&Person, &Person)) -> Vec<Effect> {
        instance.state = InstanceState::Running;
        (instance.cause, instance.culprit) = (None, None);
        let name = self.workflow.steps.get(instance.step).map_or_else(String::new, |s| s.name.clone());
        let item = Item {
            slot: Some(to.id),
            assigned: Some(to.id),
            deputy: self.stands_in(to, &instance.barred),
            because: format!("reassigned by {}", by.login),
            ..blank(instance, &name)
        };
        instance.items.push(item);
        vec![
            Effect::Stage(Stage::PendingApproval, None),
            Effect::Tell(Notice::Assigned, instance.items.len() - 1),
        ]
    }

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
                Ok(found) => self.hop(instance, at, &found),
                Err(stop) => {
                    self.stop(instance, stop, &mut effects);
                    return effects;
                }
            }
            effects.push(Effect::Tell(Notice::Escalated, at));
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

    fn hop(&self, instance: &mut Instance, at: usize, found: &Resolved) {
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
    }

    fn hops(&self, approval: &Approval, due: i64) -> Vec<i64> {
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
    fn final_at(&self, approval: &Approval, due: i64, hops: &[i64]) -> i64 {
        match (approval.escalate.last(), hops.last()) {
            (Some(hop), Some(last)) => self.calendar.add(*last, hop.after),
            (Some(_), None) | (None, _) => due,
        }
    }

    fn next_look(&self, approval: &Approval, timing: &Timing) -> Option<i64> {
        let due = timing.due_at?;
        let hops = self.hops(approval, due);
        let remind = timing.remind_at.filter(|_| timing.reminded_at.is_none());
        let overdue = Some(due).filter(|_| timing.overdue_told_at.is_none());
        let hop = hops.get(timing.escalations).copied();
        let last = approval.finally.map(|_| self.final_at(approval, due, &hops));
        [remind, overdue, hop, last].into_iter().flatten().min()
    }

    /// Walks on from `step` to the next that waits for somebody or something, or to the end.
    fn enter(&self, instance: &mut Instance, step: usize, effects: &mut Vec<Effect>) {
        instance.step = step;
        while let Some(step) = self.workflow.steps.get(instance.step) {
            match self.step(instance, step, effects) {
                Ok(Pace::On) => instance.step += 1,
                Ok(Pace::Waits) => return,
                Err(stop) => return self.stop(instance, stop, effects),
            }
        }
        self.approved(instance, effects);
        instance.state = InstanceState::Completed;
        if instance.trace.is_empty() {
            self.trace(instance, "approved at once", &format!("“{}” has no steps", self.workflow.name));
        }
        effects.push(Effect::Stage(Stage::Completed, None));
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

    /// Every approval is there: said once, before the first task or at the end.
    fn approved(&self, instance: &Instance, effects: &mut Vec<Effect>) {
        let ran = instance.trace.iter().any(|t| t.what == "task run");
        if ran || instance.state == InstanceState::Rejected {
            return;
        }
        effects.push(Effect::Stage(Stage::Approved, None));
        if instance.items.iter().any(|i| i.state == ItemState::Approved && i.round == instance.round) {
            effects.push(Effect::Decided(Verdict::Approve));
        }
    }

    fn assign(
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
        Ok(())
    }

    /// Those who may vote in a step; an error where they are too few.
    fn voters(&self, instance: &Instance, approval: &Approval) -> Result<Resolved, Stop> {
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
    fn eligible(&self, instance: &Instance, who: &Assignment) -> Result<Resolved, Stop> {
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

    fn bars(&self, instance: &Instance, person: &Person) -> bool {
        !self.workflow.self_approval && instance.bars(person)
    }

    /// The deputy of somebody who is away, unless four eyes bars the deputy.
    fn stands_in(&self, person: &Person, barred: &[String]) -> Option<i64> {
        let deputy = self.people.deputy_of(person.id, self.document, self.now)?;
        let fits = deputy.person != person.person
            && (self.workflow.self_approval || !barred.contains(&deputy.person));
        fits.then_some(deputy.id)
    }

    fn applies(&self, step: &Step) -> Result<(bool, String), Stop> {
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

    fn stop(&self, instance: &mut Instance, stop: Stop, effects: &mut Vec<Effect>) {
        instance.state = InstanceState::Stopped;
        (instance.cause, instance.culprit) = (Some(stop.cause), Some(stop.culprit));
        effects.push(Effect::Stopped);
    }

    fn trace(&self, instance: &mut Instance, what: &str, why: &str) {
        let step = self.workflow.steps.get(instance.step).map_or_else(String::new, |s| s.name.clone());
        instance.trace.push(Traced { step, what: what.to_owned(), why: why.to_owned() });
    }
}

/// Whether the walk goes on.
enum Pace {
    On,
    Waits,
}

/// An open item of the step and round the instance stands at, with nobody in it.
fn blank(instance: &Instance, step_name: &str) -> Item {
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

fn tally(instance: &Instance) -> Tally {
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

fn votes(instance: &Instance) -> String {
    let tally = tally(instance);
    format!("{} yes, {} no of {}", tally.yes, tally.no, tally.voters)
}

/// What is still open is no longer required.
fn spare(instance: &mut Instance) {
    for item in instance.items.iter_mut().filter(|i| i.is_open()) {
        item.state = ItemState::NoLongerRequired;
        item.timing.clock_at = None;
    }
}

fn names(people: &[Person]) -> String {
    let logins: Vec<&str> = people.iter().map(|p| p.login.as_str()).collect();
    logins.join(", ")
}
