//! Phone numbers as people write them, brought to the digits of E.164; a number that is possible is never refused.

use unicode_normalization::UnicodeNormalization;

use super::applicant::{Applicant, FieldName};
use super::phone_plan::{PLANS, Plan};
use super::{CheckName, Finding, Outcome};
use crate::domain::text::digits;

/// The most digits of an international number (ITU-T E.164, 6.2).
const MOST_DIGITS: usize = 15;

/// The digits of E.164, calling code first and without `+`, of a number as it was typed; `country` (alpha-2) says
/// what a number without `+` or `00` means. `None` if no plan gives such a number: letters in it, too short, too
/// long, an unknown calling code. Blanks, punctuation, `(0)`, `tel:` and an extension do not matter.
pub fn normalise_phone(text: &str, country: Option<&str>) -> Option<String> {
    let written = Written::read(text)?;
    let home = country.and_then(plan_of);
    if written.international {
        return international(&written.digits);
    }
    if let Some(rest) = dialled_abroad(&written.digits, home) {
        return international(rest);
    }
    let home = home?;
    national(&written.digits, home).or_else(|| {
        // Written with the calling code but without the plus.
        written.digits.strip_prefix(home.1).and_then(|rest| national(rest, home))
    })
}

/// True if the number (as [`normalise_phone`] gives it) is one of that country, or of a country that shares its
/// calling code.
pub fn belongs_to(e164: &str, country: &str) -> bool {
    plan_of(country).is_some_and(|plan| calling_code(e164) == Some(plan.1))
}

/// The calling code that a number in E.164 digits begins with.
pub fn calling_code(e164: &str) -> Option<&'static str> {
    // No calling code is the beginning of another, so the first that fits is the one.
    PLANS.iter().map(|plan| plan.1).find(|code| e164.starts_with(code))
}

struct Written {
    digits: String,
    international: bool,
}

impl Written {
    fn read(text: &str) -> Option<Written> {
        let plain: String = text.nfkc().collect::<String>().trim().to_lowercase();
        let plain = plain.strip_prefix("tel:").unwrap_or(&plain).trim_start();
        let plain = without_extension(plain);
        if plain.chars().any(char::is_alphabetic) {
            return None;
        }
        let international = plain.trim_start_matches(['(', ' ']).starts_with('+');
        let written = if international { plain.replace("(0)", "") } else { plain.to_owned() };
        let digits = digits(&written);
        (!digits.is_empty()).then_some(Written { digits, international })
    }
}

/// Cuts `ext. 12`, `x12`, `;ext=12`, `#12` and their German and French sisters.
fn without_extension(text: &str) -> &str {
    const MARKS: [&str; 8] = [";ext", "ext", "extension", "x", "#", "durchwahl", "poste", "dw"];
    let cut = MARKS.iter().filter_map(|mark| text.find(mark)).filter(|at| *at > 0).min();
    text[..cut.unwrap_or(text.len())].trim_end_matches([' ', ',', ';', '-', '(', '/'])
}

fn plan_of(country: &str) -> Option<&'static Plan> {
    PLANS.iter().find(|plan| !country.is_empty() && plan.0 == country)
}

/// What follows the prefix for calls abroad, as dialled from the country.
fn dialled_abroad<'a>(digits: &'a str, home: Option<&Plan>) -> Option<&'a str> {
    let own = match home.map(|plan| (plan.0, plan.1)) {
        Some((_, "1")) => "011",
        Some(("AU", _)) => "0011",
        Some(("JP", _)) => "010",
        Some(("RU" | "KZ" | "BY" | "UZ" | "TM" | "TJ", _)) => "810",
        Some(_) | None => "00",
    };
    digits
        .strip_prefix(own)
        .or_else(|| digits.strip_prefix("00"))
        .filter(|rest| international(rest).is_some())
}

/// The digits themselves if some country with that calling code has such numbers; a trunk zero after the calling
/// code goes.
fn international(digits: &str) -> Option<String> {
    let code = calling_code(digits)?;
    let rest = &digits[code.len()..];
    PLANS.iter().filter(|plan| plan.1 == code).find_map(|plan| national(rest, plan))
}

/// Calling code and national number, without the trunk prefix. The prefix is taken off where the number would
/// otherwise be impossible, or where no national number begins with a zero.
fn national(digits: &str, plan: &Plan) -> Option<String> {
    let (_, code, fewest, most, trunks) = plan;
    let possible =
        |rest: &str| (*fewest..=*most).contains(&rest.len()) && code.len() + rest.len() <= MOST_DIGITS;
    let stripped = trunks
        .split(' ')
        .filter(|trunk| !trunk.is_empty())
        .filter_map(|trunk| Some((trunk, digits.strip_prefix(trunk)?)))
        .find(|(trunk, rest)| possible(rest) && (trunk.starts_with('0') || !possible(digits)));
    let number = stripped.map_or(digits, |(_, rest)| rest);
    possible(number).then(|| format!("{code}{number}"))
}

/// Phone valid for the country (registration.md, Checks). A number of another country is worth a look, not wrong.
pub(super) fn check(applicant: &Applicant<'_>) -> Finding {
    let check = CheckName::Phone;
    let Some(phone) = applicant.get(FieldName::Phone) else {
        return Finding::new(check, Outcome::NotApplicable, "none given");
    };
    let country = applicant.country_code();
    let Some(e164) = normalise_phone(phone, country) else {
        let word = country.map_or("not a phone number".into(), |country| format!("does not fit {country}"));
        return Finding::new(check, Outcome::Attention, word);
    };
    match country {
        Some(country) if belongs_to(&e164, country) => {
            Finding::new(check, Outcome::Good, format!("fits {country}"))
        }
        Some(country) => {
            let code = calling_code(&e164).unwrap_or_default();
            Finding::new(check, Outcome::Attention, format!("+{code}, not {country}"))
        }
        None => Finding::new(check, Outcome::Good, "possible number"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_meet_in_e164() {
        #[rustfmt::skip]
        let table = [
            ("+351 21 555 0132",        "PT", Some("351215550132")),
            ("00351215550132",          "PT", Some("351215550132")),
            ("351 215 550 132",         "PT", Some("351215550132")),
            ("21 555 0132",             "PT", Some("351215550132")),
            ("030 5550177",             "DE", Some("49305550177")),
            ("+49 (0)30 555-0177",      "DE", Some("49305550177")),
            ("030/5550177 Durchwahl 3", "DE", Some("49305550177")),
            ("(206) 555-0198",          "US", Some("12065550198")),
            ("1-206-555-0198 x12",      "US", Some("12065550198")),
            ("011 351 21 555 0132",     "US", Some("351215550132")),
            ("03-5550-0123",            "JP", Some("81355500123")),
            ("٠٤ ٥٥٥ ٠١١٠",             "AE", Some("97145550110")),
            ("04 55 50 01 88",          "FR", Some("33455500188")),
            ("+39 06 555 0166",         "IT", Some("39065550166")),
            ("06 555 0166",             "IT", Some("39065550166")),
            ("8 (495) 123-45-67",       "RU", Some("74951234567")),
            ("tel:+48425550199",        "PL", Some("48425550199")),
            ("1-800-FLOWERS",           "US", None),
            ("12",                      "FR", None),
            ("555-0198",                "US", None),
            ("",                        "US", None),
            ("call me",                 "US", None),
            ("+999 123456789",          "US", None),
            ("+1234567890123456789",    "US", None),
        ];
        for (given, country, e164) in table {
            assert_eq!(normalise_phone(given, Some(country)).as_deref(), e164, "{given} in {country}");
        }
        assert_eq!(normalise_phone("030 5550177", None), None);
    }

    #[test]
    fn a_number_from_abroad_is_worth_a_look() {
        let applicant = Applicant { phone: Some("+49 30 5550177"), country: "PT", ..Applicant::default() };
        let finding = check(&applicant);
        assert_eq!((finding.outcome, finding.word.as_str()), (Outcome::Attention, "+49, not PT"));
    }

    #[test]
    fn no_calling_code_begins_another() {
        for one in PLANS {
            assert!(
                one.2 <= one.3 && !PLANS.iter().any(|other| other.1 != one.1 && other.1.starts_with(one.1))
            );
        }
    }

    proptest! {
        #[test]
        fn normal_numbers_stay(text in "(\\PC|[0-9+() -]){0,24}") {
            if let Some(e164) = normalise_phone(&text, Some("DE")) {
                prop_assert!(e164.len() <= MOST_DIGITS && e164.bytes().all(|byte| byte.is_ascii_digit()));
            }
        }
    }
}
