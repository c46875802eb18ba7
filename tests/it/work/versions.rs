//! New rules while documents wait: they stay on theirs, are moved when asked, and what would change is told beforehand.

use countersign::desk::commands::staff::{Active, EditStaff};
use countersign::desk::commands::work::{MigrateDocument, Verdict};
use countersign::desk::commands::workflow::ActivateRuleSet;
use countersign::desk::{Command, Error, Receipt};
use countersign::domain::workflow::Document;

use super::{decide, holders, mails, newest_mail, office, request, state};
use crate::cli_world::Office;
use crate::world::World;

/// One step for these people, then the logon.
fn by(users: &str) -> String {
    format!(
        "[[workflow]]\ndocument = \"user_request\"\nname = \"Checked\"\n[[workflow.step]]\nname = \"Check identity\"\napprove = {{ users = [{users}] }}\n[[workflow.step]]\ntask = \"provision_user\"\n"
    )
}

fn activate(world: &mut World, rules: String) {
    let activate = ActivateRuleSet { origin: "mine.toml".into(), source: rules };
    world.run("ana", Command::ActivateRuleSet(activate)).unwrap();
}

fn migrate(world: &mut World, who: &str) -> Result<Receipt, Error> {
    let command =
        MigrateDocument { document: Document::UserRequest, id: request(world), reason: "new rules".into() };
    world.run(who, Command::MigrateDocument(command))
}

#[test]
fn what_waits_stays_on_its_version_until_it_is_moved() {
    let mut world = office(&by("\"maria\""));
    assert_eq!(migrate(&mut world, "ana").unwrap_err().kind(), "refused", "there is no newer version");
    activate(&mut world, by("\"priya\""));
    assert_eq!(holders(&world), ["maria"]);
    assert_eq!(migrate(&mut world, "maria").unwrap_err().kind(), "refused", "not her right");
    let before = newest_mail(&world);
    migrate(&mut world, "ana").unwrap();
    assert_eq!((state(&world).as_str(), holders(&world)), ("pending_approval", vec!["priya".into()]));
    assert_eq!(mails(&world, before), ["work_assigned priya"]);
    // Who submitted it is still barred, though ana was the one at the keys.
    assert_eq!(decide(&mut world, "jens", Verdict::Approve, None).unwrap_err().kind(), "refused");
    world.run("ana", Command::Undo(Default::default())).unwrap();
    assert_eq!(holders(&world), ["maria"]);
    world.run("ana", Command::Redo(Default::default())).unwrap();
    decide(&mut world, "priya", Verdict::Approve, None).unwrap();
    assert_eq!(state(&world), "completed");
    assert_eq!(migrate(&mut world, "ana").unwrap_err().kind(), "refused", "it is over");
    world.assert_sound();
}

#[test]
fn rules_that_reach_nobody_move_nothing() {
    let mut world = office(&by("\"maria\""));
    activate(&mut world, by("\"jens\", \"priya\""));
    let leaves = EditStaff { login: "priya".into(), active: Some(Active::No), ..EditStaff::default() };
    world.run("ana", Command::EditStaff(leaves)).unwrap();
    let refused = migrate(&mut world, "ana").unwrap_err().to_string();
    assert!(refused.contains("Check identity"), "{refused}");
    assert_eq!((state(&world).as_str(), holders(&world)), ("pending_approval", vec!["maria".into()]));
    world.assert_sound();
}

#[test]
fn what_would_go_another_way_is_told_before_and_moved_after() {
    let office = Office::new();
    let number = office.rung("Aurora");
    office.run(&["signup", "approve", &number]).ends(0);
    office.run(&["signup", "create", &number]).ends(0);
    let file = office.path("rules.toml");
    let path = file.to_str().unwrap();
    let same = office.run(&["workflow", "show"]).ends(0).data;
    std::fs::write(&file, &same).unwrap();
    assert_eq!(office.json(&["workflow", "what-if", path]), serde_json::json!([]));
    let other = same.replacen("signup.verified_how != \"code\"", "signup.verified_how == \"code\"", 1);
    std::fs::write(&file, other).unwrap();
    let told = office.json(&["workflow", "what-if", path]);
    assert_eq!(told[0]["number"], "UR-000001");
    assert_eq!(told[0]["changes"][0], "without Check identity (approve)");
    assert_eq!(
        office.json(&["workflow", "what-if", path, "--filter", "action:inactivate"]),
        serde_json::json!([])
    );
    std::fs::write(&file, same.replacen("2 working days", "3 working days", 1)).unwrap();
    let told = office.run(&["workflow", "what-if", path]).ends(0).data;
    assert!(told.contains("UR-000001  Check identity is due in 3 working days instead of 2"), "{told}");
    assert_eq!(office.run(&["workflow", "migrate", "--reason", "x"]).status, 2);
}
