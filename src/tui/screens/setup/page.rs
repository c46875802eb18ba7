//! The page of the Setup tab: the active workflows with their steps, what `check` says of them, working time, settings.

use crate::desk::query::workflow::RuleSetRow;
use crate::domain::workflow::parse::{Problem, Weight};
use crate::domain::workflow::resolve::wording;
use crate::domain::workflow::{Approval, Auto, Policy, RuleSet, Step, StepKind, Workflow, span};
use crate::tui::door::{Error, Reader};
use crate::tui::prose::own_word;
use crate::tui::screens::clock;
use crate::tui::widgets::detail::{Detail, Section};
use crate::tui::widgets::{Span, Tone};

/// What the page is made of.
pub struct Setup {
    active: Option<(RuleSetRow, RuleSet)>,
    versions: usize,
    problems: Vec<Problem>,
}

impl Setup {
    /// Reads it.
    pub fn read(reader: &Reader) -> Result<Setup, Error> {
        let versions = reader.rule_sets()?.len();
        let (Some((row, source)), Some((_, rules))) = (reader.rule_set(None)?, reader.active_rules()?) else {
            return Ok(Setup { active: None, versions, problems: Vec::new() });
        };
        let problems = reader.rule_problems(&source)?;
        Ok(Setup { active: Some((row, rules)), versions, problems })
    }

    /// How much needs a person.
    pub fn wrong(&self) -> usize {
        let wrong = self.problems.iter().filter(|problem| problem.weight == Weight::Wrong).count();
        wrong + usize::from(self.active.is_none())
    }
}

/// The page.
pub fn page(setup: &Setup, reader: &Reader) -> Detail {
    let settings = reader.settings();
    let mut sections = Vec::new();
    let head = match &setup.active {
        _ if !settings.workflow_active => {
            let text =
                "Workflows are switched off: user requests stay in Draft. Set workflow.enabled = true.";
            vec![vec![Span::new(text, Tone::Alarm)]]
        }
        None => {
            let text = "No workflows are active: countersign workflow activate FILE";
            vec![vec![Span::new(text, Tone::Alarm)]]
        }
        Some((row, _)) => vec![
            vec![
                Span::new(format!("Version {}", row.id), Tone::Accent),
                "  ".into(),
                Span::new("Workflows", Tone::Heading),
                "  ".into(),
                Span::new("active", Tone::Good),
            ],
            vec![Span::new(since(row, (setup.versions, reader.now())), Tone::Dim)],
        ],
    };
    sections.push(check(&setup.problems));
    if let Some((_, rules)) = &setup.active {
        sections.extend(rules.workflows.iter().map(workflow));
    }
    sections.push(working_time(reader).aside());
    sections.push(office(reader).aside());
    sections.push(commands().aside());
    Detail { head, sections }
}

fn since(row: &RuleSetRow, (versions, now): (usize, i64)) -> String {
    let by = row.created_by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    format!(
        "from {} · since {}{by} · {} under way · {versions} {} kept",
        row.origin,
        clock(row.created_at, now),
        row.running,
        if versions == 1 { "version" } else { "versions" }
    )
}

fn check(problems: &[Problem]) -> Section {
    let section = Section::new("Check");
    if problems.is_empty() {
        return section.text(Span::new("✓ nothing is wrong with these workflows", Tone::Good));
    }
    problems.iter().fold(section, |section, problem| {
        let meant = problem.meant.as_ref().map(|m| format!("; did you mean “{m}”?")).unwrap_or_default();
        let (sign, tone) = match problem.weight {
            Weight::Wrong => ("✗", Tone::Alarm),
            Weight::Advice => ("!", Tone::Caution),
        };
        section.text(Span::new(format!("{sign} line {}: {}{meant}", problem.line, problem.message), tone))
    })
}

fn workflow(workflow: &Workflow) -> Section {
    let title = format!("{} ({})", workflow.name, workflow.document.as_str().replace('_', " "));
    let mut section = Section::new(&title);
    section = match &workflow.when {
        Some(when) => section.text(Span::new(format!("when {when}"), Tone::Dim)),
        None => section.text(Span::new("the default", Tone::Dim)),
    };
    if workflow.self_approval {
        section = section.text(Span::new("whoever submits may approve (self_approval)", Tone::Caution));
    }
    if workflow.steps.is_empty() {
        section = section.text(Span::new("no steps: approved at once", Tone::Caution));
    }
    for (n, step) in workflow.steps.iter().enumerate() {
        section = section.text(format!("{} {}: {}", n + 1, step.name, said(step)));
        if let Some(when) = &step.when {
            section = section.text(Span::new(format!("  when {when}"), Tone::Dim));
        }
    }
    section
}

fn said(step: &Step) -> String {
    match &step.kind {
        StepKind::Auto(Auto::Approve) => "approved by the rule".into(),
        StepKind::Auto(Auto::Reject) => "rejected by the rule".into(),
        StepKind::Task(task) => format!("task {}", task.as_str()),
        StepKind::Approval(approval) => approval_said(approval),
    }
}

fn approval_said(approval: &Approval) -> String {
    let votes = match approval.policy {
        Policy::Any => "one of".to_owned(),
        Policy::All => "all of".to_owned(),
        Policy::Majority => "more than half of".to_owned(),
        Policy::Count(n) => format!("{n} of"),
        Policy::Percent(n) => format!("{n} % of"),
    };
    let mut text = format!("{votes} {}", wording(&approval.who));
    if let Some(due) = approval.due {
        text.push_str(&format!(", due in {}", span::wording(due)));
    }
    if let Some(remind) = approval.remind {
        text.push_str(&format!(", reminded {} before", span::wording(remind)));
    }
    for hop in &approval.escalate {
        text.push_str(&format!(", then after {} to {}", span::wording(hop.after), wording(&hop.to)));
    }
    if let Some(finally) = approval.finally {
        let word = match finally {
            crate::domain::workflow::Finally::Approve => "approved",
            crate::domain::workflow::Finally::Reject => "rejected",
        };
        text.push_str(&format!(", in the end {word}"));
    }
    text
}

fn working_time(reader: &Reader) -> Section {
    let calendar = &reader.settings().calendar;
    let open = if calendar.is_open(reader.now()) { "yes" } else { "no" };
    Section::new("Working time")
        .pair("Hours", calendar.week().to_string())
        .pair("Time zone", calendar.zone().name().to_owned())
        .pair("Holidays", calendar.holidays().to_string())
        .pair("Open now", open)
}

fn office(reader: &Reader) -> Section {
    let settings = reader.settings();
    Section::new("Settings")
        .pair("Portal", settings.portal_url.clone())
        .pair("User roles", own_word(&settings.portal_roles.join(", ")))
        .pair("Logon by", settings.authentication.title())
        .pair("Undo holds mail", format!("{} s", settings.grace_seconds))
        .pair("Language", settings.office_language.clone())
        .pair("Own sign-ups", if settings.signup.self_approval { "may be approved" } else { "four eyes" })
}

fn commands() -> Section {
    Section::new("To change it")
        .text("countersign workflow show > FILE")
        .text("countersign workflow check FILE")
        .text("countersign workflow test UR-000001 --file FILE")
        .text("countersign workflow activate FILE")
        .text("countersign config show")
}
