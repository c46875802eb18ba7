//! The office's working time: which hours of which days, in the office's time zone, without its holidays
//! (checklist A39). Lengths are added to instants; daylight saving and holidays are never off by an hour or a day.

use std::collections::BTreeSet;

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc, Weekday,
};
use chrono_tz::Tz;

use super::workflow::Span;

mod week;

pub use week::Week;

const MINUTE: i64 = 60_000;

/// So many days are looked at before a calendar counts as one without working time.
const FARTHEST: u32 = 36_600;

/// Working hours, holidays and the zone they are meant in. There is always a working day, since [`Calendar::new`]
/// refuses any other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    zone: Tz,
    week: Week,
    holidays: Holidays,
}

/// Days on which nobody works: dates, and days of every year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holidays {
    dates: BTreeSet<NaiveDate>,
    yearly: BTreeSet<(u32, u32)>,
}

impl Holidays {
    /// Reads `2026-12-25`, or `12-25` for every year.
    ///
    /// # Errors
    /// The first that is no day, in a sentence.
    pub fn parse<S: AsRef<str>>(days: &[S]) -> Result<Self, String> {
        let mut all = Self::default();
        for day in days {
            let day = day.as_ref().trim();
            // 2028 has a 29 February.
            let yearly = NaiveDate::parse_from_str(&format!("2028-{day}"), "%Y-%m-%d").ok();
            if let Some(date) = yearly.filter(|_| day.len() == 5) {
                all.yearly.insert((date.month(), date.day()));
            } else if let Ok(date) = NaiveDate::parse_from_str(day, "%Y-%m-%d") {
                all.dates.insert(date);
            } else {
                return Err(format!("“{day}” is no day; write \"2026-12-25\", or \"12-25\" for every year"));
            }
        }
        Ok(all)
    }

    fn has(&self, day: NaiveDate) -> bool {
        self.dates.contains(&day) || self.yearly.contains(&(day.month(), day.day()))
    }
}

impl std::fmt::Display for Holidays {
    /// As [`Holidays::parse`] reads them, divided by commas; `none`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let yearly = self.yearly.iter().map(|(month, day)| format!("{month:02}-{day:02}"));
        let all: Vec<String> = yearly.chain(self.dates.iter().map(ToString::to_string)).collect();
        f.write_str(&if all.is_empty() { "none".to_owned() } else { all.join(", ") })
    }
}

impl Default for Calendar {
    /// Monday to Friday from nine to five, UTC, no holidays.
    fn default() -> Self {
        Self { zone: Tz::UTC, week: Week::default(), holidays: Holidays::default() }
    }
}

impl Calendar {
    /// A calendar of these parts.
    ///
    /// # Errors
    /// It has no working time at all.
    pub fn new(zone: Tz, week: Week, holidays: Holidays) -> Result<Self, String> {
        let calendar = Self { zone, week, holidays };
        let some_day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        let works = some_day.iter_days().take(366 * 5).any(|day| calendar.works(day));
        if works { Ok(calendar) } else { Err("there is no working time at all".into()) }
    }

    /// The same with a person's own hours (`mon-thu 08:00-16:00, fri 08:00-12:00`).
    ///
    /// # Errors
    /// The hours are not understood.
    pub fn with_hours(&self, hours: &str) -> Result<Self, String> {
        Self::new(self.zone, Week::parse(hours)?, self.holidays.clone())
    }

    /// The time zone.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The hours.
    pub fn week(&self) -> &Week {
        &self.week
    }

    /// The days without work.
    pub fn holidays(&self) -> &Holidays {
        &self.holidays
    }

    /// The first instant of a day, by the office's clock.
    pub fn start_of(&self, day: NaiveDate) -> i64 {
        self.instant(day, 0)
    }

    /// The day of an instant, by the office's clock.
    pub fn day_of(&self, at_ms: i64) -> NaiveDate {
        self.local(at_ms).date()
    }

    /// An instant by the office's clock, `2026-11-26 10:00`.
    pub fn wall_clock(&self, at_ms: i64) -> String {
        self.local(at_ms).format("%Y-%m-%d %H:%M").to_string()
    }

    /// Whether an instant is within working time (its beginning included, its end not).
    pub fn is_open(&self, at_ms: i64) -> bool {
        let local = self.local(at_ms);
        self.hours(local.date()).iter().any(|(open, close)| {
            self.instant(local.date(), *open) <= at_ms && at_ms < self.instant(local.date(), *close)
        })
    }

    /// The instant a length after `from_ms`. Working days keep the time of day; what begins outside of working time
    /// begins when it next opens.
    pub fn add(&self, from_ms: i64, span: Span) -> i64 {
        match span {
            Span::Minutes(n) => from_ms.saturating_add(i64::from(n) * MINUTE),
            Span::WorkingMinutes(n) => self.forward(from_ms, i64::from(n) * MINUTE),
            Span::WorkingDays(n) => {
                let start = self.next_open(from_ms);
                let local = self.wall(start);
                self.on_day(self.step_days(local.date(), i64::from(n)), local.time())
            }
        }
    }

    /// The instant a length before `due_ms`: `remind = "4 hours before"`.
    pub fn before(&self, due_ms: i64, span: Span) -> i64 {
        match span {
            Span::Minutes(n) => due_ms.saturating_sub(i64::from(n) * MINUTE),
            Span::WorkingMinutes(n) => self.backward(due_ms, i64::from(n) * MINUTE),
            Span::WorkingDays(n) => {
                let end = self.last_open(due_ms);
                let local = self.wall(end);
                self.on_day(self.step_days(local.date(), -i64::from(n)), local.time())
            }
        }
    }

    fn works(&self, day: NaiveDate) -> bool {
        !self.hours(day).is_empty()
    }

    /// The working hours of a day, in minutes since midnight.
    fn hours(&self, day: NaiveDate) -> &[(u16, u16)] {
        if self.holidays.has(day) { &[] } else { self.week.on(day.weekday()) }
    }

    fn local(&self, at_ms: i64) -> NaiveDateTime {
        let at = DateTime::<Utc>::from_timestamp_millis(at_ms).unwrap_or_default();
        at.with_timezone(&self.zone).naive_local()
    }

    /// The wall clock, without going back: an hour that the clock shows twice counts as over when it comes again.
    fn wall(&self, at_ms: i64) -> NaiveDateTime {
        let mut local = self.local(at_ms);
        if let chrono::LocalResult::Ambiguous(_, later) = self.zone.from_local_datetime(&local)
            && later.timestamp_millis() <= at_ms
        {
            local = local.with_second(0).and_then(|l| l.with_nanosecond(0)).unwrap_or(local);
            while let chrono::LocalResult::Ambiguous(..) = self.zone.from_local_datetime(&local) {
                local += chrono::Duration::minutes(1);
            }
        }
        local
    }

    /// The instant of a minute of a local day; one that the clock jumps over is the end of the jump, one that it shows
    /// twice is the first.
    fn instant(&self, day: NaiveDate, minute: u16) -> i64 {
        let time = day.and_time(NaiveTime::MIN) + chrono::Duration::minutes(i64::from(minute));
        self.moment(time)
    }

    fn moment(&self, mut local: NaiveDateTime) -> i64 {
        loop {
            match self.zone.from_local_datetime(&local) {
                chrono::LocalResult::Single(at) | chrono::LocalResult::Ambiguous(at, _) => {
                    return at.timestamp_millis();
                }
                chrono::LocalResult::None => {
                    local = local.with_second(0).and_then(|l| l.with_nanosecond(0)).unwrap_or(local)
                        + chrono::Duration::minutes(1);
                }
            }
        }
    }

    /// A time of day on a working day, within its hours.
    fn on_day(&self, day: NaiveDate, time: NaiveTime) -> i64 {
        let hours = self.hours(day);
        let (Some(first), Some(last)) = (hours.first(), hours.last()) else {
            return self.moment(day.and_time(time));
        };
        let (open, close) = (self.instant(day, first.0), self.instant(day, last.1));
        self.moment(day.and_time(time)).clamp(open, close.max(open))
    }

    /// The working day that is `n` working days on.
    fn step_days(&self, from: NaiveDate, n: i64) -> NaiveDate {
        let mut day = from;
        let mut left = n.abs();
        let mut idle = 0;
        while left > 0 && idle < FARTHEST {
            let next =
                if n < 0 { day.checked_sub_days(Days::new(1)) } else { day.checked_add_days(Days::new(1)) };
            let Some(next) = next else { break };
            day = next;
            if self.works(day) {
                left -= 1;
                idle = 0;
            } else {
                idle += 1;
            }
        }
        day
    }

    /// The next instant in working time, `at_ms` itself where it is.
    fn next_open(&self, at_ms: i64) -> i64 {
        self.intervals(at_ms, Direction::Forward)
            .find(|(_, close)| *close > at_ms)
            .map_or(at_ms, |(open, _)| open.max(at_ms))
    }

    /// The last instant in working time, its end included.
    fn last_open(&self, at_ms: i64) -> i64 {
        self.intervals(at_ms, Direction::Backward)
            .find(|(open, _)| *open < at_ms)
            .map_or(at_ms, |(_, close)| close.min(at_ms))
    }

    fn forward(&self, from_ms: i64, length: i64) -> i64 {
        let mut left = length;
        for (open, close) in self.intervals(from_ms, Direction::Forward) {
            let begin = open.max(from_ms);
            let has = (close - begin).max(0);
            if left <= has && has > 0 {
                return begin + left;
            }
            left -= has;
        }
        from_ms.saturating_add(length)
    }

    fn backward(&self, due_ms: i64, length: i64) -> i64 {
        let mut left = length;
        for (open, close) in self.intervals(due_ms, Direction::Backward) {
            let end = close.min(due_ms);
            let has = (end - open).max(0);
            if left <= has && has > 0 {
                return end - left;
            }
            left -= has;
        }
        due_ms.saturating_sub(length)
    }

    /// Working intervals from the day around `at_ms` on, in order of the direction.
    fn intervals(&self, at_ms: i64, direction: Direction) -> impl Iterator<Item = (i64, i64)> + '_ {
        let start = self.local(at_ms).date();
        (0..u64::from(FARTHEST)).map_while(move |n| direction.day(start, n)).flat_map(move |day| {
            let mut hours: Vec<(i64, i64)> = self
                .hours(day)
                .iter()
                .map(|(open, close)| (self.instant(day, *open), self.instant(day, *close)))
                .filter(|(open, close)| open < close)
                .collect();
            match direction {
                Direction::Forward => {}
                Direction::Backward => hours.reverse(),
            }
            hours
        })
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Forward,
    Backward,
}

impl Direction {
    fn day(self, start: NaiveDate, n: u64) -> Option<NaiveDate> {
        match self {
            Self::Forward => start.checked_add_days(Days::new(n)),
            Self::Backward => start.checked_sub_days(Days::new(n)),
        }
    }
}

/// The days of the week by the first three letters of their English names.
fn weekday(name: &str) -> Option<Weekday> {
    const DAYS: [(&str, Weekday); 7] = [
        ("mon", Weekday::Mon),
        ("tue", Weekday::Tue),
        ("wed", Weekday::Wed),
        ("thu", Weekday::Thu),
        ("fri", Weekday::Fri),
        ("sat", Weekday::Sat),
        ("sun", Weekday::Sun),
    ];
    DAYS.into_iter().find(|(short, _)| *short == name).map(|(_, day)| day)
}

#[cfg(test)]
mod tests;
