//! Days in a form: typed as people type them, moved by arrows, chosen in a month that opens under the field. What the field
//! holds is the text; its value is the day as ISO as soon as the text means one.

use chrono::NaiveDate;
use crossterm::event::{KeyCode, KeyModifiers};

use super::{Field, FieldKind, Form, FormKey};
use crate::domain::date::{DayOrder, echo, parse_date_as};
use crate::tui::key::Chord;
use crate::tui::widgets::calendar::{Calendar, Turned, days_later};

impl Form {
    /// Dates with slashes are read in this order from now on.
    pub fn reads_days(&mut self, order: DayOrder) {
        for field in &mut self.fields {
            field.order = order;
        }
    }

    /// A key in a date: `None` for what every field with text does.
    pub(super) fn date_key(&mut self, chord: Chord) -> Option<FormKey> {
        let field = self.fields.get_mut(self.focus)?;
        let FieldKind::Date(today) = field.spec.kind else { return None };
        if let Some(calendar) = &mut field.calendar {
            let turned = calendar.key(chord);
            match turned {
                Turned::Day(day) => field.set_day(day),
                Turned::Taken(day) => {
                    field.set_day(day);
                    field.calendar = None;
                }
                Turned::Dropped(before) => {
                    field.calendar = None;
                    field.editor.set(&before);
                }
                Turned::NotMine => return None,
            }
            field.error = None;
            return Some(FormKey::Changed(field.spec.name));
        }
        let control = chord.modifiers.contains(KeyModifiers::CONTROL);
        match (chord.code, field.day()) {
            (KeyCode::Char('t'), day) if control => {
                field.calendar = Some(Calendar::open(day.unwrap_or(today), today, field.editor.text()));
                Some(FormKey::Stay)
            }
            (KeyCode::Up, Some(day)) => Some(field.move_to(days_later(day, 1))),
            (KeyCode::Down, Some(day)) => Some(field.move_to(days_later(day, -1))),
            _ => None,
        }
    }

    /// Text was typed into the field with the caret: an open month follows.
    pub(super) fn calendar_follows(&mut self) {
        let Some(field) = self.fields.get_mut(self.focus) else { return };
        let day = field.day();
        if let (Some(calendar), Some(day)) = (&mut field.calendar, day) {
            calendar.turn_to(day);
        }
    }
}

impl Field {
    /// The day that the text means.
    pub(super) fn day(&self) -> Option<NaiveDate> {
        match self.spec.kind {
            FieldKind::Date(today) => parse_date_as(self.editor.text(), today, self.order).ok(),
            _ => None,
        }
    }

    /// The day as ISO; text that means none as it is, so that nothing typed is lost.
    pub(super) fn day_or_text(&self) -> String {
        self.day().map_or_else(|| self.editor.text().trim().to_owned(), |day| day.to_string())
    }

    /// What is wrong with a date, and what to type instead.
    pub(super) fn date_problem(&self) -> Option<String> {
        let FieldKind::Date(today) = self.spec.kind else { return None };
        let problem = parse_date_as(self.editor.text(), today, self.order).err()?;
        Some(format!("{problem}. {}", problem.remedy()))
    }

    /// `Fri 2026-12-04 · in 9 days`: what the text means, while it is typed.
    pub(super) fn date_echo(&self) -> Option<String> {
        let FieldKind::Date(today) = self.spec.kind else { return None };
        let day = self.day()?;
        let away = match (day - today).num_days() {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            -1 => "yesterday".to_owned(),
            days if days > 0 => format!("in {days} days"),
            days => format!("{} days ago", -days),
        };
        Some(format!("{} · {away}", echo(day)))
    }

    /// The caret leaves the field: the text becomes the day it means, so that `+3d` still means it tomorrow.
    pub(super) fn settle_day(&mut self) {
        self.calendar = None;
        if let Some(day) = self.day() {
            self.set_day(day);
        }
    }

    fn set_day(&mut self, day: NaiveDate) {
        self.editor.set(&day.to_string());
    }

    fn move_to(&mut self, day: NaiveDate) -> FormKey {
        self.set_day(day);
        self.error = None;
        self.spec.origin = None;
        FormKey::Changed(self.spec.name)
    }
}
