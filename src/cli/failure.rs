//! What went wrong, in one shape for people and for machines: kind, rule, message, remedy (interface.md, Command line).

use serde_json::{Map, Value, json};

use super::exit::Exit;
use crate::desk::{Error, FieldProblem};
use crate::domain::refusal::Refusal;
use crate::files;

/// A failure as the command line tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The exit status.
    pub exit: Exit,
    /// The kind: refused, invalid, stale, not_found, unavailable, usage, config, bug.
    pub kind: &'static str,
    /// The rule that says no, where one does.
    pub rule: Option<&'static str>,
    /// What happened, a sentence.
    pub message: String,
    /// What would help; may be empty.
    pub remedy: String,
    /// The record it is about.
    pub number: Option<String>,
    /// Further facts, such as the fields that are wrong.
    pub more: Box<Map<String, Value>>,
}

impl Failure {
    /// The kind that is no failure: nobody reads any more.
    pub const GONE: &'static str = "gone";

    /// The command line itself is wrong.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::new(Exit::Usage, "usage", message)
    }

    /// A failure that is not about a rule.
    pub fn new(exit: Exit, kind: &'static str, message: impl Into<String>) -> Failure {
        let message = message.into();
        Failure { exit, kind, rule: None, message, remedy: String::new(), number: None, more: Box::default() }
    }

    /// With what would help.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Failure {
        self.remedy = remedy.into();
        self
    }

    /// With the record it is about.
    pub fn about(mut self, number: impl Into<String>) -> Failure {
        self.number = Some(number.into());
        self
    }

    /// `{"error":{…}}`; what is unknown is null and never left out.
    pub fn json(&self) -> Value {
        let mut error = Map::new();
        error.insert("kind".into(), json!(self.kind));
        error.insert("rule".into(), json!(self.rule));
        error.insert("message".into(), json!(self.message));
        error.insert("remedy".into(), json!(self.remedy));
        error.insert("number".into(), json!(self.number));
        error.extend(self.more.iter().map(|(name, value)| (name.clone(), value.clone())));
        json!({ "error": error })
    }

    /// The text for people: number, message, remedy.
    pub fn text(&self) -> String {
        let number = self.number.as_deref().filter(|number| !self.message.contains(number));
        let mut text = number.map(|number| format!("{number}: ")).unwrap_or_default();
        text.push_str(&self.message);
        if !self.remedy.is_empty() {
            if !text.ends_with(['.', '!', '?']) {
                text.push('.');
            }
            text.push(' ');
            text.push_str(&self.remedy);
        }
        text
    }
}

impl From<std::io::Error> for Failure {
    /// Writing failed: a reader that went away ends the run quietly.
    fn from(error: std::io::Error) -> Failure {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Failure::new(Exit::Done, Failure::GONE, "the reader went away");
        }
        Failure::new(Exit::Failed, "unavailable", error.to_string())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        let mut failure = Failure::new(Exit::Refused, "refused", refusal.message).remedy(refusal.remedy);
        failure.rule = Some(refusal.rule);
        failure
    }
}

impl From<Error> for Failure {
    /// Each kind of the desk has one exit status (interface.md, Command line).
    fn from(error: Error) -> Failure {
        let kind = error.kind();
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Invalid(problems) => {
                let mut failure = Failure::new(Exit::Failed, kind, "");
                failure.message = problems.iter().map(said).collect::<Vec<_>>().join("; ");
                if let [one] = problems.as_slice() {
                    failure.remedy = sentence(&one.remedy);
                }
                failure.more.insert("fields".into(), json!(problems));
                failure
            }
            Error::Stale { message, remedy } => Failure::new(Exit::Stale, kind, message).remedy(remedy),
            Error::NotFound { what, remedy } => {
                Failure::new(Exit::NotFound, kind, format!("{what} does not exist")).remedy(remedy)
            }
            Error::Unavailable { message, remedy } => {
                // A form keeps what was typed; a command line keeps nothing.
                let remedy = remedy.replace("; what you typed is kept", "");
                Failure::new(Exit::Failed, kind, message).remedy(remedy)
            }
            bug @ Error::Bug(_) => Failure::new(Exit::Failed, kind, bug.to_string()),
        }
    }
}

/// What would help with a field, as a sentence of its own.
fn sentence(phrase: &str) -> String {
    let mut letters = phrase.chars();
    let mut text: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    text.push_str(letters.as_str());
    if !text.is_empty() && !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

fn said(problem: &FieldProblem) -> String {
    match problem.value.is_empty() {
        true => format!("{} {}", problem.field, problem.problem),
        false => format!("{} “{}” {}", problem.field, problem.value, problem.problem),
    }
}

impl From<files::Fault> for Failure {
    fn from(fault: files::Fault) -> Failure {
        Failure::new(Exit::Failed, "unavailable", fault.to_string())
    }
}
