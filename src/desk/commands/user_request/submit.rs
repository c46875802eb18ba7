//! A request on its way: handed to its workflow, and moved as that says.

use rusqlite::params;

use super::conflict::{misfit, open_one, user_of};
use super::facts;
use super::provision::{Request, load};
use super::{CancelUserRequest, IfRefused, SubmitUserRequest};
use crate::desk::command::Command;
use crate::desk::commands::words::{About, filled};
use crate::desk::commands::work::{ContinueWorkflow, StartWorkflow, TaskOutcome};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::store::work as store;
use crate::domain::happened::Happened;
use crate::domain::lifecycle::{Step, Target};
use crate::domain::refusal::Refusal;
use crate::domain::user_request::{UserRequestMove, UserRequestState, move_of, offer};
use crate::domain::workflow::instance::InstanceState;
use crate::domain::workflow::{Document, Stage};

/// Moves a request along `step`; gives the state it has now.
pub(super) fn apply(
    cx: &Cx<'_>,
    request: &Request,
    step: &Step<UserRequestState, UserRequestMove>,
) -> Result<UserRequestState> {
    let to = match step.to {
        Target::To(state) => state,
        Target::Same | Target::Before => step.from,
    };
    let moved = cx
        .conn
        .prepare_cached("update user_request set state = ?3, version = version + 1, updated_at = ?4 where id = ?1 and state = ?2")?
        .execute(params![request.record.id, step.from.as_str(), to.as_str(), cx.now])?;
    if moved == 1 {
        return Ok(to);
    }
    Err(Error::Stale {
        message: format!("{} was moved meanwhile.", request.record.number),
        remedy: "Look at it again.".into(),
    })
}

/// What its workflow says of a request: moved along the row of the table that the stage stands for.
pub fn staged(cx: &Cx<'_>, id: i64, stage: Stage, reason: Option<&str>) -> Result<()> {
    let request = load(cx, id)?;
    let (_, step) = offer(cx.actor, &request.record.number, request.state, move_of(stage))?;
    apply(cx, &request, step)?;
    let (failure, note) = match stage {
        Stage::Failed => (reason, None),
        Stage::ChangeRequested | Stage::Recalled | Stage::Rejected => (None, reason),
        Stage::Submitted
        | Stage::PendingApproval
        | Stage::Approved
        | Stage::Completing
        | Stage::Completed => (None, None),
    };
    let completed = (stage == Stage::Completed).then_some(cx.now);
    cx.conn
        .prepare_cached("update user_request set failure = ?2, change_note = ?3, completed_at = ?4, waiting_reason = null where id = ?1")?
        .execute(params![id, failure, note, completed])?;
    Ok(())
}

/// A request starts anew in another workflow, which moves it on from here.
pub fn restart(cx: &Cx<'_>, id: i64) -> Result<()> {
    let request = load(cx, id)?;
    let (_, step) = offer(cx.actor, &request.record.number, request.state, UserRequestMove::Restart)?;
    apply(cx, &request, step)?;
    cx.conn.prepare_cached("update user_request set failure = null where id = ?1")?.execute([id])?;
    Ok(())
}

/// The refusal of a request that is not kept, without the number that it will not have.
fn unnamed(why: Error, number: &str) -> Error {
    match why {
        Error::Refused(refusal) => {
            Error::Refused(Refusal { message: refusal.message.replace(number, "The new request"), ..refusal })
        }
        other => other,
    }
}

impl SubmitUserRequest {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let request = load(cx, self.id)?;
        if request.state == UserRequestState::PendingCompletion {
            return self.again(cx, request);
        }
        let (allowed, step) =
            offer(cx.actor, &request.record.number, request.state, UserRequestMove::Submit)?;
        let start = StartWorkflow { document: Document::UserRequest, id: self.id };
        if let Some(why) = self.obstacle(cx, &request)? {
            match self.if_refused {
                IfRefused::Fail => return Err(why),
                IfRefused::FailNew => return Err(unnamed(why, &request.record.number)),
                IfRefused::StayDraft => {}
            }
            let text = why.to_string();
            let text = text
                .strip_prefix(&format!("{} cannot be submitted: ", request.record.number))
                .unwrap_or(&text);
            cx.conn
                .prepare_cached("update user_request set waiting_reason = ?2, version = version + 1, updated_at = ?3 where id = ?1")?
                .execute(params![self.id, text, cx.now])?;
            let note = format!("{} stays in Draft: {text}", request.record.number);
            let happened = Happened::new("user_request_kept", request.record).reason(Some(text));
            return Ok(Done::audited(allowed, happened).state(request.state.as_str()).note(note));
        }
        let to = apply(cx, &request, step)?;
        cx.conn
            .prepare_cached("update user_request set submitted_at = ?2, waiting_reason = null, failure = null where id = ?1")?
            .execute([self.id, cx.now])?;
        let happened =
            Happened::new("user_request_submitted", request.record).moved(step.from.as_str(), to.as_str());
        Ok(Done::audited(allowed, happened).then(Command::StartWorkflow(start)))
    }

    /// Why no workflow would take it, found before anything is written.
    fn obstacle(&self, cx: &Cx<'_>, request: &Request) -> Result<Option<Error>> {
        if !cx.settings.workflow_active {
            return Ok(Some(Error::Refused(facts::no_rule_set(&request.record.number))));
        }
        let refuse = |why: String, remedy: &str| {
            let message = format!("{} cannot be submitted: {why}.", request.record.number);
            Ok(Some(Error::Refused(Refusal::new("conflict", message, remedy))))
        };
        let (state, name) = user_of(cx, request)?;
        if let Some((why, remedy)) = misfit(request.action, &request.name, (state, name.as_deref())) {
            return refuse(format!("{} is not possible, {why}", request.action.title()), remedy);
        }
        let other = open_one(cx, (request.contact_id, request.action), self.id, false)?;
        if let Some((other, state)) = other {
            let remedy = "Cancel this one, or recall the other.";
            return refuse(format!("{other}, which is {state}, asks for the same"), remedy);
        }
        match (StartWorkflow { document: Document::UserRequest, id: self.id }).may_start(cx) {
            Ok(()) => Ok(None),
            Err(error @ (Error::Refused(_) | Error::Invalid(_))) => Ok(Some(error)),
            Err(error) => Err(error),
        }
    }

    /// A failed task is tried again.
    fn again(self, cx: &Cx<'_>, request: Request) -> Result<Done> {
        let (allowed, step) = offer(cx.actor, &request.record.number, request.state, UserRequestMove::Retry)?;
        let to = apply(cx, &request, step)?;
        let newest = store::newest_of(cx.conn, Document::UserRequest, self.id)?;
        let stopped = match newest {
            Some(id) => store::load(cx.conn, id)?.instance.state == InstanceState::Stopped,
            None => false,
        };
        let happened =
            Happened::new("user_request_retried", request.record).moved(step.from.as_str(), to.as_str());
        let done = Done::audited(allowed, happened);
        if stopped {
            let outcome = TaskOutcome::Again;
            return Ok(done.then(Command::ContinueWorkflow(ContinueWorkflow {
                document: Document::UserRequest,
                id: self.id,
                outcome,
            })));
        }
        // It failed before workflows were there: it goes through today's.
        restart(cx, self.id)?;
        Ok(done.then(Command::StartWorkflow(StartWorkflow { document: Document::UserRequest, id: self.id })))
    }
}

impl CancelUserRequest {
    pub(in crate::desk) fn run(self, cx: &Cx<'_>) -> Result<Done> {
        let request = load(cx, self.id)?;
        let (allowed, step) =
            offer(cx.actor, &request.record.number, request.state, UserRequestMove::Cancel)?;
        let why = self.reason.trim();
        if !why.chars().any(char::is_alphanumeric) {
            return Err(Error::invalid("reason", why, "is needed", "Say why it is not wanted any more."));
        }
        let why = &filled(cx, About::UserRequest(self.id), ("reason", why))?;
        let newest = store::newest_of(cx.conn, Document::UserRequest, self.id)?;
        if let Some(loaded) = newest.map(|id| store::load(cx.conn, id)).transpose()?
            && !loaded.instance.state.is_over()
        {
            return Err(Error::Refused(Refusal::new(
                "illegal_move",
                format!("{} waits for a change in its workflow.", request.record.number),
                "Recall it first, then cancel it.",
            )));
        }
        let to = apply(cx, &request, step)?;
        let happened = Happened::new("user_request_canceled", request.record)
            .moved(step.from.as_str(), to.as_str())
            .reason(Some(why));
        Ok(Done::audited(allowed, happened).state(to.as_str()))
    }
}
