//! Long work beside the screen: how far, how fast, how long still; Esc stops it.

use ratatui::layout::Rect;

use super::Tone;
use crate::tui::canvas::Canvas;
use crate::tui::door::Count;

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// What is being done.
    pub title: String,
    /// Units done.
    pub done: u64,
    /// Units in all, if known.
    pub total: Option<u64>,
    /// Since it began, in milliseconds.
    pub elapsed: u64,
}

impl Progress {
    /// `1,200 of 10,000 · 400/s · 22 s left`.
    pub fn line(&self) -> String {
        let rate = self.done.saturating_mul(1000).checked_div(self.elapsed).unwrap_or(0);
        let mut parts = vec![match self.total {
            Some(total) => format!("{} of {}", grouped(self.done), grouped(total)),
            None => grouped(self.done),
        }];
        if rate > 0 {
            parts.push(format!("{}/s", grouped(rate)));
            if let Some(left) = self.total.and_then(|total| total.saturating_sub(self.done).checked_div(rate))
            {
                parts.push(if left < 120 {
                    format!("{left} s left")
                } else {
                    format!("{} min left", left / 60)
                });
            }
        }
        parts.join(" · ")
    }

    /// Draws it on one line: bar, numbers, and how to stop.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let mut x = area.x + 1;
        if let Some(total) = self.total.filter(|total| *total > 0) {
            let bar = (area.width / 6).clamp(6, 20);
            let full = u16::try_from(self.done.min(total) * u64::from(bar) / total).unwrap_or(bar);
            for at in 0..bar {
                let sign = canvas.theme.signs.bar[usize::from(at >= full)];
                canvas.sign((x + at, area.y), sign, canvas.theme.accent);
            }
            x += bar + 1;
        }
        let text = format!("{} {}  Esc stop", self.title, self.line());
        canvas.tone((x, area.y), area.right().saturating_sub(x + 1), &text, Tone::Text);
    }
}

/// `10,000`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `12`, `1,000+`.
pub fn shown_count(count: Count) -> String {
    match count {
        Count::Exactly(n) => grouped(n.unsigned_abs()),
        Count::MoreThan(n) => format!("{}+", grouped(n.unsigned_abs())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_rate_and_time_left() {
        let progress = Progress { title: String::new(), done: 1200, total: Some(10_000), elapsed: 3000 };
        assert_eq!(progress.line(), "1,200 of 10,000 · 400/s · 22 s left");
        assert_eq!(Progress { total: None, ..progress }.line(), "1,200 · 400/s");
    }
}
