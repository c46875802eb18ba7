//! `workflow what-if`: the user requests of the last while, by today's workflows and by those of a file; those that would
//! go another way are told with what differs.

use serde_json::{Value, json};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::desk::Reader;
use crate::desk::query::workflow::{Trial, TrialStep};
use crate::desk::query::{Anchor, ListQuery};
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::workflow::RuleSet;

/// Rows read at once.
const PAGE: usize = 200;

/// Tells what would differ between two sets of rules, newest request first.
pub fn run(
    reader: &Reader,
    (today, file): (&RuleSet, &RuleSet),
    query: &ListQuery,
    out: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let mut anchor = Anchor::Start;
    let (mut seen, mut differ) = (0, 0);
    loop {
        let page = reader.user_requests(query, &anchor, PAGE)?;
        let Some(last) = page.rows.last() else { break };
        anchor = Anchor::After(last.key.clone());
        for row in &page.rows {
            let record = RecordRef::new(RecordKind::UserRequest, row.key.id, row.number.clone());
            let (was, would) = (reader.try_rules(today, &record)?, reader.try_rules(file, &record)?);
            seen += 1;
            let changes = changes(&was, &would);
            if changes.is_empty() {
                continue;
            }
            let value =
                json!({ "number": row.number, "today": way(&was), "would": way(&would), "changes": changes });
            out.item(differ, &value, &format!("{}  {}", row.number, changes.join("; ")))?;
            differ += 1;
        }
        out.progress(&format!("{seen} looked at, {differ} would go another way"))?;
    }
    out.progress("")?;
    out.items_end(differ)?;
    out.message(&format!("{seen} looked at, {differ} would go another way."))?;
    Ok(Exit::Done)
}

/// The steps a document really takes, with who gets each.
fn taken(trial: &Trial) -> Vec<(&TrialStep, Vec<&str>)> {
    trial
        .steps
        .iter()
        .filter(|step| !step.passed_over)
        .map(|step| {
            (step, step.people.iter().filter(|p| p.barred.is_none()).map(|p| p.login.as_str()).collect())
        })
        .collect()
}

fn way(trial: &Trial) -> Value {
    let steps: Vec<Value> = taken(trial)
        .iter()
        .map(|(step, people)| json!({ "name": step.name, "kind": step.kind, "people": people, "policy": step.policy }))
        .collect();
    json!({ "workflow": trial.workflow, "steps": steps, "problems": trial.problems })
}

/// What differs, a phrase each.
fn changes(was: &Trial, would: &Trial) -> Vec<String> {
    let named = |trial: &Trial| trial.workflow.clone().unwrap_or_else(|| "no workflow".into());
    let mut changes = Vec::new();
    if was.workflow != would.workflow {
        changes.push(format!("takes “{}” instead of “{}”", named(would), named(was)));
    }
    let (before, after) = (taken(was), taken(would));
    let same = |a: &TrialStep, b: &TrialStep| a.name == b.name && a.kind == b.kind;
    for (step, _) in before.iter().filter(|(s, _)| !after.iter().any(|(t, _)| same(s, t))) {
        changes.push(format!("without {} ({})", step.name, step.kind));
    }
    for (step, people) in &after {
        match before.iter().find(|(s, _)| same(s, step)) {
            None if people.is_empty() => changes.push(format!("with {} ({})", step.name, step.kind)),
            None => changes.push(format!("with {} ({}, {})", step.name, step.kind, people.join(", "))),
            Some((old, then)) => {
                if then != people {
                    let (now, then) = (people.join(", "), then.join(", "));
                    changes.push(format!("{} goes to {now} instead of {then}", step.name));
                }
                if old.due != step.due {
                    changes.push(match (&old.due, &step.due) {
                        (Some(old), Some(due)) => format!("{} is due in {due} instead of {old}", step.name),
                        (None, Some(due)) => format!("{} is due in {due}, where it was never due", step.name),
                        (_, None) => format!("{} is never due any more", step.name),
                    });
                }
                if old.policy != step.policy {
                    let of = |step: &TrialStep| step.policy.clone().unwrap_or_else(|| "no vote".into());
                    changes.push(format!("{} needs {} instead of {}", step.name, of(step), of(old)));
                }
            }
        }
    }
    for problem in would.problems.iter().filter(|p| !was.problems.contains(p)) {
        changes.push(format!("would be refused: {problem}"));
    }
    for problem in was.problems.iter().filter(|p| !would.problems.contains(p)) {
        changes.push(format!("would not be refused any more: {problem}"));
    }
    changes
}
