//! Every command by typing: fuzzy over name, explanation and key, whole words first; a number goes
//! to its record. It runs the same actions as the keys.

use crossterm::event::{KeyCode, KeyModifiers};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::layout::Rect;

use super::editor::{Edited, Editor, Lines};
use super::menu::Picked;
use super::{Outlook, Tone, scroll_to};
use crate::tui::canvas::{Canvas, Hit, centred};
use crate::tui::effect::Effect;
use crate::tui::key::Chord;

/// One command that can be found.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its name, as on the command line.
    pub name: String,
    /// What it does.
    pub help: String,
    /// Its key, empty for none.
    pub key: String,
    /// Why it cannot be used now.
    pub refusal: Option<String>,
    /// What follows.
    pub effects: Vec<Effect>,
}

/// The palette: what is typed, and the commands in the order of how well they fit.
#[derive(Debug, Clone)]
pub struct Palette {
    entries: Vec<Entry>,
    query: Editor,
    found: Vec<usize>,
    at: usize,
}

impl Palette {
    /// All commands, nothing typed.
    pub fn new(entries: Vec<Entry>) -> Palette {
        let mut palette = Palette { entries, query: Editor::new("", Lines::One), found: Vec::new(), at: 0 };
        palette.search();
        palette
    }

    /// Says of a command what it would do now, or why it cannot.
    pub fn explain(&mut self, name: &str, outlook: &Outlook) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.name == name) {
            outlook.tell(&mut entry.help, &mut entry.refusal);
        }
    }

    /// What is typed, if it could be a number or a name to go to.
    fn destination(&self) -> Option<String> {
        let text = self.query.text().trim();
        (text.chars().count() >= 2).then(|| text.to_owned())
    }

    fn is_number(&self) -> bool {
        let text = self.query.text().trim();
        text.split_once('-').is_some_and(|(letters, digits)| {
            !letters.is_empty()
                && letters.chars().all(|c| c.is_ascii_alphabetic())
                && !digits.is_empty()
                && digits.chars().all(|c| c.is_ascii_digit())
        })
    }

    fn search(&mut self) {
        let query = self.query.text().trim().to_lowercase();
        self.at = 0;
        if query.is_empty() {
            let usable = (0..self.entries.len()).filter(|i| self.entries[*i].refusal.is_none());
            let others = (0..self.entries.len()).filter(|i| self.entries[*i].refusal.is_some());
            self.found = usable.chain(others).collect();
            return;
        }
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(&query, CaseMatching::Ignore, Normalization::Smart);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, usize)> = Vec::new();
        for (i, entry) in self.entries.iter().enumerate() {
            let mut score = 0;
            if let Some(name) = pattern.score(Utf32Str::new(&entry.name, &mut buffer), &mut matcher) {
                score = score.max(name * 2 + 1000);
            }
            if let Some(help) = pattern.score(Utf32Str::new(&entry.help, &mut buffer), &mut matcher) {
                score = score.max(help);
            }
            score += whole_words(&query, &entry.name) * 10_000 + whole_words(&query, &entry.help) * 2_000;
            if entry.key.to_lowercase() == query {
                score += 50_000;
            }
            if score > 0 {
                scored.push((score, i));
            }
        }
        scored.sort_by(|(a, i), (b, j)| b.cmp(a).then(i.cmp(j)));
        self.found = scored.into_iter().map(|(_, i)| i).collect();
    }

    fn rows(&self) -> usize {
        self.found.len() + usize::from(self.destination().is_some())
    }

    /// The row of "go to": first for a number, else last.
    fn go_row(&self) -> Option<usize> {
        self.destination()?;
        Some(if self.is_number() { 0 } else { self.found.len() })
    }

    fn entry(&self, row: usize) -> Option<&Entry> {
        let index = match self.go_row() {
            Some(go) if row == go => return None,
            Some(go) if row > go => row - 1,
            Some(_) | None => row,
        };
        self.found.get(index).map(|i| &self.entries[*i])
    }

    /// Takes a key.
    pub fn key(&mut self, chord: Chord) -> Picked {
        let last = self.rows().saturating_sub(1);
        let control = chord.modifiers.contains(KeyModifiers::CONTROL);
        match chord.code {
            KeyCode::Esc => return Picked::Closed,
            KeyCode::Backspace if self.query.is_empty() => return Picked::Closed,
            KeyCode::Enter => return self.take(self.at),
            KeyCode::Up => self.at = self.at.saturating_sub(1),
            KeyCode::Down | KeyCode::Tab => self.at = (self.at + 1).min(last),
            KeyCode::PageUp => self.at = self.at.saturating_sub(8),
            KeyCode::PageDown => self.at = (self.at + 8).min(last),
            KeyCode::Char('p') if control => self.at = self.at.saturating_sub(1),
            KeyCode::Char('n') if control => self.at = (self.at + 1).min(last),
            _ => match self.query.key(chord) {
                Edited::Changed => self.search(),
                Edited::Moved | Edited::No => {}
            },
        }
        Picked::Open
    }

    /// A click on a row.
    pub fn click(&mut self, row: usize) -> Picked {
        self.take(row)
    }

    /// Pasted text is typed in one.
    pub fn paste(&mut self, text: &str) {
        self.query.insert(text);
        self.search();
    }

    fn take(&mut self, row: usize) -> Picked {
        match (self.entry(row), self.destination()) {
            (Some(entry), _) => match &entry.refusal {
                Some(why) => Picked::Refused(why.clone()),
                None => Picked::Item(entry.effects.clone()),
            },
            (None, Some(text)) if self.go_row() == Some(row) => Picked::Item(vec![Effect::GoTo(text)]),
            (None, _) => Picked::Open,
        }
    }

    /// Draws it at the top.
    pub fn draw(&self, canvas: &mut Canvas<'_>, screen: Rect) {
        let width = screen.width.saturating_sub(6).min(84);
        let height = screen.height.saturating_sub(4).min(18);
        let area = Rect { y: screen.y + 1, ..centred(screen, width, height) };
        let inner = canvas.boxed(area, "Command, number or name");
        canvas.tone((inner.x, inner.y), 2, ":", Tone::Accent);
        let list = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        let first = scroll_to(self.at, self.rows(), usize::from(list.height));
        for row in first..self.rows().min(first + usize::from(list.height)) {
            let y = list.y + u16::try_from(row - first).unwrap_or(0);
            if row == self.at {
                canvas.sign((list.x, y), canvas.theme.signs.cursor, canvas.theme.accent);
            }
            canvas.hit(Rect::new(list.x, y, list.width, 1), Hit::Item(row));
            match self.entry(row) {
                Some(entry) => draw_entry(canvas, Rect { y, height: 1, ..list }, entry),
                None => {
                    let text = format!("go to {}", self.query.text().trim());
                    canvas.tone((list.x + 2, y), list.width.saturating_sub(2), &text, Tone::Text);
                }
            }
        }
        let field = Rect::new(inner.x + 2, inner.y, inner.width.saturating_sub(2), 1);
        self.query.draw(canvas, field, canvas.theme.text);
    }
}

fn draw_entry(canvas: &mut Canvas<'_>, row: Rect, entry: &Entry) {
    let tone = if entry.refusal.is_some() { Tone::Dim } else { Tone::Text };
    canvas.tone((row.x + 2, row.y), 20, &entry.name, tone);
    let key_width = u16::try_from(crate::tui::text::width(&entry.key)).unwrap_or(0);
    let help = entry.refusal.as_deref().unwrap_or(&entry.help);
    canvas.tone((row.x + 23, row.y), row.width.saturating_sub(25 + key_width), help, Tone::Dim);
    canvas.right((row.right(), row.y), key_width, &entry.key, canvas.theme.accent);
}

/// How many words of the query stand in the text as whole words.
fn whole_words(query: &str, text: &str) -> u32 {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let hits = query.split_whitespace().filter(|word| words.contains(word)).count();
    u32::try_from(hits).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::action::ACTIONS;
    use crate::tui::key;

    fn first_after(typed: &str) -> String {
        let entries = ACTIONS
            .iter()
            .map(|action| Entry {
                name: action.name.to_owned(),
                help: action.help.to_owned(),
                key: String::new(),
                refusal: None,
                effects: Vec::new(),
            })
            .collect();
        let mut palette = Palette::new(entries);
        for event in key::script(typed).unwrap() {
            palette.key(event.into());
        }
        palette.entry(0).map_or_else(|| "go to".to_owned(), |entry| entry.name.clone())
    }

    #[test]
    fn whole_words_come_first_and_letters_find() {
        assert_eq!(first_after("approve"), "approve");
        assert_eq!(first_after("apo"), "approve-override");
        assert_eq!(first_after("mark"), "mark");
        assert_eq!(first_after("hist"), "history");
        assert_eq!(first_after("REG-132"), "go to");
    }
}
