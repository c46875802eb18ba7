//! The answer of `workflow test` for people: route, conditions by their parts, and who would get each step.

use super::text::{to_second, wall};
use crate::desk::query::pace::Pace;
use crate::desk::query::workflow::{LookedAt, Trial, TrialStep};
use crate::domain::workflow::condition::Truth;

/// The whole answer.
pub fn page(trial: &Trial, pace: &Pace, now: i64) -> String {
    let mut text = match &trial.workflow {
        Some(name) => {
            format!("{} would take “{name}”.\n\nWorkflows, in the order of the file\n", trial.number)
        }
        None => format!("{} would take no workflow.\n\nWorkflows, in the order of the file\n", trial.number),
    };
    for looked in &trial.looked_at {
        text.push_str(&looked_at(looked));
    }
    if !trial.steps.is_empty() {
        text.push_str("\nSteps\n");
    }
    for (n, step) in trial.steps.iter().enumerate() {
        text.push_str(&one(n + 1, step));
        if let Some(usual) = pace.of(trial, step).filter(|_| !step.passed_over) {
            text.push_str(&format!(
                "      usually decided within {} (median of {})\n",
                usual.span(),
                usual.of
            ));
        }
    }
    if trial.workflow.is_some() && trial.steps.is_empty() {
        text.push_str("\nIt has no steps: approved at once.\n");
    }
    if let Some(at) = pace.expected(trial, now) {
        text.push_str(&format!("\nExpected to be done {}.\n", wall(at, now)));
    }
    for reason in trial.avoidable() {
        text.push_str(&format!("{reason}.\n"));
    }
    if !trial.problems.is_empty() {
        text.push_str("\nIt would be refused or stopped\n");
    }
    for problem in &trial.problems {
        text.push_str(&format!("  ! {problem}\n"));
    }
    text
}

fn looked_at(looked: &LookedAt) -> String {
    let sign = if looked.taken { "✓" } else { "✗" };
    match (&looked.when, &looked.truth) {
        (Some(when), Some(truth)) => format!("  {sign} {}: {when}\n{}", looked.name, parts(truth)),
        (Some(when), None) => format!("  {sign} {}: {when}\n", looked.name),
        (None, _) => format!("  {sign} {}: the default\n", looked.name),
    }
}

/// The parts of a condition, where it has more than one.
fn parts(truth: &Truth) -> String {
    if truth.parts.len() < 2 {
        return String::new();
    }
    truth
        .parts
        .iter()
        .map(|(part, holds)| format!("      {} {part}\n", if *holds { "✓" } else { "✗" }))
        .collect()
}

fn one(n: usize, step: &TrialStep) -> String {
    let over = if step.passed_over { ", passed over" } else { "" };
    let mut text = format!("  {n} {} ({}){over}\n", step.name, step.kind);
    if let (Some(when), Some(truth)) = (&step.when, &step.truth) {
        text.push_str(&format!(
            "      {} when {when}\n{}",
            if truth.holds { "✓" } else { "✗" },
            parts(truth)
        ));
    }
    for person in &step.people {
        let deputy = person.deputy.as_ref().map(|d| format!(", {d} stands in")).unwrap_or_default();
        let barred = person.barred.as_ref().map(|b| format!("; may not decide: {b}")).unwrap_or_default();
        text.push_str(&format!(
            "      {} ({}), {}{deputy}{barred}\n",
            person.name, person.login, person.because
        ));
    }
    if let Some(policy) = step.policy.as_deref().filter(|_| !step.people.is_empty()) {
        text.push_str(&format!("      votes needed: {policy}\n"));
    }
    if let Some(due) = step.due_at {
        text.push_str(&format!("      due {} if it began now\n", to_second(due)));
    }
    text
}
