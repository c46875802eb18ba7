//! `countersign workflow …`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::batch::{Job, carry_out, find, jobs};
use super::list::read_filter;
use super::signup::{input, single};
use super::text::to_second;
use crate::cli::args::Numbers;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::shape;
use crate::cli::table::{Align, Table};
use crate::cli::workflow::{Activate, Diff, Migrate, Test, Version, WhatIf, Workflow};
use crate::desk::commands::work::MigrateDocument;
use crate::desk::commands::workflow::ActivateRuleSet;
use crate::desk::query::user_request::FILTER;
use crate::desk::query::{Asker, ListQuery, Order};
use crate::desk::{Command, Reader};
use crate::domain::filter::Filter;
use crate::domain::id::{RecordKind, RecordRef};
use crate::domain::permission::Permission;
use crate::domain::workflow::lines::{Line, compare};
use crate::domain::workflow::parse::{Problem, Weight, parse};
use crate::domain::workflow::{Document, RuleSet};
use crate::files;

/// Does one verb.
pub fn run(session: &Session, verb: Workflow, out: &mut Output<'_>) -> Result<Exit, Failure> {
    match verb {
        Workflow::Check(asked) => check(session, asked.file, out),
        Workflow::Activate(asked) => activate(session, asked, out),
        Workflow::Show(asked) => show(session, &asked, out),
        Workflow::Diff(asked) => diff(session, &asked, out),
        Workflow::Test(asked) => test(session, &asked, out),
        Workflow::WhatIf(asked) => what_if(session, asked, out),
        Workflow::Migrate(asked) => migrate(session, &asked, out),
        Workflow::List => list(session, out),
    }
}

fn look(session: &Session) -> Result<Reader, Failure> {
    let (reader, _, _allowed) = session.look(Permission::WorkflowView)?;
    Ok(reader)
}

fn file(session: &Session, asked: Option<PathBuf>) -> Result<(PathBuf, String), Failure> {
    let path = asked.unwrap_or_else(|| session.config.rule_file(&session.places));
    let text = files::read_to_string(&path).map_err(|fault| {
        Failure::from(fault)
            .remedy("`countersign workflow show > FILE` writes the active workflows into a file.")
    })?;
    Ok((path, text))
}

fn check(session: &Session, asked: Option<PathBuf>, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = look(session)?;
    let (path, text) = file(session, asked)?;
    let problems = reader.rule_problems(&text)?;
    let of = |weight: Weight| problems.iter().filter(move |problem| problem.weight == weight);
    let wrong = of(Weight::Wrong).count();
    let mut said: String = problems.iter().map(|problem| format!("{}\n", line(&path, problem))).collect();
    said.push_str(&match (wrong, problems.len()) {
        (0, 0) => "Everything is in order.".to_owned(),
        (0, n) => format!("Nothing is wrong; {n} to know."),
        (n, _) => format!("{n} wrong."),
    });
    let value = json!({
        "file": path.display().to_string(),
        "ok": wrong == 0,
        "problems": of(Weight::Wrong).map(shape::rule_problem).collect::<Vec<_>>(),
        "advice": of(Weight::Advice).map(shape::rule_problem).collect::<Vec<_>>(),
    });
    out.record(&value, &said)?;
    Ok(if wrong == 0 { Exit::Done } else { Exit::Failed })
}

fn line(path: &Path, problem: &Problem) -> String {
    let word = match problem.weight {
        Weight::Wrong => "",
        Weight::Advice => "advice: ",
    };
    let meant = problem.meant.as_ref().map(|meant| format!("; did you mean “{meant}”?")).unwrap_or_default();
    format!("{}:{}:{}: {word}{}{meant}", path.display(), problem.line, problem.column, problem.message)
}

fn activate(session: &Session, asked: Activate, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    actor.allow(Permission::WorkflowManage)?;
    let (path, source) = file(session, asked.file.file)?;
    let wrong: Vec<Problem> = reader
        .rule_problems(&source)?
        .into_iter()
        .filter(|problem| problem.weight == Weight::Wrong)
        .collect();
    if !wrong.is_empty() {
        let lines: Vec<String> = wrong.iter().map(|problem| line(&path, problem)).collect();
        let message = format!("{} wrong, so nothing was activated:\n{}", wrong.len(), lines.join("\n"));
        let mut failure = Failure::new(Exit::Failed, "invalid", message);
        failure.more.insert("problems".into(), wrong.iter().map(shape::rule_problem).collect());
        return Err(failure);
    }
    let origin =
        path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let command = Command::ActivateRuleSet(ActivateRuleSet { origin, source });
    single(session, (&actor, &asked.write), command, out)
}

fn show(session: &Session, asked: &Version, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = look(session)?;
    let (row, source) = reader.rule_set(asked.version)?.ok_or_else(none_active)?;
    out.record(&shape::rule_set_with(&row, &source), &source)?;
    Ok(Exit::Done)
}

fn none_active() -> Failure {
    Failure::new(Exit::NotFound, "not_found", "No workflows are active")
        .remedy("Activate a rule file with `countersign workflow activate FILE`.")
}

fn list(session: &Session, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let rows = look(session)?.rule_sets()?;
    let mut table = Table::new(&[
        ("Version", Align::Right),
        ("State", Align::Left),
        ("Since", Align::Left),
        ("By", Align::Left),
        ("From", Align::Left),
        ("Under way", Align::Right),
    ]);
    for row in &rows {
        let by = row.created_by.as_deref().unwrap_or("–");
        let since = to_second(row.created_at);
        table.row([&row.id.to_string(), &row.state, &since, by, &row.origin, &row.running.to_string()]);
    }
    out.list(&rows.iter().map(shape::rule_set).collect::<Vec<Value>>(), &table)?;
    Ok(Exit::Done)
}

/// The text of a version, or of a file where it is no number.
fn text_of(session: &Session, reader: &Reader, named: &str) -> Result<String, Failure> {
    match named.parse::<i64>() {
        Ok(version) => Ok(reader.rule_set(Some(version))?.ok_or_else(none_active)?.1),
        Err(_) => file(session, Some(PathBuf::from(named))).map(|(_, text)| text),
    }
}

fn diff(session: &Session, asked: &Diff, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let reader = look(session)?;
    let (old, new) = (text_of(session, &reader, &asked.old)?, text_of(session, &reader, &asked.new)?);
    let lines = compare(&old, &new);
    let same = lines.iter().all(|line| matches!(line, Line::Same(_)));
    let said = if same { "They are the same.".to_owned() } else { lines.iter().map(shown).collect() };
    let values: Vec<Value> = lines.iter().map(shape::diff_line).collect();
    out.record(&json!({ "old": asked.old, "new": asked.new, "same": same, "lines": values }), &said)?;
    Ok(Exit::Done)
}

fn shown(line: &Line) -> String {
    match line {
        Line::Same(text) => format!("  {text}\n"),
        Line::Gone(text) => format!("- {text}\n"),
        Line::Come(text) => format!("+ {text}\n"),
    }
}

fn test(session: &Session, asked: &Test, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::WorkflowView)?;
    actor.allow(Permission::UserRequestView)?;
    let record = find(&reader, RecordKind::UserRequest, &asked.number)?;
    let rules = match asked.file.clone() {
        None => reader.active_rules()?.ok_or_else(none_active)?.1,
        Some(path) => rules_in(session, Some(path))?,
    };
    let trial = reader.try_rules(&rules, &record)?;
    let pace = reader.pace()?;
    let now = session.now();
    out.record(&shape::trial(&trial, &pace, now), &super::trial::page(&trial, &pace, now))?;
    Ok(if trial.problems.is_empty() { Exit::Done } else { Exit::Refused })
}

/// The rules in a file; the configured one where none is named.
fn rules_in(session: &Session, asked: Option<PathBuf>) -> Result<RuleSet, Failure> {
    let (path, text) = file(session, asked)?;
    parse(&text).map_err(|problems| {
        let said: Vec<String> = problems.iter().map(|problem| line(&path, problem)).collect();
        Failure::new(Exit::Failed, "invalid", said.join("\n")).remedy("Mend the file first.")
    })
}

fn what_if(session: &Session, asked: WhatIf, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::WorkflowView)?;
    actor.allow(Permission::UserRequestView)?;
    let today = reader.active_rules()?.ok_or_else(none_active)?.1;
    let rules = rules_in(session, asked.file.file)?;
    let filter = asked
        .filter
        .as_deref()
        .map_or_else(|| Ok(Filter::default()), |typed| read_filter(typed, &FILTER, session.now()))?;
    let query = ListQuery {
        state: None,
        filter,
        sort: "number",
        order: Order::Descending,
        asker: Asker::of(&actor, session.now()),
    };
    super::whatif::run(&reader, (&today, &rules), &query, out)
}

fn migrate(session: &Session, asked: &Migrate, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let (reader, actor, _allowed) = session.look(Permission::WorkflowManage)?;
    let command = |record: &RecordRef| {
        Command::MigrateDocument(MigrateDocument {
            document: Document::UserRequest,
            id: record.id,
            reason: asked.reason.reason.clone(),
        })
    };
    let jobs = match asked.version {
        Some(version) => {
            let found = reader.under_way(version)?;
            found.into_iter().map(|r| Job::about(&r.number.clone(), Ok(r), |r| Ok(command(r)))).collect()
        }
        None => {
            let numbers = Numbers { numbers: asked.numbers.clone() }.read(input())?;
            jobs(&reader, RecordKind::UserRequest, &numbers, command)
        }
    };
    if jobs.is_empty() {
        out.message("Nothing waits in that version.")?;
        return Ok(Exit::Done);
    }
    carry_out(session, (&actor, &asked.write), jobs, out)
}
