//! The engine: moves an instance by what happens to it, and says what must follow outside (workflow.md, Actions). Pure:
//! whether somebody *may* is asked before, in [`super::offer`]; here it is done.

mod clock;
mod resume;
mod walk;

pub use self::walk::NOTHING_DONE;
use self::walk::{Stop, blank, spare, tally, votes};
use super::condition::Values;
use super::definition::{Auto, Document, OnResubmit, Step, StepKind, Task, Workflow};
use super::instance::{Instance, InstanceState, Item, ItemKind, ItemState, Verdict};
use super::people::{People, Person};
use super::resolve::Parties;
use super::stage::Stage;
use super::vote::{Outcome, attainable, outcome};
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
    /// It is complete, and no task has carried out what was asked.
    NothingDone,
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

/// Whether what is decided on changed since the last votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Since {
    Changed,
    TheSame,
}

/// Whether a decision was made in place of whoever had the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Overriding {
    Yes,
    No,
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
        let cast = votes(instance);
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
            Some(_) => outcome(attainable(approval.policy, tally(instance).voters), tally(instance)),
        };
        // Nobody cast the clock's vote.
        let cast = if vote.by.is_some() { votes(instance) } else { format!("by the clock; {cast}") };
        self.close(instance, (result, &cast), vote.reason, &mut effects);
        effects
    }

    fn close(
        &self,
        instance: &mut Instance,
        (result, cast): (Outcome, &str),
        reason: Option<String>,
        effects: &mut Vec<Effect>,
    ) {
        match result {
            Outcome::Open => {}
            Outcome::Carried => {
                self.trace(instance, "carried", cast);
                spare(instance);
                let next = instance.step + 1;
                self.enter(instance, next, effects);
            }
            Outcome::Lost => {
                self.trace(instance, "lost", cast);
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
        let fields = if vote.fields.is_empty() { "any field".into() } else { vote.fields.join(", ") };
        self.trace(instance, "change requested", &fields);
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
    /// instance, for those who decide. `since` says whether what they decide on differs from what was approved before.
    pub fn resubmit(&self, instance: &mut Instance, since: Since) -> Vec<Effect> {
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
        match (self.workflow.on_resubmit, since) {
            (OnResubmit::Restart, _) | (OnResubmit::Changed, Since::Changed) => {
                self.enter(instance, 0, &mut effects);
            }
            (OnResubmit::Asker, _) | (OnResubmit::Changed, Since::TheSame) => {
                self.enter(instance, self.goes_on_at(instance, asked_at), &mut effects);
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
                self.one_turn_each(instance);
            }
        }
        effects
    }

    /// The originator takes it back.
    pub fn recall(&self, instance: &mut Instance, reason: &str) -> Vec<Effect> {
        spare(instance);
        instance.state = InstanceState::Recalled;
        (instance.cause, instance.culprit) = (None, None);
        self.trace(instance, "recalled", reason);
        vec![Effect::Stage(Stage::Recalled, Some(reason.to_owned()))]
    }

    /// It goes on in another version of the rules: nothing of it is required any more, and its document stays where it
    /// is.
    pub fn leave(&self, instance: &mut Instance, reason: &str) {
        spare(instance);
        instance.state = InstanceState::Recalled;
        (instance.cause, instance.culprit) = (None, None);
        self.trace(instance, "moved to the active version", reason);
    }

    /// Another person gets the turn; the vote stays that of whoever had it, so that nobody counts twice.
    pub fn delegate(&self, instance: &mut Instance, at: usize, (by, to): (&Person, &Person)) -> Vec<Effect> {
        let deputy = self.stands_in(to, &instance.barred);
        let item = &mut instance.items[at];
        item.slot = item.slot.or(Some(by.id));
        item.assigned = Some(to.id);
        item.deputy = deputy;
        item.because = format!("delegated by {}", by.login);
        self.one_turn_each(instance);
        vec![Effect::Tell(Notice::Delegated, at)]
    }

    /// Somebody with the right gives the turn, vote and all, to another person.
    pub fn reassign(&self, instance: &mut Instance, at: usize, (by, to): (&Person, &Person)) -> Vec<Effect> {
        let deputy = self.stands_in(to, &instance.barred);
        let item = &mut instance.items[at];
        (item.slot, item.assigned, item.deputy) = (Some(to.id), Some(to.id), deputy);
        (item.role, item.queue) = (None, None);
        item.because = format!("reassigned by {}", by.login);
        self.one_turn_each(instance);
        vec![Effect::Tell(Notice::Assigned, at)]
    }

    /// A member takes the turn of a role or queue, or who delegated it takes it back.
    pub fn take(&self, instance: &mut Instance, at: usize, by: &Person) {
        let item = &mut instance.items[at];
        if item.slot == Some(by.id) && item.assigned.is_some() {
            (item.deputy, item.note) = (None, None);
            item.because = format!("taken back by {}", by.login);
        }
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

    /// Where a changed document goes on in mode “asker”: where the change was asked for, or before that, at the first
    /// step that was carried by somebody who has edited the document since. What they approved is not what there is
    /// now, and their own work they may not approve.
    fn goes_on_at(&self, instance: &Instance, asked_at: usize) -> usize {
        let edited_since = |item: &&Item| {
            let by = item.decided_by.and_then(|id| self.people.by_id(id));
            item.state == ItemState::Approved && by.is_some_and(|p| self.bars(instance, &p))
        };
        let first = instance.items.iter().filter(edited_since).map(|i| i.step).min();
        first.map_or(asked_at, |first| first.min(asked_at))
    }
}

#[cfg(test)]
mod tests;
