//! Rule sets from file to database: what is wrong is told with its place and nothing is written, what is right is a
//! new version, and a record can be tried against either.

use countersign::desk::commands::work::{DecideItem, ItemSubject, Verdict};
use countersign::desk::commands::workflow::{ActivateRuleSet, DEFAULT_RULES};
use countersign::desk::{Command, Error, Repeated};
use countersign::domain::workflow::parse::parse;

use crate::cli_world::Office;
use crate::world::World;

fn activate(source: &str) -> Command {
    Command::ActivateRuleSet(ActivateRuleSet { origin: "mine.toml".into(), source: source.into() })
}

/// The default set with another time.
fn slower() -> String {
    DEFAULT_RULES.replace("2 working days", "3 working days")
}

#[test]
fn activating_is_a_new_version_and_undo_brings_the_old_one_back() {
    let mut world = World::new();
    assert_eq!(world.reader.active_rules().unwrap().unwrap().0, 1, "a new office has the default set");
    let receipt = world.run("ana", activate(&slower())).unwrap();
    assert_eq!((receipt.record.unwrap().number.as_str(), receipt.state.as_deref()), ("2", Some("active")));
    let (id, rules) = world.reader.active_rules().unwrap().unwrap();
    assert_eq!((id, rules), (2, parse(&slower()).unwrap()));
    let states: Vec<String> = world.reader.rule_sets().unwrap().into_iter().map(|row| row.state).collect();
    assert_eq!(states, ["active", "replaced"]);
    let again = world.run("ana", activate(&slower())).unwrap();
    assert_eq!(again.repeated, Repeated::Yes);
    world.play("ana undoes");
    assert_eq!(world.reader.active_rules().unwrap().unwrap().0, 1);
    world.assert_sound();
}

#[test]
fn what_is_wrong_or_not_allowed_writes_nothing() {
    let mut world = World::new();
    let bad = DEFAULT_RULES.replace("role = \"approver\"", "role = \"aprover\"");
    let Err(Error::Invalid(problems)) = world.run("ana", activate(&bad)) else { panic!("it was taken") };
    assert_eq!(problems[0].value, "mine.toml:15:14");
    assert_eq!(problems[0].remedy, "Did you mean “approver”?");
    assert!(
        matches!(world.run("priya", activate(&slower())), Err(Error::Refused(_))),
        "a manager may look only"
    );
    assert_eq!(world.reader.rule_sets().unwrap().len(), 1);
    world.assert_sound();
}

#[test]
fn a_step_whose_people_have_all_left_is_found() {
    let world = World::new();
    world
        .raw()
        .execute_batch("drop trigger staff_image_u; update staff set active = 0 where login <> 'ana'")
        .unwrap();
    world
        .raw()
        .execute_batch(
            "drop trigger staff_role_image_d; delete from staff_role where staff_id = 1 and role_id <> 1",
        )
        .unwrap();
    let found = world.reader.rule_problems(DEFAULT_RULES).unwrap();
    assert_eq!(found[0].to_string(), "15:14: this resolves to nobody: role approver, nobody active has it");
}

#[test]
fn a_request_is_tried_with_route_people_and_conditions() {
    let mut world = World::new();
    let said = world.play(
        "applicant submits aurora; maria verifies REG-1 by phone: rang the switchboard; priya approves REG-1; jens creates REG-1",
    );
    assert!(said.contains("UR-000001"), "{said}");
    let record = world.find("UR-1");
    let (_, rules) = world.reader.active_rules().unwrap().unwrap();
    let trial = world.reader.try_rules(&rules, &record).unwrap();
    assert_eq!(trial.workflow.as_deref(), Some("Logon for a new user"));
    let step = &trial.steps[0];
    assert!(!step.passed_over, "{step:?}");
    assert_eq!(step.truth.as_ref().unwrap().parts, [(r#"signup.verified_how != "code""#.to_owned(), true)]);
    let who: Vec<(&str, &str)> = step.people.iter().map(|p| (p.login.as_str(), p.because.as_str())).collect();
    assert!(who.contains(&("maria", "role approver")), "{who:?}");
    let jens = step.people.iter().find(|p| p.login == "jens").unwrap();
    assert!(jens.barred.is_some(), "jens made it: {jens:?}");
    assert_eq!(trial.steps[1].kind, "task provision_user");
    assert_eq!(trial.problems, Vec::<String>::new());

    let draft = r#"
[[workflow]]
document = "user_request"
name     = "Large"
when     = 'customer.credit_limit != null && customer.credit_limit > 1000'
[[workflow]]
document = "user_request"
name     = "Rest"
  [[workflow.step]]
  name    = "Manager"
  approve = { manager_of = "account_manager" }
"#;
    let trial = world.reader.try_rules(&parse(draft).unwrap(), &record).unwrap();
    assert_eq!(trial.workflow.as_deref(), Some("Rest"));
    let parts = &trial.looked_at[0].truth.as_ref().unwrap().parts;
    assert_eq!(parts.iter().map(|(_, holds)| *holds).collect::<Vec<_>>(), [false, false]);
    assert!(trial.problems[0].contains("account manager"), "{:?}", trial.problems);
}

#[test]
fn a_route_says_when_it_may_be_expected_to_end_once_enough_was_decided() {
    let mut world = World::new();
    let rules = world.reader.active_rules().unwrap().unwrap().1;
    let mut known = Vec::new();
    // Three are decided within two, three and seven hours; of the fourth the route is asked.
    for (n, (party, hours)) in
        [("aurora", 2), ("borealis", 7), ("corona", 3), ("dorado", 1)].into_iter().enumerate()
    {
        let (signup, request) = (format!("REG-{}", n + 1), format!("UR-{}", n + 1));
        world.play(&format!(
            "applicant submits {party}; maria verifies {signup} by phone: rang the switchboard; priya approves {signup}; jens creates {signup}"
        ));
        let record = world.find(&request);
        let trial = world.reader.try_rules(&rules, &record).unwrap();
        let (pace, now) = (world.reader.pace().unwrap(), world.reader.now());
        let hours_until = |at: i64| (at - now) / 3_600_000;
        known.push(pace.expected(&trial, now).map(hours_until));
        assert_eq!(
            trial.avoidable(),
            [r#"“Check identity” is taken only because signup.verified_how != "code""#]
        );
        world.play(&format!("wait {hours} hours"));
        let item: i64 =
            world.raw().query_row("select id from work_item where state = 'open'", [], |r| r.get(0)).unwrap();
        let decide = DecideItem {
            item: ItemSubject::now(item),
            verdict: Verdict::Approve,
            reason: None,
            fields: Vec::new(),
            to: None,
        };
        world.run("maria", Command::DecideItem(decide)).unwrap();
    }
    assert_eq!(known, [None, None, None, Some(3)], "the median of three");
}

#[test]
fn the_command_line_checks_activates_compares_and_lists() {
    let office = Office::new();
    let file = office.path("rules.toml");
    let path = file.to_str().unwrap();
    std::fs::write(&file, DEFAULT_RULES.replace("provision_user", "provision_usr")).unwrap();
    let run = office.run(&["workflow", "check", path]).ends(1);
    let place = format!("{path}:22:10: unknown task “provision_usr”");
    assert!(run.data.starts_with(&place), "{}", run.data);
    assert!(run.data.contains("did you mean “provision_user”?"), "{}", run.data);
    let run = office.run(&["workflow", "activate", path]).ends(1);
    assert!(run.messages.contains("nothing was activated"), "{}", run.messages);
    assert_eq!(office.json(&["workflow", "list"]).as_array().unwrap().len(), 1);

    std::fs::write(&file, slower()).unwrap();
    assert_eq!(office.json(&["workflow", "check", path])["ok"], true);
    office.run(&["workflow", "activate", path, "--dry-run"]).ends(0);
    assert_eq!(office.json(&["workflow", "list"]).as_array().unwrap().len(), 1);
    assert_eq!(office.json(&["workflow", "activate", path])["number"], "2");
    assert_eq!(office.json(&["workflow", "show"])["source"], slower());
    assert_eq!(office.run(&["workflow", "show", "1"]).ends(0).data, DEFAULT_RULES);
    let lines = office.json(&["workflow", "diff", "1", "2"]);
    let come = lines["lines"].as_array().unwrap().iter().filter(|l| l["change"] == "come").count();
    assert_eq!((lines["same"].as_bool(), come), (Some(false), 3));
    assert_eq!(office.json(&["workflow", "diff", "2", path])["same"], true);
    office.run(&["workflow", "show", "7"]).ends(4);
}

#[test]
fn check_tells_of_workflows_that_reach_nobody_and_of_a_file_that_is_not_active() {
    let office = Office::new();
    office.run(&["check"]).ends(0);
    let beside = office.path("config/countersign/workflows.toml");
    std::fs::write(&beside, slower()).unwrap();
    let advice = office.run(&["check"]).ends(0).data;
    assert!(advice.contains("workflows.toml is not what is active."), "{advice}");
    office.run(&["workflow", "activate"]).ends(0);
    assert!(!office.run(&["check"]).ends(0).data.contains("not what is active"));
    let login = office.json(&["staff", "list"])[0]["login"].as_str().unwrap().to_owned();
    office.run(&["staff", "revoke", &login, "approver"]).ends(0);
    let wrong = office.run(&["check"]).ends(1).data;
    assert!(wrong.contains("role approver, nobody active has it"), "{wrong}");
}

#[test]
fn working_time_is_read_and_what_is_wrong_stops_the_start() {
    let office = Office::with(
        "[calendar]\nhours = [\"09:00-12:00 13:00-17:00\", \"fri 09:00-13:00\"]\nholidays = [\"12-25\"]\ntimezone = \"Europe/Berlin\"\n",
    );
    office.run(&["check"]).ends(0);
    for (wrong, said) in [
        ("hours = [\"9 to 5\"]", "calendar.hours"),
        ("holidays = [\"Christmas\"]", "calendar.holidays"),
        ("timezone = \"Europe/Berln\"", "did you mean \"Europe/Berlin\"?"),
    ] {
        office.config(&format!("[calendar]\n{wrong}\n"));
        let run = office.run(&["workflow", "list"]);
        assert_ne!(run.status, 0);
        assert!(run.messages.contains(said), "{}", run.messages);
    }
}
