//! What a person types into a date field becomes one calendar day between 1900 and 2199, or a problem that says what to type.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// Why a typed date was not taken; `Display` is the sentence for the reader, [`DateProblem::remedy`] the way out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateProblem {
    /// Nothing was typed.
    #[error("no date was given")]
    Empty,
    /// The text has none of the known forms.
    #[error("“{0}” is not a date")]
    NotADate(String),
    /// The form is right, the day does not exist (31 February, month 13).
    #[error("there is no day {day} in month {month} of {year}")]
    NoSuchDay {
        /// The year read from the text.
        year: i32,
        /// The month read from the text.
        month: u32,
        /// The day read from the text.
        day: u32,
    },
    /// The year is outside 1900 to 2199, or was typed with a length that cannot be a year.
    #[error("the year {0} is out of range")]
    Year(String),
}

impl DateProblem {
    /// What to type instead, one sentence (interface.md, Keys: "Dates").
    pub fn remedy(&self) -> &'static str {
        match self {
            DateProblem::Empty | DateProblem::NotADate(_) => {
                "Type today, tomorrow, +3d, fri, 2026-12-31, 31.12.2026 or 31 dec."
            }
            DateProblem::NoSuchDay { .. } => {
                "The day comes before the month: 31.12.2026, or write 2026-12-31."
            }
            DateProblem::Year(_) => "Type the year with four digits, 1900 to 2199.",
        }
    }
}

/// Which number comes first in a date with slashes, where the year does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DayOrder {
    /// 31/12/2026, as nearly everywhere.
    #[default]
    DayFirst,
    /// 12/31/2026, as in the United States.
    MonthFirst,
}

/// Reads a date as typed (interface.md, Keys: "Dates"; conventions.md 33).
///
/// Words (`today`, `tomorrow`, `yesterday`, `fri`, `last fri`), distances (`+3d`, `-2w`, `+1m`, `+1y`), ISO
/// (`2026-12-01`, `20261201`), day first (`31.12.2026`, `31/12/2026`, `31.12.`) and month names (`1 dec`, `dec 1 2026`).
/// A weekday is the next one after `today`; a date without a year is the next such day, today included;
/// a year of two digits is in this century, never the year 26.
pub fn parse_date(text: &str, today: NaiveDate) -> Result<NaiveDate, DateProblem> {
    parse_date_as(text, today, DayOrder::DayFirst)
}

/// The same, for a reader whose locale puts the month first where slashes separate (conventions.md 33). With points the day
/// is first for everybody.
pub fn parse_date_as(text: &str, today: NaiveDate, order: DayOrder) -> Result<NaiveDate, DateProblem> {
    let typed = text.trim().to_lowercase();
    if typed.is_empty() {
        return Err(DateProblem::Empty);
    }
    let refuse = || DateProblem::NotADate(text.trim().chars().take(40).collect());
    let found = match typed.as_str() {
        "today" | "now" => Some(Ok(today)),
        "tomorrow" => Some(shift(today, 1, 'd')),
        "yesterday" => Some(shift(today, -1, 'd')),
        _ => distance(&typed, today)
            .or_else(|| weekday(&typed, today))
            .or_else(|| written(&typed, today, order)),
    };
    found.unwrap_or_else(|| Err(refuse()))
}

fn distance(typed: &str, today: NaiveDate) -> Option<Result<NaiveDate, DateProblem>> {
    let (sign, rest) = match typed.strip_prefix('+') {
        Some(rest) => (1, rest.trim_start()),
        None => (-1, typed.strip_prefix(['-', '−'])?.trim_start()),
    };
    let digits = rest.trim_end_matches(|c: char| c.is_alphabetic()).trim_end();
    let unit = match rest[digits.len()..].trim() {
        "" | "d" | "day" | "days" => 'd',
        "w" | "week" | "weeks" => 'w',
        "m" | "mo" | "month" | "months" => 'm',
        "y" | "year" | "years" => 'y',
        _ => return None,
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let count: i64 = match digits.parse() {
        Ok(count) => count,
        Err(_) => return Some(Err(DateProblem::Year("that far away".into()))),
    };
    Some(shift(today, sign * count, unit))
}

fn shift(today: NaiveDate, count: i64, unit: char) -> Result<NaiveDate, DateProblem> {
    let far = || DateProblem::Year("that far away".into());
    let steps = count.unsigned_abs();
    let (days, months) = match unit {
        'w' => (steps.checked_mul(7).ok_or_else(far)?, 0),
        'm' => (0, steps),
        'y' => (0, steps.checked_mul(12).ok_or_else(far)?),
        _ => (steps, 0),
    };
    let months = Months::new(u32::try_from(months).map_err(|_| far())?);
    let moved = if count < 0 {
        today.checked_sub_months(months).and_then(|day| day.checked_sub_days(Days::new(days)))
    } else {
        today.checked_add_months(months).and_then(|day| day.checked_add_days(Days::new(days)))
    };
    moved.filter(|day| (1900..2200).contains(&day.year())).ok_or_else(far)
}

fn weekday(typed: &str, today: NaiveDate) -> Option<Result<NaiveDate, DateProblem>> {
    let (back, name) = match typed.split_once([' ', '-']) {
        Some(("last", name)) => (true, name.trim()),
        Some(("next", name)) => (false, name.trim()),
        Some(_) => return None,
        None => (false, typed),
    };
    if name.len() < 3 {
        return None;
    }
    const NAMES: [(&str, Weekday); 7] = [
        ("monday", Weekday::Mon),
        ("tuesday", Weekday::Tue),
        ("wednesday", Weekday::Wed),
        ("thursday", Weekday::Thu),
        ("friday", Weekday::Fri),
        ("saturday", Weekday::Sat),
        ("sunday", Weekday::Sun),
    ];
    let (_, wanted) = NAMES.iter().find(|(full, _)| full.starts_with(name))?;
    let ahead =
        i64::from((7 + wanted.num_days_from_monday() - today.weekday().num_days_from_monday() - 1) % 7 + 1);
    Some(shift(today, if back { ahead % 7 - 7 } else { ahead }, 'd'))
}

/// The forms with numbers and month names; the order is by separator, day first unless the first part has four digits.
fn written(typed: &str, today: NaiveDate, order: DayOrder) -> Option<Result<NaiveDate, DateProblem>> {
    if typed.len() == 8 && typed.bytes().all(|b| b.is_ascii_digit()) {
        return Some(day_of(&typed[..4], typed[4..6].parse().ok()?, typed[6..].parse().ok()?));
    }
    let parts: Vec<&str> =
        typed.split(['.', '/', '-', ' ', ',']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| -> Option<u32> {
        let digits =
            part.trim_end_matches("st").trim_end_matches("nd").trim_end_matches("rd").trim_end_matches("th");
        (digits.len() <= 2 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
            .then(|| digits.parse().ok())?
    };
    let swapped = order == DayOrder::MonthFirst && typed.contains('/');
    let is_year = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 && is_year(year) => {
            let month = number(month).or_else(|| month_named(month))?;
            Some(day_of(year, month, number(day)?))
        }
        [first, second, year] if is_year(year) => match (month_named(first), month_named(second)) {
            (Some(month), _) => Some(day_of(year, month, number(second)?)),
            (None, Some(month)) => Some(day_of(year, month, number(first)?)),
            (None, None) if swapped => Some(day_of(year, number(first)?, number(second)?)),
            (None, None) => Some(day_of(year, number(second)?, number(first)?)),
        },
        [first, second] => {
            let (month, day) = match (month_named(first), month_named(second)) {
                (Some(month), _) => (month, number(second)?),
                (None, Some(month)) => (month, number(first)?),
                (None, None) if swapped => (number(first)?, number(second)?),
                (None, None) if !typed.contains(['-', ' ']) => (number(second)?, number(first)?),
                (None, None) => return None,
            };
            Some(next_such_day(month, day, today))
        }
        _ => None,
    }
}

fn month_named(part: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if part.len() < 3 {
        return None;
    }
    let index =
        NAMES.iter().position(|name| name.starts_with(part) || (part == "sept" && *name == "september"))?;
    u32::try_from(index + 1).ok()
}

fn day_of(year: &str, month: u32, day: u32) -> Result<NaiveDate, DateProblem> {
    let number: i32 = match (year.len(), year.parse::<i32>()) {
        (2, Ok(short)) => 2000 + short,
        (4, Ok(full)) if (1900..2200).contains(&full) => full,
        _ => return Err(DateProblem::Year(year.chars().take(12).collect())),
    };
    NaiveDate::from_ymd_opt(number, month, day).ok_or(DateProblem::NoSuchDay { year: number, month, day })
}

fn next_such_day(month: u32, day: u32, today: NaiveDate) -> Result<NaiveDate, DateProblem> {
    (today.year()..=today.year() + 8)
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .find(|found| *found >= today)
        .ok_or(DateProblem::NoSuchDay { year: today.year(), month, day })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(iso: &str) -> NaiveDate {
        iso.parse().unwrap()
    }

    #[test]
    fn every_form_means_the_day_a_person_would_mean() {
        let today = day("2026-11-25"); // a Wednesday
        #[rustfmt::skip]
        let table = [
            ("today",        "2026-11-25"), ("Tomorrow",     "2026-11-26"), ("yesterday",   "2026-11-24"),
            ("+3d",          "2026-11-28"), ("-2w",          "2026-11-11"), ("+1m",         "2026-12-25"),
            ("+ 3 days",     "2026-11-28"), ("-1y",          "2025-11-25"), ("+3",          "2026-11-28"),
            ("fri",          "2026-11-27"), ("Friday",       "2026-11-27"), ("wed",         "2026-12-02"),
            ("thu",          "2026-11-26"), ("tue",          "2026-12-01"), ("last wed",    "2026-11-18"),
            ("last thu",     "2026-11-19"), ("last tue",     "2026-11-24"), ("next fri",    "2026-11-27"),
            ("2026-12-01",   "2026-12-01"), ("20261201",     "2026-12-01"), ("2026/12/01",  "2026-12-01"),
            ("31.12.2026",   "2026-12-31"), ("31/12/2026",   "2026-12-31"), ("31.12.26",    "2026-12-31"),
            ("31.12.",       "2026-12-31"), ("1/2",          "2027-02-01"), ("25.11.",      "2026-11-25"),
            ("1 dec",        "2026-12-01"), ("dec 1",        "2026-12-01"), ("1. Dec 2027", "2027-12-01"),
            ("1-dec-2026",   "2026-12-01"), ("dec 1st, 2026","2026-12-01"), ("24 nov",      "2027-11-24"),
            ("29 feb",       "2028-02-29"), (" 31.12.2026 ", "2026-12-31"), ("3 sept",      "2027-09-03"),
        ];
        for (typed, meant) in table {
            assert_eq!(parse_date(typed, today), Ok(day(meant)), "{typed}");
        }
    }

    #[test]
    fn where_the_month_comes_first_slashes_mean_so() {
        let today = day("2026-11-25");
        let read = |typed| parse_date_as(typed, today, DayOrder::MonthFirst);
        #[rustfmt::skip]
        let table = [
            ("12/31/2026", "2026-12-31"), ("1/2/27", "2027-01-02"), ("12/1",       "2026-12-01"), ("31.12.2026", "2026-12-31"),
            ("2026/12/01", "2026-12-01"), ("1 dec",  "2026-12-01"), ("2026-12-01", "2026-12-01"),
        ];
        for (typed, meant) in table {
            assert_eq!(read(typed), Ok(day(meant)), "{typed}");
        }
        assert!(matches!(read("31/12/2026"), Err(DateProblem::NoSuchDay { .. })));
    }

    #[test]
    fn what_is_not_a_date_is_said_with_a_way_out() {
        let today = day("2026-11-25");
        assert_eq!(parse_date(" ", today), Err(DateProblem::Empty));
        for typed in ["soon", "7", "fr", "12", "1-2", "2026", "+x", "+", "-", "1.2.3.4", "+3d4", "٣"] {
            assert!(matches!(parse_date(typed, today), Err(DateProblem::NotADate(_))), "{typed}");
        }
        for typed in ["31.2.2026", "12/31/2026", "30 feb", "2026-13-01", "0.1.2026"] {
            assert!(matches!(parse_date(typed, today), Err(DateProblem::NoSuchDay { .. })), "{typed}");
        }
        for typed in ["1.1.026", "1.1.0026", "1.1.1899", "2200-01-01", "+99999999999999999999d", "+9000y"] {
            assert!(matches!(parse_date(typed, today), Err(DateProblem::Year(_))), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_day_of_our_time_or_a_problem(text in "\\PC{0,24}") {
            if let Ok(found) = parse_date(&text, day("2026-11-25")) {
                prop_assert!((1900..2200).contains(&found.year()));
            }
        }

        #[test]
        fn text_made_of_date_pieces_never_panics(text in "[0-9./ +\\-]{0,12}(d|w|m|y|dec|fri|last)?[0-9 ]{0,4}") {
            if let Ok(found) = parse_date(&text, day("2026-11-25")) {
                prop_assert!((1900..2200).contains(&found.year()));
            }
        }

        #[test]
        fn every_day_can_be_typed_back(offset in 0i64..100_000, today in 0i64..40_000) {
            let base = day("1920-01-01");
            let wanted = base + chrono::Duration::days(offset);
            let today = base + chrono::Duration::days(today);
            prop_assume!(wanted.year() < 2200);
            for form in ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y%m%d", "%-d %b %Y", "%B %-d, %Y"] {
                prop_assert_eq!(parse_date(&wanted.format(form).to_string(), today), Ok(wanted));
            }
        }
    }
}
