//! Four eyes, whatever people do: over rounds of changes, with delegates, deputies, hops and overrides, nobody approves
//! what they submitted or edited, and nobody counts twice.

use proptest::prelude::*;

use super::*;
use crate::domain::workflow::definition::{Escalation, Finally};
use crate::domain::workflow::instance::Item;

/// What people and the clock try; places and people as they come.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Vote(i64, Verdict),
    Override(i64, Verdict),
    Delegate(i64, i64),
    Reassign(i64, i64),
    Take(i64),
    Release(i64),
    AskForChange(i64, i64),
    /// Whoever has the change makes it, or somebody else does for them, and it is submitted again.
    /// `true`: something that is decided on is other than before.
    Change(i64, bool),
    Wait(i64),
    Resume,
    ResumeWith(i64, i64),
}

fn deeds() -> impl Strategy<Value = Deed> {
    let verdict =
        || prop::sample::select(vec![Verdict::Approve, Verdict::Approve, Verdict::Approve, Verdict::Reject]);
    let person = || 1..=7i64;
    prop_oneof![
        8 => (person(), verdict()).prop_map(|(p, v)| Deed::Vote(p, v)),
        1 => (person(), verdict()).prop_map(|(p, v)| Deed::Override(p, v)),
        3 => (person(), person()).prop_map(|(p, q)| Deed::Delegate(p, q)),
        2 => (person(), person()).prop_map(|(p, q)| Deed::Reassign(p, q)),
        2 => person().prop_map(Deed::Take),
        1 => person().prop_map(Deed::Release),
        2 => (person(), person()).prop_map(|(p, q)| Deed::AskForChange(p, q)),
        3 => (person(), any::<bool>()).prop_map(|(p, other)| Deed::Change(p, other)),
        1 => (1..200i64).prop_map(Deed::Wait),
        1 => Just(Deed::Resume),
        1 => (person(), person()).prop_map(|(p, q)| Deed::ResumeWith(p, q)),
    ]
}

fn decision(who: Assignment, policy: Policy, hops: Vec<Assignment>) -> Step {
    let mut step = approval(who, policy);
    if let StepKind::Approval(approval) = &mut step.kind {
        approval.escalate = hops.into_iter().map(|to| Escalation { after: Span::Minutes(30), to }).collect();
    }
    step
}

/// Does one deed, where it is allowed; gives the effects, none where it was refused.
fn done(world: &mut World, instance: &mut Instance, at: usize, deed: Deed) -> Option<Vec<Effect>> {
    let facts = world.facts(instance, at);
    let may = |by: i64, mv| offer(&actor(by), &facts, mv).is_ok();
    let mv_of = |verdict| if verdict == Verdict::Approve { ItemMove::Approve } else { ItemMove::Reject };
    // Decisions are made by the next person who may: a random one would seldom get anywhere.
    let able = |by: i64, mv| (by..by + 7).map(|n| (n - 1) % 7 + 1).find(|p| may(*p, mv));
    match deed {
        Deed::Vote(by, verdict) if able(by, mv_of(verdict)).is_some() => {
            let by = able(by, mv_of(verdict))?;
            Some(world.machine().vote(instance, at, vote(&who(by), verdict)))
        }
        Deed::Override(by, verdict) if may(by, ItemMove::Override) => {
            let person = who(by);
            let vote = Vote { overriding: Overriding::Yes, ..vote(&person, verdict) };
            Some(world.machine().vote(instance, at, vote))
        }
        Deed::Delegate(by, to) if may(by, ItemMove::Delegate) && may_get(&facts, &who(to)).is_ok() => {
            Some(world.machine().delegate(instance, at, (&who(by), &who(to))))
        }
        Deed::Reassign(by, to) if may(by, ItemMove::Reassign) && may_get(&facts, &who(to)).is_ok() => {
            Some(world.machine().reassign(instance, at, (&who(by), &who(to))))
        }
        Deed::Take(by) if may(by, ItemMove::Take) => {
            world.machine().take(instance, at, &who(by));
            Some(Vec::new())
        }
        Deed::Release(by) if may(by, ItemMove::Release) => {
            world.machine().release(instance, at);
            Some(Vec::new())
        }
        Deed::AskForChange(by, to) if able(by, ItemMove::RequestChange).is_some() => {
            let person = who(able(by, ItemMove::RequestChange)?);
            let ask = Vote { to: Some(who(to)), ..vote(&person, Verdict::RequestChange) };
            Some(world.machine().vote(instance, at, ask))
        }
        Deed::Change(by, other) if instance.state == InstanceState::ChangeRequested => {
            let barred = instance.barred.clone();
            instance.barred.push(who(by).person);
            if world.machine().check(instance).is_ok() {
                let since = if other { Since::Changed } else { Since::TheSame };
                return Some(world.machine().resubmit(instance, since));
            }
            instance.barred = barred;
            None
        }
        Deed::Wait(minutes) => {
            world.now += minutes * 60_000;
            let due = |i: &Item, now| i.is_open() && i.timing.clock_at.is_some_and(|at| at <= now);
            let mut effects = Vec::new();
            for at in 0..instance.items.len() {
                if instance.state == InstanceState::Running && due(&instance.items[at], world.now) {
                    effects.extend(world.machine().clock(instance, at));
                }
            }
            Some(effects)
        }
        Deed::Resume if instance.state == InstanceState::Stopped => Some(world.machine().resume(instance)),
        Deed::ResumeWith(by, to) if instance.state == InstanceState::Stopped => {
            world.machine().resume_with(instance, (&who(by), &who(to))).ok()
        }
        Deed::Vote(..)
        | Deed::Override(..)
        | Deed::Delegate(..)
        | Deed::Reassign(..)
        | Deed::Take(_)
        | Deed::Release(_)
        | Deed::AskForChange(..)
        | Deed::Change(..)
        | Deed::Resume
        | Deed::ResumeWith(..) => None,
    }
}

/// The yes votes that carry each step now: those of the newest round in which the step was decided.
fn standing(instance: &Instance, step: usize) -> Vec<&Item> {
    let of_step = || instance.items.iter().filter(move |i| i.step == step && i.kind == ItemKind::Approval);
    let round = of_step().map(|i| i.round).max();
    of_step().filter(|i| Some(i.round) == round && i.state == ItemState::Approved).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn nobody_ever_approves_their_own_work_or_counts_twice(
        first in (assignments(), policies()),
        second in (assignments(), policies()),
        hop in assignments(),
        mode in prop::sample::select(OnResubmit::ALL.to_vec()),
        submitter in 1..=7i64,
        away in prop::collection::vec((1..=7i64, 1..=7i64), 0..4),
        script in prop::collection::vec((0..12usize, deeds()), 1..60),
    ) {
        let steps = vec![decision(first.0, first.1, vec![hop, Assignment::Users(vec!["fay".into()])]), decision(second.0, second.1, Vec::new())];
        let mut world = World::new(workflow(steps, mode));
        world.office.away = away.into_iter().filter(|(a, b)| a != b).collect();
        let submitter = who(submitter);
        let mut instance = Instance::new(Some(submitter.clone()), vec![submitter.person.clone()]);
        prop_assume!(world.machine().check(&instance).is_ok());
        world.machine().start(&mut instance);
        for (at, deed) in script {
            let open: Vec<usize> = (0..instance.items.len()).filter(|i| instance.items[*i].is_open()).collect();
            let at = open.get(at % open.len().max(1)).copied().unwrap_or(0);
            let before = instance.clone();
            let Some(effects) = done(&mut world, &mut instance, at, deed) else {
                prop_assert_eq!(&instance, &before, "a refusal changes nothing");
                continue;
            };
            prop_assert!(!before.state.is_over() || matches!(deed, Deed::Wait(_)), "{:?} after the end", deed);
            if before.state.is_over() {
                prop_assert_eq!(&instance, &before);
            }
            for effect in &effects {
                if let Effect::Tell(notice, place) = effect {
                    let over = *notice == Notice::Overdue || *notice == Notice::Escalated;
                    prop_assert!(instance.items[*place].is_open() || over, "{:?} of what is closed", notice);
                }
            }
            for (place, item) in instance.items.iter().enumerate() {
                let fresh = before.items.get(place).is_none_or(|b| b.is_open());
                // Neither with their own hand nor by somebody in their place.
                for by in [item.decided_by, item.slot].into_iter().flatten() {
                    let own = instance.barred.contains(&who(by).person);
                    let approved = fresh && item.decided_by.is_some() && item.state == ItemState::Approved;
                    prop_assert!(!(own && approved), "{} approved their own work", who(by).login);
                }
            }
            let open = instance.items.iter().filter(|i| i.is_open()).count();
            match instance.state {
                InstanceState::Running | InstanceState::ChangeRequested => prop_assert!(open > 0, "it waits for nobody"),
                InstanceState::Stopped => prop_assert!(instance.cause.is_some() && instance.culprit.is_some()),
                InstanceState::Rejected | InstanceState::Recalled | InstanceState::Completed => prop_assert_eq!(open, 0),
            }
            let (step, round) = (instance.step, instance.round);
            let mut counted: Vec<String> = instance
                .items
                .iter()
                .filter(|i| i.step == step && i.round == round && matches!(i.state, ItemState::Approved | ItemState::Rejected))
                .filter_map(|i| i.decided_by)
                .map(|id| who(id).person)
                .collect();
            let votes = counted.len();
            counted.sort();
            counted.dedup();
            prop_assert_eq!(counted.len(), votes, "somebody counts twice");
        }
        if instance.state == InstanceState::Completed {
            for step in 0..2 {
                for item in standing(&instance, step) {
                    let Some(by) = item.decided_by else { continue };
                    prop_assert!(!instance.barred.contains(&who(by).person), "{} edited what they had approved", who(by).login);
                }
            }
        }
    }
}

#[test]
fn an_approval_falls_when_its_giver_edits_the_document_later() {
    let steps = vec![
        approval(Assignment::Users(vec!["ben".into(), "cay".into()]), Policy::Any),
        approval(Assignment::Users(vec!["dan".into()]), Policy::Any),
    ];
    for (editor, goes_on_at) in [(2, 0), (5, 1)] {
        let mut world = World::new(workflow(steps.clone(), OnResubmit::Asker));
        let mut instance = Instance::new(Some(who(1)), vec!["ann".into()]);
        world.machine().start(&mut instance);
        done(&mut world, &mut instance, 0, Deed::Vote(2, Verdict::Approve)).unwrap();
        let at = instance.items.len() - 1;
        done(&mut world, &mut instance, at, Deed::AskForChange(4, editor)).unwrap();
        done(&mut world, &mut instance, at, Deed::Change(editor, false)).unwrap();
        assert_eq!(instance.step, goes_on_at, "edited by {}", who(editor).login);
    }
}

#[test]
fn a_hop_gives_nobody_a_second_turn() {
    let both = Assignment::Users(vec!["ben".into(), "cay".into()]);
    let mut step = decision(both, Policy::All, vec![Assignment::Users(vec!["fay".into()])]);
    if let StepKind::Approval(approval) = &mut step.kind {
        approval.finally = Some(Finally::Reject);
    }
    let mut world = World::new(workflow(vec![step], OnResubmit::Restart));
    let mut instance = Instance::new(Some(who(1)), vec!["ann".into()]);
    world.machine().start(&mut instance);
    done(&mut world, &mut instance, 0, Deed::Wait(95)).unwrap();
    assert_eq!((instance.items[0].assigned, instance.items[1].assigned), (Some(6), Some(3)));
    assert!(instance.trace.iter().any(|t| t.what == "not escalated" && t.why.contains("fay")));
    done(&mut world, &mut instance, 0, Deed::Vote(6, Verdict::Approve)).unwrap();
    assert_eq!(instance.state, InstanceState::Running, "cay must still decide");
    done(&mut world, &mut instance, 1, Deed::Vote(3, Verdict::Approve)).unwrap();
    assert_eq!(instance.state, InstanceState::Completed);
}

#[test]
fn whoever_has_a_turn_stands_in_for_nobody_in_the_same_step() {
    let three = Assignment::Users(vec!["ben".into(), "cay".into(), "dan".into()]);
    let mut world = World::new(workflow(vec![decision(three, Policy::All, Vec::new())], OnResubmit::Restart));
    // ben is away and cay, who has a turn, stands in for him; fay stands in for both others.
    world.office.away = vec![(2, 3), (3, 6), (4, 6)];
    let mut instance = Instance::new(Some(who(1)), vec!["ann".into()]);
    world.machine().start(&mut instance);
    let deputies: Vec<Option<i64>> = instance.items.iter().map(|i| i.deputy).collect();
    assert_eq!(deputies.iter().flatten().count(), 1, "one turn each: {deputies:?}");
    assert!(!deputies.contains(&Some(3)), "cay decides her own: {deputies:?}");
}
