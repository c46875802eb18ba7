//! How a form looks: labels left, values right, an error under its field, help for the field with the
//! caret at the bottom. It scrolls when it is taller than the screen.

use crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::{Busy, Choice, Field, FieldKind, Form, Listed, Need};
use crate::tui::canvas::{Canvas, Hit, centred};
use crate::tui::key::Chord;
use crate::tui::text::{width, wrap};
use crate::tui::widgets::footer::{self, Hint};
use crate::tui::widgets::{Tone, calendar};

/// A look-up shows at most so many offers under its field.
const OFFERS: usize = 6;

/// The keys that are told at the bottom, each with what it does.
const IN_FIELD: &[(&str, &str)] =
    &[("Tab", "next"), ("Ctrl-S", "save"), ("Ctrl-O", "editor"), ("Esc", "back")];
const IN_DATE: &[(&str, &str)] =
    &[("Up Down", "day"), ("Ctrl-T", "month"), ("Tab", "next"), ("Ctrl-S", "save"), ("Esc", "back")];
const IN_MONTH: &[(&str, &str)] =
    &[("arrows PgUp PgDn", "move"), ("Home", "today"), ("Enter", "take"), ("Esc", "never mind")];

struct Row {
    field: usize,
    y: usize,
    height: usize,
}

impl Form {
    /// Where the form lies on the screen.
    fn outer(&self, screen: Rect) -> Rect {
        let wide = screen.width.saturating_sub(2).min(96);
        let rows =
            self.rows(columns_of(Rect { width: wide.saturating_sub(4), ..screen }, self.label_width()));
        let tall = rows.last().map_or(0, |row| row.y + row.height) + 6;
        let height = u16::try_from(tall).unwrap_or(u16::MAX).min(screen.height);
        centred(screen, wide, height)
    }

    /// How wide a value is drawn on such a screen.
    pub fn columns(&self, screen: Rect) -> u16 {
        let outer = self.outer(screen);
        columns_of(Rect { width: outer.width.saturating_sub(4), ..outer }, self.label_width())
    }

    fn label_width(&self) -> u16 {
        let labels = self.fields.iter().filter(|field| !matches!(field.spec.kind, FieldKind::Section));
        let widest = labels.map(|field| width(&field.spec.label)).max().unwrap_or(0);
        u16::try_from(widest).unwrap_or(24).clamp(8, 26)
    }

    fn rows(&self, columns: u16) -> Vec<Row> {
        let values = self.all_values();
        let mut y = 0;
        let mut rows = Vec::new();
        for (at, field) in self.fields.iter().enumerate().filter(|(_, field)| field.spec.is_shown(&values)) {
            if matches!(field.spec.kind, FieldKind::Section) && y > 0 {
                y += 1;
            }
            let height =
                usize::from(field.height(columns)) + usize::from(field.error.is_some()) + self.offers(at);
            rows.push(Row { field: at, y, height });
            y += height;
        }
        rows
    }

    fn offers(&self, at: usize) -> usize {
        let field = &self.fields[at];
        match (at == self.focus, &field.calendar) {
            (true, Some(_)) => usize::from(calendar::HEIGHT),
            (true, None) if field.spec.listed == Listed::Yes => field.below().len(),
            (true, None) => field.offers.len().min(OFFERS),
            (false, _) => 0,
        }
    }

    /// Draws it on the screen between tabs and footer.
    pub fn draw(&self, canvas: &mut Canvas<'_>, screen: Rect) {
        let title = if self.is_dirty() { format!("{} *", self.title) } else { self.title.clone() };
        let inner = canvas.boxed(self.outer(screen), &title);
        if inner.height < 4 {
            return;
        }
        let body = Rect { height: inner.height - 3, ..inner };
        let label = self.label_width();
        let columns = columns_of(inner, label);
        let rows = self.rows(columns);
        let total = rows.last().map_or(0, |row| row.y + row.height);
        let focused = rows.iter().find(|row| row.field == self.focus);
        let from = match focused {
            Some(row) => first_line(row, total, usize::from(body.height)),
            None => total.saturating_sub(usize::from(body.height)),
        };
        for row in &rows {
            if row.y + row.height > from && row.y < from + usize::from(body.height) {
                self.draw_field(canvas, body, (row, from));
            }
        }
        if from > 0 {
            canvas.right((inner.right(), body.y), 1, canvas.theme.signs.arrows[0], canvas.theme.dim);
        }
        if total > from + usize::from(body.height) {
            canvas.right(
                (inner.right(), body.bottom() - 1),
                1,
                canvas.theme.signs.arrows[1],
                canvas.theme.dim,
            );
        }
        self.draw_bottom(canvas, Rect { y: inner.bottom() - 3, height: 3, ..inner });
    }

    fn draw_bottom(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let (text, tone) = match (&self.failure, self.fields.get(self.focus)) {
            (Some(failure), _) => (failure.as_str(), Tone::Alarm),
            (None, Some(field)) => (field.spec.help.as_str(), Tone::Dim),
            (None, None) => ("", Tone::Dim),
        };
        // One line is the rule; a second one takes the blank above it.
        let mut lines = wrap(text, usize::from(area.width));
        if lines.len() > 2 {
            let rest = lines.split_off(1).join(" ");
            lines.push(rest);
        }
        let first = area.y + if lines.len() > 1 { 0 } else { 1 };
        for (y, line) in (first..).zip(&lines) {
            canvas.tone((area.x, y), area.width, line, tone);
        }
        let y = area.bottom() - 1;
        let on_button = self.focus == self.fields.len();
        let style = if on_button { canvas.theme.chosen } else { canvas.theme.text };
        let label = match self.busy {
            Busy::Yes => "saving…".to_owned(),
            Busy::No => format!("[ {} ]", self.button),
        };
        let used = canvas.text((area.x, y), area.width, &label, style);
        canvas.hit(Rect::new(area.x, y, used, 1), Hit::Item(self.fields.len()));
        if on_button {
            canvas.cursor(area.x + 2, y);
        }
        let keys = match self.fields.get(self.focus) {
            Some(Field { calendar: Some(_), .. }) => IN_MONTH,
            Some(Field { spec, .. }) if matches!(spec.kind, FieldKind::Date(_)) => IN_DATE,
            Some(_) | None => IN_FIELD,
        };
        let hints: Vec<Hint> = keys.iter().map(|(key, label)| Hint::plain(key, label)).collect();
        let room = area.width.saturating_sub(used + 2);
        footer::draw_right(canvas, (area.right(), y), room, &hints);
    }

    fn draw_field(&self, canvas: &mut Canvas<'_>, body: Rect, (row, from): (&Row, usize)) {
        let field = &self.fields[row.field];
        let line = |offset: usize| -> Option<u16> {
            let at = (row.y + offset).checked_sub(from)?;
            (at < usize::from(body.height)).then(|| body.y + u16::try_from(at).unwrap_or(0))
        };
        let label_width = self.label_width();
        let x = body.x + label_width + 2;
        let columns = columns_of(body, label_width);
        if let Some(y) = line(0) {
            canvas.hit(Rect::new(body.x, y, body.width, 1), Hit::Item(row.field));
            if matches!(field.spec.kind, FieldKind::Section) {
                canvas.tone((body.x, y), body.width, &field.spec.label, Tone::Heading);
                return;
            }
            let tone = if row.field == self.focus { Tone::Accent } else { Tone::Dim };
            canvas.tone((body.x, y), label_width, &field.spec.label, tone);
            if field.spec.need == Need::Required {
                canvas.tone((body.x + label_width, y), 1, "*", Tone::Dim);
            }
            let used = self.draw_value(
                canvas,
                Rect::new(x, y, columns, field.height(columns).min(body.bottom() - y)),
                row.field,
            );
            let value = field.value();
            let own = field.spec.echo.and_then(|echo| echo(&value));
            let beside = field.date_echo().or(own).or_else(|| field.spec.origin.clone());
            if let Some(beside) = beside {
                canvas.right((x + columns, y), columns.saturating_sub(used + 1), &beside, canvas.theme.dim);
            }
        }
        let below = usize::from(field.height(columns));
        if let Some((error, y)) = field.error.as_ref().zip(line(below)) {
            let text = format!("{} {error}", canvas.theme.signs.checks[2]);
            canvas.tone((x, y), columns, &text, Tone::Alarm);
        }
        if let Some((calendar, y)) =
            field.calendar.as_ref().zip(line(below + usize::from(field.error.is_some())))
        {
            calendar.draw(canvas, (x, y), body.bottom().saturating_sub(y));
        }
        for (i, offer) in field.below().iter().take(self.offers(row.field)).enumerate() {
            let Some(y) = line(below + usize::from(field.error.is_some()) + i) else { continue };
            let listed = field.spec.listed == Listed::Yes;
            let chosen = if listed { field.picked.as_ref() == Some(offer) } else { i == field.offered };
            if let Some(digit) =
                char::from_digit(u32::try_from(i + 1).unwrap_or(u32::MAX), 10).filter(|_| listed)
            {
                canvas.hit(Rect::new(x, y, columns, 1), Hit::Key(Chord::plain(KeyCode::Char(digit))));
            }
            let label = if listed { format!("{} {}", i + 1, offer.label) } else { offer.label.clone() };
            if chosen {
                canvas.sign((x, y), canvas.theme.signs.cursor, canvas.theme.accent);
            }
            canvas.tone(
                (x + 2, y),
                columns.saturating_sub(2),
                &label,
                if chosen { Tone::Text } else { Tone::Dim },
            );
        }
    }

    /// Gives the columns used by the value.
    fn draw_value(&self, canvas: &mut Canvas<'_>, area: Rect, at: usize) -> u16 {
        let field = &self.fields[at];
        let focused = at == self.focus;
        let style = canvas.theme.field[usize::from(focused)];
        match &field.spec.kind {
            FieldKind::Section => 0,
            FieldKind::ReadOnly => {
                let lines = wrap(field.editor.text(), usize::from(area.width));
                let rows = (area.y..).zip(&lines).take(usize::from(area.height.max(1)));
                rows.map(|(y, line)| canvas.text((area.x, y), area.width, line, canvas.theme.text))
                    .max()
                    .unwrap_or(0)
            }
            FieldKind::Check => {
                let sign = canvas.theme.signs.boxes[usize::from(field.value() != "yes")];
                if focused {
                    canvas.cursor(area.x + 1, area.y);
                }
                canvas.text((area.x, area.y), area.width, sign, style)
            }
            FieldKind::Choice(choices) => {
                if focused {
                    canvas.cursor(area.x, area.y);
                }
                let label = field.picked.as_ref().map_or("", |choice| choice.label.as_str());
                let used = canvas.text((area.x, area.y), area.width, label, style);
                if focused && choices.len() > 1 {
                    let note = match (field.spec.listed, used) {
                        (Listed::No, _) => format!("  space: other ({})", choices.len()),
                        (Listed::Yes, 0) => format!("choose: 1 to {}, or space", choices.len()),
                        (Listed::Yes, _) => format!("  1 to {}: another", choices.len()),
                    };
                    return used
                        + canvas.tone(
                            (area.x + used, area.y),
                            area.width.saturating_sub(used),
                            &note,
                            Tone::Dim,
                        );
                }
                used
            }
            FieldKind::Line | FieldKind::Area(_) | FieldKind::LookUp(_) | FieldKind::Date(_) => {
                if focused && self.busy == Busy::No {
                    field.editor.draw(canvas, area, style);
                } else {
                    field.editor.paint(canvas, area, style);
                }
                u16::try_from(width(field.editor.text())).unwrap_or(area.width).min(area.width)
            }
        }
    }
}

impl Field {
    /// What stands below it while the caret is in it: what a look-up offers, or all choices of a list.
    fn below(&self) -> &[Choice] {
        match &self.spec.kind {
            FieldKind::Choice(choices) if self.spec.listed == Listed::Yes => choices.as_slice(),
            _ => &self.offers,
        }
    }

    fn height(&self, columns: u16) -> u16 {
        match self.spec.kind {
            FieldKind::Area(lines) => self.editor.height(columns).clamp(lines.max(1), 8.max(lines)),
            FieldKind::ReadOnly => {
                u16::try_from(wrap(self.editor.text(), usize::from(columns)).len()).unwrap_or(1).clamp(1, 6)
            }
            FieldKind::Section
            | FieldKind::Line
            | FieldKind::Choice(_)
            | FieldKind::LookUp(_)
            | FieldKind::Date(_)
            | FieldKind::Check => 1,
        }
    }
}

fn columns_of(inner: Rect, label: u16) -> u16 {
    inner.width.saturating_sub(label + 3).max(8)
}

/// The first drawn line such that the whole row is on the screen, with some of its neighbours.
fn first_line(row: &Row, total: usize, height: usize) -> usize {
    let middle = (row.y + row.height / 2).saturating_sub(height / 2);
    middle.max((row.y + row.height).saturating_sub(height)).min(row.y).min(total.saturating_sub(height))
}
