//! Turns change hands: delegates, deputies, leavers, and questions beside.

use countersign::desk::commands::work::{
    AnswerQuestion, AskQuestion, AskedOf, DelegateItem, ItemSubject, MoveItems, ReassignItem, ReleaseItem,
    Resume, ResumeInstance, TakeItem, Verdict,
};
use countersign::desk::{Command, Error};

use super::{decide, holders, mails, newest_mail, office, open, state};
use crate::world::World;

pub const MARIA: &str = r#"
[[workflow]]
document = "user_request"
name     = "Maria"

  [[workflow.step]]
  name    = "Check identity"
  approve = { user = "maria" }

  [[workflow.step]]
  task = "provision_user"
"#;

fn item(world: &World) -> ItemSubject {
    ItemSubject::now(open(world)[0].0)
}

fn delegate(world: &mut World, by: &str, to: &str) -> Result<(), Error> {
    let command = DelegateItem { item: item(world), to: to.into(), note: Some("I am out".into()) };
    world.run(by, Command::DelegateItem(command)).map(|_| ())
}

fn rule(result: Result<(), Error>) -> &'static str {
    match result {
        Err(Error::Refused(refusal)) => refusal.rule,
        other => panic!("{other:?}"),
    }
}

fn detail(world: &World) -> String {
    let sql = "select detail from history where kind = 'work_approved' order by id desc limit 1";
    world.raw().query_row(sql, [], |r| r.get(0)).unwrap()
}

#[test]
fn a_delegate_decides_for_who_gave_it() {
    let mut world = office(MARIA);
    assert_eq!(rule(delegate(&mut world, "maria", "jens")), "four_eyes");
    assert_eq!(rule(delegate(&mut world, "priya", "tom")), "not_yours");
    let before = newest_mail(&world);
    delegate(&mut world, "maria", "priya").unwrap();
    assert_eq!(
        (holders(&world), mails(&world, before)),
        (vec!["priya".into()], vec!["work_delegated priya".into()])
    );
    assert!(matches!(decide(&mut world, "maria", Verdict::Approve, None), Err(Error::Refused(_))));
    decide(&mut world, "priya", Verdict::Approve, None).unwrap();
    assert!(detail(&world).contains("\"for\":\"maria\""), "{}", detail(&world));
    world.assert_sound();
}

#[test]
fn a_deputy_and_who_is_away_both_may_decide() {
    let away = |world: &World, who: &str, to: &str| {
        world
            .raw()
            .execute(
                "insert into deputy (created_at, updated_at, staff_id, deputy_id, starts_at)
                 select 0, 0, a.id, b.id, 0 from staff a, staff b where a.login = ?1 and b.login = ?2",
                [who, to],
            )
            .unwrap();
    };
    for who in ["maria", "priya"] {
        let mut world = office("");
        away(&world, "maria", "tom");
        away(&world, "tom", "priya");
        let reassign = ReassignItem { item: item(&world), to: "maria".into(), reason: "hers".into() };
        world.run("ana", Command::ReassignItem(reassign)).unwrap();
        assert!(
            matches!(decide(&mut world, "tom", Verdict::Approve, None), Err(Error::Refused(_))),
            "in the middle of the chain"
        );
        decide(&mut world, who, Verdict::Approve, None).unwrap();
        assert_eq!(state(&world), "completed");
        assert_eq!(detail(&world).contains("\"for\":\"maria\""), who == "priya", "{}", detail(&world));
    }
    let mut world = office("");
    away(&world, "maria", "priya");
    away(&world, "priya", "maria");
    let reassign = ReassignItem { item: item(&world), to: "maria".into(), reason: "hers".into() };
    world.run("ana", Command::ReassignItem(reassign)).unwrap();
    assert!(
        matches!(decide(&mut world, "priya", Verdict::Approve, None), Err(Error::Refused(_))),
        "a loop stands for nobody"
    );
}

#[test]
fn what_one_member_took_no_other_decides() {
    let mut world = office("");
    let take = TakeItem { item: item(&world) };
    world.run("maria", Command::TakeItem(take)).unwrap();
    let Err(Error::Refused(refusal)) = decide(&mut world, "ana", Verdict::Approve, None) else {
        panic!("decided")
    };
    assert!(refusal.message.contains("waits for maria"), "{}", refusal.message);
    let release = ReleaseItem { item: item(&world) };
    world.run("maria", Command::ReleaseItem(release)).unwrap();
    assert_eq!(holders(&world), ["role approver"]);
    decide(&mut world, "ana", Verdict::Approve, None).unwrap();
    assert_eq!(state(&world), "completed");
}

#[test]
fn a_leavers_items_move_in_one_action_and_what_may_not_says_so() {
    let mut world = office(MARIA);
    let leave = |to: &str| {
        Command::MoveItems(MoveItems { from: "maria".into(), to: to.into(), reason: "she left".into() })
    };
    let receipt = world.run("priya", leave("jens")).unwrap();
    assert!(
        receipt.notes.iter().any(|n| n.contains("stays with maria") && n.contains("submitted")),
        "{:?}",
        receipt.notes
    );
    assert!(receipt.notes.contains(&"0 moved from maria to jens.".to_owned()));
    assert!(matches!(world.run("tom", leave("priya")), Err(Error::Refused(_))));
    let receipt = world.run("ana", leave("priya")).unwrap();
    assert_eq!(receipt.notes, ["1 moved from maria to priya: UR-000001."]);
    assert_eq!(holders(&world), ["priya"]);
    world.play("ana undoes");
    assert_eq!(holders(&world), ["maria"]);
    world.assert_sound();
}

#[test]
fn a_question_holds_nothing_up() {
    let mut world = office(MARIA);
    let before = newest_mail(&world);
    let ask = AskQuestion {
        item: item(&world),
        of: AskedOf::Colleague("jens".into()),
        question: "Who is she?".into(),
    };
    world.run("maria", Command::AskQuestion(ask)).unwrap();
    assert_eq!(mails(&world, before), ["work_asked jens"]);
    let answer = |text: &str| Command::AnswerQuestion(AnswerQuestion { question: 1, answer: text.into() });
    assert!(matches!(world.run("priya", answer("nobody")), Err(Error::Refused(_))));
    assert!(matches!(world.run("jens", answer(" ")), Err(Error::Invalid(_))));
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    world.run("jens", answer("The owner.")).unwrap();
    assert!(matches!(world.run("jens", answer("The owner!")), Err(Error::Refused(_))));
    assert_eq!(state(&world), "completed");
    world.assert_sound();
}

#[test]
fn a_stopped_request_says_why_and_goes_to_whoever_is_chosen() {
    let rules = MARIA.replace(
        "  [[workflow.step]]\n  task",
        "  [[workflow.step]]\n  name = \"Second look\"\n  approve = { user = \"priya\" }\n\n  [[workflow.step]]\n  task",
    );
    let mut world = office(&rules);
    world
        .raw()
        .execute_batch("drop trigger staff_image_u; update staff set active = 0 where login = 'priya'")
        .unwrap();
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    assert_eq!((state(&world).as_str(), holders(&world).len()), ("pending_approval", 0));
    let why = world.reader.why(&world.actor("ana"), &world.find("UR-1")).unwrap();
    assert!(why.missing.iter().any(|m| m.contains("Priya Rao is inactive (priya)")), "{:?}", why.missing);
    let resume =
        |how: Resume| Command::ResumeInstance(ResumeInstance { instance: 1, how, reason: "she left".into() });
    assert!(matches!(world.run("maria", resume(Resume::Again)), Err(Error::Refused(_))), "no permission");
    let before = newest_mail(&world);
    let refused = world.run("ana", resume(Resume::Again)).unwrap_err().to_string();
    assert!(refused.contains("UR-000001 cannot go on: Priya Rao is inactive"), "{refused}");
    assert_eq!(
        (holders(&world).len(), newest_mail(&world)),
        (0, before),
        "nothing was put right, nobody is told"
    );
    assert!(matches!(world.run("ana", resume(Resume::Reassign("jens".into()))), Err(Error::Refused(_))));
    world.run("ana", resume(Resume::Reassign("maria".into()))).unwrap();
    assert_eq!(holders(&world), ["maria"]);
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    assert_eq!(state(&world), "completed");
}

#[test]
fn nothing_goes_to_somebody_who_may_not_decide_it() {
    let mut world = office("");
    let item = ItemSubject::now(open(&world)[0].0);
    let said = |result: Result<countersign::desk::Receipt, Error>| result.unwrap_err().to_string();
    let give = |to: &str| DelegateItem { item: item.clone(), to: to.into(), note: None };
    let mut all = vec![said(world.run("maria", Command::DelegateItem(give("olga"))))];
    let reassign = ReassignItem { item: item.clone(), to: "olga".into(), reason: "she has time".into() };
    all.push(said(world.run("ana", Command::ReassignItem(reassign))));
    let back = |to: &str| countersign::desk::commands::work::DecideItem {
        item: item.clone(),
        verdict: Verdict::RequestChange,
        reason: Some("another address".into()),
        fields: vec!["email".into()],
        to: Some(to.into()),
    };
    all.push(said(world.run("maria", Command::DecideItem(back("olga")))));
    let rules = "[[workflow]]\ndocument = \"user_request\"\nname = \"Users\"\n\n[[workflow.step]]\nname = \"Check\"\napprove = { user = \"olga\" }\n";
    let activate = countersign::desk::commands::workflow::ActivateRuleSet {
        origin: "mine.toml".into(),
        source: rules.into(),
    };
    all.push(said(world.run("ana", Command::ActivateRuleSet(activate))));
    insta::assert_snapshot!(all.join("\n"), @r"
    UR-000001 cannot go to olga: they may not decide, the permission work.decide is missing. Choose somebody else.
    UR-000001 cannot go to olga: they may not decide, the permission work.decide is missing. Choose somebody else.
    to “olga” cannot get it: they may not change and submit it, user_request.edit or user_request.submit is missing. Choose somebody else with --to.
    rules “mine.toml:7:11” Olga Ivanova (olga) may not decide: the permission work.decide is missing. `countersign workflow check FILE` says all of it.
    ");

    // Who gave it away takes it back; nobody else does.
    world.run("maria", Command::DelegateItem(give("priya"))).unwrap();
    let take = || Command::TakeItem(TakeItem { item: item.clone() });
    assert!(world.run("jens", take()).is_err());
    world.run("maria", take()).unwrap();
    assert_eq!(holders(&world), ["maria"]);
    world.assert_sound();
}
