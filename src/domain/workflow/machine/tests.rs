//! The machine against a second, naive model that keeps no state but the list of what was done and counts anew each
//! time; and the ways of an instance that people rely on.

mod eyes;
mod office;
mod stopped;

use proptest::prelude::*;

use self::office::{Office, who};

use super::*;
use crate::domain::calendar::Calendar;
use crate::domain::permission::{Actor, Permission};
use crate::domain::workflow::definition::{Approval, Assignment, Policy, Span};
use crate::domain::workflow::offer::{ItemFacts, ItemMove, may_get, offer};

fn approval(who: Assignment, policy: Policy) -> Step {
    let approval = Approval {
        who,
        policy,
        due: Some(Span::Minutes(60)),
        remind: Some(Span::Minutes(10)),
        escalate: Vec::new(),
        finally: None,
    };
    Step { name: "decide".into(), when: None, kind: StepKind::Approval(approval) }
}

fn workflow(steps: Vec<Step>, on_resubmit: OnResubmit) -> Workflow {
    let document = Document::UserRequest;
    Workflow {
        document,
        name: "test".into(),
        when: None,
        on_resubmit,
        self_approval: false,
        owner: None,
        steps,
    }
}

/// Everything around a machine.
struct World {
    workflow: Workflow,
    office: Office,
    values: Values,
    parties: Parties,
    calendar: Calendar,
    now: i64,
}

impl World {
    fn new(workflow: Workflow) -> World {
        World {
            workflow,
            office: Office { away: Vec::new() },
            values: serde_json::json!({}),
            parties: Parties::default(),
            calendar: Calendar::default(),
            now: 1_700_000_000_000,
        }
    }

    fn machine(&self) -> Machine<'_> {
        Machine {
            workflow: &self.workflow,
            document: Document::UserRequest,
            number: "UR-000001",
            values: &self.values,
            parties: &self.parties,
            people: &self.office,
            calendar: &self.calendar,
            now: self.now,
        }
    }

    fn facts(&self, instance: &Instance, at: usize) -> ItemFacts {
        ItemFacts::of(instance, at, &self.machine().around())
    }
}

fn actor(id: i64) -> Actor {
    let person = who(id);
    let mut actor = Actor::clock();
    actor.who = crate::domain::permission::Who::Staff(id);
    (actor.login, actor.person) = (person.login, person.person);
    actor.permissions =
        [Permission::WorkView, Permission::WorkDecide, Permission::WorkReassign, Permission::WorkOverride]
            .into_iter()
            .collect();
    actor
}

fn vote(by: &Person, verdict: Verdict) -> Vote<'_> {
    Vote {
        by: Some(by),
        verdict,
        reason: Some("because".into()),
        fields: Vec::new(),
        to: None,
        overriding: Overriding::No,
    }
}

/// What actors try.
#[derive(Debug, Clone, Copy)]
enum Try {
    Vote(usize, i64, Verdict),
    Delegate(usize, i64, i64),
    Take(usize, i64),
    Release(usize, i64),
}

fn tries() -> impl Strategy<Value = Try> {
    let verdict = prop::sample::select(vec![Verdict::Approve, Verdict::Approve, Verdict::Reject]);
    prop_oneof![
        4 => (0..8usize, 1..=7i64, verdict).prop_map(|(i, p, v)| Try::Vote(i, p, v)),
        2 => (0..8usize, 1..=7i64, 1..=7i64).prop_map(|(i, p, q)| Try::Delegate(i, p, q)),
        1 => (0..8usize, 1..=7i64).prop_map(|(i, p)| Try::Take(i, p)),
        1 => (0..8usize, 1..=7i64).prop_map(|(i, p)| Try::Release(i, p)),
    ]
}

fn policies() -> impl Strategy<Value = Policy> {
    prop_oneof![
        Just(Policy::Any),
        Just(Policy::All),
        Just(Policy::Majority),
        (1..4u32).prop_map(Policy::Count),
        (1..=100u8).prop_map(Policy::Percent),
    ]
}

fn assignments() -> impl Strategy<Value = Assignment> {
    prop_oneof![
        Just(Assignment::Role("approver".into())),
        Just(Assignment::Queue("credit".into())),
        Just(Assignment::Users(vec!["ann".into(), "ben".into(), "ann2".into(), "cay".into()])),
    ]
}

/// The naive model: from the list of votes alone, is the step open, carried or lost?
fn counted(policy: Policy, voters: usize, votes: &[(String, bool)]) -> Option<bool> {
    let yes = votes.iter().filter(|(_, v)| *v).count();
    let no = votes.len() - yes;
    if policy == Policy::Any {
        return votes.first().map(|(_, v)| *v);
    }
    let wanted = match policy {
        Policy::Any | Policy::All => voters,
        Policy::Majority => (1..=voters).find(|n| 2 * n > voters).unwrap_or(1),
        Policy::Count(n) => n as usize,
        Policy::Percent(p) => (1..=voters).find(|n| n * 100 >= voters * usize::from(p)).unwrap_or(1),
    };
    // Whatever those who have not voted would say, does it come out the same?
    let (all_yes, all_no) = (yes + (voters - yes - no) >= wanted, yes >= wanted);
    (all_yes == all_no).then_some(all_no)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn random_actors_never_differ_from_a_naive_count(
        policy in policies(),
        who_decides in assignments(),
        submitter in 1..=7i64,
        away in prop::collection::vec((1..=7i64, 1..=7i64), 0..3),
        script in prop::collection::vec(tries(), 1..40),
    ) {
        let mut world = World::new(workflow(vec![approval(who_decides, policy)], OnResubmit::Restart));
        world.office.away = away.into_iter().filter(|(a, b)| a != b).collect();
        let submitter = who(submitter);
        let mut instance = Instance::new(Some(submitter.clone()), vec![submitter.person.clone()]);
        prop_assume!(world.machine().check(&instance).is_ok());
        world.machine().start(&mut instance);
        let whole = instance.items.len() == 1 && instance.items[0].assigned.is_none();
        let voters = instance.items.len();
        let mut votes: Vec<(String, bool)> = Vec::new();
        for attempt in script {
            let over = instance.state != InstanceState::Running;
            let before = instance.clone();
            let (Try::Vote(at, by, _) | Try::Delegate(at, by, _) | Try::Take(at, by) | Try::Release(at, by)) = attempt;
            if at >= instance.items.len() {
                continue;
            }
            let facts = world.facts(&instance, at);
            match attempt {
                Try::Vote(_, _, verdict) => {
                    let mv = if verdict == Verdict::Approve { ItemMove::Approve } else { ItemMove::Reject };
                    if offer(&actor(by), &facts, mv).is_err() {
                        continue;
                    }
                    prop_assert!(!over, "a vote after the end");
                    let person = who(by);
                    world.machine().vote(&mut instance, at, vote(&person, verdict));
                    votes.push((person.person.clone(), verdict == Verdict::Approve));
                    prop_assert_ne!(&person.person, &submitter.person, "who submitted has decided");
                }
                Try::Delegate(_, _, to) => {
                    if offer(&actor(by), &facts, ItemMove::Delegate).is_err() || may_get(&facts, &who(to)).is_err() {
                        continue;
                    }
                    world.machine().delegate(&mut instance, at, (&who(by), &who(to)));
                }
                Try::Take(..) => {
                    if offer(&actor(by), &facts, ItemMove::Take).is_err() {
                        continue;
                    }
                    world.machine().take(&mut instance, at, &who(by));
                }
                Try::Release(..) => {
                    if offer(&actor(by), &facts, ItemMove::Release).is_err() {
                        continue;
                    }
                    world.machine().release(&mut instance, at);
                }
            }
            let mut persons: Vec<&String> = votes.iter().map(|(p, _)| p).collect();
            persons.sort();
            persons.dedup();
            prop_assert_eq!(persons.len(), votes.len(), "somebody counts twice");
            let one = if whole { Policy::Any } else { policy };
            let want = match counted(one, voters, &votes) {
                None => InstanceState::Running,
                Some(true) => InstanceState::Completed,
                Some(false) => InstanceState::Rejected,
            };
            prop_assert_eq!(instance.state, want, "{:?} after {:?}, before {:?}", policy, votes, before.state);
            let open = instance.items.iter().filter(|i| i.is_open()).count();
            prop_assert_eq!(open == 0, instance.state.is_over());
            prop_assert_eq!(instance.items.len(), before.items.len());
        }
    }

    #[test]
    fn whatever_the_clock_does_it_does_once(jumps in prop::collection::vec(-90..240i64, 1..30)) {
        let mut step = approval(Assignment::Users(vec!["ben".into()]), Policy::Any);
        if let StepKind::Approval(approval) = &mut step.kind {
            approval.escalate = vec![
                crate::domain::workflow::definition::Escalation { after: Span::Minutes(30), to: Assignment::Users(vec!["cay".into()]) },
                crate::domain::workflow::definition::Escalation { after: Span::Minutes(30), to: Assignment::Role("approver".into()) },
            ];
            approval.finally = Some(crate::domain::workflow::definition::Finally::Reject);
        }
        let mut world = World::new(workflow(vec![step], OnResubmit::Restart));
        let begin = world.now;
        let mut instance = Instance::new(Some(who(1)), vec!["ann".into()]);
        let mut told = world.machine().start(&mut instance);
        let mut latest = begin;
        for minutes in jumps {
            world.now += minutes * 60_000;
            latest = latest.max(world.now);
            if instance.items[0].is_open() && instance.items[0].timing.clock_at.is_some_and(|at| at <= world.now) {
                told.extend(world.machine().clock(&mut instance, 0));
            }
        }
        let times = |notice| told.iter().filter(|e| matches!(e, Effect::Tell(n, _) if *n == notice)).count();
        let passed = (latest - begin) / 60_000;
        prop_assert!(times(Notice::DueSoon) <= 1);
        prop_assert_eq!(times(Notice::Overdue), usize::from(passed >= 60));
        prop_assert_eq!(times(Notice::Escalated), usize::from(passed >= 90) + usize::from(passed >= 120));
        let ended = told.iter().filter(|e| matches!(e, Effect::Decided(Verdict::Reject))).count();
        prop_assert_eq!(ended, usize::from(passed >= 150));
        prop_assert_eq!(instance.state == InstanceState::Rejected, passed >= 150);
    }
}

#[test]
fn the_submitter_alone_in_a_role_cannot_submit() {
    let world = World::new(workflow(
        vec![approval(Assignment::Users(vec!["ann".into(), "ann2".into()]), Policy::Any)],
        OnResubmit::Restart,
    ));
    let refusal = world.machine().check(&Instance::new(Some(who(7)), vec!["ann".into()])).unwrap_err();
    assert_eq!(refusal.rule, "no_approver");
    assert!(refusal.message.contains("ann") && refusal.message.contains("four eyes"), "{refusal}");
}

#[test]
fn no_steps_mean_approved_at_once_and_the_trace_says_so() {
    let world = World::new(workflow(Vec::new(), OnResubmit::Restart));
    let mut instance = Instance::new(Some(who(1)), vec!["ann".into()]);
    let effects = world.machine().start(&mut instance);
    let all =
        [Effect::Stage(Stage::Approved, None), Effect::NothingDone, Effect::Stage(Stage::Completed, None)];
    assert_eq!(effects, all, "complete, and nothing was carried out");
    assert_eq!((&*instance.trace[0].what, &*instance.trace[1].why), ("approved", NOTHING_DONE));
}

#[test]
fn a_changed_document_comes_back_to_whoever_asked_or_to_all() {
    let all = [
        (OnResubmit::Restart, Since::TheSame, None),
        (OnResubmit::Asker, Since::Changed, Some(2)),
        (OnResubmit::Changed, Since::TheSame, Some(2)),
        (OnResubmit::Changed, Since::Changed, None),
    ];
    for (mode, since, holder) in all {
        let world =
            World::new(workflow(vec![approval(Assignment::Role("approver".into()), Policy::Any)], mode));
        let mut instance = Instance::new(Some(who(1)), vec!["ann".into()]);
        world.machine().start(&mut instance);
        for round in 1..=3 {
            let at = instance.items.len() - 1;
            let ben = who(2);
            world.machine().vote(&mut instance, at, vote(&ben, Verdict::RequestChange));
            assert_eq!(
                (instance.state, instance.items.last().unwrap().assigned),
                (InstanceState::ChangeRequested, Some(1))
            );
            let effects = world.machine().resubmit(&mut instance, since);
            assert_eq!(
                effects.iter().filter(|e| matches!(e, Effect::Tell(..))).count(),
                1,
                "one letter a round"
            );
            let open: Vec<_> = instance.items.iter().filter(|i| i.is_open()).collect();
            assert_eq!((open.len(), open[0].assigned, open[0].round), (1, holder, round + 1));
        }
    }
}

#[test]
fn an_error_stops_it_with_cause_and_culprit_and_it_goes_on_from_there() {
    let mut world = World::new(workflow(
        vec![
            approval(Assignment::Users(vec!["ben".into()]), Policy::Any),
            approval(Assignment::Role("gone".into()), Policy::Any),
        ],
        OnResubmit::Restart,
    ));
    let mut instance = Instance::new(Some(who(1)), vec!["ann".into()]);
    world.machine().start(&mut instance);
    let ben = who(2);
    let effects = world.machine().vote(&mut instance, 0, vote(&ben, Verdict::Approve));
    assert!(effects.contains(&Effect::Stopped));
    assert_eq!(instance.state, InstanceState::Stopped);
    assert!(instance.culprit.as_deref().unwrap_or("").contains("gone"), "{:?}", instance.culprit);
    world.workflow.steps[1] = approval(Assignment::Users(vec!["cay".into()]), Policy::Any);
    world.machine().resume(&mut instance);
    assert_eq!((instance.state, instance.items.last().unwrap().assigned), (InstanceState::Running, Some(3)));
}
