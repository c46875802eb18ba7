//! How a board looks: a title line with status, counts and filter; list and detail beside each other
//! or one instead of the other; a line below.

use ratatui::layout::Rect;

use super::{Board, Pane, Shown, shown_count};
use crate::tui::canvas::Canvas;
use crate::tui::text::{width, wrap};
use crate::tui::widgets::Tone;
use crate::tui::widgets::table::{Look, TableRow};

/// The filter's place where what can be filtered by finds no room.
const SHORT_HINT: &str = "/ filter";

impl<R: TableRow> Board<R> {
    /// The part of the area that the detail takes.
    pub(super) fn detail_area(&self) -> Rect {
        let area = self.area;
        if self.is_wide() {
            let x = area.x + list_width(area.width) + 2;
            Rect::new(x, area.y + 1, area.right().saturating_sub(x + 1), area.height.saturating_sub(2))
        } else {
            Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(2))
        }
    }

    /// How wide the list is.
    pub(super) fn list_width(&self) -> u16 {
        if self.is_wide() { list_width(self.area.width) } else { self.area.width }
    }

    /// Draws the whole tab.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height < 4 {
            return;
        }
        canvas.across(area.x, area.y, area.width);
        canvas.across(area.x, area.bottom() - 1, area.width);
        let body = Rect { y: area.y + 1, height: area.height - 2, ..area };
        let list = if self.is_wide() { Rect { width: list_width(area.width), ..body } } else { body };
        let detail_instead = self.pane == Pane::Detail && !self.is_wide();
        if !detail_instead {
            self.table.draw(canvas, list, &Look { query: &self.query, empty: &self.empty_text() });
            if let Some(problem) = self.misunderstood() {
                let inner = Rect {
                    x: list.x + 3,
                    y: list.y + 2,
                    width: list.width.saturating_sub(6),
                    height: list.height.saturating_sub(2),
                };
                let lines = wrap(problem, usize::from(inner.width));
                for (y, line) in (inner.y..inner.bottom()).zip(&lines) {
                    canvas.tone((inner.x, y), inner.width, line, Tone::Alarm);
                }
            }
        }
        if self.is_wide() {
            let x = list.right();
            canvas.down(x, body.y, body.height);
            canvas.sign((x, area.y), canvas.theme.signs.tee_down, canvas.theme.line);
            canvas.sign((x, area.bottom() - 1), canvas.theme.signs.tee_up, canvas.theme.line);
        }
        if self.is_wide() || detail_instead {
            self.draw_detail(canvas);
        }
        self.draw_title(
            canvas,
            Rect { height: 1, width: if self.is_wide() { list.width } else { area.width }, ..area },
        );
    }

    fn draw_detail(&self, canvas: &mut Canvas<'_>) {
        let area = self.detail_area();
        // While the list scrolls under a key that is held down, the detail of a record left behind would only be in
        // the way: it is another record's, and a blank pane scrolls for nothing.
        let left_behind = |shown: &Shown| {
            self.current().is_some_and(|row| row.id() != shown.id) && shown.beside != self.table.first_shown()
        };
        if let Some(shown) = self.detail.as_ref().filter(|shown| !left_behind(shown)) {
            shown.laid.draw(canvas, area, self.scrolled);
            if self.pane == Pane::Detail {
                canvas.cursor(area.x, area.y);
            }
        }
    }

    fn empty_text(&self) -> String {
        if self.misunderstood().is_some() {
            return String::new();
        }
        if !self.filter.text().is_empty() {
            return format!(
                "Nothing matches “{}” in {}. Esc clears the filter; f looks in the next status.",
                self.filter.text(),
                self.state_title()
            );
        }
        let own = self.spec.empty_in.iter().find(|(state, _)| Some(*state) == self.query.state);
        own.map_or(self.spec.empty, |(_, words)| words).to_owned()
    }

    /// `─ Verified by user 12 ─ Requested 4 · Approved 2 ─── / filter  3 of 120 ─`
    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let count = self.whole.map_or_else(String::new, |count| format!(" {}", shown_count(count)));
        let title = format!(" {}{count} ", self.state_title());
        let mut x = area.x + 1;
        x += canvas.text((x, area.y), area.width.saturating_sub(2), &title, canvas.theme.heading);
        let typing = self.filter.is_typing() || !self.filter.text().is_empty();
        let filter_width = if typing {
            (area.width / 2).max(30)
        } else {
            2 + u16::try_from(width(self.spec.filter_hint)).unwrap_or(0)
        };
        let room = area.right().saturating_sub(x + 2);
        if room < 12 {
            return;
        }
        // How much waits in other statuses is worth more than what can be filtered by.
        let short = u16::try_from(width(SHORT_HINT)).unwrap_or(0);
        let fits = |others: &str, filter: u16| {
            u16::try_from(width(others)).unwrap_or(u16::MAX).saturating_add(filter.min(room) + 7) <= room
        };
        let all = self.other_states();
        let filter_width = if typing || fits(&all.join(" · "), filter_width) { filter_width } else { short };
        let others =
            (1..=all.len()).rev().map(|n| all[..n].join(" · ")).find(|others| fits(others, filter_width));
        let hint = if filter_width == short {
            SHORT_HINT.to_owned()
        } else {
            format!("/ {}", self.spec.filter_hint)
        };
        let filter_width = filter_width.min(room);
        if let Some(others) = others {
            let wide = u16::try_from(width(&others)).unwrap_or(0);
            canvas.tone((x + 1, area.y), wide + 2, &format!(" {others} "), Tone::Dim);
        }
        let at = Rect::new(area.right() - filter_width - 2, area.y, filter_width, 1);
        canvas.clear(Rect::new(at.x - 1, at.y, at.width + 2, 1));
        if typing {
            let left = match (self.table.count(), self.whole) {
                // What is not understood yet has left nothing over.
                _ if self.filter.is_typing() && self.query.filter.terms.is_empty() => String::new(),
                (Some(left), Some(whole)) => format!("{} of {}", shown_count(left), shown_count(whole)),
                _ => String::new(),
            };
            self.filter.draw(canvas, at, &left);
        } else {
            canvas.tone((at.x, at.y), at.width, &hint, Tone::Dim);
        }
    }

    /// The other statuses that hold something, with their counts.
    fn other_states(&self) -> Vec<String> {
        let counted = self.spec.states.iter().filter(|(name, _)| Some(*name) != self.query.state);
        counted
            .filter_map(|(name, title)| {
                let (_, count) = self.counts.iter().find(|(state, _)| *state == Some(*name))?;
                let shown = shown_count(*count);
                (shown != "0").then(|| format!("{title} {shown}"))
            })
            .collect()
    }
}

/// Beside the detail: wide enough for number, name, contact, age and what needs a look; the detail keeps 45 columns.
fn list_width(width: u16) -> u16 {
    if width >= 150 { width * 52 / 100 } else { (width * 57 / 100).max(73).min(width.saturating_sub(47)) }
}
