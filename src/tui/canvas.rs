//! The surface that widgets draw on: text is made visible and cut with `…` on the way, and what a
//! click would mean is noted beside what is drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::action::Act;
use super::key::Chord;
use super::text::{fit, is_narrow, show_line};
use super::theme::{SignSet, Theme, ascii_twin};
use super::widgets::{Span, Tone};

/// What a click on a place means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// A tab.
    Tab(usize),
    /// A key hint of an action.
    Act(Act),
    /// A key hint of a layer: as if the key had been pressed.
    Key(Chord),
    /// The row of the list that is this many rows below the first drawn one.
    Row(usize),
    /// A column head.
    Column(usize),
    /// The list, for the wheel.
    List,
    /// The detail, for the wheel.
    Detail,
    /// The item, field or button of that index in the top layer.
    Item(usize),
    /// The top layer, for the wheel; keeps clicks from what lies under it.
    Layer,
}

/// A drawn frame without its cells.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Where clicks mean something; later ones lie on top.
    pub hits: Vec<(Rect, Hit)>,
    /// Where the hardware cursor sits: the caret, else the focused row.
    pub cursor: Option<Position>,
}

impl Drawn {
    /// What lies on top at a place.
    pub fn hit(&self, x: u16, y: u16) -> Option<Hit> {
        self.hits.iter().rev().find(|(area, _)| area.contains(Position::new(x, y))).map(|(_, hit)| *hit)
    }
}

/// One frame being drawn.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    /// The styles in force.
    pub theme: &'a Theme,
    drawn: Drawn,
}

impl<'a> Canvas<'a> {
    /// An empty frame on this buffer.
    pub fn new(buffer: &'a mut Buffer, theme: &'a Theme) -> Canvas<'a> {
        Canvas { buffer, theme, drawn: Drawn::default() }
    }

    /// The notes made while drawing.
    pub fn finish(mut self) -> Drawn {
        if self.theme.signs.set == SignSet::Ascii {
            self.only_ascii();
        }
        self.drawn
    }

    /// Our own typographic signs become their ASCII twins, wherever they were drawn: in frames, sentences, lists. What
    /// people wrote in their own script stays.
    fn only_ascii(&mut self) {
        for cell in &mut self.buffer.content {
            let mut chars = cell.symbol().chars();
            if let (Some(sign), None) = (chars.next(), chars.next())
                && let Some(twin) = ascii_twin(sign)
            {
                cell.set_char(twin);
            }
        }
    }

    /// The whole frame.
    pub fn area(&self) -> Rect {
        *self.buffer.area()
    }

    /// One line of outside text from `x`, at most `max` columns, cut with `…`. Gives the columns used.
    pub fn text(&mut self, (x, y): (u16, u16), max: u16, text: &str, style: Style) -> u16 {
        let room = self.area().right().saturating_sub(x).min(max);
        if room == 0 || y >= self.area().bottom() || y < self.area().y {
            return 0;
        }
        if text.len() <= usize::from(room) && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return self.narrow((x, y), text, style);
        }
        if is_narrow(text) {
            return self.narrow((x, y), &fit(text, usize::from(room)), style);
        }
        let shown = show_line(text);
        let mut at = x;
        for cluster in fit(&shown, usize::from(room)).graphemes(true) {
            let wide = u16::try_from(cluster.width()).unwrap_or(0);
            if wide == 0 {
                continue;
            }
            if at + wide > x + room {
                break;
            }
            self.buffer[(at, y)].set_symbol(cluster).set_style(style);
            for rest in at + 1..at + wide {
                self.buffer[(rest, y)].set_symbol(" ").set_style(style);
            }
            at += wide;
        }
        at - x
    }

    /// What most cells hold: one column for each character, nothing to clean, nothing to cut.
    fn narrow(&mut self, (x, y): (u16, u16), text: &str, style: Style) -> u16 {
        let first = self.buffer.index_of(x, y);
        let mut used = 0;
        for (cell, c) in self.buffer.content[first..].iter_mut().zip(text.chars()) {
            cell.set_char(c).set_style(style);
            used += 1;
        }
        used
    }

    /// Several pieces one after the other, cut together. Gives the columns used.
    pub fn spans(&mut self, (x, y): (u16, u16), max: u16, spans: &[Span]) -> u16 {
        let mut used = 0;
        let total: usize = spans.iter().map(Span::width).sum();
        let short = total > usize::from(max);
        for (i, span) in spans.iter().enumerate() {
            let last = i + 1 == spans.len();
            let mut room = max - used;
            if room == 0 {
                break;
            }
            if short && !last && span.width() >= usize::from(room) {
                room = max - used;
                let style = self.theme.tone(span.tone);
                let cut = format!("{}…", fit_without_sign(&span.text, usize::from(room).saturating_sub(1)));
                used += self.text((x + used, y), room, &cut, style);
                break;
            }
            used += self.text((x + used, y), room, &span.text, self.theme.tone(span.tone));
        }
        used
    }

    /// Text in a tone.
    pub fn tone(&mut self, at: (u16, u16), max: u16, text: &str, tone: Tone) -> u16 {
        self.text(at, max, text, self.theme.tone(tone))
    }

    /// Text that ends at column `right` (exclusive); gives where it begins.
    pub fn right(&mut self, (right, y): (u16, u16), max: u16, text: &str, style: Style) -> u16 {
        let shown = show_line(text);
        let cut = fit(&shown, usize::from(max));
        let wide = u16::try_from(super::text::width(&cut)).unwrap_or(max);
        let x = right.saturating_sub(wide);
        self.text((x, y), wide, &cut, style);
        x
    }

    /// Puts a style over cells that are drawn already.
    pub fn restyle(&mut self, area: Rect, style: Style) {
        self.buffer.set_style(area.intersection(self.area()), style);
    }

    /// Blanks an area.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.area());
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                self.buffer[(x, y)].reset();
            }
        }
        // A wide glyph that begins left of the area must not reach into it.
        for y in area.top()..area.bottom() {
            if area.x > 0 && self.buffer[(area.x - 1, y)].symbol().width() > 1 {
                self.buffer[(area.x - 1, y)].set_symbol(" ");
            }
        }
    }

    /// A horizontal line.
    pub fn across(&mut self, x: u16, y: u16, length: u16) {
        let (style, sign) = (self.theme.line, self.theme.signs.across);
        for x in x..x.saturating_add(length) {
            self.sign((x, y), sign, style);
        }
    }

    /// A vertical line.
    pub fn down(&mut self, x: u16, y: u16, length: u16) {
        let (style, sign) = (self.theme.line, self.theme.signs.down);
        for y in y..y.saturating_add(length) {
            self.sign((x, y), sign, style);
        }
    }

    /// One sign of our own.
    pub fn sign(&mut self, (x, y): (u16, u16), sign: &str, style: Style) {
        if let Some(cell) = self.buffer.cell_mut((x, y)) {
            cell.set_symbol(sign).set_style(style);
        }
    }

    /// A cleared box with a title; gives the area inside, one column from the border.
    pub fn boxed(&mut self, area: Rect, title: &str) -> Rect {
        let area = area.intersection(self.area());
        self.clear(area);
        self.hit(area, Hit::Layer);
        if area.width < 4 || area.height < 3 {
            return Rect { width: 0, height: 0, ..area };
        }
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        let (line, corners) = (self.theme.line, self.theme.signs.corners);
        self.across(area.x, area.y, area.width);
        self.across(area.x, bottom, area.width);
        self.down(area.x, area.y, area.height);
        self.down(right, area.y, area.height);
        for (at, corner) in
            [(area.x, area.y), (right, area.y), (area.x, bottom), (right, bottom)].into_iter().zip(corners)
        {
            self.sign(at, corner, line);
        }
        if !title.is_empty() {
            let title = format!(" {title} ");
            self.text((area.x + 2, area.y), area.width - 4, &title, self.theme.heading);
        }
        Rect::new(area.x + 2, area.y + 1, area.width - 4, area.height - 2)
    }

    /// A click there means this.
    pub fn hit(&mut self, area: Rect, hit: Hit) {
        self.drawn.hits.push((area, hit));
    }

    /// The hardware cursor belongs here; the last call counts.
    pub fn cursor(&mut self, x: u16, y: u16) {
        let area = self.area();
        if area.width > 0 && area.height > 0 {
            self.drawn.cursor = Some(Position::new(x.min(area.right() - 1), y.min(area.bottom() - 1)));
        }
    }
}

fn fit_without_sign(text: &str, max: usize) -> String {
    let shown = show_line(text);
    let mut kept = String::new();
    let mut used = 0;
    for cluster in shown.graphemes(true) {
        used += cluster.width();
        if used > max {
            break;
        }
        kept.push_str(cluster);
    }
    kept
}

/// A rectangle of the given size in the middle of an area, no larger than it.
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect::new(area.x + (area.width - width) / 2, area.y + (area.height - height) / 2, width, height)
}
