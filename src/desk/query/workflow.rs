//! Rule sets as lists show them, and what a record would go through: which workflow, which steps, who, and why
//! (checklist A34, A38).

/// A version of the workflows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSetRow {
    /// Its version: the row id.
    pub id: i64,
    /// Row version.
    pub version: i64,
    /// When it was activated.
    pub created_at: i64,
    /// Login of who activated it; none: it came with the office.
    pub created_by: Option<String>,
    /// The file it came from.
    pub origin: String,
    /// SHA-256 of its text.
    pub hash: String,
    /// `active` or `replaced`.
    pub state: String,
    /// How many documents are under way in it.
    pub running: i64,
}

/// What a record would go through.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// The record's number.
    pub number: String,
    /// The workflows that were looked at, in that order.
    pub looked_at: Vec<LookedAt>,
    /// The one it takes; none: the rules have none for it, and submit would be refused.
    pub workflow: Option<String>,
    /// Its steps.
    pub steps: Vec<TrialStep>,
    /// What would make submit refuse it, or stop it on the way.
    pub problems: Vec<String>,
}

/// A workflow that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct LookedAt {
    /// Its name.
    pub name: String,
    /// Its condition; none: it is the default.
    pub when: Option<String>,
    /// What the condition says of the record.
    pub truth: Option<Truth>,
    /// Whether it is taken.
    pub taken: bool,
}

/// A step of the workflow.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialStep {
    /// Its name.
    pub name: String,
    /// What it does: `approve`, `auto approve`, `auto reject`, `task provision_user`.
    pub kind: String,
    /// Its condition.
    pub when: Option<String>,
    /// What the condition says of the record.
    pub truth: Option<Truth>,
    /// Whether the record passes over it.
    pub passed_over: bool,
    /// Who decides, each with the reason why it is them.
    pub people: Vec<TrialPerson>,
    /// How many yes votes carry it: `any`, `2`.
    pub policy: Option<String>,
    /// How long there is for it: `2 working days`.
    pub due: Option<String>,
    /// When it would be due, were it reached now.
    pub due_at: Option<i64>,
}

/// Somebody who would get a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialPerson {
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Why: `role approver`, `manager of jens`.
    pub because: String,
    /// Who stands in for them now.
    pub deputy: Option<String>,
    /// Why they may not decide this one all the same: four eyes.
    pub barred: Option<String>,
}

use rusqlite::{Connection, OptionalExtension, Row};

use crate::desk::commands::user_request::facts;
use crate::desk::commands::workflow::unknown;
use crate::desk::error::{Error, Result};
use crate::desk::query::office::Office;
use crate::desk::settings::Settings;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::workflow::condition::{Truth, Values, holds};
use crate::domain::workflow::resolve::{Parties, Pool, resolve};
use crate::domain::workflow::span::wording;
use crate::domain::workflow::{
    Approval, Auto, Document, People, Person, Policy, RuleSet, Step, StepKind, Workflow, route,
};

const COLUMNS: &str = "r.id, r.version, r.created_at, s.login, r.origin, r.hash, r.state,
  (select count(*) from workflow_instance i where i.rule_set_id = r.id and i.state in ('running', 'change_requested', 'stopped'))
  from rule_set r left join staff s on s.id = r.created_by";

fn from_row(r: &Row<'_>) -> rusqlite::Result<RuleSetRow> {
    Ok(RuleSetRow {
        id: r.get(0)?,
        version: r.get(1)?,
        created_at: r.get(2)?,
        created_by: r.get(3)?,
        origin: r.get(4)?,
        hash: r.get(5)?,
        state: r.get(6)?,
        running: r.get(7)?,
    })
}

/// All versions, newest first.
pub(in crate::desk) fn all(conn: &Connection) -> Result<Vec<RuleSetRow>> {
    let mut statement = conn.prepare_cached(&format!("select {COLUMNS} order by r.id desc"))?;
    let rows = statement.query_map([], from_row)?.collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// A version with its text; without a number the active one, if there is one.
pub(in crate::desk) fn one(conn: &Connection, id: Option<i64>) -> Result<Option<(RuleSetRow, String)>> {
    let active = || {
        conn.prepare_cached("select id from rule_set where state = 'active'")?
            .query_row([], |r| r.get::<_, i64>(0))
            .optional()
    };
    let Some(wanted) = id.map_or_else(active, |id| Ok(Some(id)))? else { return Ok(None) };
    let row = conn
        .prepare_cached(&format!("select {COLUMNS} where r.id = ?1"))?
        .query_row([wanted], from_row)
        .optional()?
        .ok_or_else(|| unknown(wanted))?;
    let source = conn
        .prepare_cached("select source from rule_set where id = ?1")?
        .query_row([wanted], |r| r.get(0))?;
    Ok(Some((row, source)))
}

/// The documents that are under way in a version, oldest first.
pub(in crate::desk) fn under_way(conn: &Connection, version: i64) -> Result<Vec<RecordRef>> {
    let mut statement = conn.prepare_cached(
        "select document_id, number from workflow_instance
         where rule_set_id = ?1 and state in ('running', 'stopped') and document = 'user_request' order by id",
    )?;
    let rows = statement
        .query_map([version], |r| {
            Ok(RecordRef::new(RecordKind::UserRequest, r.get(0)?, r.get::<_, String>(1)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// What `record` would go through by these rules, were it submitted now.
pub(in crate::desk) fn trial(
    conn: &Connection,
    (settings, now): (&Settings, i64),
    (rules, record): (&RuleSet, &RecordRef),
) -> Result<Trial> {
    if record.kind != RecordKind::UserRequest {
        return Err(Error::Invalid(vec![crate::desk::error::FieldProblem::new(
            "number",
            &record.number,
            "passes no workflow",
            "Give the number of a user request.",
        )]));
    }
    let people = Office::new(conn);
    let trying = Trying {
        people: &people,
        values: facts::values(conn, record.id)?,
        parties: facts::parties(conn, record.id)?,
        barred: facts::barred(conn, record.id)?,
        settings,
        now,
    };
    let trial = trying.run(rules, &record.number);
    people.done()?;
    Ok(trial)
}

struct Trying<'a> {
    people: &'a Office<'a>,
    values: Values,
    parties: Parties,
    /// Natural persons whom four eyes keep from deciding.
    barred: Vec<String>,
    settings: &'a Settings,
    now: i64,
}

impl Trying<'_> {
    fn run(&self, rules: &RuleSet, number: &str) -> Trial {
        let mut trial = Trial {
            number: number.to_owned(),
            looked_at: Vec::new(),
            workflow: None,
            steps: Vec::new(),
            problems: Vec::new(),
        };
        if !self.settings.workflow_active {
            trial.problems.push("workflow.enabled is false in the config: nothing is submitted".into());
        }
        let seen = match route::look(rules, Document::UserRequest, &self.values) {
            Ok(seen) => seen,
            Err(problem) => {
                trial.problems.push(problem.to_string());
                return trial;
            }
        };
        trial.looked_at = seen
            .iter()
            .map(|seen| LookedAt {
                name: seen.workflow.name.clone(),
                when: seen.workflow.when.clone(),
                truth: seen.truth.clone(),
                taken: seen.taken,
            })
            .collect();
        match seen.iter().find(|seen| seen.taken) {
            None => trial.problems.push("no workflow takes it, and there is no default".into()),
            Some(taken) => {
                trial.workflow = Some(taken.workflow.name.clone());
                self.steps(taken.workflow, &mut trial);
            }
        }
        trial
    }

    fn steps(&self, workflow: &Workflow, trial: &mut Trial) {
        let mut ended = false;
        for step in &workflow.steps {
            let mut tried = TrialStep {
                name: step.name.clone(),
                kind: kind(step),
                when: step.when.clone(),
                truth: None,
                passed_over: ended,
                people: Vec::new(),
                policy: None,
                due: None,
                due_at: None,
            };
            if let Some(when) = &step.when {
                match holds(when, &self.values) {
                    Ok(truth) => {
                        tried.passed_over |= !truth.holds;
                        tried.truth = Some(truth);
                    }
                    Err(problem) => trial.problems.push(format!("step “{}”: {problem}", step.name)),
                }
            }
            match &step.kind {
                StepKind::Approval(approval) if !tried.passed_over => {
                    self.approval((workflow, step), approval, (&mut tried, &mut trial.problems));
                }
                StepKind::Auto(Auto::Reject) if !tried.passed_over => ended = true,
                StepKind::Approval(_) | StepKind::Auto(_) | StepKind::Task(_) => {}
            }
            trial.steps.push(tried);
        }
    }

    fn approval(
        &self,
        (workflow, step): (&Workflow, &Step),
        approval: &Approval,
        (tried, problems): (&mut TrialStep, &mut Vec<String>),
    ) {
        tried.policy = Some(policy(approval.policy));
        tried.due = approval.due.map(wording);
        tried.due_at = approval.due.map(|due| self.settings.calendar.add(self.now, due));
        match resolve(&approval.who, &self.parties, self.people, &self.values) {
            Err(nobody) => problems.push(format!("step “{}” reaches nobody: {nobody}", step.name)),
            Ok(resolved) => {
                let because = match &resolved.pool {
                    Pool::Role(_) | Pool::Queue(_) | Pool::People => resolved.because.clone(),
                };
                tried.people = resolved
                    .people
                    .iter()
                    .map(|person| self.person(workflow, person, because.clone()))
                    .collect();
                if tried.people.iter().all(|person| person.barred.is_some()) {
                    let message = format!("step “{}” reaches only people who may not decide it", step.name);
                    problems.push(message);
                }
            }
        }
    }

    fn person(&self, workflow: &Workflow, person: &Person, because: String) -> TrialPerson {
        let own = self.barred.contains(&person.person) && !workflow.self_approval;
        let deputy = self.people.deputy_of(person.id, Document::UserRequest, self.now);
        TrialPerson {
            login: person.login.clone(),
            name: person.name.clone(),
            because,
            deputy: deputy.map(|deputy| deputy.login),
            barred: own.then(|| "made, edited or submitted it: four eyes".to_owned()),
        }
    }
}

fn kind(step: &Step) -> String {
    match &step.kind {
        StepKind::Approval(_) => "approve".into(),
        StepKind::Auto(Auto::Approve) => "auto approve".into(),
        StepKind::Auto(Auto::Reject) => "auto reject".into(),
        StepKind::Task(task) => format!("task {}", task.as_str()),
    }
}

fn policy(policy: Policy) -> String {
    match policy {
        Policy::Any => "any".into(),
        Policy::All => "all".into(),
        Policy::Majority => "majority".into(),
        Policy::Count(n) => n.to_string(),
        Policy::Percent(n) => format!("{n} %"),
    }
}
