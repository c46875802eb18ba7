//! What nobody can move on by themselves is said, by `why` of one record and by `check` of all; a try that comes to the
//! same is no second event; and what ended is not asked for by mail.

use countersign::desk::commands::user_request::{IfRefused, SubmitUserRequest};
use countersign::desk::commands::work::{
    AnswerQuestion, AskQuestion, AskedOf, DecideItem, ItemSubject, Resume, ResumeInstance, Verdict,
};
use countersign::desk::commands::workflow::ActivateRuleSet;
use countersign::desk::query::work_list::{Part, View};
use countersign::desk::{Command, Error};

use super::{decide, mails, newest_mail, office, open, recall, state, submit};
use crate::world::World;

fn rules(who: &str) -> String {
    format!(
        "[[workflow]]\ndocument = \"user_request\"\nname = \"Users\"\n\n[[workflow.step]]\nname = \"Check\"\napprove = {who}\n\n[[workflow.step]]\ntask = \"provision_user\"\n"
    )
}

/// What `check` would print, and what `why` says is missing.
fn said(world: &World) -> String {
    let stuck = world.reader.stuck().unwrap();
    let all: Vec<String> =
        stuck.iter().map(|s| format!("{} ({}): {} → {}", s.number, s.rule, s.why, s.remedy)).collect();
    let why = world.reader.why(&world.actor("olga"), &world.find("UR-1")).unwrap();
    format!("{}\n{}: {}", all.join("\n"), why.waits_for.join(", "), why.missing.join("; "))
}

fn raw(world: &World, sql: &str) {
    world.raw().execute_batch(sql).unwrap();
}

#[test]
fn turns_that_nobody_can_decide_are_found_with_what_helps() {
    let mut all = Vec::new();
    let world = office("");
    assert!(world.reader.stuck().unwrap().is_empty());
    raw(
        &world,
        "drop trigger staff_role_image_d; delete from staff_role where role_id = (select id from role where name = 'approver')",
    );
    all.push(said(&world));
    let world = office(&rules("{ user = \"maria\" }"));
    raw(&world, "drop trigger staff_image_u; update staff set active = 0 where login = 'maria'");
    all.push(said(&world));
    let queue = "insert into queue (created_at, updated_at, name, title, position, admin_id) select 0, 0, 'logons', 'Logons', 1, id from staff where login = 'ana';
         insert into queue_member (queue_id, staff_id) select q.id, s.id from queue q, staff s where s.login = 'maria'";
    let mut world = World::new();
    raw(&world, queue);
    let activate = ActivateRuleSet { origin: "mine.toml".into(), source: rules("{ queue = \"logons\" }") };
    world.run("ana", Command::ActivateRuleSet(activate)).unwrap();
    world.play("applicant submits aurora; maria verifies REG-1 by phone: rang; priya approves REG-1; jens creates REG-1");
    raw(&world, "drop trigger queue_image_u; update queue set state = 'on_hold'");
    all.push(said(&world));
    raw(
        &world,
        "update queue set state = 'active'; drop trigger queue_member_image_d; delete from queue_member",
    );
    all.push(said(&world));
    insta::assert_snapshot!(all.join("\n\n"), @r"
    UR-000001 (Logon for a new user · Check identity): role approver: nobody active is in it → `countersign staff grant LOGIN approver`, or `countersign work reassign UR-000001 --to LOGIN --reason TEXT`.
    role approver, somebody with the permission work.reassign: a decision: Check identity (role approver, due 2026-11-25T09:00:00Z); nobody can do it: role approver: nobody active is in it; `countersign staff grant LOGIN approver`, or `countersign work reassign UR-000001 --to LOGIN --reason TEXT`.

    UR-000001 (Users · Check): maria is inactive → `countersign work reassign UR-000001 --to LOGIN --reason TEXT`, or `countersign staff leaver maria` for all of theirs.
    maria, somebody with the permission work.reassign: a decision: Check (named by the rule); nobody can do it: maria is inactive; `countersign work reassign UR-000001 --to LOGIN --reason TEXT`, or `countersign staff leaver maria` for all of theirs.

    UR-000001 (Users · Check): queue logons is on hold → `countersign queue edit logons --state active`, or `countersign work reassign UR-000001 --to LOGIN --reason TEXT`.
    queue logons, somebody with the permission work.reassign: a decision: Check (queue logons); nobody can do it: queue logons is on hold; `countersign queue edit logons --state active`, or `countersign work reassign UR-000001 --to LOGIN --reason TEXT`.

    UR-000001 (Users · Check): queue logons: nobody active is in it → `countersign queue add logons LOGIN`, or `countersign work reassign UR-000001 --to LOGIN --reason TEXT`.
    queue logons, somebody with the permission work.reassign: a decision: Check (queue logons); nobody can do it: queue logons: nobody active is in it; `countersign queue add logons LOGIN`, or `countersign work reassign UR-000001 --to LOGIN --reason TEXT`.
    ");
}

#[test]
fn a_task_that_fails_again_for_the_same_cause_is_refused_and_nobody_is_told_twice() {
    let mut world = office("");
    raw(&world, "drop trigger user_request_image_u; update user_request set role = 'gone'");
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    assert_eq!(state(&world), "pending_completion");
    let before = newest_mail(&world);
    let retry = Command::SubmitUserRequest(SubmitUserRequest { id: 1, if_refused: IfRefused::Fail });
    let resume =
        Command::ResumeInstance(ResumeInstance { instance: 1, how: Resume::Again, reason: "try".into() });
    for again in [retry, resume] {
        match world.run("ana", again) {
            Err(Error::Refused(refusal)) => assert_eq!(refusal.rule, "still_stopped"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(newest_mail(&world), before);
    let back = ResumeInstance { instance: 1, how: Resume::ToDraft, reason: "another role".into() };
    let receipt = world.run("ana", Command::ResumeInstance(back)).unwrap();
    assert_eq!((receipt.state.as_deref(), receipt.notes.len()), (Some("draft"), 0), "{:?}", receipt.notes);
}

#[test]
fn a_recall_takes_the_letters_that_have_not_left_with_it() {
    let mut world = office("");
    assert!(!mails(&world, 0).is_empty());
    recall(&mut world, "jens", "a slip").unwrap();
    assert!(mails(&world, 0).iter().all(|mail| !mail.starts_with("work_assigned")), "{:?}", mails(&world, 0));
    world.play("jens undoes");
    assert!(mails(&world, 0).iter().any(|mail| mail.starts_with("work_assigned")), "undo asks them again");
    recall(&mut world, "jens", "a slip").unwrap();
    submit(&mut world, "jens").unwrap();
    assert!(mails(&world, 0).iter().any(|mail| mail.starts_with("work_assigned")));
    world.assert_sound();
}

#[test]
fn a_change_request_names_fields_that_there_are_or_none() {
    let mut world = office("");
    let item = ItemSubject::now(open(&world)[0].0);
    let ask = |fields: &[&str]| {
        Command::DecideItem(DecideItem {
            item: item.clone(),
            verdict: Verdict::RequestChange,
            reason: Some("look again".into()),
            fields: fields.iter().map(|f| (*f).to_owned()).collect(),
            to: None,
        })
    };
    let refused = world.run("maria", ask(&["colour"])).unwrap_err().to_string();
    assert!(
        refused.contains("Give one of role, authentication, user_name, email, justification, or none."),
        "{refused}"
    );
    world.run("maria", ask(&[])).unwrap();
    let why = world.reader.why(&world.actor("jens"), &world.find("UR-1")).unwrap();
    assert!(why.because.ends_with("change requested (any field)"), "{}", why.because);
}

#[test]
fn votes_are_told_with_names_and_how_many_are_needed() {
    let mut world = office(
        &rules("{ role = \"approver\" }").replace("approve = {", "policy = \"majority\"\napprove = {"),
    );
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    let why = world.reader.why(&world.actor("olga"), &world.find("UR-1")).unwrap();
    insta::assert_snapshot!(why.missing.join("\n"), @r"
    a decision: Check (role approver)
    votes: 1 of 2 yes so far (maria), 2 needed
    ");
}

#[test]
fn an_answer_is_mailed_to_whoever_asked_and_the_open_question_is_told() {
    let mut world = office("");
    let item = ItemSubject::now(open(&world)[0].0);
    let ask = AskQuestion { item, of: AskedOf::Colleague("jens".into()), question: "Who is she?".into() };
    world.run("maria", Command::AskQuestion(ask)).unwrap();
    let why = world.reader.why(&world.actor("olga"), &world.find("UR-1")).unwrap();
    assert!(
        why.missing.contains(&"jens has not answered maria: Who is she?".to_owned()),
        "{:?}",
        why.missing
    );
    let before = newest_mail(&world);
    let answer = AnswerQuestion { question: 1, answer: "The owner.".into() };
    world.run("jens", Command::AnswerQuestion(answer)).unwrap();
    assert_eq!(mails(&world, before), ["work_answered maria"]);
}

#[test]
fn a_question_goes_to_the_person_outside_and_a_colleague_notes_the_answer() {
    let mut world = office("");
    let before = newest_mail(&world);
    let item = ItemSubject::now(open(&world)[0].0);
    let ask = AskQuestion { item, of: AskedOf::Contact, question: "Who signs for you?".into() };
    world.run("maria", Command::AskQuestion(ask)).unwrap();
    assert_eq!(mails(&world, before), ["contact_asked ana"]);
    let maria = world.actor("maria").staff_id().unwrap();
    let rows = world.reader.work(View::ForMe, maria).unwrap();
    assert!(rows.iter().all(|row| row.part != Part::Question), "it does not wait for her: {rows:?}");
    let why = world.reader.why(&world.actor("olga"), &world.find("UR-1")).unwrap();
    let open = "Ana Sousa has not answered maria: Who signs for you?".to_owned();
    assert!(why.missing.contains(&open), "{:?}", why.missing);
    let answer = || Command::AnswerQuestion(AnswerQuestion { question: 1, answer: "My brother Rui.".into() });
    assert!(matches!(world.run("olga", answer()), Err(Error::Refused(_))), "she only looks");
    let before = newest_mail(&world);
    world.run("jens", answer()).unwrap();
    assert_eq!(mails(&world, before), ["work_answered maria"]);
    let told: String = world
        .raw()
        .query_row("select cast(body as text) from outbox order by id desc limit 1", [], |r| r.get(0))
        .unwrap();
    assert!(told.contains("Ana Sousa answers"), "{told}");
    world.assert_sound();
}

#[test]
fn a_notice_after_a_decision_is_no_second_letter() {
    let rules = format!("{}\n[[workflow.step]]\ntask = \"notify\"\n", rules("{ user = \"maria\" }"));
    let mut world = office(&rules);
    let before = newest_mail(&world);
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    let told: Vec<String> =
        mails(&world, before).into_iter().filter(|m| m.starts_with("work_decided")).collect();
    assert_eq!(told, ["work_decided jens"]);
}

#[test]
fn who_is_the_only_one_for_the_next_step_is_told_of_it() {
    let rules = rules("{ user = \"maria\" }").replacen(
        "[[workflow.step]]\ntask",
        "[[workflow.step]]\nname = \"Second look\"\napprove = { user = \"maria\" }\n\n[[workflow.step]]\ntask",
        1,
    );
    let mut world = office(&rules);
    let before = newest_mail(&world);
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    assert_eq!(mails(&world, before), ["work_assigned maria"]);
}
