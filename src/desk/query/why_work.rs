//! `why` of what a workflow has in hand: whom it waits for, since when, what is missing, and who could help where
//! nobody can decide.

use rusqlite::Connection;

use super::why::{Possible, Why};
use super::{stuck, work};
use crate::desk::commands::workflow::rule_set;
use crate::desk::error::Result;
use crate::desk::query::office::Office;
use crate::desk::store::work as store;
use crate::domain::date::to_rfc3339;
use crate::domain::permission::Actor;
use crate::domain::workflow::instance::{InstanceState, Item, ItemKind, ItemState};
use crate::domain::workflow::machine::NOTHING_DONE;
use crate::domain::workflow::offer::{STEPS, offer};
use crate::domain::workflow::vote::{attainable, needed};
use crate::domain::workflow::{Document, People, Policy, Step, StepKind};

/// Whom its workflow waits for, since when, and what the reader could do there.
pub(super) fn why(why: &mut Why, conn: &Connection, (id, now): (i64, i64), actor: &Actor) -> Result<()> {
    let Some(instance) = store::newest_of(conn, Document::UserRequest, id)? else { return Ok(()) };
    let loaded = store::load(conn, instance)?;
    if let Some(step) = loaded.instance.trace.last() {
        let at = if step.step.is_empty() { String::new() } else { format!(" · {}", step.step) };
        let said = if step.why.is_empty() { String::new() } else { format!(" ({})", step.why) };
        why.because = format!("{}; {}{at}: {}{said}", why.because, loaded.workflow, step.what);
        if loaded.instance.state == InstanceState::Completed && step.why == NOTHING_DONE {
            why.missing.push(NOTHING_DONE.into());
        }
    }
    let step = step_of(conn, &loaded)?;
    let stopped = loaded.instance.state == InstanceState::Stopped;
    if stopped {
        // The task's failure is what stopped it: said once.
        why.missing.clear();
        why.since = stopped_at(conn, instance)?;
        why.waits_for.push("somebody with the permission work.resume".into());
        why.missing.push(stop(&loaded, step.as_ref()));
    }
    if loaded.instance.state.is_over() {
        return Ok(());
    }
    if let Some(since) = waits_since(conn, id)?.filter(|_| !stopped) {
        why.since = since;
    }
    for item in loaded.instance.items.iter().filter(|i| i.is_open()) {
        turn(why, conn, (&loaded, item, now), actor)?;
    }
    if let Some(said) = votes(conn, &loaded, step.as_ref())? {
        why.missing.push(said);
    }
    why.missing.extend(questions(conn, instance)?);
    Ok(())
}

/// The step that an instance stands at, by its rules.
pub(super) fn step_of(conn: &Connection, loaded: &store::Loaded) -> Result<Option<Step>> {
    let rules = rule_set(conn, loaded.rule_set)?;
    let found = rules.workflows.iter().find(|w| w.document == loaded.document && w.name == loaded.workflow);
    Ok(found.and_then(|w| w.steps.get(loaded.instance.step).cloned()))
}

/// What stopped it, where, and what helps: only an approval can be given to somebody else.
fn stop(loaded: &store::Loaded, step: Option<&Step>) -> String {
    let cause = loaded.instance.cause.clone().unwrap_or_default();
    let culprit = loaded.instance.culprit.clone().unwrap_or_default();
    let at = step.map_or_else(String::new, |step| format!(" at “{} · {}”", loaded.workflow, step.name));
    let number = &loaded.number;
    let give = match step.map(|step| &step.kind) {
        Some(StepKind::Approval(_)) => ", give it to somebody (--to LOGIN)",
        Some(StepKind::Task(_) | StepKind::Auto(_)) | None => "",
    };
    format!(
        "stopped by an error{at}: {cause} ({culprit}); put it right and `countersign work resume {number} --reason TEXT`{give}, or send it back to draft (--to-draft)"
    )
}

fn turn(
    why: &mut Why,
    conn: &Connection,
    (loaded, item, now): (&store::Loaded, &Item, i64),
    actor: &Actor,
) -> Result<()> {
    let facts = work::facts(conn, item.id, now)?;
    if item.kind == ItemKind::Change {
        let fields =
            if item.fields.is_empty() { "what the note says".into() } else { item.fields.join(", ") };
        // It is a draft meanwhile; who has the change comes in the place of who drafts.
        why.waits_for = vec![facts.holder()];
        why.missing = vec![format!("a change of {fields}, then submit it again")];
    } else {
        let due = item.timing.due_at.map_or_else(String::new, |due| {
            let overdue = if due <= now { ", overdue" } else { "" };
            format!(", due {}{overdue}", to_rfc3339(due))
        });
        why.waits_for.push(facts.holder());
        why.missing.push(format!("a decision: {} ({}{due})", item.step_name, item.because));
        let reader = actor.staff_id().unwrap_or(0);
        if facts.waits_for(reader) || facts.lent_by == Some(reader) {
            why.possible.extend(STEPS.iter().map(|s| Possible {
                command: s.mv.as_str(),
                rule: s.rule,
                refusal: offer(actor, &facts, s.mv).err(),
            }));
        }
    }
    if loaded.instance.state != InstanceState::Stopped
        && let Some((cause, remedy)) = stuck::turn(conn, loaded, item)?
    {
        why.waits_for.push("somebody with the permission work.reassign".into());
        why.missing.push(format!("nobody can do it: {cause}; {remedy}"));
    }
    Ok(())
}

/// How the votes of the step stand, where more than one has a vote.
fn votes(conn: &Connection, loaded: &store::Loaded, step: Option<&Step>) -> Result<Option<String>> {
    let Some(StepKind::Approval(approval)) = step.map(|step| &step.kind) else { return Ok(None) };
    let counts = |i: &&Item| {
        i.kind == ItemKind::Approval
            && matches!(i.state, ItemState::Approved | ItemState::Rejected | ItemState::Open)
    };
    let items: Vec<&Item> = loaded.instance.current().map(|(_, item)| item).filter(counts).collect();
    if items.len() < 2 || !items.iter().any(|i| i.is_open()) {
        return Ok(None);
    }
    let office = Office::new(conn);
    let names = |state: ItemState| {
        let of = items.iter().filter(|i| i.state == state);
        let who = of.filter_map(|i| i.decided_by.or(i.assigned)).filter_map(|id| office.by_id(id));
        who.map(|p| p.login).collect::<Vec<_>>()
    };
    let (yes, no) = (names(ItemState::Approved), names(ItemState::Rejected));
    office.done()?;
    let voters = u32::try_from(items.len()).unwrap_or(u32::MAX);
    let policy = attainable(approval.policy, voters);
    let rule = match policy {
        Policy::Any => "the first vote decides".to_owned(),
        Policy::All | Policy::Majority | Policy::Count(_) | Policy::Percent(_) => {
            format!("{} needed", needed(policy, voters))
        }
    };
    let who =
        |names: &[String]| if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
    let against = if no.is_empty() { String::new() } else { format!(", {} no{}", no.len(), who(&no)) };
    Ok(Some(format!("votes: {} of {voters} yes so far{}{against}, {rule}", yes.len(), who(&yes))))
}

/// Questions without an answer; nothing waits for them, but whoever decides may.
fn questions(conn: &Connection, instance: i64) -> Result<Vec<String>> {
    let rows = conn
        .prepare_cached(
            "select coalesce(q.outside, o.login) || ' has not answered ' || a.login || ': ' || q.question from work_question q
             join staff a on a.id = q.asked_by join staff o on o.id = q.asked_of where q.instance_id = ?1 and q.answer is null order by q.id",
        )?
        .query_map([instance], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// When it was stopped.
fn stopped_at(conn: &Connection, instance: i64) -> Result<i64> {
    Ok(conn
        .prepare_cached("select updated_at from workflow_instance where id = ?1")?
        .query_row([instance], |r| r.get(0))?)
}

/// Since when whoever has the open turns has had them: since they came up, or the one there is changed hands.
fn waits_since(conn: &Connection, request: i64) -> Result<Option<i64>> {
    let (turns, first): (i64, Option<i64>) = conn
        .prepare_cached(
            "select count(*), min(created_at) from work_item where document = 'user_request' and document_id = ?1 and state = 'open'",
        )?
        .query_row([request], |r| Ok((r.get(0)?, r.get(1)?)))?;
    if turns != 1 {
        return Ok(first);
    }
    let handed: Option<i64> = conn
        .prepare_cached(
            "select max(at) from history where record_kind = 'user_request' and record_id = ?1 and undone_by is null
             and kind in ('work_taken', 'work_released', 'work_delegated', 'work_reassigned', 'work_moved', 'work_escalated')",
        )?
        .query_row([request], |r| r.get(0))?;
    Ok(first.max(handed))
}
