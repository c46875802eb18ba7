//! The last gate in front of the terminal: a drawn buffer goes in, the fewest bytes that show it come
//! out, and no character of outside text can act on the terminal (trust.md, Hostile text).

mod encode;
mod glyph;
mod grid;
mod scroll;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;

pub use encode::Depth;
use encode::{At, Pen};
use glyph::Glyphs;
pub use glyph::clean_symbol;
use grid::Grid;

/// How the terminal can be made to scroll a part of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scrolling {
    /// It cannot; everything is repainted.
    Never,
    /// By inserting and deleting lines inside a scroll region (the Linux console).
    InsertDelete,
    /// By scroll-up and scroll-down inside a scroll region.
    UpDown,
}

/// What the terminal understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Colours.
    pub depth: Depth,
    /// False where only ASCII may be sent.
    pub utf8: bool,
    /// Scroll regions.
    pub scrolling: Scrolling,
    /// Synchronized update, mode 2026.
    pub sync: bool,
}

impl Default for Caps {
    fn default() -> Caps {
        Caps { depth: Depth::True, utf8: true, scrolling: Scrolling::UpDown, sync: true }
    }
}

/// Below this a plain repaint is so short that looking for a shift is not worth the time.
const WORTH_SCROLLING: usize = 160;
const SYNC_BEGIN: &[u8] = b"\x1b[?2026h";
const SYNC_END: &[u8] = b"\x1b[?2026l";

/// Remembers what the terminal shows and turns the next buffer into bytes.
#[derive(Debug)]
pub struct Gate {
    caps: Caps,
    glyphs: Glyphs,
    shown: Option<Grid>,
    cursor: Option<Position>,
    frame: Vec<u8>,
}

impl Gate {
    /// A gate in front of a terminal whose content is unknown.
    pub fn new(caps: Caps) -> Gate {
        Gate { caps, glyphs: Glyphs::new(caps.utf8), shown: None, cursor: None, frame: Vec::new() }
    }

    /// Forgets what is shown: the next frame repaints everything. After a resize, a resume, Ctrl-L.
    pub fn forget(&mut self) {
        self.shown = None;
    }

    /// The bytes that make the terminal show what is drawn with the cursor at `cursor` (hidden when `None`).
    /// Empty when the terminal shows exactly that already. To be written in one piece.
    pub fn frame(&mut self, drawn: &Buffer, cursor: Option<Position>) -> &[u8] {
        self.frame.clear();
        if self.glyphs.is_full() {
            self.glyphs = Glyphs::new(self.caps.utf8);
            self.shown = None;
        }
        let next = Grid::of(drawn, &mut self.glyphs);
        let shown = self.shown.take().filter(|shown| shown.same_size(&next));
        let fresh = shown.is_none();
        let mut start = Pen::new(self.caps.depth, &self.glyphs);
        let shown = match shown {
            Some(shown) => {
                start.at = self.cursor.map_or(At::Unknown, |p| At::Cell(p.x, p.y));
                shown
            }
            None => {
                start.wipe();
                Grid::blank(next.width, next.height)
            }
        };
        if !fresh && self.cursor == cursor && shown == next {
            self.shown = Some(next);
            return &self.frame;
        }
        let mut pen = start.clone();
        pen.repaint(|y| shown.row(y), &next);
        let worth = !fresh && pen.out.len() > WORTH_SCROLLING && self.caps.scrolling != Scrolling::Never;
        if worth
            && let Some(scrolled) = scroll::shorter(&shown, &next, &start, self.caps.scrolling)
            && scrolled.out.len() < pen.out.len()
        {
            pen = scrolled;
        }
        match cursor {
            Some(at) => {
                pen.go(at.x.min(next.width.saturating_sub(1)), at.y.min(next.height.saturating_sub(1)));
                if fresh || self.cursor.is_none() {
                    pen.out.extend_from_slice(b"\x1b[?25h");
                }
            }
            None if fresh || self.cursor.is_some() => pen.out.extend_from_slice(b"\x1b[?25l"),
            None => {}
        }
        pen.plain();
        if !pen.out.is_empty() {
            if self.caps.sync {
                self.frame.extend_from_slice(SYNC_BEGIN);
            }
            self.frame.extend_from_slice(&pen.out);
            if self.caps.sync {
                self.frame.extend_from_slice(SYNC_END);
            }
        }
        self.shown = Some(next);
        self.cursor = cursor;
        &self.frame
    }
}

#[cfg(test)]
mod tests;
