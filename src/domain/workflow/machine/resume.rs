//! A stopped instance goes on: what was put right is tried again, or somebody decides instead of whom no rule found.

use super::walk::blank;
use super::{Effect, Machine};
use crate::domain::refusal::Refusal;
use crate::domain::workflow::definition::{Step, StepKind};
use crate::domain::workflow::instance::{Instance, InstanceState, Item};
use crate::domain::workflow::offer::{ItemFacts, may_get};
use crate::domain::workflow::people::Person;
use crate::domain::workflow::stage::Stage;

impl Machine<'_> {
    /// What stopped it was put right: the step it stands at is tried again. Turns that were open stay as they are, and
    /// the clock looks at them again.
    pub fn resume(&self, instance: &mut Instance) -> Vec<Effect> {
        let mut effects = Vec::new();
        instance.state = InstanceState::Running;
        (instance.cause, instance.culprit) = (None, None);
        if !self.wind(instance) {
            let step = instance.step;
            self.enter(instance, step, &mut effects);
        }
        effects
    }

    /// Sets the clock of the turns that are still open; says whether there are any.
    fn wind(&self, instance: &mut Instance) -> bool {
        let Some(Step { kind: StepKind::Approval(approval), .. }) = self.workflow.steps.get(instance.step)
        else {
            return false;
        };
        let mut any = false;
        for item in instance.items.iter_mut().filter(|i| i.is_open()) {
            item.timing.clock_at = self.next_look(approval, &item.timing);
            any = true;
        }
        any
    }

    /// A stopped approval goes to this person instead of whoever could not be found: the turn whose hop led to nobody,
    /// or the whole step where nobody had a turn yet.
    ///
    /// # Errors
    /// The refusal: `illegal_move` where a task failed, and what [`may_get`] says.
    pub fn resume_with(
        &self,
        instance: &mut Instance,
        (by, to): (&Person, &Person),
    ) -> Result<Vec<Effect>, Refusal> {
        let Some(Step { kind: StepKind::Approval(approval), name, .. }) =
            self.workflow.steps.get(instance.step)
        else {
            return Err(Refusal::new(
                "illegal_move",
                format!("{} is stopped at a task, which nobody decides.", self.number),
                "Put the cause right and resume it, or send it back to draft.",
            ));
        };
        let stuck = |item: &Item| {
            let hop = item
                .timing
                .due_at
                .and_then(|due| self.hops(approval, due).get(item.timing.escalations).copied());
            item.is_open() && hop.is_some_and(|at| at <= self.now)
        };
        let mut resumed =
            Instance { state: InstanceState::Running, cause: None, culprit: None, ..instance.clone() };
        let at = match resumed.items.iter().position(stuck) {
            Some(at) => {
                resumed.items[at].timing.escalations += 1;
                at
            }
            None => {
                resumed.items.push(blank(&resumed, name));
                resumed.items.len() - 1
            }
        };
        may_get(&ItemFacts::of(&resumed, at, &self.around()), to)?;
        *instance = resumed;
        let mut effects = self.reassign(instance, at, (by, to));
        self.wind(instance);
        effects.insert(0, Effect::Stage(Stage::PendingApproval, None));
        Ok(effects)
    }
}
