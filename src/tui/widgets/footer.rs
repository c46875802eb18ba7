//! The last line: what the keys of the focused pane do, most useful first, and the health of the
//! office at the right. `? help` is the last hint ever dropped.

use ratatui::layout::Rect;

use super::{Span, Tone};
use crate::tui::action::Act;
use crate::tui::canvas::{Canvas, Hit};

/// One key and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The key as shown.
    pub key: String,
    /// One or two words.
    pub label: String,
    /// The action, for a click.
    pub act: Option<Act>,
    /// Whether it can be used now.
    pub usable: Usable,
}

/// Whether an action can be used now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usable {
    /// Yes.
    Yes,
    /// No; pressing it says why.
    No,
}

impl Hint {
    /// A hint that is no action of the table, for layers.
    pub fn plain(key: &str, label: &str) -> Hint {
        Hint { key: key.to_owned(), label: label.to_owned(), act: None, usable: Usable::Yes }
    }

    fn width(&self) -> usize {
        self.key.chars().count() + 1 + self.label.chars().count()
    }
}

/// The hints that fit into so many columns, two apart; the last one given is the last one dropped.
pub fn fitting(hints: &[Hint], columns: usize) -> Vec<&Hint> {
    let Some((last, others)) = hints.split_last() else { return Vec::new() };
    let mut used = last.width();
    if used > columns {
        return Vec::new();
    }
    let mut shown = Vec::new();
    for hint in others {
        if used + 2 + hint.width() > columns {
            break;
        }
        used += 2 + hint.width();
        shown.push(hint);
    }
    shown.push(last);
    shown
}

/// Draws hints left, health right; health gives way before the hints do, except its first part.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, hints: &[Hint], health: &[Span]) {
    let whole: usize = hints.iter().map(|hint| hint.width() + 2).sum();
    let parts = health_that_fits(
        health,
        usize::from(area.width).saturating_sub(whole.min(usize::from(area.width) / 2) + 3),
    );
    let health_width: usize = parts.iter().map(Span::width).sum();
    let columns =
        usize::from(area.width).saturating_sub(if health_width == 0 { 2 } else { health_width + 4 });
    let mut x = area.x + 1;
    for hint in fitting(hints, columns) {
        let (key, label) = match hint.usable {
            Usable::Yes => (canvas.theme.accent, canvas.theme.text),
            Usable::No => (canvas.theme.dim, canvas.theme.dim),
        };
        let start = x;
        x += canvas.text((x, area.y), area.width, &hint.key, key) + 1;
        x += canvas.text((x, area.y), area.width, &hint.label, label);
        if let Some(act) = hint.act {
            canvas.hit(Rect::new(start, area.y, x - start, 1), Hit::Act(act));
        }
        x += 2;
    }
    let width = u16::try_from(health_width).unwrap_or(0);
    canvas.spans((area.right().saturating_sub(width + 1), area.y), width, parts);
}

fn health_that_fits(health: &[Span], columns: usize) -> &[Span] {
    for keep in (0..=health.len()).rev() {
        if health[..keep].iter().map(Span::width).sum::<usize>() <= columns {
            return &health[..keep];
        }
    }
    &[]
}

/// Draws one line that was said, instead of the hints.
pub fn notice(canvas: &mut Canvas<'_>, area: Rect, text: &str, tone: Tone) {
    canvas.tone((area.x + 1, area.y), area.width.saturating_sub(2), text, tone);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_dropped_last() {
        let hints: Vec<Hint> =
            [("a", "approve"), ("x", "reject"), ("space", "mark"), ("/", "filter"), ("?", "help")]
                .iter()
                .map(|(key, label)| Hint::plain(key, label))
                .collect();
        for columns in [40, 60, 80, 6] {
            let shown = fitting(&hints, columns);
            assert_eq!(shown.last().unwrap().label, "help", "at {columns}");
            let width: usize = shown.iter().map(|hint| hint.width() + 2).sum::<usize>() - 2;
            assert!(width <= columns);
        }
        assert_eq!(fitting(&hints, 80).len(), 5);
        assert_eq!(fitting(&hints, 20).len(), 2);
    }
}
