//! One turn of the machine: the instance is loaded, moved, written back, and what follows from it is done.

use rusqlite::OptionalExtension;

use super::{ItemSubject, letters};
use crate::desk::command::Command;
use crate::desk::commands::words::{About, filled};
use crate::desk::commands::{user_request, workflow};
use crate::desk::cx::{Cx, Done};
use crate::desk::error::{Error, Result};
use crate::desk::outbox;
use crate::desk::query::office::Office;
use crate::desk::query::work;
use crate::desk::store::work as store;
use crate::desk::store::work::Loaded;
use crate::domain::date::to_rfc3339;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::mail::MailEvent;
use crate::domain::permission::Allowed;
use crate::domain::refusal::Refusal;
use crate::domain::user_request::UserRequestState;
use crate::domain::workflow::condition::Values;
use crate::domain::workflow::instance::{Instance, InstanceState, Item};
use crate::domain::workflow::machine::{Effect, Machine, NOTHING_DONE};
use crate::domain::workflow::offer::{ItemFacts, ItemMove, offer};
use crate::domain::workflow::resolve::Parties;
use crate::domain::workflow::{Document, People, Person, StepKind, Task, Workflow};

/// An instance in hand.
pub struct Turn {
    /// As it was read.
    pub before: Loaded,
    /// As the machine moves it.
    pub instance: Instance,
    /// The state of its document when it was read.
    pub from: &'static str,
    workflow: Workflow,
    values: Values,
    parties: Parties,
}

impl Turn {
    /// Takes an instance in hand.
    pub fn of(cx: &Cx<'_>, mut loaded: Loaded) -> Result<Turn> {
        let rules = workflow::rule_set(cx.conn, loaded.rule_set)?;
        let found =
            rules.workflows.iter().find(|w| w.document == loaded.document && w.name == loaded.workflow);
        let workflow = found.cloned().ok_or_else(|| {
            Error::Bug(format!("workflow “{}” is not in rule set {}", loaded.workflow, loaded.rule_set))
        })?;
        loaded.instance.barred = user_request::barred(cx.conn, loaded.document_id)?;
        // Who submits in this very command stands in no history yet.
        if let Some(submitter) = loaded.instance.submitter.as_ref().map(|p| p.person.clone())
            && !loaded.instance.barred.contains(&submitter)
        {
            loaded.instance.barred.push(submitter);
        }
        Ok(Turn {
            instance: loaded.instance.clone(),
            from: state_of(cx, loaded.document, loaded.document_id)?,
            values: user_request::values(cx.conn, loaded.document_id)?,
            parties: user_request::parties(cx.conn, loaded.document_id)?,
            before: loaded,
            workflow,
        })
    }

    /// Lets the machine move it.
    pub fn drive<T>(&mut self, cx: &Cx<'_>, go: impl FnOnce(&Machine<'_>, &mut Instance) -> T) -> Result<T> {
        let office = Office::new(cx.conn);
        let machine = Machine {
            workflow: &self.workflow,
            document: self.before.document,
            number: &self.before.number,
            values: &self.values,
            parties: &self.parties,
            people: &office,
            calendar: &cx.settings.calendar,
            now: cx.now,
        };
        let value = go(&machine, &mut self.instance);
        office.done()?;
        Ok(value)
    }

    /// The document, for history.
    pub fn record(&self) -> RecordRef {
        let kind = match self.before.document {
            Document::UserRequest => RecordKind::UserRequest,
            Document::Proposal | Document::AccountRequest => RecordKind::UserRequest,
        };
        RecordRef::new(kind, self.before.document_id, self.before.number.clone())
    }

    /// `Customer logon · Check identity`: which rule brought the item at this place.
    pub fn rule(&self, at: usize) -> String {
        format!("{} · {}", self.workflow.name, self.instance.items[at].step_name)
    }

    /// The fields of the document that whoever gets it back may change.
    pub fn fields(&self, cx: &Cx<'_>) -> Result<Vec<&'static str>> {
        user_request::fields(cx.conn, self.before.document_id)
    }

    /// What somebody writes about it, with the placeholders filled in.
    pub fn filled(&self, cx: &Cx<'_>, field: &str, text: &str) -> Result<String> {
        let about = match self.before.document {
            Document::UserRequest | Document::Proposal | Document::AccountRequest => {
                About::UserRequest(self.before.document_id)
            }
        };
        filled(cx, about, (field, text))
    }

    /// Whether its workflow lifts four eyes.
    pub fn lifts_four_eyes(&self) -> bool {
        self.workflow.self_approval
    }

    /// Whether the step it stands at is an automated task.
    pub fn at_a_task(&self) -> bool {
        self.workflow.steps.get(self.instance.step).is_some_and(|s| matches!(s.kind, StepKind::Task(_)))
    }

    /// Writes a new instance, so that its items have somewhere to belong.
    pub fn begin(&mut self, cx: &Cx<'_>) -> Result<()> {
        self.before.id = store::insert(cx.conn, &self.before, cx.now)?;
        self.before.version = 1;
        Ok(())
    }

    /// Writes what moved and does what follows: the document's state, tasks, letters. `done` makes the success from
    /// the document's state before and after.
    pub fn finish(
        mut self,
        cx: &Cx<'_>,
        effects: Vec<Effect>,
        done: impl FnOnce(&Turn, &'static str) -> Done,
    ) -> Result<Done> {
        store::save(cx.conn, &self.before, &mut self.instance, cx.now)?;
        let mut then = Vec::new();
        let mut mails = Vec::new();
        let ended = self.supersede(cx)?;
        let mut nothing_done = false;
        for effect in effects {
            match effect {
                Effect::Stage(stage, reason) => {
                    user_request::staged(cx, self.before.document_id, stage, reason.as_deref())?;
                }
                Effect::Run(task) => then.extend(task_command(task, self.before.document_id)),
                Effect::Tell(notice, at) => {
                    mails.extend(letters::of_item(cx, notice, self.instance.items[at].id)?)
                }
                Effect::Decided(verdict) => mails.extend(letters::decided(cx, &self.before, verdict)?),
                Effect::NothingDone => nothing_done = true,
                Effect::Stopped => mails.extend(letters::stopped(
                    cx,
                    &self.before,
                    &self.instance,
                    self.workflow.owner.as_deref(),
                )?),
            }
        }
        let to = state_of(cx, self.before.document, self.before.document_id)?;
        let mut done = done(&self, to).state(to);
        if !ended.is_empty() {
            done.happened = done.happened.fact("superseded", ended);
        }
        for letter in mails {
            done = done.mail(Some(letter));
        }
        if let (InstanceState::Stopped, Some(cause), Some(culprit)) =
            (self.instance.state, &self.instance.cause, &self.instance.culprit)
        {
            done = done.note(format!("{} is stopped: {cause} ({culprit}).", self.before.number));
        }
        if nothing_done {
            // A completed request that changed nothing must not look like one that did.
            done.happened = done.happened.fact("carried_out", false);
            done.happened.note.get_or_insert_with(|| NOTHING_DONE.to_owned());
            done = done.note(format!("{} is Completed, but {NOTHING_DONE}.", self.before.number));
        }
        for command in then {
            done = done.then(command);
        }
        Ok(done)
    }
}

impl Turn {
    /// Once nothing that was open is, nobody needs to be asked any more: letters that have not left are taken out of the
    /// queue. Gives which, so that undo brings them back.
    fn supersede(&self, cx: &Cx<'_>) -> Result<Vec<i64>> {
        let before: Vec<i64> =
            self.before.instance.items.iter().filter(|i| i.is_open()).map(|i| i.id).collect();
        let open = |i: &Item| i.is_open() && before.contains(&i.id);
        if before.is_empty() || self.instance.items.iter().any(open) {
            return Ok(Vec::new());
        }
        let events = [MailEvent::WorkAssigned, MailEvent::WorkDelegated, MailEvent::WorkChangeRequested];
        let record = (RecordKind::UserRequest.as_str(), self.before.document_id);
        Ok(outbox::supersede(cx.conn, record, &events, cx.now)?)
    }
}

fn task_command(task: Task, id: i64) -> Option<Command> {
    match task {
        Task::ProvisionUser => Some(Command::ProvisionUser(user_request::ProvisionUser { id })),
        Task::ChangeUser => Some(Command::ChangeUser(user_request::ChangeUser { id })),
        Task::InactivateUser => Some(Command::InactivateUser(user_request::InactivateUser { id })),
        Task::Notify => Some(Command::NotifyOriginator(user_request::NotifyOriginator { id })),
        // Rule files for user requests cannot name it: `workflow check` refuses it there.
        Task::ApplyChanges => None,
    }
}

/// The stable name of the document's state.
/// The state in which a document stands.
pub fn state_of(cx: &Cx<'_>, document: Document, id: i64) -> Result<&'static str> {
    let _ = document;
    let name: String = cx
        .conn
        .prepare_cached("select state from user_request where id = ?1")?
        .query_row([id], |r| r.get(0))?;
    Ok(UserRequestState::parse(&name).map_or("draft", UserRequestState::as_str))
}

/// An item that the actor may move this way, with its instance in hand, its place, and the proof.
pub fn allowed(cx: &Cx<'_>, subject: &ItemSubject, mv: ItemMove) -> Result<(Turn, usize, Allowed)> {
    let (turn, at, facts) = look(cx, subject)?;
    let (allowed, _) = offer(cx.actor, &facts, mv)?;
    Ok((turn, at, allowed))
}

/// An item as it is now, refused as stale if it is not what the person saw.
pub fn look(cx: &Cx<'_>, subject: &ItemSubject) -> Result<(Turn, usize, ItemFacts)> {
    let (loaded, at) = store::of_item(cx.conn, subject.id)?;
    let facts = work::facts(cx.conn, subject.id, cx.now)?;
    if let Some(seen) = &subject.seen {
        let now = work::seen(cx.conn, subject.id)?;
        // Who comes second to a decision is told who was first, not that a version moved.
        if !seen.holds_for(&now) && facts.ended.is_none() {
            return Err(stale(cx, &loaded)?);
        }
        if !seen.holds_for(&now) {
            return Err(Error::Stale {
                message: format!(
                    "{} was decided meanwhile: {}.",
                    loaded.number,
                    facts.ended.clone().unwrap_or_default()
                ),
                remedy: "Look at it again; `why` says what it waits for now.".into(),
            });
        }
    }
    Ok((Turn::of(cx, loaded)?, at, facts))
}

fn stale(cx: &Cx<'_>, loaded: &Loaded) -> Result<Error> {
    let last: Option<(String, String, i64)> = cx
        .conn
        .prepare_cached("select actor, kind, at from history where record_kind = ?1 and record_id = ?2 order by id desc limit 1")?
        .query_row((loaded.document.as_str(), loaded.document_id), |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    let by = last.map_or_else(
        || "somebody".to_owned(),
        |(actor, kind, at)| format!("{actor} ({}, {})", kind.replace('_', " "), to_rfc3339(at)),
    );
    Ok(Error::Stale {
        message: format!("{}: {by} changed it meanwhile.", loaded.number),
        remedy: "Look at it again, then decide.".into(),
    })
}

/// A reason that says something.
pub fn reason(what: &str, text: Option<&str>) -> Result<String> {
    let text = text.unwrap_or("").trim();
    if text.chars().any(char::is_alphanumeric) {
        return Ok(text.to_owned());
    }
    Err(Error::invalid("reason", text, "is needed", format!("Say why you {what}.")))
}

/// The member of staff with that login.
pub fn person(cx: &Cx<'_>, login: &str) -> Result<Person> {
    let office = Office::new(cx.conn);
    let found = office.by_login(login.trim());
    office.done()?;
    found.ok_or_else(|| Error::NotFound {
        what: format!("Staff “{login}”"),
        remedy: "See `countersign staff list`.".into(),
    })
}

/// The actor as a person.
pub fn actor(cx: &Cx<'_>) -> Result<Person> {
    let id = cx.actor.staff_id().ok_or_else(|| {
        Error::Refused(Refusal::new("actor", "Only staff can do this.", "Log on as a member of staff."))
    })?;
    let office = Office::new(cx.conn);
    let found = office.by_id(id);
    office.done()?;
    found.ok_or_else(|| Error::Bug(format!("actor {id} is not on the staff")))
}
