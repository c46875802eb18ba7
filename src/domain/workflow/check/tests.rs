//! Rule files against an office of three.

use super::*;
use crate::domain::workflow::{Person, QueueState};

/// An office of three: maria and ann approve, carl has left; the queue `credit` is on hold, the role `auditor` empty.
struct Office;

fn person(id: i64) -> Option<Person> {
    let (login, active) =
        [("maria", true), ("ann", true), ("carl", false)].get(usize::try_from(id - 1).ok()?).copied()?;
    Some(Person {
        id,
        login: login.into(),
        name: login.to_uppercase(),
        person: login.into(),
        active,
        decides: id != 4,
        edits: true,
    })
}

impl People for Office {
    fn by_login(&self, login: &str) -> Option<Person> {
        (1..=3).filter_map(person).find(|p| p.login == login)
    }
    fn by_id(&self, id: i64) -> Option<Person> {
        person(id)
    }
    fn role(&self, name: &str) -> Option<Vec<Person>> {
        match name {
            "approver" => Some((1..=2).filter_map(person).collect()),
            "manager" => Some(person(1).into_iter().collect()),
            "auditor" => Some(Vec::new()),
            _ => None,
        }
    }
    fn role_names(&self) -> Vec<String> {
        ["approver", "manager", "auditor"].map(str::to_owned).to_vec()
    }
    fn queue(&self, name: &str) -> Option<(QueueState, Vec<Person>)> {
        (name == "credit").then(|| (QueueState::OnHold, person(1).into_iter().collect()))
    }
    fn queues(&self) -> Vec<(String, QueueState, Option<String>)> {
        vec![("credit".into(), QueueState::OnHold, None)]
    }
    fn manager_of(&self, id: i64) -> Option<Person> {
        person(if id == 1 { 2 } else { 1 })
    }
    fn deputy_of(&self, _: i64, _: Document, _: i64) -> Option<Person> {
        None
    }
}

fn said(text: &str) -> String {
    let found = all(text, &Office);
    let line = |problem: &Problem| match problem.weight {
        Weight::Wrong => problem.to_string(),
        Weight::Advice => format!("advice {problem}"),
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_condition_alone_is_checked_too() {
    assert_eq!(condition("customer.country == 'DE'", Document::UserRequest), Vec::<String>::new());
    let said = condition("customer.contry == 'DE'", Document::UserRequest);
    assert_eq!(said, ["customer has no field “contry”; did you mean “customer.country”?"]);
}

#[test]
fn the_default_set_is_in_order_where_there_are_people() {
    assert_eq!(said(include_str!("../../../../assets/workflows.toml")), "");
}

#[test]
fn everything_a_file_can_have_wrong_is_told_with_its_place() {
    let text = r#"
[[workflow]]
document = "user_request"
name     = "Customer logon"
when     = 'user_request.typ == "customer" && customer.credit_limit > 5'
owner    = "carl"

  [[workflow.step]]
  name     = "Check identity"
  approve  = { role = "aprover" }

  [[workflow.step]]
  name     = "check identity"
  approve  = { user = "nobody" }
  escalate = [{ after = "1 day", to = { role = "auditor" } }]
  due      = "1 hour"
  remind   = "1 day before"

  [[workflow.step]]
  name     = "Three of two"
  approve  = { role = "approver" }
  policy   = { count = 3 }

  [[workflow.step]]
  auto     = "reject"

  [[workflow.step]]
  task     = "apply_changes"

[[workflow]]
document = "user_request"
name     = "customer logon"
when     = 'true'

  [[workflow.step]]
  name     = "A name that is so long that no list could ever show the whole of it without cutting it"
  approve  = { queue = "credit" }

  [[workflow.step]]
  name     = "Unknown queue"
  approve  = { queue = "credits" }

[[workflow]]
document = "user_request"
name     = "Behind everything"
when     = 'user_request.action == "add"'

[[workflow]]
document = "user_request"
name     = "Default"

[[workflow]]
document = "user_request"
name     = "Another default"

[[workflow]]
document = "proposal"
name     = "No default"
when     = 'new.credit_limit != old.credit_limit'
"#;
    insta::assert_snapshot!(said(text));
}

/// Tests beside the rules fail with what is taken instead, and what they name must be there.
#[test]
fn tests_that_fail_are_problems() {
    let tests = r#"
[[test]]
name     = "code"
document = "user_request"
given    = { "user_request.action" = "add", "signup.verified_how" = "code" }
takes    = "Logon for a new user"
steps    = ["Check identity", "provision_user"]

[[test]]
name     = "elsewhere"
document = "user_request"
given    = { "user_request.action" = "inactivate" }
takes    = "Change of a logon"

[[test]]
name     = "typo"
document = "user_request"
given    = { "user_request.acton" = "add" }
takes    = "Change of a logon"

[[test]]
name     = "type"
document = "user_request"
given    = { "user_request.action" = 3 }
takes    = "Change of a logon"
"#;
    let rules = include_str!("../../../../assets/workflows.toml");
    assert_eq!(said(rules), "");
    let lines = rules.lines().count();
    let told = said(&format!("{rules}{tests}"));
    let told: Vec<String> = told
        .lines()
        .map(|line| {
            let (at, rest) = line.split_once(':').unwrap();
            format!("+{}:{rest}", at.parse::<usize>().unwrap() - lines)
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    let wrong = "[[test]]\nname = \"x\"\ndocument = \"usr_request\"\ngiven = 3\nsteps = \"a\"\nmore = 1\n";
    insta::assert_snapshot!(said(&format!("{rules}{wrong}")).replace(&format!("{}:", lines + 1), "1:"));
}

#[test]
fn what_never_holds_is_never_reached_and_what_no_task_does_is_said() {
    let text = r#"
[[workflow]]
document = "user_request"
name     = "Add"
when     = 'user_request.action == "add" && user_request.type == "customer"'

  [[workflow.step]]
  name     = "Off"
  when     = '1 == 2'
  approve  = { role = "approver" }

  [[workflow.step]]
  name     = "Elsewhere"
  when     = 'user_request.action == "inactivate" || false'
  approve  = { role = "approver" }

  [[workflow.step]]
  name     = "Both"
  when     = 'customer.country == "DE" && customer.country == "FR"'
  approve  = { role = "approver" }

  [[workflow.step]]
  name     = "Reached"
  when     = 'user_request.action in ["add", "inactivate"] && customer.country != "DE"'
  approve  = { role = "approver" }

[[workflow]]
document = "user_request"
name     = "Never"
when     = 'user_request.action == "add" && user_request.action == "inactivate"'

[[workflow]]
document = "user_request"
name     = "Default"

  [[workflow.step]]
  task     = "provision_user"

  [[workflow.step]]
  when     = 'user_request.action == "inactivate"'
  task     = "inactivate_user"
"#;
    insta::assert_snapshot!(said(text), @r#"
    advice 4:13: “Add” takes add, and no step has the task provision_user: what is approved is not carried out
    9:15: step “Off” is never reached: its when never holds
    14:15: step “Elsewhere” is never reached: its when never holds where `user_request.action == "add" && user_request.type == "customer"` does, which takes the workflow
    19:15: step “Both” is never reached: its when never holds
    advice 29:13: “Never” has no steps: what takes it is approved at once
    30:13: “Never” is never taken: its when never holds
    advice 34:13: “Default” takes change role, reactivate, reset credentials, and no step has the task change_user: what is approved is not carried out
    "#);
}

#[test]
fn what_is_not_understood_hides_nothing_that_is_wrong_elsewhere() {
    let text = r#"
[[workflow]]
document = "user_request"
name     = "Logon"

  [[workflow.step]]
  name    = "Somehow"
  approv  = { role = "aprover" }

  [[workflow.step]]
  name    = "Check identity"
  approve = { role = "aprover" }
  policy  = "most"

[[workflow]]
name = "Whose is it"

[[workflow]]
document = "user_request"
name     = "Bank details"
when     = 'customer.contry == "DE"'

  [[workflow.step]]
  task = "change_user"
"#;
    insta::assert_snapshot!(said(text));
}

#[test]
fn choices_are_checked_like_any_assignment() {
    let text = |choices: &str| {
        format!(
            "[[workflow]]\ndocument = \"user_request\"\nname = \"L\"\n[[workflow.step]]\nname = \"S\"\napprove = {{ first = [{choices}] }}\n\
             [[workflow.step]]\ntask = \"provision_user\"\n[[workflow.step]]\ntask = \"change_user\"\n[[workflow.step]]\ntask = \"inactivate_user\"\n"
        )
    };
    let one = |choices: &str| said(&text(choices));
    let german = "{ when = 'customer.country == \"DE\"', user = \"ann\" }";
    assert_eq!(one(&format!("{german}, {{ role = \"approver\" }}")), "");
    assert_eq!(
        one(german),
        "6:11: the last choice has a when: where none holds, nobody would decide; leave that when out"
    );
    assert_eq!(
        one(&format!("{{ role = \"approver\" }}, {german}, {{ role = \"manager\" }}")),
        "6:11: choice 1 has no when, so those behind it are never taken"
    );
    assert_eq!(
        one("{ when = 'customer.contry == \"DE\"', user = \"carl\" }, { role = \"aprover\" }"),
        "6:11: choice 1: customer has no field “contry”; did you mean “customer.country”?\n\
         6:11: CARL (carl) is inactive\n6:11: there is no role “aprover”; did you mean “approver”?"
    );
    assert_eq!(
        one("{ first = [] }"),
        "6:24: unknown key “first”; there are when, role, user, users, queue, manager_of, person, levels"
    );
}

#[test]
fn a_queue_that_is_chosen_by_rule_must_be_one_that_works() {
    let text = "[[workflow]]\ndocument = \"user_request\"\nname = \"L\"\n[[workflow.step]]\nname = \"S\"\napprove = { queue = \"auto\" }\n";
    let all = said(text);
    let wrong = all.lines().find(|line| line.starts_with("6:")).unwrap();
    assert_eq!(wrong, "6:11: this resolves to nobody: no active queue has an active member");
}

#[test]
fn choices_that_always_or_never_hold_are_told_and_what_is_not_understood_hides_the_rest() {
    let one = |choices: &str| {
        let text = format!(
            "[[workflow]]\ndocument = \"user_request\"\nname = \"L\"\n[[workflow.step]]\nname = \"S\"\napprove = {{ first = [{choices}] }}\n"
        );
        said(&text).lines().filter(|line| line.starts_with("6:")).map(str::to_owned).collect::<Vec<_>>()
    };
    let fallback = "{ role = \"approver\" }";
    assert_eq!(
        one(&format!("{{ when = 'true', user = \"ann\" }}, {fallback}")),
        ["6:11: choice 1 always holds, so those behind it are never taken"]
    );
    assert_eq!(
        one(&format!("{{ when = '1 == 2', user = \"ann\" }}, {fallback}")),
        ["6:11: choice 1 is never taken: its when never holds"]
    );
    let unknown = one(&format!("{{ whn = 'true', user = \"ann\" }}, {fallback}"));
    assert!(unknown.len() == 1 && unknown[0].contains("did you mean “when”?"), "{unknown:?}");
    let first = one(&format!("{fallback}, {{ when = 'customer.country == \"DE\"', user = \"ann\" }}"));
    assert_eq!(first, ["6:11: choice 1 has no when, so those behind it are never taken"]);
}
