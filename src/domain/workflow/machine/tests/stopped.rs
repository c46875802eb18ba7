//! Stopped instances: the clock lets them alone, they go on from where they stood, and nobody gets a twin of a turn.

use super::*;
use crate::domain::workflow::definition::Escalation;

/// One step for ben and cay whose hop leads to a role that nobody has.
fn stuck() -> (World, Instance) {
    let mut step = approval(Assignment::Users(vec!["ben".into(), "cay".into()]), Policy::All);
    if let StepKind::Approval(approval) = &mut step.kind {
        approval.escalate =
            vec![Escalation { after: Span::Minutes(30), to: Assignment::Role("gone".into()) }];
    }
    let mut world = World::new(workflow(vec![step], OnResubmit::Restart));
    let mut instance = Instance::new(Some(who(1)), vec!["ann".into()]);
    world.machine().start(&mut instance);
    world.machine().vote(&mut instance, 1, vote(&who(3), Verdict::Approve));
    world.now += 95 * 60_000;
    let effects = world.machine().clock(&mut instance, 0);
    assert_eq!(effects, [Effect::Tell(Notice::Overdue, 0), Effect::Stopped]);
    (world, instance)
}

#[test]
fn the_clock_lets_a_stopped_instance_alone() {
    let (_, instance) = stuck();
    assert_eq!(instance.state, InstanceState::Stopped);
    assert_eq!(instance.culprit.as_deref(), Some("role gone"));
    assert!(instance.items.iter().all(|i| i.timing.clock_at.is_none()), "it would be mailed at every look");
}

#[test]
fn resumed_it_keeps_its_turns_and_votes() {
    let (mut world, mut instance) = stuck();
    if let StepKind::Approval(approval) = &mut world.workflow.steps[0].kind {
        approval.escalate[0].to = Assignment::Users(vec!["fay".into()]);
    }
    assert_eq!(world.machine().resume(&mut instance), []);
    assert_eq!((instance.state, instance.items.len()), (InstanceState::Running, 2));
    assert_eq!(world.machine().clock(&mut instance, 0), [Effect::Tell(Notice::Escalated, 0)]);
    world.machine().vote(&mut instance, 0, vote(&who(6), Verdict::Approve));
    assert_eq!(instance.state, InstanceState::Completed);
}

#[test]
fn the_turn_that_led_to_nobody_can_be_given_to_somebody() {
    let (world, mut instance) = stuck();
    let rule = |to| {
        let mut instance = instance.clone();
        world.machine().resume_with(&mut instance, (&who(6), &who(to))).unwrap_err().rule
    };
    assert_eq!((rule(1), rule(7), rule(3)), ("four_eyes", "four_eyes", "voted_already"));
    world.machine().resume_with(&mut instance, (&who(6), &who(4))).unwrap();
    assert_eq!((instance.items.len(), instance.items[0].assigned), (2, Some(4)));
    world.machine().vote(&mut instance, 0, vote(&who(4), Verdict::Approve));
    assert_eq!(instance.state, InstanceState::Completed);
}

#[test]
fn where_nobody_had_a_turn_one_person_decides_for_all() {
    let mut world = World::new(workflow(
        vec![
            approval(Assignment::Users(vec!["ben".into()]), Policy::Any),
            approval(Assignment::Role("gone".into()), Policy::Count(2)),
        ],
        OnResubmit::Restart,
    ));
    world.values = serde_json::json!({});
    let mut instance = Instance::new(Some(who(1)), vec!["ann".into()]);
    world.machine().start(&mut instance);
    world.machine().vote(&mut instance, 0, vote(&who(2), Verdict::Approve));
    assert_eq!(instance.state, InstanceState::Stopped);
    world.machine().resume_with(&mut instance, (&who(6), &who(3))).unwrap();
    world.machine().vote(&mut instance, 1, vote(&who(3), Verdict::Approve));
    assert_eq!(instance.state, InstanceState::Completed);
}

#[test]
fn a_failed_task_is_not_given_to_a_person() {
    let task = Step { name: "provision_user".into(), when: None, kind: StepKind::Task(Task::ProvisionUser) };
    let world = World::new(workflow(vec![task], OnResubmit::Restart));
    let mut instance = Instance::new(Some(who(1)), vec!["ann".into()]);
    world.machine().start(&mut instance);
    world.machine().task_failed(&mut instance, "the portal has no room");
    assert_eq!(
        (instance.cause.as_deref(), instance.culprit.as_deref()),
        (Some("the portal has no room"), Some("provision_user"))
    );
    let refusal = world.machine().resume_with(&mut instance, (&who(6), &who(3))).unwrap_err();
    assert_eq!(refusal.rule, "illegal_move");
    let effects = world.machine().resume(&mut instance);
    assert_eq!(effects, [Effect::Stage(Stage::Completing, None), Effect::Run(Task::ProvisionUser)]);
}
