//! The filter line: it works while it is typed; Enter keeps it, Esc clears it, and it stays on the
//! screen with what it left over. Letters typed here never trigger an action.

use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::layout::Rect;

use super::Tone;
use super::editor::{Edited, Editor, Lines};
use crate::tui::canvas::Canvas;
use crate::tui::key::Chord;
use crate::tui::text::width;

/// The text and whether it is being typed.
#[derive(Debug, Clone)]
pub struct FilterLine {
    editor: Editor,
    before: String,
    typing: Typing,
    /// What is wrong with it, in words.
    pub problem: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Typing {
    Yes,
    No,
}

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filtered {
    /// Nothing that the list must know.
    Same,
    /// The text is another one.
    Changed,
    /// Typing ended; the text stays.
    Kept,
    /// A movement for the list below.
    Move(KeyCode),
}

impl Default for FilterLine {
    fn default() -> FilterLine {
        FilterLine {
            editor: Editor::new("", Lines::One),
            before: String::new(),
            typing: Typing::No,
            problem: None,
        }
    }
}

impl FilterLine {
    /// What it says.
    pub fn text(&self) -> &str {
        self.editor.text()
    }

    /// Says something else.
    pub fn set(&mut self, text: &str) {
        self.editor.set(text);
        self.problem = None;
    }

    /// True while keys go into it.
    pub fn is_typing(&self) -> bool {
        self.typing == Typing::Yes
    }

    /// Begins typing at its end.
    pub fn open(&mut self) {
        self.before = self.text().to_owned();
        self.typing = Typing::Yes;
        let text = self.text().to_owned();
        self.editor.set(&text);
    }

    /// Takes a key while typing.
    pub fn key(&mut self, chord: Chord) -> Filtered {
        let control = chord.modifiers.contains(KeyModifiers::CONTROL);
        match chord.code {
            KeyCode::Enter => {
                self.typing = Typing::No;
                Filtered::Kept
            }
            KeyCode::Esc => {
                self.typing = Typing::No;
                if self.text().is_empty() {
                    return Filtered::Kept;
                }
                self.set("");
                Filtered::Changed
            }
            KeyCode::Backspace if self.text().is_empty() => {
                self.typing = Typing::No;
                Filtered::Kept
            }
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => Filtered::Move(chord.code),
            KeyCode::Char('n') if control => Filtered::Move(KeyCode::Down),
            KeyCode::Char('p') if control => Filtered::Move(KeyCode::Up),
            _ => match self.editor.key(chord) {
                Edited::Changed => Filtered::Changed,
                Edited::Moved | Edited::No => Filtered::Same,
            },
        }
    }

    /// Pasted text is one insert.
    pub fn paste(&mut self, text: &str) {
        self.editor.insert(text);
    }

    /// Draws it into a piece of the title line, `left` saying what it left over (`3 of 120`).
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, left: &str) {
        if !self.is_typing() && self.text().is_empty() {
            canvas.tone((area.x, area.y), area.width, "/ filter", Tone::Dim);
            return;
        }
        canvas.tone((area.x, area.y), 2, "/ ", Tone::Accent);
        // The list says in full what is wrong with it.
        let note = if self.problem.is_some() { "not understood" } else { left };
        let note_width = u16::try_from(width(note)).unwrap_or(0).min(area.width / 2);
        let field = Rect { x: area.x + 2, width: area.width.saturating_sub(note_width + 4), ..area };
        if self.is_typing() {
            self.editor.draw(canvas, field, canvas.theme.field[1]);
        } else {
            self.editor.paint(canvas, field, canvas.theme.accent);
        }
        let tone = if self.problem.is_some() { Tone::Caution } else { Tone::Dim };
        canvas.right((area.right(), area.y), note_width, note, canvas.theme.tone(tone));
    }
}
