//! Workflows as JSON.

use serde_json::{Value, json};

use super::{head, maybe_time, with};
use crate::desk::query::pace::Pace;
use crate::desk::query::workflow::{RuleSetRow, Trial};
use crate::domain::workflow::condition::Truth;
use crate::domain::workflow::lines::Line;
use crate::domain::workflow::parse::Problem;

/// A version of the workflows.
pub fn rule_set(row: &RuleSetRow) -> Value {
    let head = head(&row.id.to_string(), &row.state, row.version, (row.created_at, row.created_at));
    with(
        head,
        json!({ "created_by": row.created_by, "origin": row.origin, "hash": row.hash, "running": row.running }),
    )
}

/// A version with its text.
pub fn rule_set_with(row: &RuleSetRow, source: &str) -> Value {
    let Value::Object(row) = rule_set(row) else { return Value::Null };
    with(row, json!({ "source": source }))
}

/// A problem of a rule file.
pub fn rule_problem(problem: &Problem) -> Value {
    json!({ "line": problem.line, "column": problem.column, "message": problem.message, "meant": problem.meant })
}

/// A line of a comparison.
pub fn diff_line(line: &Line) -> Value {
    let (change, text) = match line {
        Line::Same(text) => ("same", text),
        Line::Gone(text) => ("gone", text),
        Line::Come(text) => ("come", text),
    };
    json!({ "change": change, "text": text })
}

fn truth(truth: Option<&Truth>) -> Value {
    truth.map_or(Value::Null, |truth| {
        let part = |(part, holds): &(String, bool)| json!({ "condition": part, "holds": holds });
        json!({ "holds": truth.holds, "parts": truth.parts.iter().map(part).collect::<Vec<_>>() })
    })
}

/// What a record would go through.
pub fn trial(trial: &Trial, pace: &Pace, now: i64) -> Value {
    let looked = trial.looked_at.iter().map(
        |l| json!({ "workflow": l.name, "when": l.when, "truth": truth(l.truth.as_ref()), "taken": l.taken }),
    );
    let steps = trial.steps.iter().map(|step| {
        let people = step.people.iter().map(|p| {
            json!({ "login": p.login, "name": p.name, "because": p.because, "deputy": p.deputy, "barred": p.barred })
        });
        json!({
            "name": step.name, "kind": step.kind, "when": step.when, "truth": truth(step.truth.as_ref()),
            "passed_over": step.passed_over, "people": people.collect::<Vec<_>>(), "policy": step.policy,
            "due_at": maybe_time(step.due_at), "usual_minutes": pace.of(trial, step).map(|usual| usual.median / 60_000),
        })
    });
    json!({
        "number": trial.number,
        "workflow": trial.workflow,
        "looked_at": looked.collect::<Vec<_>>(),
        "steps": steps.collect::<Vec<_>>(),
        "problems": trial.problems,
        "expected_at": maybe_time(pace.expected(trial, now)),
        "avoidable": trial.avoidable(),
    })
}
