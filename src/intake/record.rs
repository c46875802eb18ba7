//! One record from outside as plain data: what was known goes into a field, what was not goes into `extra`, nothing is dropped.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::field;

/// A sign-up as somebody outside sent it; text is as given, blank text is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(
    missing_docs,
    reason = "the fields are those of registration.md, Fields, by the names of the JSON interface"
)]
pub struct SignupInput {
    pub company: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub job_title: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub fax: Option<String>,
    pub website: Option<String>,
    pub tax_number: Option<String>,
    pub street: Option<String>,
    pub street2: Option<String>,
    pub city: Option<String>,
    pub postal_code: Option<String>,
    pub county: Option<String>,
    pub region: Option<String>,
    pub country: Option<String>,
    pub language: Option<String>,
    pub user_name: Option<String>,
    pub authentication: Option<String>,
    pub message: Option<String>,
    pub existing_account: Option<String>,
    pub privacy_version: Option<String>,
    pub privacy_accepted_at: Option<String>,
    pub external_id: Option<String>,
    /// Fields that are not known here, as they came.
    pub extra: Map<String, Value>,
}

impl SignupInput {
    /// The place of a field by its name in [`field::NAMES`].
    pub fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "company" => &mut self.company,
            "first_name" => &mut self.first_name,
            "last_name" => &mut self.last_name,
            "job_title" => &mut self.job_title,
            "email" => &mut self.email,
            "phone" => &mut self.phone,
            "fax" => &mut self.fax,
            "website" => &mut self.website,
            "tax_number" => &mut self.tax_number,
            "street" => &mut self.street,
            "street2" => &mut self.street2,
            "city" => &mut self.city,
            "postal_code" => &mut self.postal_code,
            "county" => &mut self.county,
            "region" => &mut self.region,
            "country" => &mut self.country,
            "language" => &mut self.language,
            "user_name" => &mut self.user_name,
            "authentication" => &mut self.authentication,
            "message" => &mut self.message,
            "existing_account" => &mut self.existing_account,
            "privacy_version" => &mut self.privacy_version,
            "privacy_accepted_at" => &mut self.privacy_accepted_at,
            "external_id" => &mut self.external_id,
            _ => return None,
        })
    }

    /// The filled fields by name, without `external_id`, which is not the applicant's.
    pub fn filled(&self) -> BTreeMap<String, String> {
        let mut own = self.clone();
        let fields = field::NAMES.iter().filter(|name| **name != "external_id");
        fields.filter_map(|name| Some(((*name).to_owned(), own.slot(name)?.take()?))).collect()
    }

    /// Reads the names and values of one record, and reports every value that cannot be taken.
    pub(super) fn from_entries(
        line: u64,
        entries: Vec<(String, Value)>,
    ) -> Result<SignupInput, Vec<RowProblem>> {
        let mut input = SignupInput::default();
        let mut taken: Vec<&'static str> = Vec::new();
        let mut problems = Vec::new();
        for (name, value) in entries {
            let Some(field) = field::of(&name) else {
                input.keep(name, value);
                continue;
            };
            if taken.contains(&field) {
                problems.push(RowProblem::value(line, field, &value, "is given twice"));
                continue;
            }
            taken.push(field);
            match text_of(&value) {
                Ok(text) => *input.slot(field).expect("every name of the table has a place") = text,
                Err(problem) => problems.push(RowProblem::value(line, field, &value, problem)),
            }
        }
        if problems.is_empty() { Ok(input) } else { Err(problems) }
    }

    /// Keeps an unknown field; a second one of the same name is kept under a name of its own.
    fn keep(&mut self, name: String, value: Value) {
        match (name.as_str(), value) {
            ("extra", Value::Object(inner)) => {
                for (name, value) in inner {
                    self.insert_extra(name, value);
                }
            }
            (_, value) => self.insert_extra(name, value),
        }
    }

    fn insert_extra(&mut self, name: String, value: Value) {
        let mut free = name.clone();
        let mut count = 1;
        while self.extra.contains_key(&free) {
            count += 1;
            free = format!("{name} ({count})");
        }
        self.extra.insert(free, value);
    }
}

/// The text of a value; a number keeps its digits, so that a postal code may come without quotes.
fn text_of(value: &Value) -> Result<Option<String>, &'static str> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Number(number) if number.is_f64() => {
            Err("must be text in quotes, since a number loses digits")
        }
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err("must be text"),
    }
}

/// One row of the input: its number among the records, the line where it begins, and what was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Counted from 1, the header row not included.
    pub number: u64,
    /// Counted from 1.
    pub line: u64,
    /// The record, or everything that is wrong with it.
    pub input: Result<SignupInput, Vec<RowProblem>>,
}

/// What kind of problem a row has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Not JSON, or not CSV.
    Syntax,
    /// Not UTF-8.
    Encoding,
    /// More bytes or deeper than is allowed.
    TooLarge,
    /// JSON, but no object; or no column that is known.
    NotARecord,
    /// A value of a field.
    Value,
    /// The system could not read on.
    Reading,
}

/// Why a row is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// The line where it was seen, counted from 1.
    pub line: u64,
    /// The field, where one is to blame.
    pub field: Option<&'static str>,
    /// The value as given, cut to a size that can be read. It is hostile text.
    pub value: Option<String>,
    /// What is wrong, and where it helps, what would be right.
    pub problem: String,
    /// What kind of problem it is.
    pub kind: ProblemKind,
}

impl RowProblem {
    /// A problem that is not one of a field.
    pub fn new(line: u64, kind: ProblemKind, problem: impl Into<String>) -> RowProblem {
        RowProblem { line, field: None, value: None, problem: problem.into(), kind }
    }

    fn value(line: u64, field: &'static str, value: &Value, problem: &str) -> RowProblem {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                value.to_string()
            }
        };
        let text = text.chars().take(80).collect();
        RowProblem {
            line,
            field: Some(field),
            value: Some(text),
            problem: problem.to_owned(),
            kind: ProblemKind::Value,
        }
    }
}

impl fmt::Display for RowProblem {
    /// `line 7: email "x" must be text`; the caller sends it through the terminal's gate.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        if let Some(field) = self.field {
            write!(f, "{field} ")?;
        }
        if let Some(value) = &self.value {
            write!(f, "\"{value}\" ")?;
        }
        f.write_str(&self.problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_name_has_a_place_of_its_own() {
        let mut input = SignupInput::default();
        for name in field::NAMES {
            let slot = input.slot(name).unwrap();
            assert_eq!(slot.replace((*name).to_owned()), None, "{name} shares a place");
        }
        assert!(input.slot("extra").is_none());
    }

    #[test]
    fn unknown_fields_are_kept_and_never_overwritten() {
        let entries = vec![
            ("shoe".into(), json!(42)),
            ("extra".into(), json!({"shoe": 43, "hat": {"size": 1}})),
            ("zip".into(), json!(1234)),
            ("fax".into(), json!("  ")),
        ];
        let input = SignupInput::from_entries(1, entries).unwrap();
        assert_eq!(Value::Object(input.extra), json!({"shoe": 42, "shoe (2)": 43, "hat": {"size": 1}}));
        assert_eq!((input.postal_code.as_deref(), input.fax), (Some("1234"), None));
    }

    #[test]
    fn every_bad_value_is_reported() {
        let entries = vec![
            ("email".into(), json!("a@b")),
            ("e-mail".into(), json!("c@d")),
            ("phone".into(), json!([1])),
            ("city".into(), json!(true)),
        ];
        let problems = SignupInput::from_entries(9, entries).unwrap_err();
        let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "line 9: email \"c@d\" is given twice",
                "line 9: phone \"[1]\" must be text",
                "line 9: city \"true\" must be text"
            ]
        );
    }
}
