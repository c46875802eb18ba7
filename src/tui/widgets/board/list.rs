//! A list as its tab hands keys, mouse and places on to it, whatever its rows are.

use std::collections::BTreeMap;

use ratatui::layout::Rect;

use super::Board;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::effect::Effect;
use crate::tui::key::Chord;
use crate::tui::screen::Selection;
use crate::tui::widgets::table::TableRow;

/// What every list does for its tab; [`crate::tui::screen::Screen`] hands on to it by itself.
#[allow(missing_docs, reason = "each is the method of that name of Screen, which explains it")]
pub trait List {
    fn layout(&mut self, area: Rect);
    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect);
    fn selection(&self) -> Option<Selection>;
    fn is_typing(&self) -> bool;
    fn is_inside(&self) -> bool;
    /// True if the detail is longer than its pane.
    fn scrolls(&self) -> bool;
    fn key(&mut self, chord: Chord) -> Vec<Effect>;
    fn paste(&mut self, text: &str) -> Vec<Effect>;
    fn click(&mut self, hit: Hit) -> Vec<Effect>;
    fn wheel(&mut self, hit: Option<Hit>, lines: isize) -> Vec<Effect>;
    fn select(&mut self, id: i64) -> Vec<Effect>;
    fn keep(&self) -> BTreeMap<String, String>;
    fn restore(&mut self, kept: &BTreeMap<String, String>);
}

impl<R: TableRow> List for Board<R> {
    fn layout(&mut self, area: Rect) {
        Board::layout(self, area);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        Board::draw(self, canvas, area);
    }

    fn selection(&self) -> Option<Selection> {
        Board::selection(self)
    }

    fn is_typing(&self) -> bool {
        Board::is_typing(self)
    }

    fn is_inside(&self) -> bool {
        Board::is_inside(self)
    }

    fn scrolls(&self) -> bool {
        let height = self.detail_area().height;
        self.detail.as_ref().is_some_and(|shown| shown.laid.farthest(height) > 0)
    }

    fn key(&mut self, chord: Chord) -> Vec<Effect> {
        Board::key(self, chord)
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        Board::paste(self, text)
    }

    fn click(&mut self, hit: Hit) -> Vec<Effect> {
        Board::click(self, hit)
    }

    fn wheel(&mut self, hit: Option<Hit>, lines: isize) -> Vec<Effect> {
        Board::wheel(self, hit, lines)
    }

    fn select(&mut self, id: i64) -> Vec<Effect> {
        Board::select(self, id)
    }

    fn keep(&self) -> BTreeMap<String, String> {
        Board::keep(self)
    }

    fn restore(&mut self, kept: &BTreeMap<String, String>) {
        Board::restore(self, kept);
    }
}
