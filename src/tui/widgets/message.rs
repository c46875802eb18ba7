//! Something to read on top of the screen: why, history, notices, a mail.

use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::layout::Rect;

use super::detail::Detail;
use crate::tui::action::Act;
use crate::tui::canvas::{Canvas, centred};
use crate::tui::key::Chord;

/// A page on top of the screen.
#[derive(Debug, Clone)]
pub struct Message {
    title: String,
    detail: Detail,
    from: usize,
    /// The action that leads on from here, by its own key.
    pub leads_to: Option<Act>,
}

/// What a key did to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// It stays.
    Open,
    /// Close it.
    Closed,
    /// Copy its text.
    Copy,
}

impl Message {
    /// A page from its top.
    pub fn new(title: impl Into<String>, detail: Detail) -> Message {
        Message { title: title.into(), detail, from: 0, leads_to: None }
    }

    /// With an action that leads on from here.
    pub fn leading_to(mut self, act: Act) -> Message {
        self.leads_to = Some(act);
        self
    }

    /// Its text, for copying.
    pub fn plain(&self) -> String {
        self.detail.plain()
    }

    /// Takes a key; `screen` is what it was drawn on.
    pub fn key(&mut self, chord: Chord, screen: Rect) -> Read {
        let inner = self.inner(screen);
        let page = usize::from(inner.height.saturating_sub(1).max(1));
        let control = chord.modifiers.contains(KeyModifiers::CONTROL);
        match chord.code {
            KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q' | 'W' | 'H' | '!') => return Read::Closed,
            KeyCode::Char('y') => return Read::Copy,
            KeyCode::Char('d') if control => self.from += page / 2,
            KeyCode::Char('u') if control => self.from = self.from.saturating_sub(page / 2),
            KeyCode::Down | KeyCode::Char('j') => self.from += 1,
            KeyCode::Up | KeyCode::Char('k') => self.from = self.from.saturating_sub(1),
            KeyCode::PageDown | KeyCode::Char(' ') => self.from += page,
            KeyCode::PageUp => self.from = self.from.saturating_sub(page),
            KeyCode::Home | KeyCode::Char('g') => self.from = 0,
            KeyCode::End | KeyCode::Char('G') => self.from = usize::MAX,
            _ => {}
        }
        self.from = self.from.min(self.detail.farthest(inner));
        Read::Open
    }

    /// True if it is longer than what such a screen shows of it.
    pub fn can_scroll(&self, screen: Rect) -> bool {
        self.detail.farthest(self.inner(screen)) > 0
    }

    /// The wheel.
    pub fn scroll(&mut self, lines: isize, screen: Rect) {
        self.from = self.from.saturating_add_signed(lines).min(self.detail.farthest(self.inner(screen)));
    }

    fn outer(&self, screen: Rect) -> Rect {
        let width = screen.width.saturating_sub(8).min(100);
        let wide = Rect::new(0, 0, width.saturating_sub(4), u16::MAX);
        let lines = self.detail.farthest(Rect { height: 0, ..wide });
        let height =
            u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2).min(screen.height.saturating_sub(2));
        centred(screen, width, height.max(5))
    }

    fn inner(&self, screen: Rect) -> Rect {
        let outer = self.outer(screen);
        Rect::new(outer.x + 2, outer.y + 1, outer.width.saturating_sub(4), outer.height.saturating_sub(2))
    }

    /// Draws it in the middle.
    pub fn draw(&self, canvas: &mut Canvas<'_>, screen: Rect) {
        let inner = canvas.boxed(self.outer(screen), &self.title);
        self.detail.draw(canvas, inner, self.from);
        canvas.cursor(inner.x, inner.y);
    }
}
