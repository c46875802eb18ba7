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

    /// Takes a key.
    pub fn key(&mut self, chord: Chord) -> Helped {
        let control = chord.modifiers.contains(KeyModifiers::CONTROL);
        match chord.code {
            KeyCode::Esc if self.query.is_empty() => return Helped::Closed,
            KeyCode::Esc => self.query.set(""),
            KeyCode::Enter | KeyCode::F(1) => return Helped::Closed,
            KeyCode::Backspace if self.query.is_empty() => return Helped::Closed,
            KeyCode::Down => self.from += 1,
            KeyCode::Up => self.from = self.from.saturating_sub(1),
            KeyCode::Char('n') if control => self.from += 1,
            KeyCode::Char('p') if control => self.from = self.from.saturating_sub(1),
            KeyCode::PageDown => self.from += 10,
            KeyCode::PageUp => self.from = self.from.saturating_sub(10),
            _ => match self.query.key(chord) {
                Edited::Changed => self.from = 0,
                Edited::Moved | Edited::No => {}
            },
        }
        self.from = self.from.min(self.found().len().saturating_sub(1));
        Helped::Open
    }

    /// The wheel.
    pub fn scroll(&mut self, lines: isize) {
        self.from = self.from.saturating_add_signed(lines).min(self.found().len().saturating_sub(1));
    }

    /// Draws it over the screen.
    pub fn draw(&self, canvas: &mut Canvas<'_>, screen: Rect) {
        let area = centred(screen, screen.width.saturating_sub(4).min(110), screen.height.saturating_sub(2));
        let inner = canvas.boxed(area, "Keys");
        canvas.tone((inner.x, inner.y), 20, "Type to search:", Tone::Dim);
        let found = self.found();
        let keys = found.iter().map(|row| width(&row.keys)).max().unwrap_or(0).clamp(6, 20);
        let keys = u16::try_from(keys).unwrap_or(20);
        let mut y = inner.y + 2;
        let mut group = "";
        for row in found.iter().skip(self.from) {
            if row.group != group {
                if y > inner.y + 2 {
                    y += 1;
                }
                if y + 1 >= inner.bottom() {
                    break;
                }
                group = row.group;
                canvas.tone((inner.x, y), inner.width, group, Tone::Heading);
                y += 1;
            }
            if y >= inner.bottom() {
                break;
            }
            let usable = row.refusal.is_none();
            canvas.tone((inner.x, y), keys, &row.keys, if usable { Tone::Accent } else { Tone::Dim });
            canvas.tone((inner.x + keys + 2, y), 17, row.name, if usable { Tone::Text } else { Tone::Dim });
            let x = inner.x + keys + 20;
            let text =
                row.refusal.as_deref().map_or_else(|| row.help.clone(), |why| format!("not now: {why}"));
            let room = inner.right().saturating_sub(x);
            for line in wrap(&text, usize::from(room)).iter().take(MOST_LINES) {
                if y < inner.bottom() {
                    canvas.tone((x, y), room, line, Tone::Dim);
                }
                y += 1;
            }
        }
        if found.is_empty() {
            canvas.tone((inner.x, y), inner.width, "No key or action is called that. Esc clears.", Tone::Dim);
        }
        let field = Rect::new(inner.x + 16, inner.y, inner.width.saturating_sub(16), 1);
        self.query.draw(canvas, field, canvas.theme.text);
    }
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
                help.key(event.into());
            }
            assert_eq!(help.found()[0].name, first, "{typed}");
        }
    }
}
