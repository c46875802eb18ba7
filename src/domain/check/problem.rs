//! What intake must refuse, all at once: each problem names the field, the value and what would satisfy the rule.

use std::fmt;

use super::applicant::{Applicant, FieldName};
use super::country::parse_country;
use super::email::parse_email;
use crate::domain::date::from_rfc3339;
use crate::domain::text::{display_line, fit};

/// Columns of a refused value that a message repeats.
const SHOWN: usize = 60;

/// The fields that are required unless config says otherwise (registration.md, Fields).
pub const DEFAULT_REQUIRED: [FieldName; 4] =
    [FieldName::Company, FieldName::LastName, FieldName::Email, FieldName::Country];

/// One reason why a sign-up cannot be taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field at fault.
    pub field: FieldName,
    /// Its value, cut and safe to show; empty when it is missing.
    pub value: String,
    /// What is wrong, as the end of a sentence that begins with the field.
    pub problem: String,
    /// What would satisfy the rule.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.field.as_str();
        if self.value.is_empty() {
            write!(f, "{name} {}; {}", self.problem, self.remedy)
        } else {
            write!(f, "{name} “{}” {}; {}", self.value, self.problem, self.remedy)
        }
    }
}

/// Everything that keeps a sign-up from being taken in, in the order of the form; empty when it may go in
/// (registration.md, Intake; trust.md, Hostile text). Give it the values as they came, before they are
/// normalised, so that a line break in an e-mail is seen. Anything else that is odd is advice: [`super::checks`].
pub fn hard_problems(applicant: &Applicant<'_>, required: &[FieldName]) -> Vec<Problem> {
    FieldName::ALL.into_iter().filter_map(|field| problem_of(applicant, field, required)).collect()
}

fn problem_of(applicant: &Applicant<'_>, field: FieldName, required: &[FieldName]) -> Option<Problem> {
    let refuse = |value: &str, problem: String, remedy: String| {
        let value = fit(&display_line(value), SHOWN).into_owned();
        Some(Problem { field, value, problem, remedy })
    };
    let Some(value) = applicant.get(field) else {
        if !required.contains(&field) {
            return None;
        }
        return refuse("", "is missing".into(), "it is required".into());
    };
    let length = value.chars().count();
    let limit = field.field().limit;
    if length > limit {
        let problem = format!("has {length} characters");
        return refuse(value, problem, format!("at most {limit} are taken"));
    }
    match field {
        FieldName::Email => match parse_email(value.trim_matches(' ')) {
            Ok(_) => None,
            Err(problem) => refuse(value, problem.to_string(), problem.remedy().into()),
        },
        FieldName::Country if parse_country(value).is_none() => {
            refuse(value, "is not a country".into(), "give a two-letter code such as DE, or the name".into())
        }
        FieldName::Language if !is_language(value.trim()) => {
            refuse(value, "is no language tag".into(), "give one such as de or pt-BR (BCP 47)".into())
        }
        FieldName::PrivacyAcceptedAt if from_rfc3339(value).is_none() => {
            refuse(value, "is no time".into(), "give one such as 2026-11-23T10:15:00Z (RFC 3339)".into())
        }
        FieldName::Country
        | FieldName::Company
        | FieldName::FirstName
        | FieldName::LastName
        | FieldName::JobTitle
        | FieldName::Phone
        | FieldName::Fax
        | FieldName::Website
        | FieldName::TaxNumber
        | FieldName::Street
        | FieldName::Street2
        | FieldName::City
        | FieldName::PostalCode
        | FieldName::County
        | FieldName::Region
        | FieldName::Language
        | FieldName::UserName
        | FieldName::Authentication
        | FieldName::ExistingAccount
        | FieldName::PrivacyVersion
        | FieldName::PrivacyAcceptedAt
        | FieldName::Message => None,
    }
}

/// Whether this is a language tag (BCP 47), by its shape.
pub fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or("");
    let short = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic()) && parts.all(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(applicant: Applicant<'_>) -> Vec<String> {
        hard_problems(&applicant, &DEFAULT_REQUIRED).iter().map(Problem::to_string).collect()
    }

    #[test]
    fn a_complete_signup_goes_in() {
        let good = Applicant {
            company: "=HYPERLINK(\"http://x.example\",\"Acme\")",
            last_name: "\u{1b}[31mRed\u{1b}[0m",
            email: " red@acme.example ",
            country: "USA",
            phone: Some("nonsense"),
            ..Applicant::default()
        };
        assert_eq!(problems(good), [""; 0]);
    }

    #[test]
    fn every_problem_is_named_with_its_remedy() {
        let bad = Applicant { email: "not an address", country: "XX", ..Applicant::default() };
        assert_eq!(
            problems(bad),
            [
                "company is missing; it is required",
                "last_name is missing; it is required",
                "email “not an address” has a blank in it; take the blank out",
                "country “XX” is not a country; give a two-letter code such as DE, or the name",
            ]
        );
    }

    #[test]
    fn language_and_acceptance_have_their_form() {
        let with = |language, accepted| Applicant {
            company: "Acme",
            last_name: "Red",
            email: "red@acme.example",
            country: "US",
            language: Some(language),
            privacy_accepted_at: Some(accepted),
            ..Applicant::default()
        };
        assert_eq!(problems(with("pt-BR", "2026-11-23T10:15:00+01:00")), [""; 0]);
        assert_eq!(
            problems(with("xx-yyyyyyyyyyyy", "yesterday")),
            [
                "language “xx-yyyyyyyyyyyy” is no language tag; give one such as de or pt-BR (BCP 47)",
                "privacy_accepted_at “yesterday” is no time; give one such as 2026-11-23T10:15:00Z (RFC 3339)",
            ]
        );
    }

    #[test]
    fn injected_headers_and_long_values_are_refused() {
        let long = "x".repeat(201);
        let bad = Applicant {
            company: &long,
            last_name: "Injector",
            email: "x@inject.example\r\nBcc: all@victim.example",
            country: "NL",
            ..Applicant::default()
        };
        let found = problems(bad);
        assert!(found[0].ends_with("has 201 characters; at most 200 are taken"), "{found:?}");
        assert_eq!(
            found[1],
            "email “x@inject.example␍␊Bcc: all@victim.example” has a line break or another hidden character in it; \
             type it again by hand"
        );
        assert_eq!(found.len(), 2);
    }
}
