//! The last line: what the keys of the focused pane do, most useful first, and the health of the
//! office at the right. `? help` is the last hint ever dropped.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Span, Tone};
use crate::tui::action::Act;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::text::wrap;

/// What was said takes at most so many lines.
const MOST_LINES: usize = 3;

/// One key and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The key as shown.
    pub key: String,
    /// One or two words.
    pub label: String,
    /// What a click on it means.
    pub hit: Option<Hit>,
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
    /// A hint that is no action of the table, for layers; a click is as good as the key.
    pub fn plain(key: &str, label: &str) -> Hint {
        let hit = key.parse().ok().map(Hit::Key);
        Hint { key: key.to_owned(), label: label.to_owned(), hit, usable: Usable::Yes }
    }

    /// Draws it from `x`, key and label in these styles; gives where it ends.
    fn draw(&self, canvas: &mut Canvas<'_>, (x, y): (u16, u16), (key, label): (Style, Style)) -> u16 {
        let mut end = x;
        end += canvas.text((end, y), u16::MAX, &self.key, key) + 1;
        end += canvas.text((end, y), u16::MAX, &self.label, label);
        if let Some(hit) = self.hit {
            canvas.hit(Rect::new(x, y, end - x, 1), hit);
        }
        end
    }

    fn width(&self) -> usize {
        self.key.chars().count() + 1 + self.label.chars().count()
    }
}

/// How many of the last hints of a layer stay when others have to go.
const KEPT: usize = 3;

/// How many of the last hints are general ones (filter, command, help), which stay when others have to go.
fn kept(hints: &[Hint]) -> usize {
    let general = |hint: &&Hint| matches!(hint.hit, Some(Hit::Act(Act::Filter | Act::Palette | Act::Help)));
    match hints.iter().rev().take_while(general).count() {
        0 => KEPT,
        n => n,
    }
}

/// The hints that fit into so many columns, two apart. Where not all fit, those go first that cannot be used
/// now, then the least useful of the others; the last one given is the last one dropped.
pub fn fitting(hints: &[Hint], columns: usize) -> Vec<&Hint> {
    let mut shown: Vec<&Hint> = hints.iter().collect();
    let kept = kept(hints);
    let wide = |shown: &[&Hint]| shown.iter().map(|hint| hint.width() + 2).sum::<usize>().saturating_sub(2);
    while wide(&shown) > columns {
        let own = shown.len().saturating_sub(kept);
        let unusable = shown[..own].iter().rposition(|hint| hint.usable == Usable::No);
        // Which list it is, is more than what can be done in it.
        let least = shown[..own].iter().rposition(|hint| hint.hit != Some(Hit::Act(Act::NextStatus)));
        let Some(first_to_go) =
            unusable.or(least).or_else(|| own.checked_sub(1)).or((shown.len() > 1).then_some(0))
        else {
            return Vec::new();
        };
        shown.remove(first_to_go);
    }
    shown
}

/// Draws hints left, health right; health gives way before the hints do, except its first part.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, hints: &[Hint], health: &[Span]) {
    let whole: usize = hints.iter().map(|hint| hint.width() + 2).sum();
    let all = usize::from(area.width);
    let parts = health_that_fits(health, all.saturating_sub(whole.min(all * 4 / 5) + 3));
    let health_width: usize = parts.iter().map(Span::width).sum();
    let columns =
        usize::from(area.width).saturating_sub(if health_width == 0 { 2 } else { health_width + 4 });
    let mut x = area.x + 1;
    for hint in fitting(hints, columns) {
        let (key, label) = match hint.usable {
            Usable::Yes => (canvas.theme.accent, canvas.theme.text),
            Usable::No => (canvas.theme.dim, canvas.theme.dim),
        };
        x = hint.draw(canvas, (x, area.y), (key, label)) + 2;
    }
    let width = u16::try_from(health_width).unwrap_or(0);
    canvas.spans((area.right().saturating_sub(width + 1), area.y), width, parts);
}

/// Draws hints of a box, the last one ending at column `right`; those that find no room in `max` columns go from the left.
pub fn draw_right(canvas: &mut Canvas<'_>, (right, y): (u16, u16), max: u16, hints: &[Hint]) {
    let mut shown = hints;
    let wide = |shown: &[Hint]| shown.iter().map(|hint| hint.width() + 2).sum::<usize>().saturating_sub(2);
    while wide(shown) > usize::from(max) {
        shown = shown.get(1..).unwrap_or_default();
    }
    let mut x = right.saturating_sub(u16::try_from(wide(shown)).unwrap_or(0));
    let dim = canvas.theme.dim;
    for hint in shown {
        x = hint.draw(canvas, (x, y), (dim, dim)) + 2;
    }
}

fn health_that_fits(health: &[Span], columns: usize) -> &[Span] {
    for keep in (0..=health.len()).rev() {
        if health[..keep].iter().map(Span::width).sum::<usize>() <= columns {
            return &health[..keep];
        }
    }
    &[]
}

/// Draws what was said, instead of the hints; what is longer than the line grows upwards.
pub fn notice(canvas: &mut Canvas<'_>, area: Rect, text: &str, tone: Tone) {
    let room = area.width.saturating_sub(2);
    let mut lines = wrap(text, usize::from(room));
    if lines.len() > MOST_LINES {
        let rest = lines.split_off(MOST_LINES - 1).join(" ");
        lines.push(rest);
    }
    let top = area.y.saturating_sub(u16::try_from(lines.len() - 1).unwrap_or(0));
    for (y, line) in (top..=area.y).zip(&lines) {
        canvas.clear(Rect { y, height: 1, ..area });
        canvas.tone((area.x + 1, y), room, line, tone);
    }
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
        assert_eq!(fitting(&hints, 28).len(), 3);
        assert_eq!(fitting(&hints, 17).len(), 2);
        assert!(fitting(&hints, 3).is_empty());
    }

    #[test]
    fn what_cannot_be_used_goes_first() {
        let mut hints: Vec<Hint> =
            [("a", "approve"), ("R", "reopen"), ("/", "filter"), (":", "command"), ("?", "help")]
                .iter()
                .map(|(key, label)| Hint::plain(key, label))
                .collect();
        hints[0].usable = Usable::No;
        let labels: Vec<&str> = fitting(&hints, 40).iter().map(|hint| hint.label.as_str()).collect();
        assert_eq!(labels, ["reopen", "filter", "command", "help"]);
    }
}
