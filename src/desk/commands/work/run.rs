//! An instance from its start to its end: start, what a task came to, recall, resume after an error.

use rusqlite::OptionalExtension;

use super::turn::{Turn, actor, person, reason};
use super::{ContinueWorkflow, RecallDocument, Resume, ResumeInstance, StartWorkflow, TaskOutcome};
use crate::desk::commands::words::{About, filled};
use crate::desk::commands::{user_request, workflow};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::query::office::Office;
use crate::desk::store::work as store;
use crate::desk::store::work::Loaded;
use crate::domain::happened::Happened;
use crate::domain::refusal::Refusal;
use crate::domain::user_request::{Recallable, Running, may_recall};
use crate::domain::workflow::beside::may_resume;
use crate::domain::workflow::instance::{Instance, InstanceState};
use crate::domain::workflow::{People, route};

impl StartWorkflow {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.by_rule();
        let newest = store::newest_of(cx.conn, self.document, self.id)?;
        let waiting = newest.map(|id| store::load(cx.conn, id)).transpose()?;
        if let Some(loaded) = waiting.filter(|l| l.instance.state == InstanceState::ChangeRequested) {
            let mut turn = Turn::of(cx, loaded)?;
            let since = user_request::since_change_request(cx.conn, self.id)?;
            let effects = turn.drive(cx, |machine, instance| {
                machine.check(instance).map(|()| machine.resubmit(instance, since))
            })??;
            return turn.finish(cx, effects, |turn, to| {
                let round = turn.instance.round;
                let happened = Happened::new("workflow_resubmitted", turn.record())
                    .moved(turn.from, to)
                    .fact("workflow", turn.before.workflow.clone())
                    .fact("round", round);
                Done::audited(allowed, happened)
            });
        }
        if let Some(id) = newest
            && !store::load(cx.conn, id)?.instance.state.is_over()
        {
            return Err(Error::Bug(format!(
                "{} {} is in a workflow already",
                self.document.as_str(),
                self.id
            )));
        }
        let loaded = self.fresh(cx)?;
        let mut turn = Turn::of(cx, loaded)?;
        turn.drive(cx, |machine, instance| machine.check(instance))??;
        turn.begin(cx)?;
        let effects = turn.drive(cx, |machine, instance| machine.start(instance))?;
        turn.finish(cx, effects, |turn, to| {
            let happened = Happened::new("workflow_started", turn.record())
                .moved(turn.from, to)
                .fact("workflow", turn.before.workflow.clone())
                .fact("rule_set", turn.before.rule_set);
            Done::audited(allowed, happened)
        })
    }

    /// Whether the document could start now; nothing is written.
    ///
    /// # Errors
    /// The refusal that [`StartWorkflow::run`] would give.
    pub(in crate::desk) fn may_start(&self, cx: &Cx<'_>) -> Result<()> {
        let newest = store::newest_of(cx.conn, self.document, self.id)?;
        let waiting = newest.map(|id| store::load(cx.conn, id)).transpose()?;
        let loaded = match waiting.filter(|l| l.instance.state == InstanceState::ChangeRequested) {
            Some(loaded) => loaded,
            None => self.fresh(cx)?,
        };
        let mut turn = Turn::of(cx, loaded)?;
        // The command that submits is not in history yet, and its actor is barred from then on.
        turn.instance.barred.push(cx.actor.person.clone());
        turn.drive(cx, |machine, instance| machine.check(instance))??;
        Ok(())
    }

    /// An instance that is not written yet, by the active rule set.
    pub(super) fn fresh(&self, cx: &Cx<'_>) -> Result<Loaded> {
        let number = user_request::number(cx.conn, self.id)?;
        let refuse =
            |rule, message: String, remedy: &str| Error::Refused(Refusal::new(rule, message, remedy));
        let Some((rule_set, rules)) = workflow::active(cx.conn)? else {
            return Err(refuse(
                "no_rule_set",
                format!("{number} cannot be submitted: no rule set is active."),
                "Activate one with `countersign workflow activate FILE`.",
            ));
        };
        let values = user_request::values(cx.conn, self.id)?;
        let chosen = route::choose(&rules, self.document, &values).map_err(|problem| {
            refuse(
                "condition",
                format!("{number} cannot be submitted: {problem}."),
                "Put the condition right: `countersign workflow check FILE`.",
            )
        })?;
        let Some(chosen) = chosen else {
            return Err(refuse(
                "no_workflow",
                format!("{number} cannot be submitted: no workflow takes it."),
                "Add one without `when` to the rule file as the default of this document.",
            ));
        };
        let office = Office::new(cx.conn);
        let submitter = cx.actor.staff_id().and_then(|id| office.by_id(id));
        office.done()?;
        Ok(Loaded {
            id: 0,
            version: 1,
            document: self.document,
            document_id: self.id,
            number,
            rule_set,
            workflow: chosen.name.clone(),
            instance: Instance::new(submitter, Vec::new()),
        })
    }
}

impl ContinueWorkflow {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.by_rule();
        let newest = store::newest_of(cx.conn, self.document, self.id)?;
        let id = newest.ok_or_else(|| Error::Bug(format!("no workflow runs for document {}", self.id)))?;
        let mut turn = Turn::of(cx, store::load(cx.conn, id)?)?;
        let fits = match self.outcome {
            TaskOutcome::Done | TaskOutcome::Failed(_) => {
                turn.instance.state == InstanceState::Running && turn.at_a_task()
            }
            TaskOutcome::Again => turn.instance.state == InstanceState::Stopped,
        };
        if !fits {
            return Err(Error::Bug(format!("{} has no task running", turn.before.number)));
        }
        let (effects, kind) = match &self.outcome {
            TaskOutcome::Done => (turn.drive(cx, |m, i| m.task_done(i))?, "workflow_continued"),
            TaskOutcome::Failed(cause) => {
                if let Some(before) = tried_again(cx, self.id)?
                    && before == *cause
                {
                    return Err(still_stopped(&turn.before.number, cause));
                }
                (turn.drive(cx, |m, i| m.task_failed(i, cause))?, "workflow_stopped")
            }
            TaskOutcome::Again => (turn.drive(cx, |m, i| m.resume(i))?, "workflow_resumed"),
        };
        turn.finish(cx, effects, |turn, to| {
            let happened = Happened::new(kind, turn.record())
                .moved(turn.from, to)
                .reason(turn.instance.cause.as_deref())
                .fact("workflow", turn.before.workflow.clone());
            Done::audited(allowed, happened)
        })
    }
}

/// What it was stopped by before, where this very transaction is another try.
fn tried_again(cx: &Cx<'_>, request: i64) -> Result<Option<String>> {
    Ok(cx
        .conn
        .prepare_cached(
            "select (select reason from history where record_kind = 'user_request' and record_id = ?1 and kind = 'workflow_stopped'
               order by id desc limit 1)
             from history h where h.record_kind = 'user_request' and h.record_id = ?1 and h.kind in ('workflow_resumed', 'user_request_retried')
               and h.group_id = (select group_id from history order by id desc limit 1) limit 1",
        )?
        .query_row([request], |r| r.get(0))
        .optional()?
        .flatten())
}

/// Trying again came to the same: nothing is written and nobody is told a second time.
fn still_stopped(number: &str, cause: &str) -> Error {
    Error::Refused(Refusal::new(
        "still_stopped",
        format!("{number} cannot go on: {cause}."),
        "Put that right first; `countersign why` says what else helps.",
    ))
}

impl Turn {
    fn refuse_the_same(&self, before: Option<&str>) -> Result<()> {
        match self.instance.cause.as_deref() {
            Some(cause) if Some(cause) == before => Err(still_stopped(&self.before.number, cause)),
            Some(_) | None => Ok(()),
        }
    }
}

impl RecallDocument {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let why = reason("take it back", Some(&self.reason))?;
        let why = filled(cx, About::UserRequest(self.id), ("reason", &why))?;
        let (number, state) = user_request::standing(cx.conn, self.id)?;
        let newest = store::newest_of(cx.conn, self.document, self.id)?;
        let loaded = newest.map(|id| store::load(cx.conn, id)).transpose()?;
        let loaded = loaded.filter(|loaded| !loaded.instance.state.is_over());
        let running = if loaded.is_some() { Running::Yes } else { Running::No };
        let owners = user_request::barred(cx.conn, self.id)?;
        let recallable = Recallable { number: &number, state: &state, running, owners: &owners };
        let allowed = may_recall(cx.actor, &recallable)?;
        let loaded = loaded.ok_or_else(|| Error::Bug(format!("{number} is in no workflow")))?;
        let mut turn = Turn::of(cx, loaded)?;
        let effects = turn.drive(cx, |machine, instance| machine.recall(instance, &why))?;
        turn.finish(cx, effects, |turn, to| {
            let happened =
                Happened::new("user_request_recalled", turn.record()).moved(turn.from, to).reason(Some(&why));
            Done::audited(allowed, happened)
        })
    }
}

impl ResumeInstance {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let mut turn = Turn::of(cx, store::load(cx.conn, self.instance)?)?;
        let allowed = may_resume(cx.actor, (&turn.before.number, Some(turn.instance.state)))?;
        let why = turn.filled(cx, "reason", &reason("let it go on", Some(&self.reason))?)?;
        let by = actor(cx)?;
        let effects = match &self.how {
            Resume::Again => {
                let effects = turn.drive(cx, |machine, instance| machine.resume(instance))?;
                if turn.instance.state == InstanceState::Stopped {
                    turn.refuse_the_same(turn.before.instance.cause.as_deref())?;
                }
                effects
            }
            Resume::ToDraft => turn.drive(cx, |machine, instance| machine.recall(instance, &why))?,
            Resume::Reassign(login) => {
                let to = person(cx, login)?;
                turn.drive(cx, |machine, instance| machine.resume_with(instance, (&by, &to)))??
            }
        };
        turn.finish(cx, effects, |turn, to| {
            let happened =
                Happened::new("workflow_resumed", turn.record()).moved(turn.from, to).reason(Some(&why));
            Done::audited(allowed, happened)
        })
    }
}
