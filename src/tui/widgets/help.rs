//! The keys of this screen, what each would do to this record or why it cannot: printed from the
//! table of actions, filtered by typing words, an action's name or a key.

use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::layout::Rect;

use super::editor::{Edited, Editor, Lines};
use super::{Outlook, Tone};
use crate::tui::canvas::{Canvas, centred};
use crate::tui::key::Chord;
use crate::tui::text::{width, wrap};

/// What a row says takes at most so many lines; a reason is of no use without its end.
const MOST_LINES: usize = 4;

/// One line of help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpRow {
    /// Under which heading.
    pub group: &'static str,
    /// All its keys.
    pub keys: String,
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub help: String,
    /// Why it cannot be used now.
    pub refusal: Option<String>,
}

/// The help page.
#[derive(Debug, Clone)]
pub struct Help {
    rows: Vec<HelpRow>,
    query: Editor,
    from: usize,
}

/// What a key did to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Helped {
    /// It stays.
    Open,
    /// Close it.
    Closed,
}

impl Help {
    /// All rows, this screen's first.
    pub fn new(rows: Vec<HelpRow>) -> Help {
        Help { rows, query: Editor::new("", Lines::One), from: 0 }
    }

    /// Says of an action what it would do now, or why it cannot.
    pub fn explain(&mut self, name: &str, outlook: &Outlook) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.name == name) {
            outlook.tell(&mut row.help, &mut row.refusal);
        }
    }

    fn found(&self) -> Vec<&HelpRow> {
        let query = self.query.text().trim();
        if query.is_empty() {
            return self.rows.iter().collect();
        }
        let by_key: Vec<&HelpRow> = self
            .rows
            .iter()
            .filter(|row| {
                row.keys.split(' ').any(|key| {
                    if query.chars().count() == 1 { key == query } else { key.eq_ignore_ascii_case(query) }
                })
            })
            .collect();
        let lower = query.to_lowercase();
        let by_text = self.rows.iter().filter(|row| {
            let text = format!("{} {} {}", row.name, row.help, row.group).to_lowercase();
            lower.split_whitespace().all(|word| text.contains(word))
        });
        let mut found = by_key;
        for row in by_text {
            if !found.contains(&row) {
                found.push(row);
            }
        }
        found
    }

    /// Takes a key; `screen` is what it was drawn on.
    pub fn key(&mut self, chord: Chord, screen: Rect) -> Helped {
        let control = chord.modifiers.contains(KeyModifiers::CONTROL);
        let page = usize::from(list(inner(screen)).height.saturating_sub(1).max(1));
        match chord.code {
            KeyCode::Esc if self.query.is_empty() => return Helped::Closed,
            KeyCode::Esc => self.query.set(""),
            KeyCode::Enter | KeyCode::F(1) => return Helped::Closed,
            KeyCode::Backspace if self.query.is_empty() => return Helped::Closed,
            KeyCode::Down => self.from += 1,
            KeyCode::Up => self.from = self.from.saturating_sub(1),
            KeyCode::Char('n') if control => self.from += 1,
            KeyCode::Char('p') if control => self.from = self.from.saturating_sub(1),
            KeyCode::PageDown => self.from += page,
            KeyCode::PageUp => self.from = self.from.saturating_sub(page),
            _ => match self.query.key(chord) {
                Edited::Changed => self.from = 0,
                Edited::Moved | Edited::No => {}
            },
        }
        self.from = self.from.min(self.farthest(screen));
        Helped::Open
    }

    /// The wheel.
    pub fn scroll(&mut self, lines: isize, screen: Rect) {
        self.from = self.from.saturating_add_signed(lines).min(self.farthest(screen));
    }

    /// True if it is longer than what such a screen shows of it.
    pub fn can_scroll(&self, screen: Rect) -> bool {
        self.farthest(screen) > 0
    }

    /// The first line of the last page.
    fn farthest(&self, screen: Rect) -> usize {
        let inner = inner(screen);
        self.lines(inner).len().saturating_sub(usize::from(list(inner).height))
    }

    /// All that is found, as lines: headings, and each row with as many lines as its text takes.
    fn lines(&self, inner: Rect) -> Vec<Line<'_>> {
        let found = self.found();
        let keys = keys_width(&found);
        let room = inner.width.saturating_sub(keys + 20);
        let mut lines = Vec::new();
        let mut group = "";
        for row in found {
            if row.group != group {
                if !group.is_empty() {
                    lines.push(Line::Blank);
                }
                group = row.group;
                lines.push(Line::Group(group));
            }
            let text =
                row.refusal.as_deref().map_or_else(|| row.help.clone(), |why| format!("not now: {why}"));
            let wrapped = wrap(&text, usize::from(room)).into_iter().take(MOST_LINES).enumerate();
            lines.extend(wrapped.map(|(n, text)| Line::Row((n == 0).then_some(row), text)));
        }
        lines
    }

    /// Draws it over the screen.
    pub fn draw(&self, canvas: &mut Canvas<'_>, screen: Rect) {
        let inner = canvas.boxed(outer(screen), "Keys");
        canvas.tone((inner.x, inner.y), 20, "Type to search:", Tone::Dim);
        let keys = keys_width(&self.found());
        let x = inner.x + keys + 20;
        let lines = self.lines(inner);
        let shown = list(inner);
        for (y, line) in (shown.y..shown.bottom()).zip(lines.iter().skip(self.from)) {
            match line {
                Line::Blank => {}
                Line::Group(title) => {
                    canvas.tone((inner.x, y), inner.width, title, Tone::Heading);
                }
                Line::Row(first, text) => {
                    if let Some(row) = first {
                        let (key, name) = match row.refusal {
                            None => (Tone::Accent, Tone::Text),
                            Some(_) => (Tone::Dim, Tone::Dim),
                        };
                        canvas.tone((inner.x, y), keys, &row.keys, key);
                        canvas.tone((inner.x + keys + 2, y), 17, row.name, name);
                    }
                    canvas.tone((x, y), inner.right().saturating_sub(x), text, Tone::Dim);
                }
            }
        }
        if lines.is_empty() {
            let nothing = "No key or action is called that. Esc clears.";
            canvas.tone((inner.x, shown.y), inner.width, nothing, Tone::Dim);
        }
        let arrows = canvas.theme.signs.arrows;
        if self.from > 0 {
            canvas.right((inner.right(), shown.y), 1, arrows[0], canvas.theme.dim);
        }
        if self.from + usize::from(shown.height) < lines.len() {
            canvas.right((inner.right(), shown.bottom() - 1), 1, arrows[1], canvas.theme.dim);
        }
        let field = Rect::new(inner.x + 16, inner.y, inner.width.saturating_sub(16), 1);
        self.query.draw(canvas, field, canvas.theme.text);
    }
}

/// One drawn line.
enum Line<'a> {
    Blank,
    Group(&'static str),
    /// A line of a row's text, with the row where it is the first.
    Row(Option<&'a HelpRow>, String),
}

fn keys_width(found: &[&HelpRow]) -> u16 {
    let keys = found.iter().map(|row| width(&row.keys)).max().unwrap_or(0).clamp(6, 20);
    u16::try_from(keys).unwrap_or(20)
}

fn outer(screen: Rect) -> Rect {
    centred(screen, screen.width.saturating_sub(4).min(110), screen.height.saturating_sub(2))
}

/// The part inside the box.
fn inner(screen: Rect) -> Rect {
    let outer = outer(screen);
    Rect::new(outer.x + 2, outer.y + 1, outer.width.saturating_sub(4), outer.height.saturating_sub(2))
}

/// The part below what is typed.
fn list(inner: Rect) -> Rect {
    Rect { y: inner.y + 2, height: inner.height.saturating_sub(2), ..inner }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::key;

    #[test]
    fn help_is_found_by_word_name_and_key() {
        let row = |keys: &str, name, help: &str| HelpRow {
            group: "g",
            keys: keys.to_owned(),
            name,
            help: help.to_owned(),
            refusal: None,
        };
        let mut help = Help::new(vec![
            row("a", "approve", "Approve it"),
            row("x", "reject", "Reject it with a reason"),
            row("Ctrl-R", "redo", "Do again"),
        ]);
        for (typed, first) in [("reas", "reject"), ("x", "reject"), ("ctrl-r", "redo"), ("redo", "redo")] {
            help.query.set("");
            for event in key::script(typed).unwrap() {
                help.key(event.into(), Rect::new(0, 1, 80, 22));
            }
            assert_eq!(help.found()[0].name, first, "{typed}");
        }
    }
}
