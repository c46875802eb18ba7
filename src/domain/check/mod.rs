//! What is noticed about a sign-up before a person decides: advice, never a wall; only [`hard_problems`] keeps anything out.

pub mod applicant;
pub mod context;
pub mod country;
pub mod email;
mod lookalike;
pub mod phone;
mod phone_plan;
pub mod postal;
mod problem;
mod script;
pub mod tax;
mod tax_sums;
mod words;

use std::fmt;

pub use applicant::{Applicant, FieldName};
pub use problem::{DEFAULT_REQUIRED, Problem, hard_problems, is_language};

/// The named checks of a sign-up (registration.md, Checks), in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckName {
    /// The address follows the grammar that we accept.
    EmailSyntax,
    /// The domain looks like a well-known one misspelt, or like other letters than it has.
    EmailDomain,
    /// The phone number is possible in the country.
    Phone,
    /// The postal code has a form that the country uses.
    PostalCode,
    /// The tax number's check digits are right.
    TaxNumber,
    /// The country is one.
    Country,
    /// The company name holds letters.
    CompanyName,
    /// A field holds control, bidirectional or invisible characters.
    HiddenText,
    /// Several sign-ups came from the same e-mail, domain or phone within a day.
    SeveralToday,
    /// The same applicant was rejected or withdrew before.
    EarlierSignup,
    /// The office's privacy text was accepted; looked at where the office expects one.
    Privacy,
    /// Customers or open sign-ups that may be the same.
    Duplicates,
}

impl CheckName {
    /// Every check, in the order in which they are shown.
    #[rustfmt::skip]
    pub const ALL: [CheckName; 12] = [
        CheckName::EmailSyntax, CheckName::EmailDomain, CheckName::Phone, CheckName::PostalCode,
        CheckName::TaxNumber, CheckName::Country, CheckName::CompanyName, CheckName::HiddenText,
        CheckName::SeveralToday, CheckName::EarlierSignup, CheckName::Privacy,
        CheckName::Duplicates,
    ];

    /// The stable name: what is stored and what `--json` prints.
    #[rustfmt::skip]
    pub fn as_str(self) -> &'static str {
        match self {
            CheckName::EmailSyntax   => "email_syntax",
            CheckName::EmailDomain   => "email_domain",
            CheckName::Phone         => "phone",
            CheckName::PostalCode    => "postal_code",
            CheckName::TaxNumber     => "tax_number",
            CheckName::Country       => "country",
            CheckName::CompanyName   => "company_name",
            CheckName::HiddenText    => "hidden_text",
            CheckName::SeveralToday  => "several_today",
            CheckName::EarlierSignup => "earlier_signup",
            CheckName::Privacy       => "privacy",
            CheckName::Duplicates    => "duplicates",
        }
    }

    /// The name on the screen.
    #[rustfmt::skip]
    pub fn title(self) -> &'static str {
        match self {
            CheckName::EmailSyntax   => "E-mail",
            CheckName::EmailDomain   => "E-mail domain",
            CheckName::Phone         => "Phone",
            CheckName::PostalCode    => "Postal code",
            CheckName::TaxNumber     => "Tax number",
            CheckName::Country       => "Country",
            CheckName::CompanyName   => "Company name",
            CheckName::HiddenText    => "Hidden text",
            CheckName::SeveralToday  => "Same sender",
            CheckName::EarlierSignup => "Earlier sign-up",
            CheckName::Privacy       => "Privacy text",
            CheckName::Duplicates    => "Duplicates",
        }
    }

    /// The check of that stable name.
    pub fn parse(name: &str) -> Option<CheckName> {
        CheckName::ALL.into_iter().find(|check| check.as_str() == name)
    }
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Nothing to check, or no rule known.
    NotApplicable,
    /// As it should be.
    Good,
    /// Worth a look.
    Attention,
    /// Almost certainly wrong.
    Bad,
}

impl Outcome {
    /// The stable name: what is stored and what `--json` prints.
    #[rustfmt::skip]
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::NotApplicable => "not_applicable",
            Outcome::Good          => "good",
            Outcome::Attention     => "attention",
            Outcome::Bad           => "bad",
        }
    }

    /// The mark before the word; never shown without it (registration.md, Checks).
    pub fn mark(self) -> &'static str {
        match self {
            Outcome::NotApplicable => "·",
            Outcome::Good => "✓",
            Outcome::Attention => "!",
            Outcome::Bad => "✗",
        }
    }

    /// The outcome of that stable name.
    pub fn parse(name: &str) -> Option<Outcome> {
        [Outcome::NotApplicable, Outcome::Good, Outcome::Attention, Outcome::Bad]
            .into_iter()
            .find(|outcome| outcome.as_str() == name)
    }
}

/// One check's result: an outcome and a word for it, already safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which check.
    pub check: CheckName,
    /// What it came to.
    pub outcome: Outcome,
    /// A few words: `fits PT`, `looks like gmail.com`.
    pub word: String,
}

impl Finding {
    pub(crate) fn new(check: CheckName, outcome: Outcome, word: impl Into<String>) -> Finding {
        Finding { check, outcome, word: word.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.outcome.mark(), self.check.title(), self.word)
    }
}

/// All checks that need the sign-up alone, in the order of [`CheckName::ALL`], one finding each
/// (registration.md, Checks). Those that need other records are made in [`context`].
pub fn checks(applicant: &Applicant<'_>) -> Vec<Finding> {
    vec![
        email::check_syntax(applicant),
        lookalike::check_domain(applicant),
        phone::check(applicant),
        postal::check(applicant),
        tax::check(applicant),
        country::check(applicant),
        words::check_company(applicant),
        words::check_hidden(applicant),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(applicant: &Applicant<'_>) -> Vec<String> {
        checks(applicant)
            .into_iter()
            .filter(|finding| finding.outcome != Outcome::NotApplicable)
            .map(|finding| finding.to_string())
            .collect()
    }

    #[test]
    fn a_good_signup_is_good_throughout() {
        let applicant = Applicant {
            company: "Café Aurora Lda",
            last_name: "Lima",
            email: "ana.lima@cafe-aurora.example",
            phone: Some("+351 21 555 0132"),
            postal_code: Some("1100-053"),
            country: "PT",
            tax_number: Some("PT501964843"),
            ..Applicant::default()
        };
        assert_eq!(
            shown(&applicant),
            [
                "✓ E-mail: well formed",
                "✓ E-mail domain: nothing odd",
                "✓ Phone: fits PT",
                "✓ Postal code: fits PT",
                "✓ Tax number: PT check digits right",
                "✓ Country: Portugal",
                "✓ Company name: has letters",
                "✓ Hidden text: none",
            ]
        );
    }

    #[test]
    fn a_bad_signup_says_why() {
        let applicant = Applicant {
            company: "---",
            last_name: "Li\u{202e}ma",
            email: "chloe@gmial.com",
            phone: Some("12"),
            postal_code: Some("ABC"),
            country: "FR",
            tax_number: Some("FR40303265046"),
            ..Applicant::default()
        };
        assert_eq!(
            shown(&applicant),
            [
                "✓ E-mail: well formed",
                "! E-mail domain: looks like gmail.com",
                "! Phone: does not fit FR",
                "! Postal code: does not fit FR",
                "✗ Tax number: FR check digits wrong",
                "✓ Country: France",
                "✗ Company name: no letters",
                "✗ Hidden text: Last name",
            ]
        );
    }

    #[test]
    fn names_are_stable_and_found_again() {
        for check in CheckName::ALL {
            assert_eq!(CheckName::parse(check.as_str()), Some(check));
        }
        assert_eq!(Outcome::parse("bad"), Some(Outcome::Bad));
        assert_eq!(Outcome::parse("worse"), None);
    }
}
