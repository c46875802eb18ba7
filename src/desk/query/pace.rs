//! How long steps usually take, by what was decided before, and when a document may be expected to be done (checklist C20).

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::workflow::{Trial, TrialStep};
use crate::desk::error::Result;
use crate::domain::date::age;

/// So many of the newest decisions are looked at.
const NEWEST: usize = 1_000;

/// From so many decisions on, a step is said to have a pace.
const ENOUGH: usize = 3;

/// How long a step usually waits for its decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usual {
    /// The median, in milliseconds.
    pub median: i64,
    /// Of so many decisions.
    pub of: usize,
}

/// The pace of every step that was decided lately, by workflow and step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pace(BTreeMap<(String, String), Usual>);

impl Usual {
    /// The median in words.
    pub fn span(self) -> String {
        match age(self.median).as_str() {
            "now" => "a minute".to_owned(),
            span => span.to_owned(),
        }
    }
}

impl Pace {
    /// Of one step of the workflow that a record would take; none: too little is known.
    pub fn of(&self, trial: &Trial, step: &TrialStep) -> Option<Usual> {
        let workflow = trial.workflow.clone()?;
        self.0.get(&(workflow, step.name.clone())).copied()
    }

    /// When a record would be done, were it submitted now and decided as others were; none where that is not known of
    /// every step that people decide, or where it would not get through.
    pub fn expected(&self, trial: &Trial, now: i64) -> Option<i64> {
        if trial.workflow.is_none() || !trial.problems.is_empty() {
            return None;
        }
        let waits = trial.steps.iter().filter(|step| !step.passed_over && step.policy.is_some());
        waits.map(|step| self.of(trial, step)).try_fold(now, |at, usual| Some(at + usual?.median))
    }
}

/// The pace of the newest decisions; what the clock decided is none.
pub(in crate::desk) fn read(conn: &Connection) -> Result<Pace> {
    let of = |state: &str| {
        format!(
            "select * from (select instance_id, step_name, decided_at - created_at as took from work_item
               where state = '{state}' and kind = 'approval' and decided_by is not null order by id desc limit {NEWEST})"
        )
    };
    let sql = format!(
        "select f.workflow, i.step_name, i.took from ({} union all {}) i join workflow_instance f on f.id = i.instance_id
         order by 1, 2, 3",
        of("approved"),
        of("rejected")
    );
    let mut took: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        took.entry((row.get(0)?, row.get(1)?)).or_default().push(row.get(2)?);
    }
    let usual = |all: &Vec<i64>| Usual { median: all[all.len() / 2], of: all.len() };
    let known = took.iter().filter(|(_, all)| all.len() >= ENOUGH);
    Ok(Pace(known.map(|(step, all)| (step.clone(), usual(all))).collect()))
}

impl Trial {
    /// Steps that this record takes for one reason alone, each with that reason: what would make its way shorter.
    pub fn avoidable(&self) -> Vec<String> {
        let waits = self.steps.iter().filter(|step| !step.passed_over && step.policy.is_some());
        waits
            .filter_map(|step| step.when.as_ref().map(|when| (step, when)))
            .map(|(step, when)| format!("“{}” is taken only because {when}", step.name))
            .collect()
    }
}
