//! Where the matcher warns beside sign-ups: customers entered by hand, the whole book, and what a reader may not see.

use std::collections::BTreeMap;

use countersign::demo;
use countersign::desk::commands::customer::{IfAlike, NewCustomer};
use countersign::desk::query::{Anchor, Asker, ListQuery, Order};
use countersign::desk::{Command, Desk, Error, Receipt};
use countersign::domain::permission::{How, Permission, PermissionSet};
use countersign::matching::Standing;
use serde_json::json;

use crate::cli_world::Office;
use crate::world::{T0, World};

/// Aurora is a customer.
fn with_aurora() -> World {
    let mut world = World::new();
    world.play("applicant submits aurora; applicant verifies REG-1; maria creates REG-1");
    world
}

fn enter(world: &mut World, values: &[(&str, &str)], if_alike: IfAlike) -> Result<Receipt, Error> {
    let values: BTreeMap<String, String> =
        values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let new = NewCustomer { values, template: None, external_id: None, if_alike };
    world.run("maria", Command::NewCustomer(Box::new(new)))
}

const AGAIN: &[(&str, &str)] = &[("name", "Cafe Aurora"), ("country", "PT"), ("email", "ana@aurora.example")];

#[test]
fn a_customer_entered_twice_is_refused_until_somebody_has_looked() {
    let mut world = with_aurora();
    let refused = enter(&mut world, AGAIN, IfAlike::Refuse).unwrap_err();
    let Error::Refused(refusal) = &refused else { panic!("{refused:?}") };
    assert_eq!(refusal.rule, "possible_duplicate");
    assert!(refusal.message.contains("C-000001 Café Aurora Lda"), "{refusal}");
    assert!(refusal.message.contains("same e-mail"), "{refusal}");
    let made = enter(&mut world, AGAIN, IfAlike::Make).unwrap();
    let history = crate::world::history(&world.raw(), 0);
    assert!(
        history.contains(r#"customer_made C-000002 none → active {"although_like":"C-000001"}"#),
        "{history}"
    );
    assert_eq!(made.record.unwrap().number, "C-000002");
    let other = [("name", "Bakkerij Jansen"), ("country", "NL"), ("city", "Utrecht")];
    enter(&mut world, &other, IfAlike::Refuse).unwrap();
    world.assert_sound();
}

/// With no sample of the office's own there is no rate to go by, and half for and half against is the bound.
#[test]
fn what_is_announced_is_what_the_checks_say() {
    let mut world = with_aurora();
    let number = world.submit("aurora");
    let maria = world.actor("maria");
    let detail = world.reader.signup_detail(&maria, world.find(&number).id).unwrap();
    assert_eq!(detail.duplicates[0].standing, Standing::Announced);
    let check = detail.card.checks.iter().find(|check| check.name == "duplicates").unwrap();
    let announced = detail.duplicates.iter().filter(|hit| hit.standing == Standing::Announced).count();
    assert_eq!(
        (check.outcome.as_str(), &check.word),
        ("attention", &format!("{announced} possible, first C-000001"))
    );
    assert_eq!(detail.card.row.duplicate.as_deref(), Some("C-000001"));
}

#[test]
fn what_came_in_meanwhile_is_found_when_it_is_verified_and_what_was_made_of_it_is_no_duplicate() {
    let mut world = World::new();
    let maria = world.actor("maria");
    let duplicate = |world: &World, number: &str| {
        let detail = world.reader.signup_detail(&maria, world.find(number).id).unwrap();
        let hits: Vec<String> = detail.duplicates.iter().map(|hit| hit.record.number.clone()).collect();
        (detail.card.row.duplicate, hits)
    };
    world.submit("aurora");
    world.submit("aurora");
    world.play("applicant verifies REG-2; maria creates REG-2");
    assert_eq!(duplicate(&world, "REG-2").1, ["REG-000001"], "its own customer is no duplicate of it");
    assert_eq!(duplicate(&world, "REG-1").0, None, "nothing was there when it came in");
    world.play("applicant verifies REG-1");
    assert_eq!(duplicate(&world, "REG-1").0.as_deref(), Some("C-000001"));
    world.assert_sound();
}

/// Two that fit equally well leave each of them in doubt, but not that it is one of them.
#[test]
fn a_name_that_is_there_twice_is_announced_as_well() {
    let made = demo::make_at(&demo::Options::default(), T0, &mut |_, _| {}).unwrap();
    let mut desk = Desk::open(made.open.clone()).unwrap();
    let maria = desk.reader().unwrap().actor("maria", How::Screen).unwrap();
    let values = [("name", "Seattle Coffee Roasters Co."), ("country", "US"), ("city", "Seattle")];
    let new = NewCustomer {
        values: values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        template: None,
        external_id: None,
        if_alike: IfAlike::Refuse,
    };
    let refused = desk.execute(&maria, Command::NewCustomer(Box::new(new))).unwrap_err().to_string();
    assert!(
        refused.contains("Seattle Coffee Roasters Co") && refused.contains("may be the same"),
        "{refused}"
    );
}

#[test]
fn an_old_percentage_is_explained_by_the_model_that_gave_it() {
    let mut world = with_aurora();
    let number = world.submit("aurora");
    let maria = world.actor("maria");
    let id = world.find(&number).id;
    let now = world.reader.duplicates(&maria, id, None).unwrap();
    assert_eq!(world.reader.duplicates(&maria, id, Some(now[0].model)).unwrap(), now);
    let kept: Option<u32> = world
        .raw()
        .query_row("select duplicate_model from signup where id = ?1", [id], |r| r.get(0))
        .unwrap();
    assert_eq!(kept, Some(now[0].model));
    let unknown = world.reader.duplicates(&maria, id, Some(77)).unwrap_err();
    assert!(matches!(unknown, Error::NotFound { .. }), "{unknown}");
}

#[test]
fn who_may_not_see_customers_reads_none_of_their_names() {
    let mut world = with_aurora();
    let number = world.submit("aurora");
    let id = world.find(&number).id;
    let mut blind = world.actor("tom");
    blind.permissions = PermissionSet::default().with(Permission::SignupView);
    let seeing = world.actor("maria");
    assert!(!world.reader.duplicates(&seeing, id, None).unwrap().is_empty());
    assert_eq!(world.reader.duplicates(&blind, id, None).unwrap(), []);
    let shown = format!("{:?}", world.reader.signup_detail(&blind, id).unwrap());
    assert!(!shown.contains("C-000001") && !shown.contains("Aurora Lda\", place"), "{shown}");
    // What was ruled out is a customer's name as well, and stays one when no other duplicate is left.
    world.play(&format!("maria rules out C-1 for {number}"));
    let shown = format!("{:?}", world.reader.signup_detail(&blind, id).unwrap());
    assert!(!shown.contains("C-000001"), "{shown}");
    world.run("maria", Command::Undo(Default::default())).unwrap();
    let query = |actor| ListQuery {
        state: None,
        filter: Default::default(),
        sort: "number",
        order: Order::Descending,
        asker: Asker::of(actor, 0),
    };
    let row = |actor| world.reader.signups(&query(actor), &Anchor::Start, 1).unwrap().rows.remove(0);
    assert_eq!(row(&seeing).duplicate.as_deref(), Some("C-000001"));
    assert_eq!((row(&blind).duplicate, row(&blind).duplicate_percent), (None, None));
}

#[test]
fn the_whole_book_is_gone_through_pair_by_pair() {
    let office = Office::new();
    let again =
        ["--set", "country=PT", "--set", "email=ana@aurora.example", "--set", "phone=+351 21 555 0132"];
    let new = |name: &str, more: &[&str]| {
        let name = format!("name={name}");
        let mut args = vec!["customer", "new", "--set", &name];
        args.extend(again);
        args.extend(more);
        office.run(&args)
    };
    new("Café Aurora Lda", &[]).ends(0);
    let refused = new("Cafe Aurora", &[]);
    refused.ends(3);
    new("Cafe Aurora", &["--anyway"]).ends(0);
    office.run(&["customer", "new", "--set", "name=Bakkerij Jansen", "--set", "country=NL"]).ends(0);
    let pairs = office.json(&["customer", "duplicates"]);
    let told: Vec<_> =
        pairs.as_array().unwrap().iter().map(|p| (&p["number"], &p["duplicate"]["number"])).collect();
    assert_eq!(told, [(&json!("C-000001"), &json!("C-000002"))]);
    let lines = office.run(&["customer", "duplicates"]).ends(0);
    assert!(lines.data.starts_with("C-000001 Café Aurora Lda  C-000002 Cafe Aurora  9"), "{}", lines.data);
    assert_eq!(office.json(&["customer", "duplicates", "--after", "C-1"]), json!([]));
    assert_eq!(office.json(&["customer", "duplicates", "--limit", "0"]), json!([]));
    office.run(&["customer", "duplicates", "--at-least", "7"]).ends(2);
}
