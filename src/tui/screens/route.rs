//! Who would get a user request, step by step, before it is submitted (checklist A34).

use crate::desk::query::pace::Pace;
use crate::desk::query::workflow::{Trial, TrialStep};
use crate::domain::id::RecordKind;
use crate::domain::id::RecordRef;
use crate::domain::mail::MailEvent;
use crate::tui::door::{Error, Reader, Receipt};
use crate::tui::effect::{Effect, Finished};
use crate::tui::prose::tasks_in_words;
use crate::tui::screen::Submitted;
use crate::tui::screens::clock;
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::form::{FieldKind, FieldSpec};
use crate::tui::widgets::{Span, Tone};

/// What the record would go through by the rules of now; none where no rule set is active.
fn trial(reader: &Reader, record: &RecordRef) -> Result<Option<Trial>, Error> {
    reader.active_rules()?.map(|(_, rules)| reader.try_rules(&rules, record)).transpose()
}

/// The route as a part of a card: the steps that it takes, each with who gets it, and what would stop it.
pub fn section(reader: &Reader, record: &RecordRef) -> Result<Section, Error> {
    let title = Section::new("Who will get it");
    let Some(trial) = trial(reader, record)? else {
        return Ok(title.text(Span::new("nobody: no rule set is active", Tone::Caution)));
    };
    let mut section = title;
    for step in trial.steps.iter().filter(|step| !step.passed_over) {
        section = section.text(format!("{}: {}", step.name, who(step)));
    }
    if trial.workflow.is_some() && trial.steps.iter().all(|step| step.passed_over) {
        section = section.text("nobody: it is approved at once");
    }
    if let Some(words) = expected(&reader.pace()?, &trial, reader.now()) {
        section = section.text(Span::new(words, Tone::Dim));
    }
    Ok(problems(section, &trial))
}

/// The whole route: which workflow, each step with its condition, people and due time.
pub fn page(reader: &Reader, record: &RecordRef) -> Result<Detail, Error> {
    let Some(trial) = trial(reader, record)? else {
        let none =
            Section::new("").text(Span::new("No rule set is active: it stays in Draft.", Tone::Caution));
        return Ok(Detail { head: Vec::new(), sections: vec![none] });
    };
    let pace = reader.pace()?;
    let mut sections = Vec::new();
    let mut workflows = Section::new("Workflow");
    for looked in &trial.looked_at {
        let when =
            looked.when.as_ref().map_or_else(|| "the default".to_owned(), |when| format!("when {when}"));
        let (sign, tone) = if looked.taken { ("yes ", Tone::Good) } else { ("no  ", Tone::Dim) };
        workflows = workflows
            .line(vec![Span::new(sign, tone), looked.name.as_str().into()])
            .text(Span::new(when, Tone::Dim));
    }
    sections.push(workflows);
    for (n, step) in trial.steps.iter().enumerate() {
        let over = if step.passed_over { ", passed over" } else { "" };
        let mut section =
            Section::new(&format!("{} {}{over}", n + 1, tasks_in_words(&step.name))).text(who(step));
        if let Some(when) = &step.when {
            let holds = step
                .truth
                .as_ref()
                .map_or("cannot be told", |truth| if truth.holds { "holds" } else { "does not hold" });
            section = section.text(Span::new(format!("when {when}: {holds}"), Tone::Dim));
        }
        for person in &step.people {
            let deputy =
                person.deputy.as_ref().map(|login| format!(", {login} stands in")).unwrap_or_default();
            let tone = if person.barred.is_some() { Tone::Dim } else { Tone::Text };
            let barred =
                person.barred.as_ref().map(|why| format!("; may not decide: {why}")).unwrap_or_default();
            section = section
                .text(Span::new(format!("  {} ({}){deputy}{barred}", person.name, person.login), tone));
        }
        if let Some(policy) = step.policy.as_ref().filter(|_| step.people.len() > 1) {
            section = section.text(Span::new(format!("votes needed: {policy}"), Tone::Dim));
        }
        if let Some(usual) = pace.of(&trial, step).filter(|_| !step.passed_over) {
            let words = format!("usually decided within {} (median of {})", usual.span(), usual.of);
            section = section.text(Span::new(words, Tone::Dim));
        }
        if let Some(at) = step.due_at {
            section = section
                .text(Span::new(format!("due {} if it began now", clock(at, reader.now())), Tone::Dim));
        }
        sections.push(section);
    }
    if trial.workflow.is_some() && trial.steps.is_empty() {
        sections.push(Section::new("").text("It has no steps: approved at once."));
    }
    let mut outlook = Section::new("Outlook");
    if let Some(words) = expected(&pace, &trial, reader.now()) {
        outlook = outlook.text(words);
    }
    for reason in trial.avoidable() {
        outlook = outlook.text(Span::new(reason, Tone::Dim));
    }
    if !outlook.items.is_empty() {
        sections.push(outlook);
    }
    if !trial.problems.is_empty() {
        sections.push(problems(Section::new("It would be refused or stopped"), &trial));
    }
    Ok(Detail { head: Vec::new(), sections })
}

/// When it may be expected to be done, if that can be told.
fn expected(pace: &Pace, trial: &Trial, now: i64) -> Option<String> {
    let waits = trial.steps.iter().any(|step| !step.passed_over && step.policy.is_some());
    let at = pace.expected(trial, now).filter(|_| waits);
    at.map(|at| format!("expected to be done {}, as such requests were before", clock(at, now)))
}

fn problems(section: Section, trial: &Trial) -> Section {
    trial
        .problems
        .iter()
        .fold(section, |section, problem| section.text(Span::new(format!("! {problem}"), Tone::Alarm)))
}

/// `role approver (jens, nora)`; of a task what it does.
fn who(step: &TrialStep) -> String {
    let mut people = step.people.iter().filter(|person| person.barred.is_none());
    let Some(first) = people.next() else { return step.kind.replace('_', " ") };
    let logins = people.fold(first.login.clone(), |all, person| format!("{all}, {}", person.login));
    if first.because == logins { logins } else { format!("{} ({logins})", first.because) }
}

/// Where a form says what its request will come to.
pub fn field() -> FieldSpec {
    FieldSpec::new("then", "Then", FieldKind::ReadOnly)
}

/// Tries what a form would do and rolls it back; what comes of it is said before OK.
pub fn try_out(submitted: Submitted) -> Option<Effect> {
    match submitted {
        Submitted::Run(work) => Some(Effect::Preview(work)),
        Submitted::Wrong(_) | Submitted::Done(_) => None,
    }
}

/// What was tried would come to this.
pub fn tried(finished: &Finished) -> Vec<Effect> {
    let Some(result) = finished.results.first() else { return Vec::new() };
    let words = match result {
        Ok(receipt) => outcome(receipt),
        Err(Error::Invalid(_)) => "known when the form is complete".to_owned(),
        Err(error) => format!("cannot be done like this: {error}"),
    };
    vec![Effect::Fill(vec![("then", words, String::new())])]
}

/// Whether it is carried out at once, or whom the request waits for, or why it goes nowhere.
fn outcome(receipt: &Receipt) -> String {
    let deciders: Vec<&str> = receipt
        .mails
        .iter()
        .filter(|mail| mail.event == MailEvent::WorkAssigned.as_str())
        .map(|mail| mail.to.as_str())
        .collect();
    let made = |kind| receipt.made.iter().any(|record| record.kind == kind);
    match (receipt.notes.as_slice(), deciders.as_slice(), receipt.state.as_deref()) {
        ([], [], _) if made(RecordKind::PortalUser) => {
            "the portal user at once, with its logon mail".to_owned()
        }
        ([], [], Some("completed")) => "carried out at once".to_owned(),
        ([], [], Some("draft")) => "it stays a draft until it is submitted".to_owned(),
        ([], [], _) => "the request waits; no portal user and no logon mail yet".to_owned(),
        ([], deciders, _) => {
            format!("the request waits for approval by {}; no logon mail yet", deciders.join(", "))
        }
        (notes, ..) => notes.join(" "),
    }
}
