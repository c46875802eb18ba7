//! One user request with everything that is shown of it: whom it waits for, its turns, questions, and how the office's
//! portal follows.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::origin::{Current, Origin, contact_email, current, origin};
use super::past::{PastLine, past};
use super::similar::{SimilarLine, similar};
use super::{UserRequestRow, one};
use crate::desk::commands::signup::Seen;
use crate::desk::commands::user_request::barred;
use crate::desk::error::Result;
use crate::desk::hook::{HookRow, of_request};
use crate::desk::query::office::Office;
use crate::desk::query::why_work::step_of;
use crate::desk::query::work;
use crate::desk::store::work as store;
use crate::domain::permission::Actor;
use crate::domain::workflow::beside::Asked;
use crate::domain::workflow::instance::{Instance, InstanceState, Item, ItemKind};
use crate::domain::workflow::{Document, People};

/// One turn of somebody, open or ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnLine {
    /// Round, from one.
    pub round: u32,
    /// The step's name.
    pub step: String,
    /// Whether somebody with the right to override decided in place of whoever had it.
    pub overridden: bool,
    /// `open`, `approved`, ….
    pub state: String,
    /// Who has it, or who decided: `maria`, `role approver`.
    pub who: String,
    /// Why them.
    pub because: String,
    /// Since when it waited.
    pub since: i64,
    /// When it is due.
    pub due_at: Option<i64>,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// What a delegator wrote, or what a change request asks for.
    pub note: Option<String>,
    /// The reason given.
    pub reason: Option<String>,
    /// The fields that a change request names.
    pub fields: Vec<String>,
}

/// A question and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionLine {
    /// Row id.
    pub id: i64,
    /// Who asked, login.
    pub by: String,
    /// Whom: a login, or the name of somebody outside.
    pub of: String,
    /// Whether that is somebody outside, whose answer is noted for them.
    pub outside: bool,
    /// What.
    pub question: String,
    /// The answer, if there is one.
    pub answer: Option<String>,
    /// When asked.
    pub at: i64,
}

impl QuestionLine {
    /// Of whom it was asked, as far as it matters for who may answer.
    pub fn asked(&self) -> Asked<'_> {
        if self.outside { Asked::Outside } else { Asked::Of(&self.of) }
    }
}

/// The whole record.
#[derive(Debug, Clone)]
pub struct UserRequestCard {
    /// The row.
    pub row: UserRequestRow,
    /// The workflow it takes or took last, by name.
    pub workflow: Option<String>,
    /// Where that stands, in words: `running`, `stopped`, ….
    pub instance: Option<InstanceState>,
    /// The row of a stopped instance.
    pub stopped: Option<i64>,
    /// Workflow and step that a stopped instance stands at.
    pub stopped_at: Option<String>,
    /// Why it was stopped, and who or what is at fault.
    pub cause: Option<(String, Option<String>)>,
    /// Its turns, oldest first.
    pub turns: Vec<TurnLine>,
    /// The open turn that waits for the reader, with what a decision binds to.
    pub mine: Option<(i64, Seen)>,
    /// The open turn that the reader delegated and may take back.
    pub lent: Option<(i64, Seen)>,
    /// How the reader's turn of this round ended, in words that name who decided, when none waits for them now.
    pub decided: Option<String>,
    /// Persons whom four eyes bars from deciding; the same may recall it.
    pub owners: Vec<String>,
    /// Questions about it, oldest first.
    pub questions: Vec<QuestionLine>,
    /// The event for the office's portal.
    pub hook: Option<HookRow>,
    /// The sign-up it came from: how that was verified and checked.
    pub origin: Option<Origin>,
    /// The portal user that it would change, as it is now.
    pub current: Option<Current>,
    /// The contact's own e-mail address.
    pub contact_email: Option<String>,
    /// What was done with it so far, in every round, newest first.
    pub past: Vec<PastLine>,
    /// What became of other requests of its customer or contact, newest first.
    pub similar: Vec<SimilarLine>,
}

/// One user request, as `actor` may see it.
pub(in crate::desk) fn card(
    conn: &Connection,
    (actor, now): (&Actor, i64),
    id: i64,
) -> Result<UserRequestCard> {
    let row = one(conn, id)?;
    let loaded =
        store::newest_of(conn, Document::UserRequest, id)?.map(|id| store::load(conn, id)).transpose()?;
    let mut card = UserRequestCard {
        row,
        workflow: None,
        instance: None,
        stopped: None,
        stopped_at: None,
        cause: None,
        turns: Vec::new(),
        mine: None,
        lent: None,
        decided: None,
        owners: barred(conn, id)?,
        questions: Vec::new(),
        hook: of_request(conn, id)?,
        origin: origin(conn, id)?,
        current: current(conn, id)?,
        contact_email: contact_email(conn, id)?,
        past: past(conn, id)?,
        similar: similar(conn, id)?,
    };
    let Some(loaded) = loaded else { return Ok(card) };
    let office = Office::new(conn);
    let came = came_up(conn, id)?;
    // Submitted again after a rejection or a recall it is another instance: the rounds of all count on.
    let mut before = 0;
    for instance in store::all_of(conn, Document::UserRequest, id)? {
        let items = store::load(conn, instance)?.instance.items;
        let last = items.iter().map(|item| item.round).max().unwrap_or(0);
        let since = |item: &Item| came.get(&item.id).copied().unwrap_or_default();
        card.turns.extend(items.iter().map(|item| TurnLine {
            round: before + item.round,
            since: since(item),
            ..turn(item, &office)
        }));
        before += last;
    }
    office.done()?;
    [card.mine, card.lent] = mine(conn, (actor, now), &loaded.instance)?;
    if card.mine.is_none() {
        card.decided = decided(conn, (actor, now), &loaded.instance)?;
    }
    card.questions = questions(conn, id)?;
    card.stopped = (loaded.instance.state == InstanceState::Stopped).then_some(loaded.id);
    if card.stopped.is_some() {
        card.row.waits_for.get_or_insert_with(|| "somebody with the permission work.resume".into());
        card.stopped_at = step_of(conn, &loaded)?.map(|step| format!("{} · {}", loaded.workflow, step.name));
    }
    card.cause = loaded.instance.cause.map(|cause| (cause, loaded.instance.culprit));
    card.instance = Some(loaded.instance.state);
    card.workflow = Some(loaded.workflow);
    Ok(card)
}

fn turn(item: &Item, office: &Office<'_>) -> TurnLine {
    let login = |id: Option<i64>| id.and_then(|id| office.by_id(id)).map(|p| p.login);
    let held = match (&item.role, &item.queue) {
        (Some(role), _) => Some(format!("role {role}")),
        (None, Some(queue)) => Some(format!("queue {queue}")),
        (None, None) => None,
    };
    let who =
        login(item.decided_by).or_else(|| login(item.assigned)).or(held).unwrap_or_else(|| "nobody".into());
    let for_whom = login(item.decided_for).filter(|other| *other != who);
    TurnLine {
        round: item.round,
        step: item.step_name.clone(),
        overridden: item.overridden,
        state: item.state.as_str().into(),
        who: for_whom.map_or(who.clone(), |other| format!("{who} for {other}")),
        because: item.because.clone(),
        since: 0,
        due_at: item.timing.due_at.filter(|_| item.is_open()),
        decided_at: item.decided_at,
        note: item.note.clone(),
        reason: item.reason.clone(),
        fields: item.fields.clone(),
    }
}

/// When each turn on it came up, by the turn's row.
fn came_up(conn: &Connection, request: i64) -> Result<BTreeMap<i64, i64>> {
    let rows = conn
        .prepare_cached(
            "select id, created_at from work_item where document = 'user_request' and document_id = ?1",
        )?
        .query_map([request], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// The open turn that waits for the reader, and the one that they gave away.
fn mine(
    conn: &Connection,
    (actor, now): (&Actor, i64),
    instance: &Instance,
) -> Result<[Option<(i64, Seen)>; 2]> {
    let Some(staff) = actor.staff_id() else { return Ok([None, None]) };
    let (mut mine, mut lent) = (None, None);
    // One's own turn comes before one that one has for somebody else.
    let mut open: Vec<&Item> = instance.items.iter().filter(|item| item.is_open()).collect();
    open.sort_by_key(|item| (item.assigned != Some(staff), item.deputy == Some(staff)));
    for item in open {
        let facts = work::facts(conn, item.id, now)?;
        let into = if facts.waits_for(staff) { &mut mine } else { &mut lent };
        if into.is_none() && (facts.waits_for(staff) || facts.lent_by == Some(staff)) {
            *into = Some((item.id, work::seen(conn, item.id)?));
        }
    }
    Ok([mine, lent])
}

fn decided(conn: &Connection, (actor, now): (&Actor, i64), instance: &Instance) -> Result<Option<String>> {
    let Some(staff) = actor.staff_id() else { return Ok(None) };
    let of_round = |item: &&Item| item.round == instance.round && item.kind == ItemKind::Approval;
    for item in instance.items.iter().rev().filter(of_round) {
        let facts = work::facts(conn, item.id, now)?;
        if facts.concerns(staff) {
            return Ok(facts.ended);
        }
    }
    Ok(None)
}

/// Questions about a request, of every time that it was on its way.
fn questions(conn: &Connection, request: i64) -> Result<Vec<QuestionLine>> {
    let rows = conn
        .prepare_cached(
            "select q.id, a.login, coalesce(q.outside, o.login), q.question, q.answer, q.created_at, q.outside is not null from work_question q
             join workflow_instance f on f.id = q.instance_id join staff a on a.id = q.asked_by join staff o on o.id = q.asked_of
             where f.document = 'user_request' and f.document_id = ?1 order by q.id",
        )?
        .query_map([request], |r| {
            Ok(QuestionLine {
                id: r.get(0)?,
                by: r.get(1)?,
                of: r.get(2)?,
                question: r.get(3)?,
                answer: r.get(4)?,
                at: r.get(5)?,
                outside: r.get(6)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}
