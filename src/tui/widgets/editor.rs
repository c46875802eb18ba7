//! Typing: one line or several, moved through by what a reader sees as characters. Pasted text is one
//! insert, and its controls stay out.

use std::ops::Range;

use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;

use crate::tui::canvas::Canvas;
use crate::tui::key::Chord;
use crate::tui::text::{show_line, width};

/// How many lines may be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// One; line breaks become blanks.
    One,
    /// Any number.
    Many,
}

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// Nothing: the key is somebody else's.
    No,
    /// The caret moved.
    Moved,
    /// The text changed.
    Changed,
}

/// Text with a caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    text: String,
    caret: usize,
    lines: Lines,
    killed: String,
    whole: Whole,
}

/// Whether the whole text is selected, as it is in a field that was entered with Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whole {
    /// It is: what is typed takes its place, a movement keeps it.
    Selected,
    /// It is not.
    No,
}

impl Editor {
    /// The text with the caret behind it.
    pub fn new(text: &str, lines: Lines) -> Editor {
        Editor { text: text.to_owned(), caret: text.len(), lines, killed: String::new(), whole: Whole::No }
    }

    /// What is typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True if nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Other text, caret behind it.
    pub fn set(&mut self, text: &str) {
        text.clone_into(&mut self.text);
        self.caret = self.text.len();
        self.whole = Whole::No;
    }

    /// Selects the whole text of one line, the caret behind it. Of several lines nothing is selected: too much would go
    /// with one key.
    pub fn select_whole(&mut self) {
        if self.lines == Lines::One && !self.text.is_empty() {
            self.caret = self.text.len();
            self.whole = Whole::Selected;
        }
    }

    /// Nothing is selected any more; the text stays.
    pub fn deselect(&mut self) {
        self.whole = Whole::No;
    }

    /// What is selected goes, and Ctrl-Y brings it back.
    fn replace_selected(&mut self) -> Edited {
        if std::mem::replace(&mut self.whole, Whole::No) == Whole::No {
            return Edited::No;
        }
        self.kill(0..self.text.len())
    }

    /// Inserts at the caret: line breaks as breaks or blanks, other controls not at all.
    pub fn insert(&mut self, pasted: &str) {
        let lines = self.lines;
        let clean: String = pasted
            .replace("\r\n", "\n")
            .chars()
            .filter_map(|c| match (c, lines) {
                ('\n' | '\r', Lines::Many) => Some('\n'),
                ('\n' | '\r' | '\t', _) => Some(' '),
                (c, _) if c.is_control() => None,
                (c, _) => Some(c),
            })
            .collect();
        self.replace_selected();
        self.text.insert_str(self.caret, &clean);
        self.caret += clean.len();
    }

    /// Takes a key: characters, movement, deletion, and the keys of Emacs and readline.
    pub fn key(&mut self, chord: Chord) -> Edited {
        if let Some(c) = chord.typed() {
            self.insert(c.encode_utf8(&mut [0; 4]));
            return Edited::Changed;
        }
        let control = chord.modifiers.contains(KeyModifiers::CONTROL);
        let alt = chord.modifiers.contains(KeyModifiers::ALT);
        if std::mem::replace(&mut self.whole, Whole::No) == Whole::Selected && !control && !alt {
            match chord.code {
                KeyCode::Backspace | KeyCode::Delete => return self.kill(0..self.text.len()),
                KeyCode::Left => return self.to(0),
                _ => {}
            }
        }
        match chord.code {
            KeyCode::Enter if self.lines == Lines::Many => {
                self.insert("\n");
                Edited::Changed
            }
            KeyCode::Left if control || alt => self.to(self.word_left()),
            KeyCode::Right if control || alt => self.to(self.word_right()),
            KeyCode::Char('b') if alt => self.to(self.word_left()),
            KeyCode::Char('f') if alt => self.to(self.word_right()),
            KeyCode::Left => self.to(self.left()),
            KeyCode::Right => self.to(self.right()),
            KeyCode::Char('b') if control => self.to(self.left()),
            KeyCode::Char('f') if control => self.to(self.right()),
            KeyCode::Home => self.to(self.line().start),
            KeyCode::End => self.to(self.line().end),
            KeyCode::Char('a') if control => self.to(self.line().start),
            KeyCode::Char('e') if control => self.to(self.line().end),
            KeyCode::Backspace if control || alt => self.kill(self.word_left()..self.caret),
            KeyCode::Backspace => self.remove(self.left()..self.caret),
            KeyCode::Delete => self.remove(self.caret..self.right()),
            KeyCode::Char('d') if control => self.remove(self.caret..self.right()),
            KeyCode::Char('w') if control => self.kill(self.word_left()..self.caret),
            KeyCode::Char('u') if control => self.kill(self.line().start..self.caret),
            KeyCode::Char('k') if control => self.kill(self.caret..self.line().end.max(self.caret)),
            KeyCode::Char('y') if control => {
                let killed = self.killed.clone();
                self.insert(&killed);
                Edited::Changed
            }
            _ => Edited::No,
        }
    }

    /// Moves the caret one drawn line down or up in a field that is `columns` wide; `No` at the edge.
    pub fn vertical(&mut self, columns: u16, step: Step) -> Edited {
        let rows = self.rows(usize::from(columns));
        let row = self.row_of(&rows);
        let column = width(&show_line(&self.text[rows[row].start..self.caret]));
        let target = match step {
            Step::Up if row > 0 => &rows[row - 1],
            Step::Down if row + 1 < rows.len() => &rows[row + 1],
            Step::Up | Step::Down => return Edited::No,
        };
        let mut used = 0;
        let mut at = target.start;
        for cluster in self.text[target.clone()].graphemes(true) {
            if used >= column || cluster == "\n" {
                break;
            }
            used += width(&show_line(cluster));
            at += cluster.len();
        }
        self.to(at)
    }

    /// Draws the text into the area and puts the caret on the canvas.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, style: Style) {
        self.paint(canvas, area, style);
        if self.whole == Whole::Selected {
            let used = u16::try_from(width(&show_line(&self.text))).unwrap_or(u16::MAX).min(area.width);
            canvas.restyle(Rect { width: used, height: 1, ..area }, style.add_modifier(Modifier::REVERSED));
        }
        let (x, y) = self.caret_at(area);
        canvas.cursor(x, y);
    }

    /// Draws the text without a caret.
    pub fn paint(&self, canvas: &mut Canvas<'_>, area: Rect, style: Style) {
        canvas.restyle(area, style);
        match self.lines {
            Lines::One => {
                let skip = self.skipped(area.width);
                let shown = show_line(&self.text);
                let tail = after_columns(&shown, skip);
                canvas.text((area.x, area.y), area.width, tail, style);
            }
            Lines::Many => {
                let rows = self.rows(usize::from(area.width));
                let first = self.first_row(&rows, area.height);
                for (y, row) in (area.top()..area.bottom()).zip(&rows[first..]) {
                    canvas.text(
                        (area.x, y),
                        area.width,
                        self.text[row.clone()].trim_end_matches('\n'),
                        style,
                    );
                }
            }
        }
    }

    /// How many drawn lines the text takes in so many columns.
    pub fn height(&self, columns: u16) -> u16 {
        match self.lines {
            Lines::One => 1,
            Lines::Many => u16::try_from(self.rows(usize::from(columns)).len()).unwrap_or(u16::MAX),
        }
    }

    fn caret_at(&self, area: Rect) -> (u16, u16) {
        let narrow = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        match self.lines {
            Lines::One => {
                let before = width(&show_line(&self.text[..self.caret]));
                let x = narrow(before - self.skipped(area.width).min(before));
                (area.x + x.min(area.width.saturating_sub(1)), area.y)
            }
            Lines::Many => {
                let rows = self.rows(usize::from(area.width));
                let row = self.row_of(&rows);
                let x = narrow(width(&show_line(&self.text[rows[row].start..self.caret])));
                let y = narrow(row - self.first_row(&rows, area.height));
                (area.x + x.min(area.width.saturating_sub(1)), area.y + y)
            }
        }
    }

    /// Columns of one line that are scrolled out on the left.
    fn skipped(&self, columns: u16) -> usize {
        let before = width(&show_line(&self.text[..self.caret]));
        (before + 1).saturating_sub(usize::from(columns.max(1)))
    }

    fn first_row(&self, rows: &[Range<usize>], height: u16) -> usize {
        (self.row_of(rows) + 1).saturating_sub(usize::from(height.max(1)))
    }

    fn row_of(&self, rows: &[Range<usize>]) -> usize {
        rows.iter().rposition(|row| row.start <= self.caret).unwrap_or(0)
    }

    /// The drawn lines as byte ranges, broken at line breaks, at blanks, else where the field ends.
    fn rows(&self, columns: usize) -> Vec<Range<usize>> {
        let columns = columns.max(2);
        let mut rows = Vec::new();
        let (mut start, mut used, mut blank) = (0, 0, None);
        for (at, cluster) in self.text.grapheme_indices(true) {
            let end = at + cluster.len();
            if cluster == "\n" {
                rows.push(start..end);
                (start, used, blank) = (end, 0, None);
                continue;
            }
            let wide = width(&show_line(cluster));
            if used + wide > columns - 1 && at > start {
                let split = blank.filter(|split| *split > start && *split <= at).unwrap_or(at);
                rows.push(start..split);
                used = width(&show_line(&self.text[split..at]));
                (start, blank) = (split, None);
            }
            used += wide;
            if cluster == " " {
                blank = Some(end);
            }
        }
        rows.push(start..self.text.len());
        rows
    }

    fn to(&mut self, caret: usize) -> Edited {
        self.caret = caret;
        Edited::Moved
    }

    fn left(&self) -> usize {
        self.text[..self.caret].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn right(&self) -> usize {
        self.text[self.caret..]
            .graphemes(true)
            .next()
            .map_or(self.caret, |cluster| self.caret + cluster.len())
    }

    fn word_left(&self) -> usize {
        let before = &self.text[..self.caret];
        let mut words = before.split_word_bound_indices().rev();
        words.find(|(_, word)| !word.trim().is_empty()).map_or(0, |(at, _)| at)
    }

    fn word_right(&self) -> usize {
        let after = &self.text[self.caret..];
        let word = after.split_word_bound_indices().find(|(_, word)| !word.trim().is_empty());
        word.map_or(self.text.len(), |(at, word)| self.caret + at + word.len())
    }

    fn line(&self) -> Range<usize> {
        let start = self.text[..self.caret].rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[self.caret..].find('\n').map_or(self.text.len(), |at| self.caret + at);
        start..end
    }

    fn remove(&mut self, range: Range<usize>) -> Edited {
        if range.is_empty() {
            return Edited::Moved;
        }
        self.caret = range.start;
        self.text.drain(range);
        Edited::Changed
    }

    fn kill(&mut self, range: Range<usize>) -> Edited {
        if !range.is_empty() {
            self.killed = self.text[range.clone()].to_owned();
        }
        self.remove(range)
    }
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Towards the first line.
    Up,
    /// Towards the last line.
    Down,
}

fn after_columns(shown: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, cluster) in shown.grapheme_indices(true) {
        if used >= columns {
            return &shown[at..];
        }
        used += width(cluster);
    }
    ""
}

#[cfg(test)]
mod tests;
