//! What `countersign check` says of workflows: whether there are any, what is wrong with the active ones for the people
//! there are now, and whether the rule file says something else (checklist A26, A54).

use super::check::Report;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::desk::Reader;
use crate::domain::workflow::Document;
use crate::domain::workflow::parse::{Problem, Weight};
use crate::files;

/// Adds what there is to say.
pub(super) fn check(session: &Session, reader: &Reader, report: &mut Report) -> Result<(), Failure> {
    if !session.config.workflow.enabled {
        return Ok(());
    }
    let Some((row, source)) = reader.rule_set(None)? else {
        let message = "No workflows are active: user requests stay in Draft and nobody gets a logon.";
        report.wrong("workflow", message, "Activate a rule file with `countersign workflow activate FILE`.");
        return Ok(());
    };
    for (lines, problem) in together(reader.rule_problems(&source)?) {
        let message = format!("Active workflows (version {}), {lines}: {}", row.id, said(&problem));
        match problem.weight {
            Weight::Wrong => report.wrong("workflow", message, remedy(&problem)),
            Weight::Advice => report.advice("workflow", message, ""),
        }
    }
    if let Some((id, rules)) = reader.active_rules()?
        && rules.workflows.iter().all(|workflow| workflow.document != Document::UserRequest)
    {
        let message = format!("Version {id} has no workflow for user requests: none can be submitted.");
        report.wrong("workflow", message, "Add one and `countersign workflow activate FILE`.");
    }
    file(session, (reader, &source), report)
}

/// The rule file, where there is one: it may be changed and not yet active.
fn file(session: &Session, (reader, active): (&Reader, &str), report: &mut Report) -> Result<(), Failure> {
    let path = session.config.rule_file(&session.places);
    match files::read_to_string(&path) {
        Err(files::Fault::Missing(_)) if session.config.workflow.file.is_none() => {}
        Err(fault) => report.wrong("workflow", fault.to_string(), "Correct workflow.file."),
        Ok(text) if text == active => {}
        Ok(text) => {
            let wrong =
                reader.rule_problems(&text)?.into_iter().filter(|p| p.weight == Weight::Wrong).count();
            let message = format!("{} is not what is active.", path.display());
            let remedy = match wrong {
                0 => "`countersign workflow activate` makes it so.".to_owned(),
                n => format!("{n} wrong in it; `countersign workflow check` says what."),
            };
            report.advice("workflow", message, remedy);
        }
    }
    Ok(())
}

fn said(problem: &Problem) -> String {
    let meant = problem.meant.as_ref().map(|meant| format!("; did you mean “{meant}”?")).unwrap_or_default();
    format!("{}{meant}", problem.message)
}

/// One line per problem, however many places have it: an empty role is one cause.
fn together(problems: Vec<Problem>) -> Vec<(String, Problem)> {
    let mut found: Vec<(String, Problem)> = Vec::new();
    for problem in problems {
        match found.iter_mut().find(|(_, other)| other.message == problem.message) {
            Some((lines, _)) => lines.push_str(&format!(", {}", problem.line)),
            None => found.push((format!("line {}", problem.line), problem)),
        }
    }
    found
}

fn remedy(problem: &Problem) -> &'static str {
    if problem.message.contains("resolves to nobody") {
        "Give somebody the role (`countersign staff grant LOGIN ROLE`), or change the workflows."
    } else {
        "Change it in a copy (`countersign workflow show`), then `countersign workflow activate FILE`."
    }
}
