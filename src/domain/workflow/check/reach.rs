//! What can never happen: workflows and steps whose condition never holds, and actions that no task carries out.

use super::*;
use crate::domain::user_request::Action;

impl Checking<'_> {
    /// A workflow that is never taken, and steps that it never reaches.
    pub(super) fn reach(&mut self, n: usize, workflow: &Workflow) {
        let nothing = Settled::default();
        let settled = workflow.when.as_deref().map(Settled::by).unwrap_or_default();
        if workflow.when.as_deref().is_some_and(|when| nothing.say(when) == Some(false)) {
            let message = format!("“{}” is never taken: its when never holds", workflow.name);
            return self.wrong((n, None, "when"), message);
        }
        for (s, step) in workflow.steps.iter().enumerate() {
            let Some(when) = step.when.as_deref() else { continue };
            let why = match (nothing.say(when), settled.say(when)) {
                (Some(false), _) => "its when never holds".to_owned(),
                (_, Some(false)) => {
                    let whole = workflow.when.as_deref().unwrap_or_default();
                    format!("its when never holds where `{whole}` does, which takes the workflow")
                }
                _ => continue,
            };
            self.wrong((n, Some(s), "when"), format!("step “{}” is never reached: {why}", step.name));
        }
    }

    /// Actions that a workflow takes and none of its tasks carries out: the request would be Completed and nothing done.
    pub(super) fn undone(&mut self) {
        let mut left: Vec<Action> = Action::ALL.to_vec();
        let workflows = self.source.rules.workflows.iter().enumerate();
        let (conditional, defaults): (Vec<_>, Vec<_>) = workflows
            .filter(|(_, workflow)| workflow.document == Document::UserRequest)
            .partition(|(_, workflow)| workflow.when.is_some());
        for (n, workflow) in conditional.into_iter().chain(defaults) {
            let says = |when: Option<&str>, action: Action| {
                when.map_or(Some(true), |when| {
                    Settled::by(workflow.when.as_deref().unwrap_or_default())
                        .with("user_request.action", action.as_str())
                        .say(when)
                })
            };
            let takes = |action: Action| {
                let alone = Settled::default().with("user_request.action", action.as_str());
                workflow.when.as_deref().map_or(Some(true), |when| alone.say(when))
            };
            let taken: Vec<Action> =
                left.iter().copied().filter(|action| takes(*action) != Some(false)).collect();
            left.retain(|action| takes(*action) != Some(true));
            let ends =
                workflow.steps.iter().any(|s| s.kind == StepKind::Auto(Auto::Reject) && s.when.is_none());
            if ends {
                continue;
            }
            let carried = |action: Action| {
                workflow.steps.iter().any(|step| {
                    step.kind == StepKind::Task(task_for(action))
                        && says(step.when.as_deref(), action) != Some(false)
                })
            };
            for task in [Task::ProvisionUser, Task::InactivateUser, Task::ChangeUser] {
                let undone: Vec<&str> = taken
                    .iter()
                    .filter(|action| task_for(**action) == task && !carried(**action))
                    .map(|action| action.title())
                    .collect();
                if !undone.is_empty() {
                    let message = format!(
                        "“{}” takes {}, and no step has the task {}: what is approved is not carried out",
                        workflow.name,
                        undone.join(", "),
                        task.as_str()
                    );
                    self.advice((n, None, "name"), message);
                }
            }
        }
    }
}

/// The task that carries an action out.
fn task_for(action: Action) -> Task {
    match action {
        Action::Add => Task::ProvisionUser,
        Action::Inactivate => Task::InactivateUser,
        Action::ChangeRole | Action::Reactivate | Action::ResetCredentials => Task::ChangeUser,
    }
}
