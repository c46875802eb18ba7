//! Times are milliseconds since the epoch in UTC; here they become what people and files read, and back.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeZone, Utc};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The date as it is read back to the person who typed it, with its weekday: `Fri 2026-12-04` (conventions.md 33).
pub fn echo(date: NaiveDate) -> String {
    date.format("%a %Y-%m-%d").to_string()
}

/// A span in milliseconds as one whole unit: `now`, `5m`, `2h`, `3d`, `5w`, `2y` (interface.md, "Ages short").
///
/// Days up to 13, weeks up to a year; a negative span (a clock that was set back) is `now`.
pub fn age(span_ms: i64) -> String {
    match span_ms {
        span if span < MINUTE => "now".into(),
        span if span < HOUR => format!("{}m", span / MINUTE),
        span if span < DAY => format!("{}h", span / HOUR),
        span if span < 14 * DAY => format!("{}d", span / DAY),
        span if span < 365 * DAY => format!("{}w", span / (7 * DAY)),
        span => format!("{}y", span / (365 * DAY)),
    }
}

/// Milliseconds as RFC 3339 in UTC, `2026-11-25T09:12:00Z`, with milliseconds only where there are any (interface.md, JSON).
///
/// A time chrono cannot hold (beyond the year 262,000) gives the empty string.
pub fn to_rfc3339(at_ms: i64) -> String {
    let form = if at_ms % 1000 == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
    DateTime::from_timestamp_millis(at_ms).map(|at| at.to_rfc3339_opts(form, true)).unwrap_or_default()
}

/// The milliseconds of an RFC 3339 time with any offset; `None` where it is not one.
pub fn from_rfc3339(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text.trim()).ok().map(|at| at.timestamp_millis())
}

/// The time as short as it stays clear on the wall of `zone`: `10:41` today, `24 Nov 10:41` this year, else `2025-11-24`.
pub fn local_short<Z: TimeZone>(at_ms: i64, now_ms: i64, zone: &Z) -> String {
    let (Some(at), Some(now)) = (wall(at_ms, zone), wall(now_ms, zone)) else { return String::new() };
    let form = match (at.date() == now.date(), at.year() == now.year()) {
        (true, _) => "%H:%M",
        (false, true) => "%-d %b %H:%M",
        (false, false) => "%Y-%m-%d",
    };
    at.format(form).to_string()
}

/// The day and the time of day to the second on the wall of `zone`: `2025-11-24 10:41:07`.
pub fn local_second<Z: TimeZone>(at_ms: i64, zone: &Z) -> String {
    wall(at_ms, zone).map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
}

/// The calendar day of a time in `zone`; `None` where chrono cannot hold it.
pub fn local_day<Z: TimeZone>(at_ms: i64, zone: &Z) -> Option<NaiveDate> {
    wall(at_ms, zone).map(|at| at.date())
}

fn wall<Z: TimeZone>(at_ms: i64, zone: &Z) -> Option<chrono::NaiveDateTime> {
    let at: DateTime<Utc> = DateTime::from_timestamp_millis(at_ms)?;
    Some(at.with_timezone(zone).naive_local())
}

/// A sentence in which every instant written as RFC 3339 stands as [`local_short`] shows it.
pub fn local_sentence<Z: TimeZone>(sentence: &str, now: i64, zone: &Z) -> String {
    let word = |word: &str| {
        let bare = word.trim_end_matches([',', ';', ':', '.', ')']);
        match from_rfc3339(bare) {
            Some(at) => format!("{}{}", local_short(at, now, zone), &word[bare.len()..]),
            None => word.to_owned(),
        }
    };
    sentence.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::FixedOffset;
    use proptest::prelude::*;

    #[test]
    fn ages_are_one_whole_unit() {
        #[rustfmt::skip]
        let table = [
            (-5, "now"), (0, "now"), (59_999, "now"), (MINUTE, "1m"), (HOUR - 1, "59m"), (2 * HOUR, "2h"), (DAY - 1, "23h"),
            (DAY, "1d"), (3 * DAY + HOUR, "3d"), (14 * DAY - 1, "13d"), (14 * DAY, "2w"), (36 * DAY, "5w"), (365 * DAY, "1y"), (i64::MAX, "292471208y"),
        ];
        for (span, shown) in table {
            assert_eq!(age(span), shown);
        }
    }

    #[test]
    fn a_date_is_echoed_with_its_weekday() {
        assert_eq!(echo(NaiveDate::from_ymd_opt(2026, 12, 4).unwrap()), "Fri 2026-12-04");
    }

    #[test]
    fn times_are_short_but_clear_in_the_readers_zone() {
        let zone = FixedOffset::east_opt(2 * 3600).unwrap();
        let now = from_rfc3339("2026-11-25T08:41:00Z").unwrap();
        let at = |text| local_short(from_rfc3339(text).unwrap(), now, &zone);
        assert_eq!(at("2026-11-25T08:40:00Z"), "10:40");
        assert_eq!(at("2026-11-24T22:30:00Z"), "00:30", "already today on the wall");
        assert_eq!(at("2026-11-24T10:00:00Z"), "24 Nov 12:00");
        assert_eq!(at("2025-11-24T10:00:00Z"), "2025-11-24");
        assert_eq!(local_short(i64::MAX, now, &zone), "");
    }

    #[test]
    fn rfc3339_is_utc_out_and_any_offset_in() {
        assert_eq!(to_rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(to_rfc3339(1_500), "1970-01-01T00:00:01.500Z");
        assert_eq!(from_rfc3339("1970-01-01T02:00:00+02:00"), Some(0));
        assert_eq!(from_rfc3339("1970-01-01"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(at in -62_000_000_000_000i64..250_000_000_000_000) {
            prop_assert_eq!(from_rfc3339(&to_rfc3339(at)), Some(at));
        }

        #[test]
        fn no_number_is_too_wild(at in any::<i64>(), now in any::<i64>()) {
            to_rfc3339(at);
            age(at);
            local_short(at, now, &FixedOffset::west_opt(11 * 3600).unwrap());
        }
    }
}
