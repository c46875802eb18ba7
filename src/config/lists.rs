//! The sections whose keys the office names itself: reasons, fields per country, own keys. A section that is there but empty keeps the default.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::check::{field_names, is_country};
use super::problem::Problem;
use super::screen::Binding;
use super::settings::{Config, FieldRules, RejectReason};
use super::value::Setting;

/// Names of these sections.
pub const LISTS: &[&str] = &["signup.reject_reasons", "screen.bind"];

/// Which line a byte of the file lies on, counted from 1.
pub type LineOf<'a> = &'a dyn Fn(usize) -> usize;

/// An entry as it stands in the file.
struct Entry<'a> {
    name: &'a str,
    value: &'a DeValue<'a>,
    line: usize,
}

/// The entries of a table in the order of the file, since TOML's tables have none.
fn in_file_order<'a>(table: &'a DeTable<'a>, line_of: LineOf<'_>) -> Vec<Entry<'a>> {
    let mut rows: Vec<(&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)> = table.iter().collect();
    rows.sort_by_key(|(key, _)| key.span().start);
    rows.into_iter()
        .map(|(key, value)| Entry {
            name: key.get_ref(),
            value: value.get_ref(),
            line: line_of(key.span().start),
        })
        .collect()
}

/// Reads `[signup.reject_reasons]`: code = "text".
pub fn reject_reasons(config: &mut Config, table: &DeTable<'_>, line_of: LineOf<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut reasons = Vec::new();
    for entry in in_file_order(table, line_of) {
        let key = format!("signup.reject_reasons.{}", entry.name);
        let code = !entry.name.is_empty()
            && entry.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !code {
            problems.push(
                Problem::wrong(&key, "must be named in lower-case letters, digits and underscores")
                    .at(entry.line),
            );
            continue;
        }
        match String::read(entry.value) {
            Ok(text) if !text.trim().is_empty() => {
                reasons.push(RejectReason { code: entry.name.to_owned(), text })
            }
            Ok(_) => problems.push(Problem::wrong(&key, "must say what it means").at(entry.line)),
            Err(message) => problems.push(Problem::wrong(&key, message).at(entry.line)),
        }
    }
    if !reasons.is_empty() {
        config.signup.reject_reasons = reasons;
    }
    problems
}

/// Reads `[screen.bind]`: action = "key", a list of keys, or "disabled".
pub fn bindings(config: &mut Config, table: &DeTable<'_>, line_of: LineOf<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for entry in in_file_order(table, line_of) {
        match Vec::<String>::read(entry.value) {
            Ok(mut keys) => {
                keys.retain(|key| key != "disabled" && !key.is_empty());
                config.screen.bind.push(Binding { action: entry.name.to_owned(), keys, line: entry.line });
            }
            Err(message) => {
                problems.push(Problem::wrong(&format!("screen.bind.{}", entry.name), message).at(entry.line))
            }
        }
    }
    problems
}

/// Reads `[signup.fields.DE]`; `country` is the section's last name.
pub fn country_fields(
    config: &mut Config,
    country: &str,
    section: (&DeTable<'_>, LineOf<'_>),
) -> Vec<Problem> {
    let (table, line_of) = section;
    let mut problems = Vec::new();
    let mut rules = FieldRules::default();
    for entry in in_file_order(table, line_of) {
        let key = format!("signup.fields.{country}.{}", entry.name);
        let place = match entry.name {
            "hide" => &mut rules.hide,
            "show" => &mut rules.show,
            "require" => &mut rules.require,
            _ => {
                problems.push(
                    Problem::warning(&key, "is not known; there are hide, show and require").at(entry.line),
                );
                continue;
            }
        };
        match (Vec::<String>::read(entry.value), field_names(entry.value)) {
            (Ok(names), None) => *place = names,
            (Ok(_), Some(message)) | (Err(message), _) => {
                problems.push(Problem::wrong(&key, message).at(entry.line))
            }
        }
    }
    if is_country(country) {
        config.signup.country_fields.insert(country.to_owned(), rules);
    } else {
        let line = table.keys().map(|key| line_of(key.span().start)).min();
        let problem = Problem::wrong(
            &format!("signup.fields.{country}"),
            "must be named by a two-letter country code such as \"DE\"",
        );
        problems.push(line.into_iter().fold(problem, Problem::at));
    }
    problems
}
