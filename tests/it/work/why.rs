//! `why` at every point of a request's life: whom it waits for, since when, and what is missing.

use countersign::desk::commands::user_request::CancelUserRequest;
use countersign::desk::commands::work::{
    DelegateItem, ItemSubject, Resume, ResumeInstance, TakeItem, Verdict,
};
use countersign::desk::commands::workflow::ActivateRuleSet;
use countersign::desk::{Command, ProvisionHook, Settings};

use super::{decide, office, open, recall, submit};
use crate::world::{MINUTE, T0, World};

/// State, whom it waits for, since which minute of the test, what is missing.
fn why(world: &World) -> String {
    let why = world.reader.why(&world.actor("olga"), &world.find("UR-1")).unwrap();
    let since = (why.since - T0) / MINUTE;
    let missing = if why.missing.is_empty() { "nothing".to_owned() } else { why.missing.join("; ") };
    let waits = if why.waits_for.is_empty() { "nobody".to_owned() } else { why.waits_for.join(", ") };
    format!("{} since minute {since}: waits for {waits}; missing: {missing}", why.state)
}

/// A minute goes by, something happens; gives what `why` says then.
fn then(world: &mut World, step: impl FnOnce(&mut World)) -> String {
    world.play("wait 1 minute");
    step(world);
    why(world)
}

fn item(world: &World) -> ItemSubject {
    ItemSubject::now(open(world)[0].0)
}

fn rules(who: &str) -> String {
    format!(
        "[[workflow]]\ndocument = \"user_request\"\nname = \"Users\"\n\n[[workflow.step]]\nname = \"Check\"\napprove = {who}\ndue = \"2 working days\"\n\n[[workflow.step]]\ntask = \"provision_user\"\n"
    )
}

#[test]
fn at_every_point_it_says_whom_it_waits_for_since_when_and_what_is_missing() {
    let mut said = Vec::new();
    let mut say = |point: &str, sentence: String| said.push(format!("{point}: {sentence}"));
    let mut world = office(&rules("{ role = \"approver\" }"));
    say("waiting for a role", why(&world));
    say(
        "taken",
        then(&mut world, |world| {
            let take = TakeItem { item: item(world) };
            world.run("maria", Command::TakeItem(take)).unwrap();
        }),
    );
    say(
        "delegated",
        then(&mut world, |world| {
            let delegate = DelegateItem { item: item(world), to: "priya".into(), note: None };
            world.run("maria", Command::DelegateItem(delegate)).unwrap();
        }),
    );
    say(
        "change requested",
        then(&mut world, |world| {
            decide(world, "priya", Verdict::RequestChange, Some("another address")).unwrap();
        }),
    );
    say("submitted again", then(&mut world, |world| drop(submit(world, "jens").unwrap())));
    say(
        "rejected",
        then(&mut world, |world| {
            decide(world, "maria", Verdict::Reject, Some("who is that?")).unwrap();
        }),
    );
    say("submitted once more", then(&mut world, |world| drop(submit(world, "jens").unwrap())));
    say("recalled", then(&mut world, |world| drop(recall(world, "jens", "a slip").unwrap())));
    say(
        "canceled",
        then(&mut world, |world| {
            let cancel = CancelUserRequest { id: 1, reason: "not wanted".into() };
            world.run("jens", Command::CancelUserRequest(cancel)).unwrap();
        }),
    );

    let mut world = office(&rules("{ user = \"maria\" }"));
    say("waiting for a person", why(&world));
    say("completed", then(&mut world, |world| drop(decide(world, "maria", Verdict::Approve, None).unwrap())));

    let queue = "insert into queue (created_at, updated_at, name, title, position, admin_id) select 0, 0, 'logons', 'Logons', 1, id from staff where login = 'ana';
         insert into queue_member (queue_id, staff_id) select q.id, s.id from queue q, staff s where s.login = 'maria'";
    let mut world = World::new();
    world.raw().execute_batch(queue).unwrap();
    let source = rules("{ queue = \"logons\" }");
    let activate = ActivateRuleSet { origin: "mine.toml".into(), source };
    world.run("ana", Command::ActivateRuleSet(activate)).unwrap();
    world.play("applicant submits aurora; maria verifies REG-1 by phone: rang; priya approves REG-1; jens creates REG-1");
    say("waiting for a queue", why(&world));

    // A step further on finds that whom it names has left.
    let two = rules("{ user = \"maria\" }").replacen(
        "[[workflow.step]]\ntask",
        "[[workflow.step]]\nname = \"Second look\"\napprove = { user = \"priya\" }\n\n[[workflow.step]]\ntask",
        1,
    );
    let mut world = office(&two);
    world
        .raw()
        .execute_batch("drop trigger staff_image_u; update staff set active = 0 where login = 'priya'")
        .unwrap();
    say(
        "stopped by an error",
        then(&mut world, |world| {
            decide(world, "maria", Verdict::Approve, None).unwrap();
        }),
    );
    say(
        "sent back to draft",
        then(&mut world, |world| {
            let resume = ResumeInstance { instance: 1, how: Resume::ToDraft, reason: "new rules".into() };
            world.run("ana", Command::ResumeInstance(resume)).unwrap();
        }),
    );

    // The portal role is not there any more when the task runs.
    let mut world = office(&rules("{ user = \"maria\" }"));
    world
        .raw()
        .execute_batch("drop trigger user_request_image_u; update user_request set role = 'gone'")
        .unwrap();
    say(
        "failed provisioning",
        then(&mut world, |world| {
            decide(world, "maria", Verdict::Approve, None).unwrap();
        }),
    );

    let mut world = World::with(|settings: &mut Settings| settings.workflow_active = false);
    world.play("applicant submits aurora; maria verifies REG-1 by phone: rang; priya approves REG-1; jens creates REG-1");
    say("draft, no workflow", why(&world));

    // The office's own portal is the last to know.
    let mut world = World::with(|settings| settings.provision_hook = ProvisionHook::On);
    world
        .play("applicant submits aurora; applicant verifies REG-1; maria approves REG-1; jens creates REG-1");
    say("waiting for the portal", why(&world));
    let failed = "update provision_event set state = 'failed', attempts = 9, last_error = 'it is closed', next_at = null";
    world.raw().execute(failed, []).unwrap();
    say("the portal was not told", why(&world));
    insta::assert_snapshot!(said.join("\n"), @r"
    waiting for a role: pending_approval since minute 0: waits for role approver; missing: a decision: Check (role approver, due 2026-11-25T09:00:00Z)
    taken: pending_approval since minute 1: waits for maria; missing: a decision: Check (role approver, due 2026-11-25T09:00:00Z)
    delegated: pending_approval since minute 2: waits for priya; missing: a decision: Check (delegated by maria, due 2026-11-25T09:00:00Z)
    change requested: draft since minute 3: waits for jens; missing: a change of email, then submit it again
    submitted again: pending_approval since minute 4: waits for role approver; missing: a decision: Check (role approver, due 2026-11-25T09:04:00Z)
    rejected: rejected since minute 5: waits for jens; missing: it is submitted again, or canceled
    submitted once more: pending_approval since minute 6: waits for role approver; missing: a decision: Check (role approver, due 2026-11-25T09:06:00Z)
    recalled: draft since minute 7: waits for jens; missing: it is not submitted
    canceled: canceled since minute 8: waits for nobody; missing: nothing
    waiting for a person: pending_approval since minute 0: waits for maria; missing: a decision: Check (named by the rule, due 2026-11-25T09:00:00Z)
    completed: completed since minute 1: waits for nobody; missing: nothing
    waiting for a queue: pending_approval since minute 0: waits for queue logons; missing: a decision: Check (queue logons, due 2026-11-25T09:00:00Z)
    stopped by an error: pending_approval since minute 1: waits for somebody with the permission work.resume; missing: stopped by an error at “Users · Second look”: Priya Rao is inactive (priya); put it right and `countersign work resume UR-000001 --reason TEXT`, give it to somebody (--to LOGIN), or send it back to draft (--to-draft)
    sent back to draft: draft since minute 2: waits for jens; missing: it is not submitted
    failed provisioning: pending_completion since minute 1: waits for somebody with the permission work.resume; missing: stopped by an error at “Users · provision_user”: the portal role “gone” does not exist; add it to create.roles, then try again (provision_user); put it right and `countersign work resume UR-000001 --reason TEXT`, or send it back to draft (--to-draft)
    draft, no workflow: draft since minute 0: waits for jens; missing: no rule set for user requests is active. Set workflow.enabled, then submit it.
    waiting for the portal: completed since minute 0: waits for the office's portal; missing: the portal's program takes it (0 tries, next try 2026-11-23T09:00:30Z)
    the portal was not told: completed since minute 0: waits for somebody with the permission user_request.submit; missing: the portal was not told after 9 tries: it is closed; retry
    ");
}
