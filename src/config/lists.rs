//! The sections whose keys the office names itself: reasons, fields per country, own keys. A section that is there but empty keeps the default.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::check::{field_names, is_country};
use super::problem::Problem;
use super::screen::Binding;
use super::settings::{Config, FieldRules, RejectReason};
use super::value::Setting;
use crate::domain::canned::{Canned, PLACEHOLDERS, unknown};
use crate::domain::check::is_language;

/// Names of these sections.
pub const LISTS: &[&str] = &["signup.reject_reasons", "screen.bind", "texts"];

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
        if !is_code(entry.name) {
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

/// Reads `[texts]`: name = "text", or name = { de = "…", fr = "…" }.
pub fn texts(config: &mut Config, table: &DeTable<'_>, line_of: LineOf<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for entry in in_file_order(table, line_of) {
        let key = format!("texts.{}", entry.name);
        let mut wrong = |message: String| problems.push(Problem::wrong(&key, message).at(entry.line));
        if !is_code(entry.name) {
            wrong("must be named in lower-case letters, digits and underscores".into());
            continue;
        }
        let found: Result<Vec<(String, String)>, String> = match entry.value {
            DeValue::Table(languages) => in_file_order(languages, line_of)
                .into_iter()
                .map(|one| Ok((one.name.to_owned(), String::read(one.value)?)))
                .collect(),
            text => String::read(text).map(|text| vec![(String::new(), text)]),
        };
        let texts = match found {
            Ok(texts) if !texts.is_empty() && texts.iter().all(|(_, text)| !text.trim().is_empty()) => texts,
            Ok(_) => {
                wrong("must say something".into());
                continue;
            }
            Err(message) => {
                wrong(message);
                continue;
            }
        };
        if let Some((language, _)) =
            texts.iter().find(|(language, _)| !language.is_empty() && !is_language(language))
        {
            wrong(format!("“{language}” is no language; write de, fr, pt-BR"));
            continue;
        }
        let known: Vec<&str> = PLACEHOLDERS.iter().map(|(name, _)| *name).collect();
        if let Some(word) = texts.iter().find_map(|(_, text)| unknown(text).into_iter().next()) {
            wrong(format!("{{{word}}} stands for nothing; there are {}", known.join(", ")));
            continue;
        }
        config.texts.push(Canned { name: entry.name.to_owned(), texts });
    }
    problems
}

/// Whether something the office names itself is named so that it can be typed.
fn is_code(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
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
