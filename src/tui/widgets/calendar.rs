//! A month as a grid with one day chosen, opened beside a date that is being typed. It holds the day and what was there
//! before, nothing else; whoever opens it decides what the day is for.

use chrono::{Datelike, Days, Local, Months, NaiveDate};
use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::layout::Rect;

use super::Tone;
use crate::domain::date::local_day;
use crate::tui::canvas::Canvas;
use crate::tui::key::Chord;

/// Columns of the grid: seven days of two digits with a sign before each, and a blank at the end.
pub const WIDTH: u16 = 7 * 3 + 1;
/// Lines of the grid: the month, the names of the days, six weeks.
pub const HEIGHT: u16 = 8;

/// The days that can be chosen are those that can be typed (`domain::date::parse_date`).
const YEARS: std::ops::Range<i32> = 1900..2200;

/// An open grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    day: NaiveDate,
    today: NaiveDate,
    before: String,
}

/// What a key did to an open grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turned {
    /// Another day is chosen.
    Day(NaiveDate),
    /// It is this day: close the grid.
    Taken(NaiveDate),
    /// Never mind: put back what was there before.
    Dropped(String),
    /// It knows nothing of this key.
    NotMine,
}

/// The calendar day at this moment, where the reader sits.
pub fn today(now_ms: i64) -> NaiveDate {
    local_day(now_ms, &Local).unwrap_or_default()
}

/// So many days later; the same day where that would leave the years that can be typed.
pub fn days_later(day: NaiveDate, days: i64) -> NaiveDate {
    let steps = Days::new(days.unsigned_abs());
    let moved = if days < 0 { day.checked_sub_days(steps) } else { day.checked_add_days(steps) };
    moved.filter(|day| YEARS.contains(&day.year())).unwrap_or(day)
}

/// So many months later, on the last day of a shorter month.
pub fn months_later(day: NaiveDate, months: i32) -> NaiveDate {
    let steps = Months::new(months.unsigned_abs());
    let moved = if months < 0 { day.checked_sub_months(steps) } else { day.checked_add_months(steps) };
    moved.filter(|day| YEARS.contains(&day.year())).unwrap_or(day)
}

impl Calendar {
    /// Opens on `day`; `before` is what is put back when the reader leaves it with Esc.
    pub fn open(day: NaiveDate, today: NaiveDate, before: &str) -> Calendar {
        Calendar { day, today, before: before.to_owned() }
    }

    /// Shows another day: one that was typed while the grid is open.
    pub fn turn_to(&mut self, day: NaiveDate) {
        self.day = day;
    }

    /// Arrows move by a day and a week, `PgUp` and `PgDn` by a month (with Ctrl by a year), Home goes to today.
    pub fn key(&mut self, chord: Chord) -> Turned {
        let control = chord.modifiers.contains(KeyModifiers::CONTROL);
        let months = if control { 12 } else { 1 };
        self.day = match chord.code {
            KeyCode::Left => days_later(self.day, -1),
            KeyCode::Right => days_later(self.day, 1),
            KeyCode::Up => days_later(self.day, -7),
            KeyCode::Down => days_later(self.day, 7),
            KeyCode::PageUp => months_later(self.day, -months),
            KeyCode::PageDown => months_later(self.day, months),
            KeyCode::Home => self.today,
            KeyCode::Enter => return Turned::Taken(self.day),
            KeyCode::Char('t') if control => return Turned::Taken(self.day),
            KeyCode::Esc => return Turned::Dropped(self.before.clone()),
            _ => return Turned::NotMine,
        };
        Turned::Day(self.day)
    }

    /// Draws the month of the chosen day; the chosen day and today are signs as well as colours.
    pub fn draw(&self, canvas: &mut Canvas<'_>, (x, y): (u16, u16), height: u16) {
        let row = |line: u16| (line < height).then_some(y + line);
        if let Some(y) = row(0) {
            canvas.tone((x + 1, y), WIDTH, &self.day.format("%B %Y").to_string(), Tone::Heading);
        }
        if let Some(y) = row(1) {
            canvas.tone((x + 1, y), WIDTH, "Mo Tu We Th Fr Sa Su", Tone::Dim);
        }
        let Some(first) = self.day.with_day(1) else { return };
        let before = u16::try_from(first.weekday().num_days_from_monday()).unwrap_or(0);
        for (place, day) in (before..).zip(first.iter_days().take_while(|d| d.month() == first.month())) {
            let Some(line) = row(2 + place / 7) else { continue };
            let at = x + place % 7 * 3;
            let chosen = day == self.day;
            let tone = match (chosen, day == self.today) {
                (true, _) => Tone::Accent,
                (false, true) => Tone::Heading,
                (false, false) => Tone::Text,
            };
            canvas.tone((at + 1, line), 2, &format!("{:>2}", day.day()), tone);
            if day == self.today {
                canvas.tone((at, line), 1, "*", tone);
            }
            if chosen {
                canvas.sign((at, line), canvas.theme.signs.cursor, canvas.theme.accent);
                canvas.restyle(Rect::new(at + 1, line, 2, 1), canvas.theme.chosen);
                canvas.cursor(at + 1, line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;

    use super::*;
    use crate::tui::testing::text_of;
    use crate::tui::theme::Theme;

    fn day(iso: &str) -> NaiveDate {
        iso.parse().unwrap()
    }

    fn after(keys: &str) -> Turned {
        let mut calendar = Calendar::open(day("2026-11-25"), day("2026-11-18"), "fri");
        let mut last = Turned::NotMine;
        for event in crate::tui::key::script(keys).unwrap() {
            last = calendar.key(event.into());
        }
        last
    }

    #[test]
    fn keys_move_by_day_week_month_and_year() {
        #[rustfmt::skip]
        let table = [
            ("<Right>",               Turned::Day(day("2026-11-26"))),
            ("<Left><Left>",          Turned::Day(day("2026-11-23"))),
            ("<Down>",                Turned::Day(day("2026-12-02"))),
            ("<Up><Up><Up><Up>",      Turned::Day(day("2026-10-28"))),
            ("<PgDn>",                Turned::Day(day("2026-12-25"))),
            ("<PgUp><PgUp>",          Turned::Day(day("2026-09-25"))),
            ("<Home>",                Turned::Day(day("2026-11-18"))),
            ("<Right><Enter>",        Turned::Taken(day("2026-11-26"))),
            ("<Right><Ctrl-T>",       Turned::Taken(day("2026-11-26"))),
            ("<Down><Esc>",           Turned::Dropped("fri".to_owned())),
            ("x",                     Turned::NotMine),
        ];
        for (keys, turned) in table {
            assert_eq!(after(keys), turned, "{keys}");
        }
    }

    #[test]
    fn short_months_and_the_edge_of_time_hold() {
        assert_eq!(months_later(day("2026-01-31"), 1), day("2026-02-28"));
        assert_eq!(days_later(day("2199-12-31"), 1), day("2199-12-31"));
        assert_eq!(months_later(day("1900-01-15"), -1), day("1900-01-15"));
    }

    #[test]
    fn the_month_is_a_grid_from_monday_on() {
        let theme = Theme::default();
        let mut buffer = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
        let mut canvas = Canvas::new(&mut buffer, &theme);
        Calendar::open(day("2026-11-25"), day("2026-11-18"), "").draw(&mut canvas, (0, 0), HEIGHT);
        insta::assert_snapshot!(text_of(&buffer), @r#"
    November 2026
    Mo Tu We Th Fr Sa Su
                       1
     2  3  4  5  6  7  8
     9 10 11 12 13 14 15
    16 17*18 19 20 21 22
    23 24▌25 26 27 28 29
    30
    "#);
    }
}
