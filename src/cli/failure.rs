//! What went wrong, in one shape for people and for machines: kind, rule, message, remedy (interface.md, Command line).

use serde_json::{Map, Value, json};

use super::exit::Exit;

/// A failure as the command line tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The exit status.
    pub exit: Exit,
    /// The kind: refused, invalid, stale, not_found, unavailable, usage, config, bug.
    pub kind: &'static str,
    /// The rule that says no, where one does.
    pub rule: Option<String>,
    /// What happened, a sentence.
    pub message: String,
    /// What would help; may be empty.
    pub remedy: String,
    /// The record it is about.
    pub number: Option<String>,
    /// Further facts, such as the fields that are wrong.
    pub more: Map<String, Value>,
}

impl Failure {
    /// A failure that is not about a rule.
    pub fn new(exit: Exit, kind: &'static str, message: impl Into<String>) -> Failure {
        let message = message.into();
        Failure { exit, kind, rule: None, message, remedy: String::new(), number: None, more: Map::new() }
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
        error.extend(self.more.clone());
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
    fn from(error: std::io::Error) -> Failure {
        Failure::new(Exit::Failed, "unavailable", error.to_string())
    }
}
