//! Working hours by the days of the week: `mon-thu 08:00-16:00, fri 08:00-12:00`.

use chrono::Weekday;

use super::weekday;

/// The hours of each day, in minutes since midnight: in order, apart from each other, none at all on a free day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week([Vec<(u16, u16)>; 7]);

impl Default for Week {
    fn default() -> Self {
        Self::parse("mon-fri 09:00-17:00").expect("these hours are well written")
    }
}

impl Week {
    /// Reads groups, divided by commas: days, then hours (several where there is a break).
    ///
    /// # Errors
    /// A sentence that says what would be understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let groups: Vec<&str> = text.split(',').collect();
        Self::of(&[], &groups)
    }

    /// The hours of `days` (`mon-fri`, `sat`), and groups of their own days that take their place.
    ///
    /// # Errors
    /// As [`Week::parse`].
    pub fn of<S: AsRef<str>>(days: &[String], hours: &[S]) -> Result<Self, String> {
        let usual = days.iter().map(|d| day_range(d)).collect::<Result<Vec<_>, _>>()?.concat();
        let mut week: [Vec<(u16, u16)>; 7] = Default::default();
        let (own, general): (Vec<&str>, Vec<&str>) = hours
            .iter()
            .map(|h| h.as_ref().trim())
            .filter(|h| !h.is_empty())
            .partition(|h| h.starts_with(|c: char| c.is_ascii_alphabetic()));
        for group in general {
            let times = times(group.split_whitespace())?;
            usual.iter().for_each(|day| week[index(*day)].extend(&times));
        }
        let mut replaced: Vec<Weekday> = Vec::new();
        for group in own {
            let mut words = group.split_whitespace();
            let days = day_range(words.next().unwrap_or_default())?;
            let times = times(words)?;
            for day in days {
                if !replaced.contains(&day) {
                    replaced.push(day);
                    week[index(day)].clear();
                }
                week[index(day)].extend(&times);
            }
        }
        for day in &mut week {
            day.sort_unstable();
            if let Some(pair) = day.windows(2).find(|pair| pair[0].1 > pair[1].0) {
                return Err(format!("hours overlap: {} and {}", shown(pair[0]), shown(pair[1])));
            }
        }
        if week.iter().all(Vec::is_empty) {
            return Err("there is no working time at all".into());
        }
        Ok(Self(week))
    }

    /// The hours of a day.
    pub fn on(&self, day: Weekday) -> &[(u16, u16)] {
        &self.0[index(day)]
    }
}

impl std::fmt::Display for Week {
    /// As [`Week::parse`] reads it: days in a row with the same hours stand together.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let mut groups: Vec<String> = Vec::new();
        let mut first = 0;
        while first < NAMES.len() {
            let hours = &self.0[first];
            let days = self.0[first..].iter().take_while(|other| *other == hours).count();
            let last = first + days - 1;
            if !hours.is_empty() {
                let days = if days == 1 {
                    NAMES[first].to_owned()
                } else {
                    format!("{}-{}", NAMES[first], NAMES[last])
                };
                let hours: Vec<String> = hours.iter().map(|h| shown(*h)).collect();
                groups.push(format!("{days} {}", hours.join(" ")));
            }
            first = last + 1;
        }
        f.write_str(&groups.join(", "))
    }
}

fn index(day: Weekday) -> usize {
    day.num_days_from_monday() as usize
}

fn shown((open, close): (u16, u16)) -> String {
    format!("{:02}:{:02}-{:02}:{:02}", open / 60, open % 60, close / 60, close % 60)
}

fn day_range(text: &str) -> Result<Vec<Weekday>, String> {
    let wanted = || format!("“{text}” names no days; write \"mon\" or \"mon-fri\"");
    let lower = text.trim().to_lowercase();
    let (first, last) = lower.split_once('-').unwrap_or((&lower, &lower));
    let (first, last) = (weekday(first).ok_or_else(wanted)?, weekday(last).ok_or_else(wanted)?);
    let mut days = vec![first];
    while days.last() != Some(&last) {
        days.push(days.last().expect("it begins with one").succ());
    }
    Ok(days)
}

fn times<'a>(words: impl Iterator<Item = &'a str>) -> Result<Vec<(u16, u16)>, String> {
    let times = words.map(time_range).collect::<Result<Vec<_>, _>>()?;
    if times.is_empty() { Err("hours are missing; write \"09:00-17:00\"".into()) } else { Ok(times) }
}

fn time_range(text: &str) -> Result<(u16, u16), String> {
    let wanted = || format!("“{text}” is no time from and to; write \"09:00-17:00\"");
    let (from, to) = text.split_once('-').ok_or_else(wanted)?;
    let (from, to) = (minute(from).ok_or_else(wanted)?, minute(to).ok_or_else(wanted)?);
    if from < to { Ok((from, to)) } else { Err(format!("“{text}” ends before it begins")) }
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |t: &str| (1..=2).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let at = hour * 60 + minute;
    (minute < 60 && at <= 24 * 60).then_some(at)
}
