//! One's own list: what is put aside comes back by itself, and what is watched stays in sight.

use countersign::desk::commands::staff::NewQueue;
use countersign::desk::commands::work::{
    ItemSubject, SnoozeItem, TakeItem, UnwatchDocument, Verdict, WakeItem, WatchDocument,
};
use countersign::desk::query::work_list::View;
use countersign::desk::{Command, Error, Undo};
use countersign::domain::workflow::Document;

use super::keys::{SMALL, at, keys};
use super::{decide, office, office_in, open};
use crate::world::{T0, World};

const DAY: i64 = 24 * 60 * 60 * 1_000;

const ROLE: &str = r#"
[[workflow]]
document = "user_request"
name     = "Role"

  [[workflow.step]]
  name    = "Check identity"
  approve = { role = "approver" }
  due     = "5 working days"

  [[workflow.step]]
  task = "provision_user"
"#;

fn seen_by(world: &World, login: &str, view: View) -> usize {
    let staff = world.actor(login).staff_id().unwrap();
    world.reader.work(view, staff).unwrap().len()
}

fn put_aside(world: &mut World, by: &str, days: i64) -> Result<(), Error> {
    let (item, until) = (ItemSubject::now(open(world)[0].0), T0 + days * DAY);
    world
        .run(by, Command::SnoozeItem(SnoozeItem { item, until, reason: "I wait for a call".into() }))
        .map(|_| ())
}

fn rule(result: Result<(), Error>) -> &'static str {
    match result {
        Err(Error::Refused(refusal)) => refusal.rule,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_put_aside_is_off_ones_own_list_alone_and_comes_back_by_itself() {
    let mut world = office(ROLE);
    put_aside(&mut world, "maria", 1).unwrap();
    assert_eq!((seen_by(&world, "maria", View::ForMe), seen_by(&world, "maria", View::Aside)), (0, 1));
    assert_eq!(seen_by(&world, "maria", View::Roles), 0);
    assert_eq!(seen_by(&world, "maria2", View::ForMe), 1, "it is still the other member's");
    world.clock.advance(DAY + 1);
    assert_eq!((seen_by(&world, "maria", View::ForMe), seen_by(&world, "maria", View::Aside)), (1, 0));
    world.assert_sound();
}

#[test]
fn it_is_taken_up_again_decided_or_undone_meanwhile() {
    let mut world = office(ROLE);
    put_aside(&mut world, "maria", 1).unwrap();
    put_aside(&mut world, "maria", 2).unwrap();
    let wake = Command::WakeItem(WakeItem { item: ItemSubject::now(open(&world)[0].0) });
    world.run("maria", wake.clone()).unwrap();
    assert_eq!(seen_by(&world, "maria", View::ForMe), 1);
    assert_eq!(rule(world.run("maria", wake).map(|_| ())), "illegal_move");
    put_aside(&mut world, "maria", 1).unwrap();
    world.run("maria", Command::Undo(Undo::default())).unwrap();
    assert_eq!(seen_by(&world, "maria", View::ForMe), 1);
    put_aside(&mut world, "maria", 1).unwrap();
    decide(&mut world, "maria2", Verdict::Approve, None).unwrap();
    assert_eq!(seen_by(&world, "maria", View::Aside), 0, "what is decided is nobody's any more");
    world.assert_sound();
}

#[test]
fn only_ones_own_and_only_before_it_is_due() {
    let mut world = office(ROLE);
    assert_eq!(rule(put_aside(&mut world, "tom", 1)), "not_yours");
    assert_eq!(rule(put_aside(&mut world, "maria", 30)), "due_before");
    assert!(matches!(put_aside(&mut world, "maria", -1), Err(Error::Invalid { .. })));
}

#[test]
fn what_is_watched_stays_in_sight_to_its_end() {
    let mut world = office(ROLE);
    let id = 1;
    let document = Document::UserRequest;
    world.run("priya", Command::WatchDocument(WatchDocument { document, id })).unwrap();
    let again = world.run("priya", Command::WatchDocument(WatchDocument { document, id }));
    assert_eq!(rule(again.map(|_| ())), "illegal_move");
    assert_eq!((seen_by(&world, "priya", View::Watched), seen_by(&world, "maria", View::Watched)), (1, 0));
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    let staff = world.actor("priya").staff_id().unwrap();
    let rows = world.reader.work(View::Watched, staff).unwrap();
    assert_eq!((rows[0].kind.as_str(), rows[0].holder.as_str()), ("completed", "nobody"));
    world.run("priya", Command::UnwatchDocument(UnwatchDocument { document, id })).unwrap();
    assert_eq!(seen_by(&world, "priya", View::Watched), 0);
    world.assert_sound();
}

#[test]
fn who_administers_a_queue_sees_all_that_it_holds() {
    let mut world = World::new();
    world
        .run(
            "ana",
            Command::NewQueue(NewQueue {
                name: "desk".into(),
                title: None,
                admin: "olga".into(),
                members: vec!["maria".into()],
                condition: None,
            }),
        )
        .unwrap();
    let world = office_in(world, &ROLE.replace("{ role = \"approver\" }", "{ queue = \"desk\" }"));
    let admin = "olga";
    assert_eq!(seen_by(&world, admin, View::Administered), 1);
    assert_eq!(seen_by(&world, "tom", View::Administered), 0);
    world.assert_sound();
}

#[test]
fn a_team_lead_sees_who_holds_how_much() {
    let mut world = office(ROLE);
    let load = |world: &World| -> Vec<(String, i64, i64, i64)> {
        let rows = world.reader.work_load().unwrap();
        rows.into_iter().map(|row| (row.holder, row.open, row.overdue, row.aside)).collect()
    };
    assert_eq!(load(&world), [("role approver".to_owned(), 1, 0, 0)]);
    let item = ItemSubject::now(open(&world)[0].0);
    world.run("maria", Command::TakeItem(TakeItem { item })).unwrap();
    put_aside(&mut world, "maria", 1).unwrap();
    assert_eq!(load(&world), [("maria".to_owned(), 1, 0, 1)]);
    world.clock.advance(20 * DAY);
    assert_eq!(load(&world), [("maria".to_owned(), 1, 1, 0)]);
}

#[test]
fn by_keys_it_goes_from_the_list_and_is_found_and_taken_up_again() {
    let mut world = office(ROLE);
    let mut maria = at(&world, "maria", SMALL);
    let form = keys(&mut maria, "L");
    assert!(form.contains("Put aside UR-000001") && form.contains("comes back that morning"), "{form}");
    let gone = keys(&mut maria, "<Tab>They call back<Ctrl-s>");
    assert!(gone.contains("put aside") && gone.contains("Nothing waits here"), "{gone}");
    let aside = keys(&mut maria, "fffff");
    assert!(aside.contains("Put aside 1") && aside.contains("UR-000001"), "{aside}");
    keys(&mut maria, "Z");
    let back = keys(&mut maria, "ffff");
    assert!(back.contains("For me 1"), "{back}");
    let watched = keys(&mut maria, "wffffff");
    assert!(watched.contains("Watched 1"), "{watched}");
    let no_more = keys(&mut maria, "w");
    assert!(no_more.contains("Watched 0"), "{no_more}");
    decide(&mut world, "maria", Verdict::Approve, None).unwrap();
    world.assert_sound();
}
