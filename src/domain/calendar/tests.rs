//! The calendar against a model that walks minute by minute.

use proptest::prelude::*;

use super::*;

fn berlin() -> Calendar {
    let holidays = Holidays::parse(&["2026-12-25", "01-01"]).unwrap();
    Calendar::new(
        Tz::Europe__Berlin,
        Week::parse("mon-thu 09:00-12:00 13:00-17:00, fri 09:00-14:00").unwrap(),
        holidays,
    )
    .unwrap()
}

fn at(calendar: &Calendar, text: &str) -> i64 {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    calendar.moment(local)
}

fn shown(calendar: &Calendar, ms: i64) -> String {
    calendar.local(ms).format("%Y-%m-%d %H:%M").to_string()
}

#[test]
fn working_days_keep_the_time_of_day() {
    let calendar = berlin();
    #[rustfmt::skip]
    let cases = [
        // from                span                       due
        ("2026-11-23 10:00", Span::WorkingDays(2),      "2026-11-25 10:00"),
        ("2026-11-26 16:00", Span::WorkingDays(1),      "2026-11-27 14:00"), // Friday closes at two
        ("2026-11-27 10:00", Span::WorkingDays(1),      "2026-11-30 10:00"), // over the week-end
        ("2026-11-28 10:00", Span::WorkingDays(1),      "2026-12-01 09:00"), // begins on Monday at nine
        ("2026-12-24 10:00", Span::WorkingDays(1),      "2026-12-28 10:00"), // Christmas is a Friday
        ("2026-12-31 10:00", Span::WorkingDays(1),      "2027-01-04 10:00"), // every New Year
        ("2026-11-23 11:00", Span::WorkingMinutes(120), "2026-11-23 14:00"), // over lunch
        ("2026-11-27 13:00", Span::WorkingMinutes(120), "2026-11-30 10:00"),
        ("2026-11-23 20:00", Span::WorkingMinutes(30),  "2026-11-24 09:30"),
        ("2026-10-24 23:00", Span::Minutes(360),        "2026-10-25 04:00"), // the night has an hour more
        ("2026-10-23 10:00", Span::WorkingDays(1),      "2026-10-26 10:00"), // and the morning is still at ten
        ("2026-03-27 10:00", Span::WorkingDays(1),      "2026-03-30 10:00"),
    ];
    for (from, span, due) in cases {
        assert_eq!(shown(&calendar, calendar.add(at(&calendar, from), span)), due, "{from} {span:?}");
    }
}

#[test]
fn reminders_count_back() {
    let calendar = berlin();
    #[rustfmt::skip]
    let cases = [
        ("2026-11-30 10:00", Span::Minutes(240),        "2026-11-30 06:00"),
        ("2026-11-30 10:00", Span::WorkingMinutes(120), "2026-11-27 13:00"),
        ("2026-11-30 10:00", Span::WorkingDays(1),      "2026-11-27 10:00"),
        ("2026-11-29 10:00", Span::WorkingDays(1),      "2026-11-26 14:00"),
    ];
    for (due, span, want) in cases {
        assert_eq!(shown(&calendar, calendar.before(at(&calendar, due), span)), want, "{due} {span:?}");
    }
}

#[test]
fn what_is_no_calendar_is_refused() {
    for hours in [
        "",
        "mon",
        "mon 9-17",
        "mon 17:00-09:00",
        "xyz 09:00-17:00",
        "mon 09:00-12:00 11:00-13:00",
        "mon 09:00-25:00",
    ] {
        assert!(Week::parse(hours).is_err(), "{hours}");
    }
    assert!(Holidays::parse(&["2026-02-30"]).is_err());
    assert!(Holidays::parse(&["Christmas"]).is_err());
    let week = Week::parse("sat-mon 09:00-12:00").unwrap();
    assert_eq!(week.to_string(), "mon 09:00-12:00, sat-sun 09:00-12:00");
}

/// The model: one minute after the other.
fn naive(calendar: &Calendar, from: i64, minutes: u32) -> i64 {
    let (mut now, mut left) = (from, i64::from(minutes));
    while left > 0 {
        if calendar.is_open(now) {
            left -= 1;
        }
        now += MINUTE;
    }
    now
}

/// Instants on whole minutes, most of them around the ends of summer time and the holidays.
fn instants() -> impl Strategy<Value = i64> {
    let near = |text: &'static str| {
        let middle = at(&berlin(), text) / MINUTE;
        (middle - 6000..middle + 6000).prop_map(|m| m * MINUTE)
    };
    prop_oneof![
        near("2026-03-29 03:00"),
        near("2026-10-25 02:30"),
        near("2026-12-25 12:00"),
        near("2027-01-01 00:00")
    ]
}

/// An office that works through the nights in which the clock is changed.
fn round_the_clock() -> Calendar {
    Calendar::new(
        Tz::Europe__Berlin,
        Week::parse("mon-sun 00:00-04:00 05:00-23:30").unwrap(),
        Holidays::default(),
    )
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn working_minutes_agree_with_the_clock_watcher(from in instants(), minutes in 1_u32..1500) {
        for calendar in [berlin(), round_the_clock()] {
            let due = calendar.add(from, Span::WorkingMinutes(minutes));
            prop_assert_eq!(due, naive(&calendar, from, minutes));
        }
    }

    #[test]
    fn back_and_forth_meet(due in instants(), minutes in 1_u32..1500) {
        for calendar in [berlin(), round_the_clock()] {
            let start = calendar.before(due, Span::WorkingMinutes(minutes));
            let open = (start / MINUTE..due / MINUTE).filter(|m| calendar.is_open(m * MINUTE)).count();
            prop_assert_eq!(open, minutes as usize);
        }
    }

    #[test]
    fn later_is_never_due_earlier(a in instants(), b in instants(), n in 1_u32..40) {
        let (a, b) = (a.min(b), a.max(b));
        for calendar in [berlin(), round_the_clock()] {
            for span in [Span::WorkingDays(n % 7 + 1), Span::WorkingMinutes(n * 37), Span::Minutes(n)] {
                prop_assert!(calendar.add(a, span) <= calendar.add(b, span), "{:?}", span);
                prop_assert!(calendar.before(a, span) <= calendar.before(b, span), "{:?}", span);
                prop_assert!(calendar.add(a, span) > a);
                prop_assert!(calendar.before(a, span) < a);
            }
        }
    }

    #[test]
    fn hours_read_as_they_are_written(text in "\\PC{0,40}") {
        if let Ok(week) = Week::parse(&text) {
            prop_assert_eq!(Week::parse(&week.to_string()).unwrap(), week);
        }
    }
}
