//! Rule files as people write them, right and wrong; every problem has its line and column.

use proptest::prelude::*;

use super::*;
use crate::domain::workflow::{Assignment, Party, Policy, Span, StepKind, Task};

const DEFAULT: &str = include_str!("../../../../assets/workflows.toml");

fn said(text: &str) -> String {
    match parse(text) {
        Ok(_) => "understood".into(),
        Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

#[test]
fn the_default_set_says_what_it_should() {
    let rules = parse(DEFAULT).unwrap();
    assert_eq!(rules.workflows.len(), 3);
    let add = &rules.workflows[0];
    assert_eq!(add.document, Document::UserRequest);
    assert_eq!(add.steps[0].when.as_deref(), Some(r#"signup.verified_how != "code""#));
    let StepKind::Approval(approval) = &add.steps[0].kind else { panic!("{:?}", add.steps[0]) };
    assert_eq!(approval.who, Assignment::Role("approver".into()));
    assert_eq!(approval.policy, Policy::Any);
    assert_eq!((approval.due, approval.remind), (Some(Span::WorkingDays(2)), Some(Span::Minutes(240))));
    assert_eq!(approval.escalate[0].to, Assignment::Role("manager".into()));
    let task = |n: usize| rules.workflows[n].steps[1].kind.clone();
    assert_eq!(task(0), StepKind::Task(Task::ProvisionUser));
    assert_eq!(task(1), StepKind::Task(Task::InactivateUser));
    assert_eq!(task(2), StepKind::Task(Task::ChangeUser));
    assert!(rules.workflows[2].when.is_none());
}

#[test]
fn every_way_to_say_who_is_understood() {
    #[rustfmt::skip]
    let cases = [
        (r#"{ role = "approver" }"#,                        Assignment::Role("approver".into())),
        (r#"{ user = "maria" }"#,                           Assignment::Users(vec!["maria".into()])),
        (r#"{ users = ["maria", "jens"] }"#,                Assignment::Users(vec!["maria".into(), "jens".into()])),
        (r#"{ queue = "credit" }"#,                         Assignment::Queue("credit".into())),
        (r#"{ manager_of = "originator" }"#,                Assignment::ManagerOf(Party::Originator, 1)),
        (r#"{ manager_of = "account_manager", levels = 2 }"#, Assignment::ManagerOf(Party::AccountManager, 2)),
        (r#"{ person = "sales_rep" }"#,                     Assignment::Party(Party::SalesRep)),
    ];
    for (who, want) in cases {
        let text = format!(
            "[[workflow]]\ndocument = \"proposal\"\nname = \"x\"\n[[workflow.step]]\nname = \"s\"\napprove = {who}\n"
        );
        let rules = parse(&text).unwrap_or_else(|problems| panic!("{who}: {problems:?}"));
        let StepKind::Approval(approval) = &rules.workflows[0].steps[0].kind else { panic!() };
        assert_eq!(approval.who, want);
    }
}

#[test]
fn every_problem_has_its_place_and_what_was_meant() {
    let text = r#"
[[workflow]]
document = "user_requst"
nam      = "Logon"
on_resubmit = "begin"

  [[workflow.step]]
  name     = "Check"
  approve  = { rolle = "approver" }
  policy   = "most"
  due      = "two days"
  remind   = "4 hours"
  finally  = "forget"

  [[workflow.step]]
  task     = "provision"
  due      = "1 day"

  [[workflow.step]]
  name = "nothing"
"#;
    insta::assert_snapshot!(said(text));
}

#[test]
fn what_is_no_rule_file_says_so() {
    insta::assert_snapshot!([
        said(""),
        said("workflow = 3"),
        said("[[workflow"),
        said("[[workflow]]\n"),
        said("[[workflow]]\ndocument = \"proposal\"\nname = \"x\"\n[[workflow.step]]\nname=\"s\"\napprove = {}\nremind = \"1 hour before\""),
        said("[[workflow]]\ndocument = \"proposal\"\nname = \"x\"\n[[workflow.step]]\nname=\"s\"\napprove = {role=\"a\"}\npolicy = {percent = 101}\nauto = \"approve\""),
    ].join("\n--\n"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = source(&text);
    }

    #[test]
    fn no_damage_to_a_good_file_makes_it_panic(from in 0..DEFAULT.len(), length in 0..60_usize, junk in "[\\[\\]{}=\"'a-z0-9 \n]{0,12}") {
        let from = (0..=from).rev().find(|at| DEFAULT.is_char_boundary(*at)).unwrap();
        let to = (from..=DEFAULT.len()).find(|at| *at >= from + length && DEFAULT.is_char_boundary(*at)).unwrap_or(DEFAULT.len());
        let text = format!("{}{junk}{}", &DEFAULT[..from], &DEFAULT[to..]);
        if let Err(problems) = source(&text) {
            let lines = text.lines().count().max(1);
            for problem in problems {
                prop_assert!(problem.line >= 1 && problem.line <= lines + 1, "{problem:?}");
            }
        }
    }
}
