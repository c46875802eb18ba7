//! A short list to choose from: letters jump, numbers choose, Enter takes what is highlighted.

use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::layout::Rect;

use super::{Tone, scroll_to};
use crate::tui::canvas::{Canvas, Hit, centred};
use crate::tui::effect::Effect;
use crate::tui::key::Chord;
use crate::tui::text::width;

/// One thing to choose.
#[derive(Debug, Clone)]
pub struct MenuItem {
    /// What it is called.
    pub label: String,
    /// A few words beside it, dim.
    pub hint: String,
    /// Why it cannot be chosen now.
    pub refusal: Option<String>,
    /// What follows.
    pub effects: Vec<Effect>,
    /// What Delete does, where the item can be removed.
    pub removal: Option<Vec<Effect>>,
}

impl MenuItem {
    /// An item that can be chosen.
    pub fn new(label: impl Into<String>, hint: impl Into<String>, effects: Vec<Effect>) -> MenuItem {
        MenuItem { label: label.into(), hint: hint.into(), refusal: None, effects, removal: None }
    }

    /// An item that Delete removes.
    pub fn removed_by(mut self, effects: Vec<Effect>) -> MenuItem {
        self.removal = Some(effects);
        self
    }
}

/// The list.
#[derive(Debug, Clone)]
pub struct Menu {
    title: String,
    items: Vec<MenuItem>,
    at: usize,
    manner: Manner,
}

/// How an item is taken, Enter and a click aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// By its digit.
    Choosing,
    /// By its digit; the items are boxes, and space ticks them too.
    Ticking,
    /// By Enter alone: a digit, which elsewhere goes to a tab, only highlights.
    Careful,
}

/// What a key did to a menu.
#[derive(Debug, Clone)]
pub enum Picked {
    /// Nothing yet.
    Open,
    /// Close it.
    Closed,
    /// Close it, then do this.
    Item(Vec<Effect>),
    /// It cannot be chosen; this is why.
    Refused(String),
}

impl Menu {
    /// A menu with item `at` highlighted.
    pub fn new(title: impl Into<String>, items: Vec<MenuItem>, at: usize) -> Menu {
        let at = at.min(items.len().saturating_sub(1));
        Menu { title: title.into(), items, at, manner: Manner::Choosing }
    }

    /// Its items are boxes: space ticks them too.
    pub fn ticking(mut self) -> Menu {
        self.manner = Manner::Ticking;
        self
    }

    /// True if its items are boxes.
    pub fn ticks(&self) -> bool {
        self.manner == Manner::Ticking
    }

    /// A digit only highlights its item: what follows changes data at once.
    pub fn careful(mut self) -> Menu {
        self.manner = Manner::Careful;
        self
    }

    /// Takes a key.
    pub fn key(&mut self, chord: Chord) -> Picked {
        let last = self.items.len().saturating_sub(1);
        let control = chord.modifiers.contains(KeyModifiers::CONTROL);
        match chord.code {
            KeyCode::Esc => return Picked::Closed,
            KeyCode::Enter => return self.take(self.at),
            KeyCode::Char(' ') if self.ticks() => return self.take(self.at),
            KeyCode::Delete => {
                if let Some(effects) = self.items.get(self.at).and_then(|item| item.removal.clone()) {
                    return Picked::Item(effects);
                }
            }
            KeyCode::Up => self.at = self.at.saturating_sub(1),
            KeyCode::Down | KeyCode::Tab => self.at = (self.at + 1).min(last),
            KeyCode::Char('p') if control => self.at = self.at.saturating_sub(1),
            KeyCode::Char('n') if control => self.at = (self.at + 1).min(last),
            KeyCode::PageUp | KeyCode::Home => self.at = 0,
            KeyCode::PageDown | KeyCode::End => self.at = last,
            KeyCode::Char('k') if !control => self.at = self.at.saturating_sub(1),
            KeyCode::Char('j') if !control => self.at = (self.at + 1).min(last),
            KeyCode::Char('q') if !control => return Picked::Closed,
            KeyCode::Char(c @ '1'..='9') if !control => {
                let index = c as usize - '1' as usize;
                if index < self.items.len() && self.manner == Manner::Careful {
                    self.at = index;
                } else if index < self.items.len() {
                    return self.take(index);
                }
            }
            KeyCode::Char(c) if !control => {
                let starts =
                    |item: &MenuItem| item.label.to_lowercase().starts_with(&c.to_lowercase().to_string());
                let after = (self.at + 1..self.items.len()).chain(0..=self.at.min(last));
                if let Some(found) = after.into_iter().find(|i| self.items.get(*i).is_some_and(starts)) {
                    self.at = found;
                }
            }
            _ => {}
        }
        Picked::Open
    }

    /// A click on an item.
    pub fn click(&mut self, index: usize) -> Picked {
        self.take(index)
    }

    fn take(&mut self, index: usize) -> Picked {
        let Some(item) = self.items.get(index) else { return Picked::Open };
        self.at = index;
        match &item.refusal {
            Some(why) => Picked::Refused(why.clone()),
            None => Picked::Item(item.effects.clone()),
        }
    }

    /// True if Delete removes what is highlighted.
    pub fn can_remove(&self) -> bool {
        self.items.get(self.at).is_some_and(|item| item.removal.is_some())
    }

    /// Draws it in the middle.
    pub fn draw(&self, canvas: &mut Canvas<'_>, screen: Rect) {
        let label = self.items.iter().map(|item| width(&item.label)).max().unwrap_or(0);
        let hint = self.items.iter().map(|item| width(&item.hint)).max().unwrap_or(0);
        let inside = (label + hint + 8).max(width(&self.title) + 4).max(24);
        let height =
            u16::try_from(self.items.len() + 2).unwrap_or(u16::MAX).min(screen.height.saturating_sub(2));
        let width = u16::try_from(inside + 4).unwrap_or(u16::MAX).min(screen.width.saturating_sub(4));
        let inner = canvas.boxed(centred(screen, width, height), &self.title);
        let first = scroll_to(self.at, self.items.len(), usize::from(inner.height));
        for (row, item) in self.items.iter().enumerate().skip(first).take(usize::from(inner.height)) {
            let y = inner.y + u16::try_from(row - first).unwrap_or(0);
            if row == self.at {
                canvas.sign((inner.x, y), canvas.theme.signs.cursor, canvas.theme.accent);
                canvas.cursor(inner.x, y);
            }
            let number = if row < 9 { (row + 1).to_string() } else { String::new() };
            canvas.tone((inner.x + 2, y), 1, &number, Tone::Dim);
            let tone = if item.refusal.is_some() { Tone::Dim } else { Tone::Text };
            let used = canvas.tone((inner.x + 4, y), inner.width.saturating_sub(4), &item.label, tone);
            let room = inner.width.saturating_sub(used + 6);
            if room > 3 {
                canvas.right((inner.right(), y), room, &item.hint, canvas.theme.dim);
            }
            canvas.hit(Rect::new(inner.x, y, inner.width, 1), Hit::Item(row));
        }
    }
}
