//! `countersign check`: what is wrong with config, database, rules, staff, templates and mail, each with its remedy;
//! status 0 when nothing is, also when there is advice (interface.md, Command line).

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::KeyTable;
use super::text::to_second;
use crate::cli::args::Global;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::settings;
use crate::config::{IdentityMode, Screen, Severity, Transport, process_env};
use crate::desk::Reader;
use crate::desk::outbox::QueueState;
use crate::desk::query::staff::{RoleRow, StaffRow};
use crate::domain::permission::Permission;
use crate::files;
use crate::intake::drop;
use crate::mail::check_templates;

/// Machines that share a database may differ by so much, in milliseconds.
const CLOCK_SLACK: i64 = 60_000;

/// How much a finding matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// Wrong.
    Wrong,
    /// Worth knowing.
    Advice,
}

/// One finding.
struct Finding {
    weight: Weight,
    about: &'static str,
    message: String,
    remedy: String,
}

/// All findings so far.
#[derive(Default)]
pub(super) struct Report(Vec<Finding>);

impl Report {
    pub(super) fn wrong(
        &mut self,
        about: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(Weight::Wrong, about, (message.into(), remedy.into()));
    }

    pub(super) fn advice(
        &mut self,
        about: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(Weight::Advice, about, (message.into(), remedy.into()));
    }

    fn failed(&mut self, about: &'static str, failure: &Failure) {
        self.wrong(about, failure.message.clone(), failure.remedy.clone());
    }

    fn add(&mut self, weight: Weight, about: &'static str, (message, remedy): (String, String)) {
        self.0.push(Finding { weight, about, message, remedy });
    }
}

/// Looks at everything.
pub fn run(global: &Global, keys: fn(&Screen) -> KeyTable, out: &mut Output<'_>) -> Result<Exit, Failure> {
    let session = Session::start_with_any_config(global)?;
    let mut report = Report::default();
    config(&session, &mut report);
    for problem in keys(&session.config.screen).problems {
        report.wrong(
            "keys",
            format!("[screen.bind] {problem}"),
            "`countersign keys` shows every action and its keys.",
        );
    }
    match session.reader() {
        Err(failure) => report.failed("database", &failure),
        Ok(reader) => {
            if let Err(failure) = inside(&reader, &mut report) {
                report.failed("database", &failure);
            }
            if let Err(failure) = super::rules::check(&session, &reader, &mut report) {
                report.failed("workflow", &failure);
            }
        }
    }
    places(&session, &mut report);
    mail(&session, &mut report);
    let deployment = deployment(session.config.identity.mode);
    printed(&report, deployment, out)?;
    let wrong = report.0.iter().any(|finding| finding.weight == Weight::Wrong);
    Ok(if wrong { Exit::Failed } else { Exit::Done })
}

fn printed(report: &Report, (mode, limits): (&str, &str), out: &mut Output<'_>) -> Result<(), Failure> {
    let of = |weight: Weight| -> Vec<Value> {
        let rows = report.0.iter().filter(|finding| finding.weight == weight);
        rows.map(|f| json!({ "about": f.about, "message": f.message, "remedy": f.remedy })).collect()
    };
    let (wrong, advice) = (of(Weight::Wrong), of(Weight::Advice));
    let mut text = String::new();
    for finding in &report.0 {
        let word = if finding.weight == Weight::Wrong { "wrong " } else { "advice" };
        text.push_str(&format!("{word}  {}: {}", finding.about, finding.message));
        if !text.ends_with(['.', '!']) {
            text.push('.');
        }
        if !finding.remedy.is_empty() {
            text.push_str(&format!(" {}", finding.remedy));
        }
        text.push('\n');
    }
    text.push_str(&format!("deployment: {mode}. {limits}\n"));
    text.push_str(&match (wrong.len(), advice.len()) {
        (0, 0) => "Everything is in order.".to_owned(),
        (0, n) => format!("Nothing is wrong; {n} to know."),
        (n, _) => format!("{n} wrong."),
    });
    let value = json!({
        "ok": wrong.is_empty(), "problems": wrong, "advice": advice,
        "deployment": { "mode": mode, "limits": limits },
    });
    Ok(out.record(&value, &text)?)
}

/// What the deployment enforces, in one sentence (trust.md, Who is acting).
fn deployment(mode: IdentityMode) -> (&'static str, &'static str) {
    match mode {
        IdentityMode::Own => (
            "own",
            "Whoever is this OS user can do everything, also past the programme; four eyes hold only between honest people.",
        ),
        IdentityMode::Team => (
            "team",
            "Everybody in the group can write the file past the programme, so the rules are guard rails only; use a service account where they must hold.",
        ),
        IdentityMode::Ssh => (
            "ssh",
            "Staff reach the database only through forced commands, so the rules hold for all but this machine's administrators.",
        ),
    }
}

fn config(session: &Session, report: &mut Report) {
    let file = session.loaded.file.as_ref().map_or("config".into(), |file| file.display().to_string());
    for problem in &session.loaded.problems {
        let problem_said = problem.to_string();
        let said =
            if problem_said.contains(&file) { problem_said } else { format!("{file}: {problem_said}") };
        let remedy = "`countersign config example` shows every setting.";
        match problem.severity {
            Severity::Stops | Severity::DefaultKept => report.wrong("config", said, remedy),
            Severity::Warning => report.advice("config", said, ""),
        }
    }
    if session.loaded.file.is_none() {
        let message = format!("There is no config file at {}", session.places.config_file.display());
        report.advice("config", message, "`countersign init` writes one with every setting commented.");
    }
    let config = &session.config;
    if !config.workflow.enabled {
        let message = "Workflows are switched off: user requests stay in Draft and nobody gets a logon.";
        report.wrong(
            "workflow",
            message,
            "Set workflow.enabled = true, then `countersign user-request submit` what waits.",
        );
    }
    if let Some(fault) = settings::program(config).and_then(|program| program.fault()) {
        let message = format!("The program that is told of portal users cannot be run: {fault}");
        report.wrong("portal", message, "Correct provision.command; events wait until then.");
    }
    if config.signup.self_approval {
        let message = "signup.self_approval lets people approve what they entered themselves.";
        report.advice("four eyes", message, "Set it to false as soon as there are two of you.");
    }
}

fn inside(reader: &Reader, report: &mut Report) -> Result<(), Failure> {
    if !reader.quick_check()? {
        let remedy = "`countersign db check` says more; `countersign db restore FILE` brings a backup back.";
        report.wrong("database", "The file is damaged.", remedy);
    }
    let (latest, now) = (reader.latest_entry_at()?, reader.now());
    if latest > now + CLOCK_SLACK {
        report.wrong(
            "clock",
            format!("The clock shows {}, but history goes on until {}.", to_second(now), to_second(latest)),
            "Set this machine's clock right; what is done until then bears the wrong time.",
        );
    }
    let staff = reader.staff()?;
    let roles = reader.roles()?;
    if staff.is_empty() {
        report.wrong("staff", "Nobody is on the staff.", "Run `countersign init`.");
    }
    for row in staff.iter().filter(|row| row.active && row.roles.is_empty()) {
        let remedy = format!("`countersign staff grant {} ROLE`.", row.login);
        report.advice(
            "staff",
            format!("{} ({}) has no role and can do nothing.", row.login, row.name),
            remedy,
        );
    }
    let can = |permission: Permission| {
        let giving = |name: &String| {
            roles
                .iter()
                .any(|role| role.name == *name && role.permissions.iter().any(|p| p == permission.as_str()))
        };
        let mut persons: Vec<&str> = staff
            .iter()
            .filter(|row| row.active && row.roles.iter().any(giving))
            .map(|row| row.person.as_str())
            .collect();
        persons.sort_unstable();
        persons.dedup();
        persons.len()
    };
    match can(Permission::SignupApprove) {
        0 => {
            report.wrong("staff", "Nobody may approve sign-ups.", "`countersign staff grant LOGIN approver`.")
        }
        1 => {
            let message =
                "Only one person may approve sign-ups: what they enter or correct themselves waits for ever.";
            report.advice(
                "staff",
                message,
                "Add another with `countersign staff new LOGIN --name NAME --role approver`.",
            );
        }
        _ => {}
    }
    unreachable_staff(&staff, &roles, report);
    let health = reader.mail_health()?;
    if let QueueState::Paused { reason, since } = &health.queue {
        let message = format!("No mail leaves since {}: {reason}", to_second(*since));
        report.wrong("mail", message, "Mend the cause, then `countersign mail unpause`.");
    } else if let Some(since) = health.alarm_since {
        let message = format!("No mail could be sent since {}.", to_second(since));
        report.wrong("mail", message, "`countersign mail list --state waiting` shows the server's words.");
    }
    portal(reader, report)?;
    for stuck in reader.stuck()? {
        let message =
            format!("{} ({}) waits for nobody who can act: {}", stuck.number, stuck.rule, stuck.why);
        report.wrong("work", message, stuck.remedy);
    }
    if health.failed > 0 {
        let message = format!("{} mails failed and need a person.", health.failed);
        report.advice("mail", message, "`countersign mail list --state failed`.");
    }
    Ok(())
}

/// Who gets work, and no mail about it.
fn unreachable_staff(staff: &[StaffRow], roles: &[RoleRow], report: &mut Report) {
    let decides = |name: &String| {
        let gives = |role: &&RoleRow| role.permissions.iter().any(|p| p == Permission::WorkDecide.as_str());
        roles.iter().filter(gives).any(|role| role.name == *name)
    };
    let silent = |row: &&StaffRow| {
        row.active && row.email.as_deref().is_none_or(str::is_empty) && row.roles.iter().any(decides)
    };
    let logins: Vec<&str> = staff.iter().filter(silent).map(|row| row.login.as_str()).collect();
    if let Some(first) = logins.first() {
        let message = format!("Nobody can be told by mail of work that waits for {}.", logins.join(", "));
        report.advice("staff", message, format!("`countersign staff edit {first} --email ADDRESS`."));
    }
}

/// Whether the office's own portal follows.
fn portal(reader: &Reader, report: &mut Report) -> Result<(), Failure> {
    let health = reader.hook_health()?;
    let said = health.last_error.as_deref().unwrap_or("no word");
    if health.failed > 0 {
        let message = format!("The portal was not told of {} changes of its users: {said}", health.failed);
        report.wrong(
            "portal",
            message,
            "Mend provision.command, then `countersign user-request retry NUMBER`.",
        );
    } else if health.troubled > 0 {
        let message = format!("{} changes of portal users wait for another try: {said}", health.troubled);
        report.advice(
            "portal",
            message,
            "`countersign user-request list` shows which; `portal-user sync` tries what is due.",
        );
    }
    Ok(())
}

fn places(session: &Session, report: &mut Report) {
    let dir = files::directory_of(session.database());
    if session.config.identity.mode != IdentityMode::Team
        && let Ok(found) = std::fs::metadata(dir)
        && found.permissions().mode() & 0o077 != 0
    {
        let message = format!("Others can look into {}.", dir.display());
        report.advice("database", message, format!("chmod 0700 {}", dir.display()));
    }
    if let Some(dir) = &session.config.signup.intake_dir {
        match files::check_directory(dir).and_then(|()| drop::stuck(dir)) {
            Err(fault) => {
                report.wrong("intake", fault.to_string(), "Make the folder, or correct signup.intake_dir.");
            }
            Ok(stuck) => intake(&dir.display().to_string(), &stuck, report),
        }
    }
}

/// What the drop folder holds that nobody takes in.
fn intake(dir: &str, stuck: &drop::Stuck, report: &mut Report) {
    if let Some(first) = stuck.failed.first() {
        let count = stuck.failed.len();
        let message = format!("{count} files were not taken in whole and lie in {dir}/failed: {first}…");
        let remedy = "Each has a .reason.txt beside it: correct the rows it names, drop the file again, and take the old one away.";
        report.advice("intake", message, remedy);
    }
    for (name, why) in &stuck.never {
        let message = format!("{dir}/{name} is {why} and will never be taken in.");
        report.advice("intake", message, "Put the file itself there, or take this away.");
    }
}

fn mail(session: &Session, report: &mut Report) {
    let config = &session.config;
    for problem in check_templates(config.mail.template_dir.as_deref()) {
        let at = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
        report.wrong("templates", format!("{}{at}: {}", problem.file, problem.problem), problem.remedy);
    }
    match config.mail.transport {
        Transport::Folder => {
            let message =
                format!("Nobody outside gets mail: it goes to {}.", session.mail_folder().display());
            report.advice(
                "mail",
                message,
                "Set mail.transport = \"smtp\" and [mail.smtp] when the office opens.",
            );
            if config.office.portal_url.is_none() {
                let message = format!(
                    "office.portal_url is not set: set-password links lead to {}.",
                    settings::SAMPLE_PORTAL
                );
                report.advice("portal", message, "Set it to the page where customers set their password.");
            }
        }
        Transport::Smtp => {
            match settings::sending(config, &session.places, &process_env) {
                Err(problem) => report.wrong("mail", problem.to_string(), "Mail waits until this is right."),
                Ok((_, Some(warning))) => report.advice("mail", warning.to_string(), ""),
                Ok((_, None)) => {}
            }
            if config.office.portal_url.is_none() {
                let message = "office.portal_url is not set, so nobody can get a set-password link.";
                report.wrong("portal", message, "Set it to the page where customers set their password.");
            }
        }
    }
}
