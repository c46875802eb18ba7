//! Applicant values on their way into the row: put into shape, judged, folded into keys and search text.

use std::collections::BTreeMap;

use crate::desk::error::{Error, FieldProblem, Result};
use crate::desk::settings::Settings;
use crate::domain::check::country::parse_country;
use crate::domain::check::email::parse_email;
use crate::domain::check::phone::normalise_phone;
use crate::domain::check::{Applicant, FieldName, hard_problems};
use crate::domain::field::{Lines, REQUIRED, SIGNUP_FIELDS, signup_field};
use crate::domain::text::{digits, fold, has_hidden, normalise_line};

/// All applicant values by field name; no empty ones.
pub type Values = BTreeMap<String, String>;

/// The value of a field, or nothing.
pub fn value<'a>(values: &'a Values, name: &str) -> Option<&'a str> {
    values.get(name).map(String::as_str).filter(|v| !v.is_empty())
}

/// The same values as the checks want them.
pub fn applicant(values: &Values) -> Applicant<'_> {
    Applicant::from_values(|name| value(values, name))
}

/// Puts values into shape: known names only, line fields on one line, country as a code. All problems at once.
pub fn shape(given: &Values, settings: &Settings) -> Result<Values> {
    let mut values = Values::new();
    let mut problems = Vec::new();
    for (name, text) in given {
        let Some(field) = signup_field(name) else {
            problems.push(FieldProblem::new(name, text, "is no field of a sign-up", known_fields()));
            continue;
        };
        if !text.trim().is_empty() {
            values.insert(field.name.to_owned(), text.clone());
        }
    }
    let country = value(&values, "country").and_then(parse_country);
    let required = required(settings, country);
    problems.extend(
        hard_problems(&applicant(&values), &required)
            .into_iter()
            .map(|p| FieldProblem::new(p.field.as_str(), &p.value, p.problem, p.remedy)),
    );
    for (name, text) in &mut values {
        if signup_field(name).is_some_and(|f| f.lines == Lines::One) {
            *text = normalise_line(text);
        }
    }
    if let Some(code) = country {
        values.insert("country".into(), code.into());
    }
    if problems.is_empty() { Ok(values) } else { Err(Error::Invalid(problems)) }
}

fn known_fields() -> String {
    let names: Vec<&str> = SIGNUP_FIELDS.iter().map(|f| f.name).collect();
    format!("Fields are {}.", names.join(", "))
}

/// What must be filled: the four that always must, and what the office asks of this country. A country's rules are
/// the general ones with its own changes, so they stand for both.
fn required(settings: &Settings, country: Option<&str>) -> Vec<FieldName> {
    let rules = country.and_then(|c| settings.fields_by_country.get(c)).unwrap_or(&settings.fields);
    let names = REQUIRED.iter().copied().chain(rules.require.iter().map(String::as_str));
    names.filter_map(FieldName::parse).collect()
}

/// Columns made from the values, kept beside them for look-ups, order and search.
pub struct Keys {
    pub company: String,
    pub contact: String,
    pub email: String,
    pub domain: Option<String>,
    pub phone: Option<String>,
    pub tax: Option<String>,
    pub search: String,
    pub hidden: bool,
}

/// The keys of a sign-up with that number.
pub fn keys(number: &str, values: &Values) -> Keys {
    let get = |name| value(values, name).unwrap_or("");
    let email = parse_email(get("email")).ok();
    let person = format!("{} {}", get("first_name"), get("last_name"));
    let phone = value(values, "phone").and_then(|p| normalise_phone(p, value(values, "country")));
    let tax = Some(tax_key(get("tax_number"))).filter(|t| !t.is_empty());
    let spoken: String = get("message").chars().take(200).collect();
    let raw_digits = digits(get("phone"));
    let parts = [
        number,
        get("company"),
        &person,
        get("email"),
        get("phone"),
        &raw_digits,
        phone.as_deref().unwrap_or(""),
    ];
    let more = [
        get("city"),
        get("postal_code"),
        get("country"),
        tax.as_deref().unwrap_or(""),
        get("user_name"),
        &spoken,
    ];
    let email_key = email.as_ref().map_or_else(|| fold(get("email")), |e| e.key());
    let search = search_text(parts.iter().chain(more.iter()));
    Keys {
        company: key(get("company")),
        contact: key(&format!("{} {}", get("last_name"), get("first_name"))),
        domain: email.map(|e| e.ascii_domain().to_owned()),
        email: email_key,
        phone,
        tax,
        search,
        hidden: values.values().any(|v| has_hidden(v)),
    }
}

/// A folded sort key of bounded length.
pub fn key(text: &str) -> String {
    fold(text).chars().take(64).collect()
}

/// Letters and digits of a tax number, so that blanks and dots do not matter.
pub fn tax_key(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Folded parts with a blank on every side, so that the beginning of a word can be searched for.
pub fn search_text<'a>(parts: impl Iterator<Item = &'a &'a str>) -> String {
    let folded: Vec<String> = parts.map(|p| fold(p)).filter(|p| !p.is_empty()).collect();
    format!(" {} ", folded.join(" "))
}
