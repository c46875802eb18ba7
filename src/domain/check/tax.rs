//! Tax numbers: which country's VAT number it is meant to be, and whether its check digits are right.

use super::applicant::{Applicant, FieldName};
use super::country::parse_country;
use super::tax_sums;
use super::{CheckName, Finding, Outcome};

/// What can be said about a tax number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaxNumber {
    /// The check digits are those of a number of this country (VAT prefix: `EL` for Greece, `XI` for Northern
    /// Ireland).
    Right(&'static str),
    /// Shaped for this country, but the check digits or the form are not its.
    Wrong(&'static str),
    /// Neither prefix nor country tells a rule.
    Unknown,
}

/// Looks at a VAT number of the European Union, the United Kingdom, Switzerland or Norway, with or without its
/// prefix; `country` (alpha-2) says whose it is where the prefix is missing. Only says that a number could have
/// been given out, not that it was (registration.md, Checks).
pub fn examine(text: &str, country: Option<&str>) -> TaxNumber {
    let compact: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '/' | '\u{a0}')).collect();
    let compact = compact.to_uppercase();
    let home = country.and_then(|country| tax_sums::rule_of(vat_prefix(country)));
    if let Some((prefix, rule)) = home
        && (rule(&compact) || compact.strip_prefix(prefix).is_some_and(rule))
    {
        return TaxNumber::Right(prefix);
    }
    let named = compact.get(..2).and_then(|prefix| tax_sums::rule_of(vat_prefix(prefix)));
    if let Some((prefix, rule)) = named
        && compact.chars().filter(char::is_ascii_digit).count() >= 5
    {
        let right = rule(&compact[2..]) || rule(&compact);
        // A Spanish or Cypriot number may begin with letters that are somebody else's prefix.
        if right || home.is_none() || compact.starts_with(home.map_or("", |(prefix, _)| prefix)) {
            return if right { TaxNumber::Right(prefix) } else { TaxNumber::Wrong(prefix) };
        }
    }
    home.map_or(TaxNumber::Unknown, |(prefix, _)| TaxNumber::Wrong(prefix))
}

/// The VAT prefix of a country: its alpha-2 code, except Greece.
fn vat_prefix(country: &str) -> &str {
    match country {
        "GR" => "EL",
        "MC" => "FR",
        "IM" => "GB",
        "LI" => "CH",
        other => other,
    }
}

/// Tax number checksum (registration.md, Checks).
pub(super) fn check(applicant: &Applicant<'_>) -> Finding {
    let check = CheckName::TaxNumber;
    let Some(number) = applicant.get(FieldName::TaxNumber) else {
        return Finding::new(check, Outcome::NotApplicable, "none given");
    };
    let country = applicant.country_code();
    match examine(number.trim(), country) {
        TaxNumber::Unknown => Finding::new(check, Outcome::NotApplicable, "no rule known"),
        TaxNumber::Wrong(prefix) => Finding::new(check, Outcome::Bad, format!("{prefix} check digits wrong")),
        TaxNumber::Right(prefix) => match country {
            Some(country)
                if vat_prefix(country) != prefix
                    && parse_country(prefix) != Some(country)
                    && (prefix, country) != ("XI", "GB") =>
            {
                Finding::new(check, Outcome::Attention, format!("{prefix} number, country is {country}"))
            }
            Some(_) | None => Finding::new(check, Outcome::Good, format!("{prefix} check digits right")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_recognised() {
        #[rustfmt::skip]
        let table = [
            ("PT501964843",          Some("PT"), TaxNumber::Right("PT")),
            ("501 964 843",          Some("PT"), TaxNumber::Right("PT")),
            ("501964844",            Some("PT"), TaxNumber::Wrong("PT")),
            ("DE136695976",          Some("DE"), TaxNumber::Right("DE")),
            ("de 136.695.976",       None,       TaxNumber::Right("DE")),
            ("DE136695975",          None,       TaxNumber::Wrong("DE")),
            ("DE136695976",          Some("PT"), TaxNumber::Right("DE")),
            ("EL094259216",          Some("GR"), TaxNumber::Right("EL")),
            ("GR094259216",          None,       TaxNumber::Right("EL")),
            ("CHE-107.787.577 MWST", Some("CH"), TaxNumber::Right("CH")),
            ("CHE107787577",         None,       TaxNumber::Right("CH")),
            ("XI980780684",          Some("GB"), TaxNumber::Right("XI")),
            ("12-3456789",           Some("US"), TaxNumber::Unknown),
            ("none",                 None,       TaxNumber::Unknown),
            ("é",                    None,       TaxNumber::Unknown),
        ];
        for (given, country, expected) in table {
            assert_eq!(examine(given, country), expected, "{given} in {country:?}");
        }
    }

    #[test]
    fn a_number_of_another_country_is_worth_a_look() {
        let applicant = Applicant { tax_number: Some("DE136695976"), country: "PT", ..Applicant::default() };
        let finding = check(&applicant);
        assert_eq!(
            (finding.outcome, finding.word.as_str()),
            (Outcome::Attention, "DE number, country is PT")
        );
    }
}
