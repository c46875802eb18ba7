//! `signup submit`: from flags the member of staff is the author; from a file or standard input it is the applicant, and
//! whoever ran the command is only the carrier (registration.md, Intake).

use std::path::Path;

use serde_json::json;

use super::batch::{self, Job, Row};
use super::signup::single;
use crate::cli::args::Write;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::signup::{Applicant, Submit};
use crate::desk::commands::signup::{Source, SubmitSignup};
use crate::desk::{Command, Desk};
use crate::domain::permission::{Actor, How};
use crate::intake::{self, Format, SignupInput, source};

/// Rows that one transaction takes.
pub const BATCH: usize = 500;

/// Takes in what was given.
pub fn run(session: &Session, asked: &Submit, out: &mut Output<'_>) -> Result<Exit, Failure> {
    session.may_write()?;
    let reader = session.reader()?;
    let actor = session.actor(&reader)?;
    match &asked.file {
        Some(file) => from_file(session, (&actor, &asked.write), file, out),
        None => {
            let command = command(input(&asked.applicant), Source::Staff);
            single(session, (&actor, &asked.write), command, out)
        }
    }
}

/// The command for one record from outside.
pub fn command(input: SignupInput, source: Source) -> Command {
    Command::SubmitSignup(Box::new(SubmitSignup {
        fields: input.filled(),
        external_id: input.external_id.clone(),
        extra: input.extra,
        source,
    }))
}

fn from_file(
    session: &Session,
    (carrier, write): (&Actor, &Write),
    file: &Path,
    out: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let rows = rows(file, Some(Format::Json))?;
    let applicant = Actor::applicant(How::Import, carrier);
    let mut desk = session.desk()?;
    let mut printed: Vec<Row> = Vec::new();
    let mut waiting: Vec<(u64, Job)> = Vec::new();
    for row in rows {
        let job = match row.input {
            Ok(input) => Ok(command(input, Source::Form)),
            Err(problems) => Err(unreadable(&problems)),
        };
        waiting.push((row.line, Job { about: None, command: job }));
        if waiting.len() == BATCH {
            printed.extend(take(&mut desk, (&applicant, write), &mut waiting));
        }
    }
    printed.extend(take(&mut desk, (&applicant, write), &mut waiting));
    if printed.is_empty() {
        out.message(&format!("There is no sign-up in {}.", file.display()))?;
    }
    Ok(out.batch(&printed)?)
}

fn take(desk: &mut Desk, by: (&Actor, &Write), waiting: &mut Vec<(u64, Job)>) -> Vec<Row> {
    let (lines, jobs): (Vec<u64>, Vec<Job>) = waiting.drain(..).unzip();
    let rows = batch::run(desk, by, jobs);
    lines.into_iter().zip(rows).map(|(line, row)| row.map_err(|failure| at_line(failure, line))).collect()
}

/// The failure of a row says where the row begins.
pub fn at_line(mut failure: Failure, line: u64) -> Failure {
    if !failure.message.starts_with("line ") {
        failure.message = format!("line {line}: {}", failure.message);
    }
    failure.more.insert("line".into(), json!(line));
    failure
}

/// The records of a file, or of standard input for `-`.
pub fn rows(
    file: &Path,
    format: Option<Format>,
) -> Result<intake::Rows<std::io::BufReader<std::fs::File>>, Failure> {
    let opened = if file == Path::new("-") {
        source::read_stream(std::io::stdin(), format)
    } else {
        intake::open(file)
    };
    opened.map_err(|problem| match problem {
        source::NotReadable::File(fault) => fault.into(),
        source::NotReadable::Encoding(_) | source::NotReadable::Reading(_) => {
            Failure::new(Exit::Failed, "invalid", format!("{}: {problem}", file.display()))
        }
    })
}

/// Everything that is wrong with a row that could not be read.
pub fn unreadable(problems: &[intake::RowProblem]) -> Failure {
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let mut failure = Failure::new(Exit::Failed, "invalid", said.join("; "));
    let fields = problems.iter().filter(|p| p.field.is_some());
    let fields: Vec<_> = fields
        .map(|p| json!({ "field": p.field, "value": p.value, "problem": p.problem, "remedy": "Correct it." }))
        .collect();
    failure.more.insert("fields".into(), json!(fields));
    failure
}

/// What was typed as flags.
fn input(given: &Applicant) -> SignupInput {
    let Applicant {
        company,
        first_name,
        last_name,
        job_title,
        email,
        phone,
        fax,
        website,
        tax_number,
        street,
        street2,
        city,
        postal_code,
        county,
        region,
        country,
        language,
        user_name,
        authentication,
        message,
        existing_account,
        privacy_version,
        privacy_accepted_at,
        external_id,
    } = given.clone();
    SignupInput {
        company,
        first_name,
        last_name,
        job_title,
        email,
        phone,
        fax,
        website,
        tax_number,
        street,
        street2,
        city,
        postal_code,
        county,
        region,
        country,
        language,
        user_name,
        authentication,
        message,
        existing_account,
        privacy_version,
        privacy_accepted_at,
        external_id,
        extra: serde_json::Map::new(),
    }
}
