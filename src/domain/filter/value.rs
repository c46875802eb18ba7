//! One typed value becomes a [`Value`] of its field's kind, or a reason that names what the field takes.

use super::{FieldDef, Kind, Value};
use crate::domain::date::parse_date;
use crate::domain::text::fold;
use chrono::{Datelike, Days, NaiveDate};

/// What is wrong with a value, and what would be right.
pub(super) struct ValueProblem {
    pub message: String,
    pub remedy: String,
}

/// All values that the text means; more than one only for a beginning that several states share.
pub(super) fn read(field: &FieldDef, typed: &str, today: NaiveDate) -> Result<Vec<Value>, ValueProblem> {
    let refuse = |message: String, remedy: String| Err(ValueProblem { message, remedy });
    match field.kind {
        Kind::Text => match fold(typed) {
            folded if folded.is_empty() => refuse(
                format!("“{typed}” has no letter or digit to look for"),
                format!("Type {0}:word, or {0}: alone for empty.", field.name),
            ),
            folded => Ok(vec![Value::Text(folded)]),
        },
        Kind::Person => match fold(typed) {
            _ if typed.eq_ignore_ascii_case("me") || typed.eq_ignore_ascii_case("mine") => {
                Ok(vec![Value::Me])
            }
            folded if folded.is_empty() => refuse(
                format!("“{typed}” is no login or name"),
                format!("Type {}:me or a login.", field.name),
            ),
            folded => Ok(vec![Value::Person(folded)]),
        },
        Kind::Number => match number(typed) {
            Some(found) => Ok(vec![Value::Number(found)]),
            None => refuse(
                format!("“{typed}” is not a number"),
                format!("Type {0}:5000 or {0}>5000.", field.name),
            ),
        },
        Kind::Date => match days(typed, today) {
            Ok((first, last)) => Ok(vec![Value::Days { first, last }]),
            Err(problem) => refuse(problem.to_string(), problem.remedy().into()),
        },
        Kind::Age => match age(typed) {
            Some((from_ms, until_ms)) => Ok(vec![Value::Age { from_ms, until_ms }]),
            None => refuse(
                format!("“{typed}” is not an age"),
                format!("Type {0}>7 for days, or {0}>2h, {0}<5w.", field.name),
            ),
        },
        Kind::State(states) => match states_meant(states, typed) {
            found if found.is_empty() => refuse(
                format!("{} is never “{typed}”", field.name),
                format!("It is one of {}.", states.join(", ")),
            ),
            found => Ok(found.into_iter().map(Value::State).collect()),
        },
    }
}

fn number(typed: &str) -> Option<f64> {
    let plain: String = typed.chars().filter(|c| !matches!(c, '_' | '\'' | '’' | ' ')).collect();
    let (digits, factor) = match plain.strip_suffix(['k', 'K']) {
        Some(thousands) => (thousands, 1_000.0),
        None => (plain.as_str(), 1.0),
    };
    let shaped = digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    let found: f64 = digits.parse().ok().filter(|_| shaped)?;
    Some(found * factor).filter(|value| value.is_finite())
}

/// A day, or the days of a month, a year, `week` or `month`.
fn days(typed: &str, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), crate::domain::date::DateProblem> {
    let month_of = |year: i32, month: u32| {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        first.checked_add_months(chrono::Months::new(1))?.pred_opt().map(|last| (first, last))
    };
    let lower = typed.trim().to_lowercase();
    let whole = match lower.as_str() {
        "week" | "this week" | "this-week" => {
            let monday = today.checked_sub_days(Days::new(today.weekday().num_days_from_monday().into()));
            monday.and_then(|first| Some((first, first.checked_add_days(Days::new(6))?)))
        }
        "month" | "this month" | "this-month" => month_of(today.year(), today.month()),
        _ if lower.len() == 4 => {
            lower.parse().ok().filter(|year| (1900..2200).contains(year)).and_then(|year| {
                NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31))
            })
        }
        _ if lower.len() == 7 => lower.split_once('-').and_then(|(year, month)| {
            let year = year.parse().ok().filter(|year| (1900..2200).contains(year))?;
            month_of(year, month.parse().ok()?)
        }),
        _ => None,
    };
    match whole {
        Some(range) => Ok(range),
        None => parse_date(&lower, today).map(|day| (day, day)),
    }
}

fn age(typed: &str) -> Option<(i64, i64)> {
    const MINUTE: i64 = 60_000;
    let typed = typed.trim().to_lowercase();
    let digits = typed.trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim_end();
    let unit = match typed[digits.len()..].trim() {
        "m" | "min" => MINUTE,
        "h" => 60 * MINUTE,
        "" | "d" => 24 * 60 * MINUTE,
        "w" => 7 * 24 * 60 * MINUTE,
        "y" => 365 * 24 * 60 * MINUTE,
        _ => return None,
    };
    if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let from = digits.parse::<i64>().ok()?.checked_mul(unit)?;
    Some((from, from.checked_add(unit)?))
}

/// The exact state; else all that begin with it at a word's end; else all that begin with it.
fn states_meant(states: &'static [&'static str], typed: &str) -> Vec<&'static str> {
    let wanted = fold(typed).replace(' ', "_");
    if wanted.is_empty() {
        return Vec::new();
    }
    let whole_word =
        |state: &&str| state.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.starts_with('_'));
    let pick =
        |keep: &dyn Fn(&&str) -> bool| states.iter().copied().filter(|state| keep(state)).collect::<Vec<_>>();
    [pick(&|state| **state == wanted), pick(&whole_word), pick(&|state| state.starts_with(wanted.as_str()))]
        .into_iter()
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: &[&str] = &["open", "open_again", "closed_stopped", "closed_completed", "verified_by_user"];

    #[test]
    fn a_beginning_means_every_state_that_has_it() {
        assert_eq!(states_meant(STATES, "closed"), ["closed_stopped", "closed_completed"]);
        assert_eq!(states_meant(STATES, "Closed/Stopped"), ["closed_stopped"]);
        assert_eq!(states_meant(STATES, "open"), ["open"], "the exact one wins");
        assert_eq!(states_meant(STATES, "ver"), ["verified_by_user"]);
        assert_eq!(states_meant(STATES, "verified by user"), ["verified_by_user"]);
        assert!(states_meant(STATES, "gone").is_empty());
        assert!(states_meant(STATES, "").is_empty());
    }

    #[test]
    fn numbers_are_finite_and_without_surprises() {
        assert_eq!(number("5000"), Some(5000.0));
        assert_eq!(number("5k"), Some(5000.0));
        assert_eq!(number("1'000.50"), Some(1000.5));
        assert_eq!(number("-3"), Some(-3.0));
        for text in ["", "k", "inf", "nan", "1e9", "0x10", "1.2.3", "-"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn days_may_be_a_month_a_year_or_a_week() {
        let day = |iso: &str| iso.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-25");
        assert_eq!(days("2026-02", today), Ok((day("2026-02-01"), day("2026-02-28"))));
        assert_eq!(days("2025", today), Ok((day("2025-01-01"), day("2025-12-31"))));
        assert_eq!(days("week", today), Ok((day("2026-11-23"), day("2026-11-29"))));
        assert_eq!(days("yesterday", today), Ok((day("2026-11-24"), day("2026-11-24"))));
        assert!(days("2026-13", today).is_err());
    }

    #[test]
    fn ages_are_spans_of_one_unit() {
        const DAY: i64 = 86_400_000;
        assert_eq!(age("7"), Some((7 * DAY, 8 * DAY)));
        assert_eq!(age("2h"), Some((2 * 3_600_000, 3 * 3_600_000)));
        assert_eq!(age("5w"), Some((35 * DAY, 42 * DAY)));
        for text in ["", "d", "-1", "1.5", "7q", "9999999y"] {
            assert_eq!(age(text), None, "{text}");
        }
    }
}
