//! A question with a few answers. The first answer changes nothing and is highlighted at first; the
//! highlighted one always is what Enter does (conventions.md, 38 and 39).

use crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::editor::{Editor, Lines};
use super::{Span, Tone};
use crate::tui::canvas::{Canvas, Hit, centred};
use crate::tui::effect::Effect;
use crate::tui::key::Chord;
use crate::tui::text::{width, wrap};

/// One answer and what follows from it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// One or two words, a verb: what Enter will do.
    pub label: String,
    /// What follows.
    pub effects: Vec<Effect>,
}

/// A question.
#[derive(Debug, Clone)]
pub struct Ask {
    question: String,
    lines: Vec<Span>,
    answers: Vec<Answer>,
    chosen: usize,
    word: Option<(String, Editor)>,
}

/// What a key did to a question.
#[derive(Debug, Clone)]
pub enum Reply {
    /// It still stands.
    Open,
    /// It was answered: close it, then do this.
    Answered(Vec<Effect>),
}

impl Ask {
    /// A question whose harmless answer has this label.
    pub fn new(question: impl Into<String>, harmless: &str) -> Ask {
        let answers = vec![Answer { label: harmless.to_owned(), effects: Vec::new() }];
        Ask { question: question.into(), lines: Vec::new(), answers, chosen: 0, word: None }
    }

    /// `Cancel`, or `verb` with these effects.
    pub fn confirm(question: impl Into<String>, verb: &str, effects: Vec<Effect>) -> Ask {
        Ask::new(question, "Cancel").answer(verb, effects)
    }

    /// With another answer.
    pub fn answer(mut self, label: &str, effects: Vec<Effect>) -> Ask {
        self.answers.push(Answer { label: label.to_owned(), effects });
        self
    }

    /// With a line of explanation.
    pub fn line(mut self, line: impl Into<Span>) -> Ask {
        self.lines.push(line.into());
        self
    }

    /// Only after typing this word do the other answers count.
    pub fn word(mut self, word: &str) -> Ask {
        self.word = Some((word.to_owned(), Editor::new("", Lines::One)));
        self
    }

    /// Takes a key.
    pub fn key(&mut self, chord: Chord) -> Reply {
        match chord.code {
            KeyCode::Esc => return Reply::Answered(self.answers[0].effects.clone()),
            KeyCode::Enter => return self.take(self.chosen),
            KeyCode::Left | KeyCode::Up => self.chosen = self.chosen.saturating_sub(1),
            KeyCode::Right | KeyCode::Down => self.chosen = (self.chosen + 1).min(self.answers.len() - 1),
            KeyCode::Tab => self.chosen = (self.chosen + 1) % self.answers.len(),
            _ => {
                if let Some((_, editor)) = &mut self.word {
                    editor.key(chord);
                } else if let Some(c) = chord.typed() {
                    let first = |answer: &Answer| answer.label.chars().next().map(|l| l.to_ascii_lowercase());
                    // A letter highlights, so that no single key ever does what cannot be undone.
                    if let Some(at) =
                        self.answers.iter().position(|a| first(a) == Some(c.to_ascii_lowercase()))
                    {
                        self.chosen = at;
                    }
                }
            }
        }
        Reply::Open
    }

    /// A click on an answer.
    pub fn click(&mut self, index: usize) -> Reply {
        if index < self.answers.len() { self.take(index) } else { Reply::Open }
    }

    fn take(&mut self, index: usize) -> Reply {
        if index > 0
            && let Some((word, editor)) = &self.word
            && editor.text().trim() != word
        {
            return Reply::Open;
        }
        Reply::Answered(self.answers[index].effects.clone())
    }

    /// Draws it in the middle.
    pub fn draw(&self, canvas: &mut Canvas<'_>, screen: Rect) {
        let widest = screen.width.saturating_sub(8).min(72);
        let question = wrap(&self.question, usize::from(widest));
        let mut lines: Vec<Span> = question.into_iter().map(Span::from).collect();
        for span in &self.lines {
            lines.extend(
                wrap(&span.text, usize::from(widest)).into_iter().map(|line| Span::new(line, span.tone)),
            );
        }
        let room = usize::from(screen.height.saturating_sub(8)).max(1);
        if lines.len() > room {
            let more = lines.len() - room + 1;
            lines.truncate(room - 1);
            lines.push(Span::new(format!("… {more} more"), Tone::Dim));
        }
        let buttons: usize = self.answers.iter().map(|answer| width(&answer.label) + 5).sum();
        let inside = lines.iter().map(Span::width).max().unwrap_or(0).max(buttons).max(30);
        let extra = if self.word.is_some() { 2 } else { 0 };
        let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(4 + extra);
        let inner = canvas.boxed(centred(screen, u16::try_from(inside + 4).unwrap_or(u16::MAX), height), "");
        let mut y = inner.y;
        for line in &lines {
            canvas.spans((inner.x, y), inner.width, std::slice::from_ref(line));
            y += 1;
        }
        if let Some((word, editor)) = &self.word {
            let prompt = format!("Type {word} to go on: ");
            let used = canvas.tone((inner.x, y + 1), inner.width, &prompt, Tone::Dim);
            let field = Rect::new(inner.x + used, y + 1, inner.width.saturating_sub(used), 1);
            editor.paint(canvas, field, canvas.theme.field[1]);
            y += 2;
        }
        y += 1;
        let mut x = inner.x;
        for (i, answer) in self.answers.iter().enumerate() {
            let chosen = i == self.chosen;
            let style = if chosen { canvas.theme.chosen } else { canvas.theme.text };
            let label =
                if chosen { format!("[ {} ]", answer.label) } else { format!("  {}  ", answer.label) };
            let used = canvas.text((x, y), inner.right().saturating_sub(x), &label, style);
            canvas.hit(Rect::new(x, y, used, 1), Hit::Item(i));
            if chosen {
                canvas.cursor(x + 2, y);
            }
            x += used + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of these keys on a question that needs a word; `None` while it still stands.
    fn answered(keys: &str) -> Option<usize> {
        let mut ask =
            Ask::confirm("Erase everything about Ana Lima?", "Erase", vec![Effect::Redraw]).word("erase");
        for event in crate::tui::key::script(keys).unwrap() {
            if let Reply::Answered(effects) = ask.key(event.into()) {
                return Some(effects.len());
            }
        }
        None
    }

    #[test]
    fn what_cannot_be_taken_back_needs_its_word_typed() {
        #[rustfmt::skip]
        let table = [
            ("<Enter>",                   Some(0)),
            ("<Right><Enter>",            None),
            ("eras<Right><Enter>",        None),
            ("erase<Enter>",              Some(0)),
            ("erase<Right><Enter>",       Some(1)),
            ("erase<Right><Esc>",         Some(0)),
        ];
        for (keys, effects) in table {
            assert_eq!(answered(keys), effects, "{keys}");
        }
    }
}
