//! May somebody do this to a work item? Asked by the screen to grey an action out and by the core to refuse it
//! (house.md, sentence 4).

use super::definition::{Document, Workflow};
use super::instance::{Instance, InstanceState, Item, ItemKind, ItemState};
use super::people::{People, Person, QueueState};
use super::resolve::MISSING;
use crate::domain::date::to_rfc3339;
use crate::domain::lifecycle::{By, Reason, Step, Target};
use crate::domain::permission::{Actor, Allowed, Permission};
use crate::domain::refusal::Refusal;

/// What can be done to a work item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "STEPS explains each")]
pub enum ItemMove {
    Approve,
    Reject,
    RequestChange,
    Delegate,
    Ask,
    Take,
    Release,
    Reassign,
    Override,
    PutAside,
    TakeUp,
}

use ItemMove::*;
use ItemState::{Approved, ChangeRequested, Open, Rejected};

impl ItemMove {
    /// All moves, in the order of the table.
    pub const ALL: [Self; 11] =
        [Approve, Reject, RequestChange, Delegate, Ask, Take, Release, Reassign, Override, PutAside, TakeUp];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Approve => "approve",
            Reject => "reject",
            RequestChange => "request_change",
            Delegate => "delegate",
            Ask => "ask",
            Take => "take",
            Release => "release",
            Reassign => "reassign",
            Override => "override",
            PutAside => "put_aside",
            TakeUp => "take_up",
        }
    }
}

/// Every legal move of a work item; the clock's own moves are in the machine.
#[rustfmt::skip]
pub static STEPS: &[Step<ItemState, ItemMove>] = &[
    Step { from: Open, mv: Approve,       to: Target::To(Approved),        by: By::Staff(Permission::WorkDecide),   reason: Reason::Optional,  rule: "whoever has it, or a member of the role or queue that holds it; never who submitted or last edited the document" },
    Step { from: Open, mv: Reject,        to: Target::To(Rejected),        by: By::Staff(Permission::WorkDecide),   reason: Reason::Mandatory, rule: "as approve; with the reason" },
    Step { from: Open, mv: RequestChange, to: Target::To(ChangeRequested), by: By::Staff(Permission::WorkDecide),   reason: Reason::Mandatory, rule: "as approve; names the fields to change and goes to a person" },
    Step { from: Open, mv: Delegate,      to: Target::Same,                by: By::Staff(Permission::WorkDecide),   reason: Reason::Optional,  rule: "to a person who may decide it and has no turn in the same step; the decision is theirs for you; never by who submitted or last edited it" },
    Step { from: Open, mv: Ask,           to: Target::Same,                by: By::Staff(Permission::WorkDecide),   reason: Reason::None,      rule: "a question to the originator, a colleague or the contact; nothing waits for the answer" },
    Step { from: Open, mv: Take,          to: Target::Same,                by: By::Staff(Permission::WorkDecide),   reason: Reason::None,      rule: "a member of the role or queue, while nobody has it; or who delegated it, to take it back" },
    Step { from: Open, mv: Release,       to: Target::Same,                by: By::Staff(Permission::WorkDecide),   reason: Reason::None,      rule: "whoever took it gives it back to role or queue" },
    Step { from: Open, mv: Reassign,      to: Target::Same,                by: By::Staff(Permission::WorkReassign), reason: Reason::Mandatory, rule: "gives the turn to somebody else" },
    Step { from: Open, mv: Override,      to: Target::To(Approved),        by: By::Staff(Permission::WorkOverride), reason: Reason::Mandatory, rule: "decides in place of whoever has it; marked in history; four eyes holds" },
    Step { from: Open, mv: PutAside,      to: Target::Same,                by: By::Staff(Permission::WorkDecide),   reason: Reason::Mandatory, rule: "leaves one's own list until a day before it is due; nobody else's, and its clock goes on" },
    Step { from: Open, mv: TakeUp,        to: Target::Same,                by: By::Staff(Permission::WorkDecide),   reason: Reason::None,      rule: "comes back to one's own list before that day" },
];

/// What is known of an item when somebody asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemFacts {
    /// The document's number.
    pub number: String,
    /// What it asks for.
    pub kind: ItemKind,
    /// Where it stands.
    pub state: ItemState,
    /// How it was decided and by whom, in words; for the refusal to whoever comes second.
    pub ended: Option<String>,
    /// Where its instance stands.
    pub instance: InstanceState,
    /// Who has it.
    pub assigned: Option<Person>,
    /// Who stands in for them now.
    pub deputy: Option<Person>,
    /// Staff id of whoever delegated it: the vote is still theirs.
    pub lent_by: Option<i64>,
    /// Staff ids of those who put it aside on their own lists.
    pub aside: Vec<i64>,
    /// The role or queue that holds it, in words; none: it is a person's.
    pub held_by: Option<String>,
    /// Staff ids of that role's or queue's active members.
    pub members: Vec<i64>,
    /// Of the queue that holds it.
    pub queue: Option<QueueState>,
    /// Natural persons whom four eyes bars.
    pub barred: Vec<String>,
    /// Natural persons whose vote in the same step is cast, or whose own turn in it is another one.
    pub others: Vec<String>,
    /// Natural persons who have another open turn in the same step in their hands, be it their own or somebody else's.
    pub holding: Vec<String>,
    /// Whether the workflow lifts four eyes.
    pub self_approval: bool,
}

/// What stands around an instance when its items are looked at.
pub struct Around<'a> {
    /// The document's number.
    pub number: &'a str,
    /// What kind of document.
    pub document: Document,
    /// Its rules.
    pub workflow: Option<&'a Workflow>,
    /// The office.
    pub people: &'a dyn People,
    /// Now, UTC milliseconds.
    pub now: i64,
}

impl ItemFacts {
    /// What is known of the item at this place.
    pub fn of(instance: &Instance, at: usize, around: &Around<'_>) -> ItemFacts {
        let item = &instance.items[at];
        let person = |id: Option<i64>| id.and_then(|id| around.people.by_id(id));
        let stands_in = item.assigned.and_then(|id| around.people.deputy_of(id, around.document, around.now));
        let (held_by, members, queue) = match (&item.role, &item.queue) {
            (Some(role), _) => {
                (Some(format!("role {role}")), around.people.role(role).unwrap_or_default(), None)
            }
            (None, Some(queue)) => {
                let (state, members) =
                    around.people.queue(queue).unwrap_or((QueueState::Inactive, Vec::new()));
                (Some(format!("queue {queue}")), members, Some(state))
            }
            (None, None) => (None, Vec::new(), None),
        };
        let names = |ids: Vec<Option<i64>>| -> Vec<String> {
            ids.into_iter().filter_map(person).map(|p| p.person).collect()
        };
        let beside = instance.items.iter().enumerate().filter(|(place, other)| {
            *place != at
                && other.step == item.step
                && other.round == item.round
                && other.kind == ItemKind::Approval
        });
        let (open, cast): (Vec<_>, Vec<_>) = beside
            .map(|(_, other)| other)
            .filter(|other| other.state != ItemState::NoLongerRequired)
            .partition(|other| other.is_open());
        let mut others = names(cast.iter().flat_map(|i| [i.decided_by, i.slot]).collect());
        let own = person(item.slot).map(|p| p.person);
        others.extend(
            names(open.iter().map(|i| i.slot).collect()).into_iter().filter(|p| own.as_ref() != Some(p)),
        );
        ItemFacts {
            number: around.number.to_owned(),
            kind: item.kind,
            state: item.state,
            ended: ended(instance, item, around.people),
            instance: instance.state,
            assigned: person(item.assigned),
            // Both see it for as long as it waits; the deputy may act while the absence lasts.
            lent_by: item.slot.filter(|slot| item.assigned.is_some_and(|has| has != *slot)),
            aside: Vec::new(),
            deputy: stands_in.filter(|p| item.deputy == Some(p.id)),
            held_by,
            members: members.iter().map(|p| p.id).collect(),
            queue,
            barred: instance.barred.clone(),
            others,
            holding: names(open.iter().flat_map(|i| [i.slot, i.assigned]).collect()),
            self_approval: around.workflow.is_some_and(|w| w.self_approval),
        }
    }

    /// Whether it waits for this person: theirs, as deputy, or through role or queue.
    pub fn waits_for(&self, staff: i64) -> bool {
        let own = [&self.assigned, &self.deputy].into_iter().flatten().any(|p| p.id == staff);
        own || (self.assigned.is_none() && self.members.contains(&staff))
    }

    /// Whether it waits, or did while it was open, for this person: whoever comes second to it is told who was first.
    pub fn concerns(&self, staff: i64) -> bool {
        self.waits_for(staff) || self.members.contains(&staff)
    }

    /// Whom it waits for, in words.
    pub fn holder(&self) -> String {
        match (&self.assigned, &self.deputy, &self.held_by) {
            (Some(person), Some(deputy), _) => format!("{} (deputy {})", person.login, deputy.login),
            (Some(person), None, _) => person.login.clone(),
            (None, _, Some(held)) => held.clone(),
            (None, _, None) => "nobody".into(),
        }
    }

    /// Whether four eyes bars this natural person from deciding.
    pub fn bars(&self, person: &str) -> bool {
        !self.self_approval && self.barred.iter().any(|b| b == person)
    }
}

/// The proof that `actor` may make this move now, or the refusal with its reason and remedy.
///
/// # Errors
/// The refusal, by rule: `illegal_move`, `permission`, `not_yours`, `four_eyes`, `voted_already`, `taken`, `queue_on_hold`.
pub fn offer(
    actor: &Actor,
    facts: &ItemFacts,
    mv: ItemMove,
) -> Result<(Allowed, &'static Step<ItemState, ItemMove>), Refusal> {
    let step = STEPS.iter().find(|s| s.from == facts.state && s.mv == mv).ok_or_else(|| {
        let how = facts.ended.clone().unwrap_or_else(|| facts.state.as_str().replace('_', " "));
        Refusal::new(
            "illegal_move",
            format!("{} no longer waits for this decision: {how}.", facts.number),
            "See `why` and the history for what it waits for now.",
        )
    })?;
    let By::Staff(permission) = step.by else {
        return Err(Refusal::new("actor", "This move is not made by staff.", "It is made by the clock."));
    };
    let allowed = actor.allow(permission)?;
    let staff = actor.staff_id().unwrap_or(0);
    let decision = matches!(mv, Approve | Reject | RequestChange | Override);
    if facts.kind == ItemKind::Change && (decision || mv == Take) {
        return Err(Refusal::new(
            "change_requested",
            format!("{} waits for a change, not for a decision.", facts.number),
            "Change what was asked for, then submit it again.",
        ));
    }
    let stopped = facts.instance == InstanceState::Stopped;
    if stopped && mv != Reassign {
        return Err(Refusal::new(
            "stopped",
            format!("{} is stopped by an error.", facts.number),
            "Resume it first, or ask somebody with the permission work.resume.",
        ));
    }
    let barred = |remedy: &str| {
        let message = format!(
            "{} was submitted or last edited by {}, who may not decide it.",
            facts.number, actor.login
        );
        Refusal::new("four_eyes", message, remedy)
    };
    match mv {
        Approve | Reject | RequestChange | Delegate | Release | PutAside | TakeUp
            if !facts.waits_for(staff) =>
        {
            Err(Refusal::new(
                "not_yours",
                format!("{} waits for {}, not for {}.", facts.number, facts.holder(), actor.login),
                format!("Ask {} to decide or delegate it, or a manager to reassign it.", facts.holder()),
            ))
        }
        Approve | Reject | RequestChange | Delegate
            if facts.assigned.is_none() && facts.queue.is_some_and(|q| q != QueueState::Active) =>
        {
            Err(Refusal::new(
                "queue_on_hold",
                format!("{}: the queue is not active, nothing in it is decided.", facts.number),
                "Ask the queue's administrator, or let a manager reassign it.",
            ))
        }
        // Whoever may not decide may not choose who decides in their place either.
        Delegate if facts.kind == ItemKind::Approval && facts.bars(&actor.person) => Err(Refusal::new(
            "four_eyes",
            format!(
                "{} was submitted or last edited by {}, who may not say who decides it in their place.",
                facts.number, actor.login
            ),
            "Leave it to another member, or ask a manager to reassign it.",
        )),
        Approve | Reject | RequestChange | Override if facts.bars(&actor.person) => {
            Err(barred("Somebody else must decide it; reassign it, or ask a manager to."))
        }
        Approve | Reject | Override if facts.others.contains(&actor.person) => Err(Refusal::new(
            "voted_already",
            format!(
                "{} has another turn in this step of {}; nobody counts twice.",
                actor.login, facts.number
            ),
            "Use that one, or let somebody else decide this one.",
        )),
        // Who delegated it takes it back: the vote never left them.
        Take if facts.lent_by == Some(staff) => Ok((allowed, step)),
        TakeUp if !facts.aside.contains(&staff) => Err(Refusal::new(
            "illegal_move",
            format!("{} was not put aside by {}.", facts.number, actor.login),
            "`countersign work list --view aside` lists what was.",
        )),
        Take if facts.held_by.is_none() => Err(Refusal::new(
            "illegal_move",
            format!("{} is a person's turn, not a role's or queue's.", facts.number),
            "Only what a role or queue holds can be taken.",
        )),
        Take if facts.assigned.is_some() => Err(Refusal::new(
            "taken",
            format!("{} was taken by {}.", facts.number, facts.holder()),
            "Ask them to release it.",
        )),
        Take if !facts.members.contains(&staff) => Err(Refusal::new(
            "not_yours",
            format!("{} waits for {}, where {} is no member.", facts.number, facts.holder(), actor.login),
            "Ask a manager to reassign it, or an administrator for the role.",
        )),
        Take if facts.queue.is_some_and(|q| q != QueueState::Active) => Err(Refusal::new(
            "queue_on_hold",
            format!("{}: the queue is not active, nothing can be taken from it.", facts.number),
            "Ask the queue's administrator, or let a manager reassign it.",
        )),
        Take if facts.bars(&actor.person) => Err(barred("Leave it to another member.")),
        Release if facts.held_by.is_none() || facts.assigned.is_none() => Err(Refusal::new(
            "illegal_move",
            format!("{} was not taken from a role or queue.", facts.number),
            "Delegate it instead.",
        )),
        Approve | Reject | RequestChange | Delegate | Ask | Take | Release | Reassign | Override
        | PutAside | TakeUp => Ok((allowed, step)),
    }
}

/// How an item ended and by whom, in words: `approved by maria, 2026-11-25T09:12:00Z`. What others decided names them:
/// whoever comes second is told who was first.
fn ended(instance: &Instance, item: &Item, people: &dyn People) -> Option<String> {
    if item.is_open() {
        return None;
    }
    let what = |item: &Item| {
        let by = item.decided_by.and_then(|id| people.by_id(id)).map(|p| p.login);
        let what = item.state.as_str().replace('_', " ");
        match (by, item.decided_at) {
            (Some(by), Some(at)) => format!("{what} by {by}, {}", to_rfc3339(at)),
            (None, Some(at)) => format!("{what} by the clock, {}", to_rfc3339(at)),
            (_, None) => what,
        }
    };
    if item.state != ItemState::NoLongerRequired {
        return Some(what(item));
    }
    let last = instance
        .items
        .iter()
        .filter(|i| i.round == item.round && i.step == item.step && i.decided_at.is_some())
        .filter(|i| i.kind == ItemKind::Approval)
        .max_by_key(|i| i.decided_at);
    Some(match (instance.state, last) {
        (InstanceState::Recalled, _) => "no longer required, it was recalled".into(),
        (_, Some(last)) => format!("no longer required, {}", what(last)),
        (_, None) => what(item),
    })
}

/// Why nothing is sent back to somebody for a change.
pub const MAY_NOT_EDIT: &str =
    "they may not change and submit it, user_request.edit or user_request.submit is missing";

/// May the item be given to this person?
///
/// # Errors
/// The refusal: `inactive`, `may_not_decide`, `may_not_edit`, `four_eyes` (also for the submitter), `voted_already`.
pub fn may_get(facts: &ItemFacts, to: &Person) -> Result<(), Refusal> {
    let refuse = |rule, why: String| {
        Err(Refusal::new(
            rule,
            format!("{} cannot go to {}: {why}.", facts.number, to.login),
            "Choose somebody else.",
        ))
    };
    if !to.active {
        return refuse("inactive", "they are inactive".into());
    }
    match facts.kind {
        ItemKind::Approval if !to.decides => {
            return refuse("may_not_decide", format!("they may not decide, {MISSING}"));
        }
        ItemKind::Change if !to.edits => return refuse("may_not_edit", MAY_NOT_EDIT.into()),
        ItemKind::Approval | ItemKind::Change => {}
    }
    if facts.kind == ItemKind::Approval && facts.bars(&to.person) {
        return refuse("four_eyes", "they submitted or last edited it".into());
    }
    let counted = facts.others.contains(&to.person) || facts.holding.contains(&to.person);
    if facts.kind == ItemKind::Approval && counted {
        return refuse("voted_already", "they have a turn in the same step, and nobody counts twice".into());
    }
    if facts.assigned.as_ref().is_some_and(|p| p.id == to.id) {
        return refuse("same_person", "they have it already".into());
    }
    Ok(())
}

#[cfg(test)]
#[path = "offer_tests.rs"]
mod tests;
