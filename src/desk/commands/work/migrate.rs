//! A document under way is moved from the version of the workflows it started in to the active one (checklist A53):
//! what waits is no longer required, and it starts anew with whoever submitted it.

use super::turn::{Turn, reason};
use super::{MigrateDocument, StartWorkflow};
use crate::desk::commands::user_request;
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::store::work as store;
use crate::domain::happened::Happened;
use crate::domain::permission::Permission;
use crate::domain::refusal::Refusal;
use crate::domain::workflow::instance::InstanceState;

impl MigrateDocument {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let allowed = cx.actor.allow(Permission::WorkflowManage)?;
        let why = reason("move it to the active version", Some(&self.reason))?;
        let number = user_request::number(cx.conn, self.id)?;
        let newest = store::newest_of(cx.conn, self.document, self.id)?;
        let old = newest.map(|id| store::load(cx.conn, id)).transpose()?;
        let waits = |state| matches!(state, InstanceState::Running | InstanceState::Stopped);
        let Some(old) = old.filter(|old| waits(old.instance.state)) else {
            return Err(refused(
                format!("{number} does not wait for anybody in a workflow."),
                "What is submitted from now on takes the active version by itself.",
            ));
        };
        let start = StartWorkflow { document: self.document, id: self.id };
        let mut fresh = start.fresh(cx)?;
        if fresh.rule_set == old.rule_set {
            return Err(refused(
                format!("{number} runs by version {}, which is the active one.", old.rule_set),
                "Activate a newer one first: `countersign workflow activate FILE`.",
            ));
        }
        fresh.instance.submitter.clone_from(&old.instance.submitter);
        let from_version = old.rule_set;
        let mut leaving = Turn::of(cx, old)?;
        let from = leaving.from;
        if leaving.at_a_task() && leaving.instance.state == InstanceState::Running {
            return Err(refused(format!("{number} is being carried out."), "Wait until it is done."));
        }
        leaving.drive(cx, |machine, instance| machine.leave(instance, &why))?;
        store::save(cx.conn, &leaving.before, &mut leaving.instance, cx.now)?;
        user_request::restart(cx, self.id)?;
        let mut turn = Turn::of(cx, fresh)?;
        turn.drive(cx, |machine, instance| machine.check(instance))??;
        turn.begin(cx)?;
        let effects = turn.drive(cx, |machine, instance| machine.start(instance))?;
        turn.finish(cx, effects, |turn, to| {
            let happened = Happened::new("workflow_migrated", turn.record())
                .moved(from, to)
                .reason(Some(&why))
                .fact("workflow", turn.before.workflow.clone())
                .fact("from_rule_set", from_version)
                .fact("rule_set", turn.before.rule_set);
            Done::audited(allowed, happened)
        })
    }
}

fn refused(message: String, remedy: &str) -> Error {
    Error::Refused(Refusal::new("illegal_move", message, remedy))
}
