//! Checks on the words themselves: a company name that names something, and nothing hidden in any field.

use super::applicant::{Applicant, FieldName};
use super::{CheckName, Finding, Outcome};
use crate::domain::text::has_hidden;

/// The company name is not empty of letters (registration.md, Checks). Any script's letters count.
pub(super) fn check_company(applicant: &Applicant<'_>) -> Finding {
    let check = CheckName::CompanyName;
    let Some(company) = applicant.get(FieldName::Company) else {
        return Finding::new(check, Outcome::Bad, "missing");
    };
    if !company.chars().any(char::is_alphabetic) {
        return Finding::new(check, Outcome::Bad, "no letters");
    }
    Finding::new(check, Outcome::Good, "has letters")
}

/// Control, bidirectional or invisible characters in any field (registration.md, Checks), naming the fields.
pub(super) fn check_hidden(applicant: &Applicant<'_>) -> Finding {
    let hiding: Vec<&str> = FieldName::ALL
        .into_iter()
        .filter(|field| applicant.get(*field).is_some_and(has_hidden))
        .map(FieldName::label)
        .collect();
    if hiding.is_empty() {
        return Finding::new(CheckName::HiddenText, Outcome::Good, "none");
    }
    Finding::new(CheckName::HiddenText, Outcome::Bad, hiding.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_need_letters_of_some_script() {
        #[rustfmt::skip]
        let table = [
            ("Acme",        Outcome::Good),
            ("株式会社",    Outcome::Good),
            ("3M",          Outcome::Good),
            ("12345",       Outcome::Bad),
            ("-- !! --",    Outcome::Bad),
            ("👍",          Outcome::Bad),
            ("  ",          Outcome::Bad),
        ];
        for (company, outcome) in table {
            let applicant = Applicant { company, ..Applicant::default() };
            assert_eq!(check_company(&applicant).outcome, outcome, "{company:?}");
        }
    }

    #[test]
    fn hidden_text_names_its_fields() {
        let applicant = Applicant {
            company: "A\u{200b}cme",
            message: Some("line\r\nline\tx\u{1b}"),
            city: Some("Łódź"),
            ..Applicant::default()
        };
        assert_eq!(check_hidden(&applicant).word, "Company, Message");
        let clean = Applicant { message: Some("two\r\nlines"), ..Applicant::default() };
        assert_eq!(check_hidden(&clean).outcome, Outcome::Good);
    }
}
